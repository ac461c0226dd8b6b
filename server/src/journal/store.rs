//! The SQL of a commit. Batch inserts have one arm per database; everything else is written once.

use std::collections::HashMap;

use chancery_ledger::Stream;
use chancery_protocol::Micros;
use chancery_protocol::ids::{ClientId, ConversationId, Id, PersonId, RecordId};
use data_encoding::HEXLOWER;
use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::{Array, Binary, Text};

use crate::ground::db::Conn;
use crate::ground::db::dialect::{Raw, big, count, literal, raw};
use crate::ground::db::schema::{conversations, journal, journal_head, messages, payloads, sent};
use crate::ground::error::Error;

/// `journal_head`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Newest position; 0 when empty.
    pub position: u64,
    /// Position of the newest record that changes who may do what.
    pub control_position: u64,
    /// Time of the newest record.
    pub last_at: i64,
}

type HeadRow = (i64, i64, i64);

fn head_of((position, control_position, last_at): HeadRow) -> Head {
    Head { position: count(position), control_position: count(control_position), last_at }
}

/// Takes the head lock: the first statement of every transaction that writes records.
///
/// # Errors
/// When the database cannot be written.
pub fn lock_head(conn: &mut Conn) -> Result<Head, Error> {
    let row: HeadRow = diesel::update(journal_head::table.filter(journal_head::id.eq(1)))
        .set(journal_head::position.eq(journal_head::position))
        .returning((journal_head::position, journal_head::control_position, journal_head::last_at))
        .get_result(conn)?;
    Ok(head_of(row))
}

diesel::define_sql_function! {
    /// PostgreSQL's number of the process that serves this connection.
    fn pg_backend_pid() -> Integer;
}

/// Makes a PostgreSQL connection look everything up by key, as a commit does in tables that grow: the planner knows their
/// size only from time to time, and a plan made while a table was small would read all of it for every batch. Returns
/// the number of the process that serves it; 0 on SQLite.
///
/// # Errors
/// When the line is broken.
pub(super) fn prepare_writer(conn: &mut Conn) -> Result<i32, Error> {
    let Conn::Postgres(conn) = conn else { return Ok(0) };
    conn.batch_execute("SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off;")?;
    Ok(diesel::select(pg_backend_pid()).get_result(conn)?)
}

/// The head as it is now, without the lock.
///
/// # Errors
/// When the database cannot be read.
pub fn head(conn: &mut Conn) -> Result<Head, Error> {
    let row: HeadRow = journal_head::table
        .select((journal_head::position, journal_head::control_position, journal_head::last_at))
        .first(conn)?;
    Ok(head_of(row))
}

pub(super) fn move_head(conn: &mut Conn, head: Head) -> Result<(), Error> {
    diesel::update(journal_head::table.filter(journal_head::id.eq(1)))
        .set((
            journal_head::position.eq(big(head.position)),
            journal_head::control_position.eq(big(head.control_position)),
            journal_head::last_at.eq(head.last_at),
        ))
        .execute(conn)?;
    Ok(())
}

/// A stream as it stands in a column: tag and id.
pub fn stream_bytes(stream: Stream) -> Vec<u8> {
    match stream {
        Stream::Conversation(id) => [&[1], id.as_slice()].concat(),
        Stream::Person(id) => [&[2], id.as_slice()].concat(),
        Stream::System => vec![3],
    }
}

/// Which of these records are in the journal.
pub(super) fn present(conn: &mut Conn, records: &[RecordId]) -> Result<bool, Error> {
    let Some(first) = records.first() else { return Ok(false) };
    // A batch is in the journal as a whole or not at all.
    let found: Option<i64> = journal::table
        .filter(journal::record.eq(raw(*first)))
        .select(journal::position)
        .first(conn)
        .optional()?;
    Ok(found.is_some())
}

/// A row of `sent`, as far as it answers a command that comes again.
#[derive(QueryableByName)]
struct Repeated {
    #[diesel(sql_type = Binary)]
    author: Raw,
    #[diesel(sql_type = Binary)]
    client_id: Raw,
    #[diesel(sql_type = Binary)]
    record: Raw,
}

/// The first results of commands that were committed before, by author and client id.
///
/// Pair by pair: with a list of authors and one of client ids, both databases look up every combination.
pub(super) fn repeated(
    conn: &mut Conn,
    commands: &[(PersonId, ClientId)],
) -> Result<HashMap<(PersonId, ClientId), RecordId>, Error> {
    let both = |(author, client): &(PersonId, ClientId)| [author.bytes(), client.bytes()].concat();
    let rows: Vec<Repeated> = match conn {
        Conn::Sqlite(conn) => {
            let asked: Vec<String> = commands.iter().map(|command| HEXLOWER.encode(&both(command))).collect();
            diesel::sql_query(
                "SELECT s.author, s.client_id, s.record FROM json_each(?) AS asked CROSS JOIN sent AS s \
                 WHERE s.author = substr(unhex(asked.value), 1, 16) \
                 AND s.client_id = substr(unhex(asked.value), 17)",
            )
            .bind::<Text, _>(serde_json::to_string(&asked).map_err(Error::internal)?)
            .load(conn)?
        }
        Conn::Postgres(conn) => {
            let (authors, clients): (Vec<Raw>, Vec<Raw>) =
                commands.iter().map(|(author, client)| (raw(*author), raw(*client))).unzip();
            diesel::sql_query(
                "SELECT s.author, s.client_id, s.record FROM unnest($1, $2) AS asked (author, client_id) \
                 CROSS JOIN sent AS s WHERE s.author = asked.author AND s.client_id = asked.client_id",
            )
            .bind::<Array<Binary>, _>(authors)
            .bind::<Array<Binary>, _>(clients)
            .load(conn)?
        }
    };
    Ok(rows.into_iter().map(|row| ((row.author.id(), row.client_id.id()), row.record.id())).collect())
}

