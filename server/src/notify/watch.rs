//! Follows the journal: who has had something unread for long enough that it is to be decided whether a mail goes.
//!
//! Only messages that are old enough are looked at, so whoever reads in time costs nothing but a look at their mark.

use std::collections::{BTreeSet, HashMap};

use chancery_protocol::Micros;
use chancery_protocol::ids::{ConversationId, PersonId};
use chancery_protocol::mail::Wait;

use super::Notifier;
use super::pairs::{self, Pair};
use crate::conversations::store::{ReadUpTo, read_up_to};
use crate::ground::db::Conn;
use crate::ground::error::{Code, Error};
use crate::messaging::unread::Posted;

/// Messages that are looked at together.
const STRETCH: i64 = 1_000;
/// Rows that are written together: short, so that chat does not wait.
const WRITTEN: usize = 200;

/// What was said in a conversation.
#[derive(Default)]
struct Said {
    /// The newest message, and whose it is.
    newest: u64,
    author: Option<PersonId>,
    /// The newest message of anybody else.
    others: u64,
    /// The newest message that mentions somebody.
    mentions: HashMap<PersonId, u64>,
    /// The newest urgent one.
    urgent: u64,
}

impl Said {
    fn add(&mut self, posted: &Posted) {
        if self.author != Some(posted.author) {
            self.others = self.newest;
            self.author = Some(posted.author);
        }
        self.newest = posted.ordinal;
        for person in &posted.mentions {
            self.mentions.insert(*person, posted.ordinal);
        }
        if posted.urgent {
            self.urgent = posted.ordinal;
        }
    }

    /// The newest message that is not theirs.
    fn for_(&self, person: PersonId) -> u64 {
        if self.author == Some(person) { self.others } else { self.newest }
    }
}

/// What is to be written.
#[derive(Default)]
struct Found {
    new: Vec<Pair>,
    changed: Vec<(Pair, Pair)>,
}

impl Notifier {
    /// Looks at messages that have come of age. Whether there is more to do at once.
    pub(super) fn watch(&self, now: Micros) -> Result<bool, Error> {
        let after = Micros::from(self.settings.now().settings.house.after_minutes) * 60_000_000;
        if self.asleep_until() > now - after {
            return Ok(false);
        }
        let mut conn = self.messaging.journal.db().reader()?;
        let cursor = pairs::cursor(&mut conn)?;
        let stretch = self.messaging.posted(&mut conn, cursor, now - after, STRETCH)?;
        self.sleep_until(stretch.next_at.unwrap_or(Micros::MIN));
        if stretch.position == cursor {
            return Ok(false);
        }
        let found = self.unread_by_whom(&mut conn, &stretch.posted, now)?;
        drop(conn);
        let db = self.messaging.journal.db();
        // Each in a transaction of its own: done again they change nothing.
        for new in found.new.chunks(WRITTEN) {
            match db.write_here(|conn| pairs::insert(conn, new)) {
                // Another node looks at the same messages and was quicker.
                Err(error) if error.code == Code::Outdated => return Ok(true),
                other => other?,
            }
        }
        let mut all = true;
        for changed in found.changed.chunks(WRITTEN) {
            all &= db.write_here(|conn| {
                changed.iter().try_fold(true, |all, (old, new)| Ok(pairs::change(conn, old, new)? && all))
            })?;
        }
        // Something of them changed meanwhile: they are looked at again, or whom a message calls would never be known.
        if !all {
            return Ok(true);
        }
        let moved = db.write_here(|conn| pairs::move_cursor(conn, cursor, stretch.position))?;
        Ok(stretch.more || !moved)
    }

