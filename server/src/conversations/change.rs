//! What changes in a group: name, topic, openness, members and what they may do.
//!
//! Each act is checked by the snapshot when it is asked for, and again under the head lock; such a unit has a commit
//! of its own, so nothing else happens in between.

use std::sync::Arc;

use chancery_ledger::{Kind, Stream};
use chancery_protocol::command::{AddMembers, Describe, Join, RemoveMember, SetMemberRole};
use chancery_protocol::conversation::{ConversationKind, Member, MemberRole};
use chancery_protocol::ids::{ClientId, ConversationId, Id, PersonId};
use serde::Serialize;

use super::create::may_join;
use super::store::{self, Description};
use super::{DescribedBody, Entry, JoinedBody, LeftBody, RoleBody, Roster};
use crate::directory::Directory;
use crate::ground::db::Conn;
use crate::ground::error::{Code, Error};
use crate::journal::{Beside, Committed, Journal, Unit};

/// What changing groups needs.
#[derive(Clone)]
pub struct Rooms {
    /// The record.
    pub journal: Journal,
    /// Who there is.
    pub directory: Arc<Directory>,
    /// Who is where.
    pub roster: Arc<Roster>,
}

/// What those who come get to see, as it was looked at for them.
pub struct LookedAt {
    /// The name.
    pub name: Option<String>,
    /// The topic.
    pub topic: Option<String>,
    /// What belongs on record of that.
    pub also: Beside,
}

/// What a change does to the current state; it is given the seq of its record.
type Work = Box<dyn Fn(&mut Conn, u64) -> Result<(), Error> + Send>;

/// Whether a change may be made, by the group as it is.
type Rule = Box<dyn Fn(&Entry) -> Result<(), Error> + Send>;

impl Rooms {
    /// Whether somebody may change name, topic, openness or members.
    ///
    /// # Errors
    /// `conversation_not_found`, `direct_talk`, `not_owner`.
    pub fn may_manage(&self, conversation: ConversationId, actor: PersonId) -> Result<(), Error> {
        owns(&*self.group(conversation, actor)?, actor)
    }

    /// Changes name, topic or openness. Name and topic are checked and trimmed.
    ///
    /// # Errors
    /// `conversation_not_found`, `direct_talk`, `not_owner`; `unchanged` when everything is so already.
    pub async fn describe(
        &self,
        actor: PersonId,
        command: Describe,
        also: Beside,
    ) -> Result<Committed, Error> {
        let Describe { client_id, conversation, name, topic, open } = command;
        let rule: Rule = Box::new(move |group| owns(group, actor));
        rule(&*self.group(conversation, actor)?)?;
        let vault = Arc::clone(self.journal.vault());
        let (body, sealed) = self
            .journal
            .db()
            .read(move |conn| {
                let now = store::infos(conn, &vault, &[conversation])?.pop();
                let now = now.ok_or(Error::from(Code::ConversationNotFound))?;
                let body = DescribedBody {
                    name: name.filter(|name| now.name.as_ref() != Some(name)),
                    topic: topic.filter(|topic| now.topic.as_deref().unwrap_or_default() != topic),
                    open: open.filter(|open| now.open != *open),
                };
                let seal = |column, text: &str| store::seal(&vault, column, conversation, text);
                let sealed = Description {
                    name: body.name.as_deref().map(|name| seal("name", name)).transpose()?,
                    topic: match body.topic.as_deref() {
                        None => None,
                        Some("") => Some(None),
                        Some(topic) => Some(Some(seal("topic", topic)?)),
                    },
                    open: body.open,
                };
                Ok((body, sealed))
            })
            .await?;
        if body == DescribedBody::default() {
            return Err(Code::Unchanged.into());
        }
        let work: Work = Box::new(move |conn, _| store::describe(conn, conversation, &sealed));
        let about = (Kind::ConversationDescribed, None);
        let unit = self.unit(actor, client_id, conversation, about, &body, rule, work)?;
        self.journal.commit(unit.with(also)).await
    }

