//! Rules of acceptable use under the head lock: what is in force at a text's position is what it obeys, whatever was in force when
//! it was sent.

use std::collections::BTreeMap;
use std::sync::Arc;

use chancery_ledger::{Kind, Stream};
use chancery_protocol::command::{AddMembers, Delete, Edit, Send};
use chancery_protocol::conversation::{Content, Entry};
use chancery_protocol::ids::{ConversationId, GroupId, Id, PersonId, RecordId};
use chancery_protocol::policy::ItemKind;
use chancery_screening::{Examples, Outcome, Rule, Scope, Severity};
use proptest::prelude::*;

use super::{House, block_on};
use crate::acceptable_use::items::Content as Item;
use crate::acceptable_use::store::{self, Made, Running, Setting};
use crate::acceptable_use::{AttemptBody, Confirmed, MatchedBody};
use crate::app::Parts;
use crate::conversations::{LookedAt, NewGroup, Rooms, create_group};
use crate::directory::Roles;
use crate::directory::groups::{self, Group};
use crate::ground::db::testing::{Database, on_both_databases};
use crate::ground::error::{Code, Error};
use crate::journal::{Beside, Committed, Unit, decode_body};
use crate::messaging::waiting::{self, Standing};

/// A rule about a word.
pub(crate) fn rule(name: &str, word: &str, outcome: Outcome) -> Rule {
    Rule {
        id: name.into(),
        name: format!("About {word}"),
        languages: Vec::new(),
        why: format!("This names {word}."),
        ask: "Compliance".into(),
        instead: "word removed".into(),
        outcome,
        severity: Severity::High,
        queue: String::new(),
        applies_to: Vec::new(),
        scope: Scope::default(),
        exceptions: Vec::new(),
        known_to_senders: false,
        expression: word.into(),
        unless: Vec::new(),
        tests: Examples::default(),
    }
}

/// The next version of a rule comes into force, or no longer counts.
pub(crate) fn set(parts: &Parts, rule: &Rule, from_version: u32, in_force: bool) -> u64 {
    let journal = &parts.journal;
    let content = Item::Rule { rule: Box::new(rule.clone()) };
    let running =
        Running { kind: ItemKind::Rule, name: rule.id.clone(), version: from_version, place: 0, content };
    let setting = Setting::new(journal.vault(), &running, in_force, None).unwrap();
    let draft = journal.draft(Stream::System, Kind::PolicySet, None, &()).unwrap();
    let record = draft.record;
    let somebody = PersonId::from_bytes([7; 16]);
    let unit = Unit {
        records: vec![draft],
        work: Some(Box::new(move |conn, placed| {
            let made = Made { at: placed[0].at, asked_by: somebody, agreed_by: somebody, record };
            store::set(conn, &setting, made)
        })),
        ..Unit::default()
    };
    journal.commit_blocking(unit).unwrap().first().unwrap().position
}

/// The first version of a rule comes into force.
pub(crate) fn in_force(house: &House, rule: &Rule) {
    set(&house.parts, rule, 0, true);
}

pub(crate) fn send(house: &House, text: &str, confirmed: Option<Confirmed>) -> Unit {
    let client_id = house.parts.journal.id().unwrap();
    let conversation = house.conversations[0];
    let command =
        Send { client_id, conversation, text: text.into(), reply_to: None, thread_root: None, urgent: false };
    house.parts.messaging().send_unit(house.people[0], command, confirmed).unwrap()
}

fn commit(parts: &Parts, unit: Unit) -> Committed {
    parts.journal.commit_blocking(unit).unwrap()
}

fn kinds(committed: &Committed) -> Vec<Kind> {
    committed.placed.iter().map(|place| place.kind).collect()
}

/// What a member reads.
fn read(house: &House, reader: PersonId, conversation: ConversationId) -> Vec<String> {
    let messaging = house.parts.messaging();
    let mut conn = house.parts.journal.db().reader().unwrap();
    let page = messaging.history(&mut conn, reader, conversation, None, 50).unwrap();
    let text = |entry| match entry {
        Entry::Message { message } => match message.content {
            Content::Text { text, .. } => Some(text),
            other => Some(format!("{other:?}")),
        },
        Entry::Note { .. } => None,
    };
    page.entries.into_iter().filter_map(text).collect()
}

