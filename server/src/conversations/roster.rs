//! Who is in which conversation: an immutable snapshot that sends are decided by, without touching the disk.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;
use chancery_protocol::conversation::{ConversationKind, MemberRole};
use chancery_protocol::ids::{ConversationId, PersonId};

use super::store::{self, MemberRow};
use crate::ground::db::Conn;
use crate::ground::error::{Code, Error};

/// A stay in a conversation. Leaving ends it at a seq; what came later is not for this person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Membership {
    /// What they may do.
    pub role: MemberRole,
    /// First seq they may see.
    pub since: u64,
    /// Last seq they may see; absent while they are a member.
    pub until: Option<u64>,
    /// The newest message when they came: what stands above counts as read.
    pub since_ordinal: u64,
}

impl Membership {
    /// Whether the event with this seq may be seen.
    pub fn sees(&self, seq: u64) -> bool {
        self.since <= seq && self.until.is_none_or(|until| seq <= until)
    }

    /// Last seq that may be seen, of those up to `newest`.
    pub fn last_seen(&self, newest: u64) -> u64 {
        self.until.unwrap_or(newest).min(newest)
    }
}

/// A conversation in the snapshot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What sort.
    pub kind: ConversationKind,
    /// Whether employees may join by themselves.
    pub open: bool,
    /// Present and former members.
    pub members: HashMap<PersonId, Membership>,
}

impl Entry {
    /// Those who are members now.
    pub fn present(&self) -> impl Iterator<Item = (PersonId, &Membership)> {
        self.members.iter().filter(|(_, stay)| stay.until.is_none()).map(|(id, stay)| (*id, stay))
    }
}

#[derive(Default, Clone)]
struct State {
    conversations: imbl::HashMap<ConversationId, Arc<Entry>>,
    by_person: imbl::HashMap<PersonId, imbl::OrdSet<ConversationId>>,
    /// Those they have left too.
    ever: imbl::HashMap<PersonId, imbl::OrdSet<ConversationId>>,
}

/// The snapshot, and the one way to renew it.
#[derive(Default)]
pub struct Roster {
    state: ArcSwap<State>,
    /// Reading the rows and storing the new state is one step: a late reader must not put back older rows.
    renewing: Mutex<()>,
}

impl Roster {
    /// Reads every conversation.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn load_all(&self, conn: &mut Conn) -> Result<(), Error> {
        self.renew(conn, None)
    }

    /// Reads these conversations again.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn refresh(&self, conn: &mut Conn, ids: &[ConversationId]) -> Result<(), Error> {
        if ids.is_empty() { Ok(()) } else { self.renew(conn, Some(ids)) }
    }

    fn renew(&self, conn: &mut Conn, ids: Option<&[ConversationId]>) -> Result<(), Error> {
        let _one_at_a_time = self.renewing.lock().unwrap_or_else(PoisonError::into_inner);
        let rows = store::members(conn, ids)?;
        let mut state = State::clone(&self.state.load());
        let mut entries: HashMap<ConversationId, Entry> = HashMap::new();
        for MemberRow { conversation, kind, open, person, membership } in rows {
            let entry =
                entries.entry(conversation).or_insert_with(|| Entry { kind, open, members: HashMap::new() });
            entry.members.insert(person, membership);
        }
        for (conversation, entry) in entries {
            for (person, stay) in &entry.members {
                state.ever.entry(*person).or_default().insert(conversation);
                let of_person = state.by_person.entry(*person).or_default();
                if stay.until.is_none() {
                    of_person.insert(conversation);
                } else {
                    of_person.remove(&conversation);
                }
            }
            state.conversations.insert(conversation, Arc::new(entry));
        }
        self.state.store(Arc::new(state));
        Ok(())
    }

    /// A conversation, if there is one.
    pub fn get(&self, conversation: ConversationId) -> Option<Arc<Entry>> {
        self.state.load().conversations.get(&conversation).cloned()
    }

    /// The conversations a person is a member of now.
    pub fn of(&self, person: PersonId) -> Vec<ConversationId> {
        self.state.load().by_person.get(&person).map(|set| set.iter().copied().collect()).unwrap_or_default()
    }

    /// The person's stays, past and present: what they may read at all.
    pub fn stays(&self, person: PersonId) -> Vec<(ConversationId, Membership)> {
        let state = self.state.load();
        let Some(ids) = state.ever.get(&person) else { return Vec::new() };
        ids.iter().filter_map(|id| Some((*id, *state.conversations.get(id)?.members.get(&person)?))).collect()
    }

    /// The conversations in which all of these people are or were members.
    pub fn of_all(&self, people: &[PersonId]) -> Vec<ConversationId> {
        let state = self.state.load();
        let Some((first, others)) = people.split_first() else { return Vec::new() };
        let Some(ids) = state.ever.get(first) else { return Vec::new() };
        let with_all = |id: &&ConversationId| {
            let members = state.conversations.get(*id).map(|entry| &entry.members);
            members.is_some_and(|members| others.iter().all(|person| members.contains_key(person)))
        };
        ids.iter().filter(with_all).copied().collect()
    }

    /// Whether two people were in one conversation at the same time, or are: what one sees there names the other.
    pub fn met(&self, one: PersonId, other: PersonId) -> bool {
        let state = self.state.load();
        let stay = |id: &ConversationId, person| state.conversations.get(id)?.members.get(&person).copied();
        let began_before_end = |a: &Membership, b: &Membership| b.until.is_none_or(|until| a.since <= until);
        state.ever.get(&one).into_iter().flatten().any(|id| match (stay(id, one), stay(id, other)) {
            (Some(a), Some(b)) => began_before_end(&a, &b) && began_before_end(&b, &a),
            _ => false,
        })
    }

    /// The person's stay in a conversation, past or present.
    ///
    /// # Errors
    /// `conversation_not_found` for whoever never was a member: the same as for one that does not exist.
    pub fn stay(&self, conversation: ConversationId, person: PersonId) -> Result<Membership, Error> {
        self.get(conversation)
            .and_then(|entry| entry.members.get(&person).copied())
            .ok_or_else(|| Code::ConversationNotFound.into())
    }

    /// The person's present membership.
    ///
    /// # Errors
    /// `conversation_not_found` for everybody else.
    pub fn member(&self, conversation: ConversationId, person: PersonId) -> Result<Membership, Error> {
        let stay = self.stay(conversation, person)?;
        if stay.until.is_some() { Err(Code::ConversationNotFound.into()) } else { Ok(stay) }
    }
}
