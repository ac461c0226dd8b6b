//! One's own arrangements: what is pinned, what makes itself heard, own lists of people; the same on all own devices.

use chancery_protocol::conversation::{Content, Conversation, Message};
use chancery_protocol::ids::ConversationId;
use chancery_protocol::link::LinkState;
use chancery_protocol::preferences::{Arrangement, Notify};
use chancery_protocol::problem::Problem;
use chancery_protocol::state::unread;
use chancery_ui_kit::{text, time};
use leptos::prelude::*;

use super::Chat;
use crate::logic::arrange::{Arranging, Change};

impl Chat {
    /// How one has a conversation.
    pub fn arrangement(self, conversation: ConversationId) -> Arrangement {
        self.arranged.with(|all| all.conversations.get(&conversation).copied().unwrap_or_default())
    }

    /// Arranges something, here at once and on the other devices as soon as there is a line.
    pub fn arrange(self, change: Change) {
        self.arranging.update(|arranging| arranging.push(change));
        self.save_arranged();
    }

    /// Sends what is due.
    pub(super) fn save_arranged(self) {
        let live = self.core.with_value(|core| matches!(core.link.state(), LinkState::Live { .. }));
        if !live || !self.arranging.with_untracked(Arranging::is_waiting) {
            return;
        }
        let save = self.state.with_untracked(|state| {
            self.arranging.try_update(|arranging| arranging.due(&state.preferences, time::now())).flatten()
        });
        if let Some(save) = save {
            self.ask(save);
        }
    }

    /// The server has taken it.
    pub(super) fn arrangement_saved(self) {
        self.arranging.update(Arranging::saved);
        self.save_arranged();
    }

    /// The server refused a change made to this revision.
    pub(super) fn arrangement_refused(self, revision: u64, problem: &Problem) {
        let given_up = self
            .arranging
            .try_update(|arranging| arranging.refused(revision, problem, time::now()))
            .unwrap_or_default();
        if given_up {
            self.toasts.failed(text::people::NOT_ARRANGED, text::problem::of_problem(problem));
        }
        self.save_arranged();
    }

    /// Whether a message makes itself heard.
    pub fn is_heard(self, conversation: ConversationId, message: &Message) -> bool {
        match untrack(|| self.arrangement(conversation)).notify {
            Notify::All => true,
            Notify::Mentions => self.is_meant(message),
            Notify::Nothing => false,
        }
    }

    /// Whether a message mentions the reader, or is urgent.
    pub fn is_meant(self, message: &Message) -> bool {
        let me = self.state.with_untracked(|state| state.me.as_ref().map(|me| me.id));
        message.urgent
            || matches!(&message.content, Content::Text { mentions, .. } if me.is_some_and(|me| mentions.contains(&me)))
    }

    /// How many unread messages of a conversation count: all, only mentions, or none of a muted one.
    pub fn counted(self, conversation: &Conversation) -> u64 {
        match self.arrangement(conversation.id).notify {
            Notify::All => unread(conversation),
            Notify::Mentions => self.mentions_in(conversation),
            Notify::Nothing => 0,
        }
    }
}
