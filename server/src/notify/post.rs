//! Hands mails over: takes up those whose turn has come, writes each as it is to be now, puts on record that it leaves, and keeps
//! what came of it.
//!
//! What must stay true: nothing of a mail is said to the mail server before it is on record that it leaves, with the very texts it
//! has; a mail that may have left is sent again under the same `Message-ID` only; what would befall every mail (no way to the server,
//! an account that is not accepted) costs none of them an attempt: one of them tries now and then, the others wait.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use chancery_ledger::{Kind, Stream};
use chancery_protocol::Micros;
use chancery_protocol::ids::{ConversationId, Id};
use chancery_protocol::mail::{MailFault, MailReason, MailState, Stuck};
use futures_util::StreamExt;

use super::Notifier;
use super::compose::{Composed, Ready, address_of};
use super::explain::content_of;
use super::mail::{Accepted, Failure, Moment, NotSent};
use super::pairs;
use super::records::Handed;
use super::settings::Now;
use crate::conversations::store::read_up_to;
use crate::directory::{preferences_revision, store as people};
use crate::ground::db::{Conn, blocking};
use crate::ground::error::{Code, Error};
use crate::journal::Unit;
use crate::outbox::{self, Fate, LEASE};

const MINUTE: Micros = 60_000_000;
/// Pauses before a mail is tried again, in minutes; the last one goes on.
const PAUSES: [Micros; 6] = [1, 3, 10, 20, 40, 60];
/// Pauses before another mail finds out whether mails can leave again, in seconds; the last one goes on.
const TROUBLE_PAUSES: [Micros; 5] = [15, 30, 60, 180, 300];
/// How long handing over may take in all: no other node takes the mail up before.
const LONGEST: Duration = Duration::from_secs(13 * 60);
/// The same as time of the journal.
const MOST: Micros = 13 * MINUTE;
/// How often a mail is written again because what it says changed at that very moment.
const WRITTEN_AGAIN: usize = 5;

/// No mail leaves.
#[derive(Clone)]
pub(super) struct Trouble {
    /// With these settings.
    with: Arc<Now>,
    since: Micros,
    /// When another one tries.
    until: Micros,
    times: usize,
    fault: MailFault,
    /// Whether waiting will not help.
    mend: bool,
    words: String,
}

impl Trouble {
    /// Whether it was found with these settings.
    pub fn is_of(&self, settings: &Arc<Now>) -> bool {
        Arc::ptr_eq(&self.with, settings)
    }
}

/// Whether mails leave this node, as far as it knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Passage {
    /// They do.
    Free,
    /// None does: the mail server is not reached, and may be later.
    Away,
    /// None does until somebody mends the account.
    Account,
    /// None does until somebody mends the settings, or the mail server.
    Settings,
}

impl Notifier {
    /// Hands over some of those whose turn has come. Whether there were any.
    pub(super) async fn hand_over(&self) -> Result<bool, Error> {
        let journal = &self.messaging.journal;
        let now = journal.clock().now();
        let current = self.settings.now();
        if let Some(problem) = &current.problem
            && current.office.is_none()
        {
            self.in_trouble(&current, now, MailFault::Settings, true, problem.clone());
            return Ok(false);
        }
        let trouble = self.trouble();
        if trouble.as_ref().is_some_and(|trouble| trouble.until > now) {
            return Ok(false);
        }
        let lines = current.settings.server.as_ref().map_or(1, |server| server.lines.max(1));
        let limit = if trouble.is_some() { 1 } else { i64::try_from(lines * 4).unwrap_or(4) };
        let lease = now + LEASE;
        let vault = Arc::clone(journal.vault());
        if !journal.db().read(move |conn| outbox::any_due(conn, now)).await? {
            return Ok(false);
        }
        let taken = journal.db().write(move |conn| outbox::take_up(conn, &vault, now, lease, limit)).await?;
        let any = !taken.is_empty();
        let ended: Vec<Result<(), Error>> = futures_util::stream::iter(taken)
            .map(|mail| self.hand_over_one(mail))
            .buffer_unordered(lines)
            .collect()
            .await;
        // Each has had its turn: what is wrong on our side is waited for.
        ended.into_iter().collect::<Result<(), Error>>()?;
        Ok(any)
    }

    async fn hand_over_one(&self, mail: outbox::Mail) -> Result<(), Error> {
        let now = self.messaging.journal.clock().now();
        let fate = if mail.expires_at <= now {
            Fate::Over(MailState::Expired, mail.reason.clone())
        } else if self.trouble().is_some_and(|trouble| trouble.until > now) || now + MOST > mail.due_at {
            // Others found out meanwhile that no mail leaves, or were so slow that another node could take it up on the way.
            return self.give_back(&mail).await;
        } else {
            match self.fate_of(&mail).await {
                Ok(fate) => fate,
                Err(error) => {
                    self.give_back(&mail).await?;
                    return Err(error);
                }
            }
        };
        self.settle(&mail, fate).await
    }

