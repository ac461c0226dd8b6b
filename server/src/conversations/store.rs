//! Queries over conversations and members; `personal` has those over marks and drafts.

mod personal;

use chancery_protocol::Micros;
use chancery_protocol::conversation::{ConversationKind, Member, MemberRole};
use chancery_protocol::ids::{ConversationId, Id, PersonId};
use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::{Membership, kind_number, kind_of, role_number, role_of};
use crate::ground::db::Conn;
use crate::ground::db::dialect::{self, Raw, big, count, raw};
use crate::ground::db::schema::{conversations, members};
use crate::ground::error::{Code, Error};
use crate::vault::{Place, Scope, Vault};

pub use personal::{ReadUpTo, Standing, marks_in, read_up_to, standings_of};
pub(super) use personal::{draft_place, draft_row, put_draft, raise_marks};

/// Rows of one statement: SQLite takes 32,766 values, PostgreSQL 65,535.
const CHUNK: usize = 1_000;

/// A member, with the kind of the conversation.
pub(super) struct MemberRow {
    pub conversation: ConversationId,
    pub kind: ConversationKind,
    pub open: bool,
    pub person: PersonId,
    pub membership: Membership,
}

type MemberCols = (Raw, i32, bool, Raw, i32, i64, Option<i64>, i64);

/// The members of these conversations, or of all.
pub(super) fn members(conn: &mut Conn, ids: Option<&[ConversationId]>) -> Result<Vec<MemberRow>, Error> {
    macro_rules! select {
        ($query:expr) => {
            $query.select((
                members::conversation,
                conversations::kind,
                conversations::open,
                members::person,
                members::role,
                members::since_seq,
                members::until_seq,
                members::since_ordinal,
            ))
        };
    }
    let joined =
        || members::table.inner_join(conversations::table.on(conversations::id.eq(members::conversation)));
    let mut rows: Vec<MemberCols> = Vec::new();
    match ids {
        None => rows = select!(joined()).load(conn)?,
        Some(ids) => {
            for chunk in ids.chunks(1_000) {
                let keys: Vec<Raw> = chunk.iter().copied().map(raw).collect();
                rows.extend(
                    select!(joined().filter(members::conversation.eq_any(keys))).load::<MemberCols>(conn)?,
                );
            }
        }
    }
    Ok(rows
        .into_iter()
        .map(|(conversation, kind, open, person, role, since, until, ordinal)| MemberRow {
            conversation: conversation.id(),
            kind: kind_of(kind),
            open,
            person: person.id(),
            membership: Membership {
                role: role_of(role),
                since: count(since),
                until: until.map(count),
                since_ordinal: count(ordinal),
            },
        })
        .collect())
}

/// A conversation's row, opened.
#[derive(Debug, Clone)]
pub struct Info {
    /// Which.
    pub id: ConversationId,
    /// What sort.
    pub kind: ConversationKind,
    /// Its name; "…" when the stored one does not open.
    pub name: Option<String>,
    /// What it is for.
    pub topic: Option<String>,
    /// Whether employees may join by themselves.
    pub open: bool,
    /// How many are members, after everything up to `last_seq`.
    pub member_count: u32,
    /// Newest seq.
    pub last_seq: u64,
    /// Newest ordinal.
    pub last_ordinal: u64,
    /// When something last happened.
    pub last_at: Micros,
}

type InfoCols = (Raw, i32, Option<Vec<u8>>, Option<Vec<u8>>, i64, i64, i64, bool, i64);

// How many are members of a conversation now, around its id: counted in the statement that reads `last_seq`, so that no
// event is counted twice or not at all. As operators, since a statement with free SQL in it is prepared anew each time.
diesel::prefix_operator!(
    MembersOf,
    "(SELECT count(*) FROM members WHERE members.until_seq IS NULL AND members.conversation = ",
    BigInt
);
diesel::postfix_operator!(Closed, ")", BigInt);

/// Shown in place of a name that does not open: the conversation stays usable.
const UNREADABLE: &str = "\u{2026}";

