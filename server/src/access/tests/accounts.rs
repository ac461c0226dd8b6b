//! What administrators do, and what even they cannot.

use chancery_protocol::http::{Invited, SetRoles};

use super::*;
use crate::access::records::{EndReason, SessionEnded};
use crate::access::{Act, commands};
use crate::directory::records::{PersonChanged, PersonSuspended, StatusSet, Via};
use crate::directory::set_status;
use crate::ground::error::Code;
use crate::vault::Place;

on_both_databases! {
    fn the_last_administrator_stays;
    fn two_administrators_cannot_take_each_other_out_at_once;
    fn no_session_slips_through_a_suspension;
    fn accounts_are_listed_by_name;
    fn people_are_found_by_parts_of_their_names;
    async fn an_account_is_made_invited_changed_suspended_and_reinstated;
    async fn reading_and_ending_anothers_sessions_is_on_record;
    async fn a_status_is_a_record_once_and_sealed_on_disk;
}

const ADMIN: &[Role] = &[Role::Employee, Role::ItAdmin];

async fn an_account_is_made_invited_changed_suspended_and_reinstated(kind: Database) {
    let house = Arc::new(House::new(kind));
    let app = app!(house);
    let setting = Arc::clone(&house);
    let admin = off(move || {
        let admin = setting.account("admin", ADMIN);
        setting.session(admin)
    })
    .await;
    let me = admin.info.me.id;
    let terms = GuestTerms { sponsor: me, ends_at: house.clock.now() + 1_000_000 };
    let form = Invite {
        username: "bob".into(),
        name: "Bob".into(),
        roles: vec![Role::Guest],
        guest: Some(terms),
        email: None,
        mail: false,
    };
    let ask = async |method: Method, path: String, body: serde_json::Value| {
        let asked = json(request(&method, &path, Some(&admin)), &body).to_request();
        call_service(&app, asked).await
    };
    let made = ask(Method::POST, "/people".into(), serde_json::to_value(&form).unwrap()).await;
    assert_eq!(made.status(), 201);
    let bob = read_body_json::<Invited, _>(made).await.id;
    let twice = ask(Method::POST, "/people".into(), serde_json::to_value(&form).unwrap()).await;
    assert_eq!(code_of(twice).await, "username_taken");

    let roles =
        serde_json::to_value(SetRoles { roles: vec![Role::Employee], was: None, guest: None }).unwrap();
    assert_eq!(ask(Method::PUT, format!("/people/{bob}/roles"), roles.clone()).await.status(), 204);
    assert!(house.access.may(bob, Act::FindPeople));
    assert_eq!(ask(Method::PUT, format!("/people/{bob}/roles"), roles.clone()).await.status(), 204);
    assert_eq!(house.bodies::<PersonChanged>(bob, Kind::PersonChanged).len(), 1, "no change, no record");
    assert_eq!(code_of(ask(Method::PUT, format!("/people/{me}/roles"), roles).await).await, "own_account");

    let setting = Arc::clone(&house);
    let device = off(move || setting.session(bob)).await;
    for _ in 0..2 {
        let done = ask(Method::POST, format!("/people/{bob}/suspend"), serde_json::json!({})).await;
        assert_eq!(done.status(), 204);
    }
    let get = request(&Method::GET, "/session", Some(&device)).to_request();
    assert_eq!(code_of(call_service(&app, get).await).await, "signed_out");
    let mut conn = house.journal.db().reader().unwrap();
    assert!(house.access.live(&mut conn, &[device.info.session]).unwrap().is_empty());
    drop(conn);
    assert!(!house.access.may(bob, Act::OpenSocket));
    assert!(house.directory.get(bob).unwrap().person.suspended);
    let suspended: Vec<PersonSuspended> = house.bodies(bob, Kind::PersonSuspended);
    assert_eq!(suspended, [PersonSuspended { via: Via::Web }]);
    let ended = SessionEnded { session: device.info.session, reason: EndReason::Suspended };
    assert_eq!(house.bodies::<SessionEnded>(bob, Kind::SessionEnded), [ended]);
    let record = house.records().into_iter().find(|r| r.header.kind == Kind::PersonSuspended).unwrap();
    assert_eq!((record.header.actor, record.header.target), (Some(me.bytes()), Some(bob.bytes())));

    let done = ask(Method::POST, format!("/people/{bob}/reinstate"), serde_json::json!({})).await;
    assert_eq!(done.status(), 204);
    assert!(house.access.may(bob, Act::OpenSocket));
    let own = ask(Method::POST, format!("/people/{me}/suspend"), serde_json::json!({})).await;
    assert_eq!(code_of(own).await, "own_account");
}

