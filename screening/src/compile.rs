//! From packs to a set: every name looked up, every word spelled out, every pattern compiled, all problems told.

use std::collections::{BTreeMap, BTreeSet};

use regex::Regex;

use crate::detect::Detector;
use crate::expression::{Expression, Leaf, Wanted, parse};
use crate::index::{Index, Squeezed};
use crate::pack::{Pack, Rule, TextKind};
use crate::pattern::{self, Patterns};
use crate::problem::Problem;
use crate::term::spellings;

/// Longest text for a sender, in characters.
pub const MAX_WHY_CHARS: usize = 500;
/// Longest text in the place of what is taken out, in characters.
pub const MAX_INSTEAD_CHARS: usize = 60;
/// Most entries of a list.
pub const MAX_LIST: usize = 50_000;

/// What a rule holds for, with its leaves as numbers.
#[derive(Debug)]
pub(crate) enum Node {
    Leaf(u32),
    Not(Box<Node>),
    And(Vec<Node>),
    Or(Vec<Node>),
    Near(usize, Box<Node>, Box<Node>),
}

/// What a leaf looks for, with terms and patterns as numbers.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Source {
    Terms(Vec<u32>),
    Pattern(u32),
    Detected(Detector),
}

/// A rule that can be decided.
#[derive(Debug)]
pub(crate) struct Compiled {
    pub rule: Rule,
    pub node: Node,
    /// The leaf of its exclusion phrases.
    pub unless: Option<u32>,
    /// The kinds of text it is for, as bits.
    pub kinds: u8,
}

/// Everything [`crate::Set`] consists of.
#[derive(Debug)]
pub(crate) struct Parts {
    pub rules: Vec<Compiled>,
    pub index: Index,
    pub squeezed: Squeezed,
    pub patterns: Patterns,
    pub detectors: Vec<Detector>,
    pub leaves_of_term: Vec<Vec<u32>>,
    pub leaves_of_pattern: Vec<Vec<u32>>,
    pub leaf_of_detector: Vec<(Detector, u32)>,
    pub rules_of_leaf: Vec<Vec<u32>>,
}

pub(crate) fn compile(packs: &[Pack]) -> Result<Parts, Vec<Problem>> {
    let mut compiler = Compiler { packs, ..Compiler::default() };
    compiler.check_names();
    let mut rules = Vec::new();
    for pack in packs {
        for rule in &pack.rules {
            rules.extend(compiler.rule(pack, rule));
        }
    }
    compiler.finish(rules)
}

#[derive(Default)]
struct Compiler<'a> {
    packs: &'a [Pack],
    problems: Vec<Problem>,
    terms: BTreeMap<String, u32>,
    pattern_numbers: BTreeMap<String, u32>,
    patterns: Vec<Regex>,
    leaves: BTreeMap<Source, u32>,
    /// Terms of lists that were already spelled, by pack and name.
    lists: BTreeMap<(usize, String), Vec<u32>>,
    rules_of_leaf: Vec<Vec<u32>>,
    rules: u32,
}

/// Where something stands, for problems.
#[derive(Clone, Copy)]
struct Place<'a> {
    pack: &'a str,
    rule: Option<&'a str>,
    field: &'a str,
    at: Option<usize>,
}

impl<'a> Compiler<'a> {
    fn problem(&mut self, place: Place<'_>, reason: impl Into<String>) {
        self.problems.push(Problem {
            pack: place.pack.to_owned(),
            rule: place.rule.map(str::to_owned),
            field: place.field.to_owned(),
            at: place.at,
            reason: reason.into(),
        });
    }