fn attempt(house: &House, record: RecordId) -> AttemptBody {
    let mut conn = house.parts.journal.db().reader().unwrap();
    let found = house.parts.journal.records().by_record(&mut conn, &[record]).unwrap().remove(&record);
    decode_body(&found.unwrap().unwrap().body).unwrap()
}

fn a_text_obeys_what_is_in_force_when_it_is_committed(database: Database) {
    let house = House::new(database);
    let parts = &house.parts;
    for (number, (outcome, kind)) in [
        (Outcome::Flag, vec![Kind::Message, Kind::RuleMatched]),
        (Outcome::Warn, vec![Kind::AttemptWarned]),
        (Outcome::Redact, vec![Kind::Message, Kind::RuleMatched]),
        (Outcome::Review, vec![Kind::AttemptWaiting]),
        (Outcome::Block, vec![Kind::AttemptBlocked]),
    ]
    .into_iter()
    .enumerate()
    {
        let (name, word) = (format!("rule-{number}"), format!("quince{number}x"));
        let rule = rule(&name, &word, outcome);
        let (before, meant) =
            (send(&house, &format!("a {word}"), None), send(&house, &format!("one {word}"), None));
        assert_eq!(kinds(&commit(parts, before)), [Kind::Message], "{outcome:?} is not in force yet");
        set(parts, &rule, 0, true);
        let committed = commit(parts, meant);
        assert_eq!(kinds(&committed), kind, "{outcome:?} came into force after it was sent");
        if kind[0] != Kind::Message {
            let body = attempt(&house, committed.first().unwrap().record);
            assert_eq!((body.text.as_str(), body.findings[0].version), (format!("one {word}").as_str(), 1));
        }
        let late = send(&house, &format!("two {word}"), None);
        set(parts, &rule, 1, false);
        assert_eq!(
            kinds(&commit(parts, late)),
            [Kind::Message],
            "{outcome:?} was switched off after it was sent"
        );
    }
    let shown = read(&house, house.people[1], house.conversations[0]);
    assert!(shown.contains(&"one \u{2}word removed\u{3}".to_owned()), "{shown:?}");
    assert!(
        shown.iter().all(|text| !text.contains("one quince3") && !text.contains("one quince4")),
        "{shown:?}"
    );
    assert!(house.rebuild(true).drift.is_empty());
}

fn a_new_version_counts_though_the_text_was_found_by_the_old_one(database: Database) {
    let house = House::new(database);
    let mut quince = rule("quince", "quince", Outcome::Flag);
    set(&house.parts, &quince, 0, true);
    let meant = send(&house, "a quince", None);
    quince.outcome = Outcome::Block;
    set(&house.parts, &quince, 1, true);
    let committed = commit(&house.parts, meant);
    assert_eq!(kinds(&committed), [Kind::AttemptBlocked]);
    assert_eq!(attempt(&house, committed.first().unwrap().record).findings[0].version, 2);
}

fn whom_a_rule_is_for_is_asked_when_it_is_committed(database: Database) {
    let house = House::new(database);
    let journal = &house.parts.journal;
    let group: GroupId = journal.id().unwrap();
    let mut quince = rule("quince", "quince", Outcome::Block);
    quince.scope.sender_groups = vec![group.to_string()];
    let change = |kind, work: crate::journal::Work| {
        let mut draft = journal.draft(Stream::System, kind, None, &()).unwrap();
        draft.target = Some(group.bytes());
        commit(&house.parts, Unit { records: vec![draft], work: Some(work), ..Unit::default() });
    };
    change(
        Kind::GroupSet,
        Box::new(move |conn, placed| {
            let new = Group {
                id: group,
                source: None,
                subject: None,
                name: "Traders".into(),
                roles: Roles::default(),
                created_at: 0,
                gone_at: None,
            };
            groups::insert(conn, &new, placed[0].at)
        }),
    );
    set(&house.parts, &quince, 0, true);
    assert_eq!(
        kinds(&commit(&house.parts, send(&house, "a quince", None))),
        [Kind::Message],
        "not in the group"
    );
    let meant = send(&house, "another quince", None);
    let author = house.people[0];
    change(Kind::GroupMembers, Box::new(move |conn, _| groups::add(conn, group, author)));
    assert_eq!(kinds(&commit(&house.parts, meant)), [Kind::AttemptBlocked], "in the group by now");
}

