//! Somebody changes what is stored: it is noticed, named by its position, and the neighbours stay readable.

use chancery_ledger::Header;
use chancery_protocol::conversation::{Change, Content, Entry};
use chancery_protocol::ids::{ConversationId, Id, RecordId};
use chancery_tests::archive::Archive;
use chancery_tests::client::Client;
use chancery_tests::database::{Database, Storage};
use chancery_tests::house::House;
use chancery_tests::on_both_databases;
use chancery_tests::seed::{rounds, seeded};
use rand::RngExt;

/// A talk with five messages; the records in order.
async fn talk(house: &House) -> (Client, ConversationId, Vec<RecordId>) {
    let mut ada = house.connect(0).await;
    let talk = ada.open_direct(house.people[1].id()).await.unwrap().id;
    let mut records = Vec::new();
    for number in 1..=5 {
        records.push(ada.send(talk, &format!("number {number}")).await.unwrap().record);
    }
    (ada, talk, records)
}

/// Changes rows as somebody could who owns the database and takes its guards away for a moment.
fn tamper(storage: &Storage, statements: &str) {
    match storage.kind {
        Database::Sqlite => {
            let triggers = storage.sql("SELECT sql || ';' FROM sqlite_master WHERE type = 'trigger'");
            let names = storage.sql("SELECT name FROM sqlite_master WHERE type = 'trigger'");
            let drops: String = names.lines().map(|name| format!("DROP TRIGGER {name};")).collect();
            storage.sql(&format!("BEGIN IMMEDIATE; {drops} {statements}; {triggers} COMMIT;"));
        }
        Database::Postgres => {
            drop(storage.sql(&format!("SET session_replication_role = replica; {statements}")))
        }
    }
}

fn restore(storage: &Storage, table: &str, record: RecordId, column: &str, bytes: &[u8]) {
    let (id, value) = (storage.bytes(&record.bytes()), storage.bytes(bytes));
    tamper(storage, &format!("UPDATE {table} SET {column} = {value} WHERE record = {id}"));
}

fn stored(storage: &Storage, table: &str, record: RecordId, column: &str) -> Vec<u8> {
    let query = format!(
        "SELECT {} FROM {table} WHERE record = {}",
        storage.hex(column),
        storage.bytes(&record.bytes())
    );
    data_encoding::HEXLOWER.decode(storage.sql(&query).as_bytes()).unwrap()
}

fn position(storage: &Storage, record: RecordId) -> u64 {
    storage
        .sql(&format!("SELECT position FROM journal WHERE record = {}", storage.bytes(&record.bytes())))
        .parse()
        .unwrap()
}

/// Contents of the five messages, as history and as fillings show them; both must agree.
async fn contents(client: &mut Client, talk: ConversationId) -> Vec<Content> {
    client.try_reconnect().await.unwrap();
    client.logs.clear();
    let page = client.history(talk).await.unwrap();
    let shown: Vec<_> = page
        .entries
        .iter()
        .filter_map(|entry| match entry {
            Entry::Message { message } => Some(message.content.clone()),
            Entry::Note { .. } => None,
        })
        .collect();
    let filled: Vec<_> = client
        .fill_all(talk)
        .await
        .unwrap()
        .into_iter()
        .filter_map(|event| match event.change {
            Change::Message { content, .. } => Some(content),
            _ => None,
        })
        .collect();
    assert_eq!(shown, filled, "history and filling agree");
    shown
}

fn number(number: usize) -> Content {
    Content::Text { text: format!("number {number}"), mentions: Vec::new() }
}

/// Exactly these of the five messages are damaged, each named by its position.
fn assert_damaged(shown: &[Content], damaged: &[(usize, u64)], what: &str) {
    for (index, content) in shown.iter().enumerate() {
        match damaged.iter().find(|(number, _)| *number == index + 1) {
            Some((_, position)) => assert_eq!(content, &Content::Damaged { position: *position }, "{what}"),
            None => assert_eq!(content, &number(index + 1), "{what}: a neighbour"),
        }
    }
}

