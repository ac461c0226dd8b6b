//! Bodies of the records about officers' readings. Sealed for years: fields are added, never changed.

use std::collections::BTreeMap;

use chancery_protocol::ids::BacktestId;
use chancery_screening::Rule;
use serde::{Deserialize, Serialize};

use crate::acceptable_use::items::Content;

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
    /// The lists it was run with that are not in force.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lists: Vec<TestedList>,
    /// The versions of all other lists, which were in force.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub versions: BTreeMap<String, u32>,
    /// The version of the rule that was in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub running: Option<u32>,
    /// How far back it looks.
    pub days: u16,
    /// Why.
    pub reason: String,
    /// The position behind which it begins.
    pub first: u64,
    /// The position at which it ends.
    pub last: u64,
}

/// A list that is not in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct TestedList {
    /// Its short name.
    pub name: String,
    /// All of it.
    pub content: Content,
}

impl TestedList {
    pub fn of(name: &str, entries: &[String]) -> Self {
        Self { name: name.to_owned(), content: Content::List { entries: entries.to_vec() } }
    }
}

/// Body of `policy.sampled`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct PolicySampled {
    /// Positions of everything whose text was shown.
    pub shown: Vec<u64>,
}
