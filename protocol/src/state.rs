//! The client's state, and the pure reducer that keeps it: used by the browser, and natively by tests.
//!
//! What must stay true: after any mixture of live events, repetitions, losses, fillings and pages of history,
//! the state of what is loaded equals what the server would answer if asked now. Every conversation has two
//! cursors: `info.last_seq` of its line in the list, and `log.seq` of its log where that is open. An event
//! moves a cursor by exactly one; an older one is ignored, a newer one means that something is missing, which
//! is asked for once and remembered only as a number.
//!
//! [`apply`] takes what the server says by itself, [`ClientState::answered`] what it answers. Both return
//! [`Effects`]: what to ask next, which messages are new, which own commands are now seen to be on the record
//! (for [`crate::outbox::Outbox::seen`]). `log` has the inside of a conversation, `change` what an event does to a
//! message and to a line of the list.

pub(crate) mod change;
mod conversation;
mod log;
#[cfg(test)]
mod tests;
mod waiting;

use std::collections::{BTreeMap, BTreeSet};

use crate::Micros;
use crate::command::{Command, History, Line, Mark};
use crate::conversation::{Change, Content, Conversation, Event, Filling, HistoryPage, MemberMark, Message};
use crate::frame::{Answer, Frame, Hello, MemberList};
use crate::ids::{ClientId, ConversationId, PersonId};
use crate::person::{Person, Presence};
use crate::preferences::Kept;

pub use conversation::ConversationState;
pub use log::Log;

/// How long "is typing" is shown after it was last heard.
pub const TYPING_SHOWN: Micros = 6_000_000;

/// Messages asked for in one page of history.
pub const PAGE: u16 = if cfg!(test) { 5 } else { 60 };

/// A log that is further behind than this is loaded anew instead of being filled.
pub const FILL_AT_MOST: u64 = 1_000;

/// Everything a client knows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ClientState {
    /// Who one is; absent before the first hello.
    pub me: Option<Person>,
    /// Everybody whose name is known.
    pub people: BTreeMap<PersonId, Person>,
    /// Of those looked at; emptied by every hello, after which the client sends `watch` again.
    pub presence: BTreeMap<PersonId, Presence>,
    /// All conversations one is a member of.
    pub conversations: BTreeMap<ConversationId, ConversationState>,
    /// The reader's own arrangements.
    pub preferences: Kept,
    /// Until when somebody is shown as typing; see [`ClientState::typing_in`].
    pub typing: BTreeMap<(ConversationId, PersonId), Micros>,
    /// Conversations heard of that are not in the list yet; their lines have been asked for.
    unknown: BTreeSet<ConversationId>,
}

/// What follows from something the server said.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Effects {
    /// To be asked now, each as a request of its own.
    pub ask: Vec<Command>,
    /// Messages by others that were written while connected, for notifications.
    pub new_messages: Vec<(ConversationId, Message)>,
    /// Own messages that are seen to be on the record, to wait for an officer, or to be decided or taken back.
    pub seen: Vec<ClientId>,
}

/// How many messages of a conversation the reader has not read.
pub fn unread(conversation: &Conversation) -> u64 {
    conversation.last_ordinal.saturating_sub(conversation.read)
}

/// Takes in a frame. `Answer` and `Problem` are not meant for here: their request decides, see
/// [`ClientState::answered`] and [`ClientState::refused`].
pub fn apply(state: &mut ClientState, frame: &Frame, now: Micros) -> Effects {
    let mut effects = Effects::default();
    match frame {
        Frame::Hello(hello) => state.hello(hello, &mut effects),
        Frame::Event { event, people } => {
            state.know(people);
            state.event(event, &mut effects);
        }
        Frame::Read { conversation, read } => state.read_up_to(*conversation, *read),
        Frame::Draft { conversation, text, urgent } => {
            if let Some(known) = state.conversations.get_mut(conversation) {
                known.info.draft.clone_from(text);
                known.info.draft_urgent = *urgent;
            }
        }
        Frame::Preferences(kept) => state.arrange(kept),
        Frame::Typing { conversation, person } => {
            let own = state.me.as_ref().is_some_and(|me| me.id == *person);
            if !own && state.conversations.contains_key(conversation) {
                state.typing.insert((*conversation, *person), now.saturating_add(TYPING_SHOWN));
            }
        }
        Frame::Marks { conversation, marks } => state.mark(*conversation, marks),
        Frame::Presence { people } => {
            state.presence.extend(people.iter().map(|one| (one.person, one.presence)));
        }
        Frame::Person { person } => state.know(std::slice::from_ref(person)),
        Frame::Attempt { attempt } => state.waits(attempt, &mut effects),
        Frame::AttemptOver { conversation, attempt } => state.over(*conversation, *attempt),
        Frame::Answer { .. } | Frame::Problem { .. } | Frame::Goodbye { .. } => {}
    }
    effects
}

