//! All words and phrases of all rules, looked for at once.
//!
//! Each is an entry of an automaton over the words of a text (` insider information `, with the blanks that make it
//! whole words). One with wildcards is there with its longest part without, and is then compared word by word.

use std::ops::Range;

use aho_corasick::{AhoCorasick, BuildError, Match};

use crate::effort;
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
    /// How often each letter stands there, where every letter is looked for once.
    runs: Vec<u8>,
}

#[derive(Debug)]
enum Shape {
    /// What was found is the term.
    Whole,
    /// Words with wildcards, and the number of the one in which the found part begins.
    Wild { words: Vec<String>, offset: usize },
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
        Self::build(
            anchors.map(|((part, shape), term)| (part, Entry { term, shape, runs: Vec::new() })).collect(),
        )
    }

    fn build(entries: Vec<(String, Entry)>) -> Result<Self, BuildError> {
        let (parts, entries): (Vec<String>, Vec<Entry>) = entries.into_iter().unzip();
        Ok(Self { automaton: AhoCorasick::new(parts)?, entries })
    }

    /// The entry that was found in a part of a disguised text, if its letters stand there as often.
    fn entry(&self, hit: Match, text: &Disguised, from: usize) -> Option<&Entry> {
        let entry = self.entries.get(hit.pattern().as_usize())?;
        effort::add(1 + entry.runs.len());
        same_runs(text.runs(from + hit.start(), from + hit.end()), &entry.runs).then_some(entry)
    }

    /// Finds the terms in the words of a text.
    pub fn find(&self, words: &Words, found: &mut impl FnMut(Found)) {
        for hit in self.automaton.find_overlapping_iter(&words.text) {
            effort::add(1);
            let Some(entry) = self.entries.get(hit.pattern().as_usize()) else { continue };
            let part = match &entry.shape {
                Shape::Whole => Some(hit.start() + 1..hit.end() - 1),
                Shape::Wild { words: wanted, offset } => wild(words, hit.start(), wanted, *offset),
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
    words: Index,
    /// Without blanks, in letters that stand one by one and in split words.
    runs: Index,
    /// Words of the longest phrase.
    pub most_words: usize,
}

impl Squeezed {
    /// Squeezes all terms.
    ///
    /// # Errors
    /// When there are too many terms.
    pub fn new(terms: &[String]) -> Result<Self, BuildError> {
        let mut words = Vec::with_capacity(terms.len());
        let mut runs = Vec::with_capacity(terms.len());
        for (term, number) in terms.iter().zip(0_u32..) {
            let (part, mut shape) = anchor(term);
            if let Shape::Wild { words, .. } = &mut shape {
                words.iter_mut().for_each(|word| *word = squeeze(word).0);
            }
            words.push(squeezed(&part, number, shape));
            let run = term.strip_suffix('*').unwrap_or(term).replace(' ', "");
            if !run.contains(is_wildcard) && run.chars().nth(SHORT - 1).is_some() {
                runs.push(squeezed(&run, number, Shape::Whole));
            }
        }
        let most_words = terms.iter().map(|term| term.split(' ').count()).max().unwrap_or(0);
        Ok(Self { words: Index::build(words)?, runs: Index::build(runs)?, most_words })
    }

    /// Finds the terms of which at least one word is disguised.
    pub fn find(&self, text: &Disguised, found: &mut impl FnMut(Found)) {
        let words = &text.words;
        let mut add = |term: u32, part: Range<usize>, disguise| {
            found(Found { term, part: words.clean(part), disguise });
        };
        for hit in self.words.automaton.find_overlapping_iter(&words.text) {
            let Some(entry) = self.words.entry(hit, text, 0) else { continue };
            let part = match &entry.shape {
                Shape::Whole => Some(hit.start() + 1..hit.end() - 1),
                Shape::Wild { words: wanted, offset } => wild(words, hit.start(), wanted, *offset),
            };
            let Some(part) = part else { continue };
            if let Some((.., disguise)) = text.disguise(part.start, part.end) {
                add(entry.term, part, disguise);
            }
        }
        for (from, word) in text.joined() {
            for hit in self.runs.automaton.find_overlapping_iter(word) {
                let Some(entry) = self.runs.entry(hit, text, from) else { continue };
                let part = from + hit.start()..from + hit.end();
                if let Some(disguise) = in_run(text, &part) {
                    add(entry.term, part, disguise);
                }
            }
        }
    }
}

fn squeezed(part: &str, term: u32, shape: Shape) -> (String, Entry) {
    let (part, runs) = squeeze(part);
    (part, Entry { term, shape, runs })
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
