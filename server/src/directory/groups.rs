//! Groups of people, whatever their source: one list, to which roles (and later rules, retention and barriers) refer.
//! Not to be mistaken for conversations of several people. Writing functions run inside a unit of the journal only.

use std::collections::BTreeMap;

use chancery_protocol::Micros;
use chancery_protocol::ids::{GroupId, PersonId, SourceId};
use diesel::prelude::*;

use super::Roles;
use crate::ground::db::Conn;
use crate::ground::db::dialect::{Raw, raw};
use crate::ground::db::schema::{people_group_members as members, people_groups as groups};
use crate::ground::error::{Code, Error};

/// Most names in one query.
const CHUNK: usize = 500;

/// A group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Which.
    pub id: GroupId,
    /// Where it comes from; `None` when it was made here.
    pub source: Option<SourceId>,
    /// What its source calls it, for ever.
    pub subject: Option<String>,
    /// What people call it.
    pub name: String,
    /// What its members may do, besides what was given to them by hand.
    pub roles: Roles,
    /// Since when it is known.
    pub created_at: Micros,
    /// When its source was first found without it.
    pub gone_at: Option<Micros>,
}

type Columns = (Raw, Option<Raw>, Option<String>, String, i32, i64, Option<i64>);

impl Group {
    fn of((id, source, subject, name, roles, created_at, gone_at): Columns) -> Self {
        let (source, roles) = (source.map(Raw::id), Roles::from_column(roles));
        Self { id: id.id(), source, subject, name, roles, created_at, gone_at }
    }
}

/// Every group, with the number of its members, in no particular order.
///
/// # Errors
/// When the database cannot be read.
pub fn all(conn: &mut Conn) -> Result<Vec<(Group, u64)>, Error> {
    let rows: Vec<Columns> = groups::table.load(conn)?;
    let counts: Vec<(Raw, i64)> = members::table
        .group_by(members::people_group)
        .select((members::people_group, diesel::dsl::count_star()))
        .load(conn)?;
    let counts: BTreeMap<GroupId, i64> = counts.into_iter().map(|(id, count)| (id.id(), count)).collect();
    let with_count = |group: Group| {
        let count = counts.get(&group.id).copied().unwrap_or_default();
        (group, crate::ground::db::dialect::count(count))
    };
    Ok(rows.into_iter().map(Group::of).map(with_count).collect())
}

/// One group.
///
/// # Errors
/// `not_found`; when the database cannot be read.
pub fn get(conn: &mut Conn, group: GroupId) -> Result<Group, Error> {
    let row: Option<Columns> = groups::table.filter(groups::id.eq(raw(group))).first(conn).optional()?;
    row.map(Group::of).ok_or_else(|| Code::NotFound.into())
}

/// Those of a source that it calls so, in no particular order.
///
/// # Errors
/// When the database cannot be read.
pub fn named<'a>(
    conn: &mut Conn,
    source: SourceId,
    subjects: impl IntoIterator<Item = &'a String>,
) -> Result<Vec<Group>, Error> {
    let subjects: Vec<&String> = subjects.into_iter().collect();
    let mut found = Vec::new();
    for chunk in subjects.chunks(CHUNK) {
        let rows: Vec<Columns> = groups::table
            .filter(groups::source.eq(raw(source)))
            .filter(groups::subject.eq_any(chunk))
            .load(conn)?;
        found.extend(rows.into_iter().map(Group::of));
    }
    Ok(found)
}

/// The groups a person is in, in no particular order.
///
/// # Errors
/// When the database cannot be read.
pub fn of_person(conn: &mut Conn, person: PersonId) -> Result<Vec<Group>, Error> {
    let rows: Vec<Columns> = groups::table
        .inner_join(members::table.on(members::people_group.eq(groups::id)))
        .filter(members::person.eq(raw(person)))
        .select(groups::all_columns)
        .load(conn)?;
    Ok(rows.into_iter().map(Group::of).collect())
}

/// The groups of a source these people are in: whose, which, what it is called.
///
/// # Errors
/// When the database cannot be read.
pub fn of_people(
    conn: &mut Conn,
    source: SourceId,
    people: &[PersonId],
) -> Result<Vec<(PersonId, GroupId, String)>, Error> {
    let mut found = Vec::new();
    for chunk in people.chunks(CHUNK) {
        let ids: Vec<Raw> = chunk.iter().copied().map(raw).collect();
        let rows: Vec<(Raw, Raw, String)> = groups::table
            .inner_join(members::table.on(members::people_group.eq(groups::id)))
            .filter(groups::source.eq(raw(source)))
            .filter(groups::gone_at.is_null())
            .filter(members::person.eq_any(ids))
            .order(groups::id)
            .select((members::person, groups::id, groups::name))
            .load(conn)?;
        found.extend(rows.into_iter().map(|(person, group, name)| (person.id(), group.id(), name)));
    }
    Ok(found)
}

