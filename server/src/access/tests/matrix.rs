//! The authorisation matrix: every route against every role, generated from the table of routes.

use std::collections::BTreeSet;

use chancery_protocol::tokens::{IssueAccessToken, Scope};

use super::*;
use crate::access::accounts::By;
use crate::access::{Act, Level, Route, decide, routes};
use crate::directory::Roles;
use crate::directory::records::Via;
use crate::ground::http::origin::is_unsafe;

on_both_databases! {
    async fn every_route_against_every_role;
    async fn nothing_is_changed_from_a_foreign_page_or_without_the_token;
    async fn a_wrong_method_and_a_wrong_id_are_told_apart_from_nothing_else;
}

/// Routes anybody may use. This list may only shrink.
const PUBLIC: [&str; 6] = [
    "POST /links/inspect",
    "POST /links/redeem",
    "POST /session",
    "POST /session/begin",
    "POST /session/return",
    "POST /session/second",
];

/// All roles that one person can have at once.
fn duties() -> Vec<Role> {
    Role::ALL.into_iter().filter(|role| *role != Role::Guest).collect()
}

fn role_sets() -> Vec<Vec<Role>> {
    let mut sets: Vec<Vec<Role>> = Role::ALL.iter().map(|role| vec![*role]).collect();
    sets.push(vec![Role::Employee, Role::ItAdmin]);
    sets.push(duties());
    sets
}

fn name(route: &Route) -> String {
    format!("{} {}", route.method, route.path)
}

/// A caller, and somebody else with a session to act upon.
struct Scene {
    caller: Started,
    path: String,
}

fn scene(house: &House, path: &str, roles: &[Role], number: usize) -> Scene {
    let caller = house.invite(&format!("caller-{number}"), roles);
    let caller = house.session(caller);
    let own = caller.info.session;
    let mut path = path.to_owned();
    let (mut session, mut whose) = (own, caller.info.me.id);
    if path.contains("{person}") || path.contains("{bot}") {
        whose = house.invite(&format!("other-{number}"), &[Role::Employee]);
        session = house.session(whose).info.session;
        path = path.replace("{person}", &whose.to_string()).replace("{bot}", &whose.to_string());
    }
    if path.contains("{token}") {
        let form = IssueAccessToken {
            name: "Token".into(),
            scopes: vec![Scope::MessagesRead],
            expires_at: house.clock.now() + 1_000_000,
        };
        let by = By { actor: Some(whose), via: Via::Web };
        path = path.replace("{token}", &house.access.issue_token(whose, &form, by).unwrap().id.to_string());
    }
    Scene { caller, path: path.replace("{session}", &session.to_string()) }
}

/// The request as our page would send it, with a body that is JSON and nothing more.
fn ask(route: &Route, path: &str, session: Option<&Started>) -> TestRequest {
    json(request(&route.method, path, session), &serde_json::json!({}))
}

async fn every_route_against_every_role(kind: Database) {
    let house = Arc::new(House::new(kind));
    let app = app!(house);
    let mut number = 0;
    for route in routes() {
        for roles in role_sets() {
            number += 1;
            let (here, table, set) = (Arc::clone(&house), route.path, roles.clone());
            let scene = off(move || scene(&here, table, &set, number)).await;
            let answer = call_service(&app, ask(&route, &scene.path, Some(&scene.caller)).to_request()).await;
            let status = answer.status().as_u16();
            let code = code_of(answer).await;
            let what = format!("{} as {roles:?}: {status} {code}", name(&route));
            match route.level {
                Level::Act(act) if !decide(Roles::of(&roles), act) => {
                    assert_eq!((status, code.as_str()), (404, "not_found"), "{what}");
                }
                // Whoever calls, it proves nothing.
                Level::Machine => assert!(matches!(status, 400 | 404), "{what}"),
                _ => {
                    let fine = (200..300).contains(&status) || matches!(status, 400 | 409 | 410 | 422);
                    assert!(fine, "{what}");
                }
            }
        }
        let path = route.path.replace("{person}", &uuid()).replace("{session}", &uuid());
        let answer = call_service(&app, ask(&route, &path, None).to_request()).await;
        let (status, code) = (answer.status().as_u16(), code_of(answer).await);
        match route.level {
            Level::Public => {
                assert!(!matches!(status, 401 | 403 | 404), "{} signed out: {status}", name(&route))
            }
            Level::Machine => assert!(matches!(status, 400 | 404), "{} signed out: {status}", name(&route)),
            Level::Act(_) => {
                assert_eq!((status, code.as_str()), (401, "signed_out"), "{} signed out", name(&route));
            }
        }
    }
}

