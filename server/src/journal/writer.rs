//! The one writer of this process: gathers units while the last commit is on its way to disk.

use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::mpsc::Sender;
use std::thread::JoinHandle;
use std::time::Duration;

use chancery_ledger::Kind;
use tokio::sync::mpsc::{Receiver, channel};
use tokio::time::Instant;
use tracing::debug_span;
use tracing::field::Empty;

use super::commit::{self, Context, Outcome};
use super::meters::Meters;
use super::store;
use super::tail::Batch;
use super::{Job, Journal, OnControl, Unit, is_control};
use crate::ground::clock::Clock;
use crate::ground::db::{Conn, Db};
use crate::ground::error::{Code, Error};
use crate::ground::random::Random;
use crate::ground::traces;
use crate::vault::Vault;

/// Units waiting for the writer; more senders than this wait in turn.
const QUEUE: usize = 4_096;
/// Most units and bytes of one commit.
const MOST_UNITS: usize = 1_000;
const MOST_BYTES: usize = 4 * 1024 * 1024;
/// Tries of one batch while the database is away, and the pauses between them: about 20 seconds in all.
const TRIES: u32 = 26;
const FIRST_PAUSE: Duration = Duration::from_millis(25);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// The receiving end, before it runs.
pub struct Writer {
    db: Db,
    queue: Receiver<Job>,
    vault: Arc<Vault>,
    clock: Clock,
    random: Random,
    meters: Meters,
    backend: Arc<AtomicI32>,
}

impl Journal {
    /// A journal and its writer; nothing is written until the writer is started.
    pub fn new(db: Db, vault: Arc<Vault>, clock: Clock, random: Random) -> (Self, Writer) {
        let (sender, receiver) = channel(QUEUE);
        let meters = Meters::default();
        let backend = Arc::default();
        let writer = Writer {
            db: db.clone(),
            queue: receiver,
            vault: Arc::clone(&vault),
            clock: clock.clone(),
            random: random.clone(),
            meters: meters.clone(),
            backend: Arc::clone(&backend),
        };
        let condition = None;
        (Self { db, vault, clock, random, queue: sender, meters, backend, condition }, writer)
    }

    /// Takes no more units; those already taken are committed and answered, then the writer ends.
    pub async fn stop(&self) {
        let (answer, _) = tokio::sync::oneshot::channel();
        // A unit without records is the sign to stop; see `Running::gather`.
        let _ = self.queue.send(Job { unit: Unit::default(), answer }).await;
    }

    /// As [`Journal::stop`], outside the async runtime.
    pub fn stop_blocking(&self) {
        let (answer, _) = tokio::sync::oneshot::channel();
        let _ = self.queue.blocking_send(Job { unit: Unit::default(), answer });
    }
}

impl Writer {
    /// Starts writing. `on_control` keeps the snapshots; `tail` receives what was committed.
    ///
    /// # Errors
    /// When no thread can be started.
    pub fn start(
        self,
        on_control: OnControl,
        applied_control: u64,
        tail: Option<Sender<Batch>>,
    ) -> Result<JoinHandle<()>, Error> {
        let context = Context {
            vault: self.vault,
            clock: self.clock,
            random: self.random,
            on_control,
            applied_control,
        };
        let running = Running {
            db: self.db,
            queue: self.queue,
            context,
            tail,
            meters: self.meters,
            backend: self.backend,
            connection: None,
            held: None,
        };
        std::thread::Builder::new()
            .name("journal".into())
            .spawn(move || running.run())
            .map_err(|e| Error::internal(format!("no thread for the journal: {e}")))
    }
}

struct Running {
    db: Db,
    queue: Receiver<Job>,
    context: Context,
    tail: Option<Sender<Batch>>,
    meters: Meters,
    backend: Arc<AtomicI32>,
    /// PostgreSQL only; SQLite's writer is shared with what is no record.
    connection: Option<Conn>,
    /// Came while a batch was gathered in which it has no place.
    held: Option<Job>,
}

impl Running {
    fn run(mut self) {
        let _runs = self.meters.writer_begins();
        while let Some(jobs) = self.gather() {
            self.meters.writing(Some(Instant::now()));
            self.commit(jobs);
            self.meters.writing(None);
        }
        if let Some(tail) = &self.tail {
            let _ = tail.send(Batch::Stop);
        }
    }

