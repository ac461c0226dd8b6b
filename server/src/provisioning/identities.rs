//! Who somebody is elsewhere, linked by hand: the only way for accounts that may do more than chat.

use chancery_ledger::{Kind, Stream};
use chancery_protocol::ids::{Id, PersonId};
use chancery_protocol::sources::{Connection, Identities, LinkIdentity, LinkedIdentity};

use super::{Provisioning, at, scim};
use crate::access::stays_for_emergencies;
use crate::directory::identities::{self as store, Identity, Standing};
use crate::directory::records::{IdentityLink, LinkedBy, Via};
use crate::directory::{resources, sources, store as people};
use crate::ground::error::{Code, Error};
use crate::journal::Unit;

/// Longest name a source has for somebody.
pub(super) const MAX_SUBJECT: usize = 255;

impl Provisioning {
    /// Who a person is elsewhere.
    pub(super) fn identities(&self, person: PersonId) -> Result<Identities, Error> {
        let mut conn = self.reader()?;
        people::get(&mut conn, person)?;
        let names = sources::names(&mut conn)?;
        let shown = |identity: Identity| LinkedIdentity {
            name: names
                .iter()
                .find(|(id, _)| *id == identity.source)
                .map(|(_, name)| name.clone())
                .unwrap_or_default(),
            source: identity.source,
            subject: identity.subject,
            login: identity.login,
            linked_at: identity.linked_at,
            seen_at: identity.seen_at,
        };
        Ok(Identities { identities: store::of_person(&mut conn, person)?.into_iter().map(shown).collect() })
    }

    /// Links an identity nobody has yet. Nobody links their own: it would be a second way into an account that others watch.
    pub(super) fn link(&self, form: &LinkIdentity, by: PersonId) -> Result<(), Error> {
        if form.person == by {
            return Err(Code::OwnAccount.into());
        }
        let subject = form.subject.trim().to_owned();
        if subject.is_empty() || subject.len() > MAX_SUBJECT || subject.chars().any(char::is_control) {
            return Err(Error::from(Code::OutOfRange).field("subject"));
        }
        let LinkIdentity { source, person, .. } = *form;
        // A source that writes to us goes by our own ids: what is given is the name by which it will first speak of them.
        let (subject, login) = match self.source(source)?.form.connection {
            Connection::Scim(_) => (person.to_string(), scim::fold(&subject)),
            Connection::Oidc(_) | Connection::Ldap(_) => (subject, String::new()),
        };
        people::get(&mut *self.reader()?, person)?;
        let body = IdentityLink {
            source,
            subject: subject.clone(),
            login: login.clone(),
            by: LinkedBy::Hand,
            via: Via::Web,
        };
        let stream = Stream::Person(person.bytes());
        let mut record = self.journal.draft(stream, Kind::IdentityLinked, Some(by), &body)?;
        record.target = Some(person.bytes());
        self.journal.commit_blocking(Unit {
            records: vec![record],
            work: Some(Box::new(move |conn, placed| {
                stays_for_emergencies(conn, person)?;
                if store::find(conn, source, &subject)?.is_some() {
                    return Err(Error::from(Code::IdentityTaken).field("subject"));
                }
                let (login, subject, linked_at) = (login.clone(), subject.clone(), at(placed));
                let standing = Standing::Unknown;
                let identity =
                    Identity { source, subject, person, login, linked_at, seen_at: None, standing };
                store::link(conn, &identity)
            })),
            ..Unit::default()
        })?;
        Ok(())
    }

    /// Takes an identity off its account, and ends the person's sessions: they may have begun by it.
    pub(super) fn unlink(&self, form: &LinkIdentity, by: PersonId) -> Result<(), Error> {
        let found = store::find(&mut *self.reader()?, form.source, &form.subject)?;
        let identity = found.filter(|it| it.person == form.person).ok_or(Code::NotFound)?;
        let body = IdentityLink {
            source: identity.source,
            subject: identity.subject.clone(),
            login: identity.login.clone(),
            by: LinkedBy::Hand,
            via: Via::Web,
        };
        let stream = Stream::Person(identity.person.bytes());
        let mut record = self.journal.draft(stream, Kind::IdentityUnlinked, Some(by), &body)?;
        record.target = Some(identity.person.bytes());
        self.journal.commit_blocking(Unit {
            records: vec![record],
            work: Some(Box::new(move |conn, _| {
                // What a source that writes to us keeps of them goes along: it no longer speaks for this account.
                resources::forget_person(conn, identity.source, identity.person)?;
                if store::unlink(conn, &identity)? { Ok(()) } else { Err(Code::NotFound.into()) }
            })),
            ..Unit::default()
        })?;
        self.access.end_sessions_for(form.person, by)
    }
}
