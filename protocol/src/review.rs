//! Officers' work with what rules caught: texts that wait for a decision, and runs of a rule over the archive. Whatever shows
//! messages is on record before it is answered.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

use crate::Micros;
use crate::acceptable_use::RuleOutcome;
use crate::ids::{BacktestId, ConversationId, PersonId, RecordId};
use crate::search::{ConversationRef, WholeMessage};

/// Shortest and longest words to an author, and reason of a run, in characters.
pub const MIN_WORDS: usize = 10;
/// See [`MIN_WORDS`].
pub const MAX_WORDS: usize = 500;
/// Texts on a page of those that wait.
pub const WAITING_PAGE: u16 = 50;
/// Longest time a run looks back, in days.
pub const MAX_DAYS: u16 = 366;
/// Most messages of a run's sample.
pub const MAX_SAMPLES: usize = 50;

/// A rule that matched in a text that waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Matched {
    /// The rule's short name.
    pub rule: String,
    /// Which version of it.
    pub version: u32,
    /// What it does.
    pub outcome: RuleOutcome,
    /// How grave it is: `low`, `medium`, `high`, `critical`.
    pub severity: String,
    /// What matched: pairs of byte offsets in the text.
    pub spans: Vec<(u32, u32)>,
    /// How it had been disguised, if it was: `stretched`, `leet`, `split`, `spaced`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disguise: Option<String>,
}

/// A text that waits for an officer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WaitingText {
    /// Its record.
    pub attempt: RecordId,
    /// Where that stands in the journal.
    pub position: u64,
    /// Who wrote it.
    pub author: PersonId,
    /// Where it is to be said.
    pub conversation: ConversationId,
    /// Since when it waits.
    pub at: Micros,
    /// As typed.
    pub text: String,
    /// The message whose new text it is to be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<RecordId>,
    /// Whether it is to ask everybody else to acknowledge it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub urgent: bool,
    /// What the author said when another rule asked for a reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What was found, strictest rules and others.
    pub matched: Vec<Matched>,
}

/// `GET /review/waiting?after=`: texts that wait, oldest first, never one's own. Reading them is on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WaitingPage {
    /// At most [`WAITING_PAGE`].
    pub texts: Vec<WaitingText>,
    /// The conversations they are for.
    pub conversations: Vec<ConversationRef>,
    /// Names of authors and members of direct talks.
    pub names: BTreeMap<PersonId, String>,
    /// Positions of texts that wait and whose records do not verify: what they say cannot be shown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unverified: Vec<u64>,
    /// Where the next page begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<RecordId>,
    /// How many wait in all, one's own included.
    pub total: u64,
}

/// In the address of `GET /review/waiting`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct WaitingQuery {
    /// Behind this text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<RecordId>,
}

/// `GET /review/waiting/count`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WaitingCount {
    /// How many texts wait.
    pub waiting: u64,
}

/// `GET /review/waiting/{attempt}/context`: what was said before. On record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WaitingContext {
    /// Oldest first; for a new text of a message, that message among them.
    pub messages: Vec<WholeMessage>,
    /// Names of everybody who wrote them.
    pub names: BTreeMap<PersonId, String>,
}

/// `POST /review/waiting/{attempt}/release`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Release {
    /// Why, for the record; at most [`MAX_WORDS`] characters.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// `POST /review/waiting/{attempt}/refuse`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Refuse {
    /// What the author reads: [`MIN_WORDS`] to [`MAX_WORDS`] characters.
    pub words: String,
}

/// `POST /review/backtests`: run a rule over the archive. On record; another run of the same rule by the same officer ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StartBacktest {
    /// The rule, as in `docs/policies.md`.
    pub rule: serde_json::Value,
    /// Word lists that are used instead of those in force, or beside them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub lists: BTreeMap<String, Vec<String>>,
    /// How far back, 1 to [`MAX_DAYS`] days.
    pub days: u16,
    /// Why: [`MIN_WORDS`] to [`MAX_WORDS`] characters.
    pub reason: String,
}

/// How a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BacktestState {
    /// It goes on, or waits for its turn.
    Running,
    /// All was looked at.
    Done,
    /// Somebody ended it.
    Cancelled,
    /// It could not go on.
    Failed,
}

/// A day of a run, in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BacktestDay {
    /// When it begins.
    pub begins: Micros,
    /// Texts that were looked at.
    pub texts: u64,
    /// Of these, how many the rule matched.
    pub hits: u64,
}

/// What another rule caught of the same texts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AlsoCaught {
    /// The rule's short name.
    pub rule: String,
    /// How many of the hits.
    pub hits: u64,
}

/// `GET /review/backtests/{backtest}`; no message is in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Backtest {
    /// Which.
    pub id: BacktestId,
    /// The rule's short name.
    pub rule: String,
    /// Who runs it.
    pub asked_by: PersonId,
    /// Since when.
    pub asked_at: Micros,
    /// How far back it looks.
    pub days: u16,
    /// How it stands.
    pub state: BacktestState,
    /// How much is done, in thousandths.
    pub progress: u16,
    /// Messages and edits that were looked at.
    pub texts: u64,
    /// Of these, how many the rule matched.
    pub hits: u64,
    /// The version in force when it began, and how many that would have matched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub running: Option<(u32, u64)>,
    /// Every day, oldest first.
    pub by_day: Vec<BacktestDay>,
    /// What rules in force catch of the same texts, most first.
    pub also: Vec<AlsoCaught>,
    /// How many messages the sample has.
    pub samples: u32,
    /// Records that do not verify, which were left out.
    pub damaged: u64,
}

/// `GET /review/backtests?rule=`: the newest run of a rule, if there is one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Backtests {
    /// It.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub newest: Option<Backtest>,
}

/// In the address of `GET /review/backtests`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BacktestQuery {
    /// The rule's short name.
    pub rule: String,
}

/// A message of a run's sample.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BacktestSample {
    /// The record of the text.
    pub record: RecordId,
    /// Where it stands in the journal.
    pub position: u64,
    /// Where it was said.
    pub conversation: ConversationId,
    /// Who said it.
    pub author: PersonId,
    /// When.
    pub at: Micros,
    /// As typed.
    pub text: String,
    /// What matched: pairs of byte offsets.
    pub spans: Vec<(u32, u32)>,
}

/// `GET /review/backtests/{backtest}/samples`: some of the hits, chosen evenly. On record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BacktestSamples {
    /// Oldest first; at most [`MAX_SAMPLES`].
    pub samples: Vec<BacktestSample>,
    /// Where they were said.
    pub conversations: Vec<ConversationRef>,
    /// Names of everybody who said them.
    pub names: BTreeMap<PersonId, String>,
}
