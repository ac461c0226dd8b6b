//! Bodies in the shape Microsoft Entra ID sends.

use super::*;

fn kim() -> Resource {
    Resource::create(
        Kind::User,
        &json!({
            "schemas": [USER, ENTERPRISE],
            "externalId": "kim.externalid", "userName": "kim@example.com", "active": true,
            "displayName": "Kim Example",
            "emails": [{"primary": true, "type": "work", "value": "kim@example.com"}],
            "meta": {"resourceType": "User"},
            "name": {"formatted": "Kim Example", "familyName": "Example", "givenName": "Kim"},
            "roles": [],
            "addresses": [{"type": "work", "country": "NL"}],
            ENTERPRISE: {"employeeNumber": "7", "manager": "12"},
        }),
    )
    .unwrap()
}

fn after(operations: Value) -> Resource {
    patched(&kim(), operations).unwrap().resource
}

#[test]
fn a_user_is_taken() {
    let kim = kim();
    assert_eq!(kim.text("userName"), Some("kim@example.com"));
    assert!(!kim.body().contains_key("roles") && !kim.body().contains_key("meta"));
    assert_eq!(kim.body()[ENTERPRISE], json!({"employeeNumber": "7", "manager": {"value": "12"}}));
}

#[test]
fn operations_are_capitalised_and_booleans_are_text() {
    let off = after(json!([{"op": "Replace", "path": "active", "value": "False"}]));
    assert!(!off.active());
    let on = patched(&off, json!([{"op": "Add", "path": "active", "value": "True"}])).unwrap();
    assert!(on.changed && on.resource.active());
}

#[test]
fn several_paths_change_at_once() {
    let now = after(json!([
        {"op": "Replace", "path": "emails[type eq \"work\"].value", "value": "kim2@example.com"},
        {"op": "Replace", "path": "name.familyName", "value": "Sample"},
        {"op": "Add", "path": "phoneNumbers[type eq \"mobile\"].value", "value": "+31 6"},
        {"op": "Add", "path": "addresses[type eq \"work\"].formatted", "value": "Street 1"},
        {"op": "Add", "path": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department", "value": "IT"},
        {"op": "Add", "path": "roles[primary eq \"True\"].value", "value": "admin"},
    ]));
    let body = now.body();
    assert_eq!(body["emails"], json!([{"primary": true, "type": "work", "value": "kim2@example.com"}]));
    assert_eq!(body["name"]["familyName"], "Sample");
    assert_eq!(body["phoneNumbers"], json!([{"type": "mobile", "value": "+31 6"}]));
    assert_eq!(body[ENTERPRISE]["department"], "IT");
    assert_eq!(body["roles"], json!([{"primary": true, "value": "admin"}]));
}

#[test]
fn keys_of_a_value_without_a_path_are_paths() {
    let now = after(json!([{
        "op": "replace",
        "value": {
            "displayName": "Kim S",
            "name.givenName": "Kimberley",
            "emails[type eq \"work\"].value": "ks@example.com",
            "emails[type eq \"home\"].value": "home@example.com",
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:costCenter": "CC1",
            ENTERPRISE: {"division": "West", "manager": {"value": "13"}},
            "urn:ietf:params:scim:schemas:core:2.0:User:nickName": "K",
            "urn:ietf:params:scim:schemas:extension:custom:2.0:User:tag": "x",
            "addresses[type eq \"work\"].locality": "Delft",
        },
    }]));
    let body = now.body();
    assert_eq!((now.text("displayName"), now.text("nickName")), (Some("Kim S"), Some("K")));
    assert_eq!(body["name"]["givenName"], "Kimberley");
    let mut emails: Vec<&str> =
        body["emails"].as_array().unwrap().iter().filter_map(|e| e["value"].as_str()).collect();
    emails.sort_unstable();
    assert_eq!(emails, ["home@example.com", "ks@example.com"]);
    let extension =
        json!({"employeeNumber": "7", "costCenter": "CC1", "division": "West", "manager": {"value": "13"}});
    assert_eq!(body[ENTERPRISE], extension);
}

#[test]
fn single_values_come_in_arrays_of_objects() {
    let now = after(
        json!([{"op": "Replace", "path": "displayName", "value": [{"$ref": null, "value": "newName"}]}]),
    );
    assert_eq!(now.text("displayName"), Some("newName"));
}

#[test]
fn a_manager_comes_as_text_as_an_object_and_as_nothing() {
    let path = format!("{ENTERPRISE}:manager");
    let manager = |op: &str, value: Value| {
        after(json!([{"op": op, "path": path, "value": value}])).body()[ENTERPRISE].get("manager").cloned()
    };
    let new = Some(json!({"value": "99"}));
    assert_eq!(manager("Add", json!("99")), new);
    assert_eq!(manager("Replace", json!({"$ref": "http://x/Users/99", "value": "99"})), new);
    assert_eq!(manager("Replace", json!([{"$ref": null, "value": "99"}])), new);
    assert_eq!(manager("Add", json!({"value": "99", "displayName": "Boss"})), new);
    for nothing in [json!(""), json!(null), json!({"value": ""}), json!({"value": null}), json!([])] {
        assert_eq!(manager("Replace", nothing.clone()), None, "{nothing}");
    }
    assert_eq!(manager("Remove", json!(null)), None);
    let part = json!([{"op": "Replace", "path": format!("{path}.value"), "value": "99"}]);
    assert_eq!(after(part).body()[ENTERPRISE]["manager"], json!({"value": "99"}));
}

#[test]
fn an_address_is_cleared() {
    let path = "emails[type eq \"work\"].value";
    for operation in [
        json!({"op": "Remove", "path": path}),
        json!({"op": "Replace", "path": path, "value": ""}),
        json!({"op": "Replace", "path": path, "value": null}),
    ] {
        assert!(!after(json!([operation])).body().contains_key("emails"), "{operation}");
    }
}

#[test]
fn members_come_and_go() {
    let desk = group(&["1", "2"]);
    let members = |operation: Value| {
        let outcome = patched(&desk, json!([operation])).unwrap();
        let ids = outcome.resource.members().into_iter().map(str::to_owned).collect::<Vec<_>>();
        (ids.join(" "), outcome.changed)
    };
    let is = |ids: &str, changed| (ids.to_owned(), changed);
    assert_eq!(
        members(json!({"op": "Add", "path": "members", "value": [{"$ref": null, "value": "3"}]})),
        is("1 2 3", true)
    );
    assert_eq!(members(json!({"op": "Add", "path": "members", "value": [{"value": "2"}]})), is("1 2", false));
    assert_eq!(
        members(json!({"op": "Remove", "path": "members", "value": [{"$ref": null, "value": "2"}]})),
        is("1", true)
    );
    assert_eq!(
        members(json!({"op": "Remove", "path": "members", "value": [{"value": "9"}]})),
        is("1 2", false)
    );
    assert_eq!(members(json!({"op": "Remove", "path": "members[value eq \"1\"]"})), is("2", true));
    assert_eq!(members(json!({"op": "Remove", "path": "members"})), is("", true));
    assert_eq!(members(json!({"op": "Add", "value": {"members": [{"value": "3"}]}})), is("1 2 3", true));
    assert_eq!(members(json!({"op": "Replace", "path": "displayName", "value": "Desk"})), is("1 2", false));
}
