//! Whatever people write is found in no byte of any disk.

use std::collections::BTreeSet;
use std::path::Path;

use chancery_protocol::command;
use chancery_tests::base::new_folder;
use chancery_tests::client::new_client_id;
use chancery_tests::database::{Database, Storage};
use chancery_tests::house::House;
use chancery_tests::on_both_databases;
use chancery_tests::postgres::{Cluster, Durability};
use chancery_tests::scan::{Found, find, find_in};
use chancery_tests::seed::random_bytes;
use chancery_tests::server::Plan;

/// Short markers fit where only an index or a log line would; long ones cross pages.
fn markers() -> Vec<String> {
    let short = (0..200)
        .map(|_| format!("mk{}", data_encoding::BASE32_NOPAD.encode(&random_bytes::<8>()).to_lowercase()));
    let long = (0..20).map(|_| data_encoding::BASE32_NOPAD.encode(&random_bytes::<1_500>()).to_lowercase());
    short.chain(long).collect()
}

on_both_databases! {
    async fn nothing_written_by_people_is_found_on_disk(kind) {
        let storage = match kind {
            Database::Sqlite => Storage::new(kind),
            Database::Postgres => Storage::in_cluster(std::sync::Arc::new(Cluster::start(Durability::Durable))),
        };
        let temporary = new_folder("temporary");
        let plan = Plan::new(&storage).with("TMPDIR", temporary.to_str().unwrap()).with("CHANCERY_LOG_LEVEL", "trace");
        let mut house = House::build(plan, 2).await;
        let markers = markers();
        say_all(&house, &markers).await;
        let folders = folders(&storage, &temporary);
        let folders: Vec<&Path> = folders.iter().map(AsRef::as_ref).collect();
        assert_eq!(find(&markers, &folders), BTreeSet::new(), "while running");
        house.server.kill().await;
        assert_eq!(find(&markers, &folders), BTreeSet::new(), "after a crash");
        house.server.start_again().await;
        house.server.stop().await;
        if kind == Database::Postgres {
            storage.cluster().stop();
        }
        assert_eq!(find(&markers, &folders), BTreeSet::new(), "after a stop");
        // The server writes no file of its own as a log: all it says goes to its two output streams, and here
        // they stand from the first start to the last word. PostgreSQL's log is in its folder.
        let log = house.server.log();
        assert!(log.contains("answered"), "requests are logged: {log}");
        assert_eq!(find_in(&markers, log.as_bytes()), BTreeSet::new(), "in the log");
    }

    async fn the_same_scan_finds_markers_stored_in_the_clear(kind) {
        let storage = match kind {
            Database::Sqlite => Storage::new(kind),
            Database::Postgres => Storage::in_cluster(std::sync::Arc::new(Cluster::start(Durability::Durable))),
        };
        let temporary = new_folder("temporary");
        let markers = markers();
        // The process that becomes the server writes a marker where the server's log goes.
        let careless = ["sh", "-c", r#"echo "text=$1" >&2; shift; exec "$@""#, "sh", &markers[6]];
        let house = House::build(Plan::new(&storage).wrapped(careless.map(String::from).to_vec()), 2).await;
        let mut ada = house.connect(0).await;
        let talk = ada.open_direct(house.people[1].id()).await.unwrap().id;
        ada.send(talk, "sealed").await.unwrap();
        let plant = |place: usize| [&markers[place], &markers[200 + place]];
        let bytes = |text: &str| storage.bytes(text.as_bytes());
        // One in each place: message, name, topic, status, draft, person's name (which is clear anyway).
        let mut statements = Vec::new();
        for (place, statement) in [
            "INSERT INTO payloads SELECT {other}, data_key, nonce, {bytes} FROM payloads LIMIT 1",
            "UPDATE conversations SET name = {bytes}",
            "UPDATE conversations SET topic = {bytes}",
            "UPDATE people SET status = {bytes}",
            "INSERT INTO drafts SELECT conversation, {other}, {bytes}, 0, FALSE FROM members LIMIT 1",
        ].into_iter().enumerate() {
            for marker in plant(place) {
                let other = storage.bytes(&random_bytes::<16>());
                statements.push(statement.replace("{bytes}", &bytes(marker)).replace("{other}", &other));
            }
        }
        // A value that is overwritten at once is still found, in the write-ahead log.
        storage.sql(&statements.join(";\n"));
        std::fs::write(temporary.join("left behind"), format!("…{}…", markers[5])).unwrap();
        let folders = folders(&storage, &temporary);
        let folders: Vec<&Path> = folders.iter().map(AsRef::as_ref).collect();
        let found: BTreeSet<String> = find(&markers, &folders).into_iter().map(|Found { marker, .. }| marker).collect();
        for place in [0, 4] {
            for marker in plant(place) {
                assert!(found.contains(marker), "place {place}, {} bytes", marker.len());
            }
        }
        for place in [1, 2, 3] {
            assert!(found.contains(plant(place)[1]), "place {place}");
        }
        assert!(found.contains(&markers[5]));
        assert_eq!(found.intersection(&markers[6..200].iter().cloned().collect()).count(), 0);
        let logged = find_in(&markers, house.server.log().as_bytes());
        assert_eq!(logged, BTreeSet::from([markers[6].clone()]), "in the log");
    }
}

fn folders(storage: &Storage, temporary: &Path) -> Vec<std::path::PathBuf> {
    let mut folders = vec![storage.data.clone(), temporary.to_path_buf()];
    if storage.kind == Database::Postgres {
        folders.push(storage.cluster().folder().to_path_buf());
    }
    folders
}

/// Every marker in every place where people write.
async fn say_all(house: &House, markers: &[String]) {
    let (mut ada, mut bela) = (house.connect(0).await, house.connect(1).await);
    let talk = ada.open_direct(bela.who.id()).await.unwrap().id;
    let mut last = None;
    for (number, marker) in markers.iter().enumerate() {
        let short: String = marker.chars().take(100).collect();
        last = Some(ada.send(talk, marker).await.unwrap().record);
        match number % 5 {
            0 => drop(ada.save_draft(talk, &format!("unsent {marker}")).await.unwrap()),
            1 => drop(ada.set_status(&format!("at {short}")).await.unwrap()),
            2 => {
                let (client_id, name, topic) = (new_client_id(), short.clone(), Some(format!("on {short}")));
                let members = vec![bela.who.id()];
                ada.ask(command::CreateGroup { client_id, kind: None, open: false, name, topic, members })
                    .await
                    .unwrap();
            }
            3 => drop(ada.edit(talk, last.unwrap(), &format!("better: {marker}")).await.unwrap()),
            _ => drop(ada.delete(talk, last.unwrap()).await.unwrap()),
        }
        ada.forget_frames();
    }
    // What is refused must not be logged either.
    let marker = &markers[0];
    let _ = ada
        .say_raw(&format!(r#"{{"id":1,"command":{{"type":"send","text":"{marker}","x":"{marker}"}}}}"#))
        .await;
    let _ = ada.say_raw(marker).await;
    let _ = ada.edit(talk, last.unwrap(), marker).await;
    let _ = house.stranger().sign_in("ada", marker).await;
    bela.fill_all(talk).await.unwrap();
    bela.ask(command::FindPeople { text: marker.clone(), limit: 5 }).await.unwrap();
    bela.history(talk).await.unwrap();
}
