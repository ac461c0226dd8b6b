//! Learning about the provider: what is refused, what is kept, how often it is asked.

use crate::directory::oidc::{Algorithm, EmailTrust, Failure, Fresh, Provider, Reach, Settings, What};
use crate::ground::clock::Clock;
use crate::ground::random::Random;
use serde_json::json;

use super::stage::{NOW, REDIRECT, Stage, settings};
use chancery_tests::base::new_folder;
use chancery_tests::scripted::{Odd, Scripted};
use chancery_tests::signer::{Key, public_rsa};
use chancery_tests::tls::make_certificate;

const MINUTE: i64 = 60_000_000;
const DOCUMENT: &str = "/.well-known/openid-configuration";

fn provider(settings: Settings) -> Provider {
    Provider::new(settings, None, Clock::at(NOW * 1_000_000), Random::System).unwrap()
}

#[tokio::test]
async fn the_issuer_is_compared_to_the_character_and_the_advice_is_exact() {
    let key = Key::rsa("k1");
    for (real, entered, advice) in [("/", "", "with the slash"), ("", "/", "without the slash")] {
        let scripted = Scripted::start_at(&key, real, None).await;
        let base = scripted.issuer.trim_end_matches('/').to_owned();
        let failure = provider(settings(&format!("{base}{entered}"))).refresh().await.unwrap_err();
        let expected = Failure::IssuerDiffers {
            entered: format!("{base}{entered}"),
            announced: scripted.issuer.clone(),
        };
        assert_eq!(failure, expected);
        assert!(
            failure.mend().contains(&format!("exactly {} ({advice}", scripted.issuer)),
            "{}",
            failure.mend()
        );
        assert_eq!(provider(settings(&scripted.issuer)).refresh().await, Ok(()));
    }
    let tenant = Scripted::start_at(&key, "/tenant/v2.0", None).await;
    assert_eq!(provider(settings(&tenant.issuer)).refresh().await, Ok(()));
    assert_eq!(tenant.asked("/tenant/v2.0/.well-known/openid-configuration"), 1);
    tenant.change(|script| script.document["issuer"] = json!("https://login.example/{tenantid}/v2.0"));
    let failure = provider(settings(&tenant.issuer)).refresh().await.unwrap_err();
    assert!(failure.mend().contains("issuer of your own"), "{}", failure.mend());
    tenant.change(|script| script.document["issuer"] = json!("https://evil.example/\n\u{1b}[2J"));
    let failure = provider(settings(&tenant.issuer)).refresh().await.unwrap_err();
    assert!(!format!("{failure} {}", failure.mend()).contains('\u{1b}'));
}

#[tokio::test]
async fn a_document_that_is_none_is_told_from_a_provider_that_is_down() {
    let stage = Stage::with(Key::rsa("k1"), |settings| settings.timeout_seconds = 1).await;
    let issuer = stage.scripted.issuer.clone();
    let host = issuer.trim_start_matches("http://").to_owned();
    let missing = Failure::NoDocument { address: issuer.clone() };
    let what = What::Document;
    let elsewhere = Scripted::start(&stage.key).await;
    for (odd, expected) in [
        (Odd::Status(404), missing.clone()),
        (Odd::Status(503), Failure::Status { what, status: 503 }),
        (Odd::Body("text/html", "<html>".to_owned()), missing.clone()),
        (Odd::Body("application/json", "<html>".to_owned()), missing.clone()),
        (Odd::Body("application/json", "[]".to_owned()), missing.clone()),
        (Odd::Body("application/json", "{}".to_owned()), missing.clone()),
        (
            Odd::Redirect(format!("{}{DOCUMENT}?secret=1", elsewhere.issuer)),
            Failure::Redirected { what, to: elsewhere.issuer.clone() },
        ),
        (
            Odd::Redirect("//[".to_owned()),
            Failure::Redirected { what, to: "something unreadable".to_owned() },
        ),
        (Odd::Endless, Failure::TooLarge(what)),
        (Odd::Silence, Failure::TimedOut { host: host.clone() }),
        (Odd::Stuck, Failure::TimedOut { host: host.clone() }),
        (Odd::Closed, Failure::Unreachable { host: host.clone(), reach: Reach::Broken }),
    ] {
        stage.scripted.odd(DOCUMENT, odd);
        assert_eq!(stage.provider.refresh().await, Err(expected));
    }
    assert_eq!(elsewhere.asked_at_all(), 0, "no redirect was followed");
    drop(stage);

    let free = format!("http://localhost:{}", chancery_tests::process::free_port());
    let failure = provider(settings(&free)).refresh().await.unwrap_err();
    assert!(matches!(failure, Failure::Unreachable { reach: Reach::Connection, .. }), "{failure:?}");
    let nowhere = provider(Settings { timeout_seconds: 5, ..settings("https://no-such-host.invalid") });
    let failure = nowhere.refresh().await.unwrap_err();
    assert!(matches!(failure, Failure::Unreachable { reach: Reach::Name, .. }), "{failure:?}");
}

