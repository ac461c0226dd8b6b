//! Second factors and accounts for emergencies, as time passes.

use chancery_protocol::factors::{
    AddFactor, FactorKind, FinishSecondStep, FinishTotp, RemoveFactor, SecondStep, SetEmergency,
};
use chancery_protocol::ids::FactorId;
use data_encoding::BASE32_NOPAD;

use super::*;
use crate::access::factors::second::Stepped;
use crate::access::factors::totp;
use crate::access::records::{EmergencySet, EmergencyUsed, FactorAdded, FactorRemoved, SignedIn};
use crate::directory::records::Via;

on_both_databases! {
    fn tickets_are_over_in_time;
    fn a_code_counts_one_step_either_way_and_once;
    fn wrong_codes_cost_more_and_more_time_until_a_right_one;
    fn a_device_is_known_for_a_year_and_by_its_name_only;
    fn what_was_done_is_on_record;
    fn of_the_last_factor_removed_and_the_account_made_one_for_emergencies_one_is_refused;
}

const STEP: Micros = 30 * SECOND;

fn caller(house: &House, started: &Started) -> Caller {
    let person = started.info.me.id;
    let roles = crate::directory::Roles::of(&started.info.roles);
    assert!(house.running(person).contains(&started.info.session));
    let (expires_at, csrf) = (started.info.expires_at, started.info.csrf.clone());
    let (session, proven_at) = (started.info.session, house.clock.now());
    Caller { person, session, roles, expires_at, proven_at, scopes: None, csrf }
}

/// Somebody with codes: their caller, their factor and the secret.
fn with_codes(house: &House, username: &str, roles: &[Role]) -> (Caller, FactorId, Vec<u8>) {
    let person = house.account(username, roles);
    let caller = caller(house, &house.session(person));
    let form = AddFactor { name: "Phone".into(), password: PASSWORD.into() };
    let begun = house.access.begin_totp(&caller, &form).unwrap();
    let secret = BASE32_NOPAD.decode(begun.secret.as_bytes()).unwrap();
    let form = FinishTotp { ticket: begun.ticket, code: code(house, &secret, 0) };
    let factor = house.access.finish_totp(&caller, &form).unwrap();
    house.clock.advance(2 * STEP);
    (caller, factor.id, secret)
}

/// The code of now, so many steps away.
fn code(house: &House, secret: &[u8], away: i64) -> String {
    totp::code(secret, totp::step_at(house.clock.now()) + away)
}

fn wrong(house: &House, secret: &[u8]) -> String {
    let near: Vec<String> = (-2..3).map(|away| code(house, secret, away)).collect();
    (0..).map(|number| format!("{number:06}")).find(|code| !near.contains(code)).unwrap()
}

fn form(username: &str) -> SignIn {
    SignIn { username: username.into(), password: PASSWORD.into(), keep: false }
}

fn first(house: &House, username: &str) -> SecondStep {
    match house.access.try_password(&form(username), &origin(), None, None).unwrap() {
        Tried::Second(step) => *step,
        Tried::In(_) | Tried::Not(_) => panic!("no second factor was asked for"),
    }
}

fn second(house: &House, step: &SecondStep, code: String) -> Result<Started, Code> {
    let form = FinishSecondStep { ticket: step.ticket.clone(), code: Some(code), passkey: None };
    match house.access.finish_second(&form, &origin(), None) {
        Ok(Stepped::In { started, .. }) => Ok(*started),
        Ok(Stepped::Confirmed(_)) => panic!("nothing was to be confirmed"),
        Err(error) => Err(error.code),
    }
}

fn tickets_are_over_in_time(kind: Database) {
    let house = House::new(kind);
    let (caller, _, secret) = with_codes(&house, "ada", &[Role::Employee]);
    let step = first(&house, "ada");
    house.clock.advance(5 * MINUTE - SECOND);
    assert_eq!(second(&house, &step, wrong(&house, &secret)).err(), Some(Code::FactorFailed));
    house.clock.advance(SECOND);
    assert_eq!(second(&house, &step, code(&house, &secret, 0)).err(), Some(Code::SecondStepOver));

    let add = AddFactor { name: "Tablet".into(), password: PASSWORD.into() };
    let begun = house.access.begin_totp(&caller, &add).unwrap();
    let secret = BASE32_NOPAD.decode(begun.secret.as_bytes()).unwrap();
    house.clock.advance(10 * MINUTE);
    let late = FinishTotp { ticket: begun.ticket, code: code(&house, &secret, 0) };
    assert_eq!(house.access.finish_totp(&caller, &late).unwrap_err().code, Code::EnrolmentOver);
}

fn a_code_counts_one_step_either_way_and_once(kind: Database) {
    let house = House::new(kind);
    let (_, _, secret) = with_codes(&house, "ada", &[Role::Employee]);
    for (away, counts) in [(-2, false), (2, false), (-1, true), (0, true), (1, true)] {
        let step = first(&house, "ada");
        assert_eq!(second(&house, &step, code(&house, &secret, away)).is_ok(), counts, "{away}");
    }
    let used = code(&house, &secret, 1);
    for _ in 0..3 {
        let step = first(&house, "ada");
        assert_eq!(second(&house, &step, used.clone()).err(), Some(Code::FactorFailed), "used before");
        house.clock.advance(STEP);
    }
}

