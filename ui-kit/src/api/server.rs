//! What anyone may know before signing in.

use chancery_protocol::http::ServerInfo;

use super::{ApiClient, ClientError};

/// Name, version and settings of the server.
///
/// # Errors
/// As [`ClientError`] says.
pub async fn info(api: ApiClient) -> Result<ServerInfo, ClientError> {
    api.get("/api/v1/server").await
}