#[tokio::test]
async fn the_document_must_serve_and_odd_extras_do_no_harm() {
    let stage = Stage::new().await;
    let right = stage.scripted.script.lock().unwrap().document.clone();
    let with = async |name: &str, value: serde_json::Value| {
        stage.scripted.change(|script| {
            script.document = right.clone();
            script.document[name] = value;
        });
        stage.provider.refresh().await
    };
    for name in ["authorization_endpoint", "token_endpoint", "jwks_uri"] {
        assert_eq!(with(name, json!(null)).await, Err(Failure::EndpointMissing(name)));
    }
    for name in
        ["authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint", "end_session_endpoint"]
    {
        for wrong in [
            "http://provider.example/x",
            "ftp://localhost/x",
            "javascript:alert(1)",
            "/relative",
            "file:///etc/passwd",
            "https:",
        ] {
            assert_eq!(with(name, json!(wrong)).await, Err(Failure::EndpointRefused(name)), "{name} {wrong}");
        }
        assert_eq!(with(name, json!(5)).await, Err(Failure::EndpointRefused(name)));
    }
    let none = Err(Failure::NoAlgorithm { announced: "none, HS256".to_owned() });
    assert_eq!(with("id_token_signing_alg_values_supported", json!(["none", "HS256"])).await, none);
    assert_eq!(with("id_token_signing_alg_values_supported", json!(null)).await, Ok(()));
    assert_eq!(with("claims_supported", json!({"odd": [1]})).await, Ok(()));
    assert_eq!(with("backchannel_logout_supported", json!("true")).await, Ok(()));
    assert!(stage.provider.document().await.unwrap().back_channel_logout);
}

