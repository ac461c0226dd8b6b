//! `/link#token`: set-up, invitation, reset. The part behind `#` is never sent with a request for a page.

use chancery_protocol::http::{LinkInfo, LinkKind};
use chancery_ui_kit::api::{ApiClient, ClientError};
use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::dom;
use chancery_ui_kit::icon::Icon;
use chancery_ui_kit::reactive::effect;
use chancery_ui_kit::second_step::{SecondStep, SecondStepForm};
use chancery_ui_kit::skeleton::SkeletonRows;
use chancery_ui_kit::state_view::{EmptyState, FailedState};
use chancery_ui_kit::text;
use chancery_ui_kit::text::factors;
use chancery_ui_kit::text::link as words;
use chancery_ui_kit::time::LocalTime;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api;
use crate::components::entrance::Entrance;
use crate::navigate::use_go;
use crate::routes::Place;
use crate::state::session::Session;

mod form;

use form::RedeemForm;

/// What is known of the link.
#[derive(Clone, PartialEq)]
enum State {
    Checking,
    Usable(LinkInfo),
    /// It was used: the password is set, and a second factor is asked for.
    Second(Box<SecondStep>),
    /// That took too long.
    Set,
    Invalid,
    Failed(ClientError),
}

/// The page.
#[component]
pub fn LinkPage() -> impl IntoView {
    let session = Session::current();
    let api = ApiClient::current();
    if session.server.get_untracked().is_none() {
        session.load_server();
    }
    let token = StoredValue::new(take_token());
    let state = RwSignal::new(State::Checking);
    let check = move || {
        let Some(token) = token.get_value() else { return state.set(State::Invalid) };
        state.set(State::Checking);
        spawn_local(async move {
            let next = match api::links::inspect(api, token).await {
                Ok(info) => State::Usable(info),
                Err(error) if matches!(error.code(), Some("link_invalid" | "not_found" | "bad_request")) => {
                    State::Invalid
                }
                Err(error) => State::Failed(error),
            };
            let _ = state.try_set(next);
        });
    };
    check();
    effect(move || {
        let title = state.with(|state| match state {
            State::Checking | State::Failed(_) => words::CHECKING,
            State::Invalid => words::INVALID_TITLE,
            State::Second(_) => factors::STEP_TITLE,
            State::Set => factors::SET_TITLE,
            State::Usable(info) => match info.kind {
                LinkKind::Setup => words::SETUP_TITLE,
                LinkKind::Invitation => words::SUBMIT_INVITATION,
                LinkKind::Reset => words::RESET_TITLE,
            },
        });
        crate::title::set(title, 0);
    });
    view! {
        <Entrance>
            {move || match state.get() {
                State::Checking => view! { <h1 class="sr-only">{words::CHECKING}</h1><SkeletonRows rows=3 /> }.into_any(),
                State::Failed(error) => {
                    view! { <FailedState title=words::FAILED_TITLE error on_retry=move |()| check() /> }.into_any()
                }
                State::Invalid => {
                    view! { <Ended icon=Icon::Clock title=words::INVALID_TITLE body=words::INVALID_BODY /> }.into_any()
                }
                State::Second(step) => view! { <Second step=*step on_over=move |()| state.set(State::Set) /> }.into_any(),
                State::Set => {
                    view! { <Ended icon=Icon::Key title=factors::SET_TITLE body=factors::SET_BODY /> }.into_any()
                }
                State::Usable(info) => {
                    let token = token.get_value().unwrap_or_default();
                    view! { <Usable
                        info
                        token
                        on_invalid=move |()| state.set(State::Invalid)
                        on_second=move |step| state.set(State::Second(Box::new(step)))
                    /> }.into_any()
                }
            }}
        </Entrance>
    }
}

/// Reads the token behind `#`. It stays in the address until the link is used, so that a reload does not lose it.
fn take_token() -> Option<String> {
    let hash = dom::window()?.location().hash().ok()?;
    let token = hash.trim_start_matches('#').to_owned();
    (!token.is_empty()).then_some(token)
}

/// The second step, once the password is set.
#[component]
fn Second(step: SecondStep, #[prop(into)] on_over: Callback<()>) -> impl IntoView {
    let (session, go) = (Session::current(), use_go());
    let done = move |info| {
        session.begin(info);
        go.replace(Place::Chats);
    };
    view! {
        <h1 class="entrance-title">{factors::STEP_TITLE}</h1>
        <SecondStepForm
            step
            wide=true
            back=factors::OTHER_ACCOUNT
            on_in=done
            on_over
            on_back=move |()| go.replace(Place::SignIn)
        />
    }
}

/// The link leads nowhere any more; signing in does.
#[component]
fn Ended(icon: Icon, title: &'static str, body: &'static str) -> impl IntoView {
    let go = use_go();
    view! {
        <h1 class="sr-only">{title}</h1>
        <EmptyState icon title body>
            <Button label=words::TO_SIGN_IN.to_owned() kind=Kind::Secondary on_press=move |()| go.to(Place::SignIn) />
        </EmptyState>
    }
}

#[component]
fn Usable(
    info: LinkInfo,
    token: String,
    #[prop(into)] on_invalid: Callback<()>,
    #[prop(into)] on_second: Callback<SecondStep>,
) -> impl IntoView {
    let expires = words::expires(&LocalTime::of(info.expires_at).full());
    let (title, body) = match (&info.kind, &info.person) {
        (LinkKind::Setup, _) => (words::SETUP_TITLE.to_owned(), words::SETUP_BODY.to_owned()),
        (LinkKind::Invitation, Some(person)) => {
            (words::welcome(&person.name), words::INVITATION_BODY.to_owned())
        }
        (LinkKind::Reset, _) => (words::RESET_TITLE.to_owned(), words::RESET_BODY.to_owned()),
        (LinkKind::Invitation, None) => (text::PRODUCT.to_owned(), words::INVITATION_BODY.to_owned()),
    };
    view! {
        <div>
            <h1 class="entrance-title">{title}</h1>
            <p class="entrance-lead">
                {body}
                {info.person.as_ref().map(|person| format!(" {}", words::account(&person.username)))}
            </p>
        </div>
        <RedeemForm kind=info.kind token username=info.person.map(|person| person.username) on_invalid on_second />
        <p class="entrance-small">{expires}</p>
    }
}