on_both_databases! {
    /// Every byte in soak, some otherwise; the lengths always.
    async fn soak_any_changed_byte_is_noticed(kind) {
        let mut seed = seeded();
        let house = House::with_people(kind, 2).await;
        let storage = house.storage().clone();
        let (mut ada, talk, records) = talk(&house).await;
        let third = records[2];
        let at = position(&storage, third);
        let places = [("journal", "header"), ("payloads", "ciphertext"), ("payloads", "nonce"), ("payloads", "data_key")];
        for (table, column) in places {
            let good = stored(&storage, table, third, column);
            let count = rounds(6, usize::MAX).min(good.len());
            for byte in rand::seq::index::sample(&mut seed.random, good.len(), count) {
                let mut bad = good.clone();
                bad[byte] ^= 1 << seed.random.random_range(0..8);
                restore(&storage, table, third, column, &bad);
                let shown = contents(&mut ada, talk).await;
                assert_damaged(&shown, &[(3, at)], &format!("byte {byte} of {table}.{column}"));
            }
            println!("{table}.{column}: {count} of {} bytes changed, each noticed", good.len());
            for bad in [&good[..good.len() - 1], &[], &[good.as_slice(), b"\0"].concat()] {
                restore(&storage, table, third, column, bad);
                assert_damaged(&contents(&mut ada, talk).await, &[(3, at)], &format!("length of {table}.{column}"));
            }
            restore(&storage, table, third, column, &good);
            assert_damaged(&contents(&mut ada, talk).await, &[], "restored");
        }
        house.server.cli(&["archive", "rebuild", "--check"]).await.expect_success();
    }

    async fn changed_columns_beside_the_header_are_noticed(kind) {
        let house = House::with_people(kind, 2).await;
        let storage = house.storage().clone();
        let (mut ada, talk, records) = talk(&house).await;
        let at = position(&storage, records[2]);
        tamper(&storage, &format!("UPDATE journal SET kind = 101 WHERE position = {at}"));
        let shown = contents(&mut ada, talk).await;
        assert_damaged(&shown, &[(3, at)], "kind");
        tamper(&storage, &format!("UPDATE journal SET kind = 100 WHERE position = {at}"));
        assert_damaged(&contents(&mut ada, talk).await, &[], "restored");
    }

    async fn swapped_payloads_are_noticed(kind) {
        let house = House::with_people(kind, 2).await;
        let storage = house.storage().clone();
        let (mut ada, talk, records) = talk(&house).await;
        let (b, d) = (records[1], records[3]);
        for column in ["ciphertext", "nonce", "data_key"] {
            let (from_b, from_d) = (stored(&storage, "payloads", b, column), stored(&storage, "payloads", d, column));
            restore(&storage, "payloads", b, column, &from_d);
            restore(&storage, "payloads", d, column, &from_b);
        }
        let damaged = [(2, position(&storage, b)), (4, position(&storage, d))];
        assert_damaged(&contents(&mut ada, talk).await, &damaged, "swapped payloads");
    }

    async fn a_relabelled_header_is_noticed(kind) {
        let house = House::with_people(kind, 2).await;
        let storage = house.storage().clone();
        let (mut ada, talk, records) = talk(&house).await;
        let third = records[2];
        let good = Header::decode(&stored(&storage, "journal", third, "header")).unwrap();
        let relabelled = [
            ("actor", Header { actor: Some(house.people[1].id().bytes()), ..good.clone() }),
            ("time", Header { at: good.at - 1, ..good.clone() }),
            ("target", Header { target: Some(records[0].bytes()), ..good.clone() }),
            ("commitment", Header { commitment: [7; 32], ..good.clone() }),
        ];
        for (what, header) in relabelled {
            restore(&storage, "journal", third, "header", &header.encode());
            assert_damaged(&contents(&mut ada, talk).await, &[(3, good.position)], what);
        }
    }

    async fn acts_on_a_damaged_message_say_so(kind) {
        let house = House::with_people(kind, 2).await;
        let storage = house.storage().clone();
        let (mut ada, talk, records) = talk(&house).await;
        let third = records[2];
        let mut bad = stored(&storage, "payloads", third, "ciphertext");
        bad[0] ^= 1;
        restore(&storage, "payloads", third, "ciphertext", &bad);
        let check = house.server.cli(&["archive", "rebuild", "--check"]).await;
        assert!(!check.status.success(), "a damaged record is named");
        assert!(check.words().contains(&position(&storage, third).to_string()), "{}", check.words());
        // The author may still replace what cannot be read any more; the damage stays on the record.
        ada.edit(talk, third, "number 3").await.unwrap();
        ada.send(talk, "life goes on").await.unwrap();
        let mut bela = house.connect(1).await;
        assert_eq!(bela.hello.conversations[0].last_ordinal, 6);
        bela.history(talk).await.unwrap();
    }

    async fn the_record_cannot_be_changed_with_the_servers_own_rights(kind) {
        let house = House::with_people(kind, 2).await;
        let storage = house.storage().clone();
        let (_ada, _talk, records) = talk(&house).await;
        let before = Archive::read(&storage).headers;
        let id = storage.bytes(&records[0].bytes());
        for statement in [
            "UPDATE journal SET header = header",
            "UPDATE journal SET seq = seq + 100",
            "DELETE FROM journal",
            "UPDATE payloads SET ciphertext = nonce",
            "DELETE FROM payloads",
            &format!("DELETE FROM payloads WHERE record = {id}"),
        ] {
            let refused = storage.sql_as_server(statement).expect_err(statement);
            let words = ["append-only", "permission denied"];
            assert!(words.iter().any(|words| refused.contains(words)), "{statement}: {refused}");
        }
        if kind == Database::Postgres {
            for statement in ["TRUNCATE journal", "DROP TABLE payloads", "ALTER TABLE journal DISABLE TRIGGER ALL", "CREATE TABLE mine (x int)"] {
                storage.sql_as_server(statement).expect_err(statement);
            }
            let rights = storage.sql("SELECT rolsuper OR rolcreaterole OR rolcreatedb FROM pg_roles WHERE rolname = 'chancery'");
            assert_eq!(rights, "f", "the server's role is an ordinary one");
        }
        assert_eq!(storage.sql("SELECT count(*) FROM disposal_open"), "0");
        assert_eq!(Archive::read(&storage).headers, before);
    }
}
