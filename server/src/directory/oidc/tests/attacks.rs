//! ID tokens and answers that are wrong in one respect each.

use crate::directory::oidc::{Answer, Failure, Fault, Fresh, Kind, Prompt, Settings};
use serde_json::{Value, json};

use super::stage::{NOW, REDIRECT, Stage, fault, tells_nothing};
use chancery_tests::scripted::{ACCESS_TOKEN, Odd, SECRET, Scripted};
use chancery_tests::signer::{Key, hash_of, message, sign_shared};

const SECOND: i64 = 1_000_000;

#[tokio::test]
async fn a_right_sign_in_says_who_it_is() {
    let stage = Stage::new().await;
    let person = stage.claiming(|_| {}).await.unwrap();
    assert_eq!((person.issuer.as_str(), person.subject.as_str()), (stage.scripted.issuer.as_str(), "u-1"));
    assert_eq!((person.login.as_str(), person.display_name.as_str()), ("alice", "Alice Adams"));
    assert_eq!((person.email.as_deref(), person.email_verified), (Some("alice@example.org"), true));
    assert_eq!((person.sid.as_deref(), person.auth_time, person.groups), (Some("s-1"), Some(NOW - 5), None));
    assert_eq!(person.id_token.reveal().split('.').count(), 3);
    assert_eq!(stage.scripted.asked("/userinfo"), 0, "nothing was missing");
}

#[tokio::test]
async fn every_wrong_claim_is_refused() {
    let stage = Stage::new().await;
    type Change = fn(&mut Value);
    let wrong: &[(&str, Change, Fault)] = &[
        ("issuer", |c| c["iss"] = json!("https://evil.example"), Fault::Issuer),
        (
            "issuer with a slash",
            |c| c["iss"] = json!(format!("{}/", c["iss"].as_str().unwrap())),
            Fault::Issuer,
        ),
        ("no issuer", |c| drop(c.as_object_mut().unwrap().remove("iss")), Fault::Claim("iss")),
        ("audience", |c| c["aud"] = json!("other"), Fault::Audience),
        ("audience in an array", |c| c["aud"] = json!(["other"]), Fault::Audience),
        ("audience that begins like ours", |c| c["aud"] = json!("app2"), Fault::Audience),
        ("empty audience", |c| c["aud"] = json!([]), Fault::Audience),
        ("empty audience text", |c| c["aud"] = json!(""), Fault::Audience),
        ("null audience", |c| c["aud"] = json!(null), Fault::Claim("aud")),
        ("no audience", |c| drop(c.as_object_mut().unwrap().remove("aud")), Fault::Claim("aud")),
        ("audience of odd type", |c| c["aud"] = json!(["app", 1]), Fault::Claim("aud")),
        ("a stranger beside us", |c| c["aud"] = json!(["app", "other"]), Fault::Strangers),
        (
            "a stranger, issued to us",
            |c| (c["aud"], c["azp"]) = (json!(["app", "other"]), json!("app")),
            Fault::Strangers,
        ),
        ("issued to another", |c| c["azp"] = json!("other"), Fault::Party),
        ("issued to nobody", |c| c["azp"] = json!(null), Fault::Party),
        ("nonce", |c| c["nonce"] = json!("other"), Fault::Nonce),
        ("no nonce", |c| drop(c.as_object_mut().unwrap().remove("nonce")), Fault::Nonce),
        ("expired", |c| c["exp"] = json!(NOW - 60), Fault::Expired),
        ("no expiry", |c| drop(c.as_object_mut().unwrap().remove("exp")), Fault::Claim("exp")),
        ("expiry as text", |c| c["exp"] = json!("4000000000"), Fault::Claim("exp")),
        ("endless expiry", |c| c["exp"] = json!(1e300), Fault::Claim("exp")),
        ("negative expiry", |c| c["exp"] = json!(-1), Fault::Claim("exp")),
        ("issued in the future", |c| c["iat"] = json!(NOW + 61), Fault::Future),
        ("issued long ago", |c| c["iat"] = json!(NOW - 661), Fault::TooOld),
        ("no time of issue", |c| drop(c.as_object_mut().unwrap().remove("iat")), Fault::Claim("iat")),
        ("not yet valid", |c| c["nbf"] = json!(NOW + 61), Fault::Future),
        ("nbf as text", |c| c["nbf"] = json!("1"), Fault::Claim("nbf")),
        ("proved in the future", |c| c["auth_time"] = json!(NOW + 61), Fault::Future),
        ("no subject", |c| drop(c.as_object_mut().unwrap().remove("sub")), Fault::Claim("sub")),
        ("empty subject", |c| c["sub"] = json!(""), Fault::Claim("sub")),
        ("subject of odd type", |c| c["sub"] = json!(1), Fault::Claim("sub")),
        ("endless subject", |c| c["sub"] = json!("x".repeat(256)), Fault::Claim("sub")),
        ("at_hash", |c| c["at_hash"] = json!(hash_of("another token")), Fault::AccessToken),
        ("at_hash of odd type", |c| c["at_hash"] = json!(1), Fault::AccessToken),
    ];
    for (what, change, expected) in wrong {
        assert_eq!(stage.claiming(change).await, fault(*expected), "{what}");
    }
}