/// These conversations; those that do not exist are left out.
///
/// # Errors
/// When database or key store cannot be read.
pub fn infos(conn: &mut Conn, vault: &Vault, ids: &[ConversationId]) -> Result<Vec<Info>, Error> {
    let mut found = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(1_000) {
        let keys: Vec<Raw> = chunk.iter().copied().map(raw).collect();
        let rows: Vec<InfoCols> = conversations::table
            .filter(conversations::id.eq_any(keys))
            .select((
                conversations::id,
                conversations::kind,
                conversations::name,
                conversations::topic,
                conversations::last_seq,
                conversations::last_ordinal,
                conversations::last_at,
                conversations::open,
                Closed::new(MembersOf::new(conversations::id)),
            ))
            .load(conn)?;
        for (id, kind, name, topic, last_seq, last_ordinal, last_at, is_open, present) in rows {
            found.push(Info {
                id: id.id(),
                kind: kind_of(kind),
                name: open(vault, "name", id, name)?,
                topic: open(vault, "topic", id, topic)?,
                open: is_open,
                member_count: u32::try_from(present).unwrap_or(u32::MAX),
                last_seq: count(last_seq),
                last_ordinal: count(last_ordinal),
                last_at,
            });
        }
    }
    Ok(found)
}

fn open(
    vault: &Vault,
    column: &'static str,
    id: Raw,
    value: Option<Vec<u8>>,
) -> Result<Option<String>, Error> {
    let Some(value) = value else { return Ok(None) };
    Ok(Some(match vault.open_text(&place(column, &id.0), &value)? {
        Ok(text) => text,
        Err(_) => {
            tracing::error!(conversation = %id.id::<ConversationId>(), column, "a sealed value does not open");
            UNREADABLE.to_owned()
        }
    }))
}

fn place<'a>(column: &'static str, row: &'a [u8]) -> Place<'a> {
    Place { table: "conversations", column, row }
}

/// A name or topic as it is stored.
pub(super) fn seal(
    vault: &Vault,
    column: &'static str,
    id: ConversationId,
    text: &str,
) -> Result<Vec<u8>, Error> {
    vault.seal_value(Scope::Conversation(id), &place(column, &id.bytes()), text.as_bytes())
}

/// Newest seq of a conversation.
///
/// # Errors
/// `conversation_not_found`, or when the database cannot be read.
pub fn last_seq(conn: &mut Conn, conversation: ConversationId) -> Result<u64, Error> {
    let seq: Option<i64> = conversations::table
        .filter(conversations::id.eq(raw(conversation)))
        .select(conversations::last_seq)
        .first(conn)
        .optional()?;
    seq.map(count).ok_or_else(|| Code::ConversationNotFound.into())
}

/// What sort of conversation it is.
///
/// # Errors
/// `conversation_not_found`; when the database cannot be read.
pub fn kind(conn: &mut Conn, conversation: ConversationId) -> Result<ConversationKind, Error> {
    let kind: Option<i32> = conversations::table
        .filter(conversations::id.eq(raw(conversation)))
        .select(conversations::kind)
        .first(conn)
        .optional()?;
    kind.map(kind_of).ok_or_else(|| Code::ConversationNotFound.into())
}

/// The present members of a conversation who came up to `as_of`, with those who left after it.
///
/// # Errors
/// When the database cannot be read.
pub fn members_as_of(
    conn: &mut Conn,
    conversation: ConversationId,
    as_of: u64,
) -> Result<Vec<Member>, Error> {
    let rows: Vec<(Raw, i32)> = members::table
        .filter(members::conversation.eq(raw(conversation)))
        .filter(members::since_seq.le(big(as_of)))
        .filter(members::until_seq.is_null().or(members::until_seq.gt(big(as_of))))
        .select((members::person, members::role))
        .load(conn)?;
    Ok(rows.into_iter().map(|(person, role)| Member { person: person.id(), role: role_of(role) }).collect())
}

/// Names and topics of all groups that can be joined.
///
/// # Errors
/// When database or key store cannot be read.
pub fn open_groups(conn: &mut Conn, vault: &Vault) -> Result<Vec<Info>, Error> {
    let ids: Vec<Raw> =
        conversations::table.filter(conversations::open.eq(true)).select(conversations::id).load(conn)?;
    infos(conn, vault, &ids.into_iter().map(Raw::id).collect::<Vec<_>>())
}

/// Names and topics of all conversations that have a name, which direct talks do not.
///
/// # Errors
/// When database or key store cannot be read.
pub fn named(conn: &mut Conn, vault: &Vault) -> Result<Vec<Info>, Error> {
    let ids: Vec<Raw> = conversations::table
        .filter(conversations::name.is_not_null())
        .select(conversations::id)
        .load(conn)?;
    infos(conn, vault, &ids.into_iter().map(Raw::id).collect::<Vec<_>>())
}

/// The two people of a direct talk in one value, the same from either side.
pub(super) fn pair(one: PersonId, other: PersonId) -> Vec<u8> {
    let (first, second) = if one <= other { (one, other) } else { (other, one) };
    [first.bytes(), second.bytes()].concat()
}

