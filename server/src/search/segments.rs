//! One commit of the index, open for searching: the segments with their vocabularies and columns in memory.

use std::io;
use std::sync::Arc;

use chancery_protocol::Micros;
use tantivy::columnar::ColumnValues;
use tantivy::index::{InvertedIndexReader, SegmentId, SegmentReader};
use tantivy::postings::{Postings as _, SegmentPostings, TermInfo};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::termdict::TermOrdinal;
use tantivy::{DocSet as _, Searcher, TERMINATED, TantivyError, Term};

use super::bits::{BLOCK, Bits};
use super::plan::Step;
use super::schema::Fields;
use super::vocabulary::Vocabulary;

/// A text field of a segment.
pub(super) struct Words {
    pub index: Arc<InvertedIndexReader>,
    pub vocabulary: Vocabulary,
}

/// What stays the same as long as the segment lives.
pub(super) struct Kept {
    id: SegmentId,
    pub now: Words,
    pub old: Words,
    pub conversation: Arc<InvertedIndexReader>,
    /// In which conversation each document was said: its place in the dictionary of conversations.
    pub rooms: Vec<u32>,
    /// When the first and the last of each block of documents were said.
    pub times: Vec<(Micros, Micros)>,
    pub author: Arc<InvertedIndexReader>,
    pub position: Arc<dyn ColumnValues<u64>>,
    pub seq: Arc<dyn ColumnValues<u64>>,
    pub at: Arc<dyn ColumnValues<i64>>,
    pub flags: Arc<dyn ColumnValues<u64>>,
    memory: Memory,
}

/// A segment, and which of its documents are in force.
pub(super) struct Segment {
    pub kept: Arc<Kept>,
    pub reader: SegmentReader,
}

/// What an open index has in memory, in bytes.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Memory {
    /// The words, for finding parts of them.
    pub vocabularies: u64,
    /// tantivy's dictionaries, from which they were read.
    pub dictionaries: u64,
    /// Columns.
    pub columns: u64,
}

/// Everything that is searched.
pub(super) struct Snapshot {
    pub segments: Vec<Segment>,
    pub fields: Fields,
    /// Everything up to here is in it.
    pub position: u64,
}

impl Words {
    fn open(reader: &SegmentReader, field: Field) -> Result<Self, TantivyError> {
        let index = reader.inverted_index(field)?;
        let vocabulary = Vocabulary::read(&index)?;
        Ok(Self { index, vocabulary })
    }

    fn info(&self, word: TermOrdinal) -> io::Result<TermInfo> {
        let found = self.index.terms().get(self.vocabulary.word(word))?;
        found.ok_or_else(|| io::Error::other("a word of the vocabulary is in no dictionary"))
    }

    fn postings(&self, word: TermOrdinal, option: IndexRecordOption) -> io::Result<SegmentPostings> {
        self.index.read_postings_from_terminfo(&self.info(word)?, option)
    }

    /// The documents that have any of these words.
    fn having(&self, words: &[TermOrdinal], documents: u32) -> io::Result<Bits> {
        let mut found = Bits::none(documents);
        for word in words {
            let info = self.info(*word)?;
            let mut list = self.index.read_block_postings_from_terminfo(&info, IndexRecordOption::Basic)?;
            while !list.docs().is_empty() {
                list.docs().iter().for_each(|doc| found.insert(*doc));
                list.advance();
            }
        }
        Ok(found)
    }

    /// The documents in which the steps follow each other.
    pub fn following(&self, steps: &[Step], documents: u32) -> io::Result<Bits> {
        let mut words = Vec::with_capacity(steps.len());
        let mut candidates: Option<Bits> = None;
        for step in steps {
            let found = self.vocabulary.find(step);
            if found.is_empty() {
                return Ok(Bits::none(documents));
            }
            let having = self.having(&found, documents)?;
            match &mut candidates {
                Some(candidates) => candidates.intersect(&having),
                None => candidates = Some(having),
            }
            words.push(found);
        }
        let mut candidates = candidates.unwrap_or_else(|| Bits::none(documents));
        if steps.len() > 1 && !candidates.is_empty() {
            let mut places = Vec::with_capacity(steps.len());
            for (words, step) in words.iter().zip(steps) {
                places.push(self.places(words, step.offset)?);
            }
            let in_order: Vec<u32> = candidates.iter().filter(|doc| follow(&mut places, *doc)).collect();
            candidates = Bits::none(documents);
            in_order.into_iter().for_each(|doc| candidates.insert(doc));
        }
        Ok(candidates)
    }

    fn places(&self, words: &[TermOrdinal], offset: u32) -> io::Result<Places> {
        let postings = words
            .iter()
            .map(|word| self.postings(*word, IndexRecordOption::WithFreqsAndPositions))
            .collect::<io::Result<Vec<_>>>()?;
        Ok(Places { postings, offset, here: Vec::new(), one: Vec::new() })
    }
}

/// Where the words of a step stand, document by document.
struct Places {
    postings: Vec<SegmentPostings>,
    offset: u32,
    here: Vec<u32>,
    one: Vec<u32>,
}

impl Places {
    /// Where the steps would have to begin for this one to fit; ascending. Documents are asked for in order.
    fn begins(&mut self, doc: u32) -> &[u32] {
        self.here.clear();
        for postings in &mut self.postings {
            if postings.doc() < doc {
                postings.seek(doc);
            }
            if postings.doc() == doc {
                postings.positions(&mut self.one);
                let offset = self.offset;
                self.here.extend(self.one.iter().filter_map(|place| place.checked_sub(offset)));
            }
        }
        self.here.sort_unstable();
        &self.here
    }
}

