//! Parts of a table (DESIGN.md section 6.3): heads that sort, boxes that tick rows. The table itself is a plain `<table>`
//! of the page, in `<div class="table-frame">`.

use crate::reactive::{effect, on};
use leptos::html::Input;
use leptos::prelude::*;

use crate::icon::{Glyph, Icon};

/// How a column is sorted now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sorted {
    /// By another column.
    No,
    /// Smallest first.
    Up,
    /// Largest first.
    Down,
}

/// The head of a column one can sort by.
#[component]
pub fn SortHead(
    /// The column's name.
    label: &'static str,
    /// How it is sorted.
    #[prop(into)]
    sorted: Signal<Sorted>,
    /// Sorts by it, or the other way round.
    #[prop(into)]
    on_sort: Callback<()>,
    /// Whether it holds numbers, which align at the right.
    #[prop(optional)]
    number: bool,
    /// A class of the cell, for example to leave it out where there is no room.
    #[prop(optional)]
    class: &'static str,
) -> impl IntoView {
    view! {
        <th
            scope="col"
            class=class
            class:table-number=number
            aria-sort=move || match sorted.get() {
                Sorted::No => "none",
                Sorted::Up => "ascending",
                Sorted::Down => "descending",
            }
        >
            <button type="button" class="table-sort" on:click=on(move |_| on_sort.run(()))>
                {label}
                {move || match sorted.get() {
                    Sorted::No => None,
                    Sorted::Up => Some(view! { <Glyph icon=Icon::ChevronUp /> }),
                    Sorted::Down => Some(view! { <Glyph icon=Icon::ChevronDown /> }),
                }}
            </button>
        </th>
    }
}

/// A box that ticks a row, or all rows.
#[component]
pub fn Tick(
    /// Its name for screen readers.
    #[prop(into)]
    label: String,
    /// Whether it is ticked.
    #[prop(into)]
    ticked: Signal<bool>,
    /// Whether some, but not all, of what it stands for is ticked.
    #[prop(optional, into)]
    some: Signal<bool>,
    /// Called with the new state, and whether Shift was held.
    #[prop(into)]
    on_tick: Callback<(bool, bool)>,
) -> impl IntoView {
    let node = NodeRef::<Input>::new();
    let shift = StoredValue::new(false);
    effect(move || {
        if let Some(node) = node.get() {
            node.set_indeterminate(some.get());
        }
    });
    view! {
        <label class="checkbox tick" on:click=on(move |event: web_sys::MouseEvent| shift.set_value(event.shift_key()))>
            <input
                type="checkbox"
                node_ref=node
                aria-label=label
                prop:checked=move || ticked.get()
                on:change=on(move |event| on_tick.run((event_target_checked(&event), shift.get_value())))
            />
            <span class="checkbox-box" aria-hidden="true">
                {move || view! { <Glyph icon=if some.get() { Icon::Minus } else { Icon::Tick } /> }}
            </span>
        </label>
    }
}

/// Grey rows in the form of a table.
#[component]
pub fn SkeletonTable(
    /// How many rows.
    rows: usize,
) -> impl IntoView {
    view! {
        <div class="skeleton skeleton-table" role="status" aria-label=crate::text::state::LOADING>
            {(0..rows)
                .map(|_| {
                    view! {
                        <div class="skeleton-line">
                            <span class="skeleton-square"></span>
                            <span class="skeleton-bar"></span>
                            <span class="skeleton-bar"></span>
                            <span class="skeleton-bar"></span>
                        </div>
                    }
                })
                .collect_view()}
        </div>
    }
}
