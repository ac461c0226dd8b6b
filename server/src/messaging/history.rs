//! Pages of history, fillings of gaps, and events on their way to members.

use std::collections::{BTreeSet, HashMap};

use chancery_ledger::{Header, Kind, Stream};
use chancery_protocol::conversation::{Change, Content, Entry, Event, Filling, HistoryPage, Message};
use chancery_protocol::ids::{ConversationId, Id, PersonId, RecordId};
use diesel::prelude::*;

use super::Messaging;
use super::state::{self, Row, WithText};
use super::view::{self, Now};
use crate::conversations::{Membership, store as conversations};
use crate::ground::db::Conn;
use crate::ground::db::dialect::{Raw, big};
use crate::ground::error::Error;
use crate::journal::{Damaged, Delivered, HeaderCols, Opened, PayloadCols};

/// What is stored of the record of a message's present text.
type Text = (Option<HeaderCols>, Option<PayloadCols>);

fn with_rows(found: Vec<WithText>) -> Vec<(Row, Text)> {
    found.into_iter().map(|(cols, header, payload)| (Row::from(cols), (header, payload))).collect()
}

/// Records of a conversation that stand in its timeline by themselves.
const NOTES: [Kind; 5] = [
    Kind::ConversationCreated,
    Kind::ConversationDescribed,
    Kind::MembersJoined,
    Kind::MemberLeft,
    Kind::MemberRoleSet,
];

/// The newest messages of conversations, for several readers.
pub struct Newest(HashMap<ConversationId, (u64, Message)>);

impl Newest {
    /// The newest message of a conversation, for a member who may see it.
    pub fn seen_by(&self, conversation: ConversationId, stay: Membership) -> Option<&Message> {
        self.0.get(&conversation).filter(|(seq, _)| stay.sees(*seq)).map(|(_, message)| message)
    }
}

impl Messaging {
    /// A page of history: the newest `limit` messages before `before`, and what else belongs between them.
    ///
    /// # Errors
    /// `conversation_not_found`; storage errors.
    pub fn history(
        &self,
        conn: &mut Conn,
        reader: PersonId,
        conversation: ConversationId,
        before: Option<u64>,
        limit: u16,
    ) -> Result<HistoryPage, Error> {
        let stay = self.roster.stay(conversation, reader)?;
        // Read first: what is shown below then includes at least everything up to it.
        let newest = conversations::last_seq(conn, conversation)?;
        let as_of = stay.last_seen(newest);
        let upper = before.map_or(as_of, |before| before.saturating_sub(1).min(as_of));
        let mut rows = with_rows(state::page(conn, conversation, (stay.since, upper), i64::from(limit) + 1)?);
        let more = rows.len() > usize::from(limit);
        rows.truncate(usize::from(limit));
        let lowest = if more { rows.last().map_or(stay.since, |(row, _)| row.seq) } else { stay.since };
        let mut entries: Vec<Entry> =
            self.messages(rows)?.into_iter().map(|message| Entry::Message { message }).collect();
        entries.extend(self.notes(conn, conversation, lowest, upper)?);
        entries.sort_by_key(Entry::seq);
        let people = self.people(entries.iter().flat_map(named_in_entry).collect());
        Ok(HistoryPage { conversation, entries, as_of, more, people })
    }

    /// Rows as their reader sees them, in the same order.
    fn messages(&self, rows: Vec<(Row, Text)>) -> Result<Vec<Message>, Error> {
        let vault = self.journal.vault();
        let message = |(row, (header, payload)): (Row, Text)| {
            let header = header.filter(|_| row.deleted_at.is_none());
            let text = header.map(|header| self.journal.records().open(header, payload)).transpose()?;
            let reactions = state::open_reactions(vault, row.id, row.reactions.as_deref())?;
            let acknowledged = state::open_acknowledged(vault, row.id, row.acknowledged.as_deref())?;
            Ok(view::view(&row, reactions, acknowledged, text))
        };
        rows.into_iter().map(message).collect()
    }

    /// Those of these messages that a reader may see, as they see them, in the order asked for.
    ///
    /// # Errors
    /// Storage errors.
    pub fn visible(
        &self,
        conn: &mut Conn,
        reader: PersonId,
        ids: &[RecordId],
    ) -> Result<Vec<(ConversationId, Message)>, Error> {
        let versions = self.visible_versions(conn, reader, ids)?;
        Ok(versions.into_iter().map(|(conversation, _, message)| (conversation, message)).collect())
    }

    /// As [`Messaging::visible`], each with the record whose text is shown.
    pub(super) fn visible_versions(
        &self,
        conn: &mut Conn,
        reader: PersonId,
        ids: &[RecordId],
    ) -> Result<Vec<(ConversationId, RecordId, Message)>, Error> {
        let rows = with_rows(state::with_text(conn, ids)?);
        let mut rows: HashMap<RecordId, (Row, Text)> =
            rows.into_iter().map(|(row, text)| (row.id, (row, text))).collect();
        let rows: Vec<(Row, Text)> = ids
            .iter()
            .filter_map(|id| rows.remove(id))
            .filter(|(row, _)| {
                self.roster.stay(row.conversation, reader).is_ok_and(|stay| stay.sees(row.seq))
            })
            .collect();
        let which: Vec<(ConversationId, RecordId)> =
            rows.iter().map(|(row, _)| (row.conversation, row.current_record)).collect();
        let messages = self.messages(rows)?;
        Ok(which.into_iter().zip(messages).map(|((at, record), message)| (at, record, message)).collect())
    }

