//! What officers write of acceptable use: rules, the word lists they share, and the text of the policy. All have one life: a
//! draft, a request, and with a second person's agreement a version.
//!
//! A rule is JSON here, for this crate does not know what rules look for: `chancery_screening::Rule` is its type.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

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
