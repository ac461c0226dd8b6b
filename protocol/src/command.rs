//! What a client asks over the socket.
//!
//! A frame is `{"id": 7, "command": {"type": "send", …}}`; the answer carries the same id. Commands that
//! write a record carry a client id: repeated with the same one, they answer with the first result.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::conversation::{ConversationKind, MemberRole};
use crate::ids::{ClientId, ConversationId, PersonId, RecordId};
use crate::person::Presence;
use crate::preferences::Preferences;

/// A frame from client to server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// Chosen by the client, echoed in the answer.
    pub id: u32,
    /// What is asked.
    pub command: Command,
}

/// Up to where messages have reached a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reached {
    /// Where.
    pub conversation: ConversationId,
    /// Ordinal of the newest message.
    pub ordinal: u64,
}

macro_rules! commands {
    ($($(#[$doc:meta])* $name:ident $tag:literal { $($(#[$fdoc:meta])* $field:ident : $type:ty,)* })*) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
            #[serde(deny_unknown_fields)]
            pub struct $name { $($(#[$fdoc])* pub $field: $type,)* }
        )*

        /// Everything a client may ask.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
        #[serde(tag = "type")]
        pub enum Command {
            $($(#[$doc])* #[serde(rename = $tag)] $name($name),)*
        }

        impl Command {
            /// The tags of all commands, as they stand on the wire.
            pub const TAGS: &'static [&'static str] = &[$($tag,)*];

            /// The tag of this command.
            pub fn tag(&self) -> &'static str { match self { $(Self::$name(_) => $tag,)* } }

            /// What is confirmed, or the command itself: the answer is to this.
            pub fn inner(&self) -> &Self { if let Self::Confirm(confirm) = self { &confirm.command } else { self } }
        }

        $(impl From<$name> for Command { fn from(command: $name) -> Self { Self::$name(command) } })*
    };
}

commands! {
    /// Is the line alive? Answered `Done`.
    Ping "ping" {}
    /// A page of history, newest first choice: the entries before `before`, or the newest.
    History "history" {
        /// Which conversation.
        conversation: ConversationId,
        /// Entries with a smaller seq; absent for the newest.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        before: Option<u64>,
        /// At most this many messages, 1 to [`crate::MAX_PAGE`].
        limit: u16,
    }
    /// The events after a seq, to close a gap.
    Fill "fill" {
        /// Which conversation.
        conversation: ConversationId,
        /// The last seq the client has.
        after: u64,
    }
    /// Who is in a conversation.
    Members "members" {
        /// Which conversation.
        conversation: ConversationId,
    }
    /// Colleagues whose name or user name contains the text.
    FindPeople "find_people" {
        /// Part of a name; empty for the first of the alphabet.
        text: String,
        /// At most this many, 1 to 50.
        limit: u16,
    }
    /// Names for ids.
    People "people" {
        /// Whom; at most [`crate::MAX_PEOPLE`].
        ids: Vec<PersonId>,
    }
    /// A new message.
    Send "send" {
        /// Makes a repetition harmless.
        client_id: ClientId,
        /// Where.
        conversation: ConversationId,
        /// 1 to [`crate::MAX_TEXT_CHARS`] characters, not only white space.
        text: String,
        /// The message it answers.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reply_to: Option<RecordId>,
        /// The message whose thread it belongs to.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        thread_root: Option<RecordId>,
        /// Everybody else is asked to acknowledge it; not in a talk with oneself.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        urgent: bool,
    }
    /// A new text for one's own message.
    Edit "edit" {
        /// Makes a repetition harmless.
        client_id: ClientId,
        /// Where.
        conversation: ConversationId,
        /// Which message.
        message: RecordId,
        /// The new text.
        text: String,
    }
    /// What a rule asked a reason for, sent again with one. The answer is that of the inner command.
    Confirm "confirm" {
        /// [`crate::problem::Problem::token`] of the refusal.
        token: String,
        /// Why it has to be sent: [`crate::MIN_REASON_CHARS`] to [`crate::MAX_REASON_CHARS`] characters.
        reason: String,
        /// `send`, `edit`, `create_group`, `describe` or `set_status`, exactly as it was refused.
        command: Box<Command>,
    }
    /// One's own texts in a conversation that wait for an officer, or were refused and not put away. Answered `Attempts`.
    Attempts "attempts" {
        /// Which conversation.
        conversation: ConversationId,
    }
    /// Take a text back that waits for an officer, or put one away that was refused.
    TakeBack "take_back" {
        /// Makes a repetition harmless.
        client_id: ClientId,
        /// Which text.
        attempt: RecordId,
    }
    /// Delete one's own message.
    Delete "delete" {
        /// Makes a repetition harmless.
        client_id: ClientId,
        /// Where.
        conversation: ConversationId,
        /// Which message.
        message: RecordId,
    }
    /// Take one's own deletion back, within 30 seconds.
    Restore "restore" {
        /// Makes a repetition harmless.
        client_id: ClientId,
        /// Where.
        conversation: ConversationId,
        /// Which message.
        message: RecordId,
    }
    /// Put a reaction on a message, or take it off.
    React "react" {
        /// Makes a repetition harmless.
        client_id: ClientId,
        /// Where.
        conversation: ConversationId,
        /// Which message.
        message: RecordId,
        /// One of [`crate::conversation::REACTIONS`].
        reaction: String,
        /// On or off.
        on: bool,
    }
    /// Say that one has read an urgent message by somebody else: once, for good. One has then read everything up to it.
    Acknowledge "acknowledge" {
        /// Makes a repetition harmless.
        client_id: ClientId,
        /// Where.
        conversation: ConversationId,
        /// Which message.
        message: RecordId,
    }
    /// The direct talk with a person; made when there is none.
    OpenDirect "open_direct" {
        /// Makes a repetition harmless.
        client_id: ClientId,
        /// With whom.
        person: PersonId,
    }
    /// One line of one's own list, as it is now.
    Line "line" {
        /// Which conversation.
        conversation: ConversationId,
    }
    /// Open groups and announcements whose name contains the text, of which one is no member.
    FindOpen "find_open" {
        /// Part of a name; empty for the first of the alphabet.
        text: String,
        /// At most this many, 1 to 50.
        limit: u16,
    }
    /// A new group or announcement with oneself as owner.
    CreateGroup "create_group" {
        /// Makes a repetition harmless.
        client_id: ClientId,
        /// `group` when absent, or `announcement`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        kind: Option<ConversationKind>,
        /// Whether employees may join by themselves.
        #[serde(default)]
        open: bool,
        /// 1 to [`crate::MAX_NAME_CHARS`] characters.
        name: String,
        /// At most [`crate::MAX_TOPIC_CHARS`] characters.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        topic: Option<String>,
        /// The other members.
        members: Vec<PersonId>,
    }
    /// Change name, topic or openness of a group; owners only. What is absent stays.
    Describe "describe" {
        /// Makes a repetition harmless.
        client_id: ClientId,
        /// Which group.
        conversation: ConversationId,
        /// 1 to [`crate::MAX_NAME_CHARS`] characters.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
        /// At most [`crate::MAX_TOPIC_CHARS`] characters; empty takes it away.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        topic: Option<String>,
        /// Whether employees may join by themselves.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        open: Option<bool>,
    }
    /// Make people members of a group; owners only. Those who are members already stay as they are.
    AddMembers "add_members" {
        /// Makes a repetition harmless.
        client_id: ClientId,
        /// Which group.
        conversation: ConversationId,
        /// Whom; at most [`crate::MAX_PEOPLE`].
        people: Vec<PersonId>,
    }
    /// Become a member of an open group.
    Join "join" {
        /// Makes a repetition harmless.
        client_id: ClientId,
        /// Which group.
        conversation: ConversationId,
    }
    /// Take a member out of a group, or leave it oneself. Taking others out is for owners; the last owner of a group
    /// with other members stays.
    RemoveMember "remove_member" {
        /// Makes a repetition harmless.
        client_id: ClientId,
        /// Which group.
        conversation: ConversationId,
        /// Whom; oneself to leave.
        person: PersonId,
    }
    /// Change what a member of a group may do; owners only. A group keeps an owner.
    SetMemberRole "set_member_role" {
        /// Makes a repetition harmless.
        client_id: ClientId,
        /// Which group.
        conversation: ConversationId,
        /// Whom.
        person: PersonId,
        /// What they may do from now on.
        role: MemberRole,
    }
    /// Everything up to this message has been read. Marks only move forward.
    Mark "mark" {
        /// Where.
        conversation: ConversationId,
        /// Ordinal of the newest message read.
        read: u64,
    }
    /// Messages up to these have reached this device. Marks only move forward.
    Received "received" {
        /// One a conversation; at most [`crate::MAX_PEOPLE`].
        marks: Vec<Reached>,
    }
    /// Look at how far the others of this conversation have got, and no longer at another's.
    WatchMarks "watch_marks" {
        /// Which conversation; absent for none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        conversation: Option<ConversationId>,
    }
    /// The person is typing here, just now.
    Typing "typing" {
        /// Where.
        conversation: ConversationId,
    }
    /// Look at the presence of these people, and no longer at others.
    Watch "watch" {
        /// Whom; at most [`crate::MAX_PEOPLE`].
        people: Vec<PersonId>,
    }
    /// How reachable this device's person is.
    SetPresence "set_presence" {
        /// Any state but `offline`.
        presence: Presence,
    }
    /// Own words on the present state; a record.
    SetStatus "set_status" {
        /// Makes a repetition harmless.
        client_id: ClientId,
        /// At most [`crate::MAX_TOPIC_CHARS`] characters; empty clears it.
        text: String,
    }
    /// Keep one's own arrangements for all own devices.
    SavePreferences "save_preferences" {
        /// The revision that was changed.
        revision: u64,
        /// How they are from now on.
        preferences: Preferences,
    }
    /// Keep unsent text for all own devices.
    SaveDraft "save_draft" {
        /// Where.
        conversation: ConversationId,
        /// At most [`crate::MAX_TEXT_CHARS`] characters; empty removes it.
        text: String,
        /// Whether it is to be sent as an urgent message.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        urgent: bool,
    }
}
