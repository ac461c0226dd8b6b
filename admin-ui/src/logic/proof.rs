//! A rule's own lines: whether it does with each what is written there.

use std::collections::BTreeMap;

use chancery_protocol::approvals::ChangeDetail;
use chancery_protocol::policy::Content;
use chancery_screening::Rule;

use super::rules::{try_out, used_lists};

/// A line with which a rule does not do as it should.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failing {
    /// The line.
    pub line: String,
    /// Whether it must match.
    pub must: bool,
}

/// How a rule does with its own lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proved {
    /// What people call the rule.
    pub title: String,
    /// How many lines there are; empty ones do not count.
    pub lines: usize,
    /// Those that fail.
    pub failing: Vec<Failing>,
}

/// Tries a rule with the lists it names on its own lines; nothing when it cannot be tried.
pub fn prove(rule: &Rule, lists: &BTreeMap<String, Vec<String>>) -> Option<Proved> {
    let named = used_lists(rule);
    let lists = lists.iter().filter(|(name, _)| named.contains(*name));
    let tried = try_out(rule, lists.map(|(name, entries)| (name.clone(), entries.clone())).collect(), "");
    tried.spans.as_ref()?;
    let must = rule.tests.matching.iter().zip(&tried.matching).map(|(line, did)| (line, *did, true));
    let must_not = rule.tests.passing.iter().zip(&tried.passing).map(|(line, did)| (line, *did, false));
    let tried: Vec<_> =
        must.chain(must_not).filter_map(|(line, did, must)| Some((line, did?, must))).collect();
    Some(Proved {
        title: rule.name.clone(),
        lines: tried.len(),
        failing: tried
            .into_iter()
            .filter(|(_, did, must)| did != must)
            .map(|(line, _, must)| Failing { line: line.trim().to_owned(), must })
            .collect(),
    })
}

/// The rule that would count by a change and did not count before as it is.
pub fn coming(one: &ChangeDetail) -> Option<Rule> {
    let ChangeDetail { change, now } = one;
    let new = match (&change.content, now) {
        (Some(content), _) => Some(content),
        (None, Some(now)) if !now.in_force => Some(&now.content),
        _ => None,
    };
    match new.filter(|_| change.in_force)? {
        Content::Rule { rule } => serde_json::from_value(rule.clone()).ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::logic::rules::blank;

    #[test]
    fn lines_that_fail_are_named() {
        let mut rule = blank("shares", "Shares");
        rule.expression = "list:shares".to_owned();
        rule.tests.matching = ["sell acme", " nothing ", ""].map(str::to_owned).to_vec();
        rule.tests.passing = ["Acme again", "fine"].map(str::to_owned).to_vec();
        let lists = BTreeMap::from([("shares".to_owned(), vec!["Acme".to_owned()])]);
        let failing = |line: &str, must| Failing { line: line.to_owned(), must };
        let proved = prove(&rule, &lists).expect("it can be tried");
        assert_eq!((proved.lines, proved.title.as_str()), (4, "Shares"));
        assert_eq!(proved.failing, [failing("nothing", true), failing("Acme again", false)]);
        assert_eq!(prove(&rule, &BTreeMap::new()), None, "a list that is not there");
        rule.tests = chancery_screening::Examples::default();
        assert!(prove(&rule, &lists).is_some_and(|proved| proved.lines == 0 && proved.failing.is_empty()));
    }
}
