//! Which rows of a timeline stand on the page: those around the row the reader looks at, or the last ones.
//!
//! Only these have elements. The span follows its anchor, a row, so that rows that come or go above do not move it.

use crate::logic::timeline::Key;

/// Rows kept above the reader's first.
pub const ABOVE: usize = 24;

/// With fewer than this many rows above or below what is seen, the span moves on.
pub const EDGE: usize = 14;

/// A row is hardly lower than this, in pixels.
const LOWEST_ROW: usize = 24;

/// Rows kept from the reader's first downwards, for a view of this height in pixels.
pub fn below(height: usize) -> usize {
    height / LOWEST_ROW + ABOVE
}

/// The rows of a timeline and which of them are shown.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Span {
    /// All that are loaded.
    pub all: Vec<Key>,
    /// The first shown.
    pub first: usize,
    /// Behind the last shown.
    pub last: usize,
}

impl Span {
    /// The rows around `anchor`, or the last ones. When the anchor has left, `before` says what stood near it.
    pub fn of(all: Vec<Key>, before: Option<&Self>, anchor: Option<Key>, below: usize) -> Self {
        let count = all.len();
        let at = anchor.and_then(|anchor| place(&all, before, anchor));
        let (first, last) = match at {
            Some(at) => (at.saturating_sub(ABOVE), (at + below).min(count)),
            None => (count.saturating_sub(below), count),
        };
        Self { all, first, last }
    }

    /// The rows shown.
    pub fn shown(&self) -> &[Key] {
        self.all.get(self.first..self.last).unwrap_or_default()
    }

    /// The row that stands `at` rows below the first shown.
    pub fn key(&self, at: usize) -> Option<Key> {
        self.shown().get(at).copied()
    }

    /// Whether the span must move so that the reader, whose first row is the one at `at`, does not come to its end. `seen` rows
    /// are in view.
    pub fn must_move(&self, at: usize, seen: usize) -> bool {
        let above = at < EDGE && self.first > 0;
        let under = self.last - self.first < at + seen + EDGE && self.last < self.all.len();
        above || under
    }
}

fn place(all: &[Key], before: Option<&Span>, anchor: Key) -> Option<usize> {
    let find = |key: &Key| all.iter().position(|one| one == key);
    find(&anchor).or_else(|| {
        let before = &before?.all;
        let at = before.iter().position(|one| *one == anchor)?;
        before.iter().skip(at + 1).find_map(find).or_else(|| before.iter().take(at).rev().find_map(find))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(range: std::ops::Range<u64>) -> Vec<Key> {
        range.map(Key::Note).collect()
    }

    #[test]
    fn without_an_anchor_the_last_rows_are_shown() {
        let span = Span::of(keys(0..500), None, None, 60);
        assert_eq!((span.first, span.last), (440, 500));
        assert_eq!(Span::of(keys(0..3), None, None, 60).shown().len(), 3);
    }

    #[test]
    fn rows_that_come_above_do_not_move_it() {
        let anchor = Some(Key::Note(200));
        let before = Span::of(keys(100..500), None, anchor, 60);
        let after = Span::of(keys(0..500), Some(&before), anchor, 60);
        assert_eq!(before.shown(), after.shown());
        assert_eq!(after.shown().len(), ABOVE + 60);
    }

    #[test]
    fn a_row_that_leaves_hands_over_to_its_neighbour() {
        let before = Span::of(keys(0..100), None, Some(Key::Note(50)), 10);
        let without: Vec<Key> = keys(0..100).into_iter().filter(|key| *key != Key::Note(50)).collect();
        let after = Span::of(without, Some(&before), Some(Key::Note(50)), 10);
        assert_eq!(after.key(ABOVE), Some(Key::Note(51)));
        let end = Span::of(keys(0..50), Some(&before), Some(Key::Note(50)), 10);
        assert_eq!(end.last, 50);
    }

    #[test]
    fn it_moves_before_the_reader_comes_to_its_end() {
        let span = Span::of(keys(0..500), None, Some(Key::Note(200)), 60);
        assert!(!span.must_move(ABOVE, 20));
        assert!(span.must_move(EDGE - 1, 20), "near the upper end");
        assert!(span.must_move(50, 21), "near the lower end");
        let whole = Span::of(keys(0..30), None, None, 60);
        assert!(!whole.must_move(0, 30), "there is nothing more");
    }
}
