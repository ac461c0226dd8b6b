//! The foot of a list in pages: which part of how many, and the ways to the neighbours.

use leptos::prelude::*;

use crate::button::{Button, Kind};
use crate::text::console as words;

/// The foot.
#[component]
pub fn Paging(
    /// The page shown, from 0.
    #[prop(into)]
    page: Signal<u32>,
    /// Lines on a full page.
    size: u32,
    /// Lines on all pages.
    #[prop(into)]
    total: Signal<u64>,
    /// Goes to another page.
    #[prop(into)]
    on_page: Callback<u32>,
    /// Between range and buttons, for example the keys of the list.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let first = move || u64::from(page.get()) * u64::from(size) + 1;
    let last = move || (u64::from(page.get()) + 1) * u64::from(size);
    let range = move || words::range(first().min(total.get()), last().min(total.get()), total.get());
    view! {
        <div class="paging">
            <p class="paging-range" role="status">{range}</p>
            {children.map(|children| children())}
            <div class="paging-acts">
                <Button
                    label=words::PREVIOUS.to_owned()
                    kind=Kind::Secondary
                    disabled=Signal::derive(move || page.get() == 0)
                    on_press=move |()| on_page.run(page.get_untracked().saturating_sub(1))
                />
                <Button
                    label=words::NEXT.to_owned()
                    kind=Kind::Secondary
                    disabled=Signal::derive(move || last() >= total.get())
                    on_press=move |()| on_page.run(page.get_untracked() + 1)
                />
            </div>
        </div>
    }
}
