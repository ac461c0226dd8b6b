//! A text to be handed on, for example a one-time link: it goes to the clipboard by itself, and can be copied again; or it waits
//! for its button.

use crate::reactive::{effect, part};
use leptos::html::Textarea;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::button::{Button, Kind};
use crate::icon::Icon;
use crate::{dom, text};

/// Characters of a line of the box, where it is narrow.
const ROW: usize = 36;

/// The text in a box that cannot be changed, with a button.
#[component]
pub fn CopyField(
    /// Unique on the page.
    id: &'static str,
    /// What it is.
    #[prop(into)]
    label: String,
    /// The text.
    value: String,
    /// Said when it is on the clipboard.
    yes: &'static str,
    /// Said when the browser did not allow it.
    no: &'static str,
    /// Whether it waits for the button: one of several things on a page takes neither focus nor clipboard.
    #[prop(optional)]
    waits: bool,
    /// Below, while nothing is said about the clipboard.
    #[prop(optional)]
    help: &'static str,
) -> impl IntoView {
    let node = NodeRef::<Textarea>::new();
    // Whether it is on the clipboard, once that is known.
    let copied = RwSignal::new(None::<bool>);
    let stored = StoredValue::new(value.clone());
    let copy = move || {
        spawn_local(async move {
            let done = dom::copy(&stored.get_value()).await;
            let _ = copied.try_set(Some(done));
            if let Some(Some(node)) = node.try_get_untracked().filter(|_| !done) {
                let _ = node.focus();
                node.select();
            }
        });
    };
    effect(move || {
        if let Some(node) = node.get().filter(|_| !waits) {
            let _ = node.focus();
            node.select();
            copy();
        }
    });
    let note = format!("{id}-note");
    let rows = (value.chars().count() / ROW + 1).to_string();
    view! {
        <div class="field">
            <div class="field-head"><label for=id>{label}</label></div>
            <div class="copy-row">
                <div class="field-box copy-box">
                    // All of it is in sight, however long it is; `rows` is for browsers that do not measure it.
                    <textarea id=id rows=rows readonly node_ref=node aria-describedby=note.clone()>{value}</textarea>
                </div>
                <Button
                    label=Signal::derive(move || {
                        if copied.get() == Some(true) { text::act::COPIED } else { text::act::COPY }.to_owned()
                    })
                    kind=Kind::Secondary
                    icon=Icon::Copy
                    on_press=move |()| copy()
                />
            </div>
            <p class="field-note" id=note role="status">
                {part(move || match copied.get() {
                    None => help.into_any(),
                    Some(true) => yes.into_any(),
                    Some(false) => no.into_any(),
                })}
            </p>
        </div>
    }
}
