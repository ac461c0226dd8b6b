//! Two server processes over one PostgreSQL: each delivers what the other wrote, and either may die.

use chancery_protocol::frame::Goodbye;
use chancery_protocol::sources::{Connection, SyncReport, SyncStarted, SyncState};
use chancery_tests::client::Client;
use chancery_tests::database::{Database, Storage};
use chancery_tests::house::House;
use chancery_tests::http::Caller;
use chancery_tests::load::Load;
use chancery_tests::patience::until;
use chancery_tests::seed::{rounds, seeded};
use chancery_tests::server::{Plan, Server};
use chancery_tests::sign_on::ldap;
use chancery_tests::slapd;
use rand::RngExt;
use reqwest::Method;

use crate::directory_sign_in::company;
use crate::directory_sync::{NOW, history, read, source, start};

async fn two_nodes(people: usize) -> (House, Server) {
    let storage = Storage::durable(Database::Postgres);
    let house = House::build(Plan::new(&storage), people).await;
    let second = Server::start(house.server.plan.second_node()).await;
    (house, second)
}

fn at(caller: &Caller, server: &Server) -> Caller {
    Caller { address: server.address(), ..caller.clone() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_node_writes_the_other_delivers() {
    let (house, second) = two_nodes(2).await;
    let mut ada = house.connect(0).await;
    let mut bela = Client::connect(&at(&house.people[1], &second)).await;
    let talk = ada.open_direct(bela.who.id()).await.unwrap().id;
    for number in 0..20 {
        let (from, to) = if number % 2 == 0 { (&mut ada, &mut bela) } else { (&mut bela, &mut ada) };
        let sent = from.send(talk, &format!("across {number}")).await.unwrap();
        to.wait_until("it crosses", |client| {
            client.logs.get(&talk).is_some_and(|log| log.contains_key(&sent.seq))
        })
        .await;
    }
    for client in [&mut ada, &mut bela] {
        client.wait_until("all is there", |client| client.logs[&talk].len() == 21).await;
        assert!(client.out_of_order.is_empty());
    }
    // A repetition on the other node is the same message.
    let id = chancery_tests::client::new_client_id();
    let first = ada.send_as(talk, "once", id).await.unwrap();
    let mut ada_there = Client::connect(&at(&house.people[0], &second)).await;
    assert_eq!(ada_there.send_as(talk, "once", id).await.unwrap(), first);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rule_counts_on_every_node_from_its_commit_on() {
    let (house, second) = two_nodes(3).await;
    let mut bela = Client::connect(&at(&house.people[1], &second)).await;
    house.admin.suspend(house.people[1].id()).await.unwrap();
    bela.wait_for_the_end().await;
    assert_eq!(bela.goodbye, Some(Goodbye::Suspended));
    assert!(Client::try_connect(&at(&house.people[1], &second)).await.is_err());
    // A group made on one node is known on the other at once, whatever is asked first; so is a person.
    let mut ada = house.connect(0).await;
    let mut cleo = Client::connect(&at(&house.people[2], &second)).await;
    for number in 0..20 {
        let group = ada.create_group(&format!("Both {number}"), &[house.people[2].id()]).await.unwrap().id;
        match number % 2 {
            0 => drop(cleo.send(group, "here already").await.unwrap()),
            _ => drop(cleo.history(group).await.unwrap()),
        }
    }
    let newcomer = house.invite_and_redeem("newcomer", &[chancery_protocol::person::Role::Employee]).await;
    cleo.open_direct(newcomer.id()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn soak_killing_either_node_loses_nothing() {
    let mut seed = seeded();
    let (mut house, mut second) = two_nodes(4).await;
    let members: Vec<_> = house.people.iter().map(|person| person.id()).collect();
    let group = house.connect(0).await.create_group("Two nodes", &members).await.unwrap().id;
    let addresses = [house.server.address(), second.address()];
    let load = Load::start(&house.people, &addresses, group).await;
    let rounds = rounds(4, 100);
    for round in 0..rounds {
        load.wait_for_more(seed.random.random_range(1..40)).await;
        let victim = if round % 2 == 0 { &mut house.server } else { &mut second };
        victim.kill().await;
        // The other one goes on alone.
        load.wait_for_more(5).await;
        victim.start_again().await;
    }
    load.wait_for_more(10).await;
    let figures = load.finish().await.assert_kept(house.storage(), &house.people[0]).await;
    let check = house.server.cli(&["archive", "rebuild", "--check"]).await;
    assert!(check.status.success(), "{}", check.words());
    println!("two nodes, either killed {rounds} times: {figures:?}, lost 0, doubled 0");
}

/// A node frozen while it holds the head lock: PostgreSQL's time limits free the lock, the other node goes
/// on, and the frozen one finds out when it wakes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_frozen_inside_its_transaction_holds_nobody_up_for_ever() {
    let (house, second) = two_nodes(3).await;
    let mut ada = house.connect(0).await;
    let group = ada.create_group("Frozen", &[house.people[1].id(), house.people[2].id()]).await.unwrap().id;
    let load = Load::start(&house.people[..2], &[house.server.address()], group).await;
    load.wait_for_more(20).await;
    freeze_inside_a_transaction(&house).await;
    let mut cleo = Client::connect(&at(&house.people[2], &second)).await;
    let mut attempts = 0;
    while let Err(failed) = cleo.send(group, "is anybody there?").await {
        assert_eq!(failed.code(), "storage_unavailable");
        attempts += 1;
        assert!(attempts < 10, "the head stays locked");
    }
    house.server.thaw();
    load.wait_for_more(10).await;
    let mut outcome = load.finish().await;
    // Cleo's message was sent outside the load; the comparison wants to know of it.
    cleo.catch_up(group).await.unwrap();
    let mine = cleo.logs[&group].values().filter(|event| event.actor == Some(cleo.who.id())).count();
    assert_eq!(mine, 1);
    outcome.strangers = mine;
    outcome.assert_kept(house.storage(), &house.people[0]).await;
}

/// Freezes the first node again and again until PostgreSQL shows it idle inside the head's transaction.
async fn freeze_inside_a_transaction(house: &House) {
    let query =
        "SELECT count(*) FROM pg_stat_activity WHERE usename = 'chancery' AND state = 'idle in transaction'";
    chancery_tests::patience::until("the node is caught inside its transaction", async || {
        house.server.freeze();
        let caught = house.storage().sql(query) != "0";
        if !caught {
            house.server.thaw();
        }
        caught
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_node_reads_a_directory_and_the_other_knows_who_came_and_left() {
    let (house, second) = two_nodes(0).await;
    let there = at(&house.admin, &second);
    let slapd = company();
    slapd.freeze();
    let source = source(&house, &slapd).await;
    let run = start(&house.admin, source, NOW).await;
    let refused =
        there.call::<SyncStarted>(Method::POST, &format!("/sources/{source}/syncs"), Some(&NOW)).await;
    assert_eq!(refused.err().unwrap().code(), "sync_running");
    slapd.thaw();
    until("the run on the first ends", async || {
        let report: SyncReport =
            there.call(Method::GET, &format!("/syncs/{run}"), None::<&()>).await.unwrap();
        report.sync.state == SyncState::Done
    })
    .await;
    let bob = Caller { address: second.address(), ..house.stranger() };
    let bob = bob.sign_in("bob", "bob-password").await.unwrap();
    let mut socket = Client::connect(&bob).await;
    slapd.modify(&format!("dn: uid=bob,ou=people,{}\nchangetype: delete\n", slapd::SUFFIX));
    assert_eq!(read(&house.admin, source, NOW).await.sync.counts.suspended, 1);
    socket.wait_for_the_end().await;
    assert_eq!(socket.goodbye, Some(Goodbye::Suspended));
    // By the clock both look when it is time; one of them reads.
    let other = company();
    let mut form = ldap("Other office", other.settings(), slapd::READER.1);
    let Connection::Ldap(settings) = &mut form.form.connection else { panic!("no directory") };
    settings.sync.every_minutes = 60;
    let by_itself = house.admin.make_source(&form).await.unwrap();
    until("it was read by itself", async || {
        let runs = history(&there, by_itself).await.syncs;
        runs.iter().any(|run| run.by.is_none() && run.state == SyncState::Done)
    })
    .await;
    assert_eq!(history(&house.admin, by_itself).await.syncs.len(), 1);
}
