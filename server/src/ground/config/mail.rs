//! Mail: the server that takes it, how it is reached, and what a mail may say.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use chancery_protocol::mail::MailContent;
use lettre::Address;
use lettre::message::Mailbox;

use rustls::RootCertStore;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;

use super::keys::Values;
use super::parse::Fault;
use super::{PublicUrl, Secret};

/// The mail server, and the rules for what is handed to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// Its name, or its address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the line to it is protected.
    pub security: MailSecurity,
    /// The authorities that may have issued its certificate; those of this machine when absent.
    pub authorities: Option<MailAuthorities>,
    /// Whether mails and password may cross a network in clear.
    pub plaintext_accepted: bool,
    /// As whom this server signs in; it does not when absent.
    pub login: Option<MailLogin>,
    /// Sender, as people see it.
    pub from: Mailbox,
    /// Where answers go; to the sender when absent.
    pub reply_to: Option<Mailbox>,
    /// Where the mail server reports what it could not deliver: the envelope's sender.
    pub bounce: Address,
    /// How long reaching it may take, TLS included.
    pub connect: Duration,
    /// How long it may take over one answer.
    pub answer: Duration,
    /// Most lines to it at once.
    pub lines: usize,
}

/// Certificates of authorities, as PEM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MailAuthorities {
    /// In this file.
    File(PathBuf),
    /// These.
    Pem(String),
}

impl MailAuthorities {
    /// They, ready to verify with.
    ///
    /// # Errors
    /// What is wrong with them, in words that follow their name.
    pub fn roots(&self) -> Result<RootCertStore, String> {
        let read;
        let pem = match self {
            Self::File(file) => {
                read = std::fs::read(file).map_err(|e| format!("cannot be read: {e}"))?;
                read.as_slice()
            }
            Self::Pem(text) => text.as_bytes(),
        };
        let mut store = RootCertStore::empty();
        for certificate in CertificateDer::pem_slice_iter(pem) {
            let certificate = certificate.map_err(|_| "holds damaged PEM text".to_owned())?;
            store
                .add(certificate)
                .map_err(|_| "holds a certificate that cannot be an authority".to_owned())?;
        }
        if store.is_empty() { Err("holds no certificate".to_owned()) } else { Ok(store) }
    }
}

/// How the line to the mail server is protected. There is no "if it can": a line in clear is never fallen back to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailSecurity {
    /// TLS from the first byte on.
    Tls,
    /// Begins in clear and is not used before TLS is agreed on.
    StartTls,
    /// In clear.
    None,
}

impl MailSecurity {
    /// The usual port.
    pub fn port(self) -> u16 {
        match self {
            Self::Tls => 465,
            Self::StartTls => 587,
            Self::None => 25,
        }
    }
}

/// As whom this server signs in to the mail server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailLogin {
    /// The account.
    pub user: String,
    /// How it proves that it is this account.
    pub proof: MailProof,
}

/// How an account is proven.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MailProof {
    /// A password: PLAIN or LOGIN.
    Password(Secret),
    /// XOAUTH2 with a token that another program puts into a file and keeps fresh.
    TokenFile(PathBuf),
    /// XOAUTH2 with tokens this server asks for.
    Tokens(Box<MailTokens>),
}

/// Where tokens for XOAUTH2 come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailTokens {
    /// Who issues them.
    pub endpoint: PublicPath,
    /// Who we are there.
    pub client_id: String,
    /// The proof of it.
    pub client_secret: Secret,
    /// What somebody allowed us for their account (Google Workspace); without it we ask in our own name (Exchange Online).
    pub refresh_token: Option<Secret>,
    /// What the token is for; not said when absent.
    pub scope: Option<String>,
}

/// An address with a path, `https` unless on this machine.
pub type PublicPath = url::Url;

pub(super) fn host(text: &str) -> Result<Option<String>, Fault> {
    if text.is_empty() {
        return Ok(None);
    }
    match rustls_pki_types::ServerName::try_from(text) {
        Ok(_) => Ok(Some(text.to_owned())),
        Err(_) => Err(Fault::new(
            format!("{text:?} is not the name of a host"),
            "write its name or address only, such as \"smtp.example.com\"; the port is mail.port",
        )),
    }
}

pub(super) fn port(text: &str) -> Result<u16, Fault> {
    text.parse().map_err(|_| {
        Fault::new(format!("{text:?} is not a port"), "write a number up to 65535, or 0 for the usual one")
    })
}

pub(super) fn security(text: &str) -> Result<MailSecurity, Fault> {
    match text {
        "tls" => Ok(MailSecurity::Tls),
        "starttls" => Ok(MailSecurity::StartTls),
        "none" => Ok(MailSecurity::None),
        _ => Err(Fault::new(
            format!("{text:?} is no protection that is known"),
            "write \"tls\", \"starttls\" or \"none\"",
        )),
    }
}

