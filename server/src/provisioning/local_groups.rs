//! Groups made here, for whom no source does it: made, renamed, filled and removed by administrators. What is done to many
//! people takes several units; doing it again completes what was cut short.
//!
//! What must stay true: nobody changes a group they are in, or comes by their own hand into one that gives roles; a group with a
//! guest in it gives none, for a guest has no other role.

use std::cell::Cell;
use std::collections::BTreeSet;

use chancery_protocol::groups::{
    ChangeGroupMembers, GroupMade, MAX_GROUP_NAME, MAX_MEMBERS_CHANGED, MakeGroup, RenameGroup,
};
use chancery_protocol::ids::{GroupId, PersonId};
use chancery_protocol::person::Role;

use super::memberships::MEMBERS_AT_ONCE;
use super::{Provisioning, at};
use crate::directory::groups::{self as store, Group};
use crate::directory::records::Via;
use crate::directory::store as people;
use crate::directory::{Roles, names};
use crate::ground::db::Conn;
use crate::ground::error::{Code, Error};
use crate::journal::Unit;

/// Who comes into a group and who leaves it.
#[derive(Default)]
struct Moving {
    added: Vec<PersonId>,
    removed: Vec<PersonId>,
}

impl Provisioning {
    /// Makes a group; nobody is in it yet.
    pub(super) fn make_group(&self, form: &MakeGroup, by: PersonId) -> Result<GroupMade, Error> {
        let group = Group {
            id: self.journal.id()?,
            source: None,
            subject: None,
            name: group_name(&form.name)?,
            roles: Roles::of(&form.roles),
            created_at: 0,
            gone_at: None,
        };
        no_guests_role(&group)?;
        let id = group.id;
        self.journal.commit_blocking(Unit {
            records: vec![self.access.group_set(&group, Via::Web, Some(by))?],
            work: Some(Box::new(move |conn, placed| {
                is_free(conn, &group)?;
                store::insert(conn, &group, at(placed))
            })),
            ..Unit::default()
        })?;
        Ok(GroupMade { id })
    }

    /// Changes what a group is called, unless somebody else changed it first.
    pub(super) fn rename_group(&self, id: GroupId, form: &RenameGroup, by: PersonId) -> Result<(), Error> {
        let name = group_name(&form.name)?;
        self.settled(|| {
            let mut conn = self.reader()?;
            let before = local(&mut conn, id)?;
            not_in(&mut conn, id, by)?;
            drop(conn);
            if before.name == name {
                return Ok(None);
            }
            if before.name != form.was {
                return Err(Error::from(Code::Outdated).field("name"));
            }
            let after = Group { name: name.clone(), ..before.clone() };
            Ok(Some(Unit {
                records: vec![self.access.group_set(&after, Via::Web, Some(by))?],
                work: Some(Box::new(move |conn, _| {
                    unchanged(conn, &before, by)?;
                    is_free(conn, &after)?;
                    store::set(conn, &after)
                })),
                ..Unit::default()
            }))
        })
    }

    /// Takes people into a group and out of it; what they may do follows.
    pub(super) fn change_group_members(
        &self,
        id: GroupId,
        form: &ChangeGroupMembers,
        by: PersonId,
    ) -> Result<(), Error> {
        each_once(form)?;
        let mut conn = self.reader()?;
        let group = local(&mut conn, id)?;
        if people::some(&mut conn, &form.add)?.len() != form.add.len() {
            return Err(Error::from(Code::PersonNotFound).field("add"));
        }
        // Asked of all at once, so that nothing is done by halves for a reason that was known before.
        may_come(&mut conn, &group, &form.add, by)?;
        drop(conn);
        let mut all: Vec<(PersonId, bool)> = form.remove.iter().map(|person| (*person, false)).collect();
        all.extend(form.add.iter().map(|person| (*person, true)));
        // Whoever takes in themselves comes last: from then on they change nothing here.
        all.sort_by_key(|(person, _)| *person == by);
        for some in all.chunks(MEMBERS_AT_ONCE) {
            self.settled(|| self.moving_unit(id, form, some, by))?;
        }
        Ok(())
    }

    /// The unit in which some come and others leave; none when all of them did already.
    fn moving_unit(
        &self,
        id: GroupId,
        form: &ChangeGroupMembers,
        some: &[(PersonId, bool)],
        by: PersonId,
    ) -> Result<Option<Unit>, Error> {
        let mut conn = self.reader()?;
        let group = local(&mut conn, id)?;
        let here: BTreeSet<PersonId> = store::members(&mut conn, id)?.into_iter().collect();
        drop(conn);
        let mut moving = Moving::default();
        for (person, comes) in some.iter().filter(|(person, comes)| here.contains(person) != *comes) {
            if *comes { &mut moving.added } else { &mut moving.removed }.push(*person);
        }
        if moving.added.is_empty() && moving.removed.is_empty() {
            return Ok(None);
        }
        if here.contains(&by) {
            return Err(Code::OwnAccount.into());
        }
        if form.roles.as_ref().is_some_and(|roles| Roles::of(roles) != group.roles) {
            return Err(Error::from(Code::Outdated).field("roles"));
        }
        let mut moves = self.moves(Via::Web, Some(by), &group, &moving.added, &moving.removed)?;
        Ok(Some(Unit {
            records: std::mem::take(&mut moves.drafts),
            work: Some(Box::new(move |conn, _| {
                unchanged(conn, &group, by)?;
                may_come(conn, &group, &moving.added, by)?;
                moves.check(conn)?;
                moves.write(conn)
            })),
            ..Unit::default()
        }))
    }

