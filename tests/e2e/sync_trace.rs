//! For every acknowledgement, the sync that covers its batch returned first. Seen from the kernel.
//!
//! SQLite: the record's id stands in the page written to the write-ahead log; a sync of that file that began
//! after the write returned before the acknowledgement began to leave. PostgreSQL: the backend that was
//! given the record heard COMMIT, a sync of its write-ahead log followed, then it said so, then the
//! acknowledgement left. The same check must fail where commits are not synced.

use std::path::PathBuf;
use std::sync::Arc;

use chancery_protocol::ids::{Id, RecordId};
use chancery_tests::base::{base, new_folder};
use chancery_tests::database::{Database, Storage};
use chancery_tests::house::House;
use chancery_tests::postgres::{Cluster, Durability};
use chancery_tests::server::Plan;
use chancery_tests::trace::{Call, read, strace};

const MESSAGES: usize = 30;

/// Sends messages from two people at once, and says which records were acknowledged.
async fn acknowledged_records(house: &House) -> Vec<RecordId> {
    let (mut ada, mut bela) = (house.connect(0).await, house.connect(1).await);
    let talk = ada.open_direct(bela.who.id()).await.unwrap().id;
    let mut records = Vec::new();
    for _ in 0..MESSAGES / 2 {
        let (a, b) = tokio::join!(ada.send(talk, "traced"), bela.send(talk, "traced too"));
        records.extend([a.unwrap().record, b.unwrap().record]);
    }
    records
}

/// When the acknowledgement of a record began to leave.
fn answered_at(calls: &[Call], record: RecordId) -> f64 {
    let text = record.to_string();
    let answers = calls.iter().filter(|call| call.is_write() && call.carries(text.as_bytes()));
    let first = answers.filter(|call| call.carries(b"recorded")).map(|call| call.begin).reduce(f64::min);
    first.expect("the acknowledgement is not in the trace")
}

fn synced_in_sqlite_before_answered(calls: &[Call], record: RecordId) -> bool {
    let answered = answered_at(calls, record);
    let id = record.bytes();
    let is_log = |call: &&Call| call.file.ends_with("chancery.db-wal");
    let written = calls.iter().filter(is_log).find(|call| call.is_write() && call.carries(&id));
    let written = written.expect("the record is not in the write-ahead log").end;
    calls.iter().filter(is_log).any(|call| call.is_sync() && call.begin >= written && call.end <= answered)
}

fn synced_in_postgres_before_answered(server: &[Call], postgres: &[Call], record: RecordId) -> bool {
    let answered = answered_at(server, record);
    let id = record.bytes();
    let given = postgres.iter().find(|call| call.is_read() && call.carries(&id));
    let given = given.expect("no backend was given the record");
    let mut then = postgres.iter().filter(|call| call.thread == given.thread && call.begin >= given.begin);
    let heard =
        then.find(|call| call.is_read() && call.carries(b"COMMIT")).expect("the backend heard no COMMIT").end;
    let said = then
        .find(|call| call.is_write() && call.carries(b"COMMIT\0"))
        .expect("the backend answered no COMMIT");
    let is_log = |call: &&Call| call.file.contains("/pg_wal/");
    let synced = postgres
        .iter()
        .filter(is_log)
        .any(|call| call.is_sync() && call.begin >= heard && call.end <= said.begin);
    synced && said.begin <= answered
}

async fn sqlite_trace(plan: impl FnOnce(Plan) -> Plan) -> (Vec<RecordId>, Vec<Call>) {
    let file = new_folder("trace").join("server");
    let storage = Storage::new(Database::Sqlite);
    let mut house = House::build(plan(Plan::new(&storage).wrapped(strace(&file))), 2).await;
    let records = acknowledged_records(&house).await;
    house.server.stop().await;
    (records, read(&file))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite_syncs_before_every_acknowledgement() {
    let (records, calls) = sqlite_trace(|plan| plan).await;
    assert_eq!(records.len(), MESSAGES);
    for record in records {
        assert!(
            synced_in_sqlite_before_answered(&calls, record),
            "{record} was acknowledged before it was synced"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_trace_finds_out_when_sqlite_does_not_sync() {
    let (records, calls) = sqlite_trace(|plan| plan.with("UNSAFE_SYNCHRONOUS_OFF", "1")).await;
    let unsynced =
        records.iter().filter(|record| !synced_in_sqlite_before_answered(&calls, **record)).count();
    assert!(unsynced > 0, "nobody noticed that nothing was synced");
}

async fn postgres_trace(plan: impl FnOnce(Plan) -> Plan) -> (Vec<RecordId>, Vec<Call>, Vec<Call>) {
    let folder = new_folder("trace");
    chancery_tests::base::hand_to_ordinary_user(&folder);
    let files: [PathBuf; 2] =
        [folder.join("postgres"), base().join(format!("trace-{}", folder.file_name().unwrap().display()))];
    let cluster = Arc::new(Cluster::start_wrapped(Durability::Durable, strace(&files[0])));
    let storage = Storage::in_cluster(cluster.clone());
    // In the clear, so that the trace can tell which backend was given which record.
    let (key, url) = storage.through_port(cluster.port);
    let plan = plan(Plan::new(&storage).with(&key, url).wrapped(strace(&files[1])));
    let mut house = House::build(plan, 2).await;
    let records = acknowledged_records(&house).await;
    house.server.stop().await;
    cluster.stop();
    (records, read(&files[1]), read(&files[0]))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgresql_syncs_before_every_acknowledgement() {
    let (records, server, postgres) = postgres_trace(|plan| plan).await;
    assert_eq!(records.len(), MESSAGES);
    for record in records {
        let synced = synced_in_postgres_before_answered(&server, &postgres, record);
        assert!(synced, "{record} was acknowledged before it was synced");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_trace_finds_out_when_postgresql_does_not_sync() {
    let (records, server, postgres) = postgres_trace(|plan| plan.with("UNSAFE_SYNCHRONOUS_OFF", "1")).await;
    let unsynced =
        records.iter().filter(|record| !synced_in_postgres_before_answered(&server, &postgres, **record));
    assert!(unsynced.count() > 0, "nobody noticed that nothing was synced");
}
