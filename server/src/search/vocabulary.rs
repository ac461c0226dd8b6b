//! The words of one field of one segment, one after another in one piece of memory: looking for a part of a word is
//! looking through it. A million messages have some hundred thousand different words, a few megabytes, which are
//! looked through in about a millisecond. So parts of words cost nothing on the disk and nothing when phrases are
//! looked up (docs/decisions).

use std::io;

use memchr::memmem;
use tantivy::index::InvertedIndexReader;
use tantivy::termdict::TermOrdinal;

use super::plan::{How, Step};

/// Before and after every word; no word has it.
const EDGE: u8 = 0;

/// All words of a field, in the order of the dictionary.
pub(super) struct Vocabulary {
    words: Vec<u8>,
    /// Where each begins: behind its edge.
    starts: Vec<u32>,
}

impl Vocabulary {
    /// Reads the dictionary once.
    pub fn read(index: &InvertedIndexReader) -> io::Result<Self> {
        let mut vocabulary =
            Self { words: vec![EDGE], starts: Vec::with_capacity(index.terms().num_terms()) };
        let mut terms = index.terms().stream()?;
        while terms.advance() {
            let start = u32::try_from(vocabulary.words.len())
                .map_err(|_| io::Error::other("a vocabulary of more than 4 GiB"))?;
            vocabulary.starts.push(start);
            vocabulary.words.extend_from_slice(terms.key());
            vocabulary.words.push(EDGE);
        }
        vocabulary.words.shrink_to_fit();
        Ok(vocabulary)
    }

    /// Bytes in memory.
    pub fn bytes(&self) -> usize {
        self.words.len() + self.starts.len() * size_of::<u32>()
    }

    /// A word, by its place in the dictionary.
    pub fn word(&self, ordinal: TermOrdinal) -> &[u8] {
        let at = ordinal as usize;
        let end = self.starts.get(at + 1).map_or(self.words.len(), |next| *next as usize) - 1;
        self.starts.get(at).and_then(|start| self.words.get(*start as usize..end)).unwrap_or_default()
    }

    /// The words a step means, ascending.
    pub fn find(&self, step: &Step) -> Vec<TermOrdinal> {
        let text = step.text.as_bytes();
        match step.how {
            How::Whole => self.from(text, |word| word == text),
            How::Begins => self.from(text, |word| word.starts_with(text)),
            How::Part => self.containing(text),
            How::Ends => self.containing(&[text, &[EDGE]].concat()),
        }
    }

    /// The words from `first` on, as long as they fit: they are in order.
    fn from(&self, first: &[u8], fits: impl Fn(&[u8]) -> bool) -> Vec<TermOrdinal> {
        let all = self.starts.len() as TermOrdinal;
        let (mut low, mut high) = (0, all);
        while low < high {
            let middle = low.midpoint(high);
            if self.word(middle) < first { low = middle + 1 } else { high = middle }
        }
        (low..all).take_while(|at| fits(self.word(*at))).collect()
    }

    fn containing(&self, needle: &[u8]) -> Vec<TermOrdinal> {
        let finder = memmem::Finder::new(needle);
        let mut found = Vec::new();
        let mut at = 0;
        while let Some(hit) = self.words.get(at..).and_then(|rest| finder.find(rest)) {
            let ordinal = self.starts.partition_point(|start| *start as usize <= at + hit) - 1;
            found.push(ordinal as TermOrdinal);
            // On with the next word; the edge before it belongs to it.
            match self.starts.get(ordinal + 1) {
                Some(next) => at = *next as usize - 1,
                None => break,
            }
        }
        found
    }
}

#[cfg(test)]
impl Vocabulary {
    pub fn of(words: &[&str]) -> Self {
        let mut vocabulary = Self { words: vec![EDGE], starts: Vec::new() };
        for word in words {
            vocabulary.starts.push(vocabulary.words.len() as u32);
            vocabulary.words.extend_from_slice(word.as_bytes());
            vocabulary.words.push(EDGE);
        }
        vocabulary
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn model(words: &[&str], step: &Step) -> Vec<u64> {
        let fits = |word: &&str| step.how.fits(word, &step.text);
        words.iter().enumerate().filter(|(_, word)| fits(word)).map(|(at, _)| at as u64).collect()
    }

    proptest! {
        #[test]
        fn it_finds_what_looking_at_every_word_finds(
            words in proptest::collection::btree_set("[abä契]{1,5}", 0..30),
            text in "[abä契]{1,3}",
            how in prop_oneof![Just(How::Whole), Just(How::Part), Just(How::Begins), Just(How::Ends)],
        ) {
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let step = Step { text, how, offset: 0 };
            let vocabulary = Vocabulary::of(&words);
            let found = vocabulary.find(&step);
            prop_assert!(found.iter().all(|at| vocabulary.word(*at) == words[*at as usize].as_bytes()));
            prop_assert_eq!(found, model(&words, &step));
        }
    }
}
