//! Encrypted lines: to the server, and from the server to its database.

use chancery_tests::base::new_folder;
use chancery_tests::database::{Database, Storage};
use chancery_tests::server::{Plan, Server};
use chancery_tests::tls::make_certificate;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_server_speaks_tls_with_its_own_certificate() {
    let folder = new_folder("tls");
    let certificate = make_certificate(&folder);
    let mut plan = Plan::new(&Storage::new(Database::Sqlite))
        .with("CHANCERY_TLS_CERTIFICATE", certificate.certificate.to_str().unwrap())
        .with("CHANCERY_TLS_KEY", certificate.key.to_str().unwrap());
    plan = plan.clone().with("CHANCERY_PUBLIC_URL", format!("https://localhost:{}", plan.port));
    let server = Server::start(plan).await;
    assert!(server.setup_link().await.starts_with("https://localhost:"));
    let _ = rustls::crypto::ring::default_provider().install_default();
    let authority = reqwest::Certificate::from_pem(&std::fs::read(&certificate.authority).unwrap()).unwrap();
    let client = reqwest::Client::builder().tls_certs_only([authority]).build().unwrap();
    let url = format!("https://localhost:{}/api/v1/server", server.plan.port);
    let answer = client.get(&url).send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 200);
    assert!(answer.headers().contains_key("strict-transport-security"));
    let stranger = reqwest::Client::builder().tls_certs_only([]).build().unwrap();
    assert!(stranger.get(&url).send().await.is_err(), "an unknown authority is not believed");
    let plain = reqwest::Client::new().get(url.replace("https", "http")).send().await;
    assert!(plain.is_err() || !plain.unwrap().status().is_success(), "no plain HTTP on this port");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_line_to_postgresql_is_verified_in_full() {
    let storage = Storage::new(Database::Postgres);
    let cluster = storage.cluster().clone();
    let verified = |database: &str, role: &str, host: &str, authority: &std::path::Path| {
        let port = cluster.port;
        let authority = authority.display();
        format!(
            "postgres://{role}:secret@{host}:{port}/{database}?sslmode=verify-full&sslrootcert={authority}"
        )
    };
    let plan = |host: &str, authority: &std::path::Path| {
        Plan::new(&storage)
            .with("CHANCERY_DATABASE_URL", verified(storage.main_database(), "chancery", host, authority))
            .with(
                "CHANCERY_DATABASE_MIGRATION_URL",
                verified(storage.main_database(), "chancery_owner", host, authority),
            )
            .with("CHANCERY_KEYS_URL", verified(storage.keys_database(), "chancery", host, authority))
    };
    let stranger = make_certificate(&new_folder("stranger"));
    let refused = plan("localhost", &stranger.authority).cli(&["migrate"]).await;
    assert!(!refused.status.success(), "a foreign authority is not believed");
    assert!(refused.words().contains("certificate"), "{}", refused.words());

    let server = Server::start(plan("localhost", cluster.authority())).await;
    let encrypted = "SELECT count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE usename = 'chancery' AND NOT ssl AND datname";
    let (main, keys) = (storage.main_database(), storage.keys_database());
    assert_eq!(storage.sql(&format!("{encrypted} IN ('{main}', '{keys}')")), "0");
    drop(server);
}
