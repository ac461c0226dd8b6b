//! The client's own state: before + events = what the server answers when asked afresh.
//!
//! Every command is carried out by one person while another follows with the reducer the browser runs;
//! then the follower's state is compared with that of a device that has just connected.

use std::collections::BTreeSet;
use std::time::{SystemTime, UNIX_EPOCH};

use chancery_protocol::command::{self, Command};
use chancery_protocol::conversation::{Conversation, Entry, MemberRole};
use chancery_protocol::frame::Frame;
use chancery_protocol::ids::{ConversationId, PersonId, RecordId};
use chancery_protocol::person::{Person, Presence};
use chancery_protocol::preferences::{Arrangement, Notify, Preferences};
use chancery_protocol::state::{ClientState, apply};
use chancery_tests::client::{Client, Failed, new_client_id, send_command};
use chancery_tests::groups::create_group;
use chancery_tests::house::House;
use chancery_tests::on_both_databases;
use chancery_tests::seed::{Seeded, seeded};
use rand::RngExt;

/// A device with the state the browser would have.
struct Follower {
    client: Client,
    state: ClientState,
    /// How many of the client's frames the state has taken in.
    seen: usize,
}

fn now() -> i64 {
    i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_micros()).unwrap()
}

impl Follower {
    async fn connect(house: &House, person: usize) -> Self {
        let client = house.connect(person).await;
        let mut follower = Self { client, state: ClientState::default(), seen: 0 };
        follower.settle().await;
        follower
    }

    /// Takes in what has come, and asks what the reducer wants asked, until nothing is left.
    async fn settle(&mut self) {
        let mut todo = std::collections::VecDeque::new();
        loop {
            while let Some(frame) = self.client.frames.get(self.seen) {
                self.seen += 1;
                todo.extend(apply(&mut self.state, frame, now()).ask);
            }
            let Some(command) = todo.pop_front() else { return };
            match self.client.ask(command.clone()).await {
                Ok(answer) => todo.extend(self.state.answered(&command, &answer).ask),
                Err(Failed::Refused(_)) => self.state.refused(&command),
                Err(Failed::LineEnded(problem)) => panic!("{problem}"),
            }
        }
    }

    /// Carries a command out as the browser would.
    async fn perform(&mut self, command: Command) -> Result<(), Failed> {
        let answer = self.client.ask(command.clone()).await;
        let result = match answer {
            Ok(answer) => {
                let effects = self.state.answered(&command, &answer);
                for ask in effects.ask {
                    let answer = self.client.ask(ask.clone()).await?;
                    self.state.answered(&ask, &answer);
                }
                Ok(())
            }
            Err(failed) => {
                self.state.refused(&command);
                Err(failed)
            }
        };
        self.settle().await;
        result
    }

    /// Waits until somebody's status is known.
    async fn follow_until_known(&mut self, person: PersonId, status: &str) {
        self.settle().await;
        while self.state.people.get(&person).and_then(|known| known.status.as_deref()) != Some(status) {
            chancery_tests::patience::in_time("news of a person", self.client.next_frame()).await.unwrap();
            self.settle().await;
        }
    }

    fn is_in(&self, conversation: ConversationId) -> bool {
        self.state.conversations.contains_key(&conversation)
    }

    /// Waits until a conversation is in the list no more.
    async fn follow_until_gone(&mut self, conversation: ConversationId) {
        self.settle().await;
        while self.is_in(conversation) {
            chancery_tests::patience::in_time("an event", self.client.next_frame()).await.unwrap();
            self.settle().await;
        }
    }

    async fn open(&mut self, conversation: ConversationId) {
        if let Some(command) = self.state.open(conversation) {
            self.perform(command).await.unwrap();
        }
    }

    /// Waits until everything up to a seq has come.
    async fn follow_up_to(&mut self, conversation: ConversationId, seq: u64) {
        self.settle().await;
        while self.state.conversations.get(&conversation).is_none_or(|known| known.info.last_seq < seq) {
            let frame =
                chancery_tests::patience::in_time("an event", self.client.next_frame()).await.unwrap();
            assert!(!matches!(frame, Frame::Goodbye { .. }), "{frame:?}");
            self.settle().await;
        }
    }
}

/// The state a fresh device of the same person arrives at, with the same logs open.
async fn afresh(house: &House, person: usize, open: &BTreeSet<ConversationId>) -> Follower {
    let mut fresh = Follower::connect(house, person).await;
    for conversation in open {
        fresh.open(*conversation).await;
    }
    fresh
}

