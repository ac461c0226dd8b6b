//! Dialogs: the browser's own modal `<dialog>`, which keeps the focus inside, makes the rest inert, answers Esc and gives
//! the focus back to what opened it.

use crate::reactive::{effect, on, show};
use leptos::html;
use leptos::prelude::*;
use web_sys::Event;

use crate::button::IconButton;
use crate::icon::Icon;
use crate::text;

/// Shows a `<dialog>` of one's own as soon as it is on the page.
pub fn show_at_once(node: NodeRef<html::Dialog>) {
    effect(move || {
        if let Some(dialog) = node.get() {
            // Fails only when the dialog has left the page.
            let _ = dialog.show_modal();
        }
    });
}

/// Closes it, which gives the focus back to what had it before.
pub fn close(node: NodeRef<html::Dialog>) {
    if let Some(Some(dialog)) = node.try_get_untracked() {
        dialog.close();
    }
}

/// A dialog that is shown while `open`.
#[component]
pub fn Dialog(
    /// Whether it is shown; set to false by Esc and by the cross.
    open: RwSignal<bool>,
    /// Unique on the page; the title is `<id>-title`.
    id: &'static str,
    /// Its title.
    #[prop(into)]
    title: Signal<String>,
    /// What it holds; made anew each time it opens.
    children: ChildrenFn,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    effect(move || {
        let Some(dialog) = node.get() else { return };
        if open.get() && !dialog.open() {
            // Fails only when the dialog has left the page, and then there is nothing to show.
            let _ = dialog.show_modal();
        } else if !open.get() && dialog.open() {
            dialog.close();
        }
    });
    let title_id = format!("{id}-title");
    let labelled_by = title_id.clone();
    view! {
        <dialog
            class="dialog"
            id=id
            node_ref=node
            aria-labelledby=labelled_by
            on:cancel=on(move |event: Event| {
                event.prevent_default();
                open.set(false);
            })
            on:close=on(move |_| {
                // The browser tells late; by now it may have been opened anew.
                if node.get_untracked().is_none_or(|dialog| !dialog.open()) {
                    open.set(false);
                }
            })
        >
            <div class="dialog-head">
                <h2 class="dialog-title" id=title_id>{move || title.get()}</h2>
                <IconButton icon=Icon::Close label=text::act::CLOSE on_press=move |_| open.set(false) />
            </div>
            {show(move || open.get(), move || view! { {children()} }.into_any())}
        </dialog>
    }
}
