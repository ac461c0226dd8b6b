//! Queries over `mails`.

use std::collections::{HashMap, HashSet};

use chancery_protocol::Micros;
use chancery_protocol::ids::{ConversationId, Id, LinkId, MailId, PersonId};
use chancery_protocol::mail::{MailCount, MailKind, MailReason, MailState};
use diesel::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{
    Fate, KEPT, Late, Mail, NewMail, OF_USE, first_id, kind_of, number_of_kind, number_of_state, state_of,
};
use crate::ground::db::Conn;
use crate::ground::db::dialect::{Raw, count, raw};
use crate::ground::db::schema::mails;
use crate::ground::error::Error;
use crate::vault::{Place, Scope, Vault};

/// Rows of one statement.
const CHUNK: usize = 500;

type Cols = (
    Raw,
    i32,
    Raw,
    Option<Raw>,
    i64,
    i32,
    i64,
    i64,
    i32,
    Option<i64>,
    Option<i64>,
    Option<Raw>,
    Option<Vec<u8>>,
    Option<Vec<u8>>,
    Option<String>,
);

fn place<'a>(column: &'static str, row: &'a [u8]) -> Place<'a> {
    Place { table: "mails", column, row }
}

fn seal(
    vault: &Vault,
    column: &'static str,
    id: MailId,
    value: Option<&impl Serialize>,
) -> Result<Option<Vec<u8>>, Error> {
    let Some(value) = value else { return Ok(None) };
    let json = serde_json::to_vec(value).map_err(Error::internal)?;
    vault.seal_value(Scope::System, &place(column, &id.bytes()), &json).map(Some)
}

/// What does not open is as if there were nothing, and says so in the log: the other mails go on.
fn open<T: DeserializeOwned>(
    vault: &Vault,
    column: &'static str,
    id: MailId,
    sealed: Option<Vec<u8>>,
) -> Result<Option<T>, Error> {
    let Some(sealed) = sealed else { return Ok(None) };
    let opened = vault.open_value(&place(column, &id.bytes()), &sealed)?.ok();
    let value = opened.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    if value.is_none() {
        tracing::error!(mail = %id, column, "a mail of the outbox does not match its seal");
    }
    Ok(value)
}

fn mail(vault: &Vault, cols: Cols) -> Result<Mail, Error> {
    let id: MailId = cols.0.id();
    Ok(Mail {
        id,
        kind: kind_of(cols.1),
        person: cols.2.id(),
        conversation: cols.3.map(Raw::id),
        at: cols.4,
        state: state_of(cols.5),
        due_at: cols.6,
        expires_at: cols.7,
        attempts: u32::try_from(cols.8).unwrap_or(0),
        tried_at: cols.9,
        sent_at: cols.10,
        link: cols.11.map(Raw::id),
        content: open(vault, "content", id, cols.12)?,
        reason: open(vault, "reason", id, cols.13)?,
        address: cols.14,
    })
}

/// Puts mails into the outbox.
///
/// # Errors
/// When database or key store cannot be used.
pub fn put(conn: &mut Conn, vault: &Vault, new: &[NewMail]) -> Result<(), Error> {
    for chunk in new.chunks(CHUNK) {
        let mut rows = Vec::with_capacity(chunk.len());
        for mail in chunk {
            rows.push((
                mails::id.eq(raw(mail.id)),
                mails::kind.eq(number_of_kind(mail.kind)),
                mails::person.eq(raw(mail.person)),
                mails::conversation.eq(mail.conversation.map(raw)),
                mails::at.eq(mail.at),
                mails::state.eq(number_of_state(MailState::Waiting)),
                mails::due_at.eq(mail.at),
                mails::expires_at.eq(mail.expires_at),
                mails::attempts.eq(0),
                mails::link.eq(mail.link.map(raw)),
                mails::content.eq(seal(vault, "content", mail.id, mail.content.as_ref())?),
            ));
        }
        match conn {
            Conn::Sqlite(conn) => diesel::insert_into(mails::table).values(&rows).execute(conn)?,
            Conn::Postgres(conn) => diesel::insert_into(mails::table).values(&rows).execute(conn)?,
        };
    }
    Ok(())
}

