//! Who was a member at some moment, by the records themselves.

use std::collections::BTreeMap;

use chancery_ledger::{Kind, Stream};
use chancery_protocol::conversation::Member;
use chancery_protocol::ids::{ConversationId, Id, PersonId};

use super::{CreatedBody, JoinedBody, RoleBody};
use crate::ground::db::Conn;
use crate::ground::error::Error;
use crate::journal::{Opened, Reader, decode_body};

/// The members of a conversation right after everything up to `seq`, in order of id.
///
/// # Errors
/// `record_damaged` when a record of membership does not verify: then nobody can say. When database or key store
/// cannot be read.
pub fn members_at(
    records: &Reader,
    conn: &mut Conn,
    conversation: ConversationId,
    seq: u64,
) -> Result<Vec<Member>, Error> {
    let kinds = [Kind::ConversationCreated, Kind::MembersJoined, Kind::MemberLeft, Kind::MemberRoleSet];
    let stream = Stream::Conversation(conversation.bytes());
    let mut members = BTreeMap::new();
    for record in records.of_kinds(conn, stream, 0, seq, &kinds)? {
        let record = record.map_err(|damaged| Error::damaged(damaged.position))?;
        apply(&mut members, &record).ok_or_else(|| Error::damaged(record.header.position))?;
    }
    Ok(members.into_values().collect())
}

fn apply(members: &mut BTreeMap<PersonId, Member>, record: &Opened) -> Option<()> {
    let target = record.header.target.map(PersonId::from_bytes);
    match record.header.kind {
        Kind::ConversationCreated => {
            let body: CreatedBody = decode_body(&record.body)?;
            members.extend(body.members.into_iter().map(|member| (member.person, member)));
        }
        Kind::MembersJoined => {
            let body: JoinedBody = decode_body(&record.body)?;
            members.extend(body.members.into_iter().map(|member| (member.person, member)));
        }
        Kind::MemberLeft => {
            members.remove(&target?);
        }
        Kind::MemberRoleSet => {
            let body: RoleBody = decode_body(&record.body)?;
            members.insert(target?, Member { person: target?, role: body.role });
        }
        _ => {}
    }
    Some(())
}
