//! When a directory is synced by itself, and from where on a sync stops and asks: part of the form.

use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::reactive::{memo, on};
use chancery_ui_kit::text::sources as words;
use chancery_ui_kit::text::syncs;
use leptos::prelude::*;

use super::fields::{Line, Note};
use crate::logic::sync::pauses;
use crate::state::sheet::Sheet;

/// The card.
#[component]
pub fn Schedule() -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="card-schedule">
            <h2 class="card-title" id="card-schedule">{syncs::SCHEDULE}</h2>
            <div class="card-body settings">
                <Pause />
                <Line path="settings.sync.max_share_percent" />
            </div>
        </section>
    }
}

/// How often: what is offered, and what was set otherwise.
#[component]
fn Pause() -> impl IntoView {
    const PATH: &str = "settings.sync.every_minutes";
    let sheet = Sheet::current();
    let (value, error) = (sheet.field(PATH), sheet.error(PATH));
    let note = format!("{PATH}-note");
    let offered = memo(move || {
        // What is saved stays on offer after something else was chosen.
        let saved = sheet.sync().map(|sync| sync.every_minutes.to_string()).unwrap_or_default();
        value.with(|value| pauses(&[value, &saved]))
    });
    let chosen = move |minutes: u32| value.with(|value| *value == minutes.to_string());
    view! {
        <div class="field">
            <div class="field-head"><label for=PATH>{words::label(PATH)}</label></div>
            <div class="field-box select-box" class:field-wrong=move || error.get().is_some()>
                <select
                    id=PATH
                    prop:value=move || value.get()
                    aria-invalid=move || error.get().is_some().then_some("true")
                    aria-describedby=note.clone()
                    on:change=on(move |event| value.set(event_target_value(&event)))
                >
                    <For each=move || offered.get() key=|minutes| *minutes let:minutes>
                        <option value=minutes.to_string() selected=move || chosen(minutes)>{syncs::every(minutes)}</option>
                    </For>
                </select>
                <Glyph icon=Icon::ChevronDown />
            </div>
            <Note id=note error help=words::help(PATH) />
        </div>
    }
}
