//! How the server itself is: the figures of the overview, and what is not in order. Figures only: no names of people, no
//! ids, no text of messages.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Micros;

/// What `GET /overview` is asked, as the query of the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct OverviewQuery {
    /// How far back the series reach.
    pub span: Span,
    /// From when on messages are counted, at most 48 hours ago: midnight where the reader is. Midnight UTC by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<Micros>,
}

/// How far back series reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Span {
    /// One hour, a point every 10 seconds.
    #[default]
    Hour,
    /// 24 hours, a point every 5 minutes.
    Day,
}

/// What one node measured of itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Overview {
    /// Who says so.
    pub node: Node,
    /// When.
    pub at: Micros,
    /// The figures now.
    pub now: Figures,
    /// The figures over time.
    pub series: Series,
    /// What the node stands on, and how it is.
    pub components: Vec<Component>,
}

/// The node that answers. Figures are its own; with several nodes each tells of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Node {
    /// Host name and port.
    pub name: String,
    /// When it was started; it remembers nothing older.
    pub started_at: Micros,
    /// Whether there may be others beside it: so with PostgreSQL.
    pub one_of_several: bool,
}

/// Figures of this moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Figures {
    /// Open sockets of this node.
    pub connections: u64,
    /// People who have one.
    pub people_connected: u64,
    /// People with a running session, on all nodes. Absent while the database has not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub people_signed_in: Option<u64>,
    /// People with an account that is not suspended.
    pub people: u64,
    /// Messages this node committed per second, over the last 10 seconds.
    pub messages_per_second: f64,
    /// Messages of all nodes, of those that are still there.
    pub messages: Counted,
    /// From commit to the queues of all sockets, over the last minute. Absent when nothing was delivered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery: Option<Shares>,
    /// From the first try of a batch to its commit, over the last minute. Absent when nothing was committed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<Shares>,
}

/// A number of something since some moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Counted {
    /// Since when.
    pub since: Micros,
    /// How many.
    pub count: u64,
}

/// Durations that 50, 95 and 99 of 100 did not exceed, in microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Shares {
    /// 50 of 100.
    pub p50: u32,
    /// 95 of 100.
    pub p95: u32,
    /// 99 of 100.
    pub p99: u32,
}

/// Figures over time. All lists are of one length, oldest first; `null` is a gap: the server did not run, or nothing
/// was there to measure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Series {
    /// How far back.
    pub span: Span,
    /// Beginning of the first step.
    pub from: Micros,
    /// Length of a step. The last one is over.
    pub step_seconds: u32,
    /// Most open sockets in the step.
    pub connections: Vec<Option<u32>>,
    /// Messages this node committed per second.
    pub messages_per_second: Vec<Option<f64>>,
    /// Delivery, 50 of 100, in microseconds.
    pub delivery_p50: Vec<Option<u32>>,
    /// Delivery, 95 of 100, in microseconds.
    pub delivery_p95: Vec<Option<u32>>,
    /// Delivery, 99 of 100, in microseconds.
    pub delivery_p99: Vec<Option<u32>>,
    /// Commits, 95 of 100, in microseconds.
    pub commit_p95: Vec<Option<u32>>,
}

/// How something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Something must be done now.
    Bad,
    /// Something should be done.
    Warn,
    /// In order.
    Ok,
}

/// A fact beside a state. Numbers carry their unit in the fact's name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Fact {
    /// Yes or no.
    Flag(bool),
    /// A whole number.
    Number(i64),
    /// A word: a setting's value, a file's path, an address.
    Text(String),
}

/// Facts by name.
pub type Facts = BTreeMap<String, Fact>;

/// Something the node stands on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Component {
    /// What.
    pub name: ComponentName,
    /// How it is.
    pub state: State,
    /// How long its last answer took, in microseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response: Option<u32>,
    /// What else is known.
    #[serde(default, skip_serializing_if = "Facts::is_empty")]
    pub facts: Facts,
}

/// What a node stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ComponentName {
    /// The data. Facts: `engine` (`sqlite`, `postgresql`), `bytes`, `readers_busy`, `readers_most`.
    Database,
    /// The wrapped keys. Facts: `engine`.
    Keys,
    /// What writes the journal. Facts: `waiting` units, `writing_milliseconds` of the batch under way.
    Writer,
    /// What hands committed records to the sockets. Facts: `lag` in records, `silence_milliseconds`.
    Delivery,
    /// The index that search asks. Facts: `state` (`opening`, `ready`, `rebuilding`, `damaged`), `lag` in records,
    /// `messages`, `disk_bytes`; of memory `cache_bytes`, `vocabulary_bytes`, `dictionary_bytes`, `column_bytes`; while it
    /// is made anew `done` and `total` records. None of them while it does not answer.
    Search,
    /// The volume of the data folder. Facts: `free_bytes`, `total_bytes`.
    Disk,
}

