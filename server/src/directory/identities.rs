//! Who somebody is at a source: issuer and subject, or a directory's unchanging id; never an e-mail address, which changes
//! hands. Writing functions run inside a unit of the journal only.

use chancery_protocol::Micros;
use chancery_protocol::ids::{Id, PersonId, SourceId};
use diesel::prelude::*;

use super::resources::{self, Of};
use super::store::Row;
use crate::ground::db::Conn;
use crate::ground::db::dialect::{Raw, raw};
use crate::ground::db::schema::{identities, people};
use crate::ground::error::Error;

/// Most subjects in one query.
const CHUNK: usize = 500;

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
    /// What the source said when it was last read in the background.
    pub standing: Standing,
}

/// What a source said of somebody when it was last read in the background.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It was not read since they are linked.
    Unknown,
    /// Their account there may be used.
    Active,
    /// They are gone, or disabled.
    Inactive,
}

impl Standing {
    fn column(self) -> i32 {
        match self {
            Self::Unknown => 0,
            Self::Active => 1,
            Self::Inactive => 2,
        }
    }

    fn of_column(column: i32) -> Self {
        match column {
            1 => Self::Active,
            2 => Self::Inactive,
            _ => Self::Unknown,
        }
    }
}

type Columns = (Raw, String, Raw, String, i64, Option<i64>, i32);

impl Identity {
    fn of((source, subject, person, login, linked_at, seen_at, standing): Columns) -> Self {
        let standing = Standing::of_column(standing);
        Self { source: source.id(), subject, person: person.id(), login, linked_at, seen_at, standing }
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

/// Whom a source names so when they sign in, and keeps nothing of here: somebody it took away, or whom an administrator linked.
///
/// # Errors
/// When the database cannot be read.
pub fn detached(conn: &mut Conn, source: SourceId, login: &str) -> Result<Option<Identity>, Error> {
    let rows: Vec<Columns> = identities::table
        .filter(identities::source.eq(raw(source)))
        .filter(identities::login.eq(login))
        .order((identities::linked_at, identities::subject))
        .load(conn)?;
    for identity in rows.into_iter().map(Identity::of) {
        if resources::get(conn, source, Of::Person, identity.person.bytes())?.is_none() {
            return Ok(Some(identity));
        }
    }
    Ok(None)
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

/// Those of a source whom it calls so, with their accounts.
///
/// # Errors
/// When the database cannot be read.
pub fn named(conn: &mut Conn, source: SourceId, subjects: &[&str]) -> Result<Vec<(Identity, Row)>, Error> {
    let mut found = Vec::with_capacity(subjects.len());
    for chunk in subjects.chunks(CHUNK) {
        let rows: Vec<(Columns, Row)> = identities::table
            .inner_join(people::table.on(people::id.eq(identities::person)))
            .filter(identities::source.eq(raw(source)))
            .filter(identities::subject.eq_any(chunk))
            .select((identities::all_columns, Row::as_select()))
            .load(conn)?;
        found.extend(rows.into_iter().map(|(columns, row)| (Identity::of(columns), row)));
    }
    Ok(found)
}

/// Whether another source than this one suspended somebody, and still says that they may not come: then this one does not let
/// them in.
///
/// # Errors
/// When the database cannot be read.
pub fn kept_out(conn: &mut Conn, row: &Row, source: SourceId) -> Result<bool, Error> {
    let Some(by) = row.suspended_by.map(Raw::id::<SourceId>).filter(|by| *by != source) else {
        return Ok(false);
    };
    let says_so = |identity: &Identity| identity.source == by && identity.standing == Standing::Inactive;
    Ok(of_person(conn, row.person())?.iter().any(says_so))
}

/// The next of a source by subject, with their accounts; `after` none begins.
///
/// # Errors
/// When the database cannot be read.
pub fn page(
    conn: &mut Conn,
    source: SourceId,
    after: Option<&str>,
    most: u32,
) -> Result<Vec<(Identity, Row)>, Error> {
    let rows: Vec<(Columns, Row)> = identities::table
        .inner_join(people::table.on(people::id.eq(identities::person)))
        .filter(identities::source.eq(raw(source)))
        .filter(identities::subject.gt(after.unwrap_or_default()))
        .order(identities::subject)
        .limit(most.into())
        .select((identities::all_columns, Row::as_select()))
        .load(conn)?;
    Ok(rows.into_iter().map(|(columns, row)| (Identity::of(columns), row)).collect())
}

/// How many people a source says may use their account, or has not spoken of yet.
///
/// # Errors
/// When the database cannot be read.
pub fn count_standing(conn: &mut Conn, source: SourceId) -> Result<u64, Error> {
    let rows: i64 = identities::table
        .filter(identities::source.eq(raw(source)))
        .filter(identities::standing.ne(Standing::Inactive.column()))
        .count()
        .first(conn)?;
    Ok(crate::ground::db::dialect::count(rows))
}

/// What a source says of these from now on.
///
/// # Errors
/// When the database cannot be written.
pub fn set_standing(
    conn: &mut Conn,
    source: SourceId,
    subjects: &[&str],
    standing: Standing,
) -> Result<(), Error> {
    for chunk in subjects.chunks(CHUNK) {
        let rows = identities::table
            .filter(identities::source.eq(raw(source)))
            .filter(identities::subject.eq_any(chunk));
        diesel::update(rows).set(identities::standing.eq(standing.column())).execute(conn)?;
    }
    Ok(())
}

/// What somebody signs in with at a source from now on.
///
/// # Errors
/// When the database cannot be written.
pub fn set_login(conn: &mut Conn, source: SourceId, subject: &str, login: &str) -> Result<(), Error> {
    let row =
        identities::table.filter(identities::source.eq(raw(source))).filter(identities::subject.eq(subject));
    diesel::update(row).set(identities::login.eq(login)).execute(conn)?;
    Ok(())
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
            identities::standing.eq(identity.standing.column()),
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
