//! The test of the settings, step by step, up to a mail that arrives.

use std::fmt;

use chancery_protocol::Micros;
use lettre::Address;
use lettre::address::Envelope;
use rustls::ProtocolVersion;
use tokio::time::Instant;
use x509_cert::der::Decode as _;
use x509_cert::ext::pkix::SubjectAltName;
use x509_cert::ext::pkix::name::GeneralName;

use super::failure::{Failure, Said, clean};
use super::session::Session;
use super::{PostOffice, line};
use crate::ground::config::MailSecurity;

/// A step, in the order of [`Task`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What was done.
    pub task: Task,
    /// What came of it.
    pub outcome: Outcome,
    /// How long it took.
    pub milliseconds: u64,
}

/// What is done in a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Task {
    /// Looking the name up.
    Resolve,
    /// Reaching the port.
    Connect,
    /// Agreeing on TLS. Not run in clear.
    Tls,
    /// Exchanging greetings.
    Greet,
    /// Signing in, with a token fetched before if it takes one. Not run without an account.
    SignIn,
    /// Naming sender and recipient.
    Announce,
    /// Handing over the mail.
    Send,
}

/// What came of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It went well.
    Done(Finding),
    /// It went wrong; the failure says how to mend it.
    Failed(Failure),
    /// An earlier step failed, or there is nothing to do.
    NotRun,
}

/// What a step that went well has to tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// Nothing more.
    Nothing,
    /// The addresses of the name, or the one that answered, with its port.
    Addresses(Vec<String>),
    /// What was agreed on, and the server's certificate.
    Tls(Peer),
    /// What the server said.
    Said(Said),
}

/// What a handshake told of the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Peer {
    /// `TLS 1.3`.
    pub version: &'static str,
    /// Names and addresses the certificate is for.
    pub names: Vec<String>,
    /// Who issued it.
    pub issuer: String,
    /// When it ends.
    pub ends: Option<Micros>,
}

impl Peer {
    pub(super) fn of(connection: &rustls::ClientConnection) -> Self {
        let version = match connection.protocol_version() {
            Some(ProtocolVersion::TLSv1_3) => "TLS 1.3",
            Some(ProtocolVersion::TLSv1_2) => "TLS 1.2",
            _ => "TLS",
        };
        let own = connection.peer_certificates().and_then(<[_]>::first);
        let Some(own) = own.and_then(|own| x509_cert::Certificate::from_der(own).ok()) else {
            return Self { version, names: Vec::new(), issuer: String::new(), ends: None };
        };
        let own = own.tbs_certificate();
        let names = own.get_extension::<SubjectAltName>().ok().flatten();
        let names = names.map(|(_, names)| names.0.iter().filter_map(name).take(20).collect());
        Self {
            version,
            names: names.unwrap_or_default(),
            issuer: clean(&own.issuer().to_string()),
            ends: Micros::try_from(own.validity().not_after.to_unix_duration().as_micros()).ok(),
        }
    }
}

fn name(name: &GeneralName) -> Option<String> {
    match name {
        GeneralName::DnsName(name) => Some(clean(name.as_str())),
        GeneralName::IpAddress(bytes) => match bytes.as_bytes() {
            bytes @ [_, _, _, _] => {
                <[u8; 4]>::try_from(bytes).ok().map(|ip| std::net::Ipv4Addr::from(ip).to_string())
            }
            bytes => <[u8; 16]>::try_from(bytes).ok().map(|ip| std::net::Ipv6Addr::from(ip).to_string()),
        },
        _ => None,
    }
}

impl Task {
    /// Every task, in order.
    pub const ALL: [Task; 7] =
        [Task::Resolve, Task::Connect, Task::Tls, Task::Greet, Task::SignIn, Task::Announce, Task::Send];
}

