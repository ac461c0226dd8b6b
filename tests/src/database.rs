//! The two databases a house can stand on, and a way to ask them directly.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use crate::base::new_folder;
use crate::postgres::{Cluster, Durability, shared};
use crate::process::require;

/// Which database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Database {
    /// The embedded default.
    Sqlite,
    /// The engine for scale.
    Postgres,
}

/// A data folder and, on PostgreSQL, a pair of databases.
pub struct Storage {
    /// Which database.
    pub kind: Database,
    /// `data` of the configuration.
    pub data: PathBuf,
    postgres: Option<Postgres>,
}

struct Postgres {
    cluster: Arc<Cluster>,
    main: String,
    keys: String,
}

impl Storage {
    /// Empty storage; PostgreSQL is the quick cluster all tests share.
    pub fn new(kind: Database) -> Arc<Self> {
        Self::over(kind, shared)
    }

    /// Empty storage that survives losing power; PostgreSQL is a cluster of its own, free to be killed.
    pub fn durable(kind: Database) -> Arc<Self> {
        Self::over(kind, || Arc::new(Cluster::start(Durability::Durable)))
    }

    /// Empty storage in a given cluster.
    pub fn in_cluster(cluster: Arc<Cluster>) -> Arc<Self> {
        Self::over(Database::Postgres, || cluster)
    }

    fn over(kind: Database, cluster: impl FnOnce() -> Arc<Cluster>) -> Arc<Self> {
        let data = new_folder("data");
        let postgres = (kind == Database::Postgres).then(|| {
            let cluster = cluster();
            let (main, keys) = cluster.new_databases();
            Postgres { cluster, main, keys }
        });
        Arc::new(Self { kind, data, postgres })
    }

    /// The configuration that points a server here.
    pub fn settings(&self) -> Vec<(String, String)> {
        let mut settings = vec![("CHANCERY_DATA".to_owned(), self.data.to_str().unwrap().to_owned())];
        if let Some(postgres) = &self.postgres {
            let (cluster, main, keys) = (&postgres.cluster, &postgres.main, &postgres.keys);
            settings.push(("CHANCERY_DATABASE_URL".into(), cluster.url("chancery", main)));
            settings.push(("CHANCERY_DATABASE_MIGRATION_URL".into(), cluster.url("chancery_owner", main)));
            settings.push(("CHANCERY_KEYS_URL".into(), cluster.url("chancery", keys)));
        }
        settings
    }

    /// The configuration that leads the server to its archive through another port (a proxy), in the clear.
    pub fn through_port(&self, port: u16) -> (String, String) {
        let main = &self.postgres().main;
        let url =
            format!("postgres://chancery:secret@127.0.0.1:{port}/{main}?sslmode=disable&gssencmode=disable");
        ("CHANCERY_DATABASE_URL".to_owned(), url)
    }

    fn postgres(&self) -> &Postgres {
        self.postgres.as_ref().expect("this storage is SQLite")
    }

    /// The cluster.
    ///
    /// # Panics
    /// On SQLite.
    pub fn cluster(&self) -> &Arc<Cluster> {
        &self.postgres().cluster
    }

    /// Name of the archive's database.
    pub fn main_database(&self) -> &str {
        &self.postgres().main
    }

    /// Name of the key store's database.
    pub fn keys_database(&self) -> &str {
        &self.postgres().keys
    }

    /// The archive's file.
    pub fn file(&self) -> PathBuf {
        self.data.join("chancery.db")
    }

    /// Runs statements on the archive with every right the database has to give.
    pub fn sql(&self, statements: &str) -> String {
        match &self.postgres {
            Some(postgres) => postgres.cluster.sql(&postgres.main, statements),
            None => {
                sqlite(&self.file(), statements).unwrap_or_else(|problem| panic!("{statements}: {problem}"))
            }
        }
    }

    /// Runs statements on the archive as the server itself could.
    ///
    /// # Errors
    /// What the database said.
    pub fn sql_as_server(&self, statements: &str) -> Result<String, String> {
        match &self.postgres {
            Some(postgres) => postgres.cluster.try_sql("chancery", &postgres.main, statements),
            None => sqlite(&self.file(), statements),
        }
    }

    /// An expression for the bytes of a column as hexadecimal text.
    pub fn hex(&self, column: &str) -> String {
        match self.kind {
            Database::Sqlite => format!("lower(hex({column}))"),
            Database::Postgres => format!("encode({column}, 'hex')"),
        }
    }

    /// A literal of some bytes.
    pub fn bytes(&self, bytes: &[u8]) -> String {
        let hex = data_encoding::HEXLOWER.encode(bytes);
        match self.kind {
            Database::Sqlite => format!("X'{hex}'"),
            Database::Postgres => format!("'\\x{hex}'::bytea"),
        }
    }
}

/// Runs statements on an SQLite file.
///
/// # Errors
/// What sqlite3 wrote to its standard error.
pub fn sqlite(file: &Path, statements: &str) -> Result<String, String> {
    require("sqlite3", "sqlite3");
    let mut command = Command::new("sqlite3");
    command.args(["-batch", "-bail", "-noheader", "-separator", "|", "-cmd", ".timeout 20000"]).arg(file);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), statements.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_owned())
}

/// Runs a test once on each database: `on_both_databases! { async fn name(kind) { … } }` makes the tests
/// `name::sqlite` and `name::postgres`.
#[macro_export]
macro_rules! on_both_databases {
    ($($(#[$meta:meta])* async fn $name:ident($kind:ident) $body:block)*) => {$(
        $(#[$meta])*
        mod $name {
            use super::*;

            async fn body($kind: $crate::database::Database) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                body($crate::database::Database::Sqlite).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                body($crate::database::Database::Postgres).await;
            }
        }
    )*};
}
