//! What a person can do, and what views ask most.

use chancery_protocol::Micros;
use chancery_protocol::command::{
    Acknowledge, Command, Delete, Edit, Members, React, Restore, SaveDraft, Send, Typing, Watch,
};
use chancery_protocol::conversation::{Conversation, ConversationKind};
use chancery_protocol::frame::Recorded;
use chancery_protocol::ids::{ClientId, ConversationId, PersonId, RecordId};
use chancery_protocol::person::{Person, Presence};
use chancery_protocol::problem::Problem;
use chancery_protocol::state::unread;
use chancery_ui_kit::reactive::memo;
use chancery_ui_kit::{dom, text, time};
use leptos::prelude::*;
use uuid::Builder;

use super::{Chat, Draft};

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

    /// Which picture of a person there is.
    pub fn photo(self, id: PersonId) -> Signal<Option<String>> {
        memo(move || self.state.with(|state| state.people.get(&id).and_then(|known| known.photo.clone())))
            .into()
    }

    /// Learns who people are.
    pub fn meet(self, people: &[Person]) {
        self.state.update(|state| state.know(people));
    }

    /// The name of a conversation one is in.
    pub fn conversation_name(self, id: ConversationId) -> Option<String> {
        let info = self.state.with(|state| state.conversations.get(&id).map(|known| known.info.clone()))?;
        Some(self.title_of(&info))
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

    /// Whether a person is oneself.
    pub fn is_me(self, id: PersonId) -> bool {
        self.me() == Some(id)
    }

    /// Whether a conversation is one's talk with oneself.
    pub fn is_alone(self, conversation: ConversationId) -> bool {
        self.state.with(|state| {
            let known = state.conversations.get(&conversation).map(|known| &known.info);
            let me = state.me.as_ref().map(|me| me.id);
            known.is_some_and(|info| info.kind == ConversationKind::Direct && info.with == me)
        })
    }

    /// Whether one is here as a guest, who begins nothing and finds nobody.
    pub fn is_guest(self) -> bool {
        self.state.with(|state| state.me.as_ref().is_some_and(|me| me.guest))
    }

    /// Whether anybody else from outside is in a conversation.
    pub fn is_outside(self, conversation: &Conversation) -> bool {
        self.state.with(|state| {
            let me = state.me.as_ref().map(|me| me.id);
            let mut others = conversation.guests.iter().filter(|id| Some(**id) != me);
            others.any(|id| state.people.get(id).is_some_and(|one| one.guest && !one.suspended))
        })
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

    /// All unread messages that count.
    pub fn unread_total(self) -> u64 {
        self.state.with(|state| state.conversations.values().map(|known| self.counted(&known.info)).sum())
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
        if let Some(waiting) = self.state.with_untracked(|state| state.waiting(conversation)) {
            self.ask(waiting);
        }
    }

    /// Writes a message. It is sent now, or as soon as there is a line.
    pub fn send(self, conversation: ConversationId, draft: Draft, reply_to: Option<RecordId>) {
        let Draft { text, urgent } = draft;
        let send = Send { client_id: client_id(), conversation, text, reply_to, thread_root: None, urgent };
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
    pub fn edit(self, conversation: ConversationId, message: RecordId, text: String) {
        self.act(Edit { client_id: client_id(), conversation, message, text });
    }

    /// Deletes an own message; it can be taken back for 30 s.
    pub fn delete(self, conversation: ConversationId, message: RecordId) {
        self.act(Delete { client_id: client_id(), conversation, message });
    }

    /// Takes a deletion back.
    pub fn restore(self, conversation: ConversationId, message: RecordId) {
        self.act(Restore { client_id: client_id(), conversation, message });
    }

    /// Puts a reaction on, or takes it off.
    pub fn react(self, conversation: ConversationId, message: RecordId, reaction: String, on: bool) {
        self.act(React { client_id: client_id(), conversation, message, reaction, on });
    }

    /// Says that one has read an urgent message.
    pub fn acknowledge(self, conversation: ConversationId, message: RecordId) {
        self.act(Acknowledge { client_id: client_id(), conversation, message });
    }

    /// A change of a message is made now, or as soon as there is a line.
    fn act(self, command: impl Into<Command>) {
        self.acts.update(|acts| acts.push(command.into()));
        self.flush();
    }

    /// Offers a refused change again.
    pub fn retry_act(self, client_id: ClientId) {
        self.acts.update(|acts| acts.retry(client_id));
        self.flush();
    }

    /// Throws a change away that is refused or was not sent.
    pub fn discard_act(self, client_id: ClientId) {
        self.acts.update(|acts| acts.discard(client_id));
    }

    /// The server's answer to a change of a message.
    pub(super) fn act_answered(self, command: &Command, recorded: Recorded) {
        let (client_id, undo) = match command {
            Command::Edit(act) => (act.client_id, None),
            Command::Delete(act) => (act.client_id, Some((act.message, true))),
            Command::Restore(act) => (act.client_id, Some((act.message, false))),
            Command::React(act) => (act.client_id, None),
            Command::Acknowledge(act) => {
                self.spoken.set(text::chat::ACKNOWLEDGED_SPOKEN.to_owned());
                (act.client_id, None)
            }
            _ => return,
        };
        self.acts.update(|acts| acts.recorded(client_id, recorded));
        if let Some((message, deleted)) = undo {
            self.undo.update(|undo| {
                if deleted {
                    undo.insert(message, recorded.at + UNDO);
                } else {
                    undo.remove(&message);
                }
            });
        }
    }

    /// The server refused a change of a message.
    pub(super) fn act_refused(self, command: &Command, problem: &Problem) {
        let (client_id, title) = match command {
            Command::Edit(act) => (act.client_id, text::chat::NOT_SAVED),
            Command::Delete(act) => (act.client_id, text::chat::NOT_DELETED),
            Command::Restore(act) => (act.client_id, text::chat::NOT_RESTORED),
            Command::React(act) => (act.client_id, text::chat::NOT_REACTED),
            Command::Acknowledge(act) => (act.client_id, text::chat::NOT_ACKNOWLEDGED),
            _ => return,
        };
        let given_up = self.acts.try_update(|acts| acts.refused(client_id, problem, time::now())).flatten();
        if given_up.is_some() {
            self.toasts.failed(title, text::problem::of_problem(problem));
        }
        self.flush();
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
    pub fn draft_of(self, conversation: ConversationId) -> Draft {
        let here = self.core.with_value(|core| core.drafts.get(&conversation).cloned());
        here.unwrap_or_else(|| {
            self.state.with_untracked(|state| {
                state
                    .conversations
                    .get(&conversation)
                    .map(|known| Draft { text: known.info.draft.clone(), urgent: known.info.draft_urgent })
                    .unwrap_or_default()
            })
        })
    }

    /// Whether something written here is not on the server yet.
    pub fn has_draft(self, conversation: ConversationId) -> bool {
        self.core.with_value(|core| core.drafts.contains_key(&conversation))
    }

    /// Keeps what is being written in memory until it is on the server.
    pub fn keep_draft(self, conversation: ConversationId, draft: Draft) {
        self.core.update_value(|core| {
            core.drafts.insert(conversation, draft);
        });
    }

    /// Takes what is being written to the server, if that knows something else.
    pub fn save_draft(self, conversation: ConversationId) {
        let Some(draft) = self.core.with_value(|core| core.drafts.get(&conversation).cloned()) else {
            return;
        };
        let forget = move |saved: &Draft| {
            self.core.update_value(|core| {
                if core.drafts.get(&conversation).is_some_and(|kept| kept == saved) {
                    core.drafts.remove(&conversation);
                }
            });
        };
        let known = self.state.with_untracked(|state| {
            state.conversations.get(&conversation).is_some_and(|known| {
                known.info.draft == draft.text && known.info.draft_urgent == draft.urgent
            })
        });
        if known {
            return forget(&draft);
        }
        // White space alone is no draft; more than fits is kept here only.
        let draft = if draft.text.trim().is_empty() { Draft::default() } else { draft };
        if draft.text.chars().count() > chancery_protocol::MAX_TEXT_CHARS {
            return;
        }
        let saved = draft.clone();
        let Draft { text, urgent } = draft;
        self.ask_then(SaveDraft { conversation, text, urgent }, move |answer| {
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
        let drafts =
            self.core.with_value(|core| core.drafts.values().any(|draft| !draft.text.trim().is_empty()));
        drafts
            || self.outbox.with_untracked(chancery_protocol::outbox::Outbox::has_unsent)
            || self.acts.with_untracked(|acts| acts.unsent() > 0)
            || self.arranging.with_untracked(crate::logic::arrange::Arranging::is_unsaved)
    }

    /// Looks at these people and no longer at others.
    pub fn watch(self, mut people: Vec<PersonId>) {
        people.truncate(chancery_protocol::MAX_PEOPLE);
        if self.core.with_value(|core| core.watched != people) {
            self.core.update_value(|core| core.watched.clone_from(&people));
            self.ask(Watch { people });
        }
    }
}
