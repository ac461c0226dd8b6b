//! Settings of mail: an administrator sets mail up without touching files, the configuration wins where it says something, no
//! secret comes back, and every node uses what was set.

use std::collections::BTreeMap;

use chancery_ledger::Kind;
use chancery_protocol::mail_settings::{
    MailField, MailFrom, MailOutcome, MailPreview, MailSettings, MailStep, MailTask, MailTested, SetMail,
    TestMail,
};
use chancery_protocol::person::Role;
use chancery_tests::archive::Archive;
use chancery_tests::certificates::Authority;
use chancery_tests::database::{Database, Storage};
use chancery_tests::house::House;
use chancery_tests::http::{Caller, Refusal};
use chancery_tests::on_both_databases;
use chancery_tests::patience::until;
use chancery_tests::postfix::{self, Postfix};
use chancery_tests::process::free_port;
use chancery_tests::server::{Plan, Server};
use chancery_tests::smtp_sink::{self, Mode, SmtpSink};
use reqwest::Method;

/// Settings by key.
pub type Texts<'a> = [(&'a str, &'a str)];

fn texts(of: &Texts<'_>) -> BTreeMap<String, String> {
    of.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned())).collect()
}

async fn read(caller: &Caller) -> MailSettings {
    caller.call(Method::GET, "/mail/settings", None::<&()>).await.unwrap()
}

/// Sets these in the console.
pub async fn set(caller: &Caller, of: &Texts<'_>) -> Result<MailSettings, Refusal> {
    let was = read(caller).await.revision;
    caller.call(Method::PUT, "/mail/settings", Some(&SetMail { was, texts: texts(of) })).await
}

async fn test(caller: &Caller, of: &Texts<'_>, to: &str) -> Result<Vec<MailStep>, Refusal> {
    let form = TestMail { texts: texts(of), to: to.to_owned() };
    caller.call(Method::POST, "/mail/test", Some(&form)).await.map(|tested: MailTested| tested.steps)
}

fn field<'s>(settings: &'s MailSettings, key: &str) -> &'s MailField {
    settings.fields.iter().find(|field| field.key == key).unwrap()
}

/// The keys that were refused.
fn refused<T: std::fmt::Debug>(result: Result<T, Refusal>) -> Vec<String> {
    let problem = result.unwrap_err().problem.unwrap();
    assert_eq!((problem.status, problem.code.as_str()), (422, "settings_invalid"), "{problem:?}");
    let mut keys: Vec<String> = problem.errors.iter().map(|one| one.field.clone()).collect();
    keys.sort();
    keys
}

/// How a mail server with an account is named in the console.
pub fn server<'a>(port: &'a str, authority: &'a str, account: (&'a str, &'a str)) -> Vec<(&'a str, &'a str)> {
    vec![
        ("mail.host", "localhost"),
        ("mail.port", port),
        ("mail.authorities", authority),
        ("mail.from", "Chat of Example <chat@example.org>"),
        ("mail.user", account.0),
        ("mail.password", account.1),
    ]
}

/// Another value for one of them.
pub fn but<'a>(all: &[(&'a str, &'a str)], key: &'a str, text: &'a str) -> Vec<(&'a str, &'a str)> {
    let mut all: Vec<_> = all.iter().copied().filter(|(one, _)| *one != key).collect();
    all.push((key, text));
    all
}

/// The step that failed, and what was said.
fn failed(steps: &[MailStep]) -> (MailTask, String) {
    assert_eq!(steps.len(), 7);
    let at = steps.iter().position(|step| step.outcome == MailOutcome::Failed).expect("a step failed");
    assert!(steps[at + 1..].iter().all(|step| step.outcome == MailOutcome::NotRun), "{steps:?}");
    (steps[at].task, format!("{} {}", steps[at].text, steps[at].mend))
}

fn all_done(steps: &[MailStep]) -> bool {
    steps.iter().all(|step| step.outcome == MailOutcome::Done)
}

