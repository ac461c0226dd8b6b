//! PATCH as RFC 7644 has it.

use super::*;

#[test]
fn bodies_that_are_no_patch_are_refused() {
    let kind = Kind::User;
    for (body, expected) in [
        (json!([]), ScimType::InvalidSyntax),
        (json!({}), ScimType::InvalidSyntax),
        (json!({"Operations": []}), ScimType::InvalidSyntax),
        (json!({"Operations": [7]}), ScimType::InvalidSyntax),
        (json!({"Operations": [{"op": "move", "path": "title"}]}), ScimType::InvalidSyntax),
        (
            json!({"schemas": [USER], "Operations": [{"op": "add", "path": "title", "value": "x"}]}),
            ScimType::InvalidSyntax,
        ),
        (json!({"Operations": [{"op": "add", "path": 7, "value": "x"}]}), ScimType::InvalidPath),
        (json!({"Operations": [{"op": "add", "path": "rank", "value": "x"}]}), ScimType::InvalidPath),
        (json!({"Operations": [{"op": "add", "path": "name.rank", "value": "x"}]}), ScimType::InvalidPath),
        (json!({"Operations": [{"op": "add", "path": "urn:x:y:z", "value": "x"}]}), ScimType::InvalidPath),
        (
            json!({"Operations": [{"op": "add", "path": "name[givenName pr]", "value": "x"}]}),
            ScimType::InvalidPath,
        ),
        (
            json!({"Operations": [{"op": "add", "path": "emails[type pr].rank", "value": "x"}]}),
            ScimType::InvalidPath,
        ),
        (
            json!({"Operations": [{"op": "add", "path": "emails[type pr]x", "value": "x"}]}),
            ScimType::InvalidPath,
        ),
        (
            json!({"Operations": [{"op": "add", "path": "emails[type is 3].value", "value": "x"}]}),
            ScimType::InvalidFilter,
        ),
        (
            json!({"Operations": [{"op": "add", "path": "emails[primary eq \"maybe\"]", "value": "x"}]}),
            ScimType::InvalidFilter,
        ),
        (json!({"Operations": [{"op": "add", "path": "title"}]}), ScimType::InvalidValue),
        (json!({"Operations": [{"op": "replace", "value": "x"}]}), ScimType::InvalidValue),
        (json!({"Operations": [{"op": "remove"}]}), ScimType::NoTarget),
        (json!({"Operations": [{"op": "remove", "path": USER}]}), ScimType::NoTarget),
        (json!({"Operations": [{"op": "add", "path": "id", "value": "x"}]}), ScimType::Mutability),
        (json!({"Operations": [{"op": "add", "path": "meta.created", "value": "x"}]}), ScimType::Mutability),
        (json!({"Operations": [{"op": "remove", "path": "groups"}]}), ScimType::Mutability),
    ] {
        assert_eq!(Patch::parse(kind, &body).unwrap_err().scim_type, Some(expected), "{body}");
    }
    let many = vec![json!({"op": "remove", "path": "title"}); 1_001];
    assert!(Patch::parse(kind, &json!({ "Operations": many })).is_err());
}

#[test]
fn single_values_are_set_and_taken_away() {
    let before = user(json!({"title": "Clerk"}));
    let after = patched(
        &before,
        json!([{"op": "add", "path": "nickName", "value": "A"},
                                        {"op": "replace", "path": "TITLE", "value": "Head"}]),
    )
    .unwrap();
    assert!(after.changed);
    assert_eq!((after.resource.text("nickName"), after.resource.text("title")), (Some("A"), Some("Head")));
    for gone in [
        json!({"op": "remove", "path": "title"}),
        json!({"op": "replace", "path": "title", "value": null}),
        json!({"op": "replace", "path": "title", "value": ""}),
    ] {
        assert_eq!(patched(&before, json!([gone])).unwrap().resource.text("title"), None, "{gone}");
    }
    let same = patched(
        &before,
        json!([{"op": "replace", "path": "title", "value": "Clerk"},
                                       {"op": "remove", "path": "nickName"},
                                       {"op": "add", "path": "title", "value": null}]),
    )
    .unwrap();
    assert!(!same.changed);
}

#[test]
fn what_is_required_stays() {
    let before = user(json!({}));
    assert_eq!(refusal(&before, json!([{"op": "remove", "path": "userName"}])), Some(ScimType::Mutability));
    let blank = json!([{"op": "replace", "path": "userName", "value": ""}]);
    assert_eq!(refusal(&before, blank), Some(ScimType::InvalidValue));
}

