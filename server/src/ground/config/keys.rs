//! The one list of everything that can be configured. Reading, checking, `config print`, the refusal of
//! unknown keys, the environment's names and the table of `docs/configuration.md` all come from it: to add
//! a setting, add its line here and use its field in `super::assemble`.

use std::net::SocketAddr;
use std::path::PathBuf;

use chancery_protocol::mail::{MailLanguage, Weekday};
use ipnet::IpNet;
use lettre::Address;
use lettre::message::Mailbox;

use super::house;
use super::mail::{self, PublicPath};
use super::parse::{self, DatabaseText, Fault};
use super::problem::Problems;
use super::public_url::PublicUrl;
use super::raw::Raw;
use super::{Format, ForwardedHeader, Level, MailContent, MailSecurity, Secret};

/// How a value is written in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Text in quotes.
    Text,
    /// A whole number.
    Number,
    /// `true` or `false`.
    Flag,
}

/// One setting.
#[derive(Debug)]
pub struct Key {
    /// As in the file: `database.url`.
    pub path: &'static str,
    /// How it is written there.
    pub shape: Shape,
    /// What holds when nobody says anything, as text. Empty: see `help`.
    pub default: &'static str,
    /// Whether the value is hidden when printed.
    pub secret: bool,
    /// For the table of the documentation, one line.
    pub help: &'static str,
    /// Says what is wrong with a value.
    pub check: fn(&str) -> Result<(), Fault>,
}

impl Key {
    /// Name of its environment variable.
    pub fn env(&self) -> String {
        format!("{PREFIX}{}", self.path.replace('.', "_").to_uppercase())
    }
}

/// Every environment variable of the server begins with this.
pub const PREFIX: &str = "CHANCERY_";

/// Appended to a key or variable that names a file holding the value.
pub const FILE_SUFFIX: &str = "_file";

