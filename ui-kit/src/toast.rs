//! Toasts: at most three, bottom right; they leave after 6 s unless the pointer or the focus is on them; errors stay. What can
//! be taken back offers it for 30 s.

use std::time::Duration;

use crate::reactive::on;
use leptos::prelude::*;

use crate::button::IconButton;
use crate::icon::{Glyph, Icon};
use crate::text;

const SHOWN: usize = 3;
const STAY: Duration = Duration::from_secs(6);
const UNDO_STAY: Duration = Duration::from_secs(30);

/// A message at the edge of the page.
#[derive(Clone)]
struct Toast {
    id: u32,
    error: bool,
    title: String,
    body: Option<String>,
    undo: Option<Undo>,
    // Outlives what says it: a menu or dialog whose line was pressed may be gone long before the toast.
    held: ArcRwSignal<bool>,
}

/// How what was done is taken back, and the button for it. Made where it is offered: who never offers it downloads nothing.
#[derive(Clone)]
struct Undo {
    act: Callback<()>,
    button: ViewFn,
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
        let id = self.push(false, title.into(), None, None);
        self.leave_later(id, STAY);
    }

    /// Says that something is done, and offers to take it back.
    pub fn undoable(self, title: impl Into<String>, undo: Callback<()>) {
        let press = move |_| {
            self.undo();
        };
        let button = ViewFn::from(move || {
            view! {
                <button type="button" class="link-button toast-undo" aria-keyshortcuts="z" on:click=on(press)>
                    {text::act::UNDO}
                </button>
            }
        });
        // One thing at a time: what can still be taken back is what was done last.
        self.list.update(|list| list.retain(|toast| toast.undo.is_none()));
        let id = self.push(false, title.into(), None, Some(Undo { act: undo, button }));
        self.leave_later(id, UNDO_STAY);
    }

    /// Takes back what was done last, if that is still offered; says whether it was.
    pub fn undo(self) -> bool {
        let last = self
            .list
            .with_untracked(|list| list.iter().find_map(|toast| Some((toast.id, toast.undo.as_ref()?.act))));
        let Some((id, undo)) = last else { return false };
        self.close(id);
        undo.run(());
        true
    }

    /// Says that something failed; stays until it is closed.
    pub fn failed(self, title: impl Into<String>, body: impl Into<String>) {
        self.push(true, title.into(), Some(body.into()), None);
    }

    fn push(self, error: bool, title: String, body: Option<String>, undo: Option<Undo>) -> u32 {
        let id = self.next.get_value();
        self.next.set_value(id.wrapping_add(1));
        self.list.update(|list| {
            list.retain(|toast| toast.title != title || toast.body != body);
            list.push(Toast { id, error, title, body, undo, held: ArcRwSignal::new(false) });
            let surplus = list.len().saturating_sub(SHOWN);
            list.drain(..surplus);
        });
        id
    }

    fn leave_later(self, id: u32, stay: Duration) {
        set_timeout(
            move || {
                let held = self
                    .list
                    .try_with_untracked(|list| {
                        list.iter().find(|toast| toast.id == id).map(|toast| toast.held.clone())
                    })
                    .flatten();
                match held {
                    Some(held) if held.get_untracked() => self.leave_later(id, STAY),
                    Some(_) => self.close(id),
                    None => {}
                }
            },
            stay,
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
                            {toast.undo.as_ref().map(|undo| undo.button.run())}
                            <IconButton icon=Icon::Close label=text::act::CLOSE on_press=move |_| toasts.close(id) />
                        </div>
                    }
                }
            </For>
        </div>
    }
}
