//! Questions about one account: suspend, lift, reset, end all sessions. Each says in numbers what happens.

use chancery_protocol::accounts::AccountState;
use chancery_protocol::http::{Account, IssuedLink};
use chancery_ui_kit::api::ClientError;
use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::copy_field::CopyField;
use chancery_ui_kit::reactive::{memo, part};
use chancery_ui_kit::text;
use chancery_ui_kit::text::access_tokens;
use chancery_ui_kit::text::console as words;
use chancery_ui_kit::text::{guests, handover};
use chancery_ui_kit::time::LocalTime;
use leptos::prelude::*;

use super::handover::{Way, Ways};
use crate::api::people;
use crate::components::question;
use crate::state::users::{Ask, Users};

/// A question about an account.
#[component]
fn Question(
    /// What happens.
    #[prop(into)]
    body: String,
    /// The button that does it.
    act: &'static str,
    /// How that button looks.
    #[prop(optional)]
    kind: Kind,
    /// Whether it is under way.
    working: RwSignal<bool>,
    /// Why it was refused.
    failed: RwSignal<Option<ClientError>>,
    /// Does it.
    #[prop(into)]
    on_act: Callback<()>,
) -> impl IntoView {
    let users = Users::current();
    view! {
        <question::Question
            body
            keep=words::KEEP
            act
            kind
            working
            refused=reason(failed)
            on_keep=move |()| users.answered()
            on_act
        />
    }
}

/// Why something was refused, beside what was asked.
#[component]
pub fn Refused(
    /// Why.
    failed: RwSignal<Option<ClientError>>,
) -> impl IntoView {
    view! { <question::Refusal words=reason(failed) /> }
}

fn reason(failed: RwSignal<Option<ClientError>>) -> Signal<Option<String>> {
    Signal::derive(move || failed.with(|failed| failed.as_ref().map(words::refused)))
}

/// Suspend?
#[component]
pub fn SuspendDialog(account: Account) -> impl IntoView {
    let users = Users::current();
    let (working, failed) = (RwSignal::new(false), RwSignal::new(None));
    let id = account.person.id;
    let body = if account.person.bot {
        access_tokens::BOT_SUSPEND_BODY.to_owned()
    } else {
        format!("{} {}", words::sessions_end(account.sessions.into()), words::SUSPEND_REST)
    };
    let act = move |()| {
        users.run(working, failed, people::suspend(users.api(), id), move |()| {
            users.forget_sessions(id);
            users.done(words::SUSPENDED_DONE);
            users.answered();
        });
    };
    view! { <Question body act=words::SUSPEND kind=Kind::Danger working failed on_act=act /> }
}

/// Lift?
#[component]
pub fn LiftDialog(account: Account) -> impl IntoView {
    let users = Users::current();
    let (working, failed) = (RwSignal::new(false), RwSignal::new(None));
    let id = account.person.id;
    let act = move |()| {
        users.run(working, failed, people::reinstate(users.api(), id), move |()| {
            users.done(words::LIFTED_DONE);
            users.answered();
        });
    };
    let body = if account.person.bot { access_tokens::BOT_LIFT_BODY } else { words::LIFT_BODY };
    // A guest whose time is over needs another end first.
    let over = memo(move || {
        failed.with(|failed: &Option<ClientError>| {
            failed.as_ref().and_then(ClientError::code) == Some("guest_ended")
        })
    });
    let other_end = move |()| users.ask(Ask::Terms(account.clone()));
    part(move || {
        if over.get() {
            let on_act = other_end.clone();
            return view! { <Question body act=guests::OTHER_END kind=Kind::Primary working failed on_act /> }
                .into_any();
        }
        view! { <Question body act=words::LIFT kind=Kind::Primary working failed on_act=act /> }.into_any()
    })
}

/// End all sessions?
#[component]
pub fn EndAllDialog(account: Account) -> impl IntoView {
    let users = Users::current();
    let (working, failed) = (RwSignal::new(false), RwSignal::new(None));
    let id = account.person.id;
    let count = users.sessions_seen(id).unwrap_or(account.sessions.into());
    let body = format!("{} {}", words::sessions_end(count), words::END_ALL_BODY);
    let act = move |()| {
        users.run(working, failed, people::end_sessions(users.api(), id), move |()| {
            users.forget_sessions(id);
            users.done(words::SESSIONS_ENDED);
            users.answered();
        });
    };
    view! { <Question body act=words::END_SESSIONS kind=Kind::Danger working failed on_act=act /> }
}

/// A new link? Then the link, once.
#[component]
pub fn ResetDialog(
    /// Whose.
    account: Account,
    /// Whether only to hand over: by mail it went before.
    #[prop(optional)]
    by_hand: bool,
) -> impl IntoView {
    let users = Users::current();
    let (working, failed) = (RwSignal::new(false), RwSignal::new(None));
    let link = RwSignal::new(None::<IssuedLink>);
    let id = account.person.id;
    let name = account.person.name.clone();
    let invited = account.state == AccountState::Invited;
    let address = account.email.filter(|_| users.mails() && !by_hand);
    let offered = address.is_some();
    let way = Way::new(offered);
    let (body, label) = match address {
        Some(address) => (handover::body(invited, &address), handover::ISSUE),
        None if invited => (words::REINVITE_BODY.to_owned(), words::MAKE_LINK),
        None => (words::RESET_BODY.to_owned(), words::MAKE_LINK),
    };
    let act = move |()| {
        let mail = untrack(|| way.by_mail());
        users.run(working, failed, people::reset(users.api(), id, mail), move |issued| {
            if issued.mail.is_some() {
                users.done(handover::LINK_MAILED);
                users.answered();
            } else {
                drop(link.try_set(Some(issued)));
            }
        });
    };
    move || {
        match link.get() {
        Some(issued) => view! {
            <LinkShown name=name.clone() link=issued />
            <div class="dialog-acts">
                <Button label=text::act::DONE.to_owned() kind=Kind::Primary on_press=move |()| users.answered() />
            </div>
        }
        .into_any(),
        None => view! {
            <question::Question
                body=body.clone()
                keep=words::KEEP
                act=label
                kind=Kind::Primary
                working
                refused=reason(failed)
                on_keep=move |()| users.answered()
                on_act=act
            >
                {offered.then(|| view! { <Ways way /> })}
            </question::Question>
        }
        .into_any(),
    }
    }
}

/// A one-time link, on the clipboard already.
#[component]
pub fn LinkShown(
    /// For whom.
    name: String,
    /// The link.
    link: IssuedLink,
) -> impl IntoView {
    view! {
        <div class="dialog-fields">
            <CopyField
                id="one-time-link"
                label=words::link_for(&name)
                value=link.url.unwrap_or_default()
                yes=words::LINK_COPIED
                no=words::LINK_NOT_COPIED
            />
            <p class="dialog-body">
                {words::works_until(&LocalTime::of(link.expires_at).full())}" "{words::LINK_ONCE}
            </p>
        </div>
    }
}
