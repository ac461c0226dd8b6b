//! What answers show.

use super::super::project::Projection;
use super::super::resource::{GroupRef, Meta};
use super::*;

fn ada() -> Resource {
    let mut made = user(json!({
        "title": "Clerk", "name": {"givenName": "Ada", "familyName": "King"},
        "emails": [{"value": "a@w", "type": "work"}, {"value": "a@h"}],
        ENTERPRISE: {"department": "Maths", "division": "West"},
    }));
    made.set_id("7");
    made.set_meta(&Meta { created: "c", last_modified: "m", version: "v" });
    made.set_groups(&[GroupRef { id: "1", name: "Desk" }]);
    made
}

fn seen(attributes: &[&str], excluded: &[&str]) -> Value {
    Projection::new(Kind::User, attributes, excluded).unwrap().apply(&ada())
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).filter(|key| *key != "schemas").collect()
}

#[test]
fn everything_is_seen_unless_somebody_chooses() {
    assert_eq!(seen(&[], &[]), Value::Object(ada().body().clone()));
    assert_eq!(seen(&["", " "], &[]), Value::Object(ada().body().clone()));
}

#[test]
fn chosen_attributes_are_seen_beside_those_that_always_are() {
    assert_eq!(keys(&seen(&["USERNAME"], &[])), ["id", "userName"]);
    assert_eq!(seen(&["name.givenName"], &[])["name"], json!({"givenName": "Ada"}));
    assert_eq!(seen(&["emails.type"], &[])["emails"], json!([{"type": "work"}]));
    assert_eq!(seen(&["emails.type", "emails"], &[])["emails"], ada().body()["emails"]);
    assert_eq!(keys(&seen(&["favourite"], &[])), ["id"]);
    let department = seen(&[&format!("{ENTERPRISE}:department")], &[]);
    assert_eq!(department[ENTERPRISE], json!({"department": "Maths"}));
    assert_eq!(seen(&[ENTERPRISE], &[])[ENTERPRISE], ada().body()[ENTERPRISE]);
    assert_eq!(keys(&seen(&["meta.version"], &[])), ["id", "meta"]);
}

#[test]
fn excluded_attributes_are_not_seen_unless_they_always_are() {
    let rest = seen(&[], &["id", "schemas", "title", "name.givenName", ENTERPRISE, "emails.value"]);
    assert_eq!(rest["id"], "7");
    assert_eq!(rest["schemas"], json!([USER, ENTERPRISE]));
    assert_eq!(rest["name"], json!({"familyName": "King"}));
    assert_eq!(rest["emails"], json!([{"type": "work"}]));
    assert!(!keys(&rest).contains(&"title") && !keys(&rest).contains(&ENTERPRISE));
}

#[test]
fn the_two_lists_exclude_each_other() {
    let error = Projection::new(Kind::User, &["title"], &["name"]).unwrap_err();
    assert_eq!(error.scim_type, Some(ScimType::InvalidValue));
    assert!(Projection::new(Kind::User, &vec!["title"; 201], &[]).is_err());
}

#[test]
fn a_members_name_is_seen_when_it_is_asked_for() {
    let mut desk = group(&["1"]);
    desk.body["members"][0]["display"] = "Ada".into();
    let members = |attributes: &[&str], excluded: &[&str]| {
        Projection::new(Kind::Group, attributes, excluded).unwrap().apply(&desk).get("members").cloned()
    };
    let plain = Some(json!([{"value": "1", "type": "User"}]));
    assert_eq!(members(&[], &[]), plain);
    assert_eq!(members(&["members"], &[]), plain);
    assert_eq!(members(&[], &["displayName"]), plain);
    assert_eq!(members(&["members.display"], &[]), Some(json!([{"display": "Ada"}])));
    assert_eq!(members(&[], &["members"]), None);
}

#[test]
fn a_server_learns_what_it_need_not_fetch() {
    let wants = |attributes: &[&str], excluded: &[&str]| {
        Projection::new(Kind::Group, attributes, excluded).unwrap().wants("members")
    };
    assert!(wants(&[], &[]) && wants(&["members.value"], &[]) && wants(&[], &["members.type"]));
    assert!(!wants(&[], &["members"]) && !wants(&["displayName"], &[]));
}
