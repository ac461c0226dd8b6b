//! Trying settings out: which step fails, and what is not tried then.

use crate::directory::oidc::{Check, ClientAuthentication, Settings, Status, Step, test_connection};
use serde_json::json;

use super::stage::settings;
use chancery_tests::scripted::{Odd, Scripted};
use chancery_tests::signer::Key;

const DOCUMENT: &str = "/.well-known/openid-configuration";

/// The step that failed and its code; all before must be well, all after not tried.
async fn failing(settings: &Settings) -> (Check, &'static str) {
    let steps = test_connection(settings, true).await;
    assert_eq!(steps.len(), 11);
    let place = steps.iter().position(|step| step.status == Status::Failed).unwrap();
    assert!(steps[..place].iter().all(|step| step.status == Status::Ok));
    assert!(steps[place + 1..].iter().all(|step| step.status == Status::NotRun && step.milliseconds == 0));
    assert!(!steps[place].mend.is_empty() && !steps[place].text.is_empty());
    (steps[place].check, steps[place].code.unwrap())
}

fn statuses(steps: &[Step]) -> Vec<(Check, Status)> {
    steps.iter().filter(|step| step.status != Status::Ok).map(|step| (step.check, step.status)).collect()
}

#[tokio::test]
async fn every_step_is_told_apart() {
    let scripted = Scripted::start(&Key::rsa("k1")).await;
    let right = settings(&scripted.issuer);
    assert_eq!(statuses(&test_connection(&right, true).await), []);
    scripted.change(|script| {
        script.document["code_challenge_methods_supported"] = json!(["plain"]);
        script.document["backchannel_logout_supported"] = json!(false);
        script.document["token_endpoint_auth_methods_supported"] = json!(["client_secret_basic"]);
    });
    let post = Settings { client_authentication: ClientAuthentication::Post, ..right.clone() };
    let warned = [Check::Pkce, Check::ClientAuthentication, Check::BackChannelLogout];
    assert_eq!(statuses(&test_connection(&post, true).await), warned.map(|check| (check, Status::Warning)));
    let warned = [Check::Pkce, Check::BackChannelLogout];
    assert_eq!(statuses(&test_connection(&right, true).await), warned.map(|check| (check, Status::Warning)));

    scripted.change(|script| script.keys.clear());
    assert_eq!(failing(&right).await, (Check::Keys, "no-keys"));
    scripted.change(|script| script.document["id_token_signing_alg_values_supported"] = json!(["HS256"]));
    assert_eq!(failing(&right).await, (Check::Algorithms, "no-algorithm"));
    scripted.change(|script| script.document["token_endpoint"] = json!(null));
    assert_eq!(failing(&right).await, (Check::Endpoints, "endpoint-missing"));
    assert_eq!(failing(&settings(&format!("{}/", scripted.issuer))).await, (Check::Issuer, "issuer-differs"));
    scripted.odd(DOCUMENT, Odd::Body("text/html", "<html>".to_owned()));
    assert_eq!(failing(&right).await, (Check::Discovery, "no-document"));
    scripted.odd(DOCUMENT, Odd::Redirect("https://elsewhere.example/".to_owned()));
    assert_eq!(failing(&right).await, (Check::Discovery, "redirected"));
    scripted.odd(DOCUMENT, Odd::Silence);
    let hasty = Settings { timeout_seconds: 1, ..right.clone() };
    assert_eq!(failing(&hasty).await, (Check::Reach, "timed-out"));
    let free = format!("http://localhost:{}", chancery_tests::process::free_port());
    assert_eq!(failing(&settings(&free)).await, (Check::Reach, "unreachable"));
    assert_eq!(failing(&settings("https://no-such-host.invalid")).await, (Check::Resolve, "unreachable"));
    assert_eq!(failing(&Settings::default()).await, (Check::Settings, "settings"));
}
