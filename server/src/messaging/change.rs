//! Changes of a message: edit, delete, restore, react. Each is a record that points at its message, and an update
//! of the current state in the same unit, checked under the head lock.

use std::sync::Arc;

use chancery_ledger::{Kind, Stream};
use chancery_protocol::command::{Delete, Edit, React, Restore};
use chancery_protocol::conversation::REACTIONS;
use chancery_protocol::ids::{ClientId, ConversationId, Id, PersonId, RecordId};
use serde::Serialize;

use super::Messaging;
use super::body::{EditBody, NothingBody, ReactionBody};
use super::send::check_text;
use super::state::{self, Change};
use crate::ground::error::{Code, Error};
use crate::journal::Unit;

impl Messaging {
    /// A new text for one's own message.
    ///
    /// # Errors
    /// What is wrong with the text; `conversation_not_found`. Under the lock: `message_not_found`, `not_author`,
    /// `already_deleted`.
    pub fn edit_unit(&self, author: PersonId, command: Edit) -> Result<Unit, Error> {
        let Edit { client_id, conversation, message, text } = command;
        check_text(&text)?;
        let mentions = self.mentioned(conversation, &text);
        let body = EditBody { text, mentions };
        self.unit(author, client_id, (conversation, message), Kind::Edit, &body, Change::Edit)
    }

    /// Deletes one's own message.
    ///
    /// # Errors
    /// As [`Messaging::edit_unit`].
    pub fn delete_unit(&self, author: PersonId, command: Delete) -> Result<Unit, Error> {
        let Delete { client_id, conversation, message } = command;
        self.unit(author, client_id, (conversation, message), Kind::Deletion, &NothingBody {}, Change::Delete)
    }

    /// Takes one's own deletion back.
    ///
    /// # Errors
    /// `conversation_not_found`. Under the lock: `message_not_found`, `not_author`, `not_deleted`,
    /// `restore_too_late`.
    pub fn restore_unit(&self, author: PersonId, command: Restore) -> Result<Unit, Error> {
        let Restore { client_id, conversation, message } = command;
        self.unit(author, client_id, (conversation, message), Kind::Restore, &NothingBody {}, Change::Restore)
    }

    /// Puts a reaction on a message or takes it off.
    ///
    /// # Errors
    /// `unknown_reaction`, `conversation_not_found`. Under the lock: `message_not_found`, `already_deleted`,
    /// `unchanged` when it is so already.
    pub fn react_unit(&self, author: PersonId, command: React) -> Result<Unit, Error> {
        let React { client_id, conversation, message, reaction, on } = command;
        let Some(reaction) = REACTIONS.into_iter().find(|known| *known == reaction) else {
            return Err(Error::from(Code::UnknownReaction).field("reaction"));
        };
        let kind = if on { Kind::ReactionAdded } else { Kind::ReactionRemoved };
        let body = ReactionBody { reaction: reaction.to_owned() };
        let change = Change::React { reaction, on };
        self.unit(author, client_id, (conversation, message), kind, &body, change)
    }

    fn unit(
        &self,
        author: PersonId,
        client_id: ClientId,
        (conversation, message): (ConversationId, RecordId),
        kind: Kind,
        body: &impl Serialize,
        change: Change,
    ) -> Result<Unit, Error> {
        let stay = self.may_act(conversation, author)?;
        let mut draft =
            self.journal.draft(Stream::Conversation(conversation.bytes()), kind, Some(author), body)?;
        draft.target = Some(message.bytes());
        let vault = Arc::clone(self.journal.vault());
        Ok(Unit {
            records: vec![draft],
            once: Some((author, client_id)),
            check: Some(self.check(conversation, author)),
            work: Some(Box::new(move |conn, placed| {
                let place = placed.first().ok_or_else(|| Error::internal("a change without a record"))?;
                state::apply(conn, &vault, (conversation, message), (author, stay), place, change)
            })),
        })
    }
}
