//! Words and phrases as they are looked for.

use std::collections::BTreeSet;

use crate::effort;
use crate::fold::{Clean, Lookalikes, is_unspaced, is_word, words};

/// Longest word or phrase, in characters.
pub const MAX_TERM_CHARS: usize = 200;
/// Most words of a phrase.
const MAX_WORDS: usize = 12;
/// Least letters and digits of a word with wildcards.
const MIN_LETTERS: usize = 2;

/// The ways to write a word or phrase, each as its words with one blank between them; `*` stands for any number of
/// letters and digits within a word, `?` for one.
///
/// `Verkäufe` is found as `verkaufe` (which is what `Verkäufe` is folded to) and as `verkaeufe`.
///
/// # Errors
/// Why it cannot be looked for.
pub(crate) fn spellings(term: &str) -> Result<BTreeSet<String>, String> {
    if term.chars().nth(MAX_TERM_CHARS).is_some() {
        return Err(format!("longer than {MAX_TERM_CHARS} characters"));
    }
    let mut spellings = BTreeSet::new();
    spellings.insert(spelling(term, Lookalikes::Folded)?);
    spellings.insert(spelling(&without_umlauts(term), Lookalikes::Folded)?);
    if !term.is_ascii() && term.contains(['*', '?']) {
        // With its other letters known, the word in the text may turn out not to be a Latin one in disguise.
        spellings.insert(spelling(term, Lookalikes::Kept)?);
    }
    Ok(spellings)
}

fn without_umlauts(term: &str) -> String {
    let mut plain = term.to_owned();
    for (umlaut, parted, letters) in [
        ("ä", "a\u{308}", "ae"),
        ("ö", "o\u{308}", "oe"),
        ("ü", "u\u{308}", "ue"),
        ("Ä", "A\u{308}", "Ae"),
        ("Ö", "O\u{308}", "Oe"),
        ("Ü", "U\u{308}", "Ue"),
    ] {
        plain = plain.replace(umlaut, letters).replace(parted, letters);
    }
    plain
}

fn spelling(term: &str, lookalikes: Lookalikes) -> Result<String, String> {
    let clean = Clean::new(term, lookalikes);
    let mut text = String::with_capacity(clean.text.len());
    for c in clean.text.chars() {
        let ends = text.ends_with(' ') || text.is_empty();
        if is_word(c) || is_wildcard(c) {
            if !ends && (is_unspaced(c) || text.chars().next_back().is_some_and(is_unspaced)) {
                text.push(' ');
            }
            text.extend(words::small(c));
        } else if c != '\'' && c != '`' && !ends {
            text.push(' ');
        }
    }
    let text = text.trim_end().to_owned();
    if text.is_empty() {
        return Err("has neither letters nor digits".into());
    }
    if text.split(' ').count() > MAX_WORDS {
        return Err(format!("a phrase has at most {MAX_WORDS} words"));
    }
    for word in text.split(' ').filter(|word| word.contains(is_wildcard)) {
        if word.chars().filter(|c| !is_wildcard(*c)).count() < MIN_LETTERS {
            return Err(format!(
                "`{word}` would match too many words: beside `*` and `?` a word needs {MIN_LETTERS} letters \
                 (for any words in between use NEAR/n)"
            ));
        }
    }
    Ok(text)
}

pub(crate) fn is_wildcard(c: char) -> bool {
    c == '*' || c == '?'
}

/// Whether a word is what a word with wildcards stands for.
pub(crate) fn fits(wanted: &str, word: &str) -> bool {
    effort::add(wanted.len() + word.len());
    let (wanted, word): (Vec<char>, Vec<char>) = (wanted.chars().collect(), word.chars().collect());
    let (mut at, mut next) = (0, 0);
    // Where the last `*` stands, and how much of the word it has taken.
    let mut star: Option<(usize, usize)> = None;
    while let Some(c) = word.get(next) {
        effort::add(1);
        match wanted.get(at) {
            Some('*') => {
                star = Some((at, next));
                at += 1;
            }
            Some(w) if w == c || *w == '?' => {
                at += 1;
                next += 1;
            }
            _ => match &mut star {
                Some((place, taken)) => {
                    *taken += 1;
                    (at, next) = (*place + 1, *taken);
                }
                None => return false,
            },
        }
    }
    wanted.iter().skip(at).all(|c| *c == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_are_spelled_as_texts_are_read() {
        for (term, expected) in [
            ("Insider  Information", &["insider information"][..]),
            ("Verkäufe", &["verkaeufe", "verkaufe"]),
            ("don't-tell", &["dont tell"]),
            ("Sell*", &["sell*"]),
            ("内幕", &["内 幕"]),
            ("прода*", &["прода*"]),
            ("сор*", &["cop*", "сор*"]),
            ("401k", &["401k"]),
        ] {
            let expected: BTreeSet<String> = expected.iter().map(|text| (*text).to_owned()).collect();
            assert_eq!(spellings(term), Ok(expected), "{term}");
        }
    }

    #[test]
    fn terms_that_match_nearly_everything_are_refused() {
        for (term, part) in [
            ("", "neither"),
            ("…", "neither"),
            ("*", "NEAR"),
            ("a*", "2 letters"),
            ("buy * now", "NEAR"),
            (&"ab ".repeat(13), "12 words"),
            (&"a".repeat(201), "200"),
        ] {
            let reason = spellings(term).unwrap_err();
            assert!(reason.contains(part), "{term}: {reason}");
        }
    }

    #[test]
    fn wildcards_stand_for_letters_of_a_word() {
        for (wanted, word, fit) in [
            ("sell*", "sell", true),
            ("sell*", "selling", true),
            ("sell?", "sell", false),
            ("sell?", "sells", true),
            ("*kauf*", "verkaufen", true),
            ("in*er", "insider", true),
            ("in*er", "insiders", false),
            ("a*b*c", "aXbXbc", true),
            ("gr?n", "grün", true),
            ("sell", "sel", false),
        ] {
            assert_eq!(fits(wanted, word), fit, "{wanted} {word}");
        }
    }
}