#[tokio::test]
async fn what_is_only_just_right_comes_in() {
    let stage = Stage::new().await;
    type Change = fn(&mut Value);
    let right: &[(&str, Change)] = &[
        ("array of one", |c| c["aud"] = json!(["app"])),
        ("issued to us", |c| c["azp"] = json!("app")),
        ("expired within the skew", |c| c["exp"] = json!(NOW - 59)),
        ("issued in the future within the skew", |c| c["iat"] = json!(NOW + 60)),
        ("issued ten minutes ago", |c| c["iat"] = json!(NOW - 660)),
        ("valid from within the skew", |c| c["nbf"] = json!(NOW + 60)),
        ("fractions of seconds", |c| c["exp"] = json!(NOW as f64 + 10.5)),
        ("at_hash", |c| c["at_hash"] = json!(hash_of(ACCESS_TOKEN))),
        ("longest subject", |c| c["sub"] = json!("x".repeat(255))),
        ("claims nobody needs, of odd types", |c| {
            c["phone_number"] = json!(5);
            c["address"] = json!("here");
            c["updated_at"] = json!("2026-01-01T00:00:00Z");
            c["subject_issuer"] = json!({"a": []});
            c["locale"] = json!(null);
        }),
    ];
    for (what, change) in right {
        assert!(stage.claiming(change).await.is_ok(), "{what}");
    }
}

#[tokio::test]
async fn trusted_audiences_need_a_token_issued_to_this_client() {
    let stage =
        Stage::with(Key::rsa("k1"), |settings| settings.trusted_audiences = vec!["api".to_owned()]).await;
    let with = |party: Value| {
        move |claims: &mut Value| {
            claims["aud"] = json!(["api", "app"]);
            claims["azp"] = party;
        }
    };
    assert!(stage.claiming(with(json!("app"))).await.is_ok());
    assert_eq!(stage.claiming(with(json!("api"))).await, fault(Fault::Party));
    assert_eq!(stage.claiming(|claims| claims["aud"] = json!(["api", "app"])).await, fault(Fault::Party));
}