    /// The next batch. A unit that changes who may do what has a commit of its own: what comes after it is checked
    /// against the snapshot it changed, and it sees everything before it in the database.
    fn gather(&mut self) -> Option<Vec<Job>> {
        let mut bytes = 0;
        let mut jobs = Vec::new();
        let mut next = Some(match self.held.take() {
            Some(job) => job,
            None => self.queue.blocking_recv()?,
        });
        while let Some(job) = next {
            if job.unit.records.iter().any(|draft| is_control(draft.kind)) {
                if jobs.is_empty() {
                    return Some(vec![job]);
                }
                self.held = Some(job);
                break;
            }
            if job.unit.records.is_empty() {
                self.queue.close();
            } else {
                bytes += job.unit.records.iter().map(|draft| draft.body.len()).sum::<usize>();
                jobs.push(job);
            }
            next =
                if jobs.len() < MOST_UNITS && bytes < MOST_BYTES { self.queue.try_recv().ok() } else { None };
        }
        Some(jobs)
    }

    fn commit(&mut self, jobs: Vec<Job>) {
        if jobs.is_empty() {
            return;
        }
        let began = Instant::now();
        let traced = debug_span!(
            target: traces::TARGET, parent: None, "batch", units = jobs.len(), records = Empty, position = Empty,
        );
        let mut previous = None;
        let mut pause = FIRST_PAUSE;
        for attempt in 1..=TRIES {
            let units: Vec<&Unit> = jobs.iter().map(|job| &job.unit).collect();
            match self.attempt(&units, &mut previous) {
                Ok(outcome) => {
                    traced.record("records", outcome.delivered.len());
                    traced.record("position", outcome.head.position);
                    return self.finish(jobs, outcome, began);
                }
                Err(error) if error.code == Code::StorageUnavailable && attempt < TRIES => {
                    tracing::warn!(%error, attempt, units = jobs.len(), "a commit is tried again");
                    self.meters.retries.inc();
                    std::thread::sleep(pause);
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
                Err(error) if error.code == Code::Internal && jobs.len() > 1 => {
                    // One unit spoils the batch and does not say which: each gets a commit of its own.
                    tracing::error!(%error, units = jobs.len(), "a batch is committed one by one");
                    return jobs.into_iter().for_each(|job| self.commit(vec![job]));
                }
                Err(error) => {
                    tracing::error!(%error, units = jobs.len(), "a commit failed");
                    self.meters.failures.inc();
                    for job in jobs {
                        let _ = job.answer.send(Err(error.clone()));
                    }
                    return;
                }
            }
        }
    }

    fn attempt(&mut self, units: &[&Unit], previous: &mut Option<Outcome>) -> Result<Outcome, Error> {
        let context = &mut self.context;
        let mut run = |conn: &mut Conn| {
            let outcome = commit::run(conn, context, units, previous)?;
            let control = outcome.control();
            if !control.is_empty() {
                match (context.on_control)(conn, &control) {
                    Ok(()) => context.applied_control = outcome.head.control_position,
                    // The next batch finds the snapshots behind the head and catches up first.
                    Err(error) => tracing::warn!(%error, "the snapshots are behind the journal"),
                }
            }
            Ok(outcome)
        };
        if self.db.is_sqlite() {
            return self.db.with_writer(run);
        }
        let mut conn = match self.connection.take() {
            Some(conn) => conn,
            None => {
                let mut conn = self.db.opener().open_writer()?;
                self.backend.store(store::prepare_writer(&mut conn)?, Ordering::Relaxed);
                conn
            }
        };
        let outcome = run(&mut conn)?;
        self.connection = Some(conn);
        Ok(outcome)
    }

    fn finish(&self, jobs: Vec<Job>, mut outcome: Outcome, began: Instant) {
        let now = Instant::now();
        outcome.delivered.iter_mut().for_each(|delivered| delivered.committed = Some(now));
        self.measure(&outcome, jobs.len(), now - began);
        if let Some(tail) = &self.tail
            && !outcome.delivered.is_empty()
        {
            let _ = tail.send(Batch::Records(outcome.delivered));
        }
        for (job, result) in jobs.into_iter().zip(outcome.results) {
            let _ = job.answer.send(result);
        }
    }

    fn measure(&self, outcome: &Outcome, units: usize, took: Duration) {
        if outcome.delivered.is_empty() {
            return;
        }
        let messages = outcome.delivered.iter().filter(|record| record.header.kind == Kind::Message).count();
        self.meters.commits.observe(took);
        self.meters.batch.observe(units as f64);
        self.meters.records.inc_by(outcome.delivered.len() as u64);
        self.meters.messages.inc_by(messages as u64);
        self.meters.saw(outcome.head.position);
    }
}
