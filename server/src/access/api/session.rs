//! `/session`: the caller's own.

use actix_web::HttpResponse;
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::StatusCode;
use chancery_protocol::http::{SignIn, SignedOut};

use super::Answer;
use crate::access::act::OwnSessions;
use crate::access::device;
use crate::access::factors::second::Entered;
use crate::access::guard::{COOKIE, Guard, Public, answer};
use crate::access::records::EndReason;
use crate::access::sessions::Started;
use crate::ground::error::Error;
use crate::journal::Draft;

/// `POST /session`: signs in.
pub async fn create(mut way: Public) -> Answer {
    let form: SignIn = way.body().await?;
    let caller = way.caller().await?;
    let keep = form.keep;
    let (access, origin) = way.here();
    let device = way.cookie(device::COOKIE);
    match access.sign_in_by_form(form, origin, caller.clone(), device).await? {
        Entered::In(started) => {
            way.replace(caller).await;
            Ok(with_cookie(&started, keep)?)
        }
        Entered::Second(step) => Ok(answer(StatusCode::ACCEPTED, &step)),
    }
}

/// `GET /session`: who am I?
pub async fn get(guard: Guard<OwnSessions>) -> Answer {
    let info = guard.run(|access, caller| access.session_info(caller)).await?;
    Ok(answer(StatusCode::OK, &info))
}

/// `DELETE /session`: signs out, and says where to go to sign out at the provider too.
pub async fn delete(guard: Guard<OwnSessions>) -> Answer {
    sign_out(&guard, None).await
}

/// Ends the caller's session; `on_record` is written with its end.
pub async fn sign_out<A>(guard: &Guard<A>, on_record: Option<Draft>) -> Answer {
    let next = guard.access().sign_out_address(guard.caller()).await?;
    guard
        .run(|access, caller| {
            access.end_session_with(
                caller.person,
                caller.session,
                EndReason::SignedOut,
                caller.person,
                on_record,
            )
        })
        .await?;
    let mut answer = answer(StatusCode::OK, &SignedOut { next });
    let gone = cookie(String::new()).max_age(Duration::ZERO).finish();
    answer.add_cookie(&gone).map_err(Error::internal)?;
    Ok(answer)
}

/// The answer to a sign-in. `keep` lets the cookie outlive the browser window.
pub fn with_cookie(started: &Started, keep: bool) -> Result<HttpResponse, Error> {
    let mut answer = answer(StatusCode::OK, &started.info);
    answer.add_cookie(&session_cookie(started, keep)).map_err(Error::internal)?;
    if let Some(value) = &started.device {
        answer.add_cookie(&device_cookie(value)).map_err(Error::internal)?;
    }
    Ok(answer)
}

/// By which the device is known when somebody signs in there again; it opens nothing.
pub fn device_cookie(value: &str) -> Cookie<'static> {
    let cookie =
        Cookie::build(device::COOKIE, value.to_owned()).max_age(Duration::microseconds(device::KNOWN));
    cookie.path("/").secure(true).http_only(true).same_site(SameSite::Lax).finish()
}

/// `keep` lets it outlive the browser window.
pub fn session_cookie(started: &Started, keep: bool) -> Cookie<'static> {
    let mut cookie = cookie(started.token.text());
    if keep {
        cookie = cookie.max_age(Duration::microseconds(started.lasts));
    }
    cookie.finish()
}

fn cookie(value: String) -> actix_web::cookie::CookieBuilder<'static> {
    Cookie::build(COOKIE, value).path("/").secure(true).http_only(true).same_site(SameSite::Lax)
}
