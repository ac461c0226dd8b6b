//! `/password`: the caller's own.

use chancery_protocol::http::ChangePassword;

use super::Answer;
use crate::access::act::OwnPassword;
use crate::access::guard::{Guard, done};

/// `POST /password`: changes it and ends the other sessions.
pub async fn change(mut guard: Guard<OwnPassword>) -> Answer {
    let form: ChangePassword = guard.body().await?;
    guard.run(move |access, caller| access.change_password(caller, &form)).await?;
    Ok(done())
}
