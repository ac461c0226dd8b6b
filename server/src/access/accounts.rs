//! What administrators do with accounts. Every act is a record in the stream of the person concerned.

use chancery_ledger::Kind;
use chancery_protocol::accounts::ChangePerson;
use chancery_protocol::http::{Invite, Invited, IssuedLink, LinkKind, Session, SetRoles};
use chancery_protocol::ids::{Id, PersonId, SourceId};
use chancery_protocol::person::Role;

use super::guests;
use super::links::Issuing;
use super::records::{EndReason, PasswordReason, PasswordSet, SessionsRead};
use super::sessions::{at, moved};
use super::store;
use super::{Access, Caller, emergency, password};
use crate::directory::records::{PersonChanged, PersonReinstated, PersonSuspended, Profile, Source, Via};
use crate::directory::store::{self as people, NewPerson};
use crate::directory::{Roles, groups, identities, names, sources};
use crate::ground::db::Conn;
use crate::ground::error::{Code, Error};
use crate::journal::{Placed, Unit};

/// Who acts on accounts: a signed-in administrator, or whoever sits at the server's command line.
#[derive(Debug, Clone, Copy)]
pub(super) struct By {
    pub actor: Option<PersonId>,
    pub via: Via,
}

impl By {
    /// The source that says so.
    fn source(self) -> Option<SourceId> {
        match self.via {
            Via::Source(source) => Some(source),
            Via::Web | Via::CommandLine | Via::EndDate => None,
        }
    }

    pub const COMMAND_LINE: Self = Self { actor: None, via: Via::CommandLine };

    pub fn caller(caller: &Caller) -> Self {
        Self { actor: Some(caller.person), via: Via::Web }
    }

    pub(super) fn not_oneself(self, person: PersonId) -> Result<(), Error> {
        if self.actor == Some(person) { Err(Code::OwnAccount.into()) } else { Ok(()) }
    }
}

const ADMIN: Roles = Roles::of(&[Role::ItAdmin]);

impl Access {
    /// Makes an account without a password and issues its invitation.
    ///
    /// # Errors
    /// Those of names, roles, address and terms; `username_taken`; `no_mail_server`, `no_address` when it is to go by mail.
    pub(super) fn invite(&self, form: &Invite, by: By) -> Result<Invited, Error> {
        guests::fit(&form.roles, form.guest.as_ref())?;
        form.guest.as_ref().map_or(Ok(()), |terms| self.check_terms(terms))?;
        let mut made = self.new_person(&form.username, &form.name, &form.roles)?;
        made.guest = form.guest;
        made.profile.email = form.email.as_deref().map(names::email).transpose()?;
        if form.mail {
            self.check_mail(made.profile.email.as_deref())?;
        }
        let id = made.id;
        let Issuing { keeping, draft, issued } =
            self.issuing(LinkKind::Invitation, Some(id), by, form.mail)?;
        let mut records = vec![self.created(&made, Source::Local, by.actor, by.via)?, draft];
        if let Some(terms) = made.guest {
            records.push(self.guest_record(id, terms, by)?);
        }
        self.0.journal.commit_blocking(Unit {
            records,
            work: Some(Box::new(move |conn, placed| {
                let at = at(placed);
                if let Some(terms) = &made.guest {
                    guests::answers(conn, terms.sponsor, "sponsor")?;
                }
                people::insert(conn, &made, at)?;
                keeping.keep(conn, at)
            })),
            ..Unit::default()
        })?;
        Ok(Invited { id, link: issued })
    }

    /// Makes an account with a password (demo, tests).
    pub(super) fn create(&self, form: &Invite, password: &str, by: By) -> Result<PersonId, Error> {
        password::check(password)?;
        let hash = self.0.hasher.hash(password, self.0.journal.random())?;
        let mut made = self.new_person(&form.username, &form.name, &form.roles)?;
        made.password = Some(hash.to_string());
        let id = made.id;
        let given = PasswordSet { reason: PasswordReason::Given };
        self.0.journal.commit_blocking(Unit {
            records: vec![
                self.created(&made, Source::Local, by.actor, by.via)?,
                self.draft(id, Kind::PasswordSet, by.actor, id.bytes(), &given)?,
            ],
            work: Some(Box::new(move |conn, placed| people::insert(conn, &made, at(placed)))),
            ..Unit::default()
        })?;
        Ok(id)
    }

