//! What waits is shown once: as waiting, or as a message.

use super::*;
use crate::acceptable_use::AttemptState;
use crate::command::TakeBack;
use crate::conversation::{Change, Content};
use crate::frame::{Answer, Frame};
use crate::ids::Id;
use crate::state::apply;
use crate::testing::{ME, Server, conversation, event, hello};

#[test]
fn a_text_that_waits_leaves_with_its_message_or_when_it_is_over() {
    let attempt = |id: u8| Attempt {
        id: crate::testing::record(u64::from(id)),
        conversation: conversation(),
        at: 0,
        client_id: ClientId::from_bytes([id; 16]),
        text: String::new(),
        message: None,
        reply_to: None,
        thread_root: None,
        urgent: false,
        notices: vec![],
        state: AttemptState::Waiting,
    };
    let waits = |id: u8| Frame::Attempt { attempt: attempt(id) };
    let mut server = Server::default();
    server.commit(0, 0, 0);
    let mut state = ClientState::default();
    apply(&mut state, &hello(vec![server.line()]), 0);
    let ids = |state: &ClientState| {
        let attempts = &state.conversations[&conversation()].attempts;
        attempts.iter().map(|one| one.client_id.bytes()[0]).collect::<Vec<_>>()
    };
    assert_eq!(state.waiting(conversation()), Some(Attempts { conversation: conversation() }.into()));
    let ask = state.waiting(conversation()).unwrap();
    let seen = state.answered(&ask, &Answer::Attempts { attempts: vec![attempt(1), attempt(2)] }).seen;
    assert_eq!(seen, [attempt(1).client_id, attempt(2).client_id]);
    assert_eq!(state.waiting(conversation()), None);
    assert_eq!(apply(&mut state, &waits(3), 0).seen, [attempt(3).client_id]);
    apply(&mut state, &waits(4), 0);
    // Refused: the same text in another state.
    let refused = AttemptState::Refused { words: "No.".to_owned(), at: 1 };
    apply(&mut state, &Frame::Attempt { attempt: Attempt { state: refused, ..attempt(4) } }, 0);
    assert_eq!(ids(&state), [1, 2, 3, 4]);
    let content = Content::Text { text: String::new(), mentions: vec![] };
    let client_id = Some(attempt(1).client_id);
    let seq = state.conversations[&conversation()].info.last_seq + 1;
    let change =
        Change::Message { ordinal: 9, content, reply_to: None, thread_root: None, client_id, urgent: false };
    let released = event(seq, ME, change);
    apply(&mut state, &Frame::Event { event: released, people: vec![] }, 0);
    assert_eq!(ids(&state), [2, 3, 4]);
    state.answered(
        &TakeBack { client_id: attempt(9).client_id, attempt: attempt(3).id }.into(),
        &Answer::Done,
    );
    apply(&mut state, &Frame::AttemptOver { conversation: conversation(), attempt: attempt(2).id }, 0);
    assert_eq!(ids(&state), [4]);
    apply(&mut state, &hello(vec![server.line()]), 0);
    assert_eq!(state.waiting(conversation()), Some(ask.clone()), "asked anew on every line");
    state.answered(&ask, &Answer::Attempts { attempts: vec![] });
    assert_eq!(ids(&state), [0_u8; 0]);
}