/// Header bytes of records, by record.
pub(super) fn headers(conn: &mut Conn, records: &[RecordId]) -> Result<HashMap<RecordId, Vec<u8>>, Error> {
    if records.is_empty() {
        return Ok(HashMap::new());
    }
    let ids: Vec<Raw> = records.iter().copied().map(raw).collect();
    let rows: Vec<(Raw, Vec<u8>)> = journal::table
        .filter(journal::record.eq_any(ids))
        .select((journal::record, journal::header))
        .load(conn)?;
    Ok(rows.into_iter().map(|(record, header)| (record.id(), header)).collect())
}

/// Newest seq and ordinal of conversations.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Counters {
    pub seq: u64,
    pub ordinal: u64,
}

pub(super) fn counters(
    conn: &mut Conn,
    ids: &[ConversationId],
) -> Result<HashMap<ConversationId, Counters>, Error> {
    let mut found = HashMap::with_capacity(ids.len());
    for chunk in ids.chunks(CHUNK) {
        let keys: Vec<Raw> = chunk.iter().copied().map(raw).collect();
        let rows: Vec<(Raw, i64, i64)> = conversations::table
            .filter(conversations::id.eq_any(keys))
            .select((conversations::id, conversations::last_seq, conversations::last_ordinal))
            .load(conn)?;
        found.extend(
            rows.into_iter()
                .map(|(id, seq, ordinal)| (id.id(), Counters { seq: count(seq), ordinal: count(ordinal) })),
        );
    }
    Ok(found)
}

/// Raises the counters of the batch's conversations, several with one statement.
pub(super) fn raise(conn: &mut Conn, at: i64, raised: &[(ConversationId, Counters)]) -> Result<(), Error> {
    for chunk in raised.chunks(CHUNK) {
        let values: Vec<String> = chunk
            .iter()
            .map(|(id, to)| format!("({}, {}, {})", literal(conn, &id.bytes()), big(to.seq), big(to.ordinal)))
            .collect();
        // Only ids and numbers stand in the statement; both databases name the columns of VALUES alike.
        diesel::sql_query(format!(
            "UPDATE conversations SET last_seq = v.column2, last_ordinal = v.column3, last_at = {at} \
             FROM (VALUES {}) AS v WHERE conversations.id = v.column1",
            values.join(", ")
        ))
        .execute(conn)?;
    }
    Ok(())
}

/// Forgets the oldest answers to duplicates committed before `before`, at most a chunk; says how many.
pub(super) fn forget_sent(conn: &mut Conn, before: Micros) -> Result<usize, Error> {
    let oldest: Vec<(Raw, Raw)> = sent::table
        .filter(sent::at.lt(before))
        .order(sent::at)
        .limit(CHUNK as i64)
        .select((sent::author, sent::client_id))
        .load(conn)?;
    let (authors, clients): (Vec<Raw>, Vec<Raw>) = oldest.into_iter().unzip();
    let gone = sent::table
        .filter(sent::at.lt(before))
        .filter(sent::author.eq_any(authors))
        .filter(sent::client_id.eq_any(clients));
    Ok(diesel::delete(gone).execute(conn)?)
}

/// Rows of one batch.
#[derive(Default)]
pub(super) struct Rows {
    pub journal: Vec<JournalRow>,
    pub payloads: Vec<PayloadRow>,
    pub messages: Vec<MessageRow>,
    pub sent: Vec<SentRow>,
}

#[derive(Insertable, Debug)]
#[diesel(table_name = journal, treat_none_as_default_value = false)]
pub(super) struct JournalRow {
    pub position: i64,
    pub record: Raw,
    pub stream: Vec<u8>,
    pub seq: Option<i64>,
    pub kind: i32,
    pub header: Vec<u8>,
}

#[derive(Insertable)]
#[diesel(table_name = payloads, treat_none_as_default_value = false)]
pub(super) struct PayloadRow {
    pub record: Raw,
    pub data_key: Raw,
    pub nonce: Vec<u8>,
    pub ciphertext: Vec<u8>,
}

/// A row of the current state, as a new message makes it.
#[derive(Insertable)]
#[diesel(table_name = messages, treat_none_as_default_value = false)]
pub(super) struct MessageRow {
    pub id: Raw,
    pub conversation: Raw,
    pub seq: i64,
    pub ordinal: i64,
    pub author: Raw,
    pub at: i64,
    pub current_record: Raw,
    pub revision: i64,
    pub reply_to: Option<Raw>,
    pub thread_root: Option<Raw>,
    pub urgent: bool,
}

#[derive(Insertable)]
#[diesel(table_name = sent, treat_none_as_default_value = false)]
pub(super) struct SentRow {
    pub author: Raw,
    pub client_id: Raw,
    pub record: Raw,
    pub at: i64,
}

/// Values per statement: SQLite takes 32,766.
const CHUNK: usize = 1_000;

impl Rows {
    /// Writes everything: on SQLite with one prepared statement per table, on PostgreSQL with one `COPY` per table.
    pub fn insert(&self, conn: &mut Conn) -> Result<(), Error> {
        macro_rules! insert_all {
            ($($table:ident)*) => {
                match conn {
                    Conn::Sqlite(conn) => {
                        $(for row in &self.$table {
                            diesel::insert_into($table::table).values(row).execute(conn)?;
                        })*
                    }
                    Conn::Postgres(conn) => {
                        $(if !self.$table.is_empty() {
                            diesel::copy_from($table::table).from_insertable(&self.$table).execute(conn)?;
                        })*
                    }
                }
            };
        }
        insert_all!(journal payloads messages sent);
        Ok(())
    }
}
