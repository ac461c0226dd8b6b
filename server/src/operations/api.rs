//! `GET /overview` and `GET /health` for people; `/healthz`, `/readyz` and `/metrics` for machines.

use actix_web::http::header::CACHE_CONTROL;
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpResponse, web};
use chancery_protocol::operations::OverviewQuery;

use super::Operations;
use super::metrics::{CONTENT_TYPE, Metrics};
use super::ready::readiness;
use crate::access::act::{ReadHealth, ReadOverview};
use crate::access::{Guard, Route, answer, route};
use crate::ground::error::Error;

/// The table.
pub fn routes() -> Vec<Route> {
    vec![route(Method::GET, "/overview", overview), route(Method::GET, "/health", health)]
}

/// Puts `/healthz` and `/readyz` at the root of an application.
pub fn probes(config: &mut web::ServiceConfig) {
    config
        .service(web::resource("/healthz").route(web::get().to(alive)).route(web::head().to(alive)))
        .service(web::resource("/readyz").route(web::get().to(ready)).route(web::head().to(ready)));
}

/// Puts `/metrics` at the root of an application.
pub(super) fn metrics(config: &mut web::ServiceConfig) {
    config.service(web::resource("/metrics").route(web::get().to(read_metrics)));
}

async fn overview(guard: Guard<ReadOverview>) -> Result<HttpResponse, Error> {
    let query: OverviewQuery = guard.query()?;
    let operations: Operations = guard.part()?;
    Ok(answer(StatusCode::OK, &operations.overview(query).await?))
}

async fn health(guard: Guard<ReadHealth>) -> Result<HttpResponse, Error> {
    let operations: Operations = guard.part()?;
    Ok(answer(StatusCode::OK, &operations.health().await?))
}

/// The process lives and answers; says nothing of what it stands on.
async fn alive() -> HttpResponse {
    answer(StatusCode::OK, &serde_json::json!({"alive": true}))
}

async fn ready(operations: web::Data<Operations>) -> HttpResponse {
    let readiness = readiness(&operations.found(None));
    let status = if readiness.ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    answer(status, &readiness)
}

async fn read_metrics(metrics: web::Data<Metrics>) -> Result<HttpResponse, Error> {
    let text = metrics.text()?;
    Ok(HttpResponse::Ok().content_type(CONTENT_TYPE).insert_header((CACHE_CONTROL, "no-store")).body(text))
}
