//! Second readings of a text, with what letters were disguised by undone.
//!
//! Only words that show a sign of it are read anew: digits or symbols among letters (`1ns1der`), letters one by
//! one (`b u y`), punctuation within a word (`in.sider`), letters that are stretched (`buuuy`). So numbers, codes
//! and ordinary text mean nothing but themselves. Where a sign has two senses there are two readings.

use crate::effort;

use super::words::{Words, small};
use super::{Clean, char_at, is_unspaced, is_word, plain_run};

/// How what was found had been disguised; nothing for what stands there plainly, accents and lookalikes included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Disguise {
    /// Not at all.
    None,
    /// By repeated letters.
    Stretched,
    /// By digits and symbols in place of letters.
    Leet,
    /// By punctuation within a word.
    Split,
    /// By letters that stand one by one.
    Spaced,
}

/// One reading of a disguised text. Repeated letters are written once, with their number kept apart.
#[derive(Debug)]
pub(crate) struct Disguised {
    pub words: Words,
    /// How often each letter stands there, for each byte of the words' text.
    runs: Vec<u8>,
    /// The disguised words, in order: where they begin and end, and how they were disguised.
    marked: Vec<(usize, usize, Disguise)>,
    last: Option<char>,
}

/// From how many repetitions on a letter counts as stretched.
const STRETCHED: u8 = 3;
/// Stands for words that are not read.
const NO_WORD: char = '\0';
/// Most characters between letters that stand one by one, and between the parts of a split word.
const MAX_GAP: usize = 3;

/// A text with every letter once, and how often each stood there, for each byte.
pub(crate) fn squeeze(text: &str) -> (String, Vec<u8>) {
    let mut squeezed = String::with_capacity(text.len());
    let mut runs: Vec<u8> = Vec::with_capacity(text.len());
    let mut last = None;
    for c in text.chars() {
        if last == Some(c) && c.is_alphabetic() {
            raise(&mut runs, c);
            continue;
        }
        squeezed.push(c);
        runs.resize(squeezed.len(), 1);
        last = Some(c);
    }
    (squeezed, runs)
}

/// One more of the last letter.
fn raise(runs: &mut [u8], c: char) {
    let from = runs.len().saturating_sub(c.len_utf8());
    for run in runs.iter_mut().skip(from) {
        *run = run.saturating_add(1);
    }
}

/// Whether letters that stand so often in a text are those of a term: as often, or stretched.
pub(crate) fn same_runs(text: &[u8], term: &[u8]) -> bool {
    text.len() == term.len() && text.iter().zip(term).all(|(text, term)| text == term || *text >= STRETCHED)
}

/// Word characters and leet symbols without a gap.
#[derive(Debug)]
struct Piece {
    start: usize,
    end: usize,
    chars: usize,
    letters: usize,
    /// Digits that stand for letters.
    digits: usize,
    /// Symbols that do.
    symbols: usize,
    stretched: bool,
}

impl Piece {
    fn is_leet(&self) -> bool {
        is_leet(std::slice::from_ref(self))
    }
}

/// Whether digits and symbols stand for letters in a word of these pieces. Numbers, hexadecimal digits and codes
/// have more digits than words have disguised letters.
fn is_leet(word: &[Piece]) -> bool {
    let sum = |count: fn(&Piece) -> usize| word.iter().map(count).sum::<usize>();
    let (letters, digits, symbols) = (sum(|p| p.letters), sum(|p| p.digits), sum(|p| p.symbols));
    let enough = if letters + digits <= 4 { letters } else { 2 * letters };
    digits + symbols > 0 && letters > 0 && enough >= digits
}

/// The readings of a text; none when nothing in it shows a sign of disguise. Of the plain words only those are there
/// that a phrase of so many words may have together with a disguised one.
pub(crate) fn readings(clean: &Clean<'_>, most_words: usize) -> Vec<Disguised> {
    let Some(near) = most_words.checked_sub(1) else { return Vec::new() };
    let text = clean.text.as_ref();
    let pieces = pieces(text);
    let gap = |index: usize| gap(text, &pieces, index);
    let leet = pieces.iter().any(Piece::is_leet);
    let stretched = pieces.iter().any(|piece| piece.stretched);
    let spaced = (0..pieces.len()).any(|index| spaced_run(text, &pieces, index) > 0);
    let split = (1..pieces.len()).any(|index| {
        let letters = |index: usize| pieces.get(index).is_some_and(|piece| piece.letters > 0);
        (letters(index - 1) || letters(index)) && is_split(gap(index))
    });
    let mut readings = Vec::new();
    let ambiguous = (leet || split || spaced) && text.contains(['1', '!', '|']);
    for joined in [false, true] {
        if if joined { !split } else { !(leet || stretched || spaced) } {
            continue;
        }
        for one in ['i', 'l'] {
            if one == 'i' || ambiguous {
                readings.push(Disguised::read(text, &pieces, near, joined, one));
            }
        }
    }
    readings
}

