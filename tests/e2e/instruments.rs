//! The instruments themselves: they must see what they are there to see.

use std::process::Command;

use chancery_tests::line::{Line, Mode};
use chancery_tests::patience::until;
use chancery_tests::postgres::{Cluster, Durability};
use chancery_tests::proxy::{CommitProxy, Cut};
use chancery_tests::scan::find_in;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

fn psql(port: u16, statements: &[&str]) -> bool {
    let mut psql = Command::new("psql");
    psql.arg(format!("postgres://app:secret@127.0.0.1:{port}/postgres?gssencmode=prefer"));
    psql.args(["-X", "-q", "-v", "ON_ERROR_STOP=1"]);
    for statement in statements {
        psql.args(["-c", statement]);
    }
    psql.output().unwrap().status.success()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_proxy_cuts_on_the_side_it_is_told_and_the_cluster_survives_a_crash() {
    let cluster = Cluster::start(Durability::Durable);
    cluster.sql("postgres", "CREATE TABLE journal_head (position int); INSERT INTO journal_head VALUES (0)");
    let proxy = CommitProxy::before(cluster.port).await;
    let port = proxy.address.port();
    let unit = ["BEGIN", "UPDATE journal_head SET position = position + 1", "COMMIT"];
    let position = || cluster.sql("postgres", "SELECT position FROM journal_head");

    assert!(tokio::task::block_in_place(|| psql(port, &unit)));
    assert_eq!((proxy.commits(), position().as_str()), (1, "1"));
    assert!(tokio::task::block_in_place(|| psql(port, &["BEGIN", "SELECT 1", "COMMIT"])));
    assert_eq!(proxy.commits(), 1, "only units count");

    proxy.arm(Cut::BeforeCommit);
    assert!(!tokio::task::block_in_place(|| psql(port, &unit)));
    assert_eq!((proxy.cut_before(), position().as_str()), (1, "1"), "the server never saw it");
    proxy.arm(Cut::AfterCommit);
    assert!(!tokio::task::block_in_place(|| psql(port, &unit)));
    until("the answer is swallowed", async || proxy.cut_after() == 1).await;
    assert_eq!(position(), "2", "it took effect");

    let before = cluster.postmaster();
    cluster.crash();
    assert!(!chancery_tests::process::is_alive(before));
    cluster.start_again();
    assert_eq!(position(), "2");
    assert!(cluster.log().contains("database system was not properly shut down"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_line_carries_swallows_and_cuts() {
    let echo = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let target = echo.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        while let Ok((mut near, _)) = echo.accept().await {
            tokio::spawn(async move {
                let (mut read, mut write) = near.split();
                tokio::io::copy(&mut read, &mut write).await
            });
        }
    });
    let line = Line::to(&target).await;
    let mut stream = tokio::net::TcpStream::connect(line.address).await.unwrap();
    let mut buffer = [0; 5];
    stream.write_all(b"hello").await.unwrap();
    stream.read_exact(&mut buffer).await.unwrap();
    assert_eq!(&buffer, b"hello");
    line.set(Mode::Cut);
    assert_eq!(stream.read(&mut buffer).await.unwrap_or(0), 0);
    let mut refused = tokio::net::TcpStream::connect(line.address).await.unwrap();
    assert_eq!(refused.read(&mut buffer).await.unwrap_or(0), 0);
    line.set(Mode::Open);
    let mut again = tokio::net::TcpStream::connect(line.address).await.unwrap();
    again.write_all(b"again").await.unwrap();
    again.read_exact(&mut buffer).await.unwrap();
    assert_eq!(&buffer, b"again");
}

#[test]
fn the_scan_sees_through_plain_disguises() {
    let marker = "mkabcdefghij0123".to_owned();
    let found = |bytes: &[u8]| find_in(std::slice::from_ref(&marker), bytes).len();
    assert_eq!(found(b"nothing here, mkabcdefghij012, nor here"), 0);
    assert_eq!(found(format!("xx{marker}yy").as_bytes()), 1);
    let wide: Vec<u8> = marker.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(found(&wide), 1);
    for around in ["", "a", "ab"] {
        let text = format!("{around}{marker}{around}");
        assert_eq!(found(data_encoding::BASE64.encode(text.as_bytes()).as_bytes()), 1, "{around:?}");
        assert_eq!(found(data_encoding::HEXUPPER.encode(text.as_bytes()).as_bytes()), 1);
    }
}
