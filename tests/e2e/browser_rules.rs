//! What rules of acceptable use do to whoever writes, in real Chromium: asked about, blocked, waiting, refused, without a part.

use chancery_tests::browser::Script;
use chancery_tests::database::{Database, Storage};
use chancery_tests::house::{House, PASSWORD};
use chancery_tests::line::{Line, Mode};
use chancery_tests::officers::Officers;
use chancery_tests::server::Plan;
use serde_json::{Value, json};

fn rule(id: &str, name: &str, outcome: &str, expression: &str, why: &str) -> Value {
    json!({
        "id": id, "name": name, "outcome": outcome, "match": expression, "why": why, "ask": "Data Protection",
        "severity": "medium", "known_to_senders": true,
    })
}

fn rules() -> Vec<Value> {
    let mut cards = rule(
        "card-numbers",
        "Card numbers",
        "redact",
        "detect:card",
        "Nobody needs a card number in a message.",
    );
    cards["instead"] = json!("card number removed");
    vec![
        accounts("This looks like a client account number. You may send it with a business reason."),
        rule("internal", "Internal papers", "warn", "\"internal only\"", "This is marked as internal."),
        rule(
            "restricted-list",
            "Restricted list",
            "block",
            "\"Example Holdings\"",
            "Don't name issuers on the restricted list outside their own deal team.",
        ),
        rule("code-names", "Code names", "flag", "\"Operation Alder\"", "Code names are looked at later."),
        rule("guest-lists", "Guest lists", "review", "\"guest list\"", "Guest lists are read first."),
        cards,
    ]
}

fn accounts(why: &str) -> Value {
    rule("account-numbers", "Client account numbers", "warn", "detect:iban", why)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_writes_is_told_what_rules_do_in_the_browser() {
    let plan = Plan::new(&Storage::new(Database::Sqlite));
    let base = format!("http://localhost:{}", plan.port);
    let house = House::build(plan.with("CHANCERY_PUBLIC_URL", &base), 4).await;
    let officers = Officers::of(&house).await;
    officers.put_in_force(&rules()).await;
    let line = Line::to(&house.server.address()).await;
    let settings = [("BASE", base), ("LINE", line.address.to_string()), ("PASSWORD", PASSWORD.to_owned())];
    let mut script = Script::start("rules.mjs", &settings);
    while let Some(question) = script.next_question().await {
        let first = async || *officers.waiting().await.unwrap().first().expect("nothing waits");
        match question.split_once(' ').unwrap_or((&question, "")) {
            ("cut", _) => line.set(Mode::Cut),
            ("mend", _) => line.set(Mode::Open),
            ("release", _) => officers.release(first().await).await.unwrap(),
            ("refuse", words) => officers.refuse(first().await, words).await.unwrap(),
            ("waiting", _) => {
                let waiting = officers.waiting().await.unwrap().len().to_string();
                script.answer(&waiting).await;
                continue;
            }
            ("change", why) => officers.put_in_force(&[accounts(why)]).await,
            _ => panic!("the script asks for {question}"),
        }
        script.answer("done").await;
    }
    let findings = script.findings();
    assert_eq!(findings["traces of the card"], "none");
    assert_eq!(findings["notification"], "Ada Test: The card is card number removed, please book it.");
    assert_eq!(findings["copied"], "The card is [card number removed], please book it.");
    assert_eq!(findings["told of a flag"], "0");
    assert_eq!((&*findings["waiting"], &*findings["waiting after"]), ("1", "0"));
    for person in ["ada", "bela", "cleo", "olive"] {
        assert_eq!(findings[&format!("problems of {person}")], "[]");
    }
}
