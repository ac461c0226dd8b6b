//! Regular expressions: matched in time linear in the text, and refused when they cost or match too much.

use std::ops::Range;

use regex::{Regex, RegexBuilder, RegexSet, RegexSetBuilder};
use regex_syntax::ParserBuilder;

use crate::effort;
use crate::fold::{Clean, Lookalikes};

/// Longest pattern, in characters.
pub const MAX_PATTERN_CHARS: usize = 1_000;
/// What one pattern may take when compiled, in bytes.
pub const MAX_PATTERN_BYTES: usize = 256 * 1024;
/// What all patterns together may take.
const MAX_SET_BYTES: usize = 64 * 1024 * 1024;
/// Memory for the states that matching has come through, for all patterns.
const CACHE_BYTES: usize = 16 * 1024 * 1024;
/// Shortest text a pattern may match, in bytes.
const MIN_MATCH: usize = 3;
/// Most places of one pattern that are told apart; so that finding them stays linear.
const MAX_PLACES: usize = 100;

/// A pattern that matches each of these matches nearly everything.
const ORDINARY: [&str; 5] = [
    "Good morning, shall we have lunch at noon?",
    "Ich schicke dir das Protokoll heute Nachmittag.",
    "ok thanks",
    "The build is green again; release 4.2 goes out on 12 May 2025.",
    "https://intranet.example/wiki/page?id=17",
];

/// Compiles a pattern.
///
/// # Errors
/// Why it is refused.
pub(crate) fn compile(pattern: &str) -> Result<Regex, String> {
    if pattern.chars().nth(MAX_PATTERN_CHARS).is_some() {
        return Err(format!("longer than {MAX_PATTERN_CHARS} characters"));
    }
    if let Some((letter, folded)) = folded_letter(pattern) {
        return Err(format!(
            "`{letter}` never occurs: texts are folded before they are matched; write `{folded}`"
        ));
    }
    let hir = ParserBuilder::new()
        .nest_limit(50)
        .case_insensitive(true)
        .build()
        .parse(pattern)
        .map_err(|error| reason(&error))?;
    match hir.properties().minimum_len() {
        None => return Err("can match nothing".into()),
        Some(length) if length < MIN_MATCH => {
            return Err(format!(
                "may match fewer than {MIN_MATCH} characters, which nearly every text has; make it more exact"
            ));
        }
        Some(_) => {}
    }
    let regex = RegexBuilder::new(&plain_borders(pattern))
        .case_insensitive(true)
        .nest_limit(50)
        .size_limit(MAX_PATTERN_BYTES)
        .build()
        .map_err(|error| match error {
            regex::Error::CompiledTooBig(limit) => format!(
                "costs too much: compiled it takes more than {} KiB; shorten the repetitions in braces, \
                 or write [a-z0-9] for \\w, [!-~] for \\S",
                limit / 1024
            ),
            other => other.to_string(),
        })?;
    if ORDINARY.iter().all(|text| regex.is_match(text)) {
        return Err("matches every ordinary sentence; make it more exact".into());
    }
    Ok(regex)
}

/// The pattern with borders of words as they are among plain letters: other borders would make the engine leave its
/// fast way at every letter that is not plain, and folding leaves few of those.
fn plain_borders(pattern: &str) -> String {
    let mut plain = String::with_capacity(pattern.len());
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, chars.peek()) {
            ('\\', Some(&escaped @ ('b' | 'B'))) => {
                chars.next();
                if chars.peek() == Some(&'{') {
                    plain.extend(['\\', escaped]);
                } else {
                    plain.extend(["(?-u:\\", escaped.encode_utf8(&mut [0; 4]), ")"]);
                }
            }
            ('\\', Some(&escaped)) => {
                chars.next();
                plain.extend(['\\', escaped]);
            }
            _ => plain.push(c),
        }
    }
    plain
}

/// The first letter that folding leaves in no text, and what it becomes.
fn folded_letter(pattern: &str) -> Option<(char, String)> {
    pattern.chars().filter(|c| !c.is_ascii()).find_map(|c| {
        let mut buffer = [0; 4];
        let text: &str = c.encode_utf8(&mut buffer);
        let folded = Clean::new(text, Lookalikes::Kept).text.into_owned();
        (folded != text).then_some((c, folded))
    })
}

