//! A line that is cut loses and doubles nothing.

use chancery_protocol::acceptable_use::RuleOutcome;
use chancery_protocol::command::{Acknowledge, Delete, React};
use chancery_protocol::ids::Id;

use super::*;

fn id(n: u8) -> ClientId {
    ClientId::from_bytes([n; 16])
}

fn here() -> ConversationId {
    ConversationId::from_bytes([9; 16])
}

fn message(n: u8) -> RecordId {
    RecordId::from_bytes([n; 16])
}

fn me() -> PersonId {
    PersonId::from_bytes([1; 16])
}

fn edit(n: u8, at: u8, text: &str) -> Command {
    Edit { client_id: id(n), conversation: here(), message: message(at), text: text.to_owned() }.into()
}

fn react(n: u8, at: u8, on: bool) -> Command {
    let reaction = "agreed".to_owned();
    React { client_id: id(n), conversation: here(), message: message(at), reaction, on }.into()
}

fn delete(n: u8, at: u8) -> Command {
    Delete { client_id: id(n), conversation: here(), message: message(at) }.into()
}

#[test]
fn an_acknowledgement_is_shown_as_on_its_way_until_its_event() {
    let mut acts = Acts::default();
    acts.connected(true);
    acts.push(Acknowledge { client_id: id(1), conversation: here(), message: message(1) }.into());
    let shown = |acts: &Acts| {
        let mut item = item(1);
        acts.overlay(&mut item, me());
        (item.acknowledging, item.change)
    };
    assert_eq!(shown(&acts), (true, None), "the message itself does not change");
    assert_eq!(acts.due(0).len(), 1);
    acts.recorded(id(1), recorded(7));
    assert!(shown(&acts).0);
    acts.over(id(1));
    assert!(!shown(&acts).0);
}

fn recorded(seq: u64) -> Recorded {
    Recorded { record: message(99), seq, at: 0 }
}

fn item(n: u8) -> Item {
    Item {
        id: Some(message(n)),
        client_id: None,
        ordinal: 1,
        author: me(),
        at: 0,
        content: Content::Text { text: "before".to_owned(), mentions: Vec::new() },
        edited_at: None,
        reactions: Vec::new(),
        urgent: true,
        acknowledged: Vec::new(),
        acknowledging: false,
        stage: Stage::Sent,
        change: None,
        reacting: Vec::new(),
        held: None,
        reply_to: None,
        seq: 1,
        head: true,
    }
}

fn shown(acts: &Acts, n: u8) -> Item {
    let mut item = item(n);
    acts.overlay(&mut item, me());
    item
}

fn problem(code: &str) -> Problem {
    Problem {
        kind: String::new(),
        code: code.to_owned(),
        status: 400,
        title: String::new(),
        detail: None,
        field: None,
        errors: Vec::new(),
        notices: Vec::new(),
        token: None,
        retry_after: None,
        position: None,
    }
}

#[test]
fn what_was_not_answered_is_sent_again_unchanged() {
    let mut acts = Acts::default();
    acts.push(edit(1, 5, "after"));
    assert!(acts.due(0).is_empty(), "no line");
    acts.connected(true);
    assert_eq!(acts.due(0), [edit(1, 5, "after")]);
    assert!(acts.due(0).is_empty(), "once");
    acts.connected(false);
    assert_eq!(acts.unsent(), 1);
    acts.connected(true);
    assert_eq!(acts.due(0), [edit(1, 5, "after")]);
}

#[test]
fn acts_on_one_message_go_one_after_the_other() {
    let mut acts = Acts::default();
    acts.connected(true);
    acts.push(edit(1, 5, "a"));
    acts.push(delete(2, 5));
    acts.push(edit(3, 6, "b"));
    assert_eq!(acts.due(0), [edit(1, 5, "a"), edit(3, 6, "b")]);
    acts.recorded(id(1), recorded(7));
    assert_eq!(acts.due(0), [delete(2, 5)]);
}

#[test]
fn a_message_is_shown_as_it_will_be() {
    let mut acts = Acts::default();
    acts.push(edit(1, 5, "after"));
    let item = shown(&acts, 5);
    assert_eq!(item.content, Content::Text { text: "after".to_owned(), mentions: Vec::new() });
    assert_eq!(item.change, Some((id(1), Stage::Waiting)));
    assert_eq!(shown(&acts, 6), self::item(6), "others are not touched");
    acts.push(react(2, 6, true));
    let item = shown(&acts, 6);
    assert_eq!((item.reactions[0].people.as_slice(), item.reacting.len()), (&[me()][..], 1));
    acts.push(delete(3, 5));
    assert_eq!(shown(&acts, 5).content, Content::Deleted);
}

#[test]
fn a_reaction_put_on_and_off_before_it_was_sent_is_nothing() {
    let mut acts = Acts::default();
    acts.push(react(1, 5, true));
    acts.push(react(2, 5, false));
    assert!(acts.is_empty());
    acts.push(react(3, 5, true));
    acts.connected(true);
    assert_eq!(acts.due(0).len(), 1);
    acts.connected(false);
    acts.push(react(4, 5, false));
    assert_eq!(acts.unsent(), 2, "the first may be on the record");
}

