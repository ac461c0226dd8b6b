//! What every command does, seen by those who may see it and by those who may not.

use std::collections::BTreeSet;

use chancery_protocol::command::{self, Command};
use chancery_protocol::conversation::{Change, Content, ConversationKind, Entry, MemberRole};
use chancery_protocol::frame::{Answer, Frame, MemberList};
use chancery_protocol::ids::{ClientId, ConversationId, Id, RecordId};
use chancery_protocol::{MAX_NAME_CHARS, MAX_PEOPLE, MAX_TEXT_CHARS, MAX_TOPIC_CHARS};
use chancery_tests::client::{Client, new_client_id, send_command};
use chancery_tests::house::House;
use chancery_tests::on_both_databases;
use chancery_tests::patience::until;
use chancery_tests::seed::random_bytes;
use uuid::Uuid;

fn nowhere() -> ConversationId {
    ConversationId(Uuid::from_bytes(random_bytes()))
}

fn shown(entry: &Entry) -> Option<(RecordId, Content)> {
    match entry {
        Entry::Message { message } => Some((message.id, message.content.clone())),
        Entry::Note { .. } => None,
    }
}

/// What history shows of a message.
async fn shown_to(client: &mut Client, conversation: ConversationId, message: RecordId) -> Content {
    let page = client.history(conversation).await.unwrap();
    let found = page.entries.iter().filter_map(shown).find(|(id, _)| *id == message);
    found.expect("the message is not in the history").1
}

fn text(text: &str) -> Content {
    Content::Text { text: text.to_owned(), mentions: Vec::new() }
}

