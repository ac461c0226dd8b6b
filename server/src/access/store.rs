//! Queries over `sessions` and `links`. Sessions and links are made and ended inside units only, so whoever
//! holds the head lock sees them stand still; `seen_at` alone is written beside it.

use std::collections::{HashMap, HashSet};

use chancery_protocol::Micros;
use chancery_protocol::http::LinkKind;
use chancery_protocol::ids::{LinkId, PersonId, SessionId, SourceId};
use diesel::prelude::*;

use super::token::TokenHash;
use crate::directory::{Roles, identities};
use crate::ground::db::Conn;
use crate::ground::db::dialect::{Raw, count, raw};
use crate::ground::db::schema::{links, people, sessions};
use crate::ground::error::{Code, Error};
use crate::outbox;

/// A row of `sessions`.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = sessions)]
pub struct SessionRow {
    pub id: Raw,
    pub person: Raw,
    pub token_hash: Vec<u8>,
    pub device: String,
    pub address: String,
    pub created_at: i64,
    pub seen_at: i64,
    pub expires_at: i64,
    /// The source that vouched for the person; a local password otherwise.
    pub source: Option<Raw>,
    /// What the provider calls its own session.
    pub provider_session: Option<String>,
    /// The provider's last word, sealed: it is shown to it when the person signs out.
    pub id_token: Option<Vec<u8>>,
    /// When the person last proved who they are.
    pub proven_at: i64,
    /// What an access token may be used for; of a browser's session nothing.
    pub scopes: Option<i32>,
}

/// A session with what must be known of its person.
#[derive(Debug, Clone)]
pub struct Resolved {
    pub session: SessionRow,
    pub roles: Roles,
}

/// What brings a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bearer {
    /// A browser, as its cookie.
    Browser,
    /// A program, as an access token.
    Program,
}

/// The running session of a token, when its person may act.
pub fn resolve(
    conn: &mut Conn,
    token: &TokenHash,
    bearer: Bearer,
    now: Micros,
) -> Result<Option<Resolved>, Error> {
    let row: Option<(SessionRow, i32)> = sessions::table
        .inner_join(people::table.on(people::id.eq(sessions::person)))
        .filter(sessions::token_hash.eq(token.as_slice()))
        .filter(sessions::expires_at.gt(now))
        .filter(people::suspended_at.is_null())
        .select((SessionRow::as_select(), people::roles))
        .first(conn)
        .optional()?;
    let row = row.filter(|(session, _)| session.scopes.is_some() == (bearer == Bearer::Program));
    Ok(row.map(|(session, roles)| Resolved { session, roles: Roles::from_column(roles) }))
}

/// Those of these sessions that still run and whose person may act.
pub fn live(conn: &mut Conn, sessions: &[SessionId], now: Micros) -> Result<HashSet<SessionId>, Error> {
    let ids: Vec<Raw> = sessions.iter().copied().map(raw).collect();
    let rows: Vec<Raw> = sessions::table
        .inner_join(people::table.on(people::id.eq(sessions::person)))
        .filter(sessions::id.eq_any(ids))
        .filter(sessions::expires_at.gt(now))
        .filter(people::suspended_at.is_null())
        .select(sessions::id)
        .load(conn)?;
    Ok(rows.into_iter().map(Raw::id).collect())
}

/// The running sessions of a person, newest first; access tokens among them.
pub fn of_person(conn: &mut Conn, person: PersonId, now: Micros) -> Result<Vec<SessionRow>, Error> {
    Ok(sessions::table
        .filter(sessions::person.eq(raw(person)))
        .filter(sessions::expires_at.gt(now))
        .order((sessions::created_at.desc(), sessions::id.desc()))
        .select(SessionRow::as_select())
        .load(conn)?)
}

/// How many sessions of each of these people run (of everybody: `None`) and when one was last heard of.
pub fn running(
    conn: &mut Conn,
    person: Option<PersonId>,
    now: Micros,
) -> Result<HashMap<PersonId, (u32, Micros)>, Error> {
    use diesel::dsl::{count_star, max};
    let of_browsers = sessions::table.filter(sessions::scopes.is_null());
    let running = of_browsers.filter(sessions::expires_at.gt(now)).group_by(sessions::person).select((
        sessions::person,
        count_star(),
        max(sessions::seen_at),
    ));
    let rows: Vec<(Raw, i64, Option<i64>)> = match person {
        Some(person) => running.filter(sessions::person.eq(raw(person))).load(conn)?,
        None => running.load(conn)?,
    };
    let line = |(person, count, seen): (Raw, i64, Option<i64>)| {
        (person.id(), (u32::try_from(count).unwrap_or(u32::MAX), seen.unwrap_or_default()))
    };
    Ok(rows.into_iter().map(line).collect())
}

