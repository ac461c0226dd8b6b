//! The reader's own texts that were not delivered at once: those that wait for an officer, and those that were refused.
//!
//! What must stay true: a text is never shown as waiting and as delivered. It leaves with its message, which carries the same
//! client id, or when the server says that it is over.

use super::{ClientState, ConversationState, Effects};
use crate::acceptable_use::Attempt;
use crate::command::{Attempts, Command};
use crate::ids::{ClientId, ConversationId, RecordId};

impl ClientState {
    /// What to ask to know which texts wait in a conversation; nothing when that is known on this line.
    pub fn waiting(&self, conversation: ConversationId) -> Option<Command> {
        let known = self.conversations.get(&conversation)?;
        (!known.attempts_known).then(|| Attempts { conversation }.into())
    }

    /// A text waits, or was refused.
    pub(super) fn waits(&mut self, attempt: &Attempt, effects: &mut Effects) {
        effects.seen.push(attempt.client_id);
        if let Some(known) = self.conversations.get_mut(&attempt.conversation) {
            known.waits(attempt);
        }
    }

    /// A text is not to be shown any more.
    pub(super) fn over(&mut self, conversation: ConversationId, attempt: RecordId) {
        if let Some(known) = self.conversations.get_mut(&conversation) {
            known.over(attempt);
        }
    }

    pub(super) fn apply_attempts(&mut self, conversation: ConversationId, attempts: &[Attempt]) -> Effects {
        let mut effects = Effects::default();
        if let Some(known) = self.conversations.get_mut(&conversation) {
            known.attempts_known = true;
            known.attempts.clear();
            for attempt in attempts {
                effects.seen.push(attempt.client_id);
                known.waits(attempt);
            }
        }
        effects
    }
}

impl ConversationState {
    fn waits(&mut self, attempt: &Attempt) {
        // The answer may come behind the message.
        if self.log.as_ref().is_some_and(|log| log.has_client_id(attempt.client_id)) {
            return;
        }
        match self.attempts.iter_mut().find(|known| known.id == attempt.id) {
            Some(known) => known.clone_from(attempt),
            None => self.attempts.push(attempt.clone()),
        }
    }

    pub(super) fn over(&mut self, attempt: RecordId) {
        self.attempts.retain(|known| known.id != attempt);
    }

    /// A message is on the record.
    pub(super) fn delivered(&mut self, id: ClientId) {
        self.attempts.retain(|known| known.client_id != id);
    }
}

#[cfg(test)]
mod tests;
