//! Tokens with which sources write to us. The database has hashes only. Issuing and revoking run inside a unit of the journal.

use chancery_protocol::Micros;
use chancery_protocol::ids::{PersonId, SourceId, TokenId};
use diesel::prelude::*;

use crate::ground::db::Conn;
use crate::ground::db::dialect::{Raw, raw};
use crate::ground::db::schema::scim_tokens as tokens;
use crate::ground::error::{Code, Error};

/// How exactly it is kept when a token was last used, in microseconds.
pub const MINUTE: Micros = 60_000_000;

/// A row of `scim_tokens`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Which.
    pub id: TokenId,
    /// Of which source.
    pub source: SourceId,
    /// What it is for.
    pub name: String,
    /// SHA-256 of what is handed out.
    pub hash: Vec<u8>,
    /// Whether it may be used to change anything.
    pub write: bool,
    /// Since when.
    pub created_at: Micros,
    /// Who issued it.
    pub created_by: Option<PersonId>,
    /// Until when.
    pub expires_at: Micros,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Micros>,
    /// When it was revoked.
    pub revoked_at: Option<Micros>,
}

type Columns = (Raw, Raw, String, Vec<u8>, bool, i64, Option<Raw>, i64, Option<i64>, Option<i64>);

impl Token {
    fn of(columns: Columns) -> Self {
        let (id, source, name, hash, write, created_at, created_by, expires_at, last_used_at, revoked_at) =
            columns;
        let (id, source, created_by) = (id.id(), source.id(), created_by.map(Raw::id));
        Self { id, source, name, hash, write, created_at, created_by, expires_at, last_used_at, revoked_at }
    }

    /// Whether it opens anything at that time.
    pub fn is_good(&self, now: Micros) -> bool {
        self.revoked_at.is_none() && now < self.expires_at
    }
}

/// The tokens of a source, newest first.
///
/// # Errors
/// When the database cannot be read.
pub fn of_source(conn: &mut Conn, source: SourceId) -> Result<Vec<Token>, Error> {
    let rows: Vec<Columns> = tokens::table
        .filter(tokens::source.eq(raw(source)))
        .order((tokens::created_at.desc(), tokens::id.desc()))
        .load(conn)?;
    Ok(rows.into_iter().map(Token::of).collect())
}

/// One token of a source.
///
/// # Errors
/// `not_found`; when the database cannot be read.
pub fn get(conn: &mut Conn, source: SourceId, id: TokenId) -> Result<Token, Error> {
    let row: Option<Columns> = tokens::table
        .filter(tokens::id.eq(raw(id)))
        .filter(tokens::source.eq(raw(source)))
        .first(conn)
        .optional()?;
    row.map(Token::of).ok_or_else(|| Code::NotFound.into())
}

/// The token with this hash, whether it is still good or not.
///
/// # Errors
/// When the database cannot be read.
pub fn by_hash(conn: &mut Conn, hash: &[u8]) -> Result<Option<Token>, Error> {
    let row: Option<Columns> = tokens::table.filter(tokens::token_hash.eq(hash)).first(conn).optional()?;
    Ok(row.map(Token::of))
}

/// A new token.
///
/// # Errors
/// When the database cannot be written.
pub fn insert(conn: &mut Conn, token: &Token, at: Micros) -> Result<(), Error> {
    diesel::insert_into(tokens::table)
        .values((
            tokens::id.eq(raw(token.id)),
            tokens::source.eq(raw(token.source)),
            tokens::name.eq(&token.name),
            tokens::token_hash.eq(&token.hash),
            tokens::write.eq(token.write),
            tokens::created_at.eq(at),
            tokens::created_by.eq(token.created_by.map(raw)),
            tokens::expires_at.eq(token.expires_at),
        ))
        .execute(conn)?;
    Ok(())
}

/// Revokes a token. False when it was revoked already.
///
/// # Errors
/// When the database cannot be written.
pub fn revoke(conn: &mut Conn, id: TokenId, at: Micros) -> Result<bool, Error> {
    let row = tokens::table.filter(tokens::id.eq(raw(id))).filter(tokens::revoked_at.is_null());
    Ok(diesel::update(row).set(tokens::revoked_at.eq(at)).execute(conn)? == 1)
}

/// A token was used. Not on record: this is written by the way.
///
/// # Errors
/// When the database cannot be written.
pub fn used(conn: &mut Conn, id: TokenId, at: Micros) -> Result<(), Error> {
    let minute = at - at.rem_euclid(MINUTE);
    diesel::update(tokens::table.filter(tokens::id.eq(raw(id))))
        .set(tokens::last_used_at.eq(minute))
        .execute(conn)?;
    Ok(())
}

/// Forgets all tokens of a source that is removed.
///
/// # Errors
/// When the database cannot be written.
pub fn forget_all(conn: &mut Conn, source: SourceId) -> Result<(), Error> {
    diesel::delete(tokens::table.filter(tokens::source.eq(raw(source)))).execute(conn)?;
    Ok(())
}
