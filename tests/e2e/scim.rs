//! Providers write who there is by SCIM 2.0: what that does to accounts and sessions, and who may write.

use chancery_ledger::Kind;
use chancery_protocol::accounts::AccountState;
use chancery_protocol::conversation::Entry;
use chancery_protocol::ids::{PersonId, SourceId};
use chancery_protocol::person::Role;
use chancery_protocol::sources::{
    Identities, LinkIdentity, Linking, ScimSettings, SetSource, SignInWays, SourceTested,
};
use chancery_tests::archive::Archive;
use chancery_tests::client::Client;
use chancery_tests::database::Database;
use chancery_tests::house::{House, PASSWORD};
use chancery_tests::http::Caller;
use chancery_tests::on_both_databases;
use chancery_tests::patience::until;
use chancery_tests::scim::{NEVER, Provider, scim, scim2_tester};
use chancery_tests::sign_on::oidc;
use reqwest::Method;
use serde_json::{Value, json};

const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

async fn provider(house: &House) -> (SourceId, Provider) {
    let source = house.admin.make_source(&scim("Our provider", ScimSettings::default())).await.unwrap();
    (source, Provider::of(&house.admin, source).await)
}

fn user(name: &str, shown: &str) -> Value {
    json!({"schemas": [USER], "userName": name, "displayName": shown})
}

fn person(id: &str) -> PersonId {
    id.parse().unwrap()
}

/// Somebody the provider made, signed in with a password an administrator let them choose.
async fn signed_in(house: &House, id: &str) -> Caller {
    let link = house.admin.reset(person(id)).await.unwrap();
    house.stranger().redeem_link(link.url.as_deref().unwrap(), PASSWORD).await.unwrap()
}

async fn state(house: &House, id: &str) -> AccountState {
    house.admin.account(person(id)).await.unwrap().state
}

async fn identities(admin: &Caller, id: PersonId) -> Identities {
    admin.call(Method::GET, &format!("/people/{id}/identities"), None::<&()>).await.unwrap()
}