fn is_symbol(c: char) -> bool {
    matches!(c, '@' | '$' | '!' | '|' | '€' | '£' | '¥')
}

/// Which letter a digit or symbol stands for.
fn unleet(c: char, one: char) -> char {
    match c {
        '0' => 'o',
        '1' | '!' | '|' => one,
        '3' | '€' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        '8' => 'b',
        '9' => 'g',
        '£' => 'l',
        '¥' => 'y',
        _ => c,
    }
}

fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::with_capacity(text.len() / 5 + 1);
    let mut start = None;
    let mut next = 0;
    while let Some(c) = char_at(text, next) {
        let at = next;
        let run = plain_run(text, at).len();
        next += run.max(c.len_utf8());
        let inside = run > 0 || is_symbol(c) || c == '\'' || (is_word(c) && !is_unspaced(c));
        match (inside, start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                pieces.extend(piece(text, from, at));
                start = None;
            }
            _ => {}
        }
    }
    if let Some(from) = start {
        pieces.extend(piece(text, from, text.len()));
    }
    pieces
}

/// At its ends a piece has no marks that end sentences or quote; without a letter or digit it is none.
fn piece(text: &str, start: usize, end: usize) -> Option<Piece> {
    effort::add(end - start);
    let whole = text.get(start..end)?;
    if whole.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return Some(letters(whole, start));
    }
    let begun = whole.trim_start_matches(['!', '|', '\'']);
    let trimmed = begun.trim_end_matches(['@', '!', '|', '\'']);
    let start = start + whole.len() - begun.len();
    let mut piece = Piece {
        start,
        end: start + trimmed.len(),
        chars: 0,
        letters: 0,
        digits: 0,
        symbols: 0,
        stretched: false,
    };
    let (mut last, mut run) = (' ', 0);
    let mut words = false;
    for c in trimmed.chars() {
        let c = c.to_ascii_lowercase();
        piece.chars += 1;
        words |= is_word(c);
        let letter = c.is_alphabetic();
        piece.letters += usize::from(letter);
        piece.digits += usize::from(c.is_ascii_digit() && unleet(c, 'i') != c);
        piece.symbols += usize::from(is_symbol(c));
        run = if letter && c == last { run + 1 } else { 1 };
        last = c;
        piece.stretched |= run >= usize::from(STRETCHED);
    }
    words.then_some(piece)
}

/// A piece of plain letters only, as most are.
fn letters(word: &str, start: usize) -> Piece {
    let same = |three: &[u8]| match three {
        [a, b, c] => a.eq_ignore_ascii_case(b) && b.eq_ignore_ascii_case(c),
        _ => false,
    };
    Piece {
        start,
        end: start + word.len(),
        chars: word.len(),
        letters: word.len(),
        digits: 0,
        symbols: 0,
        stretched: word.as_bytes().windows(usize::from(STRETCHED)).any(same),
    }
}

/// What is between a piece and the one before it.
fn gap<'a>(text: &'a str, pieces: &[Piece], index: usize) -> &'a str {
    effort::add(1);
    let end = index.checked_sub(1).and_then(|before| pieces.get(before)).map(|piece| piece.end);
    let start = pieces.get(index).map(|piece| piece.start);
    end.zip(start).and_then(|(end, start)| text.get(end..start)).unwrap_or("")
}

fn is_short(gap: &str) -> bool {
    !gap.is_empty() && gap.chars().nth(MAX_GAP).is_none()
}

fn is_split(gap: &str) -> bool {
    gap != " " && is_short(gap) && !gap.contains(char::is_whitespace)
}