#[test]
fn a_refused_edit_stays_and_other_refusals_are_told() {
    let mut acts = Acts::default();
    acts.connected(true);
    acts.push(edit(1, 5, "after"));
    acts.push(delete(2, 6));
    assert_eq!(acts.due(0).len(), 2);
    assert!(acts.refused(id(1), &problem("not_author"), 0).is_none());
    assert!(matches!(shown(&acts, 5).change, Some((_, Stage::Failed(_)))));
    assert!(acts.refused(id(2), &problem("already_deleted"), 0).is_some());
    acts.retry(id(1));
    assert_eq!(acts.due(0), [edit(1, 5, "after")]);
    acts.discard(id(1));
    assert_eq!(acts.unsent(), 1, "it may be on the record by now");
}

#[test]
fn the_server_may_ask_to_come_again() {
    let mut acts = Acts::default();
    acts.connected(true);
    acts.push(edit(1, 5, "after"));
    assert_eq!(acts.due(0).len(), 1);
    let wait = Problem { retry_after: Some(3), ..problem("rate_limited") };
    assert!(acts.refused(id(1), &wait, 0).is_none());
    assert!(acts.due(2_999_999).is_empty());
    assert_eq!(acts.due(3_000_000).len(), 1);
}

#[test]
fn what_is_recorded_leaves_once_the_log_shows_it() {
    let mut acts = Acts::default();
    acts.connected(true);
    acts.push(edit(1, 5, "after"));
    assert_eq!(acts.due(0).len(), 1);
    acts.recorded(id(1), recorded(7));
    assert_eq!(shown(&acts, 5).change, None, "nothing more to say");
    acts.settle(&ClientState::default());
    assert!(acts.is_empty(), "no log is open");
}

fn asks(token: &str) -> Problem {
    let notice = Notice {
        rule: "account-numbers".to_owned(),
        name: "Account numbers".to_owned(),
        outcome: RuleOutcome::Warn,
        why: String::new(),
        ask: String::new(),
        spans: Vec::new(),
    };
    Problem { token: Some(token.to_owned()), notices: vec![notice], ..problem("reason_wanted") }
}

fn confirmed(token: &str, command: Command) -> Command {
    Confirm { token: token.to_owned(), reason: "As agreed".to_owned(), command: Box::new(command) }.into()
}

#[test]
fn an_edit_that_is_asked_about_is_not_shown_as_done_and_goes_out_with_its_reason() {
    let mut acts = Acts::default();
    acts.connected(true);
    acts.push(edit(1, 5, "after"));
    acts.push(delete(2, 5));
    assert_eq!(acts.due(0).len(), 1);
    assert!(acts.refused(id(1), &asks("old"), 0).is_none());
    assert_eq!(shown(&acts, 5).content, Content::Deleted, "only what comes behind it is shown");
    let caught = acts.caught(here()).unwrap();
    assert_eq!((caught.client_id, caught.message, caught.text.as_str()), (id(1), message(5), "after"));
    assert_eq!(caught.warned.map(|(notices, _, again)| (notices.len(), again)), Some((1, false)));
    assert!(acts.due(0).is_empty(), "what comes behind it waits");
    acts.confirm(id(1), "As agreed".to_owned());
    assert_eq!(acts.caught(here()), None);
    assert_eq!(acts.due(0), [confirmed("old", edit(1, 5, "after"))]);
    acts.connected(false);
    acts.connected(true);
    assert_eq!(acts.due(0), [confirmed("old", edit(1, 5, "after"))]);
    assert!(acts.refused(id(1), &problem("confirm_stale"), 0).is_none());
    assert_eq!(acts.due(0), [edit(1, 5, "after")], "sent as it was written");
    assert!(acts.refused(id(1), &asks("new"), 0).is_none());
    assert_eq!(acts.caught(here()).and_then(|caught| caught.warned).map(|(_, _, again)| again), Some(true));
    acts.discard(id(1));
    assert_eq!(acts.due(0), [delete(2, 5)]);
}

#[test]
fn another_text_takes_the_place_of_one_that_did_not_pass() {
    let mut acts = Acts::default();
    acts.connected(true);
    acts.push(edit(1, 5, "bad"));
    assert_eq!(acts.due(0).len(), 1);
    let blocked = Problem { notices: asks("").notices, ..problem("blocked_by_rule") };
    assert!(acts.refused(id(1), &blocked, 0).is_none());
    assert_eq!(acts.caught(here()).map(|caught| caught.warned), Some(None));
    acts.push(edit(2, 5, "good"));
    assert_eq!(acts.due(0), [edit(2, 5, "good")]);
    acts.over(id(2));
    assert!(acts.is_empty(), "it waits for an officer");
}
