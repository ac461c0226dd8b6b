//! The one thread that writes the index of this node.
//!
//! It follows the journal, woken by delivery, else by looking every second; it commits at once when it was idle and
//! about twice a second under load. An index that is missing, damaged, of another version or of another archive is
//! made anew in a folder beside it while the old one, if it can be read, goes on answering and following.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use tokio::time::Instant;
use tracing::debug_span;

use super::follow::{self, Following, Stuck};
use super::index::{Setting, Unfit, Written};
use super::{Shared, Signal, State};
use crate::ground::error::Error;
use crate::ground::traces;
use crate::messaging::Messaging;

/// Longest time without looking at the journal, and without looking for what the command line wants.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Shortest time between two commits.
const COMMIT_EVERY: Duration = Duration::from_millis(500);
/// Pause after the journal could not be read or the index not be written.
const PAUSE: Duration = Duration::from_secs(2);
/// Pause after no index could be made: the disk may be full.
const LONG_PAUSE: Duration = Duration::from_secs(10);
/// Batches of a rebuild for each batch of following.
const REBUILD_BATCHES: usize = 4;

/// The file that names the folder in use.
const CURRENT: &str = "current";
/// The file with which the command line asks for a rebuild.
pub(super) const REQUEST: &str = "rebuild-request";
/// The file in which the thread says how far it is.
pub(super) const STATUS: &str = "status.json";

/// An index and how far it is read for.
struct Running {
    generation: u64,
    index: Written,
    following: Following,
    /// Something was put since the last commit.
    dirty: bool,
}

/// The thread's own.
pub(super) struct Follower {
    folder: PathBuf,
    setting: Setting,
    messaging: Messaging,
    shared: Arc<Shared>,
    current: Option<Running>,
    next: Option<Running>,
    /// What was there was opened, or found unfit.
    begun: bool,
    committed: Instant,
}

impl Follower {
    pub fn new(folder: &Path, setting: Setting, messaging: Messaging, shared: Arc<Shared>) -> Self {
        let committed = now();
        Self {
            folder: folder.to_owned(),
            setting,
            messaging,
            shared,
            current: None,
            next: None,
            begun: false,
            committed,
        }
    }

    /// Until it is told to stop.
    pub fn run(mut self, signals: &Receiver<Signal>) {
        loop {
            let wait = match self.step() {
                Ok(wait) => wait,
                Err(Stuck::Journal(error)) => {
                    tracing::warn!(%error, "the search index waits for the journal");
                    PAUSE
                }
                Err(Stuck::Index(error)) => {
                    tracing::error!(%error, "the search index cannot be written");
                    self.open_again();
                    PAUSE
                }
            };
            self.say();
            match self.next_signal(signals, wait) {
                Ok(Signal::News) | Err(RecvTimeoutError::Timeout) => {}
                Ok(Signal::Rebuild) => self.rebuild("it was asked for"),
                Ok(Signal::Stop) | Err(RecvTimeoutError::Disconnected) => return self.end(),
            }
        }
    }

    /// Waits so long for a signal. What comes while a commit is due anyway can be found with that commit only; it is read then,
    /// all at once.
    fn next_signal(&self, signals: &Receiver<Signal>, wait: Duration) -> Result<Signal, RecvTimeoutError> {
        let until = now() + wait;
        let due = self.current.as_ref().is_some_and(|running| running.dirty);
        loop {
            match signals.recv_timeout(until.saturating_duration_since(now())) {
                Ok(Signal::News) if due => {}
                other => return other,
            }
        }
    }

    /// Works until the index is up to date and every rebuild is done; for the command line.
    pub fn catch_up(&mut self, mut progress: impl FnMut(&State)) -> Result<(), Stuck> {
        loop {
            let wait = self.step()?;
            progress(&self.shared.state());
            if self.current.is_some() && self.next.is_none() && !wait.is_zero() {
                self.commit_now()?;
                // What is damaged shows when it is read.
                if self.current.as_ref().is_some_and(|running| !running.index.sealed.is_damaged()) {
                    return Ok(());
                }
            }
            if self.shared.state() == State::Damaged {
                return Err(Stuck::Journal(Error::internal("the search index cannot be written")));
            }
        }
    }

