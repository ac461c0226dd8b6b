//! One value from text: what it must look like, and what to say when it does not.
//!
//! A [`Fault`] of a secret must not repeat the value; that of any other may, in quotes.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use ipnet::IpNet;

use super::public_url::PublicUrl;
use super::{Format, ForwardedHeader, Level, Secret};

/// What is wrong with one value, and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong.
    pub what: String,
    /// What to write instead.
    pub mend: String,
}

impl Fault {
    pub(super) fn new(what: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { what: what.into(), mend: mend.into() }
    }
}

/// `None`: the SQLite file of the data folder.
pub type DatabaseText = Option<Secret>;

pub(super) fn address(text: &str) -> Result<SocketAddr, Fault> {
    text.parse().map_err(|_| {
        Fault::new(
            format!("{text:?} is not an address and a port"),
            "write an IP address and a port, such as \"127.0.0.1:8080\" or \"[::1]:8080\"",
        )
    })
}

/// `None`: no listener.
pub(super) fn optional_address(text: &str) -> Result<Option<SocketAddr>, Fault> {
    if text.is_empty() { Ok(None) } else { address(text).map(Some) }
}

pub(super) fn public_url(text: &str) -> Result<Option<PublicUrl>, Fault> {
    if text.is_empty() { Ok(None) } else { PublicUrl::parse(text).map(Some) }
}

/// `None`: no collector. Only this machine is spoken to in clear.
pub(super) fn collector(text: &str) -> Result<Option<PublicUrl>, Fault> {
    let mend = "write scheme, host and port of the collector, such as \"http://127.0.0.1:4318\"";
    match public_url(text) {
        Ok(Some(url)) if !url.is_https() && !url.is_loopback() => Err(Fault::new(
            "is plain HTTP to another machine",
            "begin it with https://, or run a collector on this machine that hands on what it gets",
        )),
        Ok(url) => Ok(url),
        Err(fault) => Err(Fault::new(fault.what, mend)),
    }
}

pub(super) fn percent(text: &str) -> Result<u8, Fault> {
    let fault = || Fault::new("is no whole number from 1 to 100", "write one, such as 10");
    text.parse().ok().filter(|number| (1..=100).contains(number)).ok_or_else(fault)
}

pub(super) fn organisation(text: &str) -> Result<String, Fault> {
    if text.trim().is_empty() {
        return Err(Fault::new("is empty", "write the name people know, or leave the line out"));
    }
    line(text, 80)
}

pub(super) fn service_desk(text: &str) -> Result<Option<String>, Fault> {
    if text.trim().is_empty() { Ok(None) } else { line(text, 200).map(Some) }
}

/// One line of text for people.
fn line(text: &str, most: usize) -> Result<String, Fault> {
    if text.chars().any(char::is_control) {
        return Err(Fault::new("holds a line break or another control character", "write it on one line"));
    }
    let long = text.chars().count();
    if long > most {
        return Err(Fault::new(format!("has {long} characters"), format!("write at most {most}")));
    }
    Ok(text.trim().to_owned())
}

/// `None`: as it follows from the rest. A network that holds every address would believe everybody.
pub(super) fn networks(text: &str) -> Result<Option<Vec<IpNet>>, Fault> {
    let mend = "write addresses and networks with commas between, such as \"10.1.2.0/24, 2001:db8::7\"";
    match text.trim() {
        "" => return Ok(None),
        "none" => return Ok(Some(Vec::new())),
        _ => {}
    }
    let mut networks: Vec<IpNet> = Vec::new();
    let mut wrong = Vec::new();
    for part in text.split(',').map(str::trim) {
        match part.parse().ok().or_else(|| part.parse::<IpAddr>().ok().map(IpNet::from)) {
            None => wrong.push(format!("{part:?}")),
            Some(network) if network.prefix_len() == 0 => {
                return Err(Fault::new(
                    format!("{part:?} holds every address: anybody could pretend to call from anywhere"),
                    "name only the machines that hand on requests",
                ));
            }
            Some(network) => networks.push(network.trunc()),
        }
    }
    match wrong.as_slice() {
        [] => Ok(Some(networks)),
        [one] => Err(Fault::new(format!("{one} is no address and no network"), mend)),
        several => Err(Fault::new(format!("{} are no addresses and no networks", several.join(", ")), mend)),
    }
}

