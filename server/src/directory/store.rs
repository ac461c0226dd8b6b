//! Queries over `people`. Writing functions run inside a unit of the journal only.

use chancery_protocol::Micros;
use chancery_protocol::ids::PersonId;
use diesel::prelude::*;

use super::Roles;
use crate::ground::db::Conn;
use crate::ground::db::dialect::{Raw, raw};
use crate::ground::db::schema::people;
use crate::ground::error::{Code, Error};

/// A row of `people`.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = people)]
#[expect(missing_docs, reason = "the columns are explained in the migration")]
pub struct Row {
    pub id: Raw,
    pub username: String,
    pub name: String,
    pub roles: i32,
    pub status: Option<Vec<u8>>,
    pub password: Option<String>,
    pub suspended_at: Option<i64>,
    pub created_at: i64,
}

impl Row {
    /// Who.
    pub fn person(&self) -> PersonId {
        self.id.id()
    }

    /// What they may do.
    pub fn roles(&self) -> Roles {
        Roles::from_column(self.roles)
    }
}

/// Most ids in one query.
const CHUNK: usize = 1_000;

/// Everybody.
///
/// # Errors
/// When the database cannot be read.
pub fn all(conn: &mut Conn) -> Result<Vec<Row>, Error> {
    Ok(people::table.select(Row::as_select()).load(conn)?)
}

/// These people, in no particular order; unknown ids are left out.
///
/// # Errors
/// When the database cannot be read.
pub fn some(conn: &mut Conn, ids: &[PersonId]) -> Result<Vec<Row>, Error> {
    let mut rows = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(CHUNK) {
        let ids: Vec<Raw> = chunk.iter().copied().map(raw).collect();
        rows.extend(people::table.filter(people::id.eq_any(ids)).select(Row::as_select()).load(conn)?);
    }
    Ok(rows)
}

/// One person.
///
/// # Errors
/// `person_not_found`; when the database cannot be read.
pub fn get(conn: &mut Conn, person: PersonId) -> Result<Row, Error> {
    people::table
        .filter(people::id.eq(raw(person)))
        .select(Row::as_select())
        .first(conn)
        .optional()?
        .ok_or_else(|| Code::PersonNotFound.into())
}

/// One person by user name.
///
/// # Errors
/// When the database cannot be read.
pub fn by_username(conn: &mut Conn, username: &str) -> Result<Option<Row>, Error> {
    Ok(people::table.filter(people::username.eq(username)).select(Row::as_select()).first(conn).optional()?)
}

/// What a new row needs.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the columns are explained in the migration")]
pub struct NewPerson {
    pub id: PersonId,
    pub username: String,
    pub name: String,
    pub roles: Roles,
    pub password: Option<String>,
}

/// Makes an account. Every account is made under the head lock, so the look before the insert is enough.
///
/// # Errors
/// `username_taken`; when the database cannot be written.
pub fn insert(conn: &mut Conn, new: &NewPerson, at: Micros) -> Result<(), Error> {
    if by_username(conn, &new.username)?.is_some() {
        return Err(Error::from(Code::UsernameTaken).field("username"));
    }
    diesel::insert_into(people::table)
        .values((
            people::id.eq(raw(new.id)),
            people::username.eq(&new.username),
            people::name.eq(&new.name),
            people::roles.eq(new.roles.column()),
            people::password.eq(new.password.as_deref()),
            people::created_at.eq(at),
        ))
        .execute(conn)?;
    Ok(())
}

/// Sets the name.
///
/// # Errors
/// `person_not_found`; when the database cannot be written.
pub fn set_name(conn: &mut Conn, person: PersonId, name: &str) -> Result<(), Error> {
    let row = people::table.filter(people::id.eq(raw(person)));
    found(diesel::update(row).set(people::name.eq(name)).execute(conn)?)
}

/// Sets the roles.
///
/// # Errors
/// `person_not_found`; when the database cannot be written.
pub fn set_roles(conn: &mut Conn, person: PersonId, roles: Roles) -> Result<(), Error> {
    let row = people::table.filter(people::id.eq(raw(person)));
    found(diesel::update(row).set(people::roles.eq(roles.column())).execute(conn)?)
}

/// Sets a password's hash.
///
/// # Errors
/// `person_not_found`; when the database cannot be written.
pub fn set_password(conn: &mut Conn, person: PersonId, hash: &str) -> Result<(), Error> {
    let row = people::table.filter(people::id.eq(raw(person)));
    found(diesel::update(row).set(people::password.eq(hash)).execute(conn)?)
}

/// Suspends (`Some`) or reinstates.
///
/// # Errors
/// `person_not_found`; when the database cannot be written.
pub fn set_suspended(conn: &mut Conn, person: PersonId, since: Option<Micros>) -> Result<(), Error> {
    let row = people::table.filter(people::id.eq(raw(person)));
    found(diesel::update(row).set(people::suspended_at.eq(since)).execute(conn)?)
}

/// Sets or clears a sealed status text.
///
/// # Errors
/// `person_not_found`; when the database cannot be written.
pub fn set_status(conn: &mut Conn, person: PersonId, sealed: Option<&[u8]>) -> Result<(), Error> {
    let row = people::table.filter(people::id.eq(raw(person)));
    found(diesel::update(row).set(people::status.eq(sealed)).execute(conn)?)
}

/// Whether somebody else than `person` has all of `roles`, can sign in and is not suspended.
///
/// # Errors
/// When the database cannot be read.
pub fn another_with(conn: &mut Conn, person: PersonId, roles: Roles) -> Result<bool, Error> {
    // Only a number stands in the expression; both databases have the operator.
    let bits = roles.column();
    let has_roles = diesel::dsl::sql::<diesel::sql_types::Bool>(&format!("(roles & {bits}) = {bits}"));
    let row: Option<Raw> = people::table
        .filter(people::id.ne(raw(person)))
        .filter(people::suspended_at.is_null())
        .filter(people::password.is_not_null())
        .filter(has_roles)
        .select(people::id)
        .first(conn)
        .optional()?;
    Ok(row.is_some())
}

/// Whether anybody has ever chosen a password.
///
/// # Errors
/// When the database cannot be read.
pub fn anybody_with_password(conn: &mut Conn) -> Result<bool, Error> {
    let row: Option<Raw> =
        people::table.filter(people::password.is_not_null()).select(people::id).first(conn).optional()?;
    Ok(row.is_some())
}

/// What an account says about the house: no names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// What the person may do.
    pub roles: Roles,
    /// Whether a password was ever set.
    pub has_password: bool,
    /// Whether it is suspended.
    pub suspended: bool,
    /// When it was made.
    pub created_at: Micros,
}

/// The standing of every account.
///
/// # Errors
/// When the database cannot be read.
pub fn standings(conn: &mut Conn) -> Result<Vec<Standing>, Error> {
    let columns = (people::roles, people::password.is_not_null(), people::suspended_at, people::created_at);
    let rows: Vec<(i32, bool, Option<i64>, i64)> = people::table.select(columns).load(conn)?;
    let standing =
        |(roles, has_password, suspended_at, created_at): (i32, bool, Option<i64>, i64)| Standing {
            roles: Roles::from_column(roles),
            has_password,
            suspended: suspended_at.is_some(),
            created_at,
        };
    Ok(rows.into_iter().map(standing).collect())
}

fn found(rows: usize) -> Result<(), Error> {
    if rows == 0 { Err(Code::PersonNotFound.into()) } else { Ok(()) }
}
