//! The configuration: read once at the start, typed, complete, never changed afterwards.
//!
//! What must stay true: there is one list of settings, [`keys::KEYS`]; every problem is reported at once, with
//! its path and how to mend it; an unknown name is refused; no secret is ever printed. Reading touches nothing
//! but what [`Surroundings`] hands in. Go on with [`keys`], then `raw` (layers) and `assemble` (rules).

mod assemble;
pub mod docs;
mod house;
pub mod keys;
mod mail;
mod mail_texts;
mod parse;
mod print;
pub mod problem;
mod public_url;
mod raw;
mod secret;
mod source;
#[cfg(test)]
mod tests;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use ipnet::IpNet;
pub use chancery_protocol::mail::MailContent;
pub use mail::{Mail, MailAuthorities, MailLogin, MailProof, MailSecurity, MailTokens};
pub use mail_texts::{
    MailGiven, MailKept, MailSet, PLACE_KEYS, check_text, mail_keys, mail_of, of_browser, of_server,
};
pub use parse::Fault;
pub use public_url::PublicUrl;
pub use raw::{FILE_NAME, Surroundings};
pub use secret::{HIDDEN, Secret};
pub use source::{Source, one_line};
pub use tracing::Level;

use problem::Problems;

/// Everything that was configured. All paths are absolute when the working directory was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// What people type into the browser; made from `listen` unless [`Config::public_url_set`].
    pub public_url: PublicUrl,
    /// Whether somebody set it. If not, and the port was 0, [`PublicUrl::of_listener`] makes it after binding.
    pub public_url_set: bool,
    /// Name of the organisation.
    pub organisation: String,
    /// Whom to ask when one cannot sign in.
    pub service_desk: Option<String>,
    /// Folder of everything the server keeps.
    pub data: PathBuf,
    /// Whether the people are invented.
    pub demo: bool,
    /// Certificate and key, if the server itself speaks TLS.
    pub tls: Option<Tls>,
    /// Whose word on a caller's address counts.
    pub proxies: Proxies,
    /// The data.
    pub database: Database,
    /// The keys.
    pub keys: Keys,
    /// Sessions.
    pub session: SessionConfig,
    /// Where figures can be read.
    pub metrics: Metrics,
    /// Where traces go.
    pub traces: Traces,
    /// The mail server that the configuration names; none when absent.
    pub mail: Option<Box<Mail>>,
    /// What else of mail it says.
    pub mail_given: MailGiven,
    /// Logging.
    pub log: Log,
}

/// PEM files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tls {
    /// The certificate and those between it and the root.
    pub certificate: PathBuf,
    /// The private key.
    pub key: PathBuf,
}

/// Where trusted machines write the caller's address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ForwardedHeader {
    /// `X-Forwarded-For`: addresses, the nearest last.
    #[default]
    XForwardedFor,
    /// `Forwarded` (RFC 7239): elements with `for=`, the nearest last.
    Forwarded,
}

/// Machines that hand on requests of others.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Proxies {
    /// Whose word counts; nobody's when empty.
    pub trusted: Vec<IpNet>,
    /// Where they write it. The other header is never read.
    pub header: ForwardedHeader,
}

/// Where the data are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Database {
    /// As the server's own role.
    pub url: DatabaseUrl,
    /// PostgreSQL: as the role that owns the tables.
    pub migration_url: Option<Secret>,
}

/// Where the keys are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keys {
    /// The wrapped keys. A file beside a PostgreSQL database is allowed and means one node.
    pub url: DatabaseUrl,
    /// The master key.
    pub master_key_file: PathBuf,
}

/// One of two databases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// A file, for one node.
    Sqlite(PathBuf),
    /// An address with its password.
    Postgres(Secret),
}

impl DatabaseUrl {
    /// Whether it is PostgreSQL.
    pub fn is_postgres(&self) -> bool {
        matches!(self, DatabaseUrl::Postgres(_))
    }
}

/// Sessions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionConfig {
    /// Hours after which one ends, 1 to 720.
    pub hours: u32,
    /// Minutes after their last sign-in when officers sign in again before they see messages; 0: never.
    pub confirm_minutes: u32,
    /// Longest life of an access token in days; 0: none are issued.
    pub token_days: u32,
}

/// Where figures can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Metrics {
    /// Listener of its own; none when absent.
    pub listen: Option<SocketAddr>,
    /// Whether other machines may reach it.
    pub on_network: bool,
}

/// Where traces go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Traces {
    /// The collector, which takes OTLP over HTTP; none when absent.
    pub otlp: Option<PublicUrl>,
    /// How many of a hundred requests are traced, 1 to 100.
    pub percent: u8,
}

/// Logging.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Log {
    /// Form of a line.
    pub format: Format,
    /// How much.
    pub level: Level,
}

/// Form of a line of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For people.
    Text,
    /// For collectors.
    Json,
}

/// A configuration, and what `config print` shows of it.
pub struct Loaded {
    /// The configuration.
    pub config: Config,
    /// It as TOML, each value with its source, secrets hidden.
    pub printed: String,
}

/// Reads the configuration. `explicit` is the file of `--config`; without it, `chancery.toml` of the working
/// directory is read when it exists.
///
/// # Errors
/// Every problem there is, at once.
pub fn load(explicit: Option<&Path>, outside: &Surroundings<'_>) -> Result<Loaded, Problems> {
    let mut problems = Problems::default();
    let raw = raw::Raw::gather(explicit, outside, &mut problems);
    match assemble::assemble(&raw, &mut problems) {
        Some(config) => Ok(Loaded { printed: print::print(&raw, &config), config }),
        None => Err(problems),
    }
}
