//! Rules and word lists: what there is, drafts, versions, delivered packs, asking.

use chancery_protocol::Micros;
use chancery_protocol::approvals::RequestMade;
use chancery_protocol::policy::{
    AskForPolicy, DraftSaved, Item, ItemKind, Items, PackTaken, Packs, SaveDraft, Versions,
};
use chancery_ui_kit::api::{ApiClient, ClientError, decode};
use chancery_ui_kit::dom;

const POLICY: &str = "/api/v1/policy";

fn address(kind: ItemKind, name: &str) -> String {
    format!("{POLICY}/items/{kind}/{}", dom::encode(name))
}

/// Everything there is.
pub async fn items(api: ApiClient) -> Result<Items, ClientError> {
    api.get(&format!("{POLICY}/items")).await
}

/// One of them.
pub async fn item(api: ApiClient, kind: ItemKind, name: &str) -> Result<Item, ClientError> {
    api.get(&address(kind, name)).await
}

/// Its versions, newest first.
pub async fn versions(api: ApiClient, kind: ItemKind, name: &str) -> Result<Versions, ClientError> {
    api.get(&format!("{}/versions", address(kind, name))).await
}

/// Keeps a draft.
pub async fn save(
    api: ApiClient,
    kind: ItemKind,
    name: &str,
    draft: &SaveDraft,
) -> Result<DraftSaved, ClientError> {
    decode(&api.put_for_text(&format!("{}/draft", address(kind, name)), draft).await?)
}

/// Throws a draft away.
pub async fn discard(
    api: ApiClient,
    kind: ItemKind,
    name: &str,
    expected: Micros,
) -> Result<(), ClientError> {
    api.delete(&format!("{}/draft?expected={expected}", address(kind, name))).await
}

/// The delivered packs.
pub async fn packs(api: ApiClient) -> Result<Packs, ClientError> {
    api.get(&format!("{POLICY}/packs")).await
}

/// Makes drafts of what a pack has and is not here.
pub async fn take_pack(api: ApiClient, pack: &str) -> Result<PackTaken, ClientError> {
    api.ask(&format!("{POLICY}/packs/{pack}")).await
}

/// Asks a second person.
pub async fn ask(api: ApiClient, asked: &AskForPolicy) -> Result<RequestMade, ClientError> {
    api.post(&format!("{POLICY}/requests"), asked).await
}