fn a_reason_answers_the_rules_it_was_asked_for_and_no_others(database: Database) {
    let house = House::new(database);
    let (quince, pear) = (rule("quince", "quince", Outcome::Warn), rule("pear", "pear", Outcome::Warn));
    set(&house.parts, &quince, 0, true);
    let warned = commit(&house.parts, send(&house, "quince and pear", None)).first().unwrap().record;
    let confirmed = Confirmed {
        rules: [("quince".to_owned(), 1, BTreeMap::new())].into(),
        reason: "the client asked for it".into(),
        warned,
    };
    let unit = send(&house, "quince and pear", Some(confirmed.clone()));
    assert_eq!(kinds(&commit(&house.parts, unit)), [Kind::Message, Kind::RuleMatched]);
    let unit = send(&house, "quince and pear", Some(confirmed.clone()));
    set(&house.parts, &pear, 0, true);
    let again = commit(&house.parts, unit);
    assert_eq!(kinds(&again), [Kind::AttemptWarned], "nobody asked about pears");
    let notices = attempt(&house, again.first().unwrap().record).notices;
    assert_eq!(notices.iter().map(|notice| notice.rule.as_str()).collect::<Vec<_>>(), ["pear"]);
    set(&house.parts, &quince, 1, true);
    let unit = send(&house, "only quince", Some(confirmed));
    assert_eq!(kinds(&commit(&house.parts, unit)), [Kind::AttemptWarned], "another version of the rule");
}

fn a_rule_that_does_not_compile_is_quoted_to_nobody(database: Database) {
    let house = House::new(database);
    // As if another version of the program had put it in force.
    set(&house.parts, &rule("quince", "quince AND list:marzipan", Outcome::Flag), 0, true);
    let error = house.parts.journal.commit_blocking(send(&house, "a quince", None)).unwrap_err();
    assert!(error.to_string().contains("rule quince, match"), "the log says which: {error}");
    let told = serde_json::to_string(&error.problem()).unwrap();
    assert!(!format!("{error:?} {told}").contains("marzipan"), "{error:?}");
    assert!(told.contains("internal") && !told.contains("quince"), "{told}");
}

fn a_name_that_was_changed_since_it_was_looked_at_is_shown_to_nobody_new(database: Database) {
    let house = House::new(database);
    let Parts { journal, directory, roster, .. } = &house.parts;
    let rooms =
        Rooms { journal: journal.clone(), directory: Arc::clone(directory), roster: Arc::clone(roster) };
    let (ada, ben) = (house.people[0], house.people[1]);
    let id = || journal.id().unwrap();
    block_on(async {
        let (name, members) = ("Lunch".to_owned(), Vec::new());
        let group = NewGroup { name, announcement: false, open: false, topic: None, members };
        let conversation =
            create_group(journal, directory, id(), ada, group, Beside::default()).await.unwrap();
        let add = async |name: &str| {
            let command = AddMembers { client_id: id(), conversation, people: vec![ben] };
            let looked_at = LookedAt { name: Some(name.into()), topic: None, also: Beside::default() };
            rooms.add(ada, command, Some(looked_at)).await.map(drop).map_err(|error| error.code)
        };
        assert_eq!(add("Merger").await, Err(Code::Outdated));
        assert_eq!(add("Lunch").await, Ok(()));
    });
}

