//! How mail is set up now: what the configuration says, and what an administrator set in the console where it says nothing.
//!
//! What must stay true: a change counts on every node as soon as the node has its record; what a mail may say is never more than
//! what somebody set, so where that cannot be read, mails say nothing; the way to the mail server is made anew only when
//! something about the server changed, so that house rules do not cut lines.

use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;
use chancery_ledger::{Header, Kind};

use super::mail::PostOffice;
use super::store::{self, Document};
use crate::ground::config::{Config, Mail, MailContent, MailGiven, MailKept, mail_of};
use crate::ground::db::Conn;
use crate::ground::error::Error;
use crate::outbox::MailServer;
use crate::vault::Vault;

/// Everything that is set about mail: the server, what a mail may say, and the house rules.
pub use crate::ground::config::MailSet as Settings;

/// How mail is set up at a moment.
#[derive(Clone)]
pub struct Now {
    /// What is set.
    pub settings: Settings,
    /// The way to the mail server; none when none is set, or with a problem.
    pub office: Option<PostOffice>,
    /// Why no mail can leave although it is set up, in words for administrators.
    pub problem: Option<String>,
}

/// How mail is set up, brought up to date while the server runs.
pub struct Shared {
    now: ArcSwap<Now>,
    /// One at a time brings it up to date, so that an older state never follows a newer one.
    renewing: Mutex<()>,
    base: Base,
    vault: Arc<Vault>,
    mail_server: MailServer,
}

/// What of it never changes while the server runs.
pub(super) struct Base {
    /// The mail server that the configuration names.
    pub server: Option<Box<Mail>>,
    /// What else it gives.
    pub given: MailGiven,
    /// What holds where nothing was set in the console.
    alone: Settings,
    /// Our own name, for greetings.
    host: String,
}

impl Shared {
    /// With what the configuration says; [`Shared::load`] adds what is kept.
    ///
    /// # Errors
    /// When what was read of the configuration does not hold a second time; a defect.
    pub fn new(config: &Config, vault: Arc<Vault>) -> Result<Self, Error> {
        let base = Base::of(config)?;
        let now = base.put_together(&MailKept::new(), None, None);
        let mail_server = MailServer::default();
        mail_server.set(now.settings.server.is_some());
        Ok(Self { now: ArcSwap::from_pointee(now), renewing: Mutex::default(), base, vault, mail_server })
    }

    /// How mail is set up now.
    pub fn now(&self) -> Arc<Now> {
        self.now.load_full()
    }

    /// Whether a mail server is set up, for rooms that know no more of mail.
    pub fn mail_server(&self) -> MailServer {
        self.mail_server.clone()
    }

    /// Reads what is kept.
    ///
    /// # Errors
    /// When the database or the key store cannot be read.
    pub fn load(&self, conn: &mut Conn) -> Result<(), Error> {
        let _turn = self.renewing.lock().unwrap_or_else(PoisonError::into_inner);
        let document = store::load(conn, &self.vault)?;
        let before = self.now.load();
        let problem =
            document.damaged.then(|| "What was set in the console does not match its seal.".to_owned());
        let now = self.base.put_together(&document.kept, Some(&before), problem);
        self.mail_server.set(now.settings.server.is_some());
        self.now.store(Arc::new(now));
        Ok(())
    }

    /// Reads it again when one of these records says that it changed.
    ///
    /// # Errors
    /// As [`Shared::load`].
    pub fn renew(&self, conn: &mut Conn, headers: &[Header]) -> Result<(), Error> {
        match headers.iter().any(|header| header.kind == Kind::MailSettingsChanged) {
            true => self.load(conn),
            false => Ok(()),
        }
    }

    /// What was set in the console, as it is kept.
    ///
    /// # Errors
    /// As [`Shared::load`].
    pub(super) fn document(&self, conn: &mut Conn) -> Result<Document, Error> {
        store::load(conn, &self.vault)
    }

    /// What never changes.
    pub(super) fn base(&self) -> &Base {
        &self.base
    }
}

impl Base {
    /// Of this configuration.
    ///
    /// # Errors
    /// As [`Shared::new`].
    pub fn of(config: &Config) -> Result<Self, Error> {
        let (server, given) = (config.mail.clone(), config.mail_given.clone());
        let alone = mail_of(server.as_deref(), &given, &MailKept::new()).map_err(Error::internal)?;
        Ok(Self { alone, server, given, host: config.public_url.host().to_owned() })
    }

    fn put_together(&self, kept: &MailKept, before: Option<&Now>, problem: Option<String>) -> Now {
        let mut problem = problem;
        let mut settings = mail_of(self.server.as_deref(), &self.given, kept).unwrap_or_else(|problems| {
            let first = problems.list().first().map(|one| format!("{} {}", one.path, one.what));
            problem = problem.take().or(first);
            self.alone.clone()
        });
        if problem.is_some() && self.given.decides("mail.content").is_none() {
            settings.content = MailContent::Nothing;
        }
        let unchanged = before.filter(|before| before.settings.server == settings.server);
        let office = match (unchanged, &settings.server) {
            (Some(Now { office: Some(office), .. }), _) => Some(office.clone()),
            (_, None) => None,
            (_, Some(server)) => match self.office(server) {
                Ok(office) => Some(office),
                Err(what) => {
                    problem = Some(what);
                    None
                }
            },
        };
        if let Some(problem) = &problem {
            tracing::warn!(problem, "mail does not work as it is set up");
        }
        Now { settings, office, problem }
    }

    /// The way to a mail server.
    ///
    /// # Errors
    /// Why there is none, in words.
    pub fn office(&self, server: &Mail) -> Result<PostOffice, String> {
        PostOffice::new(server.clone(), &self.host).map_err(|failure| failure.to_string())
    }
}
