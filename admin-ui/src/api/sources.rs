//! Where people come from, and who somebody is there.

use chancery_protocol::approvals::RequestMade;
use chancery_protocol::ids::{PersonId, SourceId, SyncId, TokenId};
use chancery_protocol::sources::{
    Identities, IssueToken, LinkIdentity, NewIdentity, SetSource, SourceMade, SourceTested, SourceTokens,
    Sources, StartSync, SyncReport, SyncStarted, Syncs, TestSource, TokenIssued,
};
use chancery_ui_kit::api::{ApiClient, ClientError};

const SOURCES: &str = "/api/v1/sources";
const IDENTITIES: &str = "/api/v1/identities";

/// Every source, in the order in which they are tried.
pub async fn list(api: ApiClient) -> Result<Sources, ClientError> {
    api.get(SOURCES).await
}

/// Makes one.
pub async fn make(api: ApiClient, form: &SetSource) -> Result<SourceMade, ClientError> {
    api.post(SOURCES, form).await
}

/// Changes one.
pub async fn change(api: ApiClient, source: SourceId, form: &SetSource) -> Result<(), ClientError> {
    api.put(&format!("{SOURCES}/{source}"), form).await
}

/// Removes one nobody came from.
pub async fn remove(api: ApiClient, source: SourceId) -> Result<(), ClientError> {
    api.delete(&format!("{SOURCES}/{source}")).await
}

/// Tries one, kept or not.
pub async fn test(api: ApiClient, form: &TestSource) -> Result<SourceTested, ClientError> {
    api.post(&format!("{SOURCES}/test"), form).await
}

/// The runs of reading a directory in the background, newest first.
pub async fn syncs(api: ApiClient, source: SourceId) -> Result<Syncs, ClientError> {
    api.get(&format!("{SOURCES}/{source}/syncs")).await
}

/// Begins one.
pub async fn start_sync(
    api: ApiClient,
    source: SourceId,
    form: &StartSync,
) -> Result<SyncStarted, ClientError> {
    api.post(&format!("{SOURCES}/{source}/syncs"), form).await
}

/// One of them, with what it did.
pub async fn sync(api: ApiClient, sync: SyncId) -> Result<SyncReport, ClientError> {
    api.get(&format!("/api/v1/syncs/{sync}")).await
}

/// The tokens of a source that writes to us, newest first.
pub async fn tokens(api: ApiClient, source: SourceId) -> Result<SourceTokens, ClientError> {
    api.get(&format!("{SOURCES}/{source}/tokens")).await
}

/// Issues one; it is in the answer and nowhere else.
pub async fn issue_token(
    api: ApiClient,
    source: SourceId,
    form: &IssueToken,
) -> Result<TokenIssued, ClientError> {
    api.post(&format!("{SOURCES}/{source}/tokens"), form).await
}

/// Revokes one.
pub async fn revoke_token(api: ApiClient, source: SourceId, token: TokenId) -> Result<(), ClientError> {
    api.delete(&format!("{SOURCES}/{source}/tokens/{token}")).await
}

/// Where providers write to, without the host.
pub const SCIM_PATH: &str = "/scim/v2";

/// Where the back-channel logout of a source is told, without the host.
pub fn logout_path(source: SourceId) -> String {
    format!("{SOURCES}/{source}/logout")
}

/// Who a person is elsewhere.
pub async fn identities(api: ApiClient, person: PersonId) -> Result<Identities, ClientError> {
    api.get(&format!("/api/v1/people/{person}/identities")).await
}

/// Links an identity to an account; answers with the request where a second person has to agree.
pub async fn link(api: ApiClient, form: &NewIdentity) -> Result<Option<RequestMade>, ClientError> {
    let answer = api.post_for_text(IDENTITIES, form).await?;
    if answer.is_empty() { Ok(None) } else { chancery_ui_kit::api::decode(&answer).map(Some) }
}

/// Takes it off.
pub async fn unlink(api: ApiClient, form: &LinkIdentity) -> Result<(), ClientError> {
    api.tell(&format!("{IDENTITIES}/remove"), form).await
}
