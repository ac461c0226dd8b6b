//! The outbox alone, and together with the reducer against a server that remembers client ids.

use proptest::prelude::*;

use super::*;
use crate::acceptable_use::{Attempt, AttemptState, RuleOutcome};
use crate::conversation::{Change, Content, Event};
use crate::frame::Frame;
use crate::ids::{Id, PersonId, RecordId};
use crate::state::{Effects, apply};

fn conversation(which: u8) -> ConversationId {
    ConversationId::from_bytes([which; 16])
}

fn client_id(which: u8) -> ClientId {
    ClientId::from_bytes([which; 16])
}

fn send(which: u8, place: u8) -> Send {
    Send {
        client_id: client_id(which),
        conversation: conversation(place),
        text: format!("{which}"),
        reply_to: None,
        thread_root: None,
        urgent: which.is_multiple_of(2),
    }
}

fn sent(which: u8, place: u8) -> Command {
    send(which, place).into()
}

fn confirmed(token: &str, which: u8, place: u8) -> Command {
    let command = Box::new(sent(which, place));
    Confirm { token: token.to_owned(), reason: REASON.to_owned(), command }.into()
}

const REASON: &str = "Settlement: the client wants it in writing";

fn asks(token: &str) -> Problem {
    let notice = Notice {
        rule: "account-numbers".to_owned(),
        name: "Account numbers".to_owned(),
        outcome: RuleOutcome::Warn,
        why: String::new(),
        ask: String::new(),
        spans: vec![(0, 1)],
    };
    Problem { notices: vec![notice], token: Some(token.to_owned()), ..problem("reason_wanted", None) }
}

fn problem(code: &str, retry_after: Option<u32>) -> Problem {
    Problem {
        kind: format!("urn:chancery:problem:{code}"),
        code: code.to_owned(),
        status: 400,
        title: String::new(),
        detail: None,
        field: None,
        errors: Vec::new(),
        notices: Vec::new(),
        token: None,
        retry_after,
        position: None,
    }
}

fn recorded(seq: u64) -> Recorded {
    Recorded { record: RecordId::from_bytes([1; 16]), seq, at: 0 }
}

#[test]
fn one_of_each_conversation_is_under_way() {
    let mut outbox = Outbox::default();
    for (which, place) in [(1, 1), (2, 1), (3, 2)] {
        outbox.push(send(which, place), 0);
    }
    assert_eq!(outbox.due(0), []);
    outbox.on_connected();
    assert_eq!(outbox.due(0), [sent(1, 1), sent(3, 2)]);
    assert_eq!(outbox.due(0), []);
    outbox.recorded(client_id(1), recorded(5));
    assert_eq!(outbox.due(0), [sent(2, 1)]);
    outbox.on_disconnected();
    outbox.on_connected();
    assert_eq!(outbox.due(0), [sent(2, 1), sent(3, 2)]);
}

#[test]
fn a_refusal_stays_until_it_is_sent_again_or_discarded() {
    let mut outbox = Outbox::default();
    outbox.on_connected();
    outbox.push(send(1, 1), 0);
    outbox.push(send(2, 1), 0);
    outbox.due(0);
    assert_eq!(outbox.discard(client_id(1)), None);
    outbox.refused(client_id(1), &problem("text_too_long", None), 0);
    assert_eq!(outbox.due(0), [sent(2, 1)]);
    assert!(outbox.has_unsent());
    outbox.retry(client_id(1));
    assert_eq!(outbox.due(0), []);
    outbox.recorded(client_id(2), recorded(1));
    assert_eq!(outbox.due(0), [sent(1, 1)]);
    outbox.refused(client_id(1), &problem("not_found", None), 0);
    assert_eq!(outbox.discard(client_id(1)).map(|pending| pending.send), Some(send(1, 1)));
    assert!(!outbox.has_unsent());
}

#[test]
fn a_server_that_is_busy_is_asked_again_later_and_in_order() {
    let mut outbox = Outbox::default();
    outbox.on_connected();
    outbox.push(send(1, 1), 0);
    outbox.push(send(2, 1), 0);
    outbox.due(0);
    outbox.refused(client_id(1), &problem("rate_limited", Some(3)), 0);
    assert_eq!(outbox.due(2_999_999), []);
    assert_eq!(outbox.due(3_000_000), [sent(1, 1)]);
    for (number, wait) in [2, 4, 8, 16, 30, 30].into_iter().enumerate() {
        let code = ["storage_unavailable", "server_stopping"][number % 2];
        outbox.refused(client_id(1), &problem(code, None), 0);
        assert_eq!(outbox.due(wait * 1_000_000 - 1), []);
        assert_eq!(outbox.due(wait * 1_000_000), [sent(1, 1)]);
    }
}

