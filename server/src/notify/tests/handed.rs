//! Handing over: everything is asked again, everything that may have left is on record.

use chancery_ledger::Kind;
use chancery_protocol::ids::Id;
use chancery_protocol::mail::{MailFault, MailMode, MailReason, MailState, Why};
use chancery_screening::Outcome;
use mail_parser::MessageParser;

use super::house::{HOUR, House, MINUTE};
use crate::ground::db::testing::{Database, on_both_databases};
use crate::journal::decode_body;
use crate::messaging::tests::rules;
use crate::notify::records::Handed;

on_both_databases! {
    fn what_was_edited_is_mailed_as_it_is_now;
    fn what_was_read_or_deleted_meanwhile_is_not_mailed;
    fn what_a_rule_took_out_is_not_mailed;
    fn a_mail_says_no_more_than_the_house_allows;
    fn every_way_to_fail_ends_with_the_mail_or_a_reason;
    fn an_hour_without_a_server_costs_no_mail;
    fn what_another_node_left_behind_is_taken_up;
}

/// The text part of a mail.
fn text(mail: &str) -> String {
    MessageParser::default().parse(mail).unwrap().body_text(0).unwrap().into_owned()
}

fn message_id(mail: &str) -> String {
    MessageParser::default().parse(mail).unwrap().message_id().unwrap().to_owned()
}

/// What is on record of mails that left.
fn handed(house: &House) -> Vec<Handed> {
    let journal = &house.house.parts.journal;
    let mut conn = journal.db().reader().unwrap();
    let records = journal.records().by_position(&mut conn, 0, 10_000).unwrap();
    records
        .into_iter()
        .filter_map(|(_, record)| record.ok())
        .filter(|record| record.header.kind == Kind::MailHanded)
        .map(|record| decode_body(&record.body).unwrap())
        .collect()
}

fn what_was_edited_is_mailed_as_it_is_now(kind: Database) {
    let house = House::with_sink(kind, &[]);
    let first = house.say(house.ada(), house.direct(), "the first wording");
    house.say(house.ada(), house.direct(), "and more");
    house.wait(15 * MINUTE);
    house.round();
    house.edit(house.ada(), house.direct(), first, "the second wording");
    house.hand_over();
    let arrived = house.arrived();
    assert_eq!(house.mails(), [("ben".to_owned(), MailState::Sent)]);
    let [(to, mail)] = &arrived[..] else { panic!("{}", arrived.len()) };
    assert_eq!(to, "ben");
    let text = text(mail);
    assert!(text.contains("the second wording") && text.contains("and more"), "{text}");
    assert!(!mail.contains("first wording"));
    let [handed] = &handed(&house)[..] else { panic!("one is on record") };
    assert_eq!((handed.to.as_str(), handed.attempt), ("ben@example.org", 1));
    assert_eq!(handed.message_id, format!("<{}>", message_id(mail)));
    assert_eq!(handed.messages.len(), 2);
    assert_eq!(handed.messages[0].message, first);
    assert_ne!(handed.messages[0].record, first, "the edit is what was mailed");
}

fn what_was_read_or_deleted_meanwhile_is_not_mailed(kind: Database) {
    let house = House::with_sink(kind, &[]);
    house.say(house.ada(), house.direct(), "read on the way home");
    let deleted = house.say(house.ada(), house.group(), "said too early");
    house.wait(15 * MINUTE);
    house.round();
    assert_eq!(house.mails().len(), 3);
    house.read(house.ben(), house.direct(), 1);
    house.delete(house.ada(), house.group(), deleted);
    house.hand_over();
    assert_eq!(house.arrived().len(), 0);
    assert!(handed(&house).is_empty());
    for mail in house.outbox() {
        assert_eq!(mail.state, MailState::Dropped);
        let Some(MailReason::Decided { why }) = mail.reason else { panic!("{:?}", mail.reason) };
        match mail.conversation == Some(house.direct()) {
            true => assert!(matches!(*why, Why::Read { at: Some(_), .. })),
            false => assert_eq!(*why, Why::Deleted),
        }
    }
}

fn what_a_rule_took_out_is_not_mailed(kind: Database) {
    let house = House::with_sink(kind, &[]);
    rules::in_force(&house.house, &rules::rule("fruit", "quinces", Outcome::Redact));
    house.say(house.ada(), house.direct(), "a basket of quinces, please");
    let edited = house.say(house.ada(), house.direct(), "a basket of apples, please");
    house.wait(15 * MINUTE);
    house.round();
    house.edit(house.ada(), house.direct(), edited, "or rather quinces again");
    house.hand_over();
    let [(_, mail)] = &house.arrived()[..] else { panic!("one mail") };
    let (text, html) =
        (text(mail), MessageParser::default().parse(mail).unwrap().body_html(0).unwrap().into_owned());
    for shown in [&text, &html] {
        assert!(shown.contains("a basket of") && shown.contains("or rather"), "{shown}");
        assert!(shown.contains("word removed") && !shown.contains("quinces"), "{shown}");
    }
}

