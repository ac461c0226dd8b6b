//! Toasts: at most three, bottom right; they leave after 6 s unless the pointer or the focus is on them; errors stay.

use std::time::Duration;

use crate::reactive::on;
use leptos::prelude::*;

use crate::button::IconButton;
use crate::icon::{Glyph, Icon};
use crate::text;

const SHOWN: usize = 3;
const STAY: Duration = Duration::from_secs(6);

/// A message at the edge of the page.
#[derive(Clone)]
struct Toast {
    id: u32,
    error: bool,
    title: String,
    body: Option<String>,
    // Outlives what says it: a menu or dialog whose line was pressed may be gone long before the toast.
    held: ArcRwSignal<bool>,
}

/// Where toasts are put; provided once, at the root.
#[derive(Clone, Copy)]
pub struct Toasts {
    list: RwSignal<Vec<Toast>>,
    next: StoredValue<u32>,
}

impl Toasts {
    /// Makes the place known to everything below.
    pub fn provide() -> Self {
        let toasts = Self { list: RwSignal::new(Vec::new()), next: StoredValue::new(0) };
        provide_context(toasts);
        toasts
    }

    /// The page's place for toasts.
    pub fn current() -> Self {
        use_context().unwrap_or_else(Self::provide)
    }

    /// Says that something is done.
    pub fn done(self, title: impl Into<String>) {
        let id = self.push(false, title.into(), None);
        self.leave_later(id);
    }

    /// Says that something failed; stays until it is closed.
    pub fn failed(self, title: impl Into<String>, body: impl Into<String>) {
        self.push(true, title.into(), Some(body.into()));
    }

    fn push(self, error: bool, title: String, body: Option<String>) -> u32 {
        let id = self.next.get_value();
        self.next.set_value(id.wrapping_add(1));
        self.list.update(|list| {
            list.retain(|toast| toast.title != title || toast.body != body);
            list.push(Toast { id, error, title, body, held: ArcRwSignal::new(false) });
            let surplus = list.len().saturating_sub(SHOWN);
            list.drain(..surplus);
        });
        id
    }

    fn leave_later(self, id: u32) {
        set_timeout(
            move || {
                let held = self
                    .list
                    .try_with_untracked(|list| {
                        list.iter().find(|toast| toast.id == id).map(|toast| toast.held.clone())
                    })
                    .flatten();
                match held {
                    Some(held) if held.get_untracked() => self.leave_later(id),
                    Some(_) => self.close(id),
                    None => {}
                }
            },
            STAY,
        );
    }

    fn close(self, id: u32) {
        self.list.update(|list| list.retain(|toast| toast.id != id));
    }
}

/// The place itself.
#[component]
pub fn ToastRegion() -> impl IntoView {
    let toasts = Toasts::current();
    view! {
        <div class="toasts">
            <For each=move || toasts.list.get() key=|toast| toast.id let:toast>
                {
                    let id = toast.id;
                    let hold = move |on: bool| {
                        let held = toast.held.clone();
                        move || held.set(on)
                    };
                    let (over, focused, out, left) = (hold(true), hold(true), hold(false), hold(false));
                    view! {
                        <div
                            class="toast"
                            class:toast-error=toast.error
                            role=if toast.error { "alert" } else { "status" }
                            on:pointerenter=on(move |_| over())
                            on:pointerleave=on(move |_| out())
                            on:focusin=on(move |_| focused())
                            on:focusout=on(move |_| left())
                        >
                            <Glyph icon=if toast.error { Icon::CrossCircle } else { Icon::TickCircle } large=true />
                            <div class="toast-body">
                                <p class="toast-title">{toast.title.clone()}</p>
                                {toast.body.clone().map(|body| view! { <p class="toast-text">{body}</p> })}
                            </div>
                            <IconButton icon=Icon::Close label=text::act::CLOSE on_press=move |_| toasts.close(id) />
                        </div>
                    }
                }
            </For>
        </div>
    }
}