    pub(super) fn new_person(&self, username: &str, name: &str, roles: &[Role]) -> Result<NewPerson, Error> {
        let roles = some_roles(roles)?;
        let (username, name) = (names::username(username)?, names::name(name)?);
        Ok(NewPerson {
            id: self.0.journal.id()?,
            username,
            name,
            roles,
            password: None,
            profile: Profile::default(),
            owner: None,
            guest: None,
        })
    }

    /// Issues a link with which a person chooses a new password; for somebody who never had one, a new invitation.
    ///
    /// # Errors
    /// `person_not_found`, `bot`, `suspended`; `no_mail_server`, `no_address`, `outdated` when it is to go by mail.
    pub(super) fn reset(&self, person: PersonId, mail: bool, by: By) -> Result<IssuedLink, Error> {
        let row = people::get(&mut *self.reader()?, person)?;
        if row.is_bot() {
            return Err(Code::Bot.into());
        }
        if mail {
            self.check_mail(row.email.as_deref())?;
        }
        let kind = if row.password.is_some() { LinkKind::Reset } else { LinkKind::Invitation };
        let Issuing { keeping, draft, issued } = self.issuing(kind, Some(person), by, mail)?;
        self.0.journal.commit_blocking(Unit {
            records: vec![draft],
            work: Some(Box::new(move |conn, placed| {
                let now = people::get(conn, person)?;
                if now.suspended_at.is_some() {
                    return Err(Code::Suspended.into());
                }
                // It goes to the address it was issued for.
                if mail && now.email != row.email {
                    return Err(Error::from(Code::Outdated).field("email"));
                }
                keeping.keep(conn, at(placed))
            })),
            ..Unit::default()
        })?;
        Ok(issued)
    }

    /// Changes what a person is called, and their e-mail address where the form says so, unless somebody else changed it first.
    ///
    /// # Errors
    /// Those of names and addresses; `outdated`; `email_from_source`, and `bot` for addresses.
    pub(super) fn change_person(&self, person: PersonId, form: &ChangePerson, by: By) -> Result<(), Error> {
        let name = names::name(&form.name)?;
        let email = match &form.email {
            Some(change) if change.address.trim().is_empty() => Some(None),
            Some(change) => Some(Some(names::email(&change.address)?)),
            None => None,
        };
        self.settled(|| {
            let mut conn = self.reader()?;
            let row = people::get(&mut conn, person)?;
            let had = row.profile();
            let profile =
                Profile { email: email.clone().unwrap_or_else(|| had.email.clone()), ..had.clone() };
            let (renamed, readdressed) = (row.name != name, profile.email != had.email);
            if renamed && row.name != form.was {
                return Err(Error::from(Code::Outdated).field("name"));
            }
            if readdressed {
                let was = form.email.as_ref().map_or("", |change| change.was.as_str());
                if had.email.as_deref().unwrap_or_default() != was {
                    return Err(Error::from(Code::Outdated).field("email"));
                }
                if row.is_bot() {
                    return Err(Code::Bot.into());
                }
                if self.source_of_address(&mut conn, person)?.is_some() {
                    return Err(Error::from(Code::EmailFromSource).field("email"));
                }
            }
            drop(conn);
            if !renamed && !readdressed {
                return Ok(());
            }
            let body = PersonChanged {
                username: row.username.clone(),
                name: name.clone(),
                roles: row.roles().list(),
                profile: profile.clone(),
                via: by.via,
            };
            let record = self.draft(person, Kind::PersonChanged, by.actor, person.bytes(), &body)?;
            let (name, here) = (name.clone(), self.clone());
            let before = (row.name, row.roles, had);
            let work = move |conn: &mut Conn, _: &[Placed]| {
                let now = people::get(conn, person)?;
                let now = (now.name.clone(), now.roles, now.profile());
                // The record says how the whole account is from now on.
                if now != before {
                    return Err(moved());
                }
                people::set_name(conn, person, &name)?;
                if readdressed {
                    // Linked to a source just now.
                    if here.source_of_address(conn, person)?.is_some() {
                        return Err(moved());
                    }
                    people::set_email(conn, person, profile.email.as_deref())?;
                    store::void_mailed_links(conn, person)?;
                }
                Ok(())
            };
            let unit = Unit { records: vec![record], work: Some(Box::new(work)), ..Unit::default() };
            self.0.journal.commit_blocking(unit).map(drop)
        })
    }

