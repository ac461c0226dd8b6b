//! `backtests`: runs of a rule over the archive, and how far each has got. No records: what was run, by whom and why is on record.

use std::collections::BTreeMap;

use chancery_protocol::Micros;
use chancery_protocol::ids::{BacktestId, Id, PersonId, RecordId};
use chancery_protocol::review::BacktestState;
use chancery_screening::Rule;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ground::db::Conn;
use crate::ground::db::dialect::{Raw, big, count, raw};
use crate::ground::db::schema::backtests;
use crate::ground::error::Error;
use crate::vault::{Place, Scope, Vault};

/// What is run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Plan {
    /// The rule.
    pub rule: Rule,
    /// The lists that were in force when it began.
    pub lists: BTreeMap<String, Vec<String>>,
    /// Those it is run with in their place, or besides.
    #[serde(default)]
    pub tried: BTreeMap<String, Vec<String>>,
    /// The version in force when it began.
    pub running: Option<(u32, Rule)>,
    /// How far back it looks, in days.
    pub days: u16,
}

/// What was found so far.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Found {
    /// Texts looked at.
    pub texts: u64,
    /// Texts the rule matched.
    pub hits: u64,
    /// Texts the version in force matches.
    pub running: u64,
    /// Records that do not verify.
    pub damaged: u64,
    /// Texts and hits of each day, counted from 1970-01-01.
    pub days: BTreeMap<i64, (u64, u64)>,
    /// How many of the hits rules in force match too.
    pub also: BTreeMap<String, u64>,
    /// A sample of the hits.
    pub samples: Vec<RecordId>,
}

/// A run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Run {
    pub id: BacktestId,
    pub rule: String,
    pub state: BacktestState,
    pub asked_by: PersonId,
    pub asked_at: Micros,
    /// Behind which position it begins, at which it ends, and up to which it has come.
    pub first: u64,
    pub last: u64,
    pub position: u64,
    pub alive_at: Micros,
    pub plan: Plan,
    pub found: Found,
}

type Cols = (Raw, String, i32, Raw, i64, i64, i64, i64, i64, Vec<u8>, Option<Vec<u8>>);

const fn number(state: BacktestState) -> i32 {
    match state {
        BacktestState::Running => 1,
        BacktestState::Done => 2,
        BacktestState::Cancelled => 3,
        BacktestState::Failed => 4,
    }
}

fn state_of(number: i32) -> BacktestState {
    match number {
        1 => BacktestState::Running,
        2 => BacktestState::Done,
        3 => BacktestState::Cancelled,
        _ => BacktestState::Failed,
    }
}

fn place<'a>(column: &'static str, row: &'a [u8]) -> Place<'a> {
    Place { table: "backtests", column, row }
}

fn seal(
    vault: &Vault,
    column: &'static str,
    id: BacktestId,
    value: &impl Serialize,
) -> Result<Vec<u8>, Error> {
    let json = serde_json::to_vec(value).map_err(Error::internal)?;
    vault.seal_value(Scope::System, &place(column, &id.bytes()), &json)
}

fn open<T: for<'a> Deserialize<'a>>(
    vault: &Vault,
    column: &'static str,
    id: BacktestId,
    sealed: &[u8],
) -> Result<T, Error> {
    let damaged = || Error::internal(format!("the back-test {id} does not match its seal"));
    let opened = vault.open_value(&place(column, &id.bytes()), sealed)?.map_err(|_| damaged())?;
    serde_json::from_slice(&opened).map_err(Error::internal)
}

fn run(vault: &Vault, cols: Cols) -> Result<Run, Error> {
    let (id, rule, state, asked_by, asked_at, first, last, position, alive_at, plan, found) = cols;
    let id: BacktestId = id.id();
    let found = found.map(|sealed| open(vault, "found", id, &sealed)).transpose()?.unwrap_or_default();
    Ok(Run {
        id,
        rule,
        state: state_of(state),
        asked_by: asked_by.id(),
        asked_at,
        first: count(first),
        last: count(last),
        position: count(position),
        alive_at,
        plan: open(vault, "plan", id, &plan)?,
        found,
    })
}

