//! Unread messages that mention the reader, or are urgent. The server does not count them, because texts are sealed: they are noted as they arrive,
//! and what was written meanwhile is looked through after every hello.

use chancery_protocol::MAX_PAGE;
use chancery_protocol::command::{Command, History};
use chancery_protocol::conversation::{Conversation, Entry, Message};
use chancery_protocol::frame::Answer;
use chancery_protocol::ids::ConversationId;
use chancery_protocol::state::unread;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::Chat;

/// Pages of a conversation that are looked through: what is further back than this is only unread.
const PAGES: usize = 5;

impl Chat {
    /// How many unread messages of a conversation mention the reader or are urgent.
    pub fn mentions_in(self, conversation: &Conversation) -> u64 {
        self.mentioned.with(|all| {
            let here = |(id, ordinal): &&(ConversationId, u64)| {
                *id == conversation.id && *ordinal > conversation.read
            };
            all.iter().filter(here).count() as u64
        })
    }

    /// How many in all conversations.
    pub fn mentions_total(self) -> u64 {
        self.state.with(|state| state.conversations.values().map(|known| self.mentions_in(&known.info)).sum())
    }

    /// Takes down those of these messages that mention the reader or are urgent.
    pub(super) fn note_mentions<'a>(self, messages: impl Iterator<Item = (ConversationId, &'a Message)>) {
        let found: Vec<(ConversationId, u64)> = messages
            .filter(|(_, message)| self.is_meant(message))
            .map(|(conversation, message)| (conversation, message.ordinal))
            .collect();
        if !found.is_empty() {
            self.mentioned.update(|all| {
                all.extend(found);
                all.sort_unstable();
                all.dedup();
            });
        }
    }

    /// Looks through everything unread, one conversation after the other, until the line goes down.
    pub(super) fn look_for_mentions(self) {
        let waiting: Vec<Conversation> = self.state.with_untracked(|state| {
            let infos = state.conversations.values().map(|known| &known.info);
            infos.filter(|info| unread(info) > 0).cloned().collect()
        });
        // What is read is forgotten; what another device reads later is passed over by its ordinal.
        self.mentioned.update(|all| {
            all.retain(|(id, ordinal)| waiting.iter().any(|info| info.id == *id && *ordinal > info.read));
        });
        spawn_local(async move {
            for info in waiting {
                if self.look_through(&info).await.is_none() {
                    return;
                }
            }
        });
    }

    /// Nothing when there was no answer.
    async fn look_through(self, info: &Conversation) -> Option<()> {
        if let Some(last) = info.last_message.as_ref().filter(|last| last.ordinal == info.read + 1) {
            self.note_mentions(std::iter::once((info.id, last)));
            return Some(());
        }
        let mut before = info.last_seq.saturating_add(1);
        let limit = u16::try_from(unread(info)).map_or(MAX_PAGE, |unread| unread.min(MAX_PAGE));
        for _ in 0..PAGES {
            let ask = History { conversation: info.id, before: Some(before), limit };
            let page = match self.asked(Command::from(ask)).await {
                Ok(Answer::History(page)) => page,
                // One that was left meanwhile; the others are still to be looked through.
                Err(error) if error.code().is_some() => return Some(()),
                _ => return None,
            };
            let messages = || {
                page.entries.iter().filter_map(|entry| match entry {
                    Entry::Message { message } => Some(message),
                    Entry::Note { .. } => None,
                })
            };
            self.note_mentions(messages().filter(|one| one.ordinal > info.read).map(|one| (info.id, one)));
            let reached = messages().next().is_none_or(|oldest| oldest.ordinal <= info.read + 1);
            let Some(first) = page.entries.first().filter(|_| page.more && !reached) else { break };
            before = first.seq();
        }
        Some(())
    }
}
