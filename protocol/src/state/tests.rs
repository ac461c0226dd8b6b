//! A model server answers from the whole history by definition, not by reducing; a model line loses, repeats
//! and reorders. Whatever happens, the client ends up with what the server would answer.

use proptest::prelude::*;

use super::*;
use crate::command::{Fill, Members, Ping};
use crate::conversation::Entry;
use crate::testing::{ME, OTHER, Server, conversation, event, hello, person_id};

#[derive(Debug, Clone)]
enum Op {
    /// The server commits one event: which sort, by whom, at which message.
    Commit(u8, u8, u8),
    /// The next frame arrives.
    Deliver,
    /// A frame is lost, repeated, or overtakes the one before it.
    Lose(u8),
    Repeat(u8),
    Overtake(u8),
    /// The server answers the oldest request; the answer is under way.
    Serve,
    /// An answer arrives.
    Arrive(u8),
    Reconnect,
    Open,
    Close,
    Older,
    /// Somebody looks at the list of members.
    Members,
    Newer,
    /// Another stretch is asked for, or what is far away is dropped.
    Jump(u8),
    Trim(u8, u8),
}

fn ops() -> impl Strategy<Value = Vec<Op>> {
    let op = prop_oneof![
        8 => (any::<u8>(), any::<u8>(), any::<u8>()).prop_map(|(a, b, c)| Op::Commit(a, b, c)),
        8 => Just(Op::Deliver),
        1 => any::<u8>().prop_map(Op::Lose),
        1 => any::<u8>().prop_map(Op::Repeat),
        1 => any::<u8>().prop_map(Op::Overtake),
        4 => Just(Op::Serve),
        4 => any::<u8>().prop_map(Op::Arrive),
        1 => Just(Op::Reconnect),
        2 => Just(Op::Open),
        1 => Just(Op::Close),
        2 => Just(Op::Older),
        1 => Just(Op::Members),
        2 => Just(Op::Newer),
        1 => any::<u8>().prop_map(Op::Jump),
        1 => (any::<u8>(), any::<u8>()).prop_map(|(from, length)| Op::Trim(from, length)),
    ];
    proptest::collection::vec(op, 0..120)
}

struct Run {
    server: Server,
    state: ClientState,
    frames: Vec<Event>,
    requests: Vec<Command>,
    answers: Vec<(Command, Answer)>,
    jumps: Vec<Command>,
    news: Vec<Message>,
}

impl Run {
    fn new() -> Self {
        let mut server = Server::default();
        server.commit(0, 0, 0);
        let mut run = Self {
            server,
            state: ClientState::default(),
            frames: Vec::new(),
            requests: Vec::new(),
            answers: Vec::new(),
            jumps: Vec::new(),
            news: Vec::new(),
        };
        run.reconnect();
        run
    }

    fn take(&mut self, effects: Effects) {
        self.requests.extend(effects.ask);
        self.news.extend(effects.new_messages.into_iter().map(|(_, message)| message));
    }

    fn reconnect(&mut self) {
        self.frames.clear();
        self.requests.clear();
        self.answers.clear();
        let effects = apply(&mut self.state, &hello(vec![self.server.line()]), 0);
        self.take(effects);
    }

    fn deliver(&mut self) {
        if !self.frames.is_empty() {
            let event = self.frames.remove(0);
            let effects = apply(&mut self.state, &Frame::Event { event, people: vec![] }, 0);
            self.take(effects);
        }
    }

    fn serve(&mut self) {
        if !self.requests.is_empty() {
            let request = self.requests.remove(0);
            let answer = self.server.answer(&request);
            self.answers.push((request, answer));
        }
    }

    fn arrive(&mut self, which: u8) {
        if !self.answers.is_empty() {
            let (request, answer) = self.answers.remove(usize::from(which) % self.answers.len());
            let effects = self.state.answered(&request, &answer);
            self.take(effects);
            let jump = self.jumps.iter().position(|jump| *jump == request);
            if let (Some(at), Command::History(asked), Answer::History(page)) = (jump, &request, &answer) {
                self.jumps.remove(at);
                self.state.jump(page, asked.before);
            }
        }
    }

