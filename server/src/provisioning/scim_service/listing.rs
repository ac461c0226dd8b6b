//! Finding resources and showing them: what is kept of them, and what only the house knows.

use std::collections::{HashMap, HashSet};

use chancery_protocol::ids::{GroupId, Id, PersonId};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::super::scim::{
    Error, Field, GroupRef, Kind, Lookup, Meta, Page, Plan, Projection, Query, Resource,
};
use super::super::scim::{fold, list_response};
use super::visit::{Refused, Reply, Visit};
use crate::directory::resources::{self, By, Of, Row, Written};
use crate::directory::{groups, store as people};
use crate::ground::clock;
use crate::ground::error::Error as HouseError;

/// An id as it stands in addresses; anything else names nothing.
pub(super) fn id_of(text: &str) -> Option<[u8; 16]> {
    let id = Uuid::try_parse(text).ok()?.into_bytes();
    (id_text(id) == text).then_some(id)
}

pub(super) fn id_text(id: [u8; 16]) -> String {
    Uuid::from_bytes(id).to_string()
}

pub(super) fn of(kind: Kind) -> Of {
    match kind {
        Kind::User => Of::Person,
        Kind::Group => Of::Group,
    }
}

/// A resource with what it is kept as.
pub(super) struct Found {
    pub row: Row,
    /// As it was written, without what only the house knows.
    pub resource: Resource,
    /// Its entity tag as it is shown now.
    pub etag: String,
    /// Whether it is shown as not active though it was written so: the account is suspended.
    suspended: bool,
}

impl Visit {
    /// One resource as it is kept.
    pub(super) fn found(&self, kind: Kind, id: [u8; 16]) -> Result<Found, Refused> {
        let row = resources::get(&mut *self.house.reader()?, self.source.id, of(kind), id)?;
        let row = row.ok_or_else(Error::not_found)?;
        let found = self.opened(kind, vec![row])?.pop();
        Ok(found.ok_or_else(Error::not_found)?)
    }

    /// One resource as it is shown.
    pub(super) fn shown(&self, kind: Kind, id: [u8; 16], projection: &Projection) -> Result<Reply, Refused> {
        let all = [self.found(kind, id)?];
        let etag = all.first().map(|found| found.etag.clone());
        let body = self.dressed(kind, &all, |attribute| projection.wants(attribute))?;
        let body = body.first().map(|resource| projection.apply(resource));
        Ok(Reply { etag, ..Reply::ok(body.unwrap_or_default()) })
    }

    /// Looks for resources of these kinds, one after the other.
    pub(super) fn search(&self, query: &Query, kinds: &[Kind]) -> Result<Reply, Refused> {
        let (mut total, mut shown, mut page) = (0, Vec::new(), query.page);
        for &kind in kinds {
            let plan = query.plan(kind)?;
            let (found, resources) = self.run(kind, &plan, page)?;
            total += found;
            page = Page {
                start_index: page.start_index.saturating_sub(found).max(1),
                count: page.count.saturating_sub(resources.len()),
            };
            shown.extend(resources);
        }
        Ok(Reply::ok(list_response(total, query.page.start_index, shown)))
    }

    fn run(&self, kind: Kind, plan: &Plan, page: Page) -> Result<(usize, Vec<Value>), Refused> {
        let source = self.source.id;
        let needs = |attribute: &str| plan.needs(attribute);
        if plan.is_plain() {
            let mut conn = self.house.reader()?;
            let total = resources::count_all(&mut conn, source, of(kind))?;
            let from = (page.start_index.saturating_sub(1), page.count);
            let rows = resources::page(&mut conn, source, of(kind), from)?;
            drop(conn);
            let all = self.dressed(kind, &self.opened(kind, rows)?, needs)?;
            return Ok((total, plan.show(&all)));
        }
        let by = match plan.filter.as_ref().and_then(|filter| filter.lookup()) {
            Some(lookup) => self.by(kind, lookup)?,
            None => By::All,
        };
        let rows = resources::find(&mut *self.house.reader()?, source, of(kind), &by)?;
        let all = self.dressed(kind, &self.opened(kind, rows)?, needs)?;
        let listing = plan.run(&all, page);
        Ok((listing.total, listing.resources))
    }

