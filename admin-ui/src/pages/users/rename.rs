//! Another name for one account.

use chancery_protocol::MAX_NAME_CHARS;
use chancery_protocol::accounts::ChangePerson;
use chancery_protocol::http::Account;
use chancery_ui_kit::api::ClientError;
use chancery_ui_kit::badge::Tone;
use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::field::Field;
use chancery_ui_kit::icon::Icon;
use chancery_ui_kit::notice::Notice;
use chancery_ui_kit::reactive::{effect, on};
use chancery_ui_kit::text;
use chancery_ui_kit::text::console as words;
use leptos::ev::SubmitEvent;
use leptos::html::Input;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::confirm::Refused;
use crate::api::people;
use crate::state::users::Users;

/// The form. When somebody else was faster, both names are shown and nothing is overwritten unasked.
#[component]
pub fn RenameDialog(account: Account) -> impl IntoView {
    let users = Users::current();
    let (working, failed) = (RwSignal::new(false), RwSignal::new(None::<ClientError>));
    let id = account.person.id;
    let name = RwSignal::new(account.person.name.clone());
    let was = RwSignal::new(account.person.name);
    let error = RwSignal::new(None::<String>);
    let theirs = RwSignal::new(None::<String>);
    let field = NodeRef::<Input>::new();
    effect(move || {
        if let Some(field) = field.get() {
            let _ = field.focus();
            field.select();
        }
    });
    effect(move || {
        let late =
            failed.with(|failed| failed.as_ref().is_some_and(|error| error.code() == Some("outdated")));
        if late {
            spawn_local(async move {
                if let Ok(now) = people::get(users.api(), id).await {
                    let _ = was.try_set(now.person.name.clone());
                    let _ = failed.try_set(None);
                    let _ = theirs.try_set(Some(now.person.name));
                    users.refresh();
                }
            });
        }
    });
    let save = move || {
        if working.get_untracked() {
            return;
        }
        let wanted = name.get_untracked().trim().to_owned();
        let wrong = match wanted.chars().count() {
            0 => Some(words::NEED_NAME.to_owned()),
            length if length > MAX_NAME_CHARS => Some(text::people::too_long(MAX_NAME_CHARS)),
            _ => None,
        };
        let stop = wrong.is_some();
        error.set(wrong);
        if stop {
            if let Some(field) = field.get_untracked() {
                let _ = field.focus();
            }
            return;
        }
        theirs.set(None);
        let form = ChangePerson { name: wanted, was: was.get_untracked(), email: None };
        let back = ChangePerson { name: form.was.clone(), was: form.name.clone(), email: None };
        let act = async move { people::change(users.api(), id, &form).await };
        users.run(working, failed, act, move |()| {
            users.done_but(words::RENAMED, move || {
                let back = back.clone();
                async move { people::change(users.api(), id, &back).await }
            });
            users.answered();
        });
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        save();
    };
    view! {
        <form class="dialog-fields" novalidate on:submit=on(submit)>
            {move || {
                theirs.get().map(|theirs| {
                    view! {
                        <Notice tone=Tone::Warn icon=Icon::Warning assertive=true>{words::name_outdated(&theirs)}</Notice>
                    }
                })
            }}
            <Refused failed />
            <Field id="new-name" label=words::NAME value=name help=words::NAME_HELP error node=field autocomplete="off" />
            <div class="dialog-acts">
                {move || {
                    let (keep, use_it) = match theirs.get() {
                        Some(_) => (words::KEEP_THEIRS, words::USE_MINE),
                        None => (text::act::CANCEL, text::act::SAVE),
                    };
                    view! {
                        <Button label=keep.to_owned() kind=Kind::Quiet on_press=move |()| users.answered() />
                        <Button label=use_it.to_owned() kind=Kind::Primary submit=true working />
                    }
                }}
            </div>
        </form>
    }
}
