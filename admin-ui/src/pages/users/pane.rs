//! `/console/users/:user`: one account in the side pane.

use chancery_protocol::accounts::AccountState;
use chancery_protocol::http::Account;
use chancery_protocol::ids::PersonId;
use chancery_protocol::mail::OutboxQuery;
use chancery_ui_kit::api::tokens::Whose;
use chancery_ui_kit::avatar::{Avatar, Size};
use chancery_ui_kit::badge::{Badge, Tone};
use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::icon::Icon;
use chancery_ui_kit::loaded::{Loaded, LoadedView};
use chancery_ui_kit::notice::Notice;
use chancery_ui_kit::pane::{Fact, SidePane};
use chancery_ui_kit::reactive::{effect, memo, on};
use chancery_ui_kit::skeleton::SkeletonRows;
use chancery_ui_kit::state_view::EmptyState;
use chancery_ui_kit::text;
use chancery_ui_kit::text::access_tokens;
use chancery_ui_kit::text::console as words;
use chancery_ui_kit::text::{handover, outbox, user_groups};
use chancery_ui_kit::time::{self, LocalTime};
use chancery_ui_kit::tokens::{Desk, TokenDialogs};
use leptos::prelude::*;

use super::access::AccessPart;
use super::emergency::{Emergency, EmergencyBadge};
use super::factors::Factors;
use super::guest::{ExternalBadge, GuestPart};
use super::handover::LastMail;
use super::identities::Identities;
use super::owner::OwnerPart;
use super::roles::from_groups;
use super::row::StateBadge;
use super::sessions::Sessions;
use crate::logic::outbox::outbox_text;
use crate::routes::{MailTab, Place};
use crate::state::line::Line;
use crate::state::users::{Ask, Users};

/// The pane.
#[component]
pub fn Pane(
    /// Whose.
    person: PersonId,
) -> impl IntoView {
    let (users, line) = (Users::current(), Line::current());
    let desk = Desk::new(Whose::Of(person));
    line.follow(desk.heard);
    effect(move || {
        line.again.track();
        // Whatever changed about accounts may have ended tokens.
        users.loaded_at.track();
        if users.edits.get() {
            desk.load();
        }
    });
    let shown = memo(move || {
        users
            .open
            .with(|open| open.ready().filter(|open| open.person.id == person).map(|open| open.person.clone()))
    });
    let name =
        Signal::derive(move || shown.get().map_or_else(|| words::ACCOUNT.to_owned(), |person| person.name));
    let username = Signal::derive(move || shown.get().map(|person| person.username).unwrap_or_default());
    let face = ViewFn::from(move || {
        move || {
            shown.get().map(|shown| view! { <Avatar person=shown.id name=shown.name photo=shown.photo size=Size::Large /> })
        }
    });
    // An address may name anybody: who is not there is told apart from a failure.
    let missing = move || {
        users.open.with(|open| match open {
            Loaded::Failed(error) => matches!(error.code(), Some("person_not_found" | "not_found")),
            Loaded::Loading | Loaded::Ready(_) => false,
        })
    };
    view! {
        <SidePane id="account" title=name subtitle=username face on_close=move |()| users.close()>
            {move || {
                if missing() {
                    return view! {
                        <EmptyState
                            icon=Icon::Lock
                            title=text::state::NOTHING_TITLE
                            body=text::problem::of_code("person_not_found")
                        />
                    }
                    .into_any();
                }
                view! {
                    <LoadedView
                        value=users.open.into()
                        failed_title=words::PERSON_FAILED
                        on_retry=move |()| users.refresh()
                        skeleton=|| view! { <div class="pane-part"><SkeletonRows rows=3 /></div> }.into_any()
                        empty=|_: &Account| None
                        ready=move |account| view! { <Parts account desk /> }.into_any()
                    />
                }
                .into_any()
            }}
        </SidePane>
        <TokenDialogs desk />
    }
}

