//! What people have not read: for mails about it. Texts go through [`super::view`] as everywhere.

use chancery_ledger::{Header, Kind};
use chancery_protocol::Micros;
use chancery_protocol::conversation::Message;
use chancery_protocol::ids::{ConversationId, PersonId, RecordId};
use diesel::prelude::*;

use super::Messaging;
use super::body::MessageBody;
use super::state;
use crate::conversations::Membership;
use crate::ground::db::Conn;
use crate::ground::db::dialect::{Raw, big, count, raw};
use crate::ground::db::schema::{journal, messages};
use crate::ground::error::Error;
use crate::journal::decode_body;

/// A message on its way to people who may not have read it.
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
}

/// Messages of a stretch of the journal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stretch {
    /// In order. One that does not verify is there without mentions.
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
    /// Messages behind a position that were written at `until` or earlier.
    ///
    /// # Errors
    /// Storage errors.
    pub fn posted(&self, conn: &mut Conn, after: u64, until: Micros, limit: i64) -> Result<Stretch, Error> {
        // Read first: what is committed meanwhile stands behind it.
        let head = crate::journal::head(conn)?.position;
        let kind = i32::from(Kind::Message.number());
        let rows: Vec<Cols> = journal::table
            .filter(journal::position.gt(big(after)))
            .filter(journal::position.le(big(head)))
            .filter(journal::kind.eq(kind))
            .order(journal::position.asc())
            .limit(limit)
            .select((journal::position, journal::record, journal::header))
            .load(conn)?;
        let found = i64::try_from(rows.len()).unwrap_or(i64::MAX);
        let mut stretch = Stretch { position: after, more: found == limit, ..Stretch::default() };
        let mut ids: Vec<RecordId> = Vec::new();
        for (position, record, header) in rows {
            // Positions are in the order of time; a header that cannot be read counts as old.
            let at = Header::decode(&header).map_or(0, |header| header.at);
            if at > until {
                stretch.more = false;
                stretch.next_at = Some(at);
                break;
            }
            stretch.position = count(position);
            ids.push(record.id());
        }
        if !stretch.more && stretch.next_at.is_none() {
            stretch.position = head.max(after);
        }
        let bodies = self.journal.records().by_record(conn, &ids)?;
        let mentions = |id: RecordId| {
            let opened = bodies.get(&id).and_then(|opened| opened.as_ref().ok());
            opened.and_then(|opened| decode_body::<MessageBody>(&opened.body)).map(|body| body.mentions)
        };
        let mut rows = state::by_id(conn, &ids)?;
        rows.sort_unstable_by_key(|row| (row.conversation, row.ordinal));
        stretch.posted = rows
            .into_iter()
            .map(|row| Posted {
                conversation: row.conversation,
                ordinal: row.ordinal,
                author: row.author,
                mentions: mentions(row.id).unwrap_or_default(),
            })
            .collect();
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
