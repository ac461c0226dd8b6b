//! Whether a mail goes, and when.

use chancery_protocol::mail::{MailMode, MailState, QuietHours, Wait, Why};
use chancery_protocol::preferences::Notify;

use super::house::{HOUR, House, MINUTE};
use crate::ground::db::testing::{Database, on_both_databases};

on_both_databases! {
    fn what_stays_unread_for_long_enough_is_mailed_once;
    fn what_is_read_in_time_is_not_mailed;
    fn one_conversation_is_mailed_about_once_in_a_window;
    fn a_conversation_is_heard_as_its_reader_wants;
    fn quiet_hours_hold_back_all_but_what_is_urgent;
    fn what_a_mail_told_of_calls_nobody_again;
    fn a_burst_is_mailed_once;
    fn who_is_mentioned_later_is_mailed;
    fn urgent_messages_are_no_flood;
    fn what_the_house_wants_counts_at_once;
    fn a_day_s_messages_go_in_one_mail;
    fn whoever_is_gone_or_has_no_address_is_not_mailed;
    fn what_people_want_counts_at_once;
    fn the_journal_is_not_followed_from_the_beginning;
}

fn what_stays_unread_for_long_enough_is_mailed_once(kind: Database) {
    let house = House::new(kind);
    house.say(house.ada(), house.group(), "one");
    house.wait(14 * MINUTE);
    house.round();
    assert_eq!(house.mails(), []);
    house.wait(MINUTE);
    house.round();
    // Whoever wrote it has read it.
    let mut to: Vec<String> = house.mails().into_iter().map(|(to, _)| to).collect();
    to.sort();
    assert_eq!(to, ["ben", "cyd"]);
    house.round();
    house.wait(24 * HOUR);
    house.round();
    assert_eq!(house.mails().len(), 2, "nothing new was said");
}

fn what_is_read_in_time_is_not_mailed(kind: Database) {
    let house = House::new(kind);
    let (ben, talk) = (house.ben(), house.direct());
    house.say(house.ada(), talk, "one");
    house.wait(MINUTE);
    house.say(house.ada(), talk, "two");
    house.wait(13 * MINUTE);
    house.read(ben, talk, 1);
    house.wait(MINUTE);
    house.round();
    assert_eq!(house.mails(), [], "the second has not been unread for long enough");
    house.wait(MINUTE);
    house.round();
    assert_eq!(house.mails().len(), 1);
}

fn one_conversation_is_mailed_about_once_in_a_window(kind: Database) {
    let house = House::new(kind);
    let (ben, talk) = (house.ben(), house.direct());
    house.say(house.ada(), talk, "one");
    house.wait(15 * MINUTE);
    house.round();
    let mailed_at = house.now();
    assert_eq!(house.mails_to(ben), 1);
    house.hand_over();
    assert_eq!(house.mails(), [("ben".to_owned(), MailState::NoServer)]);
    for _ in 0..3 {
        house.say(house.ada(), talk, "more");
        house.wait(15 * MINUTE);
        house.round();
    }
    let next = mailed_at + HOUR;
    assert_eq!(house.mails_to(ben), 1);
    assert_eq!(house.why(ben, talk), Why::Waits { until: next, wait: Wait::Window });
    // Another conversation is another matter.
    house.say(house.ada(), house.group(), "elsewhere");
    house.wait(next - house.now());
    house.round();
    assert_eq!(house.mails_to(ben), 3);
    let about =
        |conversation| house.outbox().iter().filter(|mail| mail.conversation == Some(conversation)).count();
    assert_eq!((about(talk), about(house.group())), (2, 2), "in the group cyd is mailed too");
}