on_both_databases! {
    async fn there_is_one_direct_talk_per_pair(kind) {
        let house = House::with_people(kind, 3).await;
        let (mut ada, mut bela) = (house.connect(0).await, house.connect(1).await);
        let talk = ada.open_direct(bela.who.id()).await.unwrap();
        assert_eq!((talk.kind, talk.with, talk.name.clone()), (ConversationKind::Direct, Some(bela.who.id()), None));
        let same = bela.open_direct(ada.who.id()).await.unwrap();
        assert_eq!((same.id, same.with), (talk.id, Some(ada.who.id())));
        assert_eq!(ada.open_direct(bela.who.id()).await.unwrap().id, talk.id);
        let alone = ada.open_direct(ada.who.id()).await.unwrap();
        assert_eq!((alone.with, alone.member_count), (Some(ada.who.id()), 1));
        let cleo = house.connect(2).await;
        assert!(cleo.hello.conversations.is_empty(), "others see nothing of it");
    }

    async fn a_group_has_an_owner_and_members(kind) {
        let house = House::with_people(kind, 3).await;
        let mut people = house.connect_all().await;
        let ids: Vec<_> = house.people.iter().map(|person| person.id()).collect();
        let create = command::CreateGroup {
            kind: None,
            open: false,
            client_id: new_client_id(),
            name: "Annual report".to_owned(),
            topic: Some("Numbers and pictures".to_owned()),
            members: vec![ids[1], ids[2], ids[1], ids[0]],
        };
        let Answer::Conversation { conversation, .. } = people[0].ask(create.clone()).await.unwrap() else { panic!() };
        assert_eq!((conversation.name.as_deref(), conversation.topic.as_deref()), (Some("Annual report"), Some("Numbers and pictures")));
        assert_eq!((conversation.member_count, conversation.last_seq, conversation.last_ordinal), (3, 1, 0));
        let Answer::Conversation { conversation: again, .. } = people[0].ask(create).await.unwrap() else { panic!() };
        assert_eq!(again.id, conversation.id, "the same client id makes one group");

        for person in &mut people {
            let event = person.wait_for("the group begins", |frame| match frame {
                Frame::Event { event, .. } if event.conversation == conversation.id => Some(event.clone()),
                _ => None,
            }).await;
            assert_eq!(event.seq, 1);
            let Change::Created { members, name, .. } = event.change else { panic!("{event:?}") };
            assert_eq!(name.as_deref(), Some("Annual report"));
            let owners: Vec<_> = members.iter().filter(|member| member.role == MemberRole::Owner).collect();
            assert_eq!((members.len(), owners.len(), owners[0].person), (3, 1, ids[0]));
        }
        let Answer::Members(MemberList { members, people: named, .. }) =
            people[1].ask(command::Members { conversation: conversation.id }).await.unwrap() else { panic!() };
        assert_eq!(members.iter().map(|m| m.person).collect::<BTreeSet<_>>(), ids.iter().copied().collect());
        assert_eq!(members[0].role, MemberRole::Owner, "owners first");
        assert_eq!(named.len(), 3);
    }

    async fn a_message_reaches_every_member_and_device_as_acknowledged(kind) {
        let house = House::with_people(kind, 3).await;
        let (mut ada, mut bela, mut cleo) = (house.connect(0).await, house.connect(1).await, house.connect(2).await);
        let mut second = house.connect(0).await;
        let group = ada.create_group("Four", &[bela.who.id()]).await.unwrap().id;
        let sent = ada.send(group, "Guten Tag, *Bela* 👋").await.unwrap();
        assert_eq!(sent.seq, 2);
        for client in [&mut ada, &mut second, &mut bela] {
            client.wait_until("the message comes", |client| client.logs.get(&group).is_some_and(|log| log.contains_key(&2))).await;
            let event = &client.logs[&group][&2];
            assert_eq!((event.record, event.at, event.actor), (sent.record, sent.at, Some(house.people[0].id())));
            let Change::Message { ordinal, content, .. } = &event.change else { panic!("{event:?}") };
            assert_eq!((*ordinal, content), (1, &text("Guten Tag, *Bela* 👋")));
        }
        cleo.ping().await.unwrap();
        assert!(cleo.frames.iter().all(|frame| !matches!(frame, Frame::Event { .. })), "{:?}", cleo.frames);
    }

    async fn answers_to_duplicates_are_kept_for_thirty_days(kind) {
        let mut house = House::with_people(kind, 2).await;
        let storage = house.storage().clone();
        let mut ada = house.connect(0).await;
        let talk = ada.open_direct(house.people[1].id()).await.unwrap().id;
        let (old, young) = (new_client_id(), new_client_id());
        ada.send_as(talk, "long ago", old).await.unwrap();
        let first = ada.send_as(talk, "lately", young).await.unwrap();
        let aged = |client_id: ClientId, days: i64| {
            storage.sql(&format!(
                "UPDATE sent SET at = at - {} WHERE client_id = {}",
                days * 86_400_000_000,
                storage.bytes(&client_id.bytes())
            ))
        };
        aged(old, 31);
        aged(young, 29);
        let kept = |client_id: ClientId| {
            storage.sql(&format!("SELECT count(*) FROM sent WHERE client_id = {}", storage.bytes(&client_id.bytes())))
        };
        assert_eq!((kept(old).as_str(), kept(young).as_str()), ("1", "1"));
        // The server looks when it starts, and every hour.
        house.server.stop().await;
        house.server.start_again().await;
        until("the old answer is gone", async || kept(old) == "0").await;
        assert_eq!(kept(young), "1");
        ada.try_reconnect().await.unwrap();
        assert_eq!(ada.send_as(talk, "lately", young).await.unwrap(), first);
    }

    async fn a_repeated_command_answers_with_the_first_result(kind) {
        let house = House::with_people(kind, 2).await;
        let (mut ada, mut bela) = (house.connect(0).await, house.connect(1).await);
        let talk = ada.open_direct(bela.who.id()).await.unwrap().id;
        let id = new_client_id();
        let first = ada.send_as(talk, "once", id).await.unwrap();
        let again = ada.send_as(talk, "once", id).await.unwrap();
        assert_eq!(first, again);
        let mut another_device = house.connect(0).await;
        assert_eq!(another_device.send_as(talk, "once", id).await.unwrap(), first);
        // The same id of somebody else is somebody else's.
        let other = bela.send_as(talk, "mine", id).await.unwrap();
        assert_ne!(other.record, first.record);
        let edit = command::Edit { client_id: new_client_id(), conversation: talk, message: first.record, text: "once, better".into() };
        let Answer::Recorded(edited) = ada.ask(edit.clone()).await.unwrap() else { panic!() };
        let Answer::Recorded(again) = ada.ask(edit).await.unwrap() else { panic!() };
        assert_eq!(edited, again);
        let delete = command::Delete { client_id: new_client_id(), conversation: talk, message: first.record };
        let Answer::Recorded(deleted) = ada.ask(delete.clone()).await.unwrap() else { panic!() };
        let Answer::Recorded(again) = ada.ask(delete).await.unwrap() else { panic!() };
        assert_eq!(deleted, again, "a repetition is answered before the state is looked at");
        assert_eq!(bela.fill_all(talk).await.unwrap().len(), 5);
    }

    async fn authors_edit_delete_and_restore_their_own_messages(kind) {
        let house = House::with_people(kind, 3).await;
        let (mut ada, mut bela, mut cleo) = (house.connect(0).await, house.connect(1).await, house.connect(2).await);
        let talk = ada.open_direct(bela.who.id()).await.unwrap().id;
        let message = ada.send(talk, "first words").await.unwrap().record;
        assert_eq!(bela.edit(talk, message, "forged").await.unwrap_err().code(), "not_author");
        assert_eq!(bela.delete(talk, message).await.unwrap_err().code(), "not_author");
        assert_eq!(ada.restore(talk, message).await.unwrap_err().code(), "not_deleted");
        assert_eq!(cleo.edit(talk, message, "forged").await.unwrap_err().code(), "conversation_not_found");

        let edited = ada.edit(talk, message, "better words").await.unwrap();
        assert_eq!(shown_to(&mut bela, talk, message).await, text("better words"));
        ada.delete(talk, message).await.unwrap();
        assert_eq!(shown_to(&mut bela, talk, message).await, Content::Deleted);
        assert_eq!(ada.delete(talk, message).await.unwrap_err().code(), "already_deleted");
        assert_eq!(ada.edit(talk, message, "too late").await.unwrap_err().code(), "already_deleted");
        assert_eq!(bela.restore(talk, message).await.unwrap_err().code(), "not_author");
        ada.restore(talk, message).await.unwrap();
        assert_eq!(shown_to(&mut bela, talk, message).await, text("better words"));
        let page = bela.history(talk).await.unwrap();
        let Some(Entry::Message { message: line }) = page.entries.last() else { panic!("{page:?}") };
        assert_eq!((line.edited_at, line.revision), (Some(edited.at), page.as_of));
        assert_eq!(ada.edit(talk, RecordId(Uuid::from_bytes(random_bytes())), "x").await.unwrap_err().code(), "message_not_found");
    }

    async fn an_old_deletion_is_not_taken_back(kind) {
        let house = House::with_people(kind, 2).await;
        let mut ada = house.connect(0).await;
        let talk = ada.open_direct(house.people[1].id()).await.unwrap().id;
        let message = ada.send(talk, "gone").await.unwrap().record;
        ada.delete(talk, message).await.unwrap();
        // What 31 seconds would do.
        house.storage().sql("UPDATE messages SET deleted_at = deleted_at - 31000000 WHERE deleted_at IS NOT NULL");
        assert_eq!(ada.restore(talk, message).await.unwrap_err().code(), "restore_too_late");
        assert_eq!(shown_to(&mut ada, talk, message).await, Content::Deleted);
    }

    async fn superseded_and_deleted_text_is_never_sent_again(kind) {
        let house = House::with_people(kind, 2).await;
        let (mut ada, mut bela) = (house.connect(0).await, house.connect(1).await);
        let talk = ada.open_direct(bela.who.id()).await.unwrap().id;
        let first = ada.send(talk, "the first secret").await.unwrap().record;
        let second = ada.send(talk, "the second secret").await.unwrap().record;
        ada.edit(talk, first, "the third secret").await.unwrap();
        ada.edit(talk, first, "said openly").await.unwrap();
        ada.delete(talk, second).await.unwrap();
        bela.try_reconnect().await.unwrap();
        bela.logs.clear();
        bela.forget_frames();
        bela.fill_all(talk).await.unwrap();
        bela.history(talk).await.unwrap();
        let said = format!("{:?}{:?}", bela.hello, bela.frames);
        assert!(!said.contains("secret"), "{said}");
        assert!(said.contains("said openly"));
        let contents: Vec<_> = bela.logs[&talk].values().filter_map(|event| match &event.change {
            Change::Message { content, .. } | Change::Edited { content, .. } => Some(content.clone()),
            _ => None,
        }).collect();
        assert_eq!(contents.iter().filter(|content| **content == text("said openly")).count(), 1);
    }

    async fn reactions_come_and_go_once_per_person(kind) {
        let house = House::with_people(kind, 2).await;
        let (mut ada, mut bela) = (house.connect(0).await, house.connect(1).await);
        let talk = ada.open_direct(bela.who.id()).await.unwrap().id;
        let message = ada.send(talk, "done?").await.unwrap().record;
        bela.react(talk, message, "done", true).await.unwrap();
        ada.react(talk, message, "done", true).await.unwrap();
        bela.react(talk, message, "👍", true).await.unwrap();
        assert_eq!(ada.react(talk, message, "💣", true).await.unwrap_err().code(), "unknown_reaction");
        let reactions = |page: chancery_protocol::conversation::HistoryPage| {
            let Some(Entry::Message { message }) = page.entries.last() else { panic!("{page:?}") };
            message.reactions.iter().map(|one| (one.reaction.clone(), one.people.clone())).collect::<Vec<_>>()
        };
        let (a, b) = (ada.who.id(), bela.who.id());
        assert_eq!(reactions(ada.history(talk).await.unwrap()), [("done".to_owned(), vec![b, a]), ("👍".to_owned(), vec![b])]);
        bela.react(talk, message, "done", false).await.unwrap();
        bela.react(talk, message, "👍", false).await.unwrap();
        assert_eq!(reactions(bela.history(talk).await.unwrap()), [("done".to_owned(), vec![a])]);
    }

    async fn replies_and_threads_point_into_their_own_conversation(kind) {
        let house = House::with_people(kind, 3).await;
        let mut ada = house.connect(0).await;
        let here = ada.open_direct(house.people[1].id()).await.unwrap().id;
        let there = ada.open_direct(house.people[2].id()).await.unwrap().id;
        let root = ada.send(here, "a question").await.unwrap().record;
        let elsewhere = ada.send(there, "another").await.unwrap().record;
        let mut reply = send_command(here, "an answer", new_client_id());
        (reply.reply_to, reply.thread_root) = (Some(root), Some(root));
        ada.ask(reply.clone()).await.unwrap();
        let page = ada.history(here).await.unwrap();
        let Some(Entry::Message { message }) = page.entries.last() else { panic!("{page:?}") };
        assert_eq!((message.reply_to, message.thread_root), (Some(root), Some(root)));
        for wrong in [elsewhere, RecordId(Uuid::from_bytes(random_bytes()))] {
            reply.client_id = new_client_id();
            (reply.reply_to, reply.thread_root) = (Some(wrong), None);
            assert_eq!(ada.ask(reply.clone()).await.unwrap_err().code(), "message_not_found");
            (reply.reply_to, reply.thread_root) = (None, Some(wrong));
            assert_eq!(ada.ask(reply.clone()).await.unwrap_err().code(), "message_not_found");
        }
    }

    async fn mentions_are_resolved_by_the_server(kind) {
        let house = House::with_people(kind, 3).await;
        let mut ada = house.connect(0).await;
        let group = ada.create_group("Mentions", &[house.people[1].id()]).await.unwrap().id;
        let sent = ada.send(group, "ask @bela, `@ada`, or @nobody").await.unwrap().record;
        let Content::Text { mentions, .. } = shown_to(&mut ada, group, sent).await else { panic!() };
        assert_eq!(mentions, [house.people[1].id()]);
    }

    async fn what_one_may_not_see_is_not_there(kind) {
        let house = House::with_people(kind, 3).await;
        let (mut ada, mut cleo) = (house.connect(0).await, house.connect(2).await);
        let talk = ada.open_direct(house.people[1].id()).await.unwrap().id;
        let message = ada.send(talk, "between us").await.unwrap().record;
        for conversation in [talk, nowhere()] {
            let commands: Vec<Command> = vec![
                command::History { conversation, before: None, limit: 10 }.into(),
                command::Fill { conversation, after: 0 }.into(),
                command::Members { conversation }.into(),
                send_command(conversation, "hello", new_client_id()).into(),
                command::Edit { client_id: new_client_id(), conversation, message, text: "x".into() }.into(),
                command::Delete { client_id: new_client_id(), conversation, message }.into(),
                command::Restore { client_id: new_client_id(), conversation, message }.into(),
                command::React { client_id: new_client_id(), conversation, message, reaction: "done".into(), on: true }.into(),
                command::Acknowledge { client_id: new_client_id(), conversation, message }.into(),
                command::Mark { conversation, read: 1 }.into(),
                command::Typing { conversation }.into(),
                command::SaveDraft { conversation, text: "x".into(), urgent: false }.into(),
            ];
            for command in commands {
                let tag = command.tag();
                let refused = cleo.ask(command).await.expect_err(tag);
                assert_eq!(refused.code(), "conversation_not_found", "{tag}");
            }
        }
        assert_eq!(ada.fill_all(talk).await.unwrap().len(), 2, "nothing was done");
    }

    async fn texts_and_names_have_limits(kind) {
        let house = House::with_people(kind, 2).await;
        let mut ada = house.connect(0).await;
        let talk = ada.open_direct(house.people[1].id()).await.unwrap().id;
        for (sent, code) in [
            (String::new(), "text_empty"),
            (" \n\t\u{2003}".to_owned(), "text_empty"),
            ("x".repeat(MAX_TEXT_CHARS + 1), "text_too_long"),
        ] {
            assert_eq!(ada.send(talk, &sent).await.unwrap_err().code(), code);
        }
        // Four bytes each: the limit counts characters, and the frame still fits.
        let longest = "😄".repeat(MAX_TEXT_CHARS);
        let sent = ada.send(talk, &longest).await.unwrap().record;
        assert_eq!(shown_to(&mut ada, talk, sent).await, text(&longest));
        let group = |name: String, topic: Option<String>| command::CreateGroup { client_id: new_client_id(), kind: None, open: false, name, topic, members: vec![] };
        for (command, code) in [
            (group(" ".into(), None), "name_empty"),
            (group("n".repeat(MAX_NAME_CHARS + 1), None), "name_too_long"),
            (group("name".into(), Some("t".repeat(MAX_TOPIC_CHARS + 1))), "topic_too_long"),
        ] {
            assert_eq!(ada.ask(command).await.unwrap_err().code(), code);
        }
        let everybody = vec![house.people[1].id(); MAX_PEOPLE + 1];
        assert_eq!(ada.create_group("crowd", &everybody).await.unwrap_err().code(), "too_many_people");
        assert_eq!(ada.ask(command::People { ids: everybody }).await.unwrap_err().code(), "too_many_people");
        let ghost = chancery_protocol::ids::PersonId(Uuid::from_bytes(random_bytes()));
        assert_eq!(ada.create_group("ghosts", &[ghost]).await.unwrap_err().code(), "person_not_found");
        assert_eq!(ada.open_direct(ghost).await.unwrap_err().code(), "person_not_found");
        assert_eq!(ada.fill_all(talk).await.unwrap().len(), 2);
    }

    async fn history_pages_join_without_overlap(kind) {
        let house = House::with_people(kind, 2).await;
        let mut ada = house.connect(0).await;
        let talk = ada.open_direct(house.people[1].id()).await.unwrap().id;
        for number in 1..=23 {
            ada.send(talk, &format!("number {number}")).await.unwrap();
        }
        let (mut before, mut seqs) = (None, Vec::new());
        loop {
            let page = ada.history_before(talk, before, 5).await.unwrap();
            assert_eq!(page.as_of, 24);
            let mut these: Vec<_> = page.entries.iter().map(Entry::seq).collect();
            assert!(these.is_sorted());
            before = these.first().copied();
            these.extend(std::mem::take(&mut seqs));
            seqs = these;
            if !page.more {
                break;
            }
        }
        assert_eq!(seqs, (1..=24).collect::<Vec<_>>());
    }

    async fn colleagues_are_found_by_part_of_their_name(kind) {
        let house = House::with_people(kind, 3).await;
        let mut ada = house.connect(0).await;
        let found = async |client: &mut Client, text: &str| {
            let Answer::People { people } = client.ask(command::FindPeople { text: text.to_owned(), limit: 50 }).await.unwrap() else { panic!() };
            people.into_iter().map(|person| person.username).collect::<Vec<_>>()
        };
        assert_eq!(found(&mut ada, "LEO t").await, ["cleo"]);
        assert_eq!(found(&mut ada, "bel").await, ["bela"]);
        assert_eq!(found(&mut ada, "").await, ["ada", "bela", "cleo", "root"]);
        assert_eq!(found(&mut ada, "%").await, Vec::<String>::new());
        let who = house.people[2].id();
        let Answer::People { people } = ada.ask(command::People { ids: vec![who] }).await.unwrap() else { panic!() };
        assert_eq!(people[0].username, "cleo");
    }
}
