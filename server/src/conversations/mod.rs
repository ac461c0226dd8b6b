//! Conversations: who is in them since when, their names, and how far each member has read.
//!
//! What must stay true: membership changes only by records; a direct talk exists once per pair; names, topics and
//! drafts are sealed. `roster` is the snapshot that sends are decided by, `store` the queries, `create` makes
//! conversations, `marks` and `drafts` keep what is no record.

mod change;
mod create;
mod drafts;
mod marks;
mod past;
mod roster;
pub mod store;

use chancery_protocol::conversation::{ConversationKind, Member, MemberRole};
use serde::{Deserialize, Serialize};

pub use change::{LookedAt, Rooms};
pub use create::{NewGroup, create_group, open_direct};
pub use drafts::save_draft;
pub use marks::{Marks, Seen};
pub use past::members_at;
pub use roster::{Entry, Membership, Roster};

/// Body of `conversation.created`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreatedBody {
    /// What sort.
    pub kind: ConversationKind,
    /// Its name, for groups.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    /// Whether employees may join by themselves.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub open: bool,
    /// Its first members.
    pub members: Vec<Member>,
}

/// Body of `conversation.described`: what changed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DescribedBody {
    /// Its new name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it is for now; empty when that was taken away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    /// Whether employees may join by themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open: Option<bool>,
}

/// Body of `members.joined`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JoinedBody {
    /// Who, and what they may do.
    pub members: Vec<Member>,
}

/// Body of `member.left`: the header says who.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftBody {}

/// Body of `member.role`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleBody {
    /// What the target may do from now on.
    pub role: MemberRole,
}

pub(crate) fn kind_number(kind: ConversationKind) -> i32 {
    match kind {
        ConversationKind::Direct => 1,
        ConversationKind::Group => 2,
        ConversationKind::Announcement => 3,
    }
}

pub(crate) fn kind_of(number: i32) -> ConversationKind {
    match number {
        1 => ConversationKind::Direct,
        3 => ConversationKind::Announcement,
        _ => ConversationKind::Group,
    }
}

pub(crate) fn role_number(role: MemberRole) -> i32 {
    match role {
        MemberRole::Owner => 1,
        MemberRole::Member => 2,
        MemberRole::Poster => 3,
    }
}

pub(crate) fn role_of(number: i32) -> MemberRole {
    match number {
        1 => MemberRole::Owner,
        3 => MemberRole::Poster,
        _ => MemberRole::Member,
    }
}
