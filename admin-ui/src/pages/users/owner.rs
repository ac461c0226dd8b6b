//! Who answers for a bot: shown with the bot, and changed.

use chancery_protocol::http::Account;
use chancery_protocol::person::Person;
use chancery_protocol::tokens::SetBotOwner;
use chancery_ui_kit::api::ClientError;
use chancery_ui_kit::avatar::{Avatar, Size};
use chancery_ui_kit::badge::Tone;
use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::dom;
use chancery_ui_kit::icon::Icon;
use chancery_ui_kit::notice::Notice;
use chancery_ui_kit::question::Refusal;
use chancery_ui_kit::reactive::{effect, on};
use chancery_ui_kit::text;
use chancery_ui_kit::text::access_tokens as words;
use chancery_ui_kit::text::console;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::person_field::{PersonField, at_the_person};
use crate::api::people;
use crate::state::users::{Ask, Users};

/// The part of the pane.
#[component]
pub fn OwnerPart(account: Account) -> impl IntoView {
    let users = Users::current();
    let edits = users.edits.get_untracked();
    let owner = account.owner.clone();
    let suspended = owner.as_ref().filter(|owner| owner.suspended).map(|owner| owner.name.clone());
    view! {
        <section class="pane-part" aria-labelledby="account-owner">
            <div class="pane-part-head">
                <h3 class="pane-part-title" id="account-owner">{words::OWNER}</h3>
                {edits.then(|| {
                    let ask = move |_| users.ask(Ask::Owner(account.clone()));
                    view! {
                        <button type="button" class="link-button" aria-label=words::OWNER_CHANGE on:click=on(ask)>
                            {console::CHANGE}
                        </button>
                    }
                })}
            </div>
            {suspended.map(|name| view! {
                <Notice tone=Tone::Warn icon=Icon::Warning>{words::owner_suspended(&name)}</Notice>
            })}
            {match owner {
                Some(Person { id, name, username, photo, .. }) => view! {
                    <span class="who">
                        <Avatar person=id name=name.clone() photo size=Size::Small />
                        <span class="who-text">
                            <a class="who-name" href=users.address_of(id)><bdi>{name}</bdi></a>
                            <span class="who-sub">{username}</span>
                        </span>
                    </span>
                }
                .into_any(),
                None => view! { <p class="pane-note">{words::NOT_NAMED}</p> }.into_any(),
            }}
        </section>
    }
}

/// Somebody else.
#[component]
pub fn OwnerDialog(account: Account) -> impl IntoView {
    let users = Users::current();
    let bot = account.person.id;
    let (working, failed) = (RwSignal::new(false), RwSignal::new(None::<ClientError>));
    let (chosen, error) = (RwSignal::new(None::<Person>), RwSignal::new(None::<String>));
    effect(move || {
        dom::focus("#owner");
    });
    at_the_person(failed, error, "owner", "owner");
    let refused = Signal::derive(move || failed.with(|failed| failed.as_ref().map(words::refused)));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if working.get_untracked() {
            return;
        }
        let Some(owner) = chosen.with_untracked(|chosen| chosen.as_ref().map(|person| person.id)) else {
            error.set(Some(words::NEED_OWNER.to_owned()));
            dom::focus("#owner");
            return;
        };
        let act = async move { people::set_bot_owner(users.api(), bot, &SetBotOwner { owner }).await };
        users.run(working, failed, act, move |()| {
            users.done(words::OWNER_SET);
            users.answered();
        });
    };
    let without = Some(account.owner.map_or(bot, |owner| owner.id));
    view! {
        <form class="dialog-fields" novalidate on:submit=on(submit)>
            <Refusal words=refused />
            <PersonField id="owner" label=words::OWNER nobody=words::OWNER_NOBODY chosen error without />
            <div class="dialog-acts">
                <Button label=text::act::CANCEL.to_owned() kind=Kind::Quiet on_press=move |()| users.answered() />
                <Button label=words::OWNER_ACT.to_owned() kind=Kind::Primary submit=true working />
            </div>
        </form>
    }
}
