//! The commands, as one would say them.

use chancery_protocol::command::{self, Command};
use chancery_protocol::conversation::{Conversation, Event, Filling, HistoryPage};
use chancery_protocol::frame::{Answer, Recorded};
use chancery_protocol::ids::{ClientId, ConversationId, PersonId, RecordId};
use chancery_protocol::person::Presence;

use super::{Client, Failed, new_client_id};

impl Client {
    async fn record(&mut self, command: impl Into<Command>) -> Result<Recorded, Failed> {
        match self.ask(command).await? {
            Answer::Recorded(recorded) => Ok(recorded),
            other => panic!("not on the record: {other:?}"),
        }
    }

    /// Sends a message.
    ///
    /// # Errors
    /// See [`Self::ask`].
    pub async fn send(&mut self, conversation: ConversationId, text: &str) -> Result<Recorded, Failed> {
        self.send_as(conversation, text, new_client_id()).await
    }

    /// Sends a message under a known client id.
    ///
    /// # Errors
    /// See [`Self::ask`].
    pub async fn send_as(&mut self, c: ConversationId, text: &str, id: ClientId) -> Result<Recorded, Failed> {
        self.record(send_command(c, text, id)).await
    }

    /// Answers a message.
    ///
    /// # Errors
    /// See [`Self::ask`].
    pub async fn reply(&mut self, c: ConversationId, text: &str, to: RecordId) -> Result<Recorded, Failed> {
        self.record(command::Send { reply_to: Some(to), ..send_command(c, text, new_client_id()) }).await
    }

    /// Sends a message that asks everybody else to acknowledge it.
    ///
    /// # Errors
    /// See [`Self::ask`].
    pub async fn urge(&mut self, c: ConversationId, text: &str) -> Result<Recorded, Failed> {
        self.record(command::Send { urgent: true, ..send_command(c, text, new_client_id()) }).await
    }

    /// Acknowledges an urgent message; what one has acknowledged before is answered with `Done`.
    ///
    /// # Errors
    /// See [`Self::ask`].
    pub async fn acknowledge(&mut self, c: ConversationId, message: RecordId) -> Result<Answer, Failed> {
        self.ask(command::Acknowledge { client_id: new_client_id(), conversation: c, message }).await
    }

    /// Changes a message.
    ///
    /// # Errors
    /// See [`Self::ask`].
    pub async fn edit(
        &mut self,
        conversation: ConversationId,
        message: RecordId,
        text: &str,
    ) -> Result<Recorded, Failed> {
        let (client_id, text) = (new_client_id(), text.to_owned());
        self.record(command::Edit { client_id, conversation, message, text }).await
    }

    /// Deletes a message.
    ///
    /// # Errors
    /// See [`Self::ask`].
    pub async fn delete(
        &mut self,
        conversation: ConversationId,
        message: RecordId,
    ) -> Result<Recorded, Failed> {
        self.record(command::Delete { client_id: new_client_id(), conversation, message }).await
    }

    /// Takes a deletion back.
    ///
    /// # Errors
    /// See [`Self::ask`].
    pub async fn restore(
        &mut self,
        conversation: ConversationId,
        message: RecordId,
    ) -> Result<Recorded, Failed> {
        self.record(command::Restore { client_id: new_client_id(), conversation, message }).await
    }

    /// Puts a reaction on or takes it off; one that stands so already is answered with `Done`.
    ///
    /// # Errors
    /// See [`Self::ask`].
    pub async fn react(
        &mut self,
        c: ConversationId,
        message: RecordId,
        reaction: &str,
        on: bool,
    ) -> Result<Answer, Failed> {
        let reaction = reaction.to_owned();
        self.ask(command::React { client_id: new_client_id(), conversation: c, message, reaction, on }).await
    }

    /// Sets the status text.
    ///
    /// # Errors
    /// See [`Self::ask`].
    pub async fn set_status(&mut self, text: &str) -> Result<Answer, Failed> {
        self.ask(command::SetStatus { client_id: new_client_id(), text: text.to_owned() }).await
    }

    /// The direct talk with somebody.
    ///
    /// # Errors
    /// See [`Self::ask`].
    pub async fn open_direct(&mut self, person: PersonId) -> Result<Conversation, Failed> {
        match self.ask(command::OpenDirect { client_id: new_client_id(), person }).await? {
            Answer::Conversation { conversation, .. } => Ok(*conversation),
            other => panic!("no conversation: {other:?}"),
        }
    }

