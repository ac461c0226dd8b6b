//! Whether mails get through, as health and metrics tell those who run the server.

use chancery_protocol::mail::MailState;
use chancery_protocol::operations::{Check, CheckCode, Fact, Health, State};
use chancery_tests::database::Storage;
use chancery_tests::http::Caller;
use chancery_tests::mail::{Ahead, house, outbox, set_address, to_sink, until_settled};
use chancery_tests::on_both_databases;
use chancery_tests::patience::until;
use chancery_tests::smtp_sink::{ACCOUNT, Mode, SmtpSink};

use crate::mail_settings::{but, server, set};
use crate::operations::{health, measured, metrics, state, value};

/// Longer than what must stay unread before a mail goes.
const UNREAD: u32 = 16;

async fn until_it_is(admin: &Caller, expected: State) -> Check {
    let code = CheckCode::Mail;
    until("health says so", async || state(&health(admin).await, code) == Some(expected)).await;
    let Health { checks, .. } = health(admin).await;
    checks.into_iter().find(|check| check.code == code).unwrap()
}

async fn until_metric(address: &str, name: &str, expected: f64) {
    until("it is measured", async || {
        let now = metrics(address).await;
        now.contains(&format!("{name} ")) && (value(&now, name) - expected).abs() < 0.5
    })
    .await;
}

on_both_databases! {
    async fn a_mail_server_that_is_away_is_told_while_mails_wait(kind) {
        let (mut sink, ahead) = (SmtpSink::start(Mode::StartTls, None).await, Ahead::default());
        let (plan, address) = measured(&Storage::new(kind));
        let house = house(to_sink(ahead.for_(plan), &sink), 3).await;
        set_address(&house, "cleo", "nobody@example.org").await;
        let free = until_it_is(&house.admin, State::Ok).await;
        assert_eq!(free.facts["waiting"], Fact::Number(0));
        until_metric(&address, "chancery_mails_stuck", 0.0).await;
        until_metric(&address, "chancery_mails_oldest_seconds", 0.0).await;
        sink.stop();
        let mut ada = house.connect(0).await;
        let others = [house.people[1].id(), house.people[2].id()];
        let group = ada.create_group("Harbour", &others).await.unwrap().id;
        ada.send(group, "one").await.unwrap();
        ahead.minutes(UNREAD);
        let waits = until_it_is(&house.admin, State::Warn).await;
        assert!(waits.says.contains("not reached") && waits.mend.is_some(), "{waits:?}");
        until("both wait", async || outbox(&house.admin).await.mails.len() == 2).await;
        let waits = until_it_is(&house.admin, State::Warn).await;
        assert_eq!(waits.facts["waiting"], Fact::Number(2));
        assert!(matches!(waits.facts["oldest"], Fact::Number(oldest) if oldest <= ahead.now()));
        until_metric(&address, "chancery_mails_stuck", 1.0).await;
        until_metric(&address, "chancery_mails_waiting", 2.0).await;
        // Whoever has no address to say does not hear one here.
        assert!(!format!("{waits:?}").contains("example.org"));
        sink.start_again().await;
        ahead.minutes(10);
        let mails = until_settled(&house.admin, 2).await.mails;
        let of = |state| mails.iter().filter(|mail| mail.state == state).count();
        assert_eq!((of(MailState::Sent), of(MailState::Refused)), (1, 1));
        until_it_is(&house.admin, State::Ok).await;
        until_metric(&address, "chancery_mails_stuck", 0.0).await;
        until_metric(&address, "chancery_mails_waiting", 0.0).await;
        until_metric(&address, "chancery_mails_handed_total", 1.0).await;
        until_metric(&address, "chancery_mails_refused_total", 1.0).await;
    }

    async fn an_account_that_is_not_accepted_is_told_until_it_is_mended(kind) {
        let (sink, ahead) = (SmtpSink::start(Mode::StartTls, None).await, Ahead::default());
        let (plan, address) = measured(&Storage::new(kind));
        let house = house(ahead.for_(plan), 2).await;
        assert_eq!(state(&health(&house.admin).await, CheckCode::Mail), None, "no mail server is set up");
        assert!(!metrics(&address).await.contains("chancery_mails_waiting"));
        let (port, authority) = (sink.port.to_string(), std::fs::read_to_string(&sink.certificate.authority).unwrap());
        let right = server(&port, &authority, ACCOUNT);
        set(&house.admin, &but(&right, "mail.password", "wrong")).await.unwrap();
        let mut ada = house.connect(0).await;
        let talk = ada.open_direct(house.people[1].id()).await.unwrap().id;
        ada.send(talk, "one").await.unwrap();
        ahead.minutes(UNREAD);
        let told = until_it_is(&house.admin, State::Bad).await;
        assert!(told.says.contains("account"), "{told:?}");
        // The words of the mail server are for the outbox.
        assert!(!format!("{told:?}").contains("535"));
        // Pauses grow to five minutes.
        for _ in 0..6 {
            let before = outbox(&house.admin).await.mails[0].tried_at;
            ahead.minutes(6);
            until("it was tried again", async || {
                let mail = outbox(&house.admin).await.mails.remove(0);
                mail.state == MailState::Waiting && mail.tried_at > before
            })
            .await;
        }
        until_it_is(&house.admin, State::Bad).await;
        set(&house.admin, &right).await.unwrap();
        // At once: nobody waits for the pause to be over.
        let mails = until_settled(&house.admin, 1).await;
        assert!(mails.stuck.is_none() && mails.mails[0].state == MailState::Sent, "{mails:?}");
        until_it_is(&house.admin, State::Ok).await;
    }
}
