//! How far people have read: monotone, coalesced in memory, written once a second.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use chancery_protocol::ids::{ConversationId, PersonId};

use super::store;
use crate::ground::db::Db;
use crate::ground::error::Error;

/// Marks not yet written, by conversation and person.
#[derive(Default)]
pub struct Marks {
    waiting: Mutex<HashMap<(ConversationId, PersonId), u64>>,
}

impl Marks {
    /// Moves a mark forward; the database hears of it within a second.
    pub fn raise(&self, conversation: ConversationId, person: PersonId, read: u64) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let mark = waiting.entry((conversation, person)).or_default();
        *mark = (*mark).max(read);
    }

    /// A person's marks that are not in the database yet.
    pub fn waiting_of(&self, person: PersonId) -> Vec<(ConversationId, u64)> {
        let waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.iter().filter(|((_, of), _)| *of == person).map(|((at, _), read)| (*at, *read)).collect()
    }

    /// Writes what is waiting. What cannot be written waits on.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn flush(&self, db: &Db) -> Result<(), Error> {
        let taken: HashMap<_, _> = {
            let waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
            waiting.clone()
        };
        if taken.is_empty() {
            return Ok(());
        }
        let mut rows: Vec<_> = taken.iter().map(|(&(at, person), &read)| (at, person, read)).collect();
        // Always in the same order, so that two nodes never wait for each other's rows.
        rows.sort_unstable();
        db.write(move |conn| store::raise_marks(conn, &rows)).await?;
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.retain(|key, read| taken.get(key).is_none_or(|written| written < read));
        Ok(())
    }
}
