//! Officers sign in again before they read messages, in Chromium.

use chancery_ledger::Kind;
use chancery_protocol::person::Role;
use chancery_tests::archive::Archive;
use chancery_tests::browser::Script;
use chancery_tests::database::{Database, Storage};
use chancery_tests::house::{House, PASSWORD};
use chancery_tests::oidc_provider::{self, Addresses, ClaimsIn, OidcProvider};
use chancery_tests::server::Plan;
use chancery_tests::sign_on::oidc;

use crate::fresh_sign_in::wait_sixteen_minutes;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn officers_sign_in_again_and_lose_nothing() {
    let plan = Plan::new(&Storage::new(Database::Sqlite)).with("CHANCERY_SESSION_CONFIRM_MINUTES", "15");
    let base = format!("http://localhost:{}", plan.port);
    let house = House::build(plan.with("CHANCERY_PUBLIC_URL", &base), 2).await;
    house.invite_and_redeem("olga", &[Role::ComplianceOfficer]).await;
    let mut ada = house.connect(0).await;
    let talk = ada.open_direct(house.people[1].id()).await.unwrap().id;
    ada.send(talk, "We keep the price talk between us.").await.unwrap();
    ada.send(talk, "The draft for the Erlenhof is here.").await.unwrap();
    house.people[1].until_found("Erlenhof", 1).await;
    let (redirect, signed_out) = (format!("{base}/sign-in/return"), format!("{base}/sign-in"));
    let addresses = Addresses { redirect: &redirect, back_channel: &redirect, signed_out: &signed_out };
    let provider = OidcProvider::start(&addresses, ClaimsIn::IdToken).await;
    house.admin.make_source(&oidc("Company", &provider.issuer, "app", oidc_provider::SECRET)).await.unwrap();

    let settings = [("BASE", base), ("PASSWORD", PASSWORD.to_owned()), ("COMPANY", provider.issuer.clone())];
    let mut script = Script::start("fresh.mjs", &settings);
    while let Some(question) = script.next_question().await {
        match question.as_str() {
            "stale" => wait_sixteen_minutes(&house),
            "an officer" => {
                let all = house.admin.accounts_where("text=alice").await.unwrap();
                let alice = all.accounts.first().unwrap().person.id;
                house.admin.set_roles(alice, &[Role::ComplianceOfficer]).await.unwrap();
            }
            other => panic!("{other}?"),
        }
        script.answer("done").await;
    }
    script.findings();
    let archive = Archive::read(house.storage());
    assert_eq!(
        archive.count(Kind::SessionConfirmed),
        5,
        "twice by mouse, twice by key, once at the provider"
    );
}
