//! Groups a provider writes by SCIM: who is in them, and what that lets people do.

use chancery_ledger::Kind;
use chancery_protocol::groups::{Group, Groups, SetGroupRoles};
use chancery_protocol::ids::PersonId;
use chancery_protocol::person::Role;
use chancery_protocol::sources::ScimSettings;
use chancery_tests::archive::Archive;
use chancery_tests::house::House;
use chancery_tests::http::Caller;
use chancery_tests::on_both_databases;
use chancery_tests::scim::{Provider, scim};
use reqwest::Method;
use serde_json::{Value, json};

async fn provider(house: &House) -> Provider {
    let source = house.admin.make_source(&scim("Our provider", ScimSettings::default())).await.unwrap();
    Provider::of(&house.admin, source).await
}

async fn user(scim: &Provider, name: &str) -> String {
    scim.make("/Users", json!({"userName": name, "displayName": name})).await
}

async fn groups(admin: &Caller) -> Vec<Group> {
    admin.call::<Groups>(Method::GET, "/groups", None::<&()>).await.unwrap().groups
}

async fn roles(house: &House, id: &str) -> Vec<Role> {
    house.admin.account(id.parse::<PersonId>().unwrap()).await.unwrap().roles
}

fn members(group: &Value) -> Vec<&str> {
    let all = group["members"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut ids: Vec<&str> = all.iter().map(|member| member["value"].as_str().unwrap()).collect();
    ids.sort_unstable();
    ids
}

fn sorted<'a>(ids: &[&'a String]) -> Vec<&'a str> {
    let mut ids: Vec<&str> = ids.iter().map(|id| id.as_str()).collect();
    ids.sort_unstable();
    ids
}

