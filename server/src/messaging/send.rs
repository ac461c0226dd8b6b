//! A new message: admitted, authorised, put on the record. Delivery follows the journal, not this.

use chancery_ledger::{Kind, Stream};
use chancery_protocol::command::Send;
use chancery_protocol::conversation::ConversationKind;
use chancery_protocol::ids::{ConversationId, Id, PersonId, RecordId};
use chancery_protocol::text;
use chancery_screening::TextKind;

use super::body::MessageBody;
use super::{Messaging, state};
use crate::acceptable_use::{Confirmed, Removed, Spoken, without};
use crate::ground::error::{Code, Error};
use crate::journal::{Beside, Draft, NewMessage, Unit, Work};

impl Messaging {
    /// The unit of a new message; `confirmed` is the answer to a warning.
    ///
    /// # Errors
    /// What is wrong with the text; `conversation_not_found` for whoever is not a member.
    pub fn send_unit(
        &self,
        author: PersonId,
        command: Send,
        confirmed: Option<Confirmed>,
    ) -> Result<Unit, Error> {
        let Send { client_id, conversation, text, reply_to, thread_root, urgent } = command;
        check_text(&text)?;
        self.may_post(conversation, author)?;
        if urgent && self.is_alone(conversation) {
            return Err(Error::from(Code::UrgentAlone).field("urgent"));
        }
        let spoken = Spoken {
            author,
            conversation: Some(conversation),
            what: TextKind::Message,
            text,
            client_id,
            message: None,
            reply_to,
            thread_root,
            urgent,
        };
        let mut unit = self.screened(spoken, confirmed, move |this, spoken, decision, confirmed| {
            if let Some(attempt) =
                this.attempt(spoken, decision, confirmed, pointed_at(spoken, conversation))?
            {
                return Ok(attempt);
            }
            let draft = this.message(spoken, conversation, &decision.removed)?;
            let about = spoken.matched(&this.journal, decision, confirmed)?.into_iter().collect();
            let unit = Unit {
                records: vec![draft],
                once: Some((author, client_id)),
                work: pointed_at(spoken, conversation),
                ..Unit::default()
            };
            Ok(unit.with(Beside { about, check: None }))
        })?;
        let this = self.clone();
        unit.check = Some(Box::new(move || this.may_post(conversation, author)));
        Ok(unit)
    }

    /// The record of a message.
    pub(super) fn message(
        &self,
        spoken: &Spoken,
        conversation: ConversationId,
        removed: &[Removed],
    ) -> Result<Draft, Error> {
        let Spoken { reply_to, thread_root, client_id, urgent, .. } = *spoken;
        let body = MessageBody {
            text: spoken.text.clone(),
            // Whoever is mentioned in what members do not get is not mentioned.
            mentions: self.mentioned(conversation, &without(&spoken.text, removed)),
            removed: removed.to_vec(),
            client_id,
            reply_to,
            thread_root,
            urgent,
        };
        let stream = Stream::Conversation(conversation.bytes());
        let mut draft = self.journal.draft(stream, Kind::Message, Some(spoken.author), &body)?;
        draft.message = Some(NewMessage { reply_to, thread_root, urgent });
        Ok(draft)
    }

    /// A present member who may write here; in an announcement these are its owners and posters.
    pub(super) fn may_post(&self, conversation: ConversationId, author: PersonId) -> Result<(), Error> {
        let stay = self.may_act(conversation, author)?;
        let kind = self.roster.get(conversation).map_or(ConversationKind::Group, |entry| entry.kind);
        if stay.role.may_post(kind) { Ok(()) } else { Err(Code::MayNotPost.into()) }
    }

    /// Whether it is somebody's talk with themselves.
    fn is_alone(&self, conversation: ConversationId) -> bool {
        let entry = self.roster.get(conversation);
        entry.is_some_and(|entry| entry.kind == ConversationKind::Direct && entry.members.len() == 1)
    }

    /// The members whom a text mentions by their handles.
    pub(super) fn mentioned(&self, conversation: ConversationId, text: &str) -> Vec<PersonId> {
        let handles = text::mentions(text);
        let Some(entry) = self.roster.get(conversation).filter(|_| !handles.is_empty()) else {
            return Vec::new();
        };
        if self.is_alone(conversation) {
            return Vec::new();
        }
        handles
            .iter()
            .filter_map(|handle| self.directory.by_username(handle))
            .map(|found| found.person.id)
            .filter(|id| entry.members.get(id).is_some_and(|stay| stay.until.is_none()))
            .collect()
    }
}

/// The messages a text points at must be of its conversation.
pub(super) fn pointed_at(spoken: &Spoken, conversation: ConversationId) -> Option<Work> {
    let pointed: Vec<RecordId> = [spoken.reply_to, spoken.thread_root].into_iter().flatten().collect();
    (!pointed.is_empty())
        .then(|| -> Work { Box::new(move |conn, _| state::all_in(conn, conversation, &pointed)) })
}

/// The protocol's rules for text.
pub(super) fn check_text(text: &str) -> Result<(), Error> {
    text::check_text(text).map_err(|problem| Error::from(problem).field("text"))
}