/// Whether the steps follow each other somewhere in a document.
fn follow(places: &mut [Places], doc: u32) -> bool {
    let Some((first, others)) = places.split_first_mut() else { return false };
    let mut begins = first.begins(doc).to_vec();
    for other in others {
        let fits = other.begins(doc);
        begins.retain(|place| fits.binary_search(place).is_ok());
        if begins.is_empty() {
            return false;
        }
    }
    true
}

/// Hands those of a list to `each` that are wanted. Where few are, most of the list is skipped unread.
fn among(mut postings: SegmentPostings, wanted: &Bits, mut each: impl FnMut(u32)) {
    let mut doc = postings.doc();
    while doc != TERMINATED {
        doc = match wanted.next(doc) {
            Some(next) if next == doc => {
                each(doc);
                postings.advance()
            }
            Some(next) => postings.seek(next),
            None => return,
        };
    }
}

impl Kept {
    fn open(reader: &SegmentReader, fields: Fields) -> Result<Self, TantivyError> {
        let columns = reader.fast_fields();
        let (now, old) = (Words::open(reader, fields.now)?, Words::open(reader, fields.old)?);
        // Measured now: tantivy opens files for it, and those of a segment that is merged later are gone. One that is
        // merged already counts without them; it is about to go.
        let usage = reader.space_usage().ok();
        let memory = Memory {
            vocabularies: (now.vocabulary.bytes() + old.vocabulary.bytes()) as u64,
            dictionaries: usage.as_ref().map_or(0, |usage| usage.termdict().total().get_bytes()),
            columns: usage.as_ref().map_or(0, |usage| usage.fast_fields().total().get_bytes())
                + u64::from(reader.max_doc()) * size_of::<u32>() as u64,
        };
        let conversation = reader.inverted_index(fields.conversation)?;
        let at = columns.i64("at")?.first_or_default_col(0);
        let (rooms, times) = (rooms(&conversation, reader.max_doc())?, times(&*at, reader.max_doc()));
        Ok(Self {
            id: reader.segment_id(),
            now,
            old,
            conversation,
            rooms,
            times,
            author: reader.inverted_index(fields.author)?,
            position: columns.u64("position")?.first_or_default_col(0),
            seq: columns.u64("seq")?.first_or_default_col(0),
            at,
            flags: columns.u64("flags")?.first_or_default_col(0),
            memory,
        })
    }
}

fn rooms(conversations: &InvertedIndexReader, documents: u32) -> io::Result<Vec<u32>> {
    let mut rooms = vec![0; documents as usize];
    let mut terms = conversations.terms().stream()?;
    let mut room = 0;
    while terms.advance() {
        let mut list =
            conversations.read_block_postings_from_terminfo(terms.value(), IndexRecordOption::Basic)?;
        while !list.docs().is_empty() {
            for doc in list.docs() {
                if let Some(of) = rooms.get_mut(*doc as usize) {
                    *of = room;
                }
            }
            list.advance();
        }
        room += 1;
    }
    Ok(rooms)
}

fn times(at: &dyn ColumnValues<i64>, documents: u32) -> Vec<(Micros, Micros)> {
    let mut times = vec![(Micros::MAX, Micros::MIN); documents.div_ceil(BLOCK) as usize];
    for doc in 0..documents {
        if let Some((first, last)) = times.get_mut((doc / BLOCK) as usize) {
            let at = at.get_val(doc);
            (*first, *last) = ((*first).min(at), (*last).max(at));
        }
    }
    times
}

impl Segment {
    pub fn documents(&self) -> u32 {
        self.reader.max_doc()
    }
}

/// Hands those of the wanted documents to `each` that have this id in a field.
pub(super) fn with_id(
    index: &InvertedIndexReader,
    field: Field,
    id: [u8; 16],
    wanted: &Bits,
    each: impl FnMut(u32),
) -> io::Result<()> {
    if let Some(postings) =
        index.read_postings(&Term::from_field_bytes(field, &id), IndexRecordOption::Basic)?
    {
        among(postings, wanted, each);
    }
    Ok(())
}

impl Snapshot {
    /// Opens the segments; those `before` has too are not read again.
    pub fn open(
        searcher: &Searcher,
        fields: Fields,
        position: u64,
        before: Option<&Self>,
    ) -> Result<Self, TantivyError> {
        let mut segments = Vec::new();
        for reader in searcher.segment_readers() {
            let known = before.and_then(|before| {
                before.segments.iter().find(|segment| segment.kept.id == reader.segment_id())
            });
            let kept = match known {
                Some(segment) => Arc::clone(&segment.kept),
                None => Arc::new(Kept::open(reader, fields)?),
            };
            segments.push(Segment { kept, reader: reader.clone() });
        }
        Ok(Self { segments, fields, position })
    }

    /// Ascending.
    pub fn segment_ids(&self) -> Vec<SegmentId> {
        let mut ids: Vec<SegmentId> = self.segments.iter().map(|segment| segment.kept.id).collect();
        ids.sort_unstable();
        ids
    }

    /// Messages in it.
    pub fn messages(&self) -> u64 {
        self.segments.iter().map(|segment| u64::from(segment.reader.num_docs())).sum()
    }

    /// Bytes that are in memory as long as it is open.
    pub fn memory(&self) -> Memory {
        let mut memory = Memory::default();
        for Memory { vocabularies, dictionaries, columns } in self.segments.iter().map(|one| one.kept.memory)
        {
            memory.vocabularies += vocabularies;
            memory.dictionaries += dictionaries;
            memory.columns += columns;
        }
        memory
    }
}