async fn reading_and_ending_anothers_sessions_is_on_record(kind: Database) {
    let house = Arc::new(House::new(kind));
    let app = app!(house);
    let setting = Arc::clone(&house);
    let (admin, bob) = off(move || {
        let (admin, bob) = (setting.account("admin", ADMIN), setting.invite("bob", &[Role::Employee]));
        setting.session(bob);
        setting.session(bob);
        setting.session(bob);
        (setting.session(admin), bob)
    })
    .await;
    let path = format!("/people/{bob}/sessions");
    let asked = request(&Method::GET, &path, Some(&admin)).to_request();
    let list: chancery_protocol::http::Sessions = read_body_json(call_service(&app, asked).await).await;
    assert_eq!(list.sessions.len(), 3);
    assert!(list.sessions.iter().all(|session| !session.current && session.device == "Firefox on Linux"));
    assert_eq!(house.kinds().iter().filter(|kind| **kind == Kind::SessionsRead).count(), 1);
    let one = format!("{path}/{}", list.sessions[1].id);
    let asked = request(&Method::DELETE, &one, Some(&admin)).to_request();
    assert_eq!(call_service(&app, asked).await.status(), 204);
    assert_eq!(house.running(bob), [list.sessions[0].id, list.sessions[2].id]);
    let asked = request(&Method::DELETE, &path, Some(&admin)).to_request();
    assert_eq!(call_service(&app, asked).await.status(), 204);
    assert!(house.running(bob).is_empty());
    let ended = house.bodies::<SessionEnded>(bob, Kind::SessionEnded);
    assert_eq!(ended.len(), 3);
    assert!(ended.iter().all(|end| end.reason == EndReason::EndedByAdmin));
}

fn the_last_administrator_stays(kind: Database) {
    let house = House::new(kind);
    let ada = house.account("ada", ADMIN);
    house.invite("never-came", ADMIN);
    let refused = |result: Result<(), Error>| assert_eq!(result.unwrap_err().code, Code::LastAdmin);
    refused(commands::suspend(&house.access, "ada"));
    refused(commands::roles(&house.access, "ada", &[Role::Employee], None));
    assert!(house.access.may(ada, Act::SuspendPerson));
    house.account("bob", ADMIN);
    commands::suspend(&house.access, "bob").unwrap();
    refused(commands::suspend(&house.access, "ada"));
    commands::reinstate(&house.access, "bob").unwrap();
    commands::roles(&house.access, "ada", &[Role::Employee], None).unwrap();
    refused(commands::suspend(&house.access, "bob"));
}

fn two_administrators_cannot_take_each_other_out_at_once(kind: Database) {
    let house = House::new(kind);
    let (ada, bob) = (house.account("ada", ADMIN), house.account("bob", ADMIN));
    let act = |by: PersonId, at: PersonId| {
        house.access.suspend(at, By { actor: Some(by), via: Via::Web }).map_err(|e| e.code)
    };
    let (one, other) = std::thread::scope(|scope| {
        let (one, other) = (scope.spawn(|| act(ada, bob)), scope.spawn(|| act(bob, ada)));
        (one.join().unwrap(), other.join().unwrap())
    });
    let mut results = [one, other];
    results.sort_by_key(Result::is_err);
    assert_eq!(results, [Ok(()), Err(Code::LastAdmin)]);
}

/// Sessions begin while their person is suspended: whatever the order, none is left running and each one that
/// ended has its record.
fn no_session_slips_through_a_suspension(kind: Database) {
    let house = House::new(kind);
    let ada = house.account("ada", &[Role::Employee]);
    let form =
        chancery_protocol::http::SignIn { username: "ada".into(), password: PASSWORD.into(), keep: false };
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| while house.sign_in(&form, &origin(), None).is_ok() {});
        }
        scope.spawn(|| {
            while house.running(ada).len() < 3 {
                std::thread::yield_now();
            }
            commands::suspend(&house.access, "ada").unwrap();
        });
    });
    assert!(house.running(ada).is_empty());
    let started = house.kinds().iter().filter(|kind| **kind == Kind::SignedIn).count();
    assert_eq!(house.bodies::<SessionEnded>(ada, Kind::SessionEnded).len(), started);
}