    /// Who has not read what was said.
    fn unread_by_whom(&self, conn: &mut Conn, posted: &[Posted], now: Micros) -> Result<Found, Error> {
        let mut said: HashMap<ConversationId, Said> = HashMap::new();
        for one in posted {
            said.entry(one.conversation).or_default().add(one);
        }
        let conversations: BTreeSet<ConversationId> = said.keys().copied().collect();
        // Those of this node that are not in the database yet.
        let waiting = self.marks.waiting_in(&conversations);
        let conversations: Vec<ConversationId> = conversations.into_iter().collect();
        let read = read_up_to(conn, &conversations, None)?;
        let known = pairs::pairs_in(conn, &conversations)?;
        let mut found = Found::default();
        for conversation in conversations {
            let (Some(said), Some(entry)) =
                (said.get(&conversation), self.messaging.roster.get(conversation))
            else {
                continue;
            };
            for (person, stay) in entry.present() {
                let key = (conversation, person);
                let marked = read.get(&key).copied().unwrap_or(ReadUpTo::default()).ordinal;
                let waiting = waiting.get(&key).map_or(0, |mark| mark.read);
                let read = marked.max(waiting).max(stay.since_ordinal);
                if said.for_(person) <= read || !self.may_be_mailed(person) {
                    continue;
                }
                let mentioned = said.mentions.get(&person).copied().filter(|at| *at > read).unwrap_or(0);
                let urgent = if said.urgent > read { said.urgent } else { 0 };
                match known.get(&key) {
                    None => {
                        found.new.push(Pair { mentioned, urgent, ..Pair::new(person, conversation, now) });
                    }
                    Some(old) => found.changed.extend(more(old, mentioned, urgent, now)),
                }
            }
        }
        // Every node writes in the same order, also what it decides: none waits for one that waits for it.
        found.new.sort_by_key(|pair| (pair.person, pair.conversation));
        found.changed.sort_by_key(|(pair, _)| (pair.person, pair.conversation));
        Ok(found)
    }

    /// Whether it is somebody who gets mail at all; whether they may sign in and have an address is decided later, and can be explained
    /// then.
    fn may_be_mailed(&self, person: PersonId) -> bool {
        self.messaging.directory.get(person).is_some_and(|entry| !entry.person.bot)
    }
}

/// A pair of which something was known, with more that is unread; nothing when that changes nothing.
fn more(old: &Pair, mentioned: u64, urgent: u64, now: Micros) -> Option<(Pair, Pair)> {
    let called = mentioned > old.mentioned || urgent > old.urgent;
    let new = Pair {
        mentioned: old.mentioned.max(mentioned),
        urgent: old.urgent.max(urgent),
        due_at: match old.due_at {
            _ if called => Some(now),
            Some(due) => Some(due),
            None => Some(old.next_at.max(now)),
        },
        wait: if called || old.due_at.is_none() { Wait::Unread } else { old.wait },
        ..*old
    };
    (new != *old).then_some((*old, new))
}

#[cfg(test)]
mod tests {
    use chancery_protocol::ids::Id;

    use super::*;

    fn posted(ordinal: u64, author: u8) -> Posted {
        Posted {
            conversation: ConversationId::from_bytes([1; 16]),
            ordinal,
            author: PersonId::from_bytes([author; 16]),
            mentions: Vec::new(),
            urgent: false,
        }
    }

    #[test]
    fn what_one_said_oneself_is_not_unread() {
        let mut said = Said::default();
        for (ordinal, author) in [(4, 1), (5, 1), (6, 2), (7, 3), (8, 3)] {
            said.add(&posted(ordinal, author));
        }
        let newest = |author: u8| said.for_(PersonId::from_bytes([author; 16]));
        assert_eq!((newest(1), newest(2), newest(3)), (8, 8, 6));
    }

    #[test]
    fn being_called_ends_every_wait() {
        let (person, conversation) = (PersonId::from_bytes([1; 16]), ConversationId::from_bytes([2; 16]));
        let old = Pair {
            due_at: Some(900),
            wait: Wait::Daily,
            next_at: 500,
            mentioned: 3,
            ..Pair::new(person, conversation, 100)
        };
        assert_eq!(more(&old, 0, 0, 200), None, "it is waited for already");
        assert_eq!(more(&old, 3, 0, 200), None, "of that mention it is known");
        let (_, called) = more(&old, 4, 0, 200).unwrap();
        assert_eq!((called.due_at, called.wait, called.mentioned), (Some(200), Wait::Unread, 4));
        let idle = Pair { due_at: None, ..old };
        assert_eq!(more(&idle, 0, 0, 200).unwrap().1.due_at, Some(500), "no sooner than it may");
        assert_eq!(more(&idle, 0, 9, 200).unwrap().1.due_at, Some(200));
    }
}
