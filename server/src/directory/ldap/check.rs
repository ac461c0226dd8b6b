//! What is wrong with settings: every problem at once, each with its path and how to mend it.

use std::fmt;
use std::net::IpAddr;

use rustls_pki_types::ServerName;

use super::{Attributes, Encryption, Nested, Settings};
use super::{dn, escape, tls};

/// Stands for what a person typed.
pub(super) const LOGIN: &str = "{login}";
/// Most servers that are tried one after the other while a person waits.
const MAX_SERVERS: usize = 8;
/// Most attributes beyond the usual ones.
const MAX_MORE: usize = 32;

/// One thing to mend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The setting (`people.filter`).
    pub path: String,
    /// A name that does not change.
    pub code: &'static str,
    /// What is wrong.
    pub what: String,
    /// What to do about it.
    pub mend: &'static str,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}; {}", self.path, self.what, self.mend)
    }
}

/// One server of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Server {
    /// As it stands in the settings.
    pub(super) url: String,
    /// Name or address, without brackets.
    pub(super) host: String,
    pub(super) port: u16,
    /// Whether TLS begins at once.
    pub(super) ldaps: bool,
}

impl Server {
    /// Reads `ldap://host`, `ldaps://[::1]:636`.
    pub(super) fn parse(url: &str) -> Result<Self, &'static str> {
        let (ldaps, rest) = match url.split_once("://") {
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("ldaps") => (true, rest),
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("ldap") => (false, rest),
            _ => return Err("does not begin with ldap:// or ldaps://"),
        };
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        let (host, port) = match rest.strip_prefix('[') {
            Some(rest) => {
                let (host, port) = rest.split_once(']').ok_or("has a bracket that is not closed")?;
                if host.parse::<std::net::Ipv6Addr>().is_err() {
                    return Err("has brackets around what is no IPv6 address");
                }
                match port {
                    "" => (host, None),
                    port => {
                        (host, Some(port.strip_prefix(':').ok_or("has more than a port after the address")?))
                    }
                }
            }
            None => match rest.rsplit_once(':') {
                Some((host, port)) => (host, Some(port)),
                None => (rest, None),
            },
        };
        if ServerName::try_from(host).is_err() {
            return Err("names no host; only host and port may follow, an IPv6 address in brackets");
        }
        let port = match port {
            None => Some(if ldaps { 636 } else { 389 }),
            Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => digits.parse().ok(),
            Some(_) => None,
        };
        let port = port.filter(|port| *port != 0).ok_or("has no port between 1 and 65535")?;
        Ok(Self { url: url.to_owned(), host: host.to_owned(), port, ldaps })
    }

    fn may_be_loopback(&self) -> bool {
        self.host.eq_ignore_ascii_case("localhost")
            || self.host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
    }
}

struct Found(Vec<Problem>);

impl Found {
    fn add(
        &mut self,
        path: impl Into<String>,
        code: &'static str,
        what: impl Into<String>,
        mend: &'static str,
    ) {
        self.0.push(Problem { path: path.into(), code, what: what.into(), mend });
    }

    fn base(&mut self, path: &str, base: &str) {
        if !dn::is_dn(base) {
            self.add(
                path,
                "base_is_no_dn",
                format!("`{base}` is no DN"),
                "write it like ou=people,dc=example,dc=org",
            );
        }
    }

    fn filter(&mut self, path: &str, filter: &str) {
        let (open, closed) = brackets(filter);
        let mend = "write one filter in brackets, like (&(objectClass=person)(mail=*))";
        if open > closed {
            let what = match open - closed {
                1 => "one bracket is not closed".to_owned(),
                n => format!("{n} brackets are not closed"),
            };
            self.add(path, "filter_bracket_open", what, "add what is missing, mostly `)` at the end");
        } else if closed > open {
            self.add(path, "filter_bracket_closed", "there is a `)` too much", "take it away");
        } else if !escape::is_filter(filter) {
            let what = "this is no filter the directory understands";
            self.add(path, "filter_wrong", what, mend);
        }
    }

