//! Records of people's streams and of the system's: what was done, as opposed to what was said.

use chancery_ledger::{Header, Kind, Stream};
use chancery_protocol::Micros;
use diesel::prelude::*;

use super::store::stream_bytes;
use crate::ground::db::Conn;
use crate::ground::db::dialect::{big, count};
use crate::ground::db::schema::journal;
use crate::ground::error::Error;

/// Which records are looked at.
#[derive(Debug, Clone, Copy)]
pub struct Range<'a> {
    /// Newer than this position.
    pub after: u64,
    /// Older than this position.
    pub before: u64,
    /// Of these kinds; of all when empty.
    pub kinds: &'a [Kind],
}

/// Headers of a range, newest first, at most `limit`; `None` for one that does not decode.
///
/// # Errors
/// When the database cannot be read.
pub fn system_headers(
    conn: &mut Conn,
    range: Range<'_>,
    limit: i64,
) -> Result<Vec<(u64, Option<Header>)>, Error> {
    let numbers = range.kinds.iter().map(|kind| i32::from(kind.number()));
    let mut query = journal::table
        .filter(journal::seq.is_null())
        .filter(journal::position.gt(big(range.after)))
        .filter(journal::position.lt(big(range.before)))
        .order(journal::position.desc())
        .select((journal::position, journal::header))
        .limit(limit)
        .into_boxed();
    if !range.kinds.is_empty() {
        query = query.filter(journal::kind.eq_any(numbers));
    }
    let rows: Vec<(i64, Vec<u8>)> = query.load(conn)?;
    Ok(rows.into_iter().map(|(position, header)| (count(position), Header::decode(&header).ok())).collect())
}

/// The header of the newest record of these kinds in a person's or the system's stream before a position.
///
/// # Errors
/// When the database cannot be read.
pub fn system_header_before(
    conn: &mut Conn,
    stream: Stream,
    kinds: &[Kind],
    before: u64,
) -> Result<Option<Header>, Error> {
    let numbers = kinds.iter().map(|kind| i32::from(kind.number()));
    let found: Option<Vec<u8>> = journal::table
        .filter(journal::seq.is_null())
        .filter(journal::stream.eq(stream_bytes(stream)))
        .filter(journal::position.lt(big(before)))
        .filter(journal::kind.eq_any(numbers))
        .order(journal::position.desc())
        .select(journal::header)
        .first(conn)
        .optional()?;
    Ok(found.and_then(|bytes| Header::decode(&bytes).ok()))
}

/// The position of the first record that is not older than `at`; behind the newest when all are. Time does not run back
/// in the journal, so it is found by halving.
///
/// # Errors
/// When the database cannot be read.
pub fn first_not_before(conn: &mut Conn, at: Micros, newest: u64) -> Result<u64, Error> {
    let (mut low, mut high) = (1, newest + 1);
    while low < high {
        let middle = low + (high - low) / 2;
        let found: Option<Vec<u8>> = journal::table
            .filter(journal::position.eq(big(middle)))
            .select(journal::header)
            .first(conn)
            .optional()?;
        let time = found.and_then(|bytes| Header::decode(&bytes).ok()).map(|header| header.at);
        // One that does not decode says nothing; its neighbours decide.
        if time.is_none_or(|time| time < at) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    Ok(low)
}
