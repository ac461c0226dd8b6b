//! Urgent messages in real Chromium: one is sent, others acknowledge it, its author sees who has and who has not.

use chancery_tests::browser::Script;
use chancery_tests::database::{Database, Storage};
use chancery_tests::house::{House, PASSWORD};
use chancery_tests::officers::Officers;
use chancery_tests::server::Plan;
use serde_json::json;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_urgent_message_is_acknowledged_in_the_browser() {
    let plan = Plan::new(&Storage::new(Database::Sqlite));
    let base = format!("http://localhost:{}", plan.port);
    let house = House::build(plan.with("CHANCERY_PUBLIC_URL", &base), 4).await;
    let officers = Officers::of(&house).await;
    let rule = |id: &str, outcome: &str, expression: &str| {
        json!({
            "id": id, "name": id, "outcome": outcome, "match": expression, "why": "We do not write this here.",
            "ask": "Compliance", "severity": "medium",
        })
    };
    officers
        .put_in_force(&[rule("names", "block", "\"Example Holdings\""), rule("deals", "review", "alder")])
        .await;
    let others: Vec<_> = house.people.iter().skip(1).map(|person| person.id()).collect();
    house.connect(0).await.create_group("Evacuation", &others).await.unwrap();
    let settings = [("BASE", base), ("PASSWORD", PASSWORD.to_owned())];
    let mut script = Script::start("urgent.mjs", &settings);
    while let Some(question) = script.next_question().await {
        match question.as_str() {
            "release" => {
                let waiting = officers.waiting().await.unwrap();
                officers.release(*waiting.first().expect("nothing waits")).await.unwrap();
            }
            _ => panic!("the script asks for {question}"),
        }
        script.answer("done").await;
    }
    let findings = script.findings();
    assert_eq!(findings["button for its author"], "0");
    assert_eq!(findings["toggle in a talk with oneself"], "0");
    assert_eq!(findings["toggle while editing"], "0");
    assert_eq!(findings["heard"], "[\"Ada Test in Evacuation: It is urgent\"]");
    for person in ["ada", "bela", "cleo", "dana", "olive"] {
        assert_eq!(findings[&format!("problems of {person}")], "[]", "{person}");
    }
}