/// The direct talk of a pair.
pub(super) fn direct(conn: &mut Conn, pair: &[u8]) -> Result<Option<ConversationId>, Error> {
    let id: Option<Raw> = conversations::table
        .filter(conversations::pair.eq(pair))
        .select(conversations::id)
        .first(conn)
        .optional()?;
    Ok(id.map(Raw::id))
}

/// A conversation to be made; name and topic sealed.
pub(super) struct New {
    pub id: ConversationId,
    pub kind: ConversationKind,
    pub pair: Option<Vec<u8>>,
    pub name: Option<Vec<u8>>,
    pub topic: Option<Vec<u8>>,
    pub open: bool,
    pub members: Vec<Member>,
}

#[derive(Insertable)]
#[diesel(table_name = members)]
struct NewMember {
    conversation: Raw,
    person: Raw,
    role: i32,
    since_seq: i64,
}

pub(super) fn insert(conn: &mut Conn, new: &New, at: Micros) -> Result<(), Error> {
    diesel::insert_into(conversations::table)
        .values((
            conversations::id.eq(raw(new.id)),
            conversations::kind.eq(kind_number(new.kind)),
            conversations::pair.eq(new.pair.as_deref()),
            conversations::name.eq(new.name.as_deref()),
            conversations::topic.eq(new.topic.as_deref()),
            conversations::last_seq.eq(0),
            conversations::last_ordinal.eq(0),
            conversations::last_at.eq(at),
            conversations::open.eq(new.open),
        ))
        .execute(conn)?;
    let rows: Vec<NewMember> = new
        .members
        .iter()
        .map(|member| NewMember {
            conversation: raw(new.id),
            person: raw(member.person),
            role: role_number(member.role),
            since_seq: 1,
        })
        .collect();
    for rows in rows.chunks(CHUNK) {
        match conn {
            Conn::Sqlite(conn) => diesel::insert_into(members::table).values(rows).execute(conn)?,
            Conn::Postgres(conn) => diesel::insert_into(members::table).values(rows).execute(conn)?,
        };
    }
    Ok(())
}

/// People become members with the event at `seq`, some of them again.
pub(super) fn join(
    conn: &mut Conn,
    conversation: ConversationId,
    joining: &[Member],
    seq: u64,
) -> Result<(), Error> {
    for chunk in joining.chunks(CHUNK) {
        let at = dialect::literal(conn, &conversation.bytes());
        let values: Vec<String> = chunk
            .iter()
            .map(|member| {
                let person = dialect::literal(conn, &member.person.bytes());
                format!("({person}, {})", role_number(member.role))
            })
            .collect();
        // Only ids and numbers stand in the statement. The WHERE keeps SQLite from reading ON CONFLICT as part of the
        // join.
        diesel::sql_query(format!(
            "INSERT INTO members (conversation, person, role, since_seq, until_seq, since_ordinal) \
             SELECT c.id, v.column1, v.column2, {seq}, NULL, c.last_ordinal \
             FROM (VALUES {}) AS v JOIN conversations AS c ON c.id = {at} WHERE TRUE \
             ON CONFLICT (conversation, person) DO UPDATE SET role = excluded.role, \
             since_seq = excluded.since_seq, until_seq = NULL, since_ordinal = excluded.since_ordinal",
            values.join(", ")
        ))
        .execute(conn)?;
    }
    Ok(())
}

/// A member's stay ends with the event at `seq`.
pub(super) fn leave(
    conn: &mut Conn,
    conversation: ConversationId,
    person: PersonId,
    seq: u64,
) -> Result<(), Error> {
    diesel::update(members::table.find((raw(conversation), raw(person))))
        .set(members::until_seq.eq(big(seq)))
        .execute(conn)?;
    Ok(())
}

pub(super) fn set_role(
    conn: &mut Conn,
    conversation: ConversationId,
    person: PersonId,
    role: MemberRole,
) -> Result<(), Error> {
    diesel::update(members::table.find((raw(conversation), raw(person))))
        .set(members::role.eq(role_number(role)))
        .execute(conn)?;
    Ok(())
}

/// What of a conversation's description changes; sealed, and `Some(None)` for a topic that is taken away.
#[derive(AsChangeset)]
#[diesel(table_name = conversations)]
pub(super) struct Description {
    pub name: Option<Vec<u8>>,
    pub topic: Option<Option<Vec<u8>>>,
    pub open: Option<bool>,
}

pub(super) fn describe(conn: &mut Conn, conversation: ConversationId, to: &Description) -> Result<(), Error> {
    diesel::update(conversations::table.find(raw(conversation))).set(to).execute(conn)?;
    Ok(())
}
