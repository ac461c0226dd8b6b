//! The upgrade to a socket proves where it comes from.

use super::*;
use crate::access::{Caller, act::Act, decide};
use crate::directory::Roles;
use crate::ground::error::Code;

on_both_databases! {
    async fn a_socket_opens_for_our_own_page_of_this_session_only;
    async fn who_does_not_chat_gets_no_socket;
    async fn a_session_is_seen_to_the_minute;
}

async fn a_socket_opens_for_our_own_page_of_this_session_only(kind: Database) {
    let house = Arc::new(House::new(kind));
    let setting = Arc::clone(&house);
    let (ada, bob) = off(move || {
        let (ada, bob) = (setting.invite("ada", &[Role::Employee]), setting.invite("bob", &[Role::Guest]));
        (setting.session(ada), setting.session(bob))
    })
    .await;
    let offer = |token: &str| format!("chancery.v1, csrf.{token}");
    let ask = async |origin: Option<&str>, protocols: Option<String>| -> Result<(), Code> {
        let mut asked = TestRequest::with_uri("/api/v1/socket")
            .insert_header(("cookie", format!("{COOKIE}={}", ada.token.text())));
        if let Some(origin) = origin {
            asked = asked.insert_header((ORIGIN, origin.to_owned()));
        }
        if let Some(protocols) = protocols {
            asked = asked.insert_header(("sec-websocket-protocol", protocols));
        }
        let asked = asked.to_http_request();
        let caller = house.access.authenticate(&asked).await.unwrap();
        house.access.check_socket(&asked, &caller).map_err(|e| e.code)
    };
    let right = offer(&ada.info.csrf);
    assert_eq!(ask(Some(OWN), Some(right.clone())).await, Ok(()));
    assert_eq!(ask(None, Some(right.clone())).await, Err(Code::ForeignOrigin));
    assert_eq!(ask(Some("https://evil.example"), Some(right.clone())).await, Err(Code::ForeignOrigin));
    assert_eq!(ask(Some("null"), Some(right)).await, Err(Code::ForeignOrigin));
    assert_eq!(ask(Some(OWN), None).await, Err(Code::CsrfFailed));
    assert_eq!(ask(Some(OWN), Some(offer(&bob.info.csrf))).await, Err(Code::CsrfFailed));
    assert_eq!(ask(Some(OWN), Some(offer(""))).await, Err(Code::CsrfFailed));
    let unspoken = format!("csrf.{}", ada.info.csrf);
    assert_eq!(ask(Some(OWN), Some(unspoken)).await, Err(Code::BadRequest));
}

async fn who_does_not_chat_gets_no_socket(kind: Database) {
    let house = Arc::new(House::new(kind));
    for roles in Role::ALL.map(|role| Roles::of(&[role])) {
        let csrf = "x".repeat(43);
        let asked = TestRequest::default()
            .insert_header((ORIGIN, OWN))
            .insert_header(("sec-websocket-protocol", format!("chancery.v1, csrf.{csrf}")))
            .to_http_request();
        let ids = [5; 16];
        let caller = Caller {
            person: Id::from_bytes(ids),
            session: Id::from_bytes(ids),
            roles,
            expires_at: 0,
            proven_at: 0,
            scopes: None,
            csrf,
        };
        let expected = if decide(roles, Act::OpenSocket) { Ok(()) } else { Err(Code::NotFound) };
        assert_eq!(house.access.check_socket(&asked, &caller).map_err(|e| e.code), expected, "{roles:?}");
    }
}

async fn a_session_is_seen_to_the_minute(kind: Database) {
    let house = Arc::new(House::new(kind));
    let setting = Arc::clone(&house);
    let ada = off(move || {
        let ada = setting.invite("ada", &[Role::Employee]);
        setting.session(ada)
    })
    .await;
    let seen = || {
        let rows =
            store::of_person(&mut house.journal.db().reader().unwrap(), ada.info.me.id, house.clock.now());
        rows.unwrap()[0].seen_at
    };
    house.clock.advance(90 * SECOND);
    house.access.seen(ada.info.session);
    for _ in 0..100_000 {
        if seen() != NEW_YEAR {
            break;
        }
        tokio::task::yield_now().await;
    }
    assert_eq!(seen(), NEW_YEAR + 60 * SECOND);
}
