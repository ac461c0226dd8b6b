//! What officers write of acceptable use: rules, the word lists they share, and the text of the policy. All have one life: a
//! draft, a request, and with a second person's agreement a version.
//!
//! A rule is JSON here, for this crate does not know what rules look for: `chancery_screening::Rule` is its type.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Micros;
use crate::acceptable_use::RuleOutcome;
use crate::audit::AuditPerson;
use crate::ids::RequestId;

/// The name of the one text of the policy.
pub const TEXT_NAME: &str = "policy";

/// What something written for the policy is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ItemKind {
    /// A rule of acceptable use.
    Rule,
    /// A word list that rules share.
    List,
    /// The text of the policy.
    Text,
}

impl ItemKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Rule, Self::List, Self::Text];

    /// As in addresses.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rule => "rule",
            Self::List => "list",
            Self::Text => "text",
        }
    }
}

impl std::fmt::Display for ItemKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

impl std::str::FromStr for ItemKind {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|kind| kind.name() == text).ok_or(())
    }
}

/// What an item says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Content {
    /// A rule.
    Rule {
        /// Its fields, as in a pack.
        rule: Value,
    },
    /// A word list.
    List {
        /// Words and phrases.
        entries: Vec<String>,
    },
    /// The text of the policy.
    Text(PolicyText),
}

impl Content {
    /// What it is the content of.
    pub const fn kind(&self) -> ItemKind {
        match self {
            Self::Rule { .. } => ItemKind::Rule,
            Self::List { .. } => ItemKind::List,
            Self::Text(_) => ItemKind::Text,
        }
    }
}

/// The text everybody accepts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyText {
    /// What it is called.
    pub title: String,
    /// Its parts, in their order.
    pub sections: Vec<Section>,
    /// What matters most, in a few lines that stand before the sections.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub essence: Vec<String>,
    /// After how many days it is to be accepted again; 0: once for each version.
    #[serde(default)]
    pub every_days: u32,
}

/// A part of the policy text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// Its heading.
    pub heading: String,
    /// Its text, in the subset of CommonMark that messages are written in.
    pub text: String,
}

/// A version that is to be: asked for, on record, and in force when a second person agrees.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Change {
    /// What it is.
    pub kind: ItemKind,
    /// Which.
    pub name: String,
    /// The version it follows; 0 for the first.
    pub from_version: u32,
    /// Whether it counts.
    pub in_force: bool,
    /// Where it stands among its kind.
    pub place: i32,
    /// What it says; absent: the same as before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<Content>,
}

/// How grave a match of a rule is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
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

/// All items, in order of kind and place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Items {
    /// They.
    pub items: Vec<ItemLine>,
}

/// An item in a list; what it says of itself is from its newest version, or from its draft before there is one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ItemLine {
    /// What it is.
    pub kind: ItemKind,
    /// Its short name.
    pub name: String,
    /// What people call it; lists have no more than their name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The newest version; 0 before there is one.
    pub version: u32,
    /// Whether that counts.
    pub in_force: bool,
    /// Where it stands among its kind.
    pub place: i32,
    /// Rules: what happens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<RuleOutcome>,
    /// Rules: how grave a match is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    /// Rules: in which review queue a match is put.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<String>,
    /// Lists: how many entries there are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entries: Option<u32>,
    /// Who is writing the next one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draft: Option<DraftLine>,
    /// The newest request about it that waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<RequestId>,
}

/// That there is a draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DraftLine {
    /// Who saved it last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<AuditPerson>,
    /// When; names this very draft.
    pub at: Micros,
}

/// An item as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Item {
    /// What a list says of it.
    #[serde(flatten)]
    pub line: ItemLine,
    /// What its newest version says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<Content>,
    /// What its draft says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draft_content: Option<Content>,
}

/// The versions of an item, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Versions {
    /// They.
    pub versions: Vec<Version>,
}

/// A version that was agreed to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Version {
    /// Which.
    pub version: u32,
    /// Whether it counted.
    pub in_force: bool,
    /// What it said.
    pub content: Content,
    /// Since when.
    pub at: Micros,
    /// Who asked for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_by: Option<AuditPerson>,
    /// Who agreed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreed_by: Option<AuditPerson>,
    /// Position of its record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<u64>,
}

/// A draft that is to be kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SaveDraft {
    /// What it says.
    pub content: Content,
    /// The time of the draft it replaces; absent where there was none. When it is another by now, nothing happens (`outdated`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<Micros>,
}

/// A draft that was kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DraftSaved {
    /// Its time, which names it from now on.
    pub at: Micros,
}

/// Which draft is to be thrown away, in the address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DropDraft {
    /// Its time; when it is another by now, nothing happens (`outdated`).
    pub expected: Micros,
}

/// The packs that are delivered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Packs {
    /// They.
    pub packs: Vec<PackLine>,
}

/// A delivered pack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PackLine {
    /// Its short name.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// What it is for.
    pub about: String,
    /// Its word lists and rules.
    pub items: Vec<PackItem>,
}

/// A rule or word list of a delivered pack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PackItem {
    /// What it is.
    pub kind: ItemKind,
    /// Its short name.
    pub name: String,
    /// What people call it; lists have no more than their name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Whether there is one of this kind and name here, whatever it says.
    pub here: bool,
}

/// What became of taking a pack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PackTaken {
    /// How many drafts were made; what was here before is left as it is.
    pub made: u32,
}

/// Items that are to be in force, off, or elsewhere in the order; for a second person to agree to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AskForPolicy {
    /// 1 to [`MAX_ASKED`] items, each once.
    pub items: Vec<AskItem>,
    /// Why: [`crate::approvals::MIN_WORDS`] to [`crate::approvals::MAX_WORDS`] characters.
    pub reason: String,
}

/// Most items of one request.
pub const MAX_ASKED: usize = 200;

/// How an item is to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AskItem {
    /// What it is.
    pub kind: ItemKind,
    /// Which.
    pub name: String,
    /// The newest version; when it is another by now, nothing happens (`outdated`).
    pub version: u32,
    /// Whether it is to count.
    pub in_force: bool,
    /// Where it is to stand among its kind; absent: where it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<i32>,
    /// The time of the draft that is taken along; absent: it says what it said. When it is another by now, nothing happens
    /// (`outdated`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draft: Option<Micros>,
}
