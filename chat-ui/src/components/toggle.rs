//! A switch with its words; acts at once.

use chancery_ui_kit::reactive::on;
use leptos::prelude::*;

/// The line.
#[component]
pub fn Toggle(
    /// Unique on the page; what is said about it is `<id>-body`.
    #[prop(into)]
    id: String,
    /// What it switches.
    #[prop(into)]
    label: String,
    /// Said about it.
    #[prop(optional)]
    body: &'static str,
    /// How it stands.
    #[prop(into)]
    value: Signal<bool>,
    /// Switches it.
    #[prop(into)]
    on_press: Callback<()>,
) -> impl IntoView {
    let note = format!("{id}-body");
    view! {
        <div class="switch-line">
            <span class="switch-words">
                <bdi id=id.clone()>{label}</bdi>
                <span class="state-hint" id=note.clone()>{body}</span>
            </span>
            <button
                type="button"
                class="switch"
                role="switch"
                aria-checked=move || value.get().to_string()
                aria-labelledby=id
                aria-describedby=note
                on:click=on(move |_| on_press.run(()))
            ></button>
        </div>
    }
}
