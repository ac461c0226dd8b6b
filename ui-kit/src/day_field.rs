//! A field for a day: label above, help below, the error in place of the help.

use leptos::prelude::*;

use crate::icon::{Glyph, Icon};
use crate::reactive::{flag, on, part};

/// The field.
#[component]
pub fn DayField(
    /// Unique on the page; its help is `<id>-note`.
    id: &'static str,
    /// What is asked.
    label: &'static str,
    /// Below, while there is no error.
    help: &'static str,
    /// The day, as `2026-03-10`; empty while none is typed to the end.
    value: RwSignal<String>,
    /// What is wrong; typing takes it away.
    error: RwSignal<Option<String>>,
    /// The first day the browser offers.
    #[prop(optional)]
    min: String,
    /// The last one.
    #[prop(optional)]
    max: String,
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
    view! {
        <div class="field">
            <div class="field-head"><label for=id>{label}</label></div>
            <div class="field-box field-day" class:field-wrong=flag(move || error.get().is_some())>
                <input
                    id=id
                    type="date"
                    min=min
                    max=max
                    aria-invalid=move || error.get().is_some().then_some("true")
                    aria-describedby=described_by
                    // What is half typed has no value: to write it back would empty the field under the keys.
                    value=value.get_untracked()
                    on:input=on(move |event| {
                        error.set(None);
                        value.set(event_target_value(&event));
                    })
                />
            </div>
            {below}
        </div>
    }
}
