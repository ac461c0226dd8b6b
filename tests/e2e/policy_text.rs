//! The policy text: nobody who chats gets past it, whatever way they come, and what they answered is on record.

use std::time::Duration;

use chancery_ledger::Kind;
use chancery_protocol::SUBPROTOCOL;
use chancery_protocol::acceptance::{AcceptanceState, AnswerPolicy, PolicyStanding};
use chancery_protocol::frame::Goodbye;
use chancery_protocol::ids::Id;
use chancery_protocol::person::{GuestTerms, Role};
use chancery_protocol::search::{OwnFound, OwnSearch};
use chancery_protocol::tokens::Scope;
use chancery_tests::archive::Archive;
use chancery_tests::client::Client;
use chancery_tests::database::{Database, Storage};
use chancery_tests::house::{House, PASSWORD};
use chancery_tests::http::{Caller, Refusal};
use chancery_tests::on_both_databases;
use chancery_tests::patience::until;
use chancery_tests::policy_text::{Officers, text};
use chancery_tests::server::{Plan, Server};
use chancery_tests::tokens::{in_days, issue, issue_to, make_bot};
use reqwest::Method;
use sha2::{Digest as _, Sha256};
use tokio_tungstenite::tungstenite::Message;

fn refused<T>(result: Result<T, Refusal>) -> (u16, String) {
    let refusal = result.err().expect("it was allowed");
    (refusal.status, refusal.code().to_owned())
}

fn unaccepted() -> (u16, String) {
    (403, "policy_unaccepted".to_owned())
}

/// The first frame somebody gets is the goodbye.
async fn assert_turned_away(who: &Caller) {
    let Err(turned) = Client::try_connect(who).await else { panic!("{:?} was let in", who.me) };
    assert_eq!(
        turned.text,
        format!("first frame: Ok(Goodbye {{ reason: {:?} }})", Goodbye::PolicyUnaccepted)
    );
}

async fn assert_turned_out(mut client: Client) {
    client.wait_for_the_end().await;
    let reason = Goodbye::PolicyUnaccepted;
    assert_eq!((client.goodbye, client.close_code), (Some(reason), Some(reason.code())));
}

async fn search(who: &Caller) -> Result<OwnFound, Refusal> {
    let asked = OwnSearch { query: "alder".into(), ..OwnSearch::default() };
    who.call(Method::POST, "/search", Some(&asked)).await
}

