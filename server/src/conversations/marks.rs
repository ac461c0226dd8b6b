//! How far messages have reached people and been read: monotone, coalesced in memory, written once a second.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, PoisonError};

use chancery_protocol::conversation::MemberMark;
use chancery_protocol::ids::{ConversationId, PersonId};

use super::store;
use crate::ground::db::Db;
use crate::ground::error::Error;

/// Marks by conversation and person.
pub type ByMember = HashMap<(ConversationId, PersonId), MemberMark>;

/// Marks not yet written, and marks not yet told to those who look.
#[derive(Default)]
pub struct Marks {
    waiting: Mutex<ByMember>,
    news: Mutex<ByMember>,
}

fn put(marks: &Mutex<ByMember>, conversation: ConversationId, mark: MemberMark) {
    let mut marks = marks.lock().unwrap_or_else(PoisonError::into_inner);
    marks.entry((conversation, mark.person)).and_modify(|known| *known = known.max(mark)).or_insert(mark);
}

impl Marks {
    /// A person has read up to here; the database hears of it within a second.
    pub fn read(&self, conversation: ConversationId, person: PersonId, read: u64) {
        self.raise(conversation, MemberMark { person, received: read, read });
    }

    /// Messages up to here have reached a device of the person.
    pub fn received(&self, conversation: ConversationId, person: PersonId, received: u64) {
        self.raise(conversation, MemberMark { person, received, read: 0 });
    }

    fn raise(&self, conversation: ConversationId, mark: MemberMark) {
        put(&self.waiting, conversation, mark);
        put(&self.news, conversation, mark);
    }

    /// Marks in these conversations that are not in the database yet. Ask before the database: a mark that is written in between is
    /// then seen twice, the other way round not at all.
    pub fn waiting_in(&self, conversations: &BTreeSet<ConversationId>) -> ByMember {
        let waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let among = waiting.iter().filter(|((at, _), _)| conversations.contains(at));
        among.map(|(key, mark)| (*key, *mark)).collect()
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
        let taken: ByMember = {
            let waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
            waiting.clone()
        };
        if taken.is_empty() {
            return Ok(());
        }
        let mut rows: Vec<_> = taken.iter().map(|((at, _), mark)| (*at, *mark)).collect();
        // Always in the same order, so that two nodes never wait for each other's rows.
        rows.sort_unstable_by_key(|(at, mark)| (*at, mark.person));
        db.write(move |conn| store::raise_marks(conn, &rows)).await?;
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.retain(|key, mark| taken.get(key) != Some(mark));
        Ok(())
    }
}
