//! Whether the index says what the journal says, to the last position of the last word.
//!
//! Both are brought to the same form: for every message a sum over everything that is indexed of it. The index is
//! asked for its dictionaries, lists and positions, the journal for its texts, so that the two ways have nothing in
//! common but the tokenizer.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;

use chancery_protocol::ids::Id;
use tantivy::index::InvertedIndexReader;
use tantivy::postings::Postings as _;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet as _, TERMINATED, TantivyError};

use super::schema::Entry;
use super::segments::{Segment, Snapshot};
use super::tokens;

/// For every message, by its position: the sum of its hashes.
pub(super) type Sums = HashMap<u64, u64>;

/// What is indexed, for the hash.
#[derive(Hash)]
enum Fact<'a> {
    Word { old: bool, word: &'a [u8], place: u32 },
    Conversation(&'a [u8]),
    Author(&'a [u8]),
    Columns { seq: u64, at: i64, flags: u64 },
}

fn hash(fact: &Fact<'_>) -> u64 {
    let mut hasher = DefaultHasher::new();
    fact.hash(&mut hasher);
    hasher.finish()
}

/// What the journal says of a message.
pub(super) fn expected(entry: &Entry, sums: &mut Sums) {
    let mut sum = hash(&Fact::Columns { seq: entry.seq, at: entry.at, flags: entry.flags });
    for (old, text) in [(false, &entry.now), (true, &entry.old)] {
        tokens::tokens(text, |token| {
            let fact = Fact::Word { old, word: token.text.as_bytes(), place: token.position };
            sum = sum.wrapping_add(hash(&fact));
        });
    }
    sum = sum.wrapping_add(hash(&Fact::Conversation(&entry.conversation.bytes())));
    sum = sum.wrapping_add(hash(&Fact::Author(&entry.author.bytes())));
    sums.insert(entry.position, sum);
}

/// What the index says. A message that has two documents has a sum that nothing expects.
pub(super) fn indexed(snapshot: &Snapshot) -> Result<Sums, TantivyError> {
    let mut sums = Sums::new();
    for segment in &snapshot.segments {
        let mut of: Vec<u64> = Vec::with_capacity(segment.documents() as usize);
        for doc in 0..segment.documents() {
            let kept = &segment.kept;
            let (seq, at, flags) = (kept.seq.get_val(doc), kept.at.get_val(doc), kept.flags.get_val(doc));
            of.push(hash(&Fact::Columns { seq, at, flags }));
        }
        words(segment, &mut of)?;
        let fields = snapshot.fields;
        for (field, fact) in [
            (fields.conversation, (|id| Fact::Conversation(id)) as for<'a> fn(&'a [u8]) -> Fact<'a>),
            (fields.author, |id| Fact::Author(id)),
        ] {
            let index = segment.reader.inverted_index(field)?;
            each(&index, IndexRecordOption::Basic, |id, doc, _| add(&mut of, doc, hash(&fact(id))))?;
        }
        for doc in segment.reader.doc_ids_alive() {
            let sum = of.get(doc as usize).copied().unwrap_or_default();
            let entry = sums.entry(segment.kept.position.get_val(doc)).or_default();
            *entry = entry.wrapping_add(sum);
        }
    }
    Ok(sums)
}

fn words(segment: &Segment, of: &mut [u64]) -> io::Result<()> {
    for (old, words) in [(false, &segment.kept.now), (true, &segment.kept.old)] {
        each(&words.index, IndexRecordOption::WithFreqsAndPositions, |word, doc, places| {
            for place in places {
                add(of, doc, hash(&Fact::Word { old, word, place: *place }));
            }
        })?;
    }
    Ok(())
}

fn add(of: &mut [u64], doc: u32, hash: u64) {
    if let Some(sum) = of.get_mut(doc as usize) {
        *sum = sum.wrapping_add(hash);
    }
}

/// Every word with every document that has it.
fn each(
    index: &InvertedIndexReader,
    option: IndexRecordOption,
    mut found: impl FnMut(&[u8], u32, &[u32]),
) -> io::Result<()> {
    let mut places = Vec::new();
    let mut terms = index.terms().stream()?;
    while terms.advance() {
        let mut postings = index.read_postings_from_terminfo(terms.value(), option)?;
        let mut doc = postings.doc();
        while doc != TERMINATED {
            if option.has_positions() {
                postings.positions(&mut places);
            }
            found(terms.key(), doc, &places);
            doc = postings.advance();
        }
    }
    Ok(())
}

/// Positions of messages that the two do not agree on, ascending.
pub(super) fn differing(expected: &Sums, indexed: &Sums) -> Vec<u64> {
    let mut differing: Vec<u64> = expected
        .iter()
        .filter(|(position, sum)| indexed.get(position) != Some(sum))
        .map(|(position, _)| *position)
        .chain(indexed.keys().filter(|position| !expected.contains_key(position)).copied())
        .collect();
    differing.sort_unstable();
    differing
}
