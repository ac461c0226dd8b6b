//! Proving again who one is, while the session goes on: wanted before messages are shown to officers, where so set.
//!
//! What must stay true: only the session's own person confirms it, by a way that would have let them in; it is on record before
//! it counts.

use std::collections::HashSet;

use chancery_ledger::Kind;
use chancery_protocol::Micros;
use chancery_protocol::factors::SecondStep;
use chancery_protocol::http::{Confirm, ConfirmWays};
use chancery_protocol::ids::{Id, SourceId};
use chancery_protocol::sources::{Connection, SignInWay};

use super::delay::Subject;
use super::factors::second::Proven;
use super::records::Confirmed;
use super::sessions::at;
use super::ways::Way;
use super::{Access, Caller, store};
use crate::directory::identities::{self, Identity};
use crate::directory::ldap::{Client, NotSignedIn};
use crate::directory::store as people;
use crate::ground::config::Secret;
use crate::ground::db::blocking;
use crate::ground::error::{Code, Error};
use crate::journal::Unit;

const MINUTE: Micros = 60_000_000;

/// How somebody proved who they are.
pub(super) enum Proof {
    /// By the password of the account made here, of which this is the hash.
    Password(Option<String>),
    /// A source vouches for this subject.
    Source(SourceId, String),
}

/// A password that was tried against the account made here.
enum Tried {
    /// It was right; a second factor is to be shown, where there is one.
    Right(Option<SecondStep>),
    /// There is none; these directories know the person.
    Ask(Vec<(Identity, Client)>),
}

impl Access {
    /// Whether the caller proved recently enough who they are to be shown messages.
    ///
    /// # Errors
    /// `not_fresh`.
    pub(super) fn check_fresh(&self, caller: &Caller) -> Result<(), Error> {
        match self.0.settings.confirm_minutes {
            0 => Ok(()),
            minutes if caller.proven_at + i64::from(minutes) * MINUTE > self.now() => Ok(()),
            _ => Err(Code::NotFresh.into()),
        }
    }

    /// How the caller can prove again who they are.
    pub(super) fn confirm_ways(&self, caller: &Caller) -> Result<ConfirmWays, Error> {
        let mut conn = self.reader()?;
        let own = people::get(&mut conn, caller.person)?.password.is_some();
        let known: HashSet<SourceId> =
            identities::of_person(&mut conn, caller.person)?.iter().map(|identity| identity.source).collect();
        drop(conn);
        let mut ways = ConfirmWays { password: own, providers: Vec::new() };
        for source in self.open_sources()?.into_iter().filter(|source| known.contains(&source.id)) {
            match source.form.connection {
                Connection::Oidc(_) => {
                    ways.providers.push(SignInWay { source: source.id, name: source.form.name });
                }
                Connection::Ldap(_) => ways.password = true,
                Connection::Scim(_) => {}
            }
        }
        Ok(ways)
    }

    /// Confirms the caller's session by their password, of the account made here or else of a directory that knows them; or asks for
    /// a second factor of an account that has one.
    pub(super) async fn confirm_by_form(
        &self,
        form: Confirm,
        caller: Caller,
    ) -> Result<Option<SecondStep>, Error> {
        let subjects = [Subject::Session(caller.session)];
        let here = self.clone();
        let (form, caller, tried) = blocking(move || {
            let tried = here.try_own(&form, &caller)?;
            Ok((form, caller, tried))
        })
        .await?;
        let directories = match tried {
            Tried::Right(step) => return Ok(step),
            Tried::Ask(directories) => directories,
        };
        let password = Secret::new(form.password);
        let (mut away, mut compared) = (directories.is_empty(), false);
        for (identity, client) in directories {
            match client.sign_in(&identity.login, &password, self.now()).await {
                Ok(proven) if proven.person.id == identity.subject => {
                    let here = self.clone();
                    return blocking(move || {
                        let proof = Proof::Source(identity.source, identity.subject);
                        let step = here.confirm_or_ask(&caller, &proof)?;
                        here.0.delays.take_back(&subjects, true)?;
                        Ok(step)
                    })
                    .await;
                }
                // The login is somebody else's there by now.
                Ok(_) => compared = true,
                Err(NotSignedIn::Refused(refusal)) => {
                    compared |= refusal.compared();
                    tracing::info!(source = %identity.source, code = refusal.code(), "a directory confirmed nobody");
                }
                Err(NotSignedIn::Failed(error)) => {
                    tracing::warn!(source = %identity.source, code = error.fault.code(), %error, "a directory could not be asked");
                    away = true;
                }
            }
        }
        if away {
            // Nothing was proven wrong, unless another directory was there to say so.
            if !compared {
                let here = self.clone();
                blocking(move || here.0.delays.take_back(&subjects, false)).await?;
            }
            return Err(Code::SourceUnavailable.into());
        }
        Err(wrong())
    }

