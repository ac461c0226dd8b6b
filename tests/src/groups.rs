//! What a client does with groups and announcements.

use chancery_protocol::command::{self, CreateGroup};
use chancery_protocol::conversation::{Conversation, ConversationKind, Member, MemberRole};
use chancery_protocol::frame::{Answer, OpenGroup};
use chancery_protocol::ids::{ConversationId, PersonId};

use crate::client::{Client, Failed, new_client_id};

/// A command that makes a group.
pub fn create_group(
    name: &str,
    kind: Option<ConversationKind>,
    open: bool,
    members: Vec<PersonId>,
) -> CreateGroup {
    CreateGroup { client_id: new_client_id(), kind, open, name: name.to_owned(), topic: None, members }
}

impl Client {
    /// A new group as the command says.
    ///
    /// # Errors
    /// See [`Self::ask`].
    pub async fn create(&mut self, create: CreateGroup) -> Result<Conversation, Failed> {
        match self.ask(create).await? {
            Answer::Conversation { conversation, .. } => Ok(*conversation),
            other => panic!("no conversation: {other:?}"),
        }
    }

    /// A new group that employees may join.
    ///
    /// # Errors
    /// See [`Self::ask`].
    pub async fn create_open_group(&mut self, name: &str) -> Result<Conversation, Failed> {
        self.create(create_group(name, None, true, Vec::new())).await
    }

    /// A new announcement with these readers.
    ///
    /// # Errors
    /// See [`Self::ask`].
    pub async fn create_announcement(
        &mut self,
        name: &str,
        readers: &[PersonId],
    ) -> Result<Conversation, Failed> {
        self.create(create_group(name, Some(ConversationKind::Announcement), false, readers.to_vec())).await
    }

    /// Who is in a conversation.
    ///
    /// # Errors
    /// See [`Self::ask`].
    pub async fn members(&mut self, conversation: ConversationId) -> Result<Vec<Member>, Failed> {
        match self.ask(command::Members { conversation }).await? {
            Answer::Members(list) => Ok(list.members),
            other => panic!("no members: {other:?}"),
        }
    }

    /// Groups that can be joined.
    ///
    /// # Errors
    /// See [`Self::ask`].
    pub async fn find_open(&mut self, text: &str) -> Result<Vec<OpenGroup>, Failed> {
        match self.ask(command::FindOpen { text: text.to_owned(), limit: 50 }).await? {
            Answer::OpenGroups { groups } => Ok(groups),
            other => panic!("no groups: {other:?}"),
        }
    }

    /// One's line of a conversation.
    ///
    /// # Errors
    /// See [`Self::ask`].
    pub async fn line(&mut self, conversation: ConversationId) -> Result<Conversation, Failed> {
        match self.ask(command::Line { conversation }).await? {
            Answer::Conversation { conversation, .. } => Ok(*conversation),
            other => panic!("no conversation: {other:?}"),
        }
    }

    /// Makes people members.
    ///
    /// # Errors
    /// See [`Self::ask`].
    pub async fn add_members(&mut self, c: ConversationId, people: &[PersonId]) -> Result<Answer, Failed> {
        let people = people.to_vec();
        self.ask(command::AddMembers { client_id: new_client_id(), conversation: c, people }).await
    }

    /// Takes a member out, or leaves.
    ///
    /// # Errors
    /// See [`Self::ask`].
    pub async fn remove_member(&mut self, c: ConversationId, person: PersonId) -> Result<Answer, Failed> {
        self.ask(command::RemoveMember { client_id: new_client_id(), conversation: c, person }).await
    }

    /// Becomes a member of an open group.
    ///
    /// # Errors
    /// See [`Self::ask`].
    pub async fn join(&mut self, conversation: ConversationId) -> Result<Answer, Failed> {
        self.ask(command::Join { client_id: new_client_id(), conversation }).await
    }

    /// Changes what a member may do.
    ///
    /// # Errors
    /// See [`Self::ask`].
    pub async fn set_member_role(
        &mut self,
        conversation: ConversationId,
        person: PersonId,
        role: MemberRole,
    ) -> Result<Answer, Failed> {
        self.ask(command::SetMemberRole { client_id: new_client_id(), conversation, person, role }).await
    }

    /// Changes a group's name, topic or openness.
    ///
    /// # Errors
    /// See [`Self::ask`].
    pub async fn describe(
        &mut self,
        conversation: ConversationId,
        name: Option<&str>,
        topic: Option<&str>,
        open: Option<bool>,
    ) -> Result<Answer, Failed> {
        let (name, topic) = (name.map(str::to_owned), topic.map(str::to_owned));
        self.ask(command::Describe { client_id: new_client_id(), conversation, name, topic, open }).await
    }
}
