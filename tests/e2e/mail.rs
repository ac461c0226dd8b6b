//! Mails about what was not read: real Postfix, a server that fails in every way, restarts, and what people are told.

use std::collections::{BTreeMap, BTreeSet};

use chancery_ledger::Kind;
use chancery_protocol::mail::{MailFault, MailKind, MailReason, MailState, Why};
use chancery_protocol::person::Presence;
use chancery_tests::archive::Archive;
use chancery_tests::client::Client;
use chancery_tests::database::{Database, Storage};
use chancery_tests::http::Caller;
use chancery_tests::mail::{
    Ahead, decisions, decisions_of, house, outbox, set_address, to_postfix, to_sink, until_all_left,
    until_settled, why,
};
use chancery_tests::on_both_databases;
use chancery_tests::patience::{until, until_some};
use chancery_tests::postfix::Postfix;
use chancery_tests::seed::{rounds, seeded};
use chancery_tests::server::{Plan, Server};
use chancery_tests::smtp_sink::{Mode, SmtpSink};
use mail_parser::MessageParser;
use rand::RngExt;
use reqwest::Method;

/// Longer than what must stay unread before a mail goes.
const UNREAD: u32 = 16;

on_both_databases! {
    /// Whoever left their laptop open gets a mail all the same; Postfix takes it over STARTTLS, from an account.
    async fn postfix_receives_what_somebody_who_seems_to_be_there_has_not_read(kind) {
        let (postfix, ahead) = (Postfix::start().await, Ahead::default());
        let house = house(to_postfix(ahead.for_(Plan::new(&Storage::new(kind))), &postfix), 2).await;
        let (mut ada, mut bela) = (house.connect(0).await, house.connect(1).await);
        bela.set_presence(Presence::Available).await.unwrap();
        let talk = ada.open_direct(bela.who.id()).await.unwrap().id;
        ada.send(talk, "the **keys** are on the table").await.unwrap();
        bela.wait_until("it is shown on the laptop", |client| client.logs.contains_key(&talk)).await;
        ahead.minutes(UNREAD);
        let mails = postfix.mails(1).await;
        let mail = MessageParser::default().parse(&mails[0]).unwrap();
        let received = String::from_utf8_lossy(&mails[0]);
        // S: over TLS; A: from an account.
        assert!(received.contains("with ESMTPSA"), "{received}");
        assert_eq!(mail.to().unwrap().first().unwrap().address(), Some("bela@example.org"));
        assert_eq!(mail.from().unwrap().first().unwrap().address(), Some("chat@example.org"));
        assert!(received.starts_with("Return-Path: <bounces@example.org>"), "{received}");
        assert!(mail.body_text(0).unwrap().contains("keys"), "{received}");
        assert!(mail.body_html(0).unwrap().contains("<strong"));
        let sent = until_settled(&house.admin, 1).await.mails;
        assert_eq!((sent[0].state, sent[0].attempts), (MailState::Sent, 1));
        let told = why(&house.people[1], talk).await;
        assert!(matches!(told, Why::Mail { mail, state: MailState::Sent, sent_at: Some(_) } if mail == sent[0].id));
        assert_eq!(Archive::read(house.storage()).count(Kind::MailHanded), 1);
        assert!(!house.server.log().contains("on the table"));
    }

    async fn what_is_read_on_another_device_is_not_mailed(kind) {
        let (sink, ahead) = (SmtpSink::start(Mode::StartTls, None).await, Ahead::default());
        let house = house(to_sink(ahead.for_(Plan::new(&Storage::new(kind))), &sink), 3).await;
        let (mut ada, laptop) = (house.connect(0).await, house.connect(1).await);
        let phone = house.stranger().sign_in("bela", chancery_tests::house::PASSWORD).await.unwrap();
        let mut phone = Client::connect(&phone).await;
        let read = ada.open_direct(laptop.who.id()).await.unwrap().id;
        ada.send(read, "seen on the phone").await.unwrap();
        ahead.minutes(10);
        phone.mark(read, 1).await.unwrap();
        // What is not read shows when everything before it was decided.
        let group = ada.create_group("Harbour", &[laptop.who.id()]).await.unwrap().id;
        ada.send(group, "not seen by anybody").await.unwrap();
        ahead.minutes(UNREAD);
        let mails = until_settled(&house.admin, 1).await.mails;
        assert_eq!(mails.len(), 1);
        let [(to, mail)] = &sink.mails()[..] else { panic!("one mail") };
        assert_eq!(to, "bela");
        assert!(!String::from_utf8_lossy(mail).contains("seen on the phone"));
        let told = why(&house.people[1], read).await;
        assert!(matches!(&told, Why::Read { at: Some(_), device: Some(_) }), "{told:?}");
        // Administrators are told the same, without names, and it is on record that they asked.
        let before = Archive::read(house.storage()).count(Kind::MailDecisionsRead);
        let seen = decisions_of(&house.admin, laptop.who.id()).await;
        assert_eq!(seen, decisions(&house.people[1]).await);
        assert_eq!(Archive::read(house.storage()).count(Kind::MailDecisionsRead), before + 1);
        let refused: Result<serde_json::Value, _> =
            house.people[0].call(Method::GET, &format!("/mail/decisions/{}", laptop.who.id()), None::<&()>).await;
        assert!(refused.is_err());
    }

    async fn a_mail_says_what_counts_when_it_leaves(kind) {
        let (mut sink, ahead) = (SmtpSink::start(Mode::StartTls, None).await, Ahead::default());
        let house = house(to_sink(ahead.for_(Plan::new(&Storage::new(kind))), &sink), 4).await;
        let mut ada = house.connect(0).await;
        let mut talks = Vec::new();
        sink.stop();
        for person in &house.people[1..] {
            let talk = ada.open_direct(person.id()).await.unwrap().id;
            talks.push((talk, ada.send(talk, "the first wording").await.unwrap().record));
        }
        ahead.minutes(UNREAD);
        // Decided on, and nobody takes it.
        until("mails wait", async || {
            let outbox = outbox(&house.admin).await;
            outbox.mails.len() == 3 && outbox.stuck.is_some()
        })
        .await;
        ada.edit(talks[0].0, talks[0].1, "the second wording").await.unwrap();
        ada.delete(talks[1].0, talks[1].1).await.unwrap();
        let mut dana = house.connect(3).await;
        dana.mark(talks[2].0, 1).await.unwrap();
        until("it is known that dana read it", async || {
            matches!(why(&house.people[3], talks[2].0).await, Why::Read { .. })
        })
        .await;
        sink.start_again().await;
        ahead.minutes(10);
        let mails = until_settled(&house.admin, 3).await.mails;
        let by_name: BTreeMap<_, _> = mails.iter().map(|mail| (mail.name.as_str(), mail)).collect();
        assert_eq!(by_name["Bela Test"].state, MailState::Sent);
        let why_not = |name| match &by_name[name].reason {
            Some(MailReason::Decided { why }) => (by_name[name].state, (**why).clone()),
            other => panic!("{name}: {other:?}"),
        };
        assert_eq!(why_not("Cleo Test"), (MailState::Dropped, Why::Deleted));
        let dana = why_not("Dana Test");
        assert!(matches!(&dana, (MailState::Dropped, Why::Read { .. })), "{dana:?}");
        let [(to, mail)] = &sink.mails()[..] else { panic!("one mail") };
        let mail = String::from_utf8_lossy(mail);
        assert!(to == "bela" && mail.contains("the second wording") && !mail.contains("first wording"));
    }

    /// Also once they may sign in again.
    async fn whoever_is_suspended_gets_no_mail_and_is_told_why(kind) {
        let (sink, ahead) = (SmtpSink::start(Mode::StartTls, None).await, Ahead::default());
        let house = house(to_sink(ahead.for_(Plan::new(&Storage::new(kind))), &sink), 3).await;
        let mut ada = house.connect(0).await;
        let [_, bela, cleo] = &house.people[..] else { panic!("three") };
        let group = ada.create_group("Harbour", &[bela.id(), cleo.id()]).await.unwrap().id;
        let tell = async |what: &str| {
            house.admin.tell(Method::POST, &format!("/people/{}/{what}", bela.id()), None::<&()>).await.unwrap();
        };
        tell("suspend").await;
        ada.send(group, "not for everybody").await.unwrap();
        ahead.minutes(UNREAD);
        until_settled(&house.admin, 1).await;
        tell("reinstate").await;
        ahead.minutes(UNREAD);
        let again = bela.sign_in("bela", chancery_tests::house::PASSWORD).await.unwrap();
        assert_eq!(why(&again, group).await, Why::Suspended);
        let to: Vec<String> = sink.mails().into_iter().map(|(to, _)| to).collect();
        assert_eq!(to, ["cleo"]);
    }

    async fn an_hour_without_a_mail_server_costs_no_mail(kind) {
        let (mut sink, ahead) = (SmtpSink::start(Mode::StartTls, None).await, Ahead::default());
        let mut house = house(to_sink(ahead.for_(Plan::new(&Storage::new(kind))), &sink), 3).await;
        let mut ada = house.connect(0).await;
        let others = [house.people[1].id(), house.people[2].id()];
        let group = ada.create_group("Harbour", &others).await.unwrap().id;
        ada.send(group, "one").await.unwrap();
        sink.stop();
        ahead.minutes(UNREAD);
        until("mails wait", async || outbox(&house.admin).await.mails.len() == 2).await;
        for _ in 0..6 {
            ahead.minutes(10);
            until("one was tried", async || outbox(&house.admin).await.stuck.is_some()).await;
        }
        house.server.stop().await;
        house.server.start_again().await;
        let waiting = outbox(&house.admin).await;
        let open = |state| matches!(state, MailState::Waiting | MailState::Leaving);
        assert!(waiting.mails.len() == 2 && waiting.mails.iter().all(|mail| open(mail.state)));
        until("it is tried again and told", async || {
            let stuck = outbox(&house.admin).await.stuck;
            stuck.is_some_and(|stuck| stuck.fault == MailFault::Unreachable)
        })
        .await;
        sink.start_again().await;
        ahead.minutes(10);
        let mails = until_settled(&house.admin, 2).await;
        assert!(mails.mails.iter().all(|mail| mail.state == MailState::Sent) && mails.stuck.is_none());
        assert_eq!(sink.mails().len(), 2, "each once");
    }

    async fn a_mail_that_is_refused_is_reported_and_one_that_waits_can_be_tried_at_once(kind) {
        let (sink, ahead) = (SmtpSink::start(Mode::StartTls, None).await, Ahead::default());
        let house = house(to_sink(ahead.for_(Plan::new(&Storage::new(kind))), &sink), 3).await;
        set_address(&house, "bela", "nobody@example.org").await;
        set_address(&house, "cleo", "later@example.org").await;
        let mut ada = house.connect(0).await;
        let others = [house.people[1].id(), house.people[2].id()];
        let group = ada.create_group("Harbour", &others).await.unwrap().id;
        ada.send(group, "one").await.unwrap();
        ahead.minutes(UNREAD);
        let mails = until_some("both were tried", async || {
            let mails = outbox(&house.admin).await.mails;
            (mails.len() == 2 && mails.iter().all(|mail| mail.reason.is_some())).then_some(mails)
        })
        .await;
        let of = |name: &str| mails.iter().find(|mail| mail.name == name).unwrap();
        let failed = |name: &str| match &of(name).reason {
            Some(MailReason::Failed { fault, words }) => (of(name).state, *fault, words.clone()),
            other => panic!("{other:?}"),
        };
        let (state, fault, words) = failed("Bela Test");
        assert_eq!((state, fault), (MailState::Refused, MailFault::Permanent));
        assert!(words.contains("no such user"), "{words}");
        let (state, fault, words) = failed("Cleo Test");
        assert_eq!((state, fault), (MailState::Waiting, MailFault::Temporary));
        assert!(words.contains("mailbox is locked") && of("Cleo Test").next_at.is_some());
        set_address(&house, "cleo", "cleo@example.org").await;
        let retry = |mail| format!("/mail/outbox/{mail}/retry");
        house.admin.tell(Method::POST, &retry(of("Cleo Test").id), None::<&()>).await.unwrap();
        until("it arrives", async || sink.mails().len() == 1).await;
        let again = house.admin.tell(Method::POST, &retry(of("Bela Test").id), None::<&()>).await;
        assert!(again.is_err(), "what is refused stays so");
    }

    /// Every way to fail, one mail after the other, while the server is killed: every mail arrives, and twice only where nobody
    /// could know that it had.
    async fn soak_killing_the_server_loses_no_mail(kind) {
        let mut seed = seeded();
        let (sink, ahead) = (SmtpSink::chaotic().await, Ahead::default());
        let mut house = house(to_sink(ahead.for_(Plan::new(&Storage::durable(kind))), &sink), 8).await;
        let mut nodes = Vec::new();
        if kind == Database::Postgres {
            nodes.push(Server::start(house.server.plan.second_node()).await);
        }
        let rounds = rounds(3, 40);
        let mut kills = 0;
        for round in 0..rounds {
            let mut ada = house.connect(0).await;
            for person in 1..house.people.len() {
                let talk = ada.open_direct(house.people[person].id()).await.unwrap().id;
                ada.send(talk, &format!("message of round {round}")).await.unwrap();
            }
            // Beyond the window of the last mail about the same talk.
            ahead.minutes(61);
            let some = sink.mails().len() + seed.random.random_range(0..3);
            until("mails leave", async || sink.mails().len() > some).await;
            house.server.kill().await;
            kills += 1;
            house.server.start_again().await;
            until_all_left(&house.admin, &ahead, 7 * (round + 1)).await;
            house.admin = sign_in_as(&house.admin, "root").await;
            house.people[0] = sign_in_as(&house.people[0], "ada").await;
        }
        drop(nodes);
        let mails = outbox(&house.admin).await.mails;
        assert_eq!(mails.len(), 7 * rounds, "one for each person and round");
        let mut arrived: BTreeMap<String, usize> = BTreeMap::new();
        for (_, bytes) in sink.mails() {
            let mail = MessageParser::default().parse(&bytes).unwrap().message_id().unwrap().to_owned();
            *arrived.entry(mail).or_default() += 1;
        }
        let ids: BTreeSet<String> =
            arrived.keys().map(|id| id.split('@').next().unwrap().to_owned()).collect();
        let wanted: BTreeSet<String> = mails.iter().map(|mail| mail.id.to_string()).collect();
        assert_eq!(ids, wanted, "every mail, and no other");
        let twice: usize = arrived.values().map(|count| count - 1).sum();
        let vanished = usize::try_from(sink.ask("counts").await["vanished"].as_u64().unwrap()).unwrap();
        // A node that is killed has at most as many mails under way as it has lines to the server.
        assert!(twice <= vanished + kills * 2, "{twice} twice, {vanished} vanished, {kills} kills");
        // Each copy that may be outside is on record.
        let handed = Archive::read(house.storage()).count(Kind::MailHanded);
        let copies: usize = arrived.values().sum();
        assert!(handed >= copies, "{handed} on record, {copies} outside");
        println!("{kind:?}: {} mails, {kills} kills, {vanished} without an answer, {twice} twice, lost 0", mails.len());
    }
}

