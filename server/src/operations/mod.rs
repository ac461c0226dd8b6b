//! How the server is, for those who run it: figures for the overview (`figures`, `overview`), what is not in order
//! (`health` and its rules), whether it can do its work (`ready`), and metrics for a monitoring system (`metrics`,
//! `listener`).
//!
//! What must stay true: nothing here holds the text of a message, a name or an id of a person or a conversation; what
//! anybody may ask (`/healthz`, `/readyz`, `/metrics`) is answered from memory and asks no database; memory is bounded
//! however long the server runs. A node reports itself and nobody else.
//!
//! `watch` asks the databases once a second, `found` is what was found, `machine` asks the operating system.

mod api;
mod figures;
mod found;
mod health;
mod listener;
mod machine;
mod machine_rules;
mod metrics;
mod overview;
mod ready;
mod setup_rules;
mod store;
#[cfg(test)]
mod tests;
mod watch;

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use chancery_protocol::Micros;
use chancery_protocol::operations::{Check, Node};
use tokio::time::{Duration, Instant, MissedTickBehavior, interval};

use crate::access::Access;
use crate::delivery::Hub;
use crate::directory::Directory;
use crate::ground::config::{Config, DatabaseUrl};
use crate::ground::db::{Conn, blocking};
use crate::ground::error::Error;
use crate::ground::http::Traffic;
use crate::ground::http::tls::Certificate;
use crate::journal::{Journal, head};
use crate::notify::Notifier;
use crate::outbox::{self, Late};
use crate::search::{self, Search};
use crate::vault;

pub use api::{probes, routes};
use figures::{Past, Sample};
use found::{Fixed, Found};
use health::Since;
pub use listener::bind;
use store::{Place, Said};
use watch::{Probe, Watching, watch};

/// Seconds between two looks at what changes slowly and takes a database longer.
const SLOW: u32 = 15;
/// How often the search index is asked for its figures.
const SEARCH_EVERY: Duration = Duration::from_secs(2);
/// How often the checks are asked when nobody looks at them.
const CHECK_EVERY: Duration = Duration::from_secs(60);

/// The parts of the server that are looked at.
pub struct Watched {
    /// Writer, tail, database and key store.
    pub journal: Journal,
    /// Who there is.
    pub directory: Arc<Directory>,
    /// Who is signed in.
    pub access: Access,
    /// The sockets.
    pub hub: Arc<Hub>,
    /// The search index.
    pub search: Search,
    /// What hands mails over.
    pub notifier: Notifier,
    /// The server's certificate, if it speaks TLS itself.
    pub certificate: Option<Arc<Certificate>>,
}

/// How this node is; clones are the same.
#[derive(Clone)]
pub struct Operations(Arc<Inner>);

struct Inner {
    watched: Watched,
    traffic: Traffic,
    node: Node,
    fixed: Fixed,
    database: Arc<Probe<Database>>,
    keys: Arc<Probe<Option<Place>>>,
    search: Arc<Probe<search::Stats>>,
    slow: Arc<Mutex<Slow>>,
    past: Mutex<Past>,
    counted: Mutex<Option<(Micros, Instant, u64)>>,
    since: Since,
    stopping: AtomicBool,
    watching: Mutex<Vec<Watching>>,
}

/// What the database says once a second.
#[derive(Clone, Copy)]
struct Database {
    clock_ahead: Option<Micros>,
}

/// What it says now and then.
#[derive(Clone, Copy, Default)]
struct Slow {
    people_signed_in: Option<u64>,
    database_bytes: Option<u64>,
    mails: Option<Late>,
}

impl Operations {
    /// Begins to watch. `bound` is where the server listens.
    ///
    /// # Errors
    /// When no thread can be started.
    pub fn start(config: &Config, bound: SocketAddr, watched: Watched) -> Result<Self, Error> {
        let journal = &watched.journal;
        let node = Node {
            name: format!("{}:{}", machine::host_name(), bound.port()),
            started_at: journal.clock().now(),
            one_of_several: config.database.url.is_postgres() && config.keys.url.is_postgres(),
        };
        let slow = Arc::default();
        let (database, first) = watch_database(&watched, Arc::clone(&slow))?;
        let (keys, second) = watch("keys", journal.vault().store().opener().clone(), |conn| {
            vault::owner(conn)?;
            store::place(conn)
        })?;
        let search = Arc::default();
        ask_search(&search, &watched.search);
        Ok(Self(Arc::new(Inner {
            traffic: Traffic::default(),
            node,
            fixed: fixed(config),
            database,
            keys,
            search,
            slow,
            past: Mutex::default(),
            counted: Mutex::default(),
            since: Since::default(),
            stopping: AtomicBool::new(false),
            watching: Mutex::new(vec![first, second]),
            watched,
        })))
    }

    /// What is measured of HTTP requests.
    pub fn traffic(&self) -> Traffic {
        self.0.traffic.clone()
    }

    /// From now on this node is not ready.
    pub fn stopping(&self) {
        self.0.stopping.store(true, Ordering::SeqCst);
    }

    /// Asks the databases no more and closes the connections for it. Must not run on a socket worker.
    pub fn end(&self) {
        let watching = std::mem::take(&mut *self.0.watching.lock().unwrap_or_else(PoisonError::into_inner));
        watching.into_iter().for_each(Watching::end);
    }

