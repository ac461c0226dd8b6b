//! The authorisation matrix: every route and every command against every role and against nobody.
//!
//! The tables say who may (of routes in `routes`); the server's own table (`chancery routes --json`) must name the same routes
//! and commands, so that neither grows alone. What may not be seen answers 404.

use std::collections::{BTreeMap, BTreeSet};

use chancery_protocol::audit::AuditPage;
use chancery_protocol::command::{self, Command};
use chancery_protocol::conversation::MemberRole;
use chancery_protocol::http::Sessions;
use chancery_protocol::ids::PersonId;
use chancery_protocol::person::{Presence, Role};
use chancery_protocol::policy::{Content, ItemKind};
use chancery_protocol::preferences::Preferences;
use chancery_protocol::search::{ComplianceFound, ComplianceSearch, SearchFilters};
use chancery_protocol::sources::{LinkIdentity, ScimSettings};
use chancery_protocol::tokens::Scope;
use chancery_tests::client::{Client, Failed, new_client_id, send_command};
use chancery_tests::database::Database;
use chancery_tests::groups::create_group;
use chancery_tests::house::{House, PASSWORD};
use chancery_tests::http::{Caller, refusal};
use chancery_tests::policy::asks;
use chancery_tests::scim::{NEVER, scim};
use chancery_tests::sign_on::oidc;
use chancery_tests::tokens::issue;
use reqwest::Method;
use serde::Deserialize;

mod routes;

use routes::{PHOTO, ROUTES, Who};

/// The group, as an id and as bytes of the database.
const GROUP: &str = "0199aaaabbbb7ccc8dddeeeeffff0001";

/// A run that read a source, likewise.
const SYNC: &str = "0199aaaabbbb7ccc8dddeeeeffff0002";

/// A line of the server's own table.
#[derive(Deserialize, Debug, Clone)]
struct Line {
    method: String,
    path: String,
    #[serde(default)]
    roles: Vec<String>,
}

async fn servers_table(house: &House) -> Vec<Line> {
    let said = house.server.cli(&["routes", "--json"]).await.expect_success();
    if said.trim_start().starts_with('[') {
        return serde_json::from_str(&said).unwrap();
    }
    said.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"))).collect()
}

/// `/api/v1/people/{person}/reset` and `/people/{target}/reset` are the same route.
fn shape(path: &str) -> String {
    let path = path.strip_prefix("/api/v1").unwrap_or(path);
    let path = path.split('?').next().unwrap_or(path);
    let parts = path.split('/').map(|part| if part.starts_with('{') { "{}" } else { part });
    parts.collect::<Vec<_>>().join("/")
}

fn is_command(line: &Line) -> bool {
    !["GET", "POST", "PUT", "PATCH", "DELETE"].contains(&line.method.to_uppercase().as_str())
}

