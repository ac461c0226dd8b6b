//! Sources that write to us by SCIM 2.0: what is set of them, and the tokens they come with.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Micros;
use crate::ids::{SourceId, TokenId};
use crate::person::Person;

/// What is set of a source that writes to us by SCIM 2.0. Where it writes to is the same for all, and its token says who it is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScimSettings {
    /// The OpenID Connect provider at which these people sign in: the `externalId` of a user is their `sub` there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub linked_provider: Option<SourceId>,
}

/// Issue a token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IssueToken {
    /// What it is for, for people.
    pub name: String,
    /// Whether whoever has it may change anything; otherwise they may only read.
    pub write: bool,
    /// When it ends by itself.
    pub expires_at: Micros,
}

/// A token that was issued.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TokenIssued {
    /// Which.
    pub id: TokenId,
    /// The token itself; it is never shown again.
    pub token: String,
}

/// A token, without what it consists of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SourceToken {
    /// Which.
    pub id: TokenId,
    /// What it is for, for people.
    pub name: String,
    /// Whether whoever has it may change anything.
    pub write: bool,
    /// Since when.
    pub created_at: Micros,
    /// Who issued it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_by: Option<Person>,
    /// When it ends by itself.
    pub expires_at: Micros,
    /// When it was last used, to the minute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_used_at: Option<Micros>,
    /// When it was revoked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<Micros>,
}

/// The tokens of a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SourceTokens {
    /// Newest first.
    pub tokens: Vec<SourceToken>,
}
