//! `messages` made again from the journal, or compared with it.
//!
//! One conversation at a time, under the head lock, so that it may run beside a server. A record that does not
//! verify is named; the rows it concerns are left as they are, for nothing better is known.

use std::collections::{BTreeMap, BTreeSet};

use chancery_ledger::{Header, Kind, Stream};
use chancery_protocol::conversation::{Acknowledgement, ReactionCount};
use chancery_protocol::ids::{ConversationId, Id, PersonId, RecordId};
use diesel::prelude::*;

use super::body::{MessageBody, ReactionBody};
use super::state::{self, Cols, Row};
use crate::ground::db::dialect::{Raw, big, count, raw};
use crate::ground::db::schema::{conversations, journal as journal_table, messages};
use crate::ground::db::{Conn, Db, transaction};
use crate::ground::error::Error;
use crate::journal::{Journal, Opened, decode_body, lock_head};

/// What a rebuild found.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Report {
    /// Conversations looked at.
    pub conversations: usize,
    /// Messages they hold.
    pub messages: usize,
    /// What differed, one line each; after a rebuild these are mended.
    pub drift: Vec<String>,
    /// Positions of records that do not verify.
    pub damaged: Vec<u64>,
}

/// Compares the current state with the journal and, unless `check` only, makes it equal.
///
/// # Errors
/// Storage errors.
pub fn rebuild(journal: &Journal, check: bool) -> Result<Report, Error> {
    let mut report = Report::default();
    let ids: BTreeSet<ConversationId> = {
        let mut conn = journal.db().reader()?;
        let known: Vec<Raw> = conversations::table.select(conversations::id).load(&mut *conn)?;
        let stray: Vec<Raw> = messages::table.select(messages::conversation).distinct().load(&mut *conn)?;
        known.into_iter().chain(stray).map(Raw::id).collect()
    };
    for id in ids {
        report.conversations += 1;
        write(journal.db(), |conn| one(conn, journal, id, check, &mut report))?;
    }
    Ok(report)
}

fn write<T>(db: &Db, work: impl FnOnce(&mut Conn) -> Result<T, Error>) -> Result<T, Error> {
    if db.is_sqlite() {
        return db.with_writer(|conn| transaction(conn, work));
    }
    let mut conn = db.opener().open_writer()?;
    transaction(&mut conn, work)
}

/// What a row keeps sealed.
#[derive(Default, PartialEq)]
struct Summaries {
    reactions: Vec<ReactionCount>,
    acknowledged: Vec<Acknowledgement>,
}

impl Summaries {
    fn of(journal: &Journal, row: &Row) -> Result<Self, Error> {
        let vault = journal.vault();
        Ok(Self {
            reactions: state::open_reactions(vault, row.id, row.reactions.as_deref())?,
            acknowledged: state::open_acknowledged(vault, row.id, row.acknowledged.as_deref())?,
        })
    }
}

/// The state a conversation should have.
#[derive(Default)]
struct Expected {
    rows: BTreeMap<RecordId, (Row, Summaries)>,
    /// Messages a damaged record concerns.
    unknown: BTreeSet<RecordId>,
    last_seq: u64,
    last_ordinal: u64,
    damaged: Vec<u64>,
}

fn one(
    conn: &mut Conn,
    journal: &Journal,
    conversation: ConversationId,
    check: bool,
    report: &mut Report,
) -> Result<(), Error> {
    lock_head(conn)?;
    let expected = replay(conn, journal, conversation)?;
    let found: Vec<Cols> = messages::table
        .filter(messages::conversation.eq(raw(conversation)))
        .select(messages::all_columns)
        .load(conn)?;
    let found: BTreeMap<RecordId, Row> = found.into_iter().map(Row::from).map(|row| (row.id, row)).collect();
    report.messages += found.len();
    report.damaged.extend(&expected.damaged);
    for (id, row) in &found {
        match expected.rows.get(id) {
            _ if expected.unknown.contains(id) => {}
            Some((want, summaries)) => {
                let have = Summaries::of(journal, row)?;
                let differing = differing((want, summaries), (row, &have));
                if !differing.is_empty() {
                    report
                        .drift
                        .push(format!("message {id}: {} differ from the journal", differing.join(", ")));
                    if !check {
                        remove(conn, *id)?;
                        insert(conn, journal, want, summaries)?;
                    }
                }
            }
            // A message whose own record is damaged is not in the replay; only without damage is it a stray.
            None if expected.damaged.is_empty() => {
                report.drift.push(format!("message {id}: not in the journal"));
                if !check {
                    remove(conn, *id)?;
                }
            }
            None => {}
        }
    }
    for (id, (want, summaries)) in &expected.rows {
        if !found.contains_key(id) {
            report.drift.push(format!("message {id}: missing"));
            if !check {
                insert(conn, journal, want, summaries)?;
            }
        }
    }
    counters(conn, conversation, &expected, check, report)
}

