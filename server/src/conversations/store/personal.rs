//! Queries over what belongs to one person in a conversation: marks and drafts.

use std::collections::HashMap;

use chancery_protocol::Micros;
use chancery_protocol::conversation::MemberMark;
use chancery_protocol::ids::{ConversationId, Id, PersonId};
use diesel::prelude::*;

use super::{CHUNK, Membership, role_of};
use crate::conversations::marks::{Raised, Seen};
use crate::ground::db::Conn;
use crate::ground::db::dialect::{self, Raw, big, count, raw};
use crate::ground::db::schema::{drafts, marks, members};
use crate::ground::error::Error;
use crate::vault::{Place, Vault};

/// How a person stands in a conversation.
#[derive(Debug, Clone)]
pub struct Standing {
    /// As a member.
    pub stay: Membership,
    /// How far they have got.
    pub mark: MemberMark,
    /// What they began to write; empty too when the stored text does not open.
    pub draft: String,
    /// Whether that is to be sent as an urgent message.
    pub draft_urgent: bool,
}

/// How these people stand in each conversation they are members of now.
///
/// # Errors
/// When database or key store cannot be read.
pub fn standings_of(
    conn: &mut Conn,
    vault: &Vault,
    people: &[PersonId],
) -> Result<HashMap<(PersonId, ConversationId), Standing>, Error> {
    type Cols = (Raw, Raw, i32, i64, i64, Option<(i64, i64)>, Option<(Vec<u8>, bool)>);
    let mut found = HashMap::new();
    for chunk in people.chunks(CHUNK) {
        let ids: Vec<Raw> = chunk.iter().copied().map(raw).collect();
        let mark = marks::conversation.eq(members::conversation).and(marks::person.eq(members::person));
        let draft = drafts::conversation.eq(members::conversation).and(drafts::person.eq(members::person));
        let rows: Vec<Cols> = members::table
            .left_join(marks::table.on(mark))
            .left_join(drafts::table.on(draft))
            .filter(members::person.eq_any(ids))
            .filter(members::until_seq.is_null())
            .select((
                members::conversation,
                members::person,
                members::role,
                members::since_seq,
                members::since_ordinal,
                (marks::received_ordinal, marks::read_ordinal).nullable(),
                (drafts::text, drafts::urgent).nullable(),
            ))
            .load(conn)?;
        for (conversation, person, role, since, ordinal, mark, draft) in rows {
            let (conversation, person): (ConversationId, PersonId) = (conversation.id(), person.id());
            let (received, read) = mark.unwrap_or_default();
            let (role, since) = (role_of(role), count(since));
            let (draft, draft_urgent) = draft.unzip();
            let draft = match draft {
                Some(text) => vault.open_text(&draft_place(&draft_row(conversation, person)), &text)?.ok(),
                None => None,
            };
            let standing = Standing {
                stay: Membership { role, since, until: None, since_ordinal: count(ordinal) },
                mark: mark_of(raw(person), received, read),
                draft: draft.unwrap_or_default(),
                draft_urgent: draft_urgent.unwrap_or_default(),
            };
            found.insert((person, conversation), standing);
        }
    }
    Ok(found)
}

/// How far the members of these conversations have got.
///
/// # Errors
/// When the database cannot be read.
pub fn marks_in(
    conn: &mut Conn,
    conversations: &[ConversationId],
) -> Result<HashMap<ConversationId, Vec<MemberMark>>, Error> {
    let mut found: HashMap<ConversationId, Vec<MemberMark>> = HashMap::new();
    for chunk in conversations.chunks(CHUNK) {
        let ids: Vec<Raw> = chunk.iter().copied().map(raw).collect();
        let rows: Vec<(Raw, Raw, i64, i64)> = marks::table
            .filter(marks::conversation.eq_any(ids))
            .select((marks::conversation, marks::person, marks::received_ordinal, marks::read_ordinal))
            .load(conn)?;
        for (at, person, received, read) in rows {
            found.entry(at.id()).or_default().push(mark_of(person, received, read));
        }
    }
    Ok(found)
}

/// How far a person has read, and where they last did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ReadUpTo {
    /// The newest message they have read; 0 when there is none.
    pub ordinal: u64,
    /// When and where that was.
    pub seen: Option<Seen>,
}

