//! People come into groups and leave them, and may do from then on what their groups let them: what that takes in records and
//! rows. For directories that are read, for sources that write to us, and for groups made here.

use chancery_ledger::{Kind, Stream};
use chancery_protocol::ids::{Id, PersonId};

use super::Provisioning;
use crate::directory::Roles;
use crate::directory::groups::{self, Group};
use crate::directory::records::{GroupMembers, PersonChanged, Via};
use crate::directory::store::{self as people, Row};
use crate::ground::db::Conn;
use crate::ground::error::{Code, Error};
use crate::journal::Draft;

/// Memberships in one unit: well below 20 ms of work, so that nobody waits for long.
pub(super) const MEMBERS_AT_ONCE: usize = 50;

/// Who comes into a group and who leaves it, prepared.
pub(super) struct Moves {
    /// The records.
    pub drafts: Vec<Draft>,
    group: Group,
    added: Vec<PersonId>,
    removed: Vec<PersonId>,
    roles: Vec<RoleChange>,
}

/// Somebody whose roles may change with a group.
struct RoleChange {
    row: Row,
    by_groups: Roles,
    roles: Roles,
}

impl Provisioning {
    /// Prepares that some come into a group and others leave it; without an actor when a source says so.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub(super) fn moves(
        &self,
        via: Via,
        actor: Option<PersonId>,
        group: &Group,
        added: &[PersonId],
        removed: &[PersonId],
    ) -> Result<Moves, Error> {
        let (group, added, removed) = (group.clone(), added.to_vec(), removed.to_vec());
        let mut moves = Moves { drafts: Vec::new(), group, added, removed, roles: Vec::new() };
        if moves.added.is_empty() && moves.removed.is_empty() {
            return Ok(moves);
        }
        let body = GroupMembers {
            group: moves.group.id,
            added: moves.added.clone(),
            removed: moves.removed.clone(),
            via,
        };
        moves.drafts.push(self.access.group_members(&body, actor)?);
        if !moves.group.roles.is_empty() {
            for (some, come) in [(&moves.added, true), (&moves.removed, false)] {
                for change in self.role_changes(&moves.group, some, come)? {
                    if change.roles != change.row.roles() {
                        moves.drafts.push(self.person_changed(&change, via, actor)?);
                    }
                    // Also who keeps their roles by another group: it is looked at again when this is written.
                    moves.roles.push(change);
                }
            }
        }
        Ok(moves)
    }

    fn role_changes(&self, group: &Group, some: &[PersonId], come: bool) -> Result<Vec<RoleChange>, Error> {
        let mut conn = self.reader()?;
        let mut changes = Vec::new();
        for row in people::some(&mut conn, some)? {
            let of_person = groups::of_person(&mut conn, row.person())?;
            let sum = |groups: &mut dyn Iterator<Item = &Group>| {
                groups.fold(Roles::default(), |roles, group| roles.and(group.roles))
            };
            let by_groups = sum(&mut of_person.iter());
            let mut after = sum(&mut of_person.iter().filter(|other| other.id != group.id));
            if come {
                after = after.and(group.roles);
            }
            let roles = row.own_roles().and(after);
            changes.push(RoleChange { row, by_groups, roles });
        }
        Ok(changes)
    }

    fn person_changed(
        &self,
        RoleChange { row, roles, .. }: &RoleChange,
        via: Via,
        actor: Option<PersonId>,
    ) -> Result<Draft, Error> {
        let person = row.person();
        let body = PersonChanged {
            username: row.username.clone(),
            name: row.name.clone(),
            roles: roles.list(),
            profile: row.profile(),
            via,
        };
        let stream = Stream::Person(person.bytes());
        let mut draft = self.journal.draft(stream, Kind::PersonChanged, actor, &body)?;
        draft.target = Some(person.bytes());
        Ok(draft)
    }
}

impl Moves {
    /// Whether everybody is still where they were when it was prepared; inside the unit. The caller looks at the group itself.
    ///
    /// # Errors
    /// `outdated`.
    pub(super) fn check(&self, conn: &mut Conn) -> Result<(), Error> {
        let id = self.group.id;
        if groups::count_in(conn, id, &self.added)? != 0
            || groups::count_in(conn, id, &self.removed)? != self.removed.len()
        {
            return Err(Code::Outdated.into());
        }
        for RoleChange { row, by_groups, .. } in &self.roles {
            let person = row.person();
            if people::get(conn, person)? != *row || groups::roles_of(conn, person)? != *by_groups {
                return Err(Code::Outdated.into());
            }
        }
        Ok(())
    }

    /// Does it; inside the unit.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(super) fn write(&self, conn: &mut Conn) -> Result<(), Error> {
        for person in &self.added {
            groups::add(conn, self.group.id, *person)?;
        }
        for person in &self.removed {
            groups::remove(conn, self.group.id, *person)?;
        }
        for RoleChange { row, roles, .. } in
            self.roles.iter().filter(|change| change.roles != change.row.roles())
        {
            people::set_roles(conn, row.person(), row.own_roles(), *roles)?;
        }
        Ok(())
    }
}