/// A new run; another one of the same rule by the same officer ends.
pub(super) fn begin(conn: &mut Conn, vault: &Vault, run: &Run) -> Result<(), Error> {
    let same = backtests::table
        .filter(backtests::rule.eq(&run.rule))
        .filter(backtests::asked_by.eq(raw(run.asked_by)))
        .filter(backtests::state.eq(number(BacktestState::Running)));
    diesel::update(same).set(backtests::state.eq(number(BacktestState::Cancelled))).execute(conn)?;
    diesel::insert_into(backtests::table)
        .values((
            backtests::id.eq(raw(run.id)),
            backtests::rule.eq(&run.rule),
            backtests::state.eq(number(run.state)),
            backtests::asked_by.eq(raw(run.asked_by)),
            backtests::asked_at.eq(run.asked_at),
            backtests::first_position.eq(big(run.first)),
            backtests::last_position.eq(big(run.last)),
            backtests::position.eq(big(run.position)),
            backtests::alive_at.eq(run.alive_at),
            backtests::plan.eq(seal(vault, "plan", run.id, &run.plan)?),
        ))
        .execute(conn)?;
    Ok(())
}

/// One run.
pub(super) fn get(conn: &mut Conn, vault: &Vault, id: BacktestId) -> Result<Run, Error> {
    let cols: Option<Cols> = backtests::table.filter(backtests::id.eq(raw(id))).first(conn).optional()?;
    run(vault, cols.ok_or(Error::not_found())?)
}

/// The newest run of a rule.
pub(super) fn newest(conn: &mut Conn, vault: &Vault, rule: &str) -> Result<Option<Run>, Error> {
    let cols: Option<Cols> = backtests::table
        .filter(backtests::rule.eq(rule))
        .order((backtests::asked_at.desc(), backtests::id.desc()))
        .first(conn)
        .optional()?;
    cols.map(|cols| run(vault, cols)).transpose()
}

/// Takes the oldest run that nobody works on since `silent`, if there is one.
pub(super) fn claim(
    conn: &mut Conn,
    vault: &Vault,
    silent: Micros,
    now: Micros,
) -> Result<Option<Run>, Error> {
    let cols: Option<Cols> = backtests::table
        .filter(backtests::state.eq(number(BacktestState::Running)))
        .filter(backtests::alive_at.lt(silent))
        .order((backtests::asked_at.asc(), backtests::id.asc()))
        .first(conn)
        .optional()?;
    let Some(cols) = cols else { return Ok(None) };
    let found = run(vault, cols)?;
    // Another node may have been quicker.
    let taken = backtests::table
        .filter(backtests::id.eq(raw(found.id)))
        .filter(backtests::alive_at.eq(found.alive_at));
    let taken = diesel::update(taken).set(backtests::alive_at.eq(now)).execute(conn)?;
    Ok((taken == 1).then_some(Run { alive_at: now, ..found }))
}

/// Keeps how far a run has got. False when it is to go no further: it was ended, or another node has it.
pub(super) fn keep(conn: &mut Conn, vault: &Vault, run: &Run, now: Micros) -> Result<bool, Error> {
    let mine = backtests::table
        .filter(backtests::id.eq(raw(run.id)))
        .filter(backtests::state.eq(number(BacktestState::Running)))
        .filter(backtests::alive_at.eq(run.alive_at));
    let set = (
        backtests::state.eq(number(run.state)),
        backtests::position.eq(big(run.position)),
        backtests::alive_at.eq(now),
        backtests::found.eq(seal(vault, "found", run.id, &run.found)?),
    );
    Ok(diesel::update(mine).set(set).execute(conn)? == 1)
}

/// Ends a run.
pub(super) fn end(conn: &mut Conn, id: BacktestId, state: BacktestState) -> Result<(), Error> {
    let running = backtests::table
        .filter(backtests::id.eq(raw(id)))
        .filter(backtests::state.eq(number(BacktestState::Running)));
    diesel::update(running).set(backtests::state.eq(number(state))).execute(conn)?;
    Ok(())
}
