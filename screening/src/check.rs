//! Packs prove themselves: each rule's own lines, run.

use std::fmt;

use crate::pack::{Pack, TextKind};
use crate::problem::Problem;
use crate::screen::Set;

/// What became of checking packs.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// How many rules there are.
    pub rules: usize,
    /// How many lines were tried.
    pub lines: usize,
    /// Files that cannot be read as packs: name and reason.
    pub unreadable: Vec<(String, String)>,
    /// What keeps rules from being used.
    pub problems: Vec<Problem>,
    /// Lines that went wrong.
    pub failures: Vec<Failure>,
    /// Rules without a line that must match or without one that must not.
    pub untested: Vec<String>,
}

/// A line with which a rule did not do as its tests say.
#[derive(Debug, PartialEq, Eq)]
pub struct Failure {
    /// The rule's id.
    pub rule: String,
    /// The line.
    pub line: String,
    /// What matched although it must not; nothing when it should have matched.
    pub matched: Vec<String>,
}

impl Report {
    /// Whether all is well.
    pub fn is_ok(&self) -> bool {
        self.unreadable.is_empty()
            && self.problems.is_empty()
            && self.failures.is_empty()
            && self.untested.is_empty()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, reason) in &self.unreadable {
            writeln!(f, "{name}: {reason}")?;
        }
        for problem in &self.problems {
            writeln!(f, "{problem}")?;
        }
        for failure in &self.failures {
            if failure.matched.is_empty() {
                writeln!(f, "rule {} must match: {}", failure.rule, failure.line)?;
            } else {
                let parts = failure.matched.join(" … ");
                writeln!(f, "rule {} must not match, but does at `{parts}`: {}", failure.rule, failure.line)?;
            }
        }
        for rule in &self.untested {
            writeln!(f, "rule {rule} needs a line that must match and one that must not")?;
        }
        write!(f, "{} rules, {} lines", self.rules, self.lines)
    }
}

/// Reads, compiles and tries packs together: each is a file's name and its TOML.
pub fn check(files: &[(&str, &str)]) -> Report {
    let mut report = Report::default();
    let mut packs = Vec::new();
    for (name, text) in files {
        match Pack::from_toml(text) {
            Ok(pack) => packs.push(pack),
            Err(reason) => report.unreadable.push(((*name).to_owned(), reason)),
        }
    }
    match Set::compile(&packs) {
        Ok(set) => try_lines(&set, &mut report),
        Err(problems) => report.problems = problems,
    }
    report
}

fn try_lines(set: &Set, report: &mut Report) {
    report.rules = set.len();
    for number in 0..set.len() {
        let Some(rule) = set.rule(number) else { continue };
        let tests = &rule.tests;
        if tests.matching.is_empty() || tests.passing.is_empty() {
            report.untested.push(rule.id.clone());
        }
        let kind = rule.applies_to.first().copied().unwrap_or(TextKind::Message);
        let must = tests.matching.iter().map(|line| (line, true));
        let must_not = tests.passing.iter().map(|line| (line, false));
        for (line, expected) in must.chain(must_not) {
            report.lines += 1;
            let finding = set.screen(line, kind).into_iter().find(|finding| finding.rule == number);
            if finding.is_some() == expected {
                continue;
            }
            let spans = finding.map(|finding| finding.spans).unwrap_or_default();
            let part = |span: std::ops::Range<usize>| line.get(span).unwrap_or_default().to_owned();
            let matched = spans.into_iter().map(part).collect();
            report.failures.push(Failure { rule: rule.id.clone(), line: line.clone(), matched });
        }
    }
}
