//! The client in real Chromium on a bad line: nothing is lost and nothing doubled in what people see.

use chancery_protocol::conversation::{Content, Entry};
use chancery_tests::browser::Script;
use chancery_tests::database::{Database, Storage};
use chancery_tests::house::{House, PASSWORD};
use chancery_tests::line::{Line, Mode};
use chancery_tests::server::Plan;

/// 200 ms each way, and 5 % of what is carried ends the connection.
const BAD: Mode = Mode::Bad(200, 20);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bad_line_loses_and_doubles_nothing_that_people_see() {
    let plan = Plan::new(&Storage::new(Database::Sqlite));
    let base = format!("http://localhost:{}", plan.port);
    let mut house = House::build(plan.with("CHANCERY_PUBLIC_URL", &base), 2).await;
    let ada = house.connect(0).await.open_direct(house.people[1].id()).await.unwrap().id;
    let lines = [Line::to(&house.server.address()).await, Line::to(&house.server.address()).await];
    let mut settings = vec![("BASE", base), ("PASSWORD", PASSWORD.to_owned())];
    settings.extend(["ADAS", "BELAS"].into_iter().zip(lines.iter().map(|line| line.address.to_string())));
    let mut script = Script::start("line.mjs", &settings);
    while let Some(question) = script.next_question().await {
        match question.as_str() {
            "bad" => lines.iter().for_each(|line| line.set(BAD)),
            "good" => lines.iter().for_each(|line| line.set(Mode::Open)),
            "bela sleeps" => lines[1].set(Mode::Swallowing),
            // What was open before he slept is gone when he wakes.
            "bela wakes" => lines[1].break_once(Mode::Open).await,
            "kill" => house.server.kill().await,
            "start" => house.server.start_again().await,
            "stop" => drop(house.server.stop().await),
            other => panic!("the script asks for {other}"),
        }
        script.answer("done").await;
    }
    let findings = script.findings();
    assert!(lines.iter().map(Line::broken).sum::<usize>() > 0, "the line never broke");
    assert!(lines[1].swallowed() > 0, "nobody slept");
    let page = house.connect(0).await.history(ada).await.unwrap();
    let said: Vec<String> = page
        .entries
        .iter()
        .filter_map(|entry| match entry {
            Entry::Message { message } => match &message.content {
                Content::Text { text, .. } => Some(text.clone()),
                _ => None,
            },
            Entry::Note { .. } => None,
        })
        .collect();
    assert_eq!(said.len().to_string(), findings["sent"], "{said:?}");
    for person in ["ada", "bela"] {
        assert_eq!(findings[&format!("what {person} sees")], said.join(" | "));
        assert_eq!(findings[&format!("problems of {person}")], "[]");
    }
}
