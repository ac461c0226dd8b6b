//! What was found when somebody looked at how the server is. The rules of `health` and `ready` are asked of it alone.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use chancery_protocol::Micros;
use tokio::time::Duration;
use tracing::Level;

use super::machine::{Process, Room};
use super::store::{Place, Said};
use crate::ground::http::tls::TlsFault;
use crate::notify::Passage;
use crate::search;

/// What does not change while the server runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fixed {
    /// Whether people's browsers speak TLS, to the server or to a proxy before it.
    pub https: bool,
    /// Folder of the data.
    pub data: PathBuf,
    /// File of the master key.
    pub master_key: PathBuf,
    /// File of the database, if it is one.
    pub database_file: Option<PathBuf>,
    /// File of the key store, if it is one.
    pub keys_file: Option<PathBuf>,
    /// Whether the people are invented.
    pub demo: bool,
    /// How much is logged.
    pub log_level: Level,
    /// Where figures can be read.
    pub metrics: Option<SocketAddr>,
}

/// What was found.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Found {
    /// When.
    pub now: Micros,
    /// What does not change.
    pub fixed: Fixed,
    /// Until when the certificate in use holds; absent when the server has none.
    pub certificate_ends: Option<Micros>,
    /// Why the files of the certificate, as they lie there now, cannot be used.
    pub certificate_fault: Option<Arc<TlsFault>>,
    /// Whether the server was asked to stop.
    pub stopping: bool,
    /// How long the database's last answer took; `None` when there was none.
    pub database: Option<Duration>,
    /// How far the database's clock is ahead of this machine's; `None` where it has none.
    pub clock_ahead: Option<Micros>,
    /// How long the key store's last answer took; `None` when there was none.
    pub keys: Option<Duration>,
    /// Where the key store is, when it is PostgreSQL.
    pub keys_place: Option<Place>,
    /// What the database says when it is asked at length; `None` when it was not, or does not answer.
    pub said: Option<Said>,
    /// Whether the writer's thread runs.
    pub writer_runs: bool,
    /// How long it has been at one batch.
    pub writing_for: Option<Duration>,
    /// Units that wait for it.
    pub waiting: usize,
    /// How long ago the tail last looked for news.
    pub tail_silence: Option<Duration>,
    /// Records the tail has not delivered.
    pub tail_lag: u64,
    /// The search index; `None` when it does not answer.
    pub search: Option<search::Stats>,
    /// Whether mails leave; `None` where no mail server is set up.
    pub mail: Option<Passage>,
    /// Room for the data.
    pub room: Option<Room>,
    /// What the process takes.
    pub process: Option<Process>,
    /// Whether others can read the master key.
    pub master_key_open: Option<bool>,
}

/// A writer that is longer at one batch does not get on.
const WRITING: Duration = Duration::from_secs(10);
/// A tail that looks once a second and has been silent for longer hangs.
const SILENCE: Duration = Duration::from_secs(15);
/// With less room no record may find a place.
const LEAST_ROOM: u64 = 32 * 1024 * 1024;

impl Found {
    /// Whether the writer runs and gets on.
    pub fn writes(&self) -> bool {
        self.writer_runs && self.writing_for.is_none_or(|long| long <= WRITING)
    }

    /// Whether committed records are delivered.
    pub fn delivers(&self) -> bool {
        self.tail_silence.is_some_and(|silence| silence <= SILENCE)
    }

    /// Whether the disk takes more.
    pub fn has_room(&self) -> bool {
        self.room.is_none_or(|room| room.free >= LEAST_ROOM)
    }
}