/// What is in order and what is not, worst first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Health {
    /// Who says so.
    pub node: Node,
    /// When it was looked.
    pub at: Micros,
    /// Everything that was looked at.
    pub checks: Vec<Check>,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Check {
    /// Which; never changes its meaning.
    pub code: CheckCode,
    /// How it is.
    pub state: State,
    /// Since when it has been so; at the earliest since the node was started.
    pub since: Micros,
    /// What was found.
    #[serde(default, skip_serializing_if = "Facts::is_empty")]
    pub facts: Facts,
    /// What was found, in a sentence.
    pub says: String,
    /// What mends it, in a sentence; absent when it is in order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mend: Option<String>,
    /// The setting that mends it, where one does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub setting: Option<String>,
}

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CheckCode {
    /// Whether the database answers.
    Database,
    /// Whether the key store answers.
    Keys,
    /// Whether the writer of the journal runs and gets on.
    Writer,
    /// Whether committed records are delivered.
    Delivery,
    /// Whether the search index answers and keeps up with the journal.
    Search,
    /// How much room the volume of the data folder has.
    Disk,
    /// How many files the process may still open; a socket is one.
    OpenFiles,
    /// Whether people reach the server through TLS.
    Transport,
    /// How long the certificate in use holds.
    Certificate,
    /// Whether the database waits for the disk before it says that something is written.
    Durability,
    /// Whether the server's own database role could change or delete records.
    DatabaseRole,
    /// Whether the connection to a database on another machine is encrypted.
    DatabaseLine,
    /// Whether the machine's clock and the database's agree.
    Clock,
    /// Whether the master key lies apart from the data.
    MasterKeyPlace,
    /// Whether only the server's account can read the master key.
    MasterKeyRights,
    /// Whether the key store lies apart from the data.
    KeyStorePlace,
    /// Whether there are at least two administrators.
    Administrators,
    /// Whether there is a compliance officer at all.
    Officers,
    /// Whether accounts were made long ago and never used.
    Invitations,
    /// Whether directories that are read in the background could be read, and nothing waits for an administrator.
    Directories,
    /// Whether an account for emergencies was used lately.
    Emergency,
    /// Whether guests have a sponsor and an end, and whose time is nearly over.
    Guests,
    /// Whether mails get through, where a mail server is set up. Facts: `waiting` mails, `oldest` of them.
    Mail,
    /// Whether the server is marked as a demo.
    Demo,
    /// Whether the log says more than it should in daily work.
    LogLevel,
    /// Whether figures can be read from other machines without TLS.
    Metrics,
}

impl CheckCode {
    /// Every check, in the order of lists.
    pub const ALL: [CheckCode; 26] = [
        CheckCode::Database,
        CheckCode::Keys,
        CheckCode::Writer,
        CheckCode::Delivery,
        CheckCode::Search,
        CheckCode::Disk,
        CheckCode::OpenFiles,
        CheckCode::Transport,
        CheckCode::Certificate,
        CheckCode::Durability,
        CheckCode::DatabaseRole,
        CheckCode::DatabaseLine,
        CheckCode::Clock,
        CheckCode::MasterKeyPlace,
        CheckCode::MasterKeyRights,
        CheckCode::KeyStorePlace,
        CheckCode::Administrators,
        CheckCode::Officers,
        CheckCode::Invitations,
        CheckCode::Directories,
        CheckCode::Emergency,
        CheckCode::Guests,
        CheckCode::Mail,
        CheckCode::Demo,
        CheckCode::LogLevel,
        CheckCode::Metrics,
    ];
}

/// Whether a node can do its work: the answer of `/readyz`, 200 when it is ready and 503 when it is not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Readiness {
    /// Whether all parts are.
    pub ready: bool,
    /// Each part, and whether it is as it must be. Snapshots of people and conversations are loaded before the server
    /// listens, so they are no part.
    pub parts: BTreeMap<ReadinessPart, bool>,
}

/// What must be so for a node to be ready.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReadinessPart {
    /// The server was not asked to stop.
    NotStopping,
    /// The database answers.
    Database,
    /// The key store answers.
    Keys,
    /// The writer of the journal runs and gets on.
    Writer,
    /// Committed records are delivered.
    Delivery,
    /// The volume of the data folder has room.
    Disk,
}
