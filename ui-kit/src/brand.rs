//! The mark: an open ring around a second ring with a wax-red dot.

use leptos::prelude::*;

/// The mark, 26 px, or as large as its class says.
#[component]
pub fn Mark() -> impl IntoView {
    view! {
        <svg class="mark" viewBox="0 0 28 28" aria-hidden="true" focusable="false">
            <path class="mark-outer" d="M22.9 20.6A11 11 0 1 1 22.9 7.4" />
            <path class="mark-inner" d="M17.3 17.3A4.6 4.6 0 1 1 17.3 10.7" />
            <circle class="mark-wax" cx="22.6" cy="14" r="3" />
        </svg>
    }
}

/// The mark with the product's name.
#[component]
pub fn Brand() -> impl IntoView {
    view! {
        <span class="brand">
            <Mark />
            <span class="brand-name">{crate::text::PRODUCT}</span>
        </span>
    }
}