fn a_mail_says_no_more_than_the_house_allows(kind: Database) {
    for (content, name, says) in [("full", true, true), ("sender", true, false), ("nothing", false, false)] {
        let house = House::with_sink(kind, &[("CHANCERY_MAIL_CONTENT", content.to_owned())]);
        house.prefer(house.ben(), |all| {
            all.mailing.mode = MailMode::Daily;
            all.mailing.digest_at = Some(9 * 60);
        });
        house.say(house.ada(), house.group(), "the tide comes in at nine");
        house.wait(15 * MINUTE);
        house.round();
        house.wait(HOUR);
        house.round();
        house.hand_over();
        let arrived = house.arrived();
        let to: std::collections::BTreeSet<&str> = arrived.iter().map(|(to, _)| to.as_str()).collect();
        assert_eq!(to, ["ben", "cyd"].into(), "a daily mail, and one at once");
        for (to, mail) in &arrived {
            let parsed = MessageParser::default().parse(mail).unwrap();
            let all = format!(
                "{} {} {}",
                parsed.subject().unwrap(),
                parsed.body_text(0).unwrap(),
                parsed.body_html(0).unwrap()
            );
            assert_eq!(all.contains("ADA"), name, "{content} {to}: {all}");
            assert_eq!(all.contains("the tide"), says, "{content} {to}: {all}");
            assert_eq!(all.contains("Group"), says, "{content} {to}: {all}");
        }
        for handed in handed(&house) {
            assert_eq!(handed.messages.is_empty(), content == "nothing");
        }
    }
}

fn every_way_to_fail_ends_with_the_mail_or_a_reason(kind: Database) {
    for (name, fault, state, expected) in [
        ("later", MailFault::Temporary, MailState::Waiting, 1),
        ("busy", MailFault::Temporary, MailState::Waiting, 1),
        // A short mail is on its way as a whole when the line breaks.
        ("drop", MailFault::Silent, MailState::Waiting, 1),
        ("late451", MailFault::Temporary, MailState::Waiting, 1),
        ("vanish", MailFault::Silent, MailState::Waiting, 2),
        ("nobody", MailFault::Permanent, MailState::Refused, 0),
        ("late554", MailFault::Permanent, MailState::Refused, 0),
    ] {
        let house = House::with_sink(kind, &[]);
        house.set_address(house.ben(), Some(&format!("{name}@example.org")));
        house.say(house.ada(), house.direct(), "one");
        house.wait(15 * MINUTE);
        house.round();
        house.hand_over();
        let [mail] = &house.outbox()[..] else { panic!("{name}") };
        assert_eq!((mail.state, mail.attempts), (state, 1), "{name}");
        let Some(MailReason::Failed { fault: found, words }) = &mail.reason else { panic!("{name}") };
        assert_eq!(*found, fault, "{name}: {words}");
        // The recipient's mailbox is put right: what waits arrives, and is not lost nor doubled.
        house.set_address(house.ben(), Some("ben@example.org"));
        house.wait(HOUR);
        house.hand_over();
        let arrived = house.arrived();
        let ids: std::collections::BTreeSet<String> =
            arrived.iter().map(|(_, mail)| message_id(mail)).collect();
        assert_eq!(arrived.len(), expected, "{name}");
        assert!(ids.len() <= 1, "{name}: under one id");
        assert_eq!(house.outbox()[0].state == MailState::Sent, expected > 0, "{name}");
    }
}

fn an_hour_without_a_server_costs_no_mail(kind: Database) {
    let port = chancery_tests::process::free_port();
    let settings = [
        ("CHANCERY_MAIL_HOST", "127.0.0.1".to_owned()),
        ("CHANCERY_MAIL_PORT", port.to_string()),
        ("CHANCERY_MAIL_SECURITY", "none".to_owned()),
        ("CHANCERY_MAIL_FROM", "chat@example.org".to_owned()),
    ];
    let house = House::with(kind, &settings, None);
    house.say(house.ada(), house.group(), "one");
    house.say(house.ada(), house.direct(), "two");
    house.wait(15 * MINUTE);
    house.round();
    assert_eq!(house.mails().len(), 3);
    for _ in 0..60 {
        house.hand_over();
        house.wait(MINUTE);
        house.round();
    }
    let stuck = house.notifier.stuck().expect("no mail leaves");
    assert_eq!(stuck.fault, MailFault::Unreachable);
    for mail in house.outbox() {
        assert_eq!((mail.state, mail.attempts), (MailState::Waiting, 0), "{:?}", mail.reason);
    }
    assert_eq!(house.mails().len(), 3, "what waits is not written twice");
    assert!(handed(&house).is_empty(), "nothing left");
    house.wait(24 * HOUR);
    house.round();
    assert!(house.mails().iter().all(|(_, state)| *state == MailState::Expired), "it is reported");
}

fn what_another_node_left_behind_is_taken_up(kind: Database) {
    let house = House::with_sink(kind, &[]);
    house.say(house.ada(), house.direct(), "one");
    house.wait(15 * MINUTE);
    house.round();
    // A node that took it up and was never heard of again.
    let (now, lease) = (house.now(), house.now() + crate::outbox::LEASE);
    let journal = &house.house.parts.journal;
    let taken = journal
        .db()
        .write_here(|conn| crate::outbox::take_up(conn, journal.vault(), now, lease, 10))
        .unwrap();
    assert_eq!(taken.len(), 1);
    house.hand_over();
    assert_eq!(house.arrived().len(), 0, "it may still be at work");
    house.wait(crate::outbox::LEASE);
    house.hand_over();
    assert_eq!(house.arrived().len(), 1);
    let [mail] = &house.outbox()[..] else { panic!("one mail") };
    assert_eq!((mail.state, mail.attempts), (MailState::Sent, 2));
    // What the first does with it now counts for nothing.
    let late = crate::outbox::Fate::Later(now, MailReason::LinkOver);
    let kept = journal
        .db()
        .write_here(|conn| crate::outbox::settle(conn, journal.vault(), taken[0].id, lease, now, &late))
        .unwrap();
    assert!(!kept);
    assert_eq!(house.outbox()[0].state, MailState::Sent);
    assert_eq!(handed(&house)[0].mail, chancery_protocol::mail::MailKind::Missed);
    assert!(taken[0].id.bytes() != [0; 16]);
}
