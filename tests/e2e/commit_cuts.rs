//! The line to PostgreSQL is cut right before a COMMIT arrives, or right after it took effect: the server
//! finds out which it was, before it answers.

use chancery_tests::database::{Database, Storage};
use chancery_tests::house::House;
use chancery_tests::line::{Line, Mode};
use chancery_tests::load::Load;
use chancery_tests::patience::until;
use chancery_tests::proxy::{CommitProxy, Cut};
use chancery_tests::seed::{rounds, seeded};
use chancery_tests::server::Plan;
use rand::RngExt;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn soak_cutting_commits_loses_and_doubles_nothing() {
    let mut seed = seeded();
    let storage = Storage::durable(Database::Postgres);
    let proxy = CommitProxy::before(storage.cluster().port).await;
    let (key, url) = storage.through_port(proxy.address.port());
    let house = House::build(Plan::new(&storage).with(&key, url), 4).await;
    assert!(proxy.commits() > 0, "the proxy recognises the commits of units");
    let members: Vec<_> = house.people.iter().map(|person| person.id()).collect();
    let group = house.connect(0).await.create_group("Cut", &members).await.unwrap().id;
    let load = Load::start(&house.people, &[house.server.address()], group).await;
    let rounds = rounds(4, 100);
    for cut in [Cut::BeforeCommit, Cut::AfterCommit] {
        for _ in 0..rounds {
            load.wait_for_more(seed.random.random_range(1..10)).await;
            proxy.arm(cut);
            until("the cut", async || !proxy.is_armed()).await;
        }
    }
    load.wait_for_more(10).await;
    assert_eq!(proxy.cut_before(), rounds);
    until("the last answer is swallowed", async || proxy.cut_after() == rounds).await;
    let figures = load.finish().await.assert_kept(&storage, &house.people[0]).await;
    let check = house.server.cli(&["archive", "rebuild", "--check"]).await;
    assert!(check.status.success(), "{}", check.words());
    println!(
        "commits cut: {} before they arrived, {} after they took effect; {figures:?}, lost 0, doubled 0",
        proxy.cut_before(),
        proxy.cut_after()
    );
}

/// A COMMIT whose answer is lost, seen from the sender: one answer, and the message stands there once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sender_gets_one_answer_whichever_side_of_the_commit_the_line_breaks() {
    let storage = Storage::durable(Database::Postgres);
    let proxy = CommitProxy::before(storage.cluster().port).await;
    let (key, url) = storage.through_port(proxy.address.port());
    let house = House::build(Plan::new(&storage).with(&key, url), 2).await;
    let mut ada = house.connect(0).await;
    let talk = ada.open_direct(house.people[1].id()).await.unwrap().id;
    for (number, cut) in [Cut::BeforeCommit, Cut::AfterCommit].into_iter().enumerate() {
        proxy.arm(cut);
        let sent = ada.send(talk, "through the gap").await.unwrap();
        assert!(!proxy.is_armed(), "{cut:?} happened");
        assert_eq!(sent.seq, number as u64 + 2);
    }
    let seqs: Vec<_> = ada.fill_all(talk).await.unwrap().iter().map(|event| event.seq).collect();
    assert_eq!(seqs, [1, 2, 3]);
}

/// The line to PostgreSQL swallows everything: acts fail loudly within bounds, and work once it is back.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_line_to_postgresql_that_is_cut_off_heals() {
    let storage = Storage::durable(Database::Postgres);
    let line = Line::to(&format!("127.0.0.1:{}", storage.cluster().port)).await;
    let (key, url) = storage.through_port(line.address.port());
    let house = House::build(Plan::new(&storage).with(&key, url), 3).await;
    let members: Vec<_> = house.people.iter().map(|person| person.id()).collect();
    let group = house.connect(0).await.create_group("Cut off", &members).await.unwrap().id;
    let load = Load::start(&house.people, &[house.server.address()], group).await;
    for _ in 0..rounds(2, 10) {
        load.wait_for_more(10).await;
        line.set(Mode::Cut);
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        line.set(Mode::Open);
    }
    load.wait_for_more(10).await;
    load.finish().await.assert_kept(&storage, &house.people[0]).await;
}
