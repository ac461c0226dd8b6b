//! What a version changes, field by field.

use chancery_protocol::policy::Content;
use chancery_ui_kit::reactive::on;
use chancery_ui_kit::text::rule_editor as words;
use leptos::prelude::*;

use crate::logic::difference::{Difference, How, differences};
use crate::state::known::Known;

/// Most entries of a list shown at first.
const SOME: usize = 30;

/// What `after` changes of `before`.
#[component]
pub fn Differences(
    /// What there is; absent before there is anything.
    before: Option<Content>,
    /// What is to be.
    after: Content,
) -> impl IntoView {
    let found = differences(before.as_ref(), &after);
    if found.is_empty() {
        return view! { <p class="quiet">{words::NOTHING_DIFFERS}</p> }.into_any();
    }
    view! { <dl class="differences">{found.into_iter().map(one).collect_view()}</dl> }.into_any()
}

fn one(difference: Difference) -> AnyView {
    let Difference { field, how } = difference;
    let label = words::field(&field);
    let shown = move |text: &str| shown(&field, text);
    let body = match how {
        How::Words { before, after } => view! {
            {(!before.is_empty()).then(|| view! { <del><span class="sr-only">{words::BEFORE}": "</span>{shown(&before)}</del> })}
            {(!after.is_empty()).then(|| view! { <ins><span class="sr-only">{words::AFTER}": "</span>{shown(&after)}</ins> })}
        }
        .into_any(),
        How::Entries { added, removed } => view! {
            {entries(added.iter().map(|text| shown(text)).collect(), true)}
            {entries(removed.iter().map(|text| shown(text)).collect(), false)}
        }
        .into_any(),
    };
    view! { <div class="difference"><dt>{label}</dt><dd>{body}</dd></div> }.into_any()
}

/// Entries that come or go; many are shown on demand.
fn entries(all: Vec<AnyView>, come: bool) -> AnyView {
    if all.is_empty() {
        return ().into_any();
    }
    let count = all.len();
    let whole = RwSignal::new(count <= SOME);
    let mut all = all;
    let rest = all.split_off(SOME.min(count));
    let line = move |text: AnyView| {
        if come {
            view! { <li><ins>{text}</ins></li> }.into_any()
        } else {
            view! { <li><del>{text}</del></li> }.into_any()
        }
    };
    view! {
        <p class="difference-count">{words::entries_changed(count as u64, come)}</p>
        <ul class="difference-entries" class:difference-whole=move || whole.get()>
            {all.into_iter().map(line).collect_view()}
            {rest.into_iter().map(line).collect_view()}
        </ul>
        {move || (!whole.get()).then(|| view! {
            <button type="button" class="link-button" on:click=on(move |_| whole.set(true))>{words::show_all(count as u64)}</button>
        })}
    }
    .into_any()
}

/// A value as people read it: ids by their names, the rest in the words of the editor.
fn shown(field: &str, text: &str) -> AnyView {
    let scope = field.starts_with("scope.") || field.starts_with("exceptions.");
    let is_id = scope && !field.ends_with("reach");
    if !is_id {
        let mono = field == "match";
        let said = words::value(field, text);
        return view! { <bdi class="difference-text" class:mono=mono>{said}</bdi> }.into_any();
    }
    let known = Known::current();
    known.look_up(text);
    let id = text.to_owned();
    view! { <bdi class="difference-text">{move || known.name(&id)}</bdi> }.into_any()
}
