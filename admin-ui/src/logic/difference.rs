//! What a version of a rule, a word list or the policy text changes: field by field, lists by what comes and what goes.

use std::collections::{BTreeMap, BTreeSet};

use chancery_protocol::policy::Content;
use serde_json::Value;

/// Something that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The field, as in a pack: `match`, `scope.senders`, `exceptions.1.reach`, `tests.pass`.
    pub field: String,
    /// How.
    pub how: How,
}

/// How something differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum How {
    /// It says something else; empty where nothing is said.
    Words {
        /// What it said.
        before: String,
        /// What it says.
        after: String,
    },
    /// It has other entries.
    Entries {
        /// Those that come.
        added: Vec<String>,
        /// Those that go.
        removed: Vec<String>,
    },
}

/// What a field says.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Said {
    Words(String),
    Entries(Vec<String>),
}

/// The order in which fields are told; others follow by name.
const ORDER: [&str; 15] = [
    "name",
    "title",
    "match",
    "entries",
    "unless",
    "applies_to",
    "scope",
    "exceptions",
    "outcome",
    "instead",
    "why",
    "ask",
    "known_to_senders",
    "severity",
    "queue",
];

/// What `after` changes of `before`; all that it says when there was nothing.
pub fn differences(before: Option<&Content>, after: &Content) -> Vec<Difference> {
    let before = before.map(fields).unwrap_or_default();
    let after = fields(after);
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let mut found: Vec<Difference> = names
        .into_iter()
        .filter(|name| before.get(*name) != after.get(*name))
        .filter_map(|name| {
            let how = how(before.get(name), after.get(name))?;
            Some(Difference { field: name.clone(), how })
        })
        .collect();
    let rank = |field: &str| {
        let first = field.split('.').next().unwrap_or_default();
        ORDER.iter().position(|known| *known == first).unwrap_or(ORDER.len())
    };
    found.sort_by_key(|one| rank(&one.field));
    found
}

fn how(before: Option<&Said>, after: Option<&Said>) -> Option<How> {
    let entries = |said: Option<&Said>| match said {
        Some(Said::Entries(all)) => all.clone(),
        _ => Vec::new(),
    };
    let words = |said: Option<&Said>| match said {
        Some(Said::Words(words)) => words.clone(),
        _ => String::new(),
    };
    if matches!((before, after), (Some(Said::Entries(_)), _) | (_, Some(Said::Entries(_)))) {
        let (old, new) = (entries(before), entries(after));
        let (olds, news): (BTreeSet<_>, BTreeSet<_>) = (old.iter().collect(), new.iter().collect());
        let added = new.iter().filter(|one| !olds.contains(one)).cloned().collect::<Vec<_>>();
        let removed = old.iter().filter(|one| !news.contains(one)).cloned().collect::<Vec<_>>();
        // Another order of the same, or one of them twice, means the same.
        return (!added.is_empty() || !removed.is_empty()).then_some(How::Entries { added, removed });
    }
    Some(How::Words { before: words(before), after: words(after) })
}

fn fields(content: &Content) -> BTreeMap<String, Said> {
    let mut all = BTreeMap::new();
    match content {
        Content::Rule { rule } => flatten("", rule, &mut all),
        Content::List { entries } => drop(all.insert("entries".to_owned(), Said::Entries(entries.clone()))),
        Content::Text(text) => {
            all.insert("title".to_owned(), Said::Words(text.title.clone()));
            all.insert("essence".to_owned(), Said::Entries(text.essence.clone()));
            all.insert("every_days".to_owned(), Said::Words(text.every_days.to_string()));
            for section in &text.sections {
                all.insert(format!("sections.{}", section.heading), Said::Words(section.text.clone()));
            }
        }
    }
    all
}

fn flatten(name: &str, value: &Value, all: &mut BTreeMap<String, Said>) {
    let below = |part: &str| if name.is_empty() { part.to_owned() } else { format!("{name}.{part}") };
    match value {
        Value::Object(parts) => parts.iter().for_each(|(part, value)| flatten(&below(part), value, all)),
        Value::Array(parts) if parts.iter().any(Value::is_object) => {
            parts
                .iter()
                .zip(1..)
                .for_each(|(value, number)| flatten(&below(&number.to_string()), value, all));
        }
        Value::Array(parts) => {
            let entries = parts.iter().map(words).collect();
            all.insert(name.to_owned(), Said::Entries(entries));
        }
        other => drop(all.insert(name.to_owned(), Said::Words(words(other)))),
    }
}

fn words(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn rule(rule: Value) -> Content {
        Content::Rule { rule }
    }

    fn list(entries: &[&str]) -> Content {
        Content::List { entries: entries.iter().map(|one| (*one).to_owned()).collect() }
    }

    #[test]
    fn a_rule_is_compared_field_by_field() {
        let before =
            rule(json!({ "id": "a", "match": "x", "outcome": "warn", "scope": { "senders": ["1", "2"] } }));
        let after = rule(
            json!({ "id": "a", "match": "x OR y", "outcome": "warn", "scope": { "senders": ["2", "3"] },
            "exceptions": [{ "reach": "inside" }], "known_to_senders": true }),
        );
        let found = differences(Some(&before), &after);
        let fields: Vec<&str> = found.iter().map(|one| one.field.as_str()).collect();
        assert_eq!(fields, ["match", "scope.senders", "exceptions.1.reach", "known_to_senders"]);
        assert_eq!(found[0].how, How::Words { before: "x".to_owned(), after: "x OR y".to_owned() });
        let (added, removed) = (vec!["3".to_owned()], vec!["1".to_owned()]);
        assert_eq!(found[1].how, How::Entries { added, removed });
        assert!(differences(Some(&after), &after).is_empty());
    }

    #[test]
    fn what_goes_is_told_too() {
        let before = rule(json!({ "match": "x", "unless": ["y"], "queue": "q" }));
        let found = differences(Some(&before), &rule(json!({ "match": "x" })));
        let gone = How::Entries { added: Vec::new(), removed: vec!["y".to_owned()] };
        assert_eq!(found[0], Difference { field: "unless".to_owned(), how: gone });
        assert_eq!(found[1].how, How::Words { before: "q".to_owned(), after: String::new() });
    }

    #[test]
    fn a_list_is_compared_by_its_entries_in_any_order() {
        assert!(differences(Some(&list(&["a", "b"])), &list(&["b", "a"])).is_empty());
        let found = differences(Some(&list(&["a", "b"])), &list(&["b", "c"]));
        let how = How::Entries { added: vec!["c".to_owned()], removed: vec!["a".to_owned()] };
        assert_eq!(found, [Difference { field: "entries".to_owned(), how }]);
    }

    #[test]
    fn the_first_version_says_everything() {
        let found = differences(None, &rule(json!({ "id": "a", "match": "x" })));
        assert_eq!(found.len(), 2);
    }
}
