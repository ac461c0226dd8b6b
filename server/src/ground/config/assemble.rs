//! From single values to a [`Config`], and the rules that hold between them.
//!
//! A rule is only asked when everything it needs was understood, so that one slip is not reported twice.

use std::net::{IpAddr, Ipv6Addr};
use std::path::{Path, PathBuf};

use ipnet::IpNet;

use super::keys::Values;
use super::mail;
use super::mail_texts::MailGiven;
use super::parse::postgres_place;
use super::problem::Problems;
use super::public_url::PublicUrl;
use super::raw::Raw;
use super::{Config, Database, DatabaseUrl, Keys, Log, Metrics, Proxies, Secret, SessionConfig, Tls, Traces};

/// Builds the configuration; `None` when a problem was reported.
pub(super) fn assemble(raw: &Raw, problems: &mut Problems) -> Option<Config> {
    let values = Values::parse(raw, problems);
    Rules { raw, values: &values, problems }.check();
    if !problems.is_empty() {
        return None;
    }
    build(raw, values)
}

fn build(raw: &Raw, mut values: Values) -> Option<Config> {
    let at = |path: PathBuf| raw.base.join(path);
    let mail = mail::build(&mut values, at)?;
    let mail_given = MailGiven::of(raw);
    let data = at(values.data?);
    let listen = values.listen?;
    let tls = match (values.tls_certificate?, values.tls_key?) {
        (Some(certificate), Some(key)) => Some(Tls { certificate: at(certificate), key: at(key) }),
        _ => None,
    };
    let public_url = values.public_url?;
    let public_url_set = public_url.is_some();
    let public_url = public_url.or_else(|| PublicUrl::of_listener(listen, tls.is_some()))?;
    let front = public_url.is_https() && tls.is_none();
    let proxies = Proxies {
        trusted: values.proxies_trusted?.unwrap_or_else(|| if front { this_machine() } else { Vec::new() }),
        header: values.proxies_header?,
    };
    let master_key_file = values.master_key_file?.map_or_else(|| data.join("master.key"), at);
    Some(Config {
        listen,
        public_url,
        public_url_set,
        organisation: values.organisation?,
        service_desk: values.service_desk?,
        demo: values.demo?,
        tls,
        proxies,
        database: Database {
            url: database(values.database_url?, &data, "chancery.db"),
            migration_url: values.migration_url?,
        },
        keys: Keys { url: database(values.keys_url?, &data, "keys.db"), master_key_file },
        session: SessionConfig {
            hours: values.session_hours?,
            confirm_minutes: values.confirm_minutes?,
            token_days: values.token_days?,
        },
        metrics: Metrics { listen: values.metrics_listen?, on_network: values.metrics_on_network? },
        traces: Traces { otlp: values.traces_otlp?, percent: values.traces_percent? },
        mail,
        mail_given,
        log: Log { format: values.log_format?, level: values.log_level? },
        data,
    })
}

/// A proxy beside the server, which speaks TLS for it.
fn this_machine() -> Vec<IpNet> {
    [IpAddr::from([127, 0, 0, 0]), IpAddr::from(Ipv6Addr::LOCALHOST)]
        .into_iter()
        .filter_map(|address| IpNet::new(address, if address.is_ipv4() { 8 } else { 128 }).ok())
        .collect()
}

fn database(text: Option<Secret>, data: &Path, file: &str) -> DatabaseUrl {
    text.map_or_else(|| DatabaseUrl::Sqlite(data.join(file)), DatabaseUrl::Postgres)
}

struct Rules<'a> {
    raw: &'a Raw,
    values: &'a Values,
    problems: &'a mut Problems,
}

