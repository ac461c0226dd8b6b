//! Runs of reading a source in the background: which there are, where they are, what they did. No records: a run has one when it
//! did something, and what it did to whom has records of its own.

use chancery_protocol::Micros;
use chancery_protocol::ids::{Id, PersonId, SourceId, SyncId};
use chancery_protocol::sources::{SyncCounts, SyncFailure, SyncState};
use diesel::prelude::*;
use diesel::result::DatabaseErrorKind;
use diesel::result::Error::DatabaseError;
use serde::{Deserialize, Serialize};

use crate::ground::db::Conn;
use crate::ground::db::dialect::{Raw, raw};
use crate::ground::db::schema::{sources, syncs};
use crate::ground::error::{Code, Error};
use crate::vault::Place;

/// A run that says nothing for so long, in microseconds, has ended with its server.
pub const SILENT: Micros = 120_000_000;

/// A row of `syncs`, without the report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Which.
    pub id: SyncId,
    /// Of which source.
    pub source: SourceId,
    /// Whether it only looks.
    pub dry: bool,
    /// Where it is.
    pub state: SyncState,
    /// Who asked for it; nobody when it was time.
    pub asked_by: Option<PersonId>,
    /// Since when.
    pub started_at: Micros,
    /// When it last said so.
    pub alive_at: Micros,
    /// Until when.
    pub ended_at: Option<Micros>,
    /// What it did so far.
    pub summary: Summary,
}

/// What a run did, in numbers: no names.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Summary {
    /// What it did.
    pub counts: SyncCounts,
    /// How many people it may suspend without asking.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
    /// How many memberships it may end without asking.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group_limit: Option<u64>,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<SyncFailure>,
}

impl Summary {
    fn text(&self) -> Result<String, Error> {
        serde_json::to_string(self).map_err(Error::internal)
    }
}

type Columns = (Raw, Raw, bool, i32, Option<Raw>, i64, i64, Option<i64>, String);

fn number(state: SyncState) -> i32 {
    match state {
        SyncState::Running => 1,
        SyncState::Done => 2,
        SyncState::Waiting => 3,
        SyncState::Failed => 4,
        SyncState::Interrupted => 5,
    }
}

fn state(number: i32) -> SyncState {
    match number {
        1 => SyncState::Running,
        2 => SyncState::Done,
        3 => SyncState::Waiting,
        4 => SyncState::Failed,
        _ => SyncState::Interrupted,
    }
}

fn run((id, source, dry, number, asked_by, started_at, alive_at, ended_at, summary): Columns) -> Run {
    // Only ever written by this file; a summary that cannot be read is an empty one.
    let summary = serde_json::from_str(&summary).unwrap_or_default();
    let (asked_by, source) = (asked_by.map(Raw::id), source.id());
    Run { id: id.id(), source, dry, state: state(number), asked_by, started_at, alive_at, ended_at, summary }
}

macro_rules! columns {
    () => {
        (
            syncs::id,
            syncs::source,
            syncs::dry,
            syncs::state,
            syncs::asked_by,
            syncs::started_at,
            syncs::alive_at,
            syncs::ended_at,
            syncs::summary,
        )
    };
}

/// Where the report of a run stands.
pub fn report_place(id: &[u8; 16]) -> Place<'_> {
    Place { table: "syncs", column: "report", row: id }
}