async fn sign_in_as(caller: &Caller, username: &str) -> Caller {
    caller.sign_in(username, chancery_tests::house::PASSWORD).await.unwrap()
}

/// Two nodes at once decide on one mail and hand it over once; when one dies the other does its work.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_nodes_send_each_mail_once() {
    let (sink, ahead) = (SmtpSink::start(Mode::StartTls, None).await, Ahead::default());
    let plan = to_sink(ahead.for_(Plan::new(&Storage::durable(Database::Postgres))), &sink);
    let mut house = house(plan, 6).await;
    let mut second = Server::start(house.server.plan.second_node()).await;
    let there = |caller: &Caller, server: &Server| Caller { address: server.address(), ..caller.clone() };
    let mut ada = Client::connect(&there(&house.people[0], &second)).await;
    let others: Vec<_> = house.people[1..].iter().map(Caller::id).collect();
    let group = ada.create_group("Harbour", &others).await.unwrap().id;
    for number in 0..20 {
        ada.send(group, &format!("number {number}")).await.unwrap();
    }
    // Read there, and known here.
    let mut bela = Client::connect(&there(&house.people[1], &second)).await;
    bela.mark(group, 20).await.unwrap();
    until("it is known that bela read it", async || {
        matches!(why(&house.people[1], group).await, Why::Read { .. })
    })
    .await;
    ahead.minutes(UNREAD);
    let mails = until_settled(&house.admin, 4).await.mails;
    assert!(mails.iter().all(|mail| mail.state == MailState::Sent && mail.kind == MailKind::Missed));
    assert_eq!((mails.len(), sink.mails().len()), (4, 4));
    house.server.kill().await;
    ada.send(group, "after one of them died").await.unwrap();
    let admin = there(&house.admin, &second);
    ahead.minutes(120);
    // Four more, and one for whoever had read everything before.
    let mails = until_settled(&admin, 9).await.mails;
    assert_eq!((mails.len(), sink.mails().len()), (9, 9));
    assert!(second.is_running());
    let told = why(&there(&house.people[1], &second), group).await;
    assert!(matches!(told, Why::Mail { state: MailState::Sent, .. }), "{told:?}");
}
