//! What waits for a second person: the list, what exactly is asked for beside what there is now, and the decisions. Every act
//! that needs one is known here, and is done by its own room.

use std::sync::Arc;

use chancery_protocol::approvals::{
    AboutIdentity, Approval, ApprovalCount, ApprovalDetail, ApprovalQuery, Approvals, Asked, ChangeDetail,
    RequestState,
};
use chancery_protocol::audit::AuditPerson;
use chancery_protocol::ids::{PersonId, RequestId, SourceId};

use crate::acceptable_use::Policy;
use crate::access::{Act, Caller, decide};
use crate::approvals::{Request, Sort, about, identity, may_agree, store, words};
use crate::directory::{Directory, sources};
use crate::ground::error::{Code, Error};
use crate::journal::Journal;
use crate::provisioning::Provisioning;

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
    provisioning: Provisioning,
}

/// What sources are called.
type Names = [(SourceId, String)];

impl Desk {
    /// Over the rooms whose acts need a second person.
    pub fn new(
        journal: Journal,
        directory: Arc<Directory>,
        policy: Policy,
        provisioning: Provisioning,
    ) -> Self {
        Self { journal, directory, policy, provisioning }
    }

    /// A page of the requests the reader may see, newest first.
    ///
    /// # Errors
    /// When database or key store cannot be read.
    pub fn list(&self, reader: &Caller, query: &ApprovalQuery) -> Result<Approvals, Error> {
        let mut conn = self.journal.db().reader()?;
        let limit = i64::try_from(PAGE).unwrap_or(i64::MAX) + 1;
        let now = self.journal.clock().now();
        let seen: Vec<Sort> =
            Sort::ALL.into_iter().filter(|sort| decide(reader.roles, sort.reading())).collect();
        let mut found = store::list(&mut conn, self.journal.vault(), query, &seen, now, limit)?;
        let more = found.len() > PAGE;
        found.truncate(PAGE);
        let older = found.last().filter(|_| more).map(|request| request.id);
        let names = sources::names(&mut conn)?;
        let approvals = found.into_iter().map(|request| self.line(reader, request, &names)).collect();
        Ok(Approvals { approvals, older })
    }

    /// One request, with what there is now of what it is about, and what there was when it is decided.
    ///
    /// # Errors
    /// `not_found`; when database or key store cannot be read.
    pub fn detail(&self, reader: &Caller, id: RequestId) -> Result<ApprovalDetail, Error> {
        let mut conn = self.journal.db().reader()?;
        let request = store::get(&mut conn, self.journal.vault(), id)?;
        if !decide(reader.roles, Sort::of(&request.asked).reading()) {
            return Err(Code::NotFound.into());
        }
        let approvers = self.approvers(&request);
        let changes = match request.asked.clone() {
            Asked::Policy { changes } => changes,
            Asked::Identity(_) => Vec::new(),
        };
        let waits = request.state_at(self.journal.clock().now()) == RequestState::Waiting;
        let changes = changes.into_iter().map(|change| {
            let now = match waits {
                true => self.policy.now(&mut conn, &change)?,
                false => self.policy.followed(&mut conn, &change)?,
            };
            Ok(ChangeDetail { change, now })
        });
        let changes = changes.collect::<Result<_, Error>>()?;
        let names = sources::names(&mut conn)?;
        Ok(ApprovalDetail { approval: self.line(reader, request, &names), changes, approvers })
    }

