//! `/sign-in` (picture 01): at a provider, or with a name and a password for accounts made here and in directories.

use chancery_protocol::sources::SignInWays;
use chancery_ui_kit::api::ApiClient;
use chancery_ui_kit::badge::Tone;
use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::dialog::Dialog;
use chancery_ui_kit::dom;
use chancery_ui_kit::field::{Checkbox, Field, FieldKind};
use chancery_ui_kit::icon::Icon;
use chancery_ui_kit::notice::Notice;
use chancery_ui_kit::reactive::{effect, on};
use chancery_ui_kit::second_step::SecondStepForm;
use chancery_ui_kit::skeleton::SkeletonRows;
use chancery_ui_kit::state_view::FailedState;
use chancery_ui_kit::text::factors;
use chancery_ui_kit::text::sign_in as words;
use leptos::ev::SubmitEvent;
use leptos::html::Input;
use leptos::prelude::*;

use crate::components::entrance::{Entrance, ServiceDesk};
use crate::state::session::{Farewell, Session};

pub mod back;
mod entry;
mod providers;

use entry::Entry;
use providers::Providers;

/// The page. The ways to sign in are known before any is shown, so that none moves under the hand.
#[component]
pub fn SignInPage() -> impl IntoView {
    let session = Session::current();
    if session.server.get_untracked().is_none() {
        session.load_server();
    }
    let entry = Entry::new();
    let forgotten = RwSignal::new(false);
    let title = move || if entry.second.with(Option::is_some) { factors::STEP_TITLE } else { words::TITLE };
    effect(move || crate::title::set(title(), 0));
    view! {
        <Entrance>
            <h1 class="entrance-title">{title}</h1>
            {move || session.farewell.get().map(|why| view! { <FarewellNotice why /> })}
            {move || match (session.server.get(), session.unreached.get()) {
                (Some(_), _) if entry.second.with(Option::is_some) => {
                    let Some(step) = entry.second.get_untracked() else { return ().into_any() };
                    view! {
                        <SecondStepForm
                            step
                            wide=true
                            back=factors::OTHER_ACCOUNT
                            on_in=move |info| session.begin(info)
                            on_over=move |()| entry.again(true)
                            on_back=move |()| entry.again(false)
                        />
                    }
                        .into_any()
                }
                (Some(server), _) => view! { <Ways ways=server.sign_in entry forgotten /> }.into_any(),
                (None, Some(error)) => {
                    view! { <FailedState title=words::SERVER_TITLE error on_retry=move |()| session.load_server() /> }
                        .into_any()
                }
                (None, None) => view! { <SkeletonRows rows=3 /> }.into_any(),
            }}
        </Entrance>
    }
}

#[component]
fn FarewellNotice(why: Farewell) -> impl IntoView {
    let (tone, icon) = match why {
        Farewell::SignedOut => (Tone::Mute, Icon::SignOut),
        Farewell::Ended => (Tone::Warn, Icon::Clock),
        Farewell::Suspended | Farewell::Declined => (Tone::Bad, Icon::Barred),
    };
    view! { <Notice tone icon assertive=true>{why.text()}</Notice> }
}

/// Providers first, where there are any; then the form is the second choice.
#[component]
fn Ways(ways: SignInWays, entry: Entry, forgotten: RwSignal<bool>) -> impl IntoView {
    let directories: Vec<String> = ways.directories.into_iter().map(|way| way.name).collect();
    let second = !ways.providers.is_empty();
    let (divider, submit) = match (second, directories.is_empty()) {
        (false, _) => ("", words::SUBMIT),
        (true, false) => (words::OR_DIRECTORY, words::SUBMIT_DIRECTORY),
        (true, true) => (words::OR_PASSWORD, words::SUBMIT_PASSWORD),
    };
    view! {
        {second.then(|| view! { <Providers ways=ways.providers entry /><p class="entrance-or">{divider}</p> })}
        <Form entry forgotten second submit help=words::directories(&directories) />
        <Dialog open=forgotten id="forgotten" title=words::FORGOTTEN_TITLE.to_owned()>
            <p>{if directories.is_empty() { words::FORGOTTEN_BODY } else { words::FORGOTTEN_DIRECTORY }}</p>
            <Desk />
        </Dialog>
    }
}

/// Whom to ask, where that is known.
#[component]
fn Desk() -> impl IntoView {
    let server = Session::current().server;
    move || {
        server.get().and_then(|server| server.service_desk).map(|desk| {
            view! { <p class="entrance-desk">{words::TROUBLE}" "<ServiceDesk desk /></p> }
        })
    }
}

#[component]
fn Form(
    entry: Entry,
    forgotten: RwSignal<bool>,
    /// Whether something else is the likely act.
    second: bool,
    submit: &'static str,
    /// Whose accounts it takes.
    help: Option<String>,
) -> impl IntoView {
    let session = Session::current();
    let api = ApiClient::current();
    let first = NodeRef::<Input>::new();
    effect(move || {
        let Some(first) = first.get() else { return };
        // Whoever comes back from the second step has typed the name already.
        if entry.username.with_untracked(|name| !name.is_empty()) {
            dom::focus("#password");
        } else if !second {
            let _ = first.focus();
        }
    });
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        if !entry.at_work() && entry.complete() {
            entry.send(session, api);
        }
    };
    let hours =
        Signal::derive(move || words::keep(session.server.get().map_or(12, |server| server.session_hours)));
    let kind = if second { Kind::Secondary } else { Kind::Primary };
    view! {
        <form class="entrance-fields" novalidate on:submit=on(send)>
            <Refusal text=entry.refused />
            <Field
                id="username"
                label=words::USERNAME
                value=entry.username
                icon=Icon::Person
                autocomplete="username"
                help
                error=entry.username_error
                tall=true
                node=first
            />
            <Field
                id="password"
                label=words::PASSWORD
                value=entry.password
                kind=FieldKind::Password
                icon=Icon::Lock
                autocomplete="current-password"
                error=entry.password_error
                tall=true
            >
                <button type="button" class="link-button" on:click=on(move |_| forgotten.set(true))>{words::FORGOTTEN}</button>
            </Field>
            <Checkbox id="keep" label=hours checked=entry.keep />
            <Button label=submit kind submit=true wide=true working=entry.working />
        </form>
    }
}

/// Why it did not work, in place.
#[component]
fn Refusal(text: RwSignal<Option<String>>) -> impl IntoView {
    move || {
        text.get().map(
            |text| view! { <Notice tone=Tone::Bad icon=Icon::CrossCircle assertive=true>{text}</Notice> },
        )
    }
}
