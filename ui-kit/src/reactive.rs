//! Memos, effects and handlers of events behind one pointer.
//!
//! Leptos compiles its machinery anew for every closure it is given, about a kilobyte each.
//! Behind a box there is one for each type of value instead, which is felt in the size of the download.

use leptos::prelude::{AnyView, Effect, Get, IntoAny, Memo};

/// A value that is calculated anew when something it reads changes, and tells others only when it differs.
pub fn memo<T: PartialEq + Send + Sync + 'static>(read: impl Fn() -> T + Send + Sync + 'static) -> Memo<T> {
    memo_of(Box::new(read))
}

// A function of its own: a closure inside `memo` would be another type for every closure it is given.
fn memo_of<T: PartialEq + Send + Sync + 'static>(read: Box<dyn Fn() -> T + Send + Sync>) -> Memo<T> {
    Memo::new(move |_| read())
}

/// Runs now, and again whenever something it read has changed, for as long as its owner is there.
pub fn effect(run: impl FnMut() + 'static) {
    effect_of(Box::new(run));
}

fn effect_of(mut run: Box<dyn FnMut()>) {
    Effect::new(move |_| run());
}

/// What an event does: `on:click=on(move |_| …)`.
pub fn on<E: 'static>(run: impl FnMut(E) + 'static) -> Box<dyn FnMut(E)> {
    Box::new(run)
}

/// A part of a view that is made anew when something it reads has changed.
pub fn part(view: impl Fn() -> AnyView + Send + 'static) -> AnyView {
    part_of(Box::new(view))
}

fn part_of(view: Box<dyn Fn() -> AnyView + Send>) -> AnyView {
    view.into_any()
}

/// Whether something is so, for a class or a property: `prop:checked=flag(move || …)`.
pub fn flag(read: impl Fn() -> bool + Send + Sync + 'static) -> Box<dyn Fn() -> bool + Send + Sync> {
    Box::new(read)
}

/// Shows something while a condition holds; made anew each time it begins to.
pub fn show(
    when: impl Fn() -> bool + Send + Sync + 'static,
    view: impl Fn() -> AnyView + Send + Sync + 'static,
) -> AnyView {
    show_of(Box::new(when), Box::new(view))
}

fn show_of(
    when: Box<dyn Fn() -> bool + Send + Sync>,
    view: Box<dyn Fn() -> AnyView + Send + Sync>,
) -> AnyView {
    let when = memo_of(when);
    (move || when.get().then(&view)).into_any()
}
