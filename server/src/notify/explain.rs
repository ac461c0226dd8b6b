//! Why mails went or did not: for whom it concerns, and for administrators, who see no names of conversations.

use std::collections::HashMap;

use chancery_ledger::{Kind, Stream};
use chancery_protocol::Micros;
use chancery_protocol::ids::{ConversationId, Id, MailId, PersonId, SessionId};
use chancery_protocol::mail::{
    self as shown, DECISIONS_PAGE, Decided, DecisionQuery, Decisions, KEPT_DAYS, MailReason, MailState,
    OwnMail, Standing, Wait, Why,
};
use serde::Serialize;

use super::Notifier;
use super::decide::Decision;
use super::judge::{self, reason};
use super::pairs::{self, Pair, Reason};
use crate::access;
use crate::conversations::store::{self as conversations, Info};
use crate::ground::config::MailContent;
use crate::ground::db::Conn;
use crate::ground::error::{Code, Error};
use crate::journal::Unit;
use crate::outbox::{self, Fared};

const MINUTE: Micros = 60_000_000;
const DAY: Micros = 24 * 60 * MINUTE;
/// What has been of age for so long and was never looked at will not be.
const LATE: Micros = 10 * MINUTE;
/// Conversations whose standing is told, those in which something happened last.
const STANDINGS: usize = 50;

/// Body of `mail.decisions_read`: the header says whose.
#[derive(Serialize)]
struct Nothing {}

/// What has to be looked up to word decisions.
struct Named {
    devices: HashMap<SessionId, String>,
    mails: HashMap<MailId, Fared>,
}

impl Named {
    fn why(&self, decided: &pairs::Decided) -> Why {
        match decided.reason {
            Reason::Read => Why::Read {
                at: decided.seen.map(|seen| seen.at),
                device: decided.seen.and_then(|seen| seen.by).and_then(|by| self.devices.get(&by).cloned()),
            },
            Reason::Mail => match decided.mail.and_then(|mail| Some((mail, self.mails.get(&mail)?))) {
                // What made it not go says more than that it did not.
                Some((
                    _,
                    Fared { reason: Some(MailReason::Decided { why }), state: MailState::Dropped, .. },
                )) => why.as_ref().clone(),
                Some((mail, fared)) => Why::Mail { mail, state: fared.state, sent_at: fared.sent_at },
                // As long as decisions are kept, so are mails.
                None => Why::Deleted,
            },
            other => plain(other),
        }
    }
}

/// A reason that needs no more words.
fn plain(reason: Reason) -> Why {
    match reason {
        Reason::Read => Why::Read { at: None, device: None },
        Reason::Muted => Why::Muted,
        Reason::NotMentioned => Why::NotMentioned,
        Reason::Off => Why::Off,
        Reason::Left => Why::Left,
        Reason::Deleted | Reason::Mail => Why::Deleted,
        Reason::Suspended => Why::Suspended,
        Reason::NoAddress => Why::NoAddress,
    }
}

impl Notifier {
    /// What somebody has to know about their mails.
    ///
    /// # Errors
    /// Storage errors.
    pub(super) fn mine(&self, person: PersonId) -> Result<OwnMail, Error> {
        let mut conn = self.messaging.journal.db().reader()?;
        let row = crate::directory::store::get(&mut conn, person)?;
        let now = self.settings.now();
        Ok(OwnMail {
            address: row.email,
            sends: now.settings.server.is_some(),
            content: content_of(now.settings.content),
            house: now.settings.house.clone(),
        })
    }

    /// Why mails to somebody went or did not. What an administrator reads of others is on record first.
    ///
    /// # Errors
    /// `person_not_found`; storage errors.
    pub(super) fn decisions(
        &self,
        reader: PersonId,
        person: PersonId,
        query: &DecisionQuery,
    ) -> Result<Decisions, Error> {
        let journal = &self.messaging.journal;
        if self.messaging.directory.get(person).is_none() {
            return Err(Code::PersonNotFound.into());
        }
        if reader != person {
            let stream = Stream::Person(person.bytes());
            let mut draft = journal.draft(stream, Kind::MailDecisionsRead, Some(reader), &Nothing {})?;
            draft.target = Some(person.bytes());
            journal.commit_blocking(Unit { records: vec![draft], ..Unit::default() })?;
        }
        let now = journal.clock().now();
        let mut conn = journal.db().reader()?;
        let limit = i64::from(DECISIONS_PAGE);
        let mut decided = pairs::decisions(&mut conn, person, query.conversation, query.before, limit + 1)?;
        let more = decided.len() > usize::from(DECISIONS_PAGE);
        decided.truncate(usize::from(DECISIONS_PAGE));
        let standings = match query.before {
            Some(_) => Vec::new(),
            None => self.standings(&mut conn, person, query.conversation, now)?,
        };
        let named = self.named(&mut conn, &decided)?;
        let kind = |id: ConversationId| self.messaging.roster.get(id).map(|entry| entry.kind);
        let decided = decided
            .iter()
            .map(|one| Decided {
                id: one.id,
                at: one.at,
                conversation: one.conversation,
                kind: one.conversation.and_then(kind),
                why: named.why(one),
            })
            .collect();
        Ok(Decisions { now: standings, decided, more })
    }

