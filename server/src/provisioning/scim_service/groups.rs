//! Groups: what they are called, who is in them, and what that lets people do. Many members come and go in several units; doing it
//! again completes what was cut short.

use std::collections::BTreeSet;

use chancery_protocol::ids::{GroupId, Id, PersonId};
use serde_json::Value;

use super::super::memberships::MEMBERS_AT_ONCE;
use super::super::scim::{Error, Kind, Outcome, Resource, ScimType};
use super::listing::{Found, id_of};
use super::visit::{Refused, Visit};
use super::{Ask, check_keys, settled};
use crate::directory::groups::{self, Group};
use crate::directory::records::Via;
use crate::directory::resources::{self, Of, Written};
use crate::directory::{Roles, names};
use crate::ground::db::Conn;
use crate::ground::error::{Code, Error as HouseError};
use crate::journal::{Placed, Unit};
use crate::provisioning::at;

/// Who comes and who goes.
#[derive(Default, Clone)]
struct Moving {
    added: Vec<PersonId>,
    removed: Vec<PersonId>,
}

/// What is to be done about a group in one unit.
struct Step {
    /// As it must be now; none for a new one.
    before: Option<Group>,
    after: Group,
    moving: Moving,
    kept: Kept,
}

/// What becomes of what is kept of it.
enum Kept {
    Made(Written),
    Changed(u64, Written),
    Touched,
    Removed(u64),
}

impl Moving {
    fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty()
    }

    /// Takes off what fits into one unit.
    fn some(&mut self) -> Self {
        let added: Vec<PersonId> = self.added.drain(..self.added.len().min(MEMBERS_AT_ONCE)).collect();
        let room = MEMBERS_AT_ONCE - added.len();
        let removed = self.removed.drain(..self.removed.len().min(room)).collect();
        Self { added, removed }
    }
}

impl Visit {
    /// A new group.
    pub(super) fn create_group(&self, body: &Value) -> Result<[u8; 16], Refused> {
        let new = Resource::create(Kind::Group, body)?;
        check_keys(&new)?;
        let id: GroupId = self.house.journal.id()?;
        let mut moving = Moving { added: members(&new)?.into_iter().collect(), removed: Vec::new() };
        self.are_users(&moving.added)?;
        let after = Group {
            id,
            source: Some(self.source.id),
            subject: Some(id.to_string()),
            name: shown_name(&new)?,
            roles: Roles::default(),
            created_at: 0,
            gone_at: None,
        };
        let kept = Kept::Made(self.written(id.bytes(), &new)?);
        self.step(Step { before: None, after, moving: moving.some(), kept })?;
        self.move_rest(id, &moving)?;
        Ok(id.bytes())
    }

    /// A group changes.
    pub(super) fn change_group(
        &self,
        ask: &Ask,
        id: [u8; 16],
        change: impl Fn(&Resource) -> Result<Outcome, Error>,
    ) -> Result<(), Refused> {
        let group_id = GroupId::from_bytes(id);
        let rest = settled(|| {
            let Found { row, resource: mut before, etag, .. } = self.found(Kind::Group, id)?;
            ask.check_match(&etag)?;
            let mut conn = self.house.reader()?;
            let group = groups::get(&mut conn, group_id)?;
            let had: BTreeSet<PersonId> = groups::members(&mut conn, group_id)?.into_iter().collect();
            drop(conn);
            let texts: Vec<String> = had.iter().map(PersonId::to_string).collect();
            before.set_members(texts.iter().map(String::as_str));
            let Outcome { resource: after, changed } = change(&before)?;
            if !changed {
                return Ok(Moving::default());
            }
            check_keys(&after)?;
            let has = members(&after)?;
            let mut moving = Moving {
                added: has.difference(&had).copied().collect(),
                removed: had.difference(&has).copied().collect(),
            };
            self.are_users(&moving.added)?;
            let kept = Kept::Changed(row.version(), self.written(id, &after)?);
            let after = Group { name: shown_name(&after)?, ..group.clone() };
            self.step(Step { before: Some(group), after, moving: moving.some(), kept })?;
            Ok(moving)
        })?;
        self.move_rest(group_id, &rest)
    }

