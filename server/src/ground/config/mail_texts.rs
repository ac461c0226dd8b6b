//! Settings of mail as text: what the configuration gives, and what is kept for an administrator who sets mail up in the
//! console. Both are read by the same parsers and held to the same rules.
//!
//! Where the configuration names `mail.host`, everything about the server is what it says, and what is kept does not count.
//! Otherwise everything about the server is what is kept. What a mail may say and the house rules are asked key by key: the
//! configuration wins.

use std::collections::BTreeMap;
use std::path::PathBuf;

use chancery_protocol::mail::HouseMail;
use zeroize::Zeroizing;

use super::keys::{KEYS, Key, Values};
use super::mail::{self, Mail, MailAuthorities};
use super::problem::{Problem, Problems};
use super::raw::{Raw, Value};
use super::{MailContent, Secret, Source, house};

/// Everything that is set about mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailSet {
    /// The mail server; none when absent.
    pub server: Option<Box<Mail>>,
    /// What a mail may say.
    pub content: MailContent,
    /// What holds for whoever has chosen nothing.
    pub house: HouseMail,
}

/// What the configuration says of mail itself, by key; defaults are not in it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MailGiven(BTreeMap<&'static str, Secret>);

/// What is kept for the console, by key; what is empty is not in it.
pub type MailKept = BTreeMap<String, Zeroizing<String>>;

/// Where it says what a mail may say. The one key of `mail.` that is not about the server.
const CONTENT: &str = "mail.content";
/// In the console these are pasted.
const AUTHORITIES: &str = "mail.authorities";
/// A file of this machine, of which the console knows nothing.
const TOKEN_FILE: &str = "mail.oauth_token_file";
/// Longest value that a browser may set, in bytes.
const LONGEST: usize = 2_000;
/// Longest list of authorities.
const LONGEST_PEM: usize = 32 * 1024;

/// To whom, and how, the secrets of mail are shown. One that is kept goes nowhere else than where it was given for.
pub const PLACE_KEYS: [&str; 7] = [
    "mail.host",
    "mail.port",
    "mail.security",
    "mail.plaintext_accepted",
    AUTHORITIES,
    "mail.user",
    "mail.oauth_endpoint",
];

/// Every key of mail, in the order of the documentation.
pub fn mail_keys() -> impl Iterator<Item = &'static Key> {
    KEYS.iter().filter(|key| key.path.starts_with("mail.") || key.path.starts_with("notify."))
}

/// Whether a key is about the server.
pub fn of_server(key: &str) -> bool {
    key.starts_with("mail.") && key != CONTENT
}

/// Whether a browser may set a key, where the configuration leaves it open.
pub fn of_browser(key: &str) -> bool {
    key != TOKEN_FILE
}

impl MailGiven {
    /// What of it was given, whatever the layer.
    pub(super) fn of(raw: &Raw) -> Self {
        let given = mail_keys().filter_map(|key| {
            let value = raw.values.get(key.path).filter(|value| value.source != Source::Default)?;
            Some((key.path, Secret::new(value.text.as_str())))
        });
        Self(given.collect())
    }

    /// Whether it names the mail server.
    pub fn names_server(&self) -> bool {
        self.0.get("mail.host").is_some_and(|host| !host.reveal().is_empty())
    }

    /// What it says for a key that it decides; nothing where the console does.
    pub fn decides(&self, key: &str) -> Option<&Secret> {
        match of_server(key) {
            true if !self.names_server() => None,
            _ => self.0.get(key),
        }
    }

    /// Whether the console cannot change a key.
    pub fn fixes(&self, key: &str) -> bool {
        (of_server(key) && self.names_server()) || self.decides(key).is_some()
    }
}

/// What holds of the configuration and what is kept. `server` is the one that the configuration names, as it was read from there.
///
/// # Errors
/// Everything that is wrong, by key.
pub fn mail_of(server: Option<&Mail>, given: &MailGiven, kept: &MailKept) -> Result<MailSet, Problems> {
    let text = |key: &Key| -> Zeroizing<String> {
        if of_server(key.path) && (given.names_server() || key.path == AUTHORITIES) {
            return Zeroizing::new(key.default.to_owned());
        }
        match (given.decides(key.path), kept.get(key.path)) {
            (Some(text), _) => Zeroizing::new(text.reveal().to_owned()),
            (None, Some(text)) => text.clone(),
            (None, None) => Zeroizing::new(key.default.to_owned()),
        }
    };
    let default = |key: &Key| Zeroizing::new(key.default.to_owned());
    let of_mail = |key: &Key| mail_keys().any(|mail| mail.path == key.path);
    let values = KEYS.iter().map(|key| {
        let text = if of_mail(key) { text(key) } else { default(key) };
        (key.path, Value { text, source: Source::Default })
    });
    let raw = Raw { values: values.collect(), base: PathBuf::new() };
    let mut problems = Problems::default();
    let mut values = Values::parse(&raw, &mut problems);
    for (path, what, mend) in mail::wrong(&values) {
        problems.add(path, None, what, mend);
    }
    let pem = kept.get(AUTHORITIES).filter(|_| !given.names_server());
    let pem = pem.map(|text| MailAuthorities::Pem(text.trim().to_owned()));
    if let Some(Err(what)) = pem.as_ref().map(MailAuthorities::roots) {
        problems.add(AUTHORITIES, None, what, "paste the certificates of authorities as PEM text");
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let build = || {
        let content = values.mail_content?;
        let house = house::build(&mut values)?;
        let server = match server {
            Some(server) => Some(Box::new(server.clone())),
            None => mail::build(&mut values, |path| path)?
                .map(|server| Box::new(Mail { authorities: pem, ..*server })),
        };
        Some(MailSet { server, content, house })
    };
    build().ok_or_else(|| {
        problems.add("mail.host", None, "could not be put together with the rest", "this is a defect");
        problems
    })
}

/// What is wrong with a text that a browser sent for a key, before it is looked at.
///
/// # Errors
/// The problem.
pub fn check_text(key: &str, text: &str) -> Result<(), Problem> {
    let problem = |what: &str, mend: &str| Problem {
        path: key.to_owned(),
        source: None,
        what: what.to_owned(),
        mend: mend.to_owned(),
    };
    let most = if key == AUTHORITIES { LONGEST_PEM } else { LONGEST };
    if text.len() > most {
        return Err(problem("is longer than any such setting", "write less"));
    }
    if key == AUTHORITIES && text.contains("PRIVATE KEY") {
        return Err(problem(
            "holds a private key",
            "paste certificates only, and change that key: it was shown",
        ));
    }
    Ok(())
}
