//! Traces: what a collector gets of requests, commands and commits, and what it never gets.

use chancery_protocol::ids::{ConversationId, Id};
use chancery_tests::collector::Collector;
use chancery_tests::database::Storage;
use chancery_tests::house::House;
use chancery_tests::on_both_databases;
use chancery_tests::process::free_port;
use chancery_tests::scan::find_in;
use chancery_tests::seed::random_bytes;
use chancery_tests::server::Plan;

on_both_databases! {
    async fn traces_tell_how_long_and_nothing_of_what_was_said(kind) {
        let collector = Collector::start().await;
        let plan = Plan::new(&Storage::new(kind))
            .with("CHANCERY_TRACES_OTLP", collector.url.clone())
            .with("CHANCERY_TRACES_PERCENT", "100");
        let mut house = House::build(plan, 2).await;
        let marker = format!("mk{}", data_encoding::BASE32_NOPAD.encode(&random_bytes::<8>()).to_lowercase());
        let (mut ada, mut bela) = (house.connect(0).await, house.connect(1).await);
        let group = ada.create_group(&format!("Keepers of {marker}"), &[bela.who.id()]).await.unwrap().id;
        let sent = ada.send(group, &format!("said {marker}")).await.unwrap();
        bela.wait_until("it arrives", |client| client.logs.get(&group).is_some_and(|log| log.contains_key(&sent.seq))).await;
        ada.edit(group, sent.record, &format!("edited {marker}")).await.unwrap();
        ada.send(ConversationId::from_bytes(random_bytes()), &marker).await.unwrap_err();
        house.admin.accounts_where(&format!("text={marker}")).await.unwrap();
        let log = house.server.log();
        assert!(log.contains("request{id="), "the numbers of requests stay in the log:\n{log}");
        assert!(house.server.stop().await.success());

        let spans = collector.spans();
        let named = |name: &str| spans.iter().filter(|span| span.name == name).collect::<Vec<_>>();
        for name in ["send", "edit", "batch", "deliver", "index", "POST /api/v1/links/redeem", "GET /api/v1/people"] {
            assert!(!named(name).is_empty(), "no {name} in {spans:#?}");
        }
        let sends = named("send");
        let committed = sends.iter().filter(|send| named("commit").iter().any(|c| c.parent_span_id == send.span_id));
        assert_eq!((sends.len(), committed.count()), (2, 1), "the refused one never came to a commit");
        assert!(format!("{sends:?}").contains("_not_found"), "{sends:?}");
        // A user name of three letters is in random bytes soon; these are long enough.
        let secrets = [marker, "Rita Root".to_owned(), chancery_tests::house::PASSWORD.to_owned()];
        let found = find_in(&secrets, &collector.bytes());
        assert!(found.is_empty(), "{found:?} in {spans:#?}");
    }

    async fn a_collector_that_is_away_costs_no_answer(kind) {
        let plan = Plan::new(&Storage::new(kind))
            .with("CHANCERY_TRACES_OTLP", format!("http://127.0.0.1:{}", free_port()))
            .with("CHANCERY_TRACES_PERCENT", "100");
        let mut house = House::build(plan, 2).await;
        let (mut ada, bela) = (house.connect(0).await, &house.people[1]);
        let talk = ada.create_group("Keepers", &[bela.id()]).await.unwrap().id;
        for number in 0..50 {
            ada.send(talk, &number.to_string()).await.unwrap();
        }
        assert!(house.server.stop().await.success());
        assert!(house.server.log().contains("BatchSpanProcessor.ExportError"), "{}", house.server.log());
    }
}
