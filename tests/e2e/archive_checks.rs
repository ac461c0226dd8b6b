//! `archive rebuild`: what can be derived equals what is kept, and what drifted is named.

use chancery_tests::archive::Archive;
use chancery_tests::house::House;
use chancery_tests::on_both_databases;

on_both_databases! {
    async fn drift_in_the_current_state_is_named_and_mended(kind) {
        let mut house = House::with_people(kind, 2).await;
        let storage = house.storage().clone();
        let mut ada = house.connect(0).await;
        let talk = ada.open_direct(house.people[1].id()).await.unwrap().id;
        let mut records = Vec::new();
        for number in 1..=6 {
            records.push(ada.send(talk, &format!("number {number}")).await.unwrap().record);
        }
        ada.edit(talk, records[1], "number two").await.unwrap();
        ada.delete(talk, records[2]).await.unwrap();
        ada.react(talk, records[3], "done", true).await.unwrap();
        let mut bela = house.connect(1).await;
        records.push(ada.urge(talk, "number 7").await.unwrap().record);
        bela.acknowledge(talk, records[6]).await.unwrap();
        let good = ada.history(talk).await.unwrap();
        house.server.cli(&["archive", "rebuild", "--check"]).await.expect_success();

        for (drift, record) in [
            ("UPDATE messages SET deleted_at = NULL WHERE deleted_at IS NOT NULL", records[2]),
            ("UPDATE messages SET edited_at = 1 WHERE ordinal = 1", records[0]),
            ("UPDATE messages SET reactions = NULL WHERE ordinal = 4", records[3]),
            ("UPDATE messages SET revision = revision + 1 WHERE ordinal = 5", records[4]),
            ("DELETE FROM messages WHERE ordinal = 6", records[5]),
            ("UPDATE messages SET urgent = FALSE WHERE ordinal = 7", records[6]),
            ("UPDATE messages SET acknowledged = NULL WHERE ordinal = 7", records[6]),
            ("DELETE FROM messages WHERE ordinal = 7", records[6]),
        ] {
            storage.sql(drift);
            let named = house.server.cli(&["archive", "rebuild", "--check"]).await;
            assert!(!named.status.success(), "{drift} was not noticed");
            assert!(named.words().contains(&record.to_string()), "{drift}: {}", named.words());
            house.server.stop().await;
            house.server.cli(&["archive", "rebuild"]).await.expect_success();
            house.server.start_again().await;
            house.server.cli(&["archive", "rebuild", "--check"]).await.expect_success();
            ada.try_reconnect().await.unwrap();
            assert_eq!(ada.history(talk).await.unwrap(), good, "after mending: {drift}");
        }
        Archive::read(&storage).assert_dense(&storage);
    }
}
