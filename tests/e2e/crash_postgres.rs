//! kill -9 of PostgreSQL's backends and postmaster, and other ways to be without a database.

use chancery_tests::database::Database;
use chancery_tests::house::House;
use chancery_tests::load::Load;
use chancery_tests::seed::{rounds, seeded};
use rand::RngExt;

async fn house_under_load() -> (House, Load) {
    let house = House::durable(Database::Postgres, 4).await;
    let members: Vec<_> = house.people.iter().map(|person| person.id()).collect();
    let group = house.connect(0).await.create_group("Under load", &members).await.unwrap().id;
    let load = Load::start(&house.people, &[house.server.address()], group).await;
    (house, load)
}

async fn assert_kept(house: &House, load: Load, what: &str) {
    load.wait_for_more(10).await;
    let figures = load.finish().await.assert_kept(house.storage(), &house.people[0]).await;
    let check = house.server.cli(&["archive", "rebuild", "--check"]).await;
    assert!(check.status.success(), "{}", check.words());
    println!("{what}: {figures:?}, lost 0, doubled 0");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn soak_killing_postgresql_loses_nothing() {
    let mut seed = seeded();
    let (mut house, load) = house_under_load().await;
    let rounds = rounds(4, 100);
    let cluster = house.storage().cluster().clone();
    let database = house.storage().main_database().to_owned();
    for round in 0..rounds {
        load.wait_for_more(seed.random.random_range(1..40)).await;
        if round % 2 == 0 {
            cluster.kill_backend(&database);
        } else {
            cluster.crash();
            cluster.start_again();
        }
    }
    assert!(house.server.is_running(), "the server outlives its database");
    assert_kept(
        &house,
        load,
        &format!("PostgreSQL killed {rounds} times (half a backend, half the postmaster)"),
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgresql_stopped_and_started_again_heals() {
    let (mut house, load) = house_under_load().await;
    let cluster = house.storage().cluster().clone();
    load.wait_for_more(10).await;
    cluster.stop();
    // Reading and writing is refused or waits, nothing is invented.
    let mut seconds = tokio::time::interval(std::time::Duration::from_millis(200));
    for _ in 0..5 {
        seconds.tick().await;
        assert!(house.server.is_running());
    }
    cluster.start_again();
    load.wait_for_more(10).await;
    cluster.stop_immediately();
    cluster.start_again();
    assert_kept(&house, load, "PostgreSQL stopped twice").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_database_every_act_fails_loudly_and_later_works() {
    let mut house = House::durable(Database::Postgres, 2).await;
    let mut ada = house.connect(0).await;
    let talk = ada.open_direct(house.people[1].id()).await.unwrap().id;
    let sent = ada.send(talk, "before").await.unwrap();
    let cluster = house.storage().cluster().clone();
    cluster.stop();
    let refused = ada.send(talk, "into the void").await.unwrap_err();
    assert_eq!(refused.code(), "storage_unavailable", "{refused:?}");
    assert_eq!(ada.history(talk).await.unwrap_err().code(), "storage_unavailable");
    assert!(house.server.is_running());
    cluster.start_again();
    let end = chancery_tests::patience::patience();
    let again = tokio::time::timeout(end, async {
        loop {
            match ada.send(talk, "after").await {
                Ok(recorded) => return recorded,
                Err(failed) => assert_eq!(failed.code(), "storage_unavailable"),
            }
        }
    });
    assert_eq!(again.await.unwrap().seq, sent.seq + 1, "what was refused is not on the record");
}
