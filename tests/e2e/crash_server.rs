//! kill -9 of the server under load: nothing acknowledged is lost, doubled or reordered.

use chancery_tests::house::House;
use chancery_tests::load::Load;
use chancery_tests::on_both_databases;
use chancery_tests::seed::{rounds, seeded};
use rand::RngExt;

on_both_databases! {
    async fn soak_killing_the_server_loses_nothing(kind) {
        let mut seed = seeded();
        let mut house = House::durable(kind, 4).await;
        let members: Vec<_> = house.people.iter().map(|person| person.id()).collect();
        let group = house.connect(0).await.create_group("Under load", &members).await.unwrap().id;
        let load = Load::start(&house.people, &[house.server.address()], group).await;
        let rounds = rounds(4, 100);
        for _ in 0..rounds {
            load.wait_for_more(seed.random.random_range(1..40)).await;
            house.server.kill().await;
            house.server.start_again().await;
        }
        load.wait_for_more(10).await;
        let outcome = load.finish().await;
        let figures = outcome.assert_kept(house.storage(), &house.people[0]).await;
        assert!(figures.said_again > 0, "no kill hit anybody");
        let check = house.server.cli(&["archive", "rebuild", "--check"]).await;
        assert!(check.status.success(), "{}", check.words());
        println!("{kind:?}: the server killed {rounds} times, {figures:?}, lost 0, doubled 0");
    }
}
