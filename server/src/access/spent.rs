//! What may be used once: states of sign-ins, logout tokens, tickets. No records: see `ground::db`.

use chancery_protocol::Micros;
use diesel::prelude::*;
use diesel::result::DatabaseErrorKind;
use diesel::result::Error::DatabaseError;
use sha2::{Digest, Sha256};

use super::Access;
use crate::ground::db::Conn;
use crate::ground::db::schema::spent;
use crate::ground::error::{Code, Error};

impl Access {
    /// Uses something up. False when it was used before, on whatever node.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(super) fn spend(&self, what: &[&str], until: Micros) -> Result<bool, Error> {
        let hash = hash_of(what);
        let written = self.0.journal.db().write_here(|conn| {
            let row = (spent::hash.eq(&hash), spent::expires_at.eq(until));
            match diesel::insert_into(spent::table).values(row).execute(conn) {
                Err(DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => Err(Code::Outdated.into()),
                other => Ok(other.map(drop)?),
            }
        });
        match written {
            Ok(()) => Ok(true),
            Err(e) if e.code == Code::Outdated => Ok(false),
            Err(e) => Err(e),
        }
    }
}

/// Whether something was used up.
pub(super) fn is_spent(conn: &mut Conn, what: &[&str]) -> Result<bool, Error> {
    let row = spent::table.filter(spent::hash.eq(hash_of(what)));
    let found: Option<i64> = row.select(spent::expires_at).first(conn).optional()?;
    Ok(found.is_some())
}

fn hash_of(what: &[&str]) -> Vec<u8> {
    let mut hash = Sha256::new();
    for part in what {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize().to_vec()
}

/// Forgets what would be refused as too old anyway.
pub(super) fn forget(conn: &mut Conn, now: Micros) -> Result<(), Error> {
    diesel::delete(spent::table.filter(spent::expires_at.lt(now))).execute(conn)?;
    Ok(())
}
