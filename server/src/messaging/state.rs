//! `messages`: the current state of every message, changed in the same unit as the record that changes it.

use chancery_protocol::Micros;
use chancery_protocol::conversation::{Acknowledgement, REACTIONS, ReactionCount};
use chancery_protocol::ids::{ConversationId, Id, PersonId, RecordId};
use diesel::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::conversations::Membership;
use crate::ground::db::Conn;
use crate::ground::db::dialect::{Raw, big, count, raw};
use crate::ground::db::schema::{conversations, journal, messages, payloads};
use crate::ground::error::{Code, Error};
use crate::journal::{HEADER, HeaderCols, PAYLOAD, PayloadCols, Placed};
use crate::vault::{Place, Scope, Vault};

/// How long a deletion can be taken back.
const RESTORE_WITHIN: Micros = 30_000_000;

/// How long before its time a message may have got its id.
const WRITTEN_WITHIN: Micros = 600_000_000;

/// How many messages were written since a moment. Ids sort by time, so only those are looked at.
///
/// # Errors
/// When the database cannot be read.
pub fn count_since(conn: &mut Conn, since: Micros) -> Result<u64, Error> {
    let millis = u64::try_from((since - WRITTEN_WITHIN) / 1_000).unwrap_or(0);
    let first = Raw(uuid::Builder::from_unix_timestamp_millis(millis, &[0; 10]).into_uuid().into_bytes());
    let found: i64 = messages::table
        .filter(messages::id.ge(first))
        .filter(messages::at.ge(since))
        .count()
        .get_result(conn)?;
    Ok(count(found))
}

/// What happens to a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    Edit,
    Delete,
    Restore,
    React { reaction: &'static str, on: bool },
    Acknowledge,
}

/// A row of the current state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    pub id: RecordId,
    pub conversation: ConversationId,
    pub seq: u64,
    pub ordinal: u64,
    pub author: PersonId,
    pub at: Micros,
    pub current_record: RecordId,
    pub edited_at: Option<Micros>,
    pub deleted_at: Option<Micros>,
    pub revision: u64,
    pub reply_to: Option<RecordId>,
    pub thread_root: Option<RecordId>,
    /// Sealed.
    pub reactions: Option<Vec<u8>>,
    /// Whether it asks everybody else to acknowledge it.
    pub urgent: bool,
    /// Who did; sealed.
    pub acknowledged: Option<Vec<u8>>,
}

pub(super) type Cols = (
    Raw,
    Raw,
    i64,
    i64,
    Raw,
    i64,
    Raw,
    Option<i64>,
    Option<i64>,
    i64,
    Option<Raw>,
    Option<Raw>,
    Option<Vec<u8>>,
    bool,
    Option<Vec<u8>>,
);

impl From<Cols> for Row {
    fn from(cols: Cols) -> Self {
        Self {
            id: cols.0.id(),
            conversation: cols.1.id(),
            seq: count(cols.2),
            ordinal: count(cols.3),
            author: cols.4.id(),
            at: cols.5,
            current_record: cols.6.id(),
            edited_at: cols.7,
            deleted_at: cols.8,
            revision: count(cols.9),
            reply_to: cols.10.map(Raw::id),
            thread_root: cols.11.map(Raw::id),
            reactions: cols.12,
            urgent: cols.13,
            acknowledged: cols.14,
        }
    }
}

/// A row and what is stored of the record of its present text.
pub(super) type WithText = (Cols, Option<HeaderCols>, Option<PayloadCols>);

/// The query for [`WithText`], still without a filter.
macro_rules! with_text {
    () => {
        messages::table
            .left_join(journal::table.on(journal::record.eq(messages::current_record)))
            .left_join(payloads::table.on(payloads::record.eq(messages::current_record)))
            .select((messages::all_columns, HEADER.nullable(), PAYLOAD.nullable()))
    };
}

/// The newest messages of a conversation with `lowest <= seq <= highest`, at most `limit`, newest first.
pub(super) fn page(
    conn: &mut Conn,
    conversation: ConversationId,
    (lowest, highest): (u64, u64),
    limit: i64,
) -> Result<Vec<WithText>, Error> {
    Ok(with_text!()
        .filter(messages::conversation.eq(raw(conversation)))
        .filter(messages::seq.le(big(highest)))
        .filter(messages::seq.ge(big(lowest)))
        .order(messages::seq.desc())
        .limit(limit)
        .load(conn)?)
}

/// The newest message of each of these conversations, in no order.
pub(super) fn newest(conn: &mut Conn, ids: &[ConversationId]) -> Result<Vec<WithText>, Error> {
    let mut rows = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(1_000) {
        let keys: Vec<Raw> = chunk.iter().copied().map(raw).collect();
        let last = conversations::id
            .eq(messages::conversation)
            .and(conversations::last_ordinal.eq(messages::ordinal));
        let query = with_text!().inner_join(conversations::table.on(last));
        rows.extend(query.filter(messages::conversation.eq_any(keys)).load::<WithText>(conn)?);
    }
    Ok(rows)
}

