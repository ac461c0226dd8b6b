//! The timeline of an open conversation.

use std::collections::{BTreeMap, VecDeque};

use super::{FILL_AT_MOST, change};
use crate::conversation::{Entry, Event, HistoryPage, Message};
use crate::ids::{ClientId, RecordId};

/// A stretch of a conversation without a hole. It ends at the newest event, or before it: what is far from what
/// the reader sees may be dropped ([`Log::trim`]) and asked for again.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Log {
    /// By seq.
    pub entries: BTreeMap<u64, Entry>,
    /// Every event up to here is applied.
    pub seq: u64,
    /// Up to here no entry is missing; equal to `seq` unless the stretch ends before the newest event.
    pub upto: u64,
    /// Whether the server has older entries.
    pub more_before: bool,
    /// Where a loaded message stands.
    places: BTreeMap<RecordId, u64>,
    /// The last events that touched messages, oldest first. A page that was read before them and arrives after them
    /// would show those messages as they were.
    touches: VecDeque<Event>,
    /// `touches` has all events after this one. A page that was read before is of no use.
    since: u64,
}

impl Log {
    /// A log that begins with the newest page.
    pub(super) fn of(page: &HistoryPage) -> Self {
        let mut log = Self {
            seq: page.as_of,
            upto: page.as_of,
            since: page.as_of,
            more_before: page.more,
            ..Self::default()
        };
        for entry in &page.entries {
            log.put(entry);
        }
        log
    }

    /// Whether the newest event is among what is loaded.
    pub fn is_at_end(&self) -> bool {
        self.upto >= self.seq
    }

    /// Shows another stretch of the conversation: a page that was asked for with `before`.
    pub(super) fn jump(&mut self, page: &HistoryPage, before: Option<u64>) {
        if page.as_of < self.since {
            return;
        }
        self.entries.clear();
        self.places.clear();
        self.upto = self.reach(page, before);
        self.more_before = page.more;
        let known = self.seq;
        for entry in page.entries.iter().filter(|entry| entry.seq() <= known) {
            self.put(entry);
        }
    }

    /// Drops what is older than `from` or newer than `to`; never everything.
    pub(super) fn trim(&mut self, from: u64, to: u64) {
        if from > to || self.entries.range(from..=to).next().is_none() {
            return;
        }
        let newer = self.entries.split_off(&to.saturating_add(1));
        if !newer.is_empty() {
            self.upto = self.upto.min(to);
        }
        let kept = self.entries.split_off(&from);
        let older = std::mem::replace(&mut self.entries, kept);
        self.more_before |= !older.is_empty();
        for entry in older.values().chain(newer.values()) {
            if let Entry::Message { message } = entry {
                self.places.remove(&message.id);
            }
        }
    }

    /// Up to where a page is complete, as far as it matters here.
    fn reach(&self, page: &HistoryPage, before: Option<u64>) -> u64 {
        let asked = before.map_or(page.as_of, |before| before.saturating_sub(1));
        asked.min(page.as_of).min(self.seq)
    }

    /// Seq of the oldest entry loaded.
    pub fn oldest(&self) -> Option<u64> {
        self.entries.first_key_value().map(|(seq, _)| *seq)
    }

    /// A loaded message.
    pub fn message(&self, id: RecordId) -> Option<&Message> {
        match self.entries.get(self.places.get(&id)?)? {
            Entry::Message { message } => Some(message),
            Entry::Note { .. } => None,
        }
    }

    /// Loaded messages, oldest first.
    pub fn messages(&self) -> impl DoubleEndedIterator<Item = &Message> {
        self.entries.values().filter_map(|entry| match entry {
            Entry::Message { message } => Some(message),
            Entry::Note { .. } => None,
        })
    }

    /// Whether a loaded message was sent under this id.
    pub fn has_client_id(&self, id: ClientId) -> bool {
        self.messages().rev().any(|message| message.client_id == Some(id))
    }

    /// Puts the entries of a page in front of, behind or over what is loaded. What is newer than `seq` is left out:
    /// its events are on their way or will be asked for. A page that leaves a hole is ignored.
    pub(super) fn merge(&mut self, page: &HistoryPage, before: Option<u64>) {
        // A jump to what has not been heard of yet shows nothing: whatever comes begins behind `upto`.
        let next = self.upto.saturating_add(1);
        let oldest = self.oldest().unwrap_or(next);
        let upto = self.reach(page, before);
        let reaches = page.entries.first().map(Entry::seq);
        let below = upto.saturating_add(1) < oldest;
        let above = page.more && reaches.is_none_or(|seq| seq > next);
        if below || above || page.as_of < self.since {
            return;
        }
        let known = self.seq;
        for entry in page.entries.iter().filter(|entry| entry.seq() <= known) {
            self.put(entry);
        }
        self.upto = self.upto.max(upto);
        if reaches.is_none_or(|seq| seq <= oldest) {
            self.more_before = page.more;
        }
    }

    /// Applies the next event; others are repetitions, or come before what is missing.
    pub(super) fn apply(&mut self, event: &Event) {
        if event.seq != self.seq + 1 {
            return;
        }
        let at_end = self.is_at_end();
        self.seq = event.seq;
        if at_end {
            self.upto = event.seq;
        }
        if change::is_note(event) {
            if at_end {
                self.put(&Entry::Note { event: event.clone() });
            }
        } else if let Some(message) = change::message(event) {
            if at_end {
                self.put(&Entry::Message { message });
            }
        } else if let Some(id) = change::target(event) {
            if let Some(Entry::Message { message }) =
                self.places.get(&id).and_then(|seq| self.entries.get_mut(seq))
            {
                change::touch(message, event);
            }
            self.touches.push_back(event.clone());
            while let Some(oldest) = self.touches.front()
                && oldest.seq + FILL_AT_MOST < self.seq
            {
                self.since = oldest.seq;
                self.touches.pop_front();
            }
        }
    }

    /// Puts an entry in its place, unless what stands there is as new.
    fn put(&mut self, entry: &Entry) {
        let mut entry = entry.clone();
        if let Entry::Message { message } = &mut entry {
            if self.message(message.id).is_some_and(|known| known.revision >= message.revision) {
                return;
            }
            let id = message.id;
            for event in self.touches.iter().filter(|event| change::target(event) == Some(id)) {
                change::touch(message, event);
            }
            self.places.insert(message.id, message.seq);
        }
        self.entries.insert(entry.seq(), entry);
    }
}