impl ClientState {
    /// Takes in the answer to `command`.
    pub fn answered(&mut self, command: &Command, answer: &Answer) -> Effects {
        match (command.inner(), answer) {
            (_, Answer::Waiting { attempt }) => {
                let mut effects = Effects::default();
                self.waits(attempt, &mut effects);
                effects
            }
            // It waited, and was decided or taken back before this answer: another line said so, or its message will.
            (Command::Send(send), Answer::Done) => {
                Effects { seen: vec![send.client_id], ..Effects::default() }
            }
            (Command::Attempts(asked), Answer::Attempts { attempts }) => {
                self.apply_attempts(asked.conversation, attempts)
            }
            (Command::TakeBack(taken), Answer::Done) => {
                self.conversations.values_mut().for_each(|known| known.over(taken.attempt));
                Effects::default()
            }
            (Command::History(asked), Answer::History(page)) => self.apply_history(page, asked.before),
            (Command::Fill(asked), Answer::Filling(filling)) => self.apply_filling(filling, asked.after),
            (_, Answer::Members(list)) => self.apply_members(list),
            (_, Answer::People { people }) => {
                self.know(people);
                Effects::default()
            }
            (_, Answer::Conversation { conversation, people }) => {
                self.apply_conversation(conversation, people)
            }
            // Every now and then: what was refused, when the server had too much to do, is asked for again.
            (Command::Ping(_), _) => {
                let mut effects = Effects::default();
                self.conversations.values_mut().for_each(|known| known.fill_gap(&mut effects));
                effects
            }
            (Command::Mark(mark), Answer::Done) => {
                self.read_up_to(mark.conversation, mark.read);
                Effects::default()
            }
            (Command::SavePreferences(saved), Answer::Done) => {
                let (revision, preferences) = (saved.revision + 1, saved.preferences.clone());
                self.arrange(&Kept { revision, preferences });
                Effects::default()
            }
            (Command::SaveDraft(draft), Answer::Done) => {
                if let Some(known) = self.conversations.get_mut(&draft.conversation) {
                    known.info.draft.clone_from(&draft.text);
                    known.info.draft_urgent = draft.urgent && !draft.text.is_empty();
                }
                Effects::default()
            }
            _ => Effects::default(),
        }
    }

    /// `command` was refused or got no answer: what it asked for may be asked for again.
    pub fn refused(&mut self, command: &Command) {
        match command {
            Command::Fill(fill) => {
                if let Some(known) = self.conversations.get_mut(&fill.conversation) {
                    known.filling = false;
                }
            }
            Command::Line(line) => drop(self.unknown.remove(&line.conversation)),
            Command::History(history) => {
                if let Some(known) = self.conversations.get_mut(&history.conversation)
                    && history.before.is_none()
                {
                    known.opening = false;
                }
            }
            _ => {}
        }
    }

    /// Opens a conversation's log. Answers what to ask: nothing when it is open or has been asked for.
    pub fn open(&mut self, conversation: ConversationId) -> Option<Command> {
        let known = self.conversations.get_mut(&conversation)?;
        if known.log.is_some() || known.opening {
            return None;
        }
        let mut effects = Effects::default();
        known.opening(&mut effects);
        effects.ask.pop()
    }

    /// What to ask for to see older entries of an open log; nothing when there are none.
    pub fn older(&self, conversation: ConversationId) -> Option<Command> {
        let log = self.conversations.get(&conversation)?.log.as_ref()?;
        let before = log.oldest().filter(|_| log.more_before)?;
        Some(History { conversation, before: Some(before), limit: PAGE }.into())
    }

    /// What to ask for to see newer entries of an open log that ends before the newest event.
    pub fn newer(&self, conversation: ConversationId) -> Option<Command> {
        let log = self.conversations.get(&conversation)?.log.as_ref()?;
        // No more messages than events: the page reaches back to what is loaded.
        let before = log.upto.saturating_add(u64::from(PAGE)).saturating_add(1);
        (!log.is_at_end()).then(|| History { conversation, before: Some(before), limit: PAGE }.into())
    }

    /// Shows another stretch of an open log: a page that was asked for with `before`.
    pub fn jump(&mut self, page: &HistoryPage, before: Option<u64>) {
        if let Some(log) = self.conversations.get_mut(&page.conversation).and_then(|known| known.log.as_mut())
        {
            log.jump(page, before);
        }
    }

    /// Drops entries of an open log older than `from` or newer than `to`; they can be asked for again.
    pub fn trim(&mut self, conversation: ConversationId, from: u64, to: u64) {
        if let Some(log) = self.conversations.get_mut(&conversation).and_then(|known| known.log.as_mut()) {
            log.trim(from, to);
        }
    }

