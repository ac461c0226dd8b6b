//! What the server says over the socket.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Micros;
use crate::acceptable_use::{Attempt, Redacted};
use crate::conversation::{Conversation, ConversationKind, Event, Filling, HistoryPage, Member, MemberMark};
use crate::ids::{ConversationId, PersonId, RecordId, SessionId};
use crate::person::{Person, Presence};
use crate::preferences::Kept;
use crate::problem::Problem;

/// A frame from server to client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Frame {
    /// The first frame of every connection.
    Hello(Hello),
    /// The answer to a request.
    Answer {
        /// Id of the request.
        id: u32,
        /// What was asked for.
        answer: Answer,
    },
    /// A request was refused.
    Problem {
        /// Id of the request; absent when the frame could not be read as one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        id: Option<u32>,
        /// Why.
        problem: Problem,
    },
    /// Something happened in a conversation.
    Event {
        /// It.
        event: Event,
        /// People it names whom the reader may not know yet.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        people: Vec<Person>,
    },
    /// The reader read further on another device.
    Read {
        /// Where.
        conversation: ConversationId,
        /// Ordinal of the newest message read.
        read: u64,
    },
    /// The reader's draft changed on another device.
    Draft {
        /// Where.
        conversation: ConversationId,
        /// The text; empty when removed.
        text: String,
        /// Whether it is to be sent as an urgent message.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        urgent: bool,
    },
    /// The reader's own arrangements changed on another device, or are newer than those one tried to change.
    Preferences(Kept),
    /// Somebody is typing, just now. Shown for 6 seconds.
    Typing {
        /// Where.
        conversation: ConversationId,
        /// Who.
        person: PersonId,
    },
    /// How far members of a conversation have got: all of them right after `watch_marks`, later those who moved. Of
    /// direct talks without being asked for.
    Marks {
        /// Where.
        conversation: ConversationId,
        /// They.
        marks: Vec<MemberMark>,
    },
    /// Presence of people the reader looks at, at most once a second.
    Presence {
        /// Only those whose presence changed, or all of them right after `watch`.
        people: Vec<PersonPresence>,
    },
    /// A person's name, status text or suspension changed.
    Person {
        /// As they are now.
        person: Person,
    },
    /// A text of the reader's own waits for an officer (told to their other devices), or was refused by one.
    Attempt {
        /// It.
        attempt: Attempt,
    },
    /// A text of the reader's own that waited or was refused is not to be shown any more: it was delivered, taken back or
    /// put away.
    AttemptOver {
        /// Where.
        conversation: ConversationId,
        /// Which text.
        attempt: RecordId,
    },
    /// The connection ends now; the close frame that follows carries [`Goodbye::code`].
    Goodbye {
        /// Why.
        reason: Goodbye,
    },
}

/// How reachable somebody is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PersonPresence {
    /// Who.
    pub person: PersonId,
    /// How.
    pub presence: Presence,
}

/// Where the reader stands: a snapshot of the list. Conversations themselves are filled on demand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Hello {
    /// [`crate::VERSION`].
    pub protocol: u16,
    /// Version of the server, for display and for noticing that the client is older than it.
    pub server: String,
    /// The server's clock.
    pub now: Micros,
    /// Send `ping` when nothing was sent for this long; the line is dead after twice as long in silence.
    pub heartbeat_seconds: u16,
    /// This connection's session.
    pub session: SessionId,
    /// Who one is.
    pub me: Person,
    /// All conversations the reader is a member of.
    pub conversations: Vec<Conversation>,
    /// The reader's own arrangements.
    pub preferences: Kept,
    /// People named in the list: partners of direct talks and authors of last messages.
    pub people: Vec<Person>,
}

/// What a request is answered with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Answer {
    /// Done, nothing more to say.
    Done,
    /// On the record: the message or change has this record and place. For a repetition, the first one's.
    Recorded(Recorded),
    /// To `send` and `edit`: on the record, and delivered without what rules took out.
    Redacted(Redacted),
    /// To `send` and `edit`: it waits for an officer.
    Waiting {
        /// It.
        attempt: Attempt,
    },
    /// To `attempts`.
    Attempts {
        /// Oldest first.
        attempts: Vec<Attempt>,
    },
    /// To `history`.
    History(HistoryPage),
    /// To `fill`.
    Filling(Filling),
    /// To `members`.
    Members(MemberList),
    /// To `find_people` and `people`.
    People {
        /// Whom was found.
        people: Vec<Person>,
    },
    /// To `find_open`.
    OpenGroups {
        /// By name.
        groups: Vec<OpenGroup>,
    },
    /// To `open_direct`, `create_group` and `line`.
    Conversation {
        /// As it stands in the reader's list.
        conversation: Box<Conversation>,
        /// People it names.
        people: Vec<Person>,
    },
}

/// Who is in a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MemberList {
    /// Which conversation.
    pub conversation: ConversationId,
    /// The list includes every event up to this seq.
    pub as_of: u64,
    /// Who, owners first, then posters, then by name.
    pub members: Vec<Member>,
    /// Their names.
    pub people: Vec<Person>,
}

/// A group that can be joined.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OpenGroup {
    /// Which.
    pub id: ConversationId,
    /// What sort.
    pub kind: ConversationKind,
    /// Its name.
    pub name: String,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    /// How many people are members now.
    pub member_count: u32,
}

/// Where a command was put on the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Recorded {
    /// The record.
    pub record: RecordId,
    /// Its place in the conversation; 0 for records outside conversations.
    pub seq: u64,
    /// When.
    pub at: Micros,
}

/// Why the server ends a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Goodbye {
    /// The server stops or restarts: come back soon.
    ServerStopping,
    /// The session ended: signed out, revoked or expired. Sign in again.
    SessionEnded,
    /// The account is suspended.
    Suspended,
    /// The client did not read fast enough: come back and resume.
    TooSlow,
    /// The client sent something that is not the protocol.
    ProtocolError,
    /// A frame was longer than allowed.
    FrameTooLarge,
    /// Nothing was heard for too long.
    Silent,
    /// The policy text has to be accepted first. It is shown and accepted over HTTP.
    PolicyUnaccepted,
}

impl Goodbye {
    /// Every reason.
    pub const ALL: [Goodbye; 8] = [
        Goodbye::ServerStopping,
        Goodbye::SessionEnded,
        Goodbye::Suspended,
        Goodbye::TooSlow,
        Goodbye::ProtocolError,
        Goodbye::FrameTooLarge,
        Goodbye::Silent,
        Goodbye::PolicyUnaccepted,
    ];

    /// The WebSocket close code.
    pub fn code(self) -> u16 {
        match self {
            Self::ServerStopping => 4000,
            Self::SessionEnded => 4001,
            Self::Suspended => 4002,
            Self::TooSlow => 4003,
            Self::ProtocolError => 4004,
            Self::FrameTooLarge => 4005,
            Self::Silent => 4006,
            Self::PolicyUnaccepted => 4007,
        }
    }

    /// The reason for a close code.
    pub fn from_code(code: u16) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }

    /// Whether the client should connect again by itself.
    pub fn come_back(self) -> bool {
        matches!(self, Self::ServerStopping | Self::TooSlow | Self::Silent)
    }
}
