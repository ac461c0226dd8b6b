//! What an item of the policy says: a rule, a word list, or the text.

use chancery_protocol::policy::{self, ItemKind, PolicyText, TEXT_NAME};
use chancery_screening::Rule;
use serde::{Deserialize, Serialize};

use crate::ground::error::{Code, Error};

/// Longest name of a rule or list.
const MAX_NAME: usize = 60;

/// What an item says; the same JSON as [`policy::Content`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Content {
    /// A rule; its id is the item's name.
    Rule {
        /// It.
        rule: Box<Rule>,
    },
    /// A word list, which rules call by the item's name.
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

    /// What people call it; lists have no more than their name.
    pub fn title(&self) -> Option<&str> {
        match self {
            Self::Rule { rule } => Some(&rule.name),
            Self::List { .. } => None,
            Self::Text(text) => Some(&text.title),
        }
    }

    /// As it came over the wire or stands in a request.
    ///
    /// # Errors
    /// `rule_invalid` for a rule whose fields are not those of a rule.
    pub fn from_wire(content: policy::Content) -> Result<Self, Error> {
        Ok(match content {
            policy::Content::Rule { rule } => {
                let rule = serde_json::from_value(rule).map_err(|error| {
                    Error::from(Code::RuleInvalid).field("content.rule").detail(error.to_string())
                })?;
                Self::Rule { rule }
            }
            policy::Content::List { entries } => Self::List { entries },
            policy::Content::Text(text) => Self::Text(text),
        })
    }

    /// As it goes over the wire and stands in a request.
    ///
    /// # Errors
    /// When the rule is no JSON; a defect.
    pub fn to_wire(&self) -> Result<policy::Content, Error> {
        Ok(match self {
            Self::Rule { rule } => {
                policy::Content::Rule { rule: serde_json::to_value(rule).map_err(Error::internal)? }
            }
            Self::List { entries } => policy::Content::List { entries: entries.clone() },
            Self::Text(text) => policy::Content::Text(text.clone()),
        })
    }
}

/// The number of a kind in columns.
pub const fn number(kind: ItemKind) -> i32 {
    match kind {
        ItemKind::Rule => 1,
        ItemKind::List => 2,
        ItemKind::Text => 3,
    }
}

/// The kind a column means.
///
/// # Errors
/// `internal` for a number of no kind.
pub fn kind_of(number: i32) -> Result<ItemKind, Error> {
    let found = ItemKind::ALL.into_iter().find(|kind| self::number(*kind) == number);
    found.ok_or_else(|| Error::internal(format!("there is no kind {number} of policy items")))
}

/// Whether an item of a kind can have a name: one to sixty small letters, digits and hyphens, a letter first.
pub fn is_name(kind: ItemKind, name: &str) -> bool {
    match kind {
        ItemKind::Text => name == TEXT_NAME,
        ItemKind::Rule | ItemKind::List => {
            name.len() <= MAX_NAME
                && name.starts_with(|c: char| c.is_ascii_lowercase())
                && name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_types_are_the_same_json() {
        let text = r#"{"kind":"rule","rule":{"id":"cards","name":"Cards","why":"No cards.","ask":"Compliance",
            "outcome":"redact","severity":"high","match":"detect:card","tests":{"match":["4111"]}}}"#;
        let content: Content = serde_json::from_str(text).unwrap();
        let wire: policy::Content = serde_json::from_str(text).unwrap();
        assert_eq!(content.to_wire().unwrap(), wire);
        assert_eq!(Content::from_wire(wire.clone()).unwrap(), content);
        assert_eq!(serde_json::to_value(&content).unwrap(), serde_json::to_value(&wire).unwrap());
        let text = policy::Content::Text(PolicyText {
            title: "Policy".into(),
            sections: vec![policy::Section { heading: "One".into(), text: "Words".into() }],
            essence: vec!["Kept".into()],
            every_days: 365,
        });
        let there = serde_json::to_string(&Content::from_wire(text.clone()).unwrap()).unwrap();
        assert_eq!(serde_json::from_str::<policy::Content>(&there).unwrap(), text);
    }

    #[test]
    fn an_unknown_field_of_a_rule_is_refused() {
        let wire = policy::Content::Rule { rule: serde_json::json!({"id": "cards", "colour": "red"}) };
        assert_eq!(Content::from_wire(wire).unwrap_err().code, Code::RuleInvalid);
    }

    #[test]
    fn names_are_short_and_plain() {
        for (kind, name, good) in [
            (ItemKind::Rule, "card-numbers2", true),
            (ItemKind::Rule, "2cards", false),
            (ItemKind::List, "", false),
            (ItemKind::List, "Shares", false),
            (ItemKind::Text, "policy", true),
            (ItemKind::Text, "another", false),
        ] {
            assert_eq!(is_name(kind, name), good, "{kind} {name}");
        }
        assert!(!is_name(ItemKind::Rule, &"a".repeat(61)));
    }
}
