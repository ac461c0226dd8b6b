//! kill -9 in the middle of indexing: the index goes on from where it was, and equals the journal.

use chancery_tests::house::House;
use chancery_tests::load::Load;
use chancery_tests::on_both_databases;
use chancery_tests::seed::{rounds, seeded};
use rand::RngExt;

on_both_databases! {
    async fn soak_killing_the_server_leaves_an_index_that_equals_the_journal(kind) {
        let mut seed = seeded();
        let mut house = House::durable(kind, 3).await;
        let members: Vec<_> = house.people.iter().map(|person| person.id()).collect();
        let mut ada = house.connect(0).await;
        let group = ada.create_group("Under load", &members).await.unwrap().id;
        let own = ada.create_group("Changed", &members[1..2]).await.unwrap().id;
        let current = house.storage().data.join("search/current");
        chancery_tests::patience::until("there is an index", async || current.exists()).await;
        let generation = std::fs::read_to_string(&current).unwrap();
        let load = Load::start(&house.people, &[house.server.address()], group).await;
        let rounds = rounds(3, 50);
        for round in 0..rounds {
            let mut ada = house.connect(0).await;
            for number in 0..seed.random.random_range(1..8) {
                let message = ada.send(own, &format!("round {round} number {number}")).await.unwrap().record;
                match seed.random.random_range(0..3) {
                    0 => drop(ada.edit(own, message, "changed").await.unwrap()),
                    1 => drop(ada.delete(own, message).await.unwrap()),
                    _ => {}
                }
            }
            load.wait_for_more(seed.random.random_range(1..60)).await;
            house.server.kill().await;
            if round % 5 == 0 {
                // The senders wait for the server meanwhile.
                let checked = house.server.cli(&["search", "check"]).await;
                assert!(checked.status.success(), "after kill {round}: {}", checked.words());
            }
            house.server.start_again().await;
        }
        load.wait_for_more(10).await;
        drop(load.finish().await);
        house.server.kill().await;
        let checked = house.server.cli(&["search", "check"]).await.expect_success();
        assert_eq!(std::fs::read_to_string(&current).unwrap(), generation, "no kill cost the index");
        println!("{kind:?}: killed {} times; {}", rounds + 1, checked.trim());
    }
}