#[tokio::test]
async fn only_signatures_of_the_provider_by_allowed_algorithms_count() {
    let stage = Stage::new().await;
    let fresh = Fresh::default();
    let sign = async |header: Value| stage.token(&fresh, |claims, key| key.sign_with(&header, claims)).await;
    for (header, expected) in [
        (json!({"alg": "none"}), Fault::Algorithm),
        (json!({"alg": "None", "kid": "k1"}), Fault::Algorithm),
        (json!({"alg": "HS256", "kid": "k1"}), Fault::Algorithm),
        (json!({"alg": "RS384", "kid": "k1"}), Fault::Algorithm),
        (json!({"alg": "rs256", "kid": "k1"}), Fault::Algorithm),
        (json!({"kid": "k1"}), Fault::Algorithm),
        (json!({"alg": ["RS256"], "kid": "k1"}), Fault::Algorithm),
        (json!({"alg": "RS256", "kid": "k1", "typ": "at+jwt"}), Fault::Type),
        (json!({"alg": "RS256", "kid": "k1", "typ": "logout+jwt"}), Fault::Type),
        (json!({"alg": "RS256", "kid": "k1", "typ": 1}), Fault::Type),
        (json!({"alg": "RS256", "kid": "k1", "crit": ["b64"], "b64": false}), Fault::Header),
        (json!({"alg": "RS256", "kid": "k1", "enc": "A128GCM"}), Fault::Header),
        (json!({"alg": "RS256", "kid": "k1", "zip": "DEF"}), Fault::Header),
        (json!({"alg": "RS256", "kid": "k1", "cty": "JWT"}), Fault::Header),
        (json!({"alg": "RS256", "kid": 1}), Fault::Malformed),
        (json!({"alg": "ES256", "kid": "k1"}), Fault::UnknownKey),
    ] {
        assert_eq!(sign(header.clone()).await, fault(expected), "{header}");
    }
    for typ in ["JWT", "jwt", "application/jwt"] {
        assert!(sign(json!({"alg": "RS256", "kid": "k1", "typ": typ})).await.is_ok(), "{typ}");
    }
    let own = Key::other_rsa("k1");
    assert_eq!(stage.token(&fresh, |claims, _| own.sign(claims)).await, fault(Fault::Signature));
    let own_key =
        json!({"alg": "RS256", "kid": "k1", "jwk": own.public(), "jku": "https://evil.example/keys"});
    assert_eq!(
        stage.token(&fresh, |claims, _| own.sign_with(&own_key, claims)).await,
        fault(Fault::Signature)
    );
}

#[tokio::test]
async fn tokens_that_are_none_are_refused() {
    let stage = Stage::new().await;
    let fresh = Fresh::default();
    type Spoil = fn(&str) -> String;
    let spoilt: &[(&str, Spoil, Fault)] = &[
        ("no signature", |t| t.rsplit_once('.').unwrap().0.to_owned() + ".", Fault::Signature),
        ("two parts", |t| t.rsplit_once('.').unwrap().0.to_owned(), Fault::Malformed),
        ("four parts", |t| format!("{t}.x"), Fault::Malformed),
        ("padding", |t| format!("{t}=="), Fault::Malformed),
        ("blank", |t| format!(" {t}"), Fault::Malformed),
        (
            "changed signature",
            |t| {
                let (a, b) = t.split_at(t.len() - 20);
                format!("{a}{}", if b.starts_with('A') { "B" } else { "A" }) + &b[1..]
            },
            Fault::Signature,
        ),
        (
            "changed claims",
            |t| {
                let p: Vec<_> = t.split('.').collect();
                format!("{}.{}.{}", p[0], p[1].replacen('J', "K", 1), p[2])
            },
            Fault::Signature,
        ),
        ("endless", |t| format!("{t}{}", "A".repeat(1 << 17)), Fault::Malformed),
    ];
    for (what, spoil, expected) in spoilt {
        let result = stage.token(&fresh, |claims, key| spoil(&key.sign(claims))).await;
        assert_eq!(result, fault(*expected), "{what}");
    }
    let text = stage.token(&fresh, |_, key| key.sign(&json!("just a text"))).await;
    assert_eq!(text, fault(Fault::Malformed));
}

#[tokio::test]
async fn nothing_public_and_no_client_secret_is_taken_for_the_secret_of_a_signature() {
    let stage = Stage::new().await;
    let mut secrets = stage.key.public_bytes();
    secrets.push(SECRET.as_bytes().to_vec());
    secrets.push(Vec::new());
    for secret in secrets {
        for header in [json!({"alg": "HS256", "kid": "k1"}), json!({"alg": "RS256", "kid": "k1"})] {
            let result =
                stage.token(&Fresh::default(), |claims, _| sign_shared(&secret, &header, claims)).await;
            assert!(matches!(result, Err(Failure::Token { fault: Fault::Algorithm | Fault::Signature, .. })));
        }
    }
    let unsigned = stage
        .token(&Fresh::default(), |claims, _| format!("{}.", message(&json!({"alg": "none"}), claims)))
        .await;
    assert_eq!(unsigned, fault(Fault::Algorithm));
}

