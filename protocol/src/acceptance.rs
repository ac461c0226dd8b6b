//! Accepting the policy text: what a person is asked to accept, their answer, and who accepted what.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Micros;
use crate::ids::PersonId;
use crate::person::Person;
use crate::policy::PolicyText;

/// Most people of one page of [`Acceptances`].
pub const MAX_ACCEPTANCES: usize = 100;

/// The text in force, and where the caller stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PolicyStanding {
    /// The text; absent while none is in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current: Option<CurrentPolicy>,
    /// Whether the caller must accept it before they chat.
    pub due: bool,
    /// When the caller accepted this version last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted_at: Option<Micros>,
}

/// The version of the text that is in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CurrentPolicy {
    /// Which.
    pub version: u32,
    /// SHA-256 of `text` as JSON without blanks, its fields in the order of [`PolicyText`]; hexadecimal, 64 digits.
    pub fingerprint: String,
    /// What it says.
    pub text: PolicyText,
}

/// Accept or decline the text: exactly the one that was shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerPolicy {
    /// The version that was shown; when another is in force by now, nothing happens (`outdated`).
    pub version: u32,
    /// Its fingerprint.
    pub fingerprint: String,
}

/// Versions of the text, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PolicyTexts {
    /// They.
    pub versions: Vec<PolicyTextVersion>,
}

/// A version of the text, as a second person agreed to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PolicyTextVersion {
    /// Which.
    pub version: u32,
    /// Whether it came into force; a version may also switch the text off.
    pub in_force: bool,
    /// Since when.
    pub at: Micros,
    /// Its fingerprint, as it was shown to those who accepted.
    pub fingerprint: String,
    /// What it says.
    pub text: PolicyText,
    /// Who asked for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_by: Option<Person>,
    /// Who agreed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreed_by: Option<Person>,
}

/// Whose answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AcceptanceState {
    /// Those who accepted the version and need not do so again yet.
    Accepted,
    /// Those who have yet to.
    Missing,
}

/// Which people are asked for, behind `?`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AcceptanceQuery {
    /// Of which version; absent: the newest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
    /// Which of them.
    pub state: AcceptanceState,
    /// The page after this person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<PersonId>,
}

/// People who chat, by whether they accepted a version; in order of their names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Acceptances {
    /// The version; 0 before there is one.
    pub version: u32,
    /// How many accepted it.
    pub accepted: u32,
    /// How many have yet to.
    pub missing: u32,
    /// Those asked for.
    pub people: Vec<Acceptance>,
    /// Whether there are more of them.
    pub more: bool,
}

/// Where a person stands with a version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Acceptance {
    /// Who.
    pub person: Person,
    /// When they accepted it last. Of somebody who has yet to accept it again: when they did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Micros>,
}
