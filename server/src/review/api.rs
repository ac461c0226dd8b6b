//! The routes.

use actix_web::HttpResponse;
use actix_web::http::{Method, StatusCode};
use chancery_protocol::ids::{BacktestId, RecordId};
use chancery_protocol::review::{BacktestQuery, Refuse, Release, StartBacktest, WaitingQuery};

use super::Review;
use crate::acceptable_use::MAX_DRAFT_BYTES;
use crate::access::act::{ReadReview, ReviewContent};
use crate::access::{Guard, Route, answer, done, route};
use crate::ground::db::blocking;

type Answer = Result<HttpResponse, actix_web::Error>;

/// The table.
pub fn routes() -> Vec<Route> {
    vec![
        route(Method::GET, "/review/waiting", waiting),
        route(Method::GET, "/review/waiting/count", count),
        route(Method::GET, "/review/waiting/{attempt}/context", context),
        route(Method::POST, "/review/waiting/{attempt}/release", release),
        route(Method::POST, "/review/waiting/{attempt}/refuse", refuse),
        route(Method::GET, "/review/backtests", newest),
        route(Method::POST, "/review/backtests", begin),
        route(Method::GET, "/review/backtests/{backtest}", backtest),
        route(Method::DELETE, "/review/backtests/{backtest}", cancel),
        route(Method::GET, "/review/backtests/{backtest}/samples", samples),
    ]
}

/// `GET /review/waiting`; recorded.
async fn waiting(guard: Guard<ReviewContent>) -> Answer {
    let (asked, review): (WaitingQuery, Review) = (guard.query()?, guard.part()?);
    let officer = guard.caller().person;
    let page = blocking(move || review.waiting(officer, asked)).await?;
    Ok(answer(StatusCode::OK, &page))
}

/// `GET /review/waiting/count`.
async fn count(guard: Guard<ReadReview>) -> Answer {
    let review: Review = guard.part()?;
    let count = blocking(move || review.count()).await?;
    Ok(answer(StatusCode::OK, &count))
}

/// `GET /review/waiting/{attempt}/context`; recorded.
async fn context(guard: Guard<ReviewContent>) -> Answer {
    let (attempt, review): (RecordId, Review) = (guard.path("attempt")?, guard.part()?);
    let officer = guard.caller().person;
    let context = blocking(move || review.context(officer, attempt)).await?;
    Ok(answer(StatusCode::OK, &context))
}

/// `POST /review/waiting/{attempt}/release`.
async fn release(mut guard: Guard<ReviewContent>) -> Answer {
    let attempt: RecordId = guard.path("attempt")?;
    let (asked, review): (Release, Review) = (guard.body().await?, guard.part()?);
    let officer = guard.caller().person;
    blocking(move || review.release(officer, attempt, &asked)).await?;
    Ok(done())
}

/// `POST /review/waiting/{attempt}/refuse`.
async fn refuse(mut guard: Guard<ReviewContent>) -> Answer {
    let attempt: RecordId = guard.path("attempt")?;
    let (asked, review): (Refuse, Review) = (guard.body().await?, guard.part()?);
    let officer = guard.caller().person;
    blocking(move || review.refuse(officer, attempt, &asked)).await?;
    Ok(done())
}

/// `GET /review/backtests`.
async fn newest(guard: Guard<ReadReview>) -> Answer {
    let (asked, review): (BacktestQuery, Review) = (guard.query()?, guard.part()?);
    let newest = blocking(move || review.newest_backtest(&asked.rule)).await?;
    Ok(answer(StatusCode::OK, &newest))
}

/// `POST /review/backtests`; recorded.
async fn begin(mut guard: Guard<ReadReview>) -> Answer {
    let (asked, review): (StartBacktest, Review) = (guard.long_body(MAX_DRAFT_BYTES).await?, guard.part()?);
    let (officer, fresh) = (guard.caller().person, guard.fresh());
    let begun = blocking(move || review.begin(officer, asked, fresh)).await?;
    Ok(answer(StatusCode::ACCEPTED, &begun))
}

/// `GET /review/backtests/{backtest}`.
async fn backtest(guard: Guard<ReadReview>) -> Answer {
    let (id, review): (BacktestId, Review) = (guard.path("backtest")?, guard.part()?);
    let found = blocking(move || review.backtest(id)).await?;
    Ok(answer(StatusCode::OK, &found))
}

/// `DELETE /review/backtests/{backtest}`.
async fn cancel(guard: Guard<ReadReview>) -> Answer {
    let (id, review): (BacktestId, Review) = (guard.path("backtest")?, guard.part()?);
    blocking(move || review.cancel_backtest(id)).await?;
    Ok(done())
}

/// `GET /review/backtests/{backtest}/samples`; recorded.
async fn samples(guard: Guard<ReviewContent>) -> Answer {
    let (id, review): (BacktestId, Review) = (guard.path("backtest")?, guard.part()?);
    let officer = guard.caller().person;
    let samples = blocking(move || review.samples(officer, id)).await?;
    Ok(answer(StatusCode::OK, &samples))
}
