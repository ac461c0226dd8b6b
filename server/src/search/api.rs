//! The routes. Queries stand in bodies, not in addresses, which proxies write into their logs.

use actix_web::HttpResponse;
use actix_web::http::{Method, StatusCode};
use chancery_protocol::ids::RecordId;
use chancery_protocol::search::{ComplianceSearch, ContextRequest, FindConversations, NextPage, OwnSearch};

use super::Search;
use crate::access::act::{ReadContext, SearchArchive, SearchOwn};
use crate::access::{Guard, Route, answer, route};
use crate::ground::db::blocking;

type Answer = Result<HttpResponse, actix_web::Error>;

/// The table.
pub fn routes() -> Vec<Route> {
    vec![
        route(Method::POST, "/search", own),
        route(Method::POST, "/compliance/searches", run),
        route(Method::POST, "/compliance/searches/{search}/pages", next),
        route(Method::POST, "/compliance/searches/{search}/context", context),
        route(Method::POST, "/compliance/conversations", conversations),
    ]
}

/// `POST /search`.
async fn own(mut guard: Guard<SearchOwn>) -> Answer {
    let (asked, search): (OwnSearch, Search) = (guard.body().await?, guard.part()?);
    let reader = guard.caller().person;
    let found = blocking(move || search.own(reader, &asked)).await?;
    Ok(answer(StatusCode::OK, &found))
}

/// `POST /compliance/searches`; recorded.
async fn run(mut guard: Guard<SearchArchive>) -> Answer {
    let (asked, search): (ComplianceSearch, Search) = (guard.body().await?, guard.part()?);
    let officer = guard.caller().person;
    let found = blocking(move || search.compliance(officer, &asked)).await?;
    Ok(answer(StatusCode::OK, &found))
}

/// `POST /compliance/searches/{search}/pages`; recorded.
async fn next(mut guard: Guard<SearchArchive>) -> Answer {
    let id: RecordId = guard.path("search")?;
    let (asked, search): (NextPage, Search) = (guard.body().await?, guard.part()?);
    let officer = guard.caller().person;
    let found = blocking(move || search.next_page(officer, id, &asked)).await?;
    Ok(answer(StatusCode::OK, &found))
}

/// `POST /compliance/searches/{search}/context`; recorded.
async fn context(mut guard: Guard<ReadContext>) -> Answer {
    let id: RecordId = guard.path("search")?;
    let (asked, search): (ContextRequest, Search) = (guard.body().await?, guard.part()?);
    let officer = guard.caller().person;
    let context = blocking(move || search.context(officer, id, &asked)).await?;
    Ok(answer(StatusCode::OK, &context))
}

/// `POST /compliance/conversations`; recorded.
async fn conversations(mut guard: Guard<SearchArchive>) -> Answer {
    let (asked, search): (FindConversations, Search) = (guard.body().await?, guard.part()?);
    let officer = guard.caller().person;
    let found = blocking(move || search.find_conversations(officer, &asked)).await?;
    Ok(answer(StatusCode::OK, &found))
}
