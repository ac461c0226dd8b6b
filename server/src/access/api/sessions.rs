//! `/sessions`: where the caller is signed in.

use actix_web::http::StatusCode;
use chancery_protocol::http::Sessions;
use chancery_protocol::ids::SessionId;

use super::Answer;
use crate::access::act::OwnSessions;
use crate::access::guard::{Guard, answer, done};
use crate::access::records::EndReason;

/// `GET /sessions`.
pub async fn list(guard: Guard<OwnSessions>) -> Answer {
    let sessions = guard.run(|access, caller| access.sessions(caller, caller.person)).await?;
    Ok(answer(StatusCode::OK, &Sessions { sessions }))
}

/// `DELETE /sessions/{session}`.
pub async fn delete(guard: Guard<OwnSessions>) -> Answer {
    let session: SessionId = guard.path("session")?;
    guard
        .run(move |access, caller| {
            let own = caller.session == session;
            let reason = if own { EndReason::SignedOut } else { EndReason::EndedByOwner };
            access.end_session(caller.person, session, reason, caller.person)
        })
        .await?;
    Ok(done())
}
