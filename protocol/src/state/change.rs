//! What one event does to a message and to a line of the list.
//!
//! A message is touched only by events newer than its `revision`. A deleted message keeps its reactions (they are
//! not shown, and come back with a restore) and has no `edited_at`.

use crate::conversation::{
    Change, Content, Conversation, ConversationKind, Event, Message, REACTIONS, ReactionCount,
};
use crate::ids::{PersonId, RecordId};

/// The message an event touches; the one it writes is its own record.
pub(crate) fn target(event: &Event) -> Option<RecordId> {
    match &event.change {
        Change::Created { .. } => None,
        Change::Message { .. } => Some(event.record),
        Change::Edited { message, .. }
        | Change::Deleted { message }
        | Change::Restored { message, .. }
        | Change::Reacted { message, .. } => Some(*message),
    }
}

/// The message an event writes.
pub(super) fn message(event: &Event) -> Option<Message> {
    let Change::Message { ordinal, content, reply_to, thread_root, client_id } = &event.change else {
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
        client_id: *client_id,
    })
}

/// Applies an event to the message it touches, unless the message is as new.
pub(super) fn touch(message: &mut Message, event: &Event) {
    if event.seq <= message.revision {
        return;
    }
    match &event.change {
        Change::Created { .. } | Change::Message { .. } => return,
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
pub(super) fn line(info: &mut Conversation, event: &Event, me: Option<PersonId>) {
    info.last_seq = event.seq;
    info.last_at = event.at;
    if let Some(message) = message(event) {
        info.last_ordinal = message.ordinal;
        if Some(message.author) == me {
            info.read = info.read.max(message.ordinal);
        }
        info.last_message = Some(message);
    } else if let Some(last) = &mut info.last_message
        && target(event) == Some(last.id)
    {
        touch(last, event);
    }
}

/// The line of a conversation that begins with this event.
pub(super) fn beginning(event: &Event, me: Option<PersonId>) -> Option<Conversation> {
    let Change::Created { kind, name, topic, members } = &event.change else { return None };
    let with = match kind {
        ConversationKind::Direct => {
            let other = members.iter().map(|member| member.person).find(|person| Some(*person) != me);
            other.or(me)
        }
        ConversationKind::Group => None,
    };
    Some(Conversation {
        id: event.conversation,
        kind: *kind,
        name: name.clone(),
        topic: topic.clone(),
        with,
        member_count: u32::try_from(members.len()).unwrap_or(u32::MAX),
        member_since: event.seq,
        last_seq: event.seq,
        last_ordinal: 0,
        read: 0,
        last_message: None,
        last_at: event.at,
        draft: String::new(),
    })
}
