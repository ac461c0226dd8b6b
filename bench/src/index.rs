//! *index*: the index alone, without a server: encrypted files against plain ones, and Chancery's way of evaluating
//! queries against tantivy's. All have the same schema, tokenizer, writer and texts.
//!
//! Cold is an index that was just opened, with none of its files in the system's memory: they are told to be dropped,
//! and `fincore` must agree that they were. A virtual machine's host may still have them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};
use chancery_protocol::ids::{ConversationId, PersonId};
use chancery_server::ground::random::Random;
use chancery_server::search::directory::{Blocks, IndexKey, Sealed};
use chancery_server::search::yardstick::{Asked, Filling, Found, Message};
use chancery_tests::base::new_folder;
use hdrhistogram::Histogram;
use tantivy::directory::MmapDirectory;
use uuid::Uuid;

use crate::figures::{Figure, Spread, figure};
use crate::scenario::{CONVERSATIONS, Sizes};
use crate::system::Kind;
use crate::words::{Query, Words};

/// Hits of a page.
const PAGE: usize = 20;
/// Plain blocks in memory, as the server has it.
const CACHE_BYTES: usize = 32 * 1024 * 1024;
/// People who write.
const PEOPLE: u64 = 40;

/// An index on the disk.
pub struct Index {
    kind: Kind,
    folder: PathBuf,
    key: IndexKey,
    queries: Vec<Query>,
    seconds: f64,
}

impl Index {
    /// None yet.
    pub fn make(kind: Kind) -> Self {
        let key = IndexKey::new(chancery_tests::seed::random_bytes());
        Self { kind, folder: new_folder("index"), key, queries: Vec::new(), seconds: 0.0 }
    }

    fn sealed(&self) -> Result<Sealed> {
        Ok(Sealed::open(&self.folder, self.key.clone(), Random::System, Blocks::new(CACHE_BYTES))?)
    }

    /// Indexes the messages, once.
    ///
    /// # Errors
    /// When the index cannot be written.
    pub fn prepare(&mut self, sizes: &Sizes) -> Result<()> {
        let words = Words::new();
        self.queries = words.queries();
        let filling = match self.kind {
            Kind::IndexSealed => Filling::create(self.sealed()?)?,
            _ => Filling::create(MmapDirectory::open(&self.folder)?)?,
        };
        // Texts are made beforehand, some at a time, and not counted.
        let (mut texts, mut seconds) = (Vec::new(), 0.0);
        let messages = sizes.search();
        for first in (0..messages).step_by(10_000) {
            texts.extend((first..messages.min(first + 10_000)).map(|number| message(&words, number)));
            let begin = Instant::now();
            texts.drain(..).try_for_each(|message| filling.put(message))?;
            seconds += begin.elapsed().as_secs_f64();
        }
        let begin = Instant::now();
        filling.finish()?;
        self.seconds = seconds + begin.elapsed().as_secs_f64();
        Ok(())
    }

    fn open(&self) -> Result<Asked> {
        Ok(match self.kind {
            Kind::IndexSealed => Asked::open(self.sealed()?)?,
            _ => Asked::open(MmapDirectory::open(&self.folder)?)?,
        })
    }

    fn ask(&self, asked: &Asked, query: &Query) -> Result<Found> {
        let found = match self.kind {
            Kind::IndexTantivy => asked.find_by_tantivy(&query.typed, PAGE),
            _ => asked.find(&query.typed, PAGE),
        };
        found.map_err(|problem| anyhow::anyhow!("{}: {problem}", query.typed))
    }

