//! Changes of a message: edit, delete, restore, react, acknowledge. Each is a record that points at its message, and an update
//! of the current state in the same unit, checked under the head lock.

use std::sync::Arc;

use chancery_ledger::{Kind, Stream};
use chancery_protocol::command::{Acknowledge, Delete, Edit, React, Restore};
use chancery_protocol::conversation::REACTIONS;
use chancery_protocol::ids::{ClientId, ConversationId, Id, PersonId, RecordId};
use chancery_screening::TextKind;
use serde::Serialize;

use super::Messaging;
use super::body::{EditBody, NothingBody, ReactionBody};
use super::send::check_text;
use super::state::{self, Change};
use crate::acceptable_use::{Confirmed, Removed, Spoken, without};
use crate::conversations::Membership;
use crate::ground::error::{Code, Error};
use crate::journal::{Beside, Draft, Unit, Work};
use crate::vault::Vault;

impl Messaging {
    /// A new text for one's own message; `confirmed` is the answer to a warning.
    ///
    /// # Errors
    /// What is wrong with the text; `conversation_not_found`. Under the lock: `message_not_found`, `not_author`,
    /// `already_deleted`.
    pub fn edit_unit(
        &self,
        author: PersonId,
        command: Edit,
        confirmed: Option<Confirmed>,
    ) -> Result<Unit, Error> {
        let Edit { client_id, conversation, message, text } = command;
        check_text(&text)?;
        let stay = self.may_act(conversation, author)?;
        let spoken = Spoken {
            author,
            conversation: Some(conversation),
            what: TextKind::Edit,
            text,
            client_id,
            message: Some(message),
            reply_to: None,
            thread_root: None,
            // An edit says nothing about it.
            urgent: false,
        };
        let mut unit = self.screened(spoken, confirmed, move |this, spoken, decision, confirmed| {
            // Nothing is on record of an attempt at what could not be changed anyway.
            let may: Work = Box::new(move |conn, _| {
                state::may(conn, (conversation, message), (author, stay), Change::Edit).map(drop)
            });
            if let Some(attempt) = this.attempt(spoken, decision, confirmed, Some(may))? {
                return Ok(attempt);
            }
            let draft = this.edit(spoken, (conversation, message), &decision.removed)?;
            let about = spoken.matched(&this.journal, decision, confirmed)?.into_iter().collect();
            let vault = Arc::clone(this.journal.vault());
            let unit = Unit {
                records: vec![draft],
                once: Some((author, client_id)),
                work: Some(work(vault, (conversation, message), (author, stay), Change::Edit)),
                ..Unit::default()
            };
            Ok(unit.with(Beside { about, check: None }))
        })?;
        unit.check = Some(self.check(conversation, author));
        Ok(unit)
    }

    /// The record of a new text.
    pub(super) fn edit(
        &self,
        spoken: &Spoken,
        (conversation, message): (ConversationId, RecordId),
        removed: &[Removed],
    ) -> Result<Draft, Error> {
        let body = EditBody {
            text: spoken.text.clone(),
            mentions: self.mentioned(conversation, &without(&spoken.text, removed)),
            removed: removed.to_vec(),
        };
        let stream = Stream::Conversation(conversation.bytes());
        let mut draft = self.journal.draft(stream, Kind::Edit, Some(spoken.author), &body)?;
        draft.target = Some(message.bytes());
        Ok(draft)
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

    /// Says that somebody else's urgent message has been read.
    ///
    /// # Errors
    /// `conversation_not_found`. Under the lock: `message_not_found`, `own_message`, `not_urgent`, `already_deleted`,
    /// `unchanged` when it was said before.
    pub fn acknowledge_unit(&self, person: PersonId, command: Acknowledge) -> Result<Unit, Error> {
        let Acknowledge { client_id, conversation, message } = command;
        let change = Change::Acknowledge;
        self.unit(person, client_id, (conversation, message), Kind::Acknowledged, &NothingBody {}, change)
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
            work: Some(work(vault, (conversation, message), (author, stay), change)),
            ..Unit::default()
        })
    }
}

/// The change of the current state that goes with the first record of a unit.
pub(super) fn work(
    vault: Arc<Vault>,
    what: (ConversationId, RecordId),
    who: (PersonId, Membership),
    change: Change,
) -> Work {
    Box::new(move |conn, placed| {
        let place = placed.first().ok_or_else(|| Error::internal("a change without a record"))?;
        state::apply(conn, &vault, what, who, place, change)
    })
}