fn a_conversation_is_heard_as_its_reader_wants(kind: Database) {
    let house = House::new(kind);
    let (ada, ben, cyd) = (house.ada(), house.ben(), house.house.people[2]);
    house.hear(ben, house.group(), Notify::Nothing);
    house.hear(cyd, house.group(), Notify::Mentions);
    house.say(ada, house.group(), "hello @ben");
    house.wait(15 * MINUTE);
    house.round();
    assert_eq!(house.mails(), []);
    assert_eq!(house.decided(ben), [Why::Muted]);
    assert_eq!(house.decided(cyd), [Why::NotMentioned]);
    house.say(ada, house.group(), "hello @cyd");
    house.wait(15 * MINUTE);
    house.round();
    assert_eq!((house.mails_to(ben), house.mails_to(cyd)), (0, 1));
    // What goes on being so is not said again.
    house.wait(2 * HOUR);
    house.say(ada, house.group(), "hello again");
    house.wait(2 * HOUR);
    house.round();
    assert_eq!(house.decided(ben), [Why::Muted]);
}

fn quiet_hours_hold_back_all_but_what_is_urgent(kind: Database) {
    let house = House::new(kind);
    let (ada, ben, cyd) = (house.ada(), house.ben(), house.house.people[2]);
    // The clock begins at eight in the morning, UTC.
    assert_eq!(crate::ground::clock::iso(house.now()), "2027-01-15T08:00:00.000000Z");
    let quiet = QuietHours { from: 7 * 60, until: 12 * 60, days: Vec::new() };
    house.prefer(ben, |all| all.mailing.quiet = Some(quiet.clone()));
    house.prefer(cyd, |all| {
        all.mailing.quiet = Some(quiet.clone());
        all.mailing.urgent_waits = true;
    });
    house.say(ada, house.group(), "one");
    house.wait(15 * MINUTE);
    house.round();
    assert_eq!(house.mails(), []);
    let noon = 1_800_000_000_000_000 + 4 * HOUR;
    assert_eq!(house.why(ben, house.group()), Why::Waits { until: noon, wait: Wait::Quiet });
    house.send(ada, house.group(), "read this", true);
    house.wait(15 * MINUTE);
    house.round();
    assert_eq!((house.mails_to(ben), house.mails_to(cyd)), (1, 0));
    house.wait(noon - house.now() - 1);
    house.round();
    assert_eq!(house.mails_to(cyd), 0);
    house.wait(1);
    house.round();
    assert_eq!((house.mails_to(ben), house.mails_to(cyd)), (1, 1));
}

fn what_a_mail_told_of_calls_nobody_again(kind: Database) {
    let house = House::with_sink(kind, &[]);
    let (ada, ben, cyd) = (house.ada(), house.ben(), house.house.people[2]);
    house.hear(cyd, house.group(), Notify::Mentions);
    house.prefer(ben, |all| {
        all.mailing.quiet = Some(QuietHours { from: 8 * 60 + 30, until: 12 * 60, days: Vec::new() });
    });
    house.send(ada, house.group(), "hello @cyd", true);
    house.wait(15 * MINUTE);
    house.round();
    house.hand_over();
    assert_eq!((house.mails_to(ben), house.mails_to(cyd)), (1, 1));
    assert!(
        matches!(house.why(cyd, house.group()), Why::Mail { .. }),
        "that it went, not that nothing is new"
    );
    // Both are still unread while others go on talking.
    for _ in 0..4 {
        house.say(ada, house.group(), "and then");
        house.wait(20 * MINUTE);
        house.round();
        house.hand_over();
    }
    assert_eq!((house.mails_to(ben), house.mails_to(cyd)), (1, 1));
    assert_eq!(house.why(cyd, house.group()), Why::NotMentioned);
    assert!(matches!(house.why(ben, house.group()), Why::Waits { wait: Wait::Quiet, .. }));
    house.say(ada, house.group(), "once more @cyd");
    house.wait(15 * MINUTE);
    house.round();
    assert_eq!((house.mails_to(ben), house.mails_to(cyd)), (1, 2));
}