#[test]
fn a_warned_message_keeps_its_place() {
    let mut outbox = Outbox::default();
    outbox.on_connected();
    for (which, place) in [(1, 1), (2, 1), (3, 2), (4, 2)] {
        outbox.push(send(which, place), 0);
    }
    outbox.due(0);
    outbox.refused(client_id(1), &asks("t"), 0);
    assert_eq!(outbox.due(0), [], "what was written behind it waits");
    outbox.recorded(client_id(3), recorded(1));
    assert_eq!(outbox.due(0), [sent(4, 2)], "other conversations go on");
    assert_eq!(outbox.warned(conversation(1)).map(|pending| &pending.send), Some(&send(1, 1)));
    assert_eq!(outbox.warned(conversation(2)), None);
    outbox.on_disconnected();
    outbox.on_connected();
    assert_eq!(outbox.due(0), [sent(4, 2)], "the question is still open");
    outbox.retry(client_id(1));
    assert_eq!(outbox.due(0), []);
    outbox.confirm(client_id(1), REASON.to_owned());
    assert_eq!(outbox.warned(conversation(1)), None);
    assert_eq!(outbox.due(0), [confirmed("t", 1, 1)]);
    outbox.on_disconnected();
    outbox.on_connected();
    assert_eq!(outbox.due(0), [confirmed("t", 1, 1), sent(4, 2)], "the reason is not lost with the line");
    outbox.refused(client_id(1), &problem("rules_changed", None), 0);
    assert_eq!(outbox.due(FIRST_WAIT), [confirmed("t", 1, 1)]);
    outbox.recorded(client_id(1), recorded(2));
    assert_eq!(outbox.due(0), [sent(2, 1)]);
}

#[test]
fn a_warned_message_can_be_taken_back() {
    let mut outbox = Outbox::default();
    outbox.on_connected();
    outbox.push(send(1, 1), 0);
    outbox.push(send(2, 1), 0);
    outbox.due(0);
    outbox.refused(client_id(1), &asks("t"), 0);
    assert!(outbox.has_unsent());
    assert_eq!(outbox.discard(client_id(1)).map(|pending| pending.send), Some(send(1, 1)));
    assert_eq!(outbox.due(0), [sent(2, 1)]);
}

#[test]
fn a_reason_that_came_too_late_is_asked_for_again() {
    let again = |outbox: &Outbox| match &outbox.warned(conversation(1)).unwrap().progress {
        Progress::Warned { again, .. } => *again,
        other => panic!("{other:?}"),
    };
    let mut outbox = Outbox::default();
    outbox.on_connected();
    outbox.push(send(1, 1), 0);
    outbox.due(0);
    outbox.refused(client_id(1), &asks("old"), 0);
    assert!(!again(&outbox));
    outbox.confirm(client_id(1), REASON.to_owned());
    outbox.due(0);
    outbox.refused(client_id(1), &problem("confirm_stale", None), 0);
    assert_eq!(outbox.due(0), [sent(1, 1)], "sent as it was written");
    outbox.refused(client_id(1), &asks("new"), 0);
    assert!(again(&outbox));
    outbox.confirm(client_id(1), REASON.to_owned());
    assert_eq!(outbox.due(0), [confirmed("new", 1, 1)]);
    outbox.refused(client_id(1), &problem("blocked_by_rule", None), 0);
    assert_eq!(outbox.discard(client_id(1)).map(|pending| pending.send), Some(send(1, 1)));
}

/// What a rule has to say of a message in the run below.
#[derive(Clone, Copy, PartialEq)]
enum Rule {
    Nothing,
    Warn,
    Review,
}

fn rule(send: &Send) -> Rule {
    match send.client_id.bytes()[0] % 5 {
        0 => Rule::Warn,
        1 => Rule::Review,
        _ => Rule::Nothing,
    }
}