impl Rules<'_> {
    fn check(&mut self) {
        self.tls_is_whole();
        self.plain_http_stays_on_this_machine();
        self.public_url_fits();
        self.databases_are_apart();
        self.metrics_stand_apart();
        self.mail_fits();
    }

    fn add(&mut self, path: &str, what: impl Into<String>, mend: &str) {
        self.problems.add(path, self.raw.source(path), what, mend);
    }

    /// Whether TLS is configured; `None` when that is not yet clear.
    fn tls(&self) -> Option<bool> {
        match (&self.values.tls_certificate, &self.values.tls_key) {
            (Some(certificate), Some(key)) if certificate.is_some() == key.is_some() => Some(key.is_some()),
            _ => None,
        }
    }

    fn tls_is_whole(&mut self) {
        let (Some(certificate), Some(key)) = (&self.values.tls_certificate, &self.values.tls_key) else {
            return;
        };
        match (certificate.is_some(), key.is_some()) {
            (true, false) => self.add(
                "tls.key",
                "is missing beside tls.certificate",
                "name the file of the private key as tls.key",
            ),
            (false, true) => self.add(
                "tls.certificate",
                "is missing beside tls.key",
                "name the file of the certificate as tls.certificate",
            ),
            _ => {}
        }
    }

    fn plain_http_stays_on_this_machine(&mut self) {
        let (Some(listen), Some(false)) = (self.values.listen, self.tls()) else { return };
        if !listen.ip().is_loopback() {
            self.add(
                "listen",
                format!("{listen} can be reached from other machines, and without TLS passwords and messages would cross the network in clear"),
                "set tls.certificate and tls.key, or listen on 127.0.0.1 and put a proxy that speaks TLS in front",
            );
        }
    }

    fn public_url_fits(&mut self) {
        let (Some(public_url), Some(tls)) = (&self.values.public_url, self.tls()) else { return };
        match public_url {
            Some(url) if tls && !url.is_https() => self.add(
                "public_url",
                format!("\"{url}\" is plain HTTP, but the server speaks TLS"),
                "begin it with https://",
            ),
            Some(url) if !url.is_https() && !url.is_loopback() => self.add(
                "public_url",
                format!("\"{url}\" is plain HTTP on a host that is not this machine; browsers would not keep the session"),
                "begin it with https://, and set tls.certificate and tls.key or put a proxy that speaks TLS in front",
            ),
            None if tls && self.values.listen.is_some_and(|listen| !listen.ip().is_loopback()) => self.add(
                "public_url",
                "is not set, and the name people type cannot be told from the address to listen on",
                "set it to https:// and the host name of the certificate",
            ),
            _ => {}
        }
    }

    fn metrics_stand_apart(&mut self) {
        let (Some(listen), Some(Some(metrics))) = (self.values.listen, self.values.metrics_listen) else {
            return;
        };
        let one_of_them_is_every_address = listen.ip().is_unspecified() || metrics.ip().is_unspecified();
        let same_address = listen.ip() == metrics.ip() || one_of_them_is_every_address;
        if metrics.port() != 0 && listen.port() == metrics.port() && same_address {
            self.add(
                "metrics.listen",
                format!("{metrics} is where the server itself listens"),
                "give it a port of its own",
            );
        }
        if !metrics.ip().is_loopback() && self.values.metrics_on_network == Some(false) {
            self.add(
                "metrics.listen",
                format!("{metrics} can be reached from other machines, and this listener speaks plain HTTP"),
                "listen on 127.0.0.1, or set metrics.on_network to true when only the monitoring reaches that network",
            );
        }
    }

    fn mail_fits(&mut self) {
        for (path, what, mend) in mail::wrong(self.values) {
            self.add(path, what, mend);
        }
    }

    fn databases_are_apart(&mut self) {
        let (Some(database), Some(migration), Some(keys)) =
            (&self.values.database_url, &self.values.migration_url, &self.values.keys_url)
        else {
            return;
        };
        if migration.is_some() && database.is_none() {
            self.add(
                "database.migration_url",
                "is set, but the database is SQLite, which has no roles and migrates at the start",
                "set database.url to the PostgreSQL database as well, or leave database.migration_url out",
            );
        }
        let (Some(database), Some(keys)) = (database, keys) else { return };
        if postgres_place(database.reveal()) == postgres_place(keys.reveal()) {
            self.add(
                "keys.url",
                "names the database that holds the data; keys must lie apart, or every backup holds both",
                "name a database of its own, or leave keys.url empty for a file in the data folder",
            );
        }
    }
}