/// How many pieces from here on are single letters with the same gap between them; 0 unless that is a word.
fn spaced_run(text: &str, pieces: &[Piece], index: usize) -> usize {
    let single = |index: usize| pieces.get(index).filter(|piece| piece.chars == 1);
    if single(index).is_none() || single(index + 1).is_none() {
        return 0;
    }
    let between = gap(text, pieces, index + 1);
    // Only where it begins: so that many letters are counted once.
    if !is_short(between) || (index > 0 && single(index - 1).is_some() && gap(text, pieces, index) == between)
    {
        return 0;
    }
    let mut count = 1;
    while single(index + count).is_some() && gap(text, pieces, index + count) == between {
        count += 1;
    }
    let word = pieces.get(index..index + count).unwrap_or_default();
    let letters = word.iter().filter(|piece| piece.letters > 0).count();
    let plain = word.iter().all(|piece| piece.digits + piece.symbols == 0);
    if count >= 3 && letters >= 2 && (plain || is_leet(word)) { count } else { 0 }
}

impl Disguised {
    fn read(text: &str, pieces: &[Piece], near: usize, joined: bool, one: char) -> Self {
        let mut reading = Self {
            words: Words::empty(text.len()),
            runs: Vec::with_capacity(text.len() + 2),
            marked: Vec::new(),
            last: None,
        };
        // Plain words behind the last disguised one are read, those before the next one are held until it comes.
        let (mut next, mut held, mut behind) = (0, 0, 0);
        // Where a row ends that is no word: so that it is looked through once.
        let mut no_word = 0;
        while let Some(first) = pieces.get(next) {
            let spaced = spaced_run(text, pieces, next);
            let (mut count, mut disguise) = (1, Disguise::None);
            if spaced > 0 {
                (count, disguise) = (spaced, Disguise::Spaced);
            } else if joined && next >= no_word {
                match chain(text, pieces, next) {
                    (chain, true) if chain > 1 => (count, disguise) = (chain, Disguise::Split),
                    (chain, _) => no_word = next + chain,
                }
            }
            let group = pieces.get(next..next + count).unwrap_or_default();
            let leet = is_leet(group);
            if disguise == Disguise::None {
                disguise = match first {
                    _ if leet => Disguise::Leet,
                    _ if first.stretched => Disguise::Stretched,
                    _ => Disguise::None,
                };
            }
            next += count;
            if disguise != Disguise::None {
                reading.held(text, pieces.get(held..next - count).unwrap_or_default(), near);
                let start = reading.words.text.len();
                let end = reading.word(text, group, leet.then_some(one));
                reading.marked.push((start, end, disguise));
                (held, behind) = (next, near);
            } else if behind > 0 {
                reading.word(text, group, None);
                (held, behind) = (next, behind - 1);
            }
        }
        reading.runs.resize(reading.words.text.len(), 1);
        reading
    }

    /// The last of some plain words; others before them are one word that is no term's.
    fn held(&mut self, text: &str, pieces: &[Piece], near: usize) {
        let (far, close) = pieces.split_at(pieces.len().saturating_sub(near));
        if let Some(last) = far.last() {
            self.letter(NO_WORD, last.start);
            self.words.end(last.end);
            self.last = None;
        }
        for piece in close {
            self.word(text, std::slice::from_ref(piece), None);
        }
    }

    /// Reads pieces as one word, and answers where it ends.
    fn word(&mut self, text: &str, pieces: &[Piece], one: Option<char>) -> usize {
        for piece in pieces {
            self.piece(text, piece, one);
        }
        let end = self.words.text.len();
        self.words.end(pieces.last().map_or(0, |piece| piece.end));
        self.last = None;
        end
    }

    fn piece(&mut self, text: &str, piece: &Piece, one: Option<char>) {
        let inside = text.get(piece.start..piece.end).unwrap_or_default();
        for (offset, c) in inside.char_indices() {
            let at = piece.start + offset;
            match one {
                _ if c == '\'' => {}
                Some(one) => self.letter(unleet(c, one), at),
                None if is_symbol(c) => {
                    self.words.end(at);
                    self.last = None;
                }
                None => self.letter(c, at),
            }
        }
    }

    fn letter(&mut self, c: char, at: usize) {
        if c.is_ascii() {
            self.small_letter(c.to_ascii_lowercase(), at);
        } else {
            small(c).for_each(|small| self.small_letter(small, at));
        }
    }

    fn small_letter(&mut self, c: char, at: usize) {
        effort::add(1);
        self.runs.resize(self.words.text.len(), 1);
        if self.last == Some(c) && c.is_alphabetic() {
            raise(&mut self.runs, c);
        } else {
            self.words.letter(c, at);
            self.runs.resize(self.words.text.len(), 1);
            self.last = Some(c);
        }
    }