    /// The newest message of each of these conversations.
    ///
    /// # Errors
    /// Storage errors.
    pub fn newest(&self, conn: &mut Conn, ids: &[ConversationId]) -> Result<Newest, Error> {
        let rows = with_rows(state::newest(conn, ids)?);
        let places: Vec<(ConversationId, u64)> =
            rows.iter().map(|(row, _)| (row.conversation, row.seq)).collect();
        let messages = places.into_iter().zip(self.messages(rows)?);
        Ok(Newest(messages.map(|((id, seq), message)| (id, (seq, message))).collect()))
    }

    /// A message's place among the messages of its conversation.
    ///
    /// # Errors
    /// Storage errors.
    pub fn ordinal(conn: &mut Conn, message: RecordId) -> Result<Option<u64>, Error> {
        Ok(state::by_id(conn, &[message])?.first().map(|row| row.ordinal))
    }

    /// The events after `after`, dense, for a reader who may see them.
    ///
    /// # Errors
    /// `conversation_not_found`; `record_damaged` when a record of the log cannot even be placed.
    pub fn fill(
        &self,
        conn: &mut Conn,
        reader: PersonId,
        conversation: ConversationId,
        after: u64,
    ) -> Result<Filling, Error> {
        let stay = self.roster.stay(conversation, reader)?;
        let until = stay.last_seen(conversations::last_seq(conn, conversation)?);
        let after = after.max(stay.since.saturating_sub(1));
        let limit = i64::from(chancery_protocol::MAX_PAGE);
        let stream = Stream::Conversation(conversation.bytes());
        let opened = self.journal.records().by_seq(conn, stream, after, until, limit)?;
        let more = opened.len() == usize::from(chancery_protocol::MAX_PAGE)
            && after + u64::from(chancery_protocol::MAX_PAGE) < until;
        let events = self.events(conn, stream, after, opened)?;
        let people = self.people(events.iter().flat_map(named_in_event).collect());
        Ok(Filling { conversation, events, more, people })
    }

    fn events(
        &self,
        conn: &mut Conn,
        stream: Stream,
        after: u64,
        opened: Vec<Result<Opened, Damaged>>,
    ) -> Result<Vec<Event>, Error> {
        let mut records = Vec::with_capacity(opened.len());
        for (seq, record) in (after + 1..).zip(opened) {
            records.push(match record {
                Ok(opened) => (opened.header, Some(opened.body)),
                Err(damaged) => (self.header_of_damaged(conn, stream, seq, damaged)?, None),
            });
        }
        let messages: BTreeSet<RecordId> = records.iter().filter_map(|(header, _)| touched(header)).collect();
        let rows = state::by_id(conn, &messages.into_iter().collect::<Vec<_>>())?;
        let rows: HashMap<RecordId, Row> = rows.into_iter().map(|row| (row.id, row)).collect();
        let mut events = Vec::with_capacity(records.len());
        for (header, body) in &records {
            let now = self.now(conn, header, touched(header).and_then(|id| rows.get(&id)))?;
            events.push(view::event(header, body.as_deref(), &now).unwrap_or_else(|| view::nothing(header)));
        }
        Ok(events)
    }

    /// A record that does not verify keeps its place in the log: where its header cannot be believed, the columns
    /// beside it and the current state of its message say what stood there.
    fn header_of_damaged(
        &self,
        conn: &mut Conn,
        stream: Stream,
        seq: u64,
        damaged: Damaged,
    ) -> Result<Header, Error> {
        use crate::ground::db::schema::journal;
        let (record, kind, bytes): (Raw, i32, Vec<u8>) = journal::table
            .filter(journal::position.eq(big(damaged.position)))
            .select((journal::record, journal::kind, journal::header))
            .first(conn)?;
        let record: RecordId = record.id();
        let kind = u16::try_from(kind).ok().and_then(|kind| Kind::try_from(kind).ok());
        let said = Header::decode(&bytes).ok();
        let row = state::by_record(conn, record)?;
        let (kind, at) = match &row {
            Some(row) if row.id == record => (Some(Kind::Message), Some(row.at)),
            Some(row) => (Some(Kind::Edit), row.edited_at),
            None => (kind.or(said.as_ref().map(|said| said.kind)), said.as_ref().map(|said| said.at)),
        };
        let target = row.as_ref().map(|row| row.id.bytes()).or(said.as_ref().and_then(|said| said.target));
        Ok(Header {
            record: record.bytes(),
            position: damaged.position,
            stream,
            seq: Some(seq),
            kind: kind.unwrap_or(Kind::Edit),
            actor: row.as_ref().map(|row| row.author.bytes()).or(said.as_ref().and_then(|said| said.actor)),
            on_behalf_of: None,
            conversation: None,
            target,
            at: at.unwrap_or_default(),
            written_at: None,
            commitment: [0; 32],
        })
    }