fn what_waits_ends_once(database: Database) {
    let house = House::new(database);
    let messaging = house.parts.messaging();
    let [author, officer] = [house.people[0], house.people[2]];
    set(&house.parts, &rule("quince", "quince", Outcome::Review), 0, true);
    let wait = |text: &str| commit(&house.parts, send(&house, text, None)).first().unwrap().record;
    let (passed, refused, back) = (wait("quince one"), wait("quince two"), wait("quince three"));
    let mut conn = house.parts.journal.db().reader().unwrap();
    let release = |conn: &mut _, officer, attempt| {
        let unit = messaging.release_unit(conn, officer, attempt, "")?;
        house.parts.journal.commit_blocking(unit)
    };
    let own = release(&mut conn, author, passed).unwrap_err();
    assert_eq!(own.code, Code::OwnRequest, "nobody decides on their own text");
    let two = [0; 2].map(|_| messaging.release_unit(&mut conn, officer, passed, "").unwrap());
    let [first, second] = two.map(|unit| house.parts.journal.commit_blocking(unit));
    assert_eq!(kinds(&first.unwrap()), [Kind::Message, Kind::AttemptReleased]);
    assert_eq!(second.unwrap_err().code, Code::AlreadyDecided);
    commit(&house.parts, messaging.refuse_unit(&mut conn, officer, refused, "not like this").unwrap());
    assert_eq!(release(&mut conn, officer, refused).unwrap_err().code, Code::AlreadyDecided);
    let taken = |attempt| {
        let id = house.parts.journal.id().unwrap();
        block_on(messaging.take_back(author, id, attempt)).map(drop).map_err(|error: Error| error.code)
    };
    assert_eq!(taken(back), Ok(()));
    assert_eq!(taken(back), Err(Code::AlreadyDecided));
    assert_eq!(taken(passed), Err(Code::AlreadyDecided));
    assert_eq!(waiting::count(&mut conn).unwrap(), 0);
    let own = messaging.own_attempts(&mut conn, author, house.conversations[0]).unwrap();
    assert_eq!(own.iter().map(|attempt| attempt.id).collect::<Vec<_>>(), [refused], "until it is put away");
    assert_eq!(taken(refused), Ok(()));
    assert!(messaging.own_attempts(&mut conn, author, house.conversations[0]).unwrap().is_empty());
    assert_eq!(read(&house, house.people[1], house.conversations[0]), ["quince one"]);
    assert!(house.rebuild(true).drift.is_empty());
}

fn an_edit_is_screened_and_one_that_waits_changes_nothing_until_it_passes(database: Database) {
    let house = House::new(database);
    let messaging = house.parts.messaging();
    let (author, conversation) = (house.people[0], house.conversations[0]);
    let message = commit(&house.parts, send(&house, "harmless", None)).first().unwrap().record;
    set(&house.parts, &rule("quince", "quince", Outcome::Review), 0, true);
    set(&house.parts, &rule("pear", "pear", Outcome::Redact), 0, true);
    let edit = |text: &str| {
        let client_id = house.parts.journal.id().unwrap();
        let command = Edit { client_id, conversation, message, text: text.into() };
        messaging.edit_unit(author, command, None).unwrap()
    };
    let one = commit(&house.parts, edit("a quince and a pear"));
    house.clock.advance(1);
    let two = commit(&house.parts, edit("two quinces quince"));
    assert_eq!(kinds(&one), [Kind::AttemptWaiting]);
    assert_eq!(read(&house, author, conversation), ["harmless"]);
    let mut conn = house.parts.journal.db().reader().unwrap();
    let officer = house.people[1];
    let first = one.first().unwrap().record;
    let released = commit(&house.parts, messaging.release_unit(&mut conn, officer, first, "").unwrap());
    assert_eq!(kinds(&released), [Kind::Edit, Kind::AttemptReleased]);
    assert_eq!(
        read(&house, author, conversation),
        ["a quince and a \u{2}word removed\u{3}"],
        "what is taken out stays out"
    );
    let delete = Delete { client_id: house.parts.journal.id().unwrap(), conversation, message };
    commit(&house.parts, messaging.delete_unit(author, delete).unwrap());
    let unit = messaging.release_unit(&mut conn, officer, two.first().unwrap().record, "").unwrap();
    assert_eq!(house.parts.journal.commit_blocking(unit).unwrap_err().code, Code::AlreadyDeleted);
    let rows = waiting::rows(&mut conn, Standing::Waiting, None, 9).unwrap();
    assert_eq!(rows.len(), 1, "it still waits, to be refused");
    assert!(house.rebuild(true).drift.is_empty());
}