/// The client's whole way: outbox and reducer together, against a server that remembers client ids.
struct Run {
    outbox: Outbox,
    state: ClientState,
    to_server: Vec<Command>,
    answers: Vec<(Command, Result<crate::frame::Answer, Problem>)>,
    waiting: Vec<Attempt>,
    events: Vec<Event>,
    record: Vec<Event>,
    /// Those that waited and were taken back on another device.
    over: Vec<u8>,
    written: u8,
}

impl Run {
    fn take(&mut self, effects: Effects) {
        effects.seen.into_iter().for_each(|id| self.outbox.seen(id));
        for ask in effects.ask {
            if let Command::Fill(fill) = &ask {
                let answer = crate::frame::Answer::Filling(crate::conversation::Filling {
                    conversation: fill.conversation,
                    events: self.record[fill.after as usize..].to_vec(),
                    more: false,
                    people: vec![],
                });
                let effects = self.state.answered(&ask, &answer);
                self.take(effects);
            }
        }
    }

    fn connect(&mut self) {
        self.outbox.on_disconnected();
        self.to_server.clear();
        self.answers.clear();
        self.events.clear();
        let mut line = crate::testing::Server::default().line();
        line.id = conversation(1);
        line.last_seq = self.record.len() as u64;
        line.last_ordinal = line.last_seq;
        let mut hello = crate::testing::hello(vec![]);
        if let Frame::Hello(hello) = &mut hello {
            hello.conversations = vec![line];
        }
        let effects = apply(&mut self.state, &hello, 0);
        self.take(effects);
        self.outbox.on_connected();
        if let Some(ask) = self.state.waiting(conversation(1)) {
            let attempts = self.waiting.clone();
            let effects = self.state.answered(&ask, &crate::frame::Answer::Attempts { attempts });
            self.take(effects);
        }
    }

    fn serve(&mut self) {
        if self.to_server.is_empty() {
            return;
        }
        let command = self.to_server.remove(0);
        let Command::Send(send) = command.inner() else { panic!("{command:?}") };
        if rule(send) == Rule::Warn && command.tag() != "confirm" {
            return self.answers.push((command, Err(asks("t"))));
        }
        let known = self.record.iter().find(
            |event| matches!(event.change, Change::Message { client_id, .. } if client_id == Some(send.client_id)),
        );
        let seq = known.map_or(self.record.len() as u64 + 1, |event| event.seq);
        if self.over.contains(&send.client_id.bytes()[0]) {
            return self.answers.push((command, Ok(crate::frame::Answer::Done)));
        }
        if known.is_none() && rule(send) == Rule::Review {
            let attempt = attempt(send);
            if !self.waiting.contains(&attempt) {
                self.waiting.push(attempt.clone());
            }
            return self.answers.push((command, Ok(crate::frame::Answer::Waiting { attempt })));
        }
        if known.is_none() {
            let event = written(seq, send.client_id, send.text.clone());
            self.record.push(event.clone());
            self.events.push(event);
        }
        self.answers.push((command, Ok(crate::frame::Answer::Recorded(recorded(seq)))));
    }

    /// An officer lets the oldest message pass that waits.
    fn release(&mut self) {
        if self.waiting.is_empty() {
            return;
        }
        let attempt = self.waiting.remove(0);
        let event = written(self.record.len() as u64 + 1, attempt.client_id, attempt.text);
        self.record.push(event.clone());
        self.events.push(event);
    }

    /// The line breaks, and meanwhile the oldest message that waits is taken back on another device.
    fn take_back(&mut self) {
        if self.waiting.is_empty() {
            return;
        }
        let attempt = self.waiting.remove(0);
        self.over.push(attempt.client_id.bytes()[0]);
        self.connect();
    }

    fn hear(&mut self) {
        if self.answers.is_empty() {
            return;
        }
        let (command, answer) = self.answers.remove(0);
        let Command::Send(Send { client_id: id, .. }) = *command.inner() else { panic!("{command:?}") };
        match answer {
            Err(problem) => self.outbox.refused(id, &problem, 0),
            Ok(crate::frame::Answer::Recorded(recorded)) => self.outbox.recorded(id, recorded),
            Ok(answer) => {
                let effects = self.state.answered(&command, &answer);
                self.take(effects);
            }
        }
    }

