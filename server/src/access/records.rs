//! Bodies of the records about sessions, links and passwords. Their fields are for ever: new ones are optional.

use chancery_protocol::Micros;
use chancery_protocol::http::LinkKind;
use chancery_protocol::ids::{LinkId, SessionId};
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
