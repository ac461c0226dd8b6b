//! The providers one can be sent to.

use chancery_protocol::sources::SignInWay;
use chancery_ui_kit::api::ApiClient;
use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::dom;
use chancery_ui_kit::icon::Icon;
use chancery_ui_kit::reactive::effect;
use chancery_ui_kit::text::sign_in as words;
use leptos::prelude::*;

use super::entry::LAST;
use super::{Entry, Refusal};
use crate::state::session::Session;

/// A button for each.
#[component]
pub fn Providers(
    /// They, in their order.
    ways: Vec<SignInWay>,
    /// What the page holds.
    entry: Entry,
) -> impl IntoView {
    let session = Session::current();
    let api = ApiClient::current();
    // One act is the likely one: what this device did last, or else the first.
    let last = dom::stored(LAST).and_then(|last| last.parse().ok());
    let likely = ways.iter().map(|way| way.source).find(|source| Some(*source) == last);
    let likely = likely.or(ways.first().map(|way| way.source));
    effect(move || {
        dom::focus(".entrance-providers .button-primary");
    });
    view! {
        <div class="entrance-providers">
            <Refusal text=entry.not_begun />
            {ways
                .into_iter()
                .map(|SignInWay { source, name }| {
                    view! {
                        <Button
                            label=words::continue_with(&name)
                            kind=if Some(source) == likely { Kind::Primary } else { Kind::Secondary }
                            icon=Icon::Key
                            wide=true
                            working=Signal::derive(move || entry.begun.get() == Some(source))
                            on_press=move |()| entry.begin(session, api, source)
                        />
                    }
                })
                .collect_view()}
            <p class="entrance-small">{words::OPENS}</p>
        </div>
    }
}
