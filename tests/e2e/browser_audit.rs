//! The audit log in Chromium.

use chancery_ledger::Kind;
use chancery_protocol::person::Role;
use chancery_tests::archive::Archive;
use chancery_tests::browser::Script;
use chancery_tests::database::{Database, Storage};
use chancery_tests::house::{House, PASSWORD};
use chancery_tests::server::Plan;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_audit_log_is_read_by_mouse_and_by_key() {
    let plan = Plan::new(&Storage::new(Database::Sqlite));
    let base = format!("http://localhost:{}", plan.port);
    let house = House::build(plan.with("CHANCERY_PUBLIC_URL", &base), 3).await;
    house.invite_and_redeem("aud", &[Role::Auditor]).await;
    let (ada, bela, cleo) = (house.people[0].id(), house.people[1].id(), house.people[2].id());
    house.admin.suspend(bela).await.unwrap();
    house.admin.rename(ada, "Ada Test", "Ada Lovelace").await.unwrap();
    let settings = [("BASE", base), ("PASSWORD", PASSWORD.to_owned())];
    let mut script = Script::start("audit.mjs", &settings);
    while let Some(question) = script.next_question().await {
        match question.as_str() {
            "suspend cleo" => house.admin.suspend(cleo).await.unwrap(),
            "reinstate cleo" => house.admin.reinstate(cleo).await.unwrap(),
            other => panic!("the script asks for {other:?}"),
        }
        script.answer("done").await;
    }
    let findings = script.findings();
    assert_eq!(findings["who for an administrator"], "0");
    for person in ["aud", "rita"] {
        assert_eq!(findings[&format!("problems of {person}")], "[]");
    }
    let archive = Archive::read(house.storage());
    assert_eq!(archive.count(Kind::AuditExported), 6, "two files each day");
    assert!(archive.count(Kind::AuditRead) > 20, "every look is on the record");
    archive.assert_dense(house.storage());
}
