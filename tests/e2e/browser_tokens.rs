//! Access tokens and bots, as an administrator makes them by keyboard. What the pages say is held against what a
//! token opens.

use std::collections::HashMap;

use chancery_ledger::Kind;
use chancery_protocol::SUBPROTOCOL;
use chancery_protocol::ids::PersonId;
use chancery_protocol::person::Role;
use chancery_tests::archive::Archive;
use chancery_tests::browser::Script;
use chancery_tests::client::Client;
use chancery_tests::database::{Database, Storage};
use chancery_tests::house::{House, NAMES, PASSWORD};
use chancery_tests::server::Plan;

/// A program that came in, and what it came in with.
#[derive(Default)]
struct Programs(HashMap<String, Client>);

impl Programs {
    /// Comes in with a token and writes to somebody: what became of it.
    async fn write(&mut self, house: &House, token: &str, to: PersonId, text: &str) -> String {
        let program = house.stranger().program(token, None);
        let mut client = match Client::offering(&program, SUBPROTOCOL).await {
            Ok(client) => client,
            Err(refused) => return format!("{:?}", refused.status),
        };
        let said = match client.open_direct(to).await {
            Ok(talk) => client.send(talk.id, text).await.map(drop),
            Err(failed) => Err(failed),
        };
        self.0.insert(token.to_owned(), client);
        said.map_or_else(|failed| failed.code().to_owned(), |()| "sent".to_owned())
    }

    /// Waits until it is cut off, and tries to come in again: the status of the refusal.
    async fn over(&mut self, house: &House, token: &str) -> String {
        self.0.remove(token).unwrap().wait_for_the_end().await;
        let program = house.stranger().program(token, None);
        match Client::offering(&program, SUBPROTOCOL).await {
            Ok(_) => "came in".to_owned(),
            Err(refused) => refused.status.unwrap_or_default().to_string(),
        }
    }
}

fn plan() -> (Plan, String) {
    let plan = Plan::new(&Storage::new(Database::Sqlite));
    let base = format!("http://localhost:{}", plan.port);
    (plan.with("CHANCERY_PUBLIC_URL", &base), base)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bot_gets_a_token_by_key_and_is_seen_as_one() {
    let (plan, base) = plan();
    let house = House::build(plan, 3).await;
    house.invite_and_redeem("olga", &[Role::ComplianceOfficer]).await;
    let person = |name: &str| house.people[NAMES.iter().position(|one| *one == name).unwrap()].id();
    let mut programs = Programs::default();
    let places = [("BASE", base), ("PASSWORD", PASSWORD.to_owned())];
    let mut script = Script::start("tokens.mjs", &places);
    while let Some(question) = script.next_question().await {
        let words: Vec<&str> = question.splitn(4, ' ').collect();
        let answer = match words[..] {
            ["write", token, to, text] => programs.write(&house, token, person(to), text).await,
            ["over", token] => programs.over(&house, token).await,
            ["suspend", name] => {
                house.admin.suspend(person(name)).await.unwrap();
                "done".to_owned()
            }
            _ => panic!("the script asks for {question:?}"),
        };
        script.answer(&answer).await;
    }
    let findings = script.findings();
    for (name, told) in [
        ("bot token copied", "true"),
        ("bot token is gone", "true"),
        ("bot writes", "sent"),
        ("bot revoked", "401"),
        ("reset of a bot", "0"),
        ("sources of a bot", "0"),
        ("sessions of a bot", "0"),
        ("officer sees tokens", "0"),
        ("officer is offered", "3"),
    ] {
        assert_eq!(findings[name], told, "{name}");
    }
    for name in ["rita", "ada", "olga"] {
        assert_eq!(findings[&format!("problems of {name}")], "[]");
    }
    let archive = Archive::read(house.storage());
    assert_eq!(archive.count(Kind::AccessTokenIssued), 1);
    assert_eq!(archive.count(Kind::BotOwnerSet), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_employee_keeps_tokens_in_the_console_and_a_guest_has_nothing_there() {
    let (plan, base) = plan();
    let house = House::build(plan, 2).await;
    house.invite_and_redeem("vera", &[Role::Guest]).await;
    let mut programs = Programs::default();
    let mut script = Script::start("own.mjs", &[("BASE", base), ("PASSWORD", PASSWORD.to_owned())]);
    while let Some(question) = script.next_question().await {
        let words: Vec<&str> = question.splitn(4, ' ').collect();
        let answer = match words[..] {
            ["write", token, "bela", text] => programs.write(&house, token, house.people[1].id(), text).await,
            ["over", token] => programs.over(&house, token).await,
            _ => panic!("the script asks for {question:?}"),
        };
        script.answer(&answer).await;
    }
    let findings = script.findings();
    for (name, told) in [
        ("tie to the chat", "false"),
        ("menu of ada", "Sign-in and security, Access tokens"),
        ("ada writes by it", "sent"),
        ("after the end", "401"),
        ("links of a guest", "0"),
        ("menu of a guest at /tokens", "0"),
        ("menu of a guest at /security", "0"),
        ("menu of a guest at /", "0"),
        ("own menu of a guest", "0"),
    ] {
        assert_eq!(findings[name], told, "{name}");
    }
    for name in ["ada", "ada at Access tokens", "ada at Passkeys and codes", "vera"] {
        assert_eq!(findings[&format!("problems of {name}")], "[]");
    }
}
