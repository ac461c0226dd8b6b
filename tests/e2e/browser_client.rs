//! The client in real Chromium: what is done with messages, what lies around them, and a very long past.

use chancery_tests::browser::{Findings, Script};
use chancery_tests::database::{Database, Storage};
use chancery_tests::house::{House, PASSWORD};
use chancery_tests::line::{Line, Mode};
use chancery_tests::load::Load;
use chancery_tests::seed::rounds;
use chancery_tests::server::Plan;

struct Stage {
    house: House,
    line: Line,
    base: String,
}

impl Stage {
    async fn new(people: usize) -> Self {
        let plan = Plan::new(&Storage::new(Database::Sqlite));
        let base = format!("http://localhost:{}", plan.port);
        let house = House::build(plan.with("CHANCERY_PUBLIC_URL", &base), people).await;
        let line = Line::to(&house.server.address()).await;
        Self { house, line, base }
    }

    fn settings(&self) -> Vec<(&'static str, String)> {
        vec![
            ("BASE", self.base.clone()),
            ("LINE", self.line.address.to_string()),
            ("PASSWORD", PASSWORD.to_owned()),
        ]
    }

    /// Plays a script in which a line is cut and mended.
    async fn play(&self, name: &str) -> Findings {
        let mut script = Script::start(name, &self.settings());
        while let Some(question) = script.next_question().await {
            match question.as_str() {
                "cut" => self.line.set(Mode::Cut),
                "mend" => self.line.set(Mode::Open),
                other => panic!("the script asks for {other}"),
            }
            script.answer("done").await;
        }
        script.findings().clone()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn messages_are_answered_changed_and_sent_on_in_the_browser() {
    let stage = Stage::new(2).await;
    let findings = stage.play("messages.mjs").await;
    assert_eq!(findings["edited once"], "1");
    for person in ["ada", "bela"] {
        assert_eq!(findings[&format!("problems of {person}")], "[]");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_around_the_conversation_works_by_key_and_by_mouse() {
    let stage = Stage::new(2).await;
    let findings = stage.play("desk.mjs").await;
    assert_eq!(findings["switches"], "false false");
    assert_eq!(findings["kept"], "", "the service worker keeps the shell and nothing else");
    for person in ["ada", "bela"] {
        assert_eq!(findings[&format!("problems of {person}")], "[]");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn groups_are_made_joined_changed_and_left_in_the_browser() {
    let stage = Stage::new(3).await;
    let findings = stage.play("groups.mjs").await;
    assert_eq!(findings["members left"], "1");
    for person in ["ada", "bela"] {
        assert_eq!(findings[&format!("problems of {person}")], "[]");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn own_arrangements_are_kept_on_all_devices_of_a_person() {
    let stage = Stage::new(3).await;
    let others: Vec<_> = stage.house.people[1..].iter().map(|person| person.id()).collect();
    stage.house.connect(0).await.create_group("Rates desk", &others).await.unwrap();
    let findings = stage.play("arranged.mjs").await;
    assert_eq!(findings["pinned"], "Bela Test,Rates desk");
    for person in ["ada", "ada again", "bela"] {
        assert_eq!(findings[&format!("problems of {person}")], "[]");
    }
}

/// An answer to a message that is hundreds further up, and a change of that one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_are_told_what_happens_and_no_more_than_they_want() {
    let stage = Stage::new(3).await;
    let others: Vec<_> = stage.house.people[1..].iter().map(|person| person.id()).collect();
    let mut ada = stage.house.connect(0).await;
    let desk = ada.create_group("Rates desk", &others).await.unwrap().id;
    let news = ada.create_announcement("House news", &others).await.unwrap().id;
    ada.send(news, "The lift works again").await.unwrap();
    let first = ada.send(desk, "where it began").await.unwrap().record;
    drop(ada);
    let mut script = Script::start("told.mjs", &stage.settings());
    while let Some(question) = script.next_question().await {
        match question.as_str() {
            "cut" => stage.line.set(Mode::Cut),
            "mend" => stage.line.set(Mode::Open),
            "much" => {
                let mut bela = stage.house.connect(1).await;
                for number in 0..90 {
                    bela.send(desk, &format!("in between {number}")).await.unwrap();
                }
                bela.reply(desk, "answer to the first", first).await.unwrap();
            }
            "change" => {
                let mut ada = stage.house.connect(0).await;
                ada.edit(desk, first, "changed meanwhile").await.unwrap();
            }
            other => panic!("the script asks for {other}"),
        }
        script.answer("done").await;
    }
    let findings = script.findings();
    assert_eq!(findings["answers offered"], "0");
    assert_eq!(findings["secrets shown"], "0");
    assert_eq!(findings["notification"], "Bela Test in Rates desk: While she is away");
    assert_eq!(findings["silent"], "0 Bela Test in Rates desk: New message");
    for person in ["ada", "bela"] {
        assert_eq!(findings[&format!("problems of {person}")], "[]");
    }
}

/// 1,500 messages here, 100,000 with `cargo xtask soak`. Prints frames a second and memory.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn soak_a_very_long_past_stays_smooth() {
    let stage = Stage::new(6).await;
    let house = &stage.house;
    let members: Vec<_> = house.people[1..].iter().map(|person| person.id()).collect();
    let group = house.connect(0).await.create_group("Long past", &members).await.unwrap().id;
    let count = rounds(1_500, 100_000);
    // A line of its own for each: one that is not read for minutes is ended.
    fill(house, group, count / 2).await;
    let half = house.connect(0).await.send(group, "Half of it").await.unwrap();
    house.connect(1).await.send(group, "Here it begins").await.unwrap();
    fill(house, group, count / 2).await;
    house.connect(1).await.send(group, "bela says the last").await.unwrap();
    assert!(half.seq > count as u64 / 2);

    let mut settings = stage.settings();
    settings.push(("COUNT", count.to_string()));
    settings.push(("FRAMES", rounds(300, 3_000).to_string()));
    let mut script = Script::start("long.mjs", &settings);
    while let Some(question) = script.next_question().await {
        assert_eq!(question, "say one more");
        house.connect(1).await.send(group, "one more").await.unwrap();
        script.answer("done").await;
    }
    assert_eq!(script.findings()["problems of ada"], "[]");
}

/// Everybody but the first writes as fast as they are answered.
async fn fill(house: &House, group: chancery_protocol::ids::ConversationId, count: usize) {
    let address = [house.server.address()];
    let load = Load::start(&house.people[1..], &address, group).await;
    while load.acknowledged() < count {
        load.wait_for_more(500.min(count - load.acknowledged())).await;
    }
    drop(load.finish().await);
}