on_both_databases! {
    async fn groups_come_change_and_go(kind) {
        let house = House::with_people(kind, 1).await;
        let scim = provider(&house).await;
        let admin = &house.admin;
        let (ada, bob, cid) = (user(&scim, "ada5").await, user(&scim, "bob5").await, user(&scim, "cid5").await);
        let made = scim.call(Method::POST, "/Groups", json!({"displayName": "Officers", "externalId": "g-1", "members": [{"value": ada}]})).await;
        assert_eq!((made.status, made.etag.as_str()), (201, "W/\"1\""), "{}", made.body);
        let id = made.body["id"].as_str().unwrap().to_owned();
        let place = format!("/Groups/{id}");
        assert_eq!(members(&made.body), [&ada]);
        assert_eq!(made.body["members"][0]["$ref"], format!("{}/Users/{ada}", scim.base));
        let there = groups(admin).await.remove(0);
        assert_eq!((there.id.to_string(), there.name.as_str(), there.members), (id.clone(), "Officers", 1));
        assert_eq!(scim.find("/Groups", "displayName eq \"officers\"").await.len(), 1);
        assert_eq!(scim.find("/Groups", "externalId eq \"g-1\"").await.len(), 1);
        assert_eq!(scim.find("/Groups", &format!("members.value eq \"{ada}\"")).await.len(), 1);
        assert!(scim.find("/Groups", &format!("members[value eq \"{bob}\"]")).await.is_empty());
        assert_eq!(scim.find("/Users", &format!("groups.value eq \"{id}\"")).await[0]["id"], ada);
        let shown = scim.get(&format!("/Users/{ada}")).await;
        assert_eq!((&shown.body["groups"][0]["value"], &shown.body["groups"][0]["display"]), (&json!(id), &json!("Officers")));

        // What the group lets people do comes and goes with them.
        let officer = SetGroupRoles { roles: vec![Role::ComplianceOfficer], was: None };
        admin.tell(Method::PUT, &format!("/groups/{}/roles", there.id), Some(&officer)).await.unwrap();
        assert_eq!(roles(&house, &ada).await, [Role::Employee, Role::ComplianceOfficer]);
        let patched = scim.patch(&place, json!([
            {"op": "Add", "path": "members", "value": [{"value": bob}, {"value": cid}]},
            {"op": "Remove", "path": format!("members[value eq \"{ada}\"]")},
        ])).await;
        assert_eq!((patched.status, members(&patched.body)), (200, sorted(&[&bob, &cid])), "{}", patched.body);
        assert_eq!(roles(&house, &ada).await, [Role::Employee]);
        assert_eq!(roles(&house, &bob).await, [Role::Employee, Role::ComplianceOfficer]);
        let again = scim.patch(&place, json!([{"op": "Add", "path": "members", "value": [{"value": bob}]}])).await;
        assert_eq!((again.status, &again.etag), (200, &patched.etag), "who is in it is in it");
        let without = scim.get(&format!("{place}?excludedAttributes=members")).await;
        assert!(without.body.get("members").is_none());
        let stale = scim.request(Method::DELETE, &place).header("if-match", "W/\"1\"");
        assert_eq!(scim.answer(stale).await.status, 412);
        for wrong in ["no-id", &id, &house.people[0].id().to_string()] {
            let refused = scim.patch(&place, json!([{"op": "add", "path": "members", "value": [{"value": wrong}]}])).await;
            assert_eq!((refused.status, &refused.body["scimType"]), (400, &json!("invalidValue")), "{wrong}");
        }
        // Another name, the same people and roles.
        let renamed = scim.patch(&place, json!([{"op": "replace", "value": {"id": id, "displayName": "Auditors"}}])).await;
        assert_eq!((renamed.status, members(&renamed.body).len()), (200, 2), "{}", renamed.body);
        let there = groups(admin).await.remove(0);
        assert_eq!((there.name.as_str(), there.roles), ("Auditors", vec![Role::ComplianceOfficer]));
        let put = scim.call(Method::PUT, &place, json!({"displayName": "Auditors", "members": [{"value": cid}]})).await;
        assert_eq!((put.status, members(&put.body)), (200, vec![cid.as_str()]));
        assert_eq!(roles(&house, &bob).await, [Role::Employee]);

        // Who leaves, leaves the groups too; their version says so.
        assert_eq!(scim.call(Method::DELETE, &format!("/Users/{cid}"), Value::Null).await.status, 204);
        let left = scim.get(&place).await;
        assert!(members(&left.body).is_empty() && left.etag != put.etag);
        assert_eq!(roles(&house, &cid).await, [Role::Employee]);
        assert_eq!(user(&scim, "cid5").await, cid);
        assert!(members(&scim.get(&place).await.body).is_empty());
        // A group that goes lets nobody do anything.
        scim.patch(&place, json!([{"op": "add", "path": "members", "value": [{"value": ada}]}])).await;
        assert_eq!(roles(&house, &ada).await.len(), 2);
        assert_eq!(scim.call(Method::DELETE, &place, Value::Null).await.status, 204);
        assert_eq!(scim.get(&place).await.status, 404);
        assert_eq!(roles(&house, &ada).await, [Role::Employee]);
        assert!(scim.get(&format!("/Users/{ada}")).await.body.get("groups").is_none());
        assert_eq!(scim.get("/Groups").await.body["totalResults"], 0);
        let archive = Archive::read(house.storage());
        assert_eq!([Kind::GroupSet, Kind::GroupMembers].map(|kind| archive.count(kind)), [4, 6]);
    }

    async fn a_large_group_comes_and_goes_in_pieces(kind) {
        let house = House::with_people(kind, 0).await;
        let scim = provider(&house).await;
        let mut all = Vec::new();
        for number in 0..230 {
            all.push(user(&scim, &format!("p{number}")).await);
        }
        let value = |ids: &[String]| ids.iter().map(|id| json!({"value": id})).collect::<Vec<_>>();
        let id = scim.make("/Groups", json!({"displayName": "Crowd", "members": value(&all)})).await;
        let place = format!("/Groups/{id}");
        assert_eq!(members(&scim.get(&place).await.body).len(), 230);
        // All users, in pages.
        let mut seen = std::collections::BTreeSet::new();
        for start in [1, 101, 201] {
            let page = scim.get(&format!("/Users?startIndex={start}&count=100")).await.body;
            assert_eq!(page["totalResults"], 230);
            seen.extend(page["Resources"].as_array().unwrap().iter().map(|user| user["id"].as_str().unwrap().to_owned()));
        }
        assert_eq!(seen.len(), 230);
        let found = scim.get("/Users?filter=groups%20pr&sortBy=userName&sortOrder=descending&count=1").await.body;
        assert_eq!((&found["totalResults"], &found["Resources"][0]["userName"]), (&json!(230), &json!("p99")));
        let put = scim.call(Method::PUT, &place, json!({"displayName": "Crowd", "members": value(&all[..5])})).await;
        assert_eq!((put.status, members(&put.body).len()), (200, 5));
        let put = scim.call(Method::PUT, &place, json!({"displayName": "Crowd", "members": value(&all)})).await;
        assert_eq!(members(&put.body).len(), 230);
        assert_eq!(scim.call(Method::DELETE, &place, Value::Null).await.status, 204);
        assert_eq!(groups(&house.admin).await[0].members, 0);
        Archive::read(house.storage()).assert_dense(house.storage());
    }

    async fn what_is_changed_at_once_is_changed_one_after_the_other(kind) {
        let house = House::with_people(kind, 0).await;
        let scim = provider(&house).await;
        let mut all = Vec::new();
        for number in 0..12 {
            all.push(user(&scim, &format!("q{number}")).await);
        }
        let id = scim.make("/Groups", json!({"displayName": "Race"})).await;
        let place = format!("/Groups/{id}");
        let add = |id: &String| {
            let operations = json!([{"op": "add", "path": "members", "value": [{"value": id}]}]);
            let (scim, place) = (scim.clone(), place.clone());
            async move { scim.patch(&place, operations).await.status }
        };
        // Of many who name the same new person, one does.
        let new = || scim.call(Method::POST, "/Users", json!({"userName": "Rush@example.com"}));
        let mut made: Vec<u16> =
            futures_util::future::join_all((0..8).map(|_| new())).await.iter().map(|answer| answer.status).collect();
        made.sort_unstable();
        assert_eq!(made, [201, 409, 409, 409, 409, 409, 409, 409]);
        let rush = scim.find("/Users", "userName eq \"rush@example.com\"").await[0]["id"].as_str().unwrap().to_owned();
        // Of many who change different things of one person, all do.
        let parts = ["title", "nickName", "userType", "locale", "timezone", "preferredLanguage", "displayName", "externalId"];
        let rush = format!("/Users/{rush}");
        let said = parts.map(|part| {
            let operations = json!([{"op": "replace", "path": part, "value": "en"}]);
            let (scim, rush) = (scim.clone(), rush.clone());
            async move { scim.patch(&rush, operations).await.status }
        });
        assert_eq!(futures_util::future::join_all(said).await, [200; 8]);
        let now = scim.get(&rush).await;
        assert!(parts.iter().all(|part| now.body[part] == "en") && now.etag == "W/\"9\"", "{} {}", now.etag, now.body);
        let statuses = futures_util::future::join_all(all.iter().map(add)).await;
        assert!(statuses.iter().all(|status| *status == 200), "{statuses:?}");
        assert_eq!(members(&scim.get(&place).await.body).len(), 12);
    }
}