#[test]
fn parts_of_a_whole_are_merged() {
    let before = user(json!({"name": {"givenName": "Ada", "familyName": "Byron"}}));
    let name = |operation| patched(&before, json!([operation])).unwrap().resource.body().get("name").cloned();
    assert_eq!(
        name(json!({"op": "replace", "path": "name", "value": {"familyName": "King"}})),
        Some(json!({"givenName": "Ada", "familyName": "King"}))
    );
    assert_eq!(
        name(json!({"op": "add", "path": "name.middleName", "value": "A"})),
        Some(json!({"givenName": "Ada", "familyName": "Byron", "middleName": "A"}))
    );
    assert_eq!(
        name(json!({"op": "replace", "path": "name", "value": {"givenName": null}})),
        Some(json!({"familyName": "Byron"}))
    );
    assert_eq!(name(json!({"op": "remove", "path": "name.givenName"})), Some(json!({"familyName": "Byron"})));
    assert_eq!(name(json!({"op": "remove", "path": "name"})), None);
    assert_eq!(
        refusal(&before, json!([{"op": "replace", "path": "name", "value": "Ada"}])),
        Some(ScimType::InvalidValue)
    );
    let gone =
        json!([{"op": "remove", "path": "name.givenName"}, {"op": "remove", "path": "name.familyName"}]);
    assert!(!patched(&before, gone).unwrap().resource.body().contains_key("name"));
}

