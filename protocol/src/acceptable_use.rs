//! Rules of acceptable use as those meet them who write: what a rule did to a text, and why.
//!
//! Rules themselves stay on the server. A [`Notice`] is all that a sender learns of one.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Micros;
use crate::frame::Recorded;
use crate::ids::{ClientId, ConversationId, RecordId};

/// In a text that readers get, what rules took out is replaced by words between these two characters. Nobody can type them:
/// control characters are refused.
pub const REMOVED_BEGIN: char = '\u{2}';
/// See [`REMOVED_BEGIN`].
pub const REMOVED_END: char = '\u{3}';

/// What a rule does, in rising strictness.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RuleOutcome {
    /// Deliver; somebody looks at it later. Senders are not told.
    Flag,
    /// Ask the sender for a reason first.
    Warn,
    /// Deliver without what matched.
    Redact,
    /// Deliver when an officer agrees.
    Review,
    /// Do not deliver.
    Block,
}

/// What the sender of a text is told of a rule that matched in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Notice {
    /// The rule's short name, to name it to others.
    pub rule: String,
    /// What it is called.
    pub name: String,
    /// What it did.
    pub outcome: RuleOutcome,
    /// What was found, and what is safe, in the rule's own words.
    pub why: String,
    /// Whom to ask.
    pub ask: String,
    /// What matched: pairs of byte offsets in the text as it was sent. Only of rules that say that it may be shown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub spans: Vec<(u32, u32)>,
}

/// One's own text that was not delivered at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Attempt {
    /// Its record.
    pub id: RecordId,
    /// Where it was to be said.
    pub conversation: ConversationId,
    /// When it was sent.
    pub at: Micros,
    /// What its author's client called it.
    pub client_id: ClientId,
    /// As typed.
    pub text: String,
    /// The message whose new text it is; absent for a message of its own.
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
    /// Which rules, and whom to ask.
    pub notices: Vec<Notice>,
    /// How it stands.
    pub state: AttemptState,
}

/// How a text stands that was not delivered at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum AttemptState {
    /// An officer has yet to decide.
    Waiting,
    /// An officer refused it.
    Refused {
        /// What the officer says.
        words: String,
        /// When.
        at: Micros,
    },
}

/// On the record and delivered, without what rules took out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Redacted {
    /// Where it stands.
    pub recorded: Recorded,
    /// Which rules.
    pub notices: Vec<Notice>,
}
