//! Access tokens for XOAUTH2: from a file, or asked for and kept until shortly before they end.

use std::path::{Path, PathBuf};

use reqwest::Client;
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use serde_json::Value;
use tokio::sync::Mutex;
use tokio::time::{Duration, Instant};
use url::form_urlencoded;

use super::failure::{Failure, Reach, Said};
use crate::ground::config::{MailProof, MailTokens, Secret, one_line};

/// A token is not used in its last minute.
const MARGIN: Duration = Duration::from_secs(60);
/// How long a token is kept whose issuer does not say when it ends.
const USUAL: u64 = 300;
/// Most bytes of an answer.
const MOST_BYTES: usize = 256 * 1024;

/// Where tokens come from.
pub(super) enum Tokens {
    /// A file that another program keeps fresh.
    File(PathBuf),
    /// An issuer.
    Issuer(Box<Issuer>),
}

/// Who issues tokens, and the one that was issued last.
pub(super) struct Issuer {
    settings: MailTokens,
    patience: Duration,
    last: Mutex<Option<(Secret, Instant)>>,
}

/// A token for one sign-in.
pub(super) struct Token {
    secret: Secret,
    /// Whether it was used before: then it may have ended early, and a new one may be better.
    pub(super) kept: bool,
}

impl Token {
    /// The token itself.
    pub(super) fn reveal(&self) -> &str {
        self.secret.reveal()
    }
}

impl Tokens {
    /// What the settings say; nothing for a password.
    pub(super) fn of(proof: &MailProof, patience: Duration) -> Option<Self> {
        match proof {
            MailProof::Password(_) => None,
            MailProof::TokenFile(file) => Some(Self::File(file.clone())),
            MailProof::Tokens(settings) => Some(Self::Issuer(Box::new(Issuer {
                settings: (**settings).clone(),
                patience,
                last: Mutex::new(None),
            }))),
        }
    }

    /// A token; not the one that was refused.
    pub(super) async fn get(&self, refused: Option<&Token>) -> Result<Token, Failure> {
        match self {
            Self::File(file) => read(file),
            Self::Issuer(issuer) => issuer.get(refused).await,
        }
    }
}

/// A small local file: not worth a thread of its own.
fn read(file: &Path) -> Result<Token, Failure> {
    let fault =
        |what: String| Failure::Settings(format!("mail.oauth_token_file ({}) {what}", one_line(file)));
    let text = std::fs::read_to_string(file).map_err(|e| fault(format!("cannot be read: {e}")))?;
    let token = text.trim();
    if is_token(token) {
        Ok(Token { secret: Secret::new(token), kept: false })
    } else {
        Err(fault("holds no token: one line without spaces".to_owned()))
    }
}

impl Issuer {
    async fn get(&self, refused: Option<&Token>) -> Result<Token, Failure> {
        // Held while asking: whoever comes meanwhile waits for the same answer.
        let mut last = self.last.lock().await;
        if let Some((secret, end)) = &*last
            && Instant::now() < *end
            && refused.is_none_or(|refused| refused.secret != *secret)
        {
            return Ok(Token { secret: secret.clone(), kept: true });
        }
        let (secret, lifetime) = self.ask().await?;
        let end = Instant::now() + lifetime.saturating_sub(MARGIN);
        *last = Some((secret.clone(), end));
        Ok(Token { secret, kept: false })
    }

    async fn ask(&self) -> Result<(Secret, Duration), Failure> {
        let answer = self.client()?.post(self.settings.endpoint.clone());
        let answer = answer
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(ACCEPT, "application/json")
            .body(self.form());
        let mut response = answer.send().await.map_err(|e| unreachable(&e))?;
        let status = response.status();
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|e| unreachable(&e))? {
            if body.len() + chunk.len() > MOST_BYTES {
                return Err(odd("its answer is too long"));
            }
            body.extend_from_slice(&chunk);
        }
        let json: Value = serde_json::from_slice(&body).unwrap_or_default();
        let text = |name: &str| json.get(name).and_then(Value::as_str);
        match status.as_u16() {
            200 => {}
            code @ 400..=499 => return Err(Failure::Credentials(Said::new(code, &reason(text("error"))))),
            code => return Err(odd(&format!("it answers {code}"))),
        }
        let token =
            text("access_token").filter(|token| is_token(token)).ok_or_else(|| odd("it sends no token"))?;
        let seconds = json.get("expires_in").and_then(Value::as_u64).unwrap_or(USUAL);
        Ok((Secret::new(token), Duration::from_secs(seconds.min(86_400))))
    }

    fn client(&self) -> Result<Client, Failure> {
        // Whoever was first is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .timeout(self.patience)
            .pool_max_idle_per_host(0)
            .build()
            .map_err(|_| Failure::Settings("This machine has no authorities to trust.".to_owned()))
    }

    fn form(&self) -> String {
        let mut form = form_urlencoded::Serializer::new(String::new());
        match &self.settings.refresh_token {
            Some(token) => {
                form.append_pair("grant_type", "refresh_token").append_pair("refresh_token", token.reveal())
            }
            None => form.append_pair("grant_type", "client_credentials"),
        };
        // In the body: Microsoft's and Google's issuers both take it there.
        form.append_pair("client_id", &self.settings.client_id);
        form.append_pair("client_secret", self.settings.client_secret.reveal());
        if let Some(scope) = &self.settings.scope {
            form.append_pair("scope", scope);
        }
        form.finish()
    }
}

/// The name of an error only: its description may repeat what we sent.
fn reason(error: Option<&str>) -> String {
    let name =
        error.filter(|name| name.len() <= 40 && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'));
    format!("the issuer of tokens refuses us: {}", name.unwrap_or("no reason that can be read"))
}

fn odd(what: &str) -> Failure {
    Failure::Unreachable(Reach::Tokens(what.to_owned()))
}

/// Without the address: that may hold what is secret.
fn unreachable(error: &reqwest::Error) -> Failure {
    odd(if error.is_timeout() { "it took too long" } else { "it was not reached, or not safely" })
}

/// RFC 6750, 2.1: only these may stand in a header; and no more than a line of SMTP holds.
fn is_token(text: &str) -> bool {
    !text.is_empty() && text.len() <= 8_192 && text.bytes().all(|byte| byte.is_ascii_graphic())
}