fn wrong_codes_cost_more_and_more_time_until_a_right_one(kind: Database) {
    let house = House::new(kind);
    let (_, _, secret) = with_codes(&house, "ada", &[Role::Employee]);
    for _ in 0..6 {
        // The password is right each time, and forgets its own tries only.
        assert_eq!(
            second(&house, &first(&house, "ada"), wrong(&house, &secret)).err(),
            Some(Code::FactorFailed)
        );
    }
    let step = first(&house, "ada");
    assert_eq!(second(&house, &step, code(&house, &secret, 0)).err(), Some(Code::TooManyAttempts));
    for seconds in [1, 2, 4] {
        house.clock.advance(seconds * SECOND);
        assert_eq!(
            second(&house, &step, wrong(&house, &secret)).err(),
            Some(Code::FactorFailed),
            "{seconds}"
        );
        assert_eq!(second(&house, &step, wrong(&house, &secret)).err(), Some(Code::TooManyAttempts));
    }
    house.clock.advance(8 * SECOND);
    second(&house, &step, code(&house, &secret, 0)).ok().unwrap();
    for _ in 0..6 {
        assert_eq!(
            second(&house, &first(&house, "ada"), wrong(&house, &secret)).err(),
            Some(Code::FactorFailed)
        );
    }
}

fn a_device_is_known_for_a_year_and_by_its_name_only(kind: Database) {
    let house = House::new(kind);
    let ada = house.account("ada", &[Role::Employee]);
    house.account("bob", &[Role::Employee]);
    let cookie = house.sign_in(&form("ada"), &origin(), None).unwrap().device.unwrap();
    let known = |name: &str, cookie: &str| house.access.known_device(Some(cookie), name).unwrap().is_some();
    assert!(known("ada", &cookie) && known(" ADA ", &cookie));
    assert!(!known("bob", &cookie) && !known("ada", "nonsense") && !known("", &cookie));
    house.clock.advance(364 * 24 * HOUR);
    assert!(known("ada", &cookie));
    house.access.suspend(ada, By::COMMAND_LINE).unwrap();
    assert!(known("ada", &cookie), "it opens nothing");
    house.clock.advance(24 * HOUR);
    assert!(!known("ada", &cookie));
}

fn what_was_done_is_on_record(kind: Database) {
    let house = House::new(kind);
    let (root, factor, secret) = with_codes(&house, "root", &[Role::ItAdmin]);
    let (ada, other, _) = with_codes(&house, "ada", &[Role::Employee]);
    let by = By::caller(&root);
    let form = SetEmergency { emergency: true, networks: vec!["192.0.2.0/24".into()] };
    house.access.set_emergency(root.person, &form, by).unwrap();
    second(&house, &first(&house, "root"), code(&house, &secret, 0)).ok().unwrap();
    house.access.remove_factors(ada.person, by).unwrap();

    let added = FactorAdded { factor, kind: FactorKind::Totp, name: "Phone".into() };
    assert_eq!(house.bodies::<FactorAdded>(root.person, Kind::FactorAdded), [added]);
    let removed =
        FactorRemoved { factor: other, kind: FactorKind::Totp, name: "Phone".into(), via: Via::Web };
    assert_eq!(house.bodies::<FactorRemoved>(ada.person, Kind::FactorRemoved), [removed]);
    let set = EmergencySet { emergency: true, networks: vec!["192.0.2.0/24".into()], via: Via::Web };
    assert_eq!(house.bodies::<EmergencySet>(root.person, Kind::EmergencySet), [set]);
    let factors: Vec<Option<FactorKind>> =
        house.bodies::<SignedIn>(root.person, Kind::SignedIn).iter().map(|body| body.factor).collect();
    assert_eq!(factors, [None, Some(FactorKind::Totp)]);
    let records = house.records();
    let used = records.iter().find(|record| record.header.kind == Kind::EmergencyUsed).unwrap();
    assert_eq!((used.header.stream, used.header.actor), (Stream::System, Some(root.person.bytes())));
    let (address, device) = ("192.0.2.7".to_owned(), "Firefox on Linux".to_owned());
    let body = EmergencyUsed { address, device, factor: Some(FactorKind::Totp) };
    assert_eq!(decode_body::<EmergencyUsed>(&used.body).unwrap(), body);
}

fn of_the_last_factor_removed_and_the_account_made_one_for_emergencies_one_is_refused(kind: Database) {
    let house = House::new(kind);
    let (root, factor, _) = with_codes(&house, "root", &[Role::ItAdmin]);
    let form = SetEmergency { emergency: true, networks: Vec::new() };
    let (set, removed) = std::thread::scope(|scope| {
        let set = scope.spawn(|| house.access.set_emergency(root.person, &form, By::caller(&root)));
        let password = RemoveFactor { password: PASSWORD.into() };
        let removed = house.access.remove_factor(&root, factor, &password);
        (set.join().unwrap(), removed)
    });
    let refused = |result: Result<(), Error>| result.err().map(|e| e.code);
    let outcome = (refused(set), refused(removed));
    assert!(
        matches!(outcome, (Some(Code::FactorNeeded), None) | (None, Some(Code::FactorNeeded))),
        "{outcome:?}"
    );
}
