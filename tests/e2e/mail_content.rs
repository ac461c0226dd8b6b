//! What mails say: no more than the house allows, whatever kind they are, and nothing of what rules took out before they left.

use std::collections::BTreeMap;

use chancery_protocol::command;
use chancery_protocol::mail::{MailMode, Mailing};
use chancery_protocol::preferences::Preferences;
use chancery_tests::client::new_client_id;
use chancery_tests::database::Storage;
use chancery_tests::mail::{Ahead, house, outbox, to_sink, until_settled};
use chancery_tests::officers::Officers;
use chancery_tests::on_both_databases;
use chancery_tests::patience::until;
use chancery_tests::screening::{Said, rule_with, said};
use chancery_tests::server::Plan;
use chancery_tests::smtp_sink::{Mode, SmtpSink};
use mail_parser::MessageParser;
use reqwest::Method;
use serde_json::json;

use crate::mail_links::invite;

const MINUTE: i64 = 60_000_000;
/// Longer than what must stay unread before a mail goes.
const UNREAD: u32 = 16;

/// Everything somebody who opens a mail, or looks at its source, gets to see.
fn all_of(mail: &[u8]) -> String {
    let parsed = MessageParser::default().parse(mail).unwrap();
    let source = String::from_utf8_lossy(mail);
    let (head, _) = source.split_once("\r\n\r\n").unwrap();
    let text = |part: Option<std::borrow::Cow<'_, str>>| part.unwrap().into_owned();
    let (plain, html) = (text(parsed.body_text(0)), text(parsed.body_html(0)));
    format!("{head}\n{}\n{plain}\n{html}", parsed.subject().unwrap())
}

on_both_databases! {
    async fn every_kind_of_mail_says_no_more_than_the_house_allows(kind) {
        for (content, names, words) in [("full", true, true), ("sender", true, false), ("nothing", false, false)] {
            let (sink, ahead) = (SmtpSink::start(Mode::StartTls, None).await, Ahead::default());
            let plan = to_sink(ahead.for_(Plan::new(&Storage::new(kind))), &sink);
            let house = house(plan.with("CHANCERY_MAIL_CONTENT", content), 4).await;
            let [_, bela, cleo, dana] = &house.people[..] else { panic!("four") };
            let mut reader = house.connect(1).await;
            let at = u16::try_from((ahead.now() / MINUTE + 180) % 1_440).unwrap();
            let mailing = Mailing { mode: MailMode::Daily, digest_at: Some(at), ..Mailing::default() };
            let preferences = Preferences { mailing, ..Preferences::default() };
            reader.ask(command::SavePreferences { revision: 0, preferences }).await.unwrap();
            let mut ada = house.connect(0).await;
            let group = ada.create_group("Harbour watch", &[bela.id(), cleo.id()]).await.unwrap().id;
            ada.send(group, "the tide comes in at nine").await.unwrap();
            invite(&house.admin, "dora").await.unwrap();
            house.admin.reset_by_mail(dana.id()).await.unwrap();
            ahead.minutes(UNREAD);
            until_settled(&house.admin, 3).await;
            ahead.minutes(180);
            until_settled(&house.admin, 4).await;
            let mails: BTreeMap<String, Vec<u8>> = sink.mails().into_iter().collect();
            let to: Vec<&str> = mails.keys().map(String::as_str).collect();
            assert_eq!(to, ["bela", "cleo", "dana", "dora"], "the day, the group, the reset, the invitation");
            for (to, mail) in &mails {
                let all = all_of(mail);
                let says = |what: &str| all.contains(what);
                // Whom it is from: whoever wrote, or whoever issued the link.
                let (about, other) = if to.starts_with('d') { ("Rita Root", "Ada Test") } else { ("Ada Test", "Rita Root") };
                assert_eq!((says(about), says(other)), (names, false), "{content} {to}: {all}");
                let unread = to == "bela" || to == "cleo";
                assert_eq!(says("the tide"), words && unread, "{content} {to}: {all}");
                assert_eq!(says("Harbour"), words && unread, "{content} {to}: {all}");
                assert_eq!(says(&group.to_string()), names && unread, "{content} {to}: {all}");
            }
        }
    }

    async fn what_a_rule_takes_out_before_a_mail_leaves_is_not_in_it(kind) {
        let (mut sink, ahead) = (SmtpSink::start(Mode::StartTls, None).await, Ahead::default());
        let house = house(to_sink(ahead.for_(Plan::new(&Storage::new(kind))), &sink), 2).await;
        let officers = Officers::of(&house).await;
        let mut ada = house.connect(0).await;
        let talk = ada.open_direct(house.people[1].id()).await.unwrap().id;
        let first = ada.send(talk, "bring a basket").await.unwrap().record;
        sink.stop();
        ahead.minutes(UNREAD);
        until("the mail waits", async || outbox(&house.admin).await.stuck.is_some()).await;
        let rule = rule_with("fruit", "redact", "\"quinces\"", json!({}));
        chancery_tests::policy::put_in_force(&officers.officer, &officers.lead, &[(&rule.0, rule.1)]).await;
        let text = "bring a basket of quinces".to_owned();
        let edit = command::Edit { client_id: new_client_id(), conversation: talk, message: first, text };
        let edited = said(ada.ask(edit).await).unwrap();
        assert!(matches!(edited, Said::Redacted(_)), "{edited:?}");
        sink.start_again().await;
        ahead.minutes(10);
        until_settled(&house.admin, 1).await;
        let [(_, mail)] = &sink.mails()[..] else { panic!("one mail") };
        let all = all_of(mail);
        assert!(all.contains("a basket of") && !all.contains("quinces"), "{all}");
        let log: String = house.admin.call::<serde_json::Value>(Method::GET, "/mail/outbox", None::<&()>).await.unwrap().to_string();
        assert!(!log.contains("basket"), "{log}");
    }
}