    /// Forgets a log; the list keeps following the conversation.
    pub fn close(&mut self, conversation: ConversationId) {
        if let Some(known) = self.conversations.get_mut(&conversation) {
            known.log = None;
        }
    }

    /// Notes that everything there is has been read; answers what to tell the server, if it is news.
    pub fn mark_read(&mut self, conversation: ConversationId) -> Option<Command> {
        let info = &mut self.conversations.get_mut(&conversation)?.info;
        if unread(info) == 0 {
            return None;
        }
        info.read = info.last_ordinal;
        Some(Mark { conversation, read: info.read }.into())
    }

    /// Who is typing in a conversation, and forgets those who no longer are.
    pub fn typing_in(&mut self, conversation: ConversationId, now: Micros) -> Vec<PersonId> {
        self.expire_typing(now);
        self.typing.keys().filter(|(place, _)| *place == conversation).map(|(_, person)| *person).collect()
    }

    /// Forgets who stopped typing; says whether that changed anything.
    pub fn expire_typing(&mut self, now: Micros) -> bool {
        let before = self.typing.len();
        self.typing.retain(|_, until| *until > now);
        self.typing.len() != before
    }

    /// Takes in a page that was asked for with `before`.
    pub fn apply_history(&mut self, page: &HistoryPage, before: Option<u64>) -> Effects {
        let mut effects = Effects::default();
        self.know(&page.people);
        let Some(known) = self.conversations.get_mut(&page.conversation) else { return effects };
        if before.is_none() {
            known.opening = false;
        }
        match (&mut known.log, before) {
            (Some(log), _) => log.merge(page, before),
            (empty @ None, None) => *empty = Some(Log::of(page)),
            // Asked for a log that has been closed since.
            (None, Some(_)) => return effects,
        }
        let me = self.me.as_ref().map(|me| me.id);
        for entry in &page.entries {
            if let crate::conversation::Entry::Message { message } = entry
                && Some(message.author) == me
            {
                effects.seen.extend(message.client_id);
            }
        }
        effects.seen.iter().for_each(|id| known.delivered(*id));
        known.heard = known.heard.max(page.as_of);
        known.fill_gap(&mut effects);
        effects
    }

    /// Takes in what was missing after the seq that was asked for.
    pub fn apply_filling(&mut self, filling: &Filling, after: u64) -> Effects {
        let mut effects = Effects::default();
        self.know(&filling.people);
        let Some(first) = filling.events.first() else {
            if let Some(known) = self.conversations.get_mut(&filling.conversation) {
                known.filling = false;
                // It would be empty again, unless a log was opened since that begins earlier: nothing more is asked until
                // something new is heard.
                if known.cursor() < after {
                    known.fill_gap(&mut effects);
                }
            }
            return effects;
        };
        match self.conversations.get_mut(&filling.conversation) {
            Some(known) => known.jump_to(first.seq, &mut effects),
            // Left in the meantime.
            None => return effects,
        }
        for event in &filling.events {
            self.event(event, &mut effects);
        }
        let Some(known) = self.conversations.get_mut(&filling.conversation) else { return effects };
        known.filling = false;
        if filling.more {
            known.heard = known.heard.max(known.cursor() + 1);
        }
        known.fill_gap(&mut effects);
        effects
    }

    /// Takes in a list of members; one that is older than what was heard since is asked for again.
    pub fn apply_members(&mut self, list: &MemberList) -> Effects {
        let mut effects = Effects::default();
        self.know(&list.people);
        if let Some(known) = self.conversations.get_mut(&list.conversation) {
            known.members = Some(list.members.clone());
            known.members_as_of = list.as_of;
            known.renew_members(&mut effects);
        }
        effects
    }

    /// Takes in a conversation that was opened or made; it may be known already.
    pub fn apply_conversation(&mut self, conversation: &Conversation, people: &[Person]) -> Effects {
        self.know(people);
        let mut effects = Effects::default();
        self.unknown.remove(&conversation.id);
        self.snapshot(conversation, &mut effects);
        effects
    }

    /// Learns who people are, from whatever answer names them.
    pub fn know(&mut self, people: &[Person]) {
        for person in people {
            if let Some(me) = &mut self.me
                && me.id == person.id
            {
                me.clone_from(person);
            }
            self.people.insert(person.id, person.clone());
        }
    }

    fn mark(&mut self, conversation: ConversationId, marks: &[MemberMark]) {
        let Some(known) = self.conversations.get_mut(&conversation) else { return };
        // Nobody has read what is not written.
        let newest = known.info.last_ordinal;
        for mark in marks {
            let mark =
                MemberMark { received: mark.received.min(newest), read: mark.read.min(newest), ..*mark };
            if let Some(other) = known.info.other.as_mut().filter(|other| other.person == mark.person) {
                *other = other.max(mark);
            }
            known.marks.entry(mark.person).and_modify(|known| *known = known.max(mark)).or_insert(mark);
        }
    }