    /// Ids and names are there, well formed, and unlike each other.
    fn check_names(&mut self) {
        let (mut packs, mut rules) = (BTreeSet::new(), BTreeSet::new());
        for pack in self.packs {
            let place = Place { pack: &pack.id, rule: None, field: "id", at: None };
            if !is_name(&pack.id) {
                self.problem(place, NAME_RULE);
            } else if !packs.insert(&pack.id) {
                self.problem(place, "another pack has this id");
            }
            for (name, entries) in &pack.lists {
                let field = format!("lists.{name}");
                let place = Place { field: &field, ..place };
                if !is_name(name) {
                    self.problem(place, NAME_RULE);
                }
                if entries.is_empty() || entries.len() > MAX_LIST {
                    self.problem(place, format!("a list has 1 to {MAX_LIST} entries"));
                }
                // Lists are checked whether or not a rule uses them.
                self.list(pack, name, place);
            }
            for rule in &pack.rules {
                let place = |field| Place { rule: Some(rule.id.as_str()), field, ..place };
                if !is_name(&rule.id) {
                    self.problem(place("id"), NAME_RULE);
                } else if !rules.insert(&rule.id) {
                    self.problem(place("id"), "another rule has this id");
                }
                for (field, text) in [("name", &rule.name), ("why", &rule.why), ("ask", &rule.ask)] {
                    if text.trim().is_empty() {
                        self.problem(place(field), "is empty");
                    } else if text.chars().nth(MAX_WHY_CHARS).is_some() {
                        self.problem(place(field), format!("longer than {MAX_WHY_CHARS} characters"));
                    }
                }
                self.check_instead(&rule.instead, place("instead"));
            }
        }
    }

    /// It stands in a text, marked as a label: so it is short, and plain words.
    fn check_instead(&mut self, instead: &str, place: Place<'_>) {
        if instead.chars().nth(MAX_INSTEAD_CHARS).is_some() {
            self.problem(place, format!("longer than {MAX_INSTEAD_CHARS} characters"));
        }
        if instead.contains(char::is_control) {
            self.problem(
                place,
                "holds a line break or another control character; write one line of plain words",
            );
        } else if !instead.is_empty() && instead.trim().is_empty() {
            self.problem(place, "is blank; write what was taken out, or leave the field out");
        }
    }

    fn rule(&mut self, pack: &'a Pack, rule: &'a Rule) -> Option<Compiled> {
        let before = self.problems.len();
        let place = Place { pack: &pack.id, rule: Some(&rule.id), field: "match", at: None };
        let mut used = BTreeSet::new();
        let node = match parse(&rule.expression) {
            Ok(expression) => self.node(pack, &expression, place, &mut used),
            Err(mistake) => {
                self.problem(Place { at: Some(mistake.at), ..place }, mistake.reason);
                None
            }
        };
        let unless = self.unless(pack, rule, place);
        let node = node.filter(|_| self.problems.len() == before)?;
        let number = self.rules;
        self.rules += 1;
        for leaf in used {
            if let Some(rules) = self.rules_of_leaf.get_mut(leaf as usize) {
                rules.push(number);
            }
        }
        let kinds = if rule.applies_to.is_empty() { &TextKind::ALL[..] } else { &rule.applies_to };
        let kinds = kinds.iter().fold(0, |bits, kind| bits | kind.bit());
        Some(Compiled { rule: rule.clone(), node, unless, kinds })
    }

    /// Exclusion phrases are one leaf.
    fn unless(&mut self, pack: &Pack, rule: &Rule, place: Place<'_>) -> Option<u32> {
        let mut terms = Vec::new();
        for (entry, number) in rule.unless.iter().zip(1..) {
            let field = format!("unless {number}");
            let place = Place { field: &field, ..place };
            match entry.strip_prefix("list:") {
                Some(name) => terms.extend(self.list(pack, name, place)),
                None => terms.extend(self.spell(entry, place)),
            }
        }
        (!terms.is_empty()).then(|| self.terms_leaf(terms))
    }