    /// The name of the source that says somebody's e-mail address, if one does. One whose settings cannot be read is taken for one.
    pub(super) fn source_of_address(
        &self,
        conn: &mut Conn,
        person: PersonId,
    ) -> Result<Option<String>, Error> {
        for identity in identities::of_person(conn, person)? {
            let row = sources::get(conn, identity.source)?;
            match sources::open(self.0.journal.vault(), &row) {
                Ok(source) if !sources::says_email(&source.form) => {}
                Ok(source) => return Ok(Some(source.form.name)),
                Err(error) => {
                    tracing::warn!(%error, "an e-mail address is left as it is");
                    return Ok(Some(identity.source.to_string()));
                }
            }
        }
        Ok(None)
    }

    /// Gives a person exactly these roles by hand, unless somebody else changed them first; what their groups give them
    /// stays. Nobody changes their own: that is how duties stay separated.
    pub(super) fn set_roles(&self, person: PersonId, form: &SetRoles, by: By) -> Result<(), Error> {
        let own = Roles::of(&form.roles);
        by.not_oneself(person)?;
        self.settled(|| {
            let mut conn = self.reader()?;
            let row = people::get(&mut conn, person)?;
            let by_groups = groups::roles_of(&mut conn, person)?;
            drop(conn);
            if row.own_roles() == own {
                return Ok(());
            }
            if form.was.as_ref().is_some_and(|was| Roles::of(was) != row.own_roles()) {
                return Err(Error::from(Code::Outdated).field("roles"));
            }
            let roles = own.and(by_groups);
            if roles.is_empty() {
                return Err(Error::from(Code::RolesEmpty).field("roles"));
            }
            if own.has(Role::Guest) {
                let had = row.terms().filter(|terms| terms.ends_at > self.now());
                guests::fit(&roles.list(), form.guest.or(had).as_ref())?;
            }
            let body = PersonChanged {
                username: row.username.clone(),
                name: row.name.clone(),
                roles: roles.list(),
                profile: row.profile(),
                via: by.via,
            };
            let mut records =
                vec![self.draft(person, Kind::PersonChanged, by.actor, person.bytes(), &body)?];
            let terms = form.guest.filter(|_| own.has(Role::Guest));
            if let Some(terms) = &terms {
                self.check_terms(terms)?;
                records.push(self.guest_record(person, *terms, by)?);
            }
            let before = (row.name, row.roles, row.own_roles);
            let work = move |conn: &mut Conn, _: &[Placed]| {
                let now = people::get(conn, person)?;
                let same = (now.name, now.roles, now.own_roles) == before;
                if !same || groups::roles_of(conn, person)? != by_groups {
                    return Err(moved());
                }
                if !own.has(Role::ItAdmin) {
                    emergency::stays(conn, person)?;
                    keep_an_admin(conn, person)?;
                }
                if let Some(terms) = &terms {
                    guests::answers(conn, terms.sponsor, "sponsor")?;
                    people::set_guest(conn, person, terms)?;
                    store::cap_sessions(conn, person, terms.ends_at)?;
                }
                people::set_roles(conn, person, own, roles)
            };
            let unit = Unit { records, work: Some(Box::new(work)), ..Unit::default() };
            self.0.journal.commit_blocking(unit).map(drop)
        })
    }

    /// Suspends a person and ends their sessions; their open links are void. Suspending twice changes nothing, except that
    /// what was suspended by a source is from then on suspended by hand.
    pub(super) fn suspend(&self, person: PersonId, by: By) -> Result<(), Error> {
        self.suspend_and(person, by, |_| Ok(()))
    }

    /// As `suspend`, with something that is written in the same unit.
    pub(super) fn suspend_and(
        &self,
        person: PersonId,
        by: By,
        also: impl Fn(&mut Conn) -> Result<(), Error> + Clone + Send + 'static,
    ) -> Result<(), Error> {
        by.not_oneself(person)?;
        self.settled(|| {
            let also = also.clone();
            let row = people::get(&mut *self.reader()?, person)?;
            let before = (row.suspended_at, row.suspended_by);
            if row.suspended_at.is_some() && (by.source().is_some() || row.suspended_by.is_none()) {
                return Ok(());
            }
            let body = PersonSuspended { via: by.via };
            let mut records =
                vec![self.draft(person, Kind::PersonSuspended, by.actor, person.bytes(), &body)?];
            let ending = self.ending(person, None, EndReason::Suspended, by.actor)?;
            records.extend(ending.drafts.iter().cloned());
            let work = move |conn: &mut Conn, placed: &[Placed]| {
                let now = people::get(conn, person)?;
                if (now.suspended_at, now.suspended_by) != before {
                    return Err(moved());
                }
                keep_an_admin(conn, person)?;
                ending.end(conn, at(placed))?;
                store::void_links(conn, Some(person))?;
                let since = before.0.unwrap_or(at(placed));
                people::set_suspended(conn, person, Some(since), by.source())?;
                also(conn)
            };
            let unit = Unit { records, work: Some(Box::new(work)), ..Unit::default() };
            self.0.journal.commit_blocking(unit).map(drop)
        })
    }