on_both_databases! {
    async fn mail_is_set_up_in_the_console_and_no_secret_comes_back(kind) {
        let house = House::with_people(kind, 0).await;
        let before = read(&house.admin).await;
        assert_eq!((before.revision, before.sends, before.fields.len()), (0, false, 27));
        assert!(before.fields.iter().all(|field| field.from == MailFrom::Default));

        let sink = SmtpSink::start(Mode::StartTls, None).await;
        let (port, authority) = (sink.port.to_string(), std::fs::read_to_string(&sink.certificate.authority).unwrap());
        let all = server(&port, &authority, smtp_sink::ACCOUNT);
        // Tried before it is saved: nothing is kept of it.
        assert!(all_done(&test(&house.admin, &all, "alice@example.org").await.unwrap()));
        let mail = String::from_utf8(sink.mails()[0].1.clone()).unwrap();
        assert!(mail.contains("Subject: Test mail") && mail.contains("To: alice@example.org"), "{mail}");
        assert_eq!(read(&house.admin).await, before);

        let saved = set(&house.admin, &all).await.unwrap();
        assert_eq!((saved.revision, saved.sends, saved.problem.as_deref()), (1, true, None));
        let password = field(&saved, "mail.password");
        assert_eq!((password.text.as_str(), password.secret, password.from), ("", true, MailFrom::Console));
        assert_eq!(field(&saved, "mail.host").text, "localhost");
        let shown = read(&house.admin).await;
        assert_eq!(shown, saved);
        // Tried again with what is kept, and after a restart.
        assert!(all_done(&test(&house.admin, &[], "bela@example.org").await.unwrap()));
        let mut house = house;
        house.server.kill().await;
        house.server.start_again().await;
        assert_eq!(read(&house.admin).await, saved);
        assert!(all_done(&test(&house.admin, &[("notify.language", "de")], "cleo@example.org").await.unwrap()));
        let german = sink.mails().into_iter().find(|(name, _)| name.contains("cleo")).unwrap().1;
        assert!(String::from_utf8(german).unwrap().contains("Subject: Testmail"));

        // The same again is no change; what follows is on record, without the secret.
        assert_eq!(set(&house.admin, &[("mail.host", "localhost")]).await.unwrap().revision, 1);
        assert_eq!(set(&house.admin, &[("mail.content", "full"), ("notify.after_minutes", "30")]).await.unwrap().revision, 2);
        let archive = Archive::read(house.storage());
        assert_eq!(archive.count(Kind::MailSettingsChanged), 2);
        let secret = smtp_sink::ACCOUNT.1;
        assert!(!serde_json::to_string(&shown).unwrap().contains(secret));
        assert!(!house.server.log().contains(secret), "nor in the log");
        let lead = house.invite_and_redeem("lena", &[Role::ComplianceLead]).await;
        let page: serde_json::Value = lead
            .call(Method::GET, "/audit?limit=50&kinds=mail.settings_changed", None::<&()>).await.unwrap();
        let position = page["entries"].as_array().unwrap().last().unwrap()["position"].as_u64().unwrap();
        let entry: serde_json::Value =
            lead.call(Method::GET, &format!("/audit/{position}"), None::<&()>).await.unwrap();
        let entry = entry.to_string();
        assert!(entry.contains("mail.password") && entry.contains("chat@example.org"), "{entry}");
        assert!(!entry.contains(secret), "{entry}");
    }
}

