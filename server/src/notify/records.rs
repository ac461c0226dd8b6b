//! Bodies of records about mails. Sealed for years: fields are added, never changed.

use chancery_protocol::ids::{ConversationId, RecordId};
use chancery_protocol::mail::{MailContent, MailKind};
use serde::{Deserialize, Serialize};

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
