//! The delivered packs prove themselves, and the corpus of evasions and harmless lines is held against them.

#![expect(clippy::unwrap_used, reason = "what cannot be read fails the test")]

use std::fs;
use std::path::{Path, PathBuf};

use chancery_screening::{Disguise, Outcome, Pack, Set, TextKind, check};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../policies/acceptable-use")
}

fn corpus(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus").join(name)).unwrap()
}

/// Name and text of every pack, sorted.
fn files() -> Vec<(String, String)> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    paths.sort();
    let name = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
    paths.iter().map(|path| (name(path), fs::read_to_string(path).unwrap())).collect()
}

fn packs() -> Vec<Pack> {
    files().iter().map(|(_, text)| Pack::from_toml(text).unwrap()).collect()
}

#[test]
fn the_packs_are_those_promised_and_pass_their_own_tests() {
    let files = files();
    let names: Vec<&str> = files.iter().map(|(name, _)| name.trim_end_matches(".toml")).collect();
    assert_eq!(
        names,
        [
            "client-data",
            "credentials",
            "gambling",
            "harassment",
            "market-abuse",
            "off-channel",
            "personal-use"
        ]
    );
    let texts: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let report = check(&texts);
    println!("{report}");
    assert!(report.is_ok(), "{report}");
    assert!(report.lines > 150, "{report}");
}

#[test]
fn every_pack_speaks_english_and_german() {
    for pack in packs() {
        for language in ["en", "de"] {
            let speaks = pack.rules.iter().any(|rule| rule.languages.iter().any(|known| known == language));
            assert!(speaks, "{} has no rule for {language}", pack.id);
        }
    }
}

#[test]
fn packs_are_the_same_as_json() {
    for pack in packs() {
        let json = serde_json::to_string(&pack).unwrap();
        let read: Pack = serde_json::from_str(&json).unwrap();
        assert_eq!(read, pack);
        assert_eq!(serde_json::to_string(&read).unwrap(), json);
    }
}

#[test]
fn what_a_sender_reads_of_a_rule_is_not_what_it_looks_for() {
    for rule in packs().iter().flat_map(|pack| &pack.rules) {
        let notice = serde_json::to_value(rule.notice()).unwrap();
        let mut fields: Vec<&str> = notice.as_object().unwrap().keys().map(String::as_str).collect();
        fields.sort_unstable();
        assert_eq!(fields, ["ask", "outcome", "rule", "why"]);
        assert!(!notice.to_string().contains(&rule.expression));
    }
}

#[test]
fn what_is_taken_out_has_a_name_and_senders_learn_nothing_of_what_is_watched() {
    for pack in packs() {
        let secret = ["market-abuse", "harassment", "off-channel"].contains(&pack.id.as_str());
        for rule in &pack.rules {
            assert!(rule.outcome != Outcome::Redact || !rule.instead.is_empty(), "{}", rule.id);
            assert!(!(secret && rule.known_to_senders), "{}", rule.id);
        }
    }
}

/// Evasions are written as `rule-id: line`, with `\u{…}` for what cannot be seen.
fn evasions() -> Vec<(String, String)> {
    let line = |line: &str| {
        let (rule, text) = line.split_once(": ").unwrap();
        (rule.to_owned(), unescape(text))
    };
    corpus("evasions.txt")
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(line)
        .collect()
}

fn harmless() -> Vec<String> {
    corpus("harmless.txt")
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with("# "))
        .map(unescape)
        .collect()
}

fn unescape(text: &str) -> String {
    let mut parts = text.split("\\u{");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (code, rest) = part.split_once('}').unwrap();
        plain.push(char::from_u32(u32::from_str_radix(code, 16).unwrap()).unwrap());
        plain.push_str(rest);
    }
    plain
}

/// A figure of `corpus/figures.txt`: `name value`.
fn recorded(name: &str) -> f64 {
    let figures = corpus("figures.txt");
    let line = figures.lines().find_map(|line| line.strip_prefix(name)).unwrap();
    line.trim().parse().unwrap()
}

#[test]
fn recall_and_precision_do_not_fall() {
    let set = Set::compile(&packs()).unwrap();
    let ids = |text: &str| -> Vec<&str> {
        let findings = set.screen(text, TextKind::Message);
        findings.iter().map(|finding| set.rule(finding.rule).unwrap().id.as_str()).collect()
    };
    let (evasions, harmless) = (evasions(), harmless());
    for (rule, text) in &evasions {
        assert!((0..set.len()).any(|number| set.rule(number).unwrap().id == *rule), "no rule {rule}: {text}");
    }
    let missed: Vec<_> = evasions.iter().filter(|(rule, text)| !ids(text).contains(&rule.as_str())).collect();
    let wrong: Vec<_> = harmless.iter().filter(|text| !ids(text).is_empty()).collect();
    for (rule, text) in &missed {
        println!("missed by {rule}: {text}");
    }
    for text in &wrong {
        println!("harmless, but {:?}: {text}", ids(text));
    }
    let found = evasions.len() - missed.len();
    let recall = found as f64 / evasions.len() as f64;
    let precision = found as f64 / (found + wrong.len()) as f64;
    println!(
        "recall {recall:.4} ({found} of {} evasions), precision {precision:.4} ({} of {} harmless lines matched)",
        evasions.len(),
        wrong.len(),
        harmless.len(),
    );
    assert!(evasions.len() >= 300 && harmless.len() >= 300, "{} and {}", evasions.len(), harmless.len());
    let mut lines: Vec<&String> = evasions.iter().map(|(_, text)| text).chain(&harmless).collect();
    lines.sort_unstable();
    lines.dedup();
    assert_eq!(lines.len(), evasions.len() + harmless.len(), "a line stands there twice");
    // As many digits as are recorded.
    assert!(recall >= recorded("recall") - 0.00005, "recall fell: {recall:.4}");
    assert!(precision >= recorded("precision") - 0.00005, "precision fell: {precision:.4}");
}

#[test]
fn findings_say_how_words_were_disguised() {
    let set = Set::compile(&packs()).unwrap();
    for (text, disguise, part) in [
        ("so text me on WhatsApp, ok", Disguise::None, "text me on WhatsApp"),
        ("so text me on Wh4tsApp, ok", Disguise::Leet, "text me on Wh4tsApp"),
        ("so text me on W h a t s A p p, ok", Disguise::Spaced, "text me on W h a t s A p p"),
        ("so text me on Whats\u{200b}Аpp, ok", Disguise::None, "text me on Whats\u{200b}Аpp"),
        ("so text me on Whaaaatsapp, ok", Disguise::Stretched, "text me on Whaaaatsapp"),
        ("so text me on Wh.atsa.pp, ok", Disguise::Split, "text me on Wh.atsa.pp"),
    ] {
        let findings = set.screen(text, TextKind::Message);
        assert_eq!(findings.len(), 1, "{text}: {findings:?}");
        assert_eq!(findings[0].disguise, disguise, "{text}");
        let spans = &findings[0].spans;
        assert_eq!(&text[spans[0].start..spans.last().unwrap().end], part);
    }
}
