//! The console's page of mail, by mouse, by key and on a phone: what is wrong, a test before saving, what somebody else saved, house
//! rules, what mails look like.

use std::collections::BTreeMap;

use chancery_ledger::Kind;
use chancery_protocol::mail_settings::{MailSettings, SetMail};
use chancery_protocol::person::Role;
use chancery_tests::archive::Archive;
use chancery_tests::browser::Script;
use chancery_tests::database::{Database, Storage};
use chancery_tests::house::{House, PASSWORD};
use chancery_tests::server::Plan;
use chancery_tests::smtp_sink::{self, Mode, SmtpSink};
use reqwest::Method;
use serde_json::json;

/// Somebody else changes the language, or forgets everything.
async fn change(house: &House, all: bool) {
    let now: MailSettings = house.admin.call(Method::GET, "/mail/settings", None::<&()>).await.unwrap();
    let mut texts = BTreeMap::from([("notify.language".to_owned(), "de".to_owned())]);
    if all {
        texts = now
            .fields
            .iter()
            .filter(|field| !field.fixed)
            .map(|field| (field.key.clone(), String::new()))
            .collect();
    }
    let form = SetMail { was: now.revision, texts };
    let _: MailSettings = house.admin.call(Method::PUT, "/mail/settings", Some(&form)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mail_is_set_up_by_mouse_by_key_and_by_thumb() {
    let plan = Plan::new(&Storage::new(Database::Sqlite));
    let base = format!("http://localhost:{}", plan.port);
    let house = House::build(plan.with("CHANCERY_PUBLIC_URL", &base), 0).await;
    house.invite_and_redeem("olga", &[Role::ComplianceOfficer]).await;
    let sink = SmtpSink::start(Mode::StartTls, None).await;
    let settings = json!({
        "port": sink.port.to_string(), "user": smtp_sink::ACCOUNT.0, "password": smtp_sink::ACCOUNT.1,
        "authority": std::fs::read_to_string(&sink.certificate.authority).unwrap(),
    });
    let places = [("BASE", base), ("PASSWORD", PASSWORD.to_owned())];
    let mut script = Script::start("mail_settings.mjs", &places);
    while let Some(question) = script.next_question().await {
        match question.as_str() {
            "settings" => script.answer(&settings.to_string()).await,
            "change" | "forget" => {
                change(&house, question == "forget").await;
                script.answer("done").await;
            }
            other => panic!("the script asks for {other:?}"),
        }
    }
    let findings = script.findings();
    for tag in ["Mouse", "Keys", "Thumb"] {
        assert_eq!(findings[&format!("password in the page by {tag}")], "false");
        assert_eq!(findings[&format!("digest by {tag}")], "07:30");
    }
    assert_eq!(findings["officer has a menu entry"], "0");
    assert_eq!(findings["frame can run scripts"], "false");
    assert!(sink.mails().len() >= 3, "one each day");
    assert_eq!(Archive::read(house.storage()).count(Kind::MailSettingsChanged), 12, "four each day");
}
