//! How the server is, for those who run it: metrics, probes, overview, health, and numbers in the log.

use std::collections::BTreeSet;

use chancery_protocol::ids::Id;
use chancery_protocol::operations::{
    CheckCode, ComponentName, Fact, Health, Overview, Readiness, ReadinessPart, Span, State,
};
use chancery_protocol::person::Role;
use chancery_tests::client::Client;
use chancery_tests::database::{Database, Storage};
use chancery_tests::house::House;
use chancery_tests::http::{Caller, http};
use chancery_tests::on_both_databases;
use chancery_tests::patience::{until, until_some};
use chancery_tests::process::free_port;
use chancery_tests::scan::find_in;
use chancery_tests::seed::random_bytes;
use chancery_tests::server::Plan;
use reqwest::Method;

/// A plan with a listener for metrics, and where that is.
pub fn measured(storage: &std::sync::Arc<Storage>) -> (Plan, String) {
    let address = format!("127.0.0.1:{}", free_port());
    (Plan::new(storage).with("CHANCERY_METRICS_LISTEN", address.clone()), address)
}

async fn get(address: &str, path: &str) -> (u16, String) {
    let answer = http().get(format!("http://{address}{path}")).send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

/// Everything the listener tells.
pub async fn metrics(address: &str) -> String {
    let (status, text) = get(address, "/metrics").await;
    assert_eq!(status, 200, "{text}");
    text
}

/// The value of a metric; the name holds its labels too.
#[track_caller]
pub fn value(text: &str, name: &str) -> f64 {
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.unwrap_or_else(|| panic!("{name} is not in\n{text}")).parse().unwrap()
}

/// `None` while the server does not answer at all.
async fn readiness(address: &str) -> Option<(u16, Readiness)> {
    let answer = http().get(format!("http://{address}/readyz")).send().await.ok()?;
    let status = answer.status().as_u16();
    Some((status, answer.json().await.ok()?))
}

async fn overview(who: &Caller, query: &str) -> Overview {
    who.call(Method::GET, &format!("/overview?{query}"), None::<&()>).await.unwrap()
}

/// What is in order and what is not.
pub async fn health(who: &Caller) -> Health {
    who.call(Method::GET, "/health", None::<&()>).await.unwrap()
}

/// How a check is.
#[track_caller]
pub fn state(health: &Health, code: CheckCode) -> Option<State> {
    health.checks.iter().find(|check| check.code == code).map(|check| check.state)
}

on_both_databases! {
    async fn metrics_move_with_messages_and_say_nothing_of_them(kind) {
        let (plan, address) = measured(&Storage::new(kind));
        let house = House::build(plan, 2).await;
        let (mut ada, mut bela) = (house.connect(0).await, house.connect(1).await);
        let group = ada.create_group("Lighthouse keepers", &[bela.who.id()]).await.unwrap().id;
        let before = metrics(&address).await;
        assert_eq!(value(&before, "chancery_sockets"), 2.0);
        assert_eq!(value(&before, "chancery_people_connected"), 2.0);
        let marker = format!("mk{}", data_encoding::BASE32_NOPAD.encode(&random_bytes::<8>()).to_lowercase());
        for number in 0..5 {
            let sent = ada.send(group, &format!("{marker} {number}")).await.unwrap();
            bela.wait_until("it arrives", |client| client.logs.get(&group).is_some_and(|log| log.contains_key(&sent.seq))).await;
        }
        // The frames are in the sockets; the tail has counted when it comes back for more.
        until("the deliveries are counted", async || {
            let now = metrics(&address).await;
            value(&now, "chancery_delivery_seconds_count") >= value(&before, "chancery_delivery_seconds_count") + 5.0
        }).await;
        let after = metrics(&address).await;
        let grown = |name: &str| value(&after, name) - value(&before, name);
        assert_eq!(grown("chancery_messages_total"), 5.0);
        assert!(grown("chancery_records_total") >= 5.0);
        let commits = grown("chancery_commit_seconds_count");
        assert!(commits >= 1.0 && grown("chancery_commit_units_count") == commits, "{commits}");
        assert!(grown("chancery_commit_units_sum") >= 5.0);
        assert!(grown("chancery_frames_received_total") >= 5.0);
        assert!(grown("chancery_frames_sent_total") >= 10.0, "answers for one, events for both");
        assert_eq!(value(&after, "chancery_commit_failures_total"), 0.0);
        for here in ["chancery_readers_most", "chancery_process_resident_bytes", "chancery_process_open_files",
            "chancery_process_cpu_seconds_total", "chancery_disk_free_bytes", "chancery_commit_queue_units",
            "chancery_delivery_lag_records", "chancery_start_time_seconds"] {
            assert!(value(&after, here) >= 0.0, "{here}");
        }
        let sockets = "chancery_http_requests_total{method=\"GET\",route=\"/api/v1/socket\",status=\"1xx\"}";
        assert_eq!(value(&after, sockets), 2.0);
        until("what was sent can be found", async || {
            let now = metrics(&address).await;
            value(&now, "chancery_search_messages") == 5.0 && value(&now, "chancery_search_lag_records") == 0.0
        }).await;
        let index = metrics(&address).await;
        assert_eq!(value(&index, "chancery_search_ready"), 1.0);
        assert!(value(&index, "chancery_search_disk_bytes") > 0.0);
        for here in ["cache", "vocabulary", "dictionary", "column"] {
            assert!(value(&index, &format!("chancery_search_{here}_bytes")) >= 0.0, "{here}");
        }
        until("the database was asked", async || metrics(&address).await.contains("chancery_people_signed_in 3")).await;
        bela.say_message(tokio_tungstenite::tungstenite::Message::Close(None)).await.unwrap();
        until("the socket's end is counted", async || {
            metrics(&address).await.contains("chancery_sockets_closed_total{reason=\"left\"} 1")
        }).await;
        // Neither text nor names nor ids, in any of the usual ways to write them.
        let ids = [ada.who.id().bytes(), house.admin.id().bytes(), group.bytes()];
        let mut secrets = vec![marker, "lighthouse".into(), "ada test".into(), "rita root".into()];
        secrets.extend(ids.map(|id| data_encoding::HEXLOWER.encode(&id)));
        secrets.extend([ada.who.id().to_string(), group.to_string(), house.admin.id().to_string()]);
        let text = metrics(&address).await;
        assert_eq!(find_in(&secrets, text.to_lowercase().as_bytes()), BTreeSet::new(), "{text}");
        for label in ["ada", "bela", "root"] {
            assert!(!text.contains(&format!("=\"{label}\"")), "{text}");
        }
    }

    async fn the_listener_for_metrics_has_nothing_of_the_product_behind_it(kind) {
        let (plan, address) = measured(&Storage::new(kind));
        let house = House::build(plan, 0).await;
        let main = house.server.address();
        for path in ["/healthz", "/readyz"] {
            for place in [&main, &address] {
                until("it answers 200", async || get(place, path).await.0 == 200).await;
            }
        }
        for path in ["/", "/api/v1/server", "/api/v1/session", "/chats", "/assets/x.js"] {
            assert_eq!(get(&address, path).await, (404, String::new()), "{path}");
        }
        assert!(!get(&main, "/metrics").await.1.contains("chancery_messages"), "not where people are");
        let said = format!("{}{}", get(&address, "/healthz").await.1, get(&address, "/readyz").await.1);
        assert!(!said.contains("0.1") && !said.contains("sqlite") && !said.contains("postgres"), "{said}");
    }

    async fn wrong_addresses_for_metrics_are_named(kind) {
        let storage = Storage::new(kind);
        let plan = Plan::new(&storage);
        let own = plan.settings["CHANCERY_LISTEN"].clone();
        let refused = plan.clone().with("CHANCERY_METRICS_LISTEN", own).start_and_fail().await;
        assert!(refused.words().contains("metrics.listen"), "{}", refused.words());
        let network = plan.clone().with("CHANCERY_METRICS_LISTEN", "0.0.0.0:0");
        let refused = network.start_and_fail().await;
        assert!(refused.words().contains("metrics.on_network"), "{}", refused.words());
        plan.migrate().await;
        let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let there = taken.local_addr().unwrap().to_string();
        let refused = plan.with("CHANCERY_METRICS_LISTEN", there.clone()).start_and_fail().await;
        assert!(refused.words().contains(&there) && refused.words().contains("metrics.listen"), "{}", refused.words());
    }

    async fn the_overview_shows_what_goes_on(kind) {
        let house = House::with_people(kind, 2).await;
        let auditor = house.invite_and_redeem("otto", &[Role::Auditor]).await;
        let (mut ada, bela) = (house.connect(0).await, house.connect(1).await);
        let _second_device = Client::connect(&house.people[0]).await;
        let talk = ada.open_direct(bela.who.id()).await.unwrap().id;
        for number in 0..7 {
            ada.send(talk, &format!("message {number}")).await.unwrap();
        }
        let found = overview(&auditor, "span=hour").await;
        assert_eq!((found.now.connections, found.now.people_connected, found.now.people), (3, 2, 4));
        assert_eq!(found.now.messages.count, 7);
        assert_eq!(found.now.messages.since % 86_400_000_000, 0, "midnight UTC");
        assert!(found.node.name.ends_with(&format!(":{}", house.server.plan.port)), "{}", found.node.name);
        assert_eq!(found.node.one_of_several, kind == Database::Postgres);
        assert_eq!((found.series.step_seconds, found.series.connections.len()), (10, 360));
        assert_eq!(found.series.connections[0], None, "an hour ago there was no server: a gap, not zero");
        let day = overview(&auditor, "span=day").await.series;
        assert_eq!((day.span, day.step_seconds, day.delivery_p95.len()), (Span::Day, 300, 288));
        until("the last seconds are measured", async || {
            let now = overview(&auditor, "").await.now;
            now.delivery.is_some() && now.commit.is_some() && now.people_signed_in == Some(4)
        }).await;
        let now = overview(&auditor, "").await.now;
        let delivery = now.delivery.unwrap();
        assert!(delivery.p50 <= delivery.p95 && delivery.p95 <= delivery.p99, "{delivery:?}");
        until("a step is over", async || overview(&auditor, "").await.series.connections.last() == Some(&Some(3))).await;
        // Everything it stands on is in order, and says so.
        // How full the disk is here is not the server's doing.
        let parts = overview(&auditor, "").await.components;
        let names: Vec<ComponentName> = parts.iter().map(|part| part.name).collect();
        assert_eq!(names, [ComponentName::Database, ComponentName::Keys, ComponentName::Writer, ComponentName::Delivery, ComponentName::Search, ComponentName::Disk]);
        until("what was sent can be searched, and the index says so", async || {
            let parts = overview(&auditor, "").await.components;
            let index = parts.into_iter().find(|part| part.name == ComponentName::Search).unwrap();
            index.state == State::Ok
                && index.facts["state"] == Fact::Text("ready".into())
                && index.facts["messages"] == Fact::Number(7)
                && index.facts["lag"] == Fact::Number(0)
                && matches!(index.facts["disk_bytes"], Fact::Number(1..))
        }).await;
        let parts = overview(&auditor, "").await.components;
        assert!(parts.iter().all(|part| part.state == State::Ok || part.name == ComponentName::Disk), "{parts:?}");
        let since = found.at;
        assert_eq!(overview(&auditor, &format!("since={since}")).await.now.messages.count, 0);
        for (query, status) in [("since=1", 422), ("since=99999999999999999", 422), ("span=year", 400), ("x=1", 400)] {
            let refused = auditor.call::<Overview>(Method::GET, &format!("/overview?{query}"), None::<&()>).await.unwrap_err();
            assert_eq!(refused.status, status, "{query}: {refused:?}");
        }
    }

    async fn health_names_what_is_not_in_order_and_when_it_is_mended(kind) {
        let plan = Plan::new(&Storage::new(kind))
            .with("CHANCERY_LOG_LEVEL", "debug")
            .with("CHANCERY_DEMO", "true")
            .with("CHANCERY_METRICS_LISTEN", "0.0.0.0:0")
            .with("CHANCERY_METRICS_ON_NETWORK", "true");
        let house = House::build(plan, 0).await;
        until("both databases and the search index were asked", async || {
            let found = health(&house.admin).await;
            [CheckCode::Database, CheckCode::Keys, CheckCode::Search].iter().all(|code| state(&found, *code) == Some(State::Ok))
        }).await;
        let found = health(&house.admin).await;
        let mut sorted = found.checks.clone();
        sorted.sort_by_key(|check| (check.state, check.code));
        assert_eq!(found.checks, sorted, "worst first");
        for code in [CheckCode::Transport, CheckCode::MasterKeyPlace, CheckCode::KeyStorePlace, CheckCode::Administrators,
            CheckCode::Officers, CheckCode::Demo, CheckCode::LogLevel, CheckCode::Metrics] {
            assert_eq!(state(&found, code), Some(State::Warn), "{code:?}");
        }
        for code in [CheckCode::Writer, CheckCode::Delivery, CheckCode::OpenFiles, CheckCode::MasterKeyRights, CheckCode::Invitations] {
            assert_eq!(state(&found, code), Some(State::Ok), "{code:?}");
        }
        // The quick cluster of the tests does not wait for its disk.
        let durable = if kind == Database::Postgres { State::Bad } else { State::Ok };
        assert_eq!(state(&found, CheckCode::Durability), Some(durable));
        let of_postgres = (kind == Database::Postgres).then_some(State::Ok);
        for code in [CheckCode::DatabaseRole, CheckCode::DatabaseLine, CheckCode::Clock] {
            assert_eq!(state(&found, code), of_postgres, "{code:?}");
        }
        assert_eq!(state(&found, CheckCode::Certificate), None, "there is none");
        assert!(found.checks.iter().all(|check| check.mend.is_some() == (check.state != State::Ok)));

        let before = found.checks.iter().find(|check| check.code == CheckCode::Administrators).unwrap();
        assert_eq!(before.facts["count"], Fact::Number(1));
        house.invite_and_redeem("tara", &[Role::ItAdmin]).await;
        let found = health(&house.admin).await;
        let after = found.checks.iter().find(|check| check.code == CheckCode::Administrators).unwrap();
        assert_eq!((after.state, &after.facts["count"]), (State::Ok, &Fact::Number(2)));
        assert!(after.since > before.since);
        use std::os::unix::fs::PermissionsExt;
        let key = house.storage().data.join("master.key");
        std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).unwrap();
        assert_eq!(state(&health(&house.admin).await, CheckCode::MasterKeyRights), Some(State::Bad));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite_that_does_not_wait_for_the_disk_is_seen() {
    let plan = Plan::new(&Storage::new(Database::Sqlite)).with("UNSAFE_SYNCHRONOUS_OFF", "1");
    let house = House::build(plan, 0).await;
    until("it is seen", async || {
        state(&health(&house.admin).await, CheckCode::Durability) == Some(State::Bad)
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_durable_postgresql_is_in_order() {
    let house = House::durable(Database::Postgres, 0).await;
    until("it is seen", async || {
        state(&health(&house.admin).await, CheckCode::Durability) == Some(State::Ok)
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_is_not_ready_while_its_database_is_away() {
    let (plan, address) = measured(&Storage::durable(Database::Postgres));
    let mut house = House::build(plan, 0).await;
    let main = house.server.address();
    let ready =
        async |place: &str| readiness(place).await.is_some_and(|(status, said)| status == 200 && said.ready);
    for place in [&main, &address] {
        until("it is ready", async || ready(place).await).await;
    }
    let cluster = house.storage().cluster().clone();
    cluster.stop();
    for place in [&main, &address] {
        let said = until_some("it is not ready", async || {
            readiness(place).await.filter(|(status, _)| *status == 503).map(|(_, said)| said)
        })
        .await;
        assert!(!said.ready);
        until("both databases are named", async || {
            let (_, said) = readiness(place).await.unwrap();
            !said.parts[&ReadinessPart::Database] && !said.parts[&ReadinessPart::Keys]
        })
        .await;
        assert!(said.parts[&ReadinessPart::NotStopping] && said.parts[&ReadinessPart::Disk]);
        assert_eq!(get(place, "/healthz").await.0, 200, "the process lives");
    }
    assert_eq!(value(&metrics(&address).await, "chancery_ready"), 0.0);
    cluster.start_again();
    for place in [&main, &address] {
        until("it is ready again", async || ready(place).await).await;
    }
    assert_eq!(value(&metrics(&address).await, "chancery_ready"), 1.0);
    assert!(house.server.is_running());
    let log = house.server.log();
    assert!(log.contains("does not answer") && log.contains("answers again"), "{log}");
    assert!(!log.contains("/readyz"), "probes do not fill the log: {log}");
}

/// What fails in a socket's command is logged under the number of the upgrade, at whatever level.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lines_of_a_socket_carry_its_number() {
    let plan = Plan::new(&Storage::durable(Database::Postgres))
        .with("CHANCERY_LOG_FORMAT", "json")
        .with("CHANCERY_LOG_LEVEL", "error");
    let house = House::build(plan, 2).await;
    let mut ada = house.connect(0).await;
    let talk = ada.open_direct(house.people[1].id()).await.unwrap().id;
    house.storage().cluster().stop();
    assert_eq!(ada.history(talk).await.unwrap_err().code(), "storage_unavailable");
    let refused = house.people[0].session().await.unwrap_err();
    assert_eq!(refused.code(), "storage_unavailable");
    let log = house.server.log();
    let lines: Vec<serde_json::Value> =
        log.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    for name in ["socket", "request"] {
        let line = lines.iter().find(|line| line["span"]["name"] == name);
        let line = line.unwrap_or_else(|| panic!("no line of a {name} in\n{log}"));
        assert_eq!(line["level"], "ERROR");
        let id = line["span"]["id"].as_str().unwrap();
        assert!(
            id.split_once('-').is_some_and(|(process, number)| process.len() == 8 && !number.is_empty()),
            "{id}"
        );
    }
}
