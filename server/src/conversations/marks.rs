//! How far messages have reached people and been read: monotone, coalesced in memory, written once a second.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, PoisonError};

use chancery_protocol::Micros;
use chancery_protocol::conversation::MemberMark;
use chancery_protocol::ids::{ConversationId, PersonId, SessionId};

use super::store;
use crate::ground::db::Db;
use crate::ground::error::Error;

/// Marks by conversation and person.
pub type ByMember = HashMap<(ConversationId, PersonId), MemberMark>;

/// When somebody read up to their mark, and on which of their sessions, where that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// When.
    pub at: Micros,
    /// Where.
    pub by: Option<SessionId>,
}

/// A mark on its way to the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Raised {
    pub mark: MemberMark,
    /// Of `mark.read`.
    pub seen: Option<Seen>,
}

impl Raised {
    fn max(self, other: Self) -> Self {
        let seen = if other.mark.read > self.mark.read { other.seen } else { self.seen };
        Self { mark: self.mark.max(other.mark), seen }
    }
}

/// Marks not yet written, and marks not yet told to those who look.
#[derive(Default)]
pub struct Marks {
    waiting: Mutex<HashMap<(ConversationId, PersonId), Raised>>,
    news: Mutex<ByMember>,
}

impl Marks {
    /// A person has read up to here; the database hears of it within a second.
    pub fn read(&self, conversation: ConversationId, person: PersonId, read: u64, seen: Seen) {
        let mark = MemberMark { person, received: read, read };
        self.raise(conversation, Raised { mark, seen: Some(seen) });
    }

    /// Messages up to here have reached a device of the person.
    pub fn received(&self, conversation: ConversationId, person: PersonId, received: u64) {
        self.raise(conversation, Raised { mark: MemberMark { person, received, read: 0 }, seen: None });
    }

    fn raise(&self, conversation: ConversationId, raised: Raised) {
        let key = (conversation, raised.mark.person);
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.entry(key).and_modify(|known| *known = known.max(raised)).or_insert(raised);
        drop(waiting);
        let mut news = self.news.lock().unwrap_or_else(PoisonError::into_inner);
        news.entry(key).and_modify(|known| *known = known.max(raised.mark)).or_insert(raised.mark);
    }

    /// Marks in these conversations that are not in the database yet. Ask before the database: a mark that is written in between is
    /// then seen twice, the other way round not at all.
    pub fn waiting_in(&self, conversations: &BTreeSet<ConversationId>) -> ByMember {
        let waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let among = waiting.iter().filter(|((at, _), _)| conversations.contains(at));
        among.map(|(key, raised)| (*key, raised.mark)).collect()
    }

    /// What moved since the last call, by conversation.
    pub fn take_news(&self) -> HashMap<ConversationId, Vec<MemberMark>> {
        let news = std::mem::take(&mut *self.news.lock().unwrap_or_else(PoisonError::into_inner));
        let mut by_conversation: HashMap<ConversationId, Vec<MemberMark>> = HashMap::new();
        for ((conversation, _), mark) in news {
            by_conversation.entry(conversation).or_default().push(mark);
        }
        by_conversation
    }

    /// Writes what is waiting. What cannot be written waits on.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn flush(&self, db: &Db) -> Result<(), Error> {
        let taken = {
            let waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
            waiting.clone()
        };
        if taken.is_empty() {
            return Ok(());
        }
        let mut rows: Vec<_> = taken.iter().map(|((at, _), raised)| (*at, *raised)).collect();
        // Always in the same order, so that two nodes never wait for each other's rows.
        rows.sort_unstable_by_key(|(at, raised)| (*at, raised.mark.person));
        db.write(move |conn| store::raise_marks(conn, &rows)).await?;
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.retain(|key, raised| taken.get(key) != Some(raised));
        Ok(())
    }
}
