//! One database behind two engines: SQLite (embedded default) and PostgreSQL, one set of queries.
//!
//! What must stay true: records are written by `journal::commit` only. What is *not* a record goes through
//! [`Db::write`], never together with a record and without the head lock:
//!
//! | Table | What | Who writes it |
//! |---|---|---|
//! | `sessions` | signed-in devices | `access` |
//! | `login_delays` | failed sign-ins | `access` |
//! | `syncs`, `identities` (standing) | runs of reading a source in the background, and what it said last | `provisioning` |
//! | `scim_tokens` (last use) | when a machine's token was last used | `provisioning` |
//! | `scim_resources` | what a source keeps here of its people and groups and nobody here goes by, sealed | `provisioning` |
//! | `spent` | what may be used once: states of sign-ins, logout tokens, tickets; devices that guessed too often | `access` |
//! | `marks` | how far somebody has read | `conversations` |
//! | `drafts` | unsent text, sealed | `conversations` |
//! | `preferences` | what a person has arranged for themselves, sealed | `directory` |
//! | `policy_items` (drafts) | what somebody is writing: a rule, a word list, the policy text; sealed | `acceptable_use` |
//! | `waiting` (put away) | that an author has seen a refusal | `messaging` |
//! | `backtests` | how far a run of a rule over the archive has got, and what it found, sealed | `review` |
//! | `followers` | how far an effect has followed the journal | `notify` |
//! | `mail_pairs`, `mail_decisions` | what is to be decided about unread messages, and what was | `notify` |
//! | `mails` | the outbox; that one is handed over is on record first | `outbox`, `notify` |
//! | `sent` (removal after 30 days) | answers to duplicates | `journal` |
//!
//! `factors` and `emergency` are written in units only, beside the record that says so; so is when they were used. `people_photos`
//! too.
//!
//! Database work runs on threads of its own, never on the socket workers.

mod connection;
pub mod dialect;
mod migrate;
mod open;
mod rights;
#[expect(missing_docs, reason = "the columns are documented where they are made, in the migrations")]
pub mod schema;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::r2d2::{ManageConnection, Pool, PooledConnection};
use tokio::sync::Semaphore;

use super::error::{Code, Error};
pub use connection::Conn;
pub use migrate::{Schema, grant_server_role};
pub use open::{Opener, Target};
pub use rights::{Rights, rights};

/// A database: a pool of readers, and the one writer of an embedded database.
#[derive(Clone)]
pub struct Db {
    opener: Arc<Opener>,
    readers: Pool<Readers>,
    /// As many as there are connections for reading, handed out in the order they were asked for. The pool wakes
    /// whichever thread comes first, and would have a thread wait for every request.
    turns: Arc<Semaphore>,
    /// SQLite has one writer at a time; taking turns here is cheaper than its busy handler.
    writer: Arc<Mutex<Option<Conn>>>,
}

/// How long a request waits for a connection.
const PATIENCE: Duration = Duration::from_secs(10);

/// How far a pool is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PoolUse {
    /// Most connections there can be.
    pub most: u32,
    /// Those there are.
    pub open: u32,
    /// Those at work.
    pub busy: u32,
}

/// Makes the pool's connections.
pub struct Readers(Arc<Opener>);

impl ManageConnection for Readers {
    type Connection = Conn;
    type Error = Error;

    fn connect(&self) -> Result<Conn, Error> {
        self.0.open_reader()
    }

    fn is_valid(&self, conn: &mut Conn) -> Result<(), Error> {
        match conn {
            Conn::Sqlite(_) => Ok(()),
            Conn::Postgres(_) => conn.batch_execute("SELECT 1").map_err(Error::from),
        }
    }

    fn has_broken(&self, _: &mut Conn) -> bool {
        std::thread::panicking()
    }
}

impl Db {
    /// Opens a database whose schema is already right.
    ///
    /// # Errors
    /// When it cannot be reached or opened.
    pub fn new(opener: Opener, readers: u32) -> Result<Self, Error> {
        let opener = Arc::new(opener);
        let pool = Pool::builder()
            .max_size(readers)
            // None in reserve: a connection that is still being made while a command ends would be torn down half-open.
            .min_idle(Some(0))
            .connection_timeout(PATIENCE)
            .error_handler(Box::new(LogPoolErrors))
            .build(Readers(Arc::clone(&opener)))
            .map_err(|e| Error::storage(e.to_string()))?;
        let turns = Arc::new(Semaphore::new(readers as usize));
        Ok(Self { opener, readers: pool, turns, writer: Arc::new(Mutex::new(None)) })
    }

    /// How far the connections for reading are used.
    pub fn pool_use(&self) -> PoolUse {
        let state = self.readers.state();
        PoolUse {
            most: self.readers.max_size(),
            open: state.connections,
            busy: state.connections.saturating_sub(state.idle_connections),
        }
    }

    /// Whether this is the embedded database.
    pub fn is_sqlite(&self) -> bool {
        matches!(self.opener.target(), Target::Sqlite(_))
    }