on_both_databases! {
    async fn nobody_chats_before_they_have_accepted(kind) {
        let house = House::with_people(kind, 2).await;
        let (ada, bela) = (&house.people[0], &house.people[1]);
        let officers = Officers::of(&house).await;
        assert_eq!(ada.policy().await.unwrap(), PolicyStanding { current: None, due: false, accepted_at: None });
        let [mut first, second] = [house.connect(0).await, house.connect(1).await];
        let talk = first.open_direct(bela.id()).await.unwrap().id;
        first.send(talk, "the alder price is 14").await.unwrap();

        officers.put_in_force(text("Acceptable use", 0)).await;
        for client in [first, second] {
            assert_turned_out(client).await;
        }
        for who in [ada, bela, &house.admin] {
            assert_turned_away(who).await;
            assert_eq!(refused(search(who).await), unaccepted());
        }
        let photo = ada.look(&format!("/people/{}/photo", bela.id())).await;
        assert_eq!(refused(photo), unaccepted());
        // Devices and password stay one's own, and whoever has duties in the console has them.
        ada.sessions().await.unwrap();
        house.admin.accounts().await.unwrap();
        officers.lead.look("/audit?limit=1").await.unwrap();
        assert!(!officers.lead.policy().await.unwrap().due, "who does not chat has nothing to accept");

        let standing = ada.policy().await.unwrap();
        let current = standing.current.clone().unwrap();
        assert_eq!((standing.due, standing.accepted_at, current.version), (true, None, 1));
        let json = serde_json::to_vec(&current.text).unwrap();
        assert_eq!(current.fingerprint, data_encoding::HEXLOWER.encode(&Sha256::digest(json)));
        let right = AnswerPolicy { version: 1, fingerprint: current.fingerprint };
        for wrong in [
            AnswerPolicy { version: 2, ..right.clone() },
            AnswerPolicy { fingerprint: "00".into(), ..right.clone() },
        ] {
            let outdated = (409, "outdated".to_owned());
            assert_eq!(refused(ada.call::<PolicyStanding>(Method::POST, "/policy/accept", Some(&wrong)).await), outdated);
        }
        assert_turned_away(ada).await;
        assert_eq!(Archive::read(house.storage()).count(Kind::PolicyAccepted), 0);

        let accepted = ada.accept_policy().await.unwrap();
        assert!(!accepted.due && accepted.accepted_at.is_some());
        assert_eq!(ada.accept_policy().await.unwrap(), accepted, "once is enough");
        let mut client = house.connect(0).await;
        assert_eq!(client.history(talk).await.unwrap().entries.len(), 2, "its beginning, and what was said");
        ada.until_found("alder", 1).await;
        assert_turned_away(bela).await;

        let archive = Archive::read(house.storage());
        let of_ada: Vec<_> = archive.headers.iter().filter(|header| header.kind == Kind::PolicyAccepted).collect();
        assert_eq!(of_ada.len(), 1);
        assert_eq!(of_ada[0].actor, Some(ada.id().bytes()));
        // It is known after a restart.
        let mut house = house;
        house.server.kill().await;
        house.server.start_again().await;
        assert!(Client::try_connect(&house.people[0]).await.is_ok());
        assert_turned_away(&house.people[1]).await;
    }

    async fn another_version_counts_from_its_commit_on(kind) {
        let house = House::with_people(kind, 2).await;
        let officers = Officers::of(&house).await;
        officers.put_in_force(text("First", 0)).await;
        for person in &house.people {
            person.accept_policy().await.unwrap();
        }
        let [mut ada, bela] = [house.connect(0).await, house.connect(1).await];
        let talk = ada.open_direct(bela.who.id()).await.unwrap().id;
        let shown = house.people[0].policy_answer().await;
        officers.put_in_force(text("Second", 0)).await;
        // Its connection may be open for a moment; nothing is written by it.
        assert!(ada.send(talk, "too late").await.is_err());
        assert_turned_out(bela).await;
        assert_turned_away(&house.people[0]).await;
        let stale = house.people[0].call::<PolicyStanding>(Method::POST, "/policy/accept", Some(&shown)).await;
        assert_eq!(refused(stale), (409, "outdated".to_owned()), "what is no longer in force cannot be accepted");
        house.people[0].accept_policy().await.unwrap();
        let mut ada = house.connect(0).await;
        ada.send(talk, "now").await.unwrap();
        // Without a text in force nobody has to accept anything.
        officers.switch_off().await;
        ada.send(talk, "still here").await.unwrap();
        let mut bela = house.connect(1).await;
        let said = bela.history(talk).await.unwrap();
        assert_eq!(said.entries.len(), 3, "its beginning, and two messages");
        let versions = officers.officer.policy_text_versions().await.unwrap().versions;
        let told: Vec<_> = versions.iter().map(|v| (v.version, v.in_force, v.text.title.as_str())).collect();
        assert_eq!(told, [(3, false, "Second"), (2, true, "Second"), (1, true, "First")]);
        assert_eq!(versions[0].fingerprint, versions[1].fingerprint);
        let names = |of: &Option<chancery_protocol::person::Person>| of.as_ref().map(|person| person.username.clone());
        assert_eq!(names(&versions[0].asked_by).as_deref(), Some("olga"));
        assert_eq!(names(&versions[0].agreed_by).as_deref(), Some("lena"));
    }

    async fn it_is_accepted_again_when_its_days_are_over(kind) {
        let mut house = House::with_people(kind, 1).await;
        let officers = Officers::of(&house).await;
        officers.put_in_force(text("Acceptable use", 30)).await;
        house.people[0].accept_policy().await.unwrap();
        for (days, due) in [(29, false), (2, true)] {
            house.server.kill().await;
            let past = days * 86_400_000_000_i64;
            house.storage().sql(&format!("UPDATE policy_acceptances SET at = at - {past}"));
            house.server.start_again().await;
            assert_eq!(house.people[0].policy().await.unwrap().due, due, "{days} days later");
            assert_eq!(Client::try_connect(&house.people[0]).await.is_err(), due);
        }
        let missing = officers.officer.acceptances(AcceptanceState::Missing, "").await.unwrap();
        let ada = missing.people.iter().find(|line| line.person.username == "ada").unwrap();
        assert!(ada.at.is_some(), "it says when they did");
        house.people[0].accept_policy().await.unwrap();
        house.connect(0).await;
        assert_eq!(Archive::read(house.storage()).count(Kind::PolicyAccepted), 2);
        assert_eq!(house.storage().sql("SELECT count(*) FROM policy_acceptances").trim(), "1");
    }

    async fn a_connection_that_only_keeps_itself_open_ends_with_the_acceptance(kind) {
        let mut house = House::with_people(kind, 1).await;
        let officers = Officers::of(&house).await;
        officers.put_in_force(text("Acceptable use", 1)).await;
        house.people[0].accept_policy().await.unwrap();
        // It was accepted a day ago but for some seconds: more of them where starting takes longer.
        let mut left = 4_000_000_i64;
        let mut client = loop {
            house.server.kill().await;
            let ends = chancery_tests::tokens::in_days(0) + left;
            house.storage().sql(&format!("UPDATE policy_acceptances SET at = {ends} - 86400000000"));
            house.server.start_again().await;
            match Client::try_connect(&house.people[0]).await {
                Ok(client) => break client,
                Err(_) => left *= 2,
            }
        };
        until("the line ends", async || {
            let _ = client.say_message(Message::Ping(Vec::new().into())).await;
            tokio::time::timeout(Duration::from_millis(50), client.next_frame()).await.is_ok_and(|frame| frame.is_err())
        })
        .await;
        assert_eq!(client.goodbye, Some(Goodbye::PolicyUnaccepted));
    }

    async fn whoever_declines_is_signed_out(kind) {
        let house = House::with_people(kind, 1).await;
        let officers = Officers::of(&house).await;
        officers.put_in_force(text("Acceptable use", 0)).await;
        let ada = &house.people[0];
        let elsewhere = house.stranger().sign_in("ada", PASSWORD).await.unwrap();
        assert_eq!(ada.decline_policy().await.unwrap().next, None);
        assert_eq!(refused(ada.session().await), (401, "signed_out".to_owned()));
        assert_turned_away(&elsewhere).await;
        let archive = Archive::read(house.storage());
        let at = archive.headers.iter().position(|header| header.kind == Kind::PolicyDeclined).unwrap();
        assert_eq!(archive.headers[at].actor, Some(ada.id().bytes()));
        assert_eq!(archive.headers[at + 1].kind, Kind::SessionEnded, "in one unit with the end of the session");
        // Who thinks better of it accepts, and then there is nothing to decline.
        elsewhere.accept_policy().await.unwrap();
        assert_eq!(refused(elsewhere.decline_policy().await), (409, "unchanged".to_owned()));
        elsewhere.session().await.unwrap();
    }

    async fn nobody_is_missing_for_a_text_that_is_not_in_force(kind) {
        let house = House::with_people(kind, 2).await;
        let officers = Officers::of(&house).await;
        officers.put_in_force(text("First", 0)).await;
        house.people[0].accept_policy().await.unwrap();
        officers.put_in_force(text("Second", 0)).await;
        house.people[1].accept_policy().await.unwrap();
        let standing = async |query: &str| {
            let missing = officers.officer.acceptances(AcceptanceState::Missing, query).await.unwrap();
            let accepted = officers.lead.acceptances(AcceptanceState::Accepted, query).await.unwrap();
            assert_eq!((missing.version, missing.accepted, missing.missing), (accepted.version, accepted.accepted, accepted.missing));
            assert_eq!(missing.people.len(), missing.missing as usize);
            let names: Vec<String> = accepted.people.into_iter().map(|line| line.person.username).collect();
            (missing.version, names.join(" "), missing.missing)
        };
        assert_eq!(standing("").await, (2, "bela".to_owned(), 2), "ada, and the administrator");
        assert_eq!(standing("&version=1").await, (1, "ada".to_owned(), 0), "nobody could accept it any more");
        officers.switch_off().await;
        assert_eq!(standing("").await, (2, "bela".to_owned(), 0));
        assert_eq!(standing("&version=3").await, (3, String::new(), 0), "the version that took it out of force");
        let file = officers.lead.send(Method::GET, "/api/v1/policy/acceptances/file", None).await.text().await.unwrap();
        let lines: Vec<_> = file.lines().collect();
        assert!(lines.len() == 2 && lines[1].starts_with("2,bela,Bela Test,false,accepted,20"), "{file}");
    }

    async fn guests_and_programs_wait_like_people_and_bots_do_not(kind) {
        let house = House::with_people(kind, 1).await;
        let officers = Officers::of(&house).await;
        let ada = &house.people[0];
        let token = issue(ada, &[Scope::MessagesRead, Scope::PeopleRead]).await.unwrap();
        let program = ada.program(&token.token, ada.me.clone());
        let bot = make_bot(&house.admin, "clerk", ada.id()).await.unwrap();
        let of_bot = issue_to(&house.admin, bot, &[Scope::MessagesRead]).await.unwrap();
        let bot = ada.program(&of_bot.token, None);
        let terms = GuestTerms { sponsor: ada.id(), ends_at: in_days(30) };
        let invited = house.admin.invite_with("gwen", "Gwen Guest", &[Role::Guest], Some(terms)).await.unwrap();
        let gwen = house.stranger().redeem_link(invited.link.url.as_deref().unwrap(), PASSWORD).await.unwrap();
        officers.put_in_force(text("Acceptable use", 0)).await;

        assert_turned_away(&gwen).await;
        let turned = Client::offering(&program, SUBPROTOCOL).await.err().expect("a program was let in");
        assert!(turned.text.contains("PolicyUnaccepted"), "{}", turned.text);
        assert_eq!(refused(search(&program).await), unaccepted());
        assert_eq!(refused(program.policy().await), (403, "scope_missing".to_owned()), "people accept, not programs");
        Client::offering(&bot, SUBPROTOCOL).await.unwrap();

        for person in [&gwen, ada] {
            person.accept_policy().await.unwrap();
        }
        Client::connect(&gwen).await;
        Client::offering(&program, SUBPROTOCOL).await.unwrap();
    }

    async fn who_accepted_is_known_to_those_who_answer_for_it(kind) {
        let house = House::with_people(kind, 3).await;
        let officers = Officers::of(&house).await;
        let auditor = house.invite_and_redeem("aude", &[Role::Auditor]).await;
        let none = officers.officer.acceptances(AcceptanceState::Missing, "").await.unwrap();
        assert_eq!((none.version, none.people.len()), (0, 0), "before there is a text");
        house.admin.rename(house.people[1].id(), "Bela Test", "=Bela").await.unwrap();
        house.admin.suspend(house.people[2].id()).await.unwrap();
        officers.put_in_force(text("Acceptable use", 0)).await;
        house.people[1].accept_policy().await.unwrap();

        for reader in [&officers.officer, &officers.lead, &house.admin] {
            let accepted = reader.acceptances(AcceptanceState::Accepted, "").await.unwrap();
            let names: Vec<_> = accepted.people.iter().map(|line| line.person.username.as_str()).collect();
            assert_eq!((accepted.version, accepted.accepted, accepted.missing, &names[..]), (1, 1, 2, &["bela"][..]));
            assert!(accepted.people[0].at.is_some() && !accepted.more);
        }
        let missing = officers.officer.acceptances(AcceptanceState::Missing, "&version=1").await.unwrap();
        let names: Vec<_> = missing.people.iter().map(|line| line.person.username.as_str()).collect();
        assert_eq!(names, ["ada", "root"], "not whoever is suspended, nor whoever does not chat");
        let after = format!("&after={}", missing.people[0].person.id);
        let rest = officers.officer.acceptances(AcceptanceState::Missing, &after).await.unwrap();
        assert_eq!(rest.people, missing.people[1..]);
        assert_eq!(refused(officers.officer.acceptances(AcceptanceState::Missing, "&version=9").await).0, 404);
        for other in [&auditor, &house.people[1]] {
            assert_eq!(refused(other.acceptances(AcceptanceState::Missing, "").await).0, 404);
            assert_eq!(refused(other.policy_text_versions().await).0, 404);
        }
        let file = officers.lead.send(Method::GET, "/api/v1/policy/acceptances/file", None).await;
        assert_eq!(file.headers()["content-type"], "text/csv; charset=utf-8");
        let file = file.text().await.unwrap();
        let lines: Vec<_> = file.lines().collect();
        assert_eq!(lines[0], "version,username,name,suspended,state,accepted_at");
        assert!(lines.contains(&"1,ada,Ada Test,false,missing,"), "{file}");
        assert!(lines.iter().any(|line| line.starts_with("1,bela,'=Bela,false,accepted,20")), "{file}");
        assert_eq!(lines.len(), 4, "{file}");

        // Whoever accepted and is suspended since has accepted.
        house.admin.suspend(house.people[1].id()).await.unwrap();
        let accepted = officers.officer.acceptances(AcceptanceState::Accepted, "").await.unwrap();
        assert!(accepted.people[0].person.suspended);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_accepted_on_one_node_counts_on_all() {
    let storage = Storage::durable(Database::Postgres);
    let house = House::build(Plan::new(&storage), 1).await;
    let second = Server::start(house.server.plan.second_node()).await;
    let officers = Officers::of(&house).await;
    let ada = &house.people[0];
    let there = Caller { address: second.address(), ..ada.clone() };
    let client = Client::connect(&there).await;
    officers.put_in_force(text("Version 0", 0)).await;
    assert_turned_out(client).await;
    for version in 1..=10 {
        let (here, there) = if version % 2 == 0 { (ada, &there) } else { (&there, ada) };
        here.accept_policy().await.unwrap();
        // At once: a refusal is looked up before it is said.
        assert!(!there.policy().await.unwrap().due);
        let client = Client::connect(there).await;
        officers.put_in_force(text(&format!("Version {version}"), 0)).await;
        assert_turned_out(client).await;
    }
}