    /// The source no longer has a group: nobody is in it, and it stays as one that is gone.
    pub(super) fn remove_group(&self, ask: &Ask, id: [u8; 16]) -> Result<(), Refused> {
        let group_id = GroupId::from_bytes(id);
        ask.check_match(&self.found(Kind::Group, id)?.etag)?;
        // More than one unit takes leave first; then the group goes with the last of them.
        let mut leaving = Moving { added: Vec::new(), removed: self.sorted_members(group_id)? };
        leaving.removed.truncate(leaving.removed.len().saturating_sub(MEMBERS_AT_ONCE));
        self.move_rest(group_id, &leaving)?;
        settled(|| {
            let found = self.found(Kind::Group, id)?;
            // Somebody else may have written meanwhile; what was moved out above was ourselves.
            if leaving.is_empty() {
                ask.check_match(&found.etag)?;
            }
            let group = groups::get(&mut *self.house.reader()?, group_id)?;
            let moving = Moving { added: Vec::new(), removed: self.sorted_members(group_id)? };
            let gone_at = Some(self.house.journal.clock().now());
            let after = Group { gone_at, ..group.clone() };
            let kept = Kept::Removed(found.row.version());
            Ok(self.step(Step { before: Some(group), after, moving, kept })?)
        })
    }

    fn sorted_members(&self, id: GroupId) -> Result<Vec<PersonId>, HouseError> {
        let mut members = groups::members(&mut *self.house.reader()?, id)?;
        members.sort_unstable();
        Ok(members)
    }

    /// Those who come and go beyond the first unit.
    fn move_rest(&self, id: GroupId, moving: &Moving) -> Result<(), Refused> {
        let mut rest = moving.clone();
        while !rest.is_empty() {
            let some = rest.some();
            settled(|| {
                let mut conn = self.house.reader()?;
                let group = groups::get(&mut conn, id)?;
                let here: BTreeSet<PersonId> = groups::members(&mut conn, id)?.into_iter().collect();
                let users = resources::users_among(&mut conn, self.source.id, &some.added)?;
                drop(conn);
                let comes = |person: &PersonId| users.contains(person) && !here.contains(person);
                let moving = Moving {
                    added: some.added.iter().copied().filter(comes).collect(),
                    removed: some.removed.iter().copied().filter(|person| here.contains(person)).collect(),
                };
                if moving.is_empty() {
                    return Ok(());
                }
                let step = Step { before: Some(group.clone()), after: group, moving, kept: Kept::Touched };
                Ok(self.step(step)?)
            })?;
        }
        Ok(())
    }

    /// Does one unit of it.
    fn step(&self, step: Step) -> Result<(), HouseError> {
        let Step { before, after, moving, kept } = step;
        let source = self.source.id;
        let mut records = Vec::new();
        if before.as_ref() != Some(&after) {
            records.push(self.house.access.group_set(&after, Via::Source(source), None)?);
        }
        let mut moves =
            self.house.moves(Via::Source(source), None, &after, &moving.added, &moving.removed)?;
        records.append(&mut moves.drafts);
        let now = self.house.journal.clock().now();
        let work = move |conn: &mut Conn, placed: &[Placed]| {
            let at = if placed.is_empty() { now } else { at(placed) };
            match &before {
                None => groups::insert(conn, &after, at)?,
                Some(before) if groups::get(conn, before.id)? != *before => {
                    return Err(Code::Outdated.into());
                }
                Some(before) if before != &after => groups::set(conn, &after)?,
                Some(_) => {}
            }
            if resources::users_among(conn, source, &moving.added)?.len() != moving.added.len() {
                return Err(Code::Outdated.into());
            }
            moves.check(conn)?;
            moves.write(conn)?;
            let id = after.id.bytes();
            match &kept {
                Kept::Made(written) => resources::insert(conn, source, Of::Group, id, written, at),
                Kept::Changed(was, written) => {
                    resources::change(conn, source, Of::Group, (id, *was), written, at)
                }
                Kept::Touched => resources::touch(conn, source, &[after.id], at),
                Kept::Removed(was) => resources::remove(conn, source, Of::Group, (id, *was)),
            }
        };
        // Only what nobody here goes by changes: there is nothing to put on record.
        if records.is_empty() {
            return self.house.journal.db().write_here(|conn| work(conn, &[]));
        }
        let unit = Unit { records, work: Some(Box::new(work)), ..Unit::default() };
        self.house.journal.commit_blocking(unit).map(drop)
    }

    fn are_users(&self, people: &[PersonId]) -> Result<(), Refused> {
        let users = resources::users_among(&mut *self.house.reader()?, self.source.id, people)?;
        if users.len() == people.len() { Ok(()) } else { Err(no_user().into()) }
    }
}

fn no_user() -> Error {
    Error::bad(ScimType::InvalidValue, "members.value: names no user")
}

fn members(resource: &Resource) -> Result<BTreeSet<PersonId>, Error> {
    let id = |text: &str| id_of(text).map(PersonId::from_bytes).ok_or_else(no_user);
    resource.members().into_iter().map(id).collect()
}

fn shown_name(resource: &Resource) -> Result<String, Error> {
    let name = resource.text("displayName").and_then(names::name_from);
    name.ok_or_else(|| Error::bad(ScimType::InvalidValue, "displayName: nothing of it can be shown"))
}
