//! What needs a second person: somebody asks, somebody else who may agrees, and only then it happens.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Micros;
use crate::audit::AuditPerson;
use crate::ids::{PersonId, RequestId, SourceId};
use crate::person::Role;
use crate::policy::{Change, Content, ItemKind};

/// Shortest and longest reason of a request and words of a refusal, in characters.
pub const MIN_WORDS: usize = 10;
/// See [`MIN_WORDS`].
pub const MAX_WORDS: usize = 500;

/// What exactly is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "act", content = "content", rename_all = "snake_case")]
pub enum Asked {
    /// Versions of rules, word lists and the policy text.
    Policy {
        /// They.
        changes: Vec<Change>,
    },
    /// An identity of a source is linked to an account that may do more than chat.
    Identity(AskedIdentity),
}

/// An identity, and the account it is to be linked to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AskedIdentity {
    /// Whose account.
    pub person: PersonId,
    /// What the account might do when it was asked: who may agree goes by it, and it must still be so then.
    pub roles: Vec<Role>,
    /// Which source.
    pub source: SourceId,
    /// The source's unchanging name for whoever would sign in.
    pub subject: String,
    /// By what a source that writes to us will first speak of them; else empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub login: String,
}

/// How a request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RequestState {
    /// Nobody has decided.
    Waiting,
    /// A second person agreed, and it was done.
    Agreed,
    /// A second person refused.
    Refused,
    /// Whoever asked took it back.
    Withdrawn,
    /// Nobody decided in time.
    Lapsed,
}

/// Which requests are wanted, in the address.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ApprovalQuery {
    /// Only those that stand so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<RequestState>,
    /// Only those older than this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<RequestId>,
}

/// Requests, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Approvals {
    /// They.
    pub approvals: Vec<Approval>,
    /// Where the next page begins, if there is one: [`ApprovalQuery::before`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub older: Option<RequestId>,
}

/// A request in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Approval {
    /// Which; also the record of the asking.
    pub id: RequestId,
    /// Which items it is about; none when it is about something else.
    pub items: Vec<About>,
    /// Which identity it is about, and whose account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<AboutIdentity>,
    /// Why, in the words of whoever asked.
    pub reason: String,
    /// Who asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_by: Option<AuditPerson>,
    /// When.
    pub asked_at: Micros,
    /// Until when somebody may agree.
    pub lapses_at: Micros,
    /// How it stands.
    pub state: RequestState,
    /// Who agreed, refused or took it back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<AuditPerson>,
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_at: Option<Micros>,
    /// Why it was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
    /// Whether the reader may agree to it and refuse it.
    pub may_agree: bool,
    /// Whether the reader may take it back.
    pub may_withdraw: bool,
}

/// An item a request is about; without what it says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct About {
    /// What it is.
    pub kind: ItemKind,
    /// Which.
    pub name: String,
    /// The version that would come about.
    pub version: u32,
    /// Whether it would count.
    pub in_force: bool,
}

/// An identity a request is about, and the account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AboutIdentity {
    /// Exactly what was asked for.
    #[serde(flatten)]
    pub asked: AskedIdentity,
    /// Whose account it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<AuditPerson>,
    /// What the source is called; empty when it is no longer there.
    pub source_name: String,
}

/// A request as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ApprovalDetail {
    /// What a list says of it.
    #[serde(flatten)]
    pub approval: Approval,
    /// What exactly is asked for of items, and what there is now.
    pub changes: Vec<ChangeDetail>,
    /// Who may agree.
    pub approvers: Vec<AuditPerson>,
}

/// A change, and what it changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ChangeDetail {
    /// What is asked for.
    pub change: Change,
    /// The newest version now, and of a request that is decided the version it was to follow; absent before there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub now: Option<Now>,
}

/// A version of an item that a change follows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Now {
    /// Which.
    pub version: u32,
    /// Whether it counts.
    pub in_force: bool,
    /// Where it stands among its kind.
    pub place: i32,
    /// What it says.
    pub content: Content,
}

/// Why a request is refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RefuseRequest {
    /// For whoever asked: [`MIN_WORDS`] to [`MAX_WORDS`] characters.
    pub words: String,
}

/// The request that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RequestMade {
    /// Which.
    pub id: RequestId,
}

/// How much waits for the reader.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ApprovalCount {
    /// Requests of others that the reader may agree to.
    pub waiting: u64,
}
