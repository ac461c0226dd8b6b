//! Groups: reading them with all their members, and finding those of one person.

use std::collections::{BTreeMap, BTreeSet};

use ldap3::Scope;

use super::connection::{Connection, Search, Size};
use super::dn;
use super::entry::Entry;
use super::error::Fault;
use super::escape;
use super::person::{Skipped, id_text};
use super::{Attributes, Nested, Settings};

/// Most direct members of one group.
pub const MAX_MEMBERS: usize = 200_000;
/// Most groups of one person.
pub const MAX_GROUPS: usize = 2_000;
/// DNs asked for in one filter.
const AT_A_TIME: usize = 25;
/// Levels of groups within groups that are followed upwards.
const MAX_LEVELS: usize = 32;

/// A group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// What never changes; written as [`super::Person::id`] is.
    pub id: String,
    /// Where it is now.
    pub dn: String,
    /// What it is called.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// DNs of its direct members, people and groups. Empty at a sign-in, where they are not read.
    pub members: Vec<String>,
}

/// Names of the attributes a group is made of; members as the last.
pub(super) fn attributes(names: &Attributes, members: bool) -> Vec<&str> {
    let mut all = vec![names.id.as_str(), &names.group_name, &names.group_description];
    if members {
        all.push(&names.member);
    }
    all.retain(|name| !name.is_empty());
    all
}

/// A group, and where its members go on when the server cut the list.
pub(super) fn read(
    entry: &Entry,
    names: &Attributes,
    members: bool,
) -> Result<(Group, Option<u32>), Skipped> {
    let id = entry.first(&names.id).and_then(|id| id_text(&names.id, id));
    let (members, next) = match entry.part(&names.member) {
        _ if !members => (Vec::new(), None),
        Some(part) => part,
        None => (entry.texts(&names.member).collect(), None),
    };
    let id = id.ok_or_else(|| Skipped::without(entry, None, &names.id))?;
    let unnamed = || Skipped::without(entry, Some(&id), &names.group_name);
    let group = Group {
        name: entry.text(&names.group_name).ok_or_else(unnamed)?,
        id,
        dn: entry.dn.clone(),
        description: entry.text(&names.group_description),
        members,
    };
    if group.members.len() > MAX_MEMBERS {
        return Err(too_many(&group));
    }
    Ok((group, next))
}

pub(super) fn too_many(group: &Group) -> Skipped {
    Skipped {
        dn: group.dn.clone(),
        id: Some(group.id.clone()),
        why: format!("there are more than {MAX_MEMBERS} members"),
    }
}

/// Reads the rest of a long attribute, beginning with value number `next`. Says whether all of it was read.
pub(super) async fn rest(
    connection: &mut Connection,
    entry: &str,
    attribute: &str,
    mut next: Option<u32>,
    values: &mut Vec<String>,
) -> Result<bool, Fault> {
    while let Some(start) = next {
        if values.len() > MAX_MEMBERS {
            return Ok(false);
        }
        let asked = format!("{attribute};range={start}-*");
        let search = Search {
            base: entry,
            scope: Scope::Base,
            filter: "(objectClass=*)",
            attributes: &[&asked],
            size: Size::AtMost(1),
        };
        let mut part = None;
        connection.search(&search, &mut |entry| part = entry.part(attribute)).await?;
        let Some((more, after)) = part else { break };
        values.extend(more);
        if after.is_some_and(|after| after <= start) {
            return Err(Fault::Protocol { what: "a long attribute does not go on" });
        }
        next = after;
    }
    Ok(values.len() <= MAX_MEMBERS)
}

/// The groups of a person, as [`Nested`] says; without their members.
pub(super) async fn of(connection: &mut Connection, person: &Entry) -> Result<Vec<Group>, Fault> {
    let settings = connection.settings.clone();
    if settings.groups.base.is_empty() {
        return Ok(Vec::new());
    }
    let mut found = Collected { settings: &settings, groups: BTreeMap::new() };
    match settings.groups.nested {
        Nested::MemberOf => of_attribute(connection, person, &mut found).await?,
        Nested::Chain => {
            let chain = format!("{}:1.2.840.113556.1.4.1941:", settings.attributes.member);
            search(connection, &escape::equal(&chain, &person.dn), &mut found).await?;
        }
        Nested::None => upwards(connection, person, &mut found).await?,
    }
    Ok(found.groups.into_values().collect())
}

