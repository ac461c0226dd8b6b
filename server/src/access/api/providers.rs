//! Signing in at a provider: there, back, and what the provider says later.

use actix_web::HttpResponse;
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::StatusCode;
use chancery_protocol::http::{BeginSignIn, FinishSignIn, SignInBegun, SignInFinished};
use chancery_protocol::ids::SourceId;
use serde::Deserialize;

use super::Answer;
use super::session::session_cookie;
use crate::access::guard::{Machine, Public, answer};
use crate::access::providers::{Come, SIGN_IN_SECONDS};
use crate::ground::error::{Code, Error};

/// Carries a sign-in that is under way, sealed. It comes along when the provider sends the browser back, so `Lax`.
const UNDER_WAY: &str = "__Host-chancery-sign-in";

/// `POST /session/begin`: where to go.
pub async fn begin(mut way: Public) -> Answer {
    let form: BeginSignIn = way.body().await?;
    let (access, _) = way.here();
    let caller = if form.confirm { way.caller().await? } else { None };
    let begun = access.begin_sign_in(form, caller.as_ref()).await?;
    let mut answer = answer(StatusCode::OK, &SignInBegun { url: begun.url });
    let cookie = under_way(begun.cookie).max_age(Duration::seconds(SIGN_IN_SECONDS));
    answer.add_cookie(&cookie.finish()).map_err(Error::internal)?;
    Ok(answer)
}

/// `POST /session/return`: with what the provider gave the browser.
pub async fn finish(mut way: Public) -> Answer {
    let form: FinishSignIn = way.body().await?;
    let (access, origin) = way.here();
    let earlier = way.caller().await?;
    let finished = access.finish_sign_in(form, way.cookie(UNDER_WAY), origin, earlier.clone()).await?;
    let to = finished.to;
    let mut answer = match finished.come {
        Come::In { started, keep } => {
            way.replace(earlier).await;
            let body = SignInFinished { session: started.info.clone(), to, confirmed: false };
            let mut answer = answer(StatusCode::OK, &body);
            answer.add_cookie(&session_cookie(&started, keep)).map_err(Error::internal)?;
            answer
        }
        Come::Confirmed(session) => answer(StatusCode::OK, &SignInFinished { session, to, confirmed: true }),
    };
    let gone = under_way(String::new()).max_age(Duration::ZERO).finish();
    answer.add_cookie(&gone).map_err(Error::internal)?;
    Ok(answer)
}

#[derive(Deserialize)]
struct LogoutForm {
    logout_token: String,
}

/// `POST /sources/{source}/logout`: OpenID Connect Back-Channel Logout 1.0, from the provider itself.
pub async fn logout(mut machine: Machine) -> Answer {
    let source: SourceId = machine.path("source")?;
    let form: LogoutForm = machine.form().await?;
    machine.access().provider_logout(source, &form.logout_token).await.map_err(|e| match e.code {
        Code::SourceUnavailable | Code::StorageUnavailable => e,
        _ => Error::from(Code::BadRequest),
    })?;
    Ok(HttpResponse::Ok().insert_header(("cache-control", "no-store")).finish())
}

fn under_way(value: String) -> actix_web::cookie::CookieBuilder<'static> {
    Cookie::build(UNDER_WAY, value).path("/").secure(true).http_only(true).same_site(SameSite::Lax)
}
