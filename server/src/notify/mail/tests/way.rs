//! The way to the server: nothing is said on a line that is not safe.

use std::path::Path;
use std::sync::{Arc, Mutex};

use chancery_tests::base::new_folder;
use chancery_tests::certificates::Authority;
use chancery_tests::process::free_port;
use chancery_tests::smtp_sink::{Mode, SmtpSink};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::{for_sink, office, send, settings, with_password};
use crate::ground::config::{MailAuthorities, MailSecurity};
use crate::notify::mail::{Failure, Moment, PostOffice, Reach};

/// A server that says its lines one after the other, each after it heard something, and then nothing more; its port.
pub async fn scripted(lines: &'static [&'static str]) -> u16 {
    recorded(lines).await.0
}

/// The same, with everything it hears.
async fn recorded(lines: &'static [&'static str]) -> (u16, Arc<Mutex<Vec<u8>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let heard = Arc::new(Mutex::new(Vec::new()));
    let all = heard.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut buffer = [0; 4096];
            for (at, line) in lines.iter().enumerate() {
                if at > 0 {
                    let length = stream.read(&mut buffer).await.unwrap_or(0);
                    all.lock().unwrap().extend_from_slice(&buffer[..length]);
                }
                let _ = stream.write_all(line.as_bytes()).await;
            }
            while let Ok(length @ 1..) = stream.read(&mut buffer).await {
                all.lock().unwrap().extend_from_slice(&buffer[..length]);
            }
        }
    });
    (port, heard)
}

async fn to(port: u16, security: MailSecurity) -> Failure {
    send(&office(settings(port, security, Path::new(&authority()))), "alice").await.unwrap_err()
}

fn authority() -> std::path::PathBuf {
    let folder = new_folder("ca");
    std::fs::write(folder.join("ca.pem"), chancery_tests::certificates::authority().pem()).unwrap();
    folder.join("ca.pem")
}