async fn assert_same_as_fetched(house: &House, person: usize, follower: &mut Follower, after: &str) {
    follower.client.ping().await.unwrap();
    follower.settle().await;
    let open = follower.state.conversations.values().filter(|known| known.log.is_some());
    let open: BTreeSet<_> = open.map(|known| known.info.id).collect();
    let fresh = afresh(house, person, &open).await;
    assert_eq!(follower.state.me, fresh.state.me, "oneself after {after}");
    assert_eq!(follower.state.preferences, fresh.state.preferences, "own arrangements after {after}");
    let lines = |state: &ClientState| {
        state.conversations.values().map(|known| known.info.clone()).collect::<Vec<Conversation>>()
    };
    assert_eq!(lines(&follower.state), lines(&fresh.state), "the list after {after}");
    for conversation in open {
        let entries = |state: &ClientState| -> (Vec<Entry>, u64) {
            let log = state.conversations[&conversation].log.as_ref().expect("the log is open");
            (log.entries.values().cloned().collect(), log.seq)
        };
        assert_eq!(entries(&follower.state), entries(&fresh.state), "the log after {after}");
    }
    for known in follower.state.conversations.values() {
        let Some(mut members) = known.members.clone() else { continue };
        let mut fetched = follower.client.members(known.info.id).await.unwrap();
        for list in [&mut members, &mut fetched] {
            list.sort_by_key(|member| member.person);
        }
        assert_eq!(members, fetched, "the members after {after}");
    }
    for (id, person) in &fresh.state.people {
        let known: Option<&Person> = follower.state.people.get(id);
        assert_eq!(known, Some(person), "a person after {after}");
    }
}

on_both_databases! {
    async fn state_before_and_events_make_the_state_fetched_afterwards(kind) {
        let house = House::with_people(kind, 3).await;
        let mut done = BTreeSet::new();
        let mut ada = Follower::connect(&house, 0).await;
        let mut bela = Follower::connect(&house, 1).await;
        let talk = bela.client.create_group("Two", &[house.people[0].id()]).await.unwrap().id;
        bela.settle().await;
        ada.follow_up_to(talk, 1).await;
        let open = ada.client.create_open_group("Everybody").await.unwrap().id;
        ada.client.send(open, "before anybody came").await.unwrap();
        ada.follow_up_to(open, 2).await;
        ada.open(talk).await;
        bela.open(talk).await;
        let first = bela.client.send(talk, "the first").await.unwrap().record;
        let second = bela.client.send(talk, "the second @ada").await.unwrap();
        let urgent = ada.client.urge(talk, "an urgent one").await.unwrap();
        ada.follow_up_to(talk, urgent.seq).await;
        bela.follow_up_to(talk, urgent.seq).await;
        for command in one_of_each((talk, open), [first, second.record, urgent.record], &house) {
            let tag = command.tag();
            done.insert(tag);
            bela.perform(command.clone()).await.unwrap_or_else(|failed| panic!("{tag}: {failed:?}"));
            let leaves = matches!(&command, Command::RemoveMember(left) if left.conversation == open);
            for place in [talk, open] {
                let seq = ada.client.fill_all(place).await.unwrap().last().unwrap().seq;
                ada.follow_up_to(place, seq).await;
                if leaves && place == open {
                    bela.follow_until_gone(open).await;
                } else if place == talk || bela.is_in(open) || tag == "join" {
                    bela.follow_up_to(place, seq).await;
                }
            }
            if tag == "set_status" {
                ada.follow_until_known(house.people[1].id(), "counting").await;
            }
            assert_same_as_fetched(&house, 0, &mut ada, tag).await;
            assert_same_as_fetched(&house, 1, &mut bela, tag).await;
        }
        // Both follow what a rule did; `rules` has them.
        done.extend(["confirm", "take_back"]);
        let missing: Vec<_> = Command::TAGS.iter().filter(|tag| !done.contains(**tag)).collect();
        assert!(missing.is_empty(), "no step for {missing:?}");
    }

    async fn random_histories_leave_every_follower_with_the_archive(kind) {
        let mut seed = seeded();
        let house = House::with_people(kind, 3).await;
        let mut devices = Vec::new();
        for person in [0, 1, 2, 0] {
            devices.push((person, Follower::connect(&house, person).await));
        }
        let members: Vec<_> = house.people.iter().map(|person| person.id()).collect();
        let group = devices[0].1.client.create_group("Random", &members).await.unwrap().id;
        for (_, device) in &mut devices {
            device.follow_up_to(group, 1).await;
            device.open(group).await;
        }
        let mut messages: Vec<RecordId> = Vec::new();
        for _ in 0..120 {
            random_step(&mut seed, &mut devices, group, &mut messages).await;
        }
        let seq = devices[0].1.client.fill_all(group).await.unwrap().last().unwrap().seq;
        for (person, device) in &mut devices {
            device.follow_up_to(group, seq).await;
            assert_same_as_fetched(&house, *person, device, "a random history").await;
        }
        let check = house.server.cli(&["archive", "rebuild", "--check"]).await;
        assert!(check.status.success(), "{}", check.words());
    }
}

