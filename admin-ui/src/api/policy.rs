//! The policy text: its versions, who accepted it, its draft; and what waits for a second person.

use chancery_protocol::acceptance::{AcceptanceState, Acceptances, PolicyTexts};
use chancery_protocol::approvals::{ApprovalDetail, RefuseRequest, RequestMade};
use chancery_protocol::ids::{PersonId, RequestId};
use chancery_protocol::policy::{AskForPolicy, DraftSaved, Item, SaveDraft};
use chancery_ui_kit::api::{ApiClient, ClientError};

const POLICY: &str = "/api/v1/policy";
const TEXT: &str = "/api/v1/policy/items/text/policy";
const APPROVALS: &str = "/api/v1/approvals";

/// Every version.
pub async fn versions(api: ApiClient) -> Result<PolicyTexts, ClientError> {
    api.get(&format!("{POLICY}/text/versions")).await
}

/// A page of who accepted the newest version that came into force, or of who did not.
pub async fn acceptances(
    api: ApiClient,
    state: AcceptanceState,
    after: Option<PersonId>,
) -> Result<Acceptances, ClientError> {
    let state = match state {
        AcceptanceState::Accepted => "accepted",
        AcceptanceState::Missing => "missing",
    };
    let after = after.map(|person| format!("&after={person}")).unwrap_or_default();
    api.get(&format!("{POLICY}/acceptances?state={state}{after}")).await
}

/// Where the list lies as a file.
pub fn file() -> String {
    format!("{POLICY}/acceptances/file")
}

/// The text with its draft and what is asked of it; `not_found` before there is any.
pub async fn item(api: ApiClient) -> Result<Item, ClientError> {
    api.get(TEXT).await
}

/// Keeps a draft.
pub async fn save(api: ApiClient, draft: &SaveDraft) -> Result<DraftSaved, ClientError> {
    let answer = api.put_for_text(&format!("{TEXT}/draft"), draft).await?;
    chancery_ui_kit::api::decode(&answer)
}

/// Asks a second person.
pub async fn ask(api: ApiClient, asked: &AskForPolicy) -> Result<RequestMade, ClientError> {
    api.post(&format!("{POLICY}/requests"), asked).await
}

/// A request as a whole.
pub async fn approval(api: ApiClient, id: RequestId) -> Result<ApprovalDetail, ClientError> {
    api.get(&format!("{APPROVALS}/{id}")).await
}

/// Agrees to it.
pub async fn agree(api: ApiClient, id: RequestId) -> Result<(), ClientError> {
    api.order(&format!("{APPROVALS}/{id}/agree")).await
}

/// Refuses it.
pub async fn refuse(api: ApiClient, id: RequestId, words: String) -> Result<(), ClientError> {
    api.tell(&format!("{APPROVALS}/{id}/refuse"), &RefuseRequest { words }).await
}

/// Takes it back.
pub async fn withdraw(api: ApiClient, id: RequestId) -> Result<(), ClientError> {
    api.order(&format!("{APPROVALS}/{id}/withdraw")).await
}
