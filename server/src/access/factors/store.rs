//! Queries over `factors`. Writing functions run inside a unit of the journal only.

use chancery_protocol::Micros;
use chancery_protocol::factors::{Factor, FactorKind};
use chancery_protocol::ids::{FactorId, PersonId};
use diesel::prelude::*;

use crate::ground::db::Conn;
use crate::ground::db::dialect::{Raw, raw};
use crate::ground::db::schema::factors;
use crate::ground::error::{Code, Error};

/// A row of `factors`.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = factors)]
pub struct Row {
    pub id: Raw,
    pub person: Raw,
    /// See [`Row::kind`].
    pub kind: i32,
    pub name: String,
    /// Secret or public key, sealed.
    pub content: Vec<u8>,
    /// Of a passkey, so that none opens two accounts.
    pub credential_hash: Option<Vec<u8>>,
    pub created_at: i64,
    pub last_used_at: Option<i64>,
    /// Of codes: the newest step that was used.
    pub last_step: Option<i64>,
}

impl Row {
    pub fn factor(&self) -> FactorId {
        self.id.id()
    }

    pub fn kind(&self) -> Result<FactorKind, Error> {
        let known =
            [FactorKind::Totp, FactorKind::Passkey].into_iter().find(|kind| number(*kind) == self.kind);
        known.ok_or_else(|| Error::internal("a second factor of a kind this version does not know"))
    }

    /// As its owner sees it.
    pub fn shown(&self) -> Result<Factor, Error> {
        Ok(Factor {
            id: self.factor(),
            kind: self.kind()?,
            name: self.name.clone(),
            created_at: self.created_at,
            last_used_at: self.last_used_at,
        })
    }
}

pub fn number(kind: FactorKind) -> i32 {
    match kind {
        FactorKind::Totp => 1,
        FactorKind::Passkey => 2,
    }
}

/// A person's, oldest first.
pub fn of_person(conn: &mut Conn, person: PersonId) -> Result<Vec<Row>, Error> {
    Ok(factors::table
        .filter(factors::person.eq(raw(person)))
        .order((factors::created_at, factors::id))
        .select(Row::as_select())
        .load(conn)?)
}

/// Whether a person has any.
pub fn any(conn: &mut Conn, person: PersonId) -> Result<bool, Error> {
    let row: Option<Raw> =
        factors::table.filter(factors::person.eq(raw(person))).select(factors::id).first(conn).optional()?;
    Ok(row.is_some())
}

/// Whether a passkey is somebody's already.
pub fn is_known(conn: &mut Conn, credential_hash: &[u8]) -> Result<bool, Error> {
    let row: Option<Raw> = factors::table
        .filter(factors::credential_hash.eq(credential_hash))
        .select(factors::id)
        .first(conn)
        .optional()?;
    Ok(row.is_some())
}

/// A new one.
pub fn insert(conn: &mut Conn, row: &Row, at: Micros) -> Result<(), Error> {
    diesel::insert_into(factors::table).values(Row { created_at: at, ..row.clone() }).execute(conn)?;
    Ok(())
}

/// Removes one. Errors: `not_found` when it is gone.
pub fn remove(conn: &mut Conn, factor: FactorId) -> Result<(), Error> {
    match diesel::delete(factors::table.filter(factors::id.eq(raw(factor)))).execute(conn)? {
        0 => Err(Code::NotFound.into()),
        _ => Ok(()),
    }
}

/// Uses up the codes up to a step. False when that was done before, or the factor is gone.
pub fn use_code(conn: &mut Conn, factor: FactorId, step: i64, at: Micros) -> Result<bool, Error> {
    let newer = factors::last_step.is_null().or(factors::last_step.lt(step));
    let row = factors::table.filter(factors::id.eq(raw(factor))).filter(newer);
    let set = (factors::last_step.eq(step), factors::last_used_at.eq(at));
    Ok(diesel::update(row).set(set).execute(conn)? == 1)
}

/// Keeps what changed of a passkey by being shown. False when it is not as it was, or gone.
pub fn use_passkey(
    conn: &mut Conn,
    factor: FactorId,
    was: &[u8],
    content: &[u8],
    at: Micros,
) -> Result<bool, Error> {
    let row = factors::table.filter(factors::id.eq(raw(factor))).filter(factors::content.eq(was));
    let set = (factors::content.eq(content), factors::last_used_at.eq(at));
    Ok(diesel::update(row).set(set).execute(conn)? == 1)
}
