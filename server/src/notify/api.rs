//! The routes of settings of mail.

use actix_web::HttpResponse;
use actix_web::http::header::CONTENT_SECURITY_POLICY;
use actix_web::http::{Method, StatusCode};
use chancery_protocol::mail_settings::{MailPreview, MailPreviewQuery, SetMail, TestMail};

use super::MailDesk;
use crate::access::act::{self, ReadMail};
use crate::access::{Guard, Route, answer, route};
use crate::ground::db::blocking;

type Answer = Result<HttpResponse, actix_web::Error>;

/// Most bytes of settings: authorities are long.
const LONGEST: usize = 128 * 1024;

/// The policy of a mail that is looked at: its own styles, and nothing else; shown in our own pages only.
const PREVIEW_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox";

/// The table.
pub fn routes() -> Vec<Route> {
    vec![
        route(Method::GET, "/mail/settings", settings),
        route(Method::PUT, "/mail/settings", set),
        route(Method::POST, "/mail/test", test),
        route(Method::GET, "/mail/preview", preview),
        route(Method::GET, "/mail/preview/page", page),
    ]
}

/// `GET /mail/settings`.
async fn settings(guard: Guard<ReadMail>) -> Answer {
    let desk: MailDesk = guard.part()?;
    Ok(answer(StatusCode::OK, &blocking(move || desk.settings()).await?))
}

/// `PUT /mail/settings`.
async fn set(mut guard: Guard<act::SetMail>) -> Answer {
    let form: SetMail = guard.long_body(LONGEST).await?;
    let (desk, by): (MailDesk, _) = (guard.part()?, guard.caller().person);
    Ok(answer(StatusCode::OK, &blocking(move || desk.set(&form, by)).await?))
}

/// `POST /mail/test`: tries what was entered; nothing is kept.
async fn test(mut guard: Guard<act::SetMail>) -> Answer {
    let form: TestMail = guard.long_body(LONGEST).await?;
    let desk: MailDesk = guard.part()?;
    Ok(answer(StatusCode::OK, &desk.test(form).await?))
}

/// `GET /mail/preview`.
async fn preview(guard: Guard<ReadMail>) -> Answer {
    let (query, desk): (MailPreviewQuery, MailDesk) = (guard.query()?, guard.part()?);
    let mail = blocking(move || desk.preview(&query)).await?;
    Ok(answer(StatusCode::OK, &MailPreview { subject: mail.subject, text: mail.text }))
}

/// `GET /mail/preview/page`: the HTML, for a frame.
async fn page(guard: Guard<ReadMail>) -> Answer {
    let (query, desk): (MailPreviewQuery, MailDesk) = (guard.query()?, guard.part()?);
    let mail = blocking(move || desk.preview(&query)).await?;
    let mut page = HttpResponse::Ok();
    page.insert_header((CONTENT_SECURITY_POLICY, PREVIEW_POLICY)).content_type("text/html; charset=utf-8");
    Ok(page.body(mail.html))
}
