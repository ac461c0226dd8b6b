//! What one event does to a message and to a line of the list.
//!
//! A message is touched only by events newer than its `revision`. A deleted message keeps its reactions (they are
//! not shown, and come back with a restore) and has no `edited_at`.

use std::collections::BTreeMap;

use crate::conversation::{
    Acknowledgement, Change, Content, Conversation, ConversationKind, Event, MAX_GUESTS_NAMED, Member,
    MemberMark, MemberRole, Message, REACTIONS, ReactionCount,
};
use crate::ids::{PersonId, RecordId};
use crate::person::Person;

/// Those who are known.
type People = BTreeMap<PersonId, Person>;

/// Whether an event stands in the timeline by itself.
pub(super) fn is_note(event: &Event) -> bool {
    match &event.change {
        Change::Created { .. }
        | Change::Described { .. }
        | Change::Joined { .. }
        | Change::Left { .. }
        | Change::RoleSet { .. } => true,
        Change::Message { .. }
        | Change::Edited { .. }
        | Change::Deleted { .. }
        | Change::Restored { .. }
        | Change::Reacted { .. }
        | Change::Acknowledged { .. } => false,
    }
}

/// The message an event touches; the one it writes is its own record.
pub(crate) fn target(event: &Event) -> Option<RecordId> {
    match &event.change {
        Change::Created { .. }
        | Change::Described { .. }
        | Change::Joined { .. }
        | Change::Left { .. }
        | Change::RoleSet { .. } => None,
        Change::Message { .. } => Some(event.record),
        Change::Edited { message, .. }
        | Change::Deleted { message }
        | Change::Restored { message, .. }
        | Change::Reacted { message, .. }
        | Change::Acknowledged { message } => Some(*message),
    }
}

/// The message an event writes.
pub(super) fn message(event: &Event) -> Option<Message> {
    let Change::Message { ordinal, content, reply_to, thread_root, client_id, urgent } = &event.change else {
        return None;
    };
    Some(Message {
        id: event.record,
        seq: event.seq,
        ordinal: *ordinal,
        author: event.actor?,
        at: event.at,
        content: content.clone(),
        edited_at: None,
        revision: event.seq,
        reply_to: *reply_to,
        thread_root: *thread_root,
        reactions: Vec::new(),
        urgent: *urgent,
        acknowledged: Vec::new(),
        client_id: *client_id,
    })
}

/// Applies an event to the message it touches, unless the message is as new.
pub(super) fn touch(message: &mut Message, event: &Event) {
    if event.seq <= message.revision {
        return;
    }
    match &event.change {
        Change::Created { .. }
        | Change::Described { .. }
        | Change::Joined { .. }
        | Change::Left { .. }
        | Change::RoleSet { .. }
        | Change::Message { .. } => return,
        Change::Edited { content, .. } => {
            show(message, content);
            message.edited_at = Some(event.at);
        }
        Change::Deleted { .. } => {
            message.content = Content::Deleted;
            message.edited_at = None;
        }
        Change::Restored { content, edited_at, .. } => {
            show(message, content);
            message.edited_at = *edited_at;
        }
        Change::Reacted { reaction, on, .. } => {
            if let Some(person) = event.actor {
                react(&mut message.reactions, reaction, person, *on);
            }
        }
        Change::Acknowledged { .. } => {
            if let Some(person) = event.actor {
                acknowledge(&mut message.acknowledged, Acknowledgement { person, at: event.at });
            }
        }
    }
    message.revision = event.seq;
    message.client_id = None;
}

/// A superseded text leaves in place what is shown: the event that replaces it is on its way.
fn show(message: &mut Message, content: &Content) {
    if *content != Content::Superseded {
        message.content = content.clone();
    }
}

/// Nobody acknowledges a message twice.
fn acknowledge(acknowledged: &mut Vec<Acknowledgement>, new: Acknowledgement) {
    if acknowledged.iter().all(|known| known.person != new.person) {
        acknowledged.push(new);
    }
}

