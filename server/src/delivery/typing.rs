//! Typing is passed on at most every three seconds per person and conversation, and never stored.

use std::collections::HashMap;

use chancery_protocol::Micros;
use chancery_protocol::frame::Frame;
use chancery_protocol::ids::{ConversationId, PersonId};

use super::hub::{Hub, serialise};
use crate::conversations::Entry;

const AGAIN_AFTER: Micros = 3_000_000;
/// More than this many remembered, and those that count no more are dropped.
const MANY: usize = 10_000;

/// When somebody was last passed on as typing.
#[derive(Default)]
pub struct Typings(HashMap<(PersonId, ConversationId), Micros>);

impl Typings {
    /// Whether it is time to pass it on.
    fn due(&mut self, person: PersonId, conversation: ConversationId, now: Micros) -> bool {
        if self.0.len() > MANY {
            self.0.retain(|_, last| now - *last < AGAIN_AFTER);
        }
        let last = self.0.entry((person, conversation)).or_insert(Micros::MIN / 2);
        let due = now - *last >= AGAIN_AFTER;
        if due {
            *last = now;
        }
        due
    }
}

impl Hub {
    /// Tells the other members who are connected here.
    pub fn typing(&self, person: PersonId, conversation: ConversationId, entry: &Entry, now: Micros) {
        let due = self.typings.lock().unwrap_or_else(std::sync::PoisonError::into_inner).due(
            person,
            conversation,
            now,
        );
        let Some(text) = due.then(|| serialise(&Frame::Typing { conversation, person })).flatten() else {
            return;
        };
        for (member, _) in entry.present().filter(|(member, _)| *member != person) {
            self.of(member).iter().for_each(|socket| socket.send(text.clone()));
        }
    }
}