/// These messages with their texts, in no order.
pub(super) fn with_text(conn: &mut Conn, ids: &[RecordId]) -> Result<Vec<WithText>, Error> {
    let mut rows = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(1_000) {
        let keys: Vec<Raw> = chunk.iter().copied().map(raw).collect();
        rows.extend(with_text!().filter(messages::id.eq_any(keys)).load::<WithText>(conn)?);
    }
    Ok(rows)
}

/// These messages, in no order.
pub(super) fn by_id(conn: &mut Conn, ids: &[RecordId]) -> Result<Vec<Row>, Error> {
    let mut rows = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(1_000) {
        let keys: Vec<Raw> = chunk.iter().copied().map(raw).collect();
        let found: Vec<Cols> =
            messages::table.filter(messages::id.eq_any(keys)).select(messages::all_columns).load(conn)?;
        rows.extend(found.into_iter().map(Row::from));
    }
    Ok(rows)
}

/// The message this record wrote, or whose present text it is.
pub(super) fn by_record(conn: &mut Conn, record: RecordId) -> Result<Option<Row>, Error> {
    let found: Option<Cols> = messages::table
        .filter(messages::id.eq(raw(record)).or(messages::current_record.eq(raw(record))))
        .select(messages::all_columns)
        .first(conn)
        .optional()?;
    Ok(found.map(Row::from))
}

/// The ids of a conversation's messages at `seq` and up to `limit` before and after it, ascending.
pub(super) fn around(
    conn: &mut Conn,
    conversation: ConversationId,
    seq: u64,
    limit: u16,
) -> Result<Vec<RecordId>, Error> {
    let here = || messages::table.filter(messages::conversation.eq(raw(conversation))).select(messages::id);
    let mut before: Vec<Raw> = here()
        .filter(messages::seq.lt(big(seq)))
        .order(messages::seq.desc())
        .limit(i64::from(limit))
        .load(conn)?;
    before.reverse();
    let from: Vec<Raw> = here()
        .filter(messages::seq.ge(big(seq)))
        .order(messages::seq.asc())
        .limit(i64::from(limit) + 1)
        .load(conn)?;
    Ok(before.into_iter().chain(from).map(Raw::id).collect())
}

/// The ids of a conversation's newest messages that are not newer than `at`, oldest first, at most `limit`.
pub(super) fn until(
    conn: &mut Conn,
    conversation: ConversationId,
    at: Micros,
    limit: i64,
) -> Result<Vec<RecordId>, Error> {
    let mut found: Vec<Raw> = messages::table
        .filter(messages::conversation.eq(raw(conversation)))
        .filter(messages::at.le(at))
        .order(messages::seq.desc())
        .limit(limit)
        .select(messages::id)
        .load(conn)?;
    found.reverse();
    Ok(found.into_iter().map(Raw::id).collect())
}

/// Whether these are all messages of the conversation.
pub(super) fn all_in(conn: &mut Conn, conversation: ConversationId, ids: &[RecordId]) -> Result<(), Error> {
    for id in ids {
        let of: Option<Raw> = messages::table
            .filter(messages::id.eq(raw(*id)))
            .select(messages::conversation)
            .first(conn)
            .optional()?;
        if of != Some(raw(conversation)) {
            return Err(Code::MessageNotFound.into());
        }
    }
    Ok(())
}

/// A message that may be changed so, by whoever asks, or why not.
pub(super) fn may(
    conn: &mut Conn,
    (conversation, message): (ConversationId, RecordId),
    (actor, stay): (PersonId, Membership),
    change: Change,
) -> Result<Row, Error> {
    let row =
        by_id(conn, &[message])?.pop().filter(|row| row.conversation == conversation && stay.sees(row.seq));
    let Some(row) = row else { return Err(Code::MessageNotFound.into()) };
    match change {
        Change::React { .. } => {}
        Change::Acknowledge if row.author == actor => return Err(Code::OwnMessage.into()),
        Change::Acknowledge if !row.urgent => return Err(Code::NotUrgent.into()),
        Change::Acknowledge => {}
        Change::Edit | Change::Delete | Change::Restore if row.author != actor => {
            return Err(Code::NotAuthor.into());
        }
        Change::Edit | Change::Delete | Change::Restore => {}
    }
    match (change, row.deleted_at) {
        (Change::Restore, None) => Err(Code::NotDeleted.into()),
        (Change::Edit | Change::Delete | Change::React { .. } | Change::Acknowledge, Some(_)) => {
            Err(Code::AlreadyDeleted.into())
        }
        _ => Ok(row),
    }
}

