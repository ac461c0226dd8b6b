//! Urgent messages: everybody else acknowledges them, once and for good, and it is on record who did.

use chancery_ledger::{Kind, Stream};
use chancery_protocol::command::{self, Send};
use chancery_protocol::conversation::{Acknowledgement, Change, Entry, Message};
use chancery_protocol::frame::{Answer, Frame};
use chancery_protocol::ids::{ConversationId, Id, PersonId, RecordId};
use chancery_protocol::review::{Release, WaitingPage};
use chancery_tests::archive::Archive;
use chancery_tests::client::{Client, new_client_id, send_command};
use chancery_tests::house::House;
use chancery_tests::on_both_databases;
use chancery_tests::screening::{rule_with, said};
use chancery_tests::search::compliance_search;
use reqwest::Method;
use serde_json::json;

use crate::rules::Ruled;

fn urgent(conversation: ConversationId, text: &str) -> Send {
    Send { urgent: true, ..send_command(conversation, text, new_client_id()) }
}

/// A message as history shows it.
async fn shown(client: &mut Client, conversation: ConversationId, message: RecordId) -> Message {
    let page = client.history(conversation).await.unwrap();
    let found = page.entries.into_iter().find_map(|entry| match entry {
        Entry::Message { message: found } if found.id == message => Some(found),
        _ => None,
    });
    found.expect("the message is not in the history")
}

fn who(acknowledged: &[Acknowledgement]) -> Vec<PersonId> {
    acknowledged.iter().map(|one| one.person).collect()
}

/// Who acknowledged a message, by the events of a log.
fn by_events(client: &Client, conversation: ConversationId, message: RecordId) -> Vec<(PersonId, i64)> {
    let events = client.logs[&conversation].values();
    let of = |change: &Change| matches!(change, Change::Acknowledged { message: of } if *of == message);
    events.filter(|event| of(&event.change)).map(|event| (event.actor.unwrap(), event.at)).collect()
}

async fn refused(client: &mut Client, conversation: ConversationId, message: RecordId) -> String {
    client.acknowledge(conversation, message).await.expect_err("it was acknowledged").code().to_owned()
}

