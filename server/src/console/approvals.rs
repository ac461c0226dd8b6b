//! What waits for a second person: the list, what exactly is asked for beside what there is now, and the decisions. Every act
//! that needs one is known here, and is done by its own room.

use std::sync::Arc;

use chancery_protocol::approvals::{
    Approval, ApprovalCount, ApprovalDetail, ApprovalQuery, Approvals, Asked, ChangeDetail, RequestState,
};
use chancery_protocol::audit::AuditPerson;
use chancery_protocol::ids::{PersonId, RequestId};

use crate::acceptable_use::Policy;
use crate::access::{Act, Caller, decide};
use crate::approvals::{Request, about, agreeing, store, words};
use crate::directory::Directory;
use crate::ground::error::{Code, Error};
use crate::journal::Journal;

/// Requests of a page.
const PAGE: usize = 50;
/// Most people named as those who may agree.
const MOST_NAMED: usize = 50;

/// Requests, and those who carry them out; clones are the same.
#[derive(Clone)]
pub struct Desk {
    journal: Journal,
    directory: Arc<Directory>,
    policy: Policy,
}

impl Desk {
    /// Over the rooms whose acts need a second person.
    pub fn new(journal: Journal, directory: Arc<Directory>, policy: Policy) -> Self {
        Self { journal, directory, policy }
    }

    /// A page of requests, newest first.
    ///
    /// # Errors
    /// When database or key store cannot be read.
    pub fn list(&self, reader: &Caller, query: &ApprovalQuery) -> Result<Approvals, Error> {
        let mut conn = self.journal.db().reader()?;
        let limit = i64::try_from(PAGE).unwrap_or(i64::MAX) + 1;
        let now = self.journal.clock().now();
        let mut found = store::list(&mut conn, self.journal.vault(), query, now, limit)?;
        let more = found.len() > PAGE;
        found.truncate(PAGE);
        let older = found.last().filter(|_| more).map(|request| request.id);
        let approvals = found.into_iter().map(|request| self.line(reader, request)).collect();
        Ok(Approvals { approvals, older })
    }

    /// One request, with what there is now of what it is about, and what there was when it is decided.
    ///
    /// # Errors
    /// `not_found`; when database or key store cannot be read.
    pub fn detail(&self, reader: &Caller, id: RequestId) -> Result<ApprovalDetail, Error> {
        let mut conn = self.journal.db().reader()?;
        let request = store::get(&mut conn, self.journal.vault(), id)?;
        let approvers = self.approvers(&request);
        let waits = request.state_at(self.journal.clock().now()) == RequestState::Waiting;
        let Asked::Policy { changes } = request.asked.clone();
        let changes = changes.into_iter().map(|change| {
            let now = match waits {
                true => self.policy.now(&mut conn, &change)?,
                false => self.policy.followed(&mut conn, &change)?,
            };
            Ok(ChangeDetail { change, now })
        });
        let changes = changes.collect::<Result<_, Error>>()?;
        Ok(ApprovalDetail { approval: self.line(reader, request), changes, approvers })
    }

    /// How many requests of others the reader may agree to.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn count(&self, reader: &Caller) -> Result<ApprovalCount, Error> {
        // All requests there are so far are changes of the policy.
        if !decide(reader.roles, Act::ApprovePolicy) {
            return Ok(ApprovalCount { waiting: 0 });
        }
        let (mut conn, now) = (self.journal.db().reader()?, self.journal.clock().now());
        Ok(ApprovalCount { waiting: store::waiting_for(&mut conn, reader.person, now)? })
    }

    /// Agrees, and has it done.
    ///
    /// # Errors
    /// `not_found`, `own_request`, `already_decided`; those of the act.
    pub fn agree(&self, id: RequestId, by: PersonId) -> Result<(), Error> {
        let request = self.get(id)?;
        self.policy.approvals().open_to(&request, by)?;
        let done = match &request.asked {
            Asked::Policy { changes } => self.policy.agree(&request, changes, by),
        };
        // What somebody else agreed to meanwhile may be this very request.
        if done.as_ref().is_err_and(|error| error.code == Code::Outdated) {
            self.policy.approvals().open_to(&self.get(id)?, by)?;
        }
        done
    }

    /// Refuses, and says why.
    ///
    /// # Errors
    /// `not_found`, `own_request`, `already_decided`; what is wrong with the words.
    pub fn refuse(&self, id: RequestId, text: &str, by: PersonId) -> Result<(), Error> {
        self.policy.approvals().refuse(&self.get(id)?, by, words(text, "words")?)
    }

    /// Takes one's own request back.
    ///
    /// # Errors
    /// `not_found`, `asked_by_another`, `already_decided`.
    pub fn withdraw(&self, id: RequestId, by: PersonId) -> Result<(), Error> {
        self.policy.approvals().withdraw(&self.get(id)?, by)
    }

    fn get(&self, id: RequestId) -> Result<Request, Error> {
        store::get(&mut *self.journal.db().reader()?, self.journal.vault(), id)
    }

    fn line(&self, reader: &Caller, request: Request) -> Approval {
        let state = request.state_at(self.journal.clock().now());
        let waits = state == RequestState::Waiting;
        let own = request.asked_by == reader.person;
        Approval {
            id: request.id,
            items: about(&request.asked),
            reason: request.reason,
            asked_by: self.policy.named(Some(request.asked_by)),
            asked_at: request.asked_at,
            lapses_at: request.lapses_at,
            state,
            decided_by: self.policy.named(request.decided_by),
            decided_at: request.decided_at,
            words: request.words,
            may_agree: waits && !own && decide(reader.roles, agreeing(&request.asked)),
            may_withdraw: waits && own,
        }
    }

    /// Who may agree, by name.
    fn approvers(&self, request: &Request) -> Vec<AuditPerson> {
        let act = agreeing(&request.asked);
        let mut found: Vec<_> = self
            .directory
            .all()
            .into_iter()
            .filter(|entry| !entry.person.suspended && entry.person.id != request.asked_by)
            .filter(|entry| decide(entry.roles, act))
            .filter_map(|entry| self.policy.named(Some(entry.person.id)))
            .collect();
        found.sort_by(|one, other| one.name.cmp(&other.name));
        found.truncate(MOST_NAMED);
        found
    }
}
