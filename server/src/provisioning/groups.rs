//! Which groups there are, and what they let their members do.

use chancery_ledger::{Kind, Stream};
use chancery_protocol::groups::{Group as Shown, GroupMembers, Groups, SetGroupRoles};
use chancery_protocol::ids::{GroupId, Id, PersonId};

use super::Provisioning;
use super::local_groups::may_give;
use crate::directory::groups::{self as store, Group};
use crate::directory::records::{PersonChanged, Via};
use crate::directory::store as people;
use crate::directory::{Roles, sources};
use crate::ground::db::Conn;
use crate::ground::error::{Code, Error};
use crate::journal::{Placed, Unit};

/// Members whose roles change in one unit, so that nobody's message waits for long.
const MEMBERS_AT_ONCE: usize = 100;
/// How often that is prepared anew when something changed before it was committed.
const PREPARED: usize = 16;

impl Provisioning {
    /// Every group, by name.
    pub(super) fn groups(&self) -> Result<Groups, Error> {
        let mut conn = self.reader()?;
        let names = sources::names(&mut conn)?;
        let shown = |(group, members): (Group, u64)| Shown {
            id: group.id,
            name: group.name,
            source: group.source,
            source_name: names.iter().find(|(id, _)| Some(*id) == group.source).map(|(_, name)| name.clone()),
            roles: group.roles.list(),
            members,
        };
        let mut groups: Vec<Shown> = store::all(&mut conn)?.into_iter().map(shown).collect();
        groups.sort_by_cached_key(|group| (crate::directory::names::fold(&group.name), group.id));
        Ok(Groups { groups })
    }

    /// Who is in a group, by name.
    pub(super) fn group_members(&self, group: GroupId) -> Result<GroupMembers, Error> {
        let mut conn = self.reader()?;
        store::get(&mut conn, group)?;
        let mut members: Vec<_> =
            store::members(&mut conn, group)?.into_iter().filter_map(|id| self.name_of(id)).collect();
        members.sort_by_cached_key(|person| (crate::directory::names::fold(&person.name), person.id));
        Ok(GroupMembers { members })
    }

    /// What the members of a group may do from now on. Doing it again completes what was cut short.
    pub(super) fn set_group_roles(
        &self,
        id: GroupId,
        form: &SetGroupRoles,
        by: PersonId,
    ) -> Result<(), Error> {
        let roles = Roles::of(&form.roles);
        let mut conn = self.reader()?;
        let group = store::get(&mut conn, id)?;
        if store::members(&mut conn, id)?.contains(&by) {
            return Err(Code::OwnAccount.into());
        }
        if form.was.as_ref().is_some_and(|was| Roles::of(was) != group.roles) {
            return Err(Error::from(Code::Outdated).field("roles"));
        }
        drop(conn);
        if group.roles != roles {
            let was = group.clone();
            let after = Group { roles, ..group };
            let record = self.access.group_set(&after, Via::Web, Some(by))?;
            self.journal.commit_blocking(Unit {
                records: vec![record],
                work: Some(Box::new(move |conn, _| {
                    if store::get(conn, id)? != was || store::members(conn, id)?.contains(&by) {
                        return Err(Error::from(Code::Outdated).field("roles"));
                    }
                    may_give(conn, &after)?;
                    store::set(conn, &after)
                })),
                ..Unit::default()
            })?;
        }
        let members = store::members(&mut *self.reader()?, id)?;
        members.chunks(MEMBERS_AT_ONCE).try_for_each(|chunk| self.recompute(chunk, by))
    }

    /// Brings what people may do in line with their groups.
    fn recompute(&self, members: &[PersonId], by: PersonId) -> Result<(), Error> {
        self.settled(|| {
            let mut conn = self.reader()?;
            let mut records = Vec::new();
            let mut changes = Vec::new();
            for row in people::some(&mut conn, members)? {
                let person = row.person();
                let by_groups = store::roles_of(&mut conn, person)?;
                let roles = row.own_roles().and(by_groups);
                if roles == row.roles() {
                    continue;
                }
                let body = PersonChanged {
                    username: row.username.clone(),
                    name: row.name.clone(),
                    roles: roles.list(),
                    profile: row.profile(),
                    via: Via::Web,
                };
                let stream = Stream::Person(person.bytes());
                let mut draft = self.journal.draft(stream, Kind::PersonChanged, Some(by), &body)?;
                draft.target = Some(person.bytes());
                records.push(draft);
                changes.push((row, by_groups, roles));
            }
            drop(conn);
            if records.is_empty() {
                return Ok(None);
            }
            let work = move |conn: &mut Conn, _: &[Placed]| {
                for (row, by_groups, roles) in &changes {
                    let person = row.person();
                    if people::get(conn, person)? != *row || store::roles_of(conn, person)? != *by_groups {
                        return Err(Code::Outdated.into());
                    }
                    people::set_roles(conn, person, row.own_roles(), *roles)?;
                }
                Ok(())
            };
            Ok(Some(Unit { records, work: Some(Box::new(work)), ..Unit::default() }))
        })
    }

    /// Prepares a unit and commits it, anew as long as something it rests on changed in between (`outdated` from its work).
    /// Nothing is committed when nothing was prepared.
    pub(super) fn settled(&self, prepare: impl Fn() -> Result<Option<Unit>, Error>) -> Result<(), Error> {
        for _ in 0..PREPARED {
            let Some(unit) = prepare()? else { return Ok(()) };
            match self.journal.commit_blocking(unit) {
                Err(e) if e.code == Code::Outdated => {}
                done => return done.map(drop),
            }
        }
        Err(Code::Outdated.into())
    }
}
