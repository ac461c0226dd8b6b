//! Search: an index of what was said, encrypted on the disk, and two ways to ask it.
//!
//! People search what they may see (`own`); officers search everything, and the record of it is committed before
//! anything is answered (`compliance`). What must stay true:
//! - the index is a projection outside the database: it can be dropped at any time and is made anew from the journal;
//! - it stores no text, and no byte of it on the disk is clear (`directory`);
//! - what is shown of a hit is read from the journal; to members it goes through `messaging::view`.
//!
//! `tokens` cuts text, `plan` is a query ready to be looked up, `find` looks it up, `segments` is what is looked at,
//! `index` one index on the disk, `follower` the thread that writes it, `check` compares it with the journal; `yardstick`
//! is for `bench/`.

mod api;
mod bits;
mod check;
pub mod command_line;
mod compliance;
pub mod directory;
mod find;
mod fold;
mod follow;
mod follower;
mod index;
mod matching;
mod own;
mod plan;
pub mod records;
mod schema;
mod segments;
#[cfg(test)]
mod tests;
mod tokens;
mod vocabulary;
pub mod yardstick;

use std::path::{Path, PathBuf};
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use arc_swap::ArcSwapOption;
use chancery_protocol::query;
use serde::{Deserialize, Serialize};

use crate::ground::error::{Code, Error};
use crate::messaging::Messaging;
pub use api::routes;
pub use compliance::as_found;
use directory::{Blocks, Sealed};
use find::{Filters, Found, Page, Reach};
use follower::Follower;
use index::Setting;
use plan::Plan;
use segments::{Memory, Snapshot};

/// Name of the folder below the data folder.
const FOLDER: &str = "search";
/// What the index's key is derived by.
const SECRET: &str = "search index";
/// Memory for plain blocks.
const CACHE_BYTES: usize = 32 * 1024 * 1024;

/// How the index of this node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum State {
    /// The server has just started.
    #[default]
    Opening,
    /// It follows the journal.
    Ready,
    /// It is made anew: records done, of how many. What there was before goes on answering.
    Rebuilding {
        /// Positions read.
        done: u64,
        /// Positions there are.
        total: u64,
    },
    /// It is damaged, and a new one cannot be made either; the log says why.
    Damaged,
}

/// Figures about the index of this node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stats {
    /// How it is.
    #[serde(flatten)]
    pub state: State,
    /// Messages in it.
    pub messages: u64,
    /// Segments.
    pub segments: usize,
    /// Bytes on the disk.
    pub disk_bytes: u64,
    /// Records up to here can be found.
    pub cursor: u64,
    /// The journal's newest.
    pub head: u64,
    /// How many records it is behind.
    pub lag: u64,
    /// Plain blocks in memory, and the most there can be.
    pub cache_bytes: u64,
    /// The bound of the cache.
    pub cache_limit_bytes: u64,
    /// Words kept in memory for finding parts of them.
    pub vocabulary_bytes: u64,
    /// tantivy's dictionaries, open in memory.
    pub dictionary_bytes: u64,
    /// Columns (times, places, marks), open in memory.
    pub column_bytes: u64,
}

/// What the follower hears.
enum Signal {
    News,
    Rebuild,
    Stop,
}

/// What the follower shows, and what is asked.
struct Shared {
    open: ArcSwapOption<Open>,
    state: Mutex<State>,
    said: Mutex<String>,
}

/// An index as it is searched.
struct Open {
    snapshot: Arc<Snapshot>,
    sealed: Sealed,
}

/// What the follower writes for the command line. Figures only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Said {
    #[serde(flatten)]
    pub state: State,
    /// Which index is in use; another one after a rebuild.
    pub generation: u64,
    /// Messages in it.
    pub messages: u64,
    /// Records up to here can be found.
    pub cursor: u64,
}

impl Shared {
    fn new() -> Arc<Self> {
        Arc::new(Self { open: ArcSwapOption::empty(), state: Mutex::default(), said: Mutex::default() })
    }

    fn state(&self) -> State {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set_state(&self, state: State) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = state;
    }

    fn publish(&self, open: Option<(Snapshot, Sealed)>) {
        let open = open.map(|(snapshot, sealed)| Arc::new(Open { snapshot: Arc::new(snapshot), sealed }));
        self.open.store(open);
    }

    fn snapshot(&self) -> Option<Arc<Snapshot>> {
        self.open.load().as_ref().map(|open| Arc::clone(&open.snapshot))
    }

    /// Writes the figures when they have changed.
    fn say(&self, file: &Path, generation: u64, cursor: u64) {
        let messages = self.snapshot().map_or(0, |snapshot| snapshot.messages());
        let Ok(text) = serde_json::to_string(&Said { state: self.state(), generation, messages, cursor })
        else {
            return;
        };
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        if *said == text {
            return;
        }
        let unfinished = file.with_extension("unfinished");
        let written = std::fs::write(&unfinished, &text).and_then(|()| std::fs::rename(&unfinished, file));
        match written {
            Ok(()) => *said = text,
            Err(error) => tracing::debug!(%error, "the state of the search index cannot be noted"),
        }
    }
}

/// The index of this node.
#[derive(Clone)]
pub struct Search {
    messaging: Messaging,
    shared: Arc<Shared>,
    blocks: Arc<Blocks>,
    wake: SyncSender<Signal>,
}

/// The follower's thread, and the lock on its folder.
pub struct Thread {
    thread: JoinHandle<()>,
    wake: SyncSender<Signal>,
    _lock: Lock,
}

/// Keeps other processes from the folder of the index; the system lets go of it however the process ends.
struct Lock {
    _file: std::fs::File,
}

