//! A rule counts from its position on, on every node, while everybody sends as fast as they can.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use chancery_ledger::Kind;
use chancery_protocol::frame::{Answer, Frame};
use chancery_protocol::ids::ConversationId;
use chancery_protocol::person::Role;
use chancery_protocol::policy::ItemKind;
use chancery_tests::archive::Archive;
use chancery_tests::client::{Client, new_client_id, send_command};
use chancery_tests::database::{Database, Storage};
use chancery_tests::house::House;
use chancery_tests::http::Caller;
use chancery_tests::patience::{in_time, until};
use chancery_tests::policy::{asks, put_in_force};
use chancery_tests::screening::rule_with;
use chancery_tests::seed::rounds;
use chancery_tests::server::{Plan, Server};
use serde_json::json;

/// Messages of a sender that are under way at a time.
const UNDER_WAY: usize = 8;

/// What senders were told so far.
#[derive(Default)]
struct Told {
    stop: AtomicBool,
    delivered: AtomicUsize,
    blocked: AtomicUsize,
}

/// Says one thing after the other until told to stop; every answer is one of the two.
async fn keep_saying(mut client: Client, conversation: ConversationId, told: Arc<Told>) {
    let mut under_way = 0;
    loop {
        while under_way < UNDER_WAY && !told.stop.load(Ordering::SeqCst) {
            client.say(send_command(conversation, "a basket of quinces", new_client_id())).await.unwrap();
            under_way += 1;
        }
        if under_way == 0 {
            return;
        }
        match in_time("an answer", client.next_frame()).await.unwrap() {
            Frame::Answer { answer: Answer::Recorded(_), .. } => {
                told.delivered.fetch_add(1, Ordering::SeqCst);
                under_way -= 1;
            }
            Frame::Problem { problem, .. } if problem.code == "blocked_by_rule" => {
                told.blocked.fetch_add(1, Ordering::SeqCst);
                under_way -= 1;
            }
            // The generator is faster than a person may be.
            Frame::Problem { problem, .. } if problem.code == "rate_limited" => under_way -= 1,
            Frame::Problem { problem, .. } => panic!("{problem:?}"),
            _ => {}
        }
        client.forget_frames();
    }
}

fn at(caller: &Caller, server: &Server) -> Caller {
    Caller { address: server.address(), ..caller.clone() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn soak_a_rule_counts_on_every_node_from_its_position_on() {
    let storage = Storage::durable(Database::Postgres);
    let house = House::build(Plan::new(&storage), 6).await;
    let second = Server::start(house.server.plan.second_node()).await;
    let officer = house.invite_and_redeem("olga", &[Role::ComplianceOfficer]).await;
    let lead = house.invite_and_redeem("lena", &[Role::ComplianceLead]).await;
    let mut ada = house.connect(0).await;
    let others: Vec<_> = house.people[1..].iter().map(Caller::id).collect();
    let group = ada.create_group("Everybody", &others).await.unwrap().id;
    let told = Arc::<Told>::default();
    let senders: Vec<_> = house
        .people
        .iter()
        .enumerate()
        .map(|(number, person)| {
            let caller = if number % 2 == 0 { person.clone() } else { at(person, &second) };
            let told = Arc::clone(&told);
            tokio::spawn(async move { keep_saying(Client::connect(&caller).await, group, told).await })
        })
        .collect();
    let more = async |count: &AtomicUsize, what: &str| {
        let wanted = count.load(Ordering::SeqCst) + 60;
        until(what, async || count.load(Ordering::SeqCst) >= wanted).await;
    };
    let (name, content) = rule_with("fruit", "block", "quince*", json!({}));
    let rounds = rounds(3, 40);
    for round in 0..rounds {
        more(&told.delivered, "messages are delivered before the rule").await;
        // The rule comes into force on one node and is switched off on the other, in turn.
        let (on, off) = if round % 2 == 0 { (&house.server, &second) } else { (&second, &house.server) };
        put_in_force(&at(&officer, on), &at(&lead, on), &[(&name, content.clone())]).await;
        more(&told.blocked, "messages are blocked by the rule").await;
        let version = officer.policy_item(ItemKind::Rule, &name).await.unwrap().line.version;
        let off_again = vec![asks(ItemKind::Rule, &name, version, false, None)];
        let id = at(&officer, off).ask_for_policy(off_again, "That is enough of it.").await.unwrap();
        at(&lead, off).agree(id).await.unwrap();
    }
    more(&told.delivered, "messages are delivered again").await;
    told.stop.store(true, Ordering::SeqCst);
    for sender in senders {
        sender.await.unwrap();
    }

    let archive = Archive::read(&storage);
    archive.assert_dense(&storage);
    assert_eq!(archive.count(Kind::PolicySet), 2 * rounds);
    let (mut in_force, mut delivered, mut blocked) = (false, 0, 0);
    for header in &archive.headers {
        match header.kind {
            Kind::PolicySet => in_force = !in_force,
            Kind::Message => {
                assert!(
                    !in_force,
                    "the message at {} was delivered although the rule was in force",
                    header.position
                );
                delivered += 1;
            }
            Kind::AttemptBlocked => {
                assert!(
                    in_force,
                    "the message at {} was blocked by a rule that was not in force",
                    header.position
                );
                blocked += 1;
            }
            _ => {}
        }
    }
    let heard = (told.delivered.load(Ordering::SeqCst), told.blocked.load(Ordering::SeqCst));
    assert_eq!(heard, (delivered, blocked), "what senders were told is what is on record");
    println!("{rounds} times on and off: {delivered} delivered and {blocked} blocked, none halfway");
}