    /// Opens what is there, or begins to make it.
    fn begin(&mut self) -> Result<(), Stuck> {
        let generation = current(&self.folder);
        self.remove_others(generation);
        match self.open(generation)? {
            Ok(running) => {
                self.current = Some(running);
                self.publish();
                let checked = self.current.as_ref().map(|running| running.index.sealed.check());
                if let Some(Err(error)) = checked {
                    tracing::error!(%error, "the search index is damaged");
                    self.begin_again();
                }
            }
            Err(why) => {
                if !matches!(why, Unfit::Missing) {
                    tracing::warn!(%why, "the search index is made anew");
                }
                self.rebuild(&why.to_string());
            }
        }
        self.begun = true;
        Ok(())
    }

    fn open(&self, generation: Option<u64>) -> Result<Result<Running, Unfit>, Stuck> {
        let Some(generation) = generation else { return Ok(Err(Unfit::Missing)) };
        let index = match Written::open(&self.of(generation), &self.setting) {
            Ok(index) => index,
            Err(why) => return Ok(Err(why)),
        };
        if !follow::belongs(&self.messaging, index.cursor)? {
            return Ok(Err(Unfit::OtherArchive));
        }
        Ok(Ok(self.running(generation, index)))
    }

    fn running(&self, generation: u64, index: Written) -> Running {
        let following = Following::from(self.messaging.clone(), index.cursor);
        Running { generation, index, following, dirty: false }
    }

    fn of(&self, generation: u64) -> PathBuf {
        self.folder.join(generation.to_string())
    }

    /// Drops an index that cannot be trusted, and begins a new one.
    fn begin_again(&mut self) {
        self.current = None;
        self.next = None;
        self.shared.publish(None);
        self.rebuild("it is damaged");
    }

    /// After a failed write, on a full disk for one: goes on from the last commit. What was found goes on being found.
    fn open_again(&mut self) {
        if self.current.as_ref().is_some_and(|running| running.index.sealed.is_damaged()) {
            return self.begin_again();
        }
        self.next = None;
        if let Some(running) = self.current.take()
            && let Err(error) = running.index.close()
        {
            tracing::debug!(%error, "the writer of the search index ended");
        }
        self.begun = false;
    }

    fn rebuild(&mut self, why: &str) {
        if self.next.is_some() {
            return;
        }
        let generation = newest_folder(&self.folder) + 1;
        match Written::create(&self.of(generation), &self.setting) {
            Ok(index) => {
                tracing::info!(why, "the search index is being made");
                self.next = Some(self.running(generation, index));
                self.tell_progress();
            }
            Err(error) => {
                tracing::error!(%error, "no search index can be made");
                let _ = fs::remove_dir_all(self.of(generation));
                if self.current.is_none() {
                    self.shared.set_state(State::Damaged);
                }
            }
        }
    }

    /// A batch of work. Says how long to wait for news.
    fn step(&mut self) -> Result<Duration, Stuck> {
        if !self.begun {
            self.begin()?;
        }
        if self.folder.join(REQUEST).exists() {
            let _ = fs::remove_file(self.folder.join(REQUEST));
            self.rebuild("the command line asked for it");
        }
        if self.current.as_ref().is_some_and(|running| running.index.sealed.is_damaged()) {
            tracing::error!("the search index is damaged");
            self.begin_again();
        }
        if self.current.is_none() && self.next.is_none() {
            self.rebuild("there is none");
        }
        let mut wait = LONG_PAUSE;
        if let Some(running) = &mut self.current {
            let more = running.following.put_next(&running.index)?;
            running.dirty |= more;
            wait = self.commit(more)?;
        }
        if self.next.is_some() {
            match self.advance_rebuild() {
                Ok(()) => wait = Duration::ZERO,
                Err(Stuck::Index(error)) => self.give_up_rebuild(&error),
                Err(stuck) => return Err(stuck),
            }
        }
        Ok(wait)
    }

    /// The one in use, if there is one, goes on.
    fn give_up_rebuild(&mut self, error: &tantivy::TantivyError) {
        tracing::error!(%error, "the new search index cannot be written");
        self.next = None;
        self.remove_others(current(&self.folder));
        self.shared.set_state(if self.current.is_some() { State::Ready } else { State::Damaged });
    }

    fn commit(&mut self, more: bool) -> Result<Duration, Stuck> {
        let Some(running) = &mut self.current else { return Ok(LOOK_EVERY) };
        let since = now() - self.committed;
        if running.dirty && since < COMMIT_EVERY {
            return Ok(if more { Duration::ZERO } else { COMMIT_EVERY - since });
        }
        if running.dirty {
            self.commit_now()?;
        } else if let Some(snapshot) = self.shared.snapshot()
            && running.index.has_changed(&snapshot)?
        {
            self.publish();
        }
        Ok(if more { Duration::ZERO } else { LOOK_EVERY })
    }