async fn nothing_is_changed_from_a_foreign_page_or_without_the_token(kind: Database) {
    let house = Arc::new(House::new(kind));
    let app = app!(house);
    let setting = Arc::clone(&house);
    let (admin, stranger) = off(move || {
        let admin = setting.invite("admin", &duties());
        let stranger = setting.invite("stranger", &[Role::Employee]);
        (setting.session(admin), setting.session(stranger))
    })
    .await;
    let from_pages = |route: &&Route| is_unsafe(&route.method) && route.level != Level::Machine;
    for route in routes().iter().filter(from_pages) {
        let path = route
            .path
            .replace("{person}", &stranger.info.me.id.to_string())
            .replace("{session}", &stranger.info.session.to_string());
        let cookie = ("cookie", format!("{COOKIE}={}", admin.token.text()));
        let bare = || {
            TestRequest::with_uri(&format!("/api/v1{path}"))
                .method(route.method.clone())
                .insert_header(cookie.clone())
        };
        let token = (CSRF_HEADER, admin.info.csrf.clone());
        let foreign = "https://evil.example";
        let mut tries = vec![
            ("no origin", bare().insert_header(token.clone()), "foreign_origin"),
            (
                "foreign origin",
                bare().insert_header(token).insert_header((ORIGIN, foreign)),
                "foreign_origin",
            ),
        ];
        if route.level != Level::Public {
            let own = || bare().insert_header((ORIGIN, OWN));
            let theirs = (CSRF_HEADER, stranger.info.csrf.clone());
            tries.push(("no token", own(), "csrf_failed"));
            tries.push(("another's token", own().insert_header(theirs), "csrf_failed"));
            tries.push(("empty token", own().insert_header((CSRF_HEADER, "")), "csrf_failed"));
        }
        for (what, request, expected) in tries {
            let answer = call_service(&app, request.to_request()).await;
            let (status, code) = (answer.status().as_u16(), code_of(answer).await);
            assert_eq!((status, code.as_str()), (403, expected), "{} with {what}", name(route));
        }
    }
    assert_eq!(house.running(admin.info.me.id).len(), 1);
    assert_eq!(house.running(stranger.info.me.id).len(), 1);
}

async fn a_wrong_method_and_a_wrong_id_are_told_apart_from_nothing_else(kind: Database) {
    let house = Arc::new(House::new(kind));
    let app = app!(house);
    let setting = Arc::clone(&house);
    let admin = off(move || {
        let admin = setting.invite("admin", &duties());
        setting.session(admin)
    })
    .await;
    let asked = request(&Method::PUT, "/sessions", Some(&admin)).to_request();
    assert_eq!(code_of(call_service(&app, asked).await).await, "method_not_allowed");
    let asked = request(&Method::POST, "/people/nobody/suspend", Some(&admin)).to_request();
    assert_eq!(code_of(call_service(&app, asked).await).await, "not_found");
    let asked = request(&Method::POST, &format!("/people/{}/suspend", uuid()), Some(&admin)).to_request();
    assert_eq!(code_of(call_service(&app, asked).await).await, "person_not_found");
}

#[actix_web::test]
async fn what_is_public_may_only_become_less() {
    let public: BTreeSet<String> =
        routes().iter().filter(|route| route.level == Level::Public).map(name).collect();
    let machine = |route: &&Route| route.level == Level::Machine;
    assert_eq!(
        routes().iter().filter(machine).map(name).collect::<Vec<_>>(),
        ["POST /sources/{source}/logout"]
    );
    assert_eq!(public, PUBLIC.into_iter().map(str::to_owned).collect());
    for route in routes().iter().filter(|route| route.path.starts_with("/people")) {
        let Level::Act(act) = route.level else { panic!("{} is public", name(route)) };
        let readers = Roles::of(&[Role::ItAdmin, Role::ComplianceOfficer, Role::ComplianceLead]);
        let reads = ["GET /people", "GET /people/{person}"].contains(&name(route).as_str());
        let expected = if reads { readers } else { Roles::of(&[Role::ItAdmin]) };
        assert_eq!(act.roles(), expected, "{}", name(route));
    }
    assert!(routes().iter().all(|route| route.level != Level::Act(Act::OpenSocket)));
}

#[actix_web::test]
async fn the_table_is_the_one_the_protocol_documents() {
    let documented: BTreeSet<String> = include_str!("../../../../protocol/src/http.rs")
        .lines()
        .filter_map(|line| line.strip_prefix("//! | `"))
        .filter_map(|line| line.split('`').next())
        .filter(|route| !["GET /server", "GET /socket"].contains(route))
        .map(str::to_owned)
        .collect();
    assert!(!documented.is_empty());
    let all = crate::routes::all();
    assert_eq!(all.iter().map(name).collect::<BTreeSet<_>>(), documented);
    assert_eq!(all.len(), documented.len(), "no route stands twice");
}

fn uuid() -> String {
    uuid::Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001).to_string()
}