    /// Removes a group, after everybody in it lost what it gave them.
    pub(super) fn remove_group(&self, id: GroupId, by: PersonId) -> Result<(), Error> {
        let last = Cell::new(false);
        while !last.get() {
            self.settled(|| {
                let mut conn = self.reader()?;
                let before = local(&mut conn, id)?;
                not_in(&mut conn, id, by)?;
                let mut leaving = store::members(&mut conn, id)?;
                drop(conn);
                last.set(leaving.len() <= MEMBERS_AT_ONCE);
                leaving.sort_unstable();
                leaving.truncate(MEMBERS_AT_ONCE);
                let mut moves = self.moves(Via::Web, Some(by), &before, &[], &leaving)?;
                let mut records = std::mem::take(&mut moves.drafts);
                let goes = last.get();
                if goes {
                    let gone_at = Some(self.journal.clock().now());
                    let after = Group { gone_at, ..before.clone() };
                    records.push(self.access.group_set(&after, Via::Web, Some(by))?);
                }
                Ok(Some(Unit {
                    records,
                    work: Some(Box::new(move |conn, _| {
                        unchanged(conn, &before, by)?;
                        moves.check(conn)?;
                        moves.write(conn)?;
                        if !goes {
                            return Ok(());
                        }
                        // Somebody came in the meantime.
                        if !store::members(conn, before.id)?.is_empty() {
                            return Err(Code::Outdated.into());
                        }
                        store::delete(conn, before.id)
                    })),
                    ..Unit::default()
                }))
            })?;
        }
        Ok(())
    }
}

/// Refuses roles for a group made here that somebody in it may not have.
///
/// # Errors
/// `guest_alone`; when the database cannot be read.
pub(super) fn may_give(conn: &mut Conn, group: &Group) -> Result<(), Error> {
    no_guests_role(group)?;
    if group.source.is_some() || group.roles.is_empty() {
        return Ok(());
    }
    let members = store::members(conn, group.id)?;
    no_guest_among(conn, &members, "roles")
}

/// A group made here.
fn local(conn: &mut Conn, id: GroupId) -> Result<Group, Error> {
    let group = store::get(conn, id)?;
    if group.source.is_some() { Err(Code::GroupFromSource.into()) } else { Ok(group) }
}

/// Whoever is in a group does not change it.
fn not_in(conn: &mut Conn, group: GroupId, by: PersonId) -> Result<(), Error> {
    if store::count_in(conn, group, &[by])? == 0 { Ok(()) } else { Err(Code::OwnAccount.into()) }
}

/// Whether a group is still as it was when a unit was prepared, and may still be changed; inside the unit.
fn unchanged(conn: &mut Conn, before: &Group, by: PersonId) -> Result<(), Error> {
    not_in(conn, before.id, by)?;
    if store::get(conn, before.id)? == *before { Ok(()) } else { Err(Code::Outdated.into()) }
}

/// Whether people may come into a group, taken in by somebody.
fn may_come(conn: &mut Conn, group: &Group, added: &[PersonId], by: PersonId) -> Result<(), Error> {
    if group.roles.is_empty() {
        return Ok(());
    }
    if added.contains(&by) {
        return Err(Error::from(Code::OwnAccount).field("add"));
    }
    no_guest_among(conn, added, "add")
}

fn no_guest_among(conn: &mut Conn, people: &[PersonId], field: &str) -> Result<(), Error> {
    let guest = people::some(conn, people)?.iter().any(|row| row.roles().has(Role::Guest));
    if guest { Err(Error::from(Code::GuestAlone).field(field)) } else { Ok(()) }
}

/// Nobody becomes a guest beside what else they are by a group made here.
fn no_guests_role(group: &Group) -> Result<(), Error> {
    let guests = group.source.is_none() && group.roles.has(Role::Guest);
    if guests { Err(Error::from(Code::GuestAlone).field("roles")) } else { Ok(()) }
}

/// Whether no other group made here is called so, whatever its capitals and accents; inside the unit.
fn is_free(conn: &mut Conn, group: &Group) -> Result<(), Error> {
    let wanted = names::fold(&group.name);
    let taken = store::made_here(conn)?
        .iter()
        .any(|other| other.id != group.id && names::fold(&other.name) == wanted);
    if taken { Err(Error::from(Code::GroupNameTaken).field("name")) } else { Ok(()) }
}

fn group_name(text: &str) -> Result<String, Error> {
    let name = names::name(text)?;
    if name.chars().count() > MAX_GROUP_NAME {
        return Err(Error::from(Code::NameTooLong).field("name"));
    }
    Ok(name)
}

fn each_once(form: &ChangeGroupMembers) -> Result<(), Error> {
    let all = form.add.iter().chain(&form.remove);
    if all.clone().count() > MAX_MEMBERS_CHANGED {
        return Err(Code::TooManyPeople.into());
    }
    let mut seen = BTreeSet::new();
    if all.copied().all(|person| seen.insert(person)) {
        return Ok(());
    }
    Err(Error::from(Code::BadRequest).detail("Somebody is named twice."))
}
