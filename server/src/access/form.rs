//! The form for name and password: accounts made here and directories share it, and nobody outside can tell by answer or time
//! which of them knows a name.

use chancery_protocol::factors::SecondStep;
use chancery_protocol::http::SignIn;
use data_encoding::BASE64URL_NOPAD;

use super::admission::Admitted;
use super::delay::Subject;
use super::factors::second::{Entered, Proven};
use super::origin::Origin;
use super::sessions::Started;
use super::vouched::Vouched;
use super::ways::Way;
use super::{Access, Caller};
use crate::directory::ldap;
use crate::directory::sources::Source;
use crate::directory::store::Row;
use crate::ground::config::Secret;
use crate::ground::db::blocking;
use crate::ground::error::{Code, Error};
use crate::journal::{Draft, Unit};

/// What a password did against the accounts made here.
pub(super) enum Tried {
    /// It was right.
    In(Box<Started>),
    /// It was right, and a second factor is to be shown.
    Second(Box<SecondStep>),
    /// It was not; the tries are counted, and directories may be asked.
    Not(Box<NotHere>),
}

/// Somebody whom no account made here let in.
pub(super) struct NotHere {
    /// Whose tries are counted.
    pub subjects: Vec<Subject>,
    /// The account of that name, if there is one.
    pub row: Option<Row>,
    /// The password was right, but the account cannot be used from there: the record of that. Nobody outside is told.
    pub refused: Option<Draft>,
}

impl NotHere {
    /// Whether the password was held against one that there is.
    fn compared(&self) -> bool {
        self.row.as_ref().is_some_and(|row| row.password.is_some())
    }
}

impl Access {
    /// Signs in with name and password: first against the account made here, then at every directory in turn. All of them are
    /// asked the same way, whoever has the name.
    pub(super) async fn sign_in_by_form(
        &self,
        form: SignIn,
        origin: Origin,
        caller: Option<Caller>,
        device: Option<String>,
    ) -> Result<Entered, Error> {
        let (here, from) = (self.clone(), origin.clone());
        let (form, tried, sources) = blocking(move || {
            let tried = here.try_password(&form, &from, caller.as_ref(), device.as_deref())?;
            let sources = here.open_sources()?;
            let mut directories = Vec::new();
            for source in sources {
                if let Way::Ldap(client) = here.way(&source)? {
                    directories.push((source, client));
                }
            }
            Ok((form, tried, directories))
        })
        .await?;
        let not_here = match tried {
            Tried::In(started) => return Ok(Entered::In(started)),
            Tried::Second(step) => return Ok(Entered::Second(step)),
            Tried::Not(not_here) => not_here,
        };
        let mut not_here = not_here;
        if let Some(record) = not_here.refused.take() {
            self.write_down_later(record).await?;
        }
        let password = self.password_for(&form, &not_here)?;
        let (mut away, mut compared) = (false, not_here.compared());
        for (source, client) in sources {
            match client.sign_in(&form.username, &password, self.now()).await {
                Ok(proven) => {
                    let here = self.clone();
                    let vouched = vouched(&source, proven);
                    return blocking(move || {
                        let admitted = here.admit_by_password(&vouched, &origin)?;
                        here.0.delays.take_back(&not_here.subjects, true)?;
                        here.entered(admitted, &vouched, &form)
                    })
                    .await;
                }
                // Why stays here: whoever asks is told one thing only.
                Err(ldap::NotSignedIn::Refused(refusal)) => {
                    compared |= refusal.compared();
                    tracing::info!(source = %source.id, code = refusal.code(), "a directory let nobody in");
                }
                Err(ldap::NotSignedIn::Failed(error)) => {
                    tracing::warn!(source = %source.id, code = error.fault.code(), %error, "a directory could not be asked");
                    away = true;
                }
            }
        }
        if away {
            // A house behind one address is not to wait because its directory is away. Tries for the account stay counted: the one
            // who is away is not the only one that could have known the password.
            if !compared {
                let here = self.clone();
                let mut addresses = not_here.subjects;
                addresses.retain(|subject| matches!(subject, Subject::Address(_)));
                blocking(move || here.0.delays.take_back(&addresses, false)).await?;
            }
            return Err(Code::SourceUnavailable.into());
        }
        let here = self.clone();
        blocking(move || here.was_wrong(&not_here.subjects)).await?;
        Err(Code::SignInFailed.into())
    }

    /// What a password that a directory found right comes to.
    fn entered(&self, admitted: Admitted, vouched: &Vouched, form: &SignIn) -> Result<Entered, Error> {
        match admitted {
            Admitted::In(mut started) => {
                started.device = Some(self.device_cookie(started.info.me.id, &form.username)?);
                Ok(Entered::In(started))
            }
            Admitted::Second(row) => {
                let (person, password) = (row.person(), row.password.as_deref());
                let (name, keep) = (form.username.as_str(), form.keep);
                let source = Some(vouched.source);
                let proven = Proven { person, password, source, name, keep, confirms: None };
                // Removed a moment ago, with all sessions: whoever comes in begins again.
                let step = self.ask_second(&proven)?.ok_or(Code::SecondStepOver)?;
                Ok(Entered::Second(Box::new(step)))
            }
        }
    }

    /// Has a record written without waiting for the disk: the time of the answer is not to tell that there is one.
    async fn write_down_later(&self, record: Draft) -> Result<(), Error> {
        let pending = self.0.journal.submit(Unit { records: vec![record], ..Unit::default() }).await?;
        drop(tokio::task::spawn(async move {
            if let Err(error) = pending.wait().await {
                tracing::error!(%error, "a refused sign-in could not be written down");
            }
        }));
        Ok(())
    }

    /// What directories are asked with. The password of an account made here that no source may ever find is nobody else's
    /// business; something is sent all the same, so that it takes as long.
    fn password_for(&self, form: &SignIn, not_here: &NotHere) -> Result<Secret, Error> {
        let own = not_here.row.as_ref().is_some_and(|row| {
            row.password.is_some() && !row.linked && !super::admission::CHATTING.holds(row.roles())
        });
        if own {
            let decoy: [u8; 18] = self.0.journal.random().bytes()?;
            return Ok(Secret::new(BASE64URL_NOPAD.encode(&decoy)));
        }
        Ok(Secret::new(form.password.clone()))
    }
}

/// What a directory says of somebody whose password it found right.
fn vouched(source: &Source, proven: ldap::SignedIn) -> Vouched {
    let ldap::SignedIn { person, groups } = proven;
    let asks_for_groups = match &source.form.connection {
        chancery_protocol::sources::Connection::Ldap(settings) => !settings.groups.base.is_empty(),
        chancery_protocol::sources::Connection::Oidc(_) | chancery_protocol::sources::Connection::Scim(_) => {
            false
        }
    };
    let groups = groups.into_iter().map(|group| (group.id, group.name)).collect();
    Vouched::by_directory(source, person, asks_for_groups.then_some(groups))
}
