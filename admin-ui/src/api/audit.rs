//! The audit log.

use chancery_protocol::audit::{AuditDetail, AuditExport, AuditNews, AuditPage, AuditQuery};
use chancery_ui_kit::api::{ApiClient, ClientError};
use chancery_ui_kit::dom;

use crate::logic::log::query_text;

const AUDIT: &str = "/api/v1/audit";

/// A page of it.
pub async fn page(api: ApiClient, query: &AuditQuery) -> Result<AuditPage, ClientError> {
    api.get(&format!("{AUDIT}?{}", query_text(query, dom::encode))).await
}

/// How many entries have come since.
pub async fn news(api: ApiClient, query: &AuditQuery) -> Result<AuditNews, ClientError> {
    api.get(&format!("{AUDIT}/news?{}", query_text(query, dom::encode))).await
}

/// One entry.
pub async fn entry(api: ApiClient, position: u64) -> Result<AuditDetail, ClientError> {
    api.get(&format!("{AUDIT}/{position}")).await
}

/// The whole of it as a file.
pub async fn export(api: ApiClient, asked: &AuditExport) -> Result<String, ClientError> {
    api.post_for_text(&format!("{AUDIT}/export"), asked).await
}
