//! How far something is: what is being done, the numbers, a bar.

use leptos::prelude::*;

/// The bar with its words. Shown when something takes longer than a few seconds.
#[component]
pub fn Progress(
    /// What is being done.
    #[prop(into)]
    label: String,
    /// The numbers in words, for example "148 of 212".
    #[prop(into)]
    figures: Signal<String>,
    /// How much is done.
    #[prop(into)]
    done: Signal<u32>,
    /// Of how much.
    of: u32,
    /// Whether one may leave, and what comes next.
    #[prop(into)]
    note: String,
) -> impl IntoView {
    view! {
        <div class="progress" role="status">
            <p class="progress-head"><span>{label.clone()}</span><span class="progress-figures">{move || figures.get()}</span></p>
            <progress aria-label=label max=of.to_string() prop:value=move || f64::from(done.get())></progress>
            <p class="progress-note">{note}</p>
        </div>
    }
}