fn reason(error: &regex_syntax::Error) -> String {
    use regex_syntax::ast::ErrorKind;
    if let regex_syntax::Error::Parse(error) = error {
        let place = error.span().start.column;
        return match error.kind() {
            ErrorKind::UnsupportedLookAround | ErrorKind::UnsupportedBackreference => {
                "look-around and back-references cannot be matched in linear time; use NEAR, NOT or `unless`"
                    .into()
            }
            kind => format!("{kind} (at character {place} of the pattern)"),
        };
    }
    error.to_string().lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned()
}

/// All patterns of all rules.
#[derive(Debug)]
pub(crate) struct Patterns {
    set: RegexSet,
    each: Vec<Regex>,
}

impl Patterns {
    /// Takes compiled patterns together.
    ///
    /// # Errors
    /// When they are too many.
    pub fn new(each: Vec<Regex>) -> Result<Self, String> {
        let set = RegexSetBuilder::new(each.iter().map(Regex::as_str))
            .case_insensitive(true)
            .nest_limit(50)
            .size_limit(MAX_SET_BYTES)
            .dfa_size_limit(CACHE_BYTES)
            .build()
            .map_err(|_| format!("all patterns together take more than {} MiB", MAX_SET_BYTES >> 20))?;
        Ok(Self { set, each })
    }

    /// Finds the patterns in a folded text. When one has very many places, the last reaches to the text's end.
    pub fn find(&self, text: &str, found: &mut impl FnMut(usize, Range<usize>)) {
        if self.each.is_empty() {
            return;
        }
        for number in self.set.matches(text) {
            let Some(regex) = self.each.get(number) else { continue };
            // Each place may take a look at all that follows.
            effort::add(text.len());
            for (count, place) in regex.find_iter(text).take(MAX_PLACES).enumerate() {
                let end = if count + 1 == MAX_PLACES { text.len() } else { place.end() };
                found(number, place.start()..end);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_that_cost_or_match_too_much_are_refused_with_the_reason() {
        for (pattern, part) in [
            ("a*", "fewer than"),
            ("[a-z]+", "fewer than"),
            ("(abc)?", "fewer than"),
            (".+[a-z]{3}", "ordinary"),
            (r"\w{100,400}", "costs too much"),
            ("((abc){50}){50}[a-z]{900}", "costs too much"),
            (r"(?=abc)abc", "linear time"),
            (r"(abc)\1", "linear time"),
            ("(abc", "unclosed group"),
            ("[a&&b]xyz", "can match nothing"),
            ("grün", "write `u`"),
            (&"abc".repeat(400), "longer"),
            (&format!("{}abc{}", "(".repeat(60), ")".repeat(60)), "nest"),
        ] {
            let refused = compile(pattern).unwrap_err();
            assert!(refused.contains(part), "{pattern}: {refused}");
        }
    }

    #[test]
    fn good_patterns_compile() {
        for pattern in
            [r"\bAB-\d{6}\b", "acc(oun)?t", r"[A-Z]{2}\d{6}", "pass(word|phrase)\\s*[:=]\\s*\\S{6,}"]
        {
            assert!(compile(pattern).is_ok(), "{pattern}");
        }
    }

    #[test]
    #[cfg(feature = "classes")]
    fn patterns_may_name_scripts_and_categories() {
        assert!(compile(r"\p{Cyrillic}{3,20}-\p{Nd}+").unwrap().is_match("дело-7"));
    }

    #[test]
    fn borders_of_words_are_those_of_plain_letters() {
        assert_eq!(plain_borders(r"\bab\\b\B\d\b{start}"), r"(?-u:\b)ab\\b(?-u:\B)\d\b{start}");
        let regex = compile(r"\bab-\d\b").unwrap();
        assert!(regex.is_match("x AB-1.") && !regex.is_match("xab-1") && !regex.is_match("ab-12"));
    }

    #[test]
    fn very_many_places_end_with_the_text() {
        let patterns = Patterns::new(vec![compile("abc").unwrap()]).unwrap();
        let mut places = Vec::new();
        patterns.find(&"abc ".repeat(1000), &mut |_, place| places.push(place));
        assert_eq!((places.len(), places[99].end), (MAX_PLACES, 4000));
    }
}
