//! The console's outbox in Chromium: how each mail fares and why, trying one again, why somebody got no mail, and another address.

use chancery_protocol::mail::MailState;
use chancery_protocol::sources::ScimSettings;
use chancery_tests::browser::Script;
use chancery_tests::database::{Database, Storage};
use chancery_tests::house::{House, PASSWORD};
use chancery_tests::mail::{Ahead, house, outbox, set_address, states, to_sink};
use chancery_tests::patience::until;
use chancery_tests::scim::{Provider, scim};
use chancery_tests::server::Plan;
use chancery_tests::smtp_sink::{Mode, SmtpSink};
use serde_json::json;

/// Longer than what must stay unread before a mail goes.
const UNREAD: u32 = 16;
/// With these, more mails than a page holds.
const GROUPS: usize = 9;

async fn count(house: &House, state: MailState) -> usize {
    states(&house.admin).await.values().filter(|one| **one == state).count()
}

/// Mails nobody takes: there is no mail server, and then one that is away.
async fn mails_wait(house: &mut House, ahead: &Ahead, sink: &mut SmtpSink) {
    let gus = house.people[6].id();
    let mut ada = house.connect(0).await;
    let talk = ada.open_direct(gus).await.unwrap().id;
    ada.send(talk, "nobody sends this").await.unwrap();
    ahead.minutes(UNREAD);
    until("there is no server for it", async || count(house, MailState::NoServer).await == 1).await;
    sink.stop();
    house.server.stop().await;
    house.server.plan = to_sink(house.server.plan.clone(), sink);
    house.server.start_again().await;
    let mut ada = house.connect(0).await;
    let others: Vec<_> = [1, 2, 3, 5, 6, 7].map(|at: usize| house.people[at].id()).into();
    for number in 1..=GROUPS {
        let group = ada.create_group(&format!("Harbour {number}"), &others).await.unwrap().id;
        ada.send(group, "the tide is out").await.unwrap();
    }
    let talk = ada.open_direct(house.people[4].id()).await.unwrap().id;
    let taken_back = ada.send(talk, "not for long").await.unwrap().record;
    ahead.minutes(UNREAD);
    until("mails wait", async || {
        let outbox = outbox(&house.admin).await;
        outbox.mails.len() == 6 * GROUPS + 2 && outbox.stuck.is_some()
    })
    .await;
    ada.delete(talk, taken_back).await.unwrap();
}

/// The mail server is back, and takes some of them.
async fn mails_leave(house: &House, ahead: &Ahead, sink: &mut SmtpSink) {
    sink.start_again().await;
    ahead.minutes(10);
    until("all were tried", async || {
        let mails = outbox(&house.admin).await.mails;
        let later = mails.iter().filter(|mail| mail.state == MailState::Waiting && mail.reason.is_some());
        let of = |state| mails.iter().filter(|mail| mail.state == state).count();
        later.count() == GROUPS && of(MailState::Waiting) == GROUPS && of(MailState::Leaving) == 0
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_outbox_is_read_and_mended_in_the_browser() {
    let (mut sink, ahead) = (SmtpSink::start(Mode::StartTls, None).await, Ahead::default());
    let plan = Plan::new(&Storage::new(Database::Sqlite));
    let base = format!("http://localhost:{}", plan.port);
    let mut house = house(ahead.for_(plan.with("CHANCERY_PUBLIC_URL", &base)), 8).await;
    let source = house.admin.make_source(&scim("Our provider", ScimSettings::default())).await.unwrap();
    let provider = Provider::of(&house.admin, source).await;
    let from_there = provider.make("/Users", json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "ines", "displayName": "Ines Test",
        "emails": [{"value": "ines@example.org", "primary": true}],
    }));
    from_there.await;
    set_address(&house, "cleo", "later@example.org").await;
    set_address(&house, "dana", "nobody@example.org").await;
    let settings = [("BASE", base), ("PASSWORD", PASSWORD.to_owned())];
    let mut script = Script::start("outbox.mjs", &settings);
    while let Some(question) = script.next_question().await {
        match question.as_str() {
            "wait" => mails_wait(&mut house, &ahead, &mut sink).await,
            "other" => set_address(&house, "cleo", "else@example.org").await,
            "leave" => mails_leave(&house, &ahead, &mut sink).await,
            other => panic!("the script asks for {other:?}"),
        }
        script.answer("done").await;
    }
    let findings = script.findings();
    for person in ["rita", "phone"] {
        assert_eq!(findings[&format!("problems of {person}")], "[]", "{person}");
    }
    assert_eq!(count(&house, MailState::Sent).await, 4 * GROUPS + 1, "one of cleo's was tried again");
    assert_eq!(count(&house, MailState::Refused).await, GROUPS);
    assert_eq!((count(&house, MailState::Dropped).await, count(&house, MailState::NoServer).await), (1, 1));
    assert_eq!(findings["mails of the first page"], "50");
    assert_eq!(findings["mails of the second page"], "6");
    let cleo = house.admin.account(house.people[2].id()).await.unwrap();
    assert_eq!(cleo.email.as_deref(), Some("cleo@example.org"));
}
