//! What a file of rules says: the one shape in which rules are written, stored and compiled.
//!
//! A pack is a TOML file in `policies/acceptable-use/`; the same types are JSON where the server keeps versions.
//! Fields at their default are left out, so that the same rule is the same JSON. `docs/policies.md` is for officers.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

/// Rules and word lists that belong together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pack {
    /// Stable short name: lower case letters, digits and hyphens.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// What it is for, for officers.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub about: String,
    /// Word lists by name, for `list:name` in any rule of any pack compiled together.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub lists: BTreeMap<String, Vec<String>>,
    /// The rules, in the order in which findings are given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<Rule>,
}

#[cfg(feature = "toml")]
impl Pack {
    /// Reads a pack from TOML.
    ///
    /// # Errors
    /// What is wrong, with line and column.
    pub fn from_toml(text: &str) -> Result<Self, String> {
        toml::from_str(text).map_err(|error| error.to_string().trim_end().to_owned())
    }
}

/// One rule: what it looks for, and what then happens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Stable short name, unlike any other of all packs: lower case letters, digits and hyphens.
    pub id: String,
    /// What officers call it.
    pub name: String,
    /// Which languages it is written for (`en`, `de`); a note for people, nothing is decided by it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<String>,
    /// What the sender is told: what was found, and what is safe.
    pub why: String,
    /// Whom the sender may ask.
    pub ask: String,
    /// What readers see in the place of what a rule takes out, such as "account number removed"; "removed by a rule"
    /// when empty. At most [`crate::MAX_INSTEAD_CHARS`] characters.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub instead: String,
    /// What happens to the message.
    pub outcome: Outcome,
    /// How grave a match is.
    pub severity: Severity,
    /// In which review queue a match is put; in none when empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub queue: String,
    /// Which texts are looked at; every kind when empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub applies_to: Vec<TextKind>,
    /// Whose texts; everybody's when absent. Decided by the server.
    #[serde(default, skip_serializing_if = "Scope::is_everything")]
    pub scope: Scope,
    /// Where the rule does not count though its scope says so. Decided by the server.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exceptions: Vec<Scope>,
    /// Whether senders may be shown which of their words matched.
    #[serde(default, skip_serializing_if = "is_false")]
    pub known_to_senders: bool,
    /// What is looked for: an expression.
    #[serde(rename = "match")]
    pub expression: String,
    /// Phrases in which a match does not count; `list:name` stands for a list of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unless: Vec<String>,
    /// Lines that prove the rule.
    #[serde(default, skip_serializing_if = "Examples::is_empty")]
    pub tests: Examples,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands fields by reference")]
fn is_false(flag: &bool) -> bool {
    !flag
}

impl Rule {
    /// What its sender may read of a rule that matched: never what it looks for.
    pub fn notice(&self) -> Notice<'_> {
        Notice { rule: &self.id, outcome: self.outcome, why: &self.why, ask: &self.ask }
    }

    /// The lists it names; some may not exist.
    pub fn lists(&self) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        let texts = std::iter::once(&self.expression).chain(&self.unless);
        for part in texts.flat_map(|text| text.split("list:").skip(1)) {
            let is_part = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            let end = part.find(|c| !is_part(c)).unwrap_or(part.len());
            names.extend(part.get(..end).filter(|name| !name.is_empty()).map(str::to_owned));
        }
        names
    }
}

/// All that a sender learns of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Notice<'a> {
    /// The rule's id.
    pub rule: &'a str,
    /// What happened to the message.
    pub outcome: Outcome,
    /// What was found, in the rule's words.
    pub why: &'a str,
    /// Whom to ask.
    pub ask: &'a str,
}

/// What a rule does, in rising strictness.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Deliver; somebody looks at it later.
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

/// How grave a match is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Of little weight alone.
    Low,
    /// Worth a look.
    Medium,
    /// To be looked at soon.
    High,
    /// To be looked at now.
    Critical,
}

/// Where a text comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextKind {
    /// A message, by whomever and however it is sent.
    Message,
    /// The new text of a message that is changed.
    Edit,
    /// The name of a conversation.
    ConversationName,
    /// The topic of a conversation.
    Topic,
    /// A status text.
    Status,
    /// The name of a file.
    FileName,
    /// The text within a file.
    FileText,
}

impl TextKind {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Message,
        Self::Edit,
        Self::ConversationName,
        Self::Topic,
        Self::Status,
        Self::FileName,
        Self::FileText,
    ];

    pub(crate) fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// People and conversations a rule is for; an empty part excludes nobody.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scope {
    /// Senders who are in one of these groups.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sender_groups: Vec<String>,
    /// These senders.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub senders: Vec<String>,
    /// Conversations in which somebody else is in one of these groups; in an exception those in which everybody else is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub recipient_groups: Vec<String>,
    /// These conversations.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conversations: Vec<String>,
    /// Whether guests from outside are in the conversation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reach: Option<Reach>,
}

impl Scope {
    fn is_everything(&self) -> bool {
        *self == Self::default()
    }
}

/// Who is in a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// Employees only.
    Inside,
    /// Guests too.
    Outside,
}

/// Lines that prove a rule.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Examples {
    /// Lines in which the rule must match.
    #[serde(default, rename = "match", skip_serializing_if = "Vec::is_empty")]
    pub matching: Vec<String>,
    /// Lines in which it must not.
    #[serde(default, rename = "pass", skip_serializing_if = "Vec::is_empty")]
    pub passing: Vec<String>,
}

impl Examples {
    fn is_empty(&self) -> bool {
        self.matching.is_empty() && self.passing.is_empty()
    }
}