    /// Writes a mail and hands it over.
    async fn fate_of(&self, mail: &outbox::Mail) -> Result<Fate, Error> {
        for _ in 0..WRITTEN_AGAIN {
            let current = self.settings.now();
            let Some(office) = &current.office else { return Ok(Fate::Over(MailState::NoServer, None)) };
            let ready = {
                let (this, mail, current) = (self.clone(), mail.clone(), Arc::clone(&current));
                let composed = blocking(move || {
                    let journal = &this.messaging.journal;
                    let Some(server) = &current.settings.server else {
                        return Ok(Composed::Not(Fate::Over(MailState::NoServer, None)));
                    };
                    let now = journal.clock().now();
                    this.compose(&mut *journal.db().reader()?, &mail, &current.settings, server, now)
                });
                match composed.await? {
                    Composed::Ready(ready) => ready,
                    Composed::Not(fate) => return Ok(fate),
                }
            };
            let recorded = AtomicBool::new(false);
            let sending = office.send(&ready.written.envelope, &ready.written.bytes, async {
                self.put_on_record(mail, &ready).await?;
                recorded.store(true, Ordering::Relaxed);
                Ok::<(), Error>(())
            });
            let came = match tokio::time::timeout(LONGEST, sending).await {
                Ok(came) => came,
                Err(_) if recorded.load(Ordering::Relaxed) => Err(NotSent::Failed(Failure::Silent)),
                Err(_) => Err(NotSent::Failed(Failure::too_slow())),
            };
            let now = self.messaging.journal.clock().now();
            return Ok(match came {
                Ok(Accepted { .. }) => {
                    self.out_of_trouble();
                    self.meters.handed.inc();
                    Fate::Sent
                }
                // What it says was changed, read or taken away at that very moment: it is written anew.
                Err(NotSent::Held(error)) if error.code == Code::Outdated => continue,
                Err(NotSent::Held(error)) => return Err(error),
                Err(NotSent::Failed(failure)) => self.failed(mail, &current, &failure, now),
            });
        }
        let now = self.messaging.journal.clock().now();
        let words = "What the mail says kept changing.".to_owned();
        Ok(Fate::Later(now + MINUTE, MailReason::Failed { fault: MailFault::Temporary, words }))
    }

    /// It is on record that a mail leaves, unless something of it changed since it was written, or another node has it.
    async fn put_on_record(&self, mail: &outbox::Mail, ready: &Ready) -> Result<(), Error> {
        let journal = &self.messaging.journal;
        let body = Handed {
            mail: mail.kind,
            to: ready.to.clone(),
            message_id: ready.written.message_id.clone(),
            attempt: mail.attempts,
            content: content_of(ready.content),
            messages: ready.copied.clone(),
        };
        let mut draft = journal.draft(Stream::Person(mail.person.bytes()), Kind::MailHanded, None, &body)?;
        draft.target = Some(mail.id.bytes());
        draft.conversation = mail.conversation;
        let (person, made_of) = (mail.person, ready.made_of.clone());
        let (this, content, checked) = (self.clone(), ready.content, mail.clone());
        let (roster, directory) = (Arc::clone(&self.messaging.roster), Arc::clone(&self.messaging.directory));
        let (marks, newest_here) = (Arc::clone(&self.marks), ready.newest.clone());
        let check = Box::new(move || {
            let waiting = marks.waiting_in(&newest_here.iter().map(|(at, _)| *at).collect());
            let read = newest_here
                .iter()
                .any(|(at, newest)| waiting.get(&(*at, person)).is_some_and(|mark| mark.read >= *newest));
            let gone = made_of.iter().any(|one| roster.member(one.conversation, person).is_err());
            // What it may say was made less, or more.
            let another = this.may_say(&checked, &this.settings.now().settings) != content;
            if read || gone || another || !directory.is_active(person) {
                Err(Code::Outdated.into())
            } else {
                Ok(())
            }
        });
        let (id, lease, wanted) = (mail.id, mail.due_at, ready.wanted);
        let (made_of, newest, to) = (ready.made_of.clone(), ready.newest.clone(), ready.to.clone());
        let work = Box::new(move |conn: &mut Conn, _: &[crate::journal::Placed]| {
            let texts = made_of.iter().map(|one| (one.message, one.record));
            let ids: Vec<ConversationId> = newest.iter().map(|(at, _)| *at).collect();
            let read = read_up_to(conn, &ids, Some(&[person]))?;
            let is_read = |(at, newest): &(ConversationId, u64)| {
                read.get(&(*at, person)).is_some_and(|read| read.ordinal >= *newest)
            };
            if newest.iter().any(is_read) {
                return Err(Code::Outdated.into());
            }
            if !crate::messaging::unread::still_say(conn, texts)?
                || preferences_revision(conn, person)? != wanted
            {
                return Err(Code::Outdated.into());
            }
            // Where it goes is asked once more: a link for one address is not for another.
            let row = people::get(conn, person)?;
            if address_of(&row).is_none_or(|address| address.to_string() != to) {
                return Err(Code::Outdated.into());
            }
            pairs::tell(conn, person, &newest)?;
            if outbox::goes_to(conn, id, lease, &to)? {
                Ok(())
            } else {
                Err(Error::internal("another node has the mail"))
            }
        });
        let unit = Unit { records: vec![draft], check: Some(check), work: Some(work), ..Unit::default() };
        journal.commit(unit).await.map(drop)
    }