/// One command of every kind, each of which succeeds when they are carried out in this order.
fn one_of_each(
    (conversation, open): (ConversationId, ConversationId),
    [first, second, urgent]: [RecordId; 3],
    house: &House,
) -> Vec<Command> {
    let id = new_client_id;
    let [ada, bela, cleo] = [0, 1, 2].map(|index| house.people[index].id());
    let mut reply = send_command(conversation, "an answer to @bela", id());
    (reply.reply_to, reply.thread_root, reply.urgent) = (Some(first), Some(first), true);
    vec![
        command::Ping {}.into(),
        command::Attempts { conversation }.into(),
        // Reads everything up to it.
        command::Acknowledge { client_id: id(), conversation, message: urgent }.into(),
        reply.into(),
        command::Edit { client_id: id(), conversation, message: first, text: "the first, better".into() }
            .into(),
        command::React { client_id: id(), conversation, message: second, reaction: "done".into(), on: true }
            .into(),
        command::React { client_id: id(), conversation, message: second, reaction: "👍".into(), on: true }
            .into(),
        command::React { client_id: id(), conversation, message: second, reaction: "done".into(), on: false }
            .into(),
        command::Delete { client_id: id(), conversation, message: first }.into(),
        command::Restore { client_id: id(), conversation, message: first }.into(),
        command::Delete { client_id: id(), conversation, message: second }.into(),
        command::Mark { conversation, read: 2 }.into(),
        command::Received { marks: vec![command::Reached { conversation, ordinal: 2 }] }.into(),
        command::WatchMarks { conversation: Some(conversation) }.into(),
        command::Typing { conversation }.into(),
        command::SaveDraft { conversation, text: "unsent".into(), urgent: true }.into(),
        command::SaveDraft { conversation, text: String::new(), urgent: true }.into(),
        command::SavePreferences {
            revision: 0,
            preferences: Preferences {
                conversations: [(conversation, Arrangement { pinned: true, notify: Notify::Mentions })]
                    .into(),
                ..Preferences::default()
            },
        }
        .into(),
        command::Members { conversation }.into(),
        command::History { conversation, before: None, limit: 200 }.into(),
        command::Fill { conversation, after: 1 }.into(),
        command::FindPeople { text: "cle".into(), limit: 5 }.into(),
        command::People { ids: vec![ada, cleo] }.into(),
        command::OpenDirect { client_id: id(), person: cleo }.into(),
        create_group("Three", None, false, vec![cleo]).into(),
        command::Line { conversation }.into(),
        command::Describe {
            client_id: id(),
            conversation,
            name: Some("Two and more".into()),
            topic: Some("what for".into()),
            open: Some(true),
        }
        .into(),
        command::Describe {
            client_id: id(),
            conversation,
            name: None,
            topic: Some(String::new()),
            open: Some(false),
        }
        .into(),
        command::AddMembers { client_id: id(), conversation, people: vec![ada, cleo] }.into(),
        command::SetMemberRole { client_id: id(), conversation, person: cleo, role: MemberRole::Owner }
            .into(),
        command::SetMemberRole { client_id: id(), conversation, person: bela, role: MemberRole::Member }
            .into(),
        command::FindOpen { text: String::new(), limit: 5 }.into(),
        command::Join { client_id: id(), conversation: open }.into(),
        send_command(open, "good morning everybody", id()).into(),
        command::RemoveMember { client_id: id(), conversation: open, person: bela }.into(),
        command::Join { client_id: id(), conversation: open }.into(),
        command::Watch { people: vec![ada] }.into(),
        command::SetPresence { presence: Presence::Busy }.into(),
        command::SetStatus { client_id: id(), text: "counting".into() }.into(),
    ]
}

async fn random_step(
    seed: &mut Seeded,
    devices: &mut [(usize, Follower)],
    group: ConversationId,
    messages: &mut Vec<RecordId>,
) {
    let random = &mut seed.random;
    let (_, device) = &mut devices[random.random_range(0..4)];
    let client = &mut device.client;
    let pick =
        if messages.is_empty() { None } else { Some(messages[random.random_range(0..messages.len())]) };
    let refused = match (random.random_range(0..12), pick) {
        (0..4, _) | (_, None) => {
            let text = format!("{:x}", random.random::<u64>());
            let sent = if random.random() {
                client.send(group, &text).await
            } else {
                client.urge(group, &text).await
            };
            sent.map(|sent| messages.push(sent.record))
        }
        (4 | 5, Some(message)) => {
            client.edit(group, message, &format!("{:x}", random.random::<u64>())).await.map(drop)
        }
        (6, Some(message)) => client.delete(group, message).await.map(drop),
        (7, Some(message)) => client.restore(group, message).await.map(drop),
        (10 | 11, Some(message)) => client.acknowledge(group, message).await.map(drop),
        (_, Some(message)) => client.react(group, message, "agreed", random.random()).await.map(drop),
    };
    if let Err(failed) = refused {
        let allowed =
            ["not_author", "already_deleted", "not_deleted", "restore_too_late", "own_message", "not_urgent"];
        assert!(allowed.contains(&failed.code()), "{failed:?}");
    }
    if random.random_range(0..12) == 0 {
        // The line breaks; the state stays and is brought up to date.
        device.client.try_reconnect().await.unwrap();
        device.seen = 0;
    }
    device.settle().await;
}
