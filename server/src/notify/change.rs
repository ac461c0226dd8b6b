//! Settings of mail in the console: how they are, and changing them.
//!
//! What must stay true: a secret never leaves, and one that is kept is shown to no other server than the one it was given for;
//! what is kept always passes the checks of the configuration; a change is on record before it counts.

use std::collections::BTreeMap;

use chancery_ledger::{Kind, Stream};
use chancery_protocol::ids::PersonId;
use chancery_protocol::mail_settings::{MailField, MailFrom, MailSettings, SetMail};

use super::MailDesk;
use super::records::MailSettingsChanged;
use super::settings::{Base, Settings};
use super::store::{self, Document};
use crate::directory::records::Via;
use crate::ground::config::keys::Key;
use crate::ground::config::problem::Problem;
use crate::ground::config::{MailKept, PLACE_KEYS, check_text, mail_keys, mail_of, of_browser, of_server};
use crate::ground::error::{Code, Error};
use crate::journal::Unit;

impl MailDesk {
    /// How mail is set up, without its secrets.
    pub(super) fn settings(&self) -> Result<MailSettings, Error> {
        let document = self.shared.document(&mut *self.journal.db().reader()?)?;
        let now = self.shared.now();
        Ok(shown(self.shared.base(), &document, now.settings.server.is_some(), now.problem.clone()))
    }

    /// Changes settings, unless somebody else changed them first.
    pub(super) fn set(&self, form: &SetMail, by: PersonId) -> Result<MailSettings, Error> {
        let base = self.shared.base();
        let was = self.shared.document(&mut *self.journal.db().reader()?)?;
        if form.was != was.revision {
            return Err(Code::Outdated.into());
        }
        let (kept, settings) = merged(base, &was.kept, &form.texts)?;
        if kept == was.kept && !was.damaged {
            return self.settings();
        }
        if let Some(server) = &settings.server {
            base.office(server).map_err(|what| wrong("mail.authorities", what))?;
        }
        let sealed = store::seal(self.journal.vault(), &kept)?;
        let body = changed(&was.kept, &kept);
        let draft = self.journal.draft(Stream::System, Kind::MailSettingsChanged, Some(by), &body)?;
        let committed = self.journal.commit_blocking(Unit {
            records: vec![draft],
            work: Some(Box::new(move |conn, placed| {
                let at = placed.first().map(|place| place.at).unwrap_or_default();
                store::change(conn, was.revision, &sealed, at)
            })),
            ..Unit::default()
        })?;
        let now = Document {
            revision: was.revision + 1,
            changed_at: committed.placed.first().map(|place| place.at),
            kept,
            damaged: false,
        };
        Ok(shown(base, &now, settings.server.is_some(), None))
    }
}

/// What would be kept with these texts on top of what is, and what would hold then.
///
/// # Errors
/// Everything that is wrong, by key.
pub(super) fn merged(
    base: &Base,
    was: &MailKept,
    texts: &BTreeMap<String, String>,
) -> Result<(MailKept, Settings), Error> {
    let mut kept = was.clone();
    let mut found = Vec::new();
    for (key, text) in texts {
        let Some(known) = mail_keys().find(|known| known.path == key) else {
            found.push(wrong(key, "This is no setting of mail."));
            continue;
        };
        if base.given.fixes(key) {
            found.push(wrong(key, "This is set in the server's configuration."));
        } else if !of_browser(key) {
            found.push(wrong(key, "This names a file of the server and is set in its configuration only."));
        } else if let Err(problem) = check_text(key, text) {
            found.push(said(&problem));
        } else {
            let text = if known.secret { text.as_str() } else { text.trim() };
            match text {
                "" => kept.remove(key),
                text => kept.insert(key.clone(), text.to_owned().into()),
            };
        }
    }
    let moved = PLACE_KEYS.iter().any(|key| kept.get(*key) != was.get(*key));
    for key in mail_keys().filter(|key| key.secret && moved) {
        if kept.contains_key(key.path) && !texts.contains_key(key.path) {
            let what =
                "Give it again: the one that is kept belongs to the server and account it was given for.";
            found.push(wrong(key.path, what));
        }
    }
    let settings = mail_of(base.server.as_deref(), &base.given, &kept);
    if let Err(problems) = &settings {
        found.extend(problems.list().iter().map(said));
    }
    Error::all(found)?;
    settings.map(|settings| (kept, settings)).map_err(Error::internal)
}

