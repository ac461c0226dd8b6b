//! Text cut into what is looked up. The same cut is made of what people wrote and of what people search for, so
//! nothing depends on which characters stand between words: `budget-2026_v2.xlsx` is four tokens one after another.
//!
//! - A run of letters and digits is one token, folded. Parts of it are found through the vocabulary of the index.
//! - Scripts without blanks give a token for every pair of neighbours, and one for the last character alone.
//! - A sign (emoji, currency) is a token.
//!
//! What must stay true: spans are byte ranges of the original text, on the borders of characters, ascending; every
//! token has at most [`LONGEST`] characters.

use super::fold::{Class, class, fold, joins};

/// Longest token, in characters; a longer run is cut, and its pieces follow each other.
pub(super) const LONGEST: usize = 64;

/// Between the versions of a message: no phrase reaches across. No message has this character.
pub(super) const BETWEEN: char = '\u{1d}';
/// How many positions [`BETWEEN`] takes.
const FAR: u32 = 1_000;

/// How a token takes part in a search for a part of a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    /// A run of letters and digits.
    Word,
    /// Two neighbours.
    Pair,
    /// The last character of a run without blanks.
    Single,
    /// A sign.
    Sign,
}

/// A piece of text that is looked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    /// Folded.
    pub text: String,
    /// Which one of its text.
    pub position: u32,
    /// First byte of the original.
    pub start: usize,
    /// Byte after its last one.
    pub end: usize,
    /// Byte after the first one of two neighbours; otherwise the end.
    pub middle: usize,
    /// What it is.
    pub sort: Sort,
}

/// A folded character with its span.
struct Folded {
    text: String,
    start: usize,
    end: usize,
    class: Class,
}

/// Cuts `text` and hands the tokens to `each`, in order of position.
pub(super) fn tokens(text: &str, mut each: impl FnMut(Token)) {
    let mut cutter = Cutter { position: 0, word: None, letters: 0, dense: None, each: &mut each };
    let mut characters = text.char_indices().peekable();
    let mut folded = Folded { text: String::new(), start: 0, end: 0, class: Class::Gap };
    while let Some((start, c)) = characters.next() {
        folded.text.clear();
        (folded.start, folded.end) = (start, start + c.len_utf8());
        fold(c, false, &mut folded.text);
        // A mark joins what it stands behind, but nothing is written over the end of a line.
        while let Some((at, mark)) = characters.next_if(|(_, mark)| !c.is_control() && joins(*mark)) {
            fold(mark, true, &mut folded.text);
            folded.end = at + mark.len_utf8();
        }
        if c == BETWEEN {
            cutter.finish();
            cutter.position += FAR;
            continue;
        }
        // What folds into several characters (ﬃ, ㌀) is as its first one.
        folded.class = folded.text.chars().next().map_or(Class::Silent, class);
        cutter.take(&folded);
    }
    cutter.finish();
}

/// All tokens.
pub(super) fn all(text: &str) -> Vec<Token> {
    let mut found = Vec::new();
    tokens(text, |token| found.push(token));
    found
}

struct Cutter<'a, F: FnMut(Token)> {
    position: u32,
    word: Option<Token>,
    /// Characters of the word so far.
    letters: usize,
    /// The character before, where pairs are made.
    dense: Option<Token>,
    each: &'a mut F,
}