/// Groups by the key of their DN.
struct Collected<'a> {
    settings: &'a Settings,
    groups: BTreeMap<String, Group>,
}

impl Collected<'_> {
    /// Whether the entry is a group that was not there yet.
    fn take(&mut self, entry: &Entry) -> bool {
        let Ok((group, _)) = read(entry, &self.settings.attributes, false) else { return false };
        self.groups.insert(dn::key(&group.dn), group).is_none()
    }
}

/// One search for groups, in pages; the DNs of those that are new.
async fn search(
    connection: &mut Connection,
    condition: &str,
    found: &mut Collected<'_>,
) -> Result<Vec<String>, Fault> {
    let settings = found.settings;
    let names = attributes(&settings.attributes, false);
    let filter = escape::both(&settings.groups.filter, condition);
    let (mut new, mut cookie) = (Vec::new(), Vec::new());
    loop {
        let search = Search {
            base: &settings.groups.base,
            scope: Scope::Subtree,
            filter: &filter,
            attributes: &names,
            size: Size::Page(settings.page_size, cookie),
        };
        let take = &mut |entry: Entry| {
            if found.take(&entry) {
                new.push(entry.dn);
            }
        };
        cookie = connection.search(&search, take).await?.cookie;
        if found.groups.len() > MAX_GROUPS {
            return Err(Fault::TooMuch { what: "one person is in too many groups" });
        }
        if cookie.is_empty() {
            return Ok(new);
        }
    }
}

/// Level by level, from the person's own groups to those these are in. A circle ends, for nothing in it is new twice.
async fn upwards(
    connection: &mut Connection,
    person: &Entry,
    found: &mut Collected<'_>,
) -> Result<(), Fault> {
    let mut level = vec![person.dn.clone()];
    for _ in 0..MAX_LEVELS {
        let mut next = Vec::new();
        for some in level.chunks(AT_A_TIME) {
            let member = &found.settings.attributes.member;
            let any: String = some.iter().map(|dn| escape::equal(member, dn)).collect();
            next.extend(search(connection, &format!("(|{any})"), found).await?);
        }
        if next.is_empty() {
            return Ok(());
        }
        level = next;
    }
    Ok(())
}

/// The DNs the person's entry names, each looked up: it must be a group below the base.
async fn of_attribute(
    connection: &mut Connection,
    person: &Entry,
    found: &mut Collected<'_>,
) -> Result<(), Fault> {
    let settings = found.settings;
    let (mut dns, next) = match person.part(&settings.attributes.member_of) {
        Some(part) => part,
        None => (person.texts(&settings.attributes.member_of).collect(), None),
    };
    rest(connection, &person.dn, &settings.attributes.member_of, next, &mut dns).await?;
    if dns.len() > MAX_GROUPS {
        return Err(Fault::TooMuch { what: "one person is in too many groups" });
    }
    let base = dn::key(&settings.groups.base);
    let names = attributes(&settings.attributes, false);
    let within: BTreeSet<&String> = dns.iter().filter(|dn| dn::is_within(&dn::key(dn), &base)).collect();
    for dn in within {
        let search = Search {
            base: dn,
            scope: Scope::Base,
            filter: &settings.groups.filter,
            attributes: &names,
            size: Size::AtMost(1),
        };
        let take = &mut |entry: Entry| {
            found.take(&entry);
        };
        match connection.search(&search, take).await {
            // Gone since, or not to be seen: then it counts for nothing here either.
            Ok(_) | Err(Fault::BaseNotFound { .. } | Fault::NoAccess { .. }) => {}
            Err(fault) => return Err(fault),
        }
    }
    Ok(())
}