/// Whether any mail's turn has come.
///
/// # Errors
/// When the database cannot be read.
pub fn any_due(conn: &mut Conn, now: Micros) -> Result<bool, Error> {
    let open = [MailState::Waiting, MailState::Leaving].map(number_of_state);
    let due = mails::table.filter(mails::state.eq_any(open)).filter(mails::due_at.le(now));
    Ok(diesel::select(diesel::dsl::exists(due)).get_result(conn)?)
}

/// Keeps where a mail that was taken up until `lease` goes. False when another node has it by now.
///
/// # Errors
/// When the database cannot be written.
pub fn goes_to(conn: &mut Conn, id: MailId, lease: Micros, address: &str) -> Result<bool, Error> {
    let ours = mails::table
        .filter(mails::id.eq(raw(id)))
        .filter(mails::state.eq(number_of_state(MailState::Leaving)))
        .filter(mails::due_at.eq(lease));
    Ok(diesel::update(ours).set(mails::address.eq(address)).execute(conn)? == 1)
}

/// The links that mails to somebody carry, or carried.
///
/// # Errors
/// When the database cannot be read.
pub fn links_to(conn: &mut Conn, person: PersonId) -> Result<Vec<LinkId>, Error> {
    let rows: Vec<Option<Raw>> = mails::table
        .filter(mails::person.eq(raw(person)))
        .filter(mails::link.is_not_null())
        .select(mails::link)
        .load(conn)?;
    Ok(rows.into_iter().flatten().map(Raw::id).collect())
}

/// Takes up mails whose turn has come, at most `limit`, those that wait longest first; until `lease` nobody else does. What another
/// node took up and did not end in time is among them.
///
/// # Errors
/// When database or key store cannot be used.
pub fn take_up(
    conn: &mut Conn,
    vault: &Vault,
    now: Micros,
    lease: Micros,
    limit: i64,
) -> Result<Vec<Mail>, Error> {
    let open = [MailState::Waiting, MailState::Leaving].map(number_of_state);
    let due: Vec<Cols> = mails::table
        .filter(mails::state.eq_any(open))
        .filter(mails::due_at.le(now))
        .order((mails::due_at, mails::id))
        .limit(limit)
        .select(mails::all_columns)
        .load(conn)?;
    let mut taken = Vec::with_capacity(due.len());
    for cols in due {
        let before = mails::table
            .filter(mails::id.eq(cols.0))
            .filter(mails::state.eq(cols.5))
            .filter(mails::due_at.eq(cols.6));
        let changed = diesel::update(before)
            .set((
                mails::state.eq(number_of_state(MailState::Leaving)),
                mails::due_at.eq(lease),
                mails::attempts.eq(mails::attempts + 1),
                mails::tried_at.eq(now),
            ))
            .execute(conn)?;
        if changed == 1 {
            let mut mail = mail(vault, cols)?;
            mail.attempts += 1;
            mail.tried_at = Some(now);
            mail.due_at = lease;
            taken.push(mail);
        }
    }
    Ok(taken)
}

/// What became of a mail that was taken up until `lease`. False when another node has it by now: then nothing is kept.
///
/// # Errors
/// When database or key store cannot be used.
pub fn settle(
    conn: &mut Conn,
    vault: &Vault,
    id: MailId,
    lease: Micros,
    now: Micros,
    fate: &Fate,
) -> Result<bool, Error> {
    let ours = mails::table
        .filter(mails::id.eq(raw(id)))
        .filter(mails::state.eq(number_of_state(MailState::Leaving)))
        .filter(mails::due_at.eq(lease));
    let seal = |reason: Option<&MailReason>| seal(vault, "reason", id, reason);
    let changed = match fate {
        Fate::Sent => diesel::update(ours)
            .set((
                mails::state.eq(number_of_state(MailState::Sent)),
                mails::sent_at.eq(now),
                mails::reason.eq(None::<Vec<u8>>),
                mails::content.eq(None::<Vec<u8>>),
            ))
            .execute(conn)?,
        Fate::Later(due, reason) | Fate::NotItsFault(due, reason) => {
            let less = i32::from(matches!(fate, Fate::NotItsFault(..)));
            diesel::update(ours)
                .set((
                    mails::state.eq(number_of_state(MailState::Waiting)),
                    mails::due_at.eq(*due),
                    mails::attempts.eq(mails::attempts - less),
                    mails::reason.eq(seal(Some(reason))?),
                ))
                .execute(conn)?
        }
        Fate::Held(until, reason) => diesel::update(ours)
            .set((
                mails::state.eq(number_of_state(MailState::Waiting)),
                mails::due_at.eq(*until),
                mails::expires_at.eq(until + OF_USE),
                mails::attempts.eq(mails::attempts - 1),
                mails::reason.eq(seal(Some(reason))?),
            ))
            .execute(conn)?,
        Fate::Over(state, reason) => diesel::update(ours)
            .set((
                mails::state.eq(number_of_state(*state)),
                mails::reason.eq(seal(reason.as_ref())?),
                mails::content.eq(None::<Vec<u8>>),
            ))
            .execute(conn)?,
    };
    Ok(changed == 1)
}

