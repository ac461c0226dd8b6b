//! Signing in through the front door, and what a wrong password costs.

use actix_web::http::header::{RETRY_AFTER, SET_COOKIE};
use chancery_protocol::http::{ChangePassword, SessionInfo, Sessions, SignIn};
use data_encoding::HEXLOWER;
use diesel::prelude::*;

use super::*;
use crate::access::records::{EndReason, SessionEnded, SignedIn};
use crate::ground::error::Code;

on_both_databases! {
    fn an_unknown_name_and_a_wrong_password_look_alike;
    fn guessing_at_an_account_costs_more_and_more_time;
    fn many_tries_at_the_same_moment_are_no_way_round;
    fn an_address_that_guesses_everywhere_waits_too;
    fn no_secret_is_written_to_disk;
    async fn a_session_begins_with_a_cookie_and_ends_with_it;
    async fn a_kept_session_outlives_the_window_until_it_expires;
    async fn guessing_from_outside_locks_no_device_out_that_is_signed_in;
    async fn a_new_password_ends_the_other_sessions;
    async fn own_sessions_are_listed_and_ended_but_not_those_of_others;
}

fn form(username: &str, password: &str) -> SignIn {
    SignIn { username: username.into(), password: password.into(), keep: false }
}

fn fails(house: &House, username: &str) -> Error {
    house.sign_in(&form(username, "not the password"), &origin(), None).err().unwrap()
}

