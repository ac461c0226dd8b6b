//! Messages: the way in (`send`, `change`), the current state (`state`), and the way out (`view`, `history`).
//!
//! What must stay true: every text was screened by the rules in force at its position; every text leaves through [`view`]; what
//! rules took out or held back no member gets (`attempts` has what was held back); `messages` equals what the journal says
//! (`rebuild` proves it); only authors change their messages; earlier versions are never sent to members: `whole` has
//! them, for the search index and for officers.

pub mod attempts;
mod body;
mod change;
pub mod history;
pub mod rebuild;
mod send;
mod state;
#[cfg(test)]
pub(crate) mod tests;
pub mod unread;
mod view;
pub mod waiting;
pub mod whole;

use std::sync::Arc;

use chancery_protocol::frame::Recorded;
use chancery_protocol::ids::{ConversationId, PersonId};

use crate::acceptable_use::{Confirmed, Decision, Others, Place, Rules, Spoken};
use crate::conversations::{Membership, Roster};
use crate::directory::Directory;
use crate::ground::error::{Code, Error};
use crate::journal::{Committed, Journal, Unit};
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
    /// Rules of acceptable use.
    pub rules: Arc<Rules>,
}

impl Messaging {
    /// A present member who may act: the check that runs before a command is queued and again under the head lock.
    fn may_act(&self, conversation: ConversationId, person: PersonId) -> Result<Membership, Error> {
        if self.directory.get(person).is_none_or(|entry| entry.person.suspended) {
            return Err(Code::Suspended.into());
        }
        self.roster.member(conversation, person)
    }

    /// A unit that says something, by what the rules in force when it is committed say of it. `delivered` makes the unit of a text
    /// that is let pass, `attempted` that of one that is not; what comes with `once` and work is theirs to say.
    fn screened(
        &self,
        spoken: Spoken,
        confirmed: Option<Confirmed>,
        make: impl Fn(&Self, &Spoken, &Decision, Option<&Confirmed>) -> Result<Unit, Error> + Send + 'static,
    ) -> Result<Unit, Error> {
        let looked = self.rules.look(&spoken.text, spoken.what);
        let others = spoken.conversation.map_or(Others::Anybody, Others::In);
        let (directory, roster) = (Arc::clone(&self.directory), Arc::clone(&self.roster));
        let place = Place { sender: spoken.author, others, directory, roster };
        let decision = looked.decide(&self.rules, &place, confirmed.as_ref());
        let mut unit = make(self, &spoken, &decision, confirmed.as_ref())?;
        let this = self.clone();
        unit.instead = Some(Box::new(move || {
            let now = looked.again(&this.rules, &spoken.text);
            let again = now.decide(&this.rules, &place, confirmed.as_ref());
            if again == decision {
                return Ok(None);
            }
            make(&this, &spoken, &again, confirmed.as_ref()).map(Some)
        }));
        Ok(unit)
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
