//! The routes.

use actix_web::HttpResponse;
use actix_web::http::{Method, StatusCode};
use chancery_protocol::approvals::RequestMade;
use chancery_protocol::policy::{AskForPolicy, DraftSaved, DropDraft, ItemKind, PackTaken, SaveDraft};

use super::Policy;
use crate::access::act::{DraftPolicy, ReadPolicy};
use crate::access::{Guard, Route, answer, done, route};
use crate::ground::db::blocking;

type Answer = Result<HttpResponse, actix_web::Error>;

/// Most bytes of a draft: a list of 50,000 names fits.
pub const MAX_DRAFT_BYTES: usize = 4 * 1024 * 1024;

/// The table.
pub fn routes() -> Vec<Route> {
    vec![
        route(Method::GET, "/policy/items", items),
        route(Method::GET, "/policy/items/{kind}/{name}", item),
        route(Method::GET, "/policy/items/{kind}/{name}/versions", versions),
        route(Method::PUT, "/policy/items/{kind}/{name}/draft", save_draft),
        route(Method::DELETE, "/policy/items/{kind}/{name}/draft", drop_draft),
        route(Method::GET, "/policy/packs", packs),
        route(Method::POST, "/policy/packs/{pack}", take_pack),
        route(Method::POST, "/policy/requests", ask),
    ]
}

/// `GET /policy/items`.
async fn items(guard: Guard<ReadPolicy>) -> Answer {
    let policy: Policy = guard.part()?;
    Ok(answer(StatusCode::OK, &blocking(move || policy.items()).await?))
}

/// `GET /policy/items/{kind}/{name}`.
async fn item(guard: Guard<ReadPolicy>) -> Answer {
    let (kind, name): (ItemKind, String) = (guard.path("kind")?, guard.path("name")?);
    let policy: Policy = guard.part()?;
    Ok(answer(StatusCode::OK, &blocking(move || policy.item(kind, &name)).await?))
}

/// `GET /policy/items/{kind}/{name}/versions`.
async fn versions(guard: Guard<ReadPolicy>) -> Answer {
    let (kind, name): (ItemKind, String) = (guard.path("kind")?, guard.path("name")?);
    let policy: Policy = guard.part()?;
    Ok(answer(StatusCode::OK, &blocking(move || policy.versions(kind, &name)).await?))
}

/// `PUT /policy/items/{kind}/{name}/draft`.
async fn save_draft(mut guard: Guard<DraftPolicy>) -> Answer {
    let (kind, name): (ItemKind, String) = (guard.path("kind")?, guard.path("name")?);
    let form: SaveDraft = guard.long_body(MAX_DRAFT_BYTES).await?;
    let policy: Policy = guard.part()?;
    let by = guard.caller().person;
    let at = blocking(move || policy.save_draft(kind, &name, form, by)).await?;
    Ok(answer(StatusCode::OK, &DraftSaved { at }))
}

/// `DELETE /policy/items/{kind}/{name}/draft?expected=`.
async fn drop_draft(guard: Guard<DraftPolicy>) -> Answer {
    let (kind, name): (ItemKind, String) = (guard.path("kind")?, guard.path("name")?);
    let (DropDraft { expected }, policy): (DropDraft, Policy) = (guard.query()?, guard.part()?);
    blocking(move || policy.drop_draft(kind, &name, expected)).await?;
    Ok(done())
}

/// `GET /policy/packs`.
async fn packs(guard: Guard<ReadPolicy>) -> Answer {
    let policy: Policy = guard.part()?;
    Ok(answer(StatusCode::OK, &blocking(move || policy.packs()).await?))
}

/// `POST /policy/packs/{pack}`: drafts of what is not here yet.
async fn take_pack(guard: Guard<DraftPolicy>) -> Answer {
    let (pack, policy): (String, Policy) = (guard.path("pack")?, guard.part()?);
    let by = guard.caller().person;
    let made = blocking(move || policy.take_pack(&pack, by)).await?;
    Ok(answer(StatusCode::OK, &PackTaken { made }))
}

/// `POST /policy/requests`: for a second person to agree to.
async fn ask(mut guard: Guard<DraftPolicy>) -> Answer {
    let (form, policy): (AskForPolicy, Policy) = (guard.body().await?, guard.part()?);
    let by = guard.caller().person;
    let id = blocking(move || policy.ask(form, by)).await?;
    Ok(answer(StatusCode::CREATED, &RequestMade { id }))
}