    /// How many requests of others the reader may agree to.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn count(&self, reader: &Caller) -> Result<ApprovalCount, Error> {
        let (mut conn, now) = (self.journal.db().reader()?, self.journal.clock().now());
        let mut waiting = 0;
        if decide(reader.roles, Act::ApprovePolicy) {
            waiting += store::waiting_for(&mut conn, Sort::Policy, reader.person, now)?;
        }
        if decide(reader.roles, Act::DecideRequests) {
            // Few and small; whose account it is, and so who may agree, is sealed.
            let found = store::waiting(&mut conn, self.journal.vault(), Sort::Identity, now)?;
            let theirs = found
                .iter()
                .filter(|request| may_agree(&request.asked, request.asked_by, reader.person, reader.roles));
            waiting += theirs.count() as u64;
        }
        Ok(ApprovalCount { waiting })
    }

    /// Agrees, and has it done.
    ///
    /// # Errors
    /// `not_found`, `own_request`, `own_account`, `already_decided`; those of the act.
    pub fn agree(&self, id: RequestId, by: PersonId) -> Result<(), Error> {
        let request = self.get(id, by)?;
        self.policy.approvals().open_to(&request, by)?;
        let done = match &request.asked {
            Asked::Policy { changes } => self.policy.agree(&request, changes, by),
            Asked::Identity(identity) => self.provisioning.agree(&request, identity, by),
        };
        // What somebody else agreed to meanwhile may be this very request.
        if done.as_ref().is_err_and(|error| error.code == Code::Outdated) {
            self.policy.approvals().open_to(&self.get(id, by)?, by)?;
        }
        done
    }

    /// Refuses, and says why.
    ///
    /// # Errors
    /// `not_found`, `own_request`, `own_account`, `already_decided`; what is wrong with the words.
    pub fn refuse(&self, id: RequestId, text: &str, by: PersonId) -> Result<(), Error> {
        self.policy.approvals().refuse(&self.get(id, by)?, by, words(text, "words")?)
    }

    /// Takes one's own request back.
    ///
    /// # Errors
    /// `not_found`, `asked_by_another`, `already_decided`.
    pub fn withdraw(&self, id: RequestId, by: PersonId) -> Result<(), Error> {
        self.policy.approvals().withdraw(&self.get(id, by)?, by)
    }

    /// A request that this person may see.
    fn get(&self, id: RequestId, by: PersonId) -> Result<Request, Error> {
        let request = store::get(&mut *self.journal.db().reader()?, self.journal.vault(), id)?;
        let roles = self.directory.get(by).map(|entry| entry.roles).unwrap_or_default();
        if decide(roles, Sort::of(&request.asked).reading()) {
            Ok(request)
        } else {
            Err(Code::NotFound.into())
        }
    }

    fn line(&self, reader: &Caller, request: Request, names: &Names) -> Approval {
        let state = request.state_at(self.journal.clock().now());
        let waits = state == RequestState::Waiting;
        let own = request.asked_by == reader.person;
        let agrees = may_agree(&request.asked, request.asked_by, reader.person, reader.roles);
        let name_of =
            |id: SourceId| names.iter().find(|(known, _)| *known == id).map(|(_, name)| name.clone());
        let identity = identity(&request.asked).map(|asked| AboutIdentity {
            asked: asked.clone(),
            owner: self.policy.named(Some(asked.person)),
            source_name: name_of(asked.source).unwrap_or_default(),
        });
        Approval {
            id: request.id,
            items: about(&request.asked),
            identity,
            reason: request.reason,
            asked_by: self.policy.named(Some(request.asked_by)),
            asked_at: request.asked_at,
            lapses_at: request.lapses_at,
            state,
            decided_by: self.policy.named(request.decided_by),
            decided_at: request.decided_at,
            words: request.words,
            may_agree: waits && agrees,
            may_withdraw: waits && own,
        }
    }

    /// Who may agree, by name.
    fn approvers(&self, request: &Request) -> Vec<AuditPerson> {
        let mut found: Vec<_> = self
            .directory
            .all()
            .into_iter()
            .filter(|entry| !entry.person.suspended)
            .filter(|entry| may_agree(&request.asked, request.asked_by, entry.person.id, entry.roles))
            .filter_map(|entry| self.policy.named(Some(entry.person.id)))
            .collect();
        found.sort_by(|one, other| one.name.cmp(&other.name));
        found.truncate(MOST_NAMED);
        found
    }
}
