//! What a text says, whatever it is written with.
//!
//! [`Clean`] is the text in plain letters: width, accents, ligatures and lookalikes folded, invisible characters
//! gone, capitals and punctuation kept; patterns and detectors read it. [`words::Words`] are its words in small
//! letters with one blank between them; words and phrases are looked for there. [`disguise::Disguised`] reads the
//! text a second time, with leet, spaced and stretched letters undone, where it shows signs of them.
//!
//! What must stay true: every place leads back to whole characters of the original; folding what is folded
//! changes nothing; the work is linear in the length of the text.

pub(crate) mod disguise;
mod letters;
pub(crate) mod words;

use std::borrow::Cow;
use std::ops::Range;

use crate::effort;
pub(crate) use letters::{is_unspaced, is_word};

/// A text in plain letters.
#[derive(Debug)]
pub(crate) struct Clean<'a> {
    pub text: Cow<'a, str>,
    /// For each byte of the text, and its end, where the original character begins; none when they are the same.
    origin: Option<Vec<usize>>,
}

/// Whether letters of other scripts that look like Latin ones are taken for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lookalikes {
    /// As texts are read.
    Folded,
    /// For words of other scripts.
    Kept,
}

impl<'a> Clean<'a> {
    /// Folds a text.
    pub fn new(original: &'a str, lookalikes: Lookalikes) -> Self {
        effort::add(original.len());
        if original.is_ascii() && !original.bytes().any(is_ascii_invisible) {
            return Self { text: Cow::Borrowed(original), origin: None };
        }
        let mut folded = Folded {
            text: String::with_capacity(original.len()),
            origin: Vec::with_capacity(original.len() + 1),
            word: 0,
            foreign: false,
            lookalikes,
        };
        for (at, c) in original.char_indices() {
            letters::plain(c, &mut |plain| folded.add(plain, at));
        }
        folded.end_word();
        folded.origin.push(original.len());
        Self { text: Cow::Owned(folded.text), origin: Some(folded.origin) }
    }

    /// The part of the original that a part of the text was made of.
    pub fn original(&self, part: Range<usize>) -> Range<usize> {
        let Some(origin) = &self.origin else { return part };
        let place = |at: usize| origin.get(at).or(origin.last()).copied().unwrap_or(0);
        let start = place(part.start);
        // A character may have become several: a part that ends within it has all of it.
        let mut end = part.end;
        while part.start < end && end + 1 < origin.len() && place(end) == place(end - 1) {
            end += 1;
        }
        start..place(end).max(start)
    }
}

/// The plain letters and digits from a place on: most of most texts, and taken together at once.
pub(crate) fn plain_run(text: &str, at: usize) -> &str {
    let bytes = text.as_bytes().get(at..).unwrap_or_default();
    let length = bytes.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
    text.get(at..at + length).unwrap_or_default()
}

/// The character that begins at a place.
pub(crate) fn char_at(text: &str, at: usize) -> Option<char> {
    text.get(at..)?.chars().next()
}

fn is_ascii_invisible(byte: u8) -> bool {
    byte.is_ascii_control() && !matches!(byte, b'\t'..=b'\r')
}

struct Folded {
    text: String,
    origin: Vec<usize>,
    /// Where the word begins that is being read.
    word: usize,
    /// Whether it has a letter that is not a plain Latin one.
    foreign: bool,
    lookalikes: Lookalikes,
}

impl Folded {
    fn add(&mut self, c: char, at: usize) {
        if is_word(c) {
            self.foreign |= !c.is_ascii();
            self.push(c, at);
        } else {
            self.end_word();
            self.push(c, at);
            self.word = self.text.len();
        }
    }

    fn push(&mut self, c: char, at: usize) {
        effort::add(1);
        self.text.push(c);
        self.origin.resize(self.text.len(), at);
    }

    /// Only whole words show whether a letter is a lookalike. `сор` may be a disguised `cop`; `сорт`, with a letter
    /// no Latin one resembles, is a word of its own.
    fn end_word(&mut self) {
        if !std::mem::take(&mut self.foreign) || self.lookalikes == Lookalikes::Kept {
            return;
        }
        let word = self.text.split_off(self.word);
        let origin = self.origin.split_off(self.word);
        let mixed = word.bytes().any(|byte| byte.is_ascii_alphabetic());
        let fold = mixed || word.chars().all(|c| c.is_ascii() || letters::lookalike(c).is_some());
        for (offset, c) in word.char_indices() {
            let like = letters::lookalike(c).or_else(|| mixed.then(|| letters::faint_lookalike(c)).flatten());
            // Each byte of the word has its place.
            let at = origin.get(offset).copied().unwrap_or_default();
            self.push(like.filter(|_| fold).unwrap_or(c), at);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn clean(text: &str) -> String {
        Clean::new(text, Lookalikes::Folded).text.into_owned()
    }

    #[test]
    fn letters_are_folded_and_case_and_punctuation_are_not() {
        for (text, folded) in [
            ("Buy, NOW!", "Buy, NOW!"),
            ("Verkäufe über Straße", "Verkaufe uber Strasse"),
            ("ｂｕｙ ４１", "buy 41"),
            ("𝓫𝓾𝔂 𝐛𝐮𝐲 ⓑⓤⓨ 🅱🅤🆈 🇧🇺🇾", "buy buy buy BUY BUY"),
            ("b\u{200b}u\u{ad}y\u{202e}", "buy"),
            ("b\u{336}u\u{336}y\u{336}", "buy"),
            ("ıŁøæœđ", "iLoaeoed"),
            ("ﬁnance №", "finance No"),
            ("“don’t” – x…", "\"don't\" - x..."),
        ] {
            assert_eq!(clean(text), folded, "{text}");
        }
    }

    #[test]
    fn lookalikes_are_folded_where_the_word_may_be_latin() {
        assert_eq!(clean("іnsіdеr"), "insider");
        assert_eq!(clean("рау"), "pay");
        assert_eq!(clean("αρρ"), "app");
        assert_eq!(clean("сор сорт Привет ваза"), "cop сорт Привет ваза");
        assert_eq!(Clean::new("сор", Lookalikes::Kept).text, "сор");
        assert_eq!(clean("тrаdе"), "trade");
    }

    #[test]
    fn parts_lead_back_to_whole_characters() {
        let text = "aß\u{301}\u{200b}b 𝓫e\u{301}";
        let clean = Clean::new(text, Lookalikes::Folded);
        assert_eq!(clean.text, "assb be");
        assert_eq!(&text[clean.original(1..2)], "ß\u{301}\u{200b}");
        assert_eq!(&text[clean.original(5..7)], "𝓫e\u{301}");
        assert_eq!(clean.original(0..7), 0..text.len());
    }

    proptest! {
        #[test]
        fn folding_what_is_folded_changes_nothing(text in any::<String>()) {
            let once = clean(&text);
            prop_assert_eq!(clean(&once), once);
        }

        #[test]
        fn every_part_is_in_the_text_and_places_only_rise(text in "\\PC*|[\\u{0}-\\u{10ffff}]{0,40}") {
            let clean = Clean::new(&text, Lookalikes::Folded);
            let mut last = 0;
            for (at, c) in clean.text.char_indices() {
                let part = clean.original(at..at + c.len_utf8());
                prop_assert!(text.get(part.clone()).is_some_and(|part| !part.is_empty()));
                prop_assert!(part.start >= last);
                last = part.start;
            }
        }
    }
}