    fn attribute(&mut self, path: &str, name: &str, needed: bool) {
        let mut chars = name.chars();
        let first = chars.next();
        // A numeric name, or letters, digits and hyphens; options (`;binary`) are asked for where they are needed.
        let fits = first.is_some_and(|c| c.is_ascii_alphanumeric())
            && chars.all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.'))
            && name.len() <= 128;
        if name.is_empty() {
            if needed {
                let what = "nobody can be read without this attribute";
                self.add(path, "attribute_missing", what, "name the directory's attribute");
            }
        } else if !fits {
            let what = format!("`{name}` is no name of an attribute");
            self.add(path, "attribute_wrong", what, "use letters, digits and hyphens");
        }
    }

    fn number(&mut self, path: &str, value: u32, least: u32, most: u32, mend: &'static str) {
        if !(least..=most).contains(&value) {
            self.add(path, "out_of_range", format!("{value} is not between {least} and {most}"), mend);
        }
    }
}

fn brackets(filter: &str) -> (usize, usize) {
    let count = |bracket: u8| filter.bytes().filter(|byte| *byte == bracket).count();
    (count(b'('), count(b')'))
}

/// Everything that is wrong with them; nothing is asked of any server.
pub fn check(settings: &Settings) -> Vec<Problem> {
    let mut found = Found(Vec::new());
    check_servers(settings, &mut found);
    if let Err(what) = tls::authorities(&settings.authorities) {
        let mend = "paste one or more blocks from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----";
        found.add("authorities", "authorities_wrong", what, mend);
    }
    if settings.bind_dn.chars().any(char::is_control) {
        found.add("bind_dn", "bind_dn_wrong", "there is a control character in it", "write it in one line");
    }
    found.base("people.base", &settings.people.base);
    found.filter("people.filter", &settings.people.filter);
    check_login_filter(settings, &mut found);
    check_attributes(settings, &mut found);
    if !settings.groups.base.is_empty() {
        found.base("groups.base", &settings.groups.base);
        found.filter("groups.filter", &settings.groups.filter);
    }
    let (minutes, share) = (settings.sync.every_minutes.into(), settings.sync.max_share_percent.into());
    found.number("sync.every_minutes", minutes, 0, 1_440, "0 is by hand only; once a day is 1440");
    found.number("sync.max_share_percent", share, 1, 100, "10 suits most houses");
    found.number("page_size", settings.page_size, 1, 1_000, "500 suits most directories");
    found.number("connect_timeout_ms", settings.connect_timeout_ms, 100, 60_000, "3000 suits most networks");
    found.number(
        "operation_timeout_ms",
        settings.operation_timeout_ms,
        100,
        300_000,
        "15000 suits most directories",
    );
    found.0
}

/// The servers in order; those that cannot be read are left out.
pub(super) fn parsed_servers(settings: &Settings) -> Vec<Server> {
    settings.servers.iter().filter_map(|url| Server::parse(url).ok()).collect()
}

fn check_servers(settings: &Settings, found: &mut Found) {
    if settings.servers.is_empty() {
        found.add("servers", "no_server", "there is no server", "name one, like ldaps://ldap.example.org");
    }
    if settings.servers.len() > MAX_SERVERS {
        let what = format!("there are more than {MAX_SERVERS} servers");
        found.add("servers", "too_many_servers", what, "name those that are nearest");
    }
    for (at, url) in settings.servers.iter().enumerate() {
        let path = format!("servers.{at}");
        match (Server::parse(url), settings.encryption) {
            (Err(what), _) => found.add(
                path,
                "server_wrong",
                format!("`{url}` {what}"),
                "write it like ldaps://ldap.example.org or ldap://10.1.2.3:389",
            ),
            (Ok(server), Encryption::Ldaps) if !server.ldaps => found.add(
                path,
                "server_not_ldaps",
                format!("`{url}` is not for TLS from the start"),
                "write ldaps://, or choose StartTLS",
            ),
            (Ok(server), Encryption::StartTls | Encryption::None) if server.ldaps => found.add(
                path,
                "server_is_ldaps",
                format!("`{url}` is for TLS from the start"),
                "write ldap://, or choose LDAPS",
            ),
            (Ok(server), Encryption::None) if !server.may_be_loopback() => found.add(
                path,
                "server_in_clear",
                format!("passwords would go to `{url}` in clear"),
                "choose LDAPS or StartTLS; without encryption only 127.0.0.1, ::1 or localhost",
            ),
            (Ok(_), _) => {}
        }
    }
}