    /// How often the letters of a part of the text stand there.
    pub fn runs(&self, start: usize, end: usize) -> &[u8] {
        self.runs.get(start..end).unwrap_or_default()
    }

    /// The words that were put together from several pieces, and where they begin.
    pub fn joined(&self) -> impl Iterator<Item = (usize, &str)> {
        let joined = self.marked.iter().filter(|(.., disguise)| *disguise >= Disguise::Split);
        joined.filter_map(|(from, to, _)| Some((*from, self.words.text.get(*from..*to)?)))
    }

    /// How a part of the text was disguised, and where the word begins and ends that was.
    pub fn disguise(&self, start: usize, end: usize) -> Option<(usize, usize, Disguise)> {
        let next = self.marked.partition_point(|(_, to, _)| *to <= start);
        self.marked.get(next).filter(|(from, ..)| *from < end).copied()
    }
}

/// How many pieces from here on have nothing but punctuation between them, and whether there is a letter in them.
fn chain(text: &str, pieces: &[Piece], index: usize) -> (usize, bool) {
    let mut count = 1;
    while index + count < pieces.len() && is_split(gap(text, pieces, index + count)) {
        count += 1;
    }
    (count, pieces.iter().skip(index).take(count).any(|piece| piece.letters > 0))
}

#[cfg(test)]
mod tests {
    use super::super::Lookalikes;
    use super::*;

    fn read(text: &str) -> Vec<String> {
        let clean = Clean::new(text, Lookalikes::Folded);
        readings(&clean, 12).into_iter().map(|reading| reading.words.text).collect()
    }

    #[test]
    fn ordinary_text_has_no_second_reading() {
        for text in [
            "Please book the room for 10:30, 24 people.",
            "Call 0000 111",
            "Don't wait! 'Tis fine; ok?",
            "5e11 3.14 12-34 0x1000",
            "a b",
            "1 2 3 4",
            "look at this!",
            "内幕交易",
        ] {
            assert_eq!(read(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn disguises_are_undone() {
        for (text, wanted) in [
            ("s3ll it", " sel it "),
            ("1ns1d3r", " insider "),
            ("ki11", " kil "),
            ("p@$$w0rd", " pasword "),
            ("@$$et", " aset "),
            ("b u y now", " buy now "),
            ("b.u.y", " buy "),
            ("b  u  y   n", " buy n "),
            ("8 u y", " buy "),
            ("in.si-der", " insider "),
            ("1n.s1d3r", " insider "),
            ("in🙂sider", " insider "),
            ("buuuuy", " buy "),
            ("b u y\u{301} n", " buyn "),
        ] {
            assert!(read(text).iter().any(|reading| reading == wanted), "{text}: {:?}", read(text));
        }
    }

    #[test]
    fn plain_words_are_read_only_beside_disguised_ones() {
        let near = |text: &str, most_words| {
            let clean = Clean::new(text, Lookalikes::Folded);
            let readings = readings(&clean, most_words);
            readings.into_iter().map(|reading| reading.words.text.replace(NO_WORD, "-")).collect::<Vec<_>>()
        };
        assert_eq!(near("we go far s3nd it or go m0re", 2), [" - far send it - go more "]);
        assert_eq!(near("we s3nd it or m0re and on", 3), [" we send it or more and on "]);
        assert_eq!(near("we s3nd it or go and m0re", 1), [" - send - more "]);
        assert_eq!(near("we s3nd it", 0), Vec::<String>::new());
    }

    #[test]
    fn repeated_letters_are_counted() {
        let (text, runs) = squeeze(" all ée ");
        assert_eq!((text.as_str(), runs), (" al ée ", vec![1, 1, 2, 1, 1, 1, 1, 1]));
        assert!(same_runs(&[1, 3, 7], &[1, 1, 2]));
        assert!(!same_runs(&[1, 1], &[1, 2]) && !same_runs(&[2], &[1]));
    }

    #[test]
    fn readings_lead_back_to_the_text() {
        let text = "ok: ⓑ u ÿ now";
        let clean = Clean::new(text, Lookalikes::Folded);
        let readings = readings(&clean, 12);
        let words = &readings[0].words;
        assert_eq!(words.text, " ok buy now ");
        assert_eq!(&text[clean.original(words.clean(4..7))], "ⓑ u ÿ");
        assert_eq!(readings[0].disguise(4, 7), Some((4, 7, Disguise::Spaced)));
        assert_eq!(readings[0].disguise(8, 11), None);
    }
}
