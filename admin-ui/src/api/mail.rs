//! How mail is set up, what mails look like, and how they fare.

use chancery_protocol::ids::{MailId, PersonId};
use chancery_protocol::mail::{DecisionQuery, Decisions, Outbox, OutboxQuery};
use chancery_protocol::mail_settings::{
    MailPreview, MailPreviewQuery, MailSettings, MailTested, SetMail, TestMail,
};
use chancery_ui_kit::api::{ApiClient, ClientError, decode};

use crate::logic::mail::query_text;
use crate::logic::outbox::outbox_text;

const SETTINGS: &str = "/api/v1/mail/settings";
const PREVIEW: &str = "/api/v1/mail/preview";

/// How it is set up, without its secrets.
pub async fn settings(api: ApiClient) -> Result<MailSettings, ClientError> {
    api.get(SETTINGS).await
}

/// Changes that; how it is from then on comes back.
pub async fn set(api: ApiClient, form: &SetMail) -> Result<MailSettings, ClientError> {
    decode(&api.put_for_text(SETTINGS, form).await?)
}

/// Tries it, saved or not.
pub async fn test(api: ApiClient, form: &TestMail) -> Result<MailTested, ClientError> {
    api.post("/api/v1/mail/test", form).await
}

/// A mail to look at.
pub async fn preview(api: ApiClient, query: MailPreviewQuery) -> Result<MailPreview, ClientError> {
    api.get(&format!("{PREVIEW}?{}", query_text(query))).await
}

/// Where its HTML is.
pub fn preview_page(query: MailPreviewQuery) -> String {
    format!("{PREVIEW}/page?{}", query_text(query))
}

/// A page of the outbox.
pub async fn outbox(api: ApiClient, query: &OutboxQuery) -> Result<Outbox, ClientError> {
    api.get(&format!("/api/v1/mail/outbox?{}", outbox_text(query))).await
}

/// Has a mail tried at once.
pub async fn try_now(api: ApiClient, mail: MailId) -> Result<(), ClientError> {
    api.order(&format!("/api/v1/mail/outbox/{mail}/retry")).await
}

/// Why mails to somebody went or did not; on record.
pub async fn decisions(
    api: ApiClient,
    person: PersonId,
    query: &DecisionQuery,
) -> Result<Decisions, ClientError> {
    let before = query.before.map(|before| format!("?before={before}")).unwrap_or_default();
    api.get(&format!("/api/v1/mail/decisions/{person}{before}")).await
}
