//! What a server can do to one mail, and that the next one fares well.

use std::time::Duration;

use chancery_tests::line::{self, Line};
use chancery_tests::smtp_sink::{Mode, SmtpSink};

use super::{MAIL, envelope, for_sink, office, send, with_password};
use crate::notify::mail::{Failure, Moment, Said};

fn said(code: u16, words: &str) -> Said {
    Said { code, words: words.to_owned() }
}

#[tokio::test]
async fn a_mail_arrives_byte_for_byte_in_every_mode() {
    for mode in [Mode::StartTls, Mode::Tls, Mode::Clear] {
        let sink = SmtpSink::start(mode, None).await;
        let office = office(with_password(for_sink(&sink, mode)));
        let accepted = send(&office, "alice").await.unwrap();
        assert_eq!((accepted.said.code, accepted.said.words.as_str()), (250, "queued as 1"), "{mode:?}");
        let mails = sink.mails();
        assert_eq!(mails.len(), 1);
        assert_eq!(mails[0].0, "alice");
        assert_eq!(mails[0].1.strip_suffix(b"\r\n").unwrap_or(&mails[0].1), MAIL, "{mode:?}");
    }
}

#[tokio::test]
async fn refusals_are_told_apart_and_the_line_goes_on() {
    let sink = SmtpSink::start(Mode::StartTls, None).await;
    let office = office(with_password(for_sink(&sink, Mode::StartTls)));
    send(&office, "alice").await.unwrap();
    let before = sink.ask("counts").await["connections"].as_u64().unwrap();
    for (to, expected) in [
        ("later", Failure::Temporary(Moment::Recipient, said(451, "4.2.0 mailbox is locked"))),
        ("nobody", Failure::Permanent(Moment::Recipient, said(550, "5.1.1 no such user"))),
        ("late451", Failure::Temporary(Moment::Content, said(451, "4.3.0 try later"))),
        ("late554", Failure::Permanent(Moment::Content, said(554, "5.7.1 we do not like it [31m"))),
        ("busy", Failure::Temporary(Moment::Recipient, said(421, "4.3.2 closing"))),
    ] {
        assert_eq!(send(&office, to).await.unwrap_err(), expected, "{to}");
        send(&office, "alice").await.unwrap();
    }
    assert_eq!(sink.mails().len(), 6, "only Alice's");
    assert_eq!(sink.ask("counts").await["connections"], before + 1, "a new line after 421 only");
}

#[tokio::test]
async fn a_sender_that_is_refused_is_no_reason_to_give_the_mail_up() {
    let sink = SmtpSink::start(Mode::StartTls, None).await;
    let office = office(for_sink(&sink, Mode::StartTls));
    let from = |from: &str| {
        lettre::address::Envelope::new(
            Some(from.parse().unwrap()),
            vec!["alice@example.org".parse().unwrap()],
        )
        .unwrap()
    };
    let forbidden = super::hand(&office, &from("forbidden@example.org"), MAIL).await.unwrap_err();
    assert!(
        matches!(&forbidden, Failure::Settings(what) if what.contains("550 5.7.1 you may not send as this"))
    );
    let member = super::hand(&office, &from("member@example.org"), MAIL).await.unwrap_err();
    assert_eq!(member, Failure::Credentials(said(530, "5.7.0 authentication required")));
    assert!(forbidden.needs_mending() && member.needs_mending() && !forbidden.is_final());
}

#[tokio::test]
async fn a_line_that_breaks_before_the_last_byte_is_tried_again() {
    let sink = SmtpSink::start(Mode::StartTls, None).await;
    let office = office(for_sink(&sink, Mode::StartTls));
    let gone = send(&office, "gone").await.unwrap_err();
    assert!(matches!(&gone, Failure::Temporary(Moment::Recipient, said) if said.code == 0), "{gone:?}");
    // Far more than what fits into any buffer between us.
    let large = vec![b'x'; 32 << 20];
    let dropped = super::hand(&office, &envelope("drop"), &large).await.unwrap_err();
    assert!(matches!(&dropped, Failure::Temporary(Moment::Content, said) if said.code == 0), "{dropped:?}");
    assert!(sink.mails().is_empty());
    send(&office, "alice").await.unwrap();
}

#[tokio::test]
async fn a_server_that_stops_reading_has_not_taken_the_mail() {
    let sink = SmtpSink::start(Mode::StartTls, None).await;
    let mut settings = for_sink(&sink, Mode::StartTls);
    settings.answer = Duration::from_secs(3);
    let deaf = super::hand(&office(settings), &envelope("deaf"), &vec![b'x'; 32 << 20]).await.unwrap_err();
    assert_eq!(deaf, Failure::Temporary(Moment::Content, said(0, "no answer in time")));
}

#[tokio::test]
async fn silence_after_the_last_byte_is_silence_and_nothing_else() {
    let sink = SmtpSink::start(Mode::StartTls, None).await;
    let mut settings = for_sink(&sink, Mode::StartTls);
    settings.answer = Duration::from_secs(3);
    let office = office(settings);
    for to in ["silent", "vanish"] {
        let failure = send(&office, to).await.unwrap_err();
        assert_eq!(failure, Failure::Silent, "{to}");
        assert!(!failure.is_final() && !failure.needs_mending());
    }
    assert_eq!(sink.mails().len(), 2, "both had arrived: only the outbox can know that they may come twice");
    send(&office, "alice").await.unwrap();
}

#[tokio::test]
async fn several_mails_share_few_lines() {
    let sink = SmtpSink::start(Mode::StartTls, None).await;
    let office = office(for_sink(&sink, Mode::StartTls));
    send(&office, "alice").await.unwrap();
    office.close().await;
    let before = sink.ask("counts").await["connections"].as_u64().unwrap();
    let names: Vec<String> = (0..40).map(|n| format!("person{n}")).collect();
    let sent = futures_util::future::join_all(names.iter().map(|name| send(&office, name))).await;
    assert!(sent.iter().all(Result::is_ok), "{sent:?}");
    assert_eq!(sink.mails().len(), 41);
    assert_eq!(sink.ask("counts").await["connections"], before + 2, "as many as the settings allow");
    office.close().await;
    send(&office, "alice").await.unwrap();
    assert_eq!(sink.ask("counts").await["connections"], before + 3);
}

#[tokio::test]
async fn a_kept_line_that_was_broken_meanwhile_costs_no_mail() {
    let sink = SmtpSink::start(Mode::StartTls, None).await;
    let line = Line::to(&format!("127.0.0.1:{}", sink.port)).await;
    let mut settings = for_sink(&sink, Mode::StartTls);
    settings.port = line.address.port();
    let office = office(settings);
    send(&office, "alice").await.unwrap();
    line.break_once(line::Mode::Open).await;
    send(&office, "bob").await.unwrap();
    assert_eq!(sink.mails().len(), 2);
}

#[tokio::test]
async fn addresses_beyond_ascii_go_only_where_they_are_taken() {
    let sink = SmtpSink::start(Mode::StartTls, None).await;
    let failure = send(&office(for_sink(&sink, Mode::StartTls)), "jürgen").await;
    match failure {
        // Servers that say SMTPUTF8 get it.
        Ok(_) => assert_eq!(sink.mails()[0].0, "jürgen"),
        Err(failure) => assert!(matches!(failure, Failure::Permanent(Moment::Recipient, _)), "{failure:?}"),
    }
}
