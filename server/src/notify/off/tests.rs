use std::sync::Arc;

use actix_web::App;
use actix_web::http::Method;
use actix_web::test::{TestRequest, call_service, init_service, read_body};
use chancery_protocol::ids::{Id as _, PersonId};
use chancery_protocol::mail::MailMode;
use chancery_protocol::preferences::{Kept, Preferences};

use super::*;
use crate::access::{Access, Open, Settings};
use crate::directory::{preferences_of, save_preferences};
use crate::ground::config::{Proxies, PublicUrl};
use crate::ground::db::testing::{Database, on_both_databases};
use crate::ground::http::extractors;
use crate::messaging::tests::House;

const ONE_CLICK: &str = "List-Unsubscribe=One-Click";
const MULTIPART: &str =
    "--b\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--b--\r\n";

fn delivery(house: &House) -> Delivery {
    let settings = Settings {
        public_url: PublicUrl::parse("https://chat.example.com").unwrap(),
        session_hours: 12,
        confirm_minutes: 0,
        token_days: 365,
        proxies: Proxies::default(),
        mail_server: crate::outbox::MailServer::default(),
    };
    let (journal, directory) = (house.parts.journal.clone(), Arc::clone(&house.parts.directory));
    Delivery {
        messaging: house.parts.messaging(),
        access: Access::new(journal, directory, Arc::new(Open), settings).unwrap(),
        hub: Arc::default(),
        marks: Arc::default(),
        greetings: Arc::default(),
    }
}

fn token(delivery: &Delivery, person: PersonId, sort: Sort) -> String {
    let key = OffKey::new(delivery.messaging.journal.vault().secret(SECRET).unwrap());
    Off { person, sort }.token(&key)
}

fn kept(delivery: &Delivery, person: PersonId) -> Kept {
    let journal = &delivery.messaging.journal;
    let mut conn = journal.db().reader().unwrap();
    preferences_of(&mut conn, journal.vault(), &[person]).unwrap().remove(&person).unwrap_or_default()
}

async fn choose(delivery: &Delivery, person: PersonId, mode: MailMode) -> Kept {
    let Kept { revision, mut preferences } = kept(delivery, person);
    preferences.mailing.mode = mode;
    save_preferences(&delivery.messaging.journal, person, revision, preferences).await.unwrap()
}

/// Asks as a program would that has the link of a mail: without a cookie, an origin, anything. Status and body.
async fn ask(delivery: &Delivery, method: Method, token: &str, body: &str) -> (u16, String) {
    let pages = web::to(async || HttpResponse::Ok().body("the page"));
    let app = App::new()
        .configure(extractors)
        .app_data(web::Data::new(delivery.clone()))
        .configure(configure)
        .default_service(pages);
    let request = TestRequest::with_uri(&format!("/mail/off/{token}")).method(method);
    let answer =
        call_service(&init_service(app).await, request.set_payload(body.to_owned()).to_request()).await;
    let status = answer.status().as_u16();
    (status, String::from_utf8(read_body(answer).await.to_vec()).unwrap())
}

fn in_a_house(kind: Database, test: impl AsyncFnOnce(&House, Delivery)) {
    let house = House::new(kind);
    let delivery = delivery(&house);
    actix_web::rt::System::new().block_on(test(&house, delivery));
}

fn a_link_turns_off_what_it_names_and_nothing_else(kind: Database) {
    in_a_house(kind, async |house, delivery| {
        let [ada, ben] = [0, 1].map(|at| house.people[at]);
        for (sort, chosen, then) in [
            (Sort::Missed, MailMode::Each, MailMode::Never),
            (Sort::Missed, MailMode::Daily, MailMode::Daily),
            (Sort::Missed, MailMode::Never, MailMode::Never),
            (Sort::Digest, MailMode::Each, MailMode::Each),
            (Sort::Digest, MailMode::Daily, MailMode::Never),
            (Sort::Digest, MailMode::Never, MailMode::Never),
        ] {
            let before = choose(&delivery, ada, chosen).await;
            let token = token(&delivery, ada, sort);
            for body in [ONE_CLICK, MULTIPART, r#"{"List-Unsubscribe":"One-Click"}"#] {
                assert_eq!(ask(&delivery, Method::POST, &token, body).await.0, 200, "again, too");
            }
            let after = kept(&delivery, ada);
            assert_eq!(after.preferences.mailing.mode, then, "{sort:?} {chosen:?}");
            // Beside the daily mail, urgent messages wait for it from then on.
            let waits = (sort, chosen) == (Sort::Missed, MailMode::Daily);
            assert!(after.preferences.mailing.urgent_waits || !waits);
            let changed = u64::from(chosen != then || waits);
            assert_eq!(
                after.revision,
                before.revision + changed,
                "devices are to notice: {sort:?} {chosen:?}"
            );
        }
        assert_eq!(kept(&delivery, ben), Kept::default());
    });
}

