//! Sessions: cookies, lists, revoking, expiry, and who may call from where.

use chancery_ledger::Kind;
use chancery_protocol::SUBPROTOCOL;
use chancery_protocol::frame::Goodbye;
use chancery_protocol::http::Sessions;
use chancery_tests::archive::Archive;
use chancery_tests::client::Client;
use chancery_tests::house::{House, PASSWORD};
use chancery_tests::http::{COOKIE, Caller, refusal};
use chancery_tests::on_both_databases;
use reqwest::Method;

on_both_databases! {
    async fn the_cookie_is_out_of_reach_of_scripts_and_other_sites(kind) {
        let house = House::with_people(kind, 1).await;
        let body = format!(r#"{{"username":"ada","password":"{PASSWORD}"}}"#);
        let response = house.stranger().send(Method::POST, "/api/v1/session", Some(body.into())).await;
        let cookie = response.headers()["set-cookie"].to_str().unwrap().to_owned();
        assert!(cookie.starts_with(&format!("{COOKIE}=")), "{cookie}");
        for attribute in ["Secure", "HttpOnly", "SameSite=Lax", "Path=/"] {
            assert!(cookie.contains(attribute), "{attribute} is missing from {cookie}");
        }
        assert!(!cookie.contains("Domain"), "{cookie}");
        assert!(!cookie.contains("Max-Age") && !cookie.contains("Expires"), "not asked to keep: {cookie}");

        let body = format!(r#"{{"username":"ada","password":"{PASSWORD}","keep":true}}"#);
        let response = house.stranger().send(Method::POST, "/api/v1/session", Some(body.into())).await;
        let cookie = response.headers()["set-cookie"].to_str().unwrap();
        assert!(cookie.contains("Max-Age") || cookie.contains("Expires"), "asked to keep: {cookie}");
        assert!(response.headers()["cache-control"].to_str().unwrap().contains("no-store"));
    }

    async fn only_a_hash_of_the_token_is_stored(kind) {
        let house = House::with_people(kind, 1).await;
        let token = house.people[0].cookie.clone().unwrap();
        let raw = data_encoding::BASE64URL_NOPAD.decode(token.as_bytes()).unwrap();
        assert_eq!(raw.len(), 32);
        let stored = house.storage().sql(&format!("SELECT {} FROM sessions", house.storage().hex("token_hash")));
        assert!(!stored.contains(&data_encoding::HEXLOWER.encode(&raw)));
        assert!(!stored.contains(&data_encoding::HEXLOWER.encode(token.as_bytes())));
    }

    async fn people_see_and_end_their_own_sessions(kind) {
        let house = House::with_people(kind, 2).await;
        let laptop = &house.people[0];
        let phone = house.stranger().sign_in("ada", PASSWORD).await.unwrap();
        let mut socket = Client::connect(&phone).await;
        let sessions = laptop.sessions().await.unwrap().sessions;
        assert_eq!(sessions.len(), 2);
        assert_eq!(sessions.iter().filter(|session| session.current).count(), 1);
        assert!(sessions[0].created_at >= sessions[1].created_at, "newest first");
        let other = sessions.iter().find(|session| !session.current).unwrap().id;
        assert_eq!(other, socket.hello.session);

        let foreign = house.people[1].tell(Method::DELETE, &format!("/sessions/{other}"), None::<&()>).await;
        assert_eq!(foreign.unwrap_err().status, 404, "a session of somebody else is not there");
        laptop.tell(Method::DELETE, &format!("/sessions/{other}"), None::<&()>).await.unwrap();
        socket.wait_for_the_end().await;
        assert_eq!(socket.goodbye, Some(Goodbye::SessionEnded));
        assert_eq!(socket.close_code, Some(4001));
        assert_eq!(phone.session().await.unwrap_err().code(), "signed_out");
        laptop.session().await.unwrap();
    }

    async fn an_administrator_lists_and_ends_sessions_of_others(kind) {
        let house = House::with_people(kind, 1).await;
        let ada = house.people[0].id();
        let mut socket = house.connect(0).await;
        let path = format!("/people/{ada}/sessions");
        let list: Sessions = house.admin.call(Method::GET, &path, None::<&()>).await.unwrap();
        assert_eq!(list.sessions.len(), 1);
        house.admin.tell(Method::DELETE, &path, None::<&()>).await.unwrap();
        socket.wait_for_the_end().await;
        assert_eq!(socket.goodbye, Some(Goodbye::SessionEnded));
        let list: Sessions = house.admin.call(Method::GET, &path, None::<&()>).await.unwrap();
        assert!(list.sessions.is_empty());
        let archive = chancery_tests::archive::Archive::read(house.storage());
        assert_eq!(archive.count(chancery_ledger::Kind::SessionsRead), 2, "each reading is on the record");
    }

    async fn signing_out_ends_the_session_and_its_socket(kind) {
        let house = House::with_people(kind, 1).await;
        let mut socket = house.connect(0).await;
        house.people[0].sign_out().await.unwrap();
        socket.wait_for_the_end().await;
        assert_eq!(socket.goodbye, Some(Goodbye::SessionEnded));
        assert_eq!(house.people[0].session().await.unwrap_err().code(), "signed_out");
        assert_eq!(Client::try_connect(&house.people[0]).await.err().unwrap().status, Some(401));
    }

    async fn a_foreign_or_expired_token_is_refused(kind) {
        let house = House::with_people(kind, 1).await;
        let elsewhere = House::with_people(kind, 1).await;
        let mut foreign = house.people[0].clone();
        foreign.cookie.clone_from(&elsewhere.people[0].cookie);
        foreign.csrf.clone_from(&elsewhere.people[0].csrf);
        assert_eq!(foreign.session().await.unwrap_err().status, 401);
        assert_eq!(Client::try_connect(&foreign).await.err().unwrap().status, Some(401));
        for nonsense in ["", "x", "%00", &"a".repeat(43), &"a".repeat(5_000)] {
            foreign.cookie = Some(nonsense.to_owned());
            assert_eq!(foreign.session().await.unwrap_err().status, 401, "{nonsense:.20}");
        }
    }

    async fn an_expired_session_is_no_session(kind) {
        let mut house = House::with_people(kind, 1).await;
        house.storage().sql("UPDATE sessions SET expires_at = 1");
        house.server.stop().await;
        house.server.start_again().await;
        assert_eq!(house.people[0].session().await.unwrap_err().code(), "signed_out");
        assert_eq!(Client::try_connect(&house.people[0]).await.err().unwrap().status, Some(401));
    }

    async fn changes_need_origin_and_csrf_token(kind) {
        let house = House::with_people(kind, 1).await;
        let good = &house.people[0];
        let elsewhere = house.admin.csrf.clone();
        for (origin, csrf, code) in [
            (Some("http://evil.example".to_owned()), good.csrf.clone(), "foreign_origin"),
            (Some("null".to_owned()), good.csrf.clone(), "foreign_origin"),
            (good.origin.clone().map(|origin| format!("{origin}.evil.example")), good.csrf.clone(), "foreign_origin"),
            (good.origin.clone(), None, "csrf_failed"),
            (good.origin.clone(), Some("x".to_owned()), "csrf_failed"),
            (good.origin.clone(), elsewhere, "csrf_failed"),
        ] {
            let mut caller = good.clone();
            (caller.origin, caller.csrf) = (origin.clone(), csrf);
            let refused = caller.sign_out().await.unwrap_err();
            assert_eq!((refused.status, refused.code()), (403, code), "{origin:?}");
        }
        good.session().await.expect("nothing was done");
        let mut foreign = house.stranger();
        foreign.origin = Some("http://evil.example".to_owned());
        assert_eq!(foreign.sign_in("ada", PASSWORD).await.unwrap_err().code(), "foreign_origin");
    }

    async fn the_socket_needs_origin_csrf_token_and_subprotocol(kind) {
        let house = House::with_people(kind, 1).await;
        let good = &house.people[0];
        for (origin, code) in [(None, "foreign_origin"), (Some("http://evil.example".to_owned()), "foreign_origin")] {
            let mut caller = good.clone();
            caller.origin = origin;
            let refused = Client::try_connect(&caller).await.err().unwrap();
            assert_eq!((refused.status, refused.code().as_str()), (Some(403), code));
        }
        for csrf in [None, Some("x".to_owned()), house.admin.csrf.clone()] {
            let mut caller = good.clone();
            caller.csrf = csrf;
            let refused = Client::try_connect(&caller).await.err().unwrap();
            assert_eq!((refused.status, refused.code().as_str()), (Some(403), "csrf_failed"));
        }
        let token = good.csrf.clone().unwrap();
        for offer in [String::new(), SUBPROTOCOL.to_owned(), format!("chancery.v2, csrf.{token}"), format!("csrf.{token}")] {
            let refused = Client::offering(good, &offer).await.err().unwrap_or_else(|| panic!("accepted {offer:?}"));
            assert!(matches!(refused.status, Some(400 | 403)), "{offer:?}: {refused:?}");
        }
        let plain = good.send(Method::GET, "/api/v1/socket", None).await;
        assert!(plain.status().is_client_error(), "{}", refusal(plain).await.status);
    }

    async fn signing_in_and_sessions_survive_a_restart(kind) {
        let mut house = House::with_people(kind, 1).await;
        house.server.kill().await;
        house.server.start_again().await;
        assert_eq!(house.people[0].session().await.unwrap().me.id, house.people[0].id());
        let mut socket = house.connect(0).await;
        socket.ping().await.unwrap();
    }

    async fn a_planted_session_is_left_behind(kind) {
        let house = House::with_people(kind, 2).await;
        // Somebody puts their own session, or one they made up, into another's browser and waits for a sign-in.
        let (mallory, bela) = (&house.people[0], house.people[1].id());
        let mut socket = Client::connect(mallory).await;
        let victim = mallory.sign_in("bela", PASSWORD).await.unwrap();
        assert_eq!(victim.id(), bela);
        assert_ne!((&victim.cookie, &victim.csrf), (&mallory.cookie, &mallory.csrf));
        assert_eq!(mallory.session().await.unwrap_err().code(), "signed_out", "nor does the old one become anybody's");
        socket.wait_for_the_end().await;
        assert_eq!(victim.session().await.unwrap().me.id, bela);
        let made_up = Some("A".repeat(43));
        let planted = Caller { cookie: made_up.clone(), csrf: None, me: None, ..house.stranger() };
        let victim = planted.sign_in("bela", PASSWORD).await.unwrap();
        assert!(victim.cookie != made_up && planted.session().await.is_err());
        assert_eq!(Archive::read(house.storage()).count(Kind::SessionEnded), 1, "it is on record");
        // Nor by a link.
        let mallory = house.stranger().sign_in("ada", PASSWORD).await.unwrap();
        let invited = house.admin.invite("cleo", "Cleo Test", &[chancery_protocol::person::Role::Employee]).await.unwrap();
        let victim = mallory.redeem_link(invited.link.url.as_deref().unwrap(), PASSWORD).await.unwrap();
        assert_ne!((&victim.cookie, &victim.csrf), (&mallory.cookie, &mallory.csrf));
        assert_eq!(victim.session().await.unwrap().me.id, invited.id);
        assert_eq!(mallory.session().await.unwrap_err().code(), "signed_out");
    }
}