on_both_databases! {
    async fn what_is_wrong_is_said_for_every_field_and_nothing_is_kept(kind) {
        let house = House::with_people(kind, 0).await;
        let wrong = [
            ("mail.host", "smtp://x"),
            ("mail.port", "70000"),
            ("mail.security", "opportunistic"),
            ("mail.from", "nobody"),
            ("mail.authorities", "-----BEGIN PRIVATE KEY-----"),
            ("mail.content", "everything"),
            ("mail.oauth_token_file", "/etc/passwd"),
            ("notify.after_minutes", "0"),
            ("notify.window_minutes", "1441"),
            ("notify.digest_at", "8"),
            ("notify.quiet_hours", "20:00-20:00"),
            ("notify.quiet_days", "caturday"),
            ("notify.time_zone", "Europe/Atlantis"),
            ("notify.language", "fr"),
            ("listen", "0.0.0.0:1"),
        ];
        let mut keys: Vec<&str> = wrong.iter().map(|(key, _)| *key).collect();
        keys.sort_unstable();
        assert_eq!(refused(set(&house.admin, &wrong).await), keys);
        assert_eq!(refused(test(&house.admin, &wrong, "alice@example.org").await), keys);
        assert_eq!(refused(test(&house.admin, &[], "alice@example.org").await), [""; 0], "one alone stands in the head");
        assert_eq!(test(&house.admin, &[], "Alice <a@b.c>").await.unwrap_err().problem.unwrap().field.as_deref(), Some("to"));
        assert_eq!(read(&house.admin).await.revision, 0);
        assert_eq!(Archive::read(house.storage()).count(Kind::MailSettingsChanged), 0);

        // A secret that is kept goes nowhere else than where it was given for, tried or saved.
        let all = server("2525", "", ("app", "geheim"));
        set(&house.admin, &all).await.unwrap();
        for elsewhere in [("mail.host", "127.0.0.1"), ("mail.user", "other"), ("mail.port", "2526")] {
            let problem = set(&house.admin, &[elsewhere]).await.unwrap_err().problem.unwrap();
            assert_eq!(problem.field.as_deref(), Some("mail.password"), "{elsewhere:?}");
            let problem = test(&house.admin, &[elsewhere], "a@example.org").await.unwrap_err().problem.unwrap();
            assert_eq!(problem.field.as_deref(), Some("mail.password"), "{elsewhere:?}");
        }
        // Somebody else was faster.
        let form = SetMail { was: 0, texts: texts(&[("notify.language", "de")]) };
        let late: Result<MailSettings, Refusal> =
            house.admin.call(Method::PUT, "/mail/settings", Some(&form)).await;
        assert_eq!(late.unwrap_err().code(), "outdated");
        let gone: Vec<_> = all.iter().map(|(key, _)| (*key, "")).collect();
        assert!(!set(&house.admin, &gone).await.unwrap().sends);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_configuration_wins_and_says_so() {
    let plan = Plan::new(&Storage::new(Database::Sqlite))
        .with("CHANCERY_MAIL_HOST", "mail.example.com")
        .with("CHANCERY_MAIL_FROM", "own@example.com")
        .with("CHANCERY_MAIL_USER", "own")
        .with("CHANCERY_MAIL_PASSWORD", "hunter2-of-the-file")
        .with("CHANCERY_NOTIFY_LANGUAGE", "de");
    let house = House::build(plan, 0).await;
    let settings = read(&house.admin).await;
    assert!(settings.sends);
    for key in ["mail.host", "mail.port", "mail.password", "notify.language"] {
        assert!(field(&settings, key).fixed, "{key}");
    }
    assert_eq!(field(&settings, "mail.host").text, "mail.example.com");
    assert_eq!(field(&settings, "mail.password").from, MailFrom::Configuration);
    assert!(!serde_json::to_string(&settings).unwrap().contains("hunter2"));
    let keys = ["mail.host", "mail.lines", "notify.language"];
    assert_eq!(refused(set(&house.admin, &keys.map(|key| (key, "1"))).await), keys);
    let saved = set(&house.admin, &[("mail.content", "nothing"), ("notify.quiet_hours", "20:00-07:00")])
        .await
        .unwrap();
    assert_eq!((saved.revision, field(&saved, "mail.content").text.as_str()), (1, "nothing"));
    assert!(!field(&saved, "notify.quiet_hours").fixed);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_test_says_which_step_failed_and_what_to_do() {
    let house = House::with_people(Database::Sqlite, 0).await;
    let postfix = Postfix::start().await;
    let authority = std::fs::read_to_string(&postfix.certificate.authority).unwrap();
    let (port, closed, other) =
        (postfix.port.to_string(), free_port().to_string(), Authority::new("Somebody else").pem());
    let all = server(&port, &authority, postfix::ACCOUNT);
    let run = async |of: &Texts<'_>| test(&house.admin, of, "everybody@example.org").await.unwrap();

    assert!(all_done(&run(&all).await));
    assert!(String::from_utf8(postfix.mails(1).await.remove(0)).unwrap().contains("Subject: Test mail"));
    let (task, said) = failed(&run(&but(&all, "mail.password", "wrong")).await);
    assert!(task == MailTask::SignIn && said.contains("535") && said.contains("Check mail.user"), "{said}");
    let (task, said) = failed(&run(&but(&all, "mail.authorities", &other)).await);
    assert!(task == MailTask::Tls && said.contains("mail.authorities"), "{said}");
    let (task, said) = failed(&run(&but(&all, "mail.host", "127.0.0.1")).await);
    assert!(task == MailTask::Tls && said.contains("localhost"), "{said}");
    let (task, said) = failed(&run(&but(&all, "mail.port", &closed)).await);
    assert!(task == MailTask::Connect && said.contains("mail.port"), "{said}");
    let (task, _) = failed(&run(&but(&all, "mail.host", "no-such-host.invalid")).await);
    assert_eq!(task, MailTask::Resolve);
    assert!(!house.server.log().contains(postfix::ACCOUNT.1));
    assert_eq!(Archive::read(house.storage()).count(Kind::MailSettingsChanged), 0, "nothing was kept");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_command_line_takes_the_same_steps() {
    let house = House::with_people(Database::Sqlite, 0).await;
    let run = async || house.server.cli(&["mail", "test", "--to", "alice@example.org"]).await;
    let none = run().await;
    assert_eq!(none.status.code(), Some(1));
    assert!(none.stderr.contains("no mail server is set up"), "{}", none.stderr);
    let sink = SmtpSink::start(Mode::StartTls, None).await;
    let (port, authority) =
        (sink.port.to_string(), std::fs::read_to_string(&sink.certificate.authority).unwrap());
    set(&house.admin, &server(&port, &authority, smtp_sink::ACCOUNT)).await.unwrap();
    let said = run().await.expect_success();
    assert_eq!(said.lines().count(), 8, "{said}");
    assert!(said.contains("Hand over the mail: done") && said.contains("TLS 1.3"), "{said}");
    assert_eq!(sink.mails().len(), 1);
    let refused = house.server.cli(&["mail", "test", "--to", "nobody@example.org"]).await;
    assert_eq!(refused.status.code(), Some(1));
    assert!(
        refused.stdout.contains("Name sender and recipient: failed")
            && refused.stdout.contains("Hand over the mail: not run"),
        "{}",
        refused.words()
    );
    assert!(!said.contains(smtp_sink::ACCOUNT.1));
    assert_eq!(house.server.cli(&["mail", "test", "--to", "nobody"]).await.status.code(), Some(1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_nodes_use_what_was_set_on_one() {
    let house = House::build(Plan::new(&Storage::durable(Database::Postgres)), 0).await;
    let second = Server::start(house.server.plan.second_node()).await;
    let there = Caller { address: second.address(), ..house.admin.clone() };
    let sink = SmtpSink::start(Mode::Tls, None).await;
    let (port, authority) =
        (sink.port.to_string(), std::fs::read_to_string(&sink.certificate.authority).unwrap());
    let mut all = server(&port, &authority, smtp_sink::ACCOUNT);
    all.push(("mail.security", "tls"));
    assert!(set(&house.admin, &all).await.unwrap().sends);
    // What a node says it sends with is what it holds in memory, not what it reads from the database.
    until("the other node heard of it", async || read(&there).await.sends).await;
    assert!(all_done(&test(&there, &[], "alice@example.org").await.unwrap()));
    let gone: Vec<_> = all.iter().map(|(key, _)| (*key, "")).collect();
    assert!(!set(&there, &gone).await.unwrap().sends);
    until("and the first one that it is gone", async || !read(&house.admin).await.sends).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mails_are_looked_at_in_a_page_that_can_do_nothing() {
    let house = House::with_people(Database::Sqlite, 0).await;
    let query = "template=missed&language=de&content=full";
    let preview: MailPreview =
        house.admin.call(Method::GET, &format!("/mail/preview?{query}"), None::<&()>).await.unwrap();
    assert!(preview.text.contains("fee table"), "{}", preview.text);
    let page = house.admin.send(Method::GET, &format!("/api/v1/mail/preview/page?{query}"), None).await;
    let header = |name: &str| page.headers().get(name).unwrap().to_str().unwrap().to_owned();
    let policy = header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'; style-src 'unsafe-inline';"), "{policy}");
    assert!(policy.ends_with("; sandbox") && !policy.contains("script-src"), "{policy}");
    assert_eq!(
        (header("content-type").as_str(), header("cache-control").as_str()),
        ("text/html; charset=utf-8", "no-store")
    );
    assert_eq!(page.headers().get_all("content-security-policy").iter().count(), 1);
    let html = page.text().await.unwrap();
    assert!(html.contains("fee table") && html.contains("lang=\"de\""));
    let console = house.admin.send(Method::GET, "/api/v1/session", None).await;
    let policy = console.headers().get("content-security-policy").unwrap().to_str().unwrap();
    assert!(
        policy.contains("frame-src 'self'")
            && policy.contains("frame-ancestors 'none'")
            && !policy.contains("unsafe-inline")
    );
    let nonsense = house
        .admin
        .send(Method::GET, "/api/v1/mail/preview?template=shoe&language=de&content=full", None)
        .await;
    assert_eq!(nonsense.status(), 400);
}