/// Gives a mail back that was taken up until `lease` and not begun with.
///
/// # Errors
/// When the database cannot be written.
pub fn take_back(conn: &mut Conn, id: MailId, lease: Micros, now: Micros) -> Result<(), Error> {
    let ours = mails::table
        .filter(mails::id.eq(raw(id)))
        .filter(mails::state.eq(number_of_state(MailState::Leaving)))
        .filter(mails::due_at.eq(lease));
    diesel::update(ours)
        .set((
            mails::state.eq(number_of_state(MailState::Waiting)),
            mails::due_at.eq(now),
            mails::attempts.eq(mails::attempts - 1),
        ))
        .execute(conn)?;
    Ok(())
}

/// What was being handed over when the only node ended is taken up again at once.
///
/// # Errors
/// When the database cannot be written.
pub fn take_back_all(conn: &mut Conn, now: Micros) -> Result<usize, Error> {
    let left = mails::table.filter(mails::state.eq(number_of_state(MailState::Leaving)));
    Ok(diesel::update(left).set(mails::due_at.eq(now)).execute(conn)?)
}

/// Has a mail tried again at once that waits. False when there is none such.
///
/// # Errors
/// When the database cannot be written.
pub fn try_at_once(conn: &mut Conn, id: MailId, now: Micros) -> Result<bool, Error> {
    let waiting = mails::table
        .filter(mails::id.eq(raw(id)))
        .filter(mails::state.eq(number_of_state(MailState::Waiting)))
        .filter(mails::expires_at.gt(now));
    Ok(diesel::update(waiting).set(mails::due_at.eq(now)).execute(conn)? == 1)
}

/// Ends mails that are of no use any more.
///
/// # Errors
/// When the database cannot be written.
pub fn expire(conn: &mut Conn, now: Micros) -> Result<usize, Error> {
    let over = mails::table
        .filter(mails::state.eq(number_of_state(MailState::Waiting)))
        .filter(mails::expires_at.le(now));
    Ok(diesel::update(over)
        .set((mails::state.eq(number_of_state(MailState::Expired)), mails::content.eq(None::<Vec<u8>>)))
        .execute(conn)?)
}

/// Forgets what has been done with for long.
///
/// # Errors
/// When the database cannot be written.
pub fn sweep(conn: &mut Conn, now: Micros) -> Result<(), Error> {
    let open = [MailState::Waiting, MailState::Leaving].map(number_of_state);
    // By their ids, which are ordered by time and have an index.
    let old = mails::table.filter(mails::id.lt(raw(first_id(now - KEPT)))).filter(mails::state.ne_all(open));
    diesel::delete(old).execute(conn)?;
    Ok(())
}

