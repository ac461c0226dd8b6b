//! What reaches whom without being asked for: marks, drafts, typing, presence, names, catching up.

use chancery_protocol::command;
use chancery_protocol::conversation::{Conversation, MemberMark};
use chancery_protocol::frame::{Answer, Frame, Goodbye};
use chancery_protocol::ids::PersonId;
use chancery_protocol::person::Presence;
use chancery_protocol::preferences::{Arrangement, Kept, Notify, PeopleList, Preferences};
use chancery_tests::client::Client;
use chancery_tests::house::House;
use chancery_tests::http::Caller;
use chancery_tests::line::{Line, Mode};
use chancery_tests::load::Load;
use chancery_tests::on_both_databases;

fn presence_of(client: &Client, person: PersonId) -> Option<Presence> {
    let mut newest = None;
    for frame in &client.frames {
        if let Frame::Presence { people } = frame {
            newest = people.iter().find(|one| one.person == person).map(|one| one.presence).or(newest);
        }
    }
    newest
}

on_both_databases! {
    async fn marks_move_forward_only_and_reach_the_other_devices(kind) {
        let mut house = House::with_people(kind, 2).await;
        let (mut ada, mut phone, mut bela) = (house.connect(0).await, house.connect(0).await, house.connect(1).await);
        let talk = bela.open_direct(ada.who.id()).await.unwrap().id;
        for number in 1..=5 {
            bela.send(talk, &format!("unread {number}")).await.unwrap();
        }
        ada.mark(talk, 3).await.unwrap();
        let read = phone.wait_for("the mark", |frame| match frame {
            Frame::Read { conversation, read } if *conversation == talk => Some(*read),
            _ => None,
        }).await;
        assert_eq!(read, 3);
        ada.mark(talk, 2).await.unwrap();
        let line = |client: &Client| client.hello.conversations.iter().find(|line| line.id == talk).cloned().unwrap();
        phone.try_reconnect().await.unwrap();
        assert_eq!((line(&phone).read, line(&phone).last_ordinal), (3, 5));
        let beyond = ada.mark(talk, 1_000).await;
        assert!(beyond.is_ok() || beyond.is_err_and(|failed| failed.code() == "out_of_range"));
        phone.try_reconnect().await.unwrap();
        assert!(line(&phone).read <= 5, "nobody has read what is not written");

        ada.mark(talk, 4).await.unwrap();
        // Marks are written once a second, and when the server stops.
        house.server.stop().await;
        house.server.start_again().await;
        let ada = house.connect(0).await;
        assert_eq!(line(&ada).read, 4.max(line(&phone).read));
        let bela = house.connect(1).await;
        assert_eq!(line(&bela).read, 5, "one's own messages are read");
    }

    async fn a_draft_waits_on_every_device(kind) {
        let mut house = House::with_people(kind, 2).await;
        let (mut ada, mut phone, mut bela) = (house.connect(0).await, house.connect(0).await, house.connect(1).await);
        let talk = ada.open_direct(bela.who.id()).await.unwrap().id;
        ada.save_draft(talk, "half a thou").await.unwrap();
        let draft = phone.wait_for("the draft", |frame| match frame {
            Frame::Draft { conversation, text, .. } if *conversation == talk => Some(text.clone()),
            _ => None,
        }).await;
        assert_eq!(draft, "half a thou");
        ada.save_draft(talk, "half a thought").await.unwrap();
        house.server.stop().await;
        house.server.start_again().await;
        let mut ada = house.connect(0).await;
        assert_eq!(ada.hello.conversations[0].draft, "half a thought");
        bela.try_reconnect().await.unwrap();
        assert_eq!(bela.hello.conversations[0].draft, "", "nobody else sees it");
        ada.save_draft(talk, "").await.unwrap();
        ada.try_reconnect().await.unwrap();
        assert_eq!(ada.hello.conversations[0].draft, "");
        let too_long = "x".repeat(chancery_protocol::MAX_TEXT_CHARS + 1);
        assert_eq!(ada.save_draft(talk, &too_long).await.unwrap_err().code(), "text_too_long");
    }

    async fn typing_reaches_the_others_and_is_not_a_flood(kind) {
        let house = House::with_people(kind, 3).await;
        let (mut ada, mut bela, mut cleo) = (house.connect(0).await, house.connect(1).await, house.connect(2).await);
        let talk = ada.open_direct(bela.who.id()).await.unwrap().id;
        for _ in 0..10 {
            ada.typing(talk).await.unwrap();
        }
        // What was sent after it has come, so all typing that would come has come.
        ada.send(talk, "there").await.unwrap();
        let is_message = |client: &Client| client.logs.get(&talk).is_some_and(|log| log.contains_key(&2));
        bela.wait_until("the message", is_message).await;
        let typing = |client: &Client| client.frames.iter().filter(|frame| matches!(frame, Frame::Typing { .. })).count();
        assert_eq!(typing(&bela), 1, "once in three seconds");
        ada.wait_until("the echo", is_message).await;
        assert_eq!(typing(&ada), 0, "not to oneself");
        cleo.ping().await.unwrap();
        assert_eq!(typing(&cleo), 0);
    }

    async fn presence_goes_to_those_who_look(kind) {
        let house = House::with_people(kind, 3).await;
        let (mut ada, mut cleo) = (house.connect(0).await, house.connect(2).await);
        let watched = house.people[1].id();
        ada.watch(&[watched]).await.unwrap();
        ada.wait_until("the first state", |client| presence_of(client, watched) == Some(Presence::Offline)).await;
        let mut bela = house.connect(1).await;
        ada.wait_until("she is there", |client| presence_of(client, watched) == Some(Presence::Available)).await;
        for presence in [Presence::Away, Presence::Busy, Presence::DoNotDisturb, Presence::InMeeting] {
            bela.set_presence(presence).await.unwrap();
            ada.wait_until("her new state", |client| presence_of(client, watched) == Some(presence)).await;
        }
        assert!(bela.set_presence(Presence::Offline).await.is_err(), "who is connected is not offline");
        let phone = house.connect(1).await;
        drop(bela);
        ada.ping().await.unwrap();
        drop(phone);
        ada.wait_until("she has gone", |client| presence_of(client, watched) == Some(Presence::Offline)).await;
        cleo.ping().await.unwrap();
        assert!(!cleo.frames.iter().any(|frame| matches!(frame, Frame::Presence { .. })), "cleo does not look");
    }

    async fn marks_reach_those_who_look_and_the_other_of_a_direct_talk(kind) {
        let house = House::with_people(kind, 3).await;
        let [mut ada, mut bela, mut cleo] = [house.connect(0).await, house.connect(1).await, house.connect(2).await];
        let (b, c) = (bela.who.id(), cleo.who.id());
        let talk = ada.open_direct(b).await.unwrap().id;
        let group = ada.create_group("Three", &[b, c]).await.unwrap().id;
        for place in [talk, group] {
            ada.send(place, "one").await.unwrap();
            ada.send(place, "two").await.unwrap();
        }
        let of = |client: &Client, place, person| {
            let mut newest = None;
            for frame in &client.frames {
                if let Frame::Marks { conversation, marks } = frame
                    && *conversation == place
                {
                    newest = marks.iter().find(|mark| mark.person == person).map(|mark| (mark.received, mark.read)).or(newest);
                }
            }
            newest
        };
        let reached = |conversation, ordinal| command::Received { marks: vec![command::Reached { conversation, ordinal }] };
        bela.ask(reached(talk, 2)).await.unwrap();
        ada.wait_until("bela's device has both", |ada| of(ada, talk, b) == Some((2, 0))).await;
        bela.mark(talk, 1).await.unwrap();
        // Whoever connects now is told what is not written yet.
        let at_once = house.connect(0).await;
        let line = at_once.hello.conversations.iter().find(|line| line.id == talk).unwrap();
        assert_eq!(line.other, Some(MemberMark { person: b, received: 2, read: 1 }));
        ada.wait_until("bela has read the first", |ada| of(ada, talk, b).is_some_and(|(_, read)| read == 1)).await;
        let again = house.connect(0).await;
        let line = again.hello.conversations.iter().find(|line| line.id == talk).unwrap();
        assert_eq!(line.other, Some(MemberMark { person: b, received: 2, read: 1 }));

        bela.mark(group, 1).await.unwrap();
        ada.ask(command::WatchMarks { conversation: Some(group) }).await.unwrap();
        ada.wait_until("those who have read", |ada| of(ada, group, b) == Some((1, 1))).await;
        cleo.mark(group, 2).await.unwrap();
        ada.wait_until("another one has read", |ada| of(ada, group, c) == Some((2, 2))).await;
        bela.ping().await.unwrap();
        assert_eq!(of(&bela, group, c), None, "nobody who does not look is told");
        // Beyond the newest message nothing was read.
        cleo.mark(group, 999).await.unwrap();
        let mut later = house.connect(0).await;
        later.ask(command::WatchMarks { conversation: Some(group) }).await.unwrap();
        later.wait_until("the marks", |later| of(later, group, c).is_some()).await;
        let stranger = house.invite_and_redeem("stranger", &[chancery_protocol::person::Role::Employee]).await;
        let mut stranger = Client::connect(&stranger).await;
        let refused = stranger.ask(command::WatchMarks { conversation: Some(group) }).await.unwrap_err();
        assert_eq!(refused.code(), "conversation_not_found");
        assert_eq!(stranger.ask(reached(group, 2)).await.unwrap(), Answer::Done, "and changes nothing");
    }

    async fn own_arrangements_are_the_same_on_every_device(kind) {
        let house = House::with_people(kind, 2).await;
        let (mut desk, mut phone) = (house.connect(0).await, house.connect(0).await);
        assert_eq!(desk.hello.preferences, Kept::default());
        let talk = desk.open_direct(house.people[1].id()).await.unwrap().id;
        let arrange = |pinned, name: &str| Preferences {
            conversations: [(talk, Arrangement { pinned, notify: Notify::Nothing })].into(),
            lists: vec![PeopleList { name: name.to_owned(), people: vec![house.people[1].id()] }],
            ..Preferences::default()
        };
        let save = |revision, preferences| command::SavePreferences { revision, preferences };
        assert_eq!(desk.ask(save(0, arrange(true, "Desk"))).await.unwrap(), Answer::Done);
        let heard = |frame: &Frame| match frame {
            Frame::Preferences(kept) => Some(kept.clone()),
            _ => None,
        };
        assert_eq!(phone.wait_for("the arrangements", heard).await, Kept { revision: 1, preferences: arrange(true, "Desk") });
        phone.forget_frames();
        assert_eq!(desk.ask(save(1, arrange(false, "Desk"))).await.unwrap(), Answer::Done);
        let late = phone.ask(save(1, arrange(true, "Phone"))).await.unwrap_err();
        assert_eq!(late.code(), "outdated");
        let newer = Kept { revision: 2, preferences: arrange(false, "Desk") };
        phone.wait_until("the newer ones", |client| client.frames.iter().filter_map(heard).any(|kept| kept == newer)).await;
        assert_eq!(house.connect(0).await.hello.preferences, newer);
        assert_eq!(house.connect(1).await.hello.preferences, Kept::default(), "nobody else's");
        assert_eq!(phone.ask(save(0, arrange(true, "Phone"))).await.unwrap_err().code(), "outdated");
        let mut twice = arrange(true, "Twice");
        twice.lists[0].people.push(house.people[1].id());
        assert_eq!(phone.ask(save(2, twice)).await.unwrap_err().code(), "too_many_people");
        assert_eq!(phone.ask(save(2, arrange(true, " "))).await.unwrap_err().code(), "name_empty");
        let mut many = arrange(true, "Many");
        many.lists = vec![many.lists[0].clone(); 51];
        assert_eq!(phone.ask(save(2, many)).await.unwrap_err().code(), "out_of_range");
    }

    async fn a_status_text_is_seen_by_colleagues(kind) {
        let house = House::with_people(kind, 2).await;
        let (mut ada, mut bela) = (house.connect(0).await, house.connect(1).await);
        let talk = ada.open_direct(bela.who.id()).await.unwrap();
        ada.watch(&[bela.who.id()]).await.unwrap();
        bela.set_status("In the archive until noon").await.unwrap();
        ada.wait_for("the status", |frame| match frame {
            Frame::Person { person } => (person.status.as_deref() == Some("In the archive until noon")).then_some(()),
            _ => None,
        }).await;
        ada.try_reconnect().await.unwrap();
        let known = ada.hello.people.iter().find(|person| Some(person.id) == talk.with).unwrap();
        assert_eq!(known.status.as_deref(), Some("In the archive until noon"));
        bela.set_status("").await.unwrap();
        ada.wait_for("no status", |frame| match frame {
            Frame::Person { person } => person.status.is_none().then_some(()),
            _ => None,
        }).await;
        let too_long = "x".repeat(chancery_protocol::MAX_TOPIC_CHARS + 1);
        assert_eq!(bela.set_status(&too_long).await.unwrap_err().code(), "status_too_long");
    }

    async fn a_cut_line_is_caught_up_in_order(kind) {
        let house = House::with_people(kind, 2).await;
        let line = Line::to(&house.server.address()).await;
        let mut distant = house.people[0].clone();
        distant.address = line.address.to_string();
        let (mut ada, mut bela) = (Client::connect(&distant).await, house.connect(1).await);
        let talk = bela.open_direct(ada.who.id()).await.unwrap().id;
        bela.send(talk, "before").await.unwrap();
        ada.wait_until("before", |client| client.logs.get(&talk).is_some_and(|log| log.len() == 2)).await;
        line.set(Mode::Cut);
        let ended = ada.next_frame().await;
        assert!(ended.is_err(), "{ended:?}");
        for number in 1..=450 {
            bela.send(talk, &format!("while away {number}")).await.unwrap();
        }
        assert!(ada.try_reconnect().await.is_err(), "the line is cut");
        line.set(Mode::Open);
        ada.try_reconnect().await.unwrap();
        let listed = &ada.hello.conversations[0];
        assert_eq!((listed.last_seq, listed.last_ordinal, listed.read), (452, 451, 0));
        ada.catch_up(talk).await.unwrap();
        let seqs: Vec<_> = ada.logs[&talk].keys().copied().collect();
        assert_eq!(seqs, (1..=452).collect::<Vec<_>>());
        let filling = ada.fill(talk, 1).await.unwrap();
        assert!(filling.more && filling.events.len() <= usize::from(chancery_protocol::MAX_PAGE));
        assert!(filling.events.windows(2).all(|pair| pair[1].seq == pair[0].seq + 1));
        assert_eq!(ada.fill(talk, 452).await.unwrap().events, []);
        assert_eq!(ada.fill(talk, u64::MAX).await.map(|f| f.events.len()).unwrap_or(0), 0);
    }

    async fn hello_is_the_first_frame_even_while_others_talk(kind) {
        let house = House::with_people(kind, 4).await;
        let members: Vec<_> = house.people.iter().map(|person| person.id()).collect();
        let group = house.connect(0).await.create_group("Busy", &members).await.unwrap().id;
        let load = Load::start(&house.people[..3], &[house.server.address()], group).await;
        for _ in 0..40 {
            let mut client = house.connect(3).await;
            let listed = client.hello.conversations[0].last_seq;
            client.wait_until("an event", |client| client.logs.contains_key(&group)).await;
            let first = *client.logs[&group].keys().next().unwrap();
            assert!(first <= listed + 1, "what happened between hello ({listed}) and the first event ({first}) is missing");
        }
        load.finish().await.assert_kept(house.storage(), &house.people[3]).await;
    }

    async fn who_connects_in_a_crowd_is_greeted_as_who_comes_alone(kind) {
        let mut house = House::with_people(kind, 6).await;
        let ids: Vec<_> = house.people.iter().map(Caller::id).collect();
        let mut ada = house.connect(0).await;
        let group = ada.create_group("Common", &ids[..4]).await.unwrap().id;
        ada.send(group, "before the others came").await.unwrap();
        ada.add_members(group, &ids[4..]).await.unwrap();
        for (index, person) in house.people.iter().enumerate() {
            let mut client = Client::connect(person).await;
            let own = client.create_group(&format!("Own {index}"), &[]).await.unwrap().id;
            client.save_draft(own, &format!("draft of {index}")).await.unwrap();
            let talk = client.open_direct(ids[(index + 1) % ids.len()]).await.unwrap().id;
            client.send(talk, &format!("from {index}")).await.unwrap();
            let list = PeopleList { name: format!("List {index}"), people: vec![ids[index]] };
            let preferences = Preferences { lists: vec![list], ..Preferences::default() };
            client.ask(command::SavePreferences { revision: 0, preferences }).await.unwrap();
        }
        // Marks are written when the server stops: from here on nothing moves.
        house.server.stop().await;
        house.server.start_again().await;
        let mut alone = Vec::new();
        for person in &house.people {
            alone.push(Client::connect(person).await.hello);
        }
        let (early, late) = (&alone[3].conversations, &alone[4].conversations);
        let common = |lines: &[Conversation]| lines.iter().find(|line| line.id == group).cloned().unwrap();
        assert!(common(early).last_message.is_some());
        assert_eq!(common(late).last_message, None, "was written before they came");

        let connecting = house.people.iter().enumerate().cycle().take(240).map(|(index, person)| {
            let person = person.clone();
            async move { (index, Client::connect(&person).await.hello) }
        });
        let mut greeted: tokio::task::JoinSet<_> = connecting.collect();
        while let Some(hello) = greeted.join_next().await {
            let (index, mut hello) = hello.unwrap();
            hello.now = alone[index].now;
            assert_eq!(hello, alone[index]);
        }
    }

    async fn somebody_suspended_is_shown_so_to_others(kind) {
        let house = House::with_people(kind, 2).await;
        let mut ada = house.connect(0).await;
        let talk = ada.open_direct(house.people[1].id()).await.unwrap();
        ada.watch(&[house.people[1].id()]).await.unwrap();
        house.admin.suspend(house.people[1].id()).await.unwrap();
        ada.wait_for("the news", |frame| match frame {
            Frame::Person { person } => (Some(person.id) == talk.with && person.suspended).then_some(()),
            _ => None,
        }).await;
        ada.try_reconnect().await.unwrap();
        assert!(ada.hello.people.iter().any(|person| person.suspended));
    }
}

/// The one test that must let real time pass: the server waits 60 s before it calls a socket silent.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_silent_socket_is_closed_and_a_pinging_one_is_not() {
    let house = House::with_people(chancery_tests::database::Database::Sqlite, 2).await;
    let (mut silent, mut pinging) = (house.connect(0).await, house.connect(1).await);
    assert_eq!(silent.hello.heartbeat_seconds, 20);
    let end = std::time::Instant::now() + std::time::Duration::from_secs(110);
    let wait = async { while silent.next_frame().await.is_ok() {} };
    let keep = async {
        let mut beat = tokio::time::interval(std::time::Duration::from_secs(20));
        loop {
            beat.tick().await;
            pinging.ask(command::Ping {}).await.unwrap();
        }
    };
    tokio::select! {
        () = wait => {}
        () = keep => {}
        () = tokio::time::sleep_until(end.into()) => panic!("a silent socket stays open"),
    }
    assert_eq!((silent.goodbye, silent.close_code), (Some(Goodbye::Silent), Some(Goodbye::Silent.code())));
    pinging.ping().await.unwrap();
}