    fn commit_now(&mut self) -> Result<(), Stuck> {
        let Some(running) = self.current.as_mut().filter(|running| running.dirty) else { return Ok(()) };
        let reached = running.following.reached;
        let _traced = debug_span!(target: traces::TARGET, parent: None, "index", position = reached.position);
        running.index.commit(reached)?;
        running.dirty = false;
        self.committed = now();
        self.publish();
        Ok(())
    }

    /// Shows the newest commit to those who search.
    fn publish(&mut self) {
        let Some(running) = &self.current else { return };
        match running.index.snapshot(self.shared.snapshot().as_deref()) {
            Ok(snapshot) => {
                self.shared.publish(Some((snapshot, running.index.sealed.clone())));
                if self.next.is_none() {
                    self.shared.set_state(State::Ready);
                }
            }
            Err(error) => {
                tracing::error!(%error, "the search index cannot be opened");
                self.begin_again();
            }
        }
    }

    fn advance_rebuild(&mut self) -> Result<(), Stuck> {
        let Some(next) = &mut self.next else { return Ok(()) };
        let mut more = true;
        for _ in 0..REBUILD_BATCHES {
            more = next.following.put_next(&next.index)?;
            if !more {
                break;
            }
        }
        if more {
            self.tell_progress()
        } else {
            self.swap()?
        }
        Ok(())
    }

    fn tell_progress(&self) {
        let Some(next) = &self.next else { return };
        let done = next.following.reached.position;
        let total = follow::newest(&self.messaging).unwrap_or(done).max(done);
        self.shared.set_state(State::Rebuilding { done, total });
    }

    /// The new index takes the place of the old one.
    fn swap(&mut self) -> Result<(), Stuck> {
        let Some(mut next) = self.next.take() else { return Ok(()) };
        next.index.commit(next.following.reached)?;
        let named = name_current(&self.folder, next.generation);
        named.map_err(|error| Stuck::Index(error.into()))?;
        tracing::info!(records = next.following.reached.position, "the search index is complete");
        let old = self.current.replace(next);
        self.committed = now();
        self.publish();
        if let Some(old) = old
            && let Err(error) = old.index.close()
        {
            tracing::warn!(%error, "the old search index did not end well");
        }
        self.remove_others(current(&self.folder));
        Ok(())
    }

    fn remove_others(&self, keep: Option<u64>) {
        for generation in folders(&self.folder).into_iter().filter(|found| Some(*found) != keep) {
            let _ = fs::remove_dir_all(self.of(generation));
        }
    }

    /// What was put is committed; the merges under way end.
    pub fn end(mut self) {
        if let Err(error) = self.commit_now() {
            tracing::warn!(?error, "the search index catches up when the server starts again");
        }
        self.say();
        if let Some(running) = self.current.take() {
            let _ = running.index.close();
        }
    }

    /// For the command line: figures only.
    fn say(&self) {
        let position = self.current.as_ref().map_or(0, |running| running.index.cursor.position);
        let generation = self.current.as_ref().map_or(0, |running| running.generation);
        self.shared.say(&self.folder.join(STATUS), generation, position);
    }
}

#[expect(clippy::disallowed_methods, reason = "how long ago the last commit was; the wall clock may step")]
fn now() -> Instant {
    Instant::from_std(std::time::Instant::now())
}

/// The generation in use.
pub(super) fn current(folder: &Path) -> Option<u64> {
    fs::read_to_string(folder.join(CURRENT)).ok()?.trim().parse().ok()
}

fn name_current(folder: &Path, generation: u64) -> std::io::Result<()> {
    let unfinished = folder.join(format!("{CURRENT}.unfinished"));
    let mut file = fs::File::create(&unfinished)?;
    writeln!(file, "{generation}")?;
    file.sync_all()?;
    fs::rename(&unfinished, folder.join(CURRENT))?;
    fs::File::open(folder)?.sync_all()
}

fn folders(folder: &Path) -> Vec<u64> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok()).collect()
}

fn newest_folder(folder: &Path) -> u64 {
    folders(folder).into_iter().max().unwrap_or(0)
}
