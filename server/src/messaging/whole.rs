//! Messages with everything that was ever said in them: for the search index, and for officers whose reading is on
//! record. What members see is another matter: [`super::view`].

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use chancery_ledger::{Kind, Stream};
use chancery_protocol::Micros;
use chancery_protocol::conversation::{Acknowledgement, ConversationKind};
use chancery_protocol::ids::{ConversationId, Id, PersonId, RecordId};
use chancery_protocol::search::ConversationRef;
use chancery_screening::TextKind;

use super::Messaging;
use super::body::{EditBody, MessageBody};
use super::state::{self, Row};
use super::view;
use crate::acceptable_use::{Removed, without};
use crate::conversations::store as conversations;
use crate::ground::db::Conn;
use crate::ground::error::Error;
use crate::journal::{Damaged, Opened, decode_body};

/// What a message said from some moment on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// The record that says so: the message itself, or an edit.
    pub record: RecordId,
    /// Where it stands in the journal.
    pub position: u64,
    /// From when on.
    pub at: Micros,
    /// As typed; absent when the record does not verify.
    pub text: Option<String>,
    /// What of it members do not get.
    pub removed: Vec<Removed>,
}

/// A deletion, or that it was taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Removal {
    /// Where it stands in the journal.
    pub position: u64,
    /// When.
    pub at: Micros,
    /// Who.
    pub by: Option<PersonId>,
    /// Taken back.
    pub restored: bool,
}

/// A message and all that happened to its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whole {
    /// The message.
    pub id: RecordId,
    /// Where it was said.
    pub conversation: ConversationId,
    /// Its place there.
    pub seq: u64,
    /// Who said it.
    pub author: PersonId,
    /// When.
    pub at: Micros,
    /// Where the message itself stands in the journal.
    pub position: u64,
    /// When it was last edited.
    pub edited_at: Option<Micros>,
    /// When it was deleted, if it is.
    pub deleted_at: Option<Micros>,
    /// The message it answers.
    pub reply_to: Option<RecordId>,
    /// Whether it asks everybody else to acknowledge it.
    pub urgent: bool,
    /// Who did, in the order in which they did.
    pub acknowledged: Vec<Acknowledgement>,
    /// The record whose text counts now.
    pub current: RecordId,
    /// The first text and every later one, in order.
    pub versions: Vec<Version>,
    /// Deletions and what took them back, in order.
    pub removals: Vec<Removal>,
}

impl Whole {
    /// What members may see now.
    pub fn now(&self) -> Option<Cow<'_, str>> {
        if self.deleted_at.is_some() {
            return None;
        }
        let version = self.versions.iter().find(|version| version.record == self.current)?;
        let text = version.text.as_deref()?;
        Some(if version.removed.is_empty() { text.into() } else { without(text, &version.removed).into() })
    }
}

/// A text as it was written: a message, or a new text of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Its record.
    pub record: RecordId,
    /// Where that stands in the journal.
    pub position: u64,
    /// Where it was said.
    pub conversation: ConversationId,
    /// Who said it.
    pub author: PersonId,
    /// When.
    pub at: Micros,
    /// Message or edit.
    pub what: TextKind,
    /// As typed.
    pub text: String,
}

fn written_of(record: &Opened) -> Option<Written> {
    let header = &record.header;
    let Stream::Conversation(conversation) = header.stream else { return None };
    let (what, text) = match header.kind {
        Kind::Message => (TextKind::Message, decode_body::<MessageBody>(&record.body)?.text),
        Kind::Edit => (TextKind::Edit, decode_body::<EditBody>(&record.body)?.text),
        _ => return None,
    };
    Some(Written {
        record: record.record(),
        position: header.position,
        conversation: ConversationId::from_bytes(conversation),
        author: PersonId::from_bytes(header.actor?),
        at: header.at,
        what,
        text,
    })
}

/// Records that were opened, by id.
type OpenedRecords = HashMap<RecordId, Result<Opened, Damaged>>;

impl Messaging {
    /// These messages with all their versions, in the order asked for; ids that are no messages are left out.
    ///
    /// # Errors
    /// When database or key store cannot be read.
    pub fn whole(&self, conn: &mut Conn, ids: &[RecordId]) -> Result<Vec<Whole>, Error> {
        self.whole_of(conn, ids, HashMap::new())
    }

    /// The messages that records are about, with all their versions. The records are not read again.
    ///
    /// # Errors
    /// As [`Messaging::whole`].
    pub fn touched(&self, conn: &mut Conn, records: Vec<Opened>) -> Result<Vec<Whole>, Error> {
        let ids = messages_of(&records);
        let first = records.into_iter().filter(|record| record.header.kind == Kind::Message);
        self.whole_of(conn, &ids, first.map(|record| (record.record(), Ok(record))).collect())
    }

    fn whole_of(
        &self,
        conn: &mut Conn,
        ids: &[RecordId],
        mut opened: OpenedRecords,
    ) -> Result<Vec<Whole>, Error> {
        let rows: HashMap<RecordId, Row> =
            state::by_id(conn, ids)?.into_iter().map(|row| (row.id, row)).collect();
        let records = self.journal.records();
        let missing: Vec<RecordId> = ids.iter().copied().filter(|id| !opened.contains_key(id)).collect();
        opened.extend(records.by_record(conn, &missing)?);
        let mut found = Vec::with_capacity(ids.len());
        for id in ids {
            let (Some(row), Some(first)) = (rows.get(id), opened.remove(id)) else { continue };
            let mut whole = begun(row, first);
            whole.acknowledged =
                state::open_acknowledged(self.journal.vault(), row.id, row.acknowledged.as_deref())?;
            // The revision is the seq of whatever last touched the message; most were never touched.
            if row.revision > row.seq {
                let stream = Stream::Conversation(row.conversation.bytes());
                let kinds = [Kind::Edit, Kind::Deletion, Kind::Restore];
                let later = records.of_kinds(conn, stream, row.seq, row.revision, &kinds)?;
                later.into_iter().flatten().for_each(|record| add(&mut whole, row, &record));
            }
            found.push(whole);
        }
        Ok(found)
    }