fn check_login_filter(settings: &Settings, found: &mut Found) {
    let (path, filter) = ("people.login_filter", &settings.people.login_filter);
    if !filter.contains(LOGIN) {
        let what = "`{login}` does not occur in it, so everybody would match";
        found.add(path, "login_filter_without_login", what, "write it like (uid={login})");
        return;
    }
    // A value may hold anything; anywhere else the escapes of this one are no filter.
    let filled = escape::login(filter, "(*)");
    if brackets(filter).0 == brackets(filter).1 && !escape::is_filter(&filled) {
        let what = "`{login}` stands where no value may stand, or the rest is no filter";
        found.add(path, "filter_wrong", what, "write it like (uid={login})");
    } else {
        found.filter(path, &filled);
    }
}

fn check_attributes(settings: &Settings, found: &mut Found) {
    let Attributes {
        id,
        login,
        display_name,
        email,
        title,
        department,
        manager,
        phone,
        photo,
        changed,
        more,
        member_of,
        group_name,
        group_description,
        member,
    } = &settings.attributes;
    let groups = !settings.groups.base.is_empty();
    for (name, value, needed) in [
        ("id", id, true),
        ("login", login, true),
        ("display_name", display_name, true),
        ("email", email, false),
        ("title", title, false),
        ("department", department, false),
        ("manager", manager, false),
        ("phone", phone, false),
        ("photo", photo, false),
        ("changed", changed, false),
        ("member_of", member_of, groups && settings.groups.nested == Nested::MemberOf),
        ("group_name", group_name, groups),
        ("group_description", group_description, false),
        ("member", member, groups),
    ] {
        found.attribute(&format!("attributes.{name}"), value, needed);
    }
    for (at, name) in more.iter().enumerate() {
        found.attribute(&format!("attributes.more.{at}"), name, true);
    }
    if more.len() > MAX_MORE {
        let what = format!("more than {MAX_MORE} attributes");
        found.add("attributes.more", "too_many_attributes", what, "name those that are used");
    }
}
#[cfg(test)]
mod tests {
    use super::super::Kind;
    use super::*;

    fn good() -> Settings {
        let mut settings = Settings::of(Kind::OpenLdap);
        settings.servers =
            vec!["ldaps://ldap.example.org".to_owned(), "ldaps://[2001:db8::1]:1636/".to_owned()];
        settings.people.base = "ou=people,dc=example,dc=org".to_owned();
        settings.groups.base = "ou=groups,dc=example,dc=org".to_owned();
        settings
    }

    #[test]
    fn defaults_with_servers_and_bases_are_good() {
        assert_eq!(check(&good()), []);
        let defaults = Settings::of(Kind::ActiveDirectory);
        let mut settings = Settings { kind: Kind::ActiveDirectory, ..good() };
        (settings.people.filter, settings.attributes) = (defaults.people.filter, defaults.attributes);
        assert_eq!(check(&settings), []);
    }

