//! From a log and the messages on their way to the rows of a timeline: days, the divider before the unread, groups.
//!
//! Messages of one person within five minutes of each other form a group under one head. A row keeps its key from the moment a
//! message is written until long after it is on the record, so that the page changes it in place. Own texts that rules keep back stand
//! where they were written; the one that a rule asks about stands nowhere, but in the question.

use std::cell::Cell;
use std::collections::BTreeMap;

use chancery_protocol::Micros;
use chancery_protocol::acceptable_use::{Attempt, Notice};
use chancery_protocol::conversation::{Acknowledgement, Content, Entry, Event, Message};
use chancery_protocol::ids::{ClientId, PersonId, RecordId};
use chancery_protocol::outbox::{Pending, Progress};
use chancery_protocol::state::Log;

use crate::logic::acts::Acts;

/// Messages of one person form a group when they are no further apart than this.
const GROUP: Micros = 5 * 60 * 1_000_000;

/// What a row is, and its name across changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// A new day; days since 1970 of the reader's calendar.
    Day(i64),
    /// Everything below is unread.
    New,
    /// The conversation began; by seq.
    Note(u64),
    /// A message of somebody.
    Message(RecordId),
    /// An own message of this device.
    Own(ClientId),
}

impl Key {
    /// As text, for the page.
    pub fn name(self) -> String {
        match self {
            Self::Day(day) => format!("day-{day}"),
            Self::New => "new".to_owned(),
            Self::Note(seq) => format!("note-{seq}"),
            Self::Message(id) => format!("message-{id}"),
            Self::Own(id) => format!("own-{id}"),
        }
    }
}

/// How far a message is.
#[derive(Debug, Clone, PartialEq)]
pub enum Stage {
    /// On the record.
    Sent,
    /// On its way.
    Sending,
    /// To be sent when there is a line.
    Waiting,
    /// Refused, and why.
    Failed(Box<chancery_protocol::problem::Problem>),
    /// Kept back: [`Item::held`] says how it stands.
    Held,
}

/// A message as the timeline shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// Its record, once there is one.
    pub id: Option<RecordId>,
    /// What its writer called it.
    pub client_id: Option<ClientId>,
    /// Counts messages; 0 while on its way.
    pub ordinal: u64,
    /// Who.
    pub author: PersonId,
    /// When.
    pub at: Micros,
    /// What.
    pub content: Content,
    /// When it was last edited.
    pub edited_at: Option<Micros>,
    /// Who reacted with what.
    pub reactions: Vec<chancery_protocol::conversation::ReactionCount>,
    /// Whether it asks everybody else to acknowledge it.
    pub urgent: bool,
    /// Who did.
    pub acknowledged: Vec<Acknowledgement>,
    /// Whether the reader's acknowledgement is on its way.
    pub acknowledging: bool,
    /// How far.
    pub stage: Stage,
    /// An edit, deletion or restoration on its way, by its client id.
    pub change: Option<(ClientId, Stage)>,
    /// Reactions of the reader on their way.
    pub reacting: Vec<String>,
    /// The text, or another one for it, that waits for an officer or was refused by one.
    pub held: Option<Attempt>,
    /// The message it answers.
    pub reply_to: Option<RecordId>,
    /// Its place in the log; 0 while on its way.
    pub seq: u64,
    /// Whether it begins a group.
    pub head: bool,
}

impl Item {
    /// Which rules keep its text back.
    pub fn notices(&self) -> &[Notice] {
        match (&self.stage, &self.change, &self.held) {
            (Stage::Failed(problem), ..) | (_, Some((_, Stage::Failed(problem))), _) => &problem.notices,
            (Stage::Held, _, Some(attempt)) => &attempt.notices,
            _ => &[],
        }
    }
}

/// A row.
#[derive(Debug, Clone, PartialEq)]
pub enum Row {
    /// A divider with the time of its first message.
    Day(Micros),
    /// The divider before the unread.
    New,
    /// The beginning.
    Note(Event),
    /// A message.
    Message(Box<Item>),
}

/// The rows, in order and by key.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Timeline {
    /// Top to bottom.
    pub keys: Vec<Key>,
    /// By key.
    pub rows: BTreeMap<Key, Row>,
    /// Ordinal of the newest message on the record.
    pub newest: u64,
    /// Whether the newest event is among what is loaded.
    pub at_end: bool,
    /// Whether there are older entries than those loaded.
    pub more_before: bool,
    last: Option<(PersonId, Micros)>,
    day: Option<i64>,
    parted: bool,
}

