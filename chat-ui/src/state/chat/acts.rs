//! What a person can do, and what views ask most.

use chancery_protocol::Micros;
use chancery_protocol::command::{Delete, Edit, Members, React, Restore, SaveDraft, Send, Typing, Watch};
use chancery_protocol::conversation::{Conversation, ConversationKind};
use chancery_protocol::ids::{ClientId, ConversationId, PersonId, RecordId};
use chancery_protocol::person::{Person, Presence};
use chancery_protocol::state::unread;
use chancery_ui_kit::api::ClientError;
use chancery_ui_kit::{dom, text, time};
use leptos::prelude::*;
use uuid::Builder;

use super::Chat;

/// How long a deletion can be taken back.
const UNDO: Micros = 30_000_000;

/// How often "is typing" is told at most.
const TYPING: Micros = 3_000_000;

/// A new id, from the browser's generator.
pub fn client_id() -> ClientId {
    let mut bytes = [0_u8; 16];
    if let Some(crypto) = dom::window().and_then(|window| window.crypto().ok()) {
        // Refused only for arrays of more than 65,536 bytes.
        let _ = crypto.get_random_values_with_u8_array(&mut bytes);
    }
    ClientId(Builder::from_random_bytes(bytes).into_uuid())
}

impl Chat {
    /// A person, if the name is known.
    pub fn person(self, id: PersonId) -> Option<Person> {
        self.state.with(|state| state.people.get(&id).cloned())
    }

    /// A person's name; empty while it is being asked for.
    pub fn name_of(self, id: PersonId) -> String {
        self.state.with_untracked(|state| {
            state.people.get(&id).map(|person| person.name.clone()).unwrap_or_default()
        })
    }

    /// Oneself.
    pub fn me(self) -> Option<PersonId> {
        self.state.with(|state| state.me.as_ref().map(|me| me.id))
    }

    /// The name of a conversation as the reader sees it.
    pub fn title_of(self, conversation: &Conversation) -> String {
        self.state.with(|state| {
            let with = conversation.with.and_then(|with| state.people.get(&with));
            match (conversation.kind, with) {
                (ConversationKind::Direct, Some(with))
                    if state.me.as_ref().is_some_and(|me| me.id == with.id) =>
                {
                    text::chat::with_self(&with.name)
                }
                (ConversationKind::Direct, Some(with)) => with.name.clone(),
                _ => conversation.name.clone().unwrap_or_default(),
            }
        })
    }

    /// How reachable somebody is; absent while nobody looks.
    pub fn presence_of(self, person: PersonId) -> Option<Presence> {
        if self.me() == Some(person) {
            return Some(if self.is_live() { self.own_presence.get() } else { Presence::Offline });
        }
        self.state.with(|state| state.presence.get(&person).copied())
    }

    /// All unread messages.
    pub fn unread_total(self) -> u64 {
        self.state.with(|state| state.conversations.values().map(|known| unread(&known.info)).sum())
    }

    /// A conversation comes on the screen.
    pub fn show(self, conversation: ConversationId) {
        self.open.set(Some(conversation));
        self.open_log(conversation);
    }

    /// No conversation is on the screen any longer.
    pub fn hide(self, conversation: ConversationId) {
        if self.open.get_untracked() == Some(conversation) {
            self.open.set(None);
        }
    }

    /// Asks for what the open conversation needs, if it was not asked yet.
    pub fn open_log(self, conversation: ConversationId) {
        let history = self.state.try_update(|state| state.open(conversation)).flatten();
        if let Some(history) = history {
            self.failed.update(|failed| {
                failed.remove(&conversation);
            });
            self.ask(history);
        }
        let members = self.state.with_untracked(|state| {
            state.conversations.get(&conversation).is_some_and(|known| known.members.is_none())
        });
        if members {
            self.ask(Members { conversation });
        }
    }

    /// Asks for older messages and calls `then` when they are there, or not to be had.
    pub fn load_older(
        self,
        conversation: ConversationId,
        then: impl FnOnce(Result<(), ClientError>) + 'static,
    ) -> bool {
        let Some(command) = self.state.with_untracked(|state| state.older(conversation)) else {
            return false;
        };
        self.ask_then(command, move |answer| then(answer.map(drop)));
        true
    }

    /// Writes a message. It is sent now, or as soon as there is a line.
    pub fn send(self, conversation: ConversationId, text: String) {
        let send = Send { client_id: client_id(), conversation, text, reply_to: None, thread_root: None };
        self.outbox.update(|outbox| outbox.push(send, time::now()));
        self.core.update_value(|core| core.typed_at = 0);
        self.flush();
    }

    /// Sends a refused message again.
    pub fn retry(self, client_id: ClientId) {
        self.outbox.update(|outbox| outbox.retry(client_id));
        self.flush();
    }

    /// Throws an unsent message away.
    pub fn discard(self, client_id: ClientId) {
        self.outbox.update(|outbox| {
            outbox.discard(client_id);
        });
    }

    /// Changes an own message.
    pub fn edit(
        self,
        conversation: ConversationId,
        message: RecordId,
        text: String,
        then: impl FnOnce(Result<(), ClientError>) + 'static,
    ) {
        let edit = Edit { client_id: client_id(), conversation, message, text };
        self.ask_then(edit, move |answer| then(answer.map(drop)));
    }