impl<F: FnMut(Token)> Cutter<'_, F> {
    fn take(&mut self, folded: &Folded) {
        match folded.class {
            Class::Silent => {
                if let Some(token) = self.word.as_mut().or(self.dense.as_mut()) {
                    token.end = folded.end;
                    token.middle = folded.end;
                }
            }
            Class::Gap => self.finish(),
            Class::Word => {
                self.end_dense();
                self.word(folded);
            }
            Class::Dense => {
                self.end_word();
                self.dense(folded);
            }
            Class::Sign => {
                self.finish();
                // Handed over later, for what follows may be a variant of it.
                self.word = Some(self.token(folded, Sort::Sign));
            }
        }
    }

    fn word(&mut self, folded: &Folded) {
        if self.word.as_ref().is_some_and(|word| word.sort == Sort::Sign) {
            self.end_word();
        }
        for c in folded.text.chars().filter(|c| class(*c) == Class::Word) {
            if self.letters == LONGEST {
                self.end_word();
            }
            let position = self.position;
            let word = self.word.get_or_insert_with(|| Token {
                text: String::with_capacity(16),
                position,
                start: folded.start,
                end: folded.end,
                middle: folded.end,
                sort: Sort::Word,
            });
            word.text.push(c);
            (word.end, word.middle) = (folded.end, folded.end);
            self.letters += 1;
        }
    }

    fn dense(&mut self, folded: &Folded) {
        let next = self.token(folded, Sort::Single);
        let Some(before) = self.dense.take() else {
            self.dense = Some(next);
            return;
        };
        let pair = Token {
            text: format!("{}{}", before.text, next.text),
            end: next.end,
            sort: Sort::Pair,
            ..before
        };
        self.hand_over(pair);
        self.dense = Some(Token { position: self.position, ..next });
    }

    fn token(&self, folded: &Folded, sort: Sort) -> Token {
        let Folded { text, start, end, .. } = folded;
        Token { text: text.clone(), position: self.position, start: *start, end: *end, middle: *end, sort }
    }

    fn hand_over(&mut self, token: Token) {
        (self.each)(token);
        self.position += 1;
    }

    fn end_word(&mut self) {
        self.letters = 0;
        if let Some(word) = self.word.take() {
            self.hand_over(word);
        }
    }

    fn end_dense(&mut self) {
        if let Some(last) = self.dense.take() {
            self.hand_over(last);
        }
    }

    fn finish(&mut self) {
        self.end_word();
        self.end_dense();
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cut(text: &str) -> Vec<(String, u32)> {
        all(text).into_iter().map(|token| (token.text, token.position)).collect()
    }

    fn words(text: &str) -> Vec<String> {
        all(text).into_iter().map(|token| token.text).collect()
    }

    #[test]
    fn whatever_stands_between_words_parts_them() {
        assert_eq!(words("Max.Mustermann@example.com"), ["max", "mustermann", "example", "com"]);
        assert_eq!(
            words("budget-2026_v2.xlsx (2026-11-21)"),
            ["budget", "2026", "v2", "xlsx", "2026", "11", "21"]
        );
        assert_eq!(words("Don\u{2019}t, l'été"), ["don", "t", "l", "ete"]);
        assert_eq!(words(" \n\t-._ "), Vec::<String>::new());
    }

    #[test]
    fn scripts_without_blanks_are_cut_into_pairs() {
        let want = [("契約", 0), ("約書", 1), ("書", 2), ("v2", 3)].map(|(text, at)| (text.to_owned(), at));
        assert_eq!(cut("契約書v2"), want);
        assert_eq!(words("東"), ["東"]);
        assert_eq!(words("アク。セス"), ["アク", "ク", "セス", "ス"]);
        assert_eq!(words("한국어 문서"), ["한국어", "문서"]);
    }

    #[test]
    fn signs_are_tokens_whatever_their_variant() {
        assert_eq!(words("ok 👍🏽👍 5€"), ["ok", "👍", "👍", "5", "€"]);
        assert_eq!(words("❤\u{fe0f}"), ["❤"]);
    }

    #[test]
    fn no_phrase_reaches_from_one_version_into_the_next() {
        let found = cut(&format!("one two{BETWEEN}three"));
        assert_eq!(found[1], ("two".to_owned(), 1));
        assert_eq!(found[2], ("three".to_owned(), 2 + FAR));
    }

    #[test]
    fn long_runs_are_cut() {
        let found = all(&"x".repeat(150));
        let lengths: Vec<usize> = found.iter().map(|token| token.text.len()).collect();
        assert_eq!(lengths, [64, 64, 22]);
        assert_eq!((found[1].start, found[1].end, found[2].position), (64, 128, 2));
    }

    #[test]
    fn spans_are_those_of_the_original() {
        let text = "Größe: e\u{301}te\u{301} か\u{3099}く";
        let spans: Vec<&str> = all(text).iter().map(|token| &text[token.start..token.end]).collect();
        assert_eq!(spans, ["Größe", "e\u{301}te\u{301}", "か\u{3099}く", "く"]);
    }

    #[test]
    fn a_mark_at_the_beginning_of_a_line_is_that_lines() {
        for mark in ["\u{1161}", "\u{301}", "\u{301}a"] {
            assert_eq!(words(&format!("\n{mark}")), words(mark), "{mark:?}");
        }
    }

    proptest! {
        #[test]
        fn tokens_have_spans_inside_the_text_and_rise(text in any::<String>()) {
            let found = all(&text);
            for token in &found {
                prop_assert!(text.get(token.start..token.end).is_some_and(|span| !span.is_empty()));
                prop_assert!(!token.text.is_empty() && token.text.chars().count() <= LONGEST.max(20));
            }
            for (one, next) in found.iter().zip(found.iter().skip(1)) {
                prop_assert!(one.position < next.position && one.start <= next.start);
            }
        }

        #[test]
        fn case_and_what_stands_around_change_nothing(text in "[a-zA-Zäöüé0-9@. _-]{0,40}") {
            prop_assert_eq!(words(&text), words(&format!(" ({}) ", text.to_uppercase())));
        }

        #[test]
        fn the_cut_of_two_lines_is_that_of_each(one in any::<String>(), other in any::<String>()) {
            let joined = words(&format!("{one}\n{other}"));
            prop_assert_eq!(joined, [words(&one), words(&other)].concat());
        }
    }
}
