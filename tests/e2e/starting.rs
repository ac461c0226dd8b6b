//! Starting under wrong circumstances: each is named in a sentence that says how to mend it.

use chancery_tests::base::new_folder;
use chancery_tests::database::{self, Database, Storage};
use chancery_tests::house::House;
use chancery_tests::on_both_databases;
use chancery_tests::server::{Ended, Plan, Server};

#[track_caller]
fn assert_names(ended: &Ended, words: &[&str]) {
    let said = ended.words();
    assert!(said.contains("error: "), "{said}");
    assert!(!said.contains("panicked"), "{said}");
    for word in words {
        assert!(said.to_lowercase().contains(&word.to_lowercase()), "{word:?} is not in: {said}");
    }
}

on_both_databases! {
    async fn a_port_in_use_is_named(kind) {
        let first = Server::start(Plan::new(&Storage::new(kind))).await;
        let second = Plan::new(&Storage::new(kind)).with("CHANCERY_LISTEN", first.address());
        second.migrate().await;
        assert_names(&second.start_and_fail().await, &[&first.address()]);
    }

    async fn a_database_newer_than_the_binary_is_refused(kind) {
        let storage = Storage::new(kind);
        let plan = Plan::new(&storage);
        let mut server = Server::start(plan.clone()).await;
        server.stop().await;
        storage.sql("INSERT INTO __diesel_schema_migrations (version) VALUES ('20991231000001')");
        assert_names(&plan.start_and_fail().await, &["newer"]);
        let refused = plan.cli(&["migrate"]).await;
        assert!(!refused.status.success());
        assert_names(&refused, &["newer"]);
        storage.sql("DELETE FROM __diesel_schema_migrations WHERE version = '20991231000001'");
        Server::start(plan).await;
    }

    async fn a_missing_or_wrong_master_key_is_named(kind) {
        let mut house = House::with_people(kind, 0).await;
        house.server.stop().await;
        let (plan, data) = (house.server.plan.clone(), house.storage().data.clone());
        let (key, kept) = (data.join("master.key"), data.join("master.key.kept"));
        std::fs::rename(&key, &kept).unwrap();
        assert_names(&plan.start_and_fail().await, &["master.key"]);
        assert!(!key.exists(), "no new key is made where one must have been");

        let other = House::with_people(Database::Sqlite, 0).await;
        std::fs::copy(other.storage().data.join("master.key"), &key).unwrap();
        assert_names(&plan.start_and_fail().await, &["key"]);
        std::fs::write(&key, "nonsense").unwrap();
        assert_names(&plan.start_and_fail().await, &["master.key"]);

        std::fs::rename(&kept, &key).unwrap();
        house.server.start_again().await;
        house.admin.accounts().await.unwrap();
    }

    async fn a_missing_or_wrong_key_store_is_refused(kind) {
        let mut house = House::with_people(kind, 0).await;
        house.server.stop().await;
        let plan = house.server.plan.clone();
        let storage = house.storage().clone();
        let elsewhere = Storage::new(kind);
        drop(Server::start(Plan::new(&elsewhere)).await);
        match kind {
            Database::Sqlite => {
                let (keys, kept) = (storage.data.join("keys.db"), storage.data.join("kept"));
                std::fs::rename(&keys, &kept).unwrap();
                assert_names(&plan.start_and_fail().await, &["key"]);
                assert!(!keys.exists() || database::sqlite(&keys, "SELECT count(*) FROM data_keys").is_ok_and(|count| count == "0"));
                let _ = std::fs::remove_file(&keys);
                std::fs::copy(elsewhere.data.join("keys.db"), &keys).unwrap();
                std::fs::copy(elsewhere.data.join("master.key"), storage.data.join("other.key")).unwrap();
                let other_key = storage.data.join("other.key");
                let with_its_key = plan.clone().with("CHANCERY_KEYS_MASTER_KEY_FILE", other_key.to_str().unwrap());
                assert_names(&with_its_key.start_and_fail().await, &["key"]);
                for leftover in ["keys.db-wal", "keys.db-shm"] {
                    let _ = std::fs::remove_file(storage.data.join(leftover));
                }
                std::fs::rename(&kept, &keys).unwrap();
            }
            Database::Postgres => {
                let cluster = storage.cluster();
                let nowhere = cluster.url("chancery", "no_such_database");
                assert_names(&plan.clone().with("CHANCERY_KEYS_URL", nowhere).start_and_fail().await, &["keys"]);
                let wrong = cluster.url("chancery", elsewhere.keys_database());
                assert_names(&plan.clone().with("CHANCERY_KEYS_URL", wrong).start_and_fail().await, &["key"]);
            }
        }
        house.server.start_again().await;
        house.admin.accounts().await.unwrap();
    }

    async fn plain_http_is_for_loopback_only(kind) {
        let plan = Plan::new(&Storage::new(kind)).with("CHANCERY_LISTEN", "0.0.0.0:0");
        let refused = plan.cli(&["config", "check"]).await;
        assert!(!refused.status.success());
        assert_names(&refused, &["listen", "127.0.0.1", "tls"]);
        assert_names(&plan.start_and_fail().await, &["listen", "127.0.0.1", "tls"]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_servers_on_one_sqlite_folder_are_refused() {
    let storage = Storage::new(Database::Sqlite);
    let first = Server::start(Plan::new(&storage)).await;
    let ended = Plan::new(&storage).start_and_fail().await;
    assert_names(&ended, &[storage.data.to_str().unwrap()]);
    drop(first);
    Server::start(Plan::new(&storage)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgresql_that_is_not_there_or_not_migrated_is_named() {
    let storage = Storage::new(Database::Postgres);
    let plan = Plan::new(&storage);
    assert_names(&plan.start_and_fail().await, &["chancery migrate"]);
    let port = chancery_tests::process::free_port();
    let nobody =
        plan.clone().with("CHANCERY_DATABASE_URL", format!("postgres://chancery:secret@127.0.0.1:{port}/x"));
    let ended = nobody.start_and_fail().await;
    assert_names(&ended, &["database"]);
    assert!(!ended.words().contains("secret"), "passwords are not shown: {}", ended.words());
    plan.migrate().await;
    // A second time there is nothing left to do.
    plan.migrate().await;
    Server::start(plan).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_does_not_sync_is_warned_about() {
    let server = Server::start(Plan::new(&Storage::new(Database::Postgres))).await;
    let log = server.log();
    assert!(log.contains("WARN") && log.contains("fsync"), "{log}");
    let durable = Server::start(Plan::new(&Storage::durable(Database::Postgres))).await;
    assert!(!durable.log().contains("fsync"), "{}", durable.log());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_problem_of_the_configuration_is_named_at_once() {
    let folder = new_folder("configuration");
    let missing = folder.join("missing");
    let file = folder.join("chancery.toml");
    let text = format!(
        "listen = \"nowhere\"\nno_such_key = 1\n[session]\nhours = -1\n[log]\nformat = \"xml\"\n[keys]\nmaster_key_file_file = \"{}\"\n",
        missing.display()
    );
    std::fs::write(&file, text).unwrap();
    let plan =
        Plan::new(&Storage::new(Database::Sqlite)).without("CHANCERY_LISTEN").with("CHANCERY_NO_SUCH", "1");
    let refused = plan.cli(&["--config", file.to_str().unwrap(), "config", "check"]).await;
    assert!(!refused.status.success());
    let words = [
        "listen",
        "no_such_key",
        "session.hours",
        "log.format",
        missing.to_str().unwrap(),
        "CHANCERY_NO_SUCH",
    ];
    assert_names(&refused, &words);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_printed_configuration_hides_secrets_and_says_where_each_value_comes_from() {
    let storage = Storage::new(Database::Postgres);
    let plan = Plan::new(&storage).with("CHANCERY_ORGANISATION", "Brass & Sons");
    let printed = plan.cli(&["config", "print"]).await.expect_success();
    assert!(printed.contains("Brass & Sons") && printed.contains("CHANCERY_ORGANISATION"), "{printed}");
    // The name of a setting is none.
    assert!(!printed.replace("oauth_client_secret", "").contains("secret"), "{printed}");
    assert!(printed.contains("default"), "{printed}");
}