/// Changes a message's row, or says why it may not be changed.
pub(super) fn apply(
    conn: &mut Conn,
    vault: &Vault,
    (conversation, message): (ConversationId, RecordId),
    who: (PersonId, Membership),
    place: &Placed,
    change: Change,
) -> Result<(), Error> {
    let row = may(conn, (conversation, message), who, change)?;
    if change == Change::Restore && row.deleted_at.is_some_and(|at| place.at - at > RESTORE_WITHIN) {
        return Err(Code::RestoreTooLate.into());
    }
    let actor = who.0;
    let target = diesel::update(messages::table.filter(messages::id.eq(raw(message))));
    let revision = messages::revision.eq(big(place.seq.unwrap_or(row.revision)));
    match change {
        Change::Edit => target
            .set((revision, messages::current_record.eq(raw(place.record)), messages::edited_at.eq(place.at)))
            .execute(conn)?,
        Change::Delete => target.set((revision, messages::deleted_at.eq(place.at))).execute(conn)?,
        Change::Restore => target.set((revision, messages::deleted_at.eq(None::<i64>))).execute(conn)?,
        Change::React { reaction, on } => {
            let mut reactions = open_reactions(vault, message, row.reactions.as_deref())?;
            if !react(&mut reactions, actor, reaction, on) {
                return Err(Code::Unchanged.into());
            }
            let sealed = seal_reactions(vault, conversation, message, &reactions)?;
            target.set((revision, messages::reactions.eq(sealed))).execute(conn)?
        }
        Change::Acknowledge => {
            let mut acknowledged = open_acknowledged(vault, message, row.acknowledged.as_deref())?;
            if !acknowledge(&mut acknowledged, Acknowledgement { person: actor, at: place.at }) {
                return Err(Code::Unchanged.into());
            }
            let sealed = seal_acknowledged(vault, conversation, message, &acknowledged)?;
            target.set((revision, messages::acknowledged.eq(sealed))).execute(conn)?
        }
    };
    Ok(())
}

/// Puts a reaction on or takes it off; false when it was so already.
pub(super) fn react(reactions: &mut Vec<ReactionCount>, person: PersonId, reaction: &str, on: bool) -> bool {
    let found = reactions.iter_mut().find(|count| count.reaction == reaction);
    match (found, on) {
        (Some(count), true) if count.people.contains(&person) => false,
        (Some(count), true) => {
            count.people.push(person);
            true
        }
        (None, true) => {
            reactions.push(ReactionCount { reaction: reaction.to_owned(), people: vec![person] });
            reactions.sort_by_key(|count| REACTIONS.iter().position(|known| *known == count.reaction));
            true
        }
        (Some(count), false) => {
            let before = count.people.len();
            count.people.retain(|other| *other != person);
            let changed = count.people.len() != before;
            reactions.retain(|count| !count.people.is_empty());
            changed
        }
        (None, false) => false,
    }
}

/// Puts an acknowledgement behind the others; false when this person has acknowledged before.
pub(super) fn acknowledge(acknowledged: &mut Vec<Acknowledgement>, new: Acknowledgement) -> bool {
    let first = acknowledged.iter().all(|known| known.person != new.person);
    if first {
        acknowledged.push(new);
    }
    first
}

fn place<'a>(column: &'static str, row: &'a [u8]) -> Place<'a> {
    Place { table: "messages", column, row }
}

/// The reactions of a row. A summary that does not open reads as none: it is rebuilt from the journal.
pub(super) fn open_reactions(
    vault: &Vault,
    message: RecordId,
    sealed: Option<&[u8]>,
) -> Result<Vec<ReactionCount>, Error> {
    open(vault, "reactions", message, sealed)
}

pub(super) fn seal_reactions(
    vault: &Vault,
    conversation: ConversationId,
    message: RecordId,
    reactions: &[ReactionCount],
) -> Result<Option<Vec<u8>>, Error> {
    seal(vault, "reactions", (conversation, message), reactions)
}

/// Who acknowledged the message of a row, as [`open_reactions`].
pub(super) fn open_acknowledged(
    vault: &Vault,
    message: RecordId,
    sealed: Option<&[u8]>,
) -> Result<Vec<Acknowledgement>, Error> {
    open(vault, "acknowledged", message, sealed)
}

pub(super) fn seal_acknowledged(
    vault: &Vault,
    conversation: ConversationId,
    message: RecordId,
    acknowledged: &[Acknowledgement],
) -> Result<Option<Vec<u8>>, Error> {
    seal(vault, "acknowledged", (conversation, message), acknowledged)
}

fn open<T: DeserializeOwned>(
    vault: &Vault,
    column: &'static str,
    message: RecordId,
    sealed: Option<&[u8]>,
) -> Result<Vec<T>, Error> {
    let Some(sealed) = sealed else { return Ok(Vec::new()) };
    let opened = vault.open_value(&place(column, &message.bytes()), sealed)?;
    let summary = opened.ok().and_then(|json| serde_json::from_slice(&json).ok());
    if summary.is_none() {
        tracing::error!(%message, column, "a summary does not open; run `chancery archive rebuild`");
    }
    Ok(summary.unwrap_or_default())
}

fn seal<T: Serialize>(
    vault: &Vault,
    column: &'static str,
    (conversation, message): (ConversationId, RecordId),
    summary: &[T],
) -> Result<Option<Vec<u8>>, Error> {
    if summary.is_empty() {
        return Ok(None);
    }
    let json =
        serde_json::to_vec(summary).map_err(|e| Error::internal(format!("{column} are no JSON: {e}")))?;
    let scope = Scope::Conversation(conversation);
    vault.seal_value(scope, &place(column, &message.bytes()), &json).map(Some)
}