    /// Makes people members.
    ///
    /// # Errors
    /// `conversation_not_found`, `direct_talk`, `not_owner`, `person_not_found`, `suspended`, `members_changed`;
    /// `unchanged` when all of them are members; `outdated` when name or topic are not those looked at any more.
    pub async fn add(
        &self,
        actor: PersonId,
        command: AddMembers,
        looked_at: Option<LookedAt>,
    ) -> Result<Committed, Error> {
        let AddMembers { client_id, conversation, mut people } = command;
        let group = self.group(conversation, actor)?;
        owns(&group, actor)?;
        people.sort_unstable();
        people.dedup();
        people.retain(|person| !is_in(&group, *person));
        let members: Vec<Member> =
            people.iter().map(|person| Member { person: *person, role: MemberRole::Member }).collect();
        let rule: Rule = Box::new(move |group| owns(group, actor));
        self.join_with((actor, client_id), conversation, members, rule, looked_at).await
    }

    /// Makes the actor a member of an open group.
    ///
    /// # Errors
    /// `conversation_not_found` also for a group that is not open; `unchanged` for a member.
    pub async fn join(&self, actor: PersonId, command: Join) -> Result<Committed, Error> {
        let Join { client_id, conversation } = command;
        let rule: Rule =
            Box::new(|group| if group.open { Ok(()) } else { Err(Code::ConversationNotFound.into()) });
        let group = self.roster.get(conversation).ok_or(Error::from(Code::ConversationNotFound))?;
        let mut members = Vec::new();
        if !is_in(&group, actor) {
            rule(&group)?;
            members.push(Member { person: actor, role: MemberRole::Member });
        }
        self.join_with((actor, client_id), conversation, members, rule, None).await
    }

    async fn join_with(
        &self,
        (actor, client_id): (PersonId, ClientId),
        conversation: ConversationId,
        members: Vec<Member>,
        rule: Rule,
        looked_at: Option<LookedAt>,
    ) -> Result<Committed, Error> {
        let body = JoinedBody { members: members.clone() };
        let directory = Arc::clone(&self.directory);
        let people: Vec<PersonId> = members.iter().map(|member| member.person).collect();
        let rule: Rule = Box::new(move |group| {
            rule(group)?;
            if people.is_empty() {
                return Err(Code::Unchanged.into());
            }
            if people.iter().any(|person| is_in(group, *person)) {
                return Err(Code::MembersChanged.into());
            }
            people.iter().try_for_each(|person| may_join(&directory, *person))
        });
        let (shown, also) = match looked_at {
            Some(LookedAt { name, topic, also }) => (Some((name, topic)), also),
            None => (None, Beside::default()),
        };
        let vault = Arc::clone(self.journal.vault());
        let work: Work = Box::new(move |conn, seq| {
            if let Some(shown) = &shown {
                let now = store::infos(conn, &vault, &[conversation])?.pop();
                if now.map(|now| (now.name, now.topic)).as_ref() != Some(shown) {
                    return Err(Code::Outdated.into());
                }
            }
            store::join(conn, conversation, &members, seq)
        });
        let about = (Kind::MembersJoined, None);
        let unit = self.unit(actor, client_id, conversation, about, &body, rule, work)?;
        self.journal.commit(unit.with(also)).await
    }

    /// Takes a member out, or leaves.
    ///
    /// # Errors
    /// `conversation_not_found`, `direct_talk`, `not_owner`, `person_not_found`, `last_owner`.
    pub async fn remove(&self, actor: PersonId, command: RemoveMember) -> Result<Committed, Error> {
        let RemoveMember { client_id, conversation, person } = command;
        let rule: Rule = Box::new(move |group| {
            if person == actor && is_in(group, actor) {
                manageable(group)?;
            } else {
                owns(group, actor)?;
            }
            let role = role_in(group, person).ok_or(Error::from(Code::PersonNotFound))?;
            let others = group.present().count() > 1;
            if others && role == MemberRole::Owner { another_owner(group, person) } else { Ok(()) }
        });
        let work: Work = Box::new(move |conn, seq| store::leave(conn, conversation, person, seq));
        let about = (Kind::MemberLeft, Some(person));
        let unit = self.unit(actor, client_id, conversation, about, &LeftBody {}, rule, work)?;
        self.journal.commit(unit).await
    }