#[component]
fn Parts(account: Account, desk: Desk) -> impl IntoView {
    let users = Users::current();
    let edits = users.edits.get_untracked();
    let id = account.person.id;
    let (own, bot) = (users.is_own(id), account.person.bot);
    let today = LocalTime::of(time::now());
    let seen =
        account.seen_at.map_or_else(|| words::NOT_SIGNED_IN.to_owned(), |at| LocalTime::of(at).brief(today));
    let (rename, roles, of_sessions) = (account.clone(), account.clone(), account.clone());
    let (of_sources, of_factors, of_emergency) = (account.clone(), account.clone(), account.clone());
    let (of_tokens, of_owner, of_guest) = (account.clone(), account.clone(), account.clone());
    let (of_email, of_mail, of_mails) = (account.clone(), account.clone(), account.clone());
    let guest = account.person.guest;
    let emergency = account.emergency.is_some();
    let by_groups = from_groups(&account.roles, &account.own_roles);
    view! {
        <Standing account=account.clone() />
        {(edits && !bot).then(|| view! { <LastMail account=of_mail /> })}
        <section class="pane-part" aria-labelledby="account-facts">
            <div class="pane-part-head">
                <h3 class="pane-part-title" id="account-facts">{words::ACCOUNT}</h3>
                {edits.then(|| {
                    let ask = move |_| users.ask(Ask::Rename(rename.clone()));
                    view! { <button type="button" class="link-button" on:click=on(ask)>{words::RENAME}</button> }
                })}
            </div>
            <dl class="facts">
                <Fact label=words::STATE>
                    <span class="badges">
                        {bot.then(|| view! { <Badge label=access_tokens::BOT /> })}
                        {guest.then(|| view! { <ExternalBadge /> })}
                        <StateBadge state=account.state />
                        {emergency.then(|| view! { <EmergencyBadge /> })}
                    </span>
                </Fact>
                <Fact label=words::USERNAME><span class="mono">{account.person.username.clone()}</span></Fact>
                <EmailFact account=of_email />
                {account.person.title.clone().map(|title| view! { <Fact label=words::TITLE><bdi>{title}</bdi></Fact> })}
                {account.person.department.clone().map(|department| view! {
                    <Fact label=words::DEPARTMENT><bdi>{department}</bdi></Fact>
                })}
                {account.manager.clone().map(|manager| view! {
                    <Fact label=words::MANAGER>
                        <a href=users.address_of(manager.id)><bdi>{manager.name}</bdi></a>
                    </Fact>
                })}
                <Fact label=words::CREATED>{LocalTime::of(account.created_at).full()}</Fact>
                {(!bot).then(|| view! {
                    <Fact label=words::SEEN>{seen}</Fact>
                    <Fact label=words::SESSIONS>{text::grouped(account.sessions.into())}</Fact>
                })}
            </dl>
        </section>
        {bot.then(|| view! { <OwnerPart account=of_owner /> })}
        {guest.then(|| view! { <GuestPart account=of_guest /> })}
        <section class="pane-part" aria-labelledby="account-roles">
            <div class="pane-part-head">
                <h3 class="pane-part-title" id="account-roles">{words::ROLES}</h3>
                {(edits && !own).then(|| {
                    let ask = move |_| users.ask(Ask::Roles(roles.clone()));
                    view! {
                        <button type="button" class="link-button" aria-label=words::ROLES_TITLE on:click=on(ask)>
                            {words::CHANGE}
                        </button>
                    }
                })}
            </div>
            <div class="badges">
                {account.roles.iter().map(|role| view! { <Badge label=words::role(*role) tone=Tone::Mute /> }).collect_view()}
            </div>
            {(!by_groups.is_empty()).then(|| view! { <p class="pane-note">{user_groups::by_groups(&by_groups)}</p> })}
            {own.then(|| view! { <p class="pane-note">{words::OWN_ACCOUNT}</p> })}
        </section>
        {(!account.groups.is_empty()).then(|| view! {
            <section class="pane-part" aria-labelledby="account-groups">
                <h3 class="pane-part-title" id="account-groups">{user_groups::GROUPS_OF}</h3>
                <ul class="account-groups">
                    {account.groups.iter().map(|group| view! {
                        <li><a href=Place::Group(group.id).path()><bdi>{group.name.clone()}</bdi></a></li>
                    }).collect_view()}
                </ul>
            </section>
        })}
        {(edits && !bot).then(|| view! { <MailsPart account=of_mails /> })}
        {(!bot).then(|| view! { <Identities account=of_sources /> })}
        {(edits && !bot).then(|| view! { <Factors account=of_factors /> })}
        {(!bot).then(|| view! { <Emergency account=of_emergency /> })}
        {edits.then(|| view! { <AccessPart account=of_tokens desk /> })}
        {(edits && !bot).then(|| view! { <Sessions account=of_sessions /> })}
    }
}

