//! What people have not read: for mails about it. Texts go through [`super::view`] as everywhere.

use std::collections::{HashMap, HashSet};

use chancery_ledger::{Header, Kind};
use chancery_protocol::Micros;
use chancery_protocol::conversation::Message;
use chancery_protocol::ids::{ConversationId, Id as _, PersonId, RecordId};
use diesel::prelude::*;

use super::Messaging;
use super::body::EditBody;
use super::state;
use crate::conversations::Membership;
use crate::ground::db::Conn;
use crate::ground::db::dialect::{Raw, big, count, raw};
use crate::ground::db::schema::{journal, messages};
use crate::ground::error::Error;
use crate::journal::decode_body;

/// A message on its way to people who may not have read it, as it stands now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posted {
    /// Where.
    pub conversation: ConversationId,
    /// Which one of the conversation.
    pub ordinal: u64,
    /// Whose.
    pub author: PersonId,
    /// Whom it mentions.
    pub mentions: Vec<PersonId>,
    /// Whether everybody is asked to confirm that they have read it.
    pub urgent: bool,
}

/// Messages that a stretch of the journal wrote, edited or brought back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stretch {
    /// By conversation and ordinal, each once. One that does not verify is there without mentions.
    pub posted: Vec<Posted>,
    /// Up to where everything was looked at.
    pub position: u64,
    /// Whether there is more to look at now.
    pub more: bool,
    /// When the next message comes of age, if one is known that has not yet.
    pub next_at: Option<Micros>,
}

/// What of a conversation somebody has not read, as they may see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// The newest of it, oldest first, each with the record whose text it shows.
    pub newest: Vec<(Message, RecordId)>,
    /// How many there are in all.
    pub count: u64,
}

type Cols = (i64, Raw, Vec<u8>);

impl Messaging {
    /// Messages that were written, edited or brought back behind a position, at `until` or earlier.
    ///
    /// # Errors
    /// Storage errors.
    pub fn posted(&self, conn: &mut Conn, after: u64, until: Micros, limit: i64) -> Result<Stretch, Error> {
        // Read first: what is committed meanwhile stands behind it.
        let head = crate::journal::head(conn)?.position;
        let kinds = [Kind::Message, Kind::Edit, Kind::Restore].map(|kind| i32::from(kind.number()));
        let rows: Vec<Cols> = journal::table
            .filter(journal::position.gt(big(after)))
            .filter(journal::position.le(big(head)))
            .filter(journal::kind.eq_any(kinds))
            .order(journal::position.asc())
            .limit(limit)
            .select((journal::position, journal::record, journal::header))
            .load(conn)?;
        let found = i64::try_from(rows.len()).unwrap_or(i64::MAX);
        let mut stretch = Stretch { position: after, more: found == limit, ..Stretch::default() };
        let mut ids: Vec<RecordId> = Vec::new();
        for (position, record, header) in rows {
            // Positions are in the order of time; a header that cannot be read counts as old.
            let header = Header::decode(&header).ok();
            let at = header.as_ref().map_or(0, |header| header.at);
            if at > until {
                stretch.more = false;
                stretch.next_at = Some(at);
                break;
            }
            stretch.position = count(position);
            // What changes a message names it.
            let message =
                header.and_then(|header| header.target).map_or_else(|| record.id(), RecordId::from_bytes);
            ids.push(message);
        }
        if !stretch.more && stretch.next_at.is_none() {
            stretch.position = head.max(after);
        }
        let mut rows = state::by_id(conn, &ids)?;
        rows.sort_unstable_by_key(|row| (row.conversation, row.ordinal));
        rows.dedup_by_key(|row| row.id);
        let current: Vec<RecordId> = rows.iter().map(|row| row.current_record).collect();
        let bodies = self.journal.records().by_record(conn, &current)?;
        let mentions = |record: RecordId| {
            let opened = bodies.get(&record).and_then(|opened| opened.as_ref().ok());
            // The same field of a message and of an edit.
            opened.and_then(|opened| decode_body::<EditBody>(&opened.body)).map(|said| said.mentions)
        };
        let posted = |row: state::Row| Posted {
            conversation: row.conversation,
            ordinal: row.ordinal,
            author: row.author,
            urgent: row.urgent,
            mentions: mentions(row.current_record).unwrap_or_default(),
        };
        stretch.posted = rows.into_iter().map(posted).collect();
        Ok(stretch)
    }

