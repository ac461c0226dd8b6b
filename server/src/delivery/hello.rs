//! The first frame of a connection: where its reader stands.

use std::collections::{BTreeSet, HashMap};

use chancery_protocol::conversation::{Conversation, ConversationKind, MemberMark};
use chancery_protocol::frame::Hello;
use chancery_protocol::ids::{ConversationId, PersonId, SessionId};
use chancery_protocol::person::Person;

use super::{Delivery, HEARTBEAT_SECONDS};
use crate::conversations::store::{self, Info};
use crate::conversations::{Entry, Membership};
use crate::directory::preferences_of;
use crate::ground::db::Conn;
use crate::ground::error::{Code, Error};
use crate::messaging::history::named_in_message;

impl Delivery {
    /// Everything in one read.
    ///
    /// # Errors
    /// Storage errors.
    pub(super) fn hello(
        &self,
        conn: &mut Conn,
        person: PersonId,
        session: SessionId,
    ) -> Result<Hello, Error> {
        let me = self.messaging.directory.get(person).ok_or(Error::from(Code::SignedOut))?;
        let conversations = self.list(conn, person, &self.messaging.roster.of(person))?;
        let people = self.named(&conversations);
        let preferences = preferences_of(conn, self.messaging.journal.vault(), person)?;
        Ok(Hello {
            protocol: chancery_protocol::VERSION,
            server: env!("CARGO_PKG_VERSION").to_owned(),
            now: self.messaging.journal.clock().now(),
            heartbeat_seconds: HEARTBEAT_SECONDS,
            session,
            me: me.person.clone(),
            conversations,
            preferences,
            people,
        })
    }

    /// Lines of the list. What the reader is no member of is left out.
    ///
    /// # Errors
    /// Storage errors.
    pub(super) fn list(
        &self,
        conn: &mut Conn,
        reader: PersonId,
        ids: &[ConversationId],
    ) -> Result<Vec<Conversation>, Error> {
        let infos = store::infos(conn, self.messaging.journal.vault(), ids)?;
        // Memory before disk: a mark that is written in between is then seen twice, the other way round not at all.
        let waiting = self.marks.waiting_of(reader);
        let mut marks = store::marks_of(conn, reader)?;
        for (conversation, mark) in waiting {
            marks.entry(conversation).and_modify(|known| *known = known.max(mark)).or_insert(mark);
        }
        let mut drafts = store::drafts_of(conn, self.messaging.journal.vault(), reader)?;
        // After the lines: a role that changed since is then the new one, and its event changes nothing.
        let stays = store::memberships_of(conn, reader)?;
        let mut lines: Vec<(Info, std::sync::Arc<Entry>, Membership)> = Vec::with_capacity(infos.len());
        for info in infos {
            if let Some(entry) = self.messaging.roster.get(info.id)
                && let Some(stay) = stays.get(&info.id).copied()
            {
                lines.push((info, entry, stay));
            }
        }
        let talks: Vec<_> = lines
            .iter()
            .filter(|(info, ..)| info.kind == ConversationKind::Direct)
            .map(|(info, entry, _)| (info.id, partner(entry, reader)))
            .filter(|(_, other)| *other != reader)
            .collect();
        let mut others = self.marks_of_others(conn, &talks)?;
        let newest: Vec<_> =
            lines.iter().map(|(info, _, stay)| (info.id, info.last_ordinal, *stay)).collect();
        let mut last_messages = self.messaging.newest(conn, &newest)?;
        Ok(lines
            .into_iter()
            .map(|(info, entry, stay)| Conversation {
                id: info.id,
                kind: info.kind,
                name: info.name,
                topic: info.topic,
                with: (info.kind == ConversationKind::Direct).then(|| partner(&entry, reader)),
                open: info.open,
                role: stay.role,
                member_count: info.member_count,
                member_since: stay.since,
                last_seq: info.last_seq,
                last_ordinal: info.last_ordinal,
                other: others.remove(&info.id),
                read: marks
                    .remove(&info.id)
                    .map_or(0, |mark| mark.read)
                    .max(stay.since_ordinal)
                    .min(info.last_ordinal),
                last_message: last_messages.remove(&info.id),
                last_at: info.last_at,
                draft: drafts.remove(&info.id).unwrap_or_default(),
            })
            .collect())
    }

    /// How far the other person of each direct talk has got.
    fn marks_of_others(
        &self,
        conn: &mut Conn,
        talks: &[(ConversationId, PersonId)],
    ) -> Result<HashMap<ConversationId, MemberMark>, Error> {
        let ids: Vec<ConversationId> = talks.iter().map(|(id, _)| *id).collect();
        let mut known = store::marks_in(conn, &ids)?;
        let none = |person| MemberMark { person, received: 0, read: 0 };
        Ok(talks
            .iter()
            .map(|(id, other)| {
                let marks = known.remove(id).unwrap_or_default();
                (*id, marks.into_iter().find(|mark| mark.person == *other).unwrap_or_else(|| none(*other)))
            })
            .collect())
    }

    /// The people the lines name.
    pub(super) fn named(&self, conversations: &[Conversation]) -> Vec<Person> {
        let mut named: BTreeSet<PersonId> = conversations.iter().filter_map(|line| line.with).collect();
        named.extend(
            conversations.iter().filter_map(|line| line.last_message.as_ref()).flat_map(named_in_message),
        );
        self.messaging.people(named)
    }
}

/// The other person of a direct talk; oneself in a talk with oneself.
fn partner(entry: &Entry, reader: PersonId) -> PersonId {
    entry.members.keys().copied().find(|person| *person != reader).unwrap_or(reader)
}
