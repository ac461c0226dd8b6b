//! Two people in real Chromium: a day in the office, with a cut line and a suspended account.

use chancery_tests::browser::Script;
use chancery_tests::database::{Database, Storage};
use chancery_tests::house::{House, PASSWORD};
use chancery_tests::line::{Line, Mode};
use chancery_tests::server::Plan;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_people_talk_in_the_browser() {
    let plan = Plan::new(&Storage::new(Database::Sqlite));
    let base = format!("http://localhost:{}", plan.port);
    let house = House::build(plan.with("CHANCERY_PUBLIC_URL", &base), 2).await;
    let line = Line::to(&house.server.address()).await;
    let settings = [("BASE", base), ("LINE", line.address.to_string()), ("PASSWORD", PASSWORD.to_owned())];
    let mut script = Script::start("day.mjs", &settings);
    while let Some(question) = script.next_question().await {
        match question.as_str() {
            "cut" => line.set(Mode::Cut),
            "mend" => line.set(Mode::Open),
            "suspend" => house.admin.suspend(house.people[1].id()).await.unwrap(),
            other => panic!("the script asks for {other}"),
        }
        script.answer("done").await;
    }
    let findings = script.findings();
    assert_eq!(findings["order"], "5");
    for person in ["ada", "bela"] {
        assert_eq!(findings[&format!("problems of {person}")], "[]");
    }
}