    #[test]
    fn everything_wrong_is_named_at_once() {
        type Change = fn(&mut Settings);
        let cases: &[(Change, &str, &str)] = &[
            (|s| s.servers.clear(), "servers", "no_server"),
            (|s| s.servers = vec!["ldaps://a".to_owned(); 9], "servers", "too_many_servers"),
            (|s| s.servers[1] = "https://a".to_owned(), "servers.1", "server_wrong"),
            (|s| s.servers[0] = "ldap://a".to_owned(), "servers.0", "server_not_ldaps"),
            (|s| s.encryption = Encryption::StartTls, "servers.0", "server_is_ldaps"),
            (
                |s| (s.encryption, s.servers) = (Encryption::None, vec!["ldap://10.0.0.1".to_owned()]),
                "servers.0",
                "server_in_clear",
            ),
            (|s| s.authorities = "MIIB".to_owned(), "authorities", "authorities_wrong"),
            (|s| s.bind_dn = "cn=a\n".to_owned(), "bind_dn", "bind_dn_wrong"),
            (|s| s.people.base.clear(), "people.base", "base_is_no_dn"),
            (|s| s.people.filter = "(&(a=b)".to_owned(), "people.filter", "filter_bracket_open"),
            (|s| s.people.filter = "(a=b))".to_owned(), "people.filter", "filter_bracket_closed"),
            (|s| s.people.filter = "(& (a=b))".to_owned(), "people.filter", "filter_wrong"),
            (
                |s| s.people.login_filter = "(uid=*)".to_owned(),
                "people.login_filter",
                "login_filter_without_login",
            ),
            (|s| s.people.login_filter = "({login}=x)".to_owned(), "people.login_filter", "filter_wrong"),
            (|s| s.people.login_filter = "{login}".to_owned(), "people.login_filter", "filter_wrong"),
            (
                |s| s.people.login_filter = "(uid={login}".to_owned(),
                "people.login_filter",
                "filter_bracket_open",
            ),
            (|s| s.attributes.id.clear(), "attributes.id", "attribute_missing"),
            (|s| s.attributes.email = "mail)(x".to_owned(), "attributes.email", "attribute_wrong"),
            (|s| s.attributes.more = vec![String::new()], "attributes.more.0", "attribute_missing"),
            (|s| s.attributes.more = vec!["a".to_owned(); 33], "attributes.more", "too_many_attributes"),
            (|s| s.groups.base = "groups".to_owned(), "groups.base", "base_is_no_dn"),
            (|s| s.groups.filter.clear(), "groups.filter", "filter_wrong"),
            (|s| s.attributes.member.clear(), "attributes.member", "attribute_missing"),
            (|s| s.sync.every_minutes = 1_441, "sync.every_minutes", "out_of_range"),
            (|s| s.sync.max_share_percent = 0, "sync.max_share_percent", "out_of_range"),
            (|s| s.sync.max_share_percent = 101, "sync.max_share_percent", "out_of_range"),
            (|s| s.page_size = 0, "page_size", "out_of_range"),
            (|s| s.page_size = 1_001, "page_size", "out_of_range"),
            (|s| s.connect_timeout_ms = 0, "connect_timeout_ms", "out_of_range"),
            (|s| s.operation_timeout_ms = u32::MAX, "operation_timeout_ms", "out_of_range"),
        ];
        for (change, path, code) in cases {
            let mut settings = good();
            change(&mut settings);
            let found = check(&settings);
            assert!(
                found.iter().any(|problem| problem.path == *path && problem.code == *code),
                "{path} {code}: {found:?}"
            );
        }
        let mut settings = good();
        cases[8].0(&mut settings);
        cases[9].0(&mut settings);
        assert_eq!(check(&settings).len(), 2);
    }

    #[test]
    fn without_groups_nothing_is_asked_about_them() {
        let mut settings = good();
        settings.groups.base.clear();
        settings.groups.filter.clear();
        settings.attributes.member.clear();
        assert_eq!(check(&settings), []);
    }

    #[test]
    fn servers_are_read() {
        let server = |url: &str| Server::parse(url).map(|server| (server.host, server.port, server.ldaps));
        assert_eq!(server("ldap://a.example"), Ok(("a.example".to_owned(), 389, false)));
        assert_eq!(server("LDAPS://10.1.2.3:1/"), Ok(("10.1.2.3".to_owned(), 1, true)));
        assert_eq!(server("ldaps://[::1]"), Ok(("::1".to_owned(), 636, true)));
        for wrong in [
            "",
            "ldap://",
            "ldap:///",
            "ldapi://x",
            "ldap://a:0",
            "ldap://a:99999",
            "ldap://a:+1",
            "ldap://a/dc=x",
            "ldap://u@a",
            "ldap://::1",
            "ldap://[::1",
            "ldap://[a]",
            "ldap://[::1]x",
            "ldap://a b",
            "ldap://a?x",
        ] {
            assert!(server(wrong).is_err(), "{wrong}");
        }
    }
}
