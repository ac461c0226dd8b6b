//! How far messages have got: what this device tells of itself, and what it looks at of others.

use chancery_protocol::command::{Reached, Received, WatchMarks};
use chancery_protocol::conversation::{Change, ConversationKind, Entry};
use chancery_protocol::ids::{ConversationId, PersonId};
use chancery_protocol::link::LinkState;
use chancery_protocol::state::{ConversationState, unread};
use chancery_protocol::{MAX_MARKED_MEMBERS, MAX_PEOPLE};
use leptos::prelude::*;

use super::Chat;
use crate::logic::receipt::Other;

/// Up to where the server was told, by conversation in order of their ids.
fn told(known: &[(ConversationId, u64)], conversation: ConversationId) -> u64 {
    let at = known.binary_search_by_key(&conversation, |(id, _)| *id).ok();
    at.and_then(|at| known.get(at)).map_or(0, |(_, ordinal)| *ordinal)
}

/// The seq with which somebody came last.
fn joined(since: &[(PersonId, u64)], person: PersonId) -> u64 {
    since.iter().rev().find(|(one, _)| *one == person).map_or(0, |(_, seq)| *seq)
}

/// Who came when, as far as the open log says.
fn joinings(known: &ConversationState) -> Vec<(PersonId, u64)> {
    let mut since = Vec::new();
    for entry in known.log.iter().flat_map(|log| log.entries.values()) {
        if let Entry::Note { event } = entry
            && let Change::Joined { members } = &event.change
        {
            since.extend(members.iter().map(|member| (member.person, event.seq)));
        }
    }
    since
}

impl Chat {
    /// Looks at how far the members of a conversation have got, or no longer at anybody's.
    pub fn watch_marks(self, conversation: Option<ConversationId>) {
        if self.core.with_value(|core| core.marks_of != conversation) {
            self.core.update_value(|core| core.marks_of = conversation);
            self.ask(WatchMarks { conversation });
        }
    }

    /// On a new line the server looks at nothing.
    pub(super) fn watch_marks_again(self) {
        let conversation = self.core.with_value(|core| core.marks_of);
        if conversation.is_some() {
            self.ask(WatchMarks { conversation });
        }
    }

    /// Messages have arrived: the server is told with the next beat of the clock.
    pub(super) fn have_received(self) {
        self.core.update_value(|core| core.received = true);
    }

    /// Tells up to where messages have reached this device. What was read needs no telling.
    pub(super) fn tell_received(self) {
        let due =
            self.core.with_value(|core| core.received && matches!(core.link.state(), LinkState::Live { .. }));
        if !due {
            return;
        }
        let known = self.core.with_value(|core| core.told.clone());
        let mut marks: Vec<Reached> = self.state.with_untracked(|state| {
            let infos = state.conversations.values().map(|known| &known.info);
            infos
                .filter(|info| unread(info) > 0 && told(&known, info.id) < info.last_ordinal)
                .map(|info| Reached { conversation: info.id, ordinal: info.last_ordinal })
                .collect()
        });
        let more = marks.len() > MAX_PEOPLE;
        marks.truncate(MAX_PEOPLE);
        self.core.update_value(|core| {
            core.received = more;
            for mark in &marks {
                match core.told.binary_search_by_key(&mark.conversation, |(id, _)| *id) {
                    Ok(at) => core.told[at].1 = mark.ordinal,
                    Err(at) => core.told.insert(at, (mark.conversation, mark.ordinal)),
                }
            }
        });
        if !marks.is_empty() {
            self.ask(Received { marks });
        }
    }

    /// The others of a conversation and how far they have got; nobody where that is not known.
    pub fn others(self, conversation: ConversationId) -> Vec<Other> {
        self.state.with(|state| {
            let Some(known) = state.conversations.get(&conversation) else { return Vec::new() };
            if known.info.kind == ConversationKind::Direct {
                let other = known.info.other.iter();
                return other
                    .map(|mark| Other {
                        person: mark.person,
                        received: mark.received,
                        read: mark.read,
                        since: 0,
                    })
                    .collect();
            }
            let me = state.me.as_ref().map(|me| me.id);
            let Some(members) = known.members.as_ref().filter(|_| !known.marks.is_empty()) else {
                return Vec::new();
            };
            let since = joinings(known);
            let others = members.iter().filter(|member| Some(member.person) != me);
            others
                .map(|member| {
                    let mark = known.marks.get(&member.person);
                    Other {
                        person: member.person,
                        received: mark.map_or(0, |mark| mark.received),
                        read: mark.map_or(0, |mark| mark.read),
                        since: joined(&since, member.person),
                    }
                })
                .collect()
        })
    }

    /// Who is asked to acknowledge what was written at `seq`: the others who are here and got it. Nobody where that is not known
    /// yet. Programs and those who cannot sign in are not asked.
    pub fn asked_to_acknowledge(self, conversation: ConversationId, seq: u64) -> Vec<PersonId> {
        self.state.with(|state| {
            let Some(known) = state.conversations.get(&conversation) else { return Vec::new() };
            let me = state.me.as_ref().map(|me| me.id);
            let people: Vec<PersonId> = match known.info.kind {
                ConversationKind::Direct => known.info.with.into_iter().collect(),
                _ => known.members.iter().flatten().map(|member| member.person).collect(),
            };
            let since = joinings(known);
            let able = |id: &PersonId| state.people.get(id).is_none_or(|one| !one.bot && !one.suspended);
            let others = people.into_iter().filter(|id| Some(*id) != me && able(id));
            others.filter(|id| joined(&since, *id) < seq).collect()
        })
    }

    /// Whether it can be seen who has read something in a conversation.
    pub fn is_marked(self, conversation: ConversationId) -> bool {
        self.state.with(|state| {
            state.conversations.get(&conversation).is_some_and(|known| {
                known.info.kind != ConversationKind::Direct
                    && usize::try_from(known.info.member_count).is_ok_and(|count| count <= MAX_MARKED_MEMBERS)
            })
        })
    }
}
