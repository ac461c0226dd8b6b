//! The ways to sign in that are set up: clients of providers and directories, kept as long as their settings stay.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use chancery_protocol::ids::SourceId;
use chancery_protocol::sources::{Connection, SignInWay, SignInWays};

use super::Access;
use crate::directory::sources::{self, Source};
use crate::directory::{ldap, oidc};
use crate::ground::error::{Code, Error};

/// How a source is asked.
#[derive(Clone)]
pub(super) enum Way {
    Oidc(Arc<oidc::Provider>),
    Ldap(ldap::Client),
    /// It only writes to us.
    Nobody,
}

/// By source and revision: another revision is another client.
#[derive(Default)]
pub(super) struct Ways(Mutex<HashMap<SourceId, (u64, Way)>>);

impl Access {
    /// The sources people may come in by, in their order.
    pub(super) fn open_sources(&self) -> Result<Vec<Source>, Error> {
        let rows = sources::all(&mut *self.reader()?)?;
        let vault = self.0.journal.vault();
        let all: Vec<Source> = rows.iter().map(|row| sources::open(vault, row)).collect::<Result<_, _>>()?;
        Ok(all.into_iter().filter(|source| source.form.enabled).collect())
    }

    /// One of them.
    ///
    /// # Errors
    /// `not_found` when there is none, or it is switched off.
    pub(super) fn open_source(&self, id: SourceId) -> Result<Source, Error> {
        let source = self.any_source(id)?;
        if source.form.enabled { Ok(source) } else { Err(Code::NotFound.into()) }
    }

    /// One of those there are, switched on or not.
    ///
    /// # Errors
    /// `not_found`.
    pub(super) fn any_source(&self, id: SourceId) -> Result<Source, Error> {
        let row = sources::get(&mut *self.reader()?, id)?;
        sources::open(self.0.journal.vault(), &row)
    }

    /// What the page for signing in offers.
    pub(crate) fn sign_in_ways(&self) -> Result<SignInWays, Error> {
        let mut ways = SignInWays::default();
        for source in self.open_sources()? {
            let way = SignInWay { source: source.id, name: source.form.name };
            match source.form.connection {
                Connection::Oidc(_) => ways.providers.push(way),
                Connection::Ldap(_) => ways.directories.push(way),
                // It only writes to us; nobody signs in there.
                Connection::Scim(_) => {}
            }
        }
        Ok(ways)
    }

    /// The client of a source.
    ///
    /// # Errors
    /// When its settings cannot be used; they were checked when they were made.
    pub(super) fn way(&self, source: &Source) -> Result<Way, Error> {
        let mut kept = self.0.ways.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((revision, way)) = kept.get(&source.id)
            && *revision == source.revision
        {
            return Ok(way.clone());
        }
        let (secret, journal) = (source.secret.clone(), &self.0.journal);
        let unusable = |what: String| {
            Error::internal(format!("the settings of source {} cannot be used: {what}", source.id))
        };
        let way = match &source.form.connection {
            Connection::Oidc(settings) => {
                let settings = settings.as_ref().clone();
                let provider =
                    oidc::Provider::new(settings, secret, journal.clock().clone(), journal.random().clone());
                Way::Oidc(Arc::new(provider.map_err(|failure| unusable(failure.to_string()))?))
            }
            Connection::Ldap(settings) => {
                let client = ldap::Client::new(settings.as_ref().clone(), secret);
                let first = |problems: Vec<ldap::Problem>| {
                    unusable(problems.first().map(|problem| problem.code.to_owned()).unwrap_or_default())
                };
                Way::Ldap(client.map_err(first)?)
            }
            Connection::Scim(_) => Way::Nobody,
        };
        kept.insert(source.id, (source.revision, way.clone()));
        Ok(way)
    }
}
