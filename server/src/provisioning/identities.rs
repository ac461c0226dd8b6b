//! Who somebody is elsewhere, linked by hand: the only way for accounts that may do more than chat.

use chancery_ledger::{Kind, Stream};
use chancery_protocol::Micros;
use chancery_protocol::approvals::{Asked, AskedIdentity};
use chancery_protocol::ids::{Id, PersonId, RequestId, SourceId};
use chancery_protocol::sources::{
    Connection, Identities, LinkIdentity, LinkedIdentity, NewIdentity, WaitingIdentity,
};

use super::{Provisioning, at, scim};
use crate::access::{Act, has_duty, stays_for_emergencies};
use crate::approvals::{Request, Sort, Then, agreeing, identity, may_agree, store as requests, words};
use crate::directory::identities::{self as store, Identity, Standing};
use crate::directory::records::{IdentityLink, LinkedBy, SecondPerson, Via};
use crate::directory::{Entry, Roles, resources, sources, store as people};
use crate::ground::db::Conn;
use crate::ground::error::{Code, Error};
use crate::journal::{Draft, Unit};

/// Longest name a source has for somebody.
pub(super) const MAX_SUBJECT: usize = 255;

impl Provisioning {
    /// Who a person is elsewhere.
    pub(super) fn identities(&self, person: PersonId) -> Result<Identities, Error> {
        let mut conn = self.reader()?;
        people::get(&mut conn, person)?;
        let names = sources::names(&mut conn)?;
        let named = |source: SourceId| {
            let found = names.iter().find(|(id, _)| *id == source);
            found.map(|(_, name)| name.clone()).unwrap_or_default()
        };
        let shown = |identity: Identity| LinkedIdentity {
            name: named(identity.source),
            source: identity.source,
            subject: identity.subject,
            login: identity.login,
            linked_at: identity.linked_at,
            seen_at: identity.seen_at,
        };
        let identities = store::of_person(&mut conn, person)?.into_iter().map(shown).collect();
        let now = self.journal.clock().now();
        let waiting = requests::waiting(&mut conn, self.journal.vault(), Sort::Identity, now)?;
        let of_theirs = |request: Request| {
            let asked = identity(&request.asked).filter(|asked| asked.person == person)?;
            let subject = if asked.login.is_empty() { &asked.subject } else { &asked.login };
            Some(WaitingIdentity { request: request.id, name: named(asked.source), subject: subject.clone() })
        };
        let waiting = waiting.into_iter().filter_map(of_theirs).collect();
        Ok(Identities { identities, waiting })
    }

    /// Links an identity nobody has yet, or asks for it where the account may do more than chat: then a second person agrees, and the
    /// request is answered. Nobody links their own: it would be a second way into an account that others watch.
    pub(super) fn link(&self, form: &NewIdentity, by: PersonId) -> Result<Option<RequestId>, Error> {
        if form.person == by {
            return Err(Code::OwnAccount.into());
        }
        let subject = form.subject.trim().to_owned();
        if subject.is_empty() || subject.len() > MAX_SUBJECT || subject.chars().any(char::is_control) {
            return Err(Error::from(Code::OutOfRange).field("subject"));
        }
        let NewIdentity { source, person, .. } = *form;
        // A source that writes to us goes by our own ids: what is given is the name by which it will first speak of them.
        let (subject, login) = match self.source(source)?.form.connection {
            Connection::Scim(_) => (person.to_string(), scim::fold(&subject)),
            Connection::Oidc(_) | Connection::Ldap(_) => (subject, String::new()),
        };
        let roles = people::get(&mut *self.reader()?, person)?.roles();
        let identity = AskedIdentity { person, roles: roles.list(), source, subject, login };
        if has_duty(roles) {
            let reason = form.reason.as_deref().unwrap_or_default();
            return self.ask_to_link(identity, reason, by).map(Some);
        }
        let record = self.linked(&identity, None, by)?;
        self.journal.commit_blocking(Unit {
            records: vec![record],
            work: Some(Box::new(move |conn, placed| {
                may_link(conn, &identity)?;
                store::link(conn, &unseen(&identity, at(placed)))
            })),
            ..Unit::default()
        })?;
        Ok(None)
    }

