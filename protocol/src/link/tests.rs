//! The connection's rules, and properties over everything that can happen.

use proptest::prelude::*;

use super::*;
use crate::testing::hello;

const SECOND: Micros = 1_000_000;

fn live() -> Link {
    let mut link = Link::default();
    assert_eq!(link.step(Input::Start, 0, 0.0), [Action::Connect(1)]);
    assert_eq!(link.step(Input::Frame(1, &hello(vec![])), 0, 0.0), []);
    assert_eq!(link.state(), LinkState::Live { since: 0 });
    link
}

fn goodbye(reason: Goodbye) -> Frame {
    Frame::Goodbye { reason }
}

fn answer() -> Frame {
    Frame::Answer { id: 1, answer: crate::frame::Answer::Done }
}

#[test]
fn it_pings_when_nothing_was_sent_and_ends_a_silent_line() {
    let mut link = live();
    assert_eq!(link.wake_at(), Some(20 * SECOND));
    link.step(Input::Sent(1), 5 * SECOND, 0.0);
    assert_eq!(link.step(Input::Tick, 24 * SECOND, 0.0), []);
    assert_eq!(link.step(Input::Tick, 25 * SECOND, 0.0), [Action::Ping(1)]);
    assert_eq!(link.step(Input::Tick, 25 * SECOND, 0.0), []);
    assert_eq!(link.wake_at(), Some(40 * SECOND));
    assert_eq!(link.step(Input::Tick, 40 * SECOND, 0.0), [Action::Close(1), Action::Down]);
    assert_eq!(link.state(), LinkState::Backoff { until: 40 * SECOND + SHORTEST_WAIT, attempt: 1 });
}

#[test]
fn an_answer_keeps_the_line() {
    let mut link = live();
    link.step(Input::Frame(1, &answer()), 39 * SECOND, 0.0);
    assert_eq!(link.step(Input::Tick, 78 * SECOND, 0.0), [Action::Ping(1)]);
    assert!(matches!(link.state(), LinkState::Live { .. }));
}

#[test]
fn waits_grow_to_a_limit_and_are_spread() {
    for (failures, longest) in [(0, 1), (1, 2), (2, 4), (3, 8), (4, 16), (5, 30), (60, 30)] {
        assert_eq!(wait(failures, 0.0), SHORTEST_WAIT);
        assert_eq!(wait(failures, 1.0), longest * SECOND);
        assert_eq!(wait(failures, f64::NAN), longest * SECOND);
    }
}

#[test]
fn a_line_that_lasted_starts_the_waits_anew_and_one_that_did_not_does_not() {
    let mut link = live();
    link.step(Input::Closed(1, None), SECOND, 0.0);
    link.step(Input::Online, 2 * SECOND, 0.0);
    link.step(Input::Frame(2, &hello(vec![])), 2 * SECOND, 0.0);
    link.step(Input::Closed(2, Some(1006)), 3 * SECOND, 1.0);
    assert_eq!(link.state(), LinkState::Backoff { until: 5 * SECOND, attempt: 2 });
    link.step(Input::Start, 3 * SECOND, 0.0);
    link.step(Input::Frame(3, &hello(vec![])), 3 * SECOND, 0.0);
    link.step(Input::Frame(3, &answer()), 23 * SECOND, 0.0);
    link.step(Input::Closed(3, None), 24 * SECOND, 1.0);
    assert_eq!(link.state(), LinkState::Backoff { until: 25 * SECOND, attempt: 1 });
}

#[test]
fn an_attempt_that_fails_asks_for_the_session() {
    let mut link = Link::default();
    link.step(Input::Start, 0, 0.0);
    let actions = link.step(Input::Closed(1, Some(1006)), 0, 0.0);
    assert_eq!(actions, [Action::Close(1), Action::Down, Action::CheckSession]);
    assert_eq!(link.step(Input::SignedOut, 0, 0.0), []);
    assert_eq!(link.state(), LinkState::Stopped(Stopped::Goodbye(Goodbye::SessionEnded)));
    assert_eq!(link.step(Input::Tick, 99 * SECOND, 0.0), []);
    let mut slow = Link::default();
    slow.step(Input::Start, 0, 0.0);
    assert_eq!(slow.step(Input::Tick, CONNECT_TIMEOUT, 0.0).len(), 3);
}

