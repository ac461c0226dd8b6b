//! What anyone may know before signing in.

use chancery_protocol::http::ServerInfo;
use chancery_ui_kit::api::{ApiClient, ClientError};

/// Name, version and settings of the server.
pub async fn info(api: ApiClient) -> Result<ServerInfo, ClientError> {
    api.get("/api/v1/server").await
}
