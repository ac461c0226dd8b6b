//! One-time links.

use chancery_protocol::http::{LinkInfo, LinkToken, RedeemLink};
use chancery_ui_kit::api::sessions::Entered;
use chancery_ui_kit::api::{ApiClient, ClientError};

/// What a link would do.
pub async fn inspect(api: ApiClient, token: String) -> Result<LinkInfo, ClientError> {
    api.post("/api/v1/links/inspect", &LinkToken { token }).await
}

/// Uses a link and signs in.
pub async fn redeem(api: ApiClient, body: &RedeemLink) -> Result<Entered, ClientError> {
    Entered::read(&api.post_for_text("/api/v1/links/redeem", body).await?)
}
