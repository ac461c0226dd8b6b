//! The policy text, and one's own answer to it.

use chancery_protocol::acceptance::{AnswerPolicy, PolicyStanding};
use chancery_protocol::http::SignedOut;
use chancery_ui_kit::api::{ApiClient, ClientError};

/// What is in force, and where one stands.
pub async fn text(api: ApiClient) -> Result<PolicyStanding, ClientError> {
    api.get("/api/v1/policy/text").await
}

/// Accepts it.
pub async fn accept(api: ApiClient, answer: &AnswerPolicy) -> Result<(), ClientError> {
    api.tell("/api/v1/policy/accept", answer).await
}

/// Declines it, which ends the session.
pub async fn decline(api: ApiClient, answer: &AnswerPolicy) -> Result<SignedOut, ClientError> {
    api.post("/api/v1/policy/decline", answer).await
}