    /// When the oldest message was written that somebody has not read, is not theirs and was not deleted; behind `read`.
    ///
    /// # Errors
    /// Storage errors.
    pub fn unread_since(
        &self,
        conn: &mut Conn,
        reader: PersonId,
        conversation: ConversationId,
        stay: Membership,
        read: u64,
    ) -> Result<Option<Micros>, Error> {
        Ok(messages::table
            .filter(messages::conversation.eq(raw(conversation)))
            .filter(messages::ordinal.gt(big(read.max(stay.since_ordinal))))
            .filter(messages::seq.ge(big(stay.since)))
            .filter(messages::author.ne(raw(reader)))
            .filter(messages::deleted_at.is_null())
            .order(messages::ordinal.asc())
            .select(messages::at)
            .first(conn)
            .optional()?)
    }

    /// When the newest message of each of these conversations was written.
    ///
    /// # Errors
    /// Storage errors.
    pub fn newest_at(
        &self,
        conn: &mut Conn,
        ids: &[ConversationId],
    ) -> Result<HashMap<ConversationId, Micros>, Error> {
        use crate::ground::db::schema::conversations;
        let mut found = HashMap::new();
        for chunk in ids.chunks(1_000) {
            let keys: Vec<Raw> = chunk.iter().copied().map(raw).collect();
            let last = conversations::id
                .eq(messages::conversation)
                .and(conversations::last_ordinal.eq(messages::ordinal));
            let rows: Vec<(Raw, Micros)> = messages::table
                .inner_join(conversations::table.on(last))
                .filter(messages::conversation.eq_any(keys))
                .select((messages::conversation, messages::at))
                .load(conn)?;
            found.extend(rows.into_iter().map(|(id, at)| (id.id(), at)));
        }
        Ok(found)
    }

    /// The newest message of a conversation that is not theirs, deleted or not; 0 when there is none.
    ///
    /// # Errors
    /// Storage errors.
    pub fn newest_of_others(
        &self,
        conn: &mut Conn,
        reader: PersonId,
        conversation: ConversationId,
        stay: Membership,
    ) -> Result<u64, Error> {
        let newest: Option<i64> = messages::table
            .filter(messages::conversation.eq(raw(conversation)))
            .filter(messages::seq.ge(big(stay.since)))
            .filter(messages::author.ne(raw(reader)))
            .order(messages::ordinal.desc())
            .select(messages::ordinal)
            .first(conn)
            .optional()?;
        Ok(newest.map_or(0, count))
    }

    /// What somebody has not read of a conversation: the newest `limit` messages behind `read`, and how many there are.
    ///
    /// # Errors
    /// Storage errors.
    pub fn unread(
        &self,
        conn: &mut Conn,
        reader: PersonId,
        conversation: ConversationId,
        stay: Membership,
        read: u64,
        limit: i64,
    ) -> Result<Unread, Error> {
        let read = read.max(stay.since_ordinal);
        let unread = || {
            messages::table
                .filter(messages::conversation.eq(raw(conversation)))
                .filter(messages::ordinal.gt(big(read)))
                .filter(messages::seq.ge(big(stay.since)))
                .filter(messages::author.ne(raw(reader)))
                .filter(messages::deleted_at.is_null())
        };
        let total: i64 = unread().count().get_result(conn)?;
        let mut ids: Vec<Raw> =
            unread().order(messages::ordinal.desc()).limit(limit).select(messages::id).load(conn)?;
        ids.reverse();
        let ids: Vec<RecordId> = ids.into_iter().map(Raw::id).collect();
        let newest = self.visible_versions(conn, reader, &ids)?;
        let newest = newest.into_iter().map(|(_, record, message)| (message, record)).collect();
        Ok(Unread { newest, count: count(total) })
    }
}

/// Whether these messages still say what these records say: none was edited or deleted since. Asked under the head lock it stays so
/// until the commit.
///
/// # Errors
/// Storage errors.
pub fn still_say(conn: &mut Conn, texts: impl Iterator<Item = (RecordId, RecordId)>) -> Result<bool, Error> {
    let texts: Vec<(RecordId, RecordId)> = texts.collect();
    let ids: Vec<RecordId> = texts.iter().map(|(message, _)| *message).collect();
    let said: HashSet<(RecordId, RecordId)> = state::by_id(conn, &ids)?
        .into_iter()
        .filter(|row| row.deleted_at.is_none())
        .map(|row| (row.id, row.current_record))
        .collect();
    Ok(texts.iter().all(|text| said.contains(text)))
}
