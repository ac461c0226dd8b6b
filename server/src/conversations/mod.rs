//! Conversations: who is in them since when, their names, and how far each member has read.
//!
//! What must stay true: membership changes only by records; a direct talk exists once per pair; names, topics and
//! drafts are sealed. `roster` is the snapshot that sends are decided by, `store` the queries, `create` makes
//! conversations, `marks` and `drafts` keep what is no record.

mod create;
mod drafts;
mod marks;
mod roster;
pub mod store;

use chancery_protocol::conversation::{ConversationKind, Member, MemberRole};
use serde::{Deserialize, Serialize};

pub use create::{NewGroup, create_group, open_direct};
pub use drafts::save_draft;
pub use marks::Marks;
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
    /// Its first members.
    pub members: Vec<Member>,
}

pub(crate) fn kind_number(kind: ConversationKind) -> i32 {
    match kind {
        ConversationKind::Direct => 1,
        ConversationKind::Group => 2,
    }
}

pub(crate) fn kind_of(number: i32) -> ConversationKind {
    if number == 1 { ConversationKind::Direct } else { ConversationKind::Group }
}

pub(crate) fn role_number(role: MemberRole) -> i32 {
    match role {
        MemberRole::Owner => 1,
        MemberRole::Member => 2,
    }
}

pub(crate) fn role_of(number: i32) -> MemberRole {
    if number == 1 { MemberRole::Owner } else { MemberRole::Member }
}
