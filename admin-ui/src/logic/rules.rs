//! Rules and word lists as officers see them: how they stand, what they are called, and what a rule does to a text.

use std::collections::BTreeSet;

use chancery_protocol::policy::{ItemKind, ItemLine};
use chancery_screening::{Examples, Outcome, Pack, Problem, Rule, Scope, Set, Severity, TextKind};

/// Longest name of an item.
const MAX_NAME: usize = 60;
/// Stands for words that are not written yet while a rule is tried.
const NOT_YET: &str = "?";

/// How an item stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It counts, in this version.
    On(u32),
    /// It does not count any more, or not yet.
    Off,
    /// Nobody has agreed to any version.
    Draft,
}

/// How it stands.
pub fn standing(line: &ItemLine) -> Standing {
    match line.version {
        0 => Standing::Draft,
        version if line.in_force => Standing::On(version),
        _ => Standing::Off,
    }
}

/// How many rules are on, have a draft, and are off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Count.
    pub on: u64,
    /// Somebody writes their next version.
    pub drafts: u64,
    /// Do not count.
    pub off: u64,
}

/// Counts them.
pub fn counts(lines: &[ItemLine]) -> Counts {
    lines.iter().fold(Counts::default(), |mut counts, line| {
        counts.drafts += u64::from(line.draft.is_some());
        match standing(line) {
            Standing::On(_) => counts.on += 1,
            Standing::Off => counts.off += 1,
            Standing::Draft => {}
        }
        counts
    })
}

/// The rules or lists in which every typed word occurs, in their order. `small` makes letters small.
pub fn found(lines: &[ItemLine], kind: ItemKind, typed: &str, small: fn(&str) -> String) -> Vec<ItemLine> {
    let typed = small(typed);
    let words: Vec<&str> = typed.split_whitespace().collect();
    let fits = |line: &&ItemLine| {
        let said =
            small(&format!("{} {} {}", line.name, title(line), line.queue.as_deref().unwrap_or_default()));
        line.kind == kind && words.iter().all(|word| said.contains(word))
    };
    lines.iter().filter(fits).cloned().collect()
}

/// What people call it.
pub fn title(line: &ItemLine) -> &str {
    line.title.as_deref().unwrap_or(&line.name)
}

/// A short name made of a name, unlike those that are taken.
pub fn short_name(name: &str, taken: &[ItemLine], kind: ItemKind) -> String {
    let mut short = String::new();
    for c in name.chars() {
        match c {
            'ä' | 'Ä' => short.push_str("ae"),
            'ö' | 'Ö' => short.push_str("oe"),
            'ü' | 'Ü' => short.push_str("ue"),
            'ß' => short.push_str("ss"),
            c if c.is_ascii_alphanumeric() => short.push(c.to_ascii_lowercase()),
            _ if short.is_empty() || short.ends_with('-') => {}
            _ => short.push('-'),
        }
    }
    let short = short.trim_start_matches(|c: char| !c.is_ascii_lowercase());
    let mut short: String = short.chars().take(MAX_NAME - 4).collect();
    short.truncate(short.trim_end_matches('-').len());
    if short.is_empty() {
        short.push_str(kind.name());
    }
    let is_taken = |name: &str| taken.iter().any(|line| line.kind == kind && line.name == name);
    let mut free = short.clone();
    let mut number = 2;
    while is_taken(&free) {
        free = format!("{short}-{number}");
        number += 1;
    }
    free
}

/// Whether it can be a short name.
pub fn is_short_name(name: &str) -> bool {
    name.len() <= MAX_NAME
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

/// A rule nobody has written yet.
pub fn blank(short: &str, name: &str) -> Rule {
    Rule {
        id: short.to_owned(),
        name: name.to_owned(),
        languages: Vec::new(),
        why: String::new(),
        ask: String::new(),
        instead: String::new(),
        outcome: Outcome::Flag,
        severity: Severity::Medium,
        queue: String::new(),
        applies_to: Vec::new(),
        scope: Scope::default(),
        exceptions: Vec::new(),
        known_to_senders: false,
        expression: String::new(),
        unless: Vec::new(),
        tests: Examples::default(),
    }
}

/// The lists a rule names; some may not exist.
pub fn used_lists(rule: &Rule) -> BTreeSet<String> {
    rule.lists()
}

/// What became of trying a rule.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tried {
    /// What is wrong with it.
    pub problems: Vec<Wrong>,
    /// The text it was tried on.
    pub text: String,
    /// What it found in it; absent when it cannot be tried.
    pub spans: Option<Vec<(u32, u32)>>,
    /// Whether what was found had been disguised.
    pub disguised: bool,
    /// For each line that must match whether it does.
    pub matching: Vec<Option<bool>>,
    /// For each line that must not whether it does.
    pub passing: Vec<Option<bool>>,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// Where: `match`, `unless 2`, `why`, `lists.shares 14`.
    pub field: String,
    /// At which character of it.
    pub at: Option<usize>,
    /// What.
    pub reason: String,
}

impl From<Problem> for Wrong {
    fn from(problem: Problem) -> Self {
        Self { field: problem.field, at: problem.at, reason: problem.reason }
    }
}