pub(super) fn content(text: &str) -> Result<MailContent, Fault> {
    match text {
        "full" => Ok(MailContent::Full),
        "sender" => Ok(MailContent::Sender),
        "nothing" => Ok(MailContent::Nothing),
        _ => Err(Fault::new(
            format!("{text:?} is nothing a mail can say"),
            "write \"full\", \"sender\" or \"nothing\"",
        )),
    }
}

/// `Name <address>` or an address alone.
pub(super) fn mailbox(text: &str) -> Result<Option<Mailbox>, Fault> {
    if text.is_empty() {
        return Ok(None);
    }
    let fault = |what: &str| {
        Fault::new(
            format!("{text:?} {what}"),
            "write \"Chat of Example <chat@example.com>\" or \"chat@example.com\"",
        )
    };
    if text.chars().any(char::is_control) {
        return Err(fault("holds a line break or another control character"));
    }
    let mailbox: Mailbox = text.parse().map_err(|_| fault("is not an address of mail"))?;
    if AsRef::<str>::as_ref(&mailbox.email).is_ascii() {
        Ok(Some(mailbox))
    } else {
        Err(fault("has an address with letters beyond ASCII, which many mail servers refuse"))
    }
}

pub(super) fn address(text: &str) -> Result<Option<Address>, Fault> {
    match mailbox(text)? {
        Some(Mailbox { name: Some(_), .. }) => {
            Err(Fault::new(format!("{text:?} has a name before the address"), "write the address alone"))
        }
        mailbox => Ok(mailbox.map(|mailbox| mailbox.email)),
    }
}

/// One line, or nothing.
pub(super) fn word(text: &str) -> Result<Option<String>, Fault> {
    if text.chars().any(char::is_control) {
        return Err(Fault::new(
            "holds a line break or another control character",
            "write it on one line, or leave it out",
        ));
    }
    Ok((!text.is_empty()).then(|| text.to_owned()))
}

/// As [`word`]; what is wrong never repeats it.
pub(super) fn secret(text: &str) -> Result<Option<Secret>, Fault> {
    Ok(word(text)?.map(Secret::new))
}

pub(super) fn endpoint(text: &str) -> Result<Option<PublicPath>, Fault> {
    if text.is_empty() {
        return Ok(None);
    }
    let mend = "write it like \"https://login.microsoftonline.com/<tenant>/oauth2/v2.0/token\" or \"https://oauth2.googleapis.com/token\"";
    let url = PublicPath::parse(text).map_err(|e| Fault::new(format!("is not an address: {e}"), mend))?;
    let base = PublicUrl::parse(&url.origin().ascii_serialization());
    let safe = base.is_ok_and(|base| base.is_https() || base.is_loopback());
    if !safe || !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
        return Err(Fault::new("is not a plain https address: secrets are sent to it", mend));
    }
    Ok(Some(url))
}

pub(super) fn connect_seconds(text: &str) -> Result<u32, Fault> {
    seconds(text, 120)
}

pub(super) fn answer_seconds(text: &str) -> Result<u32, Fault> {
    seconds(text, 600)
}

fn seconds(text: &str, most: u32) -> Result<u32, Fault> {
    text.parse().ok().filter(|number| (1..=most).contains(number)).ok_or_else(|| {
        Fault::new(format!("{text:?} is no number of seconds from 1 to {most}"), "write, for example, 20")
    })
}

pub(super) fn lines(text: &str) -> Result<u32, Fault> {
    text.parse().ok().filter(|number| (1..=20).contains(number)).ok_or_else(|| {
        Fault::new(format!("{text:?} is no whole number from 1 to 20"), "write one, such as 2")
    })
}

