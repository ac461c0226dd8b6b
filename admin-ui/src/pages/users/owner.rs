//! Who answers for a bot: shown with the bot, chosen among people, changed.

use std::time::Duration;

use chancery_protocol::http::Account;
use chancery_protocol::ids::PersonId;
use chancery_protocol::person::Person;
use chancery_protocol::tokens::SetBotOwner;
use chancery_ui_kit::api::ClientError;
use chancery_ui_kit::avatar::{Avatar, Size};
use chancery_ui_kit::badge::Tone;
use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::dom;
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::notice::Notice;
use chancery_ui_kit::question::Refusal;
use chancery_ui_kit::reactive::{effect, on};
use chancery_ui_kit::text;
use chancery_ui_kit::text::access_tokens as words;
use chancery_ui_kit::text::console;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use crate::api::people;
use crate::components::person_finder::PersonFinder;
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

/// A search among people; once one is chosen, that one.
#[component]
pub fn OwnerField(
    /// Who is chosen.
    chosen: RwSignal<Option<Person>>,
    /// What is wrong.
    error: RwSignal<Option<String>>,
    /// Somebody who is not offered: who answers for it now.
    #[prop(optional)]
    without: Option<PersonId>,
) -> impl IntoView {
    let choose = move |person: Option<Person>| {
        let field = if person.is_some() { "#owner-other" } else { "#owner" };
        error.set(None);
        chosen.set(person);
        // What has the focus then is drawn first.
        let settle = move || {
            dom::focus(field);
        };
        set_timeout(settle, Duration::ZERO);
    };
    let fits =
        move |person: Person| !person.bot && !person.guest && !person.suspended && Some(person.id) != without;
    let there = move || chosen.with(Option::is_some);
    view! {
        {move || chosen.get().map(|Person { id, name, username, photo, .. }| view! {
            <div class="field" role="group" aria-label=words::OWNER>
                <div class="field-head"><span class="owner-label">{words::OWNER}</span></div>
                <div class="owner-chosen">
                    <span class="who">
                        <Avatar person=id name=name.clone() photo size=Size::Small />
                        <span class="who-text"><bdi class="who-name">{name}</bdi><span class="who-sub">{username}</span></span>
                    </span>
                    <button type="button" id="owner-other" class="link-button" on:click=on(move |_| choose(None))>
                        {words::OWNER_OTHER}
                    </button>
                </div>
                {move || error.get().map(wrong)}
            </div>
        })}
        <Show when=move || !there()>
            <PersonFinder
                id="owner"
                label=words::OWNER
                nobody=words::OWNER_NOBODY
                fits
                error
                on_choose=move |person| choose(Some(person))
            />
        </Show>
    }
}

fn wrong(error: String) -> impl IntoView {
    view! { <p class="field-note field-error"><Glyph icon=Icon::Warning />{error}</p> }
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
    at_the_owner(failed, error);
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
    let without = account.owner.map_or(bot, |owner| owner.id);
    view! {
        <form class="dialog-fields" novalidate on:submit=on(submit)>
            <Refusal words=refused />
            <OwnerField chosen error without />
            <div class="dialog-acts">
                <Button label=text::act::CANCEL.to_owned() kind=Kind::Quiet on_press=move |()| users.answered() />
                <Button label=words::OWNER_ACT.to_owned() kind=Kind::Primary submit=true working />
            </div>
        </form>
    }
}

/// What the server says about who answers stands there.
pub fn at_the_owner(failed: RwSignal<Option<ClientError>>, error: RwSignal<Option<String>>) {
    effect(move || {
        let said = failed.with(|failed| match failed {
            Some(problem @ ClientError::Problem(at)) if at.field.as_deref() == Some("owner") => {
                Some(words::owner_refused(problem))
            }
            _ => None,
        });
        if said.is_some() {
            error.set(said);
            failed.set(None);
            dom::focus("#owner-other");
        }
    });
}
