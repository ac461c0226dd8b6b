//! The policy text, and one's own answer to it.

use chancery_protocol::acceptance::{AnswerPolicy, PolicyStanding};
use chancery_protocol::http::SignedOut;
use chancery_ui_kit::api::{ApiClient, ClientError, decode};

/// What is in force, and where one stands.
pub async fn text(api: ApiClient) -> Result<PolicyStanding, ClientError> {
    api.get("/api/v1/policy/text").await
}

/// Accepts it, or declines it, which ends the session.
pub async fn answer(
    api: ApiClient,
    shown: &AnswerPolicy,
    accept: bool,
) -> Result<Option<SignedOut>, ClientError> {
    let path = if accept { "/api/v1/policy/accept" } else { "/api/v1/policy/decline" };
    let answer = api.post_for_text(path, shown).await?;
    if accept { Ok(None) } else { decode(&answer).map(Some) }
}