/// The running sessions a provider vouched for: of one of its own sessions, or else of one of its people.
pub fn of_provider(
    conn: &mut Conn,
    source: SourceId,
    subject: Option<&str>,
    sid: Option<&str>,
    now: Micros,
) -> Result<Vec<(PersonId, SessionId)>, Error> {
    let of_source =
        sessions::table.filter(sessions::source.eq(raw(source))).filter(sessions::expires_at.gt(now));
    let columns = (sessions::person, sessions::id);
    let mut rows: Vec<(Raw, Raw)> = match sid {
        Some(sid) => of_source.filter(sessions::provider_session.eq(sid)).select(columns).load(conn)?,
        None => of_source.select(columns).load(conn)?,
    };
    // A token that names both must mean one person's session.
    if let Some(subject) = subject {
        let person = identities::find(conn, source, subject)?.map(|identity| raw(identity.person));
        rows.retain(|(owner, _)| Some(*owner) == person);
    }
    Ok(rows.into_iter().map(|(person, session)| (person.id(), session.id())).collect())
}

/// How many people have a running session.
pub fn signed_in(conn: &mut Conn, now: Micros) -> Result<u64, Error> {
    use diesel::dsl::count as number_of;
    let people: i64 = sessions::table
        .filter(sessions::expires_at.gt(now))
        .filter(sessions::scopes.is_null())
        .select(number_of(sessions::person).aggregate_distinct())
        .first(conn)?;
    Ok(count(people))
}

/// A new session; the person's expired ones are forgotten.
pub fn insert_session(conn: &mut Conn, row: &SessionRow) -> Result<(), Error> {
    diesel::delete(sessions::table)
        .filter(sessions::person.eq(row.person))
        .filter(sessions::expires_at.le(row.created_at))
        .execute(conn)?;
    diesel::insert_into(sessions::table).values(row).execute(conn)?;
    Ok(())
}

/// Ends a running session. False when it had ended before.
pub fn end_session(conn: &mut Conn, session: SessionId) -> Result<bool, Error> {
    Ok(diesel::delete(sessions::table.filter(sessions::id.eq(raw(session)))).execute(conn)? == 1)
}

/// Notes that the person of a running session proved again who they are. False when it had ended.
pub fn confirm(conn: &mut Conn, session: SessionId, now: Micros, proven_at: Micros) -> Result<bool, Error> {
    let running = sessions::table.filter(sessions::id.eq(raw(session))).filter(sessions::expires_at.gt(now));
    Ok(diesel::update(running).set(sessions::proven_at.eq(proven_at)).execute(conn)? == 1)
}

/// No session of a person, nor token, lasts longer than this.
pub fn cap_sessions(conn: &mut Conn, person: PersonId, ends_at: Micros) -> Result<(), Error> {
    diesel::update(sessions::table.filter(sessions::person.eq(raw(person))))
        .filter(sessions::expires_at.gt(ends_at))
        .set(sessions::expires_at.eq(ends_at))
        .execute(conn)?;
    Ok(())
}

/// Notes when sessions were last heard of.
pub fn touch(conn: &mut Conn, session: SessionId, at: Micros) -> Result<(), Error> {
    diesel::update(sessions::table.filter(sessions::id.eq(raw(session))).filter(sessions::seen_at.lt(at)))
        .set(sessions::seen_at.eq(at))
        .execute(conn)?;
    Ok(())
}

/// Forgets expired sessions of everybody.
pub fn forget_expired(conn: &mut Conn, now: Micros) -> Result<(), Error> {
    diesel::delete(sessions::table.filter(sessions::expires_at.le(now))).execute(conn)?;
    Ok(())
}

/// A one-time link as it was issued.
#[derive(Debug, Clone)]
pub struct Link {
    pub id: LinkId,
    pub kind: LinkKind,
    pub person: Option<PersonId>,
    pub token_hash: TokenHash,
    pub expires_at: Micros,
}