on_both_databases! {
    async fn everybody_acknowledges_once_and_it_is_on_record(kind) {
        let mut house = House::with_people(kind, 3).await;
        let [a, b, c] = [0, 1, 2].map(|index| house.people[index].id());
        let (mut ada, mut bela, mut cleo) = (house.connect(0).await, house.connect(1).await, house.connect(2).await);
        let mut phone = house.connect(1).await;
        let group = ada.create_group("Alarm", &[b, c]).await.unwrap().id;
        ada.send(group, "an ordinary one").await.unwrap();
        let sent = ada.urge(group, "leave the building").await.unwrap();
        let message = sent.record;
        bela.wait_until("it comes", |client| client.logs.get(&group).is_some_and(|log| log.contains_key(&sent.seq))).await;
        assert!(matches!(bela.logs[&group][&sent.seq].change, Change::Message { urgent: true, .. }));

        let first = command::Acknowledge { client_id: new_client_id(), conversation: group, message };
        let Answer::Recorded(recorded) = bela.ask(first.clone()).await.unwrap() else { panic!("not on the record") };
        assert_eq!(recorded.seq, sent.seq + 1);
        assert_eq!(bela.ask(first).await.unwrap(), Answer::Recorded(recorded), "the same command, the same answer");
        assert_eq!(bela.acknowledge(group, message).await.unwrap(), Answer::Done, "it was said before");
        assert_eq!(phone.acknowledge(group, message).await.unwrap(), Answer::Done, "on any device");
        cleo.acknowledge(group, message).await.unwrap();
        let both = |client: &Client| client.logs.get(&group).is_some_and(|log| log.contains_key(&(sent.seq + 2)));
        for client in [&mut ada, &mut bela, &mut cleo, &mut phone] {
            client.wait_until("both are told", both).await;
            assert_eq!(by_events(client, group, message).iter().map(|(who, _)| *who).collect::<Vec<_>>(), [b, c]);
            assert!(client.out_of_order.is_empty());
        }
        let read = phone.wait_for("the other device hears what is read", |frame| match frame {
            Frame::Read { conversation, read } if *conversation == group => Some(*read),
            _ => None,
        }).await;
        assert_eq!(read, 2, "whoever acknowledges has read everything up to it");

        let now = shown(&mut ada, group, message).await;
        assert!(now.urgent);
        assert_eq!(who(&now.acknowledged), [b, c]);
        assert_eq!(now.acknowledged.iter().map(|one| (one.person, one.at)).collect::<Vec<_>>(), by_events(&ada, group, message));
        assert_eq!(now.acknowledged[0].at, recorded.at);
        // What a device missed it gets when it comes back, and the list has it from the start.
        let mut fresh = house.connect(0).await;
        let line = fresh.hello.conversations.iter().find(|line| line.id == group).unwrap();
        assert_eq!(line.last_message.as_ref(), Some(&now));
        let events = fresh.fill_all(group).await.unwrap();
        assert_eq!(events.iter().filter(|event| matches!(event.change, Change::Acknowledged { .. })).count(), 2);

        house.server.stop().await;
        let archive = Archive::read(house.storage());
        archive.assert_dense(house.storage());
        let records: Vec<_> = archive.headers.iter().filter(|header| header.kind == Kind::Acknowledged).collect();
        assert_eq!(records.iter().map(|header| header.actor).collect::<Vec<_>>(), [Some(b.bytes()), Some(c.bytes())]);
        for header in records {
            assert_eq!((header.stream, header.target), (Stream::Conversation(group.bytes()), Some(message.bytes())));
        }
        house.server.start_again().await;
        let bela = house.connect(1).await;
        assert_eq!(bela.hello.conversations.iter().find(|line| line.id == group).unwrap().read, 2, "the mark stays");
        let mut ada = house.connect(0).await;
        assert_eq!(shown(&mut ada, group, message).await, now);
        assert!(!who(&now.acknowledged).contains(&a));
        house.server.cli(&["archive", "rebuild", "--check"]).await.expect_success();
    }

    async fn what_cannot_be_acknowledged_is_refused(kind) {
        let house = House::with_people(kind, 4).await;
        let [a, b, c, d] = [0, 1, 2, 3].map(|index| house.people[index].id());
        let (mut ada, mut bela, mut cleo, mut dora) =
            (house.connect(0).await, house.connect(1).await, house.connect(2).await, house.connect(3).await);
        let group = ada.create_group("Alarm", &[b, c]).await.unwrap().id;
        let ordinary = ada.send(group, "an ordinary one").await.unwrap().record;
        let message = ada.urge(group, "leave the building").await.unwrap().record;
        assert_eq!(refused(&mut bela, group, ordinary).await, "not_urgent");
        assert_eq!(refused(&mut ada, group, message).await, "own_message");
        assert_eq!(refused(&mut ada, group, ordinary).await, "own_message");
        assert_eq!(refused(&mut bela, group, RecordId::from_bytes([7; 16])).await, "message_not_found");
        assert_eq!(refused(&mut dora, group, message).await, "conversation_not_found");
        let elsewhere = bela.open_direct(a).await.unwrap().id;
        assert_eq!(refused(&mut bela, elsewhere, message).await, "message_not_found", "it is of another conversation");

        // It stays what it is through an edit, a deletion, and that it is taken back.
        bela.acknowledge(group, message).await.unwrap();
        ada.edit(group, message, "leave the building by the stairs").await.unwrap();
        let edited = shown(&mut cleo, group, message).await;
        assert_eq!((edited.urgent, who(&edited.acknowledged)), (true, vec![b]));
        ada.delete(group, message).await.unwrap();
        assert_eq!(refused(&mut cleo, group, message).await, "already_deleted");
        ada.restore(group, message).await.unwrap();
        cleo.acknowledge(group, message).await.unwrap();
        let restored = shown(&mut cleo, group, message).await;
        assert_eq!((restored.urgent, who(&restored.acknowledged)), (true, vec![b, c]));

        // Who came later does not see it, who left is asked no more; what somebody said stays.
        ada.add_members(group, &[d]).await.unwrap();
        assert_eq!(refused(&mut dora, group, message).await, "message_not_found");
        ada.remove_member(group, c).await.unwrap();
        assert_eq!(refused(&mut cleo, group, message).await, "conversation_not_found");
        assert_eq!(who(&shown(&mut ada, group, message).await.acknowledged), [b, c]);

        let alone = ada.open_direct(a).await.unwrap().id;
        let refusal = ada.urge(alone, "to myself").await.unwrap_err();
        assert_eq!(refusal.code(), "urgent_alone");
        ada.send(alone, "to myself").await.unwrap();
        assert_eq!(ada.fill_all(alone).await.unwrap().len(), 2, "nothing but the ordinary one");
        let archive = Archive::read(house.storage());
        archive.assert_dense(house.storage());
        assert_eq!(archive.count(Kind::Acknowledged), 2);
        house.server.cli(&["archive", "rebuild", "--check"]).await.expect_success();
    }

    async fn in_an_announcement_those_who_write_ask_and_everybody_acknowledges(kind) {
        let house = House::with_people(kind, 3).await;
        let (mut ada, mut bela) = (house.connect(0).await, house.connect(1).await);
        let readers = [house.people[1].id(), house.people[2].id()];
        let place = ada.create_announcement("Gifts", &readers).await.unwrap().id;
        assert_eq!(bela.urge(place, "may I?").await.unwrap_err().code(), "may_not_post");
        let message = ada.urge(place, "From Monday the new rule applies.").await.unwrap().record;
        bela.acknowledge(place, message).await.unwrap();
        assert_eq!(who(&shown(&mut ada, place, message).await.acknowledged), [readers[0]]);
    }

    async fn rules_keep_what_is_urgent_urgent(kind) {
        let mut all = Ruled::new(kind).await;
        let rules = [rule_with("deals", "review", "alder", json!({})), rule_with("accounts", "warn", "GB29*", json!({}))];
        all.rules(&rules).await;
        let (talk, ada) = (all.talk, &mut all.ada);
        // The question is about the urgent message, and about nothing else.
        let command = urgent(talk, "pay to GB29NWBK at once");
        let token = said(ada.ask(command.clone()).await).unwrap().warned().token.unwrap();
        let why = "the client asked for it in writing";
        let calm = Send { urgent: false, ..command.clone() };
        assert_eq!(ada.confirm(calm, &token, why).await.unwrap_err().code(), "confirm_stale");
        let sent = ada.confirm(command, &token, why).await.unwrap().delivered();
        assert!(shown(&mut all.bela, talk, sent).await.urgent);

        let waits = said(ada.ask(urgent(talk, "alder at once")).await).unwrap().waiting();
        assert!(waits.urgent);
        assert_eq!(ada.attempts(talk).await, std::slice::from_ref(&waits));
        let page: WaitingPage = all.officer.call(Method::GET, "/review/waiting", None::<&()>).await.unwrap();
        assert!(page.texts[0].urgent, "the officer sees that it is urgent");
        let path = format!("/review/waiting/{}/release", waits.id);
        all.officer.tell(Method::POST, &path, Some(&Release { note: String::new() })).await.unwrap();
        all.bela.wait_until("it arrives", |client| client.logs.get(&talk).is_some_and(|log| log.len() == 3)).await;
        let (seq, event) = all.bela.logs[&talk].last_key_value().unwrap();
        assert!(matches!(event.change, Change::Message { urgent: true, .. }), "{event:?}");
        let (seq, released) = (*seq, event.record);
        all.bela.acknowledge(talk, released).await.unwrap();
        all.ada.wait_until("its author is told", |client| client.logs.get(&talk).is_some_and(|log| log.contains_key(&(seq + 1)))).await;
        assert_eq!(who(&shown(&mut all.ada, talk, released).await.acknowledged), [all.bela.who.id()]);
        all.house.server.cli(&["archive", "rebuild", "--check"]).await.expect_success();
    }

    async fn officers_see_that_it_was_urgent_and_who_acknowledged_it(kind) {
        let all = Ruled::new(kind).await;
        let Ruled { house, officer, mut ada, mut bela, talk, .. } = all;
        ada.send(talk, "an ordinary palindrome").await.unwrap();
        let message = ada.urge(talk, "an urgent palindrome").await.unwrap().record;
        bela.acknowledge(talk, message).await.unwrap();
        house.people[0].until_found("palindrome", 2).await;
        let found = officer.search_archive(&compliance_search("Who knew of it, and when?", "palindrome")).await.unwrap();
        let seen: Vec<_> = found.hits.iter().map(|hit| (hit.urgent, who(&hit.acknowledged))).collect();
        assert_eq!(seen, [(true, vec![bela.who.id()]), (false, vec![])], "newest first");
        let context = officer.context(found.search, message, 1).await.unwrap();
        let asked = context.messages.iter().find(|one| one.id == message).unwrap();
        let now = shown(&mut ada, talk, message).await;
        assert_eq!((asked.urgent, &asked.acknowledged), (true, &now.acknowledged));
        assert!(found.people.iter().any(|person| person.id == bela.who.id()), "with the name");
    }

    async fn a_draft_stays_urgent_on_every_device(kind) {
        let mut house = House::with_people(kind, 2).await;
        let (mut ada, mut phone) = (house.connect(0).await, house.connect(0).await);
        let talk = ada.open_direct(house.people[1].id()).await.unwrap().id;
        let draft = |text: &str| command::SaveDraft { conversation: talk, text: text.to_owned(), urgent: true };
        ada.ask(draft("leave the")).await.unwrap();
        let heard = phone.wait_for("the draft", |frame| match frame {
            Frame::Draft { conversation, text, urgent } if *conversation == talk => Some((text.clone(), *urgent)),
            _ => None,
        }).await;
        assert_eq!(heard, ("leave the".to_owned(), true));
        house.server.stop().await;
        house.server.start_again().await;
        let kept = |client: &Client| {
            let line = client.hello.conversations.iter().find(|line| line.id == talk).unwrap();
            (line.draft.clone(), line.draft_urgent)
        };
        let mut ada = house.connect(0).await;
        assert_eq!(kept(&ada), ("leave the".to_owned(), true));
        ada.ask(draft("")).await.unwrap();
        ada.try_reconnect().await.unwrap();
        assert_eq!(kept(&ada), (String::new(), false), "without a text there is nothing to be urgent");
    }
}
