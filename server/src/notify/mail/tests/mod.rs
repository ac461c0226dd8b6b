//! The post office against real servers: Postfix, and npm `smtp-server` for what real ones seldom do.

mod postfix;
mod scripted;
mod sign_in;
mod steps;
mod way;

use std::time::Duration;

use chancery_tests::smtp_sink::{ACCOUNT, Mode, SmtpSink};
use lettre::address::Envelope;

use crate::ground::config::{Mail, MailAuthorities, MailLogin, MailProof, MailSecurity, Secret};
use crate::notify::mail::{Accepted, Failure, NotSent, PostOffice};

/// Settings for a server on this machine that calls itself `localhost`, without an account.
pub fn settings(port: u16, security: MailSecurity, authorities: &std::path::Path) -> Mail {
    Mail {
        host: "localhost".to_owned(),
        port,
        security,
        authorities: Some(MailAuthorities::File(authorities.to_owned())),
        plaintext_accepted: false,
        login: None,
        from: "Chat of Example <chat@example.org>".parse().unwrap(),
        reply_to: None,
        bounce: "bounces@example.org".parse().unwrap(),
        connect: Duration::from_secs(20),
        answer: Duration::from_secs(20),
        lines: 2,
    }
}

/// Settings for a scripted server.
pub fn for_sink(sink: &SmtpSink, mode: Mode) -> Mail {
    let security = match mode {
        Mode::StartTls => MailSecurity::StartTls,
        Mode::Tls => MailSecurity::Tls,
        Mode::Clear => MailSecurity::None,
    };
    settings(sink.port, security, &sink.certificate.authority)
}

/// With the account and its password.
pub fn with_password(mut settings: Mail) -> Mail {
    let proof = MailProof::Password(Secret::new(ACCOUNT.1));
    settings.login = Some(MailLogin { user: ACCOUNT.0.to_owned(), proof });
    settings
}

pub fn office(settings: Mail) -> PostOffice {
    PostOffice::new(settings, "chat.example.org").unwrap()
}

pub fn envelope(to: &str) -> Envelope {
    Envelope::new(
        Some("bounces@example.org".parse().unwrap()),
        vec![format!("{to}@example.org").parse().unwrap()],
    )
    .unwrap()
}

/// A mail with a line that begins with a dot.
pub const MAIL: &[u8] = b"From: chat@example.org\r\nSubject: hello\r\n\r\nfirst\r\n.\r\n..second\r\n";

/// Sends [`MAIL`] to a name.
pub async fn send(office: &PostOffice, to: &str) -> Result<Accepted, Failure> {
    hand(office, &envelope(to), MAIL).await
}

/// Hands over a mail that nothing holds back.
pub async fn hand(office: &PostOffice, envelope: &Envelope, bytes: &[u8]) -> Result<Accepted, Failure> {
    let sent = office.send(envelope, bytes, async { Ok::<(), std::convert::Infallible>(()) });
    sent.await.map_err(|error| match error {
        NotSent::Failed(failure) => failure,
        NotSent::Held(never) => match never {},
    })
}
