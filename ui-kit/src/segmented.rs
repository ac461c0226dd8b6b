//! A choice of a few things side by side; acts at once.

use leptos::prelude::*;

/// One of the things to choose from.
#[derive(Debug, Clone)]
pub struct Choice<T> {
    value: T,
    label: &'static str,
    count: Option<Signal<usize>>,
}

impl<T> Choice<T> {
    /// A choice by its word.
    pub fn new(value: T, label: &'static str) -> Self {
        Self { value, label, count: None }
    }

    /// The same, with a number behind the word; zero is not shown.
    #[must_use]
    pub fn counted(self, count: Signal<usize>) -> Self {
        Self { count: Some(count), ..self }
    }
}

/// A row of toggle buttons of which one is pressed.
#[component]
pub fn Segmented<T, F>(
    /// What is chosen here, for screen readers.
    label: &'static str,
    /// From what.
    choices: Vec<Choice<T>>,
    /// What is chosen.
    value: Signal<T>,
    /// Called with the new choice.
    on_choose: F,
) -> impl IntoView
where
    T: Copy + PartialEq + Send + Sync + 'static,
    F: Fn(T) + Copy + 'static,
{
    let segments = choices
        .into_iter()
        .map(|choice| {
            let this = choice.value;
            let pressed: Pressed = Box::new(move || value.get() == this);
            segment(choice.label, choice.count, pressed, Box::new(move |_| on_choose(this)))
        })
        .collect();
    row(label, segments)
}

type Pressed = Box<dyn Fn() -> bool + Send + Sync>;

// Outside of `Segmented`: there it would be compiled anew for every type of value.
fn segment(
    label: &'static str,
    count: Option<Signal<usize>>,
    pressed: Pressed,
    press: Box<dyn FnMut(web_sys::MouseEvent)>,
) -> AnyView {
    view! {
        <button type="button" class="segment" aria-pressed=move || pressed().to_string() on:click=press>
            {label}
            {move || {
                count
                    .map(|count| count.get())
                    .filter(|count| *count > 0)
                    .map(|count| view! { <span class="segment-count">{count}</span> })
            }}
        </button>
    }
    .into_any()
}

fn row(label: &'static str, segments: Vec<AnyView>) -> AnyView {
    view! { <div class="segmented" role="group" aria-label=label>{segments}</div> }.into_any()
}