    /// Counts the try, and settles it when the account was made here.
    fn try_own(&self, form: &Confirm, caller: &Caller) -> Result<Tried, Error> {
        let stored = people::get(&mut *self.reader()?, caller.person)?.password;
        let subjects = [Subject::Session(caller.session)];
        self.0.delays.count(&subjects, self.now())?;
        if stored.is_none() {
            return Ok(Tried::Ask(self.directories_of(caller)?));
        }
        match self.0.hasher.verify(&form.password, stored.as_deref()) {
            Ok(true) => {
                let step = self.confirm_or_ask(caller, &Proof::Password(stored))?;
                self.0.delays.take_back(&subjects, true)?;
                Ok(Tried::Right(step))
            }
            Ok(false) => Err(wrong()),
            Err(e) => {
                self.0.delays.take_back(&subjects, false)?;
                Err(e)
            }
        }
    }

    /// After a right password: the second step for an account with factors, else the confirmation itself.
    fn confirm_or_ask(&self, caller: &Caller, proof: &Proof) -> Result<Option<SecondStep>, Error> {
        let row = people::get(&mut *self.reader()?, caller.person)?;
        let source = match proof {
            Proof::Password(_) => None,
            Proof::Source(source, _) => Some(*source),
        };
        let proven = Proven {
            person: caller.person,
            password: row.password.as_deref(),
            source,
            name: &row.username,
            keep: false,
            confirms: Some(caller.session),
        };
        match self.ask_second(&proven)? {
            Some(step) => Ok(Some(step)),
            None => self.confirmed(caller, proof, None).map(|()| None),
        }
    }

    fn directories_of(&self, caller: &Caller) -> Result<Vec<(Identity, Client)>, Error> {
        let known = identities::of_person(&mut *self.reader()?, caller.person)?;
        let mut directories = Vec::new();
        for source in self.open_sources()? {
            let identity = known.iter().find(|identity| identity.source == source.id);
            if let (Some(identity), Way::Ldap(client)) = (identity, self.way(&source)?) {
                directories.push((identity.clone(), client));
            }
        }
        Ok(directories)
    }

    /// Writes down that the caller proved who they are, at `said` or now, and lets the session go on as fresh.
    ///
    /// # Errors
    /// `another_person` when the proof is not the caller's; `signed_out` when the session is over; storage errors.
    pub(super) fn confirmed(
        &self,
        caller: &Caller,
        proof: &Proof,
        said: Option<Micros>,
    ) -> Result<(), Error> {
        let (person, session) = (caller.person, caller.session);
        let source = match proof {
            Proof::Password(_) => None,
            Proof::Source(source, subject) => {
                let identity = identities::find(&mut *self.reader()?, *source, subject)?;
                if identity.is_none_or(|identity| identity.person != person) {
                    return Err(Code::AnotherPerson.into());
                }
                Some(*source)
            }
        };
        let stored = match proof {
            Proof::Password(stored) => stored.clone(),
            Proof::Source(..) => None,
        };
        let body = Confirmed { session, source, factor: None };
        self.0.journal.commit_blocking(Unit {
            records: vec![self.draft(
                person,
                Kind::SessionConfirmed,
                Some(person),
                session.bytes(),
                &body,
            )?],
            work: Some(Box::new(move |conn, placed| {
                let now = people::get(conn, person)?;
                if now.suspended_at.is_some() {
                    return Err(Code::Suspended.into());
                }
                if stored.is_some() && now.password != stored {
                    return Err(wrong());
                }
                // A clock ahead of ours proves nothing about the future.
                let at = at(placed);
                let proven_at = said.map_or(at, |said| said.min(at));
                if store::confirm(conn, session, at, proven_at)? {
                    Ok(())
                } else {
                    Err(Code::SignedOut.into())
                }
            })),
            ..Unit::default()
        })?;
        Ok(())
    }
}

fn wrong() -> Error {
    Error::from(Code::SignInFailed).field("password").detail("The password is wrong.")
}
