//! Bodies of the records about sessions, links, passwords and second factors. Their fields are for ever: new ones are optional.

use chancery_protocol::Micros;
use chancery_protocol::factors::FactorKind;
use chancery_protocol::http::LinkKind;
use chancery_protocol::ids::{FactorId, LinkId, MailId, SessionId, SourceId};
use chancery_protocol::tokens::Scope;
use serde::{Deserialize, Serialize};

use crate::directory::records::Via;

/// Body of `link.issued`. Set-up links stand in the system stream, the others in their person's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkIssued {
    /// Which.
    pub link: LinkId,
    /// What for.
    pub kind: LinkKind,
    /// Until when; earlier open links of the same person are void from now on.
    pub expires_at: Micros,
    /// How.
    pub via: Via,
    /// The mail it was put into; handed over by whoever issued it otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mailed: Option<MailId>,
}

/// Body of `link.redeemed`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkRedeemed {
    /// Which.
    pub link: LinkId,
    /// What for.
    pub kind: LinkKind,
    /// From where.
    pub address: String,
    /// With what.
    pub device: String,
}

/// Why a password was set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PasswordReason {
    /// Chosen with a one-time link.
    Link,
    /// Changed by its owner, who knew the one before.
    Changed,
    /// Given when the account was made (demo).
    Given,
}

/// Body of `password.set`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasswordSet {
    /// Why.
    pub reason: PasswordReason,
}

/// Body of `session.started`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedIn {
    /// Which.
    pub session: SessionId,
    /// With what.
    pub device: String,
    /// From where.
    pub address: String,
    /// When it ends by itself.
    pub expires_at: Micros,
    /// The source that vouched for the person; a local password otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<SourceId>,
    /// The second factor that was shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub factor: Option<FactorKind>,
}

/// Body of `factor.added`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactorAdded {
    /// Which.
    pub factor: FactorId,
    /// Of which kind.
    pub kind: FactorKind,
    /// What its owner calls it.
    pub name: String,
}

/// Body of `factor.removed`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactorRemoved {
    /// Which.
    pub factor: FactorId,
    /// Of which kind.
    pub kind: FactorKind,
    /// What its owner called it.
    pub name: String,
    /// How.
    pub via: Via,
}

/// Body of `emergency.set`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmergencySet {
    /// Whether the account is one for emergencies from now on.
    pub emergency: bool,
    /// From where it can be used; from anywhere when there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub networks: Vec<String>,
    /// How.
    pub via: Via,
}

/// Body of `emergency.used`, in the system's stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmergencyUsed {
    /// From where.
    pub address: String,
    /// With what.
    pub device: String,
    /// The second factor that was shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub factor: Option<FactorKind>,
}

/// Body of `emergency.refused`, in the system's stream: the password was right, the place was not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmergencyRefused {
    /// From where.
    pub address: String,
    /// With what.
    pub device: String,
}

/// Body of `session.confirmed`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirmed {
    /// Which.
    pub session: SessionId,
    /// The source that vouched for the person; a local password otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<SourceId>,
    /// The second factor that was shown; none without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub factor: Option<FactorKind>,
}

/// Body of `access_token.issued`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessTokenIssued {
    /// Which; it ends as sessions do.
    pub session: SessionId,
    /// What it is for.
    pub name: String,
    /// What it may be used for.
    pub scopes: Vec<Scope>,
    /// Until when.
    pub expires_at: Micros,
    /// How.
    pub via: Via,
}

/// Why somebody a source vouches for was not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusedBecause {
    /// Nobody here is linked to them, and accounts are not made by signing in.
    Unknown,
    /// Their login cannot be made a user name.
    Login,
    /// The user name belongs to an account they are not linked to.
    UsernameTaken,
    /// The account found may do more than chat: only an administrator links it.
    Privileged,
    /// The account found is linked to somebody else of the same source.
    LinkedElsewhere,
    /// The account is suspended.
    Suspended,
    /// They have no e-mail address of the domains that are let in, or the source does not vouch for it.
    EmailDomain,
}

/// Body of `sign_in.refused`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInRefused {
    /// Which source.
    pub source: SourceId,
    /// Its unchanging name for them.
    pub subject: String,
    /// What they sign in with there.
    pub login: String,
    /// Why.
    pub because: RefusedBecause,
    /// With what.
    pub device: String,
    /// From where.
    pub address: String,
}

/// Why a session ended before its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndReason {
    /// Its owner signed out on this device.
    SignedOut,
    /// Its owner ended it from another device.
    EndedByOwner,
    /// An administrator ended it.
    EndedByAdmin,
    /// The password was set anew.
    PasswordSet,
    /// The account was suspended.
    Suspended,
    /// The provider ended its own session.
    EndedByProvider,
    /// Somebody signed in anew in the same browser.
    Replaced,
}

/// Body of `session.ended`; one record for each session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionEnded {
    /// Which.
    pub session: SessionId,
    /// Why.
    pub reason: EndReason,
}

/// Body of `sessions.read`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionsRead {
    /// How.
    pub via: Via,
}
