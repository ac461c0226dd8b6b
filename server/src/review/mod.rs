//! What officers do with what rules caught: texts that wait are released or refused (`waiting`), and a rule is run over the archive
//! before it comes into force (`backtest`, `job`).
//!
//! What must stay true: whatever shows messages is on record before it is answered; nobody decides on their own text; a run that
//! was cut short goes on where it was.

mod api;
mod backtest;
mod job;
mod records;
mod store;
#[cfg(test)]
mod tests;
mod waiting;

use std::collections::BTreeMap;
use std::sync::Arc;

use chancery_ledger::{Kind, Stream};
use chancery_protocol::ids::{ConversationId, Id, PersonId, RecordId};
use chancery_protocol::review::{MAX_WORDS, MIN_WORDS};
use serde::Serialize;

use crate::ground::error::{Code, Error};
use crate::journal::Unit;
use crate::messaging::Messaging;

pub use api::routes;
pub use job::Worker;

/// What officers' work needs.
#[derive(Clone)]
pub struct Review {
    messaging: Messaging,
    bell: Arc<job::Bell>,
}

impl Review {
    /// With the worker that runs rules over the archive.
    ///
    /// # Errors
    /// When no thread can be started.
    pub fn start(messaging: Messaging) -> Result<(Self, Worker), Error> {
        let bell = Arc::new(job::Bell::default());
        let review = Self { messaging, bell };
        let worker = Worker::start(review.clone())?;
        Ok((review, worker))
    }

    /// Puts a reading on record; only then may it be answered.
    fn on_record(
        &self,
        officer: PersonId,
        kind: Kind,
        target: Option<RecordId>,
        conversation: Option<ConversationId>,
        body: &impl Serialize,
    ) -> Result<(), Error> {
        let journal = &self.messaging.journal;
        let mut draft = journal.draft(Stream::System, kind, Some(officer), body)?;
        draft.target = target.map(Id::bytes);
        draft.conversation = conversation;
        journal.commit_blocking(Unit { records: vec![draft], ..Unit::default() }).map(drop)
    }

    fn names(&self, people: impl IntoIterator<Item = PersonId>) -> BTreeMap<PersonId, String> {
        let name = |id| Some((id, self.messaging.directory.get(id)?.person.name.clone()));
        people.into_iter().filter_map(name).collect()
    }
}

/// Words that are needed, trimmed.
fn words(text: &str, field: &str) -> Result<String, Error> {
    let words = text.trim();
    let chars = words.chars().count();
    if chars < MIN_WORDS {
        let detail = format!("Write at least {MIN_WORDS} characters.");
        return Err(Error::from(Code::ReasonNeeded).field(field).detail(detail));
    }
    short(words, field)
}

/// Words that may be missing.
fn short(text: &str, field: &str) -> Result<String, Error> {
    let words = text.trim();
    if words.chars().count() > MAX_WORDS {
        let detail = format!("Write at most {MAX_WORDS} characters.");
        return Err(Error::from(Code::ReasonTooLong).field(field).detail(detail));
    }
    Ok(words.to_owned())
}
