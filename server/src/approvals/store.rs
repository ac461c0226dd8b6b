//! Queries over requests. They are written in units of the journal only; what was asked for, why, and the words of a refusal
//! are sealed.

use chancery_protocol::Micros;
use chancery_protocol::approvals::{ApprovalQuery, RequestState};
use chancery_protocol::ids::{Id, PersonId, RequestId};
use diesel::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Request, Sort};
use crate::ground::db::Conn;
use crate::ground::db::dialect::{Raw, count, raw};
use crate::ground::db::schema::requests;
use crate::ground::error::{Code, Error};
use crate::vault::{Place, Scope, Vault};

impl Sort {
    const fn column(self) -> i32 {
        match self {
            Self::Policy => 1,
            Self::Identity => 2,
        }
    }
}

/// A row of `requests`.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = requests)]
struct Row {
    id: Raw,
    state: i32,
    content: Vec<u8>,
    reason: Vec<u8>,
    asked_by: Raw,
    asked_at: i64,
    lapses_at: i64,
    decided_by: Option<Raw>,
    decided_at: Option<i64>,
    answer: Option<Vec<u8>>,
}

/// What is to be written of a new request, sealed before its unit begins.
#[derive(Debug, Clone)]
pub(super) struct New {
    pub id: RequestId,
    pub sort: Sort,
    pub content: Vec<u8>,
    pub reason: Vec<u8>,
    pub asked_by: PersonId,
    pub lapses_at: Micros,
}

/// How a request ends.
#[derive(Debug, Clone)]
pub(super) struct Decision {
    pub id: RequestId,
    pub state: RequestState,
    /// Absent when time was up.
    pub by: Option<PersonId>,
    pub answer: Option<Vec<u8>>,
}

const fn number(state: RequestState) -> i32 {
    match state {
        RequestState::Waiting => 1,
        RequestState::Agreed => 2,
        RequestState::Refused => 3,
        RequestState::Withdrawn => 4,
        RequestState::Lapsed => 5,
    }
}

fn state_of(number: i32) -> Result<RequestState, Error> {
    use RequestState::{Agreed, Lapsed, Refused, Waiting, Withdrawn};
    let found = [Waiting, Agreed, Refused, Withdrawn, Lapsed]
        .into_iter()
        .find(|state| self::number(*state) == number);
    found.ok_or_else(|| Error::internal(format!("there is no state {number} of requests")))
}

fn place<'a>(column: &'static str, id: &'a [u8; 16]) -> Place<'a> {
    Place { table: "requests", column, row: id }
}

/// Seals what stands in a column.
pub(super) fn seal(
    vault: &Vault,
    column: &'static str,
    id: RequestId,
    value: &impl Serialize,
) -> Result<Vec<u8>, Error> {
    let bytes = serde_json::to_vec(value).map_err(Error::internal)?;
    vault.seal_value(Scope::System, &place(column, &id.bytes()), &bytes)
}

fn open<T: DeserializeOwned>(
    vault: &Vault,
    column: &'static str,
    id: RequestId,
    sealed: &[u8],
) -> Result<T, Error> {
    let bytes = vault
        .open_value(&place(column, &id.bytes()), sealed)?
        .map_err(|_| Error::internal(format!("the request {id} does not match its seal")))?;
    serde_json::from_slice(&bytes)
        .map_err(|e| Error::internal(format!("the request {id} cannot be read: {e}")))
}

fn request(vault: &Vault, row: Row) -> Result<Request, Error> {
    let id: RequestId = row.id.id();
    let words = row.answer.map(|sealed| open(vault, "answer", id, &sealed)).transpose()?;
    Ok(Request {
        id,
        asked: open(vault, "content", id, &row.content)?,
        reason: open(vault, "reason", id, &row.reason)?,
        asked_by: row.asked_by.id(),
        asked_at: row.asked_at,
        lapses_at: row.lapses_at,
        state: state_of(row.state)?,
        decided_by: row.decided_by.map(Raw::id),
        decided_at: row.decided_at,
        words,
    })
}

/// One request.
///
/// # Errors
/// `not_found`; when database or key store cannot be read, or the row is damaged.
pub fn get(conn: &mut Conn, vault: &Vault, id: RequestId) -> Result<Request, Error> {
    let row = requests::table.filter(requests::id.eq(raw(id))).select(Row::as_select());
    let row: Option<Row> = row.first(conn).optional()?;
    request(vault, row.ok_or(Code::NotFound)?)
}

