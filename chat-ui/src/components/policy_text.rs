//! The words of the policy while they come, and on paper. The dialog and the page show the same.

use chancery_protocol::acceptance::PolicyStanding;
use chancery_ui_kit::dom;
use chancery_ui_kit::loaded::{Loaded, LoadedView};
use chancery_ui_kit::skeleton::SkeletonRows;
use chancery_ui_kit::text::policy as words;
use leptos::prelude::*;

/// The text once it is there, by `ready`; what stands there meanwhile, and why it is not there.
pub fn loaded(
    standing: RwSignal<Loaded<PolicyStanding>>,
    load: Callback<()>,
    ready: Box<dyn Fn(PolicyStanding) -> AnyView + Send>,
) -> AnyView {
    view! {
        <LoadedView
            value=standing.into()
            failed_title=words::FAILED_TITLE
            on_retry=load
            skeleton=|| view! { <div class="policy-wait"><SkeletonRows rows=6 /></div> }.into_any()
            empty=|_| None
            ready
        />
    }
    .into_any()
}

/// Prints the page, or saves it as the browser can.
pub fn print() {
    if let Some(window) = dom::window() {
        // Refused only where there is nothing to print with.
        let _ = window.print();
    }
}
