//! Who accepted the policy text, and who has to before they chat.
//!
//! What must stay true:
//! - while a text is in force, nobody who has not accepted its version, or accepted it longer ago than it allows, gets to a
//!   conversation. It counts from the commit that put the text in force;
//! - an acceptance is a control record, so that every node knows of it before it decides anything that was committed later. A node
//!   that has not heard of it yet looks at the row before it refuses;
//! - bots are let through: who answers for them accepted.
//!
//! `store` has the queries, `evidence` who accepted what, `api` the routes.

mod api;
mod evidence;
mod store;
#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;
use chancery_ledger::{Header, Kind, Stream};
use chancery_protocol::Micros;
use chancery_protocol::acceptance::{AnswerPolicy, CurrentPolicy, PolicyStanding};
use chancery_protocol::ids::{Id, PersonId};
use chancery_protocol::policy::{ItemKind, PolicyText, TEXT_NAME};
use data_encoding::HEXLOWER;
use imbl::HashMap;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::items::Content;
use super::store as items;
use crate::access::{Act, Gate, decide};
use crate::directory::{Directory, Entry};
use crate::ground::db::Conn;
use crate::ground::error::{Code, Error};
use crate::journal::{Check, Draft, Journal, Unit};

pub use api::routes;

const DAY: Micros = 86_400_000_000;

#[derive(Clone, Default)]
struct State {
    current: Option<Arc<CurrentPolicy>>,
    /// The newest version each person accepted, and when they did so last.
    accepted: HashMap<PersonId, (u32, Micros)>,
}

/// The text in force and who accepted it: an immutable snapshot, replaced as a whole.
pub struct Acceptance {
    journal: Journal,
    directory: Arc<Directory>,
    now: ArcSwap<State>,
    /// Rows are read inside it, so that who reads later also publishes later.
    refreshing: Mutex<()>,
}

/// Body of `policy.accepted` and `policy.declined`.
#[derive(Serialize)]
struct Answered<'a> {
    version: u32,
    fingerprint: &'a str,
}

impl Acceptance {
    /// No text yet.
    pub fn new(journal: Journal, directory: Arc<Directory>) -> Self {
        Self { journal, directory, now: ArcSwap::default(), refreshing: Mutex::new(()) }
    }

    /// Reads the text and all acceptances.
    ///
    /// # Errors
    /// When database or key store cannot be read, or the text is damaged; the snapshot stays as it was.
    pub fn load_all(&self, conn: &mut Conn) -> Result<(), Error> {
        let _turn = self.refreshing.lock().unwrap_or_else(PoisonError::into_inner);
        let current = self.read_text(conn)?;
        let accepted = store::newest(conn, None)?.into_iter().collect();
        self.now.store(Arc::new(State { current, accepted }));
        Ok(())
    }

    /// Brings the snapshot up to date with control records.
    ///
    /// # Errors
    /// As [`Acceptance::load_all`].
    pub fn refresh(&self, conn: &mut Conn, headers: &[Header]) -> Result<(), Error> {
        let text = headers.iter().any(|header| header.kind == Kind::PolicySet);
        let people: Vec<PersonId> = headers.iter().filter_map(accepted_by).collect();
        if !text && people.is_empty() {
            return Ok(());
        }
        let _turn = self.refreshing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut state = State::clone(&self.now.load());
        if text {
            state.current = self.read_text(conn)?;
        }
        for (person, row) in store::newest(conn, Some(&people))? {
            state.accepted.insert(person, row);
        }
        self.now.store(Arc::new(state));
        Ok(())
    }

    fn read_text(&self, conn: &mut Conn) -> Result<Option<Arc<CurrentPolicy>>, Error> {
        let item = match items::get(conn, self.journal.vault(), ItemKind::Text, TEXT_NAME) {
            Err(error) if error.code == Code::NotFound => return Ok(None),
            item => item?,
        };
        match item.content {
            Some(Content::Text(text)) if item.in_force => {
                let fingerprint = fingerprint(&text)?;
                Ok(Some(Arc::new(CurrentPolicy { version: item.version, fingerprint, text })))
            }
            _ => Ok(None),
        }
    }