impl Timeline {
    /// The rows of a log, of what is on its way and of what is kept back. `unread_after` is the ordinal after which the divider
    /// stands; `day_of` numbers days in the reader's zone.
    pub fn of<'a>(
        log: &Log,
        pending: impl Iterator<Item = &'a Pending>,
        attempts: &[Attempt],
        me: Option<PersonId>,
        unread_after: Option<u64>,
        acts: &Acts,
        day_of: impl Fn(Micros) -> i64,
    ) -> Self {
        let mut timeline = Self { at_end: log.is_at_end(), more_before: log.more_before, ..Self::default() };
        let day_of = by_quarters(day_of);
        let (aside, on_its_way) = parted(pending, attempts, me);
        let mut aside = aside.into_iter().peekable();
        for entry in log.entries.values() {
            let at = match entry {
                Entry::Note { event } => event.at,
                Entry::Message { message } => message.at,
            };
            while let Some((key, item)) = aside.next_if(|(_, item)| item.at < at) {
                // What is older than all that is loaded stands further up.
                if timeline.day.is_some() || !log.more_before {
                    timeline.day(item.at, &day_of);
                    timeline.message(key, item);
                }
            }
            match entry {
                Entry::Note { event } => {
                    timeline.day(event.at, &day_of);
                    timeline.push(Key::Note(event.seq), Row::Note(event.clone()));
                    timeline.last = None;
                }
                Entry::Message { message } => {
                    timeline.day(message.at, &day_of);
                    timeline.divide(message, me, unread_after);
                    timeline.newest = timeline.newest.max(message.ordinal);
                    let own = message.client_id.filter(|_| Some(message.author) == me);
                    let mut item = item(message);
                    item.held = attempts.iter().find(|one| one.message == Some(message.id)).cloned();
                    if let Some(me) = me.filter(|_| !acts.is_empty()) {
                        acts.overlay(&mut item, me);
                    }
                    timeline.message(own.map_or(Key::Message(message.id), Key::Own), item);
                }
            }
        }
        // What is on its way stands behind the newest message.
        for (key, item) in aside.chain(on_its_way).filter(|_| log.is_at_end()) {
            timeline.day(item.at, &day_of);
            timeline.message(key, item);
        }
        timeline
    }

    fn push(&mut self, key: Key, row: Row) {
        if self.rows.insert(key, row).is_none() {
            self.keys.push(key);
        }
    }

    fn day(&mut self, at: Micros, day_of: &impl Fn(Micros) -> i64) {
        let day = day_of(at);
        // A clock that ran ahead elsewhere makes no second divider for a day that is over.
        if self.day.is_none_or(|before| before < day) {
            self.day = Some(day);
            self.last = None;
            self.push(Key::Day(day), Row::Day(at));
        }
    }

    fn divide(&mut self, message: &Message, me: Option<PersonId>, unread_after: Option<u64>) {
        let Some(read) = unread_after.filter(|_| !self.parted) else { return };
        if message.ordinal > read && Some(message.author) != me {
            self.parted = true;
            // What begins in the midst of the unread shows no divider: the first unread message is further up.
            if self.newest >= read || !self.more_before {
                self.last = None;
                self.push(Key::New, Row::New);
            }
        }
    }

    fn message(&mut self, key: Key, mut item: Item) {
        // What is urgent says so in a head of its own, which is not that of what follows.
        let apart = self.last.is_none_or(|(author, at)| author != item.author || item.at - at > GROUP);
        item.head = apart || item.urgent;
        self.last = (!item.urgent).then_some((item.author, item.at));
        self.push(key, Row::Message(Box::new(item)));
    }

    /// Where a message stands.
    pub fn place_of(&self, id: RecordId) -> Option<usize> {
        self.keys.iter().position(|key| self.item(*key).is_some_and(|item| item.id == Some(id)))
    }

    /// The message of a row.
    pub fn item(&self, key: Key) -> Option<&Item> {
        match self.rows.get(&key) {
            Some(Row::Message(item)) => Some(item.as_ref()),
            _ => None,
        }
    }

    /// The place in the log of the row at `at`, or of the next one that has any.
    pub fn seq_from(&self, at: usize) -> Option<u64> {
        self.keys.iter().skip(at).find_map(|key| self.seq(*key))
    }

    /// The place in the log of the row at `at`, or of the last one before it that has any.
    pub fn seq_up_to(&self, at: usize) -> Option<u64> {
        self.keys.iter().take(at + 1).rev().find_map(|key| self.seq(*key))
    }

    fn seq(&self, key: Key) -> Option<u64> {
        match self.rows.get(&key)? {
            Row::Message(item) => Some(item.seq).filter(|seq| *seq > 0),
            Row::Note(event) => Some(event.seq),
            Row::Day(_) | Row::New => None,
        }
    }

    /// The own message that ↑ edits: the newest that is text and on the record.
    pub fn last_own(&self, me: PersonId) -> Option<&Item> {
        self.keys.iter().rev().find_map(|key| match self.rows.get(key) {
            Some(Row::Message(item))
                if item.author == me && item.id.is_some() && matches!(item.content, Content::Text { .. }) =>
            {
                Some(item.as_ref())
            }
            _ => None,
        })
    }
}

