//! Sources: made, changed, removed.

use chancery_ledger::{Kind, Stream};
use chancery_protocol::ids::{Id, PersonId, SourceId};
use chancery_protocol::person::Role;
use chancery_protocol::sources::{
    Connection, SetSource, SettingProblem, Source as Shown, SourceForm, SourceMade, SourceTested, Sources,
    TestSource,
};

use super::{Provisioning, at, testing};
use crate::directory::records::{SourceRemoved, SourceSet, Via};
use crate::directory::sources::{self as store, Source};
use crate::directory::{Roles, identities, ldap, names};
use crate::ground::config::Secret;
use crate::ground::error::{Code, Error};
use crate::journal::{Draft, Unit};

/// Roles an account may get by merely being vouched for.
const GIVEN: Roles = Roles::of(&[Role::Employee]);

impl Provisioning {
    /// Every source, in the order in which they are tried.
    pub(super) fn sources(&self) -> Result<Sources, Error> {
        let mut conn = self.reader()?;
        let rows = store::all(&mut conn)?;
        let shown = |row: &store::Row| -> Result<Shown, Error> {
            let source = store::open(self.journal.vault(), row)?;
            let people = identities::count(&mut conn, source.id)?;
            Ok(Shown {
                id: source.id,
                form: source.form,
                has_secret: source.secret.is_some(),
                revision: source.revision,
                created_at: source.created_at,
                changed_at: source.changed_at,
                people,
            })
        };
        Ok(Sources { sources: rows.iter().map(shown).collect::<Result<_, _>>()? })
    }

    /// Makes a source.
    pub(super) fn make_source(&self, form: &SetSource, by: PersonId) -> Result<SourceMade, Error> {
        let id: SourceId = self.journal.id()?;
        let checked = checked(&form.form)?;
        self.check_linked(&checked.connection)?;
        let sealed = store::seal(self.journal.vault(), id, &checked, form.secret.as_deref())?;
        let draft = self.source_set(id, checked, form.secret.is_some(), by)?;
        self.journal.commit_blocking(Unit {
            records: vec![draft],
            work: Some(Box::new(move |conn, placed| store::insert(conn, id, &sealed, at(placed)))),
            ..Unit::default()
        })?;
        self.changed.notify_one();
        Ok(SourceMade { id })
    }

    /// Changes a source, unless somebody else changed it first. Its kind stays.
    pub(super) fn change_source(&self, id: SourceId, form: &SetSource, by: PersonId) -> Result<(), Error> {
        let checked = checked(&form.form)?;
        let was = self.source(id)?;
        if form.was != Some(was.revision) {
            return Err(Code::Outdated.into());
        }
        if std::mem::discriminant(&was.form.connection) != std::mem::discriminant(&checked.connection) {
            return Err(Error::from(Code::SettingsInvalid)
                .field("kind")
                .detail("The kind of a source stays."));
        }
        if was.form == checked && form.secret.is_none() {
            return Ok(());
        }
        self.check_linked(&checked.connection)?;
        if was.secret.is_some() && form.secret.is_none() {
            same_place(&was.form.connection, &checked.connection)?;
        }
        let sealed = store::seal(self.journal.vault(), id, &checked, form.secret.as_deref())?;
        let draft = self.source_set(id, checked, form.secret.is_some(), by)?;
        self.journal.commit_blocking(Unit {
            records: vec![draft],
            work: Some(Box::new(move |conn, placed| {
                store::change(conn, id, was.revision, &sealed, at(placed))
            })),
            ..Unit::default()
        })?;
        self.changed.notify_one();
        Ok(())
    }

    /// Removes a source nobody came from.
    pub(super) fn remove_source(&self, id: SourceId, by: PersonId) -> Result<(), Error> {
        let body = SourceRemoved { source: id, name: self.source(id)?.form.name, via: Via::Web };
        let mut draft = self.journal.draft(Stream::System, Kind::SourceRemoved, Some(by), &body)?;
        draft.target = Some(id.bytes());
        self.journal.commit_blocking(Unit {
            records: vec![draft],
            work: Some(Box::new(move |conn, _| store::remove(conn, id))),
            ..Unit::default()
        })?;
        Ok(())
    }