/// Walks a conversation's log.
fn replay(conn: &mut Conn, journal: &Journal, conversation: ConversationId) -> Result<Expected, Error> {
    const PAGE: i64 = 1_000;
    let mut expected = Expected::default();
    let stream = Stream::Conversation(conversation.bytes());
    let reader = journal.records();
    loop {
        let page = reader.by_seq(conn, stream, expected.last_seq, u64::MAX, PAGE)?;
        let full = page.len() == usize::try_from(PAGE).unwrap_or(usize::MAX);
        for record in page {
            match record {
                Ok(opened) => expected.apply(&opened, conversation),
                Err(damaged) => {
                    expected.damaged.push(damaged.position);
                    expected.apply_damaged(conn, damaged.position)?;
                }
            }
        }
        if !full {
            return Ok(expected);
        }
    }
}

impl Expected {
    fn apply(&mut self, opened: &Opened, conversation: ConversationId) {
        let header = &opened.header;
        self.last_seq = header.seq.unwrap_or(self.last_seq);
        if header.kind == Kind::Message {
            self.last_ordinal += 1;
            if let Some(row) = new_row(opened, conversation, self.last_ordinal) {
                self.rows.insert(row.id, (row, Summaries::default()));
            }
            return;
        }
        let target = header.target.map(RecordId::from_bytes);
        let Some((row, summaries)) = target.and_then(|id| self.rows.get_mut(&id)) else { return };
        row.revision = self.last_seq;
        match header.kind {
            Kind::Edit => {
                row.current_record = opened.record();
                row.edited_at = Some(header.at);
            }
            Kind::Deletion => row.deleted_at = Some(header.at),
            Kind::Restore => row.deleted_at = None,
            Kind::ReactionAdded | Kind::ReactionRemoved => {
                let body: Option<ReactionBody> = decode_body(&opened.body);
                if let (Some(body), Some(actor)) = (body, header.actor) {
                    let on = header.kind == Kind::ReactionAdded;
                    state::react(&mut summaries.reactions, PersonId::from_bytes(actor), &body.reaction, on);
                }
            }
            Kind::Acknowledged => {
                if let Some(person) = header.actor.map(PersonId::from_bytes) {
                    let new = Acknowledgement { person, at: header.at };
                    state::acknowledge(&mut summaries.acknowledged, new);
                }
            }
            _ => {}
        }
    }

    /// Keeps the numbers right after a record that does not verify, by its columns and what its header still says.
    fn apply_damaged(&mut self, conn: &mut Conn, position: u64) -> Result<(), Error> {
        let (record, seq, kind, header): (Raw, Option<i64>, i32, Vec<u8>) = journal_table::table
            .filter(journal_table::position.eq(big(position)))
            .select((journal_table::record, journal_table::seq, journal_table::kind, journal_table::header))
            .first(conn)?;
        self.last_seq = seq.map_or(self.last_seq + 1, count);
        if kind == i32::from(Kind::Message.number()) {
            self.last_ordinal += 1;
            self.unknown.insert(record.id());
        }
        let target = Header::decode(&header).ok().and_then(|header| header.target);
        if let Some(target) = target {
            self.unknown.insert(RecordId::from_bytes(target));
        }
        Ok(())
    }
}

