//! What can go wrong with a directory: each fault with a stable code, what is wrong and how to mend it.
//!
//! None of the texts holds a password. They may hold names of servers and DNs: they are for administrators.

use std::fmt;

/// A fault, and the server it happened with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// As it stands in the settings; none when it is not about one server.
    pub server: Option<String>,
    /// What went wrong.
    pub fault: Fault,
}

/// One server that was tried in vain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// As it stands in the settings.
    pub server: String,
    /// What went wrong.
    pub fault: Fault,
}

/// What went wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// No server of several could be used.
    #[error("none of the servers can be used: {}", list(.0))]
    NoServer(Vec<Attempt>),
    /// The name has no address.
    #[error("the name {host} cannot be resolved")]
    NotResolved {
        /// The name.
        host: String,
    },
    /// Nobody accepts the connection.
    #[error("no connection to {address}: {what}")]
    NotConnected {
        /// Address and port.
        address: String,
        /// The operating system's words.
        what: String,
    },
    /// An unprotected line to another machine.
    #[error("{address} is not on this machine and the line is not encrypted")]
    ClearText {
        /// Address and port.
        address: String,
    },
    /// No answer in time.
    #[error("no answer in time while {doing}")]
    TimedOut {
        /// What was waited for.
        doing: &'static str,
    },
    /// The server's certificate was issued by nobody who is trusted.
    #[error("the server's certificate was issued by an authority that is not trusted")]
    UnknownIssuer,
    /// The certificate is for another name.
    #[error("the server's certificate is not for {name}{}", but_for(.presented))]
    WrongName {
        /// The name in the settings.
        name: String,
        /// Names the certificate is for.
        presented: Vec<String>,
    },
    /// The certificate has ended, or has not begun.
    #[error("the server's certificate {}", if *.ended { "has expired" } else { "is not valid yet" })]
    NotValidNow {
        /// Whether it ended.
        ended: bool,
    },
    /// The server shows the certificate of an authority as its own.
    #[error("the server shows the certificate of an authority as its own")]
    OwnAuthority,
    /// The certificate or the encryption is no good in another way.
    #[error("no TLS with the server: {what}")]
    Tls {
        /// In the words of the TLS library.
        what: String,
    },
    /// The authorities of this machine cannot be read.
    #[error("this machine has no list of trusted authorities")]
    NoAuthorities,
    /// The server does not want to begin TLS.
    #[error("the server refuses StartTLS ({})", said(*.code, .text))]
    StartTlsRefused {
        /// Result code.
        code: u32,
        /// The server's words.
        text: String,
    },
    /// Name or password of the account that reads is wrong, or the account may not sign in.
    #[error("the directory refuses the account that reads it ({})", said(*.code, .text))]
    BindRefused {
        /// Result code: 49, or what a server says instead.
        code: u32,
        /// The server's words.
        text: String,
    },
    /// The server takes passwords over a better protected line only.
    #[error("the directory takes no password over this line ({})", said(*.code, .text))]
    ProtectionRequired {
        /// 8 (strongerAuthRequired) or 13 (confidentialityRequired).
        code: u32,
        /// The server's words.
        text: String,
    },
    /// The DN searched below does not exist, or may not be seen.
    #[error("{base} does not exist in the directory, or may not be seen")]
    BaseNotFound {
        /// The DN.
        base: String,
    },
    /// The DN searched below is none.
    #[error("{base} is no DN to the directory ({text})")]
    BadBase {
        /// The DN.
        base: String,
        /// The server's words.
        text: String,
    },
    /// The server points to another one.
    #[error("the server answers with a referral to {}, which is not followed", referred(.to))]
    Referral {
        /// Its URLs.
        to: Vec<String>,
    },
    /// More entries than the server gives.
    #[error("the directory gives no more entries (code {code})")]
    SizeLimit {
        /// 4 (sizeLimitExceeded) or 11 (adminLimitExceeded).
        code: u32,
    },
    /// The directory itself ran out of time.
    #[error("the directory took too long to search")]
    TimeLimit,
    /// The server does not give answers in pages.
    #[error("the directory cannot answer in pages")]
    NoPages,
    /// The account may not read this.
    #[error("the directory says: not enough access ({text})")]
    NoAccess {
        /// The server's words.
        text: String,
    },
    /// The server has no time now.
    #[error("the directory is busy or shutting down (code {code})")]
    Busy {
        /// 51 or 52.
        code: u32,
    },
    /// Anything else the server said.
    #[error("the directory refuses ({})", said(*.code, .text))]
    Refused {
        /// Result code.
        code: u32,
        /// The server's words.
        text: String,
    },
    /// The line broke.
    #[error("the server closed the connection")]
    Closed,
    /// An answer that is none.
    #[error("the server does not keep to the protocol: {what}")]
    Protocol {
        /// What was expected or wrong.
        what: &'static str,
    },
    /// More came than is accepted.
    #[error("too much at once: {what}")]
    TooMuch {
        /// What there was too much of.
        what: &'static str,
    },
}

