//! A new message: admitted, authorised, put on the record. Delivery follows the journal, not this.

use chancery_ledger::{Kind, Stream};
use chancery_protocol::command::Send;
use chancery_protocol::conversation::ConversationKind;
use chancery_protocol::ids::{ConversationId, Id, PersonId, RecordId};
use chancery_protocol::text;

use super::body::MessageBody;
use super::{Messaging, state};
use crate::ground::error::{Code, Error};
use crate::journal::{NewMessage, Unit};

impl Messaging {
    /// The unit of a new message.
    ///
    /// # Errors
    /// What is wrong with the text; `conversation_not_found` for whoever is not a member.
    pub fn send_unit(&self, author: PersonId, command: Send) -> Result<Unit, Error> {
        let Send { client_id, conversation, text, reply_to, thread_root } = command;
        check_text(&text)?;
        self.may_post(conversation, author)?;
        let mentions = self.mentioned(conversation, &text);
        let body = MessageBody { text, mentions, client_id, reply_to, thread_root };
        let stream = Stream::Conversation(conversation.bytes());
        let mut draft = self.journal.draft(stream, Kind::Message, Some(author), &body)?;
        draft.message = Some(NewMessage { reply_to, thread_root });
        let pointed: Vec<RecordId> = [reply_to, thread_root].into_iter().flatten().collect();
        let work = (!pointed.is_empty()).then(|| -> crate::journal::Work {
            Box::new(move |conn, _| state::all_in(conn, conversation, &pointed))
        });
        Ok(Unit {
            records: vec![draft],
            once: Some((author, client_id)),
            check: Some({
                let this = self.clone();
                Box::new(move || this.may_post(conversation, author))
            }),
            work,
        })
    }

    /// A present member who may write here; in an announcement these are its owners and posters.
    fn may_post(&self, conversation: ConversationId, author: PersonId) -> Result<(), Error> {
        let stay = self.may_act(conversation, author)?;
        let kind = self.roster.get(conversation).map_or(ConversationKind::Group, |entry| entry.kind);
        if stay.role.may_post(kind) { Ok(()) } else { Err(Code::MayNotPost.into()) }
    }

    /// The members whom a text mentions by their handles.
    pub(super) fn mentioned(&self, conversation: ConversationId, text: &str) -> Vec<PersonId> {
        let handles = text::mentions(text);
        let Some(entry) = self.roster.get(conversation).filter(|_| !handles.is_empty()) else {
            return Vec::new();
        };
        if entry.kind == ConversationKind::Direct && entry.members.len() == 1 {
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

/// The protocol's rules for text.
pub(super) fn check_text(text: &str) -> Result<(), Error> {
    text::check_text(text).map_err(|problem| Error::from(problem).field("text"))
}
