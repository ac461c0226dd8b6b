//! `/password`: the caller's own.

use chancery_protocol::http::ChangePassword;

use super::Answer;
use super::session::device_cookie;
use crate::access::act::OwnPassword;
use crate::access::guard::{Guard, done};
use crate::ground::error::Error;

/// `POST /password`: changes it and ends the other sessions.
pub async fn change(mut guard: Guard<OwnPassword>) -> Answer {
    let form: ChangePassword = guard.body().await?;
    let device = guard.run(move |access, caller| access.change_password(caller, &form)).await?;
    let mut answer = done();
    answer.add_cookie(&device_cookie(&device)).map_err(Error::internal)?;
    Ok(answer)
}
