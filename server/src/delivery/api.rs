//! The routes: what belongs to people's names, and is too large for frames.

use actix_web::HttpResponse;
use actix_web::http::Method;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use chancery_protocol::ids::PersonId;

use super::Delivery;
use crate::access::act::{Act, SeePhotos};
use crate::access::{Caller, Guard, Route, decide, route};
use crate::directory::photos;
use crate::ground::error::{Code, Error};

type Answer = Result<HttpResponse, actix_web::Error>;

/// Browsers keep it and ask each time whether it is the same: who may no longer see somebody is told so.
const KEPT: &str = "private, no-cache";

/// The table.
pub fn routes() -> Vec<Route> {
    vec![route(Method::GET, "/people/{person}/photo", photo)]
}

/// `GET /people/{person}/photo`. The address may name a version (`?v=`), so that another picture has another address; answered is
/// always the newest.
async fn photo(guard: Guard<SeePhotos>) -> Answer {
    let (person, delivery): (PersonId, Delivery) = (guard.path("person")?, guard.part()?);
    if !decide(guard.caller().roles, Act::ReadAccounts) {
        delivery.access.check_gate(guard.caller().person).await?;
    }
    if !delivery.sees(guard.caller(), person) {
        return Err(Error::from(Code::NotFound).into());
    }
    let entry = delivery.messaging.directory.get(person);
    let tag = entry.and_then(|entry| entry.person.photo.clone()).ok_or(Error::from(Code::NotFound))?;
    let tag = format!("\"{tag}\"");
    if guard.header(IF_NONE_MATCH).is_some_and(|known| is_among(&tag, known)) {
        return Ok(HttpResponse::NotModified()
            .insert_header((ETAG, tag))
            .insert_header((CACHE_CONTROL, KEPT))
            .finish());
    }
    let journal = delivery.messaging.journal.clone();
    let vault = journal.vault().clone();
    let found = journal.db().read(move |conn| photos::open(conn, &vault, person)).await?;
    let picture = found.ok_or(Error::from(Code::NotFound))?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "image/jpeg"))
        .insert_header((CACHE_CONTROL, KEPT))
        .insert_header((ETAG, tag))
        .body(picture))
}

/// Whether `tag` is one of those in `If-None-Match`.
fn is_among(tag: &str, known: &str) -> bool {
    known.split(',').map(str::trim).any(|known| known == "*" || known.trim_start_matches("W/") == tag)
}

impl Delivery {
    /// Whether somebody may see a person: those who may look everybody up, everybody; others themselves and those they are in a
    /// conversation with.
    fn sees(&self, caller: &Caller, person: PersonId) -> bool {
        [Act::FindPeople, Act::ReadAccounts].into_iter().any(|act| decide(caller.roles, act))
            || caller.person == person
            || self.messaging.roster.met(caller.person, person)
    }
}

#[cfg(test)]
mod tests {
    use super::is_among;

    #[test]
    fn a_tag_is_found_among_those_a_browser_has() {
        for known in ["\"a1\"", "W/\"a1\"", "\"b2\", \"a1\"", "*"] {
            assert!(is_among("\"a1\"", known), "{known}");
        }
        for other in ["", "a1", "\"a\"", "\"b2\",\"c3\""] {
            assert!(!is_among("\"a1\"", other), "{other}");
        }
    }
}