    fn ask_to_link(&self, identity: AskedIdentity, reason: &str, by: PersonId) -> Result<RequestId, Error> {
        may_link(&mut *self.reader()?, &identity)?;
        let reason = words(reason, "reason")?;
        let asked = Asked::Identity(identity.clone());
        let agrees =
            |entry: &Entry| !entry.person.suspended && may_agree(&asked, by, entry.person.id, entry.roles);
        // What nobody could agree to would only wait until it lapses.
        if !self.directory.all().iter().any(|entry| agrees(entry)) {
            let whose = match agreeing(&asked) {
                Act::ApproveIdentity => "a compliance lead",
                _ => "an IT administrator",
            };
            let detail = format!(
                "It takes {whose} who is neither you nor the account's owner. Give somebody that role, or have the owner sign in \
                 with a password kept here."
            );
            return Err(Error::from(Code::NobodyAgrees).detail(detail));
        }
        self.approvals.ask(asked, reason, by, Box::new(move |conn| may_link(conn, &identity)))
    }

    /// A second person agrees to a request: the identity is linked.
    ///
    /// # Errors
    /// `outdated` when the account's roles are others by now or it is suspended, `identity_taken`, `emergency_account`; `not_found`,
    /// `source_changed` when account or source are gone; those of [`crate::approvals::Approvals::agree`].
    pub fn agree(&self, request: &Request, identity: &AskedIdentity, by: PersonId) -> Result<(), Error> {
        let second = SecondPerson { request: request.id, asked_by: request.asked_by, agreed_by: by };
        let record = self.linked(identity, Some(second), by)?;
        let identity = identity.clone();
        let then = Then {
            records: vec![record],
            work: Box::new(move |conn, placed| {
                if people::get(conn, identity.person)?.suspended_at.is_some() {
                    return Err(Error::from(Code::Outdated).detail("The account is suspended by now."));
                }
                may_link(conn, &identity)?;
                store::link(conn, &unseen(&identity, at(placed)))
            }),
        };
        self.approvals.agree(request, by, then)
    }

    fn linked(
        &self,
        identity: &AskedIdentity,
        second: Option<SecondPerson>,
        by: PersonId,
    ) -> Result<Draft, Error> {
        let body = IdentityLink {
            source: identity.source,
            subject: identity.subject.clone(),
            login: identity.login.clone(),
            by: LinkedBy::Hand,
            second,
            via: Via::Web,
        };
        let person = identity.person.bytes();
        let mut record = self.journal.draft(Stream::Person(person), Kind::IdentityLinked, Some(by), &body)?;
        record.target = Some(person);
        Ok(record)
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
            second: None,
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

/// Whether an identity may still be linked: the account is what it was taken for, and nobody has it. Under the head lock.
fn may_link(conn: &mut Conn, identity: &AskedIdentity) -> Result<(), Error> {
    stays_for_emergencies(conn, identity.person)?;
    if people::get(conn, identity.person)?.roles() != Roles::of(&identity.roles) {
        return Err(Error::from(Code::Outdated).detail("The account may do something else by now."));
    }
    sources::state(conn, identity.source)?;
    match store::find(conn, identity.source, &identity.subject)? {
        Some(_) => Err(Error::from(Code::IdentityTaken).field("subject")),
        None => Ok(()),
    }
}

/// The identity as it is before its source says anything of it.
fn unseen(asked: &AskedIdentity, linked_at: Micros) -> Identity {
    let (subject, login) = (asked.subject.clone(), asked.login.clone());
    let (source, person, standing) = (asked.source, asked.person, Standing::Unknown);
    Identity { source, subject, person, login, linked_at, seen_at: None, standing }
}
