//! The empty and the failed state of a list or pane (DESIGN.md section 6.8).

use leptos::prelude::*;

use crate::api::ClientError;
use crate::button::{Button, Kind};
use crate::guilloche::Rosette;
use crate::icon::Icon;
use crate::text;

/// One sentence and at most one act, under a rosette.
#[component]
pub fn EmptyState(
    /// In the rosette.
    icon: Icon,
    /// The head.
    #[prop(into)]
    title: String,
    /// The sentence.
    #[prop(into)]
    body: String,
    /// The act.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="state">
            <Rosette icon />
            <h2 class="state-title">{title}</h2>
            <p class="state-body">{body}</p>
            {children.map(|children| view! { <div class="state-acts">{children()}</div> })}
        </div>
    }
}

/// What failed, what is safe, Try again.
#[component]
pub fn FailedState(
    /// The head.
    #[prop(into)]
    title: String,
    /// Why.
    error: ClientError,
    /// Tries again.
    #[prop(into)]
    on_retry: Callback<()>,
) -> impl IntoView {
    view! {
        <div class="state state-failed" role="alert">
            <Rosette icon=Icon::Warning />
            <h2 class="state-title">{title}</h2>
            <p class="state-body">{text::problem::of(&error)}</p>
            <div class="state-acts">
                <Button label=text::state::TRY_AGAIN kind=Kind::Secondary icon=Icon::Refresh on_press=on_retry />
            </div>
        </div>
    }
}