    /// The newest messages of a conversation that are not newer than `at`, oldest first, at most `limit`.
    ///
    /// # Errors
    /// As [`Messaging::whole`].
    pub fn until(
        &self,
        conn: &mut Conn,
        conversation: ConversationId,
        at: Micros,
        limit: i64,
    ) -> Result<Vec<Whole>, Error> {
        let ids = state::until(conn, conversation, at, limit)?;
        self.whole(conn, &ids)
    }

    /// Texts as they were written, messages and edits, with `after < position <= until`, at most `limit`; how many of them do not
    /// verify, and the position up to which was looked.
    ///
    /// # Errors
    /// When database or key store cannot be read.
    pub fn written(
        &self,
        conn: &mut Conn,
        after: u64,
        until: u64,
        limit: u16,
    ) -> Result<(Vec<Written>, u64, u64), Error> {
        let records = self.journal.records().texts(conn, after, until, i64::from(limit))?;
        let looked_at = match records.last() {
            Some((position, _)) if records.len() >= usize::from(limit) => *position,
            _ => until,
        };
        let mut written = Vec::with_capacity(records.len());
        let mut damaged = 0;
        for (_, record) in records {
            match record.ok().as_ref().and_then(written_of) {
                Some(text) => written.push(text),
                None => damaged += 1,
            }
        }
        Ok((written, damaged, looked_at))
    }

    /// These texts as they were written, in the order asked for; what is no text or does not verify is left out.
    ///
    /// # Errors
    /// When database or key store cannot be read.
    pub fn written_by_id(&self, conn: &mut Conn, records: &[RecordId]) -> Result<Vec<Written>, Error> {
        let found = self.journal.records().by_record(conn, records)?;
        let one = |record: &RecordId| written_of(found.get(record)?.as_ref().ok()?);
        Ok(records.iter().filter_map(one).collect())
    }

    /// Conversations as officers see them.
    ///
    /// # Errors
    /// When database or key store cannot be read.
    pub fn refs(
        &self,
        conn: &mut Conn,
        ids: BTreeSet<ConversationId>,
    ) -> Result<Vec<ConversationRef>, Error> {
        let ids: Vec<ConversationId> = ids.into_iter().collect();
        let infos = conversations::infos(conn, self.journal.vault(), &ids)?;
        Ok(infos.into_iter().map(|info| self.reference(info)).collect())
    }

    /// A conversation as officers see it.
    pub fn reference(&self, info: conversations::Info) -> ConversationRef {
        let pair = match info.kind {
            ConversationKind::Direct => {
                let entry = self.roster.get(info.id);
                entry.map(|entry| entry.members.keys().copied().collect()).unwrap_or_default()
            }
            ConversationKind::Group | ConversationKind::Announcement => Vec::new(),
        };
        let conversations::Info { id, kind, name, member_count, .. } = info;
        ConversationRef { id, kind, name, member_count, pair }
    }

    /// Messages of a conversation with these seqs, ascending, at most `limit` on each side of `seq`, itself included.
    ///
    /// # Errors
    /// As [`Messaging::whole`].
    pub fn around(
        &self,
        conn: &mut Conn,
        conversation: ConversationId,
        seq: u64,
        limit: u16,
    ) -> Result<Vec<Whole>, Error> {
        let ids = state::around(conn, conversation, seq, limit)?;
        self.whole(conn, &ids)
    }
}

/// The messages records are about: themselves, or their targets. Each once.
fn messages_of(records: &[Opened]) -> Vec<RecordId> {
    let touched = records.iter().filter_map(|record| match record.header.kind {
        Kind::Message => Some(record.record()),
        Kind::Edit | Kind::Deletion | Kind::Restore => record.header.target.map(RecordId::from_bytes),
        _ => None,
    });
    touched.collect::<BTreeSet<RecordId>>().into_iter().collect()
}

fn begun(row: &Row, first: Result<Opened, Damaged>) -> Whole {
    let position = match &first {
        Ok(record) => record.header.position,
        Err(damaged) => damaged.position,
    };
    let (text, removed) = first.ok().map(|record| text(&record, row)).unwrap_or_default();
    Whole {
        id: row.id,
        conversation: row.conversation,
        seq: row.seq,
        author: row.author,
        at: row.at,
        position,
        edited_at: row.edited_at,
        deleted_at: row.deleted_at,
        reply_to: row.reply_to,
        urgent: row.urgent,
        acknowledged: Vec::new(),
        current: row.current_record,
        versions: vec![Version { record: row.id, position, at: row.at, text, removed }],
        removals: Vec::new(),
    }
}

fn add(whole: &mut Whole, row: &Row, record: &Opened) {
    let header = &record.header;
    if header.target != Some(row.id.bytes()) {
        return;
    }
    let (position, at) = (header.position, header.at);
    if header.kind == Kind::Edit {
        let (text, removed) = text(record, row);
        whole.versions.push(Version { record: record.record(), position, at, text, removed });
    } else {
        let by = header.actor.map(PersonId::from_bytes);
        whole.removals.push(Removal { position, at, by, restored: header.kind == Kind::Restore });
    }
}

fn text(record: &Opened, row: &Row) -> (Option<String>, Vec<Removed>) {
    view::typed(record, row.id, row.conversation)
        .map(|(text, removed)| (Some(text), removed))
        .unwrap_or_default()
}
