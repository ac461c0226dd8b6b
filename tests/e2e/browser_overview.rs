//! The overview and the health of the server in Chromium.

use chancery_protocol::operations::{Health, Overview, State};
use chancery_protocol::person::Role;
use chancery_tests::browser::Script;
use chancery_tests::client::Client;
use chancery_tests::database::{Database, Storage};
use chancery_tests::house::{House, PASSWORD};
use chancery_tests::server::Plan;
use reqwest::Method;
use serde_json::json;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn figures_and_health_are_read_by_mouse_and_by_key() {
    let plan = Plan::new(&Storage::new(Database::Sqlite));
    let base = format!("http://localhost:{}", plan.port);
    let house = House::build(plan.with("CHANCERY_PUBLIC_URL", &base), 2).await;
    let auditor = house.invite_and_redeem("aud", &[Role::Auditor]).await;
    let (mut ada, bela) = (house.connect(0).await, house.connect(1).await);
    let _second_device = Client::connect(&house.people[0]).await;
    let talk = ada.open_direct(bela.who.id()).await.unwrap().id;
    let settings = [("BASE", base), ("PASSWORD", PASSWORD.to_owned())];
    let mut script = Script::start("overview.mjs", &settings);
    while let Some(question) = script.next_question().await {
        let answer = match question.as_str() {
            "send" => {
                for number in 0..7 {
                    ada.send(talk, &format!("message {number}")).await.unwrap();
                }
                "done".to_owned()
            }
            "figures" => {
                let path = "/overview?span=hour";
                let found: Overview = auditor.call(Method::GET, path, None::<&()>).await.unwrap();
                json!({
                    "connections": found.now.connections,
                    "connected": found.now.people_connected,
                    "people": found.now.people,
                    "node": found.node.name,
                    "components": found.components.len(),
                })
                .to_string()
            }
            "health" => {
                let found: Health = house.admin.call(Method::GET, "/health", None::<&()>).await.unwrap();
                let count = |state| found.checks.iter().filter(|check| check.state == state).count();
                json!({
                    "bad": count(State::Bad),
                    "warn": count(State::Warn),
                    "ok": count(State::Ok),
                    "first": found.checks[0].says,
                })
                .to_string()
            }
            "second administrator" => {
                house.invite_and_redeem("tara", &[Role::ItAdmin]).await;
                "done".to_owned()
            }
            other => panic!("the script asks for {other:?}"),
        };
        script.answer(&answer).await;
    }
    let findings = script.findings();
    assert_eq!(findings["places of an auditor"], "Overview, Audit log");
    assert_eq!(
        findings["places of an administrator"],
        "Overview, Acceptable use, Users, Groups, Directory and SSO, Approvals, Audit log, Health, Mail"
    );
    assert_eq!(findings["links of an auditor to health"], "0");
    assert_eq!(findings["asked while hidden"], "0");
    for person in ["aud", "rita"] {
        assert_eq!(findings[&format!("problems of {person}")], "[]");
    }
}
