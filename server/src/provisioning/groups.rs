//! What groups let their members do.

use chancery_ledger::{Kind, Stream};
use chancery_protocol::groups::{Group as Shown, GroupMembers, Groups, SetGroupRoles};
use chancery_protocol::ids::{GroupId, Id, PersonId};

use super::Provisioning;
use crate::directory::groups::{self as store, Group};
use crate::directory::records::{GroupSet, PersonChanged, Source, Via};
use crate::directory::store as people;
use crate::directory::{Roles, sources};
use crate::ground::error::{Code, Error};
use crate::journal::{Draft, Unit};

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
            let record = self.group_set(&Group { roles, ..group }, by)?;
            self.journal.commit_blocking(Unit {
                records: vec![record],
                work: Some(Box::new(move |conn, _| {
                    if store::get(conn, id)? != was || store::members(conn, id)?.contains(&by) {
                        return Err(Error::from(Code::Outdated).field("roles"));
                    }
                    store::set(conn, &Group { roles, ..was.clone() })
                })),
                ..Unit::default()
            })?;
        }
        let members = store::members(&mut *self.reader()?, id)?;
        members.chunks(MEMBERS_AT_ONCE).try_for_each(|chunk| self.recompute(chunk, by))
    }

    /// Brings what people may do in line with their groups.
    fn recompute(&self, members: &[PersonId], by: PersonId) -> Result<(), Error> {
        for _ in 0..PREPARED {
            let mut conn = self.reader()?;
            let mut drafts = Vec::new();
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
                drafts.push(draft);
                changes.push((row, by_groups, roles));
            }
            drop(conn);
            if drafts.is_empty() {
                return Ok(());
            }
            let done = self.journal.commit_blocking(Unit {
                records: drafts,
                work: Some(Box::new(move |conn, _| {
                    for (row, by_groups, roles) in &changes {
                        let person = row.person();
                        if people::get(conn, person)? != *row || store::roles_of(conn, person)? != *by_groups
                        {
                            return Err(Code::Outdated.into());
                        }
                        people::set_roles(conn, person, row.own_roles(), *roles)?;
                    }
                    Ok(())
                })),
                ..Unit::default()
            });
            match done {
                Ok(_) => return Ok(()),
                Err(e) if e.code == Code::Outdated => {}
                Err(e) => return Err(e),
            }
        }
        Err(Code::Outdated.into())
    }

    fn group_set(&self, group: &Group, by: PersonId) -> Result<Draft, Error> {
        let body = GroupSet {
            name: group.name.clone(),
            roles: group.roles.list(),
            source: group.source.map_or(Source::Local, Source::Source),
            subject: group.subject.clone(),
            gone: group.gone_at.is_some(),
            via: Via::Web,
        };
        let mut draft = self.journal.draft(Stream::System, Kind::GroupSet, Some(by), &body)?;
        draft.target = Some(group.id.bytes());
        Ok(draft)
    }
}
