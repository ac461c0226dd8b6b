//! What people choose about mails, in real Chromium, held against what is kept.

use chancery_protocol::mail::Why;
use chancery_tests::browser::{Findings, Script};
use chancery_tests::database::{Database, Storage};
use chancery_tests::house::{House, PASSWORD};
use chancery_tests::mail;
use chancery_tests::patience::until;
use chancery_tests::process::free_port;
use chancery_tests::server::Plan;

fn plan() -> (Plan, String) {
    let plan = Plan::new(&Storage::new(Database::Sqlite));
    let base = format!("http://localhost:{}", plan.port);
    (plan.with("CHANCERY_PUBLIC_URL", &base), base)
}

/// Plays a script, which asks what is kept of somebody's mails, or has them read a conversation.
async fn play(house: &House, person: usize, script: &str, base: String) -> Findings {
    let mut script = Script::start(script, &[("BASE", base), ("PASSWORD", PASSWORD.to_owned())]);
    while let Some(question) = script.next_question().await {
        let mut client = house.connect(person).await;
        let answer = match question.as_str() {
            "mailing" => serde_json::to_string(&client.hello.preferences.preferences.mailing).unwrap(),
            "read" => {
                let desk =
                    client.hello.conversations.iter().find(|one| one.name.as_deref() == Some("Rates desk"));
                let (desk, read) = desk.map(|desk| (desk.id, desk.last_ordinal)).unwrap();
                client.mark(desk, read).await.unwrap();
                let person = &house.people[person];
                until("it is known", async || {
                    matches!(mail::why(person, desk).await, Why::Read { at: Some(_), .. })
                })
                .await;
                "done".to_owned()
            }
            _ => panic!("the script asks for {question:?}"),
        };
        script.answer(&answer).await;
    }
    script.findings().clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mails_and_quiet_hours_are_chosen_by_mouse_and_key() {
    let (plan, base) = plan();
    let plan = plan
        .with("CHANCERY_MAIL_HOST", "127.0.0.1")
        .with("CHANCERY_MAIL_PORT", free_port().to_string())
        .with("CHANCERY_MAIL_SECURITY", "none")
        .with("CHANCERY_MAIL_FROM", "chat@example.com")
        .with("CHANCERY_NOTIFY_QUIET_HOURS", "20:00-07:00")
        .with("CHANCERY_NOTIFY_QUIET_DAYS", "saturday,sunday")
        .with("CHANCERY_NOTIFY_TIME_ZONE", "Europe/Berlin");
    let house = mail::house(plan, 2).await;
    let mut ada = house.connect(0).await;
    let bela = house.people[1].id();
    let desk = ada.create_group("Rates desk", &[bela]).await.unwrap().id;
    ada.send(desk, "The curve moved").await.unwrap();
    let talk = ada.open_direct(bela).await.unwrap().id;
    ada.send(talk, "Are you there?").await.unwrap();
    drop(ada);
    let findings = play(&house, 1, "mail_prefs.mjs", base).await;
    for (name, told) in [
        ("daily", r#"{"mode":"daily","digest_at":570}"#),
        ("each", r#"{"mode":"each","after_minutes":30,"digest_at":570,"language":"de"}"#),
        (
            "own",
            r#"{"mode":"each","after_minutes":30,"digest_at":570,"quiet":{"from":1320,"until":420,"days":["friday","saturday","sunday"]},"urgent_waits":true,"zone":"Asia/Tokyo","language":"de"}"#,
        ),
        ("house again", r#"{"mode":"never","digest_at":570,"urgent_waits":true}"#),
        ("quiet card while never", "0"),
    ] {
        assert_eq!(findings[name], told, "{name}");
    }
    for person in ["bela", "bela again"] {
        assert_eq!(findings[&format!("problems of {person}")], "[]", "{person}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_can_get_no_mail_is_told_why_and_may_choose() {
    let (plan, base) = plan();
    let house = House::build(plan, 1).await;
    let findings = play(&house, 0, "mail_none.mjs", base).await;
    assert_eq!(findings["chosen"], r#"{"mode":"daily"}"#);
    assert_eq!(findings["problems of ada"], "[]");
}
