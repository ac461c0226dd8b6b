//! Mails about what one has not read: what holds, what became of them, and turning them off.

use chancery_protocol::ids::MailId;
use chancery_protocol::mail::{Decisions, OwnMail};
use chancery_ui_kit::api::{ApiClient, ClientError};
use serde::Deserialize;
use serde_json::json;

/// An answer, read by the code that reads frames, which is in the bundle anyway; see `search`.
#[derive(Deserialize)]
struct Answer<T> {
    #[serde(flatten)]
    told: T,
}

/// What holds for one's own mails.
pub async fn mine(api: ApiClient) -> Result<OwnMail, ClientError> {
    let Answer { told } = api.get("/api/v1/mail/mine").await?;
    Ok(told)
}

/// Why mails went or did not; those before one, or the newest.
pub async fn decisions(api: ApiClient, before: Option<MailId>) -> Result<Decisions, ClientError> {
    let before = before.map(|id| format!("?before={id}")).unwrap_or_default();
    let Answer { told } = api.get(&format!("/api/v1/mail/decisions{before}")).await?;
    Ok(told)
}

/// Turns off the mails that a link names.
pub async fn turn_off(api: ApiClient, token: &str) -> Result<(), ClientError> {
    api.tell(&format!("/mail/off/{token}"), &json!({"List-Unsubscribe": "One-Click"})).await
}