#[test]
fn several_values_are_added_replaced_and_removed() {
    let before = user(json!({"emails": [{"value": "a@w", "type": "work", "primary": true}]}));
    let emails = |operation: Value| {
        patched(&before, json!([operation])).unwrap().resource.body().get("emails").cloned()
    };
    let home = json!({"value": "a@h", "type": "home"});
    let work = json!({"value": "a@w", "type": "work", "primary": true});
    assert_eq!(emails(json!({"op": "add", "path": "emails", "value": [home]})), Some(json!([work, home])));
    assert_eq!(emails(json!({"op": "add", "path": "emails", "value": home})), Some(json!([work, home])));
    assert_eq!(
        emails(json!({"op": "add", "path": "emails", "value": {"value": "A@W", "type": "WORK"}}))
            .unwrap()
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert_eq!(emails(json!({"op": "replace", "path": "emails", "value": [home]})), Some(json!([home])));
    assert_eq!(emails(json!({"op": "replace", "path": "emails", "value": []})), None);
    assert_eq!(emails(json!({"op": "remove", "path": "emails"})), None);
    assert_eq!(emails(json!({"op": "remove", "path": "emails[type eq \"work\"]"})), None);
    assert_eq!(emails(json!({"op": "remove", "path": "emails[type eq \"home\"]"})), Some(json!([work])));
    assert_eq!(emails(json!({"op": "remove", "path": "emails", "value": []})), Some(json!([work])));
    assert_eq!(emails(json!({"op": "remove", "path": "emails", "value": ["a@W"]})), None);
    assert_eq!(
        emails(json!({"op": "remove", "path": "emails", "value": [{"value": "a@w", "type": "home"}]})),
        Some(json!([work]))
    );
    assert_eq!(emails(json!({"op": "remove", "path": "emails[type eq \"work\"].value"})), None);
    assert_eq!(
        emails(json!({"op": "replace", "path": "emails.value", "value": "b@w"})),
        Some(json!([{"value": "b@w", "type": "work", "primary": true}]))
    );
}

#[test]
fn there_is_one_primary_value() {
    let before = user(json!({"emails": [{"value": "a@w", "type": "work", "primary": true}, "b@h"]}));
    let emails =
        |operation: Value| patched(&before, json!([operation])).map(|o| o.resource.body()["emails"].clone());
    let primary = |emails: &Value| {
        let emails = emails.as_array().unwrap();
        emails.iter().filter(|e| e["primary"] == true).map(|e| e["value"].clone()).collect::<Vec<_>>()
    };
    let new =
        emails(json!({"op": "add", "path": "emails", "value": {"value": "c@d", "primary": true}})).unwrap();
    assert_eq!(primary(&new), ["c@d"]);
    assert_eq!(new[0]["primary"], json!(false));
    let moved = json!({"op": "replace", "path": "emails[value eq \"b@h\"].primary", "value": "True"});
    assert_eq!(primary(&emails(moved).unwrap()), ["b@h"]);
    let whole = json!({"op": "replace", "path": "emails[value eq \"b@h\"]", "value": {"value": "x", "primary": true}});
    assert_eq!(primary(&emails(whole).unwrap()), ["x"]);
    let itself = json!({"op": "replace", "path": "emails[primary eq true].primary", "value": true});
    assert_eq!(primary(&emails(itself).unwrap()), ["a@w"]);
    for two in [
        json!({"op": "add", "path": "emails", "value": [{"value": "c", "primary": true}, {"value": "d", "primary": true}]}),
        json!({"op": "replace", "path": "emails.primary", "value": true}),
    ] {
        assert_eq!(emails(two.clone()).unwrap_err().scim_type, Some(ScimType::InvalidValue), "{two}");
    }
}

#[test]
fn a_filter_that_finds_nothing_makes_what_it_describes_or_fails() {
    let before = user(json!({}));
    let made = |operation: Value| {
        patched(&before, json!([operation])).map(|o| o.resource.body().get("emails").cloned())
    };
    let work = Some(json!([{"type": "work", "value": "a@w"}]));
    for op in ["add", "replace"] {
        assert_eq!(
            made(json!({"op": op, "path": "emails[type eq \"work\"].value", "value": "a@w"})).unwrap(),
            work
        );
        assert_eq!(
            made(json!({"op": op, "path": "emails[type eq \"work\"]", "value": {"value": "a@w"}})).unwrap(),
            work
        );
    }
    assert_eq!(
        made(json!({"op": "add", "path": "emails.value", "value": "a@w"})).unwrap(),
        Some(json!([{"value": "a@w"}]))
    );
    for path in [
        "emails[type ne \"work\"].value",
        "emails[type eq \"work\" or type eq \"home\"].value",
        "emails[type eq \"work\"].display",
        "emails[value eq \"old@w\"].value",
        "emails[value eq \"old@w\"].type",
        "emails.display",
    ] {
        let refused = made(json!({"op": "replace", "path": path, "value": "x"})).unwrap_err();
        assert_eq!(refused.scim_type, Some(ScimType::NoTarget), "{path}");
    }
    let nothing = json!({"op": "replace", "path": "emails[type eq \"work\"].value", "value": ""});
    assert_eq!(made(nothing).unwrap(), None);
}

#[test]
fn a_value_behind_a_filter_is_replaced_whole() {
    let before = user(json!({"emails": [{"value": "a@w", "type": "work", "display": "A"}]}));
    let path = "emails[type eq \"work\"]";
    let emails = |op, value: Value| {
        patched(&before, json!([{"op": op, "path": path, "value": value}]))
            .map(|o| o.resource.body().get("emails").cloned())
    };
    assert_eq!(
        emails("replace", json!({"value": "b@w"})).unwrap(),
        Some(json!([{"value": "b@w", "type": "work"}]))
    );
    assert_eq!(
        emails("add", json!({"value": "b@w"})).unwrap(),
        Some(json!([{"value": "b@w", "type": "work", "display": "A"}]))
    );
    assert_eq!(emails("replace", json!(null)).unwrap(), None);
    assert!(emails("replace", json!(["a", "b"])).is_err());
}

#[test]
fn extensions_are_written_by_path_and_taken_away_whole() {
    let before = user(json!({ENTERPRISE: {"department": "Maths", "division": "West"}}));
    let extension = |operation: Value| {
        patched(&before, json!([operation])).unwrap().resource.body().get(ENTERPRISE).cloned()
    };
    let path = format!("{ENTERPRISE}:department");
    assert_eq!(
        extension(json!({"op": "replace", "path": path, "value": "Art"})),
        Some(json!({"department": "Art", "division": "West"}))
    );
    assert_eq!(
        extension(json!({"op": "add", "path": ENTERPRISE, "value": {"costCenter": 7, "rank": 1}})),
        Some(json!({"department": "Maths", "division": "West", "costCenter": "7"}))
    );
    assert_eq!(extension(json!({"op": "remove", "path": path})), Some(json!({"division": "West"})));
    let gone = patched(&before, json!([{"op": "remove", "path": ENTERPRISE}])).unwrap().resource;
    assert_eq!(gone.body()["schemas"], json!([USER]));
    assert!(!gone.body().contains_key(ENTERPRISE));
    let new =
        patched(&user(json!({})), json!([{"op": "add", "path": path, "value": "Art"}])).unwrap().resource;
    assert_eq!(new.body()["schemas"], json!([USER, ENTERPRISE]));
}

#[test]
fn the_parts_of_a_member_are_fixed() {
    let before = group(&["1"]);
    for path in ["members.value", "members[value eq \"1\"].value", "members.$ref", "members.display"] {
        let operation = json!([{"op": "replace", "path": path, "value": "2"}]);
        assert_eq!(refusal(&before, operation), Some(ScimType::Mutability), "{path}");
    }
}

#[test]
fn a_failure_at_the_end_undoes_the_beginning() {
    let before = user(json!({"title": "Clerk"}));
    let copy = before.clone();
    assert!(
        patched(
            &before,
            json!([{"op": "replace", "path": "title", "value": "Head"},
                                    {"op": "replace", "path": "active", "value": "perhaps"}])
        )
        .is_err()
    );
    assert_eq!(before, copy);
}

#[test]
fn what_is_not_kept_is_taken_without_complaint() {
    let before = user(json!({}));
    for operation in [
        json!({"op": "replace", "path": "password", "value": "hush"}),
        json!({"op": "add", "path": "addresses[type eq \"work\"].streetAddress", "value": "x"}),
        json!({"op": "add", "path": "entitlements", "value": [{"value": "x"}]}),
        json!({"op": "remove", "path": "profileUrl"}),
        json!({"op": "replace", "path": "schemas", "value": ["x"]}),
        json!({"op": "replace", "value": {"password": "hush", "rank": 7, "id": "9", "schemas": []}}),
        json!({"op": "add", "value": {"urn:x:y:z": {"a": 1}, "meta": {"version": "1"}}}),
    ] {
        assert!(!patched(&before, json!([operation])).unwrap().changed, "{operation}");
    }
}

#[test]
fn nobody_gathers_values_without_end() {
    let mut now = user(json!({}));
    for turn in 0..10 {
        let ten: Vec<String> = (0..10).map(|n| format!("{turn}-{n}")).collect();
        now = patched(&now, json!([{"op": "add", "path": "roles", "value": ten}])).unwrap().resource;
    }
    assert_eq!(
        refusal(&now, json!([{"op": "add", "path": "roles", "value": "more"}])),
        Some(ScimType::InvalidValue)
    );
    let many: Vec<String> = (0..5_000).map(|n| n.to_string()).collect();
    let full =
        patched(&group(&[]), json!([{"op": "add", "path": "members", "value": many}])).unwrap().resource;
    assert_eq!(full.members().len(), 5_000);
}

#[test]
fn values_that_have_become_the_same_are_one() {
    let before =
        user(json!({"emails": [{"value": "a@b", "type": "work"}, {"value": "A@b", "type": "home"}]}));
    for operation in [
        json!({"op": "remove", "path": "emails.type"}),
        json!({"op": "replace", "path": "emails.type", "value": "other"}),
        json!({"op": "replace", "path": "emails[type eq \"home\"]", "value": {"value": "a@b", "type": "work"}}),
    ] {
        let now = patched(&before, json!([operation])).unwrap().resource;
        assert_eq!(now.body()["emails"].as_array().unwrap().len(), 1, "{operation}");
    }
}

#[test]
fn members_added_one_by_one_all_arrive() {
    let one = |value: Value| json!({"op": "add", "path": "members", "value": value});
    let operations = json!([
        one(json!([{"value": "2"}])),
        one(json!({"value": "3"})),
        one(json!("2")),
        {"op": "remove", "path": "members[value eq \"3\"]"},
        one(json!(["4", "5"])),
    ]);
    let now = patched(&group(&["1"]), operations).unwrap().resource;
    assert_eq!(now.members().into_iter().collect::<Vec<_>>(), ["1", "2", "4", "5"]);
}

#[test]
fn a_key_that_is_a_broken_filter_is_refused_and_a_strange_one_passed_over() {
    let before = user(json!({}));
    let broken = json!([{"op": "replace", "value": {"emails[type is 3].value": "a@b"}}]);
    assert_eq!(refusal(&before, broken), Some(ScimType::InvalidFilter));
    let strange = json!([{"op": "replace", "value": {"pets[type eq \"cat\"].name": "x", "title.x": "y"}}]);
    assert!(!patched(&before, strange).unwrap().changed);
}