impl Tried {
    /// What is wrong with a field, first things first.
    pub fn wrong(&self, field: &str) -> Option<&Wrong> {
        self.problems.iter().find(|wrong| wrong.field == field)
    }
}

/// Tries a rule with the lists it names on a text and on its own lines. Nothing leaves the browser.
pub fn try_out(rule: &Rule, lists: Vec<(String, Vec<String>)>, text: &str) -> Tried {
    let mut pack = Pack {
        id: "tried".to_owned(),
        name: NOT_YET.to_owned(),
        about: String::new(),
        lists: lists.into_iter().collect(),
        rules: vec![rule.clone()],
    };
    let (set, problems) = match Set::compile(std::slice::from_ref(&pack)) {
        Ok(set) => (Some(set), Vec::new()),
        Err(problems) => {
            // What is not said yet keeps nobody from trying what is looked for.
            for rule in &mut pack.rules {
                for words in [&mut rule.name, &mut rule.why, &mut rule.ask] {
                    NOT_YET.clone_into(words);
                }
                rule.instead.clear();
            }
            (Set::compile(&[pack]).ok(), problems)
        }
    };
    let kind = rule.applies_to.first().copied().unwrap_or(TextKind::Message);
    let matches = |line: &String| {
        let line = line.trim();
        if line.is_empty() { None } else { Some(!set.as_ref()?.screen(line, kind).is_empty()) }
    };
    let mut tried = Tried {
        problems: problems.into_iter().map(Wrong::from).collect(),
        text: text.to_owned(),
        matching: rule.tests.matching.iter().map(matches).collect(),
        passing: rule.tests.passing.iter().map(matches).collect(),
        ..Tried::default()
    };
    if let Some(set) = &set {
        let findings = set.screen(text, kind);
        let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let spans = findings.iter().flat_map(|finding| &finding.spans);
        tried.spans = Some(spans.map(|span| (place(span.start), place(span.end))).collect());
        tried.disguised =
            findings.iter().any(|finding| finding.disguise != chancery_screening::Disguise::None);
    }
    tried
}

/// The rules that have to be given another place to stand in this order, with it. Rules nobody has agreed to yet have no version
/// that could be given one.
pub fn places(wanted: &[ItemLine]) -> Vec<(ItemLine, i32)> {
    let rules = wanted.iter().filter(|line| line.version > 0);
    let mut last = 0;
    let mut places: Vec<i32> = rules.clone().map(|line| line.place).collect();
    places.sort_unstable();
    for place in &mut places {
        last = (*place).max(last + 1);
        *place = last;
    }
    let moved = rules.zip(places).filter(|(line, place)| line.place != *place);
    moved.map(|(line, place)| (line.clone(), place)).collect()
}

/// What stands at a character of a text, with some of what is before and behind it.
pub fn around(text: &str, at: usize) -> (String, String, String) {
    const SOME: usize = 24;
    let chars: Vec<char> = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let at = at.min(chars.len());
    let part =
        |from: usize, to: usize| chars.get(from..to.min(chars.len())).unwrap_or_default().iter().collect();
    let first = at.saturating_sub(SOME);
    let before: String = part(first, at);
    let before = if first > 0 { format!("…{before}") } else { before };
    let here: String = if at == chars.len() { " ".to_owned() } else { part(at, at + 1) };
    let after: String = part(at + 1, at + 1 + SOME);
    let after = if chars.len() > at + 1 + SOME { format!("{after}…") } else { after };
    (before, here, after)
}