/// One person for every role, each an employee too where the role alone could not chat.
async fn one_of_each_role(house: &House) -> Vec<(Role, String)> {
    let mut people = Vec::new();
    for role in Role::ALL {
        let username = format!("{role:?}").to_lowercase();
        let roles = if matches!(role, Role::Employee | Role::Guest) {
            vec![role]
        } else {
            vec![Role::Employee, role]
        };
        house.invite_and_redeem(&username, &roles).await;
        people.push((role, username));
    }
    people
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_tables_of_server_and_test_name_the_same_routes_and_commands() {
    let house = House::with_people(Database::Sqlite, 0).await;
    let table = servers_table(&house).await;
    let theirs: BTreeSet<_> = table
        .iter()
        .filter(|line| !is_command(line) && line.path.contains("/api/"))
        .map(|line| (line.method.to_uppercase(), shape(&line.path)))
        .collect();
    let mut ours: BTreeSet<_> =
        ROUTES.iter().map(|(method, path, ..)| ((*method).to_owned(), shape(path))).collect();
    ours.insert(("GET".to_owned(), "/socket".to_owned()));
    assert_eq!(theirs, ours);
    let commands: BTreeSet<_> =
        table.iter().filter(|line| is_command(line)).map(|line| line.path.as_str()).collect();
    assert_eq!(commands, Command::TAGS.iter().copied().collect());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_route_is_open_to_exactly_those_who_may() {
    let house = House::with_people(Database::Sqlite, 0).await;
    let people = one_of_each_role(&house).await;
    for (number, route) in ROUTES.iter().enumerate() {
        let (method, path, _, who) = *route;
        // Each call meets the same world: a target who is active and has one session.
        for (role, username) in &people {
            let target =
                house.invite_and_redeem(&format!("target-{number}-{username}"), &[Role::Employee]).await;
            let caller = house.stranger().sign_in(username, PASSWORD).await.unwrap();
            let status = call(&house, &caller, &target, route).await;
            let may = who.has(*role) && path != PHOTO;
            // A link that was never issued answers 410 to everybody, a wrong password 401.
            let refused = matches!(status, 401 | 403 | 404) && who != Who::Anybody;
            assert_eq!(refused, !may, "{role:?} {method} {path}: {status}");
            if !may {
                assert_eq!(status, 404, "{role:?} {method} {path}: what may not be seen is not there");
            }
        }
        let target = house.invite_and_redeem(&format!("target-{number}"), &[Role::Employee]).await;
        let status = call(&house, &house.stranger(), &target, route).await;
        if who == Who::Anybody {
            assert!(![403, 404, 405].contains(&status), "nobody in particular {method} {path}: {status}");
        } else {
            assert_eq!(status, 401, "nobody in particular {method} {path}");
        }
    }
}

async fn call(
    house: &House,
    caller: &Caller,
    target: &Caller,
    route: &(&str, &str, Option<&str>, Who),
) -> u16 {
    let (method, path, body, _) = *route;
    let own = match caller.sessions().await {
        Ok(sessions) => {
            sessions.sessions.iter().find(|session| session.current).map(|session| session.id.to_string())
        }
        Err(_) => None,
    };
    let mut theirs = String::new();
    if path.contains("{target session}") {
        let list: Result<Sessions, _> =
            house.admin.call(Method::GET, &format!("/people/{}/sessions", target.id()), None::<&()>).await;
        theirs = list.unwrap().sessions[0].id.to_string();
    }
    let own_token = if path.contains("{own token}") { token_of(caller).await } else { None };
    let target_token = if path.contains("{target token}") { token_of(target).await } else { None };
    let mut search = target.id().to_string();
    let mut message = target.id().to_string();
    if path.contains("{search}") {
        (search, message) = one_search(house, caller, target).await;
    }
    let source = if path.contains("{source}")
        || path.contains("{sync}")
        || body.is_some_and(|body| body.contains("{source}"))
    {
        let form = oidc(&format!("For {}", target.id()), "http://127.0.0.1:9", "app", "");
        house.admin.make_source(&form).await.unwrap().to_string()
    } else {
        String::new()
    };
    let (mut writing, mut token) = (String::new(), String::new());
    if path.contains("{writing}") {
        let form = scim(&format!("For {}", target.id()), ScimSettings::default());
        let id = house.admin.make_source(&form).await.unwrap();
        writing = id.to_string();
        token = house.admin.issue_token(id, "Token", false, NEVER).await.unwrap().id.to_string();
    }
    let linked = format!("linked-{}", target.id());
    if body.is_some_and(|body| body.contains("{linked}")) {
        let (source, subject) = (source.parse().unwrap(), linked.clone());
        let form = LinkIdentity { source, subject, person: target.id() };
        house.admin.tell(Method::POST, "/identities", Some(&form)).await.unwrap();
    }
    if path.contains("{group}") {
        // One is enough here; it may have been removed by then.
        house.storage().sql(&format!(
            "INSERT INTO people_groups (id, name, roles, created_at) SELECT x'{GROUP}', 'A group', 0, 1 \
             WHERE NOT EXISTS (SELECT 1 FROM people_groups WHERE id = x'{GROUP}')"
        ));
    }
    if path.contains("{attempt}") {
        // A row without its record: whoever may gets as far as missing that.
        house.storage().sql(&format!(
            "INSERT INTO waiting (attempt, author, conversation, at, state, put_away) \
             SELECT x'{GROUP}', x'{GROUP}', x'{GROUP}', 1, 1, FALSE \
             WHERE NOT EXISTS (SELECT 1 FROM waiting WHERE attempt = x'{GROUP}')"
        ));
    }
    if path.contains("{backtest}") {
        house.storage().sql(&format!(
            "INSERT INTO backtests (id, rule, state, asked_by, asked_at, first_position, last_position, position, \
             alive_at, plan) SELECT x'{GROUP}', 'cards', 2, x'{GROUP}', 1, 0, 0, 0, 1, x'00' \
             WHERE NOT EXISTS (SELECT 1 FROM backtests WHERE id = x'{GROUP}')"
        ));
    }
    if path.contains("{sync}") {
        // As if a directory had been read.
        house.storage().sql(&format!(
            "INSERT INTO syncs (id, source, dry, state, started_at, alive_at, ended_at, summary) \
             SELECT x'{SYNC}', id, TRUE, 2, 1, 1, 1, '{{}}' FROM sources \
             WHERE NOT EXISTS (SELECT 1 FROM syncs) LIMIT 1"
        ));
    }
    if path.contains("{list}") {
        // A word list of which there is neither a version nor a draft.
        house.storage().sql(
            "INSERT INTO policy_items (kind, name, place, version, in_force) SELECT 2, 'shares', 1, 0, FALSE \
             WHERE NOT EXISTS (SELECT 1 FROM policy_items WHERE name = 'shares')",
        );
    }
    let mut request = String::new();
    if path.contains("{request}") {
        let username = format!("asker-{}", target.id());
        let asker = house.invite_and_redeem(&username, &[Role::ComplianceOfficer]).await;
        let name = format!("list-{}", target.id());
        let content = Content::List { entries: vec!["hush".to_owned()] };
        let at = asker.save_policy_draft(&name, &content, None).await.unwrap();
        let items = vec![asks(ItemKind::List, &name, 0, true, Some(at))];
        request = asker.ask_for_policy(items, "So that it counts.").await.unwrap().to_string();
    }
    let asked = [("{officer's}", Role::ComplianceOfficer), ("{admin's}", Role::ItAdmin)];
    if let Some((_, role)) = asked.into_iter().find(|(name, _)| path.contains(name)) {
        let owner = house.invite_and_redeem(&format!("owner-{}", target.id()), &[role]).await;
        let form = oidc(&format!("For {}", target.id()), "http://127.0.0.1:9", "app", "");
        let source = house.admin.make_source(&form).await.unwrap();
        let waits = house.admin.link(source, "subject", owner.id()).await.unwrap();
        request = waits.unwrap().to_string();
    }
    let mut factor = target.id().to_string();
    if path.contains("{factor}")
        && let Some(me) = &caller.me
    {
        factor = caller.add_totp("Phone").await.1.id.to_string();
        assert_eq!(house.admin.factors_of(me.id).await.unwrap().factors.len(), 1);
    }
    let seen = if path.contains("{seen}") { something_seen(caller).await } else { 0 };
    let fill = |text: &str| {
        text.replace("{search}", &search)
            .replace("{seen}", &seen.to_string())
            .replace("{factor}", &factor)
            .replace("{request}", &request)
            .replace("{officer's}", &request)
            .replace("{admin's}", &request)
            .replace("{kind}", "list")
            .replace("{list}", "shares")
            .replace("{pack}", "gambling")
            .replace("{source}", &source)
            .replace("{writing}", &writing)
            .replace("{token}", &token)
            .replace("{linked}", &linked)
            .replace("{group}", GROUP)
            .replace("{attempt}", GROUP)
            .replace("{backtest}", GROUP)
            .replace("{sync}", SYNC)
            .replace("{message}", &message)
            .replace("{own session}", &own.clone().unwrap_or_else(|| target.id().to_string()))
            .replace("{target session}", &theirs)
            .replace("{own token}", &own_token.clone().unwrap_or_else(|| target.id().to_string()))
            .replace("{target token}", &target_token.clone().unwrap_or_default())
            .replace("{target}", &target.id().to_string())
            .replace("{fresh}", &format!("fresh-{}", target.id()))
    };
    let body = body.map(|body| fill(body).into_bytes());
    let response = caller.send(method.parse().unwrap(), &format!("/api/v1{}", fill(path)), body).await;
    refusal(response).await.status
}

/// A new access token of somebody, if they are signed in.
async fn token_of(who: &Caller) -> Option<String> {
    issue(who, &[Scope::MessagesRead]).await.ok().map(|issued| issued.id.to_string())
}

/// Where in the audit log the caller sees something; anywhere for those who may not.
async fn something_seen(caller: &Caller) -> u64 {
    let page: Result<AuditPage, _> = caller.call(Method::GET, "/audit?limit=1", None::<&()>).await;
    page.map_or(1, |page| page.entries[0].position)
}

/// A search the caller has run, when they may, and a message.
async fn one_search(house: &House, caller: &Caller, target: &Caller) -> (String, String) {
    let mut client = Client::connect(target).await;
    let talk = client.open_direct(house.admin.id()).await.unwrap().id;
    let message = client.send(talk, "hello").await.unwrap().record;
    let asked = ComplianceSearch {
        reason: "audit".into(),
        query: "hello".into(),
        filters: SearchFilters::default(),
        oldest_first: false,
        limit: None,
    };
    let found: Result<ComplianceFound, _> =
        caller.call(Method::POST, "/compliance/searches", Some(&asked)).await;
    let search = found.map_or(message, |found| found.search);
    (search.to_string(), message.to_string())
}

/// What a command is about in the matrix.
struct World {
    talk: chancery_protocol::ids::ConversationId,
    message: chancery_protocol::ids::RecordId,
    other: PersonId,
}

fn command_of(tag: &str, world: &World) -> Command {
    let (client_id, conversation, message) = (new_client_id(), world.talk, world.message);
    match tag {
        "ping" => command::Ping {}.into(),
        "history" => command::History { conversation, before: None, limit: 5 }.into(),
        "fill" => command::Fill { conversation, after: 0 }.into(),
        "members" => command::Members { conversation }.into(),
        "find_people" => command::FindPeople { text: String::new(), limit: 5 }.into(),
        "people" => command::People { ids: vec![world.other] }.into(),
        "send" => send_command(conversation, "hello", client_id).into(),
        "edit" => command::Edit { client_id, conversation, message, text: "x".into() }.into(),
        "confirm" => {
            let command = Box::new(send_command(conversation, "hello", client_id).into());
            command::Confirm { token: String::new(), reason: "a reason that will do".into(), command }.into()
        }
        "attempts" => command::Attempts { conversation }.into(),
        "take_back" => command::TakeBack { client_id, attempt: message }.into(),
        "delete" => command::Delete { client_id, conversation, message }.into(),
        "restore" => command::Restore { client_id, conversation, message }.into(),
        "react" => {
            command::React { client_id, conversation, message, reaction: "done".into(), on: true }.into()
        }
        "acknowledge" => command::Acknowledge { client_id, conversation, message }.into(),
        "open_direct" => command::OpenDirect { client_id, person: world.other }.into(),
        "line" => command::Line { conversation }.into(),
        "find_open" => command::FindOpen { text: String::new(), limit: 5 }.into(),
        "create_group" => create_group("G", None, false, vec![]).into(),
        "describe" => {
            command::Describe { client_id, conversation, name: Some("H".into()), topic: None, open: None }
                .into()
        }
        "add_members" => command::AddMembers { client_id, conversation, people: vec![world.other] }.into(),
        "join" => command::Join { client_id, conversation }.into(),
        "remove_member" => command::RemoveMember { client_id, conversation, person: world.other }.into(),
        "set_member_role" => {
            let role = MemberRole::Poster;
            command::SetMemberRole { client_id, conversation, person: world.other, role }.into()
        }
        "mark" => command::Mark { conversation, read: 1 }.into(),
        "received" => {
            let marks = vec![command::Reached { conversation, ordinal: 1 }];
            command::Received { marks }.into()
        }
        "watch_marks" => command::WatchMarks { conversation: Some(conversation) }.into(),
        "typing" => command::Typing { conversation }.into(),
        "watch" => command::Watch { people: vec![] }.into(),
        "set_presence" => command::SetPresence { presence: Presence::Busy }.into(),
        "set_status" => command::SetStatus { client_id, text: "here".into() }.into(),
        "save_preferences" => {
            let preferences = Preferences::default();
            command::SavePreferences { revision: 0, preferences }.into()
        }
        "save_draft" => command::SaveDraft { conversation, text: "…".into(), urgent: false }.into(),
        other => panic!("the matrix does not know the command {other}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_command_is_open_to_exactly_those_who_may() {
    let house = House::with_people(Database::Sqlite, 1).await;
    let people = one_of_each_role(&house).await;
    let table: BTreeMap<String, Vec<String>> = servers_table(&house)
        .await
        .into_iter()
        .filter(is_command)
        .map(|line| (line.path, line.roles))
        .collect();
    for (role, username) in people {
        let caller = house.stranger().sign_in(&username, PASSWORD).await.unwrap();
        let roles = caller.session().await.unwrap().roles;
        // Their own talk is made by a colleague, for not everybody may begin one.
        let mut ada = house.connect(0).await;
        let talk = ada.create_group(&format!("With {username}"), &[caller.id()]).await.unwrap().id;
        let message = ada.send(talk, "a message of a colleague").await.unwrap().record;
        let mut client = Client::connect(&caller).await;
        let mut world = World { talk, message, other: house.people[0].id() };
        if let Ok(own) = client.send(talk, "my own").await {
            world.message = own.record;
        }
        for tag in Command::TAGS {
            let may = table[*tag].iter().any(|name| roles.iter().any(|role| wire(*role) == *name));
            let answer = client.ask(command_of(tag, &world)).await;
            if let Err(Failed::LineEnded(problem)) = &answer {
                panic!("{role:?} {tag}: {problem}");
            }
            let hidden = answer.as_ref().is_err_and(|failed| failed.code() == "not_found");
            assert_eq!(hidden, !may, "{role:?} {tag}: {answer:?}");
        }
    }
}

fn wire(role: Role) -> String {
    serde_json::to_value(role).unwrap().as_str().unwrap().to_owned()
}
