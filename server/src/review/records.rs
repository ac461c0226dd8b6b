//! Bodies of the records about officers' readings. Sealed for years: fields are added, never changed.

use chancery_protocol::ids::BacktestId;
use chancery_screening::Rule;
use serde::{Deserialize, Serialize};

/// Body of `attempts.read`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct AttemptsRead {
    /// Positions of everything whose text was shown.
    pub shown: Vec<u64>,
}

/// Body of `policy.tested`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct PolicyTested {
    /// The run.
    pub test: BacktestId,
    /// The rule's short name.
    pub rule: String,
    /// All of it.
    pub content: Rule,
    /// How far back it looks.
    pub days: u16,
    /// Why.
    pub reason: String,
    /// The position behind which it begins.
    pub first: u64,
    /// The position at which it ends.
    pub last: u64,
}

/// Body of `policy.sampled`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct PolicySampled {
    /// Positions of everything whose text was shown.
    pub shown: Vec<u64>,
}
