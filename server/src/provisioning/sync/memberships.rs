//! What follows from the entries of groups: which are new, renamed, gone, who is in them, and what that lets people do.

use std::collections::{BTreeSet, HashMap, HashSet};

use chancery_protocol::ids::{GroupId, PersonId};
use chancery_protocol::sources::{SyncAct, SyncCounts};

use super::report::Changes;
use super::run::{Run, Stop};
use crate::directory::groups::{self, Group};
use crate::directory::ldap::GroupEntry;
use crate::directory::records::Via;
use crate::directory::{Roles, names};
use crate::ground::db::Conn;
use crate::ground::error::{Code, Error};
use crate::journal::{Draft, Unit};
use crate::provisioning::at;
use crate::provisioning::memberships::MEMBERS_AT_ONCE;

/// Groups compared, or set, at a time.
const AT_ONCE: usize = 50;

/// What is to be done about the groups of a source.
#[derive(Default)]
pub(super) struct Plan {
    /// Memberships there are now.
    pub memberships: u64,
    set: Vec<Set>,
    moves: Vec<Moves>,
    /// People without an account yet who would come into groups.
    without_account: u64,
}

/// A group that is new, renamed, gone, or back.
#[derive(Clone)]
struct Set {
    before: Option<Group>,
    after: Group,
}

/// Who comes into a group and who leaves it.
struct Moves {
    group: Group,
    added: Vec<PersonId>,
    removed: Vec<PersonId>,
}

impl Plan {
    pub(super) fn count(&self, counts: &mut SyncCounts) {
        let set = |test: &dyn Fn(&Set) -> bool| self.set.iter().filter(|set| test(set)).count() as u64;
        counts.groups_added = set(&|set| set.before.is_none());
        counts.groups_gone = set(&|set| set.before.is_some() && set.after.gone_at.is_some());
        counts.groups_changed = set(&|set| set.before.is_some() && set.after.gone_at.is_none());
        let joined: usize = self.moves.iter().map(|moves| moves.added.len()).sum();
        counts.joined = joined as u64 + self.without_account;
        counts.left = self.left();
    }

    /// How many memberships would end.
    pub(super) fn left(&self) -> u64 {
        self.moves.iter().map(|moves| moves.removed.len()).sum::<usize>() as u64
    }

    pub(super) fn tell(&self, changes: &mut Changes) {
        for Set { before, after } in &self.set {
            let detail = match before {
                None => "new".to_owned(),
                Some(_) if after.gone_at.is_some() => "no longer in the directory".to_owned(),
                Some(before) if before.gone_at.is_some() => "in the directory again".to_owned(),
                Some(before) => format!("was called {}", before.name),
            };
            changes.add(SyncAct::Group, None, &after.name, "", detail);
        }
        for Moves { group, added, removed } in &self.moves {
            let detail = match (added.len(), removed.len()) {
                (came, 0) => format!("{came} joined"),
                (0, left) => format!("{left} left"),
                (came, left) => format!("{came} joined, {left} left"),
            };
            changes.add(SyncAct::Group, None, &group.name, "", detail);
        }
    }
}

impl Run {
    /// Compares the groups that were read with those that are known.
    pub(super) fn compare_groups(&mut self, nested: bool) -> Result<Plan, Stop> {
        let known = groups::of_source(&mut *self.house.reader()?, self.source.id)?;
        let known: HashMap<String, Group> =
            known.into_iter().filter_map(|group| Some((group.subject.clone()?, group))).collect();
        let mut plan = Plan::default();
        let mut seen = HashSet::new();
        let mut from = 0;
        while from < self.grid.groups().len() {
            let to = (from + AT_ONCE).min(self.grid.groups().len());
            self.compare_some(from..to, nested, &known, &mut seen, &mut plan)?;
            self.alive()?;
            from = to;
        }
        let gone = known.values().filter(|group| {
            let subject = group.subject.as_deref().unwrap_or_default();
            !self.nameless_groups && !seen.contains(subject) && !self.kept_groups.contains(subject)
        });
        let now = self.now();
        for group in gone {
            let mut members = groups::members(&mut *self.house.reader()?, group.id)?;
            plan.memberships += members.len() as u64;
            let after = Group { gone_at: group.gone_at.or(Some(now)), ..group.clone() };
            if group.gone_at.is_none() {
                plan.set.push(Set { before: Some(group.clone()), after: after.clone() });
            }
            if !members.is_empty() {
                members.sort_unstable();
                plan.moves.push(Moves { group: after, added: Vec::new(), removed: members });
            }
        }
        Ok(plan)
    }

