//! What sources that write to us keep here: their users and groups, each with all that was written of it, sealed. Writing
//! functions run inside a unit of the journal, or alone when nothing that anybody goes by changes.

use chancery_protocol::Micros;
use chancery_protocol::ids::{GroupId, PersonId, SourceId};
use diesel::prelude::*;
use diesel::result::DatabaseErrorKind;
use diesel::result::Error::DatabaseError;

use crate::ground::db::Conn;
use crate::ground::db::dialect::{Raw, big, count, raw};
use crate::ground::db::schema::scim_resources as resources;
use crate::ground::error::{Code, Error};
use crate::vault::{Place, Scope, Vault};

/// Most ids in one query.
const CHUNK: usize = 500;

/// What a resource stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// A person, by their own id.
    Person,
    /// A group, by its own id.
    Group,
}

impl Of {
    fn column(self) -> i32 {
        match self {
            Self::Person => 1,
            Self::Group => 2,
        }
    }
}

/// A row of `scim_resources`.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = resources)]
pub struct Row {
    source: Raw,
    id: Raw,
    kind: i32,
    document: Vec<u8>,
    version: i64,
    /// When it was made.
    pub created_at: i64,
    /// When it last changed.
    pub changed_at: i64,
}

/// What is written of a resource.
#[derive(Debug, Clone)]
pub struct Written {
    /// What the source calls it.
    pub external_id: Option<String>,
    /// `userName` or `displayName`, folded.
    pub name_key: String,
    /// All of it, sealed by [`seal`].
    pub document: Vec<u8>,
}

/// What resources are looked up by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum By {
    /// Nothing: all of them.
    All,
    /// Their own ids.
    Ids(Vec<[u8; 16]>),
    /// What the source calls them.
    ExternalId(String),
    /// Their folded name.
    Name(String),
}

impl Row {
    /// Its id.
    pub fn id(&self) -> [u8; 16] {
        self.id.0
    }

    /// Counts changes.
    pub fn version(&self) -> u64 {
        count(self.version)
    }

    /// The document.
    ///
    /// # Errors
    /// When it is damaged, or the key store cannot be read.
    pub fn open(&self, vault: &Vault) -> Result<String, Error> {
        let row = row_key(self.source, self.id);
        let opened = vault.open_text(&place(&row), &self.document)?;
        opened.map_err(|_| Error::internal("the document of a resource does not match its seal"))
    }
}

fn row_key(source: Raw, id: Raw) -> Vec<u8> {
    [source.0, id.0].concat()
}

fn place(row: &[u8]) -> Place<'_> {
    Place { table: "scim_resources", column: "document", row }
}

/// Seals a document.
///
/// # Errors
/// When the key store cannot be read or written.
pub fn seal(vault: &Vault, source: SourceId, id: [u8; 16], document: &[u8]) -> Result<Vec<u8>, Error> {
    vault.seal_value(Scope::System, &place(&row_key(raw(source), Raw(id))), document)
}

/// One resource.
///
/// # Errors
/// When the database cannot be read.
pub fn get(conn: &mut Conn, source: SourceId, of: Of, id: [u8; 16]) -> Result<Option<Row>, Error> {
    let row = resources::table
        .filter(resources::source.eq(raw(source)))
        .filter(resources::id.eq(Raw(id)))
        .filter(resources::kind.eq(of.column()))
        .select(Row::as_select());
    Ok(row.first(conn).optional()?)
}

/// Resources in the order of their ids.
///
/// # Errors
/// When the database cannot be read.
pub fn find(conn: &mut Conn, source: SourceId, of: Of, by: &By) -> Result<Vec<Row>, Error> {
    let all = || {
        resources::table
            .filter(resources::source.eq(raw(source)))
            .filter(resources::kind.eq(of.column()))
            .order(resources::id)
            .select(Row::as_select())
    };
    Ok(match by {
        By::All => all().load(conn)?,
        By::ExternalId(text) => all().filter(resources::external_id.eq(text)).load(conn)?,
        By::Name(key) => all().filter(resources::name_key.eq(key)).load(conn)?,
        By::Ids(ids) => {
            let mut found = Vec::with_capacity(ids.len());
            for chunk in ids.chunks(CHUNK) {
                let ids: Vec<Raw> = chunk.iter().copied().map(Raw).collect();
                found.extend(all().filter(resources::id.eq_any(ids)).load::<Row>(conn)?);
            }
            found.sort_by_key(Row::id);
            found
        }
    })
}

/// A page of all resources, in the order of their ids.
///
/// # Errors
/// When the database cannot be read.
pub fn page(
    conn: &mut Conn,
    source: SourceId,
    of: Of,
    (skip, most): (usize, usize),
) -> Result<Vec<Row>, Error> {
    let (skip, most) = (i64::try_from(skip).unwrap_or(i64::MAX), i64::try_from(most).unwrap_or(i64::MAX));
    Ok(resources::table
        .filter(resources::source.eq(raw(source)))
        .filter(resources::kind.eq(of.column()))
        .order(resources::id)
        .offset(skip)
        .limit(most)
        .select(Row::as_select())
        .load(conn)?)
}

/// How many there are.
///
/// # Errors
/// When the database cannot be read.
pub fn count_all(conn: &mut Conn, source: SourceId, of: Of) -> Result<usize, Error> {
    let rows: i64 = resources::table
        .filter(resources::source.eq(raw(source)))
        .filter(resources::kind.eq(of.column()))
        .count()
        .first(conn)?;
    Ok(usize::try_from(rows).unwrap_or_default())
}