    /// Tries what was entered, step by step; nothing is kept.
    pub(super) async fn test_source(&self, form: TestSource) -> Result<SourceTested, Error> {
        let problems = problems(&form.form.connection);
        if !problems.is_empty() {
            return Ok(SourceTested { problems, ..SourceTested::default() });
        }
        let secret = match (form.secret, form.source) {
            (Some(secret), _) => Some(secret).filter(|secret| !secret.is_empty()).map(Secret::new),
            (None, Some(id)) => {
                let here = self.clone();
                let source = crate::ground::db::blocking(move || here.source(id)).await?;
                if source.secret.is_some() {
                    same_place(&source.form.connection, &form.form.connection)?;
                }
                source.secret
            }
            (None, None) => None,
        };
        Ok(match form.form.connection {
            Connection::Oidc(settings) => testing::oidc(&settings, secret.is_some()).await,
            Connection::Ldap(settings) => testing::ldap(*settings, secret, self.journal.clock().now()).await,
            // It writes to us: there is nobody to ask.
            Connection::Scim(_) => SourceTested::default(),
        })
    }

    /// The provider at which people of a source sign in must be one.
    fn check_linked(&self, connection: &Connection) -> Result<(), Error> {
        let Connection::Scim(settings) = connection else { return Ok(()) };
        let Some(provider) = settings.linked_provider else { return Ok(()) };
        match self.source(provider).map(|source| source.form.connection) {
            Ok(Connection::Oidc(_)) => Ok(()),
            Err(error) if error.code != Code::NotFound => Err(error),
            _ => Err(Error::from(Code::SettingsInvalid)
                .field("settings.linked_provider")
                .detail("This must be an OpenID Connect provider that is set up here.")),
        }
    }

    pub(super) fn source(&self, id: SourceId) -> Result<Source, Error> {
        let row = store::get(&mut *self.reader()?, id)?;
        store::open(self.journal.vault(), &row)
    }

    fn source_set(
        &self,
        source: SourceId,
        form: SourceForm,
        secret_changed: bool,
        by: PersonId,
    ) -> Result<Draft, Error> {
        let body = SourceSet { source, form, secret_changed, via: Via::Web };
        let mut draft = self.journal.draft(Stream::System, Kind::SourceSet, Some(by), &body)?;
        draft.target = Some(source.bytes());
        Ok(draft)
    }
}

/// A secret that is kept goes where it went before: else whoever may change settings could have it sent to themselves.
fn same_place(before: &Connection, after: &Connection) -> Result<(), Error> {
    let same = match (before, after) {
        (Connection::Oidc(before), Connection::Oidc(after)) => {
            (&before.issuer, &before.ca_pem, before.allow_http_on_loopback)
                == (&after.issuer, &after.ca_pem, after.allow_http_on_loopback)
        }
        (Connection::Ldap(before), Connection::Ldap(after)) => {
            (&before.servers, before.encryption, &before.authorities, &before.bind_dn)
                == (&after.servers, after.encryption, &after.authorities, &after.bind_dn)
        }
        (Connection::Scim(_), Connection::Scim(_)) => true,
        _ => false,
    };
    if same {
        return Ok(());
    }
    let detail = "Give the secret again: the one that is kept belongs to the place it was given for.";
    Err(Error::from(Code::SettingsInvalid).field("secret").detail(detail))
}

/// What is wrong with a connection as far as it can be told without asking anybody.
fn problems(connection: &Connection) -> Vec<SettingProblem> {
    match connection {
        Connection::Oidc(settings) => testing::oidc_problems(settings),
        Connection::Ldap(settings) => testing::ldap_problems(&ldap::check(settings)),
        Connection::Scim(_) => Vec::new(),
    }
}

/// A form that can be kept; what is wrong with it is told all at once.
fn checked(form: &SourceForm) -> Result<SourceForm, Error> {
    let name = names::name(&form.name);
    let mut wrong: Vec<Error> = name.as_ref().err().cloned().into_iter().collect();
    let roles = Roles::of(&form.admission.roles);
    if roles.is_empty() {
        wrong.push(Error::from(Code::RolesEmpty).field("admission.roles"));
    } else if !GIVEN.holds(roles) {
        wrong.push(Error::from(Code::RolesPrivileged).field("admission.roles"));
    }
    wrong.extend(problems(&form.connection).into_iter().map(|problem| {
        let field = format!("settings.{}", problem.setting);
        Error::from(Code::SettingsInvalid).field(field).detail(problem.text)
    }));
    Error::all(wrong)?;
    Ok(SourceForm { name: name?, ..form.clone() })
}
