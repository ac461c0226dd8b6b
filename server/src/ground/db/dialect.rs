//! Where the two databases differ, and how values look in both.
//!
//! Ids are 16 bytes (`BLOB`, `BYTEA`), times are microseconds UTC in a `BIGINT`, counts are `BIGINT`.

use chancery_protocol::ids::Id;
use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::Binary;

use super::Conn;

/// An id as it stands in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = Binary)]
pub struct Raw(pub [u8; 16]);

impl Raw {
    /// The typed id.
    pub fn id<I: Id>(self) -> I {
        I::from_bytes(self.0)
    }
}

/// The column form of an id.
pub fn raw(id: impl Id) -> Raw {
    Raw(id.bytes())
}

impl<DB: Backend> ToSql<Binary, DB> for Raw
where
    [u8]: ToSql<Binary, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        <[u8] as ToSql<Binary, DB>>::to_sql(self.0.as_slice(), out)
    }
}

impl<DB: Backend> FromSql<Binary, DB> for Raw
where
    Vec<u8>: FromSql<Binary, DB>,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
        let bytes = <Vec<u8> as FromSql<Binary, DB>>::from_sql(bytes)?;
        let bytes = <[u8; 16]>::try_from(bytes.as_slice()).map_err(|_| "an id of another length than 16")?;
        Ok(Self(bytes))
    }
}

/// A count or position on its way into a `BIGINT`. Counts of records never reach 2^63.
pub fn big(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// A `BIGINT` that counts, on its way out; a negative one can only be damage and reads as 0.
pub fn count(big: i64) -> u64 {
    u64::try_from(big).unwrap_or(0)
}

/// Bytes as a literal in a statement; for ids in long lists of values, never for what people typed.
pub fn literal(conn: &Conn, bytes: &[u8]) -> String {
    let hex = data_encoding::HEXLOWER.encode(bytes);
    match conn {
        Conn::Sqlite(_) => format!("x'{hex}'"),
        Conn::Postgres(_) => format!("'\\x{hex}'::bytea"),
    }
}

/// The names of the functions that pick the smallest and the greatest of their arguments.
pub fn least_and_greatest(conn: &Conn) -> (&'static str, &'static str) {
    match conn {
        Conn::Sqlite(_) => ("min", "max"),
        Conn::Postgres(_) => ("least", "greatest"),
    }
}
