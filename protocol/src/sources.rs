//! Where people come from besides accounts made here: OpenID Connect providers, directories and whoever writes to us by SCIM,
//! as administrators see and set them.

mod ldap;
mod oidc;
mod scim;
mod sync;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Micros;
use crate::ids::{PersonId, RequestId, SourceId};
use crate::person::Role;

pub use ldap::{Attributes, Encryption, Groups, LdapKind, LdapSettings, Nested, People};
pub use oidc::{Algorithm, ClaimNames, ClientAuthentication, EmailTrust, OidcSettings};
pub use scim::{IssueToken, ScimSettings, SourceToken, SourceTokens, TokenIssued};
pub use sync::{
    StartSync, Sync, SyncAct, SyncChange, SyncCounts, SyncFailure, SyncReport, SyncSettings, SyncStarted,
    SyncState, Syncs,
};

/// What kind of source, and how it is reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", content = "settings", rename_all = "snake_case")]
pub enum Connection {
    /// An OpenID Connect provider: people are sent there and come back.
    Oidc(Box<OidcSettings>),
    /// A directory: people type name and password into our own form.
    Ldap(Box<LdapSettings>),
    /// Somebody who writes to us by SCIM 2.0: who there is, what they are called, who may no longer come.
    Scim(Box<ScimSettings>),
}

/// How an account that exists here already is found for somebody a source vouches for the first time. Never for an account
/// that may do more than chat: those are linked by an administrator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Linking {
    /// It is not: an administrator links them.
    #[default]
    Never,
    /// By the user name, which must be the source's login.
    Username,
    /// By the e-mail address, which the source must vouch for.
    Email,
}

/// What becomes of people the house does not know yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Admission {
    /// Whether an account is made when somebody signs in for the first time.
    pub create: bool,
    /// How an account that exists already is found.
    #[serde(default)]
    pub link: Linking,
    /// What accounts made this way may do, besides what their groups give them; at least one.
    pub roles: Vec<Role>,
}

/// Everything an administrator sets of a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SourceForm {
    /// What people read: "Continue with …".
    pub name: String,
    /// Whether people come in by it.
    pub enabled: bool,
    /// What becomes of people the house does not know yet.
    pub admission: Admission,
    /// Kind and way.
    #[serde(flatten)]
    pub connection: Connection,
}

/// Make or change a source.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SetSource {
    /// From now on.
    #[serde(flatten)]
    pub form: SourceForm,
    /// A new secret (client secret, password of the account that reads the directory); empty takes it away, absent leaves it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
    /// The revision that was changed; when it is another by now, nothing happens (`outdated`). Absent for a new source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was: Option<u64>,
}

/// A source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Source {
    /// Which.
    pub id: SourceId,
    /// What was set.
    #[serde(flatten)]
    pub form: SourceForm,
    /// Whether a secret is kept; it never comes back.
    pub has_secret: bool,
    /// Counts changes.
    pub revision: u64,
    /// Since when.
    pub created_at: Micros,
    /// When it was last changed.
    pub changed_at: Micros,
    /// How many people are linked to it.
    pub people: u64,
}

/// All sources, in the order in which they are tried and shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Sources {
    /// They.
    pub sources: Vec<Source>,
}

/// A source that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SourceMade {
    /// Which.
    pub id: SourceId,
}

/// Something wrong with what was entered, found without asking anybody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SettingProblem {
    /// Stable, for machines and translations.
    pub code: String,
    /// The setting, as a path.
    pub setting: String,
    /// What is wrong and how to mend it.
    pub text: String,
}

/// Try a source before it is kept: what was entered, and for a source that is kept already the secret of that one unless another
/// is given.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TestSource {
    /// What was entered.
    #[serde(flatten)]
    pub form: SourceForm,
    /// Its secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
    /// The source that is being changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<SourceId>,
}

/// How a step of a test ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StepOutcome {
    /// As it should.
    Ok,
    /// It works, and could be better.
    Warning,
    /// Not: `text` says how to mend it.
    Failed,
    /// It was not tried, because of what failed before.
    NotRun,
}

/// A step of a test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TestStep {
    /// With which of several servers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server: Option<String>,
    /// Stable name: `resolve`, `tls`, `bind`, …
    pub step: String,
    /// How it ended.
    pub outcome: StepOutcome,
    /// What was found, or what is wrong.
    pub text: String,
    /// How to mend it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub mend: String,
    /// How long it took.
    pub milliseconds: u64,
}

/// A person as a source describes them, mapped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SourcePerson {
    /// The source's unchanging name for them.
    pub subject: String,
    /// What they sign in with.
    pub login: String,
    /// What they are called.
    pub name: String,
    /// E-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// What they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Where they belong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department: Option<String>,
    /// Whether the source lets them sign in.
    pub active: bool,
}

/// What a test found.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct SourceTested {
    /// What is wrong with what was entered; when there is something, nobody was asked.
    pub problems: Vec<SettingProblem>,
    /// Step by step.
    pub steps: Vec<TestStep>,
    /// Some real people as they would be known here.
    pub people: Vec<SourcePerson>,
    /// Names of some real groups.
    pub groups: Vec<String>,
    /// Some entries that cannot be taken.
    pub skipped: Vec<SkippedEntry>,
}

/// An entry of a directory that cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SkippedEntry {
    /// Where it is.
    pub dn: String,
    /// Why.
    pub why: String,
}

/// An identity of a person at a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LinkedIdentity {
    /// Which source.
    pub source: SourceId,
    /// What it is called.
    pub name: String,
    /// The source's unchanging name for the person.
    pub subject: String,
    /// What they sign in with there.
    pub login: String,
    /// Since when.
    pub linked_at: Micros,
    /// When the source last vouched for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen_at: Option<Micros>,
}

/// Where a person comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Identities {
    /// Oldest first.
    pub identities: Vec<LinkedIdentity>,
    /// What was asked to be linked and waits for a second person, newest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waiting: Vec<WaitingIdentity>,
}

/// An identity that is linked once a second person agrees.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WaitingIdentity {
    /// The request.
    pub request: RequestId,
    /// What the source is called.
    pub name: String,
    /// The name that was entered: the source's unchanging one for the person, or the `userName` at one that writes to us.
    pub subject: String,
}

/// Link somebody's way of signing in elsewhere to their account here. Where the account may do more than chat, this is asked for,
/// and done when a second person agrees.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewIdentity {
    /// Which source.
    pub source: SourceId,
    /// As [`LinkIdentity::subject`].
    pub subject: String,
    /// Whose account it belongs to.
    pub person: PersonId,
    /// Why, for the second person: [`crate::approvals::MIN_WORDS`] to [`crate::approvals::MAX_WORDS`] characters. Needed where one is
    /// asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// An identity and the account it is linked to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkIdentity {
    /// Which source.
    pub source: SourceId,
    /// The source's unchanging name for the person. To link somebody to a source that writes to us: the `userName` by which it
    /// will speak of them.
    pub subject: String,
    /// Whose account it belongs to.
    pub person: PersonId,
}

/// A way to sign in, as the page for it shows them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SignInWay {
    /// Which source.
    pub source: SourceId,
    /// What it is called.
    pub name: String,
}

/// The ways to sign in, in their order. Accounts made here and directories share one form.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct SignInWays {
    /// Providers people are sent to.
    pub providers: Vec<SignInWay>,
    /// Directories behind the form.
    pub directories: Vec<SignInWay>,
}