fn unreachable(failure: &Failure) -> &Reach {
    match failure {
        Failure::Unreachable(reach) => reach,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn there_is_no_falling_back_from_starttls() {
    let sink = SmtpSink::start(Mode::Clear, None).await;
    let settings = settings(sink.port, MailSecurity::StartTls, &sink.certificate.authority);
    let failure = send(&office(with_password(settings)), "alice").await.unwrap_err();
    assert_eq!(*unreachable(&failure), Reach::NoStartTls);
    assert!(failure.needs_mending());
    assert!(sink.mails().is_empty());
    static REFUSES: &[&str] = &["220 hi\r\n", "250-a\r\n250 STARTTLS\r\n", "454 TLS not available\r\n"];
    let failure = to(scripted(REFUSES).await, MailSecurity::StartTls).await;
    assert!(
        matches!(&failure, Failure::Temporary(Moment::Greeting, said) if said.code == 454),
        "{failure:?}"
    );
}

#[tokio::test]
async fn what_is_said_in_clear_behind_starttls_is_meddling() {
    static MEDDLES: &[&str] = &["220 hi\r\n", "250 STARTTLS\r\n", "220 go\r\n250 AUTH PLAIN\r\n"];
    let (port, heard) = recorded(MEDDLES).await;
    let failure = to(port, MailSecurity::StartTls).await;
    assert_eq!(*unreachable(&failure), Reach::Meddling);
    let heard = String::from_utf8(heard.lock().unwrap().clone()).unwrap();
    assert_eq!(heard, "EHLO chat.example.org\r\nSTARTTLS\r\n");
}

#[tokio::test]
async fn certificates_are_verified_against_authority_and_name() {
    let sink = SmtpSink::start(Mode::StartTls, None).await;
    let good = for_sink(&sink, Mode::StartTls);
    let folder = new_folder("other-ca");
    std::fs::write(folder.join("ca.pem"), Authority::new("Somebody else").pem()).unwrap();
    let mut other = good.clone();
    other.authorities = Some(MailAuthorities::File(folder.join("ca.pem")));
    assert_eq!(*unreachable(&send(&office(other), "alice").await.unwrap_err()), Reach::Issuer);
    let mut by_address = good.clone();
    by_address.host = "127.0.0.1".to_owned();
    match unreachable(&send(&office(by_address), "alice").await.unwrap_err()) {
        Reach::OtherName(names) => assert!(names.iter().any(|name| name.contains("localhost")), "{names:?}"),
        other => panic!("{other:?}"),
    }
    let mut ours = good;
    ours.authorities = None;
    assert_eq!(
        *unreachable(&send(&office(ours), "alice").await.unwrap_err()),
        Reach::Issuer,
        "not this machine's"
    );
    assert!(sink.mails().is_empty());
}

#[tokio::test]
async fn a_port_of_the_other_kind_is_told_so_within_the_time() {
    let sink = SmtpSink::start(Mode::Tls, None).await;
    let mut settings = settings(sink.port, MailSecurity::StartTls, &sink.certificate.authority);
    settings.connect = std::time::Duration::from_secs(1);
    let failure = send(&office(settings), "alice").await.unwrap_err();
    assert!(matches!(unreachable(&failure), Reach::TimedOut(_)), "both wait for the other: {failure:?}");
    static CLEAR: &[&str] = &["220 hello\r\n"];
    let failure = to(scripted(CLEAR).await, MailSecurity::Tls).await;
    assert!(matches!(unreachable(&failure), Reach::Tls(_)), "{failure:?}");
}

#[tokio::test]
async fn in_clear_goes_to_this_machine_only() {
    let mut settings = settings(25, MailSecurity::None, Path::new("/none"));
    // An address for documentation: nobody is asked, whatever the name says.
    settings.host = "192.0.2.1".to_owned();
    let failure = send(&office(settings), "alice").await.unwrap_err();
    assert_eq!(*unreachable(&failure), Reach::Clear("192.0.2.1:25".to_owned()));
}

#[tokio::test]
async fn nobody_there_and_no_such_name() {
    let failure = to(free_port(), MailSecurity::Tls).await;
    assert!(matches!(unreachable(&failure), Reach::Port(_)), "{failure:?}");
    assert!(!failure.needs_mending(), "it may come back");
    let mut settings = settings(25, MailSecurity::Tls, &authority());
    settings.host = "no-such-host.invalid".to_owned();
    let failure = send(&office(settings), "alice").await.unwrap_err();
    assert_eq!(*unreachable(&failure), Reach::Name);
}

#[tokio::test]
async fn greetings_that_refuse_everybody() {
    for (code, mode) in [(421, Mode::StartTls), (421, Mode::Tls), (554, Mode::StartTls), (554, Mode::Tls)] {
        let sink = SmtpSink::start(mode, Some(code)).await;
        let failure = send(&office(for_sink(&sink, mode)), "alice").await.unwrap_err();
        match code {
            421 => assert!(matches!(&failure, Failure::Temporary(Moment::Greeting, _)), "{failure:?}"),
            _ => assert!(
                matches!(&failure, Failure::Settings(what) if what.contains("not today")),
                "{failure:?}"
            ),
        }
    }
}

#[tokio::test]
async fn servers_that_babble_or_stop_are_left() {
    static BABBLE: &[&str] = &["220-a\r\n", "no mail here"];
    static ODD: &[&str] = &["HTTP/1.1 400 Bad Request\r\n"];
    static TWO: &[&str] = &["220 hi\r\n250 and more\r\n"];
    for (lines, security) in [
        (ODD, MailSecurity::StartTls),
        (TWO, MailSecurity::StartTls),
        (BABBLE, MailSecurity::StartTls),
        (BABBLE, MailSecurity::None),
        (ODD, MailSecurity::None),
    ] {
        let mut settings = settings(scripted(lines).await, security, &authority());
        (settings.connect, settings.answer) =
            (std::time::Duration::from_secs(1), std::time::Duration::from_secs(1));
        let failure = send(&office(settings), "alice").await.unwrap_err();
        assert!(!failure.is_final() && failure != Failure::Silent, "{lines:?}: {failure:?}");
    }
}

#[test]
fn a_file_of_authorities_that_cannot_be_used_is_named() {
    let folder = new_folder("authorities");
    for (content, word) in [
        (None, "cannot be read"),
        (Some(""), "no certificate"),
        (Some("-----BEGIN CERTIFICATE-----\nx"), "damaged"),
    ] {
        let file = folder.join("ca.pem");
        if let Some(content) = content {
            std::fs::write(&file, content).unwrap();
        }
        match PostOffice::new(settings(25, MailSecurity::Tls, &file), "a.example").map(drop) {
            Err(Failure::Settings(what)) => {
                assert!(what.contains("mail.authorities") && what.contains(word), "{what}")
            }
            other => panic!("{content:?}: {other:?}"),
        }
    }
}
