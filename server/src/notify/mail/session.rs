//! The talk with the mail server on one line, by lettre's connection, with an end to every wait.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use data_encoding::BASE64;
use lettre::Address;
use lettre::address::Envelope;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Data, Mail as MailFrom, Noop, Quit, Rcpt, Rset};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use lettre::transport::smtp::response::Response;
use tokio::time::{Duration, timeout};

use super::NotSent;
use super::failure::{Failure, Moment, Reach, Said, refused};
use super::line::Line;
use super::tokens::Token;
use crate::ground::config::{Mail, MailProof};

/// How long a server may take to say goodbye, or that it is still there.
const COURTESY: Duration = Duration::from_secs(5);

/// A line on which greetings were exchanged.
pub(super) struct Session {
    connection: AsyncSmtpConnection,
    waiting: Arc<AtomicBool>,
    answer: Duration,
    usable: bool,
}

/// What came of waiting for one answer.
enum Came {
    Answer(Response),
    No(Error),
    Nothing,
}

impl Session {
    /// Exchanges greetings.
    pub(super) async fn greet(line: Line, hello: &ClientId, answer: Duration) -> Result<Self, Failure> {
        let waiting = line.waiting();
        let greeted = AsyncSmtpConnection::connect_with_transport(Box::new(line), hello);
        match timeout(answer, greeted).await {
            Ok(Ok(connection)) => Ok(Self { connection, waiting, answer, usable: true }),
            Ok(Err(error)) => Err(refused(Moment::Greeting, &error)),
            Err(_) => Err(Failure::Unreachable(Reach::TimedOut("greeting"))),
        }
    }

    /// Signs in as the settings say; `token` is there when they say XOAUTH2. Whether anything was to be done.
    pub(super) async fn sign_in(
        &mut self,
        settings: &Mail,
        token: Option<&Token>,
    ) -> Result<Option<Said>, Failure> {
        let Some(login) = &settings.login else { return Ok(None) };
        let said = match (&login.proof, token) {
            (MailProof::Password(password), _) => self.by_password(&login.user, password.reveal()).await?,
            (_, Some(token)) => self.by_token(&login.user, token.reveal()).await?,
            (_, None) => return Err(Failure::Settings("there is no token to sign in with".to_owned())),
        };
        Ok(Some(said))
    }

    async fn by_password(&mut self, user: &str, password: &str) -> Result<Said, Failure> {
        const KNOWN: &[Mechanism] = &[Mechanism::Plain, Mechanism::Login];
        if self.connection.server_info().get_auth_mechanism(KNOWN).is_none() {
            let what = "The server takes no password here (neither PLAIN nor LOGIN). Check mail.port and mail.security, or use XOAUTH2.";
            return Err(Failure::Settings(what.to_owned()));
        }
        let credentials = Credentials::new(user.to_owned(), password.to_owned());
        let came = timeout(self.answer, self.connection.auth(KNOWN, &credentials)).await;
        self.answered(Moment::SigningIn, came.map_or(Came::Nothing, Came::from))
            .map(|response| said(&response))
    }

    /// The library cannot take the server's "no" here: the reason comes as a challenge, and the refusal itself after an
    /// empty answer to it.
    async fn by_token(&mut self, user: &str, token: &str) -> Result<Said, Failure> {
        if !self.connection.server_info().supports_auth_mechanism(Mechanism::Xoauth2) {
            let what = "The server does not take XOAUTH2 here. Check mail.host and mail.port.";
            return Err(Failure::Settings(what.to_owned()));
        }
        let proof = BASE64.encode(format!("user={user}\u{1}auth=Bearer {token}\u{1}\u{1}").as_bytes());
        let first = self.say(Moment::SigningIn, format!("AUTH XOAUTH2 {proof}\r\n")).await?;
        if !first.has_code(334) {
            return Ok(said(&first));
        }
        self.say(Moment::SigningIn, "\r\n").await.map(|response| said(&response))
    }

    /// Hands over one mail; nothing of it is said before `before` has come to a good end.
    pub(super) async fn send<E>(
        &mut self,
        envelope: &Envelope,
        bytes: &[u8],
        before: impl Future<Output = Result<(), E>>,
    ) -> Result<Said, NotSent<E>> {
        self.announce(envelope, bytes.is_ascii()).await.map_err(NotSent::Failed)?;
        if let Err(held) = before.await {
            self.begin_anew().await;
            return Err(NotSent::Held(held));
        }
        self.content(bytes).await.map_err(NotSent::Failed)
    }

