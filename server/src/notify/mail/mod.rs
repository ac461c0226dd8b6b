//! The post office: hands finished mails to the mail server and says what came of each.
//!
//! What must stay true:
//! - nothing is said before TLS is agreed on and the certificate verified against the configured name, unless the
//!   settings accept a line in clear; there is no falling back;
//! - every wait has an end;
//! - a mail was taken only when the server said so after its last byte. When it said nothing then, the mail may have
//!   arrived: that is [`Failure::Silent`] and nothing else, so that whoever sends it again does so knowingly;
//! - the server's words are cut and cleaned before anybody sees them; no token and no password is in any of ours.
//!
//! It keeps nothing and tries nothing twice, except that a kept line may have gone stale and a token may have ended
//! early: those begin once anew, before anything of the mail was said. Waiting and trying again are the outbox's.
//!
//! `line` is the way to the server, `session` the talk on it, `tokens` what XOAUTH2 needs, `failure` what can go wrong,
//! `steps` the test of the settings.

mod failure;
mod line;
mod session;
mod steps;
#[cfg(test)]
mod tests;
mod tokens;

use std::sync::{Arc, Mutex, PoisonError};

use lettre::address::Envelope;
use lettre::transport::smtp::extension::ClientId;
use tokio::sync::Semaphore;
use tokio::time::{Duration, Instant};

pub use failure::{Failure, Moment, Reach, Said};
pub use steps::{Finding, Outcome, Peer, Step, Task};

use crate::ground::config::Mail;
use line::Trust;
use session::Session;
use tokens::{Token, Tokens};

/// Servers close lines that are quiet for minutes; ours are closed before.
const KEPT: Duration = Duration::from_secs(45);

/// The way to the one mail server. Cheap to clone; used from the runtime it was first used in.
#[derive(Clone)]
pub struct PostOffice(Arc<Inner>);

struct Inner {
    settings: Mail,
    hello: ClientId,
    trust: Trust,
    tokens: Option<Tokens>,
    turns: Semaphore,
    kept: Mutex<Vec<(Session, Instant)>>,
}

/// A mail the server has taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// What it said: often the id the mail has in its log.
    pub said: Said,
}

/// Why a mail was not sent.
#[derive(Debug)]
pub enum NotSent<E> {
    /// The server did not take it, or is not known to have.
    Failed(Failure),
    /// It was not to be said.
    Held(E),
}

impl PostOffice {
    /// Gets ready; nothing is asked of anybody. `host` is our own name, for the greeting.
    ///
    /// # Errors
    /// [`Failure::Settings`] when the file of authorities cannot be used.
    pub fn new(settings: Mail, host: &str) -> Result<Self, Failure> {
        let trust = Trust::of(&settings)?;
        let tokens = settings.login.as_ref().and_then(|login| Tokens::of(&login.proof, settings.connect));
        let lines = settings.lines;
        Ok(Self(Arc::new(Inner {
            hello: hello(host),
            trust,
            tokens,
            turns: Semaphore::new(lines),
            kept: Mutex::new(Vec::with_capacity(lines)),
            settings,
        })))
    }

    /// The settings it works with.
    pub fn settings(&self) -> &Mail {
        &self.0.settings
    }

    /// Hands one mail to the server; `bytes` is the mail as it shall arrive, with lines that end in CRLF. With several
    /// recipients it is taken for all or for none. `before` is waited for when the server has accepted sender and recipients, and
    /// nothing of the mail itself was said; when it fails, nothing is.
    ///
    /// # Errors
    /// Why it was not taken, or is not known to have been; or why `before` failed.
    pub async fn send<E>(
        &self,
        envelope: &Envelope,
        bytes: &[u8],
        before: impl Future<Output = Result<(), E>>,
    ) -> Result<Accepted, NotSent<E>> {
        let inner = &*self.0;
        let Ok(_turn) = inner.turns.acquire().await else {
            return Err(NotSent::Failed(Failure::Settings("the post office is closed".to_owned())));
        };
        let mut session = match inner.kept().await {
            Some(session) => session,
            None => inner.open().await.map_err(NotSent::Failed)?,
        };
        let outcome = session.send(envelope, bytes, before).await;
        // One that cannot be used any more is dropped without a word: there is nobody to hear it.
        if session.is_usable() {
            inner.keep(session);
        }
        outcome.map(|said| Accepted { said })
    }

    /// Says goodbye on the lines that are kept.
    pub async fn close(&self) {
        let kept = std::mem::take(&mut *self.0.kept.lock().unwrap_or_else(PoisonError::into_inner));
        for (session, _) in kept {
            session.leave().await;
        }
    }
}

impl Inner {
    /// A line that was used before and still answers.
    async fn kept(&self) -> Option<Session> {
        loop {
            let (mut session, since) = self.kept.lock().unwrap_or_else(PoisonError::into_inner).pop()?;
            if since.elapsed() < KEPT && session.still_answers().await {
                return Some(session);
            }
        }
    }

    fn keep(&self, session: Session) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push((session, Instant::now()));
    }

    /// A new line, signed in. A token that was used before may have ended early: refused, it is fetched once anew.
    async fn open(&self) -> Result<Session, Failure> {
        // Before the line: a server does not wait long for somebody who fetches a token meanwhile.
        let token = self.token(None).await?;
        match (self.open_with(token.as_ref()).await, token) {
            (Err(Failure::Credentials(_)), Some(token)) if token.kept => {
                let token = self.token(Some(&token)).await?;
                self.open_with(token.as_ref()).await
            }
            (other, _) => other,
        }
    }

    /// A token, where the settings say XOAUTH2; not the one that was refused.
    async fn token(&self, refused: Option<&Token>) -> Result<Option<Token>, Failure> {
        match &self.tokens {
            Some(tokens) => tokens.get(refused).await.map(Some),
            None => Ok(None),
        }
    }

    async fn open_with(&self, token: Option<&Token>) -> Result<Session, Failure> {
        let end = Instant::now() + self.settings.connect;
        let addresses = line::resolve(&self.settings, end).await?;
        let (stream, _) = line::reach(&addresses, &self.settings, end).await?;
        let line = line::protect(stream, &self.settings, &self.trust, &self.hello, end).await?;
        let mut session = Session::greet(line, &self.hello, self.settings.answer).await?;
        session.sign_in(&self.settings, token).await?;
        Ok(session)
    }
}

/// How we are called: a name, or an address in its brackets.
fn hello(host: &str) -> ClientId {
    match host.trim_start_matches('[').trim_end_matches(']').parse() {
        Ok(std::net::IpAddr::V4(address)) => ClientId::Ipv4(address),
        Ok(std::net::IpAddr::V6(address)) => ClientId::Ipv6(address),
        Err(_) if host.is_empty() => ClientId::Domain("localhost".to_owned()),
        Err(_) => ClientId::Domain(host.to_owned()),
    }
}
