//! What a client may send in place of a resource.

use serde_json::{Map, json};

use super::super::resource::{GroupRef, Meta};
use super::super::schema::{Kind, fold};
use super::*;

#[test]
fn names_are_brought_into_their_announced_case_and_strangers_left_out() {
    let made = Resource::create(
        Kind::User,
        &json!({
            "SCHEMAS": [USER], "username": "Ada", "NAME": {"GIVENNAME": "Ada", "age": 3},
            "password": "hush", "entitlements": [{"value": "x"}], "favourite": "tea",
            "id": "7", "meta": {"version": "9"}, "groups": [{"value": "1"}],
            (ENTERPRISE.to_uppercase()): {"Department": "Maths", "manager": "12", "rank": 3},
        }),
    )
    .unwrap();
    let expected = json!({
        "schemas": [USER, ENTERPRISE], "userName": "Ada", "name": {"givenName": "Ada"}, "active": true,
        ENTERPRISE: {"department": "Maths", "manager": {"value": "12"}},
    });
    assert_eq!(json!(made.body()), expected);
}

#[test]
fn what_is_required_has_to_be_there() {
    for (kind, body) in [
        (Kind::User, json!({"displayName": "Ada"})),
        (Kind::User, json!({"userName": " "})),
        (Kind::User, json!({"userName": null})),
        (Kind::Group, json!({"members": []})),
    ] {
        let error = Resource::create(kind, &body).unwrap_err();
        assert_eq!((error.status, error.scim_type), (400, Some(ScimType::InvalidValue)), "{body}");
    }
}

#[test]
fn other_bodies_are_refused() {
    for body in [
        json!([]),
        json!("ada"),
        json!({"userName": "a", "schemas": [GROUP]}),
        json!({"userName": "a", "schemas": 7}),
        json!({"userName": "a", "USERNAME": "b"}),
    ] {
        let error = Resource::create(Kind::User, &body).unwrap_err();
        assert_eq!(error.scim_type, Some(ScimType::InvalidSyntax), "{body}");
    }
    let error = Resource::create(Kind::User, &json!({"userName": "a", ENTERPRISE: "x"})).unwrap_err();
    assert_eq!(error.scim_type, Some(ScimType::InvalidValue));
    let error = Resource::create(Kind::Group, &json!({"displayName": "a", "members": [{"display": "x"}]}));
    assert!(error.is_ok(), "a member that is only a name is no member");
}

#[test]
fn replacing_keeps_what_the_service_wrote() {
    let mut before = user(json!({"title": "Clerk", "active": false}));
    before.set_id("7");
    before.set_meta(&Meta { created: "c", last_modified: "m", version: "v" });
    before.set_groups(&[GroupRef { id: "1", name: "Desk" }]);
    let body = json!({"schemas": [USER], "id": "8", "userName": "ada", "nickName": "A"});
    let after = before.replace(&body).unwrap();
    assert!(after.changed);
    assert_eq!(after.resource.text("id"), Some("7"));
    assert_eq!(after.resource.text("title"), None);
    assert_eq!(after.resource.text("nickName"), Some("A"));
    assert!(after.resource.body().contains_key("groups"));
    assert!(!after.resource.active(), "who is out stays out until told otherwise");
    let again = after.resource.replace(&body).unwrap();
    assert!(!again.changed);
    assert!(after.resource.replace(&json!({"userName": "ada", "active": "True"})).unwrap().resource.active());
}

#[test]
fn what_is_stored_is_what_clients_wrote() {
    let mut made = user(json!({"emails": ["a@b"], ENTERPRISE: {"department": "Maths"}, "externalId": "e"}));
    let stored = made.stored();
    made.set_id("7");
    made.set_meta(&Meta { created: "c", last_modified: "m", version: "v" });
    made.set_groups(&[GroupRef { id: "1", name: "Desk" }]);
    assert_eq!(made.stored(), stored);
    assert_eq!(
        Resource::from_stored(Kind::User, stored),
        user(json!({
            "emails": [{"value": "a@b"}], ENTERPRISE: {"department": "Maths"}, "externalId": "e"
        }))
    );
}

#[test]
fn links_say_where_things_are() {
    let mut made = group(&["3"]);
    made.set_id("9");
    made.set_meta(&Meta { created: "c", last_modified: "m", version: "W/\"1\"" });
    made.link("https://chat.example/scim/v2");
    assert_eq!(made.location("x").unwrap(), "x/Groups/9");
    assert_eq!(made.body()["meta"]["location"], "https://chat.example/scim/v2/Groups/9");
    assert_eq!(made.body()["meta"]["resourceType"], "Group");
    let member = json!({"value": "3", "type": "User", "$ref": "https://chat.example/scim/v2/Users/3"});
    assert_eq!(made.body()["members"], json!([member]));
}

#[test]
fn members_are_a_set() {
    let mut made = group(&["3", "1", "3"]);
    assert_eq!(made.members().into_iter().collect::<Vec<_>>(), ["1", "3"]);
    let same = made.replace(&json!({"displayName": "Desk", "members": ["1", "3"]})).unwrap();
    assert!(!same.changed, "the order says nothing");
    made.set_members(["2"]);
    assert_eq!(made.members().into_iter().collect::<Vec<_>>(), ["2"]);
    made.set_members([]);
    assert!(!made.body().contains_key("members"));
}

#[test]
fn somebody_is_called_by_the_best_name_there_is() {
    let shown = |fields| user(fields).shown_name().unwrap();
    assert_eq!(shown(json!({"displayName": "Countess", "name": {"formatted": "F"}})), "Countess");
    assert_eq!(shown(json!({"name": {"formatted": "F", "givenName": "Ada"}})), "F");
    assert_eq!(shown(json!({"name": {"givenName": "Ada", "familyName": "King"}})), "Ada King");
    assert_eq!(shown(json!({"name": {"familyName": "King"}})), "King");
    assert_eq!(shown(json!({})), "ada");
}

#[test]
fn the_primary_address_is_the_one() {
    let made = user(json!({"emails": ["a@b", {"value": "c@d", "primary": "True"}]}));
    assert_eq!(made.email(), Some("c@d"));
    assert_eq!(user(json!({"emails": ["a@b", "c@d"]})).email(), Some("a@b"));
    assert_eq!(user(json!({})).email(), None);
    let made = user(json!({ENTERPRISE: {"department": "Maths"}}));
    assert_eq!(made.enterprise("department"), Some("Maths"));
}

#[test]
fn no_stored_body_is_a_problem() {
    let odd = json!({"members": 3, "groups": "x", "meta": [], "emails": {"a": 1}, "name": 7, ENTERPRISE: []});
    let body: Map<String, Value> = odd.as_object().unwrap().clone();
    let mut made = Resource::from_stored(Kind::User, body);
    made.link("x");
    assert_eq!((made.email(), made.shown_name(), made.members().len()), (None, None, 0));
    assert_eq!(fold("ÄDA"), "äda");
}
