//! A question in a dialog: what happens in numbers, a safe button that has the focus, the act, and why it was refused.

use leptos::prelude::*;

use crate::badge::Tone;
use crate::button::{Button, Kind};
use crate::dom;
use crate::icon::Icon;
use crate::notice::Notice;
use crate::reactive::{effect, part};

/// The question; stands in a dialog.
#[component]
pub fn Question(
    /// What happens.
    #[prop(into)]
    body: String,
    /// The safe button.
    keep: &'static str,
    /// The button that does it.
    #[prop(into)]
    act: String,
    /// How that button looks.
    #[prop(optional)]
    kind: Kind,
    /// Whether it is under way.
    #[prop(into)]
    working: Signal<bool>,
    /// Why it was refused, in words.
    #[prop(into)]
    refused: Signal<Option<String>>,
    /// Leaves everything as it is.
    #[prop(into)]
    on_keep: Callback<()>,
    /// Does it.
    #[prop(into)]
    on_act: Callback<()>,
    /// What can be chosen, below the words.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    effect(move || {
        dom::focus("dialog[open] .dialog-acts button");
    });
    view! {
        <p class="dialog-body">{body}</p>
        {children.map(|children| children())}
        <Refusal words=refused />
        <div class="dialog-acts">
            <Button label=keep.to_owned() kind=Kind::Quiet on_press=on_keep />
            <Button label=act kind working on_press=on_act />
        </div>
    }
}

/// Why something was refused, beside what was asked.
#[component]
pub fn Refusal(
    /// Why.
    #[prop(into)]
    words: Signal<Option<String>>,
) -> impl IntoView {
    part(move || match words.get() {
        Some(words) => {
            view! { <Notice tone=Tone::Bad icon=Icon::CrossCircle assertive=true>{words}</Notice> }.into_any()
        }
        None => ().into_any(),
    })
}
