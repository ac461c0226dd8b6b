//! A side pane: beside the list where there is room, over it as a drawer or a page where there is not.
//!
//! Opening it moves the focus to its title; whoever closes it gives the focus back to what opened it.

use crate::reactive::effect;
use leptos::html::H2;
use leptos::prelude::*;

use crate::button::IconButton;
use crate::icon::Icon;
use crate::text;

/// The pane.
#[component]
pub fn SidePane(
    /// Unique on the page; the title is `<id>-title`.
    id: &'static str,
    /// Its title.
    #[prop(into)]
    title: Signal<String>,
    /// Under the title.
    #[prop(optional, into)]
    subtitle: Signal<String>,
    /// Left of the title, for example an avatar.
    #[prop(optional)]
    face: Option<ViewFn>,
    /// Closes it.
    #[prop(into)]
    on_close: Callback<()>,
    /// What it holds.
    children: Children,
) -> impl IntoView {
    let heading = NodeRef::<H2>::new();
    effect(move || {
        if let Some(heading) = heading.get() {
            let _ = heading.focus();
        }
    });
    let title_id = format!("{id}-title");
    let labelled_by = title_id.clone();
    view! {
        <aside class="pane" id=id aria-labelledby=labelled_by>
            <header class="pane-head">
                {face.map(|face| face.run())}
                <div class="pane-titles">
                    <h2 class="pane-title" id=title_id tabindex="-1" node_ref=heading>{move || title.get()}</h2>
                    <p class="pane-subtitle">{move || subtitle.get()}</p>
                </div>
                <IconButton icon=Icon::Close label=text::act::CLOSE on_press=move |_| on_close.run(()) />
            </header>
            <div class="pane-body">{children()}</div>
        </aside>
    }
}

/// A line of facts: what it is at the left, what it says at the right.
#[component]
pub fn Fact(
    /// What it is.
    label: &'static str,
    /// What it says.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="fact">
            <dt>{label}</dt>
            <dd>{children()}</dd>
        </div>
    }
}
