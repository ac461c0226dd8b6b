//! Days, dividers, groups.

use chancery_protocol::acceptable_use::{AttemptState, RuleOutcome};
use chancery_protocol::command::Send;
use chancery_protocol::ids::{ConversationId, Id};
use chancery_protocol::outbox::Outbox;
use chancery_protocol::problem::Problem;

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
            urgent: false,
            acknowledged: Vec::new(),
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
    with(log, outbox, &[], read)
}

fn with(log: &Log, outbox: &Outbox, attempts: &[Attempt], read: Option<u64>) -> Timeline {
    let pending = outbox.shown(ConversationId::from_bytes([9; 16]), Some(log));
    Timeline::of(log, pending, attempts, Some(person(1)), read, &Acts::default(), |at| at / DAY)
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
        urgent: false,
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

#[test]
fn what_is_urgent_has_a_head_of_its_own() {
    let mut urgent = message(2, 1, 1);
    if let Entry::Message { message } = &mut urgent {
        message.urgent = true;
    }
    let log = log(vec![message(1, 1, 0), urgent, message(3, 1, 2), message(4, 1, 3)]);
    assert_eq!(heads(&timeline(&log, &Outbox::default(), None)), [true, true, true, false]);
}

fn client(n: u8) -> ClientId {
    ClientId::from_bytes([n; 16])
}

fn attempt(n: u8, at: Micros, message: Option<u8>) -> Attempt {
    Attempt {
        id: RecordId::from_bytes([n; 16]),
        conversation: ConversationId::from_bytes([9; 16]),
        at,
        client_id: client(n),
        text: "kept back".to_owned(),
        message: message.map(|seq| RecordId::from_bytes([seq; 16])),
        reply_to: None,
        thread_root: None,
        urgent: false,
        notices: Vec::new(),
        state: AttemptState::Waiting,
    }
}

#[test]
fn what_rules_keep_back_stands_where_it_was_written() {
    let mut log = log(vec![message(1, 2, MINUTE), message(2, 2, 3 * MINUTE)]);
    let held = [
        attempt(9, 4 * MINUTE, None),
        attempt(8, 2 * MINUTE, None),
        attempt(7, 0, None),
        attempt(6, 0, Some(2)),
    ];
    let keys = |log: &Log| {
        let keys = with(log, &Outbox::default(), &held, None).keys;
        keys.into_iter().filter(|key| !matches!(key, Key::Day(_))).collect::<Vec<_>>()
    };
    let of = |n: u8| Key::Message(RecordId::from_bytes([n; 16]));
    assert_eq!(keys(&log), [Key::Own(client(7)), of(1), Key::Own(client(8)), of(2), Key::Own(client(9))]);
    let shown = with(&log, &Outbox::default(), &held, None);
    let other = shown.item(of(2)).and_then(|item| item.held.as_ref());
    assert_eq!(
        other.map(|attempt| attempt.client_id),
        Some(client(6)),
        "another text stands with its message"
    );
    assert_eq!(shown.item(Key::Own(client(8))).map(|item| item.stage.clone()), Some(Stage::Held));
    log.more_before = true;
    assert_eq!(keys(&log).first(), Some(&of(1)), "it stands further up");
    log.seq += 9;
    assert_eq!(keys(&log).last(), Some(&of(2)), "it stands further down");
}

#[test]
fn what_is_asked_about_stands_in_the_question_and_what_is_blocked_where_it_was_written() {
    let mut outbox = Outbox::default();
    outbox.on_connected();
    for (n, at) in [(1, 2 * MINUTE), (2, 3 * MINUTE)] {
        let conversation = ConversationId::from_bytes([9; 16]);
        let send = Send {
            client_id: client(n),
            conversation,
            text: String::new(),
            reply_to: None,
            thread_root: None,
            urgent: false,
        };
        outbox.push(send, at);
    }
    let notice = Notice {
        rule: String::new(),
        name: String::new(),
        outcome: RuleOutcome::Block,
        why: String::new(),
        ask: String::new(),
        spans: Vec::new(),
    };
    let problem = |code: &str| Problem {
        kind: String::new(),
        code: code.to_owned(),
        status: 400,
        title: String::new(),
        detail: None,
        field: None,
        errors: Vec::new(),
        notices: vec![notice.clone()],
        token: Some(String::new()),
        retry_after: None,
        position: None,
    };
    let log = log(vec![message(1, 2, MINUTE), message(2, 2, 4 * MINUTE)]);
    let own = |outbox: &Outbox| {
        let shown = timeline(&log, outbox, None);
        shown.keys.into_iter().filter(|key| !matches!(key, Key::Day(_))).map(Key::name).collect::<Vec<_>>()
    };
    let [first, second] = [1, 2].map(|n| Key::Message(RecordId::from_bytes([n; 16])).name());
    let [one, two] = [1, 2].map(|n| Key::Own(client(n)).name());
    assert_eq!(outbox.due(0).len(), 1);
    assert_eq!(own(&outbox), [first.clone(), second.clone(), one.clone(), two.clone()]);
    outbox.refused(client(1), &problem("reason_wanted"), 0);
    assert_eq!(own(&outbox), [first.clone(), second.clone(), two.clone()]);
    outbox.confirm(client(1), String::new());
    assert_eq!(outbox.due(0).len(), 1);
    outbox.refused(client(1), &problem("blocked_by_rule"), 0);
    assert_eq!(own(&outbox), [first, one, second, two]);
}
