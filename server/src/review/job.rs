//! The worker: takes one run after the other, chunk by chunk, and keeps how far it has got, so that a run that was cut short goes on
//! where it was, on whichever node.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use chancery_protocol::Micros;
use chancery_protocol::ids::{Id, RecordId};
use chancery_protocol::review::{BacktestState, MAX_SAMPLES};

use super::Review;
use super::backtest::{DAY, Trial, trial};
use super::store::{self, Found, Run};
use crate::acceptable_use::Book;
use crate::ground::db::Conn;
use crate::ground::error::Error;
use crate::messaging::whole::Written;

/// How often it is looked for runs that another node left behind.
const LOOKED: Duration = Duration::from_secs(15);
/// A run without news for so long is nobody's any more.
const SILENT: Micros = 30_000_000;
/// How often it is kept how far a run has got.
const KEPT: Micros = 500_000;
/// Texts that are read at a time.
const CHUNK: u16 = 1_000;

/// Wakes the worker.
#[derive(Default)]
pub(super) struct Bell {
    rung: Mutex<bool>,
    wakes: Condvar,
    over: AtomicBool,
}

impl Bell {
    pub fn ring(&self) {
        *self.rung.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.wakes.notify_all();
    }

    fn wait(&self) {
        let mut rung = self.rung.lock().unwrap_or_else(PoisonError::into_inner);
        if !*rung {
            rung = self.wakes.wait_timeout(rung, LOOKED).unwrap_or_else(PoisonError::into_inner).0;
        }
        *rung = false;
    }

    fn is_over(&self) -> bool {
        self.over.load(Ordering::SeqCst)
    }
}

/// The thread that runs rules over the archive.
pub struct Worker {
    thread: JoinHandle<()>,
    bell: Arc<Bell>,
}

impl Worker {
    pub(super) fn start(review: Review) -> Result<Self, Error> {
        let bell = Arc::clone(&review.bell);
        let thread = std::thread::Builder::new()
            .name("backtest".into())
            .spawn(move || {
                while !review.bell.is_over() {
                    match review.next() {
                        Ok(true) => {}
                        Ok(false) => review.bell.wait(),
                        Err(error) => {
                            tracing::warn!(%error, "a back-test waits");
                            review.bell.wait();
                        }
                    }
                }
            })
            .map_err(|e| Error::internal(format!("no thread for back-tests: {e}")))?;
        Ok(Self { thread, bell })
    }

    /// Ends the worker; the run it is at goes on with the next one. False when it ended in a panic.
    pub fn stop(self) -> bool {
        self.bell.over.store(true, Ordering::SeqCst);
        self.bell.ring();
        self.thread.join().is_ok()
    }
}

impl Review {
    /// Works on the next run, if there is one.
    fn next(&self) -> Result<bool, Error> {
        let journal = &self.messaging.journal;
        let now = journal.clock().now();
        let taken = journal.db().write_here(|conn| store::claim(conn, journal.vault(), now - SILENT, now))?;
        let Some(mut run) = taken else { return Ok(false) };
        let done = self.work(&mut run);
        if let Err(error) = &done
            && !matches!(error.code, crate::ground::error::Code::StorageUnavailable)
        {
            tracing::error!(%error, run = %run.id, "a back-test cannot go on");
            journal.db().write_here(|conn| store::end(conn, run.id, BacktestState::Failed))?;
            return Ok(true);
        }
        done.map(|()| true)
    }

    pub(super) fn work(&self, run: &mut Run) -> Result<(), Error> {
        let journal = &self.messaging.journal;
        let trial = trial(&mut *journal.db().reader()?, &run.plan)?
            .map_err(|_| Error::internal("the rules of a back-test cannot be compiled any more"))?;
        let mut kept = journal.clock().now();
        while run.position < run.last && !self.bell.is_over() {
            let mut conn = journal.db().reader()?;
            self.chunk(&mut conn, &trial, run)?;
            drop(conn);
            let now = journal.clock().now();
            if now - kept >= KEPT && run.position < run.last {
                if !self.keep(run, now)? {
                    return Ok(());
                }
                kept = now;
            }
        }
        if run.position >= run.last {
            run.state = BacktestState::Done;
        }
        // Whoever goes on with one that was cut short need not wait.
        let now = if run.state == BacktestState::Done { journal.clock().now() } else { 0 };
        self.keep(run, now).map(drop)
    }

    pub(super) fn keep(&self, run: &mut Run, now: Micros) -> Result<bool, Error> {
        let journal = &self.messaging.journal;
        let kept = journal.db().write_here(|conn| store::keep(conn, journal.vault(), run, now))?;
        run.alive_at = now;
        Ok(kept)
    }

    pub(super) fn chunk(&self, conn: &mut Conn, trial: &Trial, run: &mut Run) -> Result<(), Error> {
        let (texts, damaged, looked_at) = self.messaging.written(conn, run.position, run.last, CHUNK)?;
        run.found.damaged += damaged;
        for text in &texts {
            self.look(trial, &mut run.found, &run.rule, text);
        }
        run.position = looked_at;
        Ok(())
    }

    fn look(&self, trial: &Trial, found: &mut Found, rule: &str, text: &Written) {
        let day = found.days.entry(text.at.div_euclid(DAY)).or_default();
        found.texts += 1;
        day.0 += 1;
        let place = self.place_of(text);
        let matches = |book: &Book| {
            let looked = book.look(&text.text, text.what);
            !looked.is_empty() && !looked.decide_by(book, &place, None).findings.is_empty()
        };
        found.running += u64::from(trial.running.as_ref().is_some_and(matches));
        if !matches(&trial.tried) {
            return;
        }
        found.hits += 1;
        day.1 += 1;
        sample(&mut found.samples, text.record);
        let now = self.messaging.rules.now();
        let others = now.look(&text.text, text.what).decide_by(&now, &place, None).findings;
        for other in others.into_iter().filter(|other| other.rule != rule) {
            *found.also.entry(other.rule).or_default() += 1;
        }
    }
}

/// Keeps those with the smallest random part of their id: an even choice that is the same however often a run was cut short.
fn sample(samples: &mut Vec<RecordId>, record: RecordId) {
    let random = |record: &RecordId| {
        let [.., a, b, c, d, e, f, g] = record.bytes();
        [a, b, c, d, e, f, g]
    };
    let place = samples.partition_point(|other| random(other) < random(&record));
    if place < MAX_SAMPLES {
        samples.insert(place, record);
        samples.truncate(MAX_SAMPLES);
    }
}
