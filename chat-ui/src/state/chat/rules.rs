//! What rules of acceptable use did to own texts: questions before something is sent, texts that wait, and what was taken out.

use chancery_protocol::acceptable_use::Notice;
use chancery_protocol::command::{Acknowledge, Command, Edit, React, Send, TakeBack};
use chancery_protocol::frame::Answer;
use chancery_protocol::ids::{ClientId, ConversationId, RecordId};
use chancery_protocol::outbox::Progress;
use chancery_ui_kit::text;
use leptos::prelude::*;

use super::{Chat, client_id};
use crate::logic::acts::Caught;

/// A message, or another text for one, that a rule asks a reason for.
#[derive(Debug, Clone, PartialEq)]
pub struct Warned {
    /// What this device calls it.
    pub client_id: ClientId,
    /// Names the question.
    pub token: String,
    /// The message whose new text it is; absent for a message of its own.
    pub message: Option<RecordId>,
    /// As typed.
    pub text: String,
    /// Which rules.
    pub notices: Vec<Notice>,
    /// Whether a reason was given in vain.
    pub again: bool,
}

impl Chat {
    /// What is asked about in a conversation.
    pub fn warned(self, conversation: ConversationId) -> Option<Warned> {
        let own = self.outbox.with(|outbox| {
            let pending = outbox.warned(conversation)?;
            let Progress::Warned { notices, token, again } = &pending.progress else { return None };
            let (client_id, text, token) = (pending.send.client_id, pending.send.text.clone(), token.clone());
            Some(Warned { client_id, token, message: None, text, notices: notices.clone(), again: *again })
        });
        own.or_else(|| {
            let Caught { client_id, message, text, warned } = self.caught(conversation)?;
            let (notices, token, again) = warned?;
            Some(Warned { client_id, token, message: Some(message), text, notices, again })
        })
    }

    /// Another text for a message, that a rule has something to say about.
    pub fn caught(self, conversation: ConversationId) -> Option<Caught> {
        self.acts.with(|acts| acts.caught(conversation))
    }

    /// Sends what is asked about with a reason.
    pub fn confirm(self, id: ClientId, reason: String) {
        self.outbox.update(|outbox| outbox.confirm(id, reason.clone()));
        self.acts.update(|acts| acts.confirm(id, reason));
        self.flush();
    }

    /// The choice and the words given so far for what is asked about.
    pub fn reason_for(self, id: ClientId) -> (String, String) {
        self.core.with_value(|core| {
            core.reasons
                .iter()
                .find(|(one, _)| *one == id)
                .map(|(_, reason)| reason.clone())
                .unwrap_or_default()
        })
    }

    /// Keeps them: they may be asked for again.
    pub fn keep_reason(self, id: ClientId, reason: (String, String)) {
        self.core.update_value(|core| {
            core.reasons.retain(|(one, _)| *one != id);
            core.reasons.push((id, reason));
        });
    }

    /// Takes an unsent message back, to write it differently.
    pub fn unsend(self, id: ClientId) -> Option<Send> {
        let taken = self.outbox.try_update(|outbox| outbox.discard(id)).flatten();
        self.flush();
        taken.map(|pending| pending.send)
    }

    /// Takes a text back that waits for an officer, or puts one away that was refused.
    pub fn take_back(self, attempt: RecordId) {
        self.ask_then(TakeBack { client_id: client_id(), attempt }, move |answer| {
            if let Err(error) = answer {
                self.toasts.failed(text::rules::NOT_TAKEN_BACK, text::problem::of(&error));
            }
        });
    }

    /// The server's answer to a text of one's own, where rules had something to say about it.
    pub(super) fn ruled(self, command: &Command, answer: &Answer) {
        match (command, answer) {
            (Command::Edit(Edit { client_id, .. }), Answer::Waiting { .. } | Answer::Done)
            | (Command::React(React { client_id, .. }), Answer::Done)
            | (Command::Acknowledge(Acknowledge { client_id, .. }), Answer::Done) => {
                self.acts.update(|acts| acts.over(*client_id));
            }
            (_, Answer::Redacted(redacted)) => {
                let message = match command {
                    Command::Edit(edit) => edit.message,
                    _ => redacted.recorded.record,
                };
                self.redacted.update(|all| {
                    all.retain(|(one, _)| *one != message);
                    all.push((message, redacted.notices.clone()));
                });
            }
            _ => {}
        }
    }
}
