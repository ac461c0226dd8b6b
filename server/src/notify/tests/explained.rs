//! Why mails went or did not.

use chancery_protocol::ids::MailId;
use chancery_protocol::mail::{MailState, Wait, Why};

use super::house::{HOUR, House, MINUTE};
use crate::ground::db::testing::{Database, on_both_databases};

on_both_databases! {
    fn every_state_of_a_conversation_has_its_reason;
    fn what_others_read_of_it_is_on_record;
}

fn every_state_of_a_conversation_has_its_reason(kind: Database) {
    let house = House::new(kind);
    let (ada, ben, talk) = (house.ada(), house.ben(), house.direct());
    house.say(ada, talk, "one");
    let said_at = house.now();
    let due = said_at + 15 * MINUTE;
    assert_eq!(house.why(ben, talk), Why::Waits { until: due, wait: Wait::Unread });
    house.wait(2 * MINUTE);
    house.read(ben, talk, 1);
    let read_at = house.now();
    assert_eq!(house.why(ben, talk), Why::Read { at: Some(read_at), device: None });
    house.wait(20 * MINUTE);
    house.round();
    assert_eq!(house.decided(ben), [], "it never came to a decision");
    house.say(ada, talk, "two");
    house.wait(15 * MINUTE);
    house.round();
    let [Why::Mail { mail, state: MailState::Waiting, sent_at: None }] = house.decided(ben)[..] else {
        panic!("{:?}", house.decided(ben))
    };
    assert_eq!(house.why(ben, talk), Why::Mail { mail, state: MailState::Waiting, sent_at: None });
    house.hand_over();
    assert_eq!(house.why(ben, talk), Why::Mail { mail, state: MailState::NoServer, sent_at: None });
    house.wait(MINUTE);
    house.say(ada, talk, "three");
    house.wait(15 * MINUTE);
    house.round();
    house.wait(MINUTE);
    house.read(ben, talk, 3);
    house.wait(HOUR);
    house.round();
    let decided = house.decided(ben);
    assert!(matches!(decided[1], Why::Read { at: Some(_), .. }), "{decided:?}");
    let older = house.decisions(ben).decided.first().unwrap().id;
    let query = chancery_protocol::mail::DecisionQuery { before: Some(older), conversation: Some(talk) };
    let page = house.notifier.decisions(ben, ben, &query).unwrap();
    assert_eq!((page.now.len(), page.decided.len(), page.more), (0, 1, false));
    let _: MailId = page.decided[0].id;
}

fn what_others_read_of_it_is_on_record(kind: Database) {
    let house = House::new(kind);
    let (ada, ben) = (house.ada(), house.ben());
    let position = || {
        let mut conn = house.house.parts.journal.db().reader().unwrap();
        crate::journal::head(&mut conn).unwrap().position
    };
    let before = position();
    house.decisions(ben);
    assert_eq!(position(), before, "one's own");
    house.notifier.decisions(ada, ben, &Default::default()).unwrap();
    assert_eq!(position(), before + 1);
}