    fn node(
        &mut self,
        pack: &Pack,
        expression: &Expression,
        place: Place<'_>,
        used: &mut BTreeSet<u32>,
    ) -> Option<Node> {
        match expression {
            Expression::Leaf(leaf) => self.any_of(pack, &[leaf], place, used).map(Node::Leaf),
            Expression::Not(inner) => {
                // Not used in the sense of "decides when the rule is looked at".
                let inner = self.node(pack, inner, place, &mut BTreeSet::new())?;
                Some(Node::Not(Box::new(inner)))
            }
            Expression::And(parts) => self.nodes(pack, parts, place, used).map(Node::And),
            Expression::Or(parts) => {
                // Words side by side in an OR are one leaf, as in a list.
                let is_words = |leaf: &Leaf| matches!(leaf.wanted, Wanted::Term(_) | Wanted::List(_));
                let mut words = Vec::new();
                let mut others = Vec::new();
                for part in parts {
                    match part {
                        Expression::Leaf(leaf) if is_words(leaf) => words.push(leaf),
                        other => others.push(other.clone()),
                    }
                }
                let nodes = self.nodes(pack, &others, place, used);
                if words.is_empty() {
                    return nodes.map(Node::Or);
                }
                let words = self.any_of(pack, &words, place, used);
                let mut nodes = nodes?;
                nodes.push(Node::Leaf(words?));
                Some(Node::Or(nodes))
            }
            Expression::Near(words, left, right) => {
                let left = self.node(pack, left, place, used);
                let right = self.node(pack, right, place, used);
                Some(Node::Near(*words, Box::new(left?), Box::new(right?)))
            }
        }
    }

    /// All are looked at, so that all problems are told.
    fn nodes(
        &mut self,
        pack: &Pack,
        parts: &[Expression],
        place: Place<'_>,
        used: &mut BTreeSet<u32>,
    ) -> Option<Vec<Node>> {
        let nodes: Vec<Option<Node>> = parts.iter().map(|part| self.node(pack, part, place, used)).collect();
        nodes.into_iter().collect()
    }

    /// One leaf for a pattern, a detector, or any number of words and lists.
    fn any_of(
        &mut self,
        pack: &Pack,
        leaves: &[&Leaf],
        place: Place<'_>,
        used: &mut BTreeSet<u32>,
    ) -> Option<u32> {
        let before = self.problems.len();
        let mut terms = Vec::new();
        let mut other = None;
        for leaf in leaves {
            let place = Place { at: Some(leaf.at), ..place };
            match &leaf.wanted {
                Wanted::Term(term) => terms.extend(self.spell(term, place)),
                Wanted::List(name) => terms.extend(self.list(pack, name, place)),
                Wanted::Pattern(text) => other = self.pattern(text, place).map(Source::Pattern),
                Wanted::Detected(detector) => other = Some(Source::Detected(*detector)),
            }
        }
        if self.problems.len() > before {
            return None;
        }
        let leaf = match other {
            Some(source) => self.leaf(source),
            None => self.terms_leaf(terms),
        };
        used.insert(leaf);
        Some(leaf)
    }

    fn terms_leaf(&mut self, mut terms: Vec<u32>) -> u32 {
        terms.sort_unstable();
        terms.dedup();
        self.leaf(Source::Terms(terms))
    }

    fn leaf(&mut self, source: Source) -> u32 {
        let next = number(self.leaves.len());
        let leaf = *self.leaves.entry(source).or_insert(next);
        self.rules_of_leaf.resize_with(self.leaves.len(), Vec::new);
        leaf
    }

    fn spell(&mut self, term: &str, place: Place<'_>) -> Vec<u32> {
        match spellings(term) {
            Ok(spellings) => spellings
                .into_iter()
                .map(|spelling| {
                    let next = number(self.terms.len());
                    *self.terms.entry(spelling).or_insert(next)
                })
                .collect(),
            Err(reason) => {
                self.problem(place, format!("`{}` {reason}", shortened(term)));
                Vec::new()
            }
        }
    }

