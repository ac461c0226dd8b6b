//! What can be measured, and what all of it has in common: it starts, takes people in, costs something, stops.

use std::sync::Arc;

use anyhow::{Result, bail};
use chancery_tests::postgres::{Cluster, Durability};

use crate::chancery::Chancery;
use crate::ejabberd::Ejabberd;
use crate::fulltext::FullText;
use crate::index::Index;
use crate::prosody::Prosody;
use crate::search::Prepared;
use crate::seat::Seat;
use crate::usage::Processes;
use crate::yardstick::Yardstick;

/// What is measured, in the order of the tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, clap::ValueEnum)]
pub enum Kind {
    /// Chancery on SQLite.
    ChancerySqlite,
    /// Chancery on PostgreSQL.
    ChanceryPostgres,
    /// Fan-out in memory.
    Bare,
    /// The same after a commit to SQLite.
    BareSqlite,
    /// The same after a commit to PostgreSQL.
    BarePostgres,
    /// An XMPP server with its archive on PostgreSQL.
    Ejabberd,
    /// An XMPP server with its archive on SQLite.
    Prosody,
    /// PostgreSQL's own search over the same texts.
    PostgresText,
    /// The search index alone, as it is.
    IndexSealed,
    /// The same with plain files.
    IndexPlain,
    /// Plain files, asked by tantivy's own queries.
    IndexTantivy,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::ChancerySqlite,
        Self::ChanceryPostgres,
        Self::Bare,
        Self::BareSqlite,
        Self::BarePostgres,
        Self::Ejabberd,
        Self::Prosody,
        Self::PostgresText,
        Self::IndexSealed,
        Self::IndexPlain,
        Self::IndexTantivy,
    ];

    /// As the tables call it.
    pub fn label(self) -> &'static str {
        match self {
            Self::ChancerySqlite => "Chancery, SQLite",
            Self::ChanceryPostgres => "Chancery, PostgreSQL",
            Self::Bare => "bare",
            Self::BareSqlite => "bare-durable, SQLite",
            Self::BarePostgres => "bare-durable, PostgreSQL",
            Self::Ejabberd => "ejabberd, PostgreSQL",
            Self::Prosody => "Prosody, SQLite",
            Self::PostgresText => "PostgreSQL full text",
            Self::IndexSealed => "Chancery, encrypted",
            Self::IndexPlain => "Chancery, plain files",
            Self::IndexTantivy => "tantivy, plain files",
        }
    }

    /// Whether it is a Chancery.
    pub fn is_chancery(self) -> bool {
        matches!(self, Self::ChancerySqlite | Self::ChanceryPostgres)
    }

    /// Whether people can talk to each other there.
    pub fn is_messenger(self) -> bool {
        !matches!(self, Self::PostgresText) && !self.is_index()
    }

    /// Whether it is a search index without a server.
    pub fn is_index(self) -> bool {
        matches!(self, Self::IndexSealed | Self::IndexPlain | Self::IndexTantivy)
    }

    /// Whether it is a yardstick, which keeps nothing one could ask for.
    pub fn is_yardstick(self) -> bool {
        matches!(self, Self::Bare | Self::BareSqlite | Self::BarePostgres)
    }
}

/// Something to measure, with its storage. Its server runs only while it is measured.
pub struct System {
    /// Which.
    pub kind: Kind,
    /// It.
    pub server: Server,
    /// The long conversation of *history* is there.
    pub history_written: bool,
    /// What *search* has made.
    pub searched: Option<Prepared>,
}

/// The different sorts of it.
pub enum Server {
    /// The product.
    Chancery(Box<Chancery>),
    /// A yardstick.
    Yardstick(Yardstick),
    /// An XMPP server.
    Ejabberd(Ejabberd),
    /// Another.
    Prosody(Prosody),
    /// PostgreSQL's search.
    FullText(FullText),
    /// An index without a server.
    Index(Index),
}

/// One durable PostgreSQL for everything that needs one.
pub struct Clusters(Option<Arc<Cluster>>);

impl Clusters {
    /// None started yet.
    pub fn new() -> Self {
        Self(None)
    }

