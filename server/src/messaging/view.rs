//! What a reader may see of a message: the one function every text leaves through.
//!
//! Members see the current version, "edited" and when, and that something was deleted; never an earlier version.

use chancery_ledger::{Header, Kind, Stream};
use chancery_protocol::Micros;
use chancery_protocol::conversation::{Acknowledgement, Change, Content, Event, Member, Message};
use chancery_protocol::ids::{ClientId, ConversationId, Id, PersonId, RecordId};

use super::body::{EditBody, MessageBody, ReactionBody};
use super::state::Row;
use crate::acceptable_use::{Removed, without};
use crate::conversations::{CreatedBody, DescribedBody, JoinedBody, RoleBody};
use crate::journal::{Damaged, Opened, decode_body};

/// A text as members get it.
fn shown_text(text: String, removed: &[Removed], mentions: Vec<PersonId>) -> Content {
    let text = if removed.is_empty() { text } else { without(&text, removed) };
    Content::Text { text, mentions }
}

/// What a message or edit record says, as typed, and what members do not get of it; when it is one and belongs to this message.
pub(super) fn typed(
    opened: &Opened,
    message: RecordId,
    conversation: ConversationId,
) -> Option<(String, Vec<Removed>)> {
    let Header { kind, stream, target, .. } = &opened.header;
    if *stream != Stream::Conversation(conversation.bytes()) {
        return None;
    }
    match kind {
        Kind::Message if opened.record() == message => {
            let body: MessageBody = decode_body(&opened.body)?;
            Some((body.text, body.removed))
        }
        Kind::Edit if *target == Some(message.bytes()) => {
            let body: EditBody = decode_body(&opened.body)?;
            Some((body.text, body.removed))
        }
        _ => None,
    }
}

/// The text of a message or edit record, when it is one and belongs to this message.
fn text_of(
    opened: &Opened,
    message: RecordId,
    conversation: ConversationId,
) -> Option<(Content, Option<ClientId>)> {
    let Header { kind, stream, target, .. } = &opened.header;
    if *stream != Stream::Conversation(conversation.bytes()) {
        return None;
    }
    match kind {
        Kind::Message if opened.record() == message => {
            let body: MessageBody = decode_body(&opened.body)?;
            Some((shown_text(body.text, &body.removed, body.mentions), Some(body.client_id)))
        }
        Kind::Edit if *target == Some(message.bytes()) => {
            let body: EditBody = decode_body(&opened.body)?;
            Some((shown_text(body.text, &body.removed, body.mentions), None))
        }
        _ => None,
    }
}

/// A message as a member sees it. `reactions`, `acknowledged` and the record of its present text are opened already; `None` when that
/// record is not in the journal.
pub(super) fn view(
    row: &Row,
    reactions: Vec<chancery_protocol::conversation::ReactionCount>,
    acknowledged: Vec<Acknowledgement>,
    text: Option<Result<Opened, Damaged>>,
) -> Message {
    let (content, client_id) = match (row.deleted_at, text) {
        (Some(_), _) => (Content::Deleted, None),
        (None, Some(Ok(record))) => text_of(&record, row.id, row.conversation)
            .unwrap_or((Content::Damaged { position: record.header.position }, None)),
        (None, Some(Err(damaged))) => (Content::Damaged { position: damaged.position }, None),
        (None, None) => (Content::Damaged { position: 0 }, None),
    };
    Message {
        id: row.id,
        seq: row.seq,
        ordinal: row.ordinal,
        author: row.author,
        at: row.at,
        content,
        // A restoration says it again; until then there is no text that was edited.
        edited_at: row.edited_at.filter(|_| row.deleted_at.is_none()),
        revision: row.revision,
        reply_to: row.reply_to,
        thread_root: row.thread_root,
        reactions,
        urgent: row.urgent,
        acknowledged,
        client_id: client_id.filter(|_| row.revision == row.seq),
    }
}

/// What the current state says about the message an event touches.
pub(super) struct Now {
    pub ordinal: u64,
    /// Whether this event's text is what is shown now.
    pub shown: bool,
    /// The text shown now and when it was last edited, for a restoration.
    pub restored: Option<(Content, Option<Micros>)>,
}

