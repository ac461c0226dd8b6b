//! What needs a second person: one mechanism for all such acts.
//!
//! What must stay true: nobody agrees to their own request, or to what opens their own account; a request ends once; whoever asks and whoever agrees may do so when
//! the record is written; agreeing and what is agreed to are one unit. A request that has lapsed is over, whether or not its
//! record is written yet.
//!
//! `store` keeps requests, `units` begins and ends them. What is asked for is done by the rooms above, whose records and SQL go
//! along with the agreement.

pub mod records;
pub mod store;
mod units;

use chancery_protocol::Micros;
use chancery_protocol::approvals::{About, Asked, AskedIdentity, MAX_WORDS, MIN_WORDS, RequestState};
use chancery_protocol::ids::{PersonId, RequestId};
use chancery_protocol::person::Role;

use crate::access::{Access, Act, decide};
use crate::directory::Roles;
use crate::ground::error::{Code, Error};
use crate::journal::{Draft, Journal, Work};

/// How long a request waits, in microseconds: 7 days.
pub const LAPSES_AFTER: Micros = 7 * 86_400_000_000;

/// Requests; clones are the same.
#[derive(Clone)]
pub struct Approvals {
    journal: Journal,
    access: Access,
}

/// Something that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Which; also the record of the asking.
    pub id: RequestId,
    /// What exactly.
    pub asked: Asked,
    /// Why.
    pub reason: String,
    /// Who asked.
    pub asked_by: PersonId,
    /// When.
    pub asked_at: Micros,
    /// Until when somebody may agree.
    pub lapses_at: Micros,
    /// How it stands.
    pub state: RequestState,
    /// Who ended it.
    pub decided_by: Option<PersonId>,
    /// When.
    pub decided_at: Option<Micros>,
    /// Why it was refused.
    pub words: Option<String>,
}

/// What is done when somebody agrees, in the same unit.
pub struct Then {
    /// Its records.
    pub records: Vec<Draft>,
    /// Its SQL.
    pub work: Work,
}

impl Request {
    /// How it stands at that time: one that lapsed is over before its record says so.
    pub fn state_at(&self, now: Micros) -> RequestState {
        match self.state {
            RequestState::Waiting if self.lapses_at <= now => RequestState::Lapsed,
            state => state,
        }
    }
}

/// What requests may be about; kept with each of them in clear.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// [`Asked::Policy`].
    Policy,
    /// [`Asked::Identity`].
    Identity,
}

impl Sort {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Policy, Self::Identity];

    /// Of this.
    pub const fn of(asked: &Asked) -> Self {
        match asked {
            Asked::Policy { .. } => Self::Policy,
            Asked::Identity(_) => Self::Identity,
        }
    }

    /// Who may see requests about it: whoever may see the thing itself.
    pub const fn reading(self) -> Act {
        match self {
            Self::Policy => Act::ReadPolicy,
            Self::Identity => Act::ReadAccounts,
        }
    }
}

/// Whose accounts only a compliance lead lets others into.
const OVER_ADMINS: Roles = Roles::of(&[Role::ComplianceOfficer, Role::ComplianceLead, Role::Auditor]);

/// Who may ask for it.
pub const fn asking(asked: &Asked) -> Act {
    match asked {
        Asked::Policy { .. } => Act::DraftPolicy,
        Asked::Identity(_) => Act::LinkIdentities,
    }
}

/// Who may agree to it. Whoever is an administrator and an officer counts as an officer.
pub fn agreeing(asked: &Asked) -> Act {
    match asked {
        Asked::Policy { .. } => Act::ApprovePolicy,
        Asked::Identity(identity) if Roles::of(&identity.roles).meets(OVER_ADMINS) => Act::ApproveIdentity,
        Asked::Identity(_) => Act::ApproveAdminIdentity,
    }
}

/// Whose own account it would open, if any: they do not agree to it.
pub const fn owner(asked: &Asked) -> Option<PersonId> {
    match asked {
        Asked::Policy { .. } => None,
        Asked::Identity(identity) => Some(identity.person),
    }
}

/// Whether somebody with these roles may agree to what that person asked for.
pub fn may_agree(asked: &Asked, asked_by: PersonId, person: PersonId, roles: Roles) -> bool {
    person != asked_by && owner(asked) != Some(person) && decide(roles, agreeing(asked))
}

/// Which identity it is about.
pub const fn identity(asked: &Asked) -> Option<&AskedIdentity> {
    match asked {
        Asked::Policy { .. } => None,
        Asked::Identity(identity) => Some(identity),
    }
}

/// Which items it is about, without contents.
pub fn about(asked: &Asked) -> Vec<About> {
    let Asked::Policy { changes } = asked else { return Vec::new() };
    let about = changes.iter().map(|change| About {
        kind: change.kind,
        name: change.name.clone(),
        version: change.from_version + 1,
        in_force: change.in_force,
    });
    about.collect()
}

/// A reason, or the words of a refusal.
///
/// # Errors
/// `reason_needed`, `reason_too_long`, `control_character`, at `field`.
pub fn words(text: &str, field: &'static str) -> Result<String, Error> {
    let text = text.trim();
    let count = text.chars().count();
    let wrong = |code: Code| Error::from(code).field(field);
    if count < MIN_WORDS {
        return Err(wrong(Code::ReasonNeeded).detail(format!("At least {MIN_WORDS} characters.")));
    }
    if count > MAX_WORDS {
        return Err(wrong(Code::ReasonTooLong).detail(format!("At most {MAX_WORDS} characters.")));
    }
    if text.chars().any(|c| c != '\n' && crate::directory::names::unfit(c)) {
        return Err(wrong(Code::ControlCharacter));
    }
    Ok(text.to_owned())
}
