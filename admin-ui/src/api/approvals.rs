//! What waits for a second person.

use chancery_protocol::approvals::{ApprovalCount, ApprovalDetail, Approvals, RefuseRequest};
use chancery_protocol::ids::RequestId;
use chancery_ui_kit::api::{ApiClient, ClientError};

const APPROVALS: &str = "/api/v1/approvals";

/// A page of requests, newest first: those that wait, or all.
pub async fn list(
    api: ApiClient,
    waiting: bool,
    before: Option<RequestId>,
) -> Result<Approvals, ClientError> {
    let state = waiting.then(|| "state=waiting".to_owned());
    let before = before.map(|id| format!("before={id}"));
    let query: Vec<String> = state.into_iter().chain(before).collect();
    api.get(&format!("{APPROVALS}?{}", query.join("&"))).await
}

/// One of them.
pub async fn get(api: ApiClient, id: RequestId) -> Result<ApprovalDetail, ClientError> {
    api.get(&format!("{APPROVALS}/{id}")).await
}

/// How many wait for the reader.
pub async fn count(api: ApiClient) -> Result<ApprovalCount, ClientError> {
    api.get(&format!("{APPROVALS}/count")).await
}

/// Agrees.
pub async fn agree(api: ApiClient, id: RequestId) -> Result<(), ClientError> {
    api.order(&format!("{APPROVALS}/{id}/agree")).await
}

/// Refuses.
pub async fn refuse(api: ApiClient, id: RequestId, words: String) -> Result<(), ClientError> {
    api.tell(&format!("{APPROVALS}/{id}/refuse"), &RefuseRequest { words }).await
}

/// Takes one's own back.
pub async fn withdraw(api: ApiClient, id: RequestId) -> Result<(), ClientError> {
    api.order(&format!("{APPROVALS}/{id}/withdraw")).await
}
