//! From somebody a source vouches for to an account and a session.
//!
//! What must stay true:
//! - who somebody is, is decided by source and subject alone; an e-mail address or a login finds an account only by a rule that
//!   an administrator set, once, and never one that may do more than chat;
//! - what a source says of somebody (name, e-mail address, groups) and what follows for their roles is a record before it
//!   counts, in one unit with the session;
//! - whoever is suspended here stays out, whatever the source says.

use std::collections::BTreeMap;

use chancery_ledger::{Kind, Stream};
use chancery_protocol::Micros;
use chancery_protocol::ids::{GroupId, Id, PersonId, SourceId};
use chancery_protocol::person::Role;
use chancery_protocol::sources::Linking;

use super::origin::Origin;
use super::records::{RefusedBecause, SignInRefused};
use super::sessions::{Started, at, moved};
use super::store::{self, SessionRow};
use super::vouched::Vouched;
use super::{Access, factors};
use crate::directory::groups::{self, Group};
use crate::directory::identities::{self, Identity, Standing};
use crate::directory::records::{
    GroupMembers, GroupSet, IdentityLink, LinkedBy, PersonChanged, Profile, Source, Via,
};
use crate::directory::store::{self as people, NewPerson, Row};
use crate::directory::{Roles, names, sources};
use crate::ground::db::Conn;
use crate::ground::error::{Code, Error};
use crate::journal::{Draft, Placed, Unit};

/// What there is here of somebody a source vouches for. Read twice: before the unit is made, and under the head lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Look {
    pub identity: Option<Identity>,
    /// Of the identity, or else what the source's rule finds.
    pub account: Option<Row>,
    /// Whether the account found knows somebody else of this source.
    linked_elsewhere: bool,
    /// Whether the user name made of the login belongs to somebody.
    taken: bool,
    /// Groups of the account.
    own: Vec<Group>,
    /// Those of the source's groups it names that are known.
    known: Vec<Group>,
}

/// What is to be done about the account.
pub(super) enum Account {
    /// It is linked already.
    Known(Row),
    /// It is to be linked.
    Found(Row, LinkedBy),
    /// It is to be made.
    New(NewPerson),
}

/// Somebody who was kept out: by the source's own names.
pub(super) struct Refused {
    pub source: SourceId,
    pub subject: String,
    pub login: String,
}

/// Somebody a source vouches for.
pub(super) enum Admitted {
    /// They have a session.
    In(Box<Started>),
    /// Their account has second factors: one is to be shown.
    Second(Box<Row>),
}

/// Roles of an account a source may find by itself.
pub(super) const CHATTING: Roles = Roles::of(&[Role::Employee, Role::Guest]);

/// # Errors
/// `source_changed` when the source was switched off or set up anew since it was asked; when the database cannot be read.
pub(super) fn look(conn: &mut Conn, vouched: &Vouched) -> Result<Look, Error> {
    if sources::state(conn, vouched.source)?.0 != vouched.revision {
        return Err(Code::SourceChanged.into());
    }
    let identity = identities::find(conn, vouched.source, &vouched.subject)?;
    let mut named =
        |username: Option<&String>| username.map_or(Ok(None), |username| people::by_username(conn, username));
    let by_name = named(vouched.found_by.as_ref())?;
    let taken = named(names::username_from(&vouched.login).as_ref())?.is_some();
    let account = match (&identity, vouched.admission.link, &vouched.profile.email) {
        (Some(identity), _, _) => Some(people::get(conn, identity.person)?),
        (None, Linking::Username, _) => by_name,
        (None, Linking::Email, Some(email)) => match people::by_email(conn, email)?.as_slice() {
            [one] => Some(one.clone()),
            _ => None,
        },
        (None, _, _) => None,
    };
    let mut linked_elsewhere = false;
    let mut own = Vec::new();
    if let Some(row) = &account {
        let of_source = |other: &Identity| other.source == vouched.source && other.subject != vouched.subject;
        linked_elsewhere = identities::of_person(conn, row.person())?.iter().any(of_source);
        own = groups::of_person(conn, row.person())?;
        own.sort_by_key(|group| group.id);
    }
    let mut known = groups::named(conn, vouched.source, vouched.groups.iter().flat_map(BTreeMap::keys))?;
    known.sort_by_key(|group| group.id);
    Ok(Look { identity, account, linked_elsewhere, taken, own, known })
}

/// What a sign-in changes: records, and what is written with them.
#[derive(Default)]
pub(super) struct Changes {
    pub drafts: Vec<Draft>,
    pub made: Option<NewPerson>,
    pub linked: Option<(String, String)>,
    pub profile: Option<(String, Profile)>,
    roles: Option<(Roles, Roles)>,
    new_groups: Vec<Group>,
    renamed: Vec<Group>,
    joined: Vec<GroupId>,
    pub left: Vec<GroupId>,
}

