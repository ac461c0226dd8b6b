//! Filters over a list: a search field with its key, and chips that read as words.
//!
//! A chip is the browser's own choice list in another dress: it works by keyboard and by touch as people know it.

use crate::reactive::on;
use leptos::prelude::*;
use web_sys::KeyboardEvent;

use crate::icon::{Glyph, Icon};
use crate::text::console as words;

/// A field that filters a list while one types.
#[component]
pub fn SearchField(
    /// Unique on the page; `/` leads to it.
    id: &'static str,
    /// Its name for screen readers.
    label: &'static str,
    /// What can be typed.
    hint: &'static str,
    /// What is typed.
    #[prop(into)]
    value: Signal<String>,
    /// Called with every change.
    #[prop(into)]
    on_change: Callback<String>,
    /// Called with every key pressed in it.
    #[prop(optional, into)]
    on_key: Option<Callback<KeyboardEvent>>,
) -> impl IntoView {
    view! {
        <div class="field-box search-field" role="search" aria-label=label>
            <Glyph icon=Icon::Search />
            <input
                id=id
                type="search"
                aria-label=label
                placeholder=hint
                autocomplete="off"
                spellcheck="false"
                aria-keyshortcuts="/"
                prop:value=move || value.get()
                on:input=on(move |event| on_change.run(event_target_value(&event)))
                on:keydown=on(move |event| if let Some(on_key) = on_key { on_key.run(event) })
            />
            <kbd aria-hidden="true">"/"</kbd>
        </div>
    }
}

/// A chip that filters by one of a few values.
#[component]
pub fn FilterChip(
    /// What is filtered by.
    label: &'static str,
    /// The values: as they stand in the address, and as they are shown.
    choices: Vec<(&'static str, &'static str)>,
    /// The value chosen, as it stands in the address; empty for any.
    #[prop(into)]
    value: Signal<String>,
    /// Called with another value; empty for any.
    #[prop(into)]
    on_choose: Callback<String>,
) -> impl IntoView {
    let chosen = Signal::derive(move || value.with(|value| !value.is_empty()));
    view! {
        <span class="filter-chip" class:filter-chosen=move || chosen.get()>
            <label class="filter-label">
                <span class="filter-name">{label}</span>
                <select prop:value=move || value.get() on:change=on(move |event| on_choose.run(event_target_value(&event)))>
                    <option value="">{words::ANY}</option>
                    {choices
                        .into_iter()
                        .map(|(name, shown)| {
                            view! { <option value=name selected=move || value.with(|value| value == name)>{shown}</option> }
                        })
                        .collect_view()}
                </select>
                {move || (!chosen.get()).then(|| view! { <Glyph icon=Icon::ChevronDown /> })}
            </label>
            {move || {
                chosen.get().then(|| {
                    view! {
                        <button
                            type="button"
                            class="filter-clear"
                            aria-label=words::clear_filter(label)
                            title=words::clear_filter(label)
                            on:click=on(move |_| on_choose.run(String::new()))
                        >
                            <Glyph icon=Icon::Close />
                        </button>
                    }
                })
            }}
        </span>
    }
}
