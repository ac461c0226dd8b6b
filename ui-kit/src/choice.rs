//! Choosing: a switch, which acts at once; boxes, radio buttons and a list, which wait for the form; a value that is fixed.

use leptos::prelude::*;

use crate::icon::{Glyph, Icon};
use crate::reactive::{flag, on};

/// A switch with words at its left. It acts at once; what waits for Save is a checkbox.
#[component]
pub fn SwitchLine(
    /// Unique on the page; the words below are `<id>-body`.
    #[prop(into)]
    id: String,
    /// What is switched.
    #[prop(into)]
    label: String,
    /// What it does.
    #[prop(optional)]
    body: &'static str,
    /// Whether it is on.
    #[prop(into)]
    checked: Signal<bool>,
    /// Called on a press.
    #[prop(into)]
    on_press: Callback<()>,
) -> impl IntoView {
    let note = format!("{id}-body");
    view! {
        <div class="switch-line">
            <span class="switch-words">
                <bdi id=id.clone()>{label}</bdi>
                <span class="field-note" id=note.clone()>{body}</span>
            </span>
            <button
                type="button"
                class="switch"
                role="switch"
                aria-checked=move || checked.get().to_string()
                aria-labelledby=id
                aria-describedby=note
                on:click=on(move |_| on_press.run(()))
            ></button>
        </div>
    }
}

/// One of a few things, all of them in sight.
#[component]
pub fn Radios(
    /// Unique on the page.
    id: &'static str,
    /// What is asked.
    label: &'static str,
    /// The values, as they are kept and as they are shown.
    choices: Vec<(&'static str, &'static str)>,
    /// The value chosen.
    value: RwSignal<String>,
) -> impl IntoView {
    let line = |(name, shown): (&'static str, &'static str)| {
        view! {
            <label class="radio">
                <input
                    type="radio"
                    name=id
                    value=name
                    prop:checked=flag(move || value.with(|value| value == name))
                    on:change=on(move |_| value.set(name.to_owned()))
                />
                <span>{shown}</span>
            </label>
        }
        .into_any()
    };
    view! {
        <fieldset class="radios" id=id>
            <legend>{label}</legend>
            {choices.into_iter().map(line).collect::<Vec<_>>()}
        </fieldset>
    }
}

/// A box to tick, with what it means below.
#[component]
pub fn TickLine(
    /// Unique on the page.
    id: String,
    /// What it says.
    label: &'static str,
    /// What it means.
    #[prop(optional_no_strip)]
    help: Option<&'static str>,
    /// Whether it is ticked.
    ticked: Signal<bool>,
    /// Called with the new state.
    #[prop(into)]
    on_turn: Callback<bool>,
) -> impl IntoView {
    let note = format!("{id}-note");
    let described_by = help.map(|_| note.clone());
    view! {
        <div class="box-line">
            <label class="checkbox" for=id.clone()>
                <input
                    type="checkbox"
                    id=id.clone()
                    aria-describedby=described_by
                    prop:checked=flag(move || ticked.get())
                    on:change=on(move |event| on_turn.run(event_target_checked(&event)))
                />
                <span class="checkbox-box" aria-hidden="true"><Glyph icon=Icon::Tick /></span>
                <span>{label}</span>
            </label>
            <p class="field-note" id=note>{help.unwrap_or_default()}</p>
        </div>
    }
}

/// One of several things, from the browser's own list.
#[component]
pub fn SelectField(
    /// Unique on the page.
    id: &'static str,
    /// What is asked.
    label: &'static str,
    /// The values, as they are kept and as they are shown.
    choices: Vec<(&'static str, &'static str)>,
    /// The value chosen.
    value: RwSignal<String>,
) -> impl IntoView {
    let option = |(name, shown): (&'static str, &'static str)| {
        view! { <option value=name selected=move || value.with(|value| value == name)>{shown}</option> }
    };
    view! {
        <div class="field">
            <div class="field-head"><label for=id>{label}</label></div>
            <div class="field-box select-box">
                <select id=id prop:value=move || value.get() on:change=on(move |event| value.set(event_target_value(&event)))>
                    {choices.into_iter().map(option).collect_view()}
                </select>
                <Glyph icon=Icon::ChevronDown />
            </div>
        </div>
    }
}

/// A value that is decided elsewhere: with a lock, and where that is.
#[component]
pub fn FixedField(
    /// Unique on the page.
    id: &'static str,
    /// What it is.
    label: &'static str,
    /// Where it is decided, for example "from the directory".
    source: &'static str,
    /// The value.
    #[prop(into)]
    value: String,
) -> impl IntoView {
    view! {
        <div class="field">
            <div class="field-head">
                <label for=id>{label}<span class="field-optional">{format!("({source})")}</span></label>
            </div>
            <div class="field-box field-fixed">
                <Glyph icon=Icon::Lock />
                <input id=id type="text" readonly value=value />
            </div>
        </div>
    }
}