async fn a_session_begins_with_a_cookie_and_ends_with_it(kind: Database) {
    let house = Arc::new(House::new(kind));
    let app = app!(house);
    let setting = Arc::clone(&house);
    let ada = off(move || setting.account("ada", &[Role::Employee])).await;
    let asked = json(request(&Method::POST, "/session", None), &form(" Ada", PASSWORD));
    let answer = call_service(&app, asked.to_request()).await;
    assert_eq!(answer.status(), 200);
    let cookie = answer.headers().get(SET_COOKIE).unwrap().to_str().unwrap().to_owned();
    for part in ["__Host-chancery=", "; HttpOnly", "; SameSite=Lax", "; Secure", "; Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains("Max-Age") && !cookie.contains("Domain"), "{cookie}");
    let info: SessionInfo = read_body_json(answer).await;
    assert_eq!((info.me.id, info.expires_at), (ada, NEW_YEAR + 12 * HOUR));

    let cookie = cookie.split(';').next().unwrap().to_owned();
    let with = |method: Method| {
        request(&method, "/session", None)
            .insert_header(("cookie", cookie.clone()))
            .insert_header((CSRF_HEADER, info.csrf.clone()))
            .to_request()
    };
    let again: SessionInfo = read_body_json(call_service(&app, with(Method::GET)).await).await;
    assert_eq!(again, info);
    let gone = call_service(&app, with(Method::DELETE)).await;
    assert_eq!(gone.status(), 200);
    assert!(gone.headers().get(SET_COOKIE).unwrap().to_str().unwrap().contains("Max-Age=0"));
    assert_eq!(code_of(call_service(&app, with(Method::GET)).await).await, "signed_out");
    assert_eq!(house.bodies::<SignedIn>(ada, Kind::SignedIn)[0].session, info.session);
    assert_eq!(
        house.bodies::<SessionEnded>(ada, Kind::SessionEnded),
        [SessionEnded { session: info.session, reason: EndReason::SignedOut }]
    );
}

async fn a_kept_session_outlives_the_window_until_it_expires(kind: Database) {
    let house = Arc::new(House::new(kind));
    let app = app!(house);
    let setting = Arc::clone(&house);
    off(move || setting.account("ada", &[Role::Employee])).await;
    let form = SignIn { keep: true, ..form("ada", PASSWORD) };
    let asked = json(request(&Method::POST, "/session", None), &form).to_request();
    let answer = call_service(&app, asked).await;
    let cookie = answer.headers().get(SET_COOKIE).unwrap().to_str().unwrap().to_owned();
    assert!(cookie.contains("; Max-Age=43200"), "{cookie}");
    let cookie = cookie.split(';').next().unwrap().to_owned();
    let get =
        || request(&Method::GET, "/session", None).insert_header(("cookie", cookie.clone())).to_request();
    house.clock.advance(12 * HOUR - SECOND);
    assert_eq!(call_service(&app, get()).await.status(), 200);
    house.clock.advance(SECOND);
    assert_eq!(code_of(call_service(&app, get()).await).await, "signed_out");
    house.access.sweep().await.unwrap();
    let rows: i64 = crate::ground::db::schema::sessions::table
        .count()
        .get_result(&mut *house.journal.db().reader().unwrap())
        .unwrap();
    assert_eq!(rows, 0, "expired sessions are forgotten");
}

fn an_unknown_name_and_a_wrong_password_look_alike(kind: Database) {
    let house = House::new(kind);
    house.account("ada", &[Role::Employee]);
    house.invite("bob", &[Role::Employee]);
    let wrong = fails(&house, "ada");
    assert_eq!(wrong.code, Code::SignInFailed);
    for other in ["nobody", "bob", "no such name!"] {
        assert_eq!(fails(&house, other), wrong, "{other}");
    }
}

fn guessing_at_an_account_costs_more_and_more_time(kind: Database) {
    let house = House::new(kind);
    house.account("ada", &[Role::Employee]);
    for name in ["ada", "nobody"] {
        for _ in 0..6 {
            assert_eq!(fails(&house, name).code, Code::SignInFailed, "{name}");
        }
        let refused = fails(&house, name);
        assert_eq!(refused.code, Code::TooManyAttempts, "{name}");
        assert_eq!(refused.retry_after, Some(61), "{name}: rounded up");
    }
    let right = house.sign_in(&form("ada", PASSWORD), &origin(), None);
    assert_eq!(right.err().unwrap().code, Code::TooManyAttempts, "not even the right one");
    house.clock.advance(MINUTE);
    assert_eq!(fails(&house, "ada").code, Code::SignInFailed);
    house.clock.advance(MINUTE);
    assert_eq!(fails(&house, "ada").code, Code::TooManyAttempts, "two minutes by now");
    house.clock.advance(MINUTE);
    assert!(house.sign_in(&form("ada", PASSWORD), &origin(), None).is_ok());
    for _ in 0..6 {
        assert_eq!(fails(&house, "ada").code, Code::SignInFailed, "a right password forgets the account's");
    }
}

fn many_tries_at_the_same_moment_are_no_way_round(kind: Database) {
    let house = House::new(kind);
    house.account("ada", &[Role::Employee]);
    let tried: Vec<Code> = std::thread::scope(|scope| {
        let tries: Vec<_> = (0..12).map(|_| scope.spawn(|| fails(&house, "ada").code)).collect();
        tries.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let looked_at = tried.iter().filter(|code| **code == Code::SignInFailed).count();
    assert_eq!(looked_at, 6, "{tried:?}");
}

fn an_address_that_guesses_everywhere_waits_too(kind: Database) {
    let house = House::new(kind);
    for number in 0..51 {
        assert_eq!(fails(&house, &format!("name{number}")).code, Code::SignInFailed);
    }
    assert_eq!(fails(&house, "another").code, Code::TooManyAttempts);
    let elsewhere = Origin { address: Some("198.51.100.1".parse().unwrap()), ..origin() };
    let answer = house.sign_in(&form("another", "not the password"), &elsewhere, None);
    assert_eq!(answer.err().unwrap().code, Code::SignInFailed);
    house.clock.advance(2 * HOUR);
    assert_eq!(fails(&house, "another").code, Code::SignInFailed, "an hour later it starts afresh");
}

async fn guessing_from_outside_locks_no_device_out_that_is_signed_in(kind: Database) {
    let house = Arc::new(House::new(kind));
    let app = app!(house);
    let setting = Arc::clone(&house);
    let device = off(move || {
        let ada = setting.account("ada", &[Role::Employee]);
        let device = setting.session(ada);
        while fails(&setting, "ada").code != Code::TooManyAttempts {}
        device
    })
    .await;
    let get = request(&Method::GET, "/sessions", Some(&device)).to_request();
    assert_eq!(call_service(&app, get).await.status(), 200);
    let sign_in = || json(request(&Method::POST, "/session", None), &form("ada", PASSWORD));
    let refused = call_service(&app, sign_in().to_request()).await;
    assert_eq!(refused.status(), 429);
    assert!(refused.headers().contains_key(RETRY_AFTER));
    let cookie = ("cookie", format!("{COOKIE}={}", device.token.text()));
    let from_device = call_service(&app, sign_in().insert_header(cookie).to_request()).await;
    assert_eq!(from_device.status(), 200, "the same moment, with a running session of the same person");
}

async fn a_new_password_ends_the_other_sessions(kind: Database) {
    let house = Arc::new(House::new(kind));
    let app = app!(house);
    let setting = Arc::clone(&house);
    let (ada, here, there) = off(move || {
        let ada = setting.account("ada", &[Role::Employee]);
        (ada, setting.session(ada), setting.session(ada))
    })
    .await;
    let change = |current: &str, new: &str| {
        let form = ChangePassword { current: current.into(), new: new.into() };
        json(request(&Method::POST, "/password", Some(&here)), &form).to_request()
    };
    let new = "a wholly new sentence";
    for (current, chosen, expected) in
        [("wrong", new, "sign_in_failed"), (PASSWORD, "short", "password_too_short")]
    {
        assert_eq!(code_of(call_service(&app, change(current, chosen)).await).await, expected);
    }
    assert_eq!(house.running(ada).len(), 2);
    assert_eq!(call_service(&app, change(PASSWORD, new)).await.status(), 204);
    assert_eq!(house.running(ada), [here.info.session]);
    assert_eq!(
        house.bodies::<SessionEnded>(ada, Kind::SessionEnded),
        [SessionEnded { session: there.info.session, reason: EndReason::PasswordSet }]
    );
    let old = json(request(&Method::POST, "/session", None), &form("ada", PASSWORD)).to_request();
    assert_eq!(code_of(call_service(&app, old).await).await, "sign_in_failed");
    let fresh = json(request(&Method::POST, "/session", None), &form("ada", new)).to_request();
    assert_eq!(call_service(&app, fresh).await.status(), 200);
}

async fn own_sessions_are_listed_and_ended_but_not_those_of_others(kind: Database) {
    let house = Arc::new(House::new(kind));
    let app = app!(house);
    let setting = Arc::clone(&house);
    let (here, there, foreign) = off(move || {
        let (ada, bob) = (setting.invite("ada", &[Role::Employee]), setting.invite("bob", &[Role::Employee]));
        let here = setting.session(ada);
        setting.clock.advance(SECOND);
        (here, setting.session(ada), setting.session(bob))
    })
    .await;
    let list = async || -> Vec<(SessionId, bool)> {
        let asked = request(&Method::GET, "/sessions", Some(&here)).to_request();
        let list: Sessions = read_body_json(call_service(&app, asked).await).await;
        list.sessions.iter().map(|session| (session.id, session.current)).collect()
    };
    let end = |id: SessionId| request(&Method::DELETE, &format!("/sessions/{id}"), Some(&here)).to_request();
    assert_eq!(list().await, [(there.info.session, false), (here.info.session, true)]);
    assert_eq!(call_service(&app, end(foreign.info.session)).await.status(), 404);
    assert_eq!(call_service(&app, end(there.info.session)).await.status(), 204);
    assert_eq!(call_service(&app, end(there.info.session)).await.status(), 404);
    assert_eq!(list().await, [(here.info.session, true)]);
    assert_eq!(house.running(foreign.info.me.id).len(), 1);
}

fn no_secret_is_written_to_disk(kind: Database) {
    let house = House::new(kind);
    let ada = house.account("ada", &[Role::Employee]);
    let session = house.session(ada);
    let link = house.access.reset(ada, false, By::COMMAND_LINE).unwrap();
    let typed = "password-in-the-name-field";
    fails(&house, typed);
    let token = link.url.unwrap().split('#').nth(1).unwrap().to_owned();
    let raw = |text: &str| data_encoding::BASE64URL_NOPAD.decode(text.as_bytes()).unwrap();
    let secrets = [
        raw(&token),
        raw(&session.token.text()),
        raw(&session.info.csrf),
        token.into_bytes(),
        session.token.text().into_bytes(),
        PASSWORD.as_bytes().to_vec(),
        typed.as_bytes().to_vec(),
    ];
    let bytes = stored(&house.storage);
    let stands = |secret: &[u8]| bytes.windows(secret.len()).any(|window| window == secret);
    let found = |secret: &[u8]| stands(secret) || stands(HEXLOWER.encode(secret).as_bytes());
    assert!(found(b"Firefox on Linux"), "the scan finds what is clear");
    for (number, secret) in secrets.iter().enumerate() {
        assert!(!found(secret), "secret {number} is on disk");
    }
}

/// Every byte of an embedded database's folder; every row of a PostgreSQL database, bytes as hexadecimal text.
fn stored(storage: &Storage) -> Vec<u8> {
    if storage.kind == Database::Sqlite {
        let files = std::fs::read_dir(&storage.data).unwrap();
        return files.flat_map(|file| std::fs::read(file.unwrap().path()).unwrap()).collect();
    }
    let mut rows = String::new();
    for database in [storage.main_database(), storage.keys_database()] {
        let tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'";
        let tables = storage.cluster().sql(database, tables);
        let all: String = tables.lines().map(|name| format!("SELECT t::text FROM {name} t;")).collect();
        rows.push_str(&storage.cluster().sql(database, &all));
    }
    rows.into_bytes()
}
