//! Opening connections, with what each database must be told first.

use std::path::PathBuf;

use diesel::connection::{Connection as _, SimpleConnection};
use diesel::{PgConnection, QueryableByName, RunQueryDsl, SqliteConnection};
use zeroize::Zeroizing;

use super::Conn;
use crate::ground::error::Error;

/// Where a database is.
#[derive(Clone)]
pub enum Target {
    /// A file.
    Sqlite(PathBuf),
    /// A connection string; it holds a password and is never shown.
    Postgres(String),
}

/// Opens connections to one database.
#[derive(Clone)]
pub struct Opener {
    target: Target,
    /// Tests show with it that they notice a database that does not wait for the disk.
    unsafe_no_sync: bool,
}

/// WAL with FULL syncs every commit. `recursive_triggers` lets the append-only triggers see the deletion
/// inside an INSERT OR REPLACE. `temp_store` keeps sorting out of temporary files.
const SQLITE: &str = "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON; \
    PRAGMA recursive_triggers = ON; PRAGMA temp_store = MEMORY; PRAGMA secure_delete = ON; \
    PRAGMA trusted_schema = OFF;";

/// The three time limits guard the head lock: a node that stops inside its transaction is put out of it. Compiling a plan
/// takes PostgreSQL longer than any statement of ours runs.
const POSTGRES: &str = "SET TIME ZONE 'UTC'; SET lock_timeout = '10s'; SET statement_timeout = '30s'; \
    SET idle_in_transaction_session_timeout = '5s'; SET synchronous_commit = 'on'; \
    SET client_min_messages = 'warning'; SET jit = off;";

/// A line that went dead without a word is given up: nobody can wait for an answer that never comes, and the head
/// lock of a lost connection is free after the limits above. Whoever sets one of them in the address decides.
const LINE: [(&str, &str); 5] = [
    ("connect_timeout", "5"),
    ("keepalives_idle", "10"),
    ("keepalives_interval", "5"),
    ("keepalives_count", "3"),
    ("tcp_user_timeout", "25000"),
];

impl Opener {
    /// For a database that waits for the disk.
    pub fn new(target: Target) -> Self {
        Self { target, unsafe_no_sync: false }
    }

    /// Never waits for the disk: what was acknowledged can be lost until [`Opener::settle`]. For tests of the tests, and
    /// for filling a new demo.
    #[must_use]
    pub fn without_sync(mut self) -> Self {
        self.unsafe_no_sync = true;
        self
    }

    /// Where the database is.
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// A connection that may only read.
    ///
    /// # Errors
    /// When the database cannot be reached or opened.
    pub fn open_reader(&self) -> Result<Conn, Error> {
        let mut conn = self.open()?;
        if let Conn::Sqlite(_) = conn {
            conn.batch_execute("PRAGMA query_only = ON")?;
        }
        Ok(conn)
    }

    /// A connection that writes.
    ///
    /// # Errors
    /// When the database cannot be reached or opened.
    pub fn open_writer(&self) -> Result<Conn, Error> {
        self.open()
    }

    /// Brings everything to disk that connections [without sync](Self::without_sync) wrote; none of them may be open any
    /// longer. PostgreSQL needs no telling.
    ///
    /// # Errors
    /// When the database cannot be opened, or the disk cannot be written.
    pub fn settle(&self) -> Result<(), Error> {
        let Conn::Sqlite(mut conn) = self.open()? else { return Ok(()) };
        // With FULL, a checkpoint syncs the log before it moves it into the database, and then the database.
        let state: Checkpoint = diesel::sql_query("PRAGMA wal_checkpoint(TRUNCATE)").get_result(&mut conn)?;
        if state.busy != 0 {
            return Err(Error::storage("somebody still reads the database"));
        }
        Ok(())
    }

    fn open(&self) -> Result<Conn, Error> {
        match &self.target {
            Target::Sqlite(path) => {
                let text =
                    path.to_str().ok_or_else(|| Error::storage("the path of the database is not UTF-8"))?;
                let mut conn = SqliteConnection::establish(text).map_err(|e| {
                    Error::storage(format!("cannot open the database {}: {e}", path.display()))
                })?;
                conn.batch_execute(SQLITE)?;
                let sync = if self.unsafe_no_sync { "OFF" } else { "FULL" };
                conn.batch_execute(&format!("PRAGMA synchronous = {sync}"))?;
                Ok(Conn::Sqlite(conn))
            }
            Target::Postgres(url) => {
                let mut conn = PgConnection::establish(&with_line_limits(url))
                    .map_err(|e| Error::storage(format!("cannot connect to PostgreSQL: {e}")))?;
                conn.batch_execute(POSTGRES)?;
                if self.unsafe_no_sync {
                    conn.batch_execute("SET synchronous_commit = 'off'")?;
                }
                Ok(Conn::Postgres(conn))
            }
        }
    }
}

#[derive(QueryableByName)]
struct Checkpoint {
    #[diesel(sql_type = diesel::sql_types::Integer)]
    busy: i32,
}

/// The address with [`LINE`], as far as it does not say otherwise itself.
fn with_line_limits(address: &str) -> Zeroizing<String> {
    let Ok(mut url) = url::Url::parse(address) else { return Zeroizing::new(address.to_owned()) };
    let said: Vec<String> = url.query_pairs().map(|(key, _)| key.into_owned()).collect();
    let missing = LINE.iter().filter(|(key, _)| said.iter().all(|said| said != key));
    url.query_pairs_mut().extend_pairs(missing);
    Zeroizing::new(url.into())
}

#[cfg(test)]
mod tests {
    use super::with_line_limits;

    #[test]
    fn limits_are_added_where_the_address_says_nothing() {
        let all = with_line_limits("postgres://a:b%20c@h:5/d");
        assert_eq!(
            *all,
            "postgres://a:b%20c@h:5/d?connect_timeout=5&keepalives_idle=10&keepalives_interval=5\
             &keepalives_count=3&tcp_user_timeout=25000"
        );
        let own = with_line_limits("postgres://h/d?sslmode=verify-full&connect_timeout=60");
        assert!(own.starts_with("postgres://h/d?sslmode=verify-full&connect_timeout=60&keepalives_idle=10"));
        assert_eq!(own.matches("connect_timeout").count(), 1);
        // Several hosts with ports are no address that the parser reads; libpq does.
        assert_eq!(*with_line_limits("postgres://one:1,two:2/d"), "postgres://one:1,two:2/d");
    }
}
