//! Who somebody is at a source: issuer and subject, or a directory's unchanging id; never an e-mail address, which changes
//! hands. Writing functions run inside a unit of the journal only.

use chancery_protocol::Micros;
use chancery_protocol::ids::{PersonId, SourceId};
use diesel::prelude::*;

use crate::ground::db::Conn;
use crate::ground::db::dialect::{Raw, raw};
use crate::ground::db::schema::{identities, people};
use crate::ground::error::Error;

/// A row of `identities`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Which source.
    pub source: SourceId,
    /// What it calls them, for ever.
    pub subject: String,
    /// Whose account it is here.
    pub person: PersonId,
    /// What they type there, as of the last time they were seen.
    pub login: String,
    /// Since when.
    pub linked_at: Micros,
    /// When the source last vouched for them.
    pub seen_at: Option<Micros>,
}

type Columns = (Raw, String, Raw, String, i64, Option<i64>);

impl Identity {
    fn of((source, subject, person, login, linked_at, seen_at): Columns) -> Self {
        Self { source: source.id(), subject, person: person.id(), login, linked_at, seen_at }
    }
}

/// Whose account an identity is.
///
/// # Errors
/// When the database cannot be read.
pub fn find(conn: &mut Conn, source: SourceId, subject: &str) -> Result<Option<Identity>, Error> {
    let row: Option<Columns> = identities::table
        .filter(identities::source.eq(raw(source)))
        .filter(identities::subject.eq(subject))
        .first(conn)
        .optional()?;
    Ok(row.map(Identity::of))
}

/// The identities of a person, oldest first.
///
/// # Errors
/// When the database cannot be read.
pub fn of_person(conn: &mut Conn, person: PersonId) -> Result<Vec<Identity>, Error> {
    let rows: Vec<Columns> = identities::table
        .filter(identities::person.eq(raw(person)))
        .order((identities::linked_at, identities::source))
        .load(conn)?;
    Ok(rows.into_iter().map(Identity::of).collect())
}

/// How many people a source knows here.
///
/// # Errors
/// When the database cannot be read.
pub fn count(conn: &mut Conn, source: SourceId) -> Result<u64, Error> {
    let rows: i64 = identities::table.filter(identities::source.eq(raw(source))).count().first(conn)?;
    Ok(crate::ground::db::dialect::count(rows))
}

/// Links an identity that belongs to nobody yet.
///
/// # Errors
/// When it belongs to somebody; when the database cannot be written.
pub fn link(conn: &mut Conn, identity: &Identity) -> Result<(), Error> {
    diesel::insert_into(identities::table)
        .values((
            identities::source.eq(raw(identity.source)),
            identities::subject.eq(&identity.subject),
            identities::person.eq(raw(identity.person)),
            identities::login.eq(&identity.login),
            identities::linked_at.eq(identity.linked_at),
            identities::seen_at.eq(identity.seen_at),
        ))
        .execute(conn)?;
    note_linked(conn, identity.person)
}

/// Takes an identity off its account. False when there is no such identity.
///
/// # Errors
/// When the database cannot be written.
pub fn unlink(conn: &mut Conn, identity: &Identity) -> Result<bool, Error> {
    let row = identities::table
        .filter(identities::source.eq(raw(identity.source)))
        .filter(identities::subject.eq(&identity.subject))
        .filter(identities::person.eq(raw(identity.person)));
    let gone = diesel::delete(row).execute(conn)? == 1;
    note_linked(conn, identity.person)?;
    Ok(gone)
}

/// The source vouched for somebody just now.
///
/// # Errors
/// When the database cannot be written.
pub fn seen(conn: &mut Conn, source: SourceId, subject: &str, login: &str, at: Micros) -> Result<(), Error> {
    let row =
        identities::table.filter(identities::source.eq(raw(source))).filter(identities::subject.eq(subject));
    diesel::update(row).set((identities::login.eq(login), identities::seen_at.eq(at))).execute(conn)?;
    Ok(())
}

/// `people.linked` says whether there is any.
fn note_linked(conn: &mut Conn, person: PersonId) -> Result<(), Error> {
    let any: Option<String> = identities::table
        .filter(identities::person.eq(raw(person)))
        .select(identities::subject)
        .first(conn)
        .optional()?;
    diesel::update(people::table.filter(people::id.eq(raw(person))))
        .set(people::linked.eq(any.is_some()))
        .execute(conn)?;
    Ok(())
}
