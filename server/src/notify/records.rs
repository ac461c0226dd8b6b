//! Bodies of records about mails. Sealed for years: fields are added, never changed.

use std::collections::{BTreeMap, BTreeSet};

use chancery_protocol::ids::{ConversationId, RecordId};
use chancery_protocol::mail::{MailContent, MailKind};
use serde::{Deserialize, Serialize};

use crate::directory::records::Via;

/// Body of `mail.handed`; the target is the mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handed {
    /// What it is.
    pub mail: MailKind,
    /// Where it goes.
    pub to: String,
    /// With its angle brackets.
    pub message_id: String,
    /// The how-manieth time it is handed over.
    pub attempt: u32,
    /// How much it could say.
    pub content: MailContent,
    /// The messages it speaks of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub messages: Vec<Copied>,
}

/// A message a mail speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Copied {
    /// Where it was said.
    pub conversation: ConversationId,
    /// The message.
    pub message: RecordId,
    /// The record of the text that counted.
    pub record: RecordId,
}

/// Body of `mail.settings_changed`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailSettingsChanged {
    /// What was changed, by key, and how it is from now on; empty: the default.
    pub texts: BTreeMap<String, String>,
    /// The secrets that were changed or forgotten; never what they are.
    pub secrets: BTreeSet<String>,
    /// How.
    pub via: Via,
}