impl Fault {
    /// A name that does not change, for logs, metrics and tests.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoServer(_) => "no_server",
            Self::NotResolved { .. } => "not_resolved",
            Self::NotConnected { .. } => "not_connected",
            Self::ClearText { .. } => "clear_text",
            Self::TimedOut { .. } => "timed_out",
            Self::UnknownIssuer => "unknown_issuer",
            Self::WrongName { .. } => "wrong_name",
            Self::NotValidNow { ended: true } => "certificate_expired",
            Self::NotValidNow { ended: false } => "certificate_not_yet_valid",
            Self::OwnAuthority => "own_authority",
            Self::Tls { .. } => "tls_failed",
            Self::NoAuthorities => "no_authorities",
            Self::StartTlsRefused { .. } => "start_tls_refused",
            Self::BindRefused { .. } => "bind_refused",
            Self::ProtectionRequired { .. } => "protection_required",
            Self::BaseNotFound { .. } => "base_not_found",
            Self::BadBase { .. } => "base_is_no_dn",
            Self::Referral { .. } => "referral",
            Self::SizeLimit { .. } => "size_limit",
            Self::TimeLimit => "time_limit",
            Self::NoPages => "no_pages",
            Self::NoAccess { .. } => "no_access",
            Self::Busy { .. } => "busy",
            Self::Refused { .. } => "refused",
            Self::Closed => "closed",
            Self::Protocol { .. } => "protocol",
            Self::TooMuch { .. } => "too_much",
        }
    }

    /// What to do about it.
    pub fn mend(&self) -> &'static str {
        match self {
            Self::NoServer(attempts) => {
                attempts.first().map_or("name a server", |attempt| attempt.fault.mend())
            }
            Self::NotResolved { .. } => "correct the name, or use one this machine can resolve",
            Self::NotConnected { .. } => {
                "check address and port (636 for LDAPS, 389 otherwise) and that no firewall is between"
            }
            Self::ClearText { .. } => {
                "use LDAPS or StartTLS; without encryption only 127.0.0.1, ::1 or localhost"
            }
            Self::TimedOut { .. } => {
                "check that the server runs and no firewall swallows packets, or allow more time"
            }
            Self::UnknownIssuer => {
                "give the certificate of the authority that issued the server's certificate, with those between, in PEM form"
            }
            Self::WrongName { .. } => {
                "use a name the certificate is for in the server's URL, or add the name to the certificate's alternative names"
            }
            Self::NotValidNow { ended: true } => {
                "renew the server's certificate, and check this machine's clock"
            }
            Self::NotValidNow { ended: false } => "check the clocks of this machine and of the server",
            Self::OwnAuthority => {
                "let an authority issue a certificate for the server (a self-signed one must not say CA:TRUE)"
            }
            Self::Tls { .. } => {
                "check that the port speaks TLS 1.2 or 1.3 and that the certificate is X.509 version 3"
            }
            Self::NoAuthorities => {
                "install the certificates of the system, or give the authority in PEM form"
            }
            Self::StartTlsRefused { .. } => {
                "give the server a certificate, or use LDAPS; nothing was sent in clear"
            }
            Self::BindRefused { .. } => {
                "check DN and password of the account that reads, and that it is neither locked nor expired"
            }
            Self::ProtectionRequired { .. } => "use LDAPS or StartTLS",
            Self::BaseNotFound { .. } => "correct the base, or let the account that reads see it",
            Self::BadBase { .. } => "write it like ou=people,dc=example,dc=org",
            Self::Referral { .. } => {
                "name the server that holds these entries itself; in Active Directory use a base within the server's own domain"
            }
            Self::SizeLimit { .. } => {
                "raise the server's limit for the account that reads, or use a smaller page"
            }
            Self::TimeLimit => {
                "use a narrower base or filter, or let the server index the attributes of the filter"
            }
            Self::NoPages => "allow the control 1.2.840.113556.1.4.319 on the server",
            Self::NoAccess { .. } => "let the account that reads see these entries and attributes",
            Self::Busy { .. } => "try again later, or name another server first",
            Self::Refused { .. } => "look the code up in the directory's own log",
            Self::Closed => "look into the server's log; a firewall may close lines that are quiet",
            Self::Protocol { .. } => {
                "check that this is an LDAP server and that nothing in between changes its answers"
            }
            Self::TooMuch { .. } => "use a smaller page, or leave out large attributes",
        }
    }

    /// Whether another server of the list may do better. Not when the answer would be the same everywhere: a wrong
    /// password tried at every server locks the account.
    pub(super) fn is_of_this_server(&self) -> bool {
        !matches!(self, Self::BindRefused { .. } | Self::NoServer(_))
    }

    pub(super) fn at(self, server: &str) -> Error {
        Error { server: Some(server.to_owned()), fault: self }
    }
}

impl Error {
    /// See [`Fault::code`].
    pub fn code(&self) -> &'static str {
        self.fault.code()
    }

    /// See [`Fault::mend`].
    pub fn mend(&self) -> &'static str {
        self.fault.mend()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.server {
            Some(server) => write!(f, "{server}: {}", self.fault),
            None => self.fault.fmt(f),
        }
    }
}

impl std::error::Error for Error {}

/// A foreign text in one line of bounded length.
pub(super) fn one_line(text: &str) -> String {
    const LONGEST: usize = 200;
    let text = text.trim_end_matches('\0').trim();
    let mut out: String = text.chars().take(LONGEST).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(LONGEST).is_some() {
        out.push('…');
    }
    out
}

fn said(code: u32, text: &str) -> String {
    if text.is_empty() { format!("code {code}") } else { format!("code {code}: {text}") }
}

fn list(attempts: &[Attempt]) -> String {
    let all: Vec<String> =
        attempts.iter().map(|attempt| format!("{}: {}", attempt.server, attempt.fault)).collect();
    all.join("; ")
}

fn referred(to: &[String]) -> String {
    if to.is_empty() { "another server".to_owned() } else { to.join(", ") }
}

fn but_for(names: &[String]) -> String {
    if names.is_empty() { String::new() } else { format!(" but for {}", names.join(", ")) }
}