    fn step(&mut self, op: &Op) {
        let at = |which: u8, length: usize| usize::from(which) % length.max(1);
        match *op {
            Op::Commit(sort, who, which) => self.frames.extend(self.server.commit(sort, who, which)),
            Op::Deliver => self.deliver(),
            Op::Lose(which) if !self.frames.is_empty() => {
                self.frames.remove(at(which, self.frames.len()));
            }
            Op::Repeat(which) if !self.server.events.is_empty() => {
                let again = self.server.events[at(which, self.server.events.len())].clone();
                self.frames.insert(at(which, self.frames.len()), again);
            }
            Op::Overtake(which) if self.frames.len() > 1 => {
                let place = at(which, self.frames.len() - 1);
                self.frames.swap(place, place + 1);
            }
            Op::Lose(_) | Op::Repeat(_) | Op::Overtake(_) => {}
            Op::Serve => self.serve(),
            Op::Arrive(which) => self.arrive(which),
            Op::Reconnect => self.reconnect(),
            Op::Open => self.requests.extend(self.state.open(conversation())),
            Op::Close => self.state.close(conversation()),
            Op::Older => self.requests.extend(self.state.older(conversation())),
            Op::Members => self.requests.push(Members { conversation: conversation() }.into()),
            Op::Newer => self.requests.extend(self.state.newer(conversation())),
            Op::Jump(which) => {
                let before = 2 + at(which, self.server.events.len()) as u64;
                let jump = History { conversation: conversation(), before: Some(before), limit: PAGE };
                self.jumps.push(jump.clone().into());
                self.requests.push(jump.into());
            }
            Op::Trim(from, length) => {
                let from = 1 + at(from, self.server.events.len()) as u64;
                self.state.trim(conversation(), from, from + u64::from(length % 16));
            }
        }
    }

    /// Everything under way arrives; then nothing more may be wanted.
    fn settle(&mut self) {
        for _ in 0..10_000 {
            if self.frames.is_empty() && self.requests.is_empty() && self.answers.is_empty() {
                return;
            }
            self.deliver();
            self.serve();
            self.arrive(0);
        }
        panic!("the client never has enough: {:?}", self.requests);
    }

    /// Whatever stretch is shown: newer pages lead from it to the newest event.
    fn read_to_the_end(&mut self) {
        while let Some(newer) = self.state.newer(conversation()) {
            self.requests.push(newer);
            self.settle();
            self.check();
        }
        assert!(self.known().log.as_ref().is_none_or(Log::is_at_end));
    }

    fn known(&self) -> &ConversationState {
        &self.state.conversations[&conversation()]
    }