on_both_databases! {
    async fn the_life_of_a_user(kind) {
        let house = House::with_people(kind, 1).await;
        let (_, scim) = provider(&house).await;
        // As Entra makes one.
        let made = scim.call(Method::POST, "/Users", json!({
            "schemas": [USER, ENTERPRISE], "externalId": "e-1", "userName": "Ada.King@Example.com", "active": true,
            "displayName": "Ada King", "title": "Analyst",
            "emails": [{"type": "home", "value": "ada@home.example"}, {"type": "work", "value": "Ada@Example.com"}],
            "phoneNumbers": [{"type": "work", "value": "555"}],
            (ENTERPRISE): {"department": "Engines"},
        })).await;
        assert_eq!(made.status, 201, "{}", made.body);
        let id = made.body["id"].as_str().unwrap().to_owned();
        let place = format!("/Users/{id}");
        assert_eq!(made.headers["location"], format!("{}{place}", scim.base));
        assert_eq!(made.body["meta"]["location"], format!("{}{place}", scim.base));
        assert_eq!((made.etag.as_str(), &made.body["meta"]["version"]), ("W/\"1\"", &json!("W/\"1\"")));
        let account = house.admin.account(person(&id)).await.unwrap();
        assert_eq!(account.person.username, "ada.king");
        assert_eq!((account.person.name.as_str(), account.roles), ("Ada King", vec![Role::Employee]));

        // Found by name, whatever its case; by another name not.
        assert_eq!(scim.find("/Users", "userName eq \"ADA.KING@example.com\"").await[0]["id"], id);
        assert_eq!(scim.find("/Users", "externalId eq \"e-1\"").await[0]["id"], id);
        assert_eq!(scim.find("/Users", "emails[type eq \"work\"].value eq \"ada@example.com\"").await.len(), 1);
        assert_eq!(scim.find("/Users", &format!("id eq \"{id}\"")).await.len(), 1);
        assert!(scim.find("/Users", "userName eq \"nobody\"").await.is_empty());
        let search = json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"], "filter": "userName sw \"ada\"", "attributes": ["userName"]});
        let found = scim.call(Method::POST, "/.search", search).await;
        assert_eq!(found.body["Resources"][0]["userName"], "Ada.King@Example.com");
        assert!(found.body["Resources"][0].get("displayName").is_none());

        // Entra's way: capitals, texts for truth, dotted keys without a path.
        let entra = scim.patch(&place, json!([
            {"op": "Replace", "path": "displayName", "value": "Ada Lovelace"},
            {"op": "Add", "value": {"name.givenName": "Ada", (format!("{ENTERPRISE}:department")): "Research"}},
            {"op": "Replace", "path": "active", "value": "True"},
        ])).await;
        assert_eq!((entra.status, entra.etag.as_str()), (200, "W/\"2\""), "{}", entra.body);
        assert_eq!(entra.body["name"]["givenName"], "Ada");
        assert_eq!(entra.body[ENTERPRISE]["department"], "Research");
        assert_eq!(entra.body["phoneNumbers"][0]["value"], "555", "what nobody here uses is kept");
        assert_eq!(house.admin.account(person(&id)).await.unwrap().person.name, "Ada Lovelace");
        // Said again, it changes nothing.
        let again = scim.patch(&place, json!([{"op": "replace", "path": "displayName", "value": "Ada Lovelace"}])).await;
        assert_eq!((again.status, again.etag.as_str()), (200, "W/\"2\""));

        // Of those who read the same, the first to write wins.
        let stale = scim.request(Method::PUT, &place).header("if-match", "W/\"1\"").json(&user("ada.king@example.com", "Old"));
        assert_eq!(scim.answer(stale).await.status, 412);
        let late = json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{"op": "replace", "path": "title", "value": "Old"}]});
        let stale = scim.request(Method::PATCH, &place).header("if-match", "W/\"1\"").json(&late);
        assert_eq!(scim.answer(stale).await.status, 412);
        let stale = scim.request(Method::DELETE, &place).header("if-match", "W/\"1\"");
        assert_eq!(scim.answer(stale).await.status, 412);
        assert_eq!(scim.get(&place).await.etag, "W/\"2\"", "nothing of it happened");
        let known = scim.request(Method::GET, &place).header("if-none-match", "W/\"2\"");
        let known = scim.answer(known).await;
        assert_eq!((known.status, known.etag.as_str(), known.body), (304, "W/\"2\"", Value::Null));
        let put = scim.request(Method::PUT, &place).header("if-match", "W/\"2\"").json(&user("ada.king@example.com", "Ada L."));
        let put = scim.answer(put).await;
        assert_eq!((put.status, put.etag.as_str(), &put.body["active"]), (200, "W/\"3\"", &json!(true)));
        assert!(put.body.get("title").is_none(), "what is not put is not there");

        // Okta's way to end it: out at once, on every device.
        let ada = signed_in(&house, &id).await;
        let mut socket = Client::connect(&ada).await;
        let okta = scim.patch(&place, json!([{"op": "replace", "value": {"active": false}}])).await;
        assert_eq!((okta.status, &okta.body["active"]), (200, &json!(false)));
        socket.wait_for_the_end().await;
        assert_eq!(ada.session().await.err().unwrap().code(), "signed_out");
        assert_eq!(state(&house, &id).await, AccountState::Suspended);
        assert_eq!(scim.patch(&place, json!([{"op": "replace", "value": {"active": true}}])).await.status, 200);
        assert_eq!(ada.session().await.err().unwrap().code(), "signed_out", "what ended has ended");
        house.stranger().sign_in("ada.king", PASSWORD).await.unwrap();
        // Another name there; the user name here stays.
        let renamed = scim.patch(&place, json!([{"op": "replace", "path": "userName", "value": "ada.byron@example.com"}])).await;
        assert_eq!(renamed.status, 200, "{}", renamed.body);
        assert_eq!(house.admin.account(person(&id)).await.unwrap().person.username, "ada.king");
        assert_eq!(scim.find("/Users", "userName eq \"ada.byron@example.com\"").await.len(), 1);

        // Gone there: suspended here. Named again, it is the same account.
        let ada = house.stranger().sign_in("ada.king", PASSWORD).await.unwrap();
        let talk = Client::connect(&ada).await.open_direct(house.people[0].id()).await.unwrap().id;
        Client::connect(&ada).await.send(talk, "what I leave behind").await.unwrap();
        assert_eq!(scim.call(Method::DELETE, &place, Value::Null).await.status, 204);
        let page = house.connect(0).await.history(talk).await.unwrap();
        let stays = page.entries.iter().any(|entry| matches!(entry, Entry::Message { message } if message.author == person(&id)));
        assert!(stays && page.people.iter().any(|one| one.id == person(&id) && one.suspended), "what was written stays");
        assert_eq!(scim.get(&place).await.status, 404);
        assert_eq!(scim.call(Method::DELETE, &place, Value::Null).await.status, 404);
        assert_eq!(ada.session().await.err().unwrap().code(), "signed_out");
        assert_eq!(state(&house, &id).await, AccountState::Suspended);
        assert!(scim.find("/Users", "userName eq \"ada.byron@example.com\"").await.is_empty());
        let back = scim.make("/Users", user("Ada.Byron@example.com", "Ada Byron")).await;
        assert_eq!((back.as_str(), state(&house, &id).await), (id.as_str(), AccountState::Active));
        assert_eq!(house.admin.account(person(&id)).await.unwrap().person.name, "Ada Byron");
        house.stranger().sign_in("ada.king", PASSWORD).await.unwrap();

        let archive = Archive::read(house.storage());
        let kinds = [Kind::TokenIssued, Kind::IdentityLinked, Kind::PersonSuspended, Kind::PersonReinstated, Kind::SessionEnded];
        assert_eq!(kinds.map(|kind| archive.count(kind)), [1, 1, 2, 2, 3]);
        archive.assert_dense(house.storage());
    }

    async fn what_was_done_by_hand_stays_there_too(kind) {
        let house = House::with_people(kind, 1).await;
        let (_, scim) = provider(&house).await;
        let id = scim.make("/Users", user("ada2", "Ada Two")).await;
        let place = format!("/Users/{id}");
        house.admin.suspend(person(&id)).await.unwrap();
        let shown = scim.get(&place).await;
        assert_eq!((&shown.body["active"], shown.etag.as_str()), (&json!(false), "W/\"1s\""));
        let known = scim.request(Method::GET, &place).header("if-none-match", "W/\"1\"");
        assert_eq!(scim.answer(known).await.status, 200, "it is not what it was");
        for active in [true, false, true] {
            let said = scim.patch(&place, json!([{"op": "replace", "path": "active", "value": active}])).await;
            assert_eq!((said.status, &said.body["active"]), (200, &json!(false)));
        }
        assert_eq!(state(&house, &id).await, AccountState::Suspended);
        // Other things may be said of somebody who is suspended.
        let named = scim.patch(&place, json!([{"op": "replace", "path": "displayName", "value": "Ada 2"}])).await;
        assert_eq!((named.status, &named.body["active"]), (200, &json!(false)));
        assert_eq!(house.admin.account(person(&id)).await.unwrap().person.name, "Ada 2");
        house.admin.reinstate(person(&id)).await.unwrap();
        assert_eq!(scim.get(&place).await.body["active"], true);
        // Made inactive, let in by hand: so it stays until something new is said.
        let other = scim.make("/Users", json!({"userName": "idle", "active": "False"})).await;
        assert_eq!(state(&house, &other).await, AccountState::Suspended);
        house.admin.reinstate(person(&other)).await.unwrap();
        scim.patch(&format!("/Users/{other}"), json!([{"op": "replace", "path": "active", "value": false}])).await;
        assert_eq!(state(&house, &other).await, AccountState::Active);
        // Taken away while suspended by hand, and named again: still suspended.
        house.admin.suspend(person(&id)).await.unwrap();
        assert_eq!(scim.call(Method::DELETE, &place, Value::Null).await.status, 204);
        assert_eq!(scim.make("/Users", user("ada2", "Ada Two")).await, id);
        assert_eq!(scim.get(&place).await.body["active"], false);
        assert_eq!(state(&house, &id).await, AccountState::Suspended);
    }

    async fn names_are_taken_once_and_rules_decide_who_is_found(kind) {
        let house = House::with_people(kind, 2).await;
        let (source, scim) = provider(&house).await;
        scim.make("/Users", user("Zoe@example.com", "Zoe")).await;
        let twice = scim.call(Method::POST, "/Users", user("zoe@EXAMPLE.com", "Zoe")).await;
        assert_eq!((twice.status, &twice.body["scimType"]), (409, &json!("uniqueness")));
        let other = scim.make("/Users", user("zack@example.com", "Zack")).await;
        let renamed = scim.patch(&format!("/Users/{other}"), json!([{"op": "replace", "path": "userName", "value": "ZOE@example.com"}])).await;
        assert_eq!((renamed.status, &renamed.body["scimType"]), (409, &json!("uniqueness")));
        // Of an account made here, nobody but an administrator says that it is theirs.
        let here = scim.call(Method::POST, "/Users", user("ada@example.com", "Ada")).await;
        assert_eq!((here.status, &here.body["scimType"]), (409, &json!("uniqueness")));
        let nobody = scim.call(Method::POST, "/Users", user("山田", "Yamada")).await;
        assert_eq!((nobody.status, &nobody.body["scimType"]), (400, &json!("invalidValue")));
        let long = scim.call(Method::POST, "/Users", user(&format!("{}@example.com", "long".repeat(250)), "Long")).await;
        assert_eq!((long.status, &long.body["scimType"]), (400, &json!("invalidValue")));
        let nameless = scim.call(Method::POST, "/Users", user("who", "\u{202e}")).await;
        assert_eq!((nameless.status, &nameless.body["scimType"]), (400, &json!("invalidValue")));
        assert_eq!(scim.call(Method::POST, "/Users", json!({"displayName": "X"})).await.status, 400);

        let now = house.admin.source(source).await.unwrap();
        let mut form = now.form;
        form.admission.link = Linking::Username;
        form.admission.create = false;
        house.admin.change_source(source, &SetSource { form, secret: None, was: None }).await.unwrap();
        let found = scim.make("/Users", user("ADA@example.com", "Ada of the provider")).await;
        assert_eq!(found, house.people[0].id().to_string());
        assert_eq!(scim.call(Method::POST, "/Users", user("ada@elsewhere.example", "Another")).await.status, 409);
        assert_eq!(scim.call(Method::POST, "/Users", user("stranger", "Stranger")).await.status, 403);
        let root = scim.call(Method::POST, "/Users", user("root", "Not me")).await;
        assert_eq!((root.status, &root.body["scimType"]), (409, &json!("uniqueness")));
        assert!(root.body["detail"].as_str().unwrap().contains("administrator"));
        // An administrator links such an account, by the name the provider has for it.
        let officer = house.invite_and_redeem("olga", &[Role::Employee, Role::ComplianceOfficer]).await;
        assert_eq!(scim.call(Method::POST, "/Users", user("olga@example.com", "Olga")).await.status, 409);
        let lead = house.invite_and_redeem("lena", &[Role::ComplianceLead]).await;
        house.admin.link_with(&lead, source, "Olga@example.com", officer.id()).await;
        assert_eq!(scim.make("/Users", user("olga@example.com", "Olga")).await, officer.id().to_string());
        // And takes it off again: then the provider keeps nothing of it.
        let identity = &identities(&house.admin, officer.id()).await.identities[0];
        let off = LinkIdentity { source, subject: identity.subject.clone(), person: officer.id() };
        house.admin.tell(Method::POST, "/identities/remove", Some(&off)).await.unwrap();
        assert_eq!(scim.get(&format!("/Users/{}", officer.id())).await.status, 404);
        assert_eq!(officer.session().await.err().unwrap().code(), "signed_out");
    }

    async fn whoever_signs_in_elsewhere_is_known_there(kind) {
        let house = House::with_people(kind, 1).await;
        let admin = &house.admin;
        let wrong = scim("Wrong", ScimSettings { linked_provider: Some("0199aaaa-bbbb-7ccc-8ddd-eeeeffff0009".parse().unwrap()) });
        assert_eq!(admin.make_source(&wrong).await.err().unwrap().code(), "settings_invalid");
        let at = admin.make_source(&oidc("Sign in", "http://127.0.0.1:9", "app", "secret")).await.unwrap();
        let source = admin.make_source(&scim("Writes", ScimSettings { linked_provider: Some(at) })).await.unwrap();
        let scim = Provider::of(admin, source).await;
        let id = scim.make("/Users", json!({"userName": "ada9", "externalId": "00u1"})).await;
        let there = async || {
            let all = identities(admin, person(&id)).await.identities;
            all.into_iter().filter(|identity| identity.source == at).map(|identity| identity.subject).collect::<Vec<_>>()
        };
        assert_eq!(there().await, ["00u1"]);
        let other = scim.call(Method::POST, "/Users", json!({"userName": "eve", "externalId": "00u1"})).await;
        assert_eq!(other.status, 409, "nobody becomes somebody else by it");
        let ada = signed_in(&house, &id).await;
        let place = format!("/Users/{id}");
        scim.patch(&place, json!([{"op": "replace", "path": "externalId", "value": "00u2"}])).await;
        assert_eq!(there().await, ["00u2"]);
        assert_eq!(ada.session().await.err().unwrap().code(), "signed_out", "it may have begun by the other");
        assert_eq!(scim.call(Method::DELETE, &place, Value::Null).await.status, 204);
        assert!(there().await.is_empty());
        assert_eq!(scim.make("/Users", json!({"userName": "ada9", "externalId": "00u3"})).await, id);
        assert_eq!(there().await, ["00u3"]);
        // Whoever may do more than chat is linked by an administrator, there as here.
        let officer = house.invite_and_redeem("olga", &[Role::Employee, Role::ComplianceOfficer]).await;
        let lead = house.invite_and_redeem("lena", &[Role::ComplianceLead]).await;
        admin.link_with(&lead, source, "olga", officer.id()).await;
        scim.make("/Users", json!({"userName": "olga", "externalId": "00u9"})).await;
        let linked = identities(admin, officer.id()).await.identities;
        assert_eq!(linked.iter().map(|identity| identity.source).collect::<Vec<_>>(), [source]);
        // The page for signing in does not show it, a test of it has no steps.
        let info: Value = house.stranger().call(Method::GET, "/server", None::<&()>).await.unwrap();
        let ways: SignInWays = serde_json::from_value(info["sign_in"].clone()).unwrap();
        assert_eq!((ways.providers.len(), ways.directories.len()), (1, 0));
        let form = admin.source(source).await.unwrap().form;
        let tested: SourceTested = admin.call(Method::POST, "/sources/test", Some(&SetSource { form, secret: None, was: None })).await.unwrap();
        assert_eq!(tested, SourceTested::default());
        house.stranger().sign_in("ada", PASSWORD).await.unwrap();
    }

    async fn a_token_opens_what_it_was_issued_for(kind) {
        let house = House::with_people(kind, 1).await;
        let (source, scim) = provider(&house).await;
        let admin = &house.admin;
        let read = admin.issue_token(source, "Reads", false, NEVER).await.unwrap();
        assert!(read.token.starts_with("chs_") && read.token.len() == 47);
        let reader = scim.with(&read.token);
        let id = scim.make("/Users", user("ada3", "Ada Three")).await;
        let place = format!("/Users/{id}");
        assert_eq!(reader.get(&place).await.status, 200);
        assert_eq!(reader.call(Method::POST, "/Users/.search", json!({"count": 1})).await.body["totalResults"], 1);
        for (method, path) in [(Method::POST, "/Users"), (Method::PUT, &*place), (Method::PATCH, &place), (Method::DELETE, &place), (Method::POST, "/Groups")] {
            assert_eq!(reader.call(method.clone(), path, user("x", "x")).await.status, 403, "{method}");
        }
        let nobody = scim.with("chs_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
        for stranger in [&nobody, &scim.with(""), &scim.with(&read.token[4..])] {
            let refused = stranger.get("/Users").await;
            assert_eq!((refused.status, &refused.headers["www-authenticate"]), (401, &"Bearer".parse().unwrap()));
            assert_eq!(stranger.get("/no/such").await.status, 401);
        }
        // A session is no way in, and a token none into anything else.
        let request = chancery_tests::http::http().get(format!("{}/Users", scim.base));
        let cookie = format!("{}={}", chancery_tests::http::COOKIE, admin.cookie.clone().unwrap());
        assert_eq!(scim.answer(request.header("cookie", cookie)).await.status, 401);
        let api = chancery_tests::http::http().get(format!("http://{}/api/v1/people", admin.address)).header("authorization", format!("Bearer {}", scim.token));
        assert_eq!(api.send().await.unwrap().status(), 401);

        let tokens = admin.tokens(source).await.unwrap();
        assert_eq!(tokens.iter().map(|token| (token.name.as_str(), token.write)).collect::<Vec<_>>(), [("Reads", false), ("Provider", true)]);
        assert!(tokens.iter().all(|token| token.last_used_at.is_some() && token.created_by.as_ref().unwrap().id == admin.id()));
        let path = format!("/sources/{source}/tokens/{}", read.id);
        for _ in 0..2 {
            admin.tell(Method::DELETE, &path, None::<&()>).await.unwrap();
        }
        assert_eq!(reader.get(&place).await.status, 401);
        assert!(admin.tokens(source).await.unwrap()[0].revoked_at.is_some());
        assert_eq!(admin.issue_token(source, "Late", true, 1).await.err().unwrap().code(), "out_of_range");
        assert_eq!(admin.issue_token(source, " ", true, NEVER).await.err().unwrap().code(), "name_empty");
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_micros() as i64;
        let soon = scim.with(&admin.issue_token(source, "Soon", true, now + 1_500_000).await.unwrap().token);
        until("it expires", async || soon.get("/Users?count=0").await.status == 401).await;
        // Switched off, the source takes nothing; switched on, it goes on.
        let mut form = admin.source(source).await.unwrap().form;
        form.enabled = false;
        admin.change_source(source, &SetSource { form: form.clone(), secret: None, was: None }).await.unwrap();
        assert_eq!(scim.get(&place).await.status, 401);
        form.enabled = true;
        admin.change_source(source, &SetSource { form, secret: None, was: None }).await.unwrap();
        assert_eq!(scim.get(&place).await.status, 200);
        // No other source has its people.
        let other = admin.make_source(&chancery_tests::scim::scim("Other", ScimSettings::default())).await.unwrap();
        let other = Provider::of(admin, other).await;
        assert_eq!((other.get(&place).await.status, other.get("/Users").await.body["totalResults"].clone()), (404, json!(0)));
        // A source nobody came from can be removed, and its tokens with it.
        let third = admin.make_source(&chancery_tests::scim::scim("Third", ScimSettings::default())).await.unwrap();
        let nobodys = Provider::of(admin, third).await;
        admin.tell(Method::DELETE, &format!("/sources/{third}"), None::<&()>).await.unwrap();
        assert_eq!(nobodys.get("/Users").await.status, 401);
        let archive = Archive::read(house.storage());
        assert_eq!([Kind::TokenIssued, Kind::TokenRevoked].map(|kind| archive.count(kind)), [5, 1]);
        let log = house.server.log();
        assert!(!log.contains(&scim.token) && !log.contains("ada3") && !log.contains("Ada Three"));
        assert!(log.contains("/scim/v2/Users/{id}"));
    }

    async fn the_last_administrator_is_not_lost_to_a_provider(kind) {
        let house = House::with_people(kind, 1).await;
        let (source, scim) = provider(&house).await;
        let rita = house.invite_and_redeem("rita", &[Role::ItAdmin]).await;
        let otto = house.invite_and_redeem("otto", &[Role::ItAdmin]).await;
        rita.link_with(&otto, source, "root", house.admin.id()).await;
        let id = scim.make("/Users", user("ROOT", "Rita Root")).await;
        house.admin.suspend(otto.id()).await.unwrap();
        house.admin.suspend(rita.id()).await.unwrap();
        let place = format!("/Users/{id}");
        let refused = scim.patch(&place, json!([{"op": "replace", "path": "active", "value": false}])).await;
        assert_eq!(refused.status, 409, "{}", refused.body);
        assert_eq!(scim.call(Method::DELETE, &place, Value::Null).await.status, 409);
        assert_eq!(scim.get(&place).await.body["active"], true);
        house.admin.session().await.unwrap();
    }

    async fn scim2_tester_finds_nothing_wrong(kind) {
        let house = House::with_people(kind, 0).await;
        let (_, scim) = provider(&house).await;
        let said = tokio::task::spawn_blocking(move || scim2_tester(&scim)).await.unwrap();
        let (problems, counts) = said.trim().rsplit_once('\n').unwrap_or(("", said.trim()));
        assert_eq!(problems, "");
        let passed = counts.strip_prefix("SUCCESS=").and_then(|count| count.parse::<u32>().ok());
        assert!(passed.is_some_and(|passed| passed >= 121), "{said}");
        Archive::read(house.storage()).assert_dense(house.storage());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_is_asked_the_answer_is_scim() {
    let house = House::with_people(Database::Sqlite, 0).await;
    let (_, scim) = provider(&house).await;
    for path in [
        "/ServiceProviderConfig",
        "/ResourceTypes",
        "/Schemas",
        "/ResourceTypes/User",
        &format!("/Schemas/{USER}"),
    ] {
        let document = scim.get(path).await;
        assert_eq!(document.status, 200, "{path}");
        for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            let refused = scim.call(method, path, json!({})).await;
            assert_eq!((refused.status, &refused.headers["allow"]), (405, &"GET".parse().unwrap()));
        }
    }
    assert_eq!(scim.get("/ServiceProviderConfig").await.body["etag"]["supported"], true);
    assert_eq!(scim.get("/Schemas?filter=id%20pr").await.status, 403);
    let one = format!("/Users/{}", house.admin.id());
    let patch = json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{"op": "remove", "path": "title"}]});
    for (method, path, body, status) in [
        (Method::GET, "", Value::Null, 404),
        (Method::GET, "/", Value::Null, 404),
        (Method::GET, "/Users/x/y", Value::Null, 404),
        (Method::GET, "/Nothing", Value::Null, 404),
        (Method::GET, "/ResourceTypes/Robot", Value::Null, 404),
        (Method::GET, "/Users/no-id", Value::Null, 404),
        // Whom the source does not keep is nobody, whoever else knows them.
        (Method::GET, &one, Value::Null, 404),
        (Method::PATCH, &one, patch, 404),
        (Method::DELETE, &one, Value::Null, 404),
        (Method::POST, "/Bulk", json!({}), 501),
        (Method::GET, "/Bulk", Value::Null, 405),
        (Method::PUT, "/Users", json!({}), 405),
        (Method::POST, &one, json!({}), 405),
        (Method::GET, "/Users/.search", Value::Null, 405),
        (Method::GET, "/Users?filter=userName", Value::Null, 400),
        (Method::GET, "/Users?count=many", Value::Null, 400),
        (Method::POST, "/Users", json!([]), 400),
        (Method::POST, "/Users", Value::Null, 400),
    ] {
        let answer = scim.call(method.clone(), path, body).await;
        assert_eq!(answer.status, status, "{method} {path} {}", answer.body);
    }
    let send = |kind: &'static str, body: Vec<u8>| {
        scim.answer(scim.request(Method::POST, "/Users").header("content-type", kind).body(body))
    };
    assert_eq!(send("text/xml", b"<a/>".to_vec()).await.status, 415);
    assert_eq!(send("application/json", b"{".to_vec()).await.body["scimType"], "invalidSyntax");
    assert_eq!(send("application/scim+json; charset=utf-8", vec![b' '; 3 << 20]).await.status, 413);
    let mut body = user("charlie", "Charlie").to_string().into_bytes();
    body.resize(1 << 20, b' ');
    assert_eq!(send("application/json; charset=utf-8", body).await.status, 201);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_burst_of_requests_passes_and_a_flood_waits() {
    let house = House::with_people(Database::Sqlite, 0).await;
    let (_, scim) = provider(&house).await;
    let many = async |count: usize| {
        let all = (0..count).map(|_| async { scim.get("/Users?count=1").await });
        let mut statuses = std::collections::BTreeMap::<u16, usize>::new();
        let answers: Vec<_> = futures_util::StreamExt::collect(futures_util::StreamExt::buffer_unordered(
            futures_util::stream::iter(all),
            32,
        ))
        .await;
        for answer in answers {
            *statuses.entry(answer.status).or_default() += 1;
            if answer.status == 429 {
                assert_eq!(answer.headers["retry-after"], "1");
            }
        }
        statuses
    };
    assert_eq!(many(600).await.into_iter().collect::<Vec<_>>(), [(200, 600)]);
    let mut refused = 0;
    while refused == 0 {
        refused = many(2_000).await.get(&429).copied().unwrap_or_default();
    }
}
