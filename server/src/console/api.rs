//! The routes.

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::http::{Method, StatusCode};
use chancery_protocol::approvals::{ApprovalQuery, RefuseRequest};
use chancery_protocol::audit::{AuditExport, AuditQuery, ExportForm};
use chancery_protocol::ids::RequestId;
use futures_util::stream::unfold;

use super::{Audit, Desk};
use crate::access::act::{DecideRequests, ReadAudit, ReadRequests};
use crate::access::{Guard, Route, answer, done, route};
use crate::ground::db::blocking;

type Answer = Result<HttpResponse, actix_web::Error>;

/// Pieces of an export that wait for the network.
const WAITING: usize = 4;

/// The table.
pub fn routes() -> Vec<Route> {
    vec![
        route(Method::GET, "/audit", page),
        // Before the path in which anything may stand there.
        route(Method::GET, "/audit/news", news),
        route(Method::POST, "/audit/export", export),
        route(Method::GET, "/audit/{position}", entry),
        route(Method::GET, "/approvals", approvals),
        // Before the path in which anything may stand there.
        route(Method::GET, "/approvals/count", count),
        route(Method::GET, "/approvals/{request}", approval),
        route(Method::POST, "/approvals/{request}/agree", agree),
        route(Method::POST, "/approvals/{request}/refuse", refuse),
        route(Method::POST, "/approvals/{request}/withdraw", withdraw),
    ]
}

/// `GET /audit`: a page of the log; recorded.
async fn page(guard: Guard<ReadAudit>) -> Answer {
    let (query, audit): (AuditQuery, Audit) = (guard.query()?, guard.part()?);
    let reader = guard.caller().clone();
    let page = blocking(move || audit.page(&reader, &query)).await?;
    Ok(answer(StatusCode::OK, &page))
}

/// `GET /audit/news`: how much there is to be seen that was not yet.
async fn news(guard: Guard<ReadAudit>) -> Answer {
    let (query, audit): (AuditQuery, Audit) = (guard.query()?, guard.part()?);
    let reader = guard.caller().clone();
    let news = blocking(move || audit.news(&reader, &query)).await?;
    Ok(answer(StatusCode::OK, &news))
}

/// `GET /audit/{position}`; recorded.
async fn entry(guard: Guard<ReadAudit>) -> Answer {
    let (position, audit): (u64, Audit) = (guard.path("position")?, guard.part()?);
    let reader = guard.caller().clone();
    let entry = blocking(move || audit.entry(&reader, position)).await?;
    Ok(answer(StatusCode::OK, &entry))
}

/// `POST /audit/export`; recorded before it begins.
async fn export(mut guard: Guard<ReadAudit>) -> Answer {
    let (asked, audit): (AuditExport, Audit) = (guard.body().await?, guard.part()?);
    let reader = guard.caller().clone();
    let form = asked.form;
    let export = blocking(move || audit.export(&reader, &asked)).await?;
    let (sender, receiver) = tokio::sync::mpsc::channel(WAITING);
    actix_web::rt::task::spawn_blocking(move || export.send(&sender));
    let (kind, name) = match form {
        ExportForm::Csv => ("text/csv; charset=utf-8", "audit-log.csv"),
        ExportForm::Jsonl => ("application/jsonl; charset=utf-8", "audit-log.jsonl"),
    };
    let pieces = unfold(receiver, async |mut receiver| Some((receiver.recv().await?, receiver)));
    Ok(HttpResponse::Ok()
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((CONTENT_TYPE, kind))
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .streaming(Box::pin(pieces)))
}

/// `GET /approvals`: a page of what was asked for.
async fn approvals(guard: Guard<ReadRequests>) -> Answer {
    let (query, desk): (ApprovalQuery, Desk) = (guard.query()?, guard.part()?);
    let reader = guard.caller().clone();
    Ok(answer(StatusCode::OK, &blocking(move || desk.list(&reader, &query)).await?))
}

/// `GET /approvals/count`: how much waits for the reader.
async fn count(guard: Guard<ReadRequests>) -> Answer {
    let (desk, reader): (Desk, _) = (guard.part()?, guard.caller().clone());
    Ok(answer(StatusCode::OK, &blocking(move || desk.count(&reader)).await?))
}

/// `GET /approvals/{request}`: what exactly is asked for, and what there is now.
async fn approval(guard: Guard<ReadRequests>) -> Answer {
    let (id, desk): (RequestId, Desk) = (guard.path("request")?, guard.part()?);
    let reader = guard.caller().clone();
    Ok(answer(StatusCode::OK, &blocking(move || desk.detail(&reader, id)).await?))
}

/// `POST /approvals/{request}/agree`: it is done.
async fn agree(guard: Guard<DecideRequests>) -> Answer {
    let (id, desk): (RequestId, Desk) = (guard.path("request")?, guard.part()?);
    let by = guard.caller().person;
    blocking(move || desk.agree(id, by)).await?;
    Ok(done())
}

/// `POST /approvals/{request}/refuse`.
async fn refuse(mut guard: Guard<DecideRequests>) -> Answer {
    let id: RequestId = guard.path("request")?;
    let (form, desk): (RefuseRequest, Desk) = (guard.body().await?, guard.part()?);
    let by = guard.caller().person;
    blocking(move || desk.refuse(id, &form.words, by)).await?;
    Ok(done())
}

/// `POST /approvals/{request}/withdraw`: one's own.
async fn withdraw(guard: Guard<ReadRequests>) -> Answer {
    let (id, desk): (RequestId, Desk) = (guard.path("request")?, guard.part()?);
    let by = guard.caller().person;
    blocking(move || desk.withdraw(id, by)).await?;
    Ok(done())
}