fn new_row(opened: &Opened, conversation: ConversationId, ordinal: u64) -> Option<Row> {
    let header = &opened.header;
    let body: MessageBody = decode_body(&opened.body)?;
    let seq = header.seq?;
    Some(Row {
        id: opened.record(),
        conversation,
        seq,
        ordinal,
        author: PersonId::from_bytes(header.actor?),
        at: header.at,
        current_record: opened.record(),
        edited_at: None,
        deleted_at: None,
        revision: seq,
        reply_to: body.reply_to,
        thread_root: body.thread_root,
        reactions: None,
        urgent: body.urgent,
        acknowledged: None,
    })
}

fn differing((want, wanted): (&Row, &Summaries), (have, found): (&Row, &Summaries)) -> Vec<&'static str> {
    [
        ("seq", want.seq != have.seq),
        ("ordinal", want.ordinal != have.ordinal),
        ("author", want.author != have.author),
        ("at", want.at != have.at),
        ("current_record", want.current_record != have.current_record),
        ("edited_at", want.edited_at != have.edited_at),
        ("deleted_at", want.deleted_at != have.deleted_at),
        ("revision", want.revision != have.revision),
        ("reply_to", want.reply_to != have.reply_to),
        ("thread_root", want.thread_root != have.thread_root),
        ("urgent", want.urgent != have.urgent),
        ("reactions", wanted.reactions != found.reactions),
        ("acknowledged", wanted.acknowledged != found.acknowledged),
    ]
    .into_iter()
    .filter_map(|(name, differs)| differs.then_some(name))
    .collect()
}

fn remove(conn: &mut Conn, id: RecordId) -> Result<(), Error> {
    diesel::delete(messages::table.filter(messages::id.eq(raw(id)))).execute(conn)?;
    Ok(())
}

fn insert(conn: &mut Conn, journal: &Journal, row: &Row, summaries: &Summaries) -> Result<(), Error> {
    let (vault, Summaries { reactions, acknowledged }) = (journal.vault(), summaries);
    let reactions = state::seal_reactions(vault, row.conversation, row.id, reactions)?;
    let acknowledged = state::seal_acknowledged(vault, row.conversation, row.id, acknowledged)?;
    diesel::insert_into(messages::table)
        .values((
            messages::id.eq(raw(row.id)),
            messages::conversation.eq(raw(row.conversation)),
            messages::seq.eq(big(row.seq)),
            messages::ordinal.eq(big(row.ordinal)),
            messages::author.eq(raw(row.author)),
            messages::at.eq(row.at),
            messages::current_record.eq(raw(row.current_record)),
            messages::edited_at.eq(row.edited_at),
            messages::deleted_at.eq(row.deleted_at),
            messages::revision.eq(big(row.revision)),
            messages::reply_to.eq(row.reply_to.map(raw)),
            messages::thread_root.eq(row.thread_root.map(raw)),
            messages::reactions.eq(reactions),
            messages::urgent.eq(row.urgent),
            messages::acknowledged.eq(acknowledged),
        ))
        .execute(conn)?;
    Ok(())
}

/// The conversation's own counters.
fn counters(
    conn: &mut Conn,
    conversation: ConversationId,
    expected: &Expected,
    check: bool,
    report: &mut Report,
) -> Result<(), Error> {
    let row = conversations::table.filter(conversations::id.eq(raw(conversation)));
    let have: Option<(i64, i64)> =
        row.select((conversations::last_seq, conversations::last_ordinal)).first(conn).optional()?;
    let want = (big(expected.last_seq), big(expected.last_ordinal));
    match have {
        Some(have) if have != want => {
            report.drift.push(format!(
                "conversation {conversation}: last seq and ordinal are {have:?}, the journal says {want:?}"
            ));
            if !check {
                diesel::update(row)
                    .set((conversations::last_seq.eq(want.0), conversations::last_ordinal.eq(want.1)))
                    .execute(conn)?;
            }
        }
        Some(_) => {}
        None => report.drift.push(format!("conversation {conversation}: has messages but no row")),
    }
    Ok(())
}
