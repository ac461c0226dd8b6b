//! What the console asks about accounts and does to them: filters, pages, names, several at once.

use chancery_ledger::Kind;
use chancery_protocol::accounts::{AccountState, BulkAct, BulkAnswer, BulkOutcome};
use chancery_protocol::command::FindPeople;
use chancery_protocol::frame::{Answer, Goodbye};
use chancery_protocol::ids::PersonId;
use chancery_protocol::person::Role;
use chancery_tests::archive::Archive;
use chancery_tests::client::Client;
use chancery_tests::house::{House, PASSWORD};
use chancery_tests::http::Caller;
use chancery_tests::on_both_databases;

async fn names(caller: &Caller, query: &str) -> Vec<String> {
    let page = caller.accounts_where(query).await.unwrap();
    page.accounts.into_iter().map(|account| account.person.username).collect()
}

/// Whom a colleague finds.
async fn found(client: &mut Client, text: &str) -> Vec<String> {
    let command = FindPeople { text: text.to_owned(), limit: 10 };
    match client.ask(command).await.unwrap() {
        Answer::People { people } => people.into_iter().map(|person| person.username).collect(),
        other => panic!("{other:?}"),
    }
}

/// Who, how it went, and the code of a refusal.
fn outcomes(answer: &BulkAnswer) -> Vec<(PersonId, BulkOutcome, &str)> {
    let mut lines = Vec::new();
    for line in &answer.results {
        let code = line.problem.as_ref().map_or("", |problem| problem.code.as_str());
        lines.push((line.person, line.outcome, code));
    }
    lines
}