    /// Lets a suspended person sign in again. Reinstating twice changes nothing, and no source undoes what was done by hand.
    pub(super) fn reinstate(&self, person: PersonId, by: By) -> Result<(), Error> {
        self.reinstate_and(person, by, |_| Ok(()))
    }

    /// As `reinstate`, with something that is written in the same unit.
    pub(super) fn reinstate_and(
        &self,
        person: PersonId,
        by: By,
        also: impl Fn(&mut Conn) -> Result<(), Error> + Clone + Send + 'static,
    ) -> Result<(), Error> {
        self.settled(|| {
            let also = also.clone();
            let row = people::get(&mut *self.reader()?, person)?;
            let before = (row.suspended_at, row.suspended_by);
            if row.suspended_at.is_none() || (by.source().is_some() && row.suspended_by.is_none()) {
                return Ok(());
            }
            let body = PersonReinstated { via: by.via };
            let record = self.draft(person, Kind::PersonReinstated, by.actor, person.bytes(), &body)?;
            let work = move |conn: &mut Conn, placed: &[Placed]| {
                let now = people::get(conn, person)?;
                if (now.suspended_at, now.suspended_by) != before {
                    return Err(moved());
                }
                if now.guest().is_some_and(|terms| terms.ends_at <= at(placed)) {
                    return Err(Code::GuestEnded.into());
                }
                people::set_suspended(conn, person, None, None)?;
                also(conn)
            };
            let unit = Unit { records: vec![record], work: Some(Box::new(work)), ..Unit::default() };
            self.0.journal.commit_blocking(unit).map(drop)
        })
    }

    /// Another person's sessions. That they were read is on record before they are.
    pub(super) fn read_sessions(&self, caller: &Caller, person: PersonId) -> Result<Vec<Session>, Error> {
        people::get(&mut *self.reader()?, person)?;
        let body = SessionsRead { via: Via::Web };
        let record = self.draft(person, Kind::SessionsRead, Some(caller.person), person.bytes(), &body)?;
        self.0.journal.commit_blocking(Unit { records: vec![record], ..Unit::default() })?;
        self.sessions(caller, person)
    }

    /// Ends all sessions of a person because an administrator took away what they may have begun by.
    ///
    /// # Errors
    /// When the record cannot be written.
    pub fn end_sessions_for(&self, person: PersonId, actor: PersonId) -> Result<(), Error> {
        self.end_sessions(person, By { actor: Some(actor), via: Via::Web })
    }

    /// Ends all sessions of a person.
    pub(super) fn end_sessions(&self, person: PersonId, by: By) -> Result<(), Error> {
        self.settled(|| {
            people::get(&mut *self.reader()?, person)?;
            let ending = self.ending(person, None, EndReason::EndedByAdmin, by.actor)?;
            if ending.drafts.is_empty() {
                return Ok(());
            }
            let records = ending.drafts.clone();
            let work = move |conn: &mut Conn, placed: &[Placed]| ending.end(conn, at(placed));
            let unit = Unit { records, work: Some(Box::new(work)), ..Unit::default() };
            self.0.journal.commit_blocking(unit).map(drop)
        })
    }
}

pub(super) fn some_roles(roles: &[Role]) -> Result<Roles, Error> {
    let roles = Roles::of(roles);
    if roles.is_empty() { Err(Error::from(Code::RolesEmpty).field("roles")) } else { Ok(roles) }
}

/// Refuses to take the last administrator who can sign in. Under the head lock, so that two administrators
/// cannot take each other out at the same moment.
pub(super) fn keep_an_admin(conn: &mut Conn, person: PersonId) -> Result<(), Error> {
    let row = people::get(conn, person)?;
    let counts = row.own_roles().has(Role::ItAdmin) && row.password.is_some() && row.suspended_at.is_none();
    if counts && !people::another_with(conn, person, ADMIN)? {
        return Err(Code::LastAdmin.into());
    }
    Ok(())
}
