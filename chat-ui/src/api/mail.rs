//! Mails about what one has not read: what holds, what became of them, and turning them off.

use chancery_protocol::ids::MailId;
use chancery_protocol::mail::{Decisions, OwnMail};
use chancery_ui_kit::api::{ApiClient, ClientError};
use serde_json::json;

/// What holds for one's own mails.
pub async fn mine(api: ApiClient) -> Result<OwnMail, ClientError> {
    api.get("/api/v1/mail/mine").await
}

/// Why mails went or did not; those before one, or the newest.
pub async fn decisions(api: ApiClient, before: Option<MailId>) -> Result<Decisions, ClientError> {
    let before = before.map(|id| format!("?before={id}")).unwrap_or_default();
    api.get(&format!("/api/v1/mail/decisions{before}")).await
}

/// Turns off the mails that a link names.
pub async fn turn_off(api: ApiClient, token: &str) -> Result<(), ClientError> {
    api.tell(&format!("/mail/off/{token}"), &json!({"List-Unsubscribe": "One-Click"})).await
}