/// What an officer lets pass obeys what is in force when it is delivered, not when it was written.
fn what_is_released_obeys_what_is_in_force_then(database: Database) {
    let house = House::new(database);
    let messaging = house.parts.messaging();
    let officer = house.people[2];
    set(&house.parts, &rule("quince", "quince", Outcome::Review), 0, true);
    let wait = |text: &str| commit(&house.parts, send(&house, text, None)).first().unwrap().record;
    let (pears, plums, late) = (wait("quince and pear"), wait("quince and plum"), wait("quince and fig"));
    set(&house.parts, &rule("pear", "pear", Outcome::Redact), 0, true);
    set(&house.parts, &rule("plum", "plum", Outcome::Block), 0, true);
    let mut conn = house.parts.journal.db().reader().unwrap();
    let unit = messaging.release_unit(&mut conn, officer, pears, "").unwrap();
    let released = commit(&house.parts, unit);
    assert_eq!(kinds(&released), [Kind::Message, Kind::AttemptReleased, Kind::RuleMatched]);
    let matched = released.placed.last().unwrap().record;
    let matched = house.parts.journal.records().by_record(&mut conn, &[matched]).unwrap().remove(&matched);
    let matched: MatchedBody = decode_body(&matched.unwrap().unwrap().body).unwrap();
    assert_eq!((matched.findings.len(), matched.notices), (2, Vec::new()), "its author is told nothing new");
    let refused = messaging.release_unit(&mut conn, officer, plums, "").map(drop).unwrap_err();
    assert_eq!(refused.code, Code::CannotRelease);
    // The rule comes into force while the decision is on its way.
    let unit = messaging.release_unit(&mut conn, officer, late, "").unwrap();
    set(&house.parts, &rule("fig", "fig", Outcome::Block), 0, true);
    assert_eq!(house.parts.journal.commit_blocking(unit).unwrap_err().code, Code::CannotRelease);
    set(&house.parts, &rule("fig", "fig", Outcome::Flag), 1, true);
    let unit = messaging.release_unit(&mut conn, officer, late, "").unwrap();
    set(&house.parts, &rule("fig", "fig", Outcome::Redact), 2, true);
    let released = commit(&house.parts, unit);
    assert_eq!(kinds(&released), [Kind::Message, Kind::AttemptReleased, Kind::RuleMatched]);
    assert_eq!(
        read(&house, house.people[1], house.conversations[0]),
        ["quince and \u{2}word removed\u{3}", "quince and \u{2}word removed\u{3}"]
    );
    let rows = waiting::rows(&mut conn, Standing::Waiting, None, 9).unwrap();
    assert_eq!(rows.iter().map(|row| row.attempt).collect::<Vec<_>>(), [plums], "it can still be refused");
    assert!(house.rebuild(true).drift.is_empty());
}

fn a_change_that_waited_does_not_undo_a_newer_one(database: Database) {
    let house = House::new(database);
    let messaging = house.parts.messaging();
    let (author, officer, conversation) = (house.people[0], house.people[1], house.conversations[0]);
    let message = commit(&house.parts, send(&house, "harmless", None)).first().unwrap().record;
    set(&house.parts, &rule("quince", "quince", Outcome::Review), 0, true);
    let edit = |text: &str| {
        let client_id = house.parts.journal.id().unwrap();
        let command = Edit { client_id, conversation, message, text: text.into() };
        let unit = messaging.edit_unit(author, command, None).unwrap();
        // The clock stands still in tests unless it is told otherwise.
        house.clock.advance(1_000_000);
        commit(&house.parts, unit).first().unwrap().record
    };
    let mut conn = house.parts.journal.db().reader().unwrap();
    let mut release = |attempt| {
        let unit = messaging.release_unit(&mut conn, officer, attempt, "").unwrap();
        house.parts.journal.commit_blocking(unit).map(drop).map_err(|error| error.code)
    };
    let (one, two) = (edit("quince one"), edit("quince two"));
    assert_eq!(release(one), Ok(()));
    assert_eq!(release(two), Ok(()), "what was written later may come later");
    assert_eq!(read(&house, author, conversation), ["quince two"]);
    let (three, four) = (edit("quince three"), edit("quince four"));
    assert_eq!(release(four), Ok(()));
    assert_eq!(release(three), Err(Code::CannotRelease));
    let five = edit("quince five");
    edit("harmless again");
    assert_eq!(release(five), Err(Code::CannotRelease));
    assert_eq!(read(&house, author, conversation), ["harmless again"]);
    assert!(house.rebuild(true).drift.is_empty());
}

