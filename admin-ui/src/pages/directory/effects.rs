//! What the form does, in plain sentences: as it stands, also while it is not saved.

use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::text::sources as words;
use leptos::prelude::*;

use crate::state::sheet::Sheet;

/// The card.
#[component]
pub fn Effects() -> impl IntoView {
    let sheet = Sheet::current();
    let line = |icon: Icon, words: &'static str| view! { <li><Glyph icon /><span>{words}</span></li> };
    let linked = sheet.field("admission.link");
    view! {
        <section class="card" aria-labelledby="card-effect">
            <h2 class="card-title" id="card-effect">{words::EFFECT}</h2>
            <ul class="card-body effects">
                {move || {
                    if sheet.ticked("enabled") {
                        line(Icon::Key, words::EFFECT_ON)
                    } else {
                        line(Icon::Minus, words::EFFECT_OFF)
                    }
                }}
                {move || {
                    if sheet.ticked("admission.create") {
                        line(Icon::Plus, words::EFFECT_CREATE)
                    } else {
                        line(Icon::Person, words::EFFECT_KNOWN)
                    }
                }}
                {move || {
                    let by_rule = linked.with(|rule| rule != "never");
                    by_rule.then(|| line(Icon::Shield, words::EFFECT_DUTIES))
                }}
                {line(Icon::Clock, words::EFFECT_SESSIONS)}
            </ul>
        </section>
    }
}