pub(super) fn forwarded_header(text: &str) -> Result<ForwardedHeader, Fault> {
    match text.to_ascii_lowercase().as_str() {
        "x-forwarded-for" => Ok(ForwardedHeader::XForwardedFor),
        "forwarded" => Ok(ForwardedHeader::Forwarded),
        _ => Err(Fault::new(
            format!("{text:?} is not a header that is read"),
            "write \"x-forwarded-for\" or \"forwarded\"",
        )),
    }
}

pub(super) fn path(text: &str) -> Result<PathBuf, Fault> {
    if text.trim().is_empty() {
        return Err(Fault::new("is empty", "write a path, or leave the line out"));
    }
    if text.contains('\0') {
        return Err(Fault::new("holds a zero byte, which no path may", "write the path without it"));
    }
    Ok(PathBuf::from(text))
}

pub(super) fn optional_path(text: &str) -> Result<Option<PathBuf>, Fault> {
    if text.is_empty() { Ok(None) } else { path(text).map(Some) }
}

pub(super) fn flag(text: &str) -> Result<bool, Fault> {
    match text {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(Fault::new(format!("{text:?} is neither true nor false"), "write true or false")),
    }
}

pub(super) fn hours(text: &str) -> Result<u32, Fault> {
    match text.parse() {
        Ok(hours @ 1..=720) => Ok(hours),
        _ => Err(Fault::new(
            format!("{text:?} is not a number of hours from 1 to 720"),
            "write, for example, 12",
        )),
    }
}

/// Up to ten years; 0 is not at all.
pub(super) fn days(text: &str) -> Result<u32, Fault> {
    match text.parse() {
        Ok(days @ 0..=3_650) => Ok(days),
        _ => Err(Fault::new(
            format!("{text:?} is not a number of days from 0 to 3650"),
            "write, for example, 365, or 0 for none",
        )),
    }
}

/// Up to a day; 0 is never.
pub(super) fn minutes(text: &str) -> Result<u32, Fault> {
    match text.parse() {
        Ok(minutes @ 0..=1_440) => Ok(minutes),
        _ => Err(Fault::new(
            format!("{text:?} is not a number of minutes from 0 to 1440"),
            "write, for example, 15, or 0 for never",
        )),
    }
}

pub(super) fn format(text: &str) -> Result<Format, Fault> {
    match text {
        "text" => Ok(Format::Text),
        "json" => Ok(Format::Json),
        _ => Err(Fault::new(format!("{text:?} is not a format"), "write \"text\" or \"json\"")),
    }
}

pub(super) fn level(text: &str) -> Result<Level, Fault> {
    Ok(match text {
        "error" => Level::ERROR,
        "warn" => Level::WARN,
        "info" => Level::INFO,
        "debug" => Level::DEBUG,
        "trace" => Level::TRACE,
        _ => {
            return Err(Fault::new(
                format!("{text:?} is not a level"),
                "write \"error\", \"warn\", \"info\", \"debug\" or \"trace\"",
            ));
        }
    })
}

pub(super) fn database(text: &str) -> Result<DatabaseText, Fault> {
    postgres(text)
}

pub(super) fn postgres(text: &str) -> Result<Option<Secret>, Fault> {
    if text.is_empty() {
        return Ok(None);
    }
    postgres_shape(text).map(|()| Some(Secret::new(text)))
}

/// The shape of a PostgreSQL address, so that a slip of the pen is named by its key and not by the driver
/// in the middle of a start. The driver understands more than this; whatever it would accept passes.
fn postgres_shape(text: &str) -> Result<(), Fault> {
    let mend = "write \"postgres://user:password@host:5432/database\"";
    let fault = |what: &str| Err(Fault::new(what, mend));
    let Some(rest) = text.strip_prefix("postgres://").or_else(|| text.strip_prefix("postgresql://")) else {
        return fault("does not begin with postgres://");
    };
    if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return fault("holds white space or a control character; in a password, write it as %XX");
    }
    if !percent_signs_are_codes(text) {
        return fault("holds a % that does not begin a code such as %40; in a password, write % as %25");
    }
    let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
    let Some((authority, database)) = place.split_once('/') else {
        return fault("names no database: after the host there must be a / and its name");
    };
    if database.is_empty() {
        return fault("names no database: after the / there must be its name");
    }
    if database.contains('/') || authority.matches('@').count() > 1 {
        return fault("cannot be taken apart; in user name and password, write / as %2F and @ as %40");
    }
    let hosts = authority.rsplit_once('@').map_or(authority, |(_, hosts)| hosts);
    let named_later = query.split('&').any(|pair| pair.starts_with("host=") || pair.starts_with("hostaddr="));
    if hosts.is_empty() && !named_later {
        return fault("names no host");
    }
    if hosts.split(',').any(|host| !port_is_a_number(host)) {
        return fault("has a port that is not a number from 1 to 65535");
    }
    if !query.is_empty() && query.split('&').any(|pair| pair.find('=').is_none_or(|at| at == 0)) {
        return fault("has a parameter after ? that is not name=value");
    }
    Ok(())
}

