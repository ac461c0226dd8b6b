//! The line to PostgreSQL is cut right before a COMMIT arrives, or right after it took effect: the server
//! finds out which it was, before it answers.

use chancery_protocol::ids::ConversationId;
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

/// A house whose line to PostgreSQL is ours, with a group of its people.
async fn house_behind_a_line(people: usize) -> (House, Line, ConversationId) {
    let storage = Storage::durable(Database::Postgres);
    let line = Line::to(&format!("127.0.0.1:{}", storage.cluster().port)).await;
    let (key, url) = storage.through_port(line.address.port());
    let house = House::build(Plan::new(&storage).with(&key, url), people).await;
    let members: Vec<_> = house.people.iter().map(|person| person.id()).collect();
    let group = house.connect(0).await.create_group("Cut off", &members).await.unwrap().id;
    (house, line, group)
}

/// Cuts the line, and waits until the server has met that.
async fn cut_until_it_is_met(line: &Line) {
    let refused = line.refused();
    line.set(Mode::Cut);
    until("the server tries to connect and is refused", async || line.refused() > refused).await;
}

/// The line to PostgreSQL breaks and no new one is to be had: acts fail loudly, and work once it is back.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn soak_a_line_to_postgresql_that_is_cut_off_heals() {
    let (house, line, group) = house_behind_a_line(3).await;
    let load = Load::start(&house.people, &[house.server.address()], group).await;
    for _ in 0..rounds(2, 10) {
        load.wait_for_more(10).await;
        cut_until_it_is_met(&line).await;
        line.set(Mode::Open);
    }
    load.wait_for_more(10).await;
    load.finish().await.assert_kept(house.storage(), &house.people[0]).await;
}

/// The line to PostgreSQL takes everything and delivers nothing: nobody is told that anything was written.
/// Once it breaks and is back, what was waiting is written and acknowledged, once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_line_to_postgresql_that_swallows_acknowledges_nothing_and_heals() {
    let (house, line, group) = house_behind_a_line(3).await;
    let storage = house.storage().clone();
    let mut bystander = house.connect(0).await;
    // Everybody is connected and nothing is on its way when the line begins to swallow, so that no message
    // of the load can have slipped through before.
    let waiting = Load::connect(&house.people, &[house.server.address()], group).await;
    let records = || storage.sql("SELECT count(*) FROM journal");
    let before = records();
    line.set(Mode::Swallowing);
    let load = waiting.begin();
    until("the server asks its database for something", async || line.swallowed() > 0).await;
    bystander.ping().await.expect("the server itself is alive");
    assert_eq!((load.acknowledged(), records()), (0, before.clone()), "while the line swallows");
    cut_until_it_is_met(&line).await;
    assert_eq!((load.acknowledged(), records()), (0, before), "while the line is cut");
    line.set(Mode::Open);
    load.wait_for_more(10).await;
    let outcome = load.finish().await;
    assert!(outcome.brought.iter().all(|brought| !brought.acknowledged.is_empty()), "a sender was forgotten");
    let figures = outcome.assert_kept(&storage, &house.people[0]).await;
    println!("swallowed {} bytes; {figures:?}", line.swallowed());
}
