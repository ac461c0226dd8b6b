//! A rule from its first word to its second version, in real Chromium: written, tried, run over the archive, sent, agreed to, refused,
//! rolled back; texts that wait for an officer are delivered and refused. By mouse, and where it matters by keyboard alone.

use chancery_ledger::Kind;
use chancery_protocol::conversation::{Content as Shown, Entry};
use chancery_protocol::person::Role;
use chancery_tests::archive::Archive;
use chancery_tests::browser::Script;
use chancery_tests::client::Client;
use chancery_tests::database::{Database, Storage};
use chancery_tests::house::{House, PASSWORD};
use chancery_tests::screening::Said;
use chancery_tests::server::Plan;

use chancery_protocol::ids::ConversationId;

/// Texts of the talk as somebody reads them.
async fn read(client: &mut Client, talk: ConversationId) -> String {
    let page = client.history(talk).await.unwrap();
    let text = |entry: &Entry| match entry {
        Entry::Message { message } => match &message.content {
            Shown::Text { text, .. } => Some(text.clone()),
            _ => None,
        },
        Entry::Note { .. } => None,
    };
    page.entries.iter().filter_map(text).collect::<Vec<_>>().join("|")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rules_are_written_tried_agreed_to_and_rolled_back_in_the_console() {
    let plan = Plan::new(&Storage::new(Database::Sqlite));
    let base = format!("http://localhost:{}", plan.port);
    let house = House::build(plan.with("CHANCERY_PUBLIC_URL", &base), 2).await;
    house.invite_and_redeem("olga", &[Role::ComplianceOfficer]).await;
    house.invite_and_redeem("lena", &[Role::ComplianceLead]).await;
    let (mut ada, mut bela) = (house.connect(0).await, house.connect(1).await);
    let talk = ada.open_direct(house.people[1].id()).await.unwrap().id;
    for text in ["pay DE89 3704 0044 0532 0130 00 today", "lunch?", "our ticket is 0012345678", "see you"] {
        ada.send(talk, text).await.unwrap();
    }
    let settings = [("BASE", base), ("PASSWORD", PASSWORD.to_owned())];
    let mut script = Script::start("rule_editor.mjs", &settings);
    while let Some(question) = script.next_question().await {
        let (what, text) = question.split_once(' ').unwrap_or((question.as_str(), ""));
        let answer = match what {
            "say" => match ada.speak(talk, text).await {
                Said::Delivered(_) => "delivered",
                Said::Blocked(_) => "blocked",
                Said::Waiting(_) => "waiting",
                _ => "something else",
            }
            .to_owned(),
            "reads" => read(&mut bela, talk).await.contains(text).to_string(),
            _ => panic!("the script asks for {question:?}"),
        };
        script.answer(&answer).await;
    }
    let findings = script.findings();
    for (name, told) in [
        ("before the rule", "delivered"),
        ("own approve buttons", "0"),
        ("lead's count", "1"),
        ("with version 1", "blocked"),
        ("sent with a line that fails", "0"),
        ("tried after it was decided", "0"),
        ("outdated by itself", "0"),
        ("after a refusal", "blocked"),
        ("with version 2", "waiting"),
        ("another with version 2", "waiting"),
        ("released is read", "true"),
        ("refused is read", "false"),
        ("with version 3", "blocked"),
        ("switched off", "delivered"),
        ("rules in the administrator's menu", "0"),
    ] {
        assert_eq!(findings[name], told, "{name}");
    }
    for person in ["olga", "lena", "rita"] {
        assert_eq!(findings[&format!("problems of {person}")], "[]");
    }
    let archive = Archive::read(house.storage());
    let counts = [
        Kind::PolicySet,
        Kind::RequestAsked,
        Kind::RequestAgreed,
        Kind::RequestRefused,
        Kind::PolicyTested,
        Kind::PolicySampled,
        Kind::AttemptReleased,
        Kind::AttemptRefused,
    ]
    .map(|kind| archive.count(kind));
    assert_eq!(counts, [4, 5, 4, 1, 1, 1, 1, 1]);
    archive.assert_dense(house.storage());
}