fn who_has_chosen_nothing_is_heard_too_and_keeps_the_rest(kind: Database) {
    in_a_house(kind, async |house, delivery| {
        let [ada, ben] = [0, 1].map(|at| house.people[at]);
        let token_of = |person| token(&delivery, person, Sort::Missed);
        assert_eq!(ask(&delivery, Method::POST, &token_of(ben), ONE_CLICK).await.0, 200);
        assert_eq!(kept(&delivery, ben).preferences.mailing.mode, MailMode::Never);
        let mut preferences = Preferences::default();
        preferences.mailing.digest_at = Some(540);
        preferences.conversations.insert(house.conversations[0], Default::default());
        save_preferences(&delivery.messaging.journal, ada, 0, preferences.clone()).await.unwrap();
        assert_eq!(ask(&delivery, Method::POST, &token_of(ada), ONE_CLICK).await.0, 200);
        preferences.mailing.mode = MailMode::Never;
        assert_eq!(kept(&delivery, ada).preferences, preferences);
    });
}

fn a_device_that_is_there_is_told(kind: Database) {
    in_a_house(kind, async |house, delivery| {
        let ada = house.people[0];
        let (_socket, mut queue) = delivery.hub.join(ada, house.parts.journal.id().unwrap());
        let token = token(&delivery, ada, Sort::Missed);
        assert_eq!(ask(&delivery, Method::POST, &token, ONE_CLICK).await.0, 200);
        assert!(queue.try_recv().is_ok(), "it changed");
        assert_eq!(ask(&delivery, Method::POST, &token, ONE_CLICK).await.0, 200);
        assert!(queue.try_recv().is_err(), "nothing changed");
    });
}

fn looking_changes_nothing_and_other_tokens_are_not_taken(kind: Database) {
    in_a_house(kind, async |house, delivery| {
        let ada = house.people[0];
        let right = token(&delivery, ada, Sort::Missed);
        for method in [Method::GET, Method::HEAD, Method::OPTIONS, Method::PUT, Method::DELETE] {
            let (status, _) = ask(&delivery, method.clone(), &right, ONE_CLICK).await;
            assert_eq!(status, 200, "{method} is for the pages");
        }
        for body in ["", "One-Click", "List-Unsubscribe=", "One-Click=List-Unsubscribe", &"x".repeat(100_000)]
        {
            assert_eq!(ask(&delivery, Method::POST, &right, body).await.0, 400, "{body:.30}");
        }
        let nobody = token(&delivery, PersonId::from_bytes([7; 16]), Sort::Missed);
        let foreign =
            Off { person: ada, sort: Sort::Missed }.token(&OffKey::new(zeroize::Zeroizing::new([1; 32])));
        for wrong in [nobody.as_str(), &foreign, &right[1..], "xyzzy", "%00", &"A".repeat(46)] {
            let (status, body) = ask(&delivery, Method::POST, wrong, ONE_CLICK).await;
            assert_eq!(status, 404, "{wrong}");
            assert!(body.contains("\"not_found\"") && !body.contains(wrong), "{body}");
        }
        assert_eq!(kept(&delivery, ada), Kept::default());
    });
}

on_both_databases! {
    fn a_link_turns_off_what_it_names_and_nothing_else;
    fn who_has_chosen_nothing_is_heard_too_and_keeps_the_rest;
    fn a_device_that_is_there_is_told;
    fn looking_changes_nothing_and_other_tokens_are_not_taken;
}