fn a_burst_is_mailed_once(kind: Database) {
    let house = House::with_sink(kind, &[]);
    let (ada, ben) = (house.ada(), house.ben());
    for text in ["one", "two", "three"] {
        house.say(ada, house.direct(), text);
        house.wait(MINUTE);
    }
    house.wait(12 * MINUTE);
    house.round();
    house.hand_over();
    // The first came of age, and the mail tells of all three.
    let [(_, mail)] = &house.arrived()[..] else { panic!("one mail") };
    assert!(mail.contains("three"), "{mail}");
    for _ in 0..30 {
        house.wait(5 * MINUTE);
        house.round();
        house.hand_over();
    }
    assert_eq!(house.arrived().len(), 1, "{:?}", house.outbox());
    assert!(matches!(house.why(ben, house.direct()), Why::Mail { state: MailState::Sent, .. }));
    house.say(ada, house.direct(), "four");
    house.wait(15 * MINUTE);
    house.round();
    house.hand_over();
    assert_eq!(house.arrived().len(), 2);
}

fn who_is_mentioned_later_is_mailed(kind: Database) {
    let house = House::with_sink(kind, &[]);
    let (ada, ben, cyd) = (house.ada(), house.ben(), house.house.people[2]);
    for who in [ben, cyd] {
        house.hear(who, house.group(), Notify::Mentions);
    }
    // One mention is taken back in time, another comes when all was decided.
    let first = house.say(ada, house.group(), "hello @ben");
    house.wait(MINUTE);
    house.edit(ada, house.group(), first, "hello all");
    house.wait(14 * MINUTE);
    house.round();
    assert_eq!((house.mails(), house.why(ben, house.group())), (vec![], Why::NotMentioned));
    house.edit(ada, house.group(), first, "hello @cyd");
    house.wait(15 * MINUTE);
    house.round();
    house.hand_over();
    assert_eq!((house.mails_to(ben), house.mails_to(cyd)), (0, 1));
    // An edit that calls nobody sends nothing.
    house.edit(ada, house.group(), first, "hello, @cyd");
    house.wait(2 * HOUR);
    house.round();
    assert_eq!(house.mails().len(), 1);
}

fn urgent_messages_are_no_flood(kind: Database) {
    let house = House::with_sink(kind, &[]);
    for _ in 0..20 {
        house.send(house.ada(), house.direct(), "now!", true);
        house.wait(MINUTE);
        house.round();
        house.hand_over();
    }
    for _ in 0..16 {
        house.wait(MINUTE);
        house.round();
        house.hand_over();
    }
    let count = house.arrived().len();
    assert!((2..=3).contains(&count), "{count} in 21 minutes");
}

fn what_the_house_wants_counts_at_once(kind: Database) {
    let house = House::new(kind);
    house.set_rule("notify.quiet_hours", "00:00-20:00");
    house.say(house.ada(), house.direct(), "one");
    house.wait(15 * MINUTE);
    house.round();
    assert!(matches!(house.why(house.ben(), house.direct()), Why::Waits { wait: Wait::Quiet, .. }));
    house.set_rule("notify.quiet_hours", "00:00-07:00");
    house.round();
    assert_eq!(house.mails_to(house.ben()), 1);
}