    fn step(&mut self, op: u8) {
        match op % 11 {
            0 | 1 => {
                self.written += 1;
                self.outbox.push(send(self.written, 1), 0);
            }
            2 | 3 => self.serve(),
            4 => self.hear(),
            5 if !self.events.is_empty() => {
                let event = self.events.remove(0);
                let effects = apply(&mut self.state, &Frame::Event { event, people: vec![] }, 0);
                self.take(effects);
            }
            6 => self.outbox.settle(&self.state),
            7 if op > 128 => self.connect(),
            8 => {
                if let Some(id) = self.outbox.warned(conversation(1)).map(|pending| pending.send.client_id) {
                    self.outbox.confirm(id, REASON.to_owned());
                }
            }
            9 => self.release(),
            10 => self.take_back(),
            _ => {}
        }
        self.to_server.extend(self.outbox.due(0));
    }

    /// Every message written is shown exactly once: in the log, behind it or as waiting; one that was taken back elsewhere no
    /// longer than until that is known. But for those that an officer reads first, the order is that of writing.
    fn check(&self) {
        let log = self.state.conversations[&conversation(1)].log.as_ref();
        let text = |content: &Content| match content {
            Content::Text { text, .. } => text.clone(),
            other => panic!("{other:?}"),
        };
        let mut shown: Vec<String> =
            log.into_iter().flat_map(Log::messages).map(|m| text(&m.content)).collect();
        shown.extend(self.outbox.shown(conversation(1), log).map(|pending| pending.send.text.clone()));
        shown.extend(
            self.state.conversations[&conversation(1)].attempts.iter().map(|attempt| attempt.text.clone()),
        );
        let number = |text: &String| text.parse::<u8>().unwrap();
        let mut all: Vec<u8> = shown.iter().map(number).collect();
        let at_once: Vec<u8> =
            all.iter().copied().filter(|which| rule(&send(*which, 1)) != Rule::Review).collect();
        assert!(at_once.is_sorted(), "{shown:?}");
        all.sort_unstable();
        let gone = |which: &u8| self.over.contains(which) && !all.contains(which);
        assert_eq!(all, (1..=self.written).filter(|which| !gone(which)).collect::<Vec<_>>());
    }
}

fn written(seq: u64, client_id: ClientId, text: String) -> Event {
    Event {
        conversation: conversation(1),
        seq,
        record: RecordId::from_bytes([seq as u8; 16]),
        at: 0,
        actor: Some(me()),
        change: Change::Message {
            ordinal: seq,
            content: Content::Text { text, mentions: vec![] },
            reply_to: None,
            thread_root: None,
            client_id: Some(client_id),
            urgent: false,
        },
    }
}

fn attempt(send: &Send) -> Attempt {
    Attempt {
        id: RecordId::from_bytes(send.client_id.bytes()),
        conversation: send.conversation,
        at: 0,
        client_id: send.client_id,
        text: send.text.clone(),
        message: None,
        reply_to: None,
        thread_root: None,
        urgent: send.urgent,
        notices: vec![],
        state: AttemptState::Waiting,
    }
}

fn me() -> PersonId {
    crate::testing::person_id(crate::testing::ME)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn nothing_is_lost_or_shown_twice(ops in proptest::collection::vec(any::<u8>(), 0..200)) {
        let mut run = Run {
            outbox: Outbox::default(),
            state: ClientState::default(),
            to_server: vec![],
            answers: vec![],
            waiting: vec![],
            events: vec![],
            record: vec![],
            over: vec![],
            written: 0,
        };
        run.connect();
        let ask = run.state.open(conversation(1)).unwrap();
        let page = crate::conversation::HistoryPage {
            conversation: conversation(1), entries: vec![], as_of: 0, more: false, people: vec![],
        };
        run.state.answered(&ask, &crate::frame::Answer::History(page));
        for op in ops {
            run.step(op);
            run.check();
        }
        run.connect();
        for _ in 0..4 * usize::from(run.written) + 3 {
            [2, 4, 5, 8, 9].into_iter().for_each(|op| run.step(op));
            run.check();
        }
        prop_assert!(!run.outbox.has_unsent());
        prop_assert_eq!(run.outbox.shown(conversation(1), None).count(), 0);
        prop_assert_eq!(run.record.len() + run.over.len(), usize::from(run.written));
    }
}