/// Keeps the order of [`REACTIONS`]; those of a newer server stand behind them, by name.
fn react(reactions: &mut Vec<ReactionCount>, reaction: &str, person: PersonId, on: bool) {
    let rank = |name: &str| REACTIONS.iter().position(|known| *known == name).unwrap_or(REACTIONS.len());
    let place = reactions
        .binary_search_by(|count| (rank(&count.reaction), &*count.reaction).cmp(&(rank(reaction), reaction)));
    match (place, on) {
        (Ok(place), true) => {
            if !reactions[place].people.contains(&person) {
                reactions[place].people.push(person);
            }
        }
        (Err(place), true) => {
            let count = ReactionCount { reaction: reaction.to_owned(), people: vec![person] };
            reactions.insert(place, count);
        }
        (Ok(place), false) => {
            reactions[place].people.retain(|other| *other != person);
            if reactions[place].people.is_empty() {
                reactions.remove(place);
            }
        }
        (Err(_), false) => {}
    }
}

/// Moves a line of the list on by one event.
pub(super) fn line(info: &mut Conversation, event: &Event, me: Option<PersonId>, people: &People) {
    info.last_seq = event.seq;
    info.last_at = event.at;
    if let Some(message) = message(event) {
        info.last_ordinal = message.ordinal;
        if Some(message.author) == me {
            info.read = info.read.max(message.ordinal);
        }
        info.last_message = Some(message);
    } else if is_note(event) {
        describe(info, &event.change, me, people);
    } else if let Some(last) = &mut info.last_message
        && target(event) == Some(last.id)
    {
        touch(last, event);
    }
}

/// What a change of name, topic, members or roles does to a line.
fn describe(info: &mut Conversation, change: &Change, me: Option<PersonId>, people: &People) {
    match change {
        Change::Described { name, topic, open } => {
            if name.is_some() {
                info.name.clone_from(name);
            }
            if let Some(topic) = topic {
                info.topic = Some(topic.clone()).filter(|topic| !topic.is_empty());
            }
            info.open = open.unwrap_or(info.open);
        }
        Change::Joined { members } => {
            info.member_count = info.member_count.saturating_add(count(members));
            info.guests.extend(guests(members, people));
            few(&mut info.guests);
        }
        Change::Left { person } => {
            info.member_count = info.member_count.saturating_sub(1);
            info.guests.retain(|guest| guest != person);
        }
        Change::RoleSet { member } if Some(member.person) == me => info.role = member.role,
        _ => {}
    }
}

/// What an event does to a list of members that was loaded before it.
pub(super) fn members(list: &mut Vec<Member>, change: &Change) {
    match change {
        Change::Joined { members } => list.extend(members.iter().cloned()),
        Change::Left { person } => list.retain(|member| member.person != *person),
        Change::RoleSet { member } => {
            if let Some(known) = list.iter_mut().find(|known| known.person == member.person) {
                known.role = member.role;
            }
        }
        _ => {}
    }
}

/// Those of the members who are from outside, as far as they are known.
fn guests(members: &[Member], people: &People) -> impl Iterator<Item = PersonId> {
    let guest = |id: &PersonId| people.get(id).is_some_and(|person| person.guest);
    members.iter().map(|member| member.person).filter(guest)
}

/// As the server names them: each once, in the order of ids, no more than it names.
fn few(guests: &mut Vec<PersonId>) {
    guests.sort_unstable();
    guests.dedup();
    guests.truncate(MAX_GUESTS_NAMED);
}

fn count(members: &[Member]) -> u32 {
    u32::try_from(members.len()).unwrap_or(u32::MAX)
}

/// The line of a conversation that begins with this event.
pub(super) fn beginning(event: &Event, me: Option<PersonId>, people: &People) -> Option<Conversation> {
    let Change::Created { kind, name, topic, open, members } = &event.change else { return None };
    let own = members.iter().find(|member| Some(member.person) == me);
    let with = match kind {
        ConversationKind::Direct => {
            let other = members.iter().map(|member| member.person).find(|person| Some(*person) != me);
            other.or(me)
        }
        ConversationKind::Group | ConversationKind::Announcement => None,
    };
    let mut outside: Vec<PersonId> = guests(members, people).collect();
    few(&mut outside);
    Some(Conversation {
        id: event.conversation,
        kind: *kind,
        name: name.clone(),
        topic: topic.clone(),
        with,
        open: *open,
        role: own.map_or(MemberRole::Member, |member| member.role),
        other: with.filter(|with| Some(*with) != me).map(|person| MemberMark {
            person,
            received: 0,
            read: 0,
        }),
        member_count: count(members),
        guests: outside,
        member_since: event.seq,
        last_seq: event.seq,
        last_ordinal: 0,
        read: 0,
        last_message: None,
        last_at: event.at,
        draft: String::new(),
        draft_urgent: false,
    })
}