    /// It, started when it is first asked for, with `fsync` and `synchronous_commit` on (asserted).
    pub fn get(&mut self) -> Arc<Cluster> {
        self.0.get_or_insert_with(|| Arc::new(Cluster::start(Durability::Durable))).clone()
    }

    /// It, if anything asked for it.
    pub fn started(&self) -> Option<&Arc<Cluster>> {
        self.0.as_ref()
    }
}

impl System {
    /// Makes its empty storage.
    ///
    /// # Errors
    /// When that fails.
    pub async fn make(kind: Kind, clusters: &mut Clusters) -> Result<Self> {
        let server = match kind {
            Kind::ChancerySqlite => Server::Chancery(Box::new(Chancery::make(None).await)),
            Kind::ChanceryPostgres => Server::Chancery(Box::new(Chancery::make(Some(clusters.get())).await)),
            Kind::Bare => Server::Yardstick(Yardstick::bare()),
            Kind::BareSqlite => Server::Yardstick(Yardstick::sqlite()),
            Kind::BarePostgres => Server::Yardstick(Yardstick::postgres(clusters.get())),
            Kind::Ejabberd => Server::Ejabberd(Ejabberd::make(clusters.get())?),
            Kind::Prosody => Server::Prosody(Prosody::make()?),
            Kind::PostgresText => Server::FullText(FullText::make()),
            Kind::IndexSealed | Kind::IndexPlain | Kind::IndexTantivy => Server::Index(Index::make(kind)),
        };
        Ok(Self { kind, server, history_written: false, searched: None })
    }

    /// Starts its server and waits until it can be connected to.
    ///
    /// # Errors
    /// When it does not start.
    pub async fn start(&mut self) -> Result<()> {
        match &mut self.server {
            Server::Chancery(chancery) => chancery.start().await,
            Server::Yardstick(yardstick) => yardstick.start()?,
            Server::Ejabberd(ejabberd) => ejabberd.start().await?,
            Server::Prosody(prosody) => prosody.start().await?,
            // PostgreSQL runs already.
            Server::FullText(_) | Server::Index(_) => {}
        }
        Ok(())
    }

    /// Stops its server.
    ///
    /// # Errors
    /// When that fails.
    pub async fn stop(&mut self) -> Result<()> {
        match &mut self.server {
            Server::Chancery(chancery) => chancery.stop().await,
            Server::Yardstick(yardstick) => yardstick.stop()?,
            Server::Ejabberd(ejabberd) => ejabberd.stop()?,
            Server::Prosody(prosody) => prosody.stop()?,
            Server::FullText(_) | Server::Index(_) => {}
        }
        Ok(())
    }

    /// The processes whose cost counts.
    pub fn processes(&self) -> Processes {
        match &self.server {
            Server::Chancery(chancery) => chancery.processes(),
            Server::Yardstick(yardstick) => yardstick.processes(),
            Server::Ejabberd(ejabberd) => ejabberd.processes(),
            Server::Prosody(prosody) => prosody.processes(),
            Server::FullText(fulltext) => {
                Processes { server: Vec::new(), postmaster: Some(fulltext.postmaster()) }
            }
            Server::Index(_) => Processes::default(),
        }
    }

    /// What its server logged last, to understand a failure.
    pub fn last_words(&self) -> String {
        let log = match &self.server {
            Server::Chancery(chancery) => chancery.house.server.log(),
            Server::Yardstick(_) | Server::FullText(_) | Server::Index(_) => String::new(),
            Server::Ejabberd(ejabberd) => ejabberd.log(),
            Server::Prosody(prosody) => prosody.log(),
        };
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(20)..].join("\n")
    }

    /// People in groups, for a purpose. People, groups and what they said stay from one run to the next.
    ///
    /// # Errors
    /// When an account or a conversation is refused.
    pub async fn seats(&mut self, purpose: &str, people: usize, group: usize) -> Result<Vec<Seat>> {
        match &mut self.server {
            Server::Chancery(chancery) => chancery.seats(purpose, people, group).await,
            Server::Yardstick(yardstick) => Ok(yardstick.seats(people, group)),
            Server::Ejabberd(ejabberd) => ejabberd.seats(purpose, people, group),
            Server::Prosody(prosody) => prosody.seats(purpose, people, group),
            Server::FullText(_) | Server::Index(_) => bail!("nobody can talk here"),
        }
    }
}