#[tokio::test]
async fn weak_and_foreign_keys_are_left_out() {
    let stage = Stage::new().await;
    let right = stage.key.public();
    let with = async |keys: Vec<serde_json::Value>| {
        stage.scripted.change(|script| script.keys = keys);
        stage.provider.refresh().await
    };
    let changed = |name: &str, value: serde_json::Value| {
        let mut key = right.clone();
        key[name] = value;
        key
    };
    let useless = [
        public_rsa("weak", 1024),
        changed("use", json!("enc")),
        changed("key_ops", json!(["encrypt"])),
        changed("kty", json!("oct")),
        changed("n", json!("not base64url!")),
        changed("n", json!("AAAA")),
        changed("alg", json!("RSA-OAEP")),
        json!({"kty": "oct", "k": "c2VjcmV0", "kid": "k1", "alg": "HS256"}),
        json!({"kty": "EC", "crv": "secp256k1", "x": "AA", "y": "AA"}),
        json!("no key"),
        json!(null),
    ];
    for key in useless.clone() {
        assert_eq!(with(vec![key.clone()]).await, Err(Failure::NoKeys), "{key}");
    }
    assert_eq!(with(Vec::new()).await, Err(Failure::NoKeys));
    let mut mixed = useless.to_vec();
    mixed.push(right.clone());
    assert_eq!(with(mixed).await, Ok(()), "useless ones beside a right one");
    assert!(stage.claiming(|_| {}).await.is_ok());
    let keys = What::Keys;
    for (odd, expected) in [
        (Odd::Endless, Failure::TooLarge(keys)),
        (Odd::Status(404), Failure::Status { what: keys, status: 404 }),
        (Odd::Body("application/json", "{}".to_owned()), Failure::Unreadable(keys)),
        (Odd::Body("text/plain", r#"{"keys": []}"#.to_owned()), Failure::Unreadable(keys)),
    ] {
        stage.scripted.odd("/keys", odd);
        assert_eq!(stage.provider.refresh().await, Err(expected));
    }
    let typed = serde_json::to_string(&json!({"keys": [right]})).unwrap();
    stage.scripted.odd("/keys", Odd::Body("application/jwk-set+json", typed));
    assert_eq!(stage.provider.refresh().await, Ok(()));
}

#[tokio::test]
async fn what_the_provider_said_is_kept_and_asked_for_again_in_time() {
    let stage = Stage::new().await;
    let begin = async || stage.provider.begin(REDIRECT, &Fresh::default(), None).await.map(drop);
    // Many at once ask once.
    let (a, b, c) = tokio::join!(begin(), begin(), begin());
    assert_eq!((a, b, c), (Ok(()), Ok(()), Ok(())));
    assert_eq!((stage.scripted.asked(DOCUMENT), stage.scripted.asked("/keys")), (1, 1));
    stage.clock.advance(59 * MINUTE);
    begin().await.unwrap();
    assert_eq!(stage.scripted.asked(DOCUMENT), 1, "still fresh");
    stage.clock.advance(MINUTE);
    begin().await.unwrap();
    assert_eq!(stage.scripted.asked(DOCUMENT), 2, "an hour later");

    stage.scripted.odd(DOCUMENT, Odd::Status(503));
    stage.clock.advance(23 * 60 * MINUTE);
    begin().await.unwrap();
    begin().await.unwrap();
    assert_eq!(stage.scripted.asked(DOCUMENT), 3, "down: what is known serves, and the provider has a pause");
    stage.clock.advance(60 * MINUTE);
    let down = Err(Failure::Status { what: What::Document, status: 503 });
    assert_eq!(begin().await, down, "known for too long");
    assert_eq!(begin().await, down);
    assert_eq!(stage.scripted.asked(DOCUMENT), 4, "the failure is remembered for a moment");
    stage.scripted.change(|script| drop(script.odd.remove(DOCUMENT)));
    stage.clock.advance(MINUTE / 6);
    assert_eq!(begin().await, Ok(()), "and it is back");
}

#[tokio::test]
async fn the_provider_proves_who_it_is() {
    let (folder, other) = (new_folder("provider"), new_folder("other"));
    let (certificate, foreign) = (make_certificate(&folder), make_certificate(&other));
    let key = Key::rsa("k1");
    let scripted = Scripted::start_at(&key, "", Some(&certificate)).await;
    let pem = |path| Some(std::fs::read_to_string(path).unwrap());
    let with = |issuer: &str, ca_pem| Settings { ca_pem, allow_http_on_loopback: false, ..settings(issuer) };
    let host = scripted.issuer.trim_start_matches("https://").to_owned();
    let untrusted = Err(Failure::Tls { host });
    assert_eq!(provider(with(&scripted.issuer, None)).refresh().await, untrusted);
    assert_eq!(provider(with(&scripted.issuer, pem(&foreign.authority))).refresh().await, untrusted);
    let stage = Stage::on(key.clone(), scripted, |settings| {
        settings.ca_pem = pem(&certificate.authority);
        settings.allow_http_on_loopback = false;
    });
    assert!(stage.claiming(|_| {}).await.is_ok());
    // The certificate is for localhost and 127.0.0.1.
    let wrong_name = stage.scripted.issuer.replace("localhost", "[::ffff:127.0.0.1]");
    let failure = provider(with(&wrong_name, pem(&certificate.authority))).refresh().await;
    assert!(matches!(failure, Err(Failure::Tls { .. })), "{failure:?}");
    // Somebody who speaks no TLS at all.
    let plain = Scripted::start(&key).await;
    let failure = provider(with(&plain.issuer.replace("http:", "https:"), None)).refresh().await;
    assert!(matches!(failure, Err(Failure::Tls { .. } | Failure::Unreachable { .. })), "{failure:?}");
}

#[test]
fn settings_are_checked_with_a_code_and_advice() {
    let good = Settings {
        issuer: "https://login.example.org/".to_owned(),
        client_id: "app".to_owned(),
        ..Settings::default()
    };
    assert_eq!(crate::directory::oidc::check(&good), []);
    type Change = fn(&mut Settings);
    let wrong: &[(Change, &str)] = &[
        (|s| s.issuer.clear(), "issuer-missing"),
        (|s| s.issuer = "login.example.org".to_owned(), "issuer-no-address"),
        (|s| s.issuer = "http://login.example.org".to_owned(), "issuer-not-https"),
        (|s| s.issuer = "http://localhost:1".to_owned(), "issuer-not-https"),
        (
            |s| {
                s.issuer = "http://login.example.org".to_owned();
                s.allow_http_on_loopback = true;
            },
            "issuer-not-https",
        ),
        (
            |s| {
                s.issuer = "http://localhost.example.org".to_owned();
                s.allow_http_on_loopback = true;
            },
            "issuer-not-https",
        ),
        (|s| s.issuer = "ftp://login.example.org".to_owned(), "issuer-not-https"),
        (
            |s| s.issuer = "https://x.example/.well-known/openid-configuration".to_owned(),
            "issuer-is-document",
        ),
        (|s| s.issuer = "https://x.example/?a=b".to_owned(), "issuer-has-extras"),
        (|s| s.issuer = "https://x.example/#a".to_owned(), "issuer-has-extras"),
        (|s| s.issuer = "https://me@x.example/".to_owned(), "issuer-has-extras"),
        (|s| s.issuer = "https://x.example/ ".to_owned(), "blanks"),
        (|s| s.client_id.clear(), "client-id-missing"),
        (|s| s.scopes = vec!["openid profile".to_owned()], "scope-malformed"),
        (|s| s.algorithms.clear(), "algorithms-none"),
        (|s| s.claims.login.clear(), "claim-unnamed"),
        (|s| s.claims.groups = Some("a..b".to_owned()), "claim-unnamed"),
        (|s| s.claims.email = "upn".to_owned(), "email-unverifiable"),
        (|s| s.email_domains = vec!["@example.org".to_owned()], "domain-malformed"),
        (|s| s.email_domains = vec!["*.example.org".to_owned()], "domain-malformed"),
        (|s| s.acr_values = vec!["a b".to_owned()], "acr-malformed"),
        (|s| s.clock_skew_seconds = 301, "skew-too-large"),
        (|s| s.timeout_seconds = 0, "timeout-out-of-range"),
        (|s| s.ca_pem = Some("no certificate".to_owned()), "ca-unreadable"),
    ];
    for (change, code) in wrong {
        let mut settings = good.clone();
        change(&mut settings);
        let found = crate::directory::oidc::check(&settings);
        assert_eq!(found.iter().map(|problem| problem.code).collect::<Vec<_>>(), [*code]);
        assert!(found.iter().all(|problem| !problem.text.is_empty()));
        let refused = Provider::new(settings, None, Clock::System, Random::System);
        assert_eq!(refused.unwrap_err(), Failure::Settings(found));
    }
    for loopback in ["http://localhost:1", "http://127.0.0.1", "http://[::1]:8"] {
        assert_eq!(crate::directory::oidc::check(&settings(loopback)), []);
    }
}

#[test]
fn settings_are_read_and_unknown_ones_refused() {
    let text = r#"{"issuer": "https://x.example", "client_id": "app", "client_authentication": "post",
        "claims": {"groups": "realm_access.roles"}, "email_trust": "always", "algorithms": ["ES256", "EdDSA"]}"#;
    let read: Settings = serde_json::from_str(text).unwrap();
    assert_eq!(read.claims.groups.as_deref(), Some("realm_access.roles"));
    assert_eq!((read.claims.login.as_str(), read.email_trust), ("preferred_username", EmailTrust::Always));
    assert_eq!(read.algorithms, [Algorithm::ES256, Algorithm::EdDSA]);
    let again: Settings = serde_json::from_str(&serde_json::to_string(&read).unwrap()).unwrap();
    assert_eq!(again, read);
    for wrong in [
        r#"{"isuer": "x"}"#,
        r#"{"claims": {"group": "x"}}"#,
        r#"{"algorithms": ["HS256"]}"#,
        r#"{"algorithms": ["none"]}"#,
        r#"{"client_authentication": "jwt"}"#,
    ] {
        assert!(serde_json::from_str::<Settings>(wrong).is_err(), "{wrong}");
    }
}