    /// A new group.
    ///
    /// # Errors
    /// See [`Self::ask`].
    pub async fn create_group(&mut self, name: &str, members: &[PersonId]) -> Result<Conversation, Failed> {
        self.create(crate::groups::create_group(name, None, false, members.to_vec())).await
    }

    /// The newest page of history.
    ///
    /// # Errors
    /// See [`Self::ask`].
    pub async fn history(&mut self, conversation: ConversationId) -> Result<HistoryPage, Failed> {
        self.history_before(conversation, None, 200).await
    }

    /// A page of history.
    ///
    /// # Errors
    /// See [`Self::ask`].
    pub async fn history_before(
        &mut self,
        c: ConversationId,
        before: Option<u64>,
        limit: u16,
    ) -> Result<HistoryPage, Failed> {
        match self.ask(command::History { conversation: c, before, limit }).await? {
            Answer::History(page) => Ok(page),
            other => panic!("no history: {other:?}"),
        }
    }

    /// Some events after a seq.
    ///
    /// # Errors
    /// See [`Self::ask`].
    pub async fn fill(&mut self, conversation: ConversationId, after: u64) -> Result<Filling, Failed> {
        match self.ask(command::Fill { conversation, after }).await? {
            Answer::Filling(filling) => Ok(filling),
            other => panic!("no filling: {other:?}"),
        }
    }

    /// All events of a conversation, one filling after the other.
    ///
    /// # Errors
    /// See [`Self::ask`].
    pub async fn fill_all(&mut self, conversation: ConversationId) -> Result<Vec<Event>, Failed> {
        let mut events: Vec<Event> = Vec::new();
        loop {
            let filling = self.fill(conversation, events.last().map_or(0, |event| event.seq)).await?;
            events.extend(filling.events);
            if !filling.more {
                return Ok(events);
            }
        }
    }

    /// Fills the gaps of the own copy, up to the newest event there is.
    ///
    /// # Errors
    /// See [`Self::ask`].
    pub async fn catch_up(&mut self, conversation: ConversationId) -> Result<(), Failed> {
        loop {
            let log = self.logs.entry(conversation).or_default();
            let complete_up_to = (1..).find(|seq| !log.contains_key(seq)).unwrap_or(1) - 1;
            if !self.fill(conversation, complete_up_to).await?.more {
                return Ok(());
            }
        }
    }

    /// Everything up to an ordinal has been read.
    ///
    /// # Errors
    /// See [`Self::ask`].
    pub async fn mark(&mut self, conversation: ConversationId, read: u64) -> Result<Answer, Failed> {
        self.ask(command::Mark { conversation, read }).await
    }

    /// Typing, just now.
    ///
    /// # Errors
    /// See [`Self::ask`].
    pub async fn typing(&mut self, conversation: ConversationId) -> Result<Answer, Failed> {
        self.ask(command::Typing { conversation }).await
    }

    /// Looks at somebody's presence.
    ///
    /// # Errors
    /// See [`Self::ask`].
    pub async fn watch(&mut self, people: &[PersonId]) -> Result<Answer, Failed> {
        self.ask(command::Watch { people: people.to_vec() }).await
    }

    /// Sets the own presence.
    ///
    /// # Errors
    /// See [`Self::ask`].
    pub async fn set_presence(&mut self, presence: Presence) -> Result<Answer, Failed> {
        self.ask(command::SetPresence { presence }).await
    }

    /// Keeps unsent text.
    ///
    /// # Errors
    /// See [`Self::ask`].
    pub async fn save_draft(&mut self, conversation: ConversationId, text: &str) -> Result<Answer, Failed> {
        self.ask(command::SaveDraft { conversation, text: text.to_owned(), urgent: false }).await
    }

    /// Is the line alive?
    ///
    /// # Errors
    /// See [`Self::ask`].
    pub async fn ping(&mut self) -> Result<Answer, Failed> {
        self.ask(command::Ping {}).await
    }
}

/// A message under a known client id.
pub fn send_command(conversation: ConversationId, text: &str, client_id: ClientId) -> command::Send {
    command::Send {
        client_id,
        conversation,
        text: text.to_owned(),
        reply_to: None,
        thread_root: None,
        urgent: false,
    }
}
