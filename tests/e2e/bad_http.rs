//! Requests nobody should send over plain HTTP, and what every answer carries.

use chancery_protocol::problem::Problem;
use chancery_tests::database::Database;
use chancery_tests::house::House;
use chancery_tests::http::{http, refusal};
use reqwest::Method;

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

#[tokio::test]
async fn anybody_may_know_the_name_of_the_house_and_nothing_else() {
    let house = House::with_people(Database::Sqlite, 1).await;
    let info = house.stranger().send(Method::GET, "/api/v1/server", None).await.text().await.unwrap();
    let info: chancery_protocol::http::ServerInfo = serde_json::from_str(&info).unwrap();
    assert_eq!(info.organisation, "Chancery");
    assert!(!info.demo);
    assert_eq!(house.stranger().session().await.unwrap_err().code(), "signed_out");
}