/// Where mails go, and where that can be changed.
#[component]
fn EmailFact(account: Account) -> impl IntoView {
    let users = Users::current();
    let changes = users.edits.get_untracked() && !account.person.bot && account.email_from.is_none();
    (account.email.is_some() || changes).then(|| {
        let (email, from) = (account.email.clone(), account.email_from.clone());
        let label = if email.is_some() { handover::CHANGE_ADDRESS } else { handover::ADD_ADDRESS };
        let ask = move |_| users.ask(Ask::Address(account.clone()));
        view! {
            <Fact label=words::EMAIL>
                {email.map(|email| view! { <bdi class="fact-line">{email}</bdi> })}
                {from.map(|from| view! { <span class="fact-note"><bdi>{handover::from_source(&from)}</bdi></span> })}
                {changes.then(|| view! {
                    <button type="button" class="link-button" on:click=on(ask)>{label}</button>
                })}
            </Fact>
        }
    })
}

/// Ways to what became of mails to them.
#[component]
fn MailsPart(account: Account) -> impl IntoView {
    let users = Users::current();
    let query = OutboxQuery { person: Some(account.person.id), ..OutboxQuery::default() };
    let all = format!("{}?{}", Place::Mail(MailTab::Outbox).path(), outbox_text(&query));
    view! {
        <section class="pane-part" aria-labelledby="account-mails">
            <div class="pane-part-head">
                <h3 class="pane-part-title" id="account-mails">{outbox::MAILS}</h3>
                <a class="pane-link" href=all>{outbox::ALL_TO}</a>
            </div>
            <Button
                label=outbox::ASK.to_owned()
                icon=Icon::Info
                on_press=move |()| users.ask(Ask::Mails(account.clone()))
            />
        </section>
    }
}

/// Whether they can sign in, and what can be done about it.
#[component]
fn Standing(account: Account) -> impl IntoView {
    let users = Users::current();
    let edits = users.edits.get_untracked();
    let (own, bot) = (users.is_own(account.person.id), account.person.bot);
    let since = account.suspended_at.map(|at| LocalTime::of(at).full());
    let by = account.suspended_by.clone();
    let invited = account.state == AccountState::Invited;
    let nothing_to_say = account.state == AccountState::Active && !edits;
    let ask = move |make: fn(Account) -> Ask| {
        let account = account.clone();
        move |()| users.ask(make(account.clone()))
    };
    (!nothing_to_say).then(|| {
        view! {
            <div class="pane-part">
                {since.clone().map(|when| {
                    view! {
                        <Notice tone=Tone::Bad icon=Icon::Barred>
                            <strong>{words::suspended_since(&when)}</strong>" "{words::SUSPENDED_REST}
                            {by.clone().map(|source| format!(" {}", words::suspended_by(&source)))}
                        </Notice>
                    }
                })}
                {invited.then(|| view! { <Notice tone=Tone::Warn icon=Icon::Clock>{words::INVITED_NOTE}</Notice> })}
                {edits.then(|| {
                    if since.is_some() {
                        return view! {
                            <div class="pane-acts">
                                <Button label=words::LIFT.to_owned() icon=Icon::Play on_press=ask(Ask::Lift) />
                            </div>
                        }
                        .into_any();
                    }
                    let reset = if invited { words::NEW_INVITATION } else { words::RESET };
                    view! {
                        <div class="pane-acts">
                            {(!bot).then(|| view! {
                                <Button label=reset.to_owned() icon=Icon::Key on_press=ask(Ask::Reset) />
                            })}
                            {(!own).then(|| {
                                view! {
                                    <Button
                                        label=words::SUSPEND.to_owned()
                                        kind=Kind::DangerOutlined
                                        icon=Icon::Barred
                                        on_press=ask(Ask::Suspend)
                                    />
                                }
                            })}
                        </div>
                    }
                    .into_any()
                })}
            </div>
        }
    })
}