/// Whether the host is this machine, as far as its name says.
fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// What is wrong with the settings of mail together: key, what, how to mend it.
pub(super) fn wrong(values: &Values) -> Vec<(&'static str, String, &'static str)> {
    let mut found: Vec<(&'static str, String, &'static str)> = Vec::new();
    let mut add = |path, what: &str, mend| found.push((path, what.to_owned(), mend));
    let said = |value: &Option<Option<Secret>>| value.as_ref().map(Option::is_some);
    let user = values.mail_user.as_ref().map(Option::is_some);
    let password = said(&values.mail_password);
    let file = values.mail_oauth_token_file.as_ref().map(Option::is_some);
    let endpoint = values.mail_oauth_endpoint.as_ref().map(Option::is_some);
    let client = values.mail_oauth_client_id.as_ref().map(Option::is_some);
    let client_secret = said(&values.mail_oauth_client_secret);
    let from = values.mail_from.as_ref().map(Option::is_some);
    match values.mail_host.as_ref().map(Option::as_deref) {
        Some(None) => {
            for (path, said) in [("mail.from", from), ("mail.user", user), ("mail.oauth_endpoint", endpoint)]
            {
                if said == Some(true) {
                    add(path, "is set, but no mail server is", "name it as mail.host, or leave this out");
                }
            }
        }
        Some(Some(host)) => {
            if from == Some(false) {
                let mend = "write the sender, such as \"Chat of Example <chat@example.com>\"";
                add("mail.from", "is missing beside mail.host", mend);
            }
            let clear = values.mail_security == Some(MailSecurity::None);
            if clear && !is_loopback(host) && values.mail_plaintext_accepted == Some(false) {
                let mend = "choose \"starttls\" or \"tls\", or set mail.plaintext_accepted to true when nobody else can listen on the way";
                add("mail.security", "sends mails, and the password, in clear to another machine", mend);
            }
        }
        None => {}
    }
    let proofs = [password, file, endpoint];
    match (user, proofs.iter().filter(|proof| **proof == Some(true)).count()) {
        (Some(true), 0) if proofs.iter().all(Option::is_some) => {
            let mend =
                "give mail.password, mail.oauth_token_file or mail.oauth_endpoint, or leave mail.user out";
            add("mail.user", "has nothing to prove itself with", mend);
        }
        (Some(false), 1..) => {
            add("mail.user", "is missing: there is a proof and nobody whose it is", "name the account");
        }
        (Some(true), 2..) => {
            let mend = "keep one of mail.password, mail.oauth_token_file and mail.oauth_endpoint";
            add("mail.user", "has more than one way to prove itself", mend);
        }
        _ => {}
    }
    if endpoint == Some(true) {
        for (path, said) in [("mail.oauth_client_id", client), ("mail.oauth_client_secret", client_secret)] {
            if said == Some(false) {
                add(
                    path,
                    "is missing beside mail.oauth_endpoint",
                    "write what the issuer of tokens gave you",
                );
            }
        }
    }
    if endpoint == Some(false) {
        let refresh = said(&values.mail_oauth_refresh_token);
        let scope = values.mail_oauth_scope.as_ref().map(Option::is_some);
        for (path, said) in [
            ("mail.oauth_client_id", client),
            ("mail.oauth_client_secret", client_secret),
            ("mail.oauth_refresh_token", refresh),
            ("mail.oauth_scope", scope),
        ] {
            if said == Some(true) {
                let mend = "name who issues tokens as mail.oauth_endpoint, or leave this out";
                add(path, "is set, but nobody is asked for tokens", mend);
            }
        }
    }
    found
}

/// The settings of mail; `None` inside when no mail server is named, and outside when something was not understood.
pub(super) fn build(values: &mut Values, at: impl Fn(PathBuf) -> PathBuf) -> Option<Option<Box<Mail>>> {
    let Some(host) = values.mail_host.take()? else { return Some(None) };
    let security = values.mail_security?;
    let login = match values.mail_user.take()? {
        Some(user) => Some(MailLogin { user, proof: proof(values, &at)? }),
        None => None,
    };
    let from = values.mail_from.take()??;
    let port = match values.mail_port? {
        0 => security.port(),
        port => port,
    };
    Some(Some(Box::new(Mail {
        host,
        port,
        security,
        authorities: values.mail_authorities.take()?.map(&at).map(MailAuthorities::File),
        plaintext_accepted: values.mail_plaintext_accepted?,
        login,
        reply_to: values.mail_reply_to.take()?,
        bounce: values.mail_bounce.take()?.unwrap_or_else(|| from.email.clone()),
        from,
        connect: Duration::from_secs(values.mail_connect_seconds?.into()),
        answer: Duration::from_secs(values.mail_answer_seconds?.into()),
        lines: usize::try_from(values.mail_lines?).ok()?,
    })))
}

fn proof(values: &mut Values, at: &impl Fn(PathBuf) -> PathBuf) -> Option<MailProof> {
    if let Some(password) = values.mail_password.take()? {
        return Some(MailProof::Password(password));
    }
    if let Some(file) = values.mail_oauth_token_file.take()? {
        return Some(MailProof::TokenFile(at(file)));
    }
    Some(MailProof::Tokens(Box::new(MailTokens {
        endpoint: values.mail_oauth_endpoint.take()??,
        client_id: values.mail_oauth_client_id.take()??,
        client_secret: values.mail_oauth_client_secret.take()??,
        refresh_token: values.mail_oauth_refresh_token.take()?,
        scope: values.mail_oauth_scope.take()?,
    })))
}
