//! What is asked of the databases: how they are, never what they hold.

use chancery_protocol::Micros;
use chancery_protocol::sources::SyncState;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Text};

use crate::access::emergency_last_used;
use crate::directory::store::{Guests, Standing, guests, standings};
use crate::directory::syncs::last_runs;
use crate::ground::db::{Conn, Rights, Target, rights};
use crate::ground::error::Error;
use crate::outbox::{self, Late};

/// The time by PostgreSQL's clock; SQLite has none of its own.
pub(super) fn time(conn: &mut Conn) -> Result<Option<Micros>, Error> {
    #[derive(QueryableByName)]
    struct Time {
        #[diesel(sql_type = BigInt)]
        at: i64,
    }
    if let Conn::Sqlite(_) = conn {
        return Ok(None);
    }
    let asked = "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS at";
    Ok(Some(diesel::sql_query(asked).get_result::<Time>(conn)?.at))
}

/// Bytes the database takes, indexes and write-ahead log of an embedded one included.
pub(super) fn size(conn: &mut Conn, target: &Target) -> Result<u64, Error> {
    #[derive(QueryableByName)]
    struct Size {
        #[diesel(sql_type = BigInt)]
        bytes: i64,
    }
    match target {
        Target::Sqlite(path) => {
            let mut log = path.clone().into_os_string();
            log.push("-wal");
            let length = |path: &std::path::Path| std::fs::metadata(path).map_or(0, |file| file.len());
            Ok(length(path) + length(log.as_ref()))
        }
        Target::Postgres(_) => {
            let asked = "SELECT pg_database_size(current_database()) AS bytes";
            let bytes = diesel::sql_query(asked).get_result::<Size>(conn)?.bytes;
            Ok(u64::try_from(bytes).unwrap_or_default())
        }
    }
}

/// Whether commits wait for the disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Durability {
    /// SQLite's `synchronous`: 2 is FULL.
    Sqlite(i32),
    /// What PostgreSQL says of itself and of this connection.
    Postgres(Rights),
}

/// A PostgreSQL database, told apart from others: when its server was started, and its name.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub(super) struct Place {
    #[diesel(sql_type = Text)]
    pub server: String,
    #[diesel(sql_type = Text)]
    pub database: String,
}

/// Where a PostgreSQL database is; `None` for a file.
pub(super) fn place(conn: &mut Conn) -> Result<Option<Place>, Error> {
    if let Conn::Sqlite(_) = conn {
        return Ok(None);
    }
    let asked = "SELECT pg_postmaster_start_time()::text AS server, current_database()::text AS database";
    Ok(Some(diesel::sql_query(asked).get_result(conn)?))
}

/// So long before their end guests are spoken of.
const GUESTS_SOON: Micros = 7 * 86_400_000_000;

/// What the database says about how it is kept and who there is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Said {
    pub durability: Durability,
    pub place: Option<Place>,
    pub standings: Vec<Standing>,
    /// Of each directory that people come in by: its name, and how it was last read.
    pub directories: Vec<(String, SyncState)>,
    /// When an account for emergencies was last used.
    pub emergency_used: Option<Micros>,
    /// How guests stand.
    pub guests: Guests,
    /// How mails stand that are to leave.
    pub mails: Late,
}

/// Asks all of [`Said`].
pub(super) fn said(conn: &mut Conn, now: Micros) -> Result<Said, Error> {
    #[derive(QueryableByName)]
    struct Synchronous {
        #[diesel(sql_type = Integer)]
        synchronous: i32,
    }
    let durability = match conn {
        Conn::Sqlite(_) => {
            let set: Synchronous = diesel::sql_query("PRAGMA synchronous").get_result(conn)?;
            Durability::Sqlite(set.synchronous)
        }
        Conn::Postgres(_) => Durability::Postgres(rights(conn)?),
    };
    Ok(Said {
        durability,
        place: place(conn)?,
        standings: standings(conn)?,
        directories: last_runs(conn)?,
        emergency_used: emergency_last_used(conn)?,
        guests: guests(conn, now + GUESTS_SOON)?,
        mails: outbox::late(conn, now)?,
    })
}
