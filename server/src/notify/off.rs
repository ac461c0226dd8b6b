//! `/mail/off/{token}`: turns off the mails that name it in `List-Unsubscribe` (RFC 8058).
//!
//! What must stay true:
//! - only a POST with the words `List-Unsubscribe=One-Click` turns anything off. Mail programs and scanners look at links
//!   before people do: a GET, which shows the client's page, changes nothing;
//! - the token is all that is asked for: whoever reads the mail need not be signed in, and programs send no `Origin`;
//! - nothing else can be done with it, and what it turned off is turned on again in the settings.

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::{HttpResponse, guard, web};
use chancery_protocol::mail::MailMode;

use super::letters::{Off, OffKey, Sort};
use crate::delivery::Delivery;
use crate::directory::change_preferences;
use crate::ground::error::{Code, Error};
use chancery_protocol::frame::Frame;

/// Where the links lead, and how.
pub const ROUTE: (&str, &str) = ("POST", "/mail/off/{token}");
/// Name of the secret the tokens are made with.
pub const SECRET: &str = "mail.off";

/// Puts it into the application, which needs `web::Data<Delivery>`; every other method falls through to the pages.
pub fn configure(config: &mut web::ServiceConfig) {
    config.service(web::resource(ROUTE.1).guard(guard::Post()).to(answer));
}

async fn answer(
    token: web::Path<String>,
    body: Result<web::Bytes, actix_web::Error>,
    delivery: web::Data<Delivery>,
) -> Result<HttpResponse, Error> {
    let body = body.map_err(|_| Error::from(Code::BadRequest))?;
    if !is_one_click(&body) {
        return Err(Error::from(Code::BadRequest).detail("Send List-Unsubscribe=One-Click."));
    }
    turn_off(&delivery, &token).await?;
    Ok(HttpResponse::build(StatusCode::OK)
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((CONTENT_TYPE, "text/plain; charset=utf-8"))
        .body("These mails are turned off.\n"))
}

/// Whether a body has the words of RFC 8058. Forms are sent in two encodings, and our own page sends JSON: all have the name before
/// the value.
fn is_one_click(body: &[u8]) -> bool {
    let text = String::from_utf8_lossy(body);
    text.split_once("List-Unsubscribe").is_some_and(|(_, value)| value.contains("One-Click"))
}

/// Turns off what a token names; what is off already stays as it is.
async fn turn_off(delivery: &Delivery, token: &str) -> Result<(), Error> {
    let journal = &delivery.messaging.journal;
    let key = OffKey::new(journal.vault().secret(SECRET)?);
    let off = Off::read(token, &key).filter(|off| delivery.messaging.directory.get(off.person).is_some());
    let Off { person, sort } = off.ok_or(Error::from(Code::NotFound))?;
    let changed = change_preferences(journal, person, |preferences| {
        let mailing = &mut preferences.mailing;
        match (sort, mailing.mode) {
            (Sort::Missed, MailMode::Each) | (Sort::Digest, MailMode::Daily) => {
                mailing.mode = MailMode::Never
            }
            // Beside the daily mail those about urgent messages come: they wait for it from now on.
            (Sort::Missed, MailMode::Daily) if !mailing.urgent_waits => mailing.urgent_waits = true,
            _ => return false,
        }
        true
    });
    if let Some(kept) = changed.await? {
        delivery.hub.send_to(person, None, &Frame::Preferences(kept));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
