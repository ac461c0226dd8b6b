//! Bodies of the records of searching and reading. Their fields are for ever: new ones are optional.

use chancery_protocol::ids::{ConversationId, PersonId, RecordId};
use chancery_protocol::search::SearchFilters;
use serde::{Deserialize, Serialize};

/// Body of `search.run`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchRun {
    /// Why.
    pub reason: String,
    /// As typed.
    pub query: String,
    /// Which messages were looked at.
    pub filters: SearchFilters,
    /// Oldest first.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub oldest_first: bool,
    /// Most hits of a page.
    pub limit: u16,
    /// How many hits there were.
    pub total: u64,
    /// Positions of all records whose text was shown.
    pub shown: Vec<u64>,
    /// Position up to which was searched.
    pub looked_at: u64,
}

/// Body of `search.page`; the target is the search.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchPage {
    /// Behind which message the page begins.
    pub after: RecordId,
    /// How many hits there were in all.
    pub total: u64,
    /// Positions of all records whose text was shown.
    pub shown: Vec<u64>,
    /// Position up to which was searched.
    pub looked_at: u64,
}

/// Body of `context.read`; the target is the message, the header names its conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContextRead {
    /// The search it came from, which says why.
    pub search: RecordId,
    /// First seq of the range that was shown.
    pub from_seq: u64,
    /// Last seq of the range that was shown.
    pub to_seq: u64,
    /// Positions of all records whose text was shown.
    pub shown: Vec<u64>,
}

/// Body of `conversations.listed`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConversationsListed {
    /// Why.
    pub reason: String,
    /// What was looked for in names.
    pub text: String,
    /// Who had to be a member.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<PersonId>,
    /// What was shown.
    pub shown: Vec<ConversationId>,
}
