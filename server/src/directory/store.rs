//! Queries over `people`. Writing functions run inside a unit of the journal only.

use std::collections::HashSet;

use chancery_protocol::Micros;
use chancery_protocol::ids::{PersonId, SourceId};
use chancery_protocol::person::{GuestTerms, Role};
use diesel::prelude::*;

use super::Roles;
use super::records::Profile;
use crate::ground::db::Conn;
use crate::ground::db::dialect::{Raw, raw};
use crate::ground::db::schema::people;
use crate::ground::error::{Code, Error};

/// A row of `people`.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = people)]
#[expect(missing_docs, reason = "the columns are explained in the migration")]
pub struct Row {
    pub id: Raw,
    pub username: String,
    pub name: String,
    pub roles: i32,
    pub status: Option<Vec<u8>>,
    pub password: Option<String>,
    pub suspended_at: Option<i64>,
    pub created_at: i64,
    pub own_roles: i32,
    pub linked: bool,
    pub email: Option<String>,
    pub title: Option<String>,
    pub department: Option<String>,
    pub suspended_by: Option<Raw>,
    pub owner: Option<Raw>,
    pub sponsor: Option<Raw>,
    pub ends_at: Option<i64>,
    pub manager: Option<Raw>,
    pub photo: Option<String>,
}

impl Row {
    /// Who.
    pub fn person(&self) -> PersonId {
        self.id.id()
    }

    /// What they may do.
    pub fn roles(&self) -> Roles {
        Roles::from_column(self.roles)
    }

    /// What of it was given by hand; the rest comes from groups.
    pub fn own_roles(&self) -> Roles {
        Roles::from_column(self.own_roles)
    }

    /// Whether a password was set or a source knows them.
    pub fn can_sign_in(&self) -> bool {
        self.password.is_some() || self.linked
    }

    /// Whether it is somebody from outside.
    pub fn is_guest(&self) -> bool {
        self.roles().has(Role::Guest)
    }

    /// On which terms a guest is here; none for everybody else, nor for guests whom a source made.
    pub fn guest(&self) -> Option<GuestTerms> {
        self.terms().filter(|_| self.is_guest())
    }

    /// The terms that were set, whether or not it is a guest now.
    pub fn terms(&self) -> Option<GuestTerms> {
        let terms = self.sponsor.map(Raw::id).zip(self.ends_at);
        terms.map(|(sponsor, ends_at)| GuestTerms { sponsor, ends_at })
    }

    /// Whether it is a bot's account: nobody signs in to it.
    pub fn is_bot(&self) -> bool {
        self.owner.is_some()
    }

    /// Whether a source suspended them; otherwise it was done by hand, and no source undoes it.
    pub fn suspended_by_source(&self) -> bool {
        self.suspended_at.is_some() && self.suspended_by.is_some()
    }

    /// What their source says of them.
    pub fn profile(&self) -> Profile {
        let Self { email, title, department, .. } = self.clone();
        Profile { email, title, department, manager: self.manager.map(Raw::id) }
    }
}

/// Most ids in one query.
const CHUNK: usize = 1_000;

/// Everybody.
///
/// # Errors
/// When the database cannot be read.
pub fn all(conn: &mut Conn) -> Result<Vec<Row>, Error> {
    Ok(people::table.select(Row::as_select()).load(conn)?)
}

/// These people, in no particular order; unknown ids are left out.
///
/// # Errors
/// When the database cannot be read.
pub fn some(conn: &mut Conn, ids: &[PersonId]) -> Result<Vec<Row>, Error> {
    let mut rows = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(CHUNK) {
        let ids: Vec<Raw> = chunk.iter().copied().map(raw).collect();
        rows.extend(people::table.filter(people::id.eq_any(ids)).select(Row::as_select()).load(conn)?);
    }
    Ok(rows)
}

/// One person.
///
/// # Errors
/// `person_not_found`; when the database cannot be read.
pub fn get(conn: &mut Conn, person: PersonId) -> Result<Row, Error> {
    people::table
        .filter(people::id.eq(raw(person)))
        .select(Row::as_select())
        .first(conn)
        .optional()?
        .ok_or_else(|| Code::PersonNotFound.into())
}

/// Everybody with this e-mail address, in lower case: more than one is nobody in particular.
///
/// # Errors
/// When the database cannot be read.
pub fn by_email(conn: &mut Conn, email: &str) -> Result<Vec<Row>, Error> {
    Ok(people::table.filter(people::email.eq(email)).select(Row::as_select()).load(conn)?)
}

/// One person by user name.
///
/// # Errors
/// When the database cannot be read.
pub fn by_username(conn: &mut Conn, username: &str) -> Result<Option<Row>, Error> {
    Ok(people::table.filter(people::username.eq(username)).select(Row::as_select()).first(conn).optional()?)
}

