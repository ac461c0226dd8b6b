//! `/session/confirm`: the caller proves again who they are, and the session goes on.

use actix_web::http::StatusCode;
use chancery_protocol::http::Confirm;

use super::Answer;
use crate::access::act::OwnSessions;
use crate::access::guard::{Guard, answer, done};

/// `GET /session/confirm`: how can I?
pub async fn ways(guard: Guard<OwnSessions>) -> Answer {
    let ways = guard.run(|access, caller| access.confirm_ways(caller)).await?;
    Ok(answer(StatusCode::OK, &ways))
}

/// `POST /session/confirm`: with the password; the second step follows for accounts with factors.
pub async fn confirm(mut guard: Guard<OwnSessions>) -> Answer {
    let form: Confirm = guard.body().await?;
    match guard.access().confirm_by_form(form, guard.caller().clone()).await? {
        None => Ok(done()),
        Some(step) => Ok(answer(StatusCode::ACCEPTED, &step)),
    }
}
