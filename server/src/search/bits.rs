//! A set of documents of one segment.

/// Documents of a block.
pub(super) const BLOCK: u32 = 64;

/// One bit for each document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Bits {
    words: Vec<u64>,
    len: u32,
}

impl Bits {
    /// Nothing, of `len` documents.
    pub fn none(len: u32) -> Self {
        Self { words: vec![0; len.div_ceil(64) as usize], len }
    }

    /// All `len` documents.
    pub fn all(len: u32) -> Self {
        let mut bits = Self { words: vec![u64::MAX; len.div_ceil(64) as usize], len };
        bits.trim();
        bits
    }

    fn trim(&mut self) {
        let rest = self.len % 64;
        if let Some(last) = self.words.last_mut().filter(|_| rest > 0) {
            *last &= (1 << rest) - 1;
        }
    }

    pub fn insert(&mut self, doc: u32) {
        if let Some(word) = self.words.get_mut(doc as usize / 64) {
            *word |= 1 << (doc % 64);
        }
    }

    /// The first one from this document on.
    pub fn next(&self, from: u32) -> Option<u32> {
        let at = from as usize / 64;
        let here = self.words.get(at)? & (u64::MAX << (from % 64));
        let rest = || self.words.iter().copied().enumerate().skip(at + 1);
        let (at, word) = if here != 0 { (at, here) } else { rest().find(|(_, word)| *word != 0)? };
        Some(at as u32 * 64 + word.trailing_zeros())
    }

    pub fn intersect(&mut self, other: &Self) {
        self.words.iter_mut().zip(&other.words).for_each(|(one, other)| *one &= other);
    }

    pub fn unite(&mut self, other: &Self) {
        self.words.iter_mut().zip(&other.words).for_each(|(one, other)| *one |= other);
    }

    pub fn invert(&mut self) {
        self.words.iter_mut().for_each(|word| *word = !*word);
        self.trim();
    }

    /// Keeps what `keep` says.
    pub fn retain(&mut self, keep: impl Fn(u32) -> bool) {
        for (at, word) in self.words.iter_mut().enumerate() {
            let mut rest = *word;
            while rest != 0 {
                let bit = rest.trailing_zeros();
                rest &= rest - 1;
                if !keep(at as u32 * 64 + bit) {
                    *word &= !(1 << bit);
                }
            }
        }
    }

    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }

    pub fn count(&self) -> u64 {
        self.words.iter().map(|word| u64::from(word.count_ones())).sum()
    }

    /// Those of each 64 documents of which there are any, from either end: which 64, and a bit for each.
    pub fn blocks(&self) -> impl DoubleEndedIterator<Item = (usize, u64)> + '_ {
        self.words.iter().copied().enumerate().filter(|(_, word)| *word != 0)
    }

    /// The documents, ascending.
    pub fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        self.words.iter().enumerate().flat_map(|(at, word)| of_block(at, *word))
    }
}

/// The documents of a block, ascending.
pub(super) fn of_block(at: usize, mut rest: u64) -> impl Iterator<Item = u32> {
    std::iter::from_fn(move || {
        let bit = (rest != 0).then(|| rest.trailing_zeros())?;
        rest &= rest - 1;
        Some(at as u32 * 64 + bit)
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn bits(len: u32, of: &BTreeSet<u32>) -> Bits {
        let mut bits = Bits::none(len);
        of.iter().for_each(|doc| bits.insert(*doc));
        bits
    }

    proptest! {
        #[test]
        fn they_are_a_set(
            len in 1..300_u32,
            one in proptest::collection::btree_set(0..300_u32, 0..60),
            other in proptest::collection::btree_set(0..300_u32, 0..60),
        ) {
            let cut = |set: BTreeSet<u32>| set.into_iter().filter(|doc| *doc < len).collect::<BTreeSet<_>>();
            let (one, other) = (cut(one), cut(other));
            let (a, b) = (bits(len, &one), bits(len, &other));
            let docs = |bits: &Bits| bits.iter().collect::<BTreeSet<u32>>();
            prop_assert_eq!(docs(&a), one.clone());
            prop_assert_eq!(a.count(), one.len() as u64);
            prop_assert_eq!(a.is_empty(), one.is_empty());
            prop_assert!((0..=len).all(|doc| a.next(doc) == one.range(doc..).next().copied()));
            let mut both = a.clone();
            both.intersect(&b);
            prop_assert_eq!(docs(&both), &one & &other);
            let mut any = a.clone();
            any.unite(&b);
            prop_assert_eq!(docs(&any), &one | &other);
            let mut rest = a.clone();
            rest.invert();
            prop_assert_eq!(docs(&rest), &docs(&Bits::all(len)) - &one);
            let mut odd = a;
            odd.retain(|doc| doc % 2 == 1);
            prop_assert_eq!(docs(&odd), one.into_iter().filter(|doc| doc % 2 == 1).collect::<BTreeSet<_>>());
        }
    }
}