    fn check(&self) {
        assert_eq!(self.known().info, self.server.line());
        if let Some(mut members) = self.known().members.clone() {
            members.sort_by_key(|member| member.person);
            assert_eq!(members, self.server.members());
        }
        let Some(log) = &self.known().log else { return };
        assert_eq!(log.seq, self.server.events.len() as u64);
        let all = self.server.entries();
        let from = log.oldest().unwrap_or(0);
        let (older, rest): (Vec<&Entry>, Vec<&Entry>) = all.iter().partition(|entry| entry.seq() < from);
        let expected: Vec<&Entry> = rest.into_iter().filter(|entry| entry.seq() <= log.upto).collect();
        assert_eq!(log.entries.values().collect::<Vec<_>>(), expected);
        assert_eq!(log.more_before, !older.is_empty());
        assert_eq!(log.messages().count(), log.messages().filter(|m| log.message(m.id) == Some(m)).count());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn whatever_the_line_does_the_client_ends_up_with_the_truth(ops in ops()) {
        let mut run = Run::new();
        for op in &ops {
            run.step(op);
        }
        // Without a reconnect the last frame must arrive, or nobody could know of it.
        run.frames.extend(run.server.events.last().cloned());
        run.settle();
        run.check();
        run.read_to_the_end();
    }

    #[test]
    fn a_reconnect_heals_everything(ops in ops()) {
        let mut run = Run::new();
        for op in &ops {
            run.step(op);
        }
        run.reconnect();
        run.settle();
        run.check();
    }

    #[test]
    fn live_events_equal_a_page_fetched_at_the_end(ops in ops()) {
        let mut live = Run::new();
        live.step(&Op::Open);
        live.settle();
        for op in ops.iter().filter(|op| matches!(op, Op::Commit(..))) {
            live.step(op);
            live.deliver();
            prop_assert!(live.requests.is_empty());
        }
        live.check();
        let by_others = live.server.events.iter().filter(|event| {
            matches!(event.change, Change::Message { .. }) && event.actor != Some(person_id(ME))
        });
        prop_assert_eq!(live.news.len(), by_others.count());
        let mut late = Run { server: live.server, ..Run::new() };
        late.reconnect();
        late.step(&Op::Open);
        late.settle();
        while let Some(older) = late.state.older(conversation()) {
            late.requests.push(older);
            late.settle();
        }
        late.check();
        prop_assert_eq!(
            &late.state.conversations[&conversation()].log.as_ref().unwrap().entries,
            &live.state.conversations[&conversation()].log.as_ref().unwrap().entries
        );
    }
}

#[test]
fn a_gap_is_asked_for_once_until_it_is_answered() {
    let mut run = Run::new();
    for _ in 0..4 {
        run.step(&Op::Commit(1, OTHER, 0));
    }
    run.frames.drain(..2);
    run.deliver();
    run.deliver();
    assert_eq!(run.requests, [Fill { conversation: conversation(), after: 1 }.into()]);
    run.settle();
    run.check();
    assert_eq!(run.news.len(), 4);
}

#[test]
fn a_refused_filling_may_be_asked_for_again() {
    let mut run = Run::new();
    run.step(&Op::Commit(1, OTHER, 0));
    run.step(&Op::Commit(1, OTHER, 0));
    run.frames.remove(0);
    run.deliver();
    let refused = run.requests.remove(0);
    run.state.refused(&refused);
    run.step(&Op::Commit(1, OTHER, 0));
    run.deliver();
    assert_eq!(run.requests, [refused]);
}

#[test]
fn a_refused_filling_is_asked_for_again_with_the_next_sign_of_life() {
    let mut run = Run::new();
    run.step(&Op::Commit(1, OTHER, 0));
    run.step(&Op::Commit(1, OTHER, 0));
    run.frames.remove(0);
    run.deliver();
    let asked = run.requests.remove(0);
    let ping: Command = Ping {}.into();
    assert_eq!(run.state.answered(&ping, &Answer::Done), Effects::default(), "it is still under way");
    run.state.refused(&asked);
    assert_eq!(run.state.answered(&ping, &Answer::Done).ask, [asked]);
}

#[test]
fn a_reconnect_fills_an_open_log_and_loads_one_anew_that_is_far_behind() {
    let mut run = Run::new();
    run.step(&Op::Open);
    run.settle();
    run.server.commit(1, OTHER, 0);
    run.reconnect();
    assert_eq!(run.requests, [Fill { conversation: conversation(), after: 1 }.into()]);
    run.settle();
    for _ in 0..=FILL_AT_MOST {
        run.server.commit(1, OTHER, 0);
    }
    run.reconnect();
    assert_eq!(run.requests, [History { conversation: conversation(), before: None, limit: PAGE }.into()]);
    run.settle();
    run.check();
}

#[test]
fn a_server_that_knows_less_than_was_seen_begins_a_new_log() {
    let mut run = Run::new();
    run.server.commit(1, OTHER, 0);
    run.reconnect();
    run.step(&Op::Open);
    run.settle();
    run.server.events.truncate(1);
    run.reconnect();
    run.settle();
    run.check();
    assert!(run.known().log.is_some());
}

#[test]
fn an_older_page_does_not_slip_under_a_jump_to_what_is_not_heard_of_yet() {
    let mut run = Run::new();
    run.step(&Op::Open);
    run.settle();
    for _ in 0..20 {
        run.step(&Op::Commit(0, OTHER, 0));
    }
    for _ in 0..4 {
        run.deliver();
    }
    let page = |run: &Run, before| {
        let asked: Command =
            History { conversation: conversation(), before: Some(before), limit: PAGE }.into();
        (run.server.answer(&asked), before)
    };
    let ((Answer::History(late), before), first) = (page(&run, 12), page(&run, 2)) else { unreachable!() };
    run.state.jump(&late, Some(before));
    assert_eq!(run.known().log.as_ref().unwrap().oldest(), None);
    let (Answer::History(older), before) = first else { unreachable!() };
    let effects = run.state.apply_history(&older, Some(before));
    run.take(effects);
    run.settle();
    run.check();
}

fn frame(event: &Event) -> Frame {
    Frame::Event { event: event.clone(), people: vec![] }
}

#[test]
fn a_beginning_adds_a_conversation() {
    let mut server = Server::default();
    let created = server.commit(0, OTHER, 0).unwrap();
    let message = server.commit(1, OTHER, 0).unwrap();
    let mut state = ClientState::default();
    apply(&mut state, &hello(vec![]), 0);
    apply(&mut state, &frame(&created), 0);
    apply(&mut state, &frame(&message), 0);
    assert_eq!(state.conversations[&conversation()].info, server.line());
    assert_eq!(unread(&state.conversations[&conversation()].info), 1);
    assert_eq!(state.mark_read(conversation()), Some(Mark { conversation: conversation(), read: 1 }.into()));
    assert_eq!(state.mark_read(conversation()), None);
}

#[test]
fn the_members_of_a_beginning_are_kept_up_to_date() {
    let mut server = Server::default();
    let mut state = ClientState::default();
    apply(&mut state, &hello(vec![]), 0);
    for (sort, which) in [(0, 0), (1, 0), (5, 5), (5, 3), (5, 11), (5, 17)] {
        let event = server.commit(sort, OTHER, which).unwrap();
        assert_eq!(apply(&mut state, &frame(&event), 0).ask, []);
    }
    let mut members = state.conversations[&conversation()].members.clone().unwrap();
    members.sort_by_key(|member| member.person);
    assert_eq!(members, server.members());
    assert_ne!(members.len(), 3);
}

#[test]
fn the_line_of_a_conversation_one_was_added_to_is_asked_for_once() {
    let mut server = Server::default();
    server.commit(0, OTHER, 0).unwrap();
    let message = server.commit(1, OTHER, 0).unwrap();
    let mut state = ClientState::default();
    apply(&mut state, &hello(vec![]), 0);
    let line: Command = Line { conversation: conversation() }.into();
    assert_eq!(apply(&mut state, &frame(&message), 0).ask, std::slice::from_ref(&line));
    assert_eq!(apply(&mut state, &frame(&message), 0), Effects::default());
    // Refused, because one was taken out again: the next event may ask anew.
    state.refused(&line);
    assert_eq!(apply(&mut state, &frame(&message), 0).ask, std::slice::from_ref(&line));
    let effects = state.answered(&line, &server.answer(&line));
    assert_eq!(effects, Effects::default());
    assert_eq!(state.conversations[&conversation()].info, server.line());
}

#[test]
fn whoever_left_forgets_the_conversation_and_what_comes_late_does_not_bring_it_back() {
    let mut run = Run::new();
    run.step(&Op::Commit(1, OTHER, 0));
    run.deliver();
    run.step(&Op::Open);
    run.settle();
    let message = run.server.events[1].clone();
    let left = event(3, ME, Change::Left { person: person_id(ME) });
    assert_eq!(apply(&mut run.state, &frame(&left), 0), Effects::default());
    assert!(run.state.conversations.is_empty());
    // The same again, from a filling that was under way.
    assert_eq!(apply(&mut run.state, &frame(&left), 0), Effects::default());
    let events = vec![message, left];
    let filling = Filling { conversation: conversation(), events, more: false, people: vec![] };
    let asked: Command = Fill { conversation: conversation(), after: 1 }.into();
    assert_eq!(run.state.answered(&asked, &Answer::Filling(filling)), Effects::default());
    assert!(run.state.conversations.is_empty());
}

#[test]
fn an_empty_filling_does_not_hide_what_a_log_opened_since_lacks() {
    let mut run = Run::new();
    run.step(&Op::Commit(1, OTHER, 0));
    run.deliver();
    run.step(&Op::Open);
    run.serve();
    run.step(&Op::Commit(1, OTHER, 0));
    run.deliver();
    // Asked while the list stood at 3; the page that opens the log was read at 2.
    let nothing = Filling { conversation: conversation(), events: vec![], people: vec![], more: false };
    let asked: Command = Fill { conversation: conversation(), after: 3 }.into();
    run.state.conversations.get_mut(&conversation()).unwrap().filling = true;
    run.arrive(0);
    assert!(run.requests.is_empty());
    let effects = run.state.answered(&asked, &Answer::Filling(nothing));
    run.take(effects);
    run.settle();
    run.check();
    assert_eq!(run.known().log.as_ref().map(|log| log.seq), Some(3));
}

#[test]
fn typing_ends_by_time_and_by_a_message() {
    let mut run = Run::new();
    let typing = |who| Frame::Typing { conversation: conversation(), person: person_id(who) };
    apply(&mut run.state, &typing(OTHER), 10);
    apply(&mut run.state, &typing(ME), 10);
    assert_eq!(run.state.typing_in(conversation(), 10 + TYPING_SHOWN - 1), [person_id(OTHER)]);
    assert!(run.state.expire_typing(10 + TYPING_SHOWN));
    assert!(!run.state.expire_typing(10 + TYPING_SHOWN));
    apply(&mut run.state, &typing(OTHER), 10);
    run.step(&Op::Commit(1, OTHER, 0));
    run.deliver();
    assert_eq!(run.state.typing_in(conversation(), 10), []);
}

#[test]
fn marks_only_move_forward_and_own_messages_are_read() {
    let mut run = Run::new();
    run.step(&Op::Commit(1, OTHER, 0));
    run.deliver();
    let read = |read| Frame::Read { conversation: conversation(), read };
    apply(&mut run.state, &read(1), 0);
    apply(&mut run.state, &read(0), 0);
    assert_eq!(run.known().info.read, 1);
    run.step(&Op::Commit(1, OTHER, 0));
    run.step(&Op::Commit(1, ME, 0));
    run.deliver();
    run.deliver();
    assert_eq!(unread(&run.known().info), 0);
}