#[tokio::test]
async fn every_usual_kind_of_key_works() {
    for key in [Key::rsa("a"), Key::p256("b"), Key::ed25519("c")] {
        let algorithm = key.algorithm();
        let stage = Stage::with(key, |_| {}).await;
        stage.scripted.change(|script| {
            script.document["id_token_signing_alg_values_supported"] = json!(["ES256", "EdDSA", "RS256"]);
        });
        assert!(stage.claiming(|_| {}).await.is_ok(), "{algorithm}");
        let no_id = json!({"alg": algorithm});
        let result = stage.token(&Fresh::default(), |claims, key| key.sign_with(&no_id, claims)).await;
        assert!(result.is_ok(), "{algorithm} without a key id");
    }
    let stage = Stage::new().await;
    let pss = json!({"alg": "PS256", "kid": "k1"});
    assert!(stage.token(&Fresh::default(), |claims, key| key.sign_with(&pss, claims)).await.is_ok());
    // A key that is for one algorithm is for no other.
    stage.scripted.change(|script| script.keys[0]["alg"] = json!("RS256"));
    stage.provider.refresh().await.unwrap();
    let result = stage.token(&Fresh::default(), |claims, key| key.sign_with(&pss, claims)).await;
    assert_eq!(result, fault(Fault::UnknownKey));
}

#[tokio::test]
async fn a_rotated_key_is_found_and_strangers_keys_do_not_make_the_provider_busy() {
    let mut stage = Stage::new().await;
    assert!(stage.claiming(|_| {}).await.is_ok());
    let old = stage.key.clone();
    stage.key = Key::other_rsa("k2");
    let new = stage.key.public();
    stage.scripted.change(|script| script.keys = vec![new]);
    assert_eq!(stage.scripted.asked("/keys"), 1);
    assert!(stage.claiming(|_| {}).await.is_ok(), "the new key");
    assert_eq!(stage.scripted.asked("/keys"), 2);
    let of_old = stage.token(&Fresh::default(), |claims, _| old.sign(claims)).await;
    assert_eq!(of_old, fault(Fault::UnknownKey), "a withdrawn key");

    let flood = async || {
        for number in 0..30 {
            let header = json!({"alg": "RS256", "kid": format!("stranger-{number}")});
            let result =
                stage.provider.back_channel_logout(&old.sign_with(&header, &stage.logout_claims())).await;
            assert_eq!(result, Err(Failure::Token { kind: Kind::Logout, fault: Fault::UnknownKey }));
        }
        stage.scripted.asked("/keys")
    };
    assert_eq!(flood().await, 2, "at once");
    stage.clock.advance(60 * SECOND - 1);
    assert_eq!(flood().await, 2, "within a minute");
    stage.clock.advance(1);
    assert_eq!(flood().await, 3, "after a minute");
    stage.scripted.odd("/keys", Odd::Status(503));
    stage.clock.advance(60 * SECOND);
    assert_eq!(flood().await, 4, "also when the provider fails");
}

#[tokio::test]
async fn a_new_key_under_an_old_id_is_found() {
    let mut stage = Stage::new().await;
    assert!(stage.claiming(|_| {}).await.is_ok());
    stage.key = Key::other_rsa("k1");
    let new = stage.key.public();
    stage.scripted.change(|script| script.keys = vec![new]);
    assert!(stage.claiming(|_| {}).await.is_ok());
    let stranger = Key::p256("k1");
    for _ in 0..5 {
        let result = stage.token(&Fresh::default(), |claims, _| stranger.sign(claims)).await;
        assert_eq!(result, fault(Fault::UnknownKey));
    }
    assert_eq!(stage.scripted.asked("/keys"), 2);
}

