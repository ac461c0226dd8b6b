//! Programs act by access tokens: for a person, or as a bot; within scopes, for a time, until somebody revokes them.

use chancery_ledger::Kind;
use chancery_protocol::SUBPROTOCOL;
use chancery_protocol::accounts::{BulkAct, BulkOutcome};
use chancery_protocol::command;
use chancery_protocol::frame::Goodbye;
use chancery_protocol::http::Sessions;
use chancery_protocol::ids::Id;
use chancery_protocol::operations::{CheckCode, Health, State};
use chancery_protocol::person::Role;
use chancery_protocol::search::OwnSearch;
use chancery_protocol::tokens::{IssueAccessToken, MAX_TOKENS, Scope, SetBotOwner};
use chancery_tests::archive::Archive;
use chancery_tests::client::Client;
use chancery_tests::database::{Database, Storage};
use chancery_tests::house::{House, PASSWORD};
use chancery_tests::http::{Caller, Refusal};
use chancery_tests::on_both_databases;
use chancery_tests::server::Plan;
use chancery_tests::tokens::{in_days, issue, issue_to, make_bot, month, own};
use reqwest::Method;

async fn get(who: &Caller, path: &str) -> Result<(), Refusal> {
    who.call::<serde_json::Value>(Method::GET, path, None::<&()>).await.map(drop)
}

async fn revoke(who: &Caller, path: &str) -> Result<(), Refusal> {
    who.tell(Method::DELETE, path, None::<&()>).await
}

/// Code of a refusal.
fn refused<T>(result: Result<T, Refusal>) -> String {
    result.err().expect("it was allowed").code().to_owned()
}