    /// Where to look first.
    fn by(&self, kind: Kind, lookup: Lookup) -> Result<By, HouseError> {
        let value = lookup.value;
        let ids = |id: Option<[u8; 16]>| By::Ids(id.into_iter().collect());
        Ok(match (lookup.field, kind) {
            (Field::Id, _) => ids(id_of(&value)),
            (Field::ExternalId, _) => By::ExternalId(value),
            (Field::UserName, Kind::User) | (Field::DisplayName, Kind::Group) => By::Name(value),
            (Field::Member, Kind::Group) => match id_of(&value) {
                Some(id) => {
                    let all = groups::of_person(&mut *self.house.reader()?, PersonId::from_bytes(id))?;
                    By::Ids(all.into_iter().map(|group| group.id.bytes()).collect())
                }
                None => By::Ids(Vec::new()),
            },
            (Field::Group, Kind::User) => match id_of(&value) {
                Some(id) => {
                    let all = groups::members(&mut *self.house.reader()?, GroupId::from_bytes(id))?;
                    By::Ids(all.into_iter().map(Id::bytes).collect())
                }
                None => By::Ids(Vec::new()),
            },
            _ => By::All,
        })
    }

    /// Opens what is kept.
    fn opened(&self, kind: Kind, rows: Vec<Row>) -> Result<Vec<Found>, HouseError> {
        let suspended: HashSet<[u8; 16]> = match kind {
            Kind::Group => HashSet::new(),
            Kind::User => {
                let ids: Vec<PersonId> = rows.iter().map(|row| PersonId::from_bytes(row.id())).collect();
                let all = people::some(&mut *self.house.reader()?, &ids)?;
                let suspended = all.into_iter().filter(|person| person.suspended_at.is_some());
                suspended.map(|person| person.person().bytes()).collect()
            }
        };
        let vault = self.house.journal.vault();
        let opened = |row: Row| {
            let body: Map<String, Value> =
                serde_json::from_str(&row.open(vault)?).map_err(HouseError::internal)?;
            let resource = Resource::from_stored(kind, body);
            let suspended = resource.active() && suspended.contains(&row.id());
            let mark = if suspended { "s" } else { "" };
            let etag = format!("W/\"{}{mark}\"", row.version());
            Ok(Found { row, resource, etag, suspended })
        };
        rows.into_iter().map(opened).collect()
    }

    /// Adds what only the house knows, as far as it is needed.
    fn dressed(
        &self,
        kind: Kind,
        all: &[Found],
        needs: impl Fn(&str) -> bool,
    ) -> Result<Vec<Resource>, HouseError> {
        let ids = || all.iter().map(|found| found.row.id());
        let mut groups_of: HashMap<PersonId, Vec<(String, String)>> = HashMap::new();
        let mut members_of: HashMap<GroupId, Vec<String>> = HashMap::new();
        match kind {
            Kind::User if needs("groups") => {
                let people: Vec<PersonId> = ids().map(PersonId::from_bytes).collect();
                let rows = groups::of_people(&mut *self.house.reader()?, self.source.id, &people)?;
                for (person, group, name) in rows {
                    groups_of.entry(person).or_default().push((group.to_string(), name));
                }
            }
            Kind::Group if needs("members") => {
                let groups: Vec<GroupId> = ids().map(GroupId::from_bytes).collect();
                for (group, person) in groups::members_of(&mut *self.house.reader()?, &groups)? {
                    members_of.entry(group).or_default().push(person.to_string());
                }
            }
            Kind::User | Kind::Group => {}
        }
        let mut dress = |found: &Found| {
            let mut resource = found.resource.clone();
            let id = found.row.id();
            resource.set_id(&id_text(id));
            resource.set_meta(&Meta {
                created: &clock::iso(found.row.created_at),
                last_modified: &clock::iso(found.row.changed_at),
                version: &found.etag,
            });
            if found.suspended {
                resource.set_active(false);
            }
            match kind {
                Kind::User => {
                    let all = groups_of.get(&PersonId::from_bytes(id)).map_or(&[][..], Vec::as_slice);
                    let all: Vec<GroupRef<'_>> = all.iter().map(|(id, name)| GroupRef { id, name }).collect();
                    resource.set_groups(&all);
                }
                Kind::Group => {
                    let all = members_of.get_mut(&GroupId::from_bytes(id)).map(std::mem::take);
                    let mut all = all.unwrap_or_default();
                    all.sort_unstable();
                    resource.set_members(all.iter().map(String::as_str));
                }
            }
            resource.link(&self.base);
            resource
        };
        Ok(all.iter().map(&mut dress).collect())
    }

    /// What is written of a resource. Members are kept where all groups have theirs.
    pub(super) fn written(&self, id: [u8; 16], resource: &Resource) -> Result<Written, HouseError> {
        let mut document = resource.stored();
        let name = match resource.kind() {
            Kind::User => resource.text("userName"),
            Kind::Group => {
                document.remove("members");
                resource.text("displayName")
            }
        };
        let bytes = serde_json::to_vec(&document).map_err(HouseError::internal)?;
        Ok(Written {
            external_id: resource.text("externalId").map(str::to_owned),
            name_key: fold(name.unwrap_or_default()),
            document: resources::seal(self.house.journal.vault(), self.source.id, id, &bytes)?,
        })
    }
}
