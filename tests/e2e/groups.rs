//! Groups and announcements: who may change what, who sees what from when on, and what a stay ends with.

use std::collections::BTreeSet;

use chancery_protocol::conversation::{Change, Entry, MemberRole};
use chancery_protocol::frame::{Answer, Frame};
use chancery_protocol::ids::{ConversationId, PersonId};
use chancery_protocol::person::Role;
use chancery_tests::client::Client;
use chancery_tests::house::House;
use chancery_tests::on_both_databases;

async fn who(client: &mut Client, group: ConversationId) -> BTreeSet<(PersonId, MemberRole)> {
    client.members(group).await.unwrap().into_iter().map(|member| (member.person, member.role)).collect()
}

/// Waits for the event about members that this device receives next.
async fn next_change(client: &mut Client, what: &str) -> Change {
    let change = client
        .wait_for(what, |frame| match frame {
            Frame::Event { event, .. } if !matches!(event.change, Change::Message { .. }) => {
                Some(event.change.clone())
            }
            _ => None,
        })
        .await;
    client.forget_frames();
    change
}

/// The texts that history and filling show; both must agree.
async fn texts(client: &mut Client, group: ConversationId) -> Vec<String> {
    let page = client.history(group).await.unwrap();
    let shown = page.entries.iter().filter_map(|entry| match entry {
        Entry::Message { message } => Some(message.content.clone()),
        Entry::Note { .. } => None,
    });
    let shown: Vec<String> = shown
        .map(|content| match content {
            chancery_protocol::conversation::Content::Text { text, .. } => text,
            other => format!("{other:?}"),
        })
        .collect();
    let filled: Vec<String> = client
        .fill_all(group)
        .await
        .unwrap()
        .into_iter()
        .filter_map(|event| match event.change {
            Change::Message {
                content: chancery_protocol::conversation::Content::Text { text, .. }, ..
            } => Some(text),
            _ => None,
        })
        .collect();
    assert_eq!(shown, filled, "history and filling agree");
    shown
}