fn kind_number(kind: LinkKind) -> i32 {
    match kind {
        LinkKind::Setup => 1,
        LinkKind::Invitation => 2,
        LinkKind::Reset => 3,
    }
}

fn kind_of(number: i32) -> Option<LinkKind> {
    [LinkKind::Setup, LinkKind::Invitation, LinkKind::Reset]
        .into_iter()
        .find(|kind| kind_number(*kind) == number)
}

/// The open link of a token.
pub fn open_link(conn: &mut Conn, token: &TokenHash, now: Micros) -> Result<Option<Link>, Error> {
    let row: Option<(Raw, i32, Option<Raw>, i64)> = links::table
        .filter(links::token_hash.eq(token.as_slice()))
        .filter(links::used_at.is_null())
        .filter(links::expires_at.gt(now))
        .select((links::id, links::kind, links::person, links::expires_at))
        .first(conn)
        .optional()?;
    Ok(row.and_then(|(id, kind, person, expires_at)| {
        let person = person.map(Raw::id);
        Some(Link { id: id.id(), kind: kind_of(kind)?, person, token_hash: *token, expires_at })
    }))
}

/// Whether a link can still be used.
pub fn is_link_open(conn: &mut Conn, link: LinkId, now: Micros) -> Result<bool, Error> {
    let open = links::table
        .filter(links::id.eq(raw(link)))
        .filter(links::used_at.is_null())
        .filter(links::expires_at.gt(now));
    Ok(diesel::select(diesel::dsl::exists(open)).get_result(conn)?)
}

/// What the devices of these sessions are called; of sessions long gone nothing is known.
pub fn devices(conn: &mut Conn, ids: &[SessionId]) -> Result<HashMap<SessionId, String>, Error> {
    let ids: Vec<Raw> = ids.iter().copied().map(raw).collect();
    let rows: Vec<(Raw, String)> = sessions::table
        .filter(sessions::id.eq_any(ids))
        .select((sessions::id, sessions::device))
        .load(conn)?;
    Ok(rows.into_iter().map(|(id, device)| (id.id(), device)).collect())
}

/// A new link; the open ones of the same person, or of set-up, are void from now on.
pub fn insert_link(conn: &mut Conn, link: &Link, at: Micros) -> Result<(), Error> {
    void_links(conn, link.person)?;
    diesel::insert_into(links::table)
        .values((
            links::id.eq(raw(link.id)),
            links::kind.eq(kind_number(link.kind)),
            links::person.eq(link.person.map(raw)),
            links::token_hash.eq(link.token_hash.as_slice()),
            links::created_at.eq(at),
            links::expires_at.eq(link.expires_at),
        ))
        .execute(conn)?;
    Ok(())
}

/// Forgets the open links of a person, or (`None`) of set-up; that they were issued is on record.
pub fn void_links(conn: &mut Conn, person: Option<PersonId>) -> Result<(), Error> {
    let open = links::table.filter(links::used_at.is_null());
    match person {
        Some(person) => diesel::delete(open.filter(links::person.eq(raw(person)))).execute(conn)?,
        None => diesel::delete(open.filter(links::person.is_null())).execute(conn)?,
    };
    Ok(())
}

/// Forgets the open links of a person that went by mail: what was for one address is not for another.
pub fn void_mailed_links(conn: &mut Conn, person: PersonId) -> Result<(), Error> {
    let mailed: Vec<Raw> = outbox::links_to(conn, person)?.into_iter().map(raw).collect();
    let open = links::table.filter(links::used_at.is_null()).filter(links::id.eq_any(mailed));
    diesel::delete(open).execute(conn)?;
    Ok(())
}

/// Uses a link up: under the head lock, so that one of two redeemers finds it used.
///
/// # Errors
/// `link_invalid`.
pub fn use_link(conn: &mut Conn, link: LinkId, at: Micros) -> Result<(), Error> {
    let open = links::table
        .filter(links::id.eq(raw(link)))
        .filter(links::used_at.is_null())
        .filter(links::expires_at.gt(at));
    match diesel::update(open).set(links::used_at.eq(at)).execute(conn)? {
        1 => Ok(()),
        _ => Err(Code::LinkInvalid.into()),
    }
}
