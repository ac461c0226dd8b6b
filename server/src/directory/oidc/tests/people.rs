//! What is known about a person: ID token first, userinfo when something is missing.

use crate::directory::oidc::{Failure, What};
use serde_json::{Value, json};

use super::stage::Stage;
use chancery_tests::scripted::{Odd, Scripted};
use chancery_tests::signer::Key;

async fn with_groups() -> Stage {
    Stage::with(Key::rsa("k1"), |settings| {
        settings.claims.groups = Some("realm_access.roles".to_owned());
        settings.claims.title = Some("title".to_owned());
        settings.claims.department = Some("org.unit".to_owned());
    })
    .await
}

#[tokio::test]
async fn userinfo_is_asked_when_something_is_missing() {
    let stage = with_groups().await;
    stage.scripted.change(|script| {
        script.userinfo = json!({
            "sub": "u-1", "title": "Dealer", "org": {"unit": 12}, "realm_access": {"roles": ["a", "b"]},
            "preferred_username": "mallory",
        });
    });
    let person = stage.claiming(|_| {}).await.unwrap();
    assert_eq!(stage.scripted.asked("/userinfo"), 1);
    assert_eq!((person.title.as_deref(), person.department.as_deref()), (Some("Dealer"), Some("12")));
    assert_eq!(person.groups, Some(vec!["a".to_owned(), "b".to_owned()]));
    assert_eq!(person.login, "alice", "the signed word counts first");

    let complete = |claims: &mut Value| {
        claims["realm_access"] = json!({"roles": "one"});
        claims["title"] = json!("Head");
        claims["org"] = json!({"unit": "Risk"});
    };
    let person = stage.claiming(complete).await.unwrap();
    assert_eq!(stage.scripted.asked("/userinfo"), 1, "nothing was missing");
    assert_eq!(person.groups, Some(vec!["one".to_owned()]));
}

#[tokio::test]
async fn userinfo_of_somebody_else_or_of_odd_shape_is_refused() {
    let stage = with_groups().await;
    for somebody in [json!({"sub": "u-2"}), json!({}), json!({"sub": ["u-1"]}), json!({"sub": "u-1 "})] {
        stage.scripted.change(|script| script.userinfo = somebody);
        assert_eq!(stage.claiming(|_| {}).await, Err(Failure::OtherPerson));
    }
    let what = What::Userinfo;
    let elsewhere = Scripted::start(&stage.key).await;
    for (odd, expected) in [
        (Odd::Body("application/jwt", stage.key.sign(&json!({"sub": "u-1"}))), Failure::Unreadable(what)),
        (Odd::Body("application/json", "[]".to_owned()), Failure::Unreadable(what)),
        (Odd::Status(401), Failure::Status { what, status: 401 }),
        (Odd::Endless, Failure::TooLarge(what)),
        (Odd::Redirect(elsewhere.issuer.clone()), Failure::Redirected { what, to: elsewhere.issuer.clone() }),
    ] {
        stage.scripted.odd("/userinfo", odd);
        assert_eq!(stage.claiming(|_| {}).await, Err(expected));
    }
    assert_eq!(elsewhere.asked_at_all(), 0, "the access token went nowhere else");
}

#[tokio::test]
async fn only_people_of_the_allowed_domains_come_in() {
    let only = |domain: &'static str| {
        Stage::with(Key::rsa("k1"), |settings| settings.email_domains = vec![domain.to_owned()])
    };
    let ours = only("example.org").await;
    assert!(ours.claiming(|_| {}).await.is_ok());
    let unverified = ours.claiming(|claims| claims["email_verified"] = json!(false)).await;
    let Err(Failure::KeptOut { subject, login, .. }) = &unverified else { panic!("{unverified:?}") };
    assert_eq!((subject.as_str(), login.as_str()), ("u-1", "alice"), "for the record");
    let unverified = unverified.map_err(Failure::cause);
    assert_eq!(unverified, Err(Failure::EmailUnverified));
    let gone = |claims: &mut Value| drop(claims.as_object_mut().unwrap().remove("email"));
    ours.scripted.change(|script| script.userinfo = json!({"sub": "u-1"}));
    assert_eq!(ours.claiming(gone).await.map_err(Failure::cause), Err(Failure::EmailMissing));
    ours.scripted.change(|script| {
        script.userinfo = json!({"sub": "u-1", "email": "a@example.org", "email_verified": true});
    });
    assert!(ours.claiming(gone).await.is_ok());
    let elsewhere = only("other.example").await.claiming(|_| {}).await;
    assert_eq!(elsewhere.map_err(Failure::cause), Err(Failure::EmailDomain));
}

#[tokio::test]
async fn without_a_login_nobody_comes_in_and_without_a_name_the_login_is_shown() {
    let stage = Stage::new().await;
    stage.scripted.change(|script| script.userinfo = json!({"sub": "u-1"}));
    let without =
        |name: &'static str| move |claims: &mut Value| drop(claims.as_object_mut().unwrap().remove(name));
    let missing = stage.claiming(without("preferred_username")).await;
    assert_eq!(missing, Err(Failure::ClaimMissing("preferred_username".to_owned())));
    assert_eq!(stage.claiming(without("name")).await.unwrap().display_name, "alice");
    let blank = stage.claiming(|claims| claims["preferred_username"] = json!("  ")).await;
    assert_eq!(blank, Err(Failure::ClaimMissing("preferred_username".to_owned())));
}