fn only_so_many_texts_of_one_author_wait(database: Database) {
    let house = House::new(database);
    set(&house.parts, &rule("quince", "quince", Outcome::Review), 0, true);
    let attempts: Vec<RecordId> = (0..waiting::MAX_WAITING)
        .map(|number| {
            commit(&house.parts, send(&house, &format!("quince {number}"), None)).first().unwrap().record
        })
        .collect();
    let refused = house.parts.journal.commit_blocking(send(&house, "one quince more", None)).unwrap_err();
    assert_eq!(refused.code, Code::TooManyWaiting);
    assert_eq!(
        kinds(&commit(&house.parts, send(&house, "a pear", None))),
        [Kind::Message],
        "the rest goes on"
    );
    let messaging = house.parts.messaging();
    let id = house.parts.journal.id().unwrap();
    block_on(messaging.take_back(house.people[0], id, attempts[7])).unwrap();
    assert_eq!(kinds(&commit(&house.parts, send(&house, "one quince more", None))), [Kind::AttemptWaiting]);
}

/// The owner of a bot holds its token: a text of the bot is as good as their own.
fn nobody_decides_on_a_text_of_their_own_bot(database: Database) {
    let house = House::new(database);
    let messaging = house.parts.messaging();
    let [bot, owner, officer] = [house.people[0], house.people[1], house.people[2]];
    set(&house.parts, &rule("quince", "quince", Outcome::Review), 0, true);
    let attempt = commit(&house.parts, send(&house, "quince", None)).first().unwrap().record;
    let journal = &house.parts.journal;
    let mut draft = journal.draft(Stream::Person(bot.bytes()), Kind::PersonChanged, None, &()).unwrap();
    draft.target = Some(bot.bytes());
    let unit = Unit {
        records: vec![draft],
        work: Some(Box::new(move |conn, _| crate::directory::store::set_owner(conn, bot, owner))),
        ..Unit::default()
    };
    commit(&house.parts, unit);
    let mut conn = journal.db().reader().unwrap();
    let mut decide =
        |who| messaging.release_unit(&mut conn, who, attempt, "").map(drop).map_err(|error| error.code);
    assert_eq!((decide(owner), decide(officer)), (Err(Code::OwnRequest), Ok(())));
}

on_both_databases! {
    fn a_text_obeys_what_is_in_force_when_it_is_committed;
    fn a_new_version_counts_though_the_text_was_found_by_the_old_one;
    fn whom_a_rule_is_for_is_asked_when_it_is_committed;
    fn a_reason_answers_the_rules_it_was_asked_for_and_no_others;
    fn a_rule_that_does_not_compile_is_quoted_to_nobody;
    fn a_name_that_was_changed_since_it_was_looked_at_is_shown_to_nobody_new;
    fn what_waits_ends_once;
    fn an_edit_is_screened_and_one_that_waits_changes_nothing_until_it_passes;
    fn what_is_released_obeys_what_is_in_force_then;
    fn a_change_that_waited_does_not_undo_a_newer_one;
    fn only_so_many_texts_of_one_author_wait;
    fn nobody_decides_on_a_text_of_their_own_bot;
}

proptest! {
    /// Readers get what stands around the parts and never a letter of them.
    #[test]
    fn readers_get_everything_but_what_is_taken_out(
        parts in prop::collection::vec(("[a-zé ]{0,8}", "[A-Z]{1,5}"), 0..6),
    ) {
        let (mut text, mut removed, mut expected) = (String::new(), Vec::new(), String::new());
        for (kept, out) in &parts {
            text.push_str(kept);
            let start = text.len() as u32;
            text.push_str(out);
            let end = text.len() as u32;
            if removed.last().is_some_and(|last: &crate::acceptable_use::Removed| last.end == start) {
                removed.last_mut().unwrap().end = end;
            } else {
                removed.push(crate::acceptable_use::Removed { start, end, instead: "gone".into() });
                expected.push_str(kept);
                expected.push_str("\u{2}gone\u{3}");
                continue;
            }
            expected.push_str(kept);
        }
        let shown = crate::acceptable_use::without(&text, &removed);
        prop_assert!(shown.chars().all(|c| !c.is_ascii_uppercase()), "{shown}");
        prop_assert_eq!(shown, expected);
    }
}