    /// How somebody's conversations stand now.
    fn standings(
        &self,
        conn: &mut Conn,
        person: PersonId,
        only: Option<ConversationId>,
        now: Micros,
    ) -> Result<Vec<Standing>, Error> {
        let mut ids = self.messaging.roster.of(person);
        ids.retain(|id| only.is_none_or(|only| only == *id));
        let mut infos = conversations::infos(conn, self.messaging.journal.vault(), &ids)?;
        infos.retain(|info| info.last_ordinal > 0 && info.last_at > now - Micros::from(KEPT_DAYS) * DAY);
        infos.sort_by_key(|info| std::cmp::Reverse((info.last_at, info.id)));
        infos.truncate(STANDINGS);
        let known_pairs = pairs::pairs_of(conn, person)?;
        let pair = |info: &Info| {
            let none = Pair { due_at: None, ..Pair::new(person, info.id, now) };
            let known = known_pairs.get(&info.id).copied().unwrap_or(none);
            // What it waits for is not over yet: it is told as if it were decided now.
            let wait = if known.due_at.is_some_and(|due| due <= now) { known.wait } else { Wait::Unread };
            Pair { wait, ..known }
        };
        let all: Vec<Pair> = infos.iter().map(pair).collect();
        let known = self.known(conn, &all)?;
        let newest = self.messaging.newest_at(conn, &infos.iter().map(|info| info.id).collect::<Vec<_>>())?;
        let mut standings = Vec::with_capacity(infos.len());
        for (info, pair) in infos.iter().zip(&all) {
            let newest_at = newest.get(&info.id).copied().unwrap_or(info.last_at);
            let why = self.stands(conn, &known, pair, newest_at, now)?;
            standings.push(Standing { conversation: info.id, kind: info.kind, newest_at, why });
        }
        Ok(standings)
    }

    fn stands(
        &self,
        conn: &mut Conn,
        known: &judge::Known,
        pair: &Pair,
        newest_at: Micros,
        now: Micros,
    ) -> Result<Why, Error> {
        let decision = match self.standing(conn, known, pair, now)? {
            judge::Standing::Over(why, seen) => return self.why(conn, why, seen),
            judge::Standing::Told => {
                let last = pairs::last_since(conn, pair.person, pair.conversation, Micros::MIN)?;
                return last.map_or(Ok(Why::Deleted), |last| Ok(self.named(conn, &[last])?.why(&last)));
            }
            judge::Standing::Open(Decision::Not(not)) => return Ok(plain(reason(not))),
            judge::Standing::Open(decision) => decision,
        };
        let soon = |until: Micros| Why::Waits { until: until.max(now), wait: Wait::Unread };
        if pair.due_at.is_some() {
            return Ok(match decision {
                Decision::Later(until, wait) => Why::Waits { until, wait },
                _ => soon(now),
            });
        }
        // Nothing is waited for: it was decided already, or the newest of it has not come of age.
        let of_age = newest_at + Micros::from(self.settings.now().settings.house.after_minutes) * MINUTE;
        if of_age > now {
            return Ok(soon(of_age));
        }
        let last = pairs::last_since(conn, pair.person, pair.conversation, newest_at)?;
        match last {
            Some(last) => Ok(self.named(conn, &[last])?.why(&last)),
            None => Ok(match (pair.why, decision) {
                // Said once, and so ever since.
                (Some(why), _) => plain(why),
                (None, _) if of_age + LATE < now => Why::Before,
                (None, Decision::Later(until, wait)) => Why::Waits { until, wait },
                (None, _) => soon(now),
            }),
        }
    }

    fn named(&self, conn: &mut Conn, decided: &[pairs::Decided]) -> Result<Named, Error> {
        let sessions: Vec<SessionId> =
            decided.iter().filter_map(|one| one.seen.and_then(|seen| seen.by)).collect();
        let mails: Vec<MailId> = decided.iter().filter_map(|one| one.mail).collect();
        let mails = outbox::states_of(conn, self.messaging.journal.vault(), &mails)?;
        Ok(Named { devices: access::devices(conn, &sessions)?, mails })
    }
}

/// What mails may say, as the protocol calls it.
pub(super) fn content_of(content: MailContent) -> shown::MailContent {
    match content {
        MailContent::Nothing => shown::MailContent::Nothing,
        MailContent::Sender => shown::MailContent::Sender,
        MailContent::Full => shown::MailContent::Full,
    }
}
