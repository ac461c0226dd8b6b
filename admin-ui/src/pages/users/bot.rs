//! A new bot: the form. Its access tokens are issued on its page, which opens then.

use chancery_protocol::MAX_NAME_CHARS;
use chancery_protocol::person::Person;
use chancery_protocol::text::check_username;
use chancery_protocol::tokens::MakeBot;
use chancery_ui_kit::api::ClientError;
use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::dom;
use chancery_ui_kit::field::Field;
use chancery_ui_kit::question::Refusal;
use chancery_ui_kit::reactive::{effect, on};
use chancery_ui_kit::text;
use chancery_ui_kit::text::access_tokens as words;
use chancery_ui_kit::text::console;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::person_field::{PersonField, at_the_person};
use crate::api::people;
use crate::state::users::Users;

/// What the form holds.
#[derive(Clone, Copy)]
struct Entry {
    name: RwSignal<String>,
    username: RwSignal<String>,
    owner: RwSignal<Option<Person>>,
    name_error: RwSignal<Option<String>>,
    username_error: RwSignal<Option<String>>,
    owner_error: RwSignal<Option<String>>,
}

impl Entry {
    fn new() -> Self {
        Self {
            name: RwSignal::new(String::new()),
            username: RwSignal::new(String::new()),
            owner: RwSignal::new(None),
            name_error: RwSignal::new(None),
            username_error: RwSignal::new(None),
            owner_error: RwSignal::new(None),
        }
    }

    /// What is sent; none when something is wrong, which is said at its field then and has the focus.
    fn form(self) -> Option<MakeBot> {
        let name = self.name.with_untracked(|name| name.trim().to_owned());
        let username = self.username.with_untracked(|name| dom::small(name.trim()));
        let owner = self.owner.with_untracked(|owner| owner.as_ref().map(|person| person.id));
        let wrong = match name.chars().count() {
            0 => Some(console::NEED_NAME.to_owned()),
            length if length > MAX_NAME_CHARS => Some(text::people::too_long(MAX_NAME_CHARS)),
            _ => None,
        };
        let known = check_username(&username).is_ok();
        let first = match (&wrong, known, owner) {
            (Some(_), ..) => Some("#bot-name"),
            (None, false, _) => Some("#bot-username"),
            (None, true, None) => Some("#owner"),
            (None, true, Some(_)) => None,
        };
        self.name_error.set(wrong);
        self.username_error.set((!known).then(|| text::problem::of_code("username_invalid")));
        self.owner_error.set(owner.is_none().then(|| words::NEED_OWNER.to_owned()));
        if let Some(first) = first {
            dom::focus(first);
            return None;
        }
        owner.map(|owner| MakeBot { username, name, owner })
    }
}

/// The dialog.
#[component]
pub fn BotDialog() -> impl IntoView {
    let users = Users::current();
    let entry = Entry::new();
    let (working, failed) = (RwSignal::new(false), RwSignal::new(None::<ClientError>));
    effect(move || {
        dom::focus("#bot-name");
    });
    at_the_person(failed, entry.owner_error, "owner", "owner");
    // What was wrong is not wrong any more once it is typed anew.
    for (value, error) in [(entry.name, entry.name_error), (entry.username, entry.username_error)] {
        effect(move || {
            value.track();
            error.set(None);
        });
    }
    effect(move || {
        let field = failed.with(|failed| match failed {
            Some(error @ ClientError::Problem(problem)) => match problem.field.as_deref() {
                Some("username") => Some((entry.username_error, "#bot-username", text::problem::of(error))),
                Some("name") => Some((entry.name_error, "#bot-name", text::problem::of(error))),
                _ => None,
            },
            _ => None,
        });
        if let Some((error, field, said)) = field {
            error.set(Some(said));
            failed.set(None);
            dom::focus(field);
        }
    });
    let refused = Signal::derive(move || failed.with(|failed| failed.as_ref().map(words::refused)));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if working.get_untracked() {
            return;
        }
        let Some(form) = entry.form() else { return };
        let act = async move { people::make_bot(users.api(), &form).await };
        users.run(working, failed, act, move |made| {
            users.done(words::BOT_ADDED);
            users.answered();
            users.show(made.id);
        });
    };
    view! {
        <form class="dialog-fields" novalidate on:submit=on(submit)>
            <p class="dialog-body">{words::BOT_LEAD}</p>
            <Refusal words=refused />
            <Field
                id="bot-name"
                label=console::NAME
                value=entry.name
                help=words::BOT_NAME_HELP.to_owned()
                error=entry.name_error
                autocomplete="off"
            />
            <Field
                id="bot-username"
                label=console::USERNAME
                value=entry.username
                help=console::USERNAME_HELP.to_owned()
                error=entry.username_error
                autocomplete="off"
            />
            <PersonField
                id="owner"
                label=words::OWNER
                nobody=words::OWNER_NOBODY
                chosen=entry.owner
                error=entry.owner_error
            />
            <div class="dialog-acts">
                <Button label=text::act::CANCEL.to_owned() kind=Kind::Quiet on_press=move |()| users.answered() />
                <Button label=words::ADD_BOT_ACT.to_owned() kind=Kind::Primary submit=true working />
            </div>
        </form>
    }
}