    /// The terms of a list of the pack itself, or else of the only other that has one of this name.
    fn list(&mut self, pack: &Pack, name: &str, place: Place<'_>) -> Vec<u32> {
        let packs = self.packs;
        let has = |candidate: &&(usize, &Pack)| candidate.1.lists.contains_key(name);
        let all: Vec<(usize, &Pack)> = packs.iter().enumerate().collect();
        let owners: Vec<&(usize, &Pack)> = all.iter().filter(has).collect();
        let own = owners.iter().find(|(_, owner)| owner.id == pack.id);
        let (index, owner) = match (own, owners.as_slice()) {
            (Some(own), _) => **own,
            (None, [only]) => **only,
            (None, []) => {
                self.problem(place, format!("there is no list `{name}`"));
                return Vec::new();
            }
            (None, _) => {
                self.problem(place, format!("several packs have a list `{name}`; give one another name"));
                return Vec::new();
            }
        };
        let key = (index, name.to_owned());
        if let Some(terms) = self.lists.get(&key) {
            return terms.clone();
        }
        let mut terms = Vec::new();
        for (entry, number) in owner.lists.get(name).into_iter().flatten().zip(1..) {
            let field = format!("lists.{name} {number}");
            let place = Place { pack: &owner.id, rule: None, field: &field, at: None };
            terms.extend(self.spell(entry, place));
        }
        self.lists.insert(key, terms.clone());
        terms
    }

    fn pattern(&mut self, text: &str, place: Place<'_>) -> Option<u32> {
        if let Some(number) = self.pattern_numbers.get(text) {
            return Some(*number);
        }
        match pattern::compile(text) {
            Ok(regex) => {
                let number = number(self.patterns.len());
                self.patterns.push(regex);
                self.pattern_numbers.insert(text.to_owned(), number);
                Some(number)
            }
            Err(reason) => {
                self.problem(place, format!("the pattern /{}/ is refused: {reason}", shortened(text)));
                None
            }
        }
    }

    fn finish(mut self, rules: Vec<Compiled>) -> Result<Parts, Vec<Problem>> {
        if !self.problems.is_empty() {
            return Err(self.problems);
        }
        let mut terms = vec![String::new(); self.terms.len()];
        for (term, number) in std::mem::take(&mut self.terms) {
            if let Some(slot) = terms.get_mut(number as usize) {
                *slot = term;
            }
        }
        let mut leaves_of_term = vec![Vec::new(); terms.len()];
        let mut leaves_of_pattern = vec![Vec::new(); self.patterns.len()];
        let mut leaf_of_detector = Vec::new();
        for (source, leaf) in &self.leaves {
            match source {
                Source::Terms(numbers) => {
                    for number in numbers {
                        if let Some(leaves) = leaves_of_term.get_mut(*number as usize) {
                            leaves.push(*leaf);
                        }
                    }
                }
                Source::Pattern(number) => {
                    if let Some(leaves) = leaves_of_pattern.get_mut(*number as usize) {
                        leaves.push(*leaf);
                    }
                }
                Source::Detected(detector) => leaf_of_detector.push((*detector, *leaf)),
            }
        }
        let all = Place { pack: "all", rule: None, field: "match", at: None };
        let patterns = Patterns::new(std::mem::take(&mut self.patterns));
        let indexes = Index::new(&terms).and_then(|index| Ok((index, Squeezed::new(&terms)?)));
        match (patterns, indexes) {
            (Ok(patterns), Ok((index, squeezed))) => Ok(Parts {
                rules,
                index,
                squeezed,
                patterns,
                detectors: leaf_of_detector.iter().map(|(detector, _)| *detector).collect(),
                leaves_of_term,
                leaves_of_pattern,
                leaf_of_detector,
                rules_of_leaf: self.rules_of_leaf,
            }),
            (patterns, indexes) => {
                for reason in [patterns.err(), indexes.err().map(|error| error.to_string())] {
                    reason.into_iter().for_each(|reason| self.problem(all, reason));
                }
                Err(self.problems)
            }
        }
    }
}

const NAME_RULE: &str = "is 1 to 60 lower case letters, digits and hyphens, a letter first";

fn is_name(name: &str) -> bool {
    name.len() <= 60
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

/// There are never 2^32 of anything: the longest pack fits into memory many times.
fn number(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

fn shortened(text: &str) -> String {
    if text.chars().nth(40).is_none() {
        return text.to_owned();
    }
    text.chars().take(39).chain(['…']).collect()
}
