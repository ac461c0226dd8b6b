//! A house that sends mail, and the clock of its server.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use chancery_protocol::Micros;
use chancery_protocol::ids::{ConversationId, MailId, PersonId};
use chancery_protocol::mail::{Decisions, MailState, Outbox, Why};
use reqwest::Method;

use crate::base::new_folder;
use crate::house::{House, NAMES};
use crate::http::Caller;
use crate::patience::until_some;
use crate::postfix::{self, Postfix};
use crate::server::Plan;
use crate::smtp_sink::SmtpSink;

/// A clock that a test moves ahead; several nodes may share one.
#[derive(Clone)]
pub struct Ahead(PathBuf);

impl Default for Ahead {
    fn default() -> Self {
        let file = new_folder("clock").join("ahead");
        std::fs::write(&file, "0").unwrap();
        Self(file)
    }
}

impl Ahead {
    /// Lets a server go by it.
    #[must_use]
    pub fn for_(&self, plan: Plan) -> Plan {
        plan.with("UNSAFE_CLOCK_AHEAD", self.0.to_str().unwrap())
    }

    /// Moves it on.
    pub fn minutes(&self, minutes: u32) {
        let now: u64 = std::fs::read_to_string(&self.0).unwrap().trim().parse().unwrap();
        let new = self.0.with_extension("new");
        std::fs::write(&new, (now + 60 * u64::from(minutes)).to_string()).unwrap();
        std::fs::rename(new, &self.0).unwrap();
    }

    /// What it shows, in microseconds since 1970-01-01 UTC.
    pub fn now(&self) -> Micros {
        let ahead: i64 = std::fs::read_to_string(&self.0).unwrap().trim().parse().unwrap();
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        i64::try_from(now.as_micros()).unwrap() + ahead * 1_000_000
    }
}

fn sending(plan: Plan, port: u16, authority: &std::path::Path) -> Plan {
    plan.with("CHANCERY_MAIL_HOST", "localhost")
        .with("CHANCERY_MAIL_PORT", port.to_string())
        .with("CHANCERY_MAIL_FROM", "Chat of Example <chat@example.org>")
        .with("CHANCERY_MAIL_BOUNCE", "bounces@example.org")
        .with("CHANCERY_MAIL_AUTHORITIES", authority.to_str().unwrap())
        .with("CHANCERY_MAIL_CONTENT", "full")
}

/// A server that hands its mails to a scripted one.
pub fn to_sink(plan: Plan, sink: &SmtpSink) -> Plan {
    sending(plan, sink.port, &sink.certificate.authority)
}

/// A server that hands its mails to Postfix, over STARTTLS and with an account.
pub fn to_postfix(plan: Plan, postfix: &Postfix) -> Plan {
    sending(plan, postfix.port, &postfix.certificate.authority)
        .with("CHANCERY_MAIL_USER", postfix::ACCOUNT.0)
        .with("CHANCERY_MAIL_PASSWORD", postfix::ACCOUNT.1)
}

/// Employees with addresses, on a server that was planned.
pub async fn house(plan: Plan, count: usize) -> House {
    let house = House::build(plan, count).await;
    for name in NAMES.into_iter().take(count) {
        set_address(&house, name, &format!("{name}@example.org")).await;
    }
    house
}

/// Where somebody gets mail.
pub async fn set_address(house: &House, username: &str, address: &str) {
    let person = house.people.iter().filter_map(|one| one.me.as_ref()).find(|one| one.username == username);
    let person = person.expect("they are in the house").id;
    let was = house.admin.account(person).await.unwrap().email.unwrap_or_default();
    house.admin.set_email(person, &was, address).await.unwrap();
}

/// The whole outbox, newest first.
pub async fn outbox(admin: &Caller) -> Outbox {
    let mut all: Option<Outbox> = None;
    loop {
        let before = all.as_ref().and_then(|all| all.mails.last()).map(|mail| format!("?before={}", mail.id));
        let path = format!("/mail/outbox{}", before.unwrap_or_default());
        let page: Outbox = admin.call(Method::GET, &path, None::<&()>).await.unwrap();
        let more = page.more;
        match &mut all {
            None => all = Some(page),
            Some(all) => all.mails.extend(page.mails),
        }
        if !more {
            return all.unwrap();
        }
    }
}

/// How mails fare.
pub async fn states(admin: &Caller) -> BTreeMap<MailId, MailState> {
    outbox(admin).await.mails.into_iter().map(|mail| (mail.id, mail.state)).collect()
}

/// Waits until there are so many mails and none is still to leave.
pub async fn until_settled(admin: &Caller, count: usize) -> Outbox {
    until_some("every mail left or is reported", async || {
        let outbox = outbox(admin).await;
        let open = |state| matches!(state, MailState::Waiting | MailState::Leaving);
        let settled = outbox.mails.len() >= count && !outbox.mails.iter().any(|mail| open(mail.state));
        settled.then_some(outbox)
    })
    .await
}

/// How often a mail is seen being handed over before whoever does it is taken for dead.
const PATIENT: usize = 200;

/// Waits until there are so many mails and none is still to leave; where they wait for a time, it comes.
pub async fn until_all_left(admin: &Caller, ahead: &Ahead, count: usize) -> Outbox {
    let mut leaving = 0;
    until_some("every mail left", async || {
        let outbox = outbox(admin).await;
        let of = |state| outbox.mails.iter().filter(move |mail| mail.state == state);
        if of(MailState::Waiting).chain(of(MailState::Leaving)).next().is_none() {
            return (outbox.mails.len() >= count).then_some(outbox);
        }
        leaving = if of(MailState::Leaving).next().is_some() { leaving + 1 } else { 0 };
        let due = of(MailState::Waiting).any(|mail| mail.next_at.is_none_or(|next| next <= ahead.now()));
        if leaving >= PATIENT {
            // Another node takes up what was left behind.
            ahead.minutes(16);
            leaving = 0;
        } else if !due && leaving == 0 {
            ahead.minutes(1);
        }
        None
    })
    .await
}

/// Why mails to oneself went or did not.
pub async fn decisions(who: &Caller) -> Decisions {
    who.call(Method::GET, "/mail/decisions", None::<&()>).await.unwrap()
}

/// As an administrator sees them.
pub async fn decisions_of(admin: &Caller, person: PersonId) -> Decisions {
    admin.call(Method::GET, &format!("/mail/decisions/{person}"), None::<&()>).await.unwrap()
}

/// Why no mail goes about a conversation just now.
pub async fn why(who: &Caller, conversation: ConversationId) -> Why {
    let now = decisions(who).await.now;
    now.into_iter().find(|one| one.conversation == conversation).expect("something was said there").why
}