/// Those of these people who are users of the source.
///
/// # Errors
/// When the database cannot be read.
pub fn users_among(
    conn: &mut Conn,
    source: SourceId,
    people: &[PersonId],
) -> Result<std::collections::HashSet<PersonId>, Error> {
    let mut found = std::collections::HashSet::with_capacity(people.len());
    for chunk in people.chunks(CHUNK) {
        let ids: Vec<Raw> = chunk.iter().copied().map(raw).collect();
        let rows: Vec<Raw> = resources::table
            .filter(resources::source.eq(raw(source)))
            .filter(resources::kind.eq(Of::Person.column()))
            .filter(resources::id.eq_any(ids))
            .select(resources::id)
            .load(conn)?;
        found.extend(rows.into_iter().map(Raw::id::<PersonId>));
    }
    Ok(found)
}

/// A new resource.
///
/// # Errors
/// `username_taken` when another user of the source has the name, `identity_taken` when there is one of that id; when the
/// database cannot be written.
pub fn insert(
    conn: &mut Conn,
    source: SourceId,
    of: Of,
    id: [u8; 16],
    written: &Written,
    at: Micros,
) -> Result<(), Error> {
    name_is_free(conn, source, of, id, &written.name_key)?;
    if get(conn, source, of, id)?.is_some() {
        return Err(Code::IdentityTaken.into());
    }
    let row = (
        resources::source.eq(raw(source)),
        resources::id.eq(Raw(id)),
        resources::kind.eq(of.column()),
        resources::external_id.eq(written.external_id.as_deref()),
        resources::name_key.eq(&written.name_key),
        resources::document.eq(&written.document),
        resources::version.eq(1_i64),
        resources::created_at.eq(at),
        resources::changed_at.eq(at),
    );
    taken(diesel::insert_into(resources::table).values(row).execute(conn))?;
    Ok(())
}

/// Changes a resource, unless somebody else changed it first.
///
/// # Errors
/// `outdated`, `username_taken`; when the database cannot be written.
pub fn change(
    conn: &mut Conn,
    source: SourceId,
    of: Of,
    (id, was): ([u8; 16], u64),
    written: &Written,
    at: Micros,
) -> Result<(), Error> {
    name_is_free(conn, source, of, id, &written.name_key)?;
    let row = resources::table
        .filter(resources::source.eq(raw(source)))
        .filter(resources::id.eq(Raw(id)))
        .filter(resources::kind.eq(of.column()))
        .filter(resources::version.eq(big(was)));
    let set = (
        resources::external_id.eq(written.external_id.as_deref()),
        resources::name_key.eq(&written.name_key),
        resources::document.eq(&written.document),
        resources::version.eq(resources::version + 1_i64),
        resources::changed_at.eq(at),
    );
    match taken(diesel::update(row).set(set).execute(conn))? {
        0 => Err(Code::Outdated.into()),
        _ => Ok(()),
    }
}

/// What is shown of these groups changed, though nothing that was written of them.
///
/// # Errors
/// When the database cannot be written.
pub fn touch(conn: &mut Conn, source: SourceId, groups: &[GroupId], at: Micros) -> Result<(), Error> {
    for chunk in groups.chunks(CHUNK) {
        let ids: Vec<Raw> = chunk.iter().copied().map(raw).collect();
        let rows = resources::table
            .filter(resources::source.eq(raw(source)))
            .filter(resources::kind.eq(Of::Group.column()))
            .filter(resources::id.eq_any(ids));
        let set = (resources::version.eq(resources::version + 1_i64), resources::changed_at.eq(at));
        diesel::update(rows).set(set).execute(conn)?;
    }
    Ok(())
}

/// Removes a resource; `was` is the version it must have.
///
/// # Errors
/// `outdated`; when the database cannot be written.
pub fn remove(conn: &mut Conn, source: SourceId, of: Of, (id, was): ([u8; 16], u64)) -> Result<(), Error> {
    let row = resources::table
        .filter(resources::source.eq(raw(source)))
        .filter(resources::id.eq(Raw(id)))
        .filter(resources::kind.eq(of.column()))
        .filter(resources::version.eq(big(was)));
    match diesel::delete(row).execute(conn)? {
        0 => Err(Code::Outdated.into()),
        _ => Ok(()),
    }
}

/// Removes what a source keeps of a person, if anything.
///
/// # Errors
/// When the database cannot be written.
pub fn forget_person(conn: &mut Conn, source: SourceId, person: PersonId) -> Result<(), Error> {
    let row = resources::table
        .filter(resources::source.eq(raw(source)))
        .filter(resources::kind.eq(Of::Person.column()))
        .filter(resources::id.eq(raw(person)));
    diesel::delete(row).execute(conn)?;
    Ok(())
}

/// Forgets all of a source that is removed.
///
/// # Errors
/// When the database cannot be written.
pub fn forget_all(conn: &mut Conn, source: SourceId) -> Result<(), Error> {
    diesel::delete(resources::table.filter(resources::source.eq(raw(source)))).execute(conn)?;
    Ok(())
}

/// Two users of a source never have one name; several groups may.
fn name_is_free(conn: &mut Conn, source: SourceId, of: Of, id: [u8; 16], key: &str) -> Result<(), Error> {
    if of == Of::Group {
        return Ok(());
    }
    let other: Option<Raw> = resources::table
        .filter(resources::source.eq(raw(source)))
        .filter(resources::kind.eq(of.column()))
        .filter(resources::name_key.eq(key))
        .filter(resources::id.ne(Raw(id)))
        .select(resources::id)
        .first(conn)
        .optional()?;
    if other.is_some() { Err(Code::UsernameTaken.into()) } else { Ok(()) }
}

/// The look before the write is enough under the head lock; without it, the index has the last word.
fn taken(written: QueryResult<usize>) -> Result<usize, Error> {
    match written {
        Err(DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => Err(Code::UsernameTaken.into()),
        other => Ok(other?),
    }
}
