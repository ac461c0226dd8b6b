//! The routes.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::http::{Method, StatusCode};
use chancery_protocol::acceptance::{AcceptanceQuery, AnswerPolicy, PolicyStanding};
use serde::Deserialize;

use super::Acceptance;
use crate::access::act::{OwnPolicy, ReadPolicyText};
use crate::access::{Gate as _, Guard, Route, answer, route, sign_out};
use crate::ground::db::Conn;
use crate::ground::error::Error;

type Answer = Result<HttpResponse, actix_web::Error>;

/// The table.
pub fn routes() -> Vec<Route> {
    vec![
        route(Method::GET, "/policy/text", text),
        route(Method::POST, "/policy/accept", accept),
        route(Method::POST, "/policy/decline", decline),
        route(Method::GET, "/policy/text/versions", versions),
        route(Method::GET, "/policy/acceptances", acceptances),
        route(Method::GET, "/policy/acceptances/file", file),
    ]
}

/// `GET /policy/text`: the text in force, and whether the caller has to accept it.
async fn text(guard: Guard<OwnPolicy>) -> Answer {
    Ok(answer(StatusCode::OK, &standing(&guard).await?))
}

/// `POST /policy/accept`; recorded.
async fn accept(mut guard: Guard<OwnPolicy>) -> Answer {
    let form: AnswerPolicy = guard.body().await?;
    let acceptance: Arc<Acceptance> = guard.part()?;
    acceptance.accept(guard.caller().person, &form).await?;
    Ok(answer(StatusCode::OK, &standing(&guard).await?))
}

/// `POST /policy/decline`; recorded, and the session ends.
async fn decline(mut guard: Guard<OwnPolicy>) -> Answer {
    let form: AnswerPolicy = guard.body().await?;
    let acceptance: Arc<Acceptance> = guard.part()?;
    let record = acceptance.declined(guard.caller().person, &form)?;
    sign_out(&guard, Some(record)).await
}

/// `GET /policy/text/versions`.
async fn versions(guard: Guard<ReadPolicyText>) -> Answer {
    let found = read(&guard, |acceptance, conn| acceptance.texts(conn)).await?;
    Ok(answer(StatusCode::OK, &found))
}

/// `GET /policy/acceptances`: a page of who accepted a version, or of who did not.
async fn acceptances(guard: Guard<ReadPolicyText>) -> Answer {
    let query: AcceptanceQuery = guard.query()?;
    let page = read(&guard, move |acceptance, conn| acceptance.page(conn, &query)).await?;
    Ok(answer(StatusCode::OK, &page))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OfVersion {
    version: Option<u32>,
}

/// `GET /policy/acceptances/file`: all of it as CSV.
async fn file(guard: Guard<ReadPolicyText>) -> Answer {
    let OfVersion { version } = guard.query()?;
    let file = read(&guard, move |acceptance, conn| acceptance.file(conn, version)).await?;
    Ok(HttpResponse::Ok()
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((CONTENT_TYPE, "text/csv; charset=utf-8"))
        .insert_header((CONTENT_DISPOSITION, "attachment; filename=\"policy-acceptances.csv\""))
        .body(file))
}

/// Where the caller stands; what another node may know is looked up before they are asked for anything.
async fn standing(guard: &Guard<OwnPolicy>) -> Result<PolicyStanding, Error> {
    let acceptance: Arc<Acceptance> = guard.part()?;
    let person = guard.caller().person;
    if acceptance.closed_for(person) {
        let here = Arc::clone(&acceptance);
        acceptance.journal.db().read(move |conn| here.look(conn, person)).await?;
    }
    Ok(acceptance.standing(person))
}

async fn read<A, T: Send + 'static>(
    guard: &Guard<A>,
    work: impl FnOnce(&Acceptance, &mut Conn) -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let acceptance: Arc<Acceptance> = guard.part()?;
    let here = Arc::clone(&acceptance);
    acceptance.journal.db().read(move |conn| work(&here, conn)).await
}
