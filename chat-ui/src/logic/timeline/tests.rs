//! Days, dividers, groups.

use chancery_protocol::command::Send;
use chancery_protocol::ids::{ConversationId, Id};
use chancery_protocol::outbox::Outbox;

use super::*;

const MINUTE: Micros = 60_000_000;
const DAY: i64 = 86_400_000_000;

fn person(n: u8) -> PersonId {
    PersonId::from_bytes([n; 16])
}

fn message(seq: u64, author: u8, at: Micros) -> Entry {
    Entry::Message {
        message: Message {
            id: RecordId::from_bytes([u8::try_from(seq).expect("small"); 16]),
            seq,
            ordinal: seq,
            author: person(author),
            at,
            content: Content::Text { text: format!("message {seq}"), mentions: Vec::new() },
            edited_at: None,
            revision: seq,
            reply_to: None,
            thread_root: None,
            reactions: Vec::new(),
            client_id: None,
        },
    }
}

fn log(entries: Vec<Entry>) -> Log {
    let mut log = Log::default();
    log.entries = entries.into_iter().map(|entry| (entry.seq(), entry)).collect();
    log
}

fn timeline(log: &Log, outbox: &Outbox, read: Option<u64>) -> Timeline {
    let conversation = ConversationId::from_bytes([9; 16]);
    Timeline::of(
        log,
        outbox.shown(conversation, Some(log)),
        &[],
        Some(person(1)),
        read,
        &Acts::default(),
        |at| at / DAY,
    )
}

fn heads(timeline: &Timeline) -> Vec<bool> {
    timeline
        .keys
        .iter()
        .filter_map(|key| match &timeline.rows[key] {
            Row::Message(item) => Some(item.head),
            _ => None,
        })
        .collect()
}

#[test]
fn five_minutes_of_one_person_are_a_group() {
    let log = log(vec![
        message(1, 1, 0),
        message(2, 1, 5 * MINUTE),
        message(3, 1, 10 * MINUTE + 1),
        message(4, 2, 10 * MINUTE + 2),
        message(5, 1, 10 * MINUTE + 3),
    ]);
    assert_eq!(heads(&timeline(&log, &Outbox::default(), None)), [true, false, true, true, true]);
}

#[test]
fn days_are_parted_and_begin_groups() {
    let log = log(vec![message(1, 1, DAY - 1), message(2, 1, DAY), message(3, 1, DAY - 1)]);
    let timeline = timeline(&log, &Outbox::default(), None);
    let days = timeline.keys.iter().filter(|key| matches!(key, Key::Day(_))).count();
    assert_eq!(days, 2);
    assert_eq!(heads(&timeline), [true, true, false]);
}

#[test]
fn the_divider_stands_before_the_first_unread_of_others() {
    let log = log(vec![message(1, 2, 0), message(2, 1, 1), message(3, 2, 2), message(4, 2, 3)]);
    let timeline = timeline(&log, &Outbox::default(), Some(1));
    let at = timeline.keys.iter().position(|key| *key == Key::New).expect("a divider");
    assert_eq!(timeline.keys[at + 1], Key::Message(RecordId::from_bytes([3; 16])));
    assert!(!super::tests::timeline(&log, &Outbox::default(), Some(4)).keys.contains(&Key::New));
    assert!(!super::tests::timeline(&log, &Outbox::default(), None).keys.contains(&Key::New));
}

#[test]
fn a_message_keeps_its_key_from_writing_to_the_record() {
    let client_id = ClientId(chancery_protocol::ids::RecordId::from_bytes([77; 16]).0);
    let mut outbox = Outbox::default();
    let send = Send {
        client_id,
        conversation: ConversationId::from_bytes([9; 16]),
        text: "hello".to_owned(),
        reply_to: None,
        thread_root: None,
    };
    outbox.push(send, 0);
    let before = timeline(&log(vec![message(1, 2, 0)]), &outbox, None);
    assert_eq!(before.keys.last(), Some(&Key::Own(client_id)));
    assert_eq!(before.last_own(person(1)), None, "what is not on the record cannot be edited");

    let mut sent = message(2, 1, 1);
    if let Entry::Message { message } = &mut sent {
        message.client_id = Some(client_id);
    }
    let after = timeline(&log(vec![message(1, 2, 0), sent]), &outbox, None);
    assert_eq!(after.keys, before.keys);
    assert!(matches!(&after.rows[&Key::Own(client_id)], Row::Message(item) if item.stage == Stage::Sent));
    assert_eq!(after.last_own(person(1)).map(|item| item.ordinal), Some(2));
}
