//! A person's own words on their present state: a record, and a sealed column for the snapshot.

use chancery_ledger::{Kind, Stream};
use chancery_protocol::MAX_TOPIC_CHARS;
use chancery_protocol::ids::{ClientId, Id, PersonId};

use super::names::unfit;
use super::records::StatusSet;
use super::snapshot::status_place;
use super::store;
use crate::ground::db::blocking;
use crate::ground::error::{Code, Error};
use crate::journal::{Beside, Committed, Journal, Unit};
use crate::vault::Scope;

/// Sets, or with an empty text clears, the status of `person`. A repetition answers with the first result.
///
/// # Errors
/// `status_too_long`, `text_invalid`; those of [`Journal::commit`].
pub async fn set_status(
    journal: &Journal,
    person: PersonId,
    client_id: ClientId,
    text: &str,
    also: Beside,
) -> Result<Committed, Error> {
    let text = text.trim().to_owned();
    if text.chars().count() > MAX_TOPIC_CHARS {
        return Err(Error::from(Code::StatusTooLong).field("text"));
    }
    if text.chars().any(unfit) {
        return Err(Error::from(Code::ControlCharacter).field("text"));
    }
    let sealing = journal.clone();
    let unit = blocking(move || unit(&sealing, person, client_id, text)).await?;
    journal.commit(unit.with(also)).await
}

fn unit(journal: &Journal, person: PersonId, client_id: ClientId, text: String) -> Result<Unit, Error> {
    let id = person.bytes();
    let sealed = if text.is_empty() {
        None
    } else {
        Some(journal.vault().seal_value(Scope::Person(person), &status_place(&id), text.as_bytes())?)
    };
    let mut record = journal.draft(Stream::Person(id), Kind::StatusSet, Some(person), &StatusSet { text })?;
    record.target = Some(id);
    Ok(Unit {
        records: vec![record],
        once: Some((person, client_id)),
        work: Some(Box::new(move |conn, _| store::set_status(conn, person, sealed.as_deref()))),
        ..Unit::default()
    })
}