impl Access {
    /// Lets somebody in whom a source vouches for. `keep` adds to the session's row what only its way knows.
    ///
    /// # Errors
    /// `not_admitted`, `suspended`, with a record that says why; when the record cannot be written.
    pub(super) fn admit(
        &self,
        vouched: &Vouched,
        origin: &Origin,
        keep: impl Fn(&mut SessionRow) -> Result<(), Error>,
    ) -> Result<Started, Error> {
        match self.admit_or_ask(vouched, origin, keep, false)? {
            Admitted::In(started) => Ok(*started),
            Admitted::Second(_) => Err(Error::internal("nobody asked for a second factor")),
        }
    }

    /// As `admit`, for somebody who typed their password here: an account with second factors gets no session by that alone.
    pub(super) fn admit_by_password(&self, vouched: &Vouched, origin: &Origin) -> Result<Admitted, Error> {
        self.admit_or_ask(vouched, origin, |_| Ok(()), true)
    }

    fn admit_or_ask(
        &self,
        vouched: &Vouched,
        origin: &Origin,
        keep: impl Fn(&mut SessionRow) -> Result<(), Error>,
        ask: bool,
    ) -> Result<Admitted, Error> {
        self.settled(|| {
            let before = look(&mut *self.reader()?, vouched)?;
            let account = match self.account_for(&before, vouched)? {
                Ok(account) => account,
                Err(because) => return self.refuse(vouched, because, origin),
            };
            let known = match &account {
                Account::Known(row) | Account::Found(row, _) => Some(row.clone()),
                Account::New(_) => None,
            };
            let (person, changes) = self.changes(&before, account, vouched)?;
            let second = ask && factors::store::any(&mut *self.reader()?, person)?;
            if let Some(row) = known.filter(|_| second) {
                self.write_changes(changes, before, person, vouched)?;
                return Ok(Admitted::Second(Box::new(row)));
            }
            let mut beginning = self.beginning(person, origin, Some(vouched.source))?;
            keep(&mut beginning.row)?;
            let session = beginning.row.clone();
            let mut records = changes.drafts.clone();
            records.push(beginning.draft);
            let vouched = vouched.clone();
            let work = move |conn: &mut Conn, placed: &[Placed]| {
                if look(conn, &vouched)? != before {
                    return Err(moved());
                }
                if ask && factors::store::any(conn, person)? {
                    return Err(moved());
                }
                let at = at(placed);
                changes.write(conn, person, &vouched, Some(at), at)?;
                store::insert_session(conn, &session)
            };
            let unit = Unit { records, work: Some(Box::new(work)), ..Unit::default() };
            self.0.journal.commit_blocking(unit)?;
            let started = self.started(beginning.token, &beginning.row)?;
            Ok(Admitted::In(Box::new(started)))
        })
    }

    /// Writes what a source says of somebody who is not signed in yet.
    fn write_changes(
        &self,
        changes: Changes,
        before: Look,
        person: PersonId,
        vouched: &Vouched,
    ) -> Result<(), Error> {
        let (records, vouched, now) = (changes.drafts.clone(), vouched.clone(), self.now());
        let work = move |conn: &mut Conn, placed: &[Placed]| {
            if look(conn, &vouched)? != before {
                return Err(moved());
            }
            let at = if placed.is_empty() { now } else { at(placed) };
            changes.write(conn, person, &vouched, Some(at), at)
        };
        // Nothing that anybody goes by changes: there is nothing to put on record.
        if records.is_empty() {
            return self.0.journal.db().write_here(|conn| work(conn, &[]));
        }
        let unit = Unit { records, work: Some(Box::new(work)), ..Unit::default() };
        self.0.journal.commit_blocking(unit).map(drop)
    }

    /// Writes down why somebody a source vouches for is not let in, and says so.
    pub(super) fn refuse<T>(
        &self,
        vouched: &Vouched,
        because: RefusedBecause,
        origin: &Origin,
    ) -> Result<T, Error> {
        let (source, subject, login) = (vouched.source, vouched.subject.clone(), vouched.login.clone());
        self.refused(Refused { source, subject, login }, because, origin)?;
        Err(match because {
            RefusedBecause::Suspended => Code::Suspended.into(),
            _ => Code::NotAdmitted.into(),
        })
    }

