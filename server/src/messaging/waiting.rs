//! `waiting`: texts that wait for an officer, and what became of them. The texts themselves are on record only.

use chancery_protocol::Micros;
use chancery_protocol::ids::{ConversationId, PersonId, RecordId};
use diesel::prelude::*;

use crate::ground::db::Conn;
use crate::ground::db::dialect::{self, Raw, raw};
use crate::ground::db::schema::waiting;
use crate::ground::error::{Code, Error};
use crate::journal::Placed;

/// How many texts of one author may wait at a time.
pub const MAX_WAITING: i64 = 50;

/// How many of their own texts an author is shown in a conversation.
pub const SHOWN: i64 = 100;

/// How a text stands, in the column `state`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// An officer has yet to decide.
    Waiting,
    /// Delivered.
    Released,
    /// Not delivered.
    Refused,
    /// Taken back by its author.
    Withdrawn,
}

impl Standing {
    const fn number(self) -> i32 {
        match self {
            Self::Waiting => 1,
            Self::Released => 2,
            Self::Refused => 3,
            Self::Withdrawn => 4,
        }
    }

    fn of(number: i32) -> Self {
        match number {
            1 => Self::Waiting,
            2 => Self::Released,
            3 => Self::Refused,
            _ => Self::Withdrawn,
        }
    }
}

/// A row of texts that wait, or no longer do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// The record of the text.
    pub attempt: RecordId,
    /// Since when it waits.
    pub at: Micros,
    /// How it stands.
    pub standing: Standing,
    /// The record of the decision.
    pub decision: Option<RecordId>,
    /// When it was decided.
    pub decided_at: Option<Micros>,
}

type Cols = (Raw, i64, i32, Option<Raw>, Option<i64>);

impl From<Cols> for Row {
    fn from((attempt, at, state, decision, decided_at): Cols) -> Self {
        let standing = Standing::of(state);
        Self { attempt: attempt.id(), at, standing, decision: decision.map(Raw::id), decided_at }
    }
}

const COLS: (waiting::attempt, waiting::at, waiting::state, waiting::decision, waiting::decided_at) =
    (waiting::attempt, waiting::at, waiting::state, waiting::decision, waiting::decided_at);

/// Texts that stand so, oldest first, from behind `after` on, which is the last row before.
///
/// # Errors
/// When the database cannot be read.
pub fn rows(
    conn: &mut Conn,
    standing: Standing,
    after: Option<(Micros, RecordId)>,
    limit: i64,
) -> Result<Vec<Row>, Error> {
    let mut query = waiting::table
        .filter(waiting::state.eq(standing.number()))
        .order((waiting::at.asc(), waiting::attempt.asc()))
        .select(COLS)
        .limit(limit)
        .into_boxed();
    if let Some((at, attempt)) = after {
        let later = waiting::at.gt(at);
        query = query.filter(later.or(waiting::at.eq(at).and(waiting::attempt.gt(raw(attempt)))));
    }
    Ok(query.load::<Cols>(conn)?.into_iter().map(Row::from).collect())
}

/// How many texts wait.
///
/// # Errors
/// When the database cannot be read.
pub fn count(conn: &mut Conn) -> Result<u64, Error> {
    let found: i64 =
        waiting::table.filter(waiting::state.eq(Standing::Waiting.number())).count().get_result(conn)?;
    Ok(dialect::count(found))
}

pub(super) fn row(conn: &mut Conn, attempt: RecordId) -> Result<Option<(Row, PersonId)>, Error> {
    let found: Option<(Cols, Raw)> = waiting::table
        .filter(waiting::attempt.eq(raw(attempt)))
        .select((COLS, waiting::author))
        .first(conn)
        .optional()?;
    Ok(found.map(|(cols, author)| (cols.into(), author.id())))
}

/// Ends the waiting of a text, if it waits.
pub(super) fn decide(
    conn: &mut Conn,
    attempt: RecordId,
    to: Standing,
    (decision, at): (RecordId, Micros),
) -> Result<(), Error> {
    let waits = waiting::table
        .filter(waiting::attempt.eq(raw(attempt)))
        .filter(waiting::state.eq(Standing::Waiting.number()));
    let set =
        (waiting::state.eq(to.number()), waiting::decision.eq(raw(decision)), waiting::decided_at.eq(at));
    match diesel::update(waits).set(set).execute(conn)? {
        0 => Err(Code::AlreadyDecided.into()),
        _ => Ok(()),
    }
}

/// A text waits from now on.
///
/// # Errors
/// `too_many_waiting`; storage errors.
pub(super) fn insert(
    conn: &mut Conn,
    place: &Placed,
    author: PersonId,
    conversation: ConversationId,
) -> Result<(), Error> {
    let waits: i64 = waiting::table
        .filter(waiting::author.eq(raw(author)))
        .filter(waiting::state.eq(Standing::Waiting.number()))
        .count()
        .get_result(conn)?;
    if waits >= MAX_WAITING {
        return Err(Code::TooManyWaiting.into());
    }
    diesel::insert_into(waiting::table)
        .values((
            waiting::attempt.eq(raw(place.record)),
            waiting::author.eq(raw(author)),
            waiting::conversation.eq(raw(conversation)),
            waiting::at.eq(place.at),
            waiting::state.eq(Standing::Waiting.number()),
            waiting::put_away.eq(false),
        ))
        .execute(conn)?;
    Ok(())
}

/// An author's texts in a conversation that wait, or were refused and not put away, oldest first: the newest [`SHOWN`].
pub(super) fn own(
    conn: &mut Conn,
    author: PersonId,
    conversation: ConversationId,
) -> Result<Vec<Row>, Error> {
    let open = [Standing::Waiting.number(), Standing::Refused.number()];
    let mut rows: Vec<Cols> = waiting::table
        .filter(waiting::author.eq(raw(author)))
        .filter(waiting::conversation.eq(raw(conversation)))
        .filter(waiting::state.eq_any(open))
        .filter(waiting::put_away.eq(false))
        .order((waiting::at.desc(), waiting::attempt.desc()))
        .limit(SHOWN)
        .select(COLS)
        .load(conn)?;
    rows.reverse();
    Ok(rows.into_iter().map(Row::from).collect())
}

/// The author has seen a refusal.
pub(super) fn put_away(conn: &mut Conn, attempt: RecordId) -> Result<(), Error> {
    diesel::update(waiting::table.filter(waiting::attempt.eq(raw(attempt))))
        .set(waiting::put_away.eq(true))
        .execute(conn)?;
    Ok(())
}

/// How a text stands, if it ever waited.
///
/// # Errors
/// When the database cannot be read.
pub fn standing(conn: &mut Conn, attempt: RecordId) -> Result<Option<Row>, Error> {
    Ok(row(conn, attempt)?.map(|(row, _)| row))
}
