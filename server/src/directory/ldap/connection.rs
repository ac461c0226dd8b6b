//! One line to one server, and what is asked over it: a bind, a search. Every answer is waited for with an end.

use std::sync::Arc;

use ldap3::controls::{Control, MakeCritical as _, PagedResults, RawControl};
use ldap3::{LdapError, LdapResult, Scope, SearchOptions};
use tokio::time::timeout;

use super::Settings;
use super::ber;
use super::entry::Entry;
use super::error::{Error, Fault, one_line};
use super::wire::Wire;
use crate::ground::config::Secret;

/// The control by which OpenLDAP says more about a refused password.
const PASSWORD_POLICY: &str = "1.3.6.1.4.1.42.2.27.8.5.1";
const PAGED_RESULTS: &str = "1.2.840.113556.1.4.319";
/// References to other servers that are remembered for the report.
const MAX_REFERENCES: usize = 16;

/// A bound connection.
pub(super) struct Connection {
    wire: Wire,
    pub(super) settings: Arc<Settings>,
    /// As it stands in the settings.
    pub(super) server: String,
    /// Other servers that would have more entries; never asked.
    pub(super) references: Vec<String>,
}

/// What a bind came to.
#[derive(Debug)]
pub(super) struct Bound {
    pub(super) code: u32,
    pub(super) text: String,
    /// Error of the password policy, where the server tells it.
    pub(super) policy: Option<u32>,
    referral: Vec<String>,
}

/// What is searched.
pub(super) struct Search<'a> {
    pub(super) base: &'a str,
    pub(super) scope: Scope,
    pub(super) filter: &'a str,
    pub(super) attributes: &'a [&'a str],
    pub(super) size: Size,
}

/// How much may come.
pub(super) enum Size {
    /// At most so many entries; the server is told.
    AtMost(u32),
    /// One page, from where the cookie says.
    Page(u32, Vec<u8>),
}

/// How a search ended.
pub(super) struct Found {
    /// Entries there were more of than asked for ([`Size::AtMost`]).
    pub(super) cut: bool,
    /// Where the next page begins; empty when there is none.
    pub(super) cookie: Vec<u8>,
}

impl Connection {
    pub(super) fn new(wire: Wire, settings: Arc<Settings>, server: String) -> Self {
        Self { wire, settings, server, references: Vec::new() }
    }

    /// A fault with this server's name.
    pub(super) fn error(&self, fault: Fault) -> Error {
        fault.at(&self.server)
    }

    pub(super) async fn close(self) {
        self.wire.close().await;
    }

    /// Signs in as the account that reads. `again` when somebody else was signed in meanwhile.
    pub(super) async fn bind_reader(&mut self, password: Option<&Secret>, again: bool) -> Result<(), Fault> {
        let settings = self.settings.clone();
        let bound = match password {
            None if settings.bind_dn.is_empty() && !again => return Ok(()),
            // Both empty: anonymous, and meant so.
            None if settings.bind_dn.is_empty() => self.bind_as("", "").await?,
            None => return Err(Fault::BindRefused { code: 53, text: "there is no password".to_owned() }),
            Some(password) => self.bind(&settings.bind_dn, password).await?,
        };
        bound.good()
    }

    /// Signs in with a password that is not empty.
    pub(super) async fn bind(&mut self, dn: &str, password: &Secret) -> Result<Bound, Fault> {
        if dn.is_empty() || password.reveal().is_empty() {
            // The protocol takes such a bind for an anonymous one and says yes.
            return Err(Fault::BindRefused { code: 53, text: "name or password is empty".to_owned() });
        }
        self.bind_as(dn, password.reveal()).await
    }

    async fn bind_as(&mut self, dn: &str, password: &str) -> Result<Bound, Fault> {
        let policy = RawControl { ctype: PASSWORD_POLICY.to_owned(), crit: false, val: None };
        let asked = self.wire.ldap.with_controls(vec![policy]).simple_bind(dn, password);
        let answered = timeout(self.settings.operation_timeout(), asked).await;
        let result = match answered.map_err(|_| Fault::TimedOut { doing: "signing in" })? {
            Ok(result) => result,
            Err(e) => return Err(self.broken(&e).await),
        };
        Ok(Bound {
            code: result.rc,
            text: one_line(&result.text),
            policy: control(&result.ctrls, PASSWORD_POLICY).and_then(ber::policy_error),
            referral: result.refs,
        })
    }

    /// Searches, and hands every entry over as it comes.
    pub(super) async fn search(
        &mut self,
        search: &Search<'_>,
        each: &mut (dyn FnMut(Entry) + Send),
    ) -> Result<Found, Fault> {
        let time = self.settings.operation_timeout();
        let found = timeout(time, self.search_now(search, each)).await;
        found.map_err(|_| Fault::TimedOut { doing: "searching" })?
    }

