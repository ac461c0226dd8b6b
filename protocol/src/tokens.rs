//! Access tokens: with them programs act for a person, or as a bot, within scopes and for a time.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Micros;
use crate::ids::{PersonId, SessionId};

/// Most access tokens of one person at a time.
pub const MAX_TOKENS: usize = 50;

macro_rules! scopes {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {
        /// What a token may be used for, at most: its person must be allowed it, too.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        pub enum Scope { $($(#[$doc])* #[serde(rename = $text)] $name,)* }

        impl Scope {
            /// Every scope.
            pub const ALL: &'static [Scope] = &[$(Scope::$name,)*];

            /// As it stands on the wire.
            pub fn text(self) -> &'static str { match self { $(Self::$name => $text,)* } }
        }
    };
}

scopes! {
    /// Read and search conversations the person is a member of, on a socket.
    MessagesRead = "messages:read";
    /// Write, change and react there.
    MessagesWrite = "messages:write";
    /// Begin conversations, and change those the person owns.
    ConversationsWrite = "conversations:write";
    /// Look colleagues up.
    PeopleRead = "people:read";
    /// Read accounts (administrators and officers).
    AccountsRead = "accounts:read";
    /// Rename, suspend and reinstate people and end their sessions (administrators).
    AccountsWrite = "accounts:write";
    /// Read the audit log as far as the person may.
    AuditRead = "audit:read";
    /// Read the server's figures and its health.
    HealthRead = "health:read";
}

/// An access token, without what it consists of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AccessToken {
    /// Which.
    pub id: SessionId,
    /// What it is for.
    pub name: String,
    /// What it may be used for.
    pub scopes: Vec<Scope>,
    /// Since when.
    pub created_at: Micros,
    /// When it was last used, to the minute; absent when never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_used_at: Option<Micros>,
    /// Until when.
    pub expires_at: Micros,
}

/// A person's access tokens, newest first; expired ones are forgotten.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AccessTokens {
    /// They.
    pub tokens: Vec<AccessToken>,
    /// Longest life of a new one in days; 0 when none are issued.
    pub longest_days: u32,
}

/// Issue an access token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IssueAccessToken {
    /// What it is for.
    pub name: String,
    /// What it may be used for; at least one.
    pub scopes: Vec<Scope>,
    /// Until when.
    pub expires_at: Micros,
}

/// A new access token. It is never shown again.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AccessTokenIssued {
    /// Which.
    pub id: SessionId,
    /// To be sent as `Authorization: Bearer …`.
    pub token: String,
}

/// Make a bot: an account that nobody signs in to; it acts by access tokens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MakeBot {
    /// The handle.
    pub username: String,
    /// The name shown.
    pub name: String,
    /// Who answers for it.
    pub owner: PersonId,
}

/// A bot that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BotMade {
    /// It.
    pub id: PersonId,
}

/// Somebody else answers for a bot from now on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetBotOwner {
    /// Who.
    pub owner: PersonId,
}
