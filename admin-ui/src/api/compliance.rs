//! Officers' search and reading. Each of these is a record before it is answered.

use chancery_protocol::ids::RecordId;
use chancery_protocol::search::{
    ComplianceFound, ComplianceSearch, Context, ContextRequest, ConversationsFound, FindConversations,
    NextPage,
};
use chancery_ui_kit::api::{ApiClient, ClientError};

const SEARCHES: &str = "/api/v1/compliance/searches";

/// Searches.
pub async fn run(api: ApiClient, asked: &ComplianceSearch) -> Result<ComplianceFound, ClientError> {
    api.post(SEARCHES, asked).await
}

/// The next page of a search.
pub async fn next(api: ApiClient, search: RecordId, after: RecordId) -> Result<ComplianceFound, ClientError> {
    api.post(&format!("{SEARCHES}/{search}/pages"), &NextPage { after }).await
}

/// A message among its neighbours.
pub async fn context(
    api: ApiClient,
    search: RecordId,
    asked: &ContextRequest,
) -> Result<Context, ClientError> {
    api.post(&format!("{SEARCHES}/{search}/context"), asked).await
}

/// Conversations to filter by.
pub async fn conversations(
    api: ApiClient,
    asked: &FindConversations,
) -> Result<ConversationsFound, ClientError> {
    api.post("/api/v1/compliance/conversations", asked).await
}
