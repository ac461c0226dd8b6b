//! Bodies in the shape Okta sends.

use super::*;

#[test]
fn a_user_is_taken_without_a_password() {
    let made = Resource::create(
        Kind::User,
        &json!({
            "schemas": [USER], "userName": "test.user@okta.local",
            "name": {"givenName": "Test", "familyName": "User"},
            "emails": [{"primary": true, "value": "test.user@okta.local", "type": "work"}],
            "displayName": "Test User", "locale": "en-US", "externalId": "00ujl29u0le5T6Aj10h7",
            "groups": [], "password": "1mz050nq", "active": true,
        }),
    )
    .unwrap();
    assert!(made.active());
    let text = serde_json::to_string(made.body()).unwrap();
    assert!(!text.contains("1mz050nq") && !text.contains("groups"));
}

#[test]
fn a_user_is_switched_off_and_on_without_a_path() {
    let before = user(json!({}));
    let off = patched(&before, json!([{"op": "replace", "value": {"active": false}}])).unwrap();
    assert!(off.changed && !off.resource.active());
    let again = patched(&off.resource, json!([{"op": "replace", "value": {"active": false}}])).unwrap();
    assert!(!again.changed);
    assert!(
        patched(&off.resource, json!([{"op": "replace", "value": {"active": true}}]))
            .unwrap()
            .resource
            .active()
    );
}

#[test]
fn a_group_is_renamed_by_a_value_that_names_itself() {
    let mut before = group(&["1"]);
    before.set_id("abf4dd94");
    let now = patched(&before, json!([{"op": "replace", "value": {"id": "abf4dd94", "displayName": "New"}}]))
        .unwrap();
    assert_eq!(now.resource.text("displayName"), Some("New"));
    assert_eq!(now.resource.text("id"), Some("abf4dd94"));
    assert_eq!(now.resource.members().len(), 1);
}

#[test]
fn all_members_are_replaced_at_once() {
    let before = group(&["1", "2"]);
    let replace = |value: Value| {
        patched(&before, json!([{"op": "replace", "path": "members", "value": value}])).unwrap()
    };
    let now = replace(json!([{"value": "2", "display": "b@x"}, {"value": "3", "display": "c@x"}]));
    assert_eq!(now.resource.members().into_iter().collect::<Vec<_>>(), ["2", "3"]);
    assert!(!serde_json::to_string(now.resource.body()).unwrap().contains("b@x"));
    assert!(!replace(json!([{"value": "2"}, {"value": "1"}])).changed);
    assert!(replace(json!([])).resource.members().is_empty());
}

#[test]
fn a_member_is_removed_and_others_are_added() {
    let now = patched(
        &group(&["1", "2"]),
        json!([{"op": "remove", "path": "members[value eq \"1\"]"},
               {"op": "add", "path": "members", "value": [{"value": "3", "display": "c@x"}]}]),
    )
    .unwrap();
    assert_eq!(now.resource.members().into_iter().collect::<Vec<_>>(), ["2", "3"]);
}

#[test]
fn a_whole_user_comes_back_with_what_the_service_added() {
    let before = user(json!({"title": "Clerk"}));
    let put = json!({
        "schemas": [USER], "id": "23a35c27", "userName": "ada", "title": "Clerk", "active": true,
        "meta": {"resourceType": "User", "location": "x"}, "groups": [], "emails": [],
    });
    assert!(!before.replace(&put).unwrap().changed);
}