fn percent_signs_are_codes(text: &str) -> bool {
    let is_hex = |c: Option<char>| c.is_some_and(|c| c.is_ascii_hexdigit());
    text.split('%').skip(1).all(|after| {
        let mut chars = after.chars();
        is_hex(chars.next()) && is_hex(chars.next())
    })
}

fn port_is_a_number(host: &str) -> bool {
    // The colons of an IPv6 address stand in brackets.
    let after = host.rsplit_once(']').map_or(host, |(_, after)| after);
    match after.split_once(':') {
        None | Some((_, "")) => true,
        Some((_, port)) => port.parse::<u16>().is_ok_and(|port| port > 0),
    }
}

/// Host and database of an address that has the right shape, to tell whether two name the same one.
pub(super) fn postgres_place(text: &str) -> &str {
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    let place = rest.split_once('?').map_or(rest, |(place, _)| place);
    place.rsplit_once('@').map_or(place, |(_, place)| place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_postgresql_that_the_driver_takes_pass() {
        for good in [
            "postgres://chancery:geheim@db.example.com:5432/chancery",
            "postgresql://chancery@db/chancery?sslmode=verify-full&sslrootcert=/etc/ca.pem",
            "postgres://user:p%40ss@[::1]:5432/chancery",
            "postgres://one:5432,two:5433/chancery?target_session_attrs=read-write",
            "postgres:///chancery?host=/run/postgresql",
            "postgres://%2Frun%2Fpostgresql/chancery",
        ] {
            assert_eq!(postgres_shape(good), Ok(()), "{good}");
        }
    }

    #[test]
    fn a_slip_in_an_address_of_postgresql_is_named_and_never_repeats_the_address() {
        for (bad, word) in [
            ("mysql://u:hunter2@db/chancery", "begin"),
            ("chancery.db", "begin"),
            ("postgres://u:hunter2@db", "no database"),
            ("postgres://u:hunter2@db/", "no database"),
            ("postgres://u:hunter2@/chancery", "no host"),
            ("postgres://u:hunter2@db:99999/chancery", "port"),
            ("postgres://u:hunter2@db:x/chancery", "port"),
            ("postgres://u:hunter2 @db/chancery", "white space"),
            ("postgres://u:hunter2%@db/chancery", "%"),
            ("postgres://u:hun@ter2@db/chancery", "taken apart"),
            ("postgres://u:hunter2@db/chancery?sslmode", "name=value"),
        ] {
            let fault = postgres_shape(bad).unwrap_err();
            assert!(fault.what.contains(word), "{bad}: {}", fault.what);
            assert!(!format!("{fault:?}").contains("ter2"), "{bad}");
        }
    }

    #[test]
    fn a_text_for_people_is_one_short_line() {
        assert_eq!(organisation(" Acme ").unwrap(), "Acme");
        for bad in ["", "   ", "two\nlines", &"x".repeat(81)] {
            assert!(organisation(bad).is_err(), "{bad:?}");
        }
        assert_eq!(service_desk("").unwrap(), None);
        assert!(service_desk("bell\u{7}").is_err());
    }

    #[test]
    fn minutes_have_a_range() {
        for (text, minutes_or_not) in [
            ("0", Some(0)),
            ("15", Some(15)),
            ("1440", Some(1_440)),
            ("1441", None),
            ("-1", None),
            ("", None),
        ] {
            assert_eq!(minutes(text).ok(), minutes_or_not, "{text}");
        }
    }

    #[test]
    fn hours_have_a_range() {
        for (text, hours_or_not) in [
            ("1", Some(1)),
            ("720", Some(720)),
            ("0", None),
            ("721", None),
            ("-1", None),
            ("1.5", None),
            ("", None),
        ] {
            assert_eq!(hours(text).ok(), hours_or_not, "{text}");
        }
    }
}
