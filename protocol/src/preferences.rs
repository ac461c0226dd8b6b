//! What a person has arranged for themselves: the same on all their devices, seen by nobody else.
//!
//! The server keeps it sealed, as one document with a revision. A device that changes it names the revision it
//! changed; when another device was quicker it is refused, told the newer document, and makes its change again.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ids::{ConversationId, PersonId};
use crate::mail::Mailing;

/// Most lists of people.
pub const MAX_LISTS: usize = 50;

/// Everything a person has arranged.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Preferences {
    /// Conversations that are not as every other.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub conversations: BTreeMap<ConversationId, Arrangement>,
    /// Own groups of people, in the order shown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lists: Vec<PeopleList>,
    /// Which mails they want.
    #[serde(default, skip_serializing_if = "Mailing::is_default")]
    pub mailing: Mailing,
}

/// How a person has a conversation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Arrangement {
    /// Stands at the top of the list.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pinned: bool,
    /// What of it makes itself heard.
    #[serde(default)]
    pub notify: Notify,
}

/// What of a conversation makes a sound, a notification, or a mail.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Notify {
    /// Every message.
    #[default]
    All,
    /// Only what mentions the reader.
    Mentions,
    /// Nothing: the conversation is muted.
    Nothing,
}

/// People a person keeps together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PeopleList {
    /// 1 to [`crate::MAX_NAME_CHARS`] characters.
    pub name: String,
    /// Whom, each once; at most [`crate::MAX_PEOPLE`].
    pub people: Vec<PersonId>,
}

/// A person's arrangements and how often they were changed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Kept {
    /// Counts changes; 0 before the first.
    pub revision: u64,
    /// They.
    pub preferences: Preferences,
}