    /// Writes down whom a source vouched for and who was kept out all the same.
    pub(super) fn refused(
        &self,
        Refused { source, subject, login }: Refused,
        because: RefusedBecause,
        origin: &Origin,
    ) -> Result<(), Error> {
        let (device, address) = (origin.device.clone(), origin.address_text());
        let body = SignInRefused { source, subject, login, because, device, address };
        let mut record = self.0.journal.draft(Stream::System, Kind::SignInRefused, None, &body)?;
        record.target = Some(source.bytes());
        self.0.journal.commit_blocking(Unit { records: vec![record], ..Unit::default() }).map(drop)
    }

    pub(super) fn account_for(
        &self,
        look: &Look,
        vouched: &Vouched,
    ) -> Result<Result<Account, RefusedBecause>, Error> {
        if let Some(row) = &look.account {
            let suspended = row.suspended_at.is_some();
            return Ok(match (&look.identity, vouched.admission.link) {
                _ if suspended => Err(RefusedBecause::Suspended),
                (Some(_), _) => Ok(Account::Known(row.clone())),
                // Nobody signs in as a bot.
                _ if row.is_bot() => Err(RefusedBecause::UsernameTaken),
                _ if !CHATTING.holds(row.roles()) => Err(RefusedBecause::Privileged),
                _ if look.linked_elsewhere => Err(RefusedBecause::LinkedElsewhere),
                (None, Linking::Email) => Ok(Account::Found(row.clone(), LinkedBy::Email)),
                (None, _) => Ok(Account::Found(row.clone(), LinkedBy::Username)),
            });
        }
        if !vouched.admission.create {
            return Ok(Err(RefusedBecause::Unknown));
        }
        if look.taken {
            return Ok(Err(RefusedBecause::UsernameTaken));
        }
        let Some(username) = names::username_from(&vouched.login) else {
            return Ok(Err(RefusedBecause::Login));
        };
        let name = names::name_from(&vouched.name).unwrap_or_else(|| username.clone());
        Ok(Ok(Account::New(NewPerson {
            id: vouched.person.map_or_else(|| self.0.journal.id(), Ok)?,
            username,
            name,
            roles: Roles::of(&vouched.admission.roles),
            password: None,
            profile: vouched.profile.clone(),
            owner: None,
            guest: None,
        })))
    }

    /// What is to be written, and whose account it is.
    pub(super) fn changes(
        &self,
        look: &Look,
        account: Account,
        vouched: &Vouched,
    ) -> Result<(PersonId, Changes), Error> {
        let via = Via::Source(vouched.source);
        let mut changes = Changes::default();
        let (row, link) = match account {
            Account::Known(row) => (Ok(row), None),
            Account::Found(row, by) => (Ok(row), Some(by)),
            Account::New(new) => (Err(new), Some(LinkedBy::Created)),
        };
        let person = row.as_ref().map_or_else(|new| new.id, Row::person);
        let by_groups = self.group_changes(&mut changes, look, vouched, person)?;
        match row {
            Err(new) => {
                let roles = new.roles.and(by_groups);
                let own = new.roles;
                let shown = NewPerson { roles, ..new.clone() };
                let made = self.created(&shown, Source::Source(vouched.source), None, via)?;
                changes.drafts.insert(0, made);
                changes.roles = (roles != own).then_some((own, roles));
                changes.made = Some(new);
            }
            Ok(row) => {
                let (name, profile) = vouched.described(&row);
                let roles = row.own_roles().and(by_groups);
                if (&name, &profile, roles) != (&row.name, &row.profile(), row.roles()) {
                    let body = PersonChanged {
                        username: row.username.clone(),
                        name: name.clone(),
                        roles: roles.list(),
                        profile: profile.clone(),
                        via,
                    };
                    changes.drafts.push(self.draft(
                        person,
                        Kind::PersonChanged,
                        None,
                        person.bytes(),
                        &body,
                    )?);
                    changes.profile = Some((name, profile));
                    changes.roles = Some((row.own_roles(), roles));
                }
            }
        }
        if let Some(by) = link {
            let (source, subject, login) = (vouched.source, vouched.subject.clone(), vouched.login.clone());
            let (subject_said, login_said) = (subject.clone(), login.clone());
            let body =
                IdentityLink { source, subject: subject_said, login: login_said, by, second: None, via };
            changes.drafts.push(self.draft(person, Kind::IdentityLinked, None, person.bytes(), &body)?);
            changes.linked = Some((subject, login));
        }
        Ok((person, changes))
    }

