//! Queries over `policy_acceptances`; rows are written in units of the journal only, with the record they name.

use chancery_protocol::Micros;
use chancery_protocol::ids::{PersonId, RecordId};
use diesel::prelude::*;

use crate::ground::db::Conn;
use crate::ground::db::dialect::{Raw, raw};
use crate::ground::db::schema::policy_acceptances as rows;
use crate::ground::error::Error;

/// Rows of one statement: SQLite takes 32,766 values.
const CHUNK: usize = 1_000;

type Newest = (PersonId, (u32, Micros));

fn version_of(column: i32) -> u32 {
    u32::try_from(column).unwrap_or(0)
}

fn column_of(version: u32) -> i32 {
    i32::try_from(version).unwrap_or(i32::MAX)
}

/// The newest version that people accepted, and when they did so last: everybody's, or that of these.
///
/// # Errors
/// When the database cannot be read.
pub fn newest(conn: &mut Conn, people: Option<&[PersonId]>) -> Result<Vec<Newest>, Error> {
    let columns = (rows::person, rows::version, rows::at);
    // A later row of a person replaces an earlier one where they are gathered.
    let order = (rows::person, rows::version);
    let mut found: Vec<(Raw, i32, i64)> = Vec::new();
    match people {
        None => found = rows::table.order(order).select(columns).load(conn)?,
        Some(people) => {
            for chunk in people.chunks(CHUNK) {
                let ids: Vec<Raw> = chunk.iter().copied().map(raw).collect();
                let of_these = rows::table.filter(rows::person.eq_any(ids));
                found.extend(of_these.order(order).select(columns).load::<(Raw, i32, i64)>(conn)?);
            }
        }
    }
    Ok(found.into_iter().map(|(person, version, at)| (person.id(), (version_of(version), at))).collect())
}

/// Everybody who accepted a version, and when they did so last.
///
/// # Errors
/// When the database cannot be read.
pub fn of_version(conn: &mut Conn, version: u32) -> Result<Vec<(PersonId, Micros)>, Error> {
    let found: Vec<(Raw, i64)> = rows::table
        .filter(rows::version.eq(column_of(version)))
        .select((rows::person, rows::at))
        .load(conn)?;
    Ok(found.into_iter().map(|(person, at)| (person.id(), at)).collect())
}

/// Notes that a person accepted a version, maybe again; inside a unit.
///
/// # Errors
/// When it cannot be written.
pub fn accepted(
    conn: &mut Conn,
    person: PersonId,
    version: u32,
    at: Micros,
    record: RecordId,
) -> Result<(), Error> {
    let values = (rows::at.eq(at), rows::record.eq(raw(record)));
    let row = rows::table.filter(rows::person.eq(raw(person))).filter(rows::version.eq(column_of(version)));
    if diesel::update(row).set(values).execute(conn)? == 0 {
        let key = (rows::person.eq(raw(person)), rows::version.eq(column_of(version)));
        diesel::insert_into(rows::table).values((key, values)).execute(conn)?;
    }
    Ok(())
}