    fn arrange(&mut self, kept: &Kept) {
        if kept.revision > self.preferences.revision {
            self.preferences.clone_from(kept);
        }
    }

    fn read_up_to(&mut self, conversation: ConversationId, read: u64) {
        if let Some(known) = self.conversations.get_mut(&conversation) {
            known.info.read = known.info.read.max(read);
        }
    }

    /// A new connection: what was asked for on the old one will not be answered.
    fn hello(&mut self, hello: &Hello, effects: &mut Effects) {
        self.me = Some(hello.me.clone());
        self.know(&hello.people);
        self.people.insert(hello.me.id, hello.me.clone());
        self.preferences = hello.preferences.clone();
        self.presence.clear();
        self.typing.clear();
        self.unknown.clear();
        let listed: BTreeSet<ConversationId> = hello.conversations.iter().map(|one| one.id).collect();
        self.conversations.retain(|id, _| listed.contains(id));
        for conversation in &hello.conversations {
            let mut reopen = false;
            if let Some(known) = self.conversations.get_mut(&conversation.id) {
                known.filling = false;
                known.attempts_known = false;
                reopen = std::mem::take(&mut known.opening);
                known.heard = conversation.last_seq;
                if known.log.as_ref().is_some_and(|log| log.seq > conversation.last_seq) {
                    // The server knows less than was seen: another history, begun anew.
                    known.log = None;
                    reopen = true;
                }
                let read = if known.info.last_seq <= conversation.last_seq { known.info.read } else { 0 };
                known.info = conversation.clone();
                known.info.read = known.info.read.max(read);
                if known.members_as_of > known.info.last_seq {
                    known.members_as_of = 0;
                }
                known.renew_members(effects);
            }
            self.snapshot(conversation, effects);
            if reopen {
                effects.ask.extend(self.open(conversation.id));
            }
        }
    }

    /// Takes a line of the list as the server states it, unless a newer one is known.
    fn snapshot(&mut self, line: &Conversation, effects: &mut Effects) {
        let Some(known) = self.conversations.get_mut(&line.id) else {
            self.conversations.insert(line.id, ConversationState::new(line.clone()));
            return;
        };
        if line.last_seq > known.info.last_seq {
            let read = known.info.read;
            known.info = line.clone();
            known.info.read = known.info.read.max(read);
            known.renew_members(effects);
        }
        known.heard = known.heard.max(line.last_seq);
        known.fill_gap(effects);
    }

    fn event(&mut self, event: &Event, effects: &mut Effects) {
        let me = self.me.as_ref().map(|me| me.id);
        if let Change::Message { client_id, .. } = &event.change {
            if event.actor == me {
                effects.seen.extend(*client_id);
            }
            if let Some(author) = event.actor {
                self.typing.remove(&(event.conversation, author));
            }
        }
        let Some(known) = self.conversations.get_mut(&event.conversation) else {
            self.first_heard_of(event, effects);
            return;
        };
        if event.seq > known.info.last_seq
            && matches!(event.change, Change::Left { person } if Some(person) == me)
        {
            self.conversations.remove(&event.conversation);
            self.typing.retain(|(place, _), _| *place != event.conversation);
            return;
        }
        if let Change::Message { client_id: Some(id), .. } = event.change
            && event.actor == me
        {
            known.delivered(id);
        }
        known.heard = known.heard.max(event.seq);
        if let Some(log) = &mut known.log {
            log.apply(event);
        }
        if event.seq == known.info.last_seq + 1 {
            change::line(&mut known.info, event, me, &self.people);
            if let Some(members) = &mut known.members
                && event.seq == known.members_as_of + 1
            {
                change::members(members, &event.change);
                known.members_as_of = event.seq;
            }
            if let Some(message) = change::message(event)
                && Some(message.author) != me
                && message.content != Content::Superseded
            {
                effects.new_messages.push((event.conversation, message));
            }
        }
        known.fill_gap(effects);
    }

    /// An event of a conversation that is not in the list.
    fn first_heard_of(&mut self, event: &Event, effects: &mut Effects) {
        let me = self.me.as_ref().map(|me| me.id);
        if let Some(info) = change::beginning(event, me, &self.people) {
            let mut known = ConversationState::new(info);
            if let Change::Created { members, .. } = &event.change {
                known.members = Some(members.clone());
                known.members_as_of = event.seq;
            }
            self.unknown.remove(&event.conversation);
            self.conversations.insert(event.conversation, known);
        } else if matches!(event.change, Change::Left { person } if Some(person) == me) {
            // Gone already, on another device or before the list was read.
            self.unknown.remove(&event.conversation);
        } else if self.unknown.insert(event.conversation) {
            effects.ask.push(Line { conversation: event.conversation }.into());
        }
    }
}