    fn compare_some(
        &self,
        some: std::ops::Range<usize>,
        nested: bool,
        known: &HashMap<String, Group>,
        seen: &mut HashSet<String>,
        plan: &mut Plan,
    ) -> Result<(), Stop> {
        let entries: Vec<(usize, &GroupEntry)> =
            self.grid.groups().iter().enumerate().skip(some.start).take(some.len()).collect();
        let ids: Vec<GroupId> =
            entries.iter().filter_map(|(_, entry)| known.get(&entry.subject)).map(|group| group.id).collect();
        let mut had: HashMap<GroupId, BTreeSet<PersonId>> = HashMap::new();
        for (group, person) in groups::members_of(&mut *self.house.reader()?, &ids)? {
            had.entry(group).or_default().insert(person);
            plan.memberships += 1;
        }
        for (at, entry) in entries {
            if !seen.insert(entry.subject.clone()) {
                continue;
            }
            let name = names::name_from(&entry.name).unwrap_or_else(|| entry.subject.clone());
            let group = match known.get(&entry.subject) {
                Some(group) if group.name == name && group.gone_at.is_none() => group.clone(),
                Some(group) => {
                    let after = Group { name, gone_at: None, ..group.clone() };
                    plan.set.push(Set { before: Some(group.clone()), after: after.clone() });
                    after
                }
                None => {
                    let after = Group {
                        id: self.house.journal.id()?,
                        source: Some(self.source.id),
                        subject: Some(entry.subject.clone()),
                        name,
                        roles: Roles::default(),
                        created_at: 0,
                        gone_at: None,
                    };
                    plan.set.push(Set { before: None, after: after.clone() });
                    after
                }
            };
            let now = self.grid.members(at, nested);
            let before = had.remove(&group.id).unwrap_or_default();
            let added: Vec<PersonId> = now.people.difference(&before).copied().collect();
            let removed: Vec<PersonId> = before.difference(&now.people).copied().collect();
            plan.without_account += now.without_account;
            if !added.is_empty() || !removed.is_empty() {
                plan.moves.push(Moves { group, added, removed });
            }
        }
        Ok(())
    }

    /// Does what was planned.
    ///
    /// # Errors
    /// `outdated` when somebody's sign-in, or an administrator, changed the groups meanwhile: compare them anew.
    pub(super) fn set_groups(&mut self, plan: Plan) -> Result<(), Stop> {
        for some in plan.set.chunks(AT_ONCE) {
            self.set_some(some.to_vec())?;
            self.alive()?;
        }
        for Moves { mut group, added, removed } in plan.moves {
            // A new group's time is that of its unit.
            group.created_at = groups::get(&mut *self.house.reader()?, group.id)?.created_at;
            for some in added.chunks(MEMBERS_AT_ONCE) {
                self.move_some(&group, some, true)?;
                self.alive()?;
            }
            for some in removed.chunks(MEMBERS_AT_ONCE) {
                self.move_some(&group, some, false)?;
                self.alive()?;
            }
        }
        Ok(())
    }

    fn set_some(&self, some: Vec<Set>) -> Result<(), Stop> {
        let via = Via::Source(self.source.id);
        let records = some
            .iter()
            .map(|set| self.house.access.group_set(&set.after, via, None))
            .collect::<Result<Vec<Draft>, Error>>()?;
        let source = self.source.id;
        let work = move |conn: &mut Conn, placed: &[crate::journal::Placed]| {
            for Set { before, after } in &some {
                match before {
                    Some(before) if groups::get(conn, before.id)? != *before => {
                        return Err(Code::Outdated.into());
                    }
                    Some(_) => groups::set(conn, after)?,
                    None => {
                        if !groups::named(conn, source, after.subject.iter())?.is_empty() {
                            return Err(Code::Outdated.into());
                        }
                        groups::insert(conn, after, at(placed))?;
                    }
                }
            }
            Ok(())
        };
        let unit = Unit { records, work: Some(Box::new(work)), ..Unit::default() };
        self.house.journal.commit_blocking(unit)?;
        Ok(())
    }

    /// Some come into a group, or leave it, and may do from then on what their groups let them.
    fn move_some(&self, group: &Group, some: &[PersonId], come: bool) -> Result<(), Stop> {
        let (added, removed): (&[PersonId], &[PersonId]) = if come { (some, &[]) } else { (&[], some) };
        let mut moves = self.house.moves(Via::Source(self.source.id), None, group, added, removed)?;
        let (records, group) = (std::mem::take(&mut moves.drafts), group.clone());
        let work = move |conn: &mut Conn, _: &[crate::journal::Placed]| {
            if groups::get(conn, group.id)? != group {
                return Err(Code::Outdated.into());
            }
            moves.check(conn)?;
            moves.write(conn)
        };
        let unit = Unit { records, work: Some(Box::new(work)), ..Unit::default() };
        self.house.journal.commit_blocking(unit)?;
        Ok(())
    }
}
