//! The documents say what the service does.

use super::super::discovery::{
    kind_named, resource_type, schema, schema_named, schemas, service_provider_config,
};
use super::super::schema::{Attribute, Mutability};
use super::*;

const BASE: &str = "https://chat.example/scim/v2";

#[test]
fn every_schema_is_found_by_its_urn() {
    let urns: Vec<&str> = schemas().iter().map(|schema| schema.id).collect();
    assert_eq!(urns.len(), 6);
    for urn in urns {
        let document = schema(schema_named(&urn.to_lowercase()).unwrap(), BASE);
        assert_eq!(document["id"], urn);
        assert_eq!(document["meta"]["location"], format!("{BASE}/Schemas/{urn}"));
    }
    assert!(schema_named("urn:x").is_none());
}

#[test]
fn a_row_is_announced_with_all_it_says() {
    let document = schema(Kind::User.core(), BASE);
    let expected = json!({
        "name": "userName", "type": "string", "multiValued": false, "required": true, "caseExact": false,
        "mutability": "readWrite", "returned": "default", "uniqueness": "server",
        "description": "Name to sign in with; compared without case.",
    });
    assert_eq!(document["attributes"][0], expected);
    let text = document.to_string();
    assert!(!text.contains("password") && !text.contains("entitlements"));
}

#[test]
fn resource_types_name_their_extensions() {
    let document = resource_type(kind_named("user").unwrap(), BASE);
    assert_eq!(document["schemaExtensions"], json!([{"schema": ENTERPRISE, "required": false}]));
    assert_eq!((&document["endpoint"], &document["schema"]), (&json!("/Users"), &json!(USER)));
    assert!(kind_named("Device").is_none());
}

#[test]
fn bulk_and_passwords_are_announced_as_missing() {
    let document = service_provider_config(BASE);
    let supported = |name: &str| document[name]["supported"] == true;
    assert!(supported("patch") && supported("filter") && supported("sort") && supported("etag"));
    assert!(!supported("bulk") && !supported("changePassword"));
    for attribute in schema_named(document["schemas"][0].as_str().unwrap()).unwrap().attributes {
        let there = document.get(attribute.name).is_some();
        assert!(there || !attribute.required, "{}", attribute.name);
    }
}

fn rows(table: &'static [Attribute], check: &mut dyn FnMut(&'static Attribute)) {
    for row in table {
        check(row);
        rows(row.subs, check);
    }
}

#[test]
fn the_table_keeps_its_own_rules() {
    for kind in Kind::ALL {
        for schema in std::iter::once(kind.core()).chain(kind.extensions().iter().copied()) {
            for row in schema.attributes {
                let several_objects = !row.multi_valued || !row.subs.is_empty();
                assert!(several_objects, "{}: what has several values has parts", row.name);
                let identified = !row.multi_valued || row.sub("value").is_some();
                assert!(identified, "{}: what has several values has one that counts", row.name);
            }
            rows(schema.attributes, &mut |row| {
                assert!(row.description.ends_with('.'), "{}", row.name);
                assert!(!row.closed || !row.canonical.is_empty(), "{}", row.name);
                let read_only = row.mutability == Mutability::ReadOnly;
                assert!(!(read_only && row.required), "{}: nobody could ever send it", row.name);
            });
        }
    }
}
