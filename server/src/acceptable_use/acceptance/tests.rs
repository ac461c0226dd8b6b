use chancery_ledger::{Kind, Stream};
use chancery_protocol::acceptance::AnswerPolicy;
use chancery_protocol::ids::PersonId;
use chancery_protocol::person::Role;
use chancery_protocol::policy::{ItemKind, PolicyText, Section, TEXT_NAME};
use serde_json::json;

use super::super::items::Content;
use super::super::store::{Made, Running, Setting, set};
use super::{Acceptance, DAY, fingerprint, lapsed};
use crate::access::{Access, Gate as _, commands};
use crate::app::Parts;
use crate::ground::clock::Clock;
use crate::ground::config::{Surroundings, load};
use crate::ground::db::testing::{Database, Fresh, on_both_databases};
use crate::ground::error::{Code, Error};
use crate::ground::random::Random;
use crate::journal::Unit;

/// Puts a text in force that follows a version.
fn put_in_force(parts: &Parts, from_version: u32, in_force: bool, text: PolicyText, by: PersonId) {
    let journal = &parts.journal;
    let name = TEXT_NAME.to_owned();
    let content = Content::Text(text);
    let running = Running { kind: ItemKind::Text, name, version: from_version, place: 1, content };
    let setting = Setting::new(journal.vault(), &running, in_force, None).unwrap();
    let draft = journal.draft(Stream::System, Kind::PolicySet, Some(by), &json!({"items": []})).unwrap();
    let record = draft.record;
    journal
        .commit_blocking(Unit {
            records: vec![draft],
            work: Some(Box::new(move |conn, placed| {
                let made = Made { at: placed[0].at, asked_by: by, agreed_by: by, record };
                set(conn, &setting, made)
            })),
            ..Unit::default()
        })
        .unwrap();
}

fn accept(acceptance: &std::sync::Arc<Acceptance>, person: PersonId, version: u32) -> Result<(), Error> {
    let fingerprint = acceptance.standing(person).current.map(|current| current.fingerprint);
    let answer = AnswerPolicy { version, fingerprint: fingerprint.unwrap_or_default() };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(acceptance.accept(person, &answer))
}

fn the_gate_follows_the_journal_and_the_clock(kind: Database) {
    let storage = Fresh::new(kind).storage;
    let settings = storage.settings().into_iter();
    let outside = Surroundings {
        env: settings.map(|(key, value)| (key.into(), value.into())).collect(),
        cwd: storage.data.clone(),
        read: &|_| Err(std::io::ErrorKind::NotFound.into()),
    };
    let config = load(None, &outside).unwrap_or_else(|e| panic!("{e}")).config;
    let clock = Clock::at(1_800_000_000_000_000);
    let mut parts = Parts::open(&config, clock.clone(), Random::System).unwrap();
    let writer = parts.start(None, false).unwrap();
    let settings = crate::serve::settings(&config);
    let access =
        Access::new(parts.journal.clone(), std::sync::Arc::clone(&parts.directory), parts.gate(), settings)
            .unwrap();
    let make = |name: &str, role| {
        commands::create_with_password(&access, name, name, &[role], "a long enough password").unwrap()
    };
    let (ada, root) = (make("ada", Role::Employee), make("root", Role::ItAdmin));
    let gate = std::sync::Arc::clone(&parts.acceptance);
    let closed = || (gate.closed_for(ada), gate.closed_for(root));
    assert_eq!(closed(), (false, false), "without a text");
    assert_eq!(accept(&gate, ada, 1).unwrap_err().code, Code::Outdated);

    put_in_force(&parts, 0, true, text(30), root);
    assert_eq!(closed(), (true, false), "from its commit on, for whoever chats");
    assert_eq!(accept(&gate, ada, 2).unwrap_err().code, Code::Outdated);
    accept(&gate, ada, 1).unwrap();
    assert_eq!(closed(), (false, false));
    clock.advance(30 * DAY - 1);
    assert_eq!(closed(), (false, false), "a moment before its days are over");
    clock.advance(1);
    assert_eq!(closed(), (true, false), "nothing was written, and it lapses all the same");
    accept(&gate, ada, 1).unwrap();
    assert_eq!(gate.standing(ada).accepted_at, Some(1_800_000_000_000_000 + 30 * DAY));

    put_in_force(&parts, 1, true, text(0), root);
    assert_eq!(closed(), (true, false));
    // Another node that reads everything anew knows the same, and what it has not heard it looks up.
    let other = Acceptance::new(parts.journal.clone(), std::sync::Arc::clone(&parts.directory));
    other.load_all(&mut parts.journal.db().reader().unwrap()).unwrap();
    accept(&gate, ada, 2).unwrap();
    assert!(other.closed_for(ada), "it has not heard of it");
    other.look(&mut parts.journal.db().reader().unwrap(), ada).unwrap();
    assert!(!other.closed_for(ada));
    clock.advance(10_000 * DAY);
    assert_eq!(closed(), (false, false), "once for this version");
    put_in_force(&parts, 2, false, text(0), root);
    assert_eq!(gate.standing(ada).current, None);

    parts.journal.stop_blocking();
    writer.join().unwrap();
}

on_both_databases! {
    fn the_gate_follows_the_journal_and_the_clock;
}

fn text(every_days: u32) -> PolicyText {
    PolicyText {
        title: "Acceptable use policy".into(),
        sections: vec![Section { heading: "Who this covers".into(), text: "Everybody.".into() }],
        essence: vec!["Everything is kept.".into()],
        every_days,
    }
}

#[test]
fn once_accepted_it_lapses_only_where_it_says_so() {
    assert!(!lapsed(&text(0), 0, 10_000 * DAY), "once per version");
    assert!(!lapsed(&text(30), DAY, 31 * DAY - 1), "a moment before");
    assert!(lapsed(&text(30), DAY, 31 * DAY), "thirty days later");
}

#[test]
fn a_fingerprint_is_that_of_the_text_as_json() {
    // printf '%s' '{"title":…}' | sha256sum
    let json = r#"{"title":"Acceptable use policy","sections":[{"heading":"Who this covers","text":"Everybody."}],"essence":["Everything is kept."],"every_days":0}"#;
    assert_eq!(serde_json::to_string(&text(0)).unwrap(), json);
    assert_eq!(fingerprint(&text(0)).unwrap(), FINGERPRINT);
    assert_ne!(fingerprint(&text(1)).unwrap(), FINGERPRINT, "each field counts");
}

const FINGERPRINT: &str = "1337793ab4987f2acb551df5486b0eb31d61f28f5a618b0a8636f8b1c7b820ec";