impl fmt::Display for Task {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Resolve => "Look the server's name up",
            Self::Connect => "Reach its port",
            Self::Tls => "Agree on TLS",
            Self::Greet => "Exchange greetings",
            Self::SignIn => "Sign in",
            Self::Announce => "Name sender and recipient",
            Self::Send => "Hand over the mail",
        })
    }
}

impl PostOffice {
    /// Takes every step with a line of its own and says what came of each; steps behind one that failed are not run.
    /// Takes at most the times of the settings, step by step. A mail arrives at `to` when all went well.
    pub async fn test(&self, to: &Address, mail: &[u8]) -> Vec<Step> {
        let mut steps = Steps { taken: Vec::new() };
        // The last step has told what there is to tell.
        let _ = self.take_steps(to, mail, &mut steps).await;
        steps.finish()
    }

    async fn take_steps(&self, to: &Address, mail: &[u8], steps: &mut Steps) -> Option<()> {
        let (inner, settings) = (&*self.0, self.settings());
        let end = Instant::now() + settings.connect;
        let start = Instant::now();
        let addresses = steps.take(start, line::resolve(settings, end).await, |addresses| {
            Finding::Addresses(addresses.iter().map(ToString::to_string).collect())
        })?;
        let start = Instant::now();
        let (stream, _) =
            steps.take(start, line::reach(&addresses, settings, end).await, |(_, address)| {
                Finding::Addresses(vec![address.to_string()])
            })?;
        let start = Instant::now();
        let line = line::protect(stream, settings, &inner.trust, &inner.hello, end).await;
        let line = match line {
            Ok(line) if settings.security == MailSecurity::None => {
                steps.push(Outcome::NotRun, 0);
                line
            }
            line => {
                steps.take(start, line, |line| line.peer.clone().map_or(Finding::Nothing, Finding::Tls))?
            }
        };
        let start = Instant::now();
        let greeted = Session::greet(line, &inner.hello, settings.answer).await;
        let mut session = steps.take(start, greeted, |_| Finding::Nothing)?;
        if settings.login.is_some() {
            let start = Instant::now();
            let signed_in = match inner.token(None).await {
                Ok(token) => session.sign_in(settings, token.as_ref()).await,
                Err(failure) => Err(failure),
            };
            steps.take(start, signed_in, |said| said.clone().map_or(Finding::Nothing, Finding::Said))?;
        } else {
            steps.push(Outcome::NotRun, 0);
        }
        let start = Instant::now();
        let envelope = Envelope::new(Some(settings.bounce.clone()), vec![to.clone()]);
        let envelope = envelope.map_err(|e| Failure::Settings(e.to_string()));
        let announced = match envelope {
            Ok(envelope) => session.announce(&envelope, mail.is_ascii()).await,
            Err(failure) => Err(failure),
        };
        steps.take(start, announced, |()| Finding::Nothing)?;
        let start = Instant::now();
        let sent = session.content(mail).await;
        steps.take(start, sent, |said| Finding::Said(said.clone()))?;
        session.leave().await;
        Some(())
    }
}

struct Steps {
    taken: Vec<Step>,
}

impl Steps {
    fn take<T>(
        &mut self,
        start: Instant,
        came: Result<T, Failure>,
        tell: impl FnOnce(&T) -> Finding,
    ) -> Option<T> {
        let milliseconds = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
        let (outcome, value) = match came {
            Ok(value) => (Outcome::Done(tell(&value)), Some(value)),
            Err(failure) => (Outcome::Failed(failure), None),
        };
        self.push(outcome, milliseconds);
        value
    }

    fn push(&mut self, outcome: Outcome, milliseconds: u64) {
        if let Some(task) = Task::ALL.get(self.taken.len()) {
            self.taken.push(Step { task: *task, outcome, milliseconds });
        }
    }

    fn finish(mut self) -> Vec<Step> {
        while self.taken.len() < Task::ALL.len() {
            self.push(Outcome::NotRun, 0);
        }
        self.taken
    }
}