    /// How connections are made.
    pub fn opener(&self) -> &Opener {
        &self.opener
    }

    /// A connection for reading, on the calling thread.
    ///
    /// # Errors
    /// When none can be had in time.
    pub fn reader(&self) -> Result<PooledConnection<Readers>, Error> {
        self.readers.get().map_err(|e| Error::storage(e.to_string()))
    }

    /// Runs `work` on a reading connection, on a thread where blocking is allowed.
    ///
    /// # Errors
    /// Those of `work`, and when no connection can be had.
    pub async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Conn) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let db = self.clone();
        let turn = tokio::time::timeout(PATIENCE, Arc::clone(&self.turns).acquire_owned())
            .await
            .map_err(|_| Error::storage("no connection for reading became free in time"))?
            .map_err(Error::internal)?;
        blocking(move || {
            let _turn = turn;
            work(&mut *db.reader()?)
        })
        .await
    }

    /// Runs `work` in a transaction of its own, for what is no record (see the table above).
    ///
    /// # Errors
    /// Those of `work`; nothing is written then.
    pub async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Conn) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let db = self.clone();
        blocking(move || db.write_here(work)).await
    }

    /// As [`Db::write`], on the calling thread.
    ///
    /// # Errors
    /// As [`Db::write`].
    pub fn write_here<T>(&self, work: impl FnOnce(&mut Conn) -> Result<T, Error>) -> Result<T, Error> {
        if self.is_sqlite() {
            self.with_writer(|conn| transaction(conn, work))
        } else {
            let mut conn = self.reader()?;
            transaction(&mut conn, work)
        }
    }

    /// The one writing connection of an embedded database, one caller at a time. It is dropped, and opened
    /// anew by the next caller, when `work` fails with a storage error.
    ///
    /// # Errors
    /// Those of `work`, and when the database cannot be opened.
    pub fn with_writer<T>(&self, work: impl FnOnce(&mut Conn) -> Result<T, Error>) -> Result<T, Error> {
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let mut conn = match writer.take() {
            Some(conn) => conn,
            None => self.opener.open_writer()?,
        };
        let result = work(&mut conn);
        if !matches!(&result, Err(e) if e.code == Code::StorageUnavailable) {
            *writer = Some(conn);
        }
        result
    }
}

/// Runs blocking `work` on a thread made for it; lines of the log carry the number of the request it is done for.
///
/// # Errors
/// Those of `work`; `internal` when the thread died.
pub async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let span = tracing::Span::current();
    match tokio::task::spawn_blocking(move || span.in_scope(work)).await {
        Ok(result) => result,
        Err(e) => Err(Error::internal(format!("a database thread ended: {e}"))),
    }
}

type Manager = <Conn as diesel::Connection>::TransactionManager;

/// Opens a transaction that may write: on SQLite it takes the write lock at once, so that it cannot fail for it later.
///
/// # Errors
/// Those of the database.
pub fn begin(conn: &mut Conn) -> Result<(), Error> {
    match conn {
        Conn::Sqlite(conn) => AnsiTransactionManager::begin_transaction_sql(conn, "BEGIN IMMEDIATE")?,
        Conn::Postgres(conn) => AnsiTransactionManager::begin_transaction_sql(conn, "BEGIN")?,
    }
    Ok(())
}

/// Commits what [`begin`] opened, or releases the innermost [`savepoint`].
///
/// # Errors
/// Those of the database.
pub fn commit(conn: &mut Conn) -> Result<(), Error> {
    Ok(Manager::commit_transaction(conn)?)
}

/// Takes back what [`begin`] opened, or the innermost [`savepoint`].
///
/// # Errors
/// Those of the database.
pub fn rollback(conn: &mut Conn) -> Result<(), Error> {
    Ok(Manager::rollback_transaction(conn)?)
}

/// Opens a part of a transaction that can be taken back alone.
///
/// # Errors
/// Those of the database.
pub fn savepoint(conn: &mut Conn) -> Result<(), Error> {
    Ok(Manager::begin_transaction(conn)?)
}

/// [`begin`], `work`, [`commit`]; [`rollback`] when `work` fails.
///
/// # Errors
/// Those of `work` and of the database.
pub fn transaction<T>(conn: &mut Conn, work: impl FnOnce(&mut Conn) -> Result<T, Error>) -> Result<T, Error> {
    begin(conn)?;
    let result = work(conn).and_then(|value| commit(conn).map(|()| value));
    if result.is_err() {
        // A failed COMMIT or a lost connection may have ended the transaction already.
        let _ = rollback(conn);
    }
    result
}

/// The pool retries by itself; the log must say so once, without the connection's address.
#[derive(Debug)]
struct LogPoolErrors;

impl<E: std::error::Error> diesel::r2d2::HandleError<E> for LogPoolErrors {
    fn handle_error(&self, error: E) {
        tracing::warn!(%error, "no database connection");
    }
}