fn accounts_are_listed_by_name(kind: Database) {
    let house = House::new(kind);
    house.account("zoe", &[Role::Employee]);
    house.invite("adam", &[Role::Employee, Role::Auditor]);
    let list = commands::list(&house.access).unwrap();
    let shown: Vec<_> =
        list.iter().map(|one| (one.person.username.as_str(), one.has_password, one.roles.clone())).collect();
    assert_eq!(
        shown,
        [("adam", false, vec![Role::Employee, Role::Auditor]), ("zoe", true, vec![Role::Employee])]
    );
}

fn people_are_found_by_parts_of_their_names(kind: Database) {
    let house = House::new(kind);
    for (username, name) in [("zoe", "Zoë Ångström"), ("adam", "Adam Ward"), ("eva", "Éva Adamová")] {
        commands::invite(&house.access, username, name, &[Role::Employee], None).unwrap();
    }
    let find = |text: &str, limit| -> Vec<String> {
        house.directory.find(text, limit).into_iter().map(|person| person.username).collect()
    };
    assert_eq!(find("", 10), ["adam", "eva", "zoe"]);
    assert_eq!(find("", 2), ["adam", "eva"]);
    assert_eq!(find("ADAM", 10), ["adam", "eva"]);
    assert_eq!(find("angstrom zo", 10), ["zoe"]);
    assert_eq!(find("@zoe", 10), ["zoe"]);
    assert!(find("angstrom adam", 10).is_empty());
    commands::suspend(&house.access, "adam").unwrap();
    assert_eq!(find("adam", 10), ["eva"]);
    let fresh = Directory::new(Arc::clone(house.journal.vault()));
    fresh.load_all(&mut house.journal.db().reader().unwrap()).unwrap();
    assert_eq!(fresh.all(), house.directory.all(), "loaded at a start as refreshed on the way");
}

async fn a_status_is_a_record_once_and_sealed_on_disk(kind: Database) {
    let house = Arc::new(House::new(kind));
    let setting = Arc::clone(&house);
    let ada = off(move || setting.invite("ada", &[Role::Employee])).await;
    let client = Id::from_bytes([7; 16]);
    let status = || house.directory.get(ada).unwrap().person.status.clone();
    let first =
        set_status(&house.journal, ada, client, " On leave until Monday ", crate::journal::Beside::default())
            .await
            .unwrap();
    assert_eq!(status().as_deref(), Some("On leave until Monday"));
    let again =
        set_status(&house.journal, ada, client, "On leave until Monday", crate::journal::Beside::default())
            .await
            .unwrap();
    assert!(again.repeated && again.first().unwrap().record == first.first().unwrap().record);
    let texts: Vec<StatusSet> = house.bodies(ada, Kind::StatusSet);
    assert_eq!(texts, [StatusSet { text: "On leave until Monday".into() }]);
    let row = crate::directory::store::get(&mut house.journal.db().reader().unwrap(), ada).unwrap();
    let sealed = row.status.unwrap();
    assert!(!sealed.windows(5).any(|bytes| bytes == b"leave"));
    let elsewhere = Place { table: "people", column: "status", row: &[1; 16] };
    assert!(house.journal.vault().open_text(&elsewhere, &sealed).unwrap().is_err(), "bound to its row");
    for (text, code) in
        [("x".repeat(301), Code::StatusTooLong), ("a\u{202e}b".into(), Code::ControlCharacter)]
    {
        let refused = set_status(
            &house.journal,
            ada,
            Id::from_bytes([8; 16]),
            &text,
            crate::journal::Beside::default(),
        )
        .await;
        assert_eq!(refused.unwrap_err().code, code);
    }
    set_status(&house.journal, ada, Id::from_bytes([9; 16]), "", crate::journal::Beside::default())
        .await
        .unwrap();
    assert_eq!(status(), None);
}
