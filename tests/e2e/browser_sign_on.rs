//! Signing in with what a company has, in Chromium: two providers, an OpenLDAP, an Active Directory.

use chancery_ledger::Kind;
use chancery_protocol::sources::SetSource;
use chancery_tests::archive::Archive;
use chancery_tests::browser::Script;
use chancery_tests::database::{Database, Storage};
use chancery_tests::house::House;
use chancery_tests::lemonldap::{self, LemonLdap};
use chancery_tests::oidc_provider::{self, Addresses, ClaimsIn, OidcProvider};
use chancery_tests::samba;
use chancery_tests::server::Plan;
use chancery_tests::sign_on::{ldap, oidc};
use chancery_tests::slapd;

use crate::directory_sign_in::{company, seed};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_sign_in_with_what_their_company_has() {
    let plan = Plan::new(&Storage::new(Database::Sqlite));
    let base = format!("http://localhost:{}", plan.port);
    let house = House::build(plan.with("CHANCERY_PUBLIC_URL", &base), 1).await;
    let (redirect, signed_out) = (format!("{base}/sign-in/return"), format!("{base}/sign-in"));
    let first = oidc("Company", "http://127.0.0.1:9", "app", oidc_provider::SECRET);
    let source = house.admin.make_source(&first).await.unwrap();
    let back_channel = format!("http://{}/api/v1/sources/{source}/logout", house.server.address());
    let addresses = Addresses { redirect: &redirect, back_channel: &back_channel, signed_out: &signed_out };
    let provider = OidcProvider::start(&addresses, ClaimsIn::IdToken).await;
    let at_company = oidc("Company", &provider.issuer, "app", oidc_provider::SECRET);
    house.admin.change_source(source, &at_company).await.unwrap();
    let portal = LemonLdap::start(&redirect, &signed_out).await;
    house.admin.make_source(&oidc("Portal", &portal.issuer, "app", lemonldap::SECRET)).await.unwrap();
    let slapd = company();
    house.admin.make_source(&ldap("Head office", slapd.settings(), slapd::READER.1)).await.unwrap();
    let samba = samba::shared(seed);
    house.admin.make_source(&ldap("Corp", samba.settings(), samba::READER.1)).await.unwrap();

    let settings = [("BASE", base), ("COMPANY", provider.issuer.clone())];
    let mut script = Script::start("sign_on.mjs", &settings);
    assert_eq!(script.next_question().await.as_deref(), Some("nobody new"));
    let mut closed = SetSource { secret: None, ..at_company };
    closed.form.admission.create = false;
    house.admin.change_source(source, &closed).await.unwrap();
    script.answer("done").await;
    assert_eq!(script.next_question().await.as_deref(), Some("away"));
    // What a provider said of itself is remembered for a while, so it is another one that nobody ever reached.
    house.admin.change_source(source, &first).await.unwrap();
    drop(provider);
    script.answer("done").await;
    assert_eq!(script.next_question().await, None);
    let findings = script.findings();
    assert_eq!(findings["likely at first"], "Continue with Company", "one act is the likely one");
    assert_eq!(findings["likely afterwards"], "Continue with Portal", "what this device did last");
    let archive = Archive::read(house.storage());
    assert_eq!(archive.count(Kind::IdentityLinked), 4, "one at each source");
    assert_eq!(archive.count(Kind::SignInRefused), 1);
}