/// What a person's groups let them do.
///
/// # Errors
/// When the database cannot be read.
pub fn roles_of(conn: &mut Conn, person: PersonId) -> Result<Roles, Error> {
    Ok(of_person(conn, person)?.iter().fold(Roles::default(), |roles, group| roles.and(group.roles)))
}

/// Who is in a group, in no particular order.
///
/// # Errors
/// When the database cannot be read.
pub fn members(conn: &mut Conn, group: GroupId) -> Result<Vec<PersonId>, Error> {
    let rows: Vec<Raw> =
        members::table.filter(members::people_group.eq(raw(group))).select(members::person).load(conn)?;
    Ok(rows.into_iter().map(Raw::id).collect())
}

/// Every group of a source, in no particular order.
///
/// # Errors
/// When the database cannot be read.
pub fn of_source(conn: &mut Conn, source: SourceId) -> Result<Vec<Group>, Error> {
    let rows: Vec<Columns> = groups::table.filter(groups::source.eq(raw(source))).load(conn)?;
    Ok(rows.into_iter().map(Group::of).collect())
}

/// Every group made here, in no particular order.
///
/// # Errors
/// When the database cannot be read.
pub fn made_here(conn: &mut Conn) -> Result<Vec<Group>, Error> {
    let rows: Vec<Columns> = groups::table.filter(groups::source.is_null()).load(conn)?;
    Ok(rows.into_iter().map(Group::of).collect())
}

/// Who is in these groups, in no particular order.
///
/// # Errors
/// When the database cannot be read.
pub fn members_of(conn: &mut Conn, of: &[GroupId]) -> Result<Vec<(GroupId, PersonId)>, Error> {
    let mut found = Vec::new();
    for chunk in of.chunks(CHUNK) {
        let ids: Vec<Raw> = chunk.iter().copied().map(raw).collect();
        let rows: Vec<(Raw, Raw)> = members::table
            .filter(members::people_group.eq_any(ids))
            .select((members::people_group, members::person))
            .load(conn)?;
        found.extend(rows.into_iter().map(|(group, person)| (group.id(), person.id())));
    }
    Ok(found)
}

/// How many of these people are in a group.
///
/// # Errors
/// When the database cannot be read.
pub fn count_in(conn: &mut Conn, group: GroupId, people: &[PersonId]) -> Result<usize, Error> {
    let mut found = 0;
    for chunk in people.chunks(CHUNK) {
        let ids: Vec<Raw> = chunk.iter().copied().map(raw).collect();
        let rows: i64 = members::table
            .filter(members::people_group.eq(raw(group)))
            .filter(members::person.eq_any(ids))
            .count()
            .first(conn)?;
        found += usize::try_from(rows).unwrap_or_default();
    }
    Ok(found)
}

/// A new group.
///
/// # Errors
/// When its source has one of that subject already; when the database cannot be written.
pub fn insert(conn: &mut Conn, group: &Group, at: Micros) -> Result<(), Error> {
    diesel::insert_into(groups::table)
        .values((
            groups::id.eq(raw(group.id)),
            groups::source.eq(group.source.map(raw)),
            groups::subject.eq(group.subject.as_deref()),
            groups::name.eq(&group.name),
            groups::roles.eq(group.roles.column()),
            groups::created_at.eq(at),
        ))
        .execute(conn)?;
    Ok(())
}

/// What a group is called, what its members may do, and since when it is gone, from now on.
///
/// # Errors
/// When the database cannot be written.
pub fn set(conn: &mut Conn, group: &Group) -> Result<(), Error> {
    let set = (
        groups::name.eq(&group.name),
        groups::roles.eq(group.roles.column()),
        groups::gone_at.eq(group.gone_at),
    );
    diesel::update(groups::table.filter(groups::id.eq(raw(group.id)))).set(set).execute(conn)?;
    Ok(())
}

/// Takes somebody in.
///
/// # Errors
/// When they are in it; when the database cannot be written.
pub fn add(conn: &mut Conn, group: GroupId, person: PersonId) -> Result<(), Error> {
    diesel::insert_into(members::table)
        .values((members::people_group.eq(raw(group)), members::person.eq(raw(person))))
        .execute(conn)?;
    Ok(())
}

/// Takes somebody out.
///
/// # Errors
/// When the database cannot be written.
pub fn remove(conn: &mut Conn, group: GroupId, person: PersonId) -> Result<(), Error> {
    let row =
        members::table.filter(members::people_group.eq(raw(group))).filter(members::person.eq(raw(person)));
    diesel::delete(row).execute(conn)?;
    Ok(())
}

/// Forgets a group nobody is in. One of a source stays instead, as gone: its source may have it again.
///
/// # Errors
/// When somebody is in it; when the database cannot be written.
pub fn delete(conn: &mut Conn, group: GroupId) -> Result<(), Error> {
    diesel::delete(groups::table.filter(groups::id.eq(raw(group)))).execute(conn)?;
    Ok(())
}