#[tokio::test]
async fn whatever_is_sent_to_the_provider_is_new_and_the_verifier_is_not_in_it() {
    use crate::directory::oidc::Provider;
    use crate::ground::random::Random;
    use std::sync::{Arc, Mutex};
    fn sendable<F: Future + Send>(future: F) -> F {
        future
    }
    let mut stage = Stage::new().await;
    let mut next = 0;
    let counting = Random::Test(Arc::new(Mutex::new(move |out: &mut [u8]| {
        for byte in out {
            next = (next + 1) % 256;
            *byte = u8::try_from(next).unwrap();
        }
    })));
    let settings = stage.provider.settings().clone();
    stage.provider = Provider::new(settings, None, stage.clock.clone(), counting).unwrap();
    let begun = sendable(stage.provider.begin(REDIRECT, &Fresh::default(), None)).await.unwrap();
    let part = |from: u8| data_encoding::BASE64URL_NOPAD.encode(&(from..from + 32).collect::<Vec<u8>>());
    let query = |name: &str| begun.url.query_pairs().find(|(key, _)| key == name).unwrap().1.into_owned();
    assert_eq!((query("state"), query("nonce")), (part(1), part(33)));
    assert_eq!(query("code_challenge"), chancery_tests::signer::challenge_of(&part(65)));
    assert!(!begun.url.as_str().contains(&part(65)));
    assert_eq!(
        (query("scope"), query("redirect_uri")),
        ("openid profile email".to_owned(), REDIRECT.to_owned())
    );
    let again = stage.provider.begin(REDIRECT, &Fresh::default(), None).await.unwrap();
    assert_ne!(again.pending.state(), begun.pending.state());
    let nowhere = stage.provider.begin("nowhere", &Fresh::default(), None).await;
    assert_eq!(nowhere.unwrap_err(), Failure::ReturnAddress);
    let _ = sendable(stage.provider.finish(&begun.pending, &Answer::default())).await;
    let _ = sendable(stage.provider.back_channel_logout("")).await;
}

#[tokio::test]
async fn an_answer_belongs_to_the_sign_in_that_asked_for_it() {
    let stage = Stage::new().await;
    let mine = stage.provider.begin(REDIRECT, &Fresh::default(), None).await.unwrap();
    let other = stage.provider.begin(REDIRECT, &Fresh::default(), None).await.unwrap();
    let (pending, answer, token) = stage.person(&mine, |claims, key| key.sign(claims));
    let finish = async |answer: &Answer| stage.provider.finish(&pending, answer).await;

    // Somebody else's answer, slipped to this browser.
    let (_, theirs, _) = stage.person(&other, |claims, key| key.sign(claims));
    assert_eq!(finish(&theirs).await, Err(Failure::State));
    assert_eq!(finish(&Answer { state: None, ..answer.clone() }).await, Err(Failure::State));
    assert_eq!(finish(&Answer { state: Some(String::new()), ..answer.clone() }).await, Err(Failure::State));
    // Their code with my state: PKCE makes the provider refuse it.
    let injected = Answer { code: theirs.code.clone(), ..answer.clone() };
    let refused = finish(&injected).await;
    assert_eq!(refused, Err(Failure::CodeRefused("invalid_grant".to_owned())));
    tells_nothing(&refused.unwrap_err(), &[theirs.code.as_deref().unwrap()]);
    assert_eq!(finish(&Answer { code: None, ..answer.clone() }).await, Err(Failure::NoCode));
    assert_eq!(finish(&Answer { code: Some(String::new()), ..answer.clone() }).await, Err(Failure::NoCode));

    let denied = Answer { error: Some("access_denied".to_owned()), code: None, ..answer.clone() };
    assert_eq!(finish(&denied).await, Err(Failure::Refused("access_denied".to_owned())));
    let odd = Answer { error: Some("<script>".to_owned()), ..answer.clone() };
    assert_eq!(finish(&odd).await, Err(Failure::Refused("something unreadable".to_owned())));

    assert!(finish(&answer).await.is_ok());
    // The code a second time.
    assert_eq!(finish(&answer).await, Err(Failure::CodeRefused("invalid_grant".to_owned())));

    let debug = format!("{:?} {:?} {answer:?} {:?}", mine, other, stage.provider);
    for secret in [token.as_str(), answer.code.as_deref().unwrap(), pending.state(), SECRET] {
        assert!(!debug.contains(secret), "{debug}");
    }
    let kept: crate::directory::oidc::Pending =
        serde_json::from_str(&serde_json::to_string(&pending).unwrap()).unwrap();
    assert!(kept == pending);
}