/// Begins a run, unless one is under way on whatever node. One that fell silent counts as interrupted.
///
/// # Errors
/// `sync_running`; when the database cannot be written.
pub fn begin(
    conn: &mut Conn,
    (id, source): (SyncId, SourceId),
    dry: bool,
    by: Option<PersonId>,
    now: Micros,
) -> Result<(), Error> {
    let silent = syncs::table
        .filter(syncs::source.eq(raw(source)))
        .filter(syncs::ended_at.is_null())
        .filter(syncs::alive_at.lt(now - SILENT));
    let interrupted = (syncs::state.eq(number(SyncState::Interrupted)), syncs::ended_at.eq(now));
    diesel::update(silent).set(interrupted).execute(conn)?;
    let row = (
        syncs::id.eq(raw(id)),
        syncs::source.eq(raw(source)),
        syncs::dry.eq(dry),
        syncs::state.eq(number(SyncState::Running)),
        syncs::asked_by.eq(by.map(raw)),
        syncs::started_at.eq(now),
        syncs::alive_at.eq(now),
        syncs::summary.eq("{\"counts\":{}}"),
    );
    match diesel::insert_into(syncs::table).values(row).execute(conn) {
        Err(DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => Err(Code::SyncRunning.into()),
        other => Ok(other.map(drop)?),
    }
}

/// Runs that were under way when the only server ended are interrupted.
///
/// # Errors
/// When the database cannot be written.
pub fn interrupt_all(conn: &mut Conn, now: Micros) -> Result<(), Error> {
    let interrupted = (syncs::state.eq(number(SyncState::Interrupted)), syncs::ended_at.eq(now));
    diesel::update(syncs::table.filter(syncs::ended_at.is_null())).set(interrupted).execute(conn)?;
    Ok(())
}

/// Says that a run goes on, and how far it is. False when it was taken for silent: it must stop.
///
/// # Errors
/// When the database cannot be written.
pub fn alive(conn: &mut Conn, id: SyncId, summary: &Summary, now: Micros) -> Result<bool, Error> {
    let row = syncs::table.filter(syncs::id.eq(raw(id))).filter(syncs::ended_at.is_null());
    let set = (syncs::alive_at.eq(now), syncs::summary.eq(summary.text()?));
    Ok(diesel::update(row).set(set).execute(conn)? == 1)
}

/// Ends a run.
///
/// # Errors
/// When the database cannot be written.
pub fn end(
    conn: &mut Conn,
    id: SyncId,
    state: SyncState,
    summary: &Summary,
    report: &[u8],
    now: Micros,
) -> Result<(), Error> {
    let row = syncs::table.filter(syncs::id.eq(raw(id))).filter(syncs::ended_at.is_null());
    let set = (
        syncs::state.eq(number(state)),
        syncs::alive_at.eq(now),
        syncs::ended_at.eq(now),
        syncs::summary.eq(summary.text()?),
        syncs::report.eq(report),
    );
    diesel::update(row).set(set).execute(conn)?;
    Ok(())
}

/// Forgets runs that began before a moment, except the newest that came to its end and changed things.
///
/// # Errors
/// When the database cannot be written.
pub fn forget(conn: &mut Conn, source: SourceId, before: Micros) -> Result<(), Error> {
    let kept = last_done(conn, source)?.map_or([0; 16], |run| run.id.bytes());
    let old = syncs::table
        .filter(syncs::source.eq(raw(source)))
        .filter(syncs::started_at.lt(before))
        .filter(syncs::id.ne(Raw(kept)));
    diesel::delete(old).execute(conn)?;
    Ok(())
}

/// Forgets all runs of a source that is removed.
///
/// # Errors
/// When the database cannot be written.
pub fn forget_all(conn: &mut Conn, source: SourceId) -> Result<(), Error> {
    diesel::delete(syncs::table.filter(syncs::source.eq(raw(source)))).execute(conn)?;
    Ok(())
}

/// The newest runs of a source, newest first.
///
/// # Errors
/// When the database cannot be read.
pub fn newest(conn: &mut Conn, source: SourceId, most: u32) -> Result<Vec<Run>, Error> {
    let rows: Vec<Columns> = syncs::table
        .filter(syncs::source.eq(raw(source)))
        .order((syncs::started_at.desc(), syncs::id.desc()))
        .limit(most.into())
        .select(columns!())
        .load(conn)?;
    Ok(rows.into_iter().map(run).collect())
}

/// The newest run of a source that was no dry run.
///
/// # Errors
/// When the database cannot be read.
pub fn newest_real(conn: &mut Conn, source: SourceId) -> Result<Option<Run>, Error> {
    let row: Option<Columns> = syncs::table
        .filter(syncs::source.eq(raw(source)))
        .filter(syncs::dry.eq(false))
        .order((syncs::started_at.desc(), syncs::id.desc()))
        .select(columns!())
        .first(conn)
        .optional()?;
    Ok(row.map(run))
}

/// Of every source people come in by that was ever read: its name, and how the last run that was no dry run ended. One under way
/// counts by the one before.
///
/// # Errors
/// When the database cannot be read.
pub fn last_runs(conn: &mut Conn) -> Result<Vec<(String, SyncState)>, Error> {
    let open: Vec<(Raw, String)> = sources::table
        .filter(sources::enabled)
        .order(sources::place)
        .select((sources::id, sources::name))
        .load(conn)?;
    let mut found = Vec::new();
    for (source, name) in open {
        let last: Option<i32> = syncs::table
            .filter(syncs::source.eq(source))
            .filter(syncs::dry.eq(false))
            .filter(syncs::ended_at.is_not_null())
            .order((syncs::started_at.desc(), syncs::id.desc()))
            .select(syncs::state)
            .first(conn)
            .optional()?;
        found.extend(last.map(|last| (name, state(last))));
    }
    Ok(found)
}

/// The newest run of a source that was no dry run and came to its end.
///
/// # Errors
/// When the database cannot be read.
pub fn last_done(conn: &mut Conn, source: SourceId) -> Result<Option<Run>, Error> {
    let row: Option<Columns> = syncs::table
        .filter(syncs::source.eq(raw(source)))
        .filter(syncs::dry.eq(false))
        .filter(syncs::state.eq(number(SyncState::Done)))
        .order((syncs::started_at.desc(), syncs::id.desc()))
        .select(columns!())
        .first(conn)
        .optional()?;
    Ok(row.map(run))
}

/// One run, and its sealed report once it has ended.
///
/// # Errors
/// `not_found`; when the database cannot be read.
pub fn get(conn: &mut Conn, id: SyncId) -> Result<(Run, Option<Vec<u8>>), Error> {
    let row: Option<(Columns, Option<Vec<u8>>)> = syncs::table
        .filter(syncs::id.eq(raw(id)))
        .select((columns!(), syncs::report))
        .first(conn)
        .optional()?;
    let (columns, report) = row.ok_or(Code::NotFound)?;
    Ok((run(columns), report))
}