    /// Runs it once: cold, then warm for as long as is measured.
    ///
    /// # Errors
    /// When the index cannot be read, or what is found changes.
    #[expect(clippy::cast_precision_loss, reason = "bytes, hits and microseconds are far below 2^52")]
    pub fn run(&self, sizes: &Sizes) -> Result<Vec<Figure>> {
        drop_from_memory(&self.folder)?;
        let begin = Instant::now();
        let asked = self.open()?;
        let opening = begin.elapsed().as_secs_f64();
        let (cold_found, cold) = self.ask_all(&asked, &mut Histogram::new(3)?)?;
        let end = Instant::now() + sizes.measured;
        let mut latency = Histogram::<u64>::new(3)?;
        let mut passes = Vec::new();
        while Instant::now() < end || passes.is_empty() {
            let (found, seconds) = self.ask_all(&asked, &mut latency)?;
            ensure!(found == cold_found, "a query found something else than before");
            passes.push(seconds);
        }
        let median =
            |of: fn(&Seconds) -> f64| Spread::of(passes.iter().map(of).collect()).map(|it| it.median);
        let warm = |of| median(of).context("no pass").map(|seconds| seconds * 1_000.0);
        let milliseconds = |quantile| latency.value_at_quantile(quantile) as f64 / 1_000.0;
        Ok(vec![
            figure("indexing s", self.seconds),
            figure("MiB", size(&self.folder)? as f64 / 1_048_576.0),
            figure("segments", asked.segments() as f64),
            figure("hits", cold_found.iter().map(|found| found.total).sum::<u64>() as f64),
            figure("opening, cold ms", opening * 1_000.0),
            figure("whole words, cold ms", cold.whole * 1_000.0),
            figure("all, cold ms", cold.all * 1_000.0),
            figure("whole words, warm ms", warm(|seconds| seconds.whole)?),
            figure("all, warm ms", warm(|seconds| seconds.all)?),
            figure("p50 ms", milliseconds(0.5)),
            figure("p99 ms", milliseconds(0.99)),
        ])
    }

    /// Asks every query once.
    fn ask_all(&self, asked: &Asked, latency: &mut Histogram<u64>) -> Result<(Vec<Found>, Seconds)> {
        let mut found = Vec::with_capacity(self.queries.len());
        let mut seconds = Seconds { whole: 0.0, all: 0.0 };
        for query in &self.queries {
            let begin = Instant::now();
            found.push(self.ask(asked, query)?);
            let elapsed = begin.elapsed();
            latency.record(u64::try_from(elapsed.as_micros())?.max(1))?;
            seconds.all += elapsed.as_secs_f64();
            seconds.whole += if query.same { elapsed.as_secs_f64() } else { 0.0 };
        }
        Ok((found, seconds))
    }
}

/// What one pass took: the queries of whole words, and all.
struct Seconds {
    whole: f64,
    all: f64,
}

fn message(words: &Words, number: u64) -> Message {
    let id = |number: u64| Uuid::from_u128(u128::from(number) + 1);
    Message {
        number: number + 1,
        conversation: ConversationId(id(number % CONVERSATIONS)),
        author: PersonId(id(number % PEOPLE)),
        at: i64::try_from(number).unwrap_or(i64::MAX) * 30_000_000,
        text: words.text(number),
    }
}

/// Bytes of all files of a folder and those below.
///
/// # Errors
/// When it cannot be read.
pub fn size(folder: &Path) -> Result<u64> {
    let mut bytes = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        bytes += if entry.path().is_dir() { size(&entry.path())? } else { entry.metadata()?.len() };
    }
    Ok(bytes)
}

/// Has the system forget what it keeps of the files in a folder.
fn drop_from_memory(folder: &Path) -> Result<()> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let file = fs::File::open(&path)?;
        file.sync_all()?;
        rustix::fs::fadvise(&file, 0, None, rustix::fs::Advice::DontNeed)?;
        paths.push(path);
    }
    let output = Command::new("fincore").args(["-n", "-o", "PAGES"]).args(&paths).output();
    let output = output.context("fincore says what is in memory; Debian has it in util-linux")?;
    let said = String::from_utf8(output.stdout)?;
    let pages: u64 = said.split_whitespace().filter_map(|pages| pages.parse::<u64>().ok()).sum();
    if !output.status.success() || pages > 0 {
        bail!("{pages} pages of the index are still in memory: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(())
}