macro_rules! keys {
    ($($(#[$secret:ident])? $field:ident $path:literal $shape:ident = $default:literal, $parse:path => $type:ty, $help:literal;)*) => {
        /// All settings, in the order of the documentation.
        pub const KEYS: &[Key] = &[$(Key {
            path: $path,
            shape: Shape::$shape,
            default: $default,
            secret: keys!(@secret $($secret)?),
            help: $help,
            check: |text| $parse(text).map(drop),
        }),*];

        /// Every value read and parsed; `None` where that failed (a problem says why).
        pub(super) struct Values { $(pub(super) $field: Option<$type>),* }

        impl Values {
            /// Parses everything, collecting what is wrong.
            pub(super) fn parse(raw: &Raw, problems: &mut Problems) -> Self {
                Self { $($field: raw.parse($path, $parse, problems)),* }
            }
        }
    };
    (@secret) => { false };
    (@secret secret) => { true };
}

keys! {
    listen "listen" Text = "127.0.0.1:8080", parse::address => SocketAddr,
        "Address and port to listen on; port 0 takes a free one. Without TLS only a loopback address.";
    public_url "public_url" Text = "", parse::public_url => Option<PublicUrl>,
        "Address people type into the browser, without a path. Empty: made from `listen`, `http://127.0.0.1:8080` by default.";
    organisation "organisation" Text = "Chancery", parse::organisation => String,
        "Name of the organisation, shown when signing in.";
    service_desk "service_desk" Text = "", parse::service_desk => Option<String>,
        "Whom to ask when one cannot sign in: an address or a sentence. Empty: nobody is named.";
    data "data" Text = "data", parse::path => PathBuf,
        "Folder of everything the server keeps.";
    demo "demo" Flag = "false", parse::flag => bool,
        "Marks a server whose people are invented, and allows `chancery demo seed`.";
    tls_certificate "tls.certificate" Text = "", parse::optional_path => Option<PathBuf>,
        "PEM file: the certificate, then those between it and the root. Empty: no TLS.";
    tls_key "tls.key" Text = "", parse::optional_path => Option<PathBuf>,
        "PEM file: the private key of the certificate, not encrypted.";
    proxies_trusted "proxies.trusted" Text = "", parse::networks => Option<Vec<IpNet>>,
        "Proxies and load balancers whose word on a caller's address counts: addresses and networks, with commas between, such as `10.1.2.0/24, 2001:db8::7`; `none` for nobody. Empty: this machine when `public_url` is `https` and the server itself speaks no TLS, else nobody.";
    proxies_header "proxies.header" Text = "x-forwarded-for", parse::forwarded_header => ForwardedHeader,
        "Where they write it: `x-forwarded-for` or `forwarded` (RFC 7239). The other header is never read.";
    #[secret] database_url "database.url" Text = "", parse::database => DatabaseText,
        "`postgres://…` for PostgreSQL. Empty: SQLite in `chancery.db` of the data folder, for one node.";
    #[secret] migration_url "database.migration_url" Text = "", parse::postgres => Option<Secret>,
        "PostgreSQL only: the same database as the role that owns the tables; used by `chancery migrate`.";
    #[secret] keys_url "keys.url" Text = "", parse::database => DatabaseText,
        "`postgres://…` of a database of its own for wrapped keys. Empty: SQLite in `keys.db` of the data folder, for one node.";
    master_key_file "keys.master_key_file" Text = "", parse::optional_path => Option<PathBuf>,
        "File that holds the master key; made at the first start. Empty: `master.key` of the data folder.";
    session_hours "session.hours" Number = "12", parse::hours => u32,
        "Hours after which a session ends, 1 to 720.";
    confirm_minutes "session.confirm_minutes" Number = "0", parse::minutes => u32,
        "Minutes after their last sign-in when officers sign in again before they search or read messages, 1 to 1440; 0: never.";
    token_days "tokens.longest_days" Number = "365", parse::days => u32,
        "Longest life of an access token in days, 1 to 3650; 0: none are issued.";
    metrics_listen "metrics.listen" Text = "", parse::optional_address => Option<SocketAddr>,
        "Address and port of a listener of its own for `/metrics`, `/healthz` and `/readyz`; plain HTTP. Empty: none.";
    metrics_on_network "metrics.on_network" Flag = "false", parse::flag => bool,
        "Allows `metrics.listen` to be an address that other machines reach: figures then cross the network in clear.";
    traces_otlp "traces.otlp" Text = "", parse::collector => Option<PublicUrl>,
        "Collector that takes traces as OTLP over HTTP, such as `http://127.0.0.1:4318`: `https`, or this machine. Empty: none.";
    traces_percent "traces.percent" Number = "10", parse::percent => u8,
        "How many of a hundred requests are traced, 1 to 100.";
    mail_host "mail.host" Text = "", mail::host => Option<String>,
        "Name or address of the mail server that takes our mail. Empty: no mail is sent.";
    mail_port "mail.port" Number = "0", mail::port => u16,
        "Its port; 0: 465 with `tls`, 587 with `starttls`, 25 with `none`.";
    mail_security "mail.security" Text = "starttls", mail::security => MailSecurity,
        "`tls` from the first byte on; `starttls`, which is required and never fallen back from; or `none`, in clear, towards this machine only.";
    mail_plaintext_accepted "mail.plaintext_accepted" Flag = "false", parse::flag => bool,
        "Allows `mail.security = \"none\"` towards another machine: mails and the password then cross the network in clear.";
    mail_authorities "mail.authorities" Text = "", parse::optional_path => Option<PathBuf>,
        "PEM file with the authorities that may have issued the mail server's certificate. Empty: those of this machine.";
    mail_user "mail.user" Text = "", mail::word => Option<String>,
        "Account at the mail server. Empty: nobody signs in.";
    #[secret] mail_password "mail.password" Text = "", mail::secret => Option<Secret>,
        "Its password, for PLAIN or LOGIN.";
    mail_oauth_token_file "mail.oauth_token_file" Text = "", parse::optional_path => Option<PathBuf>,
        "In place of a password: file with an access token for XOAUTH2, read anew whenever one is needed; another program keeps it fresh.";
    mail_oauth_endpoint "mail.oauth_endpoint" Text = "", mail::endpoint => Option<PublicPath>,
        "In place of a password: where to ask for access tokens for XOAUTH2, such as `https://login.microsoftonline.com/<tenant>/oauth2/v2.0/token` or `https://oauth2.googleapis.com/token`.";
    mail_oauth_client_id "mail.oauth_client_id" Text = "", mail::word => Option<String>,
        "Who we are there.";
    #[secret] mail_oauth_client_secret "mail.oauth_client_secret" Text = "", mail::secret => Option<Secret>,
        "The proof of it.";
    #[secret] mail_oauth_refresh_token "mail.oauth_refresh_token" Text = "", mail::secret => Option<Secret>,
        "What the account allowed us there (Google Workspace). Empty: we ask in our own name (client credentials, Exchange Online).";
    mail_oauth_scope "mail.oauth_scope" Text = "", mail::word => Option<String>,
        "What the tokens are for: `https://outlook.office365.com/.default` for Exchange Online. Empty: not said.";
    mail_from "mail.from" Text = "", mail::mailbox => Option<Mailbox>,
        "Sender of every mail: `Chat of Example <chat@example.com>`.";
    mail_reply_to "mail.reply_to" Text = "", mail::mailbox => Option<Mailbox>,
        "Where answers go. Empty: to the sender.";
    mail_bounce "mail.bounce" Text = "", mail::address => Option<Address>,
        "Where the mail server reports what it could not deliver (the envelope's sender). Empty: the address of `mail.from`.";
    mail_connect_seconds "mail.connect_seconds" Number = "20", mail::connect_seconds => u32,
        "How long reaching the mail server may take, TLS included, 1 to 120.";
    mail_answer_seconds "mail.answer_seconds" Number = "120", mail::answer_seconds => u32,
        "How long it may take over one answer, 1 to 600. A mail it was slow to take is sent again, so too little makes duplicates.";
    mail_lines "mail.lines" Number = "2", mail::lines => u32,
        "Most lines to it at once, 1 to 20.";
    mail_content "mail.content" Text = "sender", mail::content => MailContent,
        "What a mail may say, whatever its kind and whoever gets it: `full` (who wrote what, and where), `sender` (who wrote) or `nothing` (that something waits).";
    after_minutes "notify.after_minutes" Number = "15", house::after_minutes => u16,
        "How long a message must stay unread on every device before a mail goes, in minutes, 1 to 1440. People can wait longer, not shorter.";
    window_minutes "notify.window_minutes" Number = "60", house::window_minutes => u16,
        "About one conversation at most one mail in so many minutes, 5 to 1440.";
    digest_at "notify.digest_at" Text = "08:00", house::digest_at => u16,
        "When the daily mail goes, for those who want one.";
    quiet_hours "notify.quiet_hours" Text = "", house::quiet_hours => Option<(u16, u16)>,
        "Hours without mails, such as `20:00-07:00`; they go when the quiet ends. Empty: none.";
    quiet_days "notify.quiet_days" Text = "", house::quiet_days => Vec<Weekday>,
        "Days without mails, such as `saturday,sunday`. Empty: none.";
    time_zone "notify.time_zone" Text = "UTC", house::time_zone => String,
        "Time zone of those who have not said theirs, as in the IANA database: `Europe/Berlin`.";
    language "notify.language" Text = "en", house::language => MailLanguage,
        "What mails are written in: `en` or `de`.";
    log_format "log.format" Text = "text", parse::format => Format,
        "`text` or `json`, one line per event on the standard error output.";
    log_level "log.level" Text = "info", parse::level => Level,
        "`error`, `warn`, `info`, `debug` or `trace`. Message text is logged at no level.";
}

/// The key of that path.
pub fn find(path: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.path == path)
}

/// The known name nearest to a mistyped one, if any is near.
pub(super) fn nearest(wrong: &str, known: impl Iterator<Item = String>) -> Option<String> {
    let limit = (wrong.chars().count() / 3).max(2);
    known
        .map(|name| (distance(&wrong.to_lowercase(), &name.to_lowercase()), name))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, name)| name)
}

/// Levenshtein's: how many letters to insert, drop or change.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let changed = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_default_is_valid() {
        for key in KEYS {
            assert!((key.check)(key.default).is_ok(), "{}", key.path);
        }
    }

    #[test]
    fn no_two_names_collide_in_file_or_environment() {
        let names: Vec<String> = KEYS
            .iter()
            .flat_map(|key| {
                [
                    key.path.to_owned(),
                    format!("{}{FILE_SUFFIX}", key.path),
                    key.env(),
                    format!("{}_FILE", key.env()),
                ]
            })
            .collect();
        let unique: std::collections::BTreeSet<&String> = names.iter().collect();
        assert_eq!(unique.len(), names.len());
    }

    #[test]
    fn a_near_name_is_proposed_and_a_far_one_is_not() {
        let known = || KEYS.iter().map(|key| key.path.to_owned());
        assert_eq!(nearest("lisen", known()).as_deref(), Some("listen"));
        assert_eq!(nearest("databse.url", known()).as_deref(), Some("database.url"));
        assert_eq!(nearest("coffee", known()), None);
        assert_eq!(distance("kitten", "sitting"), 3);
    }
}
