//! The first frame of a connection: where its reader stands. Those of all who wait are read together.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use chancery_protocol::conversation::{Conversation, ConversationKind, MAX_GUESTS_NAMED, MemberMark};
use chancery_protocol::frame::Hello;
use chancery_protocol::ids::{ConversationId, PersonId, SessionId};
use chancery_protocol::person::Person;
use imbl::OrdSet;

use super::{Delivery, HEARTBEAT_SECONDS};
use crate::conversations::Entry;
use crate::conversations::store::{self, Info};
use crate::directory::preferences_of;
use crate::ground::db::Conn;
use crate::ground::error::Error;
use crate::messaging::history::named_in_message;

impl Delivery {
    /// What each of these connections begins with, read together; none where the session has ended.
    ///
    /// # Errors
    /// Storage errors.
    pub(super) fn hellos(
        &self,
        conn: &mut Conn,
        callers: &[(PersonId, SessionId)],
    ) -> Result<Vec<Option<Hello>>, Error> {
        let sessions: Vec<SessionId> = callers.iter().map(|(_, session)| *session).collect();
        let live = self.access.live(conn, &sessions)?;
        let readers: Vec<(PersonId, Vec<ConversationId>)> =
            callers.iter().map(|(person, _)| (*person, self.messaging.roster.of(*person))).collect();
        let lists = self.lists(conn, &readers)?;
        let people: Vec<PersonId> = callers.iter().map(|(person, _)| *person).collect();
        let preferences = preferences_of(conn, self.messaging.journal.vault(), &people)?;
        let hello = |(&(person, session), conversations): (&(PersonId, SessionId), Vec<Conversation>)| {
            let me = self.messaging.directory.get(person).filter(|_| live.contains(&session))?;
            let mut people = self.named(&conversations);
            // A guest is told who answers for them.
            let sponsor = me.person.terms.and_then(|terms| self.messaging.directory.get(terms.sponsor));
            people.extend(sponsor.map(|entry| entry.person.clone()));
            Some(Hello {
                protocol: chancery_protocol::VERSION,
                server: env!("CARGO_PKG_VERSION").to_owned(),
                now: self.messaging.journal.clock().now(),
                heartbeat_seconds: HEARTBEAT_SECONDS,
                session,
                me: me.person.clone(),
                people,
                conversations,
                preferences: preferences.get(&person).cloned().unwrap_or_default(),
            })
        };
        Ok(callers.iter().zip(lists).map(hello).collect())
    }

    /// Each reader's lines of the list. What the reader is no member of is left out.
    ///
    /// # Errors
    /// Storage errors.
    pub(super) fn lists(
        &self,
        conn: &mut Conn,
        readers: &[(PersonId, Vec<ConversationId>)],
    ) -> Result<Vec<Vec<Conversation>>, Error> {
        let vault = self.messaging.journal.vault();
        let wanted: BTreeSet<ConversationId> = readers.iter().flat_map(|(_, ids)| ids).copied().collect();
        // Memory before disk.
        let waiting = self.marks.waiting_in(&wanted);
        let wanted: Vec<ConversationId> = wanted.into_iter().collect();
        let infos = store::infos(conn, vault, &wanted)?;
        let people: Vec<PersonId> = readers.iter().map(|(reader, _)| *reader).collect();
        // After the lines: a role that changed since is then the new one, and its event changes nothing.
        let mut standings = store::standings_of(conn, vault, &people)?;
        for ((conversation, person), mark) in &waiting {
            standings.entry((*person, *conversation)).and_modify(|known| known.mark = known.mark.max(*mark));
        }
        let guests = self.messaging.directory.guests();
        let lines: HashMap<ConversationId, (Info, Arc<Entry>, Vec<PersonId>)> = infos
            .into_iter()
            .filter_map(|info| {
                let entry = self.messaging.roster.get(info.id)?;
                let outside = guests_in(&entry, &guests);
                Some((info.id, (info, entry, outside)))
            })
            .collect();
        let talks: Vec<ConversationId> = lines
            .values()
            .filter(|(info, ..)| info.kind == ConversationKind::Direct)
            .map(|(info, ..)| info.id)
            .collect();
        let others = store::marks_in(conn, &talks)?;
        let newest = self.messaging.newest(conn, &wanted)?;
        let line = |reader: PersonId, id: &ConversationId| {
            let (info, entry, guests) = lines.get(id)?;
            let standing = standings.get(&(reader, *id))?;
            let with = (info.kind == ConversationKind::Direct).then(|| partner(entry, reader));
            Some(Conversation {
                id: info.id,
                kind: info.kind,
                name: info.name.clone(),
                topic: info.topic.clone(),
                with,
                open: info.open,
                role: standing.stay.role,
                member_count: info.member_count,
                guests: guests.clone(),
                member_since: standing.stay.since,
                last_seq: info.last_seq,
                last_ordinal: info.last_ordinal,
                other: with.filter(|other| *other != reader).map(|other| {
                    let written = mark_of(others.get(id), other);
                    waiting.get(&(*id, other)).map_or(written, |mark| written.max(*mark))
                }),
                read: standing.mark.read.max(standing.stay.since_ordinal).min(info.last_ordinal),
                last_message: newest.seen_by(*id, standing.stay).cloned(),
                last_at: info.last_at,
                draft: standing.draft.clone(),
                draft_urgent: standing.draft_urgent,
            })
        };
        Ok(readers
            .iter()
            .map(|(reader, ids)| ids.iter().filter_map(|id| line(*reader, id)).collect())
            .collect())
    }

    /// The people the lines name.
    pub(super) fn named(&self, conversations: &[Conversation]) -> Vec<Person> {
        let mut named: BTreeSet<PersonId> = conversations.iter().filter_map(|line| line.with).collect();
        named.extend(conversations.iter().flat_map(|line| line.guests.iter().copied()));
        named.extend(
            conversations.iter().filter_map(|line| line.last_message.as_ref()).flat_map(named_in_message),
        );
        self.messaging.people(named)
    }
}

/// How far a person of a direct talk has got.
fn mark_of(marks: Option<&Vec<MemberMark>>, person: PersonId) -> MemberMark {
    let known = marks.into_iter().flatten().find(|mark| mark.person == person);
    known.copied().unwrap_or(MemberMark { person, received: 0, read: 0 })
}

/// The first members from outside.
fn guests_in(entry: &Entry, guests: &OrdSet<PersonId>) -> Vec<PersonId> {
    if guests.len() < entry.members.len() {
        let stays = |guest: &&PersonId| entry.members.get(guest).is_some_and(|stay| stay.until.is_none());
        return guests.iter().filter(stays).take(MAX_GUESTS_NAMED).copied().collect();
    }
    let mut here: Vec<PersonId> =
        entry.present().map(|(id, _)| id).filter(|id| guests.contains(id)).collect();
    here.sort_unstable();
    here.truncate(MAX_GUESTS_NAMED);
    here
}

/// The other person of a direct talk; oneself in a talk with oneself.
fn partner(entry: &Entry, reader: PersonId) -> PersonId {
    entry.members.keys().copied().find(|person| *person != reader).unwrap_or(reader)
}
