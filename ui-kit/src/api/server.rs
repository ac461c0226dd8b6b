//! What anyone may know before signing in.
//!
//! Inline: what is compiled for each type of answer is compiled once, in the interface, and not a second time here.

use chancery_protocol::http::ServerInfo;

use super::{ApiClient, ClientError};

/// Name, version and settings of the server.
///
/// # Errors
/// As [`ClientError`] says.
#[inline]
pub async fn info(api: ApiClient) -> Result<ServerInfo, ClientError> {
    api.get("/api/v1/server").await
}
