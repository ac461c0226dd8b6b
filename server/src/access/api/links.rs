//! `/links`: one-time links, for whoever holds one.

use actix_web::http::StatusCode;
use chancery_protocol::http::{LinkToken, RedeemLink};

use super::Answer;
use super::session::with_cookie;
use crate::access::factors::second::Entered;
use crate::access::guard::{Public, answer};

/// `POST /links/inspect`: what would it do?
pub async fn inspect(mut way: Public) -> Answer {
    let form: LinkToken = way.body().await?;
    let info = way.run(move |access, _| access.inspect(&form)).await?;
    Ok(answer(StatusCode::OK, &info))
}

/// `POST /links/redeem`: uses it and signs in.
pub async fn redeem(mut way: Public) -> Answer {
    let form: RedeemLink = way.body().await?;
    let earlier = way.caller().await?;
    match way.run(move |access, origin| access.redeem(&form, origin)).await? {
        Entered::In(started) => {
            way.replace(earlier).await;
            Ok(with_cookie(&started, false)?)
        }
        Entered::Second(step) => Ok(answer(StatusCode::ACCEPTED, &step)),
    }
}
