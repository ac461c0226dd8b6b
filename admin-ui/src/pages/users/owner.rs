//! Who answers for a bot: shown with the bot, chosen among people, changed.

use std::time::Duration;

use chancery_protocol::accounts::AccountQuery;
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
use chancery_ui_kit::loaded::{Loaded, LoadedView};
use chancery_ui_kit::notice::Notice;
use chancery_ui_kit::question::Refusal;
use chancery_ui_kit::reactive::{effect, on};
use chancery_ui_kit::skeleton::SkeletonRows;
use chancery_ui_kit::text;
use chancery_ui_kit::text::access_tokens as words;
use chancery_ui_kit::text::console;
use leptos::ev::SubmitEvent;
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::KeyboardEvent;

use crate::api::people;
use crate::state::line::Line;
use crate::state::users::{Ask, Users};

const WAIT: Duration = Duration::from_millis(200);
/// Most people offered at a time.
const OFFERED: usize = 8;

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
    let (users, line) = (Users::current(), Line::current());
    let typed = RwSignal::new(String::new());
    let found = RwSignal::new(None::<Loaded<Vec<Person>>>);
    let round = StoredValue::new(0_u32);
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let ask = move || {
        // The dialog may have been closed while the timer ran.
        let Some(text) = typed.try_with_untracked(|typed| typed.trim().to_owned()) else { return };
        let number = round.get_value().wrapping_add(1);
        round.set_value(number);
        if text.is_empty() {
            return found.set(None);
        }
        spawn_local(async move {
            let outcome = people::list(users.api(), &AccountQuery { text, ..AccountQuery::default() }).await;
            // An answer that was overtaken says nothing.
            if round.try_get_value() != Some(number) {
                return;
            }
            line.heard(&outcome);
            let fits = |person: &Person| !person.bot && !person.suspended && Some(person.id) != without;
            let fitting = outcome.map(|page| {
                let all = page.accounts.into_iter().map(|account| account.person);
                all.filter(fits).take(OFFERED).collect::<Vec<_>>()
            });
            let _ = found.try_set(Some(fitting.into()));
        });
    };
    let ask_soon = move || {
        if let Some(Some(timer)) = timer.try_update_value(Option::take) {
            timer.clear();
        }
        timer.set_value(set_timeout_with_handle(ask, WAIT).ok());
    };
    let choose = move |person: Option<Person>| {
        let field = if person.is_some() { "#owner-other" } else { "#owner" };
        error.set(None);
        typed.set(String::new());
        found.set(None);
        chosen.set(person);
        // What has the focus then is drawn first.
        let settle = move || {
            dom::focus(field);
        };
        set_timeout(settle, Duration::ZERO);
    };
    let keys = move |event: KeyboardEvent| {
        // Enter chooses the first who is found and sends nothing.
        if event.key() == "Enter" && !typed.with_untracked(String::is_empty) {
            event.prevent_default();
            let first = found.with_untracked(|found| found.as_ref()?.ready()?.first().cloned());
            if first.is_some() {
                choose(first);
            }
        }
    };
    let one = move |person: Person| {
        let Person { id, name, username, photo, .. } = person.clone();
        let press = move |_| choose(Some(person.clone()));
        view! {
            <li><button type="button" class="menu-item" on:click=on(press)>
                <Avatar person=id name=name.clone() photo size=Size::Small />
                <bdi class="menu-label">{name}</bdi>
                <span class="quiet">{username}</span>
            </button></li>
        }
    };
    let nobody = |people: &Vec<Person>| {
        let note = || view! { <p class="field-note" role="status">{words::OWNER_NOBODY}</p> }.into_any();
        people.is_empty().then(note)
    };
    let lines = move |people: Vec<Person>| {
        let lines = people.into_iter().map(one).collect_view();
        view! { <ul class="picker-lines" aria-label=words::OWNER_FOUND>{lines}</ul> }.into_any()
    };
    let there = move || chosen.with(Option::is_some);
    let shown = Signal::derive(move || found.get().unwrap_or_default());
    let asked = move || found.with(Option::is_some);
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
            <div class="field">
                <div class="field-head"><label for="owner">{words::OWNER}</label></div>
                <div class="field-box" class:field-wrong=move || error.get().is_some()>
                    <Glyph icon=Icon::Search />
                    <input
                        id="owner"
                        type="text"
                        autocomplete="off"
                        autocapitalize="none"
                        spellcheck="false"
                        aria-describedby="owner-note"
                        aria-invalid=move || error.get().is_some().then_some("true")
                        prop:value=move || typed.get()
                        on:input=on(move |event| {
                            typed.set(event_target_value(&event));
                            error.set(None);
                            ask_soon();
                        })
                        on:keydown=on(keys)
                    />
                </div>
                {move || match error.get() {
                    Some(error) => wrong(error).into_any(),
                    None => view! { <p class="field-note" id="owner-note">{words::OWNER_HELP}</p> }.into_any(),
                }}
                <Show when=asked>
                    <LoadedView
                        value=shown
                        failed_title=words::OWNER_FAILED
                        on_retry=move |()| ask()
                        skeleton=|| view! { <SkeletonRows rows=2 /> }.into_any()
                        empty=nobody
                        ready=lines
                    />
                </Show>
            </div>
        </Show>
    }
}

fn wrong(error: String) -> impl IntoView {
    view! { <p class="field-note field-error" id="owner-note"><Glyph icon=Icon::Warning />{error}</p> }
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