    /// Names sender and recipients; `ascii`: the mail will have no byte beyond.
    pub(super) async fn announce(&mut self, envelope: &Envelope, ascii: bool) -> Result<(), Failure> {
        let mut options = Vec::new();
        let is_ascii = |address: &Address| AsRef::<str>::as_ref(address).is_ascii();
        if !envelope.to().iter().chain(envelope.from()).all(is_ascii) {
            if !self.connection.server_info().supports_feature(Extension::SmtpUtfEight) {
                let words = "the server takes no addresses with letters beyond ASCII";
                return Err(Failure::Permanent(Moment::Recipient, Said::new(0, words)));
            }
            options.push(MailParameter::SmtpUtfEight);
        }
        if !ascii && self.connection.server_info().supports_feature(Extension::EightBitMime) {
            options.push(MailParameter::Body(MailBodyParameter::EightBitMime));
        }
        let named = self.envelope(envelope, options).await;
        if named.is_err() {
            self.begin_anew().await;
        }
        named
    }

    async fn envelope(&mut self, envelope: &Envelope, options: Vec<MailParameter>) -> Result<(), Failure> {
        self.say(Moment::Sender, MailFrom::new(envelope.from().cloned(), options)).await?;
        for recipient in envelope.to() {
            self.say(Moment::Recipient, Rcpt::new(recipient.clone(), Vec::new())).await?;
        }
        Ok(())
    }

    /// Hands over the mail itself, after it was announced.
    pub(super) async fn content(&mut self, bytes: &[u8]) -> Result<Said, Failure> {
        if let Err(no) = self.say(Moment::Content, Data).await {
            self.begin_anew().await;
            return Err(no);
        }
        self.waiting.store(false, Ordering::Relaxed);
        let came =
            timeout(self.answer, self.connection.message(bytes)).await.map_or(Came::Nothing, Came::from);
        let answered =
            !matches!(&came, Came::No(error) if error.status().is_none()) && !matches!(came, Came::Nothing);
        match self.answered(Moment::Content, came) {
            // An answer was waited for, so every byte was on its way.
            Err(_) if !answered && self.waiting.load(Ordering::Relaxed) => Err(Failure::Silent),
            other => other.map(|response| said(&response)),
        }
    }

    /// Whether another mail may be sent on it.
    pub(super) fn is_usable(&self) -> bool {
        self.usable && !self.connection.has_broken()
    }

    /// Whether the server is still there, for a line that was quiet.
    pub(super) async fn still_answers(&mut self) -> bool {
        matches!(timeout(COURTESY, self.connection.command(Noop)).await, Ok(Ok(_)))
    }

    /// Says goodbye, if that is quickly done.
    pub(super) async fn leave(mut self) {
        let _ = timeout(COURTESY, self.connection.command(Quit)).await;
    }

    /// After a refusal in the middle of a mail; a server that does not take it back is left.
    async fn begin_anew(&mut self) {
        if self.usable {
            self.usable = matches!(timeout(COURTESY, self.connection.command(Rset)).await, Ok(Ok(_)));
        }
    }

    async fn say(&mut self, moment: Moment, command: impl std::fmt::Display) -> Result<Response, Failure> {
        let came = timeout(self.answer, self.connection.command(command)).await;
        self.answered(moment, came.map_or(Came::Nothing, Came::from))
    }

    /// Tells a refusal from a line that broke, after which nothing can be said on it any more.
    fn answered(&mut self, moment: Moment, came: Came) -> Result<Response, Failure> {
        match came {
            Came::Answer(response) => Ok(response),
            Came::No(error) => {
                let code = error.status().map_or(0, u16::from);
                self.usable &= code != 0 && code != 421;
                Err(refused(moment, &error))
            }
            Came::Nothing => {
                self.usable = false;
                Err(Failure::Temporary(moment, Said::new(0, "no answer in time")))
            }
        }
    }
}

impl From<Result<Response, Error>> for Came {
    fn from(result: Result<Response, Error>) -> Self {
        match result {
            Ok(response) => Self::Answer(response),
            Err(error) => Self::No(error),
        }
    }
}

fn said(response: &Response) -> Said {
    Said::new(response.code().into(), &response.message().collect::<Vec<_>>().join(" "))
}
