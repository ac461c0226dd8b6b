//! Fields of what is kept on the server: they show what holds, and a choice acts at once.

use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::reactive::{on, part};
use leptos::prelude::*;
use web_sys::HtmlInputElement;

use crate::logic::mailing::minute;

/// What there is to choose from.
pub struct Choices {
    /// The values, as they are kept and as they are shown.
    pub choices: Vec<(String, String)>,
    /// The one that holds.
    pub value: String,
}

/// One of several things, from the browser's own list.
#[component]
pub fn Pick(
    /// Unique on the page.
    id: &'static str,
    /// What is asked.
    label: &'static str,
    /// What there is to choose from.
    choices: Box<dyn Fn() -> Choices + Send>,
    /// Called with the value chosen.
    #[prop(into)]
    on_choose: Callback<String>,
) -> impl IntoView {
    let options = part(move || {
        let Choices { choices, value } = choices();
        let option = |(name, shown): (String, String)| {
            let selected = name == value;
            view! { <option value=name selected=selected>{shown}</option> }
        };
        choices.into_iter().map(option).collect_view().into_any()
    });
    view! {
        <div class="field mail-field">
            <div class="field-head"><label for=id>{label}</label></div>
            <div class="field-box select-box">
                <select id=id on:change=on(move |event| on_choose.run(event_target_value(&event)))>{options}</select>
                <Glyph icon=Icon::ChevronDown />
            </div>
        </div>
    }
}

/// A time of the day.
#[component]
pub fn TimeField(
    /// Unique on the page.
    id: &'static str,
    /// What is asked.
    label: &'static str,
    /// The time.
    value: Memo<String>,
    /// Called with another, in minutes after midnight.
    #[prop(into)]
    on_set: Callback<u16>,
) -> impl IntoView {
    let changed = on(move |event: web_sys::Event| {
        let field: HtmlInputElement = event_target(&event);
        match minute(&field.value()) {
            Some(minute) => on_set.run(minute),
            // There is always one: emptied, it shows again what holds.
            None => field.set_value(&value.get_untracked()),
        }
    });
    view! {
        <div class="field">
            <div class="field-head"><label for=id>{label}</label></div>
            <div class="field-box field-day">
                <input id=id type="time" required prop:value=move || value.get() on:change=changed />
            </div>
        </div>
    }
}
