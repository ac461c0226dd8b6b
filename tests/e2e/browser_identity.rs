//! A source is linked to an account with a duty by two people, in the console, in real Chromium.

use chancery_ledger::Kind;
use chancery_protocol::person::Role;
use chancery_tests::archive::Archive;
use chancery_tests::browser::Script;
use chancery_tests::database::{Database, Storage};
use chancery_tests::house::{House, PASSWORD};
use chancery_tests::server::Plan;
use chancery_tests::sign_on::oidc;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_people_link_an_officers_account_in_the_console() {
    let plan = Plan::new(&Storage::new(Database::Sqlite));
    let base = format!("http://localhost:{}", plan.port);
    let house = House::build(plan.with("CHANCERY_PUBLIC_URL", &base), 1).await;
    house.admin.make_source(&oidc("Corp", "http://127.0.0.1:9", "app", "")).await.unwrap();
    let olga = house.invite_and_redeem("olga", &[Role::ComplianceOfficer]).await;
    house.invite_and_redeem("lena", &[Role::Employee, Role::ComplianceLead]).await;
    let settings = [("BASE", base), ("OLGA", olga.id().to_string()), ("PASSWORD", PASSWORD.to_owned())];
    let mut script = Script::start("identity.mjs", &settings);
    assert_eq!(script.next_question().await, None);
    let findings = script.findings();
    for (name, told) in [
        ("approve buttons of the asker", "0"),
        ("withdraw buttons of the asker", "1"),
        ("approvals in the menu", "1"),
        ("rules in the menu", "0"),
        ("what it would open", "Olga Test (olga) | Compliance officer | Corp | 248289761001"),
        ("still waits", "0"),
        ("who, in the log", "Lena Test | Rita Root"),
        ("problems of rita", "[]"),
        ("problems of lena", "[]"),
    ] {
        assert_eq!(findings.get(name).map(String::as_str), Some(told), "{name}");
    }
    assert_eq!(Archive::read(house.storage()).count(Kind::IdentityLinked), 1);
}