/// The newest requests that are wanted, of these sorts.
///
/// # Errors
/// As [`get`], but for `not_found`.
pub fn list(
    conn: &mut Conn,
    vault: &Vault,
    query: &ApprovalQuery,
    sorts: &[Sort],
    now: Micros,
    limit: i64,
) -> Result<Vec<Request>, Error> {
    let (first, last) = query.state.map_or((i32::MIN, i32::MAX), |state| (number(state), number(state)));
    let waiting = number(RequestState::Waiting);
    let newest = RequestId::from_bytes([u8::MAX; 16]);
    // What has lapsed is listed as lapsed, whether or not its record is written yet.
    let wants_lapsed = matches!(query.state, None | Some(RequestState::Lapsed));
    let lapsed_at = if wants_lapsed { now } else { Micros::MIN };
    let lapsed = requests::state.eq(waiting).and(requests::lapses_at.le(lapsed_at));
    let running = requests::state.ne(waiting).or(requests::lapses_at.gt(now));
    let sorts = sorts.iter().map(|sort| sort.column());
    let rows: Vec<Row> = requests::table
        .filter(requests::act.eq_any(sorts.collect::<Vec<_>>()))
        .filter(requests::id.lt(raw(query.before.unwrap_or(newest))))
        .filter(requests::state.between(first, last).and(running).or(lapsed))
        .order(requests::id.desc())
        .limit(limit)
        .select(Row::as_select())
        .load(conn)?;
    rows.into_iter().map(|row| request(vault, row)).collect()
}

/// Every request of a sort that somebody may still agree to, newest first.
///
/// # Errors
/// As [`list`].
pub fn waiting(conn: &mut Conn, vault: &Vault, sort: Sort, now: Micros) -> Result<Vec<Request>, Error> {
    let query = ApprovalQuery { state: Some(RequestState::Waiting), before: None };
    list(conn, vault, &query, &[sort], now, i64::MAX)
}

/// How many requests of a sort and of others than this person wait.
///
/// # Errors
/// When the database cannot be read.
pub fn waiting_for(conn: &mut Conn, sort: Sort, person: PersonId, now: Micros) -> Result<u64, Error> {
    let waiting: i64 = requests::table
        .filter(requests::act.eq(sort.column()))
        .filter(requests::state.eq(number(RequestState::Waiting)))
        .filter(requests::lapses_at.gt(now))
        .filter(requests::asked_by.ne(raw(person)))
        .count()
        .get_result(conn)?;
    Ok(count(waiting))
}

/// The requests whose time is up and of which no record says so.
///
/// # Errors
/// As [`list`].
pub fn overdue(conn: &mut Conn, vault: &Vault, now: Micros) -> Result<Vec<Request>, Error> {
    let rows: Vec<Row> = requests::table
        .filter(requests::state.eq(number(RequestState::Waiting)))
        .filter(requests::lapses_at.le(now))
        .select(Row::as_select())
        .load(conn)?;
    rows.into_iter().map(|row| request(vault, row)).collect()
}

/// A new request; inside a unit.
pub(super) fn insert(conn: &mut Conn, new: &New, at: Micros) -> Result<(), Error> {
    diesel::insert_into(requests::table)
        .values((
            requests::id.eq(raw(new.id)),
            requests::act.eq(new.sort.column()),
            requests::state.eq(number(RequestState::Waiting)),
            requests::content.eq(&new.content),
            requests::reason.eq(&new.reason),
            requests::asked_by.eq(raw(new.asked_by)),
            requests::asked_at.eq(at),
            requests::lapses_at.eq(new.lapses_at),
        ))
        .execute(conn)?;
    Ok(())
}

/// Ends a request; inside a unit, so under the head lock.
///
/// # Errors
/// `not_found`, `already_decided`; `own_request`, `asked_by_another`; `unchanged` for one whose time is not up; when it cannot be
/// written.
pub(super) fn decide(conn: &mut Conn, decision: &Decision, at: Micros) -> Result<(), Error> {
    let row = requests::table.filter(requests::id.eq(raw(decision.id)));
    let found: Option<(i32, Raw, i64)> =
        row.select((requests::state, requests::asked_by, requests::lapses_at)).first(conn).optional()?;
    let (state, asked_by, lapses_at) = found.ok_or(Code::NotFound)?;
    let asker = decision.by == Some(asked_by.id());
    let (refused, in_time) = match decision.state {
        RequestState::Agreed | RequestState::Refused => (asker.then_some(Code::OwnRequest), lapses_at > at),
        RequestState::Withdrawn => ((!asker).then_some(Code::AskedByAnother), lapses_at > at),
        RequestState::Lapsed => ((lapses_at > at).then_some(Code::Unchanged), true),
        RequestState::Waiting => (Some(Code::Unchanged), true),
    };
    if let Some(code) = refused {
        return Err(code.into());
    }
    if state != number(RequestState::Waiting) || !in_time {
        return Err(Code::AlreadyDecided.into());
    }
    diesel::update(row)
        .set((
            requests::state.eq(number(decision.state)),
            requests::decided_by.eq(decision.by.map(raw)),
            requests::decided_at.eq(Some(at)),
            requests::answer.eq(&decision.answer),
        ))
        .execute(conn)?;
    Ok(())
}
