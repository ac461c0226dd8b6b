//! What screening costs: a message of 200 characters against 1,000 rules with 20,000 terms and 100 patterns, beside
//! bare `aho-corasick` and `RegexSet` over the same text in the same run. `cargo bench -p chancery-screening`.
//!
//! Rounds alternate between what is compared; the figures are medians over rounds.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a bench lives in real time and speaks on stdout"
)]

use std::hint::black_box;
use std::time::Instant;

use aho_corasick::AhoCorasick;
use chancery_screening::{Examples, Outcome, Pack, Rule, Scope, Set, Severity, TextKind};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use regex::{RegexSet, RegexSetBuilder};

const RULES: usize = 1_000;
const TERMS: usize = 20;
const MESSAGES: usize = 200;
const ROUNDS: usize = 41;
const COMPILES: usize = 9;

fn below(rng: &mut ChaCha8Rng, bound: usize) -> usize {
    rng.next_u32() as usize % bound
}

/// An invented word of two to four syllables.
fn word(rng: &mut ChaCha8Rng) -> String {
    let pick = |rng: &mut ChaCha8Rng, from: &[&'static str]| from[below(rng, from.len())];
    let mut word = String::new();
    for _ in 0..2 + below(rng, 3) {
        word += pick(
            rng,
            &["b", "br", "d", "f", "g", "k", "l", "m", "n", "p", "pr", "r", "s", "st", "t", "tr", "v"],
        );
        word += pick(rng, &["a", "e", "i", "o", "u", "ai", "ou"]);
        word += pick(rng, &["", "", "n", "r", "l", "s"]);
    }
    word
}

fn rule(number: usize, expression: String) -> Rule {
    Rule {
        id: format!("r-{number}"),
        name: "Measured".into(),
        languages: Vec::new(),
        why: "It is measured.".into(),
        ask: "Nobody".into(),
        instead: String::new(),
        outcome: Outcome::Flag,
        severity: Severity::Low,
        queue: String::new(),
        applies_to: Vec::new(),
        scope: Scope::default(),
        exceptions: Vec::new(),
        known_to_senders: false,
        expression,
        unless: Vec::new(),
        tests: Examples::default(),
    }
}

/// Words as people use them: few very often. Some of the rules' terms are among them.
fn messages(rng: &mut ChaCha8Rng, terms: &[String], codes: &[String], style: &str) -> Vec<String> {
    let common: Vec<String> = (0..400).map(|_| word(rng)).collect();
    (0..MESSAGES)
        .map(|_| {
            let mut text = String::new();
            if below(rng, 10) == 0 {
                text += &codes[below(rng, codes.len())];
                text.push(' ');
            }
            while text.chars().count() < 200 {
                let rank = below(rng, 400) * below(rng, 400) / 400;
                let word = if below(rng, 60) == 0 { &terms[below(rng, terms.len())] } else { &common[rank] };
                match (style, below(rng, 12)) {
                    ("disguised", 0) => text += &word.replace('a', "4").replace('o', "0"),
                    ("disguised", 1) => word.chars().for_each(|c| text.extend([c, ' '])),
                    ("accents", 0..4) => text += &word.replace('a', "ä").replace('e', "é"),
                    _ => text += word,
                }
                text += [" ", " ", " ", " ", ", ", ". ", " - "][below(rng, 7)];
            }
            text.chars().take(200).collect()
        })
        .collect()
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

/// Microseconds for each message.
fn time(messages: &[String], mut work: impl FnMut(&str) -> usize) -> f64 {
    let begin = Instant::now();
    for message in messages {
        black_box(work(black_box(message)));
    }
    begin.elapsed().as_secs_f64() * 1e6 / messages.len() as f64
}

fn main() {
    let rng = &mut ChaCha8Rng::seed_from_u64(7);
    let terms: Vec<String> = (0..RULES * TERMS)
        .map(|number| if number % 5 == 0 { format!("{} {}", word(rng), word(rng)) } else { word(rng) })
        .collect();
    let begins: Vec<String> = (0..100).map(|_| word(rng)[..3].to_owned()).collect();
    let patterns: Vec<String> =
        begins.iter().zip(0..).map(|(begin, number)| format!(r"\b{begin}-?{number}\d{{3,6}}\b")).collect();
    let codes: Vec<String> =
        begins.iter().zip(0..).map(|(begin, number)| format!("{begin}-{number}4711")).collect();
    let rules = terms.chunks(TERMS).enumerate().map(|(number, terms)| {
        let quoted: Vec<String> = terms
            .iter()
            .enumerate()
            .map(|(place, term)| if place % 7 == 3 { format!("\"{term}*\"") } else { format!("\"{term}\"") })
            .collect();
        let (left, right) = quoted.split_at(TERMS / 2);
        let (left, right) = (left.join(" OR "), right.join(" OR "));
        let expression = match number % 4 {
            0 => format!("({left}) NEAR/6 ({right})"),
            1 => format!("({left}) AND ({right})"),
            _ => format!("{left} OR {right}"),
        };
        match number % 10 {
            0 => rule(number, format!("({expression}) OR /{}/", patterns[number / 10])),
            1 => rule(number, format!("({expression}) OR detect:card OR detect:iban")),
            _ => rule(number, expression),
        }
    });
    let pack = Pack {
        id: "measured".into(),
        name: "Measured".into(),
        about: String::new(),
        lists: Default::default(),
        rules: rules.collect(),
    };
    let packs = [pack];
    let compiling = (0..COMPILES).map(|_| {
        let begin = Instant::now();
        black_box(Set::compile(black_box(&packs)).unwrap());
        begin.elapsed().as_secs_f64() * 1e3
    });
    let compiling = median(compiling.collect());
    println!(
        "compiling {RULES} rules with {} terms and {} patterns: {compiling:.0} ms",
        terms.len(),
        patterns.len()
    );
    let set = Set::compile(&packs).unwrap();
    let bare_terms = AhoCorasick::builder().ascii_case_insensitive(true).build(&terms).unwrap();
    // The very settings that the set has: with the small default cache the yardstick starts anew all the time.
    let bare_patterns = RegexSetBuilder::new(&patterns)
        .case_insensitive(true)
        .size_limit(64 << 20)
        .dfa_size_limit(16 << 20)
        .build()
        .unwrap();
    let small_cache = RegexSet::new(&patterns).unwrap();

    // Letters that are not plain make bare patterns leave their fast way: the yardstick is what it takes for plain text.
    let mut plain_bare = None;
    for style in ["plain", "accents", "disguised"] {
        let messages = messages(rng, &terms, &codes, style);
        let bytes: usize = messages.iter().map(String::len).sum();
        let findings: usize = messages.iter().map(|text| set.screen(text, TextKind::Message).len()).sum();
        let matched: usize = messages.iter().map(|text| bare_patterns.matches(text).iter().count()).sum();
        // Both do the same work: every rule whose pattern the yardstick finds is found.
        for text in &messages {
            let found: Vec<usize> =
                set.screen(text, TextKind::Message).into_iter().map(|finding| finding.rule).collect();
            assert!(
                bare_patterns.matches(text).iter().all(|pattern| found.contains(&(pattern * 10))),
                "{text}"
            );
        }
        let small = median(
            (0..5).map(|_| time(&messages, |text| small_cache.matches(text).iter().count())).collect(),
        );
        let (mut ours, mut terms_only, mut patterns_only) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            terms_only.push(time(&messages, |text| bare_terms.find_iter(text).count()));
            patterns_only.push(time(&messages, |text| bare_patterns.matches(text).iter().count()));
            ours.push(time(&messages, |text| set.screen(text, TextKind::Message).len()));
        }
        let (ours, terms_only, patterns_only) = (median(ours), median(terms_only), median(patterns_only));
        let bare = terms_only + patterns_only;
        let plain_bare = *plain_bare.get_or_insert(bare);
        let speed = |micros: f64| bytes as f64 / MESSAGES as f64 / micros;
        println!(
            "{style:9} screening {ours:6.2} µs {:6.1} MB/s | aho-corasick {terms_only:5.2} µs, RegexSet \
             {patterns_only:5.2} µs (default cache {small:5.1}), both {bare:5.2} µs {:6.1} MB/s | {:.2} times, {:.2} of plain | \
             {findings} findings, {matched} by patterns",
            speed(ours),
            speed(bare),
            ours / bare,
            ours / plain_bare,
        );
    }

    println!("adversarial texts, ns a byte at 64 KiB and at 256 KiB:");
    let texts = |bytes| chancery_screening::fuzz::adversarial(bytes);
    for ((name, short), (_, long)) in texts(64 << 10).into_iter().zip(texts(256 << 10)) {
        let nanos = |text: String, rounds: usize| {
            let bytes = text.len() as f64;
            let text = [text];
            let times = (0..rounds).map(|_| time(&text, |text| set.screen(text, TextKind::Message).len()));
            median(times.collect()) * 1e3 / bytes
        };
        println!("  {name:46} {:7.1} {:7.1}", nanos(short, 9), nanos(long, 3));
    }
}