    async fn search_now(
        &mut self,
        search: &Search<'_>,
        each: &mut (dyn FnMut(Entry) + Send),
    ) -> Result<Found, Fault> {
        let most = match &search.size {
            Size::AtMost(most) => {
                let limit = SearchOptions::new().sizelimit(i32::try_from(*most).unwrap_or(i32::MAX));
                self.wire.ldap.with_search_options(limit);
                *most
            }
            Size::Page(size, cookie) => {
                let page =
                    PagedResults { size: i32::try_from(*size).unwrap_or(i32::MAX), cookie: cookie.clone() };
                // Critical: a server that ignored it would send everything at once.
                self.wire.ldap.with_controls(page.critical());
                *size
            }
        };
        let attributes = search.attributes.to_vec();
        let stream =
            self.wire.ldap.streaming_search(search.base, search.scope, search.filter, attributes).await;
        let mut stream = match stream {
            Ok(stream) => stream,
            Err(e) => return Err(self.broken(&e).await),
        };
        let mut count = 0;
        loop {
            let item = match stream.next().await {
                Ok(Some(item)) => item,
                Ok(None) => break,
                Err(e) => return Err(self.broken(&e).await),
            };
            if item.is_intermediate() {
                continue;
            }
            if item.is_ref() {
                let to = ldap3::parse_refs(item.0).into_iter().map(|url| one_line(&url));
                self.references.extend(to.take(MAX_REFERENCES - self.references.len().min(MAX_REFERENCES)));
                continue;
            }
            count += 1;
            if count > most {
                return Err(Fault::TooMuch { what: "the server sends more entries than were asked for" });
            }
            if let Some(entry) = Entry::read(item) {
                each(entry);
            }
        }
        let result = stream.finish().await;
        let cut = result.rc == 4 && matches!(search.size, Size::AtMost(_)) && count >= most;
        let cookie = control(&result.ctrls, PAGED_RESULTS).and_then(ber::page_cookie).unwrap_or_default();
        match refused(result, search) {
            Some(_) if cut => Ok(Found { cut, cookie: Vec::new() }),
            Some(fault) => Err(fault),
            None => Ok(Found { cut, cookie }),
        }
    }

    async fn broken(&mut self, error: &LdapError) -> Fault {
        match error {
            LdapError::FilterParsing => Fault::Protocol { what: "a filter is none" },
            LdapError::Io { .. }
            | LdapError::OpSend { .. }
            | LdapError::ResultRecv { .. }
            | LdapError::IdScrubSend { .. }
            | LdapError::EndOfStream => self.wire.why().await,
            _ => Fault::Protocol { what: "an answer is not what was asked for" },
        }
    }
}

impl Bound {
    #[cfg(test)]
    pub(super) fn of(code: u32, text: &str, policy: Option<u32>) -> Self {
        Self { code, text: text.to_owned(), policy, referral: Vec::new() }
    }

    /// Success, or why the account that reads may not sign in.
    pub(super) fn good(self) -> Result<(), Fault> {
        match self.code {
            0 => Ok(()),
            code => Err(self.general().unwrap_or_else(|bound| Fault::BindRefused { code, text: bound.text })),
        }
    }

    /// Faults that have nothing to do with name or password.
    pub(super) fn general(self) -> Result<Fault, Self> {
        match self.code {
            2 => Ok(Fault::Refused { code: 2, text: self.text }),
            code @ (8 | 13) => Ok(Fault::ProtectionRequired { code, text: self.text }),
            10 => Ok(Fault::Referral { to: targets(&self.referral) }),
            code @ (51 | 52) => Ok(Fault::Busy { code }),
            _ => Err(self),
        }
    }
}

fn targets(urls: &[String]) -> Vec<String> {
    urls.iter().take(MAX_REFERENCES).map(|url| one_line(url)).collect()
}

fn control<'a>(all: &'a [Control], oid: &str) -> Option<&'a [u8]> {
    all.iter().find(|control| control.1.ctype == oid).and_then(|control| control.1.val.as_deref())
}

fn refused(result: LdapResult, search: &Search<'_>) -> Option<Fault> {
    let text = one_line(&result.text);
    let base = || search.base.to_owned();
    Some(match result.rc {
        0 => return None,
        3 => Fault::TimeLimit,
        code @ (4 | 11) => Fault::SizeLimit { code },
        code @ (8 | 13) => Fault::ProtectionRequired { code, text },
        10 => Fault::Referral { to: targets(&result.refs) },
        12 => Fault::NoPages,
        32 => Fault::BaseNotFound { base: base() },
        34 => Fault::BadBase { base: base(), text },
        50 => Fault::NoAccess { text },
        code @ (51 | 52) => Fault::Busy { code },
        code => Fault::Refused { code, text },
    })
}