#[tokio::test]
async fn a_sign_in_must_end_within_half_an_hour_at_the_provider_where_it_began() {
    let stage = Stage::new().await;
    let begun = stage.provider.begin(REDIRECT, &Fresh::default(), None).await.unwrap();
    let (pending, answer, _) = stage.person(&begun, |claims, key| key.sign(claims));
    stage.clock.advance(1801 * SECOND);
    assert_eq!(stage.provider.finish(&pending, &answer).await, Err(Failure::Late));
    stage.clock.advance(-1900 * SECOND);
    assert_eq!(stage.provider.finish(&pending, &answer).await, Err(Failure::Late), "from the future");
    let other = Stage::new().await;
    assert_eq!(other.provider.finish(&pending, &answer).await, Err(Failure::State), "another provider");
}

#[tokio::test]
async fn an_answer_from_another_provider_is_refused() {
    let stage = Stage::new().await;
    let go = async |iss: Option<String>| {
        let begun = stage.provider.begin(REDIRECT, &Fresh::default(), None).await.unwrap();
        let (pending, answer, _) = stage.person(&begun, |claims, key| key.sign(claims));
        stage.provider.finish(&pending, &Answer { iss, ..answer }).await.map(drop)
    };
    assert_eq!(go(None).await, Ok(()), "not announced, not there");
    assert_eq!(go(Some(stage.scripted.issuer.clone())).await, Ok(()));
    assert_eq!(go(Some("https://evil.example".to_owned())).await, Err(Failure::AnswerIssuer));
    assert_eq!(go(Some(format!("{}/", stage.scripted.issuer))).await, Err(Failure::AnswerIssuer));
    stage
        .scripted
        .change(|script| script.document["authorization_response_iss_parameter_supported"] = json!(true));
    stage.provider.refresh().await.unwrap();
    assert_eq!(go(None).await, Err(Failure::AnswerIssuer), "announced, not there");
    assert_eq!(go(Some(stage.scripted.issuer.clone())).await, Ok(()));
}

#[tokio::test]
async fn a_fresh_sign_in_is_fresh() {
    let stage = Stage::new().await;
    let now = stage.provider.fresh();
    assert_eq!(now, Fresh { max_age: Some(0), dated: true, acr: Vec::new(), prompt: Some(Prompt::Login) });
    let at = |time: i64| move |claims: &mut Value| claims["auth_time"] = json!(time);
    let none = |claims: &mut Value| drop(claims.as_object_mut().unwrap().remove("auth_time"));
    assert!(stage.fresh(&now, at(NOW)).await.is_ok());
    assert!(stage.fresh(&now, at(NOW - 60)).await.is_ok(), "within the skew");
    assert_eq!(stage.fresh(&now, at(NOW - 61)).await, Err(Failure::NotFresh));
    assert_eq!(stage.fresh(&now, none).await, Err(Failure::NotFresh));
    assert_eq!(
        stage.fresh(&now, |claims| claims["auth_time"] = json!("now")).await,
        fault(Fault::Claim("auth_time"))
    );

    let recent = Fresh { max_age: Some(600), ..Fresh::default() };
    assert!(stage.fresh(&recent, at(NOW - 660)).await.is_ok());
    assert_eq!(stage.fresh(&recent, at(NOW - 661)).await, Err(Failure::NotFresh));
    assert_eq!(stage.fresh(&recent, none).await, Err(Failure::NotFresh));

    // The person took `prompt=login` out of the address.
    let asked = Fresh { prompt: Some(Prompt::Login), ..Fresh::default() };
    assert_eq!(stage.fresh(&asked, at(NOW - 3600)).await, Err(Failure::NotFresh));
    assert!(stage.fresh(&Fresh::default(), at(NOW - 3600)).await.is_ok(), "nothing was asked");
}