/// What a new row needs.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the columns are explained in the migration")]
pub struct NewPerson {
    pub id: PersonId,
    pub username: String,
    pub name: String,
    pub roles: Roles,
    pub password: Option<String>,
    pub profile: Profile,
    pub owner: Option<PersonId>,
    pub guest: Option<GuestTerms>,
}

/// Makes an account. Every account is made under the head lock, so the look before the insert is enough.
///
/// # Errors
/// `username_taken`; when the database cannot be written.
pub fn insert(conn: &mut Conn, new: &NewPerson, at: Micros) -> Result<(), Error> {
    if by_username(conn, &new.username)?.is_some() {
        return Err(Error::from(Code::UsernameTaken).field("username"));
    }
    diesel::insert_into(people::table)
        .values((
            people::id.eq(raw(new.id)),
            people::username.eq(&new.username),
            people::name.eq(&new.name),
            people::roles.eq(new.roles.column()),
            people::own_roles.eq(new.roles.column()),
            people::email.eq(new.profile.email.as_deref()),
            people::title.eq(new.profile.title.as_deref()),
            people::department.eq(new.profile.department.as_deref()),
            people::manager.eq(new.profile.manager.map(raw)),
            people::password.eq(new.password.as_deref()),
            people::created_at.eq(at),
            people::owner.eq(new.owner.map(raw)),
            people::sponsor.eq(new.guest.map(|terms| raw(terms.sponsor))),
            people::ends_at.eq(new.guest.map(|terms| terms.ends_at)),
        ))
        .execute(conn)?;
    Ok(())
}

/// Says on which terms a guest is here.
///
/// # Errors
/// When the database cannot be written.
pub fn set_guest(conn: &mut Conn, person: PersonId, terms: &GuestTerms) -> Result<(), Error> {
    diesel::update(people::table.filter(people::id.eq(raw(person))))
        .set((people::sponsor.eq(raw(terms.sponsor)), people::ends_at.eq(terms.ends_at)))
        .execute(conn)?;
    Ok(())
}

/// Guests whose end has come and who are not suspended yet.
///
/// # Errors
/// When the database cannot be read.
pub fn ended_guests(conn: &mut Conn, now: Micros) -> Result<Vec<PersonId>, Error> {
    let ended = people::table.filter(people::ends_at.le(now)).filter(people::suspended_at.is_null());
    let rows: Vec<Row> = ended.select(Row::as_select()).load(conn)?;
    Ok(rows.iter().filter(|row| row.guest().is_some()).map(Row::person).collect())
}

/// Says who answers for a bot.
///
/// # Errors
/// When the database cannot be written.
pub fn set_owner(conn: &mut Conn, bot: PersonId, owner: PersonId) -> Result<(), Error> {
    diesel::update(people::table.filter(people::id.eq(raw(bot))))
        .set(people::owner.eq(raw(owner)))
        .execute(conn)?;
    Ok(())
}

/// Sets the name.
///
/// # Errors
/// `person_not_found`; when the database cannot be written.
pub fn set_name(conn: &mut Conn, person: PersonId, name: &str) -> Result<(), Error> {
    let row = people::table.filter(people::id.eq(raw(person)));
    found(diesel::update(row).set(people::name.eq(name)).execute(conn)?)
}

/// Sets or clears the e-mail address.
///
/// # Errors
/// `person_not_found`; when the database cannot be written.
pub fn set_email(conn: &mut Conn, person: PersonId, email: Option<&str>) -> Result<(), Error> {
    let row = people::table.filter(people::id.eq(raw(person)));
    found(diesel::update(row).set(people::email.eq(email)).execute(conn)?)
}

/// Sets what was given by hand, and with what groups give, all roles.
///
/// # Errors
/// `person_not_found`; when the database cannot be written.
pub fn set_roles(conn: &mut Conn, person: PersonId, own: Roles, all: Roles) -> Result<(), Error> {
    let row = people::table.filter(people::id.eq(raw(person)));
    let set = (people::own_roles.eq(own.column()), people::roles.eq(all.column()));
    found(diesel::update(row).set(set).execute(conn)?)
}

/// Sets what a source says of somebody.
///
/// # Errors
/// `person_not_found`; when the database cannot be written.
pub fn set_profile(conn: &mut Conn, person: PersonId, name: &str, profile: &Profile) -> Result<(), Error> {
    let row = people::table.filter(people::id.eq(raw(person)));
    let set = (
        people::name.eq(name),
        people::email.eq(profile.email.as_deref()),
        people::title.eq(profile.title.as_deref()),
        people::department.eq(profile.department.as_deref()),
        people::manager.eq(profile.manager.map(raw)),
    );
    found(diesel::update(row).set(set).execute(conn)?)
}

/// Sets a password's hash.
///
/// # Errors
/// `person_not_found`; when the database cannot be written.
pub fn set_password(conn: &mut Conn, person: PersonId, hash: &str) -> Result<(), Error> {
    let row = people::table.filter(people::id.eq(raw(person)));
    found(diesel::update(row).set(people::password.eq(hash)).execute(conn)?)
}

