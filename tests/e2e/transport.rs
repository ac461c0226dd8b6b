//! Encrypted lines: to the server, and from the server to its database.

use chancery_tests::base::new_folder;
use chancery_tests::database::{Database, Storage};
use chancery_tests::house::{House, PASSWORD};
use chancery_tests::http::http;
use chancery_tests::patience::until;
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_renewed_certificate_is_shown_without_a_restart() {
    let (folder, next) = (new_folder("tls"), new_folder("renewed"));
    let (first, second) = (make_certificate(&folder), make_certificate(&next));
    let mut plan = Plan::new(&Storage::new(Database::Sqlite))
        .with("CHANCERY_TLS_CERTIFICATE", first.certificate.to_str().unwrap())
        .with("CHANCERY_TLS_KEY", first.key.to_str().unwrap());
    plan = plan.clone().with("CHANCERY_PUBLIC_URL", format!("https://localhost:{}", plan.port));
    let server = Server::start(plan).await;
    let url = format!("https://localhost:{}/api/v1/server", server.plan.port);
    let _ = rustls::crypto::ring::default_provider().install_default();
    // A client of its own each time: an open line would go on with the old certificate, and may.
    let believed = async |authority: &std::path::Path| {
        let authority = reqwest::Certificate::from_pem(&std::fs::read(authority).unwrap()).unwrap();
        let client = reqwest::Client::builder().tls_certs_only([authority]).build().unwrap();
        client.get(&url).send().await.is_ok_and(|answer| answer.status().is_success())
    };
    assert!(believed(&first.authority).await && !believed(&second.authority).await);

    // Only half of the new pair is there.
    std::fs::copy(&second.certificate, &first.certificate).unwrap();
    server.hang_up();
    until("the fault is said", async || server.log().contains("the renewed certificate cannot be used"))
        .await;
    assert!(believed(&first.authority).await && !believed(&second.authority).await);

    std::fs::copy(&second.key, &first.key).unwrap();
    server.hang_up();
    until("the other certificate is shown", async || believed(&second.authority).await).await;
    assert!(!believed(&first.authority).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_the_word_of_a_trusted_proxy_counts() {
    for (trusted, header, expected) in [
        ("none", "x-forwarded-for", "127.0.0.1"),
        ("192.0.2.0/24", "x-forwarded-for", "127.0.0.1"),
        ("127.0.0.1, 192.0.2.0/24", "x-forwarded-for", "203.0.113.9"),
        ("127.0.0.1", "forwarded", "127.0.0.1"),
    ] {
        let plan = Plan::new(&Storage::new(Database::Sqlite))
            .with("CHANCERY_PROXIES_TRUSTED", trusted)
            .with("CHANCERY_PROXIES_HEADER", header);
        let house = House::build(plan, 1).await;
        let body = serde_json::json!({ "username": "ada", "password": PASSWORD });
        let answer = http()
            .post(format!("http://{}/api/v1/session", house.server.address()))
            .header("origin", house.server.public_url())
            .header("x-forwarded-for", "198.51.100.1, 203.0.113.9, 192.0.2.7")
            .json(&body)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status().as_u16(), 200);
        let sessions = house.people[0].sessions().await.unwrap().sessions;
        let newest = sessions.iter().max_by_key(|session| session.id).unwrap();
        assert_eq!(newest.address, expected, "{trusted}, {header}");
    }
}
