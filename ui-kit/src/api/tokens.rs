//! Access tokens: one's own, and those of somebody an administrator looks after.

use chancery_protocol::ids::{PersonId, SessionId};
use chancery_protocol::tokens::{AccessTokenIssued, AccessTokens, IssueAccessToken};

use super::{ApiClient, ClientError};

/// Whose tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// One's own.
    Own,
    /// Of a person or bot; open to administrators.
    Of(PersonId),
}

impl Whose {
    fn address(self) -> String {
        match self {
            Self::Own => "/api/v1/tokens".to_owned(),
            Self::Of(person) => format!("/api/v1/people/{person}/tokens"),
        }
    }
}

/// All that work.
///
/// # Errors
/// As [`ClientError`] says.
#[inline]
pub async fn list(api: ApiClient, whose: Whose) -> Result<AccessTokens, ClientError> {
    api.get(&whose.address()).await
}

/// Issues one. It is answered this once.
///
/// # Errors
/// As [`ClientError`] says.
#[inline]
pub async fn issue(
    api: ApiClient,
    whose: Whose,
    form: &IssueAccessToken,
) -> Result<AccessTokenIssued, ClientError> {
    api.post(&whose.address(), form).await
}

/// Revokes one.
///
/// # Errors
/// As [`ClientError`] says.
#[inline]
pub async fn revoke(api: ApiClient, whose: Whose, token: SessionId) -> Result<(), ClientError> {
    api.delete(&format!("{}/{token}", whose.address())).await
}