    /// Measures once a second and asks the checks once a minute, for ever.
    pub async fn run(self) {
        actix_web::rt::spawn(self.clone().follow_search());
        let mut every_second = interval(Duration::from_secs(1));
        every_second.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut messages = self.0.watched.journal.meters().messages.get();
        let mut checked: Option<Instant> = None;
        loop {
            every_second.tick().await;
            messages = self.measure(messages);
            if checked.is_none_or(|at| at.elapsed() >= CHECK_EVERY) {
                checked = Some(Instant::now());
                let here = self.clone();
                // A database that is away is a check of its own.
                actix_web::rt::spawn(async move { here.checks().await.map(drop) });
            }
        }
    }

    /// Asks the search index for its figures, for ever. It reads folder and journal, so never on a socket worker.
    async fn follow_search(self) {
        let mut now_and_then = interval(SEARCH_EVERY);
        now_and_then.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            now_and_then.tick().await;
            let here = self.clone();
            let asked = blocking(move || {
                ask_search(&here.0.search, &here.0.watched.search);
                Ok(())
            });
            // Who does not answer is seen by the age of the last answer.
            let _: Result<(), Error> = asked.await;
        }
    }

    /// One second. Returns how many messages there were up to now.
    fn measure(&self, before: u64) -> u64 {
        let Watched { journal, hub, .. } = &self.0.watched;
        let messages = journal.meters().messages.get();
        let sample = Sample {
            connections: u32::try_from(hub.count()).unwrap_or(u32::MAX),
            messages: messages.saturating_sub(before),
            delivery: hub.meters().latency.take(),
            commit: journal.meters().commits.take(),
        };
        self.past().put(journal.clock().now(), &sample);
        messages
    }

    fn past(&self) -> std::sync::MutexGuard<'_, Past> {
        self.0.past.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn slow(&self) -> Slow {
        *self.0.slow.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// All checks, worst first. Asks the database.
    async fn checks(&self) -> Result<Vec<Check>, Error> {
        let here = self.clone();
        blocking(move || {
            let said = match here.0.database.answer() {
                Some(_) => store::said(
                    &mut *here.0.watched.journal.db().reader()?,
                    here.0.watched.journal.clock().now(),
                )
                .ok(),
                None => None,
            };
            Ok(here.0.since.check(&here.found(said)))
        })
        .await
    }

    /// What is found without asking a database.
    fn found(&self, said: Option<Said>) -> Found {
        let inner = &self.0;
        let journal = &inner.watched.journal;
        let certificate = inner.watched.certificate.as_ref();
        let (database, keys, meters) = (inner.database.answer(), inner.keys.answer(), journal.meters());
        Found {
            now: journal.clock().now(),
            fixed: inner.fixed.clone(),
            certificate_ends: certificate.map(|certificate| certificate.ends()),
            certificate_fault: certificate.and_then(|certificate| certificate.fault()),
            stopping: inner.stopping.load(Ordering::SeqCst),
            database: database.map(|(_, took)| took),
            clock_ahead: database.and_then(|(database, _)| database.clock_ahead),
            keys: keys.as_ref().map(|(_, took)| *took),
            keys_place: keys.and_then(|(place, _)| place),
            said,
            writer_runs: meters.writer_runs(),
            writing_for: meters.writing_for(),
            waiting: journal.waiting(),
            tail_silence: meters.tail_silence(),
            tail_lag: meters.tail_lag(),
            search: inner.search.answer().map(|(stats, _)| stats),
            mail: inner.watched.notifier.passage(),
            room: machine::room(&inner.fixed.data),
            process: machine::process(),
            master_key_open: machine::open_to_others(&inner.fixed.master_key),
        }
    }
}

fn ask_search(probe: &Probe<search::Stats>, search: &Search) {
    probe.ask("search index", || search.stats());
}

fn watch_database(
    watched: &Watched,
    slow: Arc<Mutex<Slow>>,
) -> Result<(Arc<Probe<Database>>, Watching), Error> {
    let (journal, access) = (watched.journal.clone(), watched.access.clone());
    let opener = journal.db().opener().clone();
    let mut until_slow = 0;
    watch("database", opener.clone(), move |conn: &mut Conn| {
        let before = journal.clock().now();
        let theirs = store::time(conn)?;
        let after = journal.clock().now();
        journal.meters().saw(head(conn)?.position);
        if until_slow == 0 {
            let said = Slow {
                people_signed_in: Some(access.signed_in(conn)?),
                database_bytes: Some(store::size(conn, opener.target())?),
                mails: Some(outbox::late(conn, after)?),
            };
            *slow.lock().unwrap_or_else(PoisonError::into_inner) = said;
            until_slow = SLOW;
        }
        until_slow -= 1;
        Ok(Database { clock_ahead: theirs.map(|theirs| theirs - before.midpoint(after)) })
    })
}

fn fixed(config: &Config) -> Fixed {
    let file = |url: &DatabaseUrl| match url {
        DatabaseUrl::Sqlite(file) => Some(file.clone()),
        DatabaseUrl::Postgres(_) => None,
    };
    Fixed {
        https: config.public_url.is_https(),
        data: config.data.clone(),
        master_key: config.keys.master_key_file.clone(),
        database_file: file(&config.database.url),
        keys_file: file(&config.keys.url),
        demo: config.demo,
        log_level: config.log.level,
        metrics: config.metrics.listen,
    }
}
