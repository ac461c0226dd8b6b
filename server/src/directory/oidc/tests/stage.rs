//! A scripted provider, a relying party on it, and a person who signs in as the test says.

use crate::directory::oidc::{Answer, Failure, Fault, Fresh, Kind, Pending, Provider, Settings, SignedIn};
use crate::ground::clock::Clock;
use crate::ground::config::Secret;
use crate::ground::random::Random;
use serde_json::{Value, json};

use chancery_tests::scripted::{ACCESS_TOKEN, SECRET, Scripted};
use chancery_tests::signer::Key;

/// The moment at which everything happens, in seconds since 1970.
pub const NOW: i64 = 1_800_000_000;
/// Where the browser comes back.
pub const REDIRECT: &str = "https://chat.example.org/sign-in/return";

pub struct Stage {
    pub key: Key,
    pub scripted: Scripted,
    pub provider: Provider,
    pub clock: Clock,
}

impl Stage {
    pub async fn new() -> Self {
        Self::with(Key::rsa("k1"), |_| {}).await
    }

    pub async fn with(key: Key, change: impl FnOnce(&mut Settings)) -> Self {
        let scripted = Scripted::start(&key).await;
        Self::on(key, scripted, change)
    }

    pub fn on(key: Key, scripted: Scripted, change: impl FnOnce(&mut Settings)) -> Self {
        let mut settings = settings(&scripted.issuer);
        change(&mut settings);
        let clock = Clock::at(NOW * 1_000_000);
        let provider =
            Provider::new(settings, Some(Secret::new(SECRET)), clock.clone(), Random::System).unwrap();
        Self { key, scripted, provider, clock }
    }

    /// The claims of a right ID token.
    pub fn claims(&self, nonce: &str) -> Value {
        json!({
            "iss": self.scripted.issuer, "aud": "app", "sub": "u-1", "nonce": nonce,
            "iat": NOW, "exp": NOW + 300, "auth_time": NOW - 5, "sid": "s-1",
            "preferred_username": "alice", "name": "Alice Adams", "email": "alice@example.org",
            "email_verified": true,
        })
    }

    /// The claims of a right logout token.
    pub fn logout_claims(&self) -> Value {
        json!({
            "iss": self.scripted.issuer, "aud": "app", "sub": "u-1", "sid": "s-1", "jti": "j-1",
            "iat": NOW, "exp": NOW + 120,
            "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
        })
    }

    /// A whole sign-in whose right claims were changed.
    pub async fn claiming(&self, change: impl FnOnce(&mut Value)) -> Result<SignedIn, Failure> {
        self.token(&Fresh::default(), |claims, key| {
            change(claims);
            key.sign(claims)
        })
        .await
    }

    /// The same with a demand for freshness.
    pub async fn fresh(&self, fresh: &Fresh, change: impl FnOnce(&mut Value)) -> Result<SignedIn, Failure> {
        self.token(fresh, |claims, key| {
            change(claims);
            key.sign(claims)
        })
        .await
    }

    /// A whole sign-in with an ID token made from the right claims.
    pub async fn token(
        &self,
        fresh: &Fresh,
        make: impl FnOnce(&mut Value, &Key) -> String,
    ) -> Result<SignedIn, Failure> {
        let begun = self.provider.begin(REDIRECT, fresh, None).await?;
        let (pending, answer, token) = self.person(&begun, make);
        let result = self.provider.finish(&pending, &answer).await;
        if let Err(failure) = &result {
            tells_nothing(failure, &[&token, answer.code.as_deref().unwrap(), SECRET, ACCESS_TOKEN]);
        }
        result
    }

    /// What the person brings back.
    pub fn person(
        &self,
        begun: &crate::directory::oidc::Begun,
        make: impl FnOnce(&mut Value, &Key) -> String,
    ) -> (Pending, Answer, String) {
        let query = |name: &str| {
            let found = begun.url.query_pairs().find(|(key, _)| key == name);
            found.unwrap_or_else(|| panic!("{name} in {}", begun.url)).1.into_owned()
        };
        assert_eq!(
            (query("code_challenge_method").as_str(), query("response_type").as_str()),
            ("S256", "code")
        );
        let token = make(&mut self.claims(&query("nonce")), &self.key);
        let code = self.scripted.grant(&query("code_challenge"), REDIRECT, &token);
        let answer = Answer { code: Some(code), state: Some(query("state")), ..Answer::default() };
        (begun.pending.clone(), answer, token)
    }
}

/// Settings for the scripted provider.
pub fn settings(issuer: &str) -> Settings {
    Settings {
        issuer: issuer.to_owned(),
        client_id: "app".to_owned(),
        allow_http_on_loopback: true,
        ..Settings::default()
    }
}

/// An ID token's fault as the whole failure.
pub fn fault(fault: Fault) -> Result<SignedIn, Failure> {
    Err(Failure::Token { kind: Kind::Id, fault })
}

/// Whether nothing secret is in a failure, whichever way it is written.
pub fn tells_nothing(failure: &Failure, secrets: &[&str]) {
    let texts = format!("{failure} {failure:?} {}", failure.mend());
    for secret in secrets {
        assert!(!texts.contains(secret), "{} tells a secret", failure.code());
    }
    assert!(!failure.mend().is_empty());
}
