//! Messages: the way in (`send`, `change`), the current state (`state`), and the way out (`view`, `history`).
//!
//! What must stay true: every text leaves through [`view`]; `messages` equals what the journal says
//! (`rebuild` proves it); only authors change their messages; earlier versions are never sent to members: `whole` has
//! them, for the search index and for officers.

mod body;
mod change;
pub mod history;
pub mod rebuild;
mod send;
mod state;
#[cfg(test)]
mod tests;
mod view;
pub mod whole;

use std::sync::Arc;

use chancery_protocol::frame::Recorded;
use chancery_protocol::ids::{ConversationId, PersonId};

use crate::conversations::{Membership, Roster};
use crate::directory::Directory;
use crate::ground::error::{Code, Error};
use crate::journal::{Committed, Journal};
pub use state::count_since;

/// What messaging works with.
#[derive(Clone)]
pub struct Messaging {
    /// The record.
    pub journal: Journal,
    /// Who there is.
    pub directory: Arc<Directory>,
    /// Who is where.
    pub roster: Arc<Roster>,
}

impl Messaging {
    /// A present member who may act: the check that runs before a command is queued and again under the head lock.
    fn may_act(&self, conversation: ConversationId, person: PersonId) -> Result<Membership, Error> {
        if self.directory.get(person).is_none_or(|entry| entry.person.suspended) {
            return Err(Code::Suspended.into());
        }
        self.roster.member(conversation, person)
    }

    fn check(&self, conversation: ConversationId, person: PersonId) -> crate::journal::Check {
        let this = self.clone();
        Box::new(move || this.may_act(conversation, person).map(drop))
    }
}

/// Where a unit's first record stands.
///
/// # Errors
/// `internal` for a unit without records.
pub fn recorded(committed: &Committed) -> Result<Recorded, Error> {
    let first = committed.first()?;
    Ok(Recorded { record: first.record, seq: first.seq.unwrap_or(0), at: first.at })
}