/// Suspends (`since`), by hand unless a source is named; or reinstates.
///
/// # Errors
/// `person_not_found`; when the database cannot be written.
pub fn set_suspended(
    conn: &mut Conn,
    person: PersonId,
    since: Option<Micros>,
    by: Option<SourceId>,
) -> Result<(), Error> {
    let row = people::table.filter(people::id.eq(raw(person)));
    let set = (people::suspended_at.eq(since), people::suspended_by.eq(by.map(raw)));
    found(diesel::update(row).set(set).execute(conn)?)
}

/// Sets or clears a sealed status text.
///
/// # Errors
/// `person_not_found`; when the database cannot be written.
pub fn set_status(conn: &mut Conn, person: PersonId, sealed: Option<&[u8]>) -> Result<(), Error> {
    let row = people::table.filter(people::id.eq(raw(person)));
    found(diesel::update(row).set(people::status.eq(sealed)).execute(conn)?)
}

/// Whether somebody else than `person` was given all of `roles` by hand, has a password and is not suspended: whoever counts on
/// a source can be locked out by it.
///
/// # Errors
/// When the database cannot be read.
pub fn another_with(conn: &mut Conn, person: PersonId, roles: Roles) -> Result<bool, Error> {
    // Only a number stands in the expression; both databases have the operator.
    let bits = roles.column();
    let has_roles = diesel::dsl::sql::<diesel::sql_types::Bool>(&format!("(own_roles & {bits}) = {bits}"));
    let row: Option<Raw> = people::table
        .filter(people::id.ne(raw(person)))
        .filter(people::suspended_at.is_null())
        .filter(people::password.is_not_null())
        .filter(has_roles)
        .select(people::id)
        .first(conn)
        .optional()?;
    Ok(row.is_some())
}

/// Whether anybody has ever chosen a password.
///
/// # Errors
/// When the database cannot be read.
pub fn anybody_with_password(conn: &mut Conn) -> Result<bool, Error> {
    let row: Option<Raw> =
        people::table.filter(people::password.is_not_null()).select(people::id).first(conn).optional()?;
    Ok(row.is_some())
}

/// What an account says about the house: no names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// What the person may do.
    pub roles: Roles,
    /// Whether a password was ever set or a source knows the person.
    pub can_sign_in: bool,
    /// Whether it is suspended.
    pub suspended: bool,
    /// When it was made.
    pub created_at: Micros,
}

/// How guests stand: no names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Guests {
    /// Those nobody answers for who may act, or who have no end.
    pub alone: usize,
    /// Those whose time is over before `until`.
    pub ending: usize,
}

/// How the guests stand who are not suspended.
///
/// # Errors
/// When the database cannot be read.
pub fn guests(conn: &mut Conn, until: Micros) -> Result<Guests, Error> {
    let is_guest = format!("(roles & {bit}) = {bit}", bit = Roles::of(&[Role::Guest]).column());
    let here: Vec<(Option<Raw>, Option<i64>)> = people::table
        .filter(diesel::dsl::sql::<diesel::sql_types::Bool>(&is_guest))
        .filter(people::suspended_at.is_null())
        .select((people::sponsor, people::ends_at))
        .load(conn)?;
    let sponsors: Vec<&Raw> = here.iter().filter_map(|(sponsor, _)| sponsor.as_ref()).collect();
    let mut answering = HashSet::new();
    for some in sponsors.chunks(CHUNK) {
        let present = people::table.filter(people::id.eq_any(some)).filter(people::suspended_at.is_null());
        answering.extend(present.select(people::id).load::<Raw>(conn)?);
    }
    let mut guests = Guests::default();
    for (sponsor, ends_at) in &here {
        match (sponsor, ends_at) {
            (Some(sponsor), Some(end)) if answering.contains(sponsor) => {
                guests.ending += usize::from(*end < until);
            }
            _ => guests.alone += 1,
        }
    }
    Ok(guests)
}

/// The standing of every account that somebody signs in to; nobody does as a bot.
///
/// # Errors
/// When the database cannot be read.
pub fn standings(conn: &mut Conn) -> Result<Vec<Standing>, Error> {
    let can_sign_in = people::password.is_not_null().or(people::linked);
    let columns = (people::roles, can_sign_in, people::suspended_at, people::created_at);
    let rows: Vec<(i32, bool, Option<i64>, i64)> =
        people::table.filter(people::owner.is_null()).select(columns).load(conn)?;
    let standing = |(roles, can_sign_in, suspended_at, created_at): (i32, bool, Option<i64>, i64)| Standing {
        roles: Roles::from_column(roles),
        can_sign_in,
        suspended: suspended_at.is_some(),
        created_at,
    };
    Ok(rows.into_iter().map(standing).collect())
}

fn found(rows: usize) -> Result<(), Error> {
    if rows == 0 { Err(Code::PersonNotFound.into()) } else { Ok(()) }
}