    /// Changes what a member may do.
    ///
    /// # Errors
    /// As [`Rooms::remove`]; `unchanged`.
    pub async fn set_role(&self, actor: PersonId, command: SetMemberRole) -> Result<Committed, Error> {
        let SetMemberRole { client_id, conversation, person, role } = command;
        // A guest manages nobody, so a group could be left without anybody who does.
        if role == MemberRole::Owner && self.directory.get(person).is_some_and(|entry| entry.person.guest) {
            self.group(conversation, actor)?;
            return Err(Error::from(Code::GuestAnswers).field("person"));
        }
        let rule: Rule = Box::new(move |group| {
            owns(group, actor)?;
            match role_in(group, person) {
                None => Err(Code::PersonNotFound.into()),
                Some(now) if now == role => Err(Code::Unchanged.into()),
                Some(MemberRole::Owner) => another_owner(group, person),
                Some(_) => Ok(()),
            }
        });
        let work: Work = Box::new(move |conn, _| store::set_role(conn, conversation, person, role));
        let about = (Kind::MemberRoleSet, Some(person));
        let unit = self.unit(actor, client_id, conversation, about, &RoleBody { role }, rule, work)?;
        self.journal.commit(unit).await
    }

    /// A group the actor is a member of.
    fn group(&self, conversation: ConversationId, actor: PersonId) -> Result<Arc<Entry>, Error> {
        self.roster.member(conversation, actor)?;
        self.roster.get(conversation).ok_or_else(|| Code::ConversationNotFound.into())
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one unit, each of another type")]
    fn unit(
        &self,
        actor: PersonId,
        client_id: ClientId,
        conversation: ConversationId,
        (kind, target): (Kind, Option<PersonId>),
        body: &impl Serialize,
        rule: Rule,
        work: Work,
    ) -> Result<Unit, Error> {
        let mut draft =
            self.journal.draft(Stream::Conversation(conversation.bytes()), kind, Some(actor), body)?;
        draft.target = target.map(Id::bytes);
        let (roster, directory) = (Arc::clone(&self.roster), Arc::clone(&self.directory));
        Ok(Unit {
            records: vec![draft],
            once: Some((actor, client_id)),
            check: Some(Box::new(move || {
                may_join(&directory, actor)?;
                let group = roster.get(conversation).ok_or(Error::from(Code::ConversationNotFound))?;
                rule(&group)
            })),
            work: Some(Box::new(move |conn, placed| {
                let seq = placed.first().and_then(|place| place.seq);
                work(conn, seq.ok_or_else(|| Error::internal("a change without a seq"))?)
            })),
            ..Unit::default()
        })
    }
}

fn is_in(group: &Entry, person: PersonId) -> bool {
    role_in(group, person).is_some()
}

fn role_in(group: &Entry, person: PersonId) -> Option<MemberRole> {
    group.members.get(&person).filter(|stay| stay.until.is_none()).map(|stay| stay.role)
}

fn manageable(group: &Entry) -> Result<(), Error> {
    if group.kind == ConversationKind::Direct { Err(Code::DirectTalk.into()) } else { Ok(()) }
}

/// Whoever is no member is told the same as about a group that does not exist.
fn owns(group: &Entry, actor: PersonId) -> Result<(), Error> {
    match role_in(group, actor) {
        None => Err(Code::ConversationNotFound.into()),
        Some(MemberRole::Owner) => manageable(group),
        Some(_) => manageable(group).and(Err(Code::NotOwner.into())),
    }
}

fn another_owner(group: &Entry, but: PersonId) -> Result<(), Error> {
    let mut others = group.present().filter(|(person, _)| *person != but);
    if others.any(|(_, stay)| stay.role == MemberRole::Owner) { Ok(()) } else { Err(Code::LastOwner.into()) }
}
