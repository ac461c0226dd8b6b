//! A new password for oneself.

use chancery_protocol::http::ChangePassword;
use chancery_ui_kit::api::{ApiClient, ClientError};
use chancery_ui_kit::badge::Tone;
use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::dom;
use chancery_ui_kit::field::{Field, FieldKind};
use chancery_ui_kit::icon::Icon;
use chancery_ui_kit::notice::Notice;
use chancery_ui_kit::reactive::on;
use chancery_ui_kit::text;
use chancery_ui_kit::text::devices as words;
use chancery_ui_kit::toast::Toasts;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api;
use crate::logic::forms::MIN_PASSWORD;

/// What is typed and what is wrong with it.
#[derive(Clone, Copy)]
struct Entry {
    current: RwSignal<String>,
    new: RwSignal<String>,
    repeat: RwSignal<String>,
    current_error: RwSignal<Option<String>>,
    new_error: RwSignal<Option<String>>,
    repeat_error: RwSignal<Option<String>>,
    refused: RwSignal<Option<ClientError>>,
    working: RwSignal<bool>,
}

impl Entry {
    fn new() -> Self {
        let empty = || RwSignal::new(String::new());
        let fine = || RwSignal::new(None);
        Self {
            current: empty(),
            new: empty(),
            repeat: empty(),
            current_error: fine(),
            new_error: fine(),
            repeat_error: fine(),
            refused: RwSignal::new(None),
            working: RwSignal::new(false),
        }
    }

    fn complete(self) -> bool {
        let missing = self.current.with_untracked(String::is_empty);
        let short = self.new.with_untracked(|new| new.chars().count() < MIN_PASSWORD);
        let differs = self.new.get_untracked() != self.repeat.get_untracked();
        self.current_error.set(missing.then(|| words::NEED_CURRENT.to_owned()));
        self.new_error.set(short.then(|| text::link::PASSWORD_HELP.to_owned()));
        self.repeat_error.set(differs.then(|| text::link::NEED_SAME.to_owned()));
        let wrong = [(missing, "#current"), (short, "#new"), (differs, "#repeat")];
        match wrong.into_iter().find(|(wrong, _)| *wrong) {
            Some((_, field)) => {
                dom::focus(field);
                false
            }
            None => true,
        }
    }

    fn done(self, result: Result<(), ClientError>, toasts: Toasts, changed: Callback<()>) {
        let _ = self.working.try_set(false);
        match result {
            Ok(()) => {
                for field in [self.current, self.new, self.repeat] {
                    let _ = field.try_set(String::new());
                }
                toasts.done(words::CHANGED);
                changed.run(());
            }
            Err(error) if error.code() == Some("sign_in_failed") => {
                let _ = self.current_error.try_set(Some(words::WRONG_CURRENT.to_owned()));
                dom::focus("#current");
            }
            Err(error) if error.code() == Some("password_too_short") => {
                let _ = self.new_error.try_set(Some(text::problem::of(&error)));
                dom::focus("#new");
            }
            Err(error) => {
                let _ = self.refused.try_set(Some(error));
            }
        }
    }
}

/// The form.
#[component]
pub fn PasswordForm(#[prop(into)] on_changed: Callback<()>) -> impl IntoView {
    let api = ApiClient::current();
    let toasts = Toasts::current();
    let entry = Entry::new();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if entry.working.get_untracked() || !entry.complete() {
            return;
        }
        entry.working.set(true);
        entry.refused.set(None);
        let body = ChangePassword { current: entry.current.get_untracked(), new: entry.new.get_untracked() };
        spawn_local(async move {
            let result = api::sessions::change_password(api, &body).await;
            entry.done(result, toasts, on_changed);
        });
    };
    view! {
        <form class="settings-form" novalidate on:submit=on(submit)>
            {move || entry.refused.get().map(|error| view! {
                <Notice tone=Tone::Bad icon=Icon::CrossCircle assertive=true>{text::problem::of(&error)}</Notice>
            })}
            <Field id="current" label=words::CURRENT value=entry.current kind=FieldKind::Password
                autocomplete="current-password" error=entry.current_error />
            <Field id="new" label=words::NEW value=entry.new kind=FieldKind::Password
                autocomplete="new-password" help=text::link::PASSWORD_HELP error=entry.new_error />
            <Field id="repeat" label=words::REPEAT value=entry.repeat kind=FieldKind::Password
                autocomplete="new-password" error=entry.repeat_error />
            <div><Button label=words::CHANGE.to_owned() kind=Kind::Primary submit=true working=entry.working /></div>
        </form>
    }
}