/// Those of these people and conversations about which a mail is still to leave.
///
/// # Errors
/// When the database cannot be read.
pub fn has_open(
    conn: &mut Conn,
    people: &[PersonId],
) -> Result<HashSet<(PersonId, MailKind, Option<ConversationId>)>, Error> {
    let open = [MailState::Waiting, MailState::Leaving].map(number_of_state);
    let mut found = HashSet::new();
    for chunk in people.chunks(CHUNK) {
        let ids: Vec<Raw> = chunk.iter().copied().map(raw).collect();
        let rows: Vec<(Raw, i32, Option<Raw>)> = mails::table
            .filter(mails::person.eq_any(ids))
            .filter(mails::state.eq_any(open))
            .select((mails::person, mails::kind, mails::conversation))
            .load(conn)?;
        found
            .extend(rows.into_iter().map(|(person, kind, at)| (person.id(), kind_of(kind), at.map(Raw::id))));
    }
    Ok(found)
}

/// How mails fare, in short.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fared {
    /// How.
    pub state: MailState,
    /// When the mail server took it.
    pub sent_at: Option<Micros>,
    /// Why it stands so.
    pub reason: Option<MailReason>,
}

type FaredCols = (Raw, i32, Option<i64>, Option<Vec<u8>>);

/// How these mails fare.
///
/// # Errors
/// When database or key store cannot be read.
pub fn states_of(conn: &mut Conn, vault: &Vault, ids: &[MailId]) -> Result<HashMap<MailId, Fared>, Error> {
    let mut found = HashMap::new();
    for chunk in ids.chunks(CHUNK) {
        let keys: Vec<Raw> = chunk.iter().copied().map(raw).collect();
        let rows: Vec<FaredCols> = mails::table
            .filter(mails::id.eq_any(keys))
            .select((mails::id, mails::state, mails::sent_at, mails::reason))
            .load(conn)?;
        for (id, state, sent_at, reason) in rows {
            let id: MailId = id.id();
            let reason = open(vault, "reason", id, reason)?;
            found.insert(id, Fared { state: state_of(state), sent_at, reason });
        }
    }
    Ok(found)
}

/// Mails older than `before`, newest first.
///
/// # Errors
/// When database or key store cannot be read.
pub fn page(
    conn: &mut Conn,
    vault: &Vault,
    state: Option<MailState>,
    person: Option<PersonId>,
    before: Option<MailId>,
    limit: i64,
) -> Result<Vec<Mail>, Error> {
    let mut query = mails::table.select(mails::all_columns).order(mails::id.desc()).limit(limit).into_boxed();
    if let Some(state) = state {
        query = query.filter(mails::state.eq(number_of_state(state)));
    }
    if let Some(person) = person {
        query = query.filter(mails::person.eq(raw(person)));
    }
    if let Some(before) = before {
        query = query.filter(mails::id.lt(raw(before)));
    }
    query.load::<Cols>(conn)?.into_iter().map(|cols| mail(vault, cols)).collect()
}

/// How many mails are in each state; states without any are left out.
///
/// # Errors
/// When the database cannot be read.
pub fn counts(conn: &mut Conn) -> Result<Vec<MailCount>, Error> {
    let rows: Vec<(i32, i64)> =
        mails::table.group_by(mails::state).select((mails::state, diesel::dsl::count_star())).load(conn)?;
    let mut counts: Vec<MailCount> = rows
        .into_iter()
        .map(|(state, number)| MailCount { state: state_of(state), count: count(number) })
        .collect();
    counts.sort_by_key(|one| one.state);
    Ok(counts)
}

/// How the outbox stands.
///
/// # Errors
/// When the database cannot be read.
pub fn late(conn: &mut Conn, now: Micros) -> Result<Late, Error> {
    let open = [MailState::Waiting, MailState::Leaving].map(number_of_state);
    let waiting: i64 = mails::table.filter(mails::state.eq_any(open)).count().first(conn)?;
    // What waits for the end of quiet hours is not late.
    let late = mails::table
        .filter(mails::state.eq_any(open))
        .filter(mails::due_at.le(now).or(mails::attempts.gt(0)));
    let oldest: Option<i64> = late.select(diesel::dsl::min(mails::at)).first(conn)?;
    let taken_since = match oldest {
        Some(oldest) => {
            let taken = mails::table.filter(mails::sent_at.ge(oldest));
            diesel::select(diesel::dsl::exists(taken)).get_result(conn)?
        }
        None => false,
    };
    Ok(Late { waiting: count(waiting), oldest, taken_since })
}
