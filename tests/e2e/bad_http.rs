//! Requests nobody should send over plain HTTP, and what every answer carries.

use chancery_protocol::problem::Problem;
use chancery_tests::database::Database;
use chancery_tests::house::House;
use chancery_tests::http::{http, refusal};
use chancery_tests::patience::in_time;
use reqwest::Method;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

#[tokio::test]
async fn every_refusal_is_a_problem_document() {
    let house = House::with_people(Database::Sqlite, 1).await;
    let ada = &house.people[0];
    for (method, path, body, status, code) in [
        (Method::POST, "/api/v1/session", Some("{"), 400, "bad_request"),
        (Method::POST, "/api/v1/session", Some("{}"), 400, "bad_request"),
        (
            Method::POST,
            "/api/v1/session",
            Some(r#"{"username":"a","password":"b","x":1}"#),
            400,
            "bad_request",
        ),
        (Method::POST, "/api/v1/session", None, 400, "bad_request"),
        (Method::GET, "/api/v1/nowhere", None, 404, "not_found"),
        (Method::GET, "/api/v2/session", None, 404, "not_found"),
        (Method::PATCH, "/api/v1/session", None, 405, "method_not_allowed"),
        (Method::DELETE, "/api/v1/sessions/not-an-id", None, 404, "not_found"),
    ] {
        let response = ada.send(method.clone(), path, body.map(|body| body.as_bytes().to_vec())).await;
        let kind = response.headers().get("content-type").map(|value| value.to_str().unwrap().to_owned());
        let refused = refusal(response).await;
        assert_eq!((refused.status, refused.code()), (status, code), "{method} {path} {body:?}");
        assert_eq!(kind.as_deref(), Some("application/problem+json"), "{method} {path}");
        let problem: Problem = refused.problem.unwrap();
        assert_eq!(problem.kind, format!("urn:chancery:problem:{code}"));
    }
}

#[tokio::test]
async fn long_bodies_and_invalid_utf_8_are_refused() {
    let house = House::with_people(Database::Sqlite, 1).await;
    let ada = &house.people[0];
    let long = format!(r#"{{"username":"{}","password":"x"}}"#, "a".repeat(2_000_000));
    let refused =
        refusal(ada.signed_out().send(Method::POST, "/api/v1/session", Some(long.into())).await).await;
    assert_eq!((refused.status, refused.code()), (413, "payload_too_large"));
    let broken = b"{\"username\":\"a\xff\",\"password\":\"x\"}".to_vec();
    let refused = refusal(ada.signed_out().send(Method::POST, "/api/v1/session", Some(broken)).await).await;
    assert_eq!((refused.status, refused.code()), (400, "bad_request"));
    let password = "p".repeat(2_000);
    let refused = house.stranger().sign_in("ada", &password).await.unwrap_err();
    assert!(matches!(refused.status, 401 | 422), "{refused:?}");
}

#[tokio::test]
async fn pages_and_answers_carry_the_strict_headers() {
    let house = House::with_people(Database::Sqlite, 1).await;
    for path in ["/", "/sign-in", "/link", "/chats", "/chats/new", "/settings/devices"] {
        let page = http().get(format!("http://{}{path}", house.server.address())).send().await.unwrap();
        assert_eq!(page.status().as_u16(), 200, "{path}");
        let header = |name: &str| {
            page.headers().get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
        };
        let policy = header("content-security-policy");
        for part in [
            "default-src 'none'",
            "script-src 'self' 'wasm-unsafe-eval'",
            "frame-ancestors 'none'",
            "connect-src 'self'",
        ] {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        assert!(!policy.contains("'unsafe-inline'") && !policy.contains("'unsafe-eval'"), "{policy}");
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("referrer-policy"), "no-referrer");
        let html = page.text().await.unwrap();
        assert!(!html.contains("<style") && !html.contains("style="), "{path} has inline styles");
    }
    let answer = house.people[0].send(Method::GET, "/api/v1/session", None).await;
    assert!(answer.headers()["cache-control"].to_str().unwrap().contains("no-store"));
    let missing =
        http().get(format!("http://{}/assets/none.js", house.server.address())).send().await.unwrap();
    assert_eq!(missing.status().as_u16(), 404);
}

#[tokio::test]
async fn assets_are_compressed_and_kept() {
    let house = House::with_people(Database::Sqlite, 0).await;
    let base = format!("http://{}", house.server.address());
    let html = http().get(&base).send().await.unwrap().text().await.unwrap();
    let assets: Vec<_> = html.split('"').filter(|part| part.starts_with("/assets/")).collect();
    assert!(!assets.is_empty(), "{html}");
    for asset in assets {
        let packed =
            http().get(format!("{base}{asset}")).header("accept-encoding", "br").send().await.unwrap();
        assert_eq!(packed.status().as_u16(), 200, "{asset}");
        assert!(packed.headers()["cache-control"].to_str().unwrap().contains("immutable"), "{asset}");
        let plain =
            http().get(format!("{base}{asset}")).header("accept-encoding", "identity").send().await.unwrap();
        assert!(plain.headers().get("content-encoding").is_none(), "{asset}");
        assert!(packed.headers()["vary"].to_str().unwrap().to_lowercase().contains("accept-encoding"));
    }
}

/// Sends a request line exactly as it is, which no HTTP library would; status and body of the answer.
async fn get_as_written(address: &str, path: &str) -> (u16, Vec<u8>) {
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    in_time(path, stream.read_to_end(&mut answer)).await.unwrap();
    let head = answer.windows(4).position(|end| end == b"\r\n\r\n").unwrap() + 4;
    let line = String::from_utf8_lossy(&answer[..head]).into_owned();
    let status = line.split(' ').nth(1).and_then(|status| status.parse().ok());
    (status.unwrap_or_else(|| panic!("{path}: {line}")), answer.split_off(head))
}

#[tokio::test]
async fn a_path_never_leaves_the_assets() {
    let house = House::with_people(Database::Sqlite, 0).await;
    let address = house.server.address();
    let (status, page) = get_as_written(&address, "/").await;
    assert_eq!(status, 200);
    // The data folder is where the server stands, so a path that left the assets would find the first of these.
    assert!(house.storage().data.join("master.key").is_file());
    for up in
        ["..", "%2e%2e", "%2E.", "..%2f..", "%2e%2e%2f%2e%2e", "..%5c..", "....//..", "%252e%252e", ".", ""]
    {
        for file in ["master.key", "chancery.db", "index.html", "Cargo.toml", "etc/passwd"] {
            for prefix in ["/assets/", "/assets/x/../", "/api/v1/", "/api/../assets/"] {
                for times in [1, 4, 12] {
                    let path = format!("{prefix}{}{file}", format!("{up}/").repeat(times));
                    let (status, body) = get_as_written(&address, &path).await;
                    assert!(matches!(status, 400 | 404), "{path}: {status}");
                    assert_ne!(body, page, "{path}");
                }
            }
            // Elsewhere every address is a page, which is one and the same.
            let (status, body) = get_as_written(&address, &format!("/{up}/{file}")).await;
            assert!(matches!(status, 400 | 404) || (status == 200 && body == page), "/{up}/{file}: {status}");
        }
    }
    for path in ["/assets/\0", "/assets/%00", "/assets/..", "/assets/", "/assets//etc/passwd"] {
        let (status, _) = get_as_written(&address, path).await;
        assert!(matches!(status, 400 | 404), "{path}: {status}");
    }
}

#[tokio::test]
async fn anybody_may_know_the_name_of_the_house_and_nothing_else() {
    let house = House::with_people(Database::Sqlite, 1).await;
    let info = house.stranger().send(Method::GET, "/api/v1/server", None).await.text().await.unwrap();
    let info: chancery_protocol::http::ServerInfo = serde_json::from_str(&info).unwrap();
    assert_eq!(info.organisation, "Chancery");
    assert!(!info.demo);
    assert_eq!(house.stranger().session().await.unwrap_err().code(), "signed_out");
}