/// Zones differ from UTC by quarters of an hour, so a day begins with one; asked once for each quarter.
fn by_quarters(day_of: impl Fn(Micros) -> i64) -> impl Fn(Micros) -> i64 {
    const QUARTER: Micros = 15 * 60 * 1_000_000;
    let last = Cell::new(None::<(Micros, i64)>);
    move |at| {
        let quarter = at.div_euclid(QUARTER);
        match last.get() {
            Some((known, day)) if known == quarter => day,
            _ => {
                let day = day_of(at);
                last.set(Some((quarter, day)));
                day
            }
        }
    }
}

/// Own messages and their rows' names.
type Own = Vec<(Key, Item)>;

/// Rows of one's own that are not in the log: those that rules keep back, oldest first, and those on their way.
fn parted<'a>(
    pending: impl Iterator<Item = &'a Pending>,
    attempts: &[Attempt],
    me: Option<PersonId>,
) -> (Own, Own) {
    let Some(me) = me else { return (Own::new(), Own::new()) };
    let asked_about = |pending: &&Pending| matches!(pending.progress, Progress::Warned { .. });
    let (mut aside, mut on_its_way) = (Own::new(), Own::new());
    let mut keep = |key, item: Item| {
        // Few as they are, each is put where it belongs.
        let place = aside.partition_point(|(_, one)| one.at <= item.at);
        aside.insert(place, (key, item));
    };
    for pending in pending.filter(|pending| !asked_about(pending)) {
        let (key, item) = (Key::Own(pending.send.client_id), pending_item(pending, me));
        if item.notices().is_empty() {
            on_its_way.push((key, item));
        } else {
            keep(key, item);
        }
    }
    for attempt in attempts.iter().filter(|attempt| attempt.message.is_none()) {
        keep(Key::Own(attempt.client_id), held_item(attempt, me));
    }
    (aside, on_its_way)
}

fn held_item(attempt: &Attempt, me: PersonId) -> Item {
    Item {
        stage: Stage::Held,
        held: Some(attempt.clone()),
        urgent: attempt.urgent,
        ..own(attempt.client_id, attempt.at, attempt.text.clone(), attempt.reply_to, me)
    }
}

/// An own message that is not on the record.
fn own(client_id: ClientId, at: Micros, text: String, reply_to: Option<RecordId>, author: PersonId) -> Item {
    Item {
        id: None,
        client_id: Some(client_id),
        ordinal: 0,
        author,
        at,
        content: Content::Text { text, mentions: Vec::new() },
        edited_at: None,
        reactions: Vec::new(),
        urgent: false,
        acknowledged: Vec::new(),
        acknowledging: false,
        stage: Stage::Sending,
        change: None,
        reacting: Vec::new(),
        held: None,
        reply_to,
        seq: 0,
        head: true,
    }
}

fn item(message: &Message) -> Item {
    Item {
        id: Some(message.id),
        client_id: message.client_id,
        ordinal: message.ordinal,
        author: message.author,
        at: message.at,
        content: message.content.clone(),
        edited_at: message.edited_at,
        reactions: message.reactions.clone(),
        urgent: message.urgent,
        acknowledged: message.acknowledged.clone(),
        acknowledging: false,
        stage: Stage::Sent,
        change: None,
        reacting: Vec::new(),
        held: None,
        reply_to: message.reply_to,
        seq: message.seq,
        head: true,
    }
}

fn pending_item(pending: &Pending, me: PersonId) -> Item {
    let Pending { send, written_at, progress, .. } = pending;
    Item {
        stage: match progress {
            Progress::Waiting { .. } => Stage::Waiting,
            Progress::Sending | Progress::Recorded(_) | Progress::Warned { .. } => Stage::Sending,
            Progress::Failed(problem) => Stage::Failed(Box::new(problem.clone())),
        },
        urgent: send.urgent,
        ..own(send.client_id, *written_at, send.text.clone(), send.reply_to, me)
    }
}

#[cfg(test)]
mod tests;
