//! Conversations, their messages, and the events of their logs.
//!
//! A conversation is a log: every event has a `seq`, dense from 1. A [`Message`] is the current state of
//! one message; `revision` is the seq of the last event that touched it, so that an older event arriving
//! later can be told apart and ignored.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Micros;
use crate::ids::{ClientId, ConversationId, PersonId, RecordId};
use crate::person::Person;

/// What sort of conversation it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConversationKind {
    /// Two people (or one with themselves); there is one per pair.
    Direct,
    /// Named people, with owners.
    Group,
    /// As a group, but only owners and posters write; everybody reads and reacts.
    Announcement,
}

/// What a member may do in a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MemberRole {
    /// Manages members and name.
    Owner,
    /// Writes in an announcement; elsewhere the same as a member.
    Poster,
    /// Reads and, except in an announcement, writes.
    Member,
}

impl MemberRole {
    /// Whether this role may write in a conversation of this kind.
    pub fn may_post(self, kind: ConversationKind) -> bool {
        kind != ConversationKind::Announcement || self != Self::Member
    }
}

/// A member of a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Member {
    /// Who.
    pub person: PersonId,
    /// What they may do here.
    pub role: MemberRole,
}

/// How far a member has got, by ordinals of messages. Both only move forward; what was read was received.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MemberMark {
    /// Who.
    pub person: PersonId,
    /// The newest message that reached one of their devices.
    pub received: u64,
    /// The newest message they have read.
    pub read: u64,
}

impl MemberMark {
    /// The further of two marks of the same person.
    #[must_use]
    pub fn max(self, other: Self) -> Self {
        let (received, read) = (self.received.max(other.received), self.read.max(other.read));
        Self { person: self.person, received: received.max(read), read }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_false(value: &bool) -> bool {
    !*value
}

/// Most guests a line of the list names: enough to show that there are some.
pub const MAX_GUESTS_NAMED: usize = 20;

/// One line of the list of conversations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Conversation {
    /// Which.
    pub id: ConversationId,
    /// What sort.
    pub kind: ConversationKind,
    /// Name; absent for direct talks, which are named by the other person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    /// The other person of a direct talk (oneself in a talk with oneself).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub with: Option<PersonId>,
    /// Whether employees may join by themselves.
    #[serde(default, skip_serializing_if = "is_false")]
    pub open: bool,
    /// What the reader may do here.
    pub role: MemberRole,
    /// How far the other person of a direct talk has got.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other: Option<MemberMark>,
    /// How many people are members now.
    pub member_count: u32,
    /// Members from outside, in the order of ids, at most [`MAX_GUESTS_NAMED`] of them; who is suspended by now may be among them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub guests: Vec<PersonId>,
    /// First seq the reader may see.
    pub member_since: u64,
    /// Newest seq.
    pub last_seq: u64,
    /// Ordinal of the newest message; 0 when there is none. Unread = newest − read.
    pub last_ordinal: u64,
    /// Ordinal up to which the reader has read, on any device. Writing a message reads everything before it.
    pub read: u64,
    /// The newest message, for the preview line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_message: Option<Message>,
    /// When something last happened.
    pub last_at: Micros,
    /// The reader's unsent text, kept by the server; empty when there is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub draft: String,
    /// Whether that is to be sent as an urgent message.
    #[serde(default, skip_serializing_if = "is_false")]
    pub draft_urgent: bool,
}

/// What a reader may see of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Content {
    /// The current text, as typed, and whom it mentions.
    Text {
        /// As typed; parse with [`crate::text::parse`].
        text: String,
        /// People mentioned, resolved by the server when it was written.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        mentions: Vec<PersonId>,
    },
    /// Deleted by its author; a copy stays in the archive.
    Deleted,
    /// Only in events that fill a gap: a later event of the same log says what is shown now.
    Superseded,
    /// The stored record does not verify; `position` names it. Its neighbours are not concerned.
    Damaged {
        /// Position in the journal.
        position: u64,
    },
}

/// Who reacted with what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReactionCount {
    /// One of [`REACTIONS`].
    pub reaction: String,
    /// Who, in the order in which they reacted.
    pub people: Vec<PersonId>,
}

/// Who acknowledged an urgent message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Acknowledgement {
    /// Who.
    pub person: PersonId,
    /// When it was committed.
    pub at: Micros,
}

/// The fixed list of reactions.
pub const REACTIONS: [&str; 8] = ["reviewed", "looking", "agreed", "done", "👍", "❤️", "😄", "🎉"];