/// What keeps the place of a damaged record that does not even say which message it is about: a superseded text of
/// a message nobody knows. The log stays dense, and its neighbours readable.
pub(super) fn nothing(header: &Header) -> Event {
    let record = RecordId::from_bytes(header.record);
    let conversation = match header.stream {
        Stream::Conversation(id) => id,
        Stream::Person(_) | Stream::System => [0; 16],
    };
    Event {
        conversation: ConversationId::from_bytes(conversation),
        seq: header.seq.unwrap_or_default(),
        record,
        at: header.at,
        actor: header.actor.map(PersonId::from_bytes),
        change: Change::Edited { message: record, content: Content::Superseded },
    }
}

/// An event as members see it. Text of a version that is not shown any more becomes
/// [`Content::Superseded`]; a later event of the same log says what is shown.
///
/// `None` when the record is not one of a conversation's log.
pub(super) fn event(header: &Header, body: Option<&[u8]>, now: &Now) -> Option<Event> {
    let Stream::Conversation(conversation) = header.stream else { return None };
    let conversation = ConversationId::from_bytes(conversation);
    let target = header.target.map(RecordId::from_bytes);
    let damaged = Content::Damaged { position: header.position };
    let shown = |content: Option<Content>| match content {
        _ if !now.shown => Content::Superseded,
        Some(content) => content,
        None => damaged.clone(),
    };
    let change = match header.kind {
        Kind::ConversationCreated => {
            let body: CreatedBody = decode_body(body?)?;
            Change::Created {
                kind: body.kind,
                name: body.name,
                topic: body.topic,
                open: body.open,
                members: body.members,
            }
        }
        Kind::ConversationDescribed => {
            let body: DescribedBody = decode_body(body?)?;
            Change::Described { name: body.name, topic: body.topic, open: body.open }
        }
        Kind::MembersJoined => {
            let body: JoinedBody = decode_body(body?)?;
            Change::Joined { members: body.members }
        }
        Kind::MemberLeft => Change::Left { person: PersonId::from_bytes(header.target?) },
        Kind::MemberRoleSet => {
            let body: RoleBody = decode_body(body?)?;
            Change::RoleSet {
                member: Member { person: PersonId::from_bytes(header.target?), role: body.role },
            }
        }
        Kind::Message => {
            let body: Option<MessageBody> = body.and_then(decode_body);
            let meta = body.as_ref().map(|body| (body.reply_to, body.thread_root, body.client_id));
            let urgent = body.as_ref().is_some_and(|body| body.urgent);
            let content = body.map(|body| shown_text(body.text, &body.removed, body.mentions));
            Change::Message {
                ordinal: now.ordinal,
                content: shown(content),
                reply_to: meta.and_then(|(reply_to, ..)| reply_to),
                thread_root: meta.and_then(|(_, thread_root, _)| thread_root),
                client_id: meta.map(|(.., client_id)| client_id),
                urgent,
            }
        }
        Kind::Edit => {
            let body: Option<EditBody> = body.and_then(decode_body);
            let content = body.map(|body| shown_text(body.text, &body.removed, body.mentions));
            Change::Edited { message: target?, content: shown(content) }
        }
        Kind::Deletion => Change::Deleted { message: target? },
        Kind::Restore => {
            let (content, edited_at) = now.restored.clone().unwrap_or((Content::Superseded, None));
            Change::Restored {
                message: target?,
                content: if now.shown { content } else { Content::Superseded },
                edited_at,
            }
        }
        Kind::ReactionAdded | Kind::ReactionRemoved => {
            let body: ReactionBody = body.and_then(decode_body)?;
            Change::Reacted {
                message: target?,
                reaction: body.reaction,
                on: header.kind == Kind::ReactionAdded,
            }
        }
        Kind::Acknowledged => Change::Acknowledged { message: target? },
        _ => return None,
    };
    Some(Event {
        conversation,
        seq: header.seq?,
        record: RecordId::from_bytes(header.record),
        at: header.at,
        actor: header.actor.map(PersonId::from_bytes),
        change,
    })
}
