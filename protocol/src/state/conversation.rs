//! What a client knows of one conversation, and what it has to ask to know it without a gap.

use std::collections::BTreeMap;

use super::{Effects, FILL_AT_MOST, Log, PAGE};
use crate::acceptable_use::Attempt;
use crate::command::{Fill, History, Members};
use crate::conversation::{Conversation, Member, MemberMark};
use crate::ids::PersonId;

/// What is known of one conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConversationState {
    /// Its line in the list.
    pub info: Conversation,
    /// Its members, once asked for.
    pub members: Option<Vec<Member>>,
    /// Its timeline, while it is open.
    pub log: Option<Log>,
    /// How far the others have got, while that is looked at.
    pub marks: BTreeMap<PersonId, MemberMark>,
    /// The reader's own texts that wait for an officer or were refused, oldest first.
    pub attempts: Vec<Attempt>,
    /// Whether these were asked for and came, on this line.
    pub(super) attempts_known: bool,
    /// The list of members includes every event up to this seq.
    pub(super) members_as_of: u64,
    /// Whether a `fill` is on its way.
    pub(super) filling: bool,
    /// Whether a `history` that opens the log is on its way.
    pub(super) opening: bool,
    /// The highest seq heard of, applied or not.
    pub(super) heard: u64,
}

impl ConversationState {
    pub(super) fn new(info: Conversation) -> Self {
        let heard = info.last_seq;
        Self {
            info,
            members: None,
            log: None,
            marks: BTreeMap::new(),
            attempts: Vec::new(),
            attempts_known: false,
            members_as_of: 0,
            filling: false,
            opening: false,
            heard,
        }
    }

    /// The last seq up to which nothing is missing.
    pub(super) fn cursor(&self) -> u64 {
        self.log.as_ref().map_or(self.info.last_seq, |log| log.seq.min(self.info.last_seq))
    }

    pub(super) fn opening(&mut self, effects: &mut Effects) {
        self.opening = true;
        effects.ask.push(History { conversation: self.info.id, before: None, limit: PAGE }.into());
    }

    /// A list of members that misses events, because the line moved on without them, is loaded again.
    pub(super) fn renew_members(&self, effects: &mut Effects) {
        if self.members.is_some() && self.members_as_of < self.info.last_seq {
            effects.ask.push(Members { conversation: self.info.id }.into());
        }
    }

    /// Drops a log that cannot be continued and asks for its newest page.
    pub(super) fn reload(&mut self, effects: &mut Effects) {
        self.log = None;
        self.opening(effects);
    }

    /// Asks for what is missing, unless that was done already.
    pub(super) fn fill_gap(&mut self, effects: &mut Effects) {
        if let Some(log) = &self.log
            && log.seq + FILL_AT_MOST < self.heard
        {
            self.reload(effects);
        }
        let after = self.cursor();
        if after < self.heard && !self.filling {
            self.filling = true;
            effects.ask.push(Fill { conversation: self.info.id, after }.into());
        }
    }

    /// A filling begins at `first`. Where that is beyond the cursors, what lies between may not be seen.
    pub(super) fn jump_to(&mut self, first: u64, effects: &mut Effects) {
        if self.log.as_ref().is_some_and(|log| log.seq + 1 < first) {
            self.reload(effects);
        }
        if self.info.last_seq + 1 < first {
            self.info.last_seq = first - 1;
            self.renew_members(effects);
        }
    }
}
