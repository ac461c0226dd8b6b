//! The timeline of an open conversation.

use std::collections::BTreeMap;

use super::change;
use crate::conversation::{Entry, Event, HistoryPage, Message};
use crate::ids::{ClientId, RecordId};

/// Entries of a conversation from some place on up to `seq`, without a hole.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Log {
    /// By seq.
    pub entries: BTreeMap<u64, Entry>,
    /// Every event up to here is applied.
    pub seq: u64,
    /// Whether the server has older entries.
    pub more_before: bool,
    /// Where a loaded message stands.
    places: BTreeMap<RecordId, u64>,
    /// Events that touched messages which are not loaded. A page that was read before them and arrives after
    /// them would show those messages as they were.
    late: BTreeMap<RecordId, Vec<Event>>,
}

impl Log {
    /// A log that begins with the newest page.
    pub(super) fn of(page: &HistoryPage) -> Self {
        let mut log = Self { seq: page.as_of, more_before: page.more, ..Self::default() };
        for entry in &page.entries {
            log.put(entry);
        }
        log
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

    /// Puts the entries of a page in front of or over what is loaded. What is newer than `seq` is left out: its
    /// events are on their way or will be asked for. A page that leaves a hole is ignored.
    pub(super) fn merge(&mut self, page: &HistoryPage, before: Option<u64>) {
        let oldest = self.oldest();
        if let (Some(before), Some(oldest)) = (before, oldest)
            && before < oldest
        {
            return;
        }
        let reaches = page.entries.first().map(Entry::seq);
        // The newest page touches what is loaded, or there is nothing between them.
        let touches = before.is_some()
            || !page.more
            || oldest.is_none()
            || reaches.is_some_and(|seq| seq <= self.seq.saturating_add(1));
        if !touches {
            return;
        }
        let known = self.seq;
        for entry in page.entries.iter().filter(|entry| entry.seq() <= known) {
            self.put(entry);
        }
        if oldest.is_none_or(|oldest| reaches.is_none_or(|seq| seq <= oldest)) {
            self.more_before = page.more;
        }
    }

    /// Applies the next event; others are repetitions, or come before what is missing.
    pub(super) fn apply(&mut self, event: &Event) {
        if event.seq != self.seq + 1 {
            return;
        }
        self.seq = event.seq;
        if change::is_note(event) {
            self.put(&Entry::Note { event: event.clone() });
        } else if let Some(message) = change::message(event) {
            self.put(&Entry::Message { message });
        } else if let Some(id) = change::target(event) {
            match self.places.get(&id).and_then(|seq| self.entries.get_mut(seq)) {
                Some(Entry::Message { message }) => change::touch(message, event),
                _ => self.late.entry(id).or_default().push(event.clone()),
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
            for event in self.late.remove(&message.id).unwrap_or_default() {
                change::touch(message, &event);
            }
            self.places.insert(message.id, message.seq);
        }
        self.entries.insert(entry.seq(), entry);
    }
}
