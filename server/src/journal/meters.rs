//! What is measured of writer and tail of this node.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;
use tokio::time::{Duration, Instant};

use crate::ground::meter::Timing;

/// What is measured; clones share it.
#[derive(Clone)]
pub struct Meters {
    /// From the first try of a batch to its commit.
    pub commits: Timing,
    /// Messages this node committed.
    pub messages: Counter,
    pub(super) records: Counter,
    pub(super) batch: Histogram,
    pub(super) retries: Counter,
    pub(super) failures: Counter,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    newest: AtomicU64,
    delivered: AtomicU64,
    writer_runs: AtomicBool,
    writing_since: Mutex<Option<Instant>>,
    tail_looked: Mutex<Option<Instant>>,
}

impl Default for Meters {
    fn default() -> Self {
        Self {
            commits: Timing::default(),
            messages: Counter::default(),
            records: Counter::default(),
            batch: Histogram::new(exponential_buckets(1.0, 2.0, 11)),
            retries: Counter::default(),
            failures: Counter::default(),
            state: Arc::default(),
        }
    }
}

/// Says that the writer runs, until it is dropped, however the thread ends.
pub(super) struct WriterRuns(Arc<State>);

impl Drop for WriterRuns {
    fn drop(&mut self) {
        self.0.writer_runs.store(false, Ordering::SeqCst);
    }
}

impl Meters {
    /// Shows all of it among the metrics.
    pub fn register(&self, registry: &mut Registry) {
        self.commits.register(registry, "commit", "From the first try of a batch to its commit");
        let help = "Units (a message, an edit, an administrator's act) of one commit";
        registry.register("commit_units", help, self.batch.clone());
        registry.register("records", "Records this node committed", self.records.clone());
        registry.register("messages", "Messages this node committed", self.messages.clone());
        let help = "Tries of a commit that failed because the database was away";
        registry.register("commit_retries", help, self.retries.clone());
        registry.register("commit_failures", "Commits that were given up", self.failures.clone());
    }

    /// The newest position anybody on this node has heard of.
    pub fn newest(&self) -> u64 {
        self.state.newest.load(Ordering::Relaxed)
    }

    /// Somebody saw the journal at this position.
    pub fn saw(&self, position: u64) {
        self.state.newest.fetch_max(position, Ordering::Relaxed);
    }

    /// How many committed records this node has not delivered yet, as far as it knows.
    pub fn tail_lag(&self) -> u64 {
        self.newest().saturating_sub(self.state.delivered.load(Ordering::Relaxed))
    }

    /// How long ago the tail last looked for news; `None` before the first time.
    pub fn tail_silence(&self) -> Option<Duration> {
        self.state.tail_looked.lock().unwrap_or_else(PoisonError::into_inner).map(|at| at.elapsed())
    }

    /// Whether the writer's thread runs.
    pub fn writer_runs(&self) -> bool {
        self.state.writer_runs.load(Ordering::SeqCst)
    }

    /// How long the writer has been at the batch it is writing; `None` when it waits for work.
    pub fn writing_for(&self) -> Option<Duration> {
        self.state.writing_since.lock().unwrap_or_else(PoisonError::into_inner).map(|at| at.elapsed())
    }

    pub(super) fn writer_begins(&self) -> WriterRuns {
        self.state.writer_runs.store(true, Ordering::SeqCst);
        WriterRuns(Arc::clone(&self.state))
    }

    pub(super) fn writing(&self, since: Option<Instant>) {
        *self.state.writing_since.lock().unwrap_or_else(PoisonError::into_inner) = since;
    }

    pub(super) fn tail_looked(&self, delivered: u64) {
        self.state.delivered.store(delivered, Ordering::Relaxed);
        self.saw(delivered);
        *self.state.tail_looked.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lag_is_what_was_seen_and_not_delivered() {
        let meters = Meters::default();
        assert_eq!((meters.tail_lag(), meters.tail_silence()), (0, None));
        meters.saw(7);
        meters.saw(5);
        assert_eq!((meters.newest(), meters.tail_lag()), (7, 7));
        meters.tail_looked(6);
        assert_eq!(meters.tail_lag(), 1);
        meters.tail_looked(9);
        assert_eq!((meters.newest(), meters.tail_lag()), (9, 0));
        assert!(meters.tail_silence().is_some());
    }

    #[test]
    fn a_writer_that_panics_does_not_run() {
        let meters = Meters::default();
        let theirs = meters.clone();
        let ended = std::thread::spawn(move || {
            let _runs = theirs.writer_begins();
            assert!(!theirs.writer_runs(), "this fails: the thread ends here");
        });
        assert!(ended.join().is_err());
        assert!(!meters.writer_runs());
    }
}
