//! The root: what is provided to everything, and which page an address shows.

use chancery_ui_kit::api::ApiClient;
use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::dom;
use chancery_ui_kit::icon::Icon;
use chancery_ui_kit::reactive::{effect, memo};
use chancery_ui_kit::session::{chats, leads_to_console, way_back};
use chancery_ui_kit::state_view::FailedState;
use chancery_ui_kit::text;
use chancery_ui_kit::theme::ThemeChoice;
use chancery_ui_kit::toast::{ToastRegion, Toasts};
use leptos::prelude::*;

use crate::navigate::provide_go;
use crate::pages::chat::ChatPage;
use crate::pages::link::LinkPage;
use crate::pages::mail_off::MailOffPage;
use crate::pages::sign_in::SignInPage;
use crate::pages::sign_in::back::ReturnPage;
use crate::routes::Place;
use crate::state::chat::Chat;
use crate::state::prefs::Prefs;
use crate::state::session::{Farewell, Session, SessionState};

/// Everything.
#[component]
pub fn App() -> impl IntoView {
    ThemeChoice::provide();
    Prefs::provide();
    Toasts::provide();
    let session = Session::provide(ApiClient::provide());
    let chat = Chat::provide(session);
    effect(move || {
        session.state.with(|state| match state {
            SessionState::Present(info) if chats(&info.roles) => chat.begin(info.me.id),
            // Whoever only has duties has no socket to open.
            SessionState::Present(_) => chat.pause(),
            SessionState::Absent => {
                chat.pause();
                if matches!(session.farewell.get_untracked(), Some(Farewell::SignedOut | Farewell::Declined))
                {
                    chat.forget();
                }
            }
            SessionState::Unknown | SessionState::Failed(_) => {}
        });
    });
    view! {
        <Pages />
        <ToastRegion />
    }
}

/// Which of the worlds is shown.
#[derive(Clone, Copy, PartialEq)]
enum World {
    Waiting,
    SignIn,
    Return,
    Link,
    MailOff,
    Chat,
    Failed,
}

#[component]
fn Pages() -> impl IntoView {
    let go = provide_go();
    let session = Session::current();
    let path = go.path();
    let place = memo(move || path.with(|path| Place::of(path)));
    provide_context(place);
    // On the way back from a provider there is a session only after the answer to what it gave.
    match place.get_untracked() {
        Place::Return => session.load_server(),
        _ => session.load(),
    }

    let world = memo(move || {
        session.state.with(|state| match (place.get(), state) {
            (Place::Link, _) => World::Link,
            (Place::MailOff, _) => World::MailOff,
            (Place::Return, _) => World::Return,
            (_, SessionState::Unknown) => World::Waiting,
            (_, SessionState::Failed(_)) => World::Failed,
            (Place::SignIn, SessionState::Absent) => World::SignIn,
            (_, SessionState::Present(info)) if chats(&info.roles) => World::Chat,
            // On the way to the console: every role that does not chat has a place there.
            (_, SessionState::Present(_)) => World::Waiting,
            (_, SessionState::Absent) => World::SignIn,
        })
    });
    // The address follows: nobody signed in leads to sign-in, and back to where one wanted to be.
    effect(move || {
        let here = place.get();
        session.state.with(|state| match state {
            SessionState::Absent if here.needs_session() => {
                // Who signed out by himself begins anew; who was thrown out comes back to where he was.
                let left = matches!(
                    session.farewell.get_untracked(),
                    Some(Farewell::SignedOut | Farewell::Declined)
                );
                session.wanted.set_value((!left).then(|| here.path()));
                go.replace(Place::SignIn);
            }
            SessionState::Present(info) if matches!(here, Place::SignIn | Place::Return) => {
                let wanted = session.wanted.try_update_value(Option::take).flatten();
                match way_back().or(wanted) {
                    Some(to) if leads_to_console(&to) => dom::leave_for(&to),
                    _ if !chats(&info.roles) => dom::leave_for("/console"),
                    to => go.replace(to.map_or(Place::Chats, |to| Place::of(&to))),
                }
            }
            SessionState::Present(_) if here == Place::MailOff => {}
            // Whoever runs the house without being a colleague in it has nothing here.
            SessionState::Present(info) if !chats(&info.roles) => dom::leave_for("/console"),
            SessionState::Present(_) if path.with(|path| path == "/") => go.replace(Place::Chats),
            _ => {}
        });
    });
    effect(move || {
        if world.get() != World::Waiting {
            remove_boot();
        }
    });
    move || match world.get() {
        World::Waiting => ().into_any(),
        World::SignIn => view! { <SignInPage /> }.into_any(),
        World::Return => view! { <ReturnPage /> }.into_any(),
        World::Link => view! { <LinkPage /> }.into_any(),
        World::MailOff => view! { <MailOffPage /> }.into_any(),
        World::Chat => view! { <ChatPage /> }.into_any(),
        World::Failed => view! { <Unreached /> }.into_any(),
    }
}

/// Takes away the skeleton that `index.html` shows until the first page is there.
fn remove_boot() {
    if let Some(boot) = dom::find("#boot") {
        boot.remove();
    }
}

/// The server could not be asked who we are.
#[component]
fn Unreached() -> impl IntoView {
    let session = Session::current();
    move || {
        let SessionState::Failed(error) = session.state.get() else { return ().into_any() };
        view! {
            <main class="whole-page">
                <h1 class="sr-only">{text::PRODUCT}</h1>
                <FailedState title=text::sign_in::SERVER_TITLE error on_retry=move |()| session.load() />
            </main>
        }
        .into_any()
    }
}

/// A page that does not exist or is not open to one.
#[component]
pub fn Nowhere() -> impl IntoView {
    let go = crate::navigate::use_go();
    view! {
        <div class="whole-page">
            <h1 class="sr-only">{text::state::NOTHING_TITLE}</h1>
            <chancery_ui_kit::state_view::EmptyState
                icon=Icon::Lock
                title=text::state::NOTHING_TITLE
                body=text::state::NOTHING_BODY
            >
                <Button
                    label=text::state::TO_CHATS.to_owned()
                    kind=Kind::Secondary
                    on_press=move |()| go.to(Place::Chats)
                />
            </chancery_ui_kit::state_view::EmptyState>
        </div>
    }
}