on_both_databases! {
    async fn accounts_are_filtered_ordered_and_counted(kind) {
        let house = House::with_people(kind, 3).await;
        house.admin.invite("zoe", "Zoë Ångström", &[Role::Guest]).await.unwrap();
        house.invite_and_redeem("olga", &[Role::Employee, Role::ComplianceOfficer]).await;
        house.admin.suspend(house.people[1].id()).await.unwrap();
        house.stranger().sign_in("cleo", PASSWORD).await.unwrap();
        let admin = &house.admin;

        assert_eq!(names(admin, "").await, ["ada", "bela", "cleo", "olga", "root", "zoe"]);
        assert_eq!(names(admin, "descending=true&limit=2").await, ["zoe", "root"]);
        assert_eq!(names(admin, "text=ANGSTROM").await, ["zoe"], "case and accents do not count");
        assert_eq!(names(admin, "text=test%20be").await, ["bela"], "every word, in any order");
        assert_eq!(names(admin, "state=suspended").await, ["bela"]);
        assert_eq!(names(admin, "state=invited").await, ["zoe"]);
        assert_eq!(names(admin, "role=compliance_officer").await, ["olga"]);
        assert_eq!(names(admin, "role=employee&state=active").await, ["ada", "cleo", "olga", "root"]);
        assert_eq!(names(admin, "sort=state&limit=4&offset=3").await, ["root", "zoe", "bela"]);
        assert_eq!(names(admin, "sort=sessions&descending=true&limit=1").await, ["cleo"]);

        let page = admin.accounts_where("text=a&limit=1&offset=1").await.unwrap();
        assert_eq!((page.matching, page.accounts.len()), (5, 1), "matching counts all pages");
        let totals = page.totals;
        assert_eq!((totals.all, totals.active, totals.invited, totals.suspended, totals.guests), (6, 4, 1, 1, 1));
        let bela = admin.account(house.people[1].id()).await.unwrap();
        assert_eq!((bela.state, bela.sessions, bela.seen_at), (AccountState::Suspended, 0, None));
        assert!(bela.suspended_at.is_some());
        let cleo = admin.account(house.people[2].id()).await.unwrap();
        assert_eq!((cleo.state, cleo.sessions), (AccountState::Active, 2));
        assert!(cleo.seen_at.is_some());

        for (query, code) in [("limit=0", "out_of_range"), ("limit=201", "out_of_range"), ("sort=shoe", "bad_request"), ("colour=red", "bad_request"), ("offset=-1", "bad_request")] {
            assert_eq!(admin.accounts_where(query).await.unwrap_err().code(), code, "{query}");
        }
    }

    async fn pages_follow_one_another_without_gap_or_repetition(kind) {
        let house = House::with_people(kind, 0).await;
        for number in 0..7 {
            house.admin.invite(&format!("p{number}"), "The Same Name", &[Role::Employee]).await.unwrap();
        }
        for sort in ["name", "state", "sessions", "seen"] {
            let mut seen = Vec::new();
            for offset in [0, 3, 6, 9] {
                seen.extend(names(&house.admin, &format!("sort={sort}&limit=3&offset={offset}")).await);
            }
            seen.sort();
            assert_eq!(seen, ["p0", "p1", "p2", "p3", "p4", "p5", "p6", "root"], "{sort}");
        }
    }

    async fn officers_read_accounts_and_change_none(kind) {
        let house = House::with_people(kind, 1).await;
        let ada = house.people[0].id();
        for role in [Role::ComplianceOfficer, Role::ComplianceLead] {
            let officer = house.invite_and_redeem(&format!("{role:?}").to_lowercase(), &[Role::Employee, role]).await;
            assert!(officer.session().await.unwrap().console);
            officer.account(ada).await.unwrap();
            assert!(!officer.accounts().await.unwrap().accounts.is_empty());
            assert_eq!(officer.rename(ada, "Ada Test", "Other").await.unwrap_err().status, 404);
            assert_eq!(officer.bulk(BulkAct::Suspend, &[ada], true).await.unwrap_err().status, 404);
            assert_eq!(officer.suspend(ada).await.unwrap_err().status, 404);
        }
        let auditor = house.invite_and_redeem("auditor", &[Role::Employee, Role::Auditor]).await;
        assert!(auditor.session().await.unwrap().console, "auditors read figures and the audit log there");
        assert!(!house.people[0].session().await.unwrap().console);
        assert_eq!(auditor.accounts().await.unwrap_err().status, 404);
        assert!(house.admin.session().await.unwrap().console);
    }

    async fn a_name_is_changed_on_the_record_and_never_over_somebody_else(kind) {
        let house = House::with_people(kind, 2).await;
        let ada = house.people[0].id();
        house.admin.rename(ada, "Ada Test", "  Ada Lovelace ").await.unwrap();
        assert_eq!(house.admin.account(ada).await.unwrap().person.name, "Ada Lovelace");
        assert_eq!(found(&mut house.connect(1).await, "lovelace").await, ["ada"], "colleagues find the new name");
        let late = house.admin.rename(ada, "Ada Test", "Ada Byron").await.unwrap_err();
        assert_eq!((late.status, late.code()), (409, "outdated"));
        house.admin.rename(ada, "whatever", "Ada Lovelace").await.expect("it is so already");
        assert_eq!(house.admin.rename(ada, "Ada Lovelace", " ").await.unwrap_err().code(), "name_empty");
        let long = "x".repeat(121);
        assert_eq!(house.admin.rename(ada, "Ada Lovelace", &long).await.unwrap_err().code(), "name_too_long");
        assert_eq!(Archive::read(house.storage()).count(Kind::PersonChanged), 1);
    }

    async fn several_are_suspended_at_once_after_a_preview_that_writes_nothing(kind) {
        let house = House::with_people(kind, 3).await;
        let [ada, bela, cleo] = [0, 1, 2].map(|at| house.people[at].id());
        house.admin.suspend(bela).await.unwrap();
        house.stranger().sign_in("ada", PASSWORD).await.unwrap();
        let mut socket = house.connect(0).await;
        let people = [ada, house.admin.id(), bela, cleo, ada];
        let expected = [
            (ada, BulkOutcome::Changed, ""),
            (house.admin.id(), BulkOutcome::Refused, "own_account"),
            (bela, BulkOutcome::Unchanged, ""),
            (cleo, BulkOutcome::Changed, ""),
        ];
        let before = Archive::read(house.storage()).headers.len();
        let preview = house.admin.bulk(BulkAct::Suspend, &people, true).await.unwrap();
        assert_eq!(outcomes(&preview), expected);
        assert_eq!(preview.results[0].sessions, 2);
        assert_eq!(Archive::read(house.storage()).headers.len(), before, "a preview writes nothing");
        assert_eq!(house.admin.account(ada).await.unwrap().state, AccountState::Active);

        let done = house.admin.bulk(BulkAct::Suspend, &people, false).await.unwrap();
        assert_eq!(outcomes(&done), expected);
        socket.wait_for_the_end().await;
        assert_eq!(socket.goodbye, Some(Goodbye::Suspended));
        assert_eq!(Archive::read(house.storage()).count(Kind::PersonSuspended), 3);
        let lifted = house.admin.bulk(BulkAct::Reinstate, &[ada, bela, cleo], false).await.unwrap();
        assert!(lifted.results.iter().all(|line| line.outcome == BulkOutcome::Changed));
        assert_eq!(names(&house.admin, "state=suspended").await, Vec::<String>::new());
    }

    async fn roles_and_links_of_several_are_changed_at_once(kind) {
        let house = House::with_people(kind, 2).await;
        let [ada, bela] = [0, 1].map(|at| house.people[at].id());
        let stranger = PersonId(uuid::Uuid::from_u128(7));
        let admin = &house.admin;
        let add = BulkAct::AddRole { role: Role::Auditor };
        let done = admin.bulk(add, &[ada, stranger, admin.id()], false).await.unwrap();
        assert_eq!(outcomes(&done), [
            (ada, BulkOutcome::Changed, ""),
            (stranger, BulkOutcome::Refused, "person_not_found"),
            (admin.id(), BulkOutcome::Refused, "own_account"),
        ]);
        assert_eq!(admin.account(ada).await.unwrap().roles, [Role::Employee, Role::Auditor]);
        let take = BulkAct::RemoveRole { role: Role::Employee };
        let done = admin.bulk(take, &[ada, bela], false).await.unwrap();
        assert_eq!(outcomes(&done), [
            (ada, BulkOutcome::Changed, ""),
            (bela, BulkOutcome::Refused, "roles_empty"),
        ]);
        admin.suspend(bela).await.unwrap();
        let preview = admin.bulk(BulkAct::Reset { mail: false }, &[ada, bela], true).await.unwrap();
        assert!(preview.results.iter().all(|line| line.link.is_none()), "a preview issues nothing");
        let done = admin.bulk(BulkAct::Reset { mail: false }, &[ada, bela], false).await.unwrap();
        assert_eq!(outcomes(&done)[1], (bela, BulkOutcome::Refused, "suspended"));
        let link = done.results[0].link.clone().unwrap();
        house.stranger().redeem_link(link.url.as_deref().unwrap(), "another long password").await.unwrap();

        assert_eq!(admin.bulk(BulkAct::Reset { mail: false }, &[], true).await.unwrap_err().code(), "out_of_range");
        let many: Vec<PersonId> = (0..201).map(|at| PersonId(uuid::Uuid::from_u128(at))).collect();
        assert_eq!(admin.bulk(BulkAct::Reset { mail: false }, &many, true).await.unwrap_err().code(), "too_many_people");
    }

    async fn roles_are_never_set_over_somebody_elses_change(kind) {
        let house = House::with_people(kind, 1).await;
        let ada = house.people[0].id();
        let path = format!("/people/{ada}/roles");
        let set = async |roles: &[Role], was: &[Role]| {
            let body = chancery_protocol::http::SetRoles { roles: roles.to_vec(), was: Some(was.to_vec()), guest: None };
            house.admin.tell(reqwest::Method::PUT, &path, Some(&body)).await
        };
        set(&[Role::ItAdmin], &[Role::Employee]).await.unwrap();
        let late = set(&[Role::Auditor], &[Role::Employee]).await.unwrap_err();
        assert_eq!((late.status, late.code()), (409, "outdated"));
    }
}