on_both_databases! {
    async fn who_comes_sees_from_then_on_and_who_goes_until_then(kind) {
        let house = House::with_people(kind, 3).await;
        let [mut ada, mut bela, mut cleo] = [house.connect(0).await, house.connect(1).await, house.connect(2).await];
        let group = ada.create_group("Alder", &[bela.who.id()]).await.unwrap().id;
        next_change(&mut bela, "the beginning").await;
        ada.send(group, "before").await.unwrap();
        ada.add_members(group, &[cleo.who.id()]).await.unwrap();
        assert!(matches!(next_change(&mut cleo, "coming").await, Change::Joined { members } if members[0].person == cleo.who.id()));
        assert!(matches!(next_change(&mut bela, "somebody coming").await, Change::Joined { .. }));
        ada.send(group, "during").await.unwrap();
        assert_eq!(texts(&mut cleo, group).await, ["during"]);
        assert_eq!(texts(&mut bela, group).await, ["before", "during"]);
        let line = cleo.line(group).await.unwrap();
        assert_eq!((line.member_since, line.read, line.last_ordinal, line.member_count), (3, 1, 2, 3), "only what came since is unread");

        ada.remove_member(group, cleo.who.id()).await.unwrap();
        assert_eq!(next_change(&mut cleo, "going").await, Change::Left { person: cleo.who.id() });
        ada.send(group, "after").await.unwrap();
        assert_eq!(cleo.line(group).await.unwrap_err().code(), "conversation_not_found");
        assert_eq!(cleo.send(group, "still here?").await.unwrap_err().code(), "conversation_not_found");
        assert_eq!(texts(&mut cleo, group).await, ["during"], "a stay that ended shows what it showed");
        cleo.ping().await.unwrap();
        assert!(cleo.frames.iter().all(|frame| !matches!(frame, Frame::Event { .. })), "{:?}", cleo.frames);
        let again = house.connect(2).await;
        assert!(again.hello.conversations.iter().all(|line| line.id != group));

        ada.add_members(group, &[cleo.who.id()]).await.unwrap();
        ada.send(group, "back again").await.unwrap();
        assert_eq!(texts(&mut cleo, group).await, ["back again"]);
        assert_eq!(who(&mut bela, group).await, BTreeSet::from([
            (ada.who.id(), MemberRole::Owner),
            (bela.who.id(), MemberRole::Member),
            (cleo.who.id(), MemberRole::Member),
        ]));
        let check = house.server.cli(&["archive", "rebuild", "--check"]).await;
        assert!(check.status.success(), "{}", check.words());
    }

    async fn owners_manage_and_a_group_keeps_one(kind) {
        let house = House::with_people(kind, 3).await;
        let [mut ada, mut bela, mut cleo] = [house.connect(0).await, house.connect(1).await, house.connect(2).await];
        let (a, b, c) = (ada.who.id(), bela.who.id(), cleo.who.id());
        let group = ada.create_group("Alder", &[b]).await.unwrap().id;
        for refused in [
            bela.add_members(group, &[c]).await,
            bela.remove_member(group, a).await,
            bela.set_member_role(group, b, MemberRole::Owner).await,
            bela.describe(group, Some("Mine"), None, None).await,
        ] {
            assert_eq!(refused.unwrap_err().code(), "not_owner");
        }
        for refused in [
            cleo.add_members(group, &[c]).await,
            cleo.remove_member(group, c).await,
            cleo.set_member_role(group, c, MemberRole::Owner).await,
            cleo.describe(group, None, Some("x"), None).await,
            cleo.join(group).await,
        ] {
            assert_eq!(refused.unwrap_err().code(), "conversation_not_found", "a stranger learns nothing");
        }
        assert_eq!(ada.remove_member(group, a).await.unwrap_err().code(), "last_owner");
        assert_eq!(ada.set_member_role(group, a, MemberRole::Member).await.unwrap_err().code(), "last_owner");
        assert_eq!(ada.remove_member(group, c).await.unwrap_err().code(), "person_not_found");
        assert_eq!(ada.add_members(group, &[b]).await.unwrap(), Answer::Done, "nothing was to be changed");
        assert_eq!(ada.set_member_role(group, b, MemberRole::Member).await.unwrap(), Answer::Done);
        ada.set_member_role(group, b, MemberRole::Owner).await.unwrap();
        ada.remove_member(group, a).await.unwrap();
        bela.add_members(group, &[c]).await.unwrap();
        cleo.remove_member(group, c).await.unwrap();
        bela.remove_member(group, b).await.unwrap();
        let stranger = ada.add_members(group, &[a]).await.unwrap_err();
        assert_eq!(stranger.code(), "conversation_not_found", "an empty group is nobody's");
    }

    async fn names_and_topics_change_for_everybody(kind) {
        let house = House::with_people(kind, 2).await;
        let [mut ada, mut bela] = [house.connect(0).await, house.connect(1).await];
        let group = ada.create_group("Alder", &[bela.who.id()]).await.unwrap().id;
        next_change(&mut bela, "the beginning").await;
        ada.describe(group, Some("  Alder, phase 2 "), Some("pricing"), None).await.unwrap();
        let change = Change::Described { name: Some("Alder, phase 2".into()), topic: Some("pricing".into()), open: None };
        assert_eq!(next_change(&mut bela, "the new name").await, change);
        let line = bela.line(group).await.unwrap();
        assert_eq!((line.name.as_deref(), line.topic.as_deref(), line.open), (Some("Alder, phase 2"), Some("pricing"), false));
        ada.describe(group, Some("Alder, phase 2"), Some(""), None).await.unwrap();
        let change = Change::Described { name: None, topic: Some(String::new()), open: None };
        assert_eq!(next_change(&mut bela, "only what changed").await, change);
        assert_eq!(bela.line(group).await.unwrap().topic, None);
        assert_eq!(ada.describe(group, Some("Alder, phase 2"), None, Some(false)).await.unwrap(), Answer::Done);
        for (name, topic, code) in [(Some(" "), None, "name_empty"), (Some("a\u{7}"), None, "control_character"), (None, Some("x\u{0}"), "control_character")] {
            assert_eq!(ada.describe(group, name, topic, None).await.unwrap_err().code(), code);
        }
        let talk = ada.open_direct(bela.who.id()).await.unwrap().id;
        for refused in [
            ada.describe(talk, Some("Us"), None, None).await,
            ada.add_members(talk, &[ada.who.id()]).await,
            ada.remove_member(talk, ada.who.id()).await,
            ada.set_member_role(talk, bela.who.id(), MemberRole::Owner).await,
        ] {
            assert_eq!(refused.unwrap_err().code(), "direct_talk");
        }
    }

    async fn open_groups_are_found_and_joined_by_employees(kind) {
        let house = House::with_people(kind, 2).await;
        let [mut ada, mut bela] = [house.connect(0).await, house.connect(1).await];
        let club = ada.create_open_group("Book club").await.unwrap();
        assert!(club.open);
        ada.create_group("Closed circle", &[]).await.unwrap();
        ada.send(club.id, "chapter 9").await.unwrap();
        let found = bela.find_open("book").await.unwrap();
        assert_eq!(found.iter().map(|group| (group.id, group.member_count)).collect::<Vec<_>>(), [(club.id, 1)]);
        assert_eq!(bela.find_open("circle").await.unwrap(), []);
        bela.join(club.id).await.unwrap();
        assert_eq!(bela.join(club.id).await.unwrap(), Answer::Done, "a member already");
        assert_eq!(bela.find_open("").await.unwrap(), []);
        assert_eq!(texts(&mut bela, club.id).await, Vec::<String>::new());
        bela.send(club.id, "hello").await.unwrap();
        ada.describe(club.id, None, None, Some(false)).await.unwrap();
        bela.remove_member(club.id, bela.who.id()).await.unwrap();
        assert_eq!(bela.join(club.id).await.unwrap_err().code(), "conversation_not_found");
        let guest = house.invite_and_redeem("visitor", &[Role::Guest]).await;
        let mut guest = Client::connect(&guest).await;
        assert_eq!(guest.find_open("").await.unwrap_err().code(), "not_found");
        assert_eq!(guest.join(club.id).await.unwrap_err().code(), "not_found");
    }

    async fn only_those_named_write_in_an_announcement(kind) {
        let house = House::with_people(kind, 3).await;
        let [mut ada, mut bela, mut cleo] = [house.connect(0).await, house.connect(1).await, house.connect(2).await];
        let news = ada.create_announcement("House news", &[bela.who.id(), cleo.who.id()]).await.unwrap().id;
        let first = ada.send(news, "the lift works again").await.unwrap().record;
        assert_eq!(bela.send(news, "hurray").await.unwrap_err().code(), "may_not_post");
        bela.react(news, first, "agreed", true).await.unwrap();
        ada.set_member_role(news, bela.who.id(), MemberRole::Poster).await.unwrap();
        bela.send(news, "and the stairs too").await.unwrap();
        assert_eq!(bela.add_members(news, &[]).await.unwrap_err().code(), "not_owner");
        ada.set_member_role(news, bela.who.id(), MemberRole::Member).await.unwrap();
        assert_eq!(bela.send(news, "one more").await.unwrap_err().code(), "may_not_post");
        assert_eq!(texts(&mut cleo, news).await, ["the lift works again", "and the stairs too"]);
    }

    async fn whoever_is_taken_out_writes_nothing_more(kind) {
        let house = House::with_people(kind, 2).await;
        let [mut ada, mut bela] = [house.connect(0).await, house.connect(1).await];
        let group = ada.create_group("Alder", &[bela.who.id()]).await.unwrap().id;
        // Without waiting for answers: what is committed after the removal is refused, in whatever batches it comes.
        for number in 0..40 {
            bela.say(chancery_tests::client::send_command(group, &number.to_string(), chancery_tests::client::new_client_id())).await.unwrap();
        }
        ada.remove_member(group, bela.who.id()).await.unwrap();
        for number in 40..80 {
            bela.say(chancery_tests::client::send_command(group, &number.to_string(), chancery_tests::client::new_client_id())).await.unwrap();
        }
        bela.ping().await.unwrap();
        let events = ada.fill_all(group).await.unwrap();
        let left = events.iter().find(|event| matches!(event.change, Change::Left { .. })).unwrap().seq;
        assert!(events.iter().all(|event| event.seq <= left), "a message after its author had left");
    }

    async fn a_repeated_change_answers_with_the_first_result(kind) {
        let house = House::with_people(kind, 2).await;
        let mut ada = house.connect(0).await;
        let group = ada.create_group("Alder", &[]).await.unwrap().id;
        let add = chancery_protocol::command::AddMembers {
            client_id: chancery_tests::client::new_client_id(),
            conversation: group,
            people: vec![house.people[1].id()],
        };
        let first = ada.ask(add.clone()).await.unwrap();
        assert!(matches!(first, Answer::Recorded(_)));
        ada.remove_member(group, house.people[1].id()).await.unwrap();
        assert_eq!(ada.ask(add).await.unwrap(), first);
        assert_eq!(ada.members(group).await.unwrap().len(), 1, "and does nothing again");
    }
}
