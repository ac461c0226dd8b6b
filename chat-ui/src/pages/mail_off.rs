//! `/mail/off/{token}`, from the link in a mail: asks once, and turns such mails off. Looking at it changes nothing.

use chancery_ui_kit::api::{ApiClient, ClientError};
use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::icon::Icon;
use chancery_ui_kit::reactive::part;
use chancery_ui_kit::state_view::{EmptyState, FailedState};
use chancery_ui_kit::text::mailing as words;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api;
use crate::components::entrance::Entrance;
use crate::navigate::use_go;
use crate::routes::{Place, mail_token};
use crate::state::session::Session;

/// How it stands.
#[derive(Clone, PartialEq)]
enum State {
    Asking,
    Done,
    Invalid,
    Failed(ClientError),
}

/// The page.
#[component]
pub fn MailOffPage() -> impl IntoView {
    let session = Session::current();
    let api = ApiClient::current();
    let go = use_go();
    if session.server.get_untracked().is_none() {
        session.load_server();
    }
    let token = go.path().with_untracked(|path| mail_token(path).map(str::to_owned));
    let state = RwSignal::new(if token.is_some() { State::Asking } else { State::Invalid });
    let token = StoredValue::new(token.unwrap_or_default());
    let working = RwSignal::new(false);
    let stop = move |()| {
        working.set(true);
        spawn_local(async move {
            let next = match api::mail::turn_off(api, &token.get_value()).await {
                Ok(()) => State::Done,
                Err(error) if error.code() == Some("not_found") => State::Invalid,
                Err(error) => State::Failed(error),
            };
            let _ = working.try_set(false);
            let _ = state.try_set(next);
        });
    };
    crate::title::set(words::OFF_TITLE, 0);
    let ended = move |icon, title: &'static str, body: &'static str| {
        view! {
            <h1 class="sr-only">{title}</h1>
            <EmptyState icon title body>
                <Button
                    label=words::OFF_SETTINGS.to_owned()
                    kind=Kind::Secondary
                    on_press=move |()| go.to(Place::Notifications)
                />
            </EmptyState>
        }
        .into_any()
    };
    let body = part(move || {
        match state.get() {
        State::Asking => view! {
            <div>
                <h1 class="entrance-title">{words::OFF_TITLE}</h1>
                <p class="entrance-lead">{words::OFF_BODY}</p>
            </div>
            <Button label=words::OFF_ACT.to_owned() kind=Kind::Primary wide=true working on_press=stop />
        }
        .into_any(),
        State::Done => {
            let done = ended(Icon::Tick, words::OFF_DONE_TITLE, words::OFF_DONE_BODY);
            view! { <div role="status">{done}</div> }.into_any()
        }
        State::Invalid => ended(Icon::Link, words::OFF_INVALID_TITLE, words::OFF_INVALID_BODY),
        State::Failed(error) => {
            view! { <h1 class="sr-only">{words::OFF_TITLE}</h1><FailedState title=words::OFF_FAILED error on_retry=stop /> }.into_any()
        }
    }
    });
    view! { <Entrance>{body}</Entrance> }
}