fn a_day_s_messages_go_in_one_mail(kind: Database) {
    let house = House::new(kind);
    let (ada, ben) = (house.ada(), house.ben());
    house.prefer(ben, |all| {
        all.mailing.mode = MailMode::Daily;
        all.mailing.digest_at = Some(17 * 60);
        all.mailing.zone = Some("Europe/Berlin".into());
    });
    // Five in the afternoon in Berlin, in winter.
    let five = 1_800_000_000_000_000 + 8 * HOUR;
    for talk in [house.group(), house.direct()] {
        house.say(ada, talk, "one");
        house.wait(20 * MINUTE);
        house.round();
    }
    assert_eq!(house.why(ben, house.direct()), Why::Waits { until: five, wait: Wait::Daily });
    house.wait(five - house.now() - 1);
    house.round();
    assert_eq!(house.mails_to(ben), 0);
    house.wait(1);
    house.round();
    assert_eq!(house.mails_to(ben), 1);
    let mail = house.outbox().into_iter().find(|mail| mail.person == ben).unwrap();
    assert_eq!((mail.kind, mail.conversation), (chancery_protocol::mail::MailKind::Daily, None));
    house.say(ada, house.direct(), "two");
    house.wait(20 * MINUTE);
    house.round();
    let Why::Waits { until, wait } = house.why(ben, house.direct()) else { panic!("it waits") };
    // The first is still in the outbox, so what comes waits for it; then it is the next day's.
    assert!(until > house.now() && matches!(wait, Wait::Window | Wait::Daily));
    house.hand_over();
    house.wait(2 * HOUR);
    house.round();
    assert_eq!(house.why(ben, house.direct()), Why::Waits { until: five + 24 * HOUR, wait: Wait::Daily });
}

fn whoever_is_gone_or_has_no_address_is_not_mailed(kind: Database) {
    let house = House::new(kind);
    let (ada, ben) = (house.ada(), house.ben());
    house.set_address(ben, None);
    house.say(ada, house.direct(), "one");
    house.wait(15 * MINUTE);
    house.round();
    assert_eq!(house.mails(), []);
    assert_eq!(house.decided(ben), [Why::NoAddress]);
    let deleted = house.say(ben, house.direct(), "two");
    house.delete(ben, house.direct(), deleted);
    house.wait(15 * MINUTE);
    house.round();
    assert_eq!(house.mails(), []);
    assert_eq!(house.decided(ada), [Why::Deleted]);
}

fn what_people_want_counts_at_once(kind: Database) {
    let house = House::new(kind);
    let (ada, ben) = (house.ada(), house.ben());
    house.prefer(ben, |all| all.mailing.mode = MailMode::Daily);
    house.say(ada, house.direct(), "one");
    house.wait(15 * MINUTE);
    house.round();
    assert!(matches!(house.why(ben, house.direct()), Why::Waits { wait: Wait::Daily, .. }));
    house.wait(MINUTE);
    house.prefer(ben, |all| all.mailing.mode = MailMode::Each);
    house.round();
    assert_eq!(house.mails_to(ben), 1);
    house.prefer(ben, |all| all.mailing.mode = MailMode::Never);
    house.say(ada, house.direct(), "two");
    house.wait(2 * HOUR);
    house.round();
    assert_eq!(house.mails_to(ben), 1);
    assert_eq!(house.why(ben, house.direct()), Why::Off);
}

/// SQLite has one node by design.
#[test]
fn two_nodes_on_postgres_decide_once() {
    let one = House::new(Database::Postgres);
    let other = one.beside();
    for number in 0..40 {
        one.say(one.ada(), one.group(), &format!("message {number}"));
        one.wait(MINUTE);
    }
    one.wait(15 * MINUTE);
    std::thread::scope(|scope| {
        for house in [&one, &other] {
            scope.spawn(move || house.round());
        }
    });
    for house in [&one, &other] {
        house.round();
    }
    let mut to: Vec<String> = one.mails().into_iter().map(|(to, _)| to).collect();
    to.sort();
    assert_eq!(to, ["ben", "cyd"]);
}

fn the_journal_is_not_followed_from_the_beginning(kind: Database) {
    let house = House::new(kind);
    house.say(house.ada(), house.group(), "one");
    house.wait(15 * MINUTE);
    house.round();
    let before = house.mails().len();
    // Another notifier on the same archive goes on where the first was.
    let next = House::beside(&house);
    next.round();
    assert_eq!(next.mails().len(), before);
    assert!(super::super::pairs::cursor(&mut next.house.parts.journal.db().reader().unwrap()).unwrap() > 0);
}
