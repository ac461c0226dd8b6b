//! A graceful stop: everybody is told to come back, and nothing is lost.

use chancery_protocol::frame::Goodbye;
use chancery_tests::house::House;
use chancery_tests::load::Load;
use chancery_tests::on_both_databases;
use chancery_tests::seed::rounds;

on_both_databases! {
    async fn sockets_are_told_to_come_back(kind) {
        let mut house = House::with_people(kind, 2).await;
        let (mut ada, mut bela) = (house.connect(0).await, house.connect(1).await);
        house.server.ask_to_stop();
        for client in [&mut ada, &mut bela] {
            client.wait_for_the_end().await;
            assert_eq!((client.goodbye, client.close_code), (Some(Goodbye::ServerStopping), Some(Goodbye::ServerStopping.code())));
        }
        let status = house.server.wait().await;
        assert!(status.success(), "{status}");
        house.server.start_again().await;
        ada.try_reconnect().await.unwrap();
    }

    async fn soak_stopping_under_load_loses_nothing(kind) {
        let mut house = House::durable(kind, 3).await;
        let members: Vec<_> = house.people.iter().map(|person| person.id()).collect();
        let group = house.connect(0).await.create_group("Stops", &members).await.unwrap().id;
        let load = Load::start(&house.people, &[house.server.address()], group).await;
        for _ in 0..rounds(3, 30) {
            load.wait_for_more(20).await;
            let status = house.server.stop().await;
            assert!(status.success(), "{status}");
            house.server.start_again().await;
        }
        load.wait_for_more(5).await;
        load.finish().await.assert_kept(house.storage(), &house.people[0]).await;
    }
}
