//! How the server is.

use chancery_protocol::Micros;
use chancery_protocol::operations::{Health, Overview, Span};
use chancery_ui_kit::api::{ApiClient, ClientError};

use crate::logic::overview::name_of;

/// Figures now and over a span; messages are counted from `since` on.
pub async fn overview(api: ApiClient, span: Span, since: Option<Micros>) -> Result<Overview, ClientError> {
    let since = since.map(|since| format!("&since={since}")).unwrap_or_default();
    api.get(&format!("/api/v1/overview?span={}{since}", name_of(span))).await
}

/// What is in order and what is not.
pub async fn health(api: ApiClient) -> Result<Health, ClientError> {
    api.get("/api/v1/health").await
}
