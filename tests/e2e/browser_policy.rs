//! The policy text in real Chromium: read and accepted by mouse, by keyboard and on a phone, declined, and written by officers.

use chancery_ledger::Kind;
use chancery_protocol::policy::{PolicyText, Section};
use chancery_tests::archive::Archive;
use chancery_tests::browser::Script;
use chancery_tests::database::{Database, Storage};
use chancery_tests::house::{House, PASSWORD};
use chancery_tests::policy_text::Officers;
use chancery_tests::server::Plan;

/// A text as it is written: six sections, longer than the dialog.
fn long(title: &str) -> PolicyText {
    let section = |heading: &str, text: &str| Section { heading: heading.to_owned(), text: text.to_owned() };
    PolicyText {
        title: title.to_owned(),
        sections: vec![
            section(
                "Who this covers",
                "Everybody who writes here: employees, people who work for us for a time, and guests.\n\nIt covers messages, files, what conversations are called, and status texts.",
            ),
            section(
                "Proper use",
                "Write as you would in a letter that carries the name of the house.\n\n- no insults, no threats\n- no promises that the house did not make\n- nothing that belongs on another channel",
            ),
            section(
                "Client data",
                "Share account numbers and identity documents only with people who need them for the task in hand. If a rule asks for a reason, give the real one. Your reason is stored with the message.",
            ),
            section(
                "Restricted lists",
                "Do not name an issuer on the restricted list outside its deal team. The system will stop such a message and show you the rule. If you believe that the rule is wrong, say so to compliance; do not reword the message to get around it.",
            ),
            section(
                "Monitoring and review",
                "Messages are checked by rules as you send them. Compliance officers may search and read conversations for a stated reason. Each search and each reading is on record.",
            ),
            section(
                "Your rights",
                "You may ask what is kept about you, and have mistakes put right. Ask your compliance department.",
            ),
        ],
        essence: [
            "Everything is kept. Messages, files, edits and deletions are stored.",
            "Some is reviewed. Compliance may read messages; each look is logged.",
            "Some may not be sent. Rules can warn you or stop a message, and will say why.",
            "Work use. Keep private matters, health and account secrets out of chat.",
        ]
        .map(str::to_owned)
        .to_vec(),
        every_days: 0,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_policy_text_is_read_accepted_declined_and_written() {
    let plan = Plan::new(&Storage::new(Database::Sqlite));
    let base = format!("http://localhost:{}", plan.port);
    let plan = plan.with("CHANCERY_PUBLIC_URL", &base).with("CHANCERY_SERVICE_DESK", "help@example.com");
    let house = House::build(plan, 3).await;
    let officers = Officers::of(&house).await;
    house.connect(0).await.create_group("Alder", &[house.people[1].id()]).await.unwrap();
    officers.put_in_force(long("Acceptable use policy")).await;
    let mut script = Script::start("policy.mjs", &[("BASE", base), ("PASSWORD", PASSWORD.to_owned())]);
    while let Some(question) = script.next_question().await {
        match question.as_str() {
            "another" => officers.put_in_force(long("Acceptable use policy of spring")).await,
            "yet another" => officers.put_in_force(long("Acceptable use policy of summer")).await,
            other => panic!("the script asks for {other:?}"),
        }
        script.answer("done").await;
    }
    let findings = script.findings();
    for (name, told) in [
        ("conversations behind it", "0"),
        ("accept is asleep", "true true"),
        ("modal still", "true"),
        ("printed beside it", "false"),
        ("focus outside", "false"),
        ("what comes after what is removed", "Your rights"),
        ("palette over it", "0"),
        ("covers the phone", "0 0 380 800"),
        ("address stays", "true"),
        ("printed under it", "false"),
        ("sent before it is saved", "false"),
        ("asker may agree", "0"),
    ] {
        assert_eq!(findings[name], told, "{name}");
    }
    for name in ["ada", "bela", "cleo", "olga", "lena"] {
        assert_eq!(findings[&format!("problems of {name}")], "[]");
    }
    let archive = Archive::read(house.storage());
    let counts =
        [Kind::PolicyAccepted, Kind::PolicyDeclined, Kind::PolicySet].map(|kind| archive.count(kind));
    assert_eq!(counts, [3, 1, 4]);
}
