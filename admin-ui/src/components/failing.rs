//! The lines with which a rule does not do as it should.

use chancery_ui_kit::text::rule_editor as words;
use leptos::prelude::*;

use crate::logic::proof::{Failing, Proved};

/// They, under the rule's name.
pub fn failing_lines(proved: Proved) -> AnyView {
    let Proved { title, lines, failing } = proved;
    let said = words::lines_fail(&title, failing.len() as u64, lines as u64);
    let one = |Failing { line, must }: Failing| {
        view! { <li><span class="failing-which">{words::fails(must)}</span>" "<bdi>{line}</bdi></li> }
    };
    view! {
        <p><strong>{said}</strong></p>
        <ul class="failing">{failing.into_iter().map(one).collect_view()}</ul>
    }
    .into_any()
}
