//! `/sign-in` (picture 01) with local accounts.

use chancery_protocol::http::SignIn;
use chancery_ui_kit::api::{ApiClient, ClientError};
use chancery_ui_kit::badge::Tone;
use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::dialog::Dialog;
use chancery_ui_kit::dom;
use chancery_ui_kit::field::{Checkbox, Field, FieldKind};
use chancery_ui_kit::icon::Icon;
use chancery_ui_kit::notice::Notice;
use chancery_ui_kit::reactive::{effect, on};
use chancery_ui_kit::text;
use chancery_ui_kit::text::sign_in as words;
use leptos::ev::SubmitEvent;
use leptos::html::Input;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api;
use crate::components::entrance::{Entrance, ServiceDesk};
use crate::state::session::{Farewell, Session};

/// The page.
#[component]
pub fn SignInPage() -> impl IntoView {
    let session = Session::current();
    effect(move || crate::title::set(words::TITLE, 0));
    if session.server.get_untracked().is_none() {
        session.load_server();
    }
    let forgotten = RwSignal::new(false);
    view! {
        <Entrance>
            <h1 class="entrance-title">{words::TITLE}</h1>
            {move || session.farewell.get().map(|why| view! { <FarewellNotice why /> })}
            <Form forgotten />
            <Dialog open=forgotten id="forgotten" title=words::FORGOTTEN_TITLE.to_owned()>
                <p>{words::FORGOTTEN_BODY}</p>
                {move || {
                    session.server.get().and_then(|server| server.service_desk).map(|desk| {
                        view! { <p class="entrance-desk">{words::TROUBLE}" "<ServiceDesk desk /></p> }
                    })
                }}
            </Dialog>
        </Entrance>
    }
}

#[component]
fn FarewellNotice(why: Farewell) -> impl IntoView {
    let (tone, icon) = match why {
        Farewell::SignedOut => (Tone::Mute, Icon::SignOut),
        Farewell::Ended => (Tone::Warn, Icon::Clock),
        Farewell::Suspended => (Tone::Bad, Icon::Barred),
    };
    view! { <Notice tone icon assertive=true>{why.text()}</Notice> }
}

/// What the form holds.
#[derive(Clone, Copy)]
struct Entry {
    username: RwSignal<String>,
    password: RwSignal<String>,
    keep: RwSignal<bool>,
    username_error: RwSignal<Option<String>>,
    password_error: RwSignal<Option<String>>,
    refused: RwSignal<Option<ClientError>>,
    working: RwSignal<bool>,
}

impl Entry {
    fn new() -> Self {
        Self {
            username: RwSignal::new(String::new()),
            password: RwSignal::new(String::new()),
            keep: RwSignal::new(true),
            username_error: RwSignal::new(None),
            password_error: RwSignal::new(None),
            refused: RwSignal::new(None),
            working: RwSignal::new(false),
        }
    }

    /// Says what is missing and puts the focus there.
    fn complete(self) -> bool {
        let username = self.username.with_untracked(|name| name.trim().is_empty());
        let password = self.password.with_untracked(String::is_empty);
        self.username_error.set(username.then(|| words::NEED_USERNAME.to_owned()));
        self.password_error.set(password.then(|| words::NEED_PASSWORD.to_owned()));
        if username {
            dom::focus("#username");
        } else if password {
            dom::focus("#password");
        }
        !username && !password
    }

    fn send(self, session: Session, api: ApiClient) {
        self.working.set(true);
        self.refused.set(None);
        let body = SignIn {
            username: self.username.with_untracked(|name| dom::small(name.trim())),
            password: self.password.get_untracked(),
            keep: self.keep.get_untracked(),
        };
        spawn_local(async move {
            let result = api::sessions::create(api, &body).await;
            // The page may be gone by now; then nobody waits for the answer.
            let _ = self.working.try_set(false);
            match result {
                Ok(info) => session.begin(info),
                Err(error) => {
                    session.farewell.set(None);
                    let _ = self.refused.try_set(Some(error));
                    dom::focus("#password");
                }
            }
        });
    }
}

#[component]
fn Form(forgotten: RwSignal<bool>) -> impl IntoView {
    let session = Session::current();
    let api = ApiClient::current();
    let entry = Entry::new();
    let first = NodeRef::<Input>::new();
    effect(move || {
        if let Some(first) = first.get() {
            let _ = first.focus();
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if !entry.working.get_untracked() && entry.complete() {
            entry.send(session, api);
        }
    };
    let hours =
        Signal::derive(move || words::keep(session.server.get().map_or(12, |server| server.session_hours)));
    view! {
        <form class="entrance-fields" novalidate on:submit=on(submit)>
            {move || {
                entry.refused.get().map(|error| {
                    view! { <Notice tone=Tone::Bad icon=Icon::CrossCircle assertive=true>{text::problem::of(&error)}</Notice> }
                })
            }}
            <Field
                id="username"
                label=words::USERNAME
                value=entry.username
                icon=Icon::Person
                autocomplete="username"
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
            <Button label=words::SUBMIT.to_owned() kind=Kind::Primary submit=true wide=true working=entry.working />
        </form>
    }
}
