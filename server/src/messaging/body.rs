//! Bodies of message records. Sealed for years: fields are added, never changed.

use chancery_protocol::ids::{ClientId, PersonId, RecordId};
use serde::{Deserialize, Serialize};

use crate::acceptable_use::Removed;

/// Body of `message`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct MessageBody {
    /// As typed.
    pub text: String,
    /// People mentioned, resolved when it was written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<PersonId>,
    /// What members do not get of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub removed: Vec<Removed>,
    /// What its author's client called it.
    pub client_id: ClientId,
    /// The message it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<RecordId>,
    /// The message its thread began with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thread_root: Option<RecordId>,
    /// Whether it asks everybody else to acknowledge it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub urgent: bool,
}

/// Body of `message.edited`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct EditBody {
    /// As typed.
    pub text: String,
    /// People mentioned.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<PersonId>,
    /// What members do not get of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub removed: Vec<Removed>,
}

/// Body of `message.deleted`, `message.restored` and `message.acknowledged`: the header says everything.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct NothingBody {}

/// Body of `reaction.added` and `reaction.removed`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ReactionBody {
    /// One of the fixed list.
    pub reaction: String,
}
