//! `/factors`: the caller's own second factors, and the second step of signing in with one.

use actix_web::http::StatusCode;
use chancery_protocol::factors::{AddFactor, FinishPasskey, FinishSecondStep, FinishTotp, RemoveFactor};
use chancery_protocol::ids::FactorId;

use super::Answer;
use super::session::with_cookie;
use crate::access::act::OwnFactors;
use crate::access::factors::second::Stepped;
use crate::access::guard::{Guard, Public, answer, done};

/// `GET /factors`.
pub async fn list(guard: Guard<OwnFactors>) -> Answer {
    let factors = guard.run(|access, caller| access.factors(caller.person)).await?;
    Ok(answer(StatusCode::OK, &factors))
}

/// `POST /factors/totp`: a secret for an authenticator app.
pub async fn begin_totp(mut guard: Guard<OwnFactors>) -> Answer {
    let form: AddFactor = guard.body().await?;
    let begun = guard.run(move |access, caller| access.begin_totp(caller, &form)).await?;
    Ok(answer(StatusCode::OK, &begun))
}

/// `POST /factors/totp/finish`: with the first code.
pub async fn finish_totp(mut guard: Guard<OwnFactors>) -> Answer {
    let form: FinishTotp = guard.body().await?;
    let factor = guard.run(move |access, caller| access.finish_totp(caller, &form)).await?;
    Ok(answer(StatusCode::CREATED, &factor))
}

/// `POST /factors/passkeys`: what the browser is asked for.
pub async fn begin_passkey(mut guard: Guard<OwnFactors>) -> Answer {
    let form: AddFactor = guard.body().await?;
    let begun = guard.run(move |access, caller| access.begin_passkey(caller, &form)).await?;
    Ok(answer(StatusCode::OK, &begun))
}

/// `POST /factors/passkeys/finish`: with what it made.
pub async fn finish_passkey(mut guard: Guard<OwnFactors>) -> Answer {
    let form: FinishPasskey = guard.body().await?;
    let factor = guard.run(move |access, caller| access.finish_passkey(caller, &form)).await?;
    Ok(answer(StatusCode::CREATED, &factor))
}

/// `POST /factors/{factor}/remove`.
pub async fn remove(mut guard: Guard<OwnFactors>) -> Answer {
    let form: RemoveFactor = guard.body().await?;
    let factor: FactorId = guard.path("factor")?;
    guard.run(move |access, caller| access.remove_factor(caller, factor, &form)).await?;
    Ok(done())
}

/// `POST /session/second`: signs in with what was asked for, or confirms the session there is.
pub async fn second(mut way: Public) -> Answer {
    let form: FinishSecondStep = way.body().await?;
    let earlier = way.caller().await?;
    let caller = earlier.clone();
    let stepped = way.run(move |access, origin| access.finish_second(&form, origin, caller.as_ref())).await?;
    match stepped {
        Stepped::In { started, keep } => {
            way.replace(earlier).await;
            Ok(with_cookie(&started, keep)?)
        }
        Stepped::Confirmed(session) => Ok(answer(StatusCode::OK, &session)),
    }
}
