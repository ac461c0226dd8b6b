//! Passwords, and tokens for XOAUTH2.

use chancery_tests::base::new_folder;
use chancery_tests::smtp_sink::{ACCOUNT, CLIENT, Mode, REFRESH_TOKEN, SCOPE, SmtpSink};

use super::{for_sink, office, send, with_password};
use crate::ground::config::{Mail, MailLogin, MailProof, MailTokens, Secret};
use crate::notify::mail::{Failure, Reach};

fn tokens(sink: &SmtpSink) -> MailTokens {
    MailTokens {
        endpoint: format!("{}/token", sink.issuer).parse().unwrap(),
        client_id: CLIENT.0.to_owned(),
        client_secret: Secret::new(CLIENT.1),
        refresh_token: None,
        scope: Some(SCOPE.to_owned()),
    }
}

fn by(sink: &SmtpSink, proof: MailProof) -> Mail {
    let mut settings = for_sink(sink, Mode::StartTls);
    // One line at a time, so that who waits for whom is known.
    settings.lines = 1;
    settings.login = Some(MailLogin { user: ACCOUNT.0.to_owned(), proof });
    settings
}

fn with(sink: &SmtpSink, tokens: MailTokens) -> Mail {
    by(sink, MailProof::Tokens(Box::new(tokens)))
}

async fn issued(sink: &SmtpSink) -> u64 {
    sink.ask("counts").await["issued"].as_u64().unwrap()
}

#[tokio::test]
async fn a_wrong_password_is_a_matter_of_the_settings() {
    let sink = SmtpSink::start(Mode::StartTls, None).await;
    send(&office(with_password(for_sink(&sink, Mode::StartTls))), "alice").await.unwrap();
    let wrong = by(&sink, MailProof::Password(Secret::new("wrong")));
    let failure = send(&office(wrong), "alice").await.unwrap_err();
    assert!(matches!(&failure, Failure::Credentials(said) if said.code == 535), "{failure:?}");
    assert!(failure.needs_mending() && !failure.is_final());
}

#[tokio::test]
async fn tokens_are_asked_for_kept_and_fetched_once_anew_when_one_ends_early() {
    let sink = SmtpSink::start(Mode::StartTls, None).await;
    let office = office(with(&sink, tokens(&sink)));
    send(&office, "alice").await.unwrap();
    office.close().await;
    send(&office, "alice").await.unwrap();
    assert_eq!(issued(&sink).await, 1, "the second line uses the same token");
    sink.ask("revoke").await;
    office.close().await;
    send(&office, "alice").await.unwrap();
    assert_eq!(issued(&sink).await, 3, "one was revoked and one issued instead");
    assert_eq!(sink.mails().len(), 3);
}

#[tokio::test]
async fn a_token_that_ends_soon_is_not_used_again() {
    let sink = SmtpSink::start(Mode::StartTls, None).await;
    sink.ask("short").await;
    let office = office(with(&sink, tokens(&sink)));
    for count in 1..=2 {
        send(&office, "alice").await.unwrap();
        assert_eq!(issued(&sink).await, count);
        office.close().await;
    }
}

#[tokio::test]
async fn a_refresh_token_is_worth_an_access_token() {
    let sink = SmtpSink::start(Mode::StartTls, None).await;
    let tokens = MailTokens { refresh_token: Some(Secret::new(REFRESH_TOKEN)), scope: None, ..tokens(&sink) };
    send(&office(with(&sink, tokens)), "alice").await.unwrap();
}

#[tokio::test]
async fn an_issuer_that_refuses_or_is_ill_is_told_apart_and_never_quoted() {
    let sink = SmtpSink::start(Mode::StartTls, None).await;
    let failure = |tokens: MailTokens| {
        let office = office(with(&sink, tokens));
        async move { send(&office, "alice").await.unwrap_err() }
    };
    let secret = MailTokens { client_secret: Secret::new("hunter2"), ..tokens(&sink) };
    let refused = failure(secret).await;
    assert!(
        refused.to_string().contains("invalid_client") && !refused.to_string().contains("hunter2"),
        "{refused}"
    );
    assert!(matches!(&refused, Failure::Credentials(said) if said.code == 401));
    let scope = MailTokens { scope: None, ..tokens(&sink) };
    assert!(
        matches!(&failure(scope).await, Failure::Credentials(said) if said.words.contains("invalid_grant"))
    );
    for path in ["ill", "empty"] {
        let endpoint = format!("{}/{path}", sink.issuer).parse().unwrap();
        let failure = failure(MailTokens { endpoint, ..tokens(&sink) }).await;
        assert!(matches!(failure, Failure::Unreachable(Reach::Tokens(_))), "{failure:?}");
        assert!(!failure.needs_mending(), "it may be well again");
    }
    let endpoint =
        format!("http://127.0.0.1:{}/token", chancery_tests::process::free_port()).parse().unwrap();
    let away = failure(MailTokens { endpoint, ..tokens(&sink) }).await;
    assert!(matches!(away, Failure::Unreachable(Reach::Tokens(_))), "{away:?}");
    assert!(sink.mails().is_empty());
}

#[tokio::test]
async fn a_token_of_a_file_is_read_whenever_one_is_needed() {
    let sink = SmtpSink::start(Mode::StartTls, None).await;
    let file = new_folder("token").join("token");
    let office = office(by(&sink, MailProof::TokenFile(file.clone())));
    let missing = send(&office, "alice").await.unwrap_err();
    assert!(matches!(&missing, Failure::Settings(what) if what.contains("cannot be read")), "{missing:?}");
    std::fs::write(&file, "two words\n").unwrap();
    assert!(matches!(send(&office, "alice").await.unwrap_err(), Failure::Settings(_)));
    sink.ask("revoke").await;
    std::fs::write(&file, "token-0\n").unwrap();
    let old = send(&office, "alice").await.unwrap_err();
    assert!(matches!(&old, Failure::Credentials(said) if said.code == 535), "{old:?}");
    assert!(!old.to_string().contains("token-0"));
    std::fs::write(&file, "token-1\n").unwrap();
    send(&office, "alice").await.unwrap();
}

#[tokio::test]
async fn a_server_that_does_not_take_what_we_have_is_told_so() {
    let line = super::way::scripted(&["220 hi\r\n", "250-localhost\r\n250 SIZE 1000\r\n"]).await;
    let mut settings =
        super::settings(line, crate::ground::config::MailSecurity::None, std::path::Path::new("/none"));
    settings.login = Some(MailLogin { user: "app".to_owned(), proof: MailProof::Password(Secret::new("p")) });
    let failure = send(&office(settings), "alice").await.unwrap_err();
    assert!(matches!(&failure, Failure::Settings(what) if what.contains("PLAIN")), "{failure:?}");
}