on_both_databases! {
    async fn a_token_does_what_its_scopes_say_and_no_more(kind) {
        let house = House::with_people(kind, 2).await;
        let ada = &house.people[0];
        let issued = issue(ada, &[Scope::MessagesRead]).await.unwrap();
        assert!(issued.token.starts_with("cha_"), "{}", issued.token);
        let listed = own(ada).await.unwrap();
        assert_eq!(listed.longest_days, 365);
        let listed = &listed.tokens[..];
        assert_eq!((listed.len(), listed[0].id, listed[0].name.as_str()), (1, issued.id, "Robot"));
        assert_eq!((&listed[0].scopes[..], listed[0].last_used_at), (&[Scope::MessagesRead][..], None));
        // It is no device one is signed in on.
        assert_eq!(ada.sessions().await.unwrap().sessions.len(), 1);

        let mut there = house.connect(0).await;
        let talk = there.open_direct(house.people[1].id()).await.unwrap().id;
        there.send(talk, "the alder price is 14").await.unwrap();
        let program = ada.program(&issued.token, ada.me.clone());
        let mut robot = Client::offering(&program, SUBPROTOCOL).await.unwrap();
        assert_eq!(robot.hello.me.id, ada.id());
        assert_eq!(robot.history(talk).await.unwrap().entries.len(), 2, "its beginning, and what was said");
        for (code, failed) in [
            ("scope_missing", robot.send(talk, "may I?").await.err()),
            ("scope_missing", robot.create_group("May I?", &[]).await.err()),
            ("scope_missing", robot.ask(command::FindPeople { text: "b".into(), limit: 5 }).await.err()),
        ] {
            assert_eq!(failed.unwrap().code(), code);
        }
        let asked = OwnSearch { query: "alder".into(), ..OwnSearch::default() };
        program.call::<serde_json::Value>(Method::POST, "/search", Some(&asked)).await.unwrap();
        // Nothing that leads further, whatever its scopes are.
        let all = issue(ada, Scope::ALL).await.unwrap();
        let all = ada.program(&all.token, ada.me.clone());
        for path in ["/session", "/sessions", "/tokens", "/session/confirm"] {
            assert_eq!(refused(get(&all, path).await), "scope_missing", "{path}");
        }
        assert_eq!(refused(issue(&all, &[Scope::MessagesRead]).await), "scope_missing");
        assert_eq!(refused(all.change_password(PASSWORD, "another long password").await), "scope_missing");
        // No more than its person may.
        assert_eq!(get(&all, "/people").await.unwrap_err().status, 404);
        let mut all = Client::offering(&all, SUBPROTOCOL).await.unwrap();
        all.send(talk, "with all scopes").await.unwrap();
        assert!(own(ada).await.unwrap().tokens.iter().any(|token| token.last_used_at.is_some()));
        let archive = Archive::read(house.storage());
        assert_eq!(archive.count(Kind::AccessTokenIssued), 2);
    }

    async fn a_revoked_token_is_over_at_once_everywhere(kind) {
        let house = House::with_people(kind, 2).await;
        let ada = &house.people[0];
        let [first, second, third] = [
            issue(ada, Scope::ALL).await.unwrap(),
            issue(ada, Scope::ALL).await.unwrap(),
            issue(ada, Scope::ALL).await.unwrap(),
        ];
        let program = |token: &str| ada.program(token, ada.me.clone());
        let mut open = Client::offering(&program(&first.token), SUBPROTOCOL).await.unwrap();
        revoke(ada, &format!("/tokens/{}", first.id)).await.unwrap();
        open.wait_for_the_end().await;
        assert_eq!(open.goodbye, Some(Goodbye::SessionEnded));
        let again = Client::offering(&program(&first.token), SUBPROTOCOL).await.err().unwrap();
        assert_eq!(again.status, Some(401));
        assert_eq!(refused(revoke(ada, &format!("/tokens/{}", first.id)).await), "not_found");
        // Nobody revokes those of others, but an administrator does.
        let bela = &house.people[1];
        assert_eq!(refused(revoke(bela, &format!("/tokens/{}", second.id)).await), "not_found");
        let of_ada = format!("/people/{}/tokens/{}", ada.id(), second.id);
        assert_eq!(refused(revoke(bela, &of_ada).await), "not_found");
        revoke(&house.admin, &of_ada).await.unwrap();
        // A session of a browser is no token, and is not ended as one.
        let Sessions { sessions } = ada.sessions().await.unwrap();
        let path = format!("/people/{}/tokens/{}", ada.id(), sessions[0].id);
        assert_eq!(refused(revoke(&house.admin, &path).await), "not_found");
        // Whoever is suspended is out with every program.
        let mut open = Client::offering(&program(&third.token), SUBPROTOCOL).await.unwrap();
        house.admin.suspend(ada.id()).await.unwrap();
        open.wait_for_the_end().await;
        house.admin.reinstate(ada.id()).await.unwrap();
        assert_eq!(refused(get(&program(&third.token), "/overview").await), "token_invalid");
    }

    async fn a_token_ends_with_its_time_and_is_read_in_one_way_only(kind) {
        let house = House::with_people(kind, 1).await;
        let ada = &house.people[0];
        let issued = issue(ada, Scope::ALL).await.unwrap();
        // Not as a cookie, and no cookie as a token.
        let as_cookie = Caller {
            cookie: Some(issued.token.trim_start_matches("cha_").to_owned()),
            ..house.stranger()
        };
        assert_eq!(refused(as_cookie.session().await), "signed_out");
        let cookie = ada.cookie.clone().unwrap();
        for wrong in [cookie.clone(), format!("cha_{cookie}"), "cha_".to_owned(), issued.token.replace("cha_", ""), "cha_x".into()] {
            let program = ada.program(&wrong, None);
            assert_eq!(refused(get(&program, "/overview").await), "token_invalid", "{wrong}");
        }
        // With both, the token decides.
        let both = Caller { token: Some("cha_none".to_owned()), ..ada.clone() };
        assert_eq!(refused(both.session().await), "token_invalid");
        house.storage().sql("UPDATE sessions SET expires_at = 1 WHERE scopes IS NOT NULL");
        let program = ada.program(&issued.token, None);
        assert_eq!(refused(get(&program, "/overview").await), "token_invalid");
        assert!(own(ada).await.unwrap().tokens.is_empty());
        // Signing in beside it leaves it alone: it is no session of this browser.
        let other = issue(ada, &[Scope::HealthRead]).await.unwrap();
        let beside = Caller { token: Some(other.token.clone()), ..house.stranger() };
        beside.sign_in("ada", PASSWORD).await.unwrap();
        assert!(own(ada).await.unwrap().tokens.iter().any(|token| token.id == other.id));
        // Only the hash is kept.
        let secret = issued.token.trim_start_matches("cha_");
        let kept = house.storage().sql("SELECT device || address FROM sessions WHERE scopes IS NOT NULL");
        assert!(!kept.contains(secret));
        assert!(!house.server.log().contains(secret), "no token in the log");
    }

    async fn what_is_wrong_with_a_form_is_said(kind) {
        let house = House::with_people(kind, 1).await;
        let ada = &house.people[0];
        let form = |change: &dyn Fn(&mut IssueAccessToken)| {
            let mut form = month(&[Scope::MessagesRead]);
            change(&mut form);
            form
        };
        for (code, field, form) in [
            ("name_empty", Some("name"), form(&|form| form.name = " ".to_owned())),
            ("out_of_range", Some("scopes"), form(&|form| form.scopes.clear())),
            ("out_of_range", Some("expires_at"), form(&|form| form.expires_at = 1)),
            ("out_of_range", Some("expires_at"), form(&|form| form.expires_at = in_days(366))),
        ] {
            let refusal = ada.tell(Method::POST, "/tokens", Some(&form)).await.unwrap_err();
            assert_eq!(refusal.code(), code);
            assert_eq!(refusal.problem.unwrap().field.as_deref(), field);
        }
        let unknown = br#"{"name":"x","scopes":["messages:burn"],"expires_at":1}"#.to_vec();
        assert_eq!(ada.send(Method::POST, "/api/v1/tokens", Some(unknown)).await.status().as_u16(), 400);
        for _ in 0..MAX_TOKENS {
            issue(ada, &[Scope::PeopleRead]).await.unwrap();
        }
        assert_eq!(refused(issue(ada, &[Scope::PeopleRead]).await), "too_many_tokens");
    }

    async fn a_bot_writes_under_its_own_name_and_somebody_answers_for_it(kind) {
        let house = House::with_people(kind, 2).await;
        let (ada, bela) = (&house.people[0], &house.people[1]);
        assert_eq!(refused(make_bot(ada, "alerts", ada.id()).await), "not_found");
        let bot = make_bot(&house.admin, "alerts", ada.id()).await.unwrap();
        assert_eq!(refused(make_bot(&house.admin, "alerts", ada.id()).await), "username_taken");
        let account = house.admin.account(bot).await.unwrap();
        assert!(account.person.bot && !account.has_password);
        assert_eq!(account.owner.unwrap().id, ada.id());
        // Nobody signs in as a bot.
        assert_eq!(refused(house.admin.reset(bot).await), "bot");
        let foreseen = house.admin.bulk(BulkAct::Reset { mail: false }, &[bot], true).await.unwrap();
        assert_eq!(foreseen.results[0].outcome, BulkOutcome::Refused, "nor is it promised that one could");
        assert_eq!(refused(house.stranger().sign_in("alerts", PASSWORD).await), "sign_in_failed");
        // It acts by tokens an administrator issues; people issue their own.
        let scopes = [Scope::MessagesRead, Scope::MessagesWrite, Scope::ConversationsWrite];
        assert_eq!(refused(issue_to(&house.admin, bela.id(), &scopes).await), "no_bot");
        let issued = issue_to(&house.admin, bot, &scopes).await.unwrap();
        let me = house.admin.account(bot).await.unwrap().person;
        let mut robot = Client::offering(&house.stranger().program(&issued.token, Some(me)), SUBPROTOCOL).await.unwrap();
        let talk = robot.open_direct(bela.id()).await.unwrap().id;
        let said = robot.send(talk, "Queue 4 is full").await.unwrap();
        let mut there = house.connect(1).await;
        assert!(there.hello.people.iter().any(|person| person.id == bot && person.bot), "it is shown as a bot");
        there.catch_up(talk).await.unwrap();
        assert_eq!(there.logs[&talk][&said.seq].actor, Some(bot));
        // Somebody else answers for it from now on; never a bot, nor somebody suspended.
        let path = format!("/bots/{bot}/owner");
        let set = async |owner| house.admin.tell(Method::PUT, &path, Some(&SetBotOwner { owner })).await;
        assert_eq!(refused(set(bot).await), "bot");
        set(bela.id()).await.unwrap();
        set(bela.id()).await.unwrap();
        house.admin.suspend(ada.id()).await.unwrap();
        assert_eq!(refused(set(ada.id()).await), "suspended");
        let other = format!("/bots/{}/owner", bela.id());
        let owner = SetBotOwner { owner: ada.id() };
        assert_eq!(refused(house.admin.tell(Method::PUT, &other, Some(&owner)).await), "no_bot");
        assert_eq!(refused(make_bot(&house.admin, "second", bot).await), "bot");
        let archive = Archive::read(house.storage());
        assert_eq!(archive.count(Kind::BotOwnerSet), 1);
        let issued_by = archive.headers.iter().find(|header| header.kind == Kind::AccessTokenIssued).unwrap().actor;
        assert_eq!(issued_by, Some(house.admin.id().bytes()), "who issued it is on record");
        // It is no invitation that nobody takes up.
        house.storage().sql("UPDATE people SET created_at = 1 WHERE owner IS NOT NULL");
        let health: Health = house.admin.call(Method::GET, "/health", None::<&()>).await.unwrap();
        let unused = health.checks.iter().find(|check| check.code == CheckCode::Invitations).unwrap();
        assert_eq!(unused.state, State::Ok);
        // A suspended bot is silent.
        house.admin.suspend(bot).await.unwrap();
        robot.wait_for_the_end().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_sites_page_gains_nothing_by_a_token_and_tokens_can_be_off() {
    let plan = Plan::new(&Storage::new(Database::Sqlite)).with("CHANCERY_TOKENS_LONGEST_DAYS", "0");
    let house = House::build(plan, 1).await;
    let ada = &house.people[0];
    assert_eq!(refused(issue(ada, &[Scope::MessagesRead]).await), "tokens_off");
    assert_eq!(own(ada).await.unwrap().longest_days, 0);
    // A header that is no token is not the absence of one: the cookie beside it does not count.
    let page = Caller { origin: Some("https://evil.example".into()), token: Some("x".into()), ..ada.clone() };
    assert_eq!(refused(page.session().await), "token_invalid");
    let sent = Client::offering(&page, SUBPROTOCOL).await.err().unwrap();
    assert_eq!(sent.status, Some(401));
}

/// What an administrator's token with every scope may do, route by route.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_administrators_token_reads_accounts_and_locks_out_but_lets_nobody_in() {
    let house = House::with_people(Database::Sqlite, 1).await;
    let issued = issue(&house.admin, Scope::ALL).await.unwrap();
    let program = house.admin.program(&issued.token, house.admin.me.clone());
    let ada = house.people[0].id();
    for path in ["/people", "/groups", "/audit", "/overview", "/health", &format!("/people/{ada}/identities")]
    {
        get(&program, path).await.unwrap();
    }
    program.suspend(ada).await.unwrap();
    program.reinstate(ada).await.unwrap();
    program.rename(ada, "Ada Test", "Ada Tested").await.unwrap();
    assert_eq!(refused(program.invite("second", "Second", &[Role::ItAdmin]).await), "scope_missing");
    assert_eq!(refused(program.reset(ada).await), "scope_missing");
    assert_eq!(refused(program.set_roles(ada, &[Role::ItAdmin]).await), "scope_missing");
    assert_eq!(refused(make_bot(&program, "alerts", ada).await), "scope_missing");
    for path in ["/sources", &format!("/people/{ada}/sessions"), &format!("/people/{ada}/tokens")] {
        assert_eq!(refused(get(&program, path).await), "scope_missing", "{path}");
    }
}