/// How far these people have read in these conversations; who has no mark is left out.
///
/// # Errors
/// When the database cannot be read.
pub fn read_up_to(
    conn: &mut Conn,
    conversations: &[ConversationId],
    people: Option<&[PersonId]>,
) -> Result<HashMap<(ConversationId, PersonId), ReadUpTo>, Error> {
    type Cols = (Raw, Raw, i64, Option<i64>, Option<Raw>);
    let mut found = HashMap::new();
    let columns = (marks::conversation, marks::person, marks::read_ordinal, marks::read_at, marks::read_by);
    for chunk in conversations.chunks(CHUNK) {
        let ids: Vec<Raw> = chunk.iter().copied().map(raw).collect();
        let these = marks::table.filter(marks::conversation.eq_any(ids));
        let rows: Vec<Cols> = match people {
            None => these.select(columns).load(conn)?,
            Some(people) => {
                let people: Vec<Raw> = people.iter().copied().map(raw).collect();
                these.filter(marks::person.eq_any(people)).select(columns).load(conn)?
            }
        };
        for (conversation, person, ordinal, at, by) in rows {
            let seen = at.map(|at| Seen { at, by: by.map(Raw::id) });
            found.insert((conversation.id(), person.id()), ReadUpTo { ordinal: count(ordinal), seen });
        }
    }
    Ok(found)
}

fn mark_of(person: Raw, received: i64, read: i64) -> MemberMark {
    MemberMark { person: person.id(), received: count(received.max(read)), read: count(read) }
}

/// Moves marks forward, never back, and never beyond the newest message; several with one statement.
pub(in crate::conversations) fn raise_marks(
    conn: &mut Conn,
    raised: &[(ConversationId, Raised)],
) -> Result<(), Error> {
    for chunk in raised.chunks(CHUNK) {
        let literal = |bytes: [u8; 16]| dialect::literal(conn, &bytes);
        let values: Vec<String> = chunk
            .iter()
            .map(|(at, Raised { mark, seen })| {
                let (at, person) = (literal(at.bytes()), literal(mark.person.bytes()));
                let read_at = seen.map_or(0, |seen| seen.at);
                let by = seen.and_then(|seen| seen.by).map_or([0; 16], |by| by.bytes());
                format!(
                    "({at}, {person}, {}, {}, {read_at}, {})",
                    big(mark.read),
                    big(mark.received),
                    literal(by)
                )
            })
            .collect();
        let (least, greatest) = dialect::least_and_greatest(conn);
        let nobody = literal([0; 16]);
        let further = "excluded.read_ordinal > marks.read_ordinal";
        // Only ids and numbers stand in the statement; both databases name the columns of VALUES alike. The
        // WHERE keeps SQLite from reading ON CONFLICT as part of the join.
        diesel::sql_query(format!(
            "INSERT INTO marks (conversation, person, read_ordinal, received_ordinal, read_at, read_by) \
             SELECT c.id, v.column2, {least}(v.column3, c.last_ordinal), {least}(v.column4, c.last_ordinal), \
             nullif(v.column5, 0), nullif(v.column6, {nobody}) \
             FROM (VALUES {}) AS v JOIN conversations AS c ON c.id = v.column1 WHERE TRUE \
             ON CONFLICT (conversation, person) DO UPDATE \
             SET read_ordinal = {greatest}(marks.read_ordinal, excluded.read_ordinal), \
             received_ordinal = {greatest}(marks.received_ordinal, excluded.received_ordinal), \
             read_at = CASE WHEN {further} THEN excluded.read_at ELSE marks.read_at END, \
             read_by = CASE WHEN {further} THEN excluded.read_by ELSE marks.read_by END",
            values.join(", ")
        ))
        .execute(conn)?;
    }
    Ok(())
}

pub(in crate::conversations) fn draft_row(conversation: ConversationId, person: PersonId) -> Vec<u8> {
    [conversation.bytes(), person.bytes()].concat()
}

pub(in crate::conversations) fn draft_place(row: &[u8]) -> Place<'_> {
    Place { table: "drafts", column: "text", row }
}

pub(in crate::conversations) fn put_draft(
    conn: &mut Conn,
    (conversation, person): (ConversationId, PersonId),
    text: Option<Vec<u8>>,
    urgent: bool,
    at: Micros,
) -> Result<(), Error> {
    diesel::delete(
        drafts::table
            .filter(drafts::conversation.eq(raw(conversation)))
            .filter(drafts::person.eq(raw(person))),
    )
    .execute(conn)?;
    if let Some(text) = text {
        diesel::insert_into(drafts::table)
            .values((
                drafts::conversation.eq(raw(conversation)),
                drafts::person.eq(raw(person)),
                drafts::text.eq(text),
                drafts::urgent.eq(urgent),
                drafts::changed_at.eq(at),
            ))
            .execute(conn)?;
    }
    Ok(())
}