    /// The text in force, and where a person stands, who may be one that never has to accept it.
    pub fn standing(&self, person: PersonId) -> PolicyStanding {
        let state = self.now.load();
        let current = state.current.as_deref().cloned();
        let version = current.as_ref().map(|current| current.version);
        let accepted = state.accepted.get(&person).filter(|(accepted, _)| Some(*accepted) == version);
        PolicyStanding { current, due: self.due(&state, person), accepted_at: accepted.map(|(_, at)| *at) }
    }

    /// Whether somebody has to accept what is in force, by what is known here.
    fn due(&self, state: &State, person: PersonId) -> bool {
        let Some(current) = &state.current else { return false };
        let whole = state.accepted.get(&person).is_some_and(|(version, at)| {
            *version == current.version && !lapsed(&current.text, *at, self.journal.clock().now())
        });
        let chats = |entry: Arc<Entry>| !entry.person.bot && decide(entry.roles, Act::OpenSocket);
        !whole && self.directory.get(person).is_some_and(chats)
    }

    /// Accepts the text for a person. Who has nothing to accept has accepted already.
    ///
    /// # Errors
    /// `outdated` when it is not what is in force; when it cannot be written.
    pub async fn accept(self: &Arc<Self>, person: PersonId, answer: &AnswerPolicy) -> Result<(), Error> {
        let draft = self.answered(Kind::PolicyAccepted, person, answer)?;
        let (record, version) = (draft.record, answer.version);
        let committed = self.journal.commit(Unit {
            records: vec![draft],
            check: Some(self.still(person, answer.clone())),
            work: Some(Box::new(move |conn, placed| {
                let at = placed.first().map_or(0, |placed| placed.at);
                store::accepted(conn, person, version, at, record)
            })),
            ..Unit::default()
        });
        match committed.await {
            Err(error) if error.code == Code::Unchanged => Ok(()),
            committed => committed.map(drop),
        }
    }

    /// The record of somebody who declines; it is for the unit that ends their session.
    ///
    /// # Errors
    /// `outdated` when it is not what is in force, `unchanged` for who has nothing to accept.
    fn declined(self: &Arc<Self>, person: PersonId, answer: &AnswerPolicy) -> Result<Draft, Error> {
        self.still(person, answer.clone())()?;
        self.answered(Kind::PolicyDeclined, person, answer)
    }

    fn answered(&self, kind: Kind, person: PersonId, answer: &AnswerPolicy) -> Result<Draft, Error> {
        let body = Answered { version: answer.version, fingerprint: &answer.fingerprint };
        self.journal.draft(Stream::Person(person.bytes()), kind, Some(person), &body)
    }

    /// What was answered must be what is in force, and something must be wanted of the person.
    fn still(self: &Arc<Self>, person: PersonId, answer: AnswerPolicy) -> Check {
        let here = Arc::clone(self);
        Box::new(move || {
            let state = here.now.load();
            let shown = state.current.as_ref().is_some_and(|current| {
                current.version == answer.version && current.fingerprint == answer.fingerprint
            });
            if !shown {
                return Err(Code::Outdated.into());
            }
            if here.due(&state, person) { Ok(()) } else { Err(Code::Unchanged.into()) }
        })
    }
}

impl Gate for Acceptance {
    fn closed_for(&self, person: PersonId) -> bool {
        self.due(&self.now.load(), person)
    }

    /// Only another node may know more.
    fn look(&self, conn: &mut Conn, person: PersonId) -> Result<(), Error> {
        let _turn = self.refreshing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut state = State::clone(&self.now.load());
        for (person, row) in store::newest(conn, Some(&[person]))? {
            state.accepted.insert(person, row);
        }
        self.now.store(Arc::new(state));
        Ok(())
    }
}

/// Who accepted something by this record.
fn accepted_by(header: &Header) -> Option<PersonId> {
    match (header.kind, header.stream) {
        (Kind::PolicyAccepted, Stream::Person(person)) => Some(PersonId::from_bytes(person)),
        _ => None,
    }
}

/// Whether what was accepted at `at` is to be accepted again by now.
fn lapsed(text: &PolicyText, at: Micros, now: Micros) -> bool {
    text.every_days > 0 && now >= at + Micros::from(text.every_days) * DAY
}

/// SHA-256 of the text as JSON, in hexadecimal digits.
fn fingerprint(text: &PolicyText) -> Result<String, Error> {
    let json = serde_json::to_vec(text).map_err(Error::internal)?;
    Ok(HEXLOWER.encode(&Sha256::digest(&json)))
}