    /// What the current state says about the message a record touches.
    fn now(&self, conn: &mut Conn, header: &Header, row: Option<&Row>) -> Result<Now, Error> {
        let Some(row) = row else { return Ok(Now { ordinal: 0, shown: false, restored: None }) };
        let record = RecordId::from_bytes(header.record);
        if header.kind == Kind::Restore {
            let shown = row.deleted_at.is_none();
            let message = self.messages(with_rows(state::with_text(conn, &[row.id])?))?.pop();
            let restored = message.map(|message| (message.content, row.edited_at));
            return Ok(Now { ordinal: row.ordinal, shown, restored });
        }
        let shown = row.deleted_at.is_none() && row.current_record == record;
        Ok(Now { ordinal: row.ordinal, shown, restored: None })
    }

    /// A committed record as the event its members receive, with its actor. `None` for what is no event.
    ///
    /// # Errors
    /// Storage errors (only a restoration, or what another process wrote, reads anything).
    pub fn live(&self, delivered: &Delivered) -> Result<Option<Event>, Error> {
        let header = &delivered.header;
        let now = if header.kind == Kind::Restore || !delivered.fresh {
            let mut conn = self.journal.db().reader()?;
            let row = touched(header)
                .map(|id| state::by_id(&mut conn, &[id]))
                .transpose()?
                .and_then(|mut r| r.pop());
            self.now(&mut conn, header, row.as_ref())?
        } else {
            // The newest version of all: nothing later is committed and delivered before it.
            Now { ordinal: delivered.ordinal.unwrap_or(0), shown: true, restored: None }
        };
        Ok(view::event(header, delivered.body.as_deref(), &now))
    }

    /// Entries that are no messages.
    fn notes(
        &self,
        conn: &mut Conn,
        conversation: ConversationId,
        lowest: u64,
        highest: u64,
    ) -> Result<Vec<Entry>, Error> {
        let stream = Stream::Conversation(conversation.bytes());
        let opened = self.journal.records().notes(conn, stream, lowest, highest)?;
        let nothing = Now { ordinal: 0, shown: true, restored: None };
        Ok(opened
            .into_iter()
            .filter_map(Result::ok)
            .filter_map(|record| view::event(&record.header, Some(&record.body), &nothing))
            .map(|event| Entry::Note { event })
            .collect())
    }

    /// The people with these ids, each once, and whoever answers for those who are guests.
    pub fn people(&self, ids: BTreeSet<PersonId>) -> Vec<chancery_protocol::person::Person> {
        let get = |id| self.directory.get(id).map(|entry| entry.person.clone());
        let mut people: Vec<_> = ids.iter().copied().filter_map(get).collect();
        let sponsors = people.iter().filter_map(|person| person.terms).map(|terms| terms.sponsor);
        let more: BTreeSet<PersonId> = sponsors.filter(|sponsor| !ids.contains(sponsor)).collect();
        people.extend(more.into_iter().filter_map(get));
        people
    }
}

/// The message a record touches.
fn touched(header: &Header) -> Option<RecordId> {
    match header.kind {
        Kind::Message => Some(RecordId::from_bytes(header.record)),
        kind if NOTES.contains(&kind) => None,
        _ => header.target.map(RecordId::from_bytes),
    }
}

fn named_in_content(content: &Content) -> Vec<PersonId> {
    match content {
        Content::Text { mentions, .. } => mentions.clone(),
        _ => Vec::new(),
    }
}

/// Everybody a message names.
pub fn named_in_message(message: &Message) -> Vec<PersonId> {
    let mut named = named_in_content(&message.content);
    named.push(message.author);
    named.extend(message.reactions.iter().flat_map(|reaction| reaction.people.iter().copied()));
    named.extend(message.acknowledged.iter().map(|one| one.person));
    named
}

/// Everybody an event names; of a large group, its first members.
pub fn named_in_event(event: &Event) -> Vec<PersonId> {
    let mut named: Vec<PersonId> = event.actor.into_iter().collect();
    match &event.change {
        Change::Created { members, .. } | Change::Joined { members } => {
            named.extend(members.iter().take(50).map(|member| member.person))
        }
        Change::Message { content, .. }
        | Change::Edited { content, .. }
        | Change::Restored { content, .. } => {
            named.extend(named_in_content(content));
        }
        Change::Left { person } => named.push(*person),
        Change::RoleSet { member } => named.push(member.person),
        Change::Described { .. }
        | Change::Deleted { .. }
        | Change::Reacted { .. }
        | Change::Acknowledged { .. } => {}
    }
    named
}

fn named_in_entry(entry: &Entry) -> Vec<PersonId> {
    match entry {
        Entry::Message { message } => named_in_message(message),
        Entry::Note { event } => named_in_event(event),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_are_the_kinds_their_index_holds() {
        for kind in Kind::ALL {
            assert_eq!(NOTES.contains(kind), kind.number() < 100, "{kind:?}");
        }
    }
}