#[tokio::test]
async fn the_level_that_is_demanded_is_met() {
    let mfa = |settings: &mut Settings| settings.acr_values = vec!["mfa".to_owned(), "phr".to_owned()];
    let stage = Stage::with(Key::rsa("k1"), mfa).await;
    let level = |acr: Value| move |claims: &mut Value| claims["acr"] = acr;
    assert!(stage.claiming(level(json!("mfa"))).await.is_ok());
    assert!(stage.claiming(level(json!("phr"))).await.is_ok());
    for wrong in [json!("pwd"), json!(""), json!(null), json!(["mfa"]), json!("mfa phr")] {
        assert_eq!(stage.claiming(level(wrong)).await, Err(Failure::Level));
    }
    assert_eq!(stage.claiming(|_| {}).await, Err(Failure::Level));
    let higher = Fresh { acr: vec!["phr".to_owned()], ..Fresh::default() };
    assert_eq!(stage.fresh(&higher, level(json!("mfa"))).await, Err(Failure::Level));
    assert!(stage.fresh(&higher, level(json!("phr"))).await.is_ok());
    let begun = stage.provider.begin(REDIRECT, &Fresh::default(), Some("alice")).await.unwrap();
    let asked = |name: &str| begun.url.query_pairs().any(|(key, value)| key == name && !value.is_empty());
    assert!(asked("acr_values") && asked("login_hint") && asked("nonce") && asked("code_challenge"));
}

#[tokio::test]
async fn the_client_authenticates_as_the_settings_say() {
    use crate::directory::oidc::{ClientAuthentication, Provider};
    use crate::ground::clock::Clock;
    use crate::ground::config::Secret;
    use crate::ground::random::Random;
    let post = Stage::with(Key::rsa("k1"), |s| s.client_authentication = ClientAuthentication::Post).await;
    let refused = post.claiming(|_| {}).await;
    assert_eq!(refused, Err(Failure::CodeRefused("invalid_client".to_owned())));
    post.scripted.change(|script| script.authentication = "post");
    assert!(post.claiming(|_| {}).await.is_ok());

    let mut public = Stage::new().await;
    public.scripted.change(|script| script.authentication = "none");
    let settings = public.provider.settings().clone();
    public.provider = Provider::new(settings.clone(), None, public.clock.clone(), Random::System).unwrap();
    assert!(public.claiming(|_| {}).await.is_ok());
    let wrong = Some(Secret::new("wrong"));
    public.scripted.change(|script| script.authentication = "basic");
    public.provider = Provider::new(settings, wrong, Clock::at(NOW * SECOND), Random::System).unwrap();
    assert_eq!(public.claiming(|_| {}).await, Err(Failure::CodeRefused("invalid_client".to_owned())));
}

#[tokio::test]
async fn odd_token_answers_are_refused() {
    use crate::directory::oidc::What::Tokens;
    let stage = Stage::new().await;
    for (change, expected) in [
        (json!({"id_token": null}), Failure::NoIdToken),
        (json!({"token_type": "mac"}), Failure::Unreadable(Tokens)),
        (json!({"access_token": null}), Failure::Unreadable(Tokens)),
        (json!({"access_token": "a\nb: c"}), Failure::Unreadable(Tokens)),
        (json!({"access_token": ""}), Failure::Unreadable(Tokens)),
    ] {
        stage.scripted.change(|script| script.tokens = change);
        assert_eq!(stage.claiming(|_| {}).await, Err(expected));
    }
    stage.scripted.change(|script| script.tokens = json!({}));
    let elsewhere = Scripted::start(&stage.key).await;
    for (odd, expected) in [
        (
            Odd::Redirect(format!("{}/token", elsewhere.issuer)),
            Failure::Redirected { what: Tokens, to: elsewhere.issuer.clone() },
        ),
        (Odd::Status(500), Failure::Status { what: Tokens, status: 500 }),
        (Odd::Status(403), Failure::CodeRefused("something unreadable".to_owned())),
        (Odd::Body("text/html", "<html>".to_owned()), Failure::Unreadable(Tokens)),
        (Odd::Endless, Failure::TooLarge(Tokens)),
    ] {
        stage.scripted.odd("/token", odd);
        assert_eq!(stage.claiming(|_| {}).await, Err(expected));
    }
    assert_eq!(elsewhere.asked_at_all(), 0, "code and secret went nowhere else");
}
