//! A text to be handed on, for example a one-time link: it goes to the clipboard by itself, and can be copied again.

use crate::reactive::effect;
use leptos::html::Input;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::button::{Button, Kind};
use crate::icon::Icon;
use crate::{dom, text};

/// Whether the text is on the clipboard.
#[derive(Clone, Copy, PartialEq)]
enum Copied {
    Asking,
    Yes,
    No,
}

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
) -> impl IntoView {
    let node = NodeRef::<Input>::new();
    let copied = RwSignal::new(Copied::Asking);
    let stored = StoredValue::new(value.clone());
    let copy = move || {
        spawn_local(async move {
            let done = dom::copy(&stored.get_value()).await;
            let _ = copied.try_set(if done { Copied::Yes } else { Copied::No });
        });
    };
    effect(move || {
        if let Some(node) = node.get() {
            let _ = node.focus();
            node.select();
            copy();
        }
    });
    let note = format!("{id}-note");
    view! {
        <div class="field">
            <div class="field-head"><label for=id>{label}</label></div>
            <div class="copy-row">
                <div class="field-box copy-box">
                    <input id=id type="text" readonly node_ref=node value=value aria-describedby=note.clone() />
                </div>
                <Button
                    label=Signal::derive(move || {
                        if copied.get() == Copied::Yes { text::act::COPIED } else { text::act::COPY }.to_owned()
                    })
                    kind=Kind::Secondary
                    icon=Icon::Copy
                    on_press=move |()| copy()
                />
            </div>
            <p class="field-note" id=note role="status">
                {move || match copied.get() {
                    Copied::Asking => "",
                    Copied::Yes => yes,
                    Copied::No => no,
                }}
            </p>
        </div>
    }
}