    /// Groups of the source that are new or renamed, and the person's way in and out of them. Answers what all groups of
    /// the person, from then on, let them do.
    fn group_changes(
        &self,
        changes: &mut Changes,
        look: &Look,
        vouched: &Vouched,
        person: PersonId,
    ) -> Result<Roles, Error> {
        let sum = |groups: &mut dyn Iterator<Item = &Group>| {
            groups.fold(Roles::default(), |roles, group| roles.and(group.roles))
        };
        let Some(said) = &vouched.groups else { return Ok(sum(&mut look.own.iter())) };
        let via = Via::Source(vouched.source);
        let of_source = |group: &&Group| group.source == Some(vouched.source);
        let mut roles = sum(&mut look.own.iter().filter(|group| !of_source(group)));
        for (subject, name) in said {
            let name = names::name_from(name).unwrap_or_else(|| subject.clone());
            let known = look.known.iter().find(|group| group.subject.as_ref() == Some(subject));
            let group = match known {
                Some(group) if group.name == name && group.gone_at.is_none() => group.clone(),
                Some(group) => {
                    let group = Group { name, gone_at: None, ..group.clone() };
                    changes.drafts.push(self.group_set(&group, via, None)?);
                    changes.renamed.push(group.clone());
                    group
                }
                None => {
                    let group = Group {
                        id: self.0.journal.id()?,
                        source: Some(vouched.source),
                        subject: Some(subject.clone()),
                        name,
                        roles: Roles::default(),
                        created_at: 0,
                        gone_at: None,
                    };
                    changes.drafts.push(self.group_set(&group, via, None)?);
                    changes.new_groups.push(group.clone());
                    group
                }
            };
            roles = roles.and(group.roles);
            if !look.own.iter().any(|own| own.id == group.id) {
                let body = GroupMembers { group: group.id, added: vec![person], removed: Vec::new(), via };
                changes.drafts.push(self.group_members(&body, None)?);
                changes.joined.push(group.id);
            }
        }
        for group in look.own.iter().filter(of_source) {
            if !group.subject.as_ref().is_some_and(|subject| said.contains_key(subject)) {
                let body = GroupMembers { group: group.id, added: Vec::new(), removed: vec![person], via };
                changes.drafts.push(self.group_members(&body, None)?);
                changes.left.push(group.id);
            }
        }
        Ok(roles)
    }

    /// A record of a group.
    ///
    /// # Errors
    /// When the key store cannot be read or written.
    pub fn group_set(&self, group: &Group, via: Via, actor: Option<PersonId>) -> Result<Draft, Error> {
        let body = GroupSet {
            name: group.name.clone(),
            roles: group.roles.list(),
            source: group.source.map_or(Source::Local, Source::Source),
            subject: group.subject.clone(),
            gone: group.gone_at.is_some(),
            via,
        };
        let mut draft = self.0.journal.draft(Stream::System, Kind::GroupSet, actor, &body)?;
        draft.target = Some(group.id.bytes());
        Ok(draft)
    }

    /// A record of who came into a group or left it.
    ///
    /// # Errors
    /// When the key store cannot be read or written.
    pub fn group_members(&self, body: &GroupMembers, actor: Option<PersonId>) -> Result<Draft, Error> {
        let mut draft = self.0.journal.draft(Stream::System, Kind::GroupMembers, actor, body)?;
        draft.target = Some(body.group.bytes());
        Ok(draft)
    }
}

impl Changes {
    /// `seen` is when the source vouched for them at the door; none when it only names them.
    pub(super) fn write(
        &self,
        conn: &mut Conn,
        person: PersonId,
        vouched: &Vouched,
        seen: Option<Micros>,
        at: Micros,
    ) -> Result<(), Error> {
        if let Some(made) = &self.made {
            people::insert(conn, made, at)?;
        }
        if let Some((name, profile)) = &self.profile {
            if people::get(conn, person)?.email != profile.email {
                super::store::void_mailed_links(conn, person)?;
            }
            people::set_profile(conn, person, name, profile)?;
        }
        if let Some((own, roles)) = self.roles {
            people::set_roles(conn, person, own, roles)?;
        }
        match &self.linked {
            Some((subject, login)) => identities::link(
                conn,
                &Identity {
                    source: vouched.source,
                    subject: subject.clone(),
                    person,
                    login: login.clone(),
                    linked_at: at,
                    seen_at: seen,
                    standing: if seen.is_some() { Standing::Unknown } else { Standing::Active },
                },
            )?,
            None => {
                if let Some(at) = seen {
                    identities::seen(conn, vouched.source, &vouched.subject, &vouched.login, at)?;
                }
            }
        }
        for group in &self.new_groups {
            groups::insert(conn, group, at)?;
        }
        for group in &self.renamed {
            groups::set(conn, group)?;
        }
        for group in &self.joined {
            groups::add(conn, *group, person)?;
        }
        for group in &self.left {
            groups::remove(conn, *group, person)?;
        }
        Ok(())
    }
}
