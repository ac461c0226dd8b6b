//! Logout tokens that are wrong in one respect each, and the way to the provider's own sign-out.

use crate::directory::oidc::{Failure, Fault, Fresh, Kind, LoggedOut};
use crate::ground::config::Secret;
use serde_json::{Value, json};
use url::Url;

use super::stage::{NOW, Stage, tells_nothing};
use chancery_tests::signer::{Key, message, sign_shared};

async fn posted(stage: &Stage, token: &str) -> Result<LoggedOut, Failure> {
    let result = stage.provider.back_channel_logout(token).await;
    if let Err(failure) = &result {
        tells_nothing(failure, &[token]);
    }
    result
}

async fn claiming(stage: &Stage, change: impl FnOnce(&mut Value)) -> Result<LoggedOut, Failure> {
    let mut claims = stage.logout_claims();
    change(&mut claims);
    posted(stage, &stage.key.sign(&claims)).await
}

fn fault(fault: Fault) -> Result<LoggedOut, Failure> {
    Err(Failure::Token { kind: Kind::Logout, fault })
}

#[tokio::test]
async fn a_right_logout_token_ends_a_session() {
    let stage = Stage::new().await;
    let right = LoggedOut {
        issuer: stage.scripted.issuer.clone(),
        subject: Some("u-1".to_owned()),
        sid: Some("s-1".to_owned()),
        jti: "j-1".to_owned(),
        remember_until: NOW + 180,
    };
    assert_eq!(claiming(&stage, |_| {}).await, Ok(right.clone()));
    let without =
        |name: &'static str| move |claims: &mut Value| drop(claims.as_object_mut().unwrap().remove(name));
    assert_eq!(claiming(&stage, without("sub")).await, Ok(LoggedOut { subject: None, ..right.clone() }));
    assert_eq!(claiming(&stage, without("sid")).await, Ok(LoggedOut { sid: None, ..right }));
}

#[tokio::test]
async fn every_wrong_claim_is_refused() {
    let stage = Stage::new().await;
    const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";
    type Change = fn(&mut Value);
    let wrong: &[(&str, Change, Fault)] = &[
        ("issuer", |c| c["iss"] = json!("https://evil.example"), Fault::Issuer),
        ("no issuer", |c| c["iss"] = json!(null), Fault::Claim("iss")),
        ("audience", |c| c["aud"] = json!("other"), Fault::Audience),
        ("empty audience", |c| c["aud"] = json!([]), Fault::Audience),
        ("stranger", |c| c["aud"] = json!(["app", "other"]), Fault::Strangers),
        ("expired", |c| c["exp"] = json!(NOW - 60), Fault::Expired),
        ("no expiry", |c| c["exp"] = json!(null), Fault::Claim("exp")),
        ("future", |c| c["iat"] = json!(NOW + 61), Fault::Future),
        ("long ago", |c| c["iat"] = json!(NOW - 661), Fault::TooOld),
        ("no time", |c| c["iat"] = json!(null), Fault::Claim("iat")),
        ("nonce", |c| c["nonce"] = json!("n"), Fault::NoLogout),
        ("null nonce", |c| c["nonce"] = json!(null), Fault::NoLogout),
        ("no events", |c| c["events"] = json!(null), Fault::NoLogout),
        ("another event", |c| c["events"] = json!({"http://x.example": {}}), Fault::NoLogout),
        ("null event", |c| c["events"][EVENT] = json!(null), Fault::NoLogout),
        ("event as array", |c| c["events"][EVENT] = json!([]), Fault::NoLogout),
        ("events as text", |c| c["events"] = json!(EVENT), Fault::NoLogout),
        ("events as array", |c| c["events"] = json!([EVENT]), Fault::NoLogout),
        ("no jti", |c| drop(c.as_object_mut().unwrap().remove("jti")), Fault::Claim("jti")),
        ("empty jti", |c| c["jti"] = json!(""), Fault::Claim("jti")),
        ("endless jti", |c| c["jti"] = json!("x".repeat(256)), Fault::Claim("jti")),
        (
            "nobody",
            |c| {
                c.as_object_mut().unwrap().remove("sub");
                c.as_object_mut().unwrap().remove("sid");
            },
            Fault::Claim("sub"),
        ),
        ("odd sub", |c| c["sub"] = json!(7), Fault::Claim("sub")),
        ("odd sid", |c| c["sid"] = json!(["s-1"]), Fault::Claim("sid")),
    ];
    for (what, change, expected) in wrong {
        assert_eq!(claiming(&stage, change).await, fault(*expected), "{what}");
    }
}