#[test]
fn every_goodbye_does_what_it_says_by_frame_and_by_close_code() {
    for reason in Goodbye::ALL {
        let mut by_frame = live();
        by_frame.step(Input::Frame(1, &goodbye(reason)), SECOND, 0.0);
        let mut by_code = live();
        by_code.step(Input::Closed(1, Some(reason.code())), SECOND, 0.0);
        assert_eq!(by_frame.state(), by_code.state());
        let stopped = by_code.state() == LinkState::Stopped(Stopped::Goodbye(reason));
        assert_eq!(stopped, !reason.come_back(), "{reason:?}");
    }
}

#[test]
fn another_version_stops() {
    let mut link = Link::default();
    link.step(Input::Start, 0, 0.0);
    let mut other = hello(vec![]);
    if let Frame::Hello(hello) = &mut other {
        hello.protocol += 1;
    }
    link.step(Input::Frame(1, &other), 0, 0.0);
    assert_eq!(link.state(), LinkState::Stopped(Stopped::OtherVersion));
}

#[test]
fn a_changed_network_is_probed() {
    let mut link = live();
    assert_eq!(link.step(Input::Online, SECOND, 0.0), [Action::Ping(1)]);
    assert_eq!(link.step(Input::Offline, SECOND, 0.0), []);
    assert_eq!(link.wake_at(), Some(SECOND + PROBE_TIMEOUT));
    let mut gone = link.clone();
    assert_eq!(gone.step(Input::Tick, SECOND + PROBE_TIMEOUT, 0.0), [Action::Close(1), Action::Down]);
    link.step(Input::Frame(1, &answer()), 2 * SECOND, 0.0);
    assert_eq!(link.step(Input::Tick, SECOND + PROBE_TIMEOUT, 0.0), []);
}

#[test]
fn what_an_old_socket_says_is_ignored() {
    let mut link = live();
    link.step(Input::Closed(1, None), SECOND, 0.0);
    link.step(Input::Start, SECOND, 0.0);
    let before = link.clone();
    link.step(Input::Closed(1, Some(4001)), SECOND, 0.0);
    link.step(Input::Frame(1, &goodbye(Goodbye::Suspended)), SECOND, 0.0);
    assert_eq!(link, before);
}

proptest! {
    #[test]
    fn one_socket_at_a_time_and_always_a_next_step(
        steps in proptest::collection::vec((0_u8..10, 0_i64..20_000_000, 0.0_f64..1.0), 0..200),
    ) {
        let mut link = Link::default();
        let mut now = 0;
        let mut open: Option<SocketNumber> = None;
        let (hello, other) = (hello(vec![]), answer());
        let goodbyes = Goodbye::ALL.map(goodbye);
        for (what, passed, random) in steps {
            now += passed;
            let socket = open.unwrap_or(0);
            let input = match what {
                0 => Input::Start,
                1 => Input::Frame(socket, &hello),
                2 => Input::Frame(socket, &other),
                3 => Input::Sent(socket),
                4 => Input::Closed(socket, None),
                5 => Input::Online,
                6 => Input::Offline,
                7 => Input::Frame(socket, &goodbyes[passed as usize % goodbyes.len()]),
                _ => Input::Tick,
            };
            for action in link.step(input, now, random) {
                match action {
                    Action::Connect(number) => {
                        prop_assert_eq!(open, None);
                        open = Some(number);
                    }
                    Action::Close(number) => {
                        prop_assert_eq!(open, Some(number));
                        open = None;
                    }
                    Action::Ping(number) => prop_assert_eq!(open, Some(number)),
                    Action::Down | Action::CheckSession => {}
                }
            }
            prop_assert_eq!(open, link.socket());
            prop_assert_eq!(link.wake_at().is_none(), matches!(link.state(), LinkState::Stopped(_)));
            if let LinkState::Backoff { until, .. } = link.state() {
                prop_assert!(until - now <= LONGEST_WAIT);
            }
        }
    }
}
