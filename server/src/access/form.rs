//! The form for name and password: accounts made here and directories share it, and nobody outside can tell by answer or time
//! which of them knows a name.

use chancery_protocol::http::SignIn;
use data_encoding::BASE64URL_NOPAD;

use super::delay::Subject;
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

/// What a password did against the accounts made here.
pub(super) enum Tried {
    /// It was right.
    In(Box<Started>),
    /// It was not; the tries are counted, and directories may be asked.
    Not(Box<NotHere>),
}

/// Somebody whom no account made here let in.
pub(super) struct NotHere {
    /// Whose tries are counted.
    pub subjects: Vec<Subject>,
    /// The account of that name, if there is one.
    pub row: Option<Row>,
}

impl Access {
    /// Signs in with name and password: first against the account made here, then at every directory in turn. All of them are
    /// asked the same way, whoever has the name.
    pub(super) async fn sign_in_by_form(
        &self,
        form: SignIn,
        origin: Origin,
        caller: Option<Caller>,
    ) -> Result<Started, Error> {
        let (here, from) = (self.clone(), origin.clone());
        let (form, tried, sources) = blocking(move || {
            let tried = here.try_password(&form, &from, caller.as_ref())?;
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
            Tried::In(started) => return Ok(*started),
            Tried::Not(not_here) => not_here,
        };
        let password = self.password_for(&form, &not_here)?;
        let mut away = false;
        for (source, client) in sources {
            match client.sign_in(&form.username, &password, self.now()).await {
                Ok(proven) => {
                    let here = self.clone();
                    let vouched = vouched(&source, proven);
                    return blocking(move || {
                        let started = here.admit(&vouched, &origin, |_| Ok(()))?;
                        here.0.delays.take_back(&not_here.subjects, true)?;
                        Ok(started)
                    })
                    .await;
                }
                // Why stays here: whoever asks is told one thing only.
                Err(ldap::NotSignedIn::Refused(refusal)) => {
                    tracing::info!(source = %source.id, code = refusal.code(), "a directory let nobody in");
                }
                Err(ldap::NotSignedIn::Failed(error)) => {
                    tracing::warn!(source = %source.id, code = error.fault.code(), %error, "a directory could not be asked");
                    away = true;
                }
            }
        }
        if away {
            let here = self.clone();
            // Nothing was proven wrong.
            blocking(move || here.0.delays.take_back(&not_here.subjects, false)).await?;
            return Err(Code::SourceUnavailable.into());
        }
        Err(Code::SignInFailed.into())
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
