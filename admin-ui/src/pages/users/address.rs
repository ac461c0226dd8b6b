//! Another e-mail address for one account.

use chancery_protocol::accounts::{ChangeEmail, ChangePerson};
use chancery_protocol::http::Account;
use chancery_ui_kit::api::ClientError;
use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::dom;
use chancery_ui_kit::field::Field;
use chancery_ui_kit::reactive::{effect, on};
use chancery_ui_kit::text;
use chancery_ui_kit::text::console;
use chancery_ui_kit::text::handover as words;
use leptos::ev::SubmitEvent;
use leptos::html::Input;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::confirm::Refused;
use crate::api::people;
use crate::state::users::Users;

/// The form. What somebody else entered meanwhile is shown, and nothing is overwritten unasked.
#[component]
pub fn AddressDialog(account: Account) -> impl IntoView {
    let users = Users::current();
    let (working, failed) = (RwSignal::new(false), RwSignal::new(None::<ClientError>));
    let id = account.person.id;
    let address = RwSignal::new(account.email.clone().unwrap_or_default());
    // What the form was begun with.
    let was = RwSignal::new((account.person.name, account.email.unwrap_or_default()));
    let error = RwSignal::new(None::<String>);
    let field = NodeRef::<Input>::new();
    effect(move || {
        if let Some(field) = field.get() {
            let _ = field.focus();
            field.select();
        }
    });
    // Another address may be right; the server looks at it.
    effect(move || {
        address.track();
        error.set(None);
    });
    effect(move || {
        let Some(refused) = failed.get() else { return };
        if refused.code() == Some("outdated") {
            spawn_local(async move {
                if let Ok(now) = people::get(users.api(), id).await {
                    let theirs = now.email.unwrap_or_default();
                    let _ = error.try_set(Some(words::address_outdated(&theirs)));
                    let _ = was.try_set((now.person.name, theirs));
                    let _ = failed.try_set(None);
                    users.refresh();
                }
            });
        } else if refused.code() == Some("email_invalid") {
            error.set(Some(text::problem::of(&refused)));
            failed.set(None);
            dom::focus("#new-email");
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if working.get_untracked() {
            return;
        }
        let (name, before) = was.get_untracked();
        let to = address.with_untracked(|address| address.trim().to_owned());
        let form = move |address: &str, was: &str| ChangePerson {
            name: name.clone(),
            was: name.clone(),
            email: Some(ChangeEmail { address: address.to_owned(), was: was.to_owned() }),
        };
        // As the server keeps it.
        let (there, back) = (form(&to, &before), form(&before, &to.to_lowercase()));
        let act = async move { people::change(users.api(), id, &there).await };
        users.run(working, failed, act, move |()| {
            users.done_but(words::ADDRESS_CHANGED, move || {
                let back = back.clone();
                async move { people::change(users.api(), id, &back).await }
            });
            users.answered();
        });
    };
    view! {
        <form class="dialog-fields" novalidate on:submit=on(submit)>
            <p class="dialog-body">{words::ADDRESS_BODY}</p>
            <Refused failed />
            <Field
                id="new-email"
                label=console::EMAIL
                value=address
                help=words::ADDRESS_HELP
                error
                node=field
                autocomplete="off"
                inputmode="email"
            />
            <div class="dialog-acts">
                <Button label=text::act::CANCEL.to_owned() kind=Kind::Quiet on_press=move |()| users.answered() />
                <Button label=text::act::SAVE.to_owned() kind=Kind::Primary submit=true working />
            </div>
        </form>
    }
}