    fn failed(&self, mail: &outbox::Mail, current: &Arc<Now>, failure: &Failure, now: Micros) -> Fate {
        let words = failure.to_string();
        let fault = fault_of(failure);
        let reason = MailReason::Failed { fault, words: words.clone() };
        match fault {
            MailFault::Permanent => {
                self.out_of_trouble();
                self.meters.refused.inc();
                Fate::Over(MailState::Refused, Some(reason))
            }
            MailFault::Temporary | MailFault::Silent => {
                self.out_of_trouble();
                let pause = step(&PAUSES, usize::try_from(mail.attempts).unwrap_or(1)) * MINUTE;
                Fate::Later((now + pause).min(mail.expires_at), reason)
            }
            MailFault::Unreachable | MailFault::Credentials | MailFault::Settings => {
                self.in_trouble(current, now, fault, failure.needs_mending(), words);
                Fate::NotItsFault(now, reason)
            }
        }
    }

    async fn settle(&self, mail: &outbox::Mail, fate: Fate) -> Result<(), Error> {
        let journal = &self.messaging.journal;
        let (id, lease, vault) = (mail.id, mail.due_at, Arc::clone(journal.vault()));
        let now = journal.clock().now();
        let (person, about) = (mail.person, mail.conversation);
        let settle = move |conn: &mut Conn| {
            let kept = outbox::settle(conn, &vault, id, lease, now, &fate)?;
            // Nothing was sent: what comes next does not wait for the end of its window.
            if let (true, Fate::Over(MailState::Dropped | MailState::Expired, _), Some(about)) =
                (kept, &fate, about)
            {
                pairs::no_mail_came(conn, person, about)?;
            }
            Ok(kept)
        };
        let kept = journal.db().write(settle).await?;
        if !kept {
            tracing::warn!(mail = %id, "another node took up a mail that took too long");
        }
        Ok(())
    }

    async fn give_back(&self, mail: &outbox::Mail) -> Result<(), Error> {
        let journal = &self.messaging.journal;
        let (id, lease, now) = (mail.id, mail.due_at, journal.clock().now());
        journal.db().write(move |conn| outbox::take_back(conn, id, lease, now)).await
    }

    fn in_trouble(&self, current: &Arc<Now>, now: Micros, fault: MailFault, mend: bool, words: String) {
        let mut trouble = self.lock_trouble();
        let before = trouble.take().filter(|before| before.is_of(current));
        let times = before.as_ref().map_or(1, |before| before.times + usize::from(before.until <= now));
        if before.is_none() {
            tracing::warn!(reason = %words, "no mail leaves");
        }
        *trouble = Some(Trouble {
            with: Arc::clone(current),
            since: before.map_or(now, |before| before.since),
            until: now + step(&TROUBLE_PAUSES, times) * 1_000_000,
            times,
            fault,
            mend,
            words,
        });
    }

    fn out_of_trouble(&self) {
        if self.lock_trouble().take().is_some() {
            tracing::info!("mails leave again");
        }
    }

    /// What keeps every mail from leaving.
    pub(super) fn stuck(&self) -> Option<Stuck> {
        self.trouble().map(|trouble| Stuck {
            since: trouble.since,
            fault: trouble.fault,
            words: trouble.words,
        })
    }

    /// Whether mails leave this node; `None` where no mail server is set up.
    pub fn passage(&self) -> Option<Passage> {
        let current = self.settings.now();
        if current.problem.is_some() {
            return Some(Passage::Settings);
        }
        current.settings.server.as_ref()?;
        let Some(trouble) = self.trouble() else { return Some(Passage::Free) };
        Some(match trouble.fault {
            MailFault::Credentials => Passage::Account,
            _ if trouble.mend => Passage::Settings,
            _ => Passage::Away,
        })
    }

    /// The next mail is tried at once.
    pub(super) fn try_now(&self) {
        let now = self.messaging.journal.clock().now();
        if let Some(trouble) = self.lock_trouble().as_mut() {
            trouble.until = now;
        }
        self.ring();
    }
}

/// The `times`-th of these pauses, or the last.
fn step(pauses: &[Micros], times: usize) -> Micros {
    let last = pauses.last().copied().unwrap_or(1);
    pauses.get(times.saturating_sub(1)).copied().unwrap_or(last)
}

fn fault_of(failure: &Failure) -> MailFault {
    match failure {
        // It takes mails from nobody just now.
        Failure::Temporary(Moment::Greeting | Moment::SigningIn, _) => MailFault::Unreachable,
        Failure::Temporary(..) => MailFault::Temporary,
        Failure::Permanent(..) => MailFault::Permanent,
        Failure::Silent => MailFault::Silent,
        Failure::Unreachable(_) => MailFault::Unreachable,
        Failure::Credentials(_) => MailFault::Credentials,
        Failure::Settings(_) => MailFault::Settings,
    }
}
