//! Bodies of the records about accounts. Their fields are for ever: new ones are optional.

use chancery_protocol::Micros;
use chancery_protocol::ids::{GroupId, PersonId, RequestId, SourceId, SyncId, TokenId};
use chancery_protocol::person::Role;
use chancery_protocol::sources::{SourceForm, StartSync, SyncCounts, SyncState};
use serde::{Deserialize, Serialize};

/// Where an account comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// Made here.
    Local,
    /// A directory or provider.
    Source(SourceId),
}

/// By which way somebody acted; on the command line there is no actor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Via {
    /// Over the network, signed in or with a one-time link.
    Web,
    /// On the server's command line.
    CommandLine,
    /// A source of people said so.
    Source(SourceId),
    /// Nobody: the time had come that was set for a guest.
    EndDate,
}

/// What a source says of somebody besides name and login.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Profile {
    /// E-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// What they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Where they belong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department: Option<String>,
    /// Whom they report to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manager: Option<PersonId>,
}

/// Body of `person.created`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonCreated {
    /// The handle.
    pub username: String,
    /// The name shown.
    pub name: String,
    /// What they may do.
    pub roles: Vec<Role>,
    /// What else their source says of them.
    #[serde(flatten)]
    pub profile: Profile,
    /// Where the account comes from.
    pub source: Source,
    /// Who answers for it; bots only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<PersonId>,
    /// How.
    pub via: Via,
}

/// Body of `person.changed`: how the account is from now on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonChanged {
    /// The handle.
    pub username: String,
    /// The name shown.
    pub name: String,
    /// What they may do.
    pub roles: Vec<Role>,
    /// What else their source says of them.
    #[serde(flatten)]
    pub profile: Profile,
    /// How.
    pub via: Via,
}

/// Body of `guest.set`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuestSet {
    /// Who answers for them.
    pub sponsor: PersonId,
    /// Until when.
    pub ends_at: Micros,
    /// How.
    pub via: Via,
}

/// Body of `bot.owner_set`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BotOwnerSet {
    /// Who answers for it from now on.
    pub owner: PersonId,
    /// How.
    pub via: Via,
}

/// Body of `person.suspended`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonSuspended {
    /// How.
    pub via: Via,
}

/// Body of `person.reinstated`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonReinstated {
    /// How.
    pub via: Via,
}

/// Body of `person.status`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusSet {
    /// The text; empty when it was cleared.
    pub text: String,
}

/// Body of `person.photo_set`. The picture itself is never in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhotoSet {
    /// SHA-256 of the picture as it is shown, in hexadecimal; absent when it was taken away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hash: Option<String>,
    /// How.
    pub via: Via,
}

/// Body of `identity.linked` and `identity.unlinked`, in the person's stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdentityLink {
    /// Which source.
    pub source: SourceId,
    /// The source's unchanging name for the person.
    pub subject: String,
    /// What they sign in with there.
    pub login: String,
    /// By which rule, or by whom.
    pub by: LinkedBy,
    /// Who agreed to it, where that was needed.
    #[serde(flatten)]
    pub second: Option<SecondPerson>,
    /// How.
    pub via: Via,
}

/// What two people did together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecondPerson {
    /// The request.
    pub request: RequestId,
    /// Who asked.
    pub asked_by: PersonId,
    /// Who agreed.
    pub agreed_by: PersonId,
}

/// How an identity and an account came together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkedBy {
    /// The account was made for it.
    Created,
    /// The user name is the source's login.
    Username,
    /// The e-mail address is the same.
    Email,
    /// An administrator said so.
    Hand,
    /// Another source said so, which has them too.
    Source,
}

/// Body of `group.set`: how the group is from now on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupSet {
    /// What people call it.
    pub name: String,
    /// What its members may do.
    pub roles: Vec<Role>,
    /// Where it comes from.
    pub source: Source,
    /// What its source calls it, for ever.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// Whether its source no longer has it, or it was removed here.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub gone: bool,
    /// How.
    pub via: Via,
}

/// Body of `group.members`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupMembers {
    /// Which.
    pub group: GroupId,
    /// Who came.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub added: Vec<PersonId>,
    /// Who went.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub removed: Vec<PersonId>,
    /// How.
    pub via: Via,
}

/// Body of `source.set`: how the source is from now on. Secrets are never in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceSet {
    /// Which.
    pub source: SourceId,
    /// All of it.
    #[serde(flatten)]
    pub form: SourceForm,
    /// Whether the secret was set anew or taken away with it.
    pub secret_changed: bool,
    /// How.
    pub via: Via,
}

/// Body of `source.sync_asked`: an administrator has the target source read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncAsked {
    /// Which source.
    pub source: SourceId,
    /// The run.
    pub sync: SyncId,
    /// Only to look what would happen, or to do more than is done without asking.
    #[serde(flatten)]
    pub form: StartSync,
    /// How.
    pub via: Via,
}

/// Body of `source.synced`: how a run ended. What it did to whom has records of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceSynced {
    /// Which source.
    pub source: SourceId,
    /// The run.
    pub sync: SyncId,
    /// Whether it only looked.
    pub dry: bool,
    /// How it ended.
    pub state: SyncState,
    /// What it did.
    pub counts: SyncCounts,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
}

/// Body of `token.issued`. The token itself is never in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenIssued {
    /// Of which source.
    pub source: SourceId,
    /// Which.
    pub token: TokenId,
    /// What it is for.
    pub name: String,
    /// Whether it may be used to change anything.
    pub write: bool,
    /// When it ends by itself.
    pub expires_at: Micros,
    /// How.
    pub via: Via,
}

/// Body of `token.revoked`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenRevoked {
    /// Of which source.
    pub source: SourceId,
    /// Which.
    pub token: TokenId,
    /// What it was for.
    pub name: String,
    /// How.
    pub via: Via,
}

/// Body of `source.removed`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceRemoved {
    /// Which.
    pub source: SourceId,
    /// What it was called.
    pub name: String,
    /// How.
    pub via: Via,
}
