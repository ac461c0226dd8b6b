//! The form that uses a link: a password twice, and for set-up a name and a username.

use chancery_protocol::http::{LinkKind, RedeemLink};
use chancery_ui_kit::api::sessions::Entered;
use chancery_ui_kit::api::{ApiClient, ClientError};
use chancery_ui_kit::badge::Tone;
use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::dom;
use chancery_ui_kit::field::{Field, FieldKind};
use chancery_ui_kit::icon::Icon;
use chancery_ui_kit::notice::Notice;
use chancery_ui_kit::reactive::on;
use chancery_ui_kit::second_step::SecondStep;
use chancery_ui_kit::text;
use chancery_ui_kit::text::link as words;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api;
use crate::logic::forms::{MIN_PASSWORD, username_is_valid};
use crate::navigate::use_go;
use crate::routes::Place;
use crate::state::session::Session;

/// What is typed and what is wrong with it.
#[derive(Clone, Copy)]
struct Entry {
    setup: bool,
    name: RwSignal<String>,
    username: RwSignal<String>,
    password: RwSignal<String>,
    repeat: RwSignal<String>,
    name_error: RwSignal<Option<String>>,
    username_error: RwSignal<Option<String>>,
    password_error: RwSignal<Option<String>>,
    repeat_error: RwSignal<Option<String>>,
    refused: RwSignal<Option<ClientError>>,
    working: RwSignal<bool>,
}

impl Entry {
    fn new(setup: bool) -> Self {
        let empty = || RwSignal::new(String::new());
        let fine = || RwSignal::new(None);
        Self {
            setup,
            name: empty(),
            username: empty(),
            password: empty(),
            repeat: empty(),
            name_error: fine(),
            username_error: fine(),
            password_error: fine(),
            repeat_error: fine(),
            refused: RwSignal::new(None),
            working: RwSignal::new(false),
        }
    }

    fn check_name(self) -> bool {
        let missing = self.setup && self.name.with_untracked(|name| name.trim().is_empty());
        self.name_error.set(missing.then(|| words::NEED_NAME.to_owned()));
        !missing
    }

    fn check_username(self) -> bool {
        let error = self.username.with_untracked(|name| match name.trim() {
            _ if !self.setup => None,
            "" => Some(words::NEED_USERNAME.to_owned()),
            name => (!username_is_valid(name)).then(|| words::USERNAME_HELP.to_owned()),
        });
        let fine = error.is_none();
        self.username_error.set(error);
        fine
    }

    fn check_password(self) -> bool {
        let short = self.password.with_untracked(|password| password.chars().count() < MIN_PASSWORD);
        self.password_error.set(short.then(|| words::PASSWORD_HELP.to_owned()));
        !short
    }

    fn check_repeat(self) -> bool {
        let differs = self.password.get_untracked() != self.repeat.get_untracked();
        self.repeat_error.set(differs.then(|| words::NEED_SAME.to_owned()));
        !differs
    }

    /// Checks everything and puts the focus on the first wrong field.
    fn complete(self) -> bool {
        let checks = [
            (self.check_name(), "#link-name"),
            (self.check_username(), "#link-username"),
            (self.check_password(), "#link-password"),
            (self.check_repeat(), "#link-repeat"),
        ];
        match checks.into_iter().find(|(fine, _)| !fine) {
            Some((_, field)) => {
                dom::focus(field);
                false
            }
            None => true,
        }
    }

    fn body(self, token: String) -> RedeemLink {
        let of_setup =
            |value: RwSignal<String>| self.setup.then(|| value.with_untracked(|text| text.trim().to_owned()));
        RedeemLink {
            token,
            password: self.password.get_untracked(),
            username: of_setup(self.username),
            name: of_setup(self.name),
        }
    }

    /// Puts a refusal where it belongs.
    fn refuse(self, error: ClientError) {
        let sentence = text::problem::of(&error);
        match error.code() {
            Some("username_invalid" | "username_taken") if self.setup => {
                let _ = self.username_error.try_set(Some(sentence));
                dom::focus("#link-username");
            }
            Some("password_too_short") => {
                let _ = self.password_error.try_set(Some(sentence));
                dom::focus("#link-password");
            }
            _ => {
                let _ = self.refused.try_set(Some(error));
            }
        }
    }
}

/// The form.
#[component]
pub fn RedeemForm(
    kind: LinkKind,
    token: String,
    username: Option<String>,
    #[prop(into)] on_invalid: Callback<()>,
    #[prop(into)] on_second: Callback<SecondStep>,
) -> impl IntoView {
    let session = Session::current();
    let api = ApiClient::current();
    let go = use_go();
    let setup = kind == LinkKind::Setup;
    let entry = Entry::new(setup);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if entry.working.get_untracked() || !entry.complete() {
            return;
        }
        entry.working.set(true);
        entry.refused.set(None);
        let body = entry.body(token.clone());
        spawn_local(async move {
            let result = api::links::redeem(api, &body).await;
            let _ = entry.working.try_set(false);
            match result {
                Ok(Entered::In(info)) => {
                    session.begin(*info);
                    go.replace(Place::Chats);
                }
                Ok(Entered::Second(step)) => on_second.run(step),
                Err(error) if matches!(error.code(), Some("link_invalid" | "not_found")) => {
                    on_invalid.run(())
                }
                Err(error) => entry.refuse(error),
            }
        });
    };
    let submit_label = match kind {
        LinkKind::Setup => words::SUBMIT_SETUP,
        LinkKind::Invitation => words::SUBMIT_INVITATION,
        LinkKind::Reset => words::SUBMIT_RESET,
    };
    view! {
        <form class="entrance-fields" novalidate on:submit=on(submit)>
            {move || {
                entry.refused.get().map(|error| {
                    view! { <Notice tone=Tone::Bad icon=Icon::CrossCircle assertive=true>{text::problem::of(&error)}</Notice> }
                })
            }}
            {setup.then(|| view! {
                <Field id="link-name" label=words::NAME value=entry.name autocomplete="name" tall=true
                    help=words::NAME_HELP error=entry.name_error on_leave=move |()| { entry.check_name(); } />
                <Field id="link-username" label=words::USERNAME value=entry.username autocomplete="username" tall=true
                    icon=Icon::Person help=words::USERNAME_HELP error=entry.username_error
                    on_leave=move |()| { entry.check_username(); } />
            })}
            // Password managers file the new password under this name.
            {username.map(|username| view! {
                <input type="text" class="sr-only" autocomplete="username" value=username readonly tabindex="-1" aria-hidden="true" />
            })}
            <Field id="link-password" label=words::PASSWORD value=entry.password kind=FieldKind::Password tall=true
                icon=Icon::Lock autocomplete="new-password" help=words::PASSWORD_HELP error=entry.password_error
                on_leave=move |()| { entry.check_password(); } />
            <Field id="link-repeat" label=words::REPEAT value=entry.repeat kind=FieldKind::Password tall=true
                icon=Icon::Lock autocomplete="new-password" error=entry.repeat_error />
            <Button label=submit_label.to_owned() kind=Kind::Primary submit=true wide=true working=entry.working />
        </form>
    }
}
