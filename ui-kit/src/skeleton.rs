//! Grey shapes in the form of what is coming. Styles keep them invisible for the first 200 ms.

use leptos::prelude::*;

/// Lines of a list: an avatar and two bars each.
#[component]
pub fn SkeletonRows(
    /// How many.
    rows: usize,
) -> impl IntoView {
    view! {
        <div class="skeleton" role="status" aria-label=crate::text::state::LOADING>
            {(0..rows)
                .map(|row| {
                    view! {
                        <div class="skeleton-row" class:skeleton-short=row % 2 == 1>
                            <span class="skeleton-square"></span>
                            <span class="skeleton-bars">
                                <span class="skeleton-bar"></span>
                                <span class="skeleton-bar"></span>
                            </span>
                        </div>
                    }
                })
                .collect_view()}
        </div>
    }
}