/// The current state of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Message {
    /// The record that first wrote it.
    pub id: RecordId,
    /// Seq of that record.
    pub seq: u64,
    /// Counts messages of the conversation only, from 1.
    pub ordinal: u64,
    /// Who wrote it.
    pub author: PersonId,
    /// When.
    pub at: Micros,
    /// What is to be seen.
    pub content: Content,
    /// When the text was last changed by its author; absent when never, and while the message is deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited_at: Option<Micros>,
    /// Seq of the last event that touched it.
    pub revision: u64,
    /// The message it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<RecordId>,
    /// The message its thread began with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thread_root: Option<RecordId>,
    /// Reactions, in order of [`REACTIONS`]. A deleted message keeps them: they are not shown, and are there again
    /// when it is restored.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reactions: Vec<ReactionCount>,
    /// Whether it asks everybody else to acknowledge it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub urgent: bool,
    /// Who did, in the order in which they did. A deleted message keeps them, as it keeps its reactions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub acknowledged: Vec<Acknowledgement>,
    /// What its author's client called it; lets a pending copy be recognised. Only until something touches the
    /// message (`revision` is then above `seq`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<ClientId>,
}

/// One step of a conversation's log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Event {
    /// Which conversation.
    pub conversation: ConversationId,
    /// Place in its log, dense from 1.
    pub seq: u64,
    /// The record.
    pub record: RecordId,
    /// When it was committed.
    pub at: Micros,
    /// Who did it; absent when the server did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<PersonId>,
    /// What happened.
    pub change: Change,
}

/// What an event changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Change {
    /// The conversation began (always seq 1).
    Created {
        /// What sort.
        kind: ConversationKind,
        /// Its name, for groups.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
        /// What it is for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        topic: Option<String>,
        /// Whether employees may join by themselves.
        #[serde(default, skip_serializing_if = "is_false")]
        open: bool,
        /// Everybody who was in it from the start.
        members: Vec<Member>,
    },
    /// Name, topic or openness changed; what is absent stayed as it was.
    Described {
        /// Its new name.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
        /// What it is for now; empty when that was taken away.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        topic: Option<String>,
        /// Whether employees may join by themselves from now on.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        open: Option<bool>,
    },
    /// People became members: added by the actor, or, where the actor is the only one of them, by themselves. They
    /// see the conversation from this event on.
    Joined {
        /// Who, and what they may do.
        members: Vec<Member>,
    },
    /// A person is no member any more: removed by the actor, or gone by themselves. This is the last event they see.
    Left {
        /// Who.
        person: PersonId,
    },
    /// A member may do something else from now on.
    RoleSet {
        /// Who, and what they may do now.
        member: Member,
    },
    /// A message; its id is the event's record.
    Message {
        /// Counts messages only.
        ordinal: u64,
        /// Text, or what stands in its place.
        content: Content,
        /// The message it answers.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reply_to: Option<RecordId>,
        /// The message its thread began with.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        thread_root: Option<RecordId>,
        /// What its author's client called it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        client_id: Option<ClientId>,
        /// Whether it asks everybody else to acknowledge it.
        #[serde(default, skip_serializing_if = "is_false")]
        urgent: bool,
    },
    /// The text of a message changed.
    Edited {
        /// Which message.
        message: RecordId,
        /// The new text, or what stands in its place.
        content: Content,
    },
    /// A message was deleted by its author.
    Deleted {
        /// Which message.
        message: RecordId,
    },
    /// A deletion was taken back.
    Restored {
        /// Which message.
        message: RecordId,
        /// The text it has again, or what stands in its place.
        content: Content,
        /// When the text had last been edited, if ever.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        edited_at: Option<Micros>,
    },
    /// A reaction was put on or taken off.
    Reacted {
        /// Which message.
        message: RecordId,
        /// One of [`REACTIONS`].
        reaction: String,
        /// On or off.
        on: bool,
    },
    /// The actor acknowledged an urgent message, for good.
    Acknowledged {
        /// Which message.
        message: RecordId,
    },
}

/// An entry of a page of history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Entry {
    /// The current state of a message.
    Message {
        /// It.
        message: Message,
    },
    /// Something else that is shown in the timeline, as it happened: the beginning and changes of name, topic,
    /// members and roles.
    Note {
        /// It.
        event: Event,
    },
}

impl Entry {
    /// Its place in the log.
    pub fn seq(&self) -> u64 {
        match self {
            Self::Message { message } => message.seq,
            Self::Note { event } => event.seq,
        }
    }
}

/// Entries of a conversation in order of seq, with the people they name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct HistoryPage {
    /// Which conversation.
    pub conversation: ConversationId,
    /// Ascending by seq.
    pub entries: Vec<Entry>,
    /// The state shown includes every event up to this seq.
    pub as_of: u64,
    /// Whether older entries exist that the reader may see.
    pub more: bool,
    /// People named in the entries.
    pub people: Vec<Person>,
}

/// Events of a conversation after a seq, without gaps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Filling {
    /// Which conversation.
    pub conversation: ConversationId,
    /// Ascending and dense.
    pub events: Vec<Event>,
    /// Whether newer events exist; ask again after the last one.
    pub more: bool,
    /// People named in the events.
    pub people: Vec<Person>,
}
