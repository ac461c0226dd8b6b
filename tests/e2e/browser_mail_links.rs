//! Invitations and resets by mail in Chromium: chosen in the console, taken by the mail server or refused, and shown as they fare.

use chancery_protocol::person::Role;
use chancery_tests::browser::Script;
use chancery_tests::database::{Database, Storage};
use chancery_tests::house::{House, PASSWORD};
use chancery_tests::http::token_of;
use chancery_tests::patience::until_some;
use chancery_tests::server::Plan;
use chancery_tests::smtp_sink::{Mode, SmtpSink};

use crate::mail_links::{links, mailing};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn links_go_by_mail_in_the_browser() {
    let sink = SmtpSink::start(Mode::StartTls, None).await;
    let plan = Plan::new(&Storage::new(Database::Sqlite));
    let base = format!("http://localhost:{}", plan.port);
    let house = House::build(mailing(plan, &sink).with("CHANCERY_PUBLIC_URL", &base), 1).await;
    house.invite_and_redeem("rita", &[Role::ItAdmin]).await;
    let settings = [("BASE", base), ("PASSWORD", PASSWORD.to_owned())];
    let mut script = Script::start("mail_links.mjs", &settings);
    while let Some(question) = script.next_question().await {
        let words: Vec<&str> = question.split(' ').collect();
        let ["token", who, count] = words.as_slice() else { panic!("the script asks for {question}") };
        let count: usize = count.parse().unwrap();
        let link = until_some("the mail arrives", async || links(&sink, who).get(count - 1).cloned()).await;
        script.answer(&token_of(&link)).await;
    }
    let findings = script.findings();
    for person in ["rita", "phone"] {
        assert_eq!(findings[&format!("problems of {person}")], "[]", "{person}");
    }
    assert_eq!(findings["nora sees her link"], "true");
    assert_eq!(findings["radios without an address"], "0");
    assert_eq!(findings["radios by hand"], "0");
    assert_eq!(links(&sink, "nora").len(), 3, "an invitation, another one, and one of several");
    assert!(links(&sink, "nobody").is_empty());
}