pub(super) fn wrong(key: &str, what: impl Into<String>) -> Error {
    Error::from(Code::SettingsInvalid).field(key).detail(what)
}

/// A problem of the configuration in two sentences.
fn said(problem: &Problem) -> Error {
    let quotes = problem.what.starts_with('"');
    let what = if quotes { problem.what.clone() } else { format!("This {}", problem.what) };
    let mut mend = problem.mend.chars();
    let mend: String = mend.next().into_iter().flat_map(char::to_uppercase).chain(mend).collect();
    wrong(&problem.path, format!("{what}. {mend}."))
}

fn shown(base: &Base, document: &Document, sends: bool, problem: Option<String>) -> MailSettings {
    MailSettings {
        revision: document.revision,
        changed_at: document.changed_at,
        fields: mail_keys().map(|key| field(base, document, key)).collect(),
        sends,
        problem,
    }
}

fn field(base: &Base, document: &Document, key: &Key) -> MailField {
    let unused = of_server(key.path) && base.given.names_server();
    let kept = document.kept.get(key.path).filter(|_| !unused);
    let (from, text) = match (base.given.decides(key.path), kept) {
        (Some(given), _) => (MailFrom::Configuration, given.reveal()),
        (None, Some(kept)) => (MailFrom::Console, kept.as_str()),
        (None, None) => (MailFrom::Default, key.default),
    };
    MailField {
        key: key.path.to_owned(),
        text: if key.secret { String::new() } else { text.to_owned() },
        default: key.default.to_owned(),
        secret: key.secret,
        from,
        fixed: base.given.fixes(key.path) || !of_browser(key.path),
    }
}

