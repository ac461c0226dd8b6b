//! A field for a few sentences, with how many characters there are.

use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::reactive::{flag, on, part};
use chancery_ui_kit::text::approvals as words;
use leptos::prelude::*;

/// The field. Typing takes the error away.
#[component]
pub fn WordsField(
    /// Unique on the page; its note is `<id>-note`.
    id: &'static str,
    /// What is asked.
    label: &'static str,
    /// What is typed.
    value: RwSignal<String>,
    /// What is wrong.
    error: RwSignal<Option<String>>,
    /// Most characters.
    most: usize,
    /// Below, while nothing is wrong.
    help: &'static str,
) -> impl IntoView {
    let note = format!("{id}-note");
    let described_by = note.clone();
    let below = part(move || {
        let id = note.clone();
        match error.get() {
            Some(error) => view! {
                <p class="field-note field-error" id=id><Glyph icon=Icon::Warning />{error}</p>
            }
            .into_any(),
            None => view! { <p class="field-note" id=id>{help}</p> }.into_any(),
        }
    });
    let count = move || value.with(|text| text.trim().chars().count());
    view! {
        <div class="field">
            <div class="field-head"><label for=id>{label}</label></div>
            <div class="field-box area-box" class:field-wrong=flag(move || error.get().is_some())>
                <textarea
                    id=id
                    rows="2"
                    aria-invalid=move || error.get().is_some().then_some("true")
                    aria-describedby=described_by
                    prop:value=move || value.get()
                    on:input=on(move |event| {
                        error.set(None);
                        value.set(event_target_value(&event));
                    })
                ></textarea>
            </div>
            <div class="field-foot">
                {below}
                <span class="field-note field-count" class:field-over=flag(move || count() > most)>
                    {move || words::count(count() as u64, most as u64)}
                </span>
            </div>
        </div>
    }
}