#[tokio::test]
async fn every_wrong_header_and_signature_is_refused() {
    let stage = Stage::new().await;
    let claims = stage.logout_claims();
    for typ in ["logout+jwt", "application/logout+jwt", "Logout+JWT", "JWT"] {
        let header = json!({"alg": "RS256", "kid": "k1", "typ": typ});
        assert!(posted(&stage, &stage.key.sign_with(&header, &claims)).await.is_ok(), "{typ}");
    }
    for (header, expected) in [
        (json!({"alg": "RS256", "kid": "k1", "typ": "at+jwt"}), Fault::Type),
        (json!({"alg": "RS256", "kid": "k1", "typ": "secevent+jwt"}), Fault::Type),
        (json!({"alg": "RS384", "kid": "k1"}), Fault::Algorithm),
        (json!({"alg": "RS256", "kid": "k1", "crit": ["x"]}), Fault::Header),
        (json!({"alg": "RS256", "kid": "k9"}), Fault::UnknownKey),
    ] {
        assert_eq!(posted(&stage, &stage.key.sign_with(&header, &claims)).await, fault(expected), "{header}");
    }
    assert_eq!(posted(&stage, &Key::other_rsa("k1").sign(&claims)).await, fault(Fault::Signature));
    let unsigned = format!("{}.", message(&json!({"alg": "none"}), &claims));
    assert_eq!(posted(&stage, &unsigned).await, fault(Fault::Algorithm));
    let shared = sign_shared(&stage.key.public_bytes()[0], &json!({"alg": "HS256", "kid": "k1"}), &claims);
    assert_eq!(posted(&stage, &shared).await, fault(Fault::Algorithm));
    for none in ["", ".", "..", "a.b.c", "💣", &"x".repeat(1 << 20)] {
        assert_eq!(stage.provider.back_channel_logout(none).await, fault(Fault::Malformed));
    }
}

#[tokio::test]
async fn an_id_token_is_no_logout_token_and_a_logout_token_signs_nobody_in() {
    let stage = Stage::new().await;
    let id_token = stage.key.sign(&stage.claims("n"));
    assert_eq!(posted(&stage, &id_token).await, fault(Fault::NoLogout));
    let logout = stage.key.sign(&stage.logout_claims());
    let result = stage.token(&Fresh::default(), |_, _| logout).await;
    assert_eq!(result, super::stage::fault(Fault::Nonce));
}

#[tokio::test]
async fn the_way_out_is_the_providers_when_wanted() {
    let stage = Stage::new().await;
    let (hint, back) = (Secret::new("a.b.c"), "https://chat.example.org/signed-out?x=1");
    let url = stage.provider.logout_url(Some(&hint), back, Some("st")).await.unwrap().unwrap();
    let query: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    let expected = [
        ("tenant", "1"),
        ("client_id", "app"),
        ("post_logout_redirect_uri", back),
        ("id_token_hint", "a.b.c"),
        ("state", "st"),
    ];
    assert_eq!(query, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    let long = Secret::new("x".repeat(5_000));
    let url: Url = stage.provider.logout_url(Some(&long), back, None).await.unwrap().unwrap();
    assert!(url.as_str().len() < 500, "an address that would be cut off");

    stage.scripted.change(|script| script.document["end_session_endpoint"] = json!(null));
    stage.provider.refresh().await.unwrap();
    assert_eq!(stage.provider.logout_url(Some(&hint), back, None).await, Ok(None), "not offered");
    let unwanted = Stage::with(Key::rsa("k1"), |settings| settings.logout_at_provider = false).await;
    assert_eq!(unwanted.provider.logout_url(Some(&hint), back, None).await, Ok(None));
    assert_eq!(unwanted.scripted.asked_at_all(), 0);
}