fn changed(before: &MailKept, after: &MailKept) -> MailSettingsChanged {
    let differs = |key: &&'static Key| before.get(key.path) != after.get(key.path);
    let text = |key: &Key| after.get(key.path).map(|text| text.to_string()).unwrap_or_default();
    let (secrets, texts): (Vec<_>, Vec<_>) = mail_keys().filter(differs).partition(|key| key.secret);
    MailSettingsChanged {
        texts: texts.into_iter().map(|key| (key.path.to_owned(), text(key))).collect(),
        secrets: secrets.into_iter().map(|key| key.path.to_owned()).collect(),
        via: Via::Web,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::config::{MailContent, MailProof, Surroundings, load};

    /// What never changes, with this configuration.
    fn base(toml: &str) -> Base {
        let read = |path: &std::path::Path| match path.to_str() {
            Some("/srv/chancery.toml") => Ok(toml.as_bytes().to_vec()),
            _ => Err(std::io::ErrorKind::NotFound.into()),
        };
        let outside = Surroundings { env: Vec::new(), cwd: "/srv".into(), read: &read };
        let config = load(None, &outside).unwrap_or_else(|problems| panic!("{problems}")).config;
        Base::of(&config).unwrap()
    }

    fn texts(of: &[(&str, &str)]) -> BTreeMap<String, String> {
        of.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned())).collect()
    }

    const SERVER: [(&str, &str); 4] = [
        ("mail.host", "mail.example.com"),
        ("mail.from", "Chat <chat@example.com>"),
        ("mail.user", "chat"),
        ("mail.password", "geheim"),
    ];

    fn set_up() -> MailKept {
        merged(&base(""), &MailKept::new(), &texts(&SERVER)).unwrap().0
    }

    /// What is wrong, by key.
    fn refused(toml: &str, was: &MailKept, with: &[(&str, &str)]) -> Vec<String> {
        match merged(&base(toml), was, &texts(with)) {
            Ok(_) => Vec::new(),
            Err(error) if error.errors.is_empty() => vec![error.field.unwrap_or_default().into()],
            Err(error) => error.errors.iter().map(|one| one.field.clone()).collect(),
        }
    }

    #[test]
    fn what_is_typed_goes_through_the_checks_of_the_configuration() {
        let (kept, settings) = merged(&base(""), &MailKept::new(), &texts(&SERVER)).unwrap();
        let server = settings.server.unwrap();
        assert_eq!((server.host.as_str(), server.port, kept.len()), ("mail.example.com", 587, 4));
        assert!(
            matches!(&server.login.unwrap().proof, MailProof::Password(password) if password.reveal() == "geheim")
        );
        let wrong = [
            ("mail.host", "smtp://x"),
            ("mail.port", "70000"),
            ("mail.from", "a\nBcc: b"),
            ("mail.authorities", "-----BEGIN CERTIFICATE-----\nx"),
            ("notify.after_minutes", "0"),
            ("notify.time_zone", "Mars"),
            ("mail.nothing", "x"),
            ("mail.oauth_token_file", "/etc/passwd"),
            ("listen", "0.0.0.0:1"),
        ];
        let mut found = refused("", &MailKept::new(), &wrong);
        found.sort();
        let mut keys: Vec<&str> = wrong.iter().map(|(key, _)| *key).collect();
        keys.sort_unstable();
        assert_eq!(found, keys, "all at once");
    }

    #[test]
    fn a_secret_that_is_kept_goes_nowhere_else() {
        let kept = set_up();
        for elsewhere in [
            ("mail.host", "evil.example.net"),
            ("mail.port", "25"),
            ("mail.security", "tls"),
            ("mail.plaintext_accepted", "true"),
            ("mail.user", "other"),
        ] {
            assert_eq!(refused("", &kept, &[elsewhere]), ["mail.password"], "{elsewhere:?}");
            assert_eq!(refused("", &kept, &[elsewhere, ("mail.password", "new")]), [""; 0], "{elsewhere:?}");
        }
        assert_eq!(refused("", &kept, &[("mail.lines", "3"), ("notify.language", "de")]), [""; 0]);
        assert_eq!(refused("", &kept, &[("mail.password", "")]), ["mail.user"], "nothing to prove it with");
        let gone = SERVER.map(|(key, _)| (key, ""));
        assert!(merged(&base(""), &kept, &texts(&gone)).unwrap().0.is_empty());
    }

    #[test]
    fn the_configuration_wins_key_by_key_and_the_server_as_a_whole() {
        let toml = "[mail]\nhost = 'own.example.com'\nfrom = 'a@example.com'\npassword = 'p'\nuser = 'u'\n\
                    [notify]\nlanguage = 'de'\n";
        let all = [SERVER[0], ("mail.lines", "3"), ("notify.language", "en")];
        assert_eq!(refused(toml, &MailKept::new(), &all), ["mail.host", "mail.lines", "notify.language"]);
        let (kept, settings) = merged(
            &base(toml),
            &set_up(),
            &texts(&[("mail.content", "full"), ("notify.digest_at", "07:30")]),
        )
        .unwrap();
        assert_eq!(settings.server.as_ref().unwrap().host, "own.example.com");
        assert_eq!((settings.content, settings.house.digest_at), (MailContent::Full, 450));
        assert_eq!(settings.house.language, chancery_protocol::mail::MailLanguage::German);
        assert_eq!(kept.len(), 6, "what was set before stays for the day the configuration names no server");
        let document = Document { kept, ..Document::default() };
        let own = base(toml);
        let shown = |key: &str| {
            let key = mail_keys().find(|known| known.path == key).unwrap();
            let field = field(&own, &document, key);
            (field.from, field.fixed, field.text)
        };
        let (given, here, default) = (MailFrom::Configuration, MailFrom::Console, MailFrom::Default);
        assert_eq!(shown("mail.host"), (given, true, "own.example.com".to_owned()));
        assert_eq!(shown("mail.password"), (given, true, String::new()), "a secret never leaves");
        assert_eq!(shown("mail.lines"), (default, true, "2".to_owned()), "it holds as a whole");
        assert_eq!(shown("mail.content"), (here, false, "full".to_owned()));
        assert_eq!(shown("notify.language"), (given, true, "de".to_owned()));
        assert_eq!(shown("notify.time_zone"), (default, false, "UTC".to_owned()));
    }

    #[test]
    fn what_is_recorded_names_secrets_and_does_not_say_them() {
        let kept = set_up();
        let body = changed(&MailKept::new(), &kept);
        assert_eq!(body.texts.keys().collect::<Vec<_>>(), ["mail.from", "mail.host", "mail.user"]);
        assert_eq!(body.secrets.iter().collect::<Vec<_>>(), ["mail.password"]);
        assert!(!serde_json::to_string(&body).unwrap().contains("geheim"));
        assert_eq!(changed(&kept, &MailKept::new()).texts["mail.host"], "");
    }
}
