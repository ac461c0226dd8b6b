//! One index on the disk: made, opened, written to, and opened for searching.
//!
//! How far it follows the journal rides in the payload of its newest commit, so that documents and cursor are never
//! apart. What must stay true: a payload of another archive, another schema, or beside another journal is noticed.

use std::path::Path;
use std::sync::Arc;

use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use tantivy::indexer::{IndexWriterOptions, LogMergePolicy};
use tantivy::schema::TantivyDocument;
use tantivy::store::Compressor;
use tantivy::{Index, IndexReader, IndexSettings, IndexWriter, ReloadPolicy, TantivyError};

use super::directory::{Blocks, IndexKey, Sealed};
use super::schema::{self, Cut, Entry, Fields, TOKENIZER};
use super::segments::Snapshot;
use crate::ground::random::Random;

/// Memory in which documents are gathered before they become a segment.
const WRITER_BYTES: usize = 32 * 1024 * 1024;
/// Share of documents of a segment that may be out of date before it is written anew.
const STALE: f32 = 0.3;

/// Which archive this is, how its files are sealed, and where blocks are kept.
#[derive(Clone)]
pub(super) struct Setting {
    pub archive: [u8; 16],
    pub key: IndexKey,
    pub random: Random,
    pub blocks: Arc<Blocks>,
}

/// How far an index follows the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Cursor {
    /// Everything up to here is in it.
    pub position: u64,
    /// The record at that position: a journal with another one is another journal.
    pub record: [u8; 16],
}

#[derive(Serialize, Deserialize)]
struct Payload {
    archive: String,
    schema: u32,
    position: u64,
    record: String,
}

/// Why an index cannot be used and is to be made anew.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unfit {
    #[error("there is none")]
    Missing,
    #[error("it was made by another version of the program")]
    OtherSchema,
    #[error("it belongs to another archive")]
    OtherArchive,
    #[error("{0}")]
    Damaged(String),
}

impl From<TantivyError> for Unfit {
    fn from(error: TantivyError) -> Self {
        Self::Damaged(error.to_string())
    }
}

impl From<std::io::Error> for Unfit {
    fn from(error: std::io::Error) -> Self {
        Self::Damaged(error.to_string())
    }
}

/// Nothing is stored, so there is nothing to compress.
pub(super) fn settings() -> IndexSettings {
    IndexSettings { docstore_compression: Compressor::None, ..IndexSettings::default() }
}

/// The one writer of an index: its tokenizer, its memory, its merges.
pub(super) fn writer(index: &mut Index) -> Result<IndexWriter<TantivyDocument>, TantivyError> {
    index.tokenizers().register(TOKENIZER, Cut);
    index.set_executor(tantivy::Executor::single_thread());
    let options = IndexWriterOptions::builder()
        .num_worker_threads(1)
        .memory_budget_per_thread(WRITER_BYTES)
        .num_merge_threads(1)
        .build();
    let writer = index.writer_with_options(options)?;
    let mut merging = LogMergePolicy::default();
    merging.set_del_docs_ratio_before_merge(STALE);
    writer.set_merge_policy(Box::new(merging));
    Ok(writer)
}

/// An index with its one writer.
pub(super) struct Written {
    pub sealed: Sealed,
    pub fields: Fields,
    /// What the newest commit says.
    pub cursor: Cursor,
    archive: [u8; 16],
    index: Index,
    writer: IndexWriter<TantivyDocument>,
    reader: IndexReader,
}

impl Written {
    /// A new, empty one in a folder that has none.
    pub fn create(folder: &Path, setting: &Setting) -> Result<Self, Unfit> {
        let sealed =
            Sealed::open(folder, setting.key.clone(), setting.random.clone(), Arc::clone(&setting.blocks))?;
        let (schema, fields) = schema::schema();
        let index = Index::create(sealed.clone(), schema, settings())?;
        let mut written = Self::over(index, sealed, fields, setting.archive)?;
        written.commit(Cursor::default())?;
        Ok(written)
    }

    /// The one that is in the folder.
    pub fn open(folder: &Path, setting: &Setting) -> Result<Self, Unfit> {
        if !folder.is_dir() {
            return Err(Unfit::Missing);
        }
        let sealed =
            Sealed::open(folder, setting.key.clone(), setting.random.clone(), Arc::clone(&setting.blocks))?;
        if !Index::exists(&sealed).map_err(|error| Unfit::Damaged(error.to_string()))? {
            return Err(Unfit::Missing);
        }
        let index = Index::open(sealed.clone())?;
        let (schema, fields) = schema::schema();
        let payload = index.load_metas()?.payload.unwrap_or_default();
        let payload: Payload = serde_json::from_str(&payload).map_err(|_| Unfit::OtherSchema)?;
        if payload.schema != schema::VERSION || index.schema() != schema {
            return Err(Unfit::OtherSchema);
        }
        if payload.archive != HEXLOWER.encode(&setting.archive) {
            return Err(Unfit::OtherArchive);
        }
        let mut written = Self::over(index, sealed, fields, setting.archive)?;
        let record = HEXLOWER.decode(payload.record.as_bytes()).unwrap_or_default();
        written.cursor =
            Cursor { position: payload.position, record: record.try_into().map_err(|_| Unfit::OtherSchema)? };
        // A process that was killed leaves files that belong to no commit, perhaps half written.
        written.writer.garbage_collect_files().wait()?;
        Ok(written)
    }

    fn over(mut index: Index, sealed: Sealed, fields: Fields, archive: [u8; 16]) -> Result<Self, Unfit> {
        let writer = writer(&mut index)?;
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        Ok(Self { sealed, fields, cursor: Cursor::default(), archive, index, writer, reader })
    }

    /// Puts a message's document in the place of the one it had.
    pub fn put(&self, entry: &Entry) -> Result<(), TantivyError> {
        self.writer.delete_term(schema::term(&self.fields, entry.position));
        self.writer.add_document(entry.document(&self.fields)).map(drop)
    }

    /// Everything put so far is on the disk when this returns, with the cursor.
    pub fn commit(&mut self, cursor: Cursor) -> Result<(), TantivyError> {
        let payload = Payload {
            archive: HEXLOWER.encode(&self.archive),
            schema: schema::VERSION,
            position: cursor.position,
            record: HEXLOWER.encode(&cursor.record),
        };
        let payload = serde_json::to_string(&payload)
            .map_err(|error| TantivyError::InternalError(format!("a payload is no JSON: {error}")))?;
        let mut prepared = self.writer.prepare_commit()?;
        prepared.set_payload(&payload);
        prepared.commit()?;
        self.cursor = cursor;
        Ok(())
    }

    /// The newest commit as it is searched; what `before` has opened already is used again.
    pub fn snapshot(&self, before: Option<&Snapshot>) -> Result<Snapshot, TantivyError> {
        self.reader.reload()?;
        Snapshot::open(&self.reader.searcher(), self.fields, self.cursor.position, before)
    }

    /// Whether merging has left other segments than those of a snapshot.
    pub fn has_changed(&self, snapshot: &Snapshot) -> Result<bool, TantivyError> {
        let mut now = self.index.searchable_segment_ids()?;
        now.sort_unstable();
        Ok(now != snapshot.segment_ids())
    }

    /// Ends the writer and the merges under way.
    pub fn close(self) -> Result<(), TantivyError> {
        self.writer.wait_merging_threads()
    }
}
