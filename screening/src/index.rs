//! All words and phrases of all rules, looked for at once.
//!
//! Each is an entry of an automaton over the words of a text (` insider information `, with the blanks that make it
//! whole words). One with wildcards is there with its longest part without, and is then compared word by word.

use std::ops::Range;

use aho_corasick::{AhoCorasick, BuildError};

use crate::fold::disguise::{Disguise, Disguised, same_runs, squeeze};
use crate::fold::words::Words;
use crate::term::{fits, is_wildcard};

/// Longest word that is compared with wildcards, in bytes; so the comparison costs no more than the text is long.
const MAX_COMPARED: usize = 100;
/// From how many letters on a term is found anywhere in letters that stand one by one.
const LONG: usize = 6;
/// And at the beginning or end of them.
const SHORT: usize = 3;

/// Terms, and the automaton that finds them.
#[derive(Debug)]
pub(crate) struct Index {
    automaton: AhoCorasick,
    entries: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    term: u32,
    shape: Shape,
}

#[derive(Debug)]
enum Shape {
    /// Whole words.
    Whole,
    /// Words with wildcards, and the number of the one in which the found part begins.
    Wild { words: Vec<String>, offset: usize },
    /// Without blanks, in letters that stand one by one or in a split word.
    Run,
}

/// Where a term was found, in the folded text.
pub(crate) struct Found {
    pub term: u32,
    pub part: Range<usize>,
    pub disguise: Disguise,
}

/// What the automaton of a term looks for, and the shape to compare then.
fn anchor(term: &str) -> (String, Shape) {
    let padded = format!(" {term} ");
    if !term.contains(is_wildcard) {
        return (padded, Shape::Whole);
    }
    let mut at = 0;
    let mut best = (0, "");
    for part in padded.split(is_wildcard) {
        if part.trim().len() > best.1.trim().len() {
            best = (at, part);
        }
        at += part.len() + 1;
    }
    let (at, part) = best;
    let letters = at + part.len() - part.trim_start().len();
    let before = padded.get(..letters).unwrap_or_default();
    let offset = before.matches(' ').count().saturating_sub(1);
    (part.to_owned(), Shape::Wild { words: term.split(' ').map(str::to_owned).collect(), offset })
}

impl Index {
    /// For texts as they stand.
    ///
    /// # Errors
    /// When there are too many terms.
    pub fn new(terms: &[String]) -> Result<Self, BuildError> {
        let anchors = terms.iter().map(|term| anchor(term)).zip(0_u32..);
        Self::build(anchors.map(|((part, shape), term)| (part, Entry { term, shape })).collect())
    }

    fn build(entries: Vec<(String, Entry)>) -> Result<Self, BuildError> {
        let (parts, entries): (Vec<String>, Vec<Entry>) = entries.into_iter().unzip();
        Ok(Self { automaton: AhoCorasick::new(parts)?, entries })
    }

    /// Finds the terms in the words of a text.
    pub fn find(&self, words: &Words, found: &mut impl FnMut(Found)) {
        for hit in self.automaton.find_overlapping_iter(&words.text) {
            let Some(entry) = self.entries.get(hit.pattern().as_usize()) else { continue };
            let part = match &entry.shape {
                Shape::Whole => Some(hit.start() + 1..hit.end() - 1),
                Shape::Wild { words: wanted, offset } => wild(words, hit.start(), wanted, *offset),
                Shape::Run => None,
            };
            if let Some(part) = part {
                found(Found { term: entry.term, part: words.clean(part), disguise: Disguise::None });
            }
        }
    }
}

/// Where the words are that a phrase with wildcards stands for.
fn wild(words: &Words, at: usize, wanted: &[String], offset: usize) -> Option<Range<usize>> {
    let at = if words.text.as_bytes().get(at) == Some(&b' ') { at + 1 } else { at };
    let first = words.word_at(at).checked_sub(offset)?;
    for (index, wanted) in (first..).zip(wanted) {
        let word = words.text.get(words.word(index)?)?;
        let fit = match wanted.strip_suffix('*') {
            Some(begin) if !begin.contains(is_wildcard) => word.starts_with(begin),
            _ => word.len() <= MAX_COMPARED && fits(wanted, word),
        };
        if !fit {
            return None;
        }
    }
    Some(words.word(first)?.start..words.word(first + wanted.len() - 1)?.end)
}

/// The terms as a disguised text is compared with them.
#[derive(Debug)]
pub(crate) struct Squeezed {
    index: Index,
    /// How often each letter of an entry stands there.
    runs: Vec<Vec<u8>>,
}

impl Squeezed {
    /// Squeezes all terms.
    ///
    /// # Errors
    /// When there are too many terms.
    pub fn new(terms: &[String]) -> Result<Self, BuildError> {
        let mut entries = Vec::with_capacity(terms.len() * 2);
        let mut runs = Vec::with_capacity(terms.len() * 2);
        let mut add = |part: &str, term: u32, shape: Shape| {
            let (squeezed, run) = squeeze(part);
            entries.push((squeezed, Entry { term, shape }));
            runs.push(run);
        };
        for (term, number) in terms.iter().zip(0_u32..) {
            match anchor(term) {
                (part, Shape::Wild { mut words, offset }) => {
                    words.iter_mut().for_each(|word| *word = squeeze(word).0);
                    add(&part, number, Shape::Wild { words, offset });
                }
                (part, shape) => add(&part, number, shape),
            }
            let run = term.strip_suffix('*').unwrap_or(term).replace(' ', "");
            if !run.contains(is_wildcard) && run.chars().nth(SHORT - 1).is_some() {
                add(&run, number, Shape::Run);
            }
        }
        Ok(Self { index: Index::build(entries)?, runs })
    }

    /// Finds the terms of which at least one word is disguised.
    pub fn find(&self, text: &Disguised, found: &mut impl FnMut(Found)) {
        let words = &text.words;
        for hit in self.index.automaton.find_overlapping_iter(&words.text) {
            let number = hit.pattern().as_usize();
            let (Some(entry), Some(runs)) = (self.index.entries.get(number), self.runs.get(number)) else {
                continue;
            };
            if !same_runs(text.runs(hit.start(), hit.end()), runs) {
                continue;
            }
            let (part, disguise) = match &entry.shape {
                Shape::Whole => {
                    let part = hit.start() + 1..hit.end() - 1;
                    let disguise = text.disguise(part.start, part.end).map(|(.., disguise)| disguise);
                    (Some(part), disguise)
                }
                Shape::Wild { words: wanted, offset } => {
                    let part = wild(words, hit.start(), wanted, *offset);
                    let marked = part.as_ref().and_then(|part| text.disguise(part.start, part.end));
                    (part, marked.map(|(.., disguise)| disguise))
                }
                Shape::Run => (Some(hit.range()), in_run(text, &hit.range())),
            };
            if let (Some(part), Some(disguise)) = (part, disguise) {
                found(Found { term: entry.term, part: words.clean(part), disguise });
            }
        }
    }
}

/// In letters that stand one by one nobody sees where a word ends; in a split word its ends are those of the term.
fn in_run(text: &Disguised, part: &Range<usize>) -> Option<Disguise> {
    let (start, end, disguise) = text.disguise(part.start, part.end)?;
    let edges = usize::from(start == part.start) + usize::from(end == part.end);
    let inside = start <= part.start && part.end <= end;
    let letters = part.len();
    let accepted = match disguise {
        Disguise::Spaced => letters >= LONG || edges > 0,
        Disguise::Split => edges == 2,
        _ => false,
    };
    (inside && accepted).then_some(disguise)
}
