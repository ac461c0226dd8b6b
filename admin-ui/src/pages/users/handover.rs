//! How a one-time link reaches whom it is for, and how the last mail about an account fares.

use std::time::Duration;

use chancery_protocol::http::Account;
use chancery_protocol::mail::{MailKind, MailState, Outbox, OutboxMail};
use chancery_ui_kit::badge::{Badge, Tone};
use chancery_ui_kit::button::Button;
use chancery_ui_kit::choice::Radios;
use chancery_ui_kit::icon::Icon;
use chancery_ui_kit::loaded::Loaded;
use chancery_ui_kit::pane::Fact;
use chancery_ui_kit::reactive::{memo, part};
use chancery_ui_kit::text::handover as words;
use chancery_ui_kit::time::LocalTime;
use leptos::prelude::*;

use crate::api::people;
use crate::state::polled::Polled;
use crate::state::users::{Ask, Users};

const MAIL: &str = "mail";
const HAND: &str = "hand";
/// So often is asked how a mail under way fares.
const FARES: Duration = Duration::from_secs(3);

/// What is chosen.
#[derive(Clone, Copy)]
pub struct Way(RwSignal<String>);

impl Way {
    /// By mail where that can be; it is what most want then.
    pub fn new(mails: bool) -> Self {
        Self(RwSignal::new(if mails { MAIL } else { HAND }.to_owned()))
    }

    /// Whether it goes by mail; heard by what reads it.
    pub fn by_mail(self) -> bool {
        self.0.with(|way| way == MAIL)
    }
}

/// The choice, for dialogs that issue links.
#[component]
pub fn Ways(way: Way) -> impl IntoView {
    let choices = vec![(MAIL, words::BY_MAIL), (HAND, words::BY_HAND)];
    view! { <Radios id="link-way" label=words::HOW choices value=way.0 /> }
}

/// The part of the pane: the last mail about the account itself; nothing where there is none.
#[component]
pub fn LastMail(account: Account) -> impl IntoView {
    let users = Users::current();
    let person = account.person.id;
    let pace = |page: Option<&Outbox>| latest(page?).filter(|mail| is_under_way(mail)).map(|_| FARES);
    let polled = Polled::paced(pace, move || Box::pin(people::mails(users.api(), person)));
    let mail = memo(move || polled.value.with(|page| page.ready().and_then(latest).cloned()));
    let failed = memo(move || matches!(polled.state(), Loaded::Failed(_)));
    part(move || {
        let content = match mail.get() {
            Some(mail) => view! { <Fares mail account=account.clone() /> }.into_any(),
            None if failed.get() => view! { <p class="pane-note">{words::LAST_FAILED}</p> }.into_any(),
            None => return ().into_any(),
        };
        view! {
            <section class="pane-part" aria-labelledby="account-mail">
                <h3 class="pane-part-title" id="account-mail">{words::LAST}</h3>
                {content}
            </section>
        }
        .into_any()
    })
}

#[component]
fn Fares(mail: OutboxMail, account: Account) -> impl IntoView {
    let users = Users::current();
    let at = LocalTime::of(mail.sent_at.or(mail.tried_at).unwrap_or(mail.at)).full();
    let (tone, icon) = look(mail.state);
    // Whoever used a link, or got a newer one, needs none.
    let instead = mail.kind != MailKind::FactorsRemoved
        && mail.state != MailState::Dropped
        && account.suspended_at.is_none();
    let ask = move |()| users.ask(Ask::ByHand(account.clone()));
    view! {
        <dl class="facts">
            <Fact label=words::WHAT>{words::what(mail.kind)}</Fact>
            <Fact label=words::STATE>
                <span class="badges" role="status"><Badge label=words::state(mail.state) tone icon />{at}</span>
            </Fact>
            {mail.address.clone().map(|address| view! { <Fact label=words::TO><bdi>{address}</bdi></Fact> })}
        </dl>
        {words::reason(&mail).map(|reason| view! { <p class="pane-note"><bdi>{reason}</bdi></p> })}
        {instead.then(|| view! {
            <Button label=words::INSTEAD.to_owned() icon=Icon::Key on_press=ask />
        })}
    }
}

/// The newest mail about the account itself.
fn latest(page: &Outbox) -> Option<&OutboxMail> {
    let about = [MailKind::Invitation, MailKind::Reset, MailKind::FactorsRemoved];
    page.mails.iter().find(|mail| about.contains(&mail.kind))
}

fn is_under_way(mail: &OutboxMail) -> bool {
    matches!(mail.state, MailState::Waiting | MailState::Leaving)
}

/// How a state looks.
pub fn look(state: MailState) -> (Tone, Icon) {
    match state {
        MailState::Waiting | MailState::Leaving => (Tone::Warn, Icon::Clock),
        MailState::Sent => (Tone::Ok, Icon::TickCircle),
        MailState::Dropped => (Tone::Mute, Icon::Minus),
        MailState::Refused | MailState::Expired | MailState::NoServer => (Tone::Bad, Icon::CrossCircle),
    }
}
