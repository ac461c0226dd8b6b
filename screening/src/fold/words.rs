//! The words of a text in small letters, with one blank before, between and behind them.

use std::ops::Range;

use crate::effort;

use super::{Clean, char_at, is_unspaced, is_word, plain_run};

/// The words of a text.
#[derive(Debug)]
pub(crate) struct Words {
    /// ` insider information `: so that a whole word is looked for together with the blanks around it.
    pub text: String,
    /// For each byte of the text where in [`Clean::text`] its character begins; behind a word, where it ends.
    origin: Vec<usize>,
    /// Where each word begins in the text.
    pub starts: Vec<usize>,
}

impl Words {
    /// The words of a folded text. An apostrophe within a word is left out: `don't` is `dont`.
    pub fn new(clean: &Clean<'_>) -> Self {
        let mut words = Self::empty(clean.text.len());
        let mut apostrophe = false;
        let mut unspaced = false;
        let text = clean.text.as_ref();
        let mut next = 0;
        while let Some(c) = char_at(text, next) {
            let at = next;
            let run = plain_run(text, at);
            next += if run.is_empty() { c.len_utf8() } else { run.len() };
            if (c == '\'' || c == '`') && !apostrophe && !words.text.ends_with(' ') {
                apostrophe = true;
                continue;
            }
            if !is_word(c) {
                words.end(if apostrophe { at - 1 } else { at });
                (apostrophe, unspaced) = (false, false);
                continue;
            }
            if is_unspaced(c) || unspaced {
                words.end(at);
            }
            apostrophe = false;
            unspaced = is_unspaced(c);
            if run.is_empty() {
                words.letter(c, at);
            } else {
                words.run(run, at);
            }
        }
        let end = text.len();
        words.end(if apostrophe { end - 1 } else { end });
        words
    }

    /// No words yet; room for a text of so many bytes.
    pub(super) fn empty(bytes: usize) -> Self {
        let mut words = Self {
            text: String::with_capacity(bytes + 2),
            origin: Vec::with_capacity(bytes + 2),
            starts: Vec::with_capacity(bytes / 5 + 1),
        };
        words.text.push(' ');
        words.origin.push(0);
        words
    }

    pub(super) fn letter(&mut self, c: char, at: usize) {
        effort::add(1);
        if self.text.ends_with(' ') {
            self.starts.push(self.text.len());
        }
        if c.is_ascii() {
            self.text.push(c.to_ascii_lowercase());
            self.origin.push(at);
        } else {
            self.text.extend(small(c));
            self.origin.resize(self.text.len(), at);
        }
    }

    /// Plain letters and digits.
    fn run(&mut self, run: &str, at: usize) {
        if self.text.ends_with(' ') {
            self.starts.push(self.text.len());
        }
        effort::add(run.len());
        let from = self.text.len();
        self.text.push_str(run);
        if let Some(run) = self.text.get_mut(from..) {
            run.make_ascii_lowercase();
        }
        self.origin.extend(at..at + run.len());
    }

    pub(super) fn end(&mut self, at: usize) {
        if !self.text.ends_with(' ') {
            self.text.push(' ');
            self.origin.push(at);
        }
    }

    /// The part of the folded text that a part of this text, without blanks around it, was made of.
    pub fn clean(&self, part: Range<usize>) -> Range<usize> {
        let place = |at: usize| self.origin.get(at).or(self.origin.last()).copied().unwrap_or(0);
        let start = place(part.start);
        start..place(part.end).max(start)
    }

    /// The word in which a place is, counted from 0.
    pub fn word_at(&self, at: usize) -> usize {
        self.starts.partition_point(|start| *start <= at).saturating_sub(1)
    }

    /// Where a word is in the text.
    pub fn word(&self, index: usize) -> Option<Range<usize>> {
        let start = *self.starts.get(index)?;
        let end = self.starts.get(index + 1).copied().unwrap_or(self.text.len()) - 1;
        Some(start..end)
    }

    /// The first and the last word of which a part of the folded text has anything. What lies between words, as
    /// the sign in `$ell` does, belongs to the word behind it.
    pub fn words_of_clean(&self, part: &Range<usize>) -> (usize, usize) {
        let place = |at: usize| self.origin.get(at).copied().unwrap_or(usize::MAX);
        let last = self.starts.partition_point(|start| place(*start) < part.end).saturating_sub(1);
        // A word ends where the blank before the next one stands.
        let ended = |start: &usize| place(start - 1) <= part.start;
        let begun = self.starts.partition_point(ended);
        let first = match begun.checked_sub(1).and_then(|index| Some((index, self.word(index)?))) {
            Some((index, word)) if place(word.end) > part.start => index,
            _ => begun,
        };
        (first.min(last), last)
    }
}

/// A letter in lower case, without the dots and endings that lower case may bring along.
pub(crate) fn small(c: char) -> impl Iterator<Item = char> {
    c.to_lowercase().filter(|c| *c != '\u{307}').map(|c| if c == 'ς' { 'σ' } else { c })
}

#[cfg(test)]
mod tests {
    use super::super::Lookalikes;
    use super::*;

    fn words(text: &str) -> String {
        Words::new(&Clean::new(text, Lookalikes::Folded)).text
    }

    #[test]
    fn words_have_one_blank_around_them() {
        for (text, expected) in [
            ("", " "),
            ("  --  ", " "),
            ("Buy, NOW!", " buy now "),
            ("don't 'quote' clients' O’Neill x''y", " dont quote clients oneill x y "),
            ("内幕交易 now", " 内 幕 交 易 now "),
            ("a内b", " a 内 b "),
            ("ΟΔΟΣ İstanbul", " οδοσ istanbul "),
        ] {
            assert_eq!(words(text), expected, "{text}");
        }
    }

    #[test]
    fn words_lead_back_to_the_text() {
        let text = "„Don’t“ sell…  it'";
        let clean = Clean::new(text, Lookalikes::Folded);
        let words = Words::new(&clean);
        let whole: Vec<&str> = (0..words.starts.len())
            .map(|index| &text[clean.original(words.clean(words.word(index).unwrap()))])
            .collect();
        assert_eq!(whole, ["Don’t", "sell", "it"]);
        assert_eq!(words.word_at(words.text.len() - 2), 2);
        let part = |part: &str| {
            let start = clean.text.find(part).unwrap();
            words.words_of_clean(&(start..start + part.len()))
        };
        assert_eq!(
            [part("Don"), part("t\" sell"), part("...  it"), part("\"Don")],
            [(0, 0), (0, 1), (2, 2), (0, 0)]
        );
    }
}