    /// Deletes an own message; it can be taken back for 30 s.
    pub fn delete(
        self,
        conversation: ConversationId,
        message: RecordId,
        then: impl FnOnce(Result<(), ClientError>) + 'static,
    ) {
        let delete = Delete { client_id: client_id(), conversation, message };
        self.ask_then(delete, move |answer| {
            if answer.is_ok() {
                self.undo.update(|undo| {
                    undo.insert(message, time::now() + UNDO);
                });
            }
            then(answer.map(drop));
        });
    }

    /// Takes a deletion back.
    pub fn restore(
        self,
        conversation: ConversationId,
        message: RecordId,
        then: impl FnOnce(Result<(), ClientError>) + 'static,
    ) {
        let restore = Restore { client_id: client_id(), conversation, message };
        self.ask_then(restore, move |answer| {
            if answer.is_ok() {
                self.undo.update(|undo| {
                    undo.remove(&message);
                });
            }
            then(answer.map(drop));
        });
    }

    /// Puts a reaction on, or takes it off.
    pub fn react(
        self,
        conversation: ConversationId,
        message: RecordId,
        reaction: String,
        on: bool,
        then: impl FnOnce(Result<(), ClientError>) + 'static,
    ) {
        let react = React { client_id: client_id(), conversation, message, reaction, on };
        self.ask_then(react, move |answer| then(answer.map(drop)));
    }

    /// Everything in a conversation has been read.
    pub fn mark_read(self, conversation: ConversationId) {
        let news = self.state.with_untracked(|state| {
            state.conversations.get(&conversation).is_some_and(|known| unread(&known.info) > 0)
        });
        if news && let Some(mark) = self.state.try_update(|state| state.mark_read(conversation)).flatten() {
            self.ask(mark);
        }
    }

    /// Tells that one is typing, at most every 3 s.
    pub fn typing(self, conversation: ConversationId) {
        let now = time::now();
        if self.core.with_value(|core| core.typed_at + TYPING <= now) {
            self.core.update_value(|core| core.typed_at = now);
            self.ask(Typing { conversation });
        }
    }

    /// What was being written in a conversation.
    pub fn draft_of(self, conversation: ConversationId) -> String {
        let here = self.core.with_value(|core| core.drafts.get(&conversation).cloned());
        here.unwrap_or_else(|| {
            self.state.with_untracked(|state| {
                state
                    .conversations
                    .get(&conversation)
                    .map(|known| known.info.draft.clone())
                    .unwrap_or_default()
            })
        })
    }

    /// Whether something written here is not on the server yet.
    pub fn has_draft(self, conversation: ConversationId) -> bool {
        self.core.with_value(|core| core.drafts.contains_key(&conversation))
    }

    /// Keeps what is being written in memory until it is on the server.
    pub fn keep_draft(self, conversation: ConversationId, text: String) {
        self.core.update_value(|core| {
            core.drafts.insert(conversation, text);
        });
    }

    /// Takes what is being written to the server, if that knows something else.
    pub fn save_draft(self, conversation: ConversationId) {
        let Some(text) = self.core.with_value(|core| core.drafts.get(&conversation).cloned()) else { return };
        let forget = move |saved: &str| {
            self.core.update_value(|core| {
                if core.drafts.get(&conversation).is_some_and(|kept| kept == saved) {
                    core.drafts.remove(&conversation);
                }
            });
        };
        let known = self.state.with_untracked(|state| {
            state.conversations.get(&conversation).is_some_and(|known| known.info.draft == text)
        });
        if known {
            return forget(&text);
        }
        // White space alone is no draft; more than fits is kept here only.
        let text = if text.trim().is_empty() { String::new() } else { text };
        if text.chars().count() > chancery_protocol::MAX_TEXT_CHARS {
            return;
        }
        let saved = text.clone();
        self.ask_then(SaveDraft { conversation, text }, move |answer| {
            if answer.is_ok() {
                forget(&saved);
            }
        });
    }

    /// Takes every draft to the server that is not there yet.
    pub(super) fn save_drafts(self) {
        let waiting: Vec<ConversationId> = self.core.with_value(|core| core.drafts.keys().copied().collect());
        for conversation in waiting {
            self.save_draft(conversation);
        }
    }

    /// Whether something would be lost by leaving the page now.
    pub fn has_unsaved(self) -> bool {
        let drafts = self.core.with_value(|core| core.drafts.values().any(|text| !text.trim().is_empty()));
        drafts || self.outbox.with_untracked(chancery_protocol::outbox::Outbox::has_unsent)
    }

    /// Looks at these people and no longer at others.
    pub fn watch(self, mut people: Vec<PersonId>) {
        people.truncate(chancery_protocol::MAX_PEOPLE);
        if self.core.with_value(|core| core.watched != people) {
            self.core.update_value(|core| core.watched.clone_from(&people));
            self.ask(Watch { people });
        }
    }

    /// How reachable one is now.
    pub fn set_presence(self, presence: Presence) {
        if self.own_presence.get_untracked() != presence {
            self.own_presence.set(presence);
            self.tell_presence();
        }
    }
}
