//! A client that never reads: it is closed, and nobody else waits for it.

use chancery_protocol::frame::Goodbye;
use chancery_tests::house::House;
use chancery_tests::on_both_databases;
use chancery_tests::patience::until;

on_both_databases! {
    async fn a_client_that_never_reads_is_closed_and_holds_nobody_up(kind) {
        let house = House::with_people(kind, 3).await;
        let (mut ada, mut bela, mut deaf) = (house.connect(0).await, house.connect(1).await, house.connect(2).await);
        let members = [bela.who.id(), deaf.who.id()];
        let group = ada.create_group("Loud", &members).await.unwrap().id;
        let long = "x".repeat(16_000);
        let mut sent = 0;
        // Until the kernel's buffers on both sides and the server's bounded queue are full.
        until("the server closes the deaf client", async || {
            let recorded = ada.send(group, &long).await.unwrap_or_else(|failed| panic!("{failed:?}"));
            sent = recorded.seq;
            ada.forget_frames();
            bela.wait_until("it comes to the others", |client| client.logs.get(&group).is_some_and(|log| log.contains_key(&sent))).await;
            bela.forget_frames();
            house.server.log().contains("too_slow") || house.server.log().contains("TooSlow") || sent > 2_500
        })
        .await;
        deaf.wait_for_the_end().await;
        let got = deaf.logs.get(&group).map_or(0, std::collections::BTreeMap::len) as u64;
        assert!(got < sent, "the queue of a client that does not read is bounded");
        if let Some(reason) = deaf.goodbye {
            assert_eq!((reason, deaf.close_code), (Goodbye::TooSlow, Some(Goodbye::TooSlow.code())));
        }
        deaf.try_reconnect().await.unwrap();
        deaf.catch_up(group).await.unwrap();
        assert_eq!(deaf.logs[&group].len() as u64, sent, "it comes back and resumes");
    }
}
