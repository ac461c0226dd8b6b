//! Search in Chromium: an officer's, which an auditor sees on the log, and a colleague's own.

use chancery_ledger::Kind;
use chancery_protocol::person::Role;
use chancery_tests::archive::Archive;
use chancery_tests::browser::Script;
use chancery_tests::database::{Database, Storage};
use chancery_tests::house::{House, PASSWORD};
use chancery_tests::server::Plan;

/// What Ada and Bela said.
const SAID: [&str; 4] = [
    "Der Kaufvertragsentwurf für den Erlenhof liegt bei.",
    "契約書は来週までに届きます。",
    "Write to max.mustermann@example.com about it.",
    "We keep the price talk between us.",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_said_is_found_by_those_who_may_and_reading_is_seen() {
    let plan = Plan::new(&Storage::new(Database::Sqlite));
    let base = format!("http://localhost:{}", plan.port);
    let house = House::build(plan.with("CHANCERY_PUBLIC_URL", &base), 3).await;
    house.invite_and_redeem("olga", &[Role::ComplianceOfficer]).await;
    house.invite_and_redeem("aud", &[Role::Auditor]).await;
    let (mut ada, mut bela) = (house.connect(0).await, house.connect(1).await);
    let talk = ada.open_direct(house.people[1].id()).await.unwrap().id;
    for text in SAID {
        ada.send(talk, text).await.unwrap();
    }
    let fee = bela.send(talk, "The fee is twelve").await.unwrap().record;
    bela.edit(talk, fee, "The fee is fifteen").await.unwrap();
    let regretted = bela.send(talk, "I regret this line").await.unwrap().record;
    bela.delete(talk, regretted).await.unwrap();
    let other = bela.open_direct(house.people[2].id()).await.unwrap().id;
    bela.send(other, "A secret of others").await.unwrap();
    house.people[1].until_found("secret", 1).await;
    let settings = [("BASE", base), ("PASSWORD", PASSWORD.to_owned())];
    let mut script = Script::start("search.mjs", &settings);
    assert_eq!(script.next_question().await, None);
    let findings = script.findings();
    assert_eq!(
        findings["places of an administrator"],
        "Overview, Acceptable use, Users, Groups, Directory and SSO, Approvals, Audit log, Health, Mail"
    );
    assert_eq!(findings["dialogs of an administrator"], "0");
    assert_eq!(findings["places of an auditor"], "Overview, Audit log");
    assert_eq!(findings["hits of ada"], "1");
    assert_eq!(
        findings["a message in the log"], "0",
        "the log says where a text stands, and not what it says"
    );
    // Two mornings alike: seven searches, two messages opened, newest first.
    let morning = [
        "Ran search",
        "Ran search",
        "Opened message",
        "Ran search",
        "Opened message",
        "Ran search",
        "Ran search",
        "Ran search",
        "Ran search",
    ];
    assert_eq!(findings["logged of olga"], [morning, morning].concat().join(", "));
    for person in ["olga", "rita", "aud", "ada"] {
        assert_eq!(findings[&format!("problems of {person}")], "[]");
    }
    let archive = Archive::read(house.storage());
    assert_eq!(archive.count(Kind::SearchRun), 14);
    assert_eq!(archive.count(Kind::ContextRead), 4);
    archive.assert_dense(house.storage());
}
