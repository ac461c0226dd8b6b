//! Making conversations: a direct talk once per pair, a group with its maker as owner.

use std::sync::Arc;

use chancery_ledger::{Kind, Stream};
use chancery_protocol::conversation::{ConversationKind, Member, MemberRole};
use chancery_protocol::ids::{ClientId, ConversationId, Id, PersonId, RecordId};
use diesel::prelude::*;

use super::CreatedBody;
use super::store::{self, New};
use crate::directory::Directory;
use crate::ground::db::blocking;
use crate::ground::db::dialect::raw;
use crate::ground::db::schema::journal as journal_table;
use crate::ground::error::{Code, Error};
use crate::journal::{Beside, Committed, Journal, Unit};

/// A group to be made; name and topic are checked.
#[derive(Clone)]
pub struct NewGroup {
    /// Its name.
    pub name: String,
    /// Whether only its owners and posters write.
    pub announcement: bool,
    /// Whether employees may join by themselves.
    pub open: bool,
    /// What it is for.
    pub topic: Option<String>,
    /// The members besides its maker.
    pub members: Vec<PersonId>,
}

/// The direct talk of two people (or of one with himself), made when there is none.
///
/// # Errors
/// `person_not_found`, `suspended`; storage errors.
pub async fn open_direct(
    journal: &Journal,
    directory: &Arc<Directory>,
    client_id: ClientId,
    maker: PersonId,
    other: PersonId,
) -> Result<ConversationId, Error> {
    let pair = store::pair(maker, other);
    let find = {
        let pair = pair.clone();
        move || {
            let pair = pair.clone();
            journal.db().read(move |conn| store::direct(conn, &pair))
        }
    };
    if let Some(found) = find().await? {
        return Ok(found);
    }
    let mut members = vec![Member { person: maker, role: MemberRole::Member }];
    if other != maker {
        members.push(Member { person: other, role: MemberRole::Member });
    }
    let body = CreatedBody { kind: ConversationKind::Direct, name: None, topic: None, open: false, members };
    match create(journal, directory, client_id, maker, body, Some(pair), Beside::default()).await {
        // Somebody else made it in the meantime.
        Err(error) if error.code == Code::Unchanged => find().await?.ok_or(error),
        result => result,
    }
}

/// A new group.
///
/// # Errors
/// `person_not_found`, `suspended`; storage errors.
pub async fn create_group(
    journal: &Journal,
    directory: &Arc<Directory>,
    client_id: ClientId,
    maker: PersonId,
    group: NewGroup,
    also: Beside,
) -> Result<ConversationId, Error> {
    let mut members = vec![Member { person: maker, role: MemberRole::Owner }];
    for person in group.members {
        if members.iter().all(|member| member.person != person) {
            members.push(Member { person, role: MemberRole::Member });
        }
    }
    let kind = if group.announcement { ConversationKind::Announcement } else { ConversationKind::Group };
    let body = CreatedBody { kind, name: Some(group.name), topic: group.topic, open: group.open, members };
    create(journal, directory, client_id, maker, body, None, also).await
}

async fn create(
    journal: &Journal,
    directory: &Arc<Directory>,
    client_id: ClientId,
    maker: PersonId,
    body: CreatedBody,
    pair: Option<Vec<u8>>,
    also: Beside,
) -> Result<ConversationId, Error> {
    let id: ConversationId = journal.id()?;
    let vault = Arc::clone(journal.vault());
    let (name, topic) = (body.name.clone(), body.topic.clone());
    let (name, topic) = blocking(move || {
        let seal = |column, text: Option<String>| {
            text.map(|text| store::seal(&vault, column, id, &text)).transpose()
        };
        Ok((seal("name", name)?, seal("topic", topic)?))
    })
    .await?;
    let people: Vec<PersonId> = body.members.iter().map(|member| member.person).collect();
    let checked = Arc::clone(directory);
    let draft =
        journal.draft(Stream::Conversation(id.bytes()), Kind::ConversationCreated, Some(maker), &body)?;
    let new = New { id, kind: body.kind, pair, name, topic, open: body.open, members: body.members };
    let unit = Unit {
        records: vec![draft],
        once: Some((maker, client_id)),
        check: Some(Box::new(move || people.iter().try_for_each(|person| may_join(&checked, *person)))),
        work: Some(Box::new(move |conn, placed| {
            if let Some(pair) = &new.pair
                && store::direct(conn, pair)?.is_some()
            {
                return Err(Code::Unchanged.into());
            }
            store::insert(conn, &new, placed.first().map(|p| p.at).unwrap_or_default())
        })),
        ..Unit::default()
    };
    conversation_of(journal, journal.commit(unit.with(also)).await?).await
}

pub(super) fn may_join(directory: &Directory, person: PersonId) -> Result<(), Error> {
    match directory.get(person) {
        Some(entry) if !entry.person.suspended => Ok(()),
        Some(_) => {
            Err(Error::from(Code::Suspended).detail("One of these people can no longer be reached here."))
        }
        None => Err(Code::PersonNotFound.into()),
    }
}

/// The conversation a committed creation made; for a repetition, the one made first.
async fn conversation_of(journal: &Journal, committed: Committed) -> Result<ConversationId, Error> {
    let record: RecordId = committed.first()?.record;
    journal
        .db()
        .read(move |conn| {
            let header: Vec<u8> = journal_table::table
                .filter(journal_table::record.eq(raw(record)))
                .select(journal_table::header)
                .first(conn)?;
            match chancery_ledger::Header::decode(&header).map(|header| header.stream) {
                Ok(Stream::Conversation(id)) => Ok(ConversationId::from_bytes(id)),
                _ => Err(Error::from(Code::BadRequest)
                    .field("client_id")
                    .detail("This client id was used before.")),
            }
        })
        .await
}
