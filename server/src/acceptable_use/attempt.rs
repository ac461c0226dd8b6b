//! What is on record of texts that rules had something to say about. Sealed for years: fields are added, never changed.

use chancery_ledger::{Kind, Stream};
use chancery_protocol::acceptable_use::Notice;
use chancery_protocol::ids::{ClientId, ConversationId, PersonId, RecordId};
use chancery_screening::TextKind;
use serde::{Deserialize, Serialize};

use super::decide::{Confirmed, Decision, Finding, Removed, Way};
use crate::ground::error::Error;
use crate::journal::{Draft, Journal};

/// Body of `attempt.blocked`, `attempt.warned` and `attempt.waiting`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttemptBody {
    /// What the text was to be.
    pub what: TextKind,
    /// As typed.
    pub text: String,
    /// What its author's client called it.
    pub client_id: ClientId,
    /// The message whose new text it was to be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<RecordId>,
    /// The message it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<RecordId>,
    /// The message whose thread it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thread_root: Option<RecordId>,
    /// Whether it asks everybody else to acknowledge it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub urgent: bool,
    /// What the author said when another rule asked for a reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The record of that warning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warned: Option<RecordId>,
    /// What was found.
    pub findings: Vec<Finding>,
    /// What the author was told.
    pub notices: Vec<Notice>,
    /// What readers will not get when it is let pass.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub removed: Vec<Removed>,
}

/// Body of `rule.matched`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatchedBody {
    /// What the text is.
    pub what: TextKind,
    /// What was found.
    pub findings: Vec<Finding>,
    /// What the author was told.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<Notice>,
    /// Why the author sent it nevertheless.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The record of the warning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warned: Option<RecordId>,
}

/// Body of `attempt.released`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleasedBody {
    /// What was delivered.
    pub record: RecordId,
    /// Why, for the record only.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// Body of `attempt.refused`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedBody {
    /// To the author.
    pub words: String,
}

/// Body of `attempt.withdrawn`: the header says everything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WithdrawnBody {}

/// The text of a command that rules look at.
#[derive(Debug, Clone)]
pub struct Spoken {
    /// Who says it.
    pub author: PersonId,
    /// Where, if in a conversation.
    pub conversation: Option<ConversationId>,
    /// What it is.
    pub what: TextKind,
    /// As typed.
    pub text: String,
    /// What the author's client calls it.
    pub client_id: ClientId,
    /// The message whose new text it is.
    pub message: Option<RecordId>,
    /// The message it answers.
    pub reply_to: Option<RecordId>,
    /// The message whose thread it belongs to.
    pub thread_root: Option<RecordId>,
    /// Whether it asks everybody else to acknowledge it.
    pub urgent: bool,
}

impl Spoken {
    /// The record of an attempt that is not delivered now, by what was decided.
    ///
    /// # Errors
    /// When there is no randomness.
    pub fn attempt(
        &self,
        journal: &Journal,
        decision: &Decision,
        confirmed: Option<&Confirmed>,
    ) -> Result<Option<Draft>, Error> {
        let kind = match decision.way {
            Way::Deliver => return Ok(None),
            Way::Warn => Kind::AttemptWarned,
            Way::Wait => Kind::AttemptWaiting,
            Way::Block => Kind::AttemptBlocked,
        };
        let body = AttemptBody {
            what: self.what,
            text: self.text.clone(),
            client_id: self.client_id,
            message: self.message,
            reply_to: self.reply_to,
            thread_root: self.thread_root,
            urgent: self.urgent,
            reason: confirmed.map(|confirmed| confirmed.reason.clone()),
            warned: confirmed.map(|confirmed| confirmed.warned),
            findings: decision.findings.clone(),
            notices: decision.notices.clone(),
            removed: decision.removed.clone(),
        };
        let mut draft = journal.draft(Stream::System, kind, Some(self.author), &body)?;
        draft.conversation = self.conversation;
        Ok(Some(draft))
    }

    /// The record about a text that is delivered and in which something was found. Its target is that text's record.
    ///
    /// # Errors
    /// When there is no randomness.
    pub fn matched(
        &self,
        journal: &Journal,
        decision: &Decision,
        confirmed: Option<&Confirmed>,
    ) -> Result<Option<Draft>, Error> {
        if decision.findings.is_empty() {
            return Ok(None);
        }
        let body = MatchedBody {
            what: self.what,
            findings: decision.findings.clone(),
            notices: decision.notices.clone(),
            reason: confirmed.map(|confirmed| confirmed.reason.clone()),
            warned: confirmed.map(|confirmed| confirmed.warned),
        };
        let mut draft = journal.draft(Stream::System, Kind::RuleMatched, Some(self.author), &body)?;
        draft.conversation = self.conversation;
        Ok(Some(draft))
    }
}