impl Lock {
    /// `None` when another process has it.
    fn take(folder: &Path) -> Result<Option<Self>, Error> {
        let failed = |error: std::io::Error| {
            Error::setup(
                format!("{} cannot be opened: {error}", folder.display()),
                "check the folder's rights",
            )
        };
        std::fs::create_dir_all(folder).map_err(failed)?;
        let file = std::fs::File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(folder.join("lock"))
            .map_err(failed)?;
        match rustix::fs::flock(&file, rustix::fs::FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(Some(Self { _file: file })),
            Err(rustix::io::Errno::WOULDBLOCK) => Ok(None),
            Err(error) => Err(failed(error.into())),
        }
    }
}

/// Where the index of a data folder is.
fn folder(data: &Path) -> PathBuf {
    data.join(FOLDER)
}

fn setting(messaging: &Messaging, archive: [u8; 16], blocks: &Arc<Blocks>) -> Result<Setting, Error> {
    let key = messaging.journal.vault().secret(SECRET)?;
    let random = messaging.journal.random().clone();
    Ok(Setting { archive, key, random, blocks: Arc::clone(blocks) })
}

impl Search {
    /// Starts following the journal of this archive, with the index in the data folder.
    ///
    /// # Errors
    /// When another process has the folder, or no thread can be started. What is wrong with the index itself is
    /// mended by the thread.
    pub fn start(data: &Path, archive: [u8; 16], messaging: Messaging) -> Result<(Self, Thread), Error> {
        let folder = folder(data);
        let Some(lock) = Lock::take(&folder)? else {
            return Err(Error::setup(
                "another process works on the search index of this data folder",
                "wait until it has ended, or set `data` to another folder",
            ));
        };
        let blocks = Blocks::new(CACHE_BYTES);
        let setting = setting(&messaging, archive, &blocks)?;
        let shared = Shared::new();
        let (wake, signals) = sync_channel(1);
        let follower = Follower::new(&folder, setting, messaging.clone(), Arc::clone(&shared));
        let thread = std::thread::Builder::new()
            .name("search".into())
            .spawn(move || follower.run(&signals))
            .map_err(|e| Error::internal(format!("no thread for the search index: {e}")))?;
        let search = Self { messaging, shared, blocks, wake: wake.clone() };
        Ok((search, Thread { thread, wake, _lock: lock }))
    }

    /// Something was committed. Never waits.
    pub fn wake(&self) {
        let _: Result<(), TrySendError<Signal>> = self.wake.try_send(Signal::News);
    }

    /// Makes the index anew beside the one in use.
    pub fn rebuild(&self) {
        let _ = self.wake.send(Signal::Rebuild);
    }

    /// Figures.
    ///
    /// # Errors
    /// When journal or index cannot be read.
    pub fn stats(&self) -> Result<Stats, Error> {
        let open = self.shared.open.load_full();
        let head = follow::newest(&self.messaging)?;
        let cursor = open.as_ref().map_or(0, |open| open.snapshot.position);
        let (cache_bytes, cache_limit_bytes) = self.blocks.bytes();
        let Memory { vocabularies, dictionaries, columns } =
            open.as_ref().map(|open| open.snapshot.memory()).unwrap_or_default();
        let disk = open.as_ref().map(|open| open.sealed.size()).transpose().map_err(Error::internal)?;
        Ok(Stats {
            state: self.shared.state(),
            messages: open.as_ref().map_or(0, |open| open.snapshot.messages()),
            segments: open.as_ref().map_or(0, |open| open.snapshot.segments.len()),
            disk_bytes: disk.unwrap_or(0),
            cursor,
            head,
            lag: head.saturating_sub(cursor),
            cache_bytes,
            cache_limit_bytes,
            vocabulary_bytes: vocabularies,
            dictionary_bytes: dictionaries,
            column_bytes: columns,
        })
    }

    /// Looks up; without a plan, everything the filters let through is found.
    fn look_up(
        &self,
        plan: Option<&Plan>,
        reach: Reach,
        filters: &Filters,
        page: Page,
    ) -> Result<Found, Error> {
        let Some(open) = self.shared.open.load_full() else { return Err(self.unavailable()) };
        open.snapshot.find(plan, reach, filters, page).map_err(|error| {
            // The follower sees by itself that the folder is damaged, and makes the index anew.
            self.wake();
            self.unavailable().because(error)
        })
    }

    fn unavailable(&self) -> Error {
        let detail = match self.shared.state() {
            State::Rebuilding { done, total } => {
                format!("The search index is being made: {done} of {total} records are done.")
            }
            State::Damaged => "The search index cannot be written. The server's log says why.".to_owned(),
            State::Opening | State::Ready => "The search index is being opened.".to_owned(),
        };
        Error::from(Code::SearchUnavailable).detail(detail).retry_after(2)
    }
}

/// What was typed, ready to be looked up; `None` for nothing but blanks.
fn parsed(query: &str) -> Result<Option<Plan>, Error> {
    let parsed = query::parse(query).map_err(|wrong| {
        let detail = format!("{} (at byte {} of the query)", wrong.wrong.text(), wrong.at);
        Error::from(Code::QueryInvalid).field("query").detail(detail)
    })?;
    let Some(parsed) = parsed else { return Ok(None) };
    match Plan::of(&parsed) {
        Some(plan) => Ok(Some(plan)),
        None => Err(Error::from(Code::QueryEmpty).field("query")),
    }
}

impl Thread {
    /// Commits what was put and ends the thread. True when it ended well.
    pub fn stop(self) -> bool {
        let _ = self.wake.send(Signal::Stop);
        self.thread.join().is_ok()
    }
}
