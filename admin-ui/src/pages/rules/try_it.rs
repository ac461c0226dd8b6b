//! A text, and what the rule as it is typed would do to it. It is looked at here and goes nowhere.

use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::reactive::{memo, on, part};
use chancery_ui_kit::text::rule_editor as words;
use leptos::prelude::*;

use super::cards::{icon, on_wire};
use crate::components::hits::hits;
use crate::state::writing::Writing;

/// The card.
#[component]
pub fn TryIt() -> impl IntoView {
    let writing = Writing::current();
    let empty = memo(move || writing.sample.with(|text| text.trim().is_empty()));
    let found = memo(move || {
        writing.tried.with(|tried| {
            tried.as_ref().map(|tried| (tried.spans.clone(), tried.disguised, tried.text.clone()))
        })
    });
    let outcome = memo(move || writing.rule.with(|rule| on_wire(rule.outcome)));
    let said = part(move || {
        if empty.get() {
            return view! { <p class="field-note">{words::TRY_HINT}</p> }.into_any();
        }
        match found.get() {
            Some((Some(spans), disguised, text)) if !spans.is_empty() => {
                let wire = outcome.get();
                view! {
                    <p class="try-said"><Glyph icon=icon(wire) /><span><strong>{words::would(wire)}</strong>" "{words::matches(spans.len() as u64)}
                        {disguised.then(|| format!(" {}", words::DISGUISED))}</span></p>
                    <div class="try-marked" dir="auto">{hits(&text, &spans)}</div>
                }
                .into_any()
            }
            Some((Some(_), ..)) => view! { <p class="try-said"><Glyph icon=Icon::Minus /><span><strong>{words::WOULD_PASS}</strong></span></p> }.into_any(),
            Some((None, ..)) => view! { <p class="try-said"><Glyph icon=Icon::Warning /><span>{words::CANNOT_TRY}</span></p> }.into_any(),
            None => ().into_any(),
        }
    });
    view! {
        <section class="card" aria-labelledby="try-title">
            <h3 class="card-title" id="try-title"><Glyph icon=Icon::Flask large=true />{words::TRY}<span class="card-note">{words::NOT_STORED}</span></h3>
            <div class="card-body rule-fields">
                <div class="field-box area-box">
                    <textarea
                        id="try-text"
                        rows="4"
                        aria-labelledby="try-title"
                        aria-describedby="try-result"
                        placeholder=words::TRY_PLACEHOLDER
                        prop:value=move || writing.sample.get()
                        on:input=on(move |event| writing.sample.set(event_target_value(&event)))
                    ></textarea>
                </div>
                <div id="try-result" role="status">{said}</div>
            </div>
        </section>
    }
}