/// The entries typed one a line.
pub fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// Hundredths of a percent of the texts that were hit, and whether they are so many that it is asked about.
pub fn share(hits: u64, texts: u64) -> (u64, bool) {
    let hundredths = u128::from(hits) * 10_000 / u128::from(texts.max(1));
    (u64::try_from(hundredths).unwrap_or(u64::MAX), u128::from(hits) * 100 > u128::from(texts))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(name: &str, version: u32, in_force: bool) -> ItemLine {
        ItemLine {
            kind: ItemKind::Rule,
            name: name.to_owned(),
            title: Some(name.to_uppercase()),
            version,
            in_force,
            place: 0,
            outcome: None,
            severity: None,
            queue: None,
            entries: None,
            draft: None,
            request: None,
        }
    }

    fn rule(expression: &str) -> Rule {
        let mut rule = blank("tried", "Tried");
        (rule.why, rule.ask) = ("why".to_owned(), "ask".to_owned());
        expression.clone_into(&mut rule.expression);
        rule
    }

    #[test]
    fn rules_are_on_off_or_drafts() {
        let lines = [line("a", 3, true), line("b", 3, false), line("c", 0, false)];
        assert_eq!(lines.each_ref().map(standing), [Standing::On(3), Standing::Off, Standing::Draft]);
        assert_eq!(counts(&lines), Counts { on: 1, drafts: 0, off: 1 });
    }

    #[test]
    fn rules_are_found_by_any_of_their_words() {
        let lines = [line("card-numbers", 1, true), line("keys", 1, true)];
        let found = |typed| found(&lines, ItemKind::Rule, typed, str::to_lowercase).len();
        assert_eq!((found(""), found("CARD num"), found("card keys")), (2, 1, 0));
    }

    #[test]
    fn a_short_name_is_made_of_a_name() {
        let short = |name: &str| short_name(name, &[line("keys", 1, true)], ItemKind::Rule);
        assert_eq!(short("Client account numbers"), "client-account-numbers");
        assert_eq!(short("3 Schlüssel!"), "schluessel");
        assert_eq!(short("Keys"), "keys-2");
        assert_eq!(short("日本語"), "rule");
        for name in ["Client", "–", &"x y ".repeat(60)] {
            assert!(is_short_name(&short(name)), "{name}");
        }
        assert!(!is_short_name("") && !is_short_name("A") && !is_short_name("1a"));
    }

    #[test]
    fn lists_are_seen_where_they_are_named() {
        let mut rule = rule("(list:shares OR list:people) NEAR/3 \"list: no\"");
        rule.unless = vec!["list:fine-2".to_owned(), "a word".to_owned()];
        assert_eq!(used_lists(&rule).into_iter().collect::<Vec<_>>(), ["fine-2", "people", "shares"]);
    }

    #[test]
    fn a_rule_is_tried_on_a_text_and_its_own_lines() {
        let mut rule = rule("list:shares");
        rule.tests.matching = vec!["sell acme".to_owned(), "nothing".to_owned(), String::new()];
        rule.tests.passing = vec!["acme".to_owned(), "fine".to_owned()];
        let tried = try_out(&rule, vec![("shares".to_owned(), vec!["Acme".to_owned()])], "buy Acme now");
        assert_eq!(tried.spans, Some(vec![(4, 8)]));
        assert_eq!(tried.matching, [Some(true), Some(false), None]);
        assert_eq!(tried.passing, [Some(true), Some(false)]);
        assert!(tried.problems.is_empty() && !tried.disguised);
        let hidden = try_out(&self::rule("insider"), Vec::new(), "an 1ns1der told me");
        assert!(hidden.disguised && hidden.spans.is_some_and(|spans| spans.len() == 1));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        let tried = try_out(&rule("insider AND"), Vec::new(), "insider");
        let wrong = tried.wrong("match").expect("an operator without its right side");
        assert!(wrong.at.is_some_and(|at| at <= 11), "{wrong:?}");
        assert_eq!(tried.spans, None);
        let unknown = try_out(&rule("list:none"), Vec::new(), "");
        assert!(unknown.wrong("match").is_some());
    }

    #[test]
    fn whatever_the_server_takes_can_be_tried() {
        let tried = try_out(&rule(r"/\p{Greek}{3,9}-\p{Nd}{2}/"), Vec::new(), "");
        assert_eq!((tried.problems, tried.spans), (Vec::new(), Some(Vec::new())));
    }

    #[test]
    fn what_is_not_said_yet_keeps_nobody_from_trying() {
        let mut rule = rule("insider");
        rule.why.clear();
        let tried = try_out(&rule, Vec::new(), "insider");
        assert!(tried.wrong("why").is_some());
        assert_eq!(tried.spans, Some(vec![(0, 7)]));
    }

    #[test]
    fn shares_are_exact_and_many_are_asked_about() {
        assert_eq!(share(37, 182_440), (2, false));
        assert_eq!(share(1, 100), (100, false));
        assert_eq!(share(2, 100), (200, true));
        assert_eq!(share(0, 0), (0, false));
    }

    #[test]
    fn only_what_moves_gets_another_place() {
        let at = |name: &str, place: i32| ItemLine { place, ..line(name, 1, true) };
        let told = |wanted: &[ItemLine]| {
            let all = places(wanted).into_iter().map(|(line, place)| (line.name, place));
            all.collect::<Vec<_>>()
        };
        assert!(told(&[at("a", 1), at("b", 2), at("c", 3)]).is_empty());
        let swapped = told(&[at("a", 1), at("c", 3), line("draft", 0, false), at("b", 2)]);
        assert_eq!(swapped, [("c".to_owned(), 2), ("b".to_owned(), 3)]);
        let same = told(&[at("b", 5), at("a", 5)]);
        assert_eq!(same, [("a".to_owned(), 6)], "two at one place are parted");
    }

    #[test]
    fn a_place_is_shown_with_what_is_around_it() {
        let told = |text: &str, at| {
            let (before, here, after) = around(text, at);
            format!("{before}[{here}]{after}")
        };
        assert_eq!(told("a AND", 2), "a [A]ND");
        assert_eq!(told("a AND", 5), "a AND[ ]");
        assert_eq!(told("é\nb", 1), "é[ ]b");
        assert_eq!(told("", 3), "[ ]");
        let long = told(&"x".repeat(100), 50);
        assert!(long.starts_with('…') && long.ends_with('…') && long.chars().count() == 53, "{long}");
    }

    #[test]
    fn entries_stand_one_a_line() {
        assert_eq!(lines(" Acme\n\n Initech \n"), ["Acme", "Initech"]);
    }
}
