//! How mail is set up, and what mails look like.

use chancery_protocol::mail_settings::{
    MailPreview, MailPreviewQuery, MailSettings, MailTested, SetMail, TestMail,
};
use chancery_ui_kit::api::{ApiClient, ClientError, decode};

use crate::logic::mail::query_text;

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
