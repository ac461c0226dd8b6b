//! The documents by which clients find out what there is: configuration, resource types, schemas. They are printed
//! from the table, so they cannot say something else than the service does.

use serde_json::{Map, Value, json};

use super::MAX_RESULTS;
use super::schema::{Attribute, Kind, Mutability, Returned, Schema, Type, Uniqueness};
use super::tables_discovery::{CONFIG, CONFIG_URN, RESOURCE_TYPE, RESOURCE_TYPE_URN, SCHEMA, SCHEMA_URN};

/// Every schema there is, those of the documents themselves included.
pub fn schemas() -> Vec<&'static Schema> {
    let mut all = Vec::new();
    for kind in Kind::ALL {
        all.push(kind.core());
        all.extend(kind.extensions());
    }
    all.extend([&CONFIG, &RESOURCE_TYPE, &SCHEMA]);
    all
}

/// `/ServiceProviderConfig`. The base has no slash at its end.
pub fn service_provider_config(base: &str) -> Value {
    json!({
        "schemas": [CONFIG_URN],
        "patch": { "supported": true },
        "bulk": { "supported": false, "maxOperations": 0, "maxPayloadSize": 0 },
        "filter": { "supported": true, "maxResults": MAX_RESULTS },
        "changePassword": { "supported": false },
        "sort": { "supported": true },
        "etag": { "supported": true },
        "authenticationSchemes": [{
            "type": "oauthbearertoken",
            "name": "Bearer token",
            "description": "A token made for this connection, sent in the Authorization header.",
            "specUri": "https://www.rfc-editor.org/info/rfc6750",
            "primary": true,
        }],
        "meta": meta("ServiceProviderConfig", format!("{base}/ServiceProviderConfig")),
    })
}

/// `/ResourceTypes/{id}`; the id is the name.
pub fn resource_type(kind: Kind, base: &str) -> Value {
    let extensions: Vec<Value> =
        kind.extensions().iter().map(|schema| json!({ "schema": schema.id, "required": false })).collect();
    json!({
        "schemas": [RESOURCE_TYPE_URN],
        "id": kind.name(),
        "name": kind.name(),
        "description": kind.core().description,
        "endpoint": kind.endpoint(),
        "schema": kind.core().id,
        "schemaExtensions": extensions,
        "meta": meta("ResourceType", format!("{base}/ResourceTypes/{}", kind.name())),
    })
}

/// The kind that `/ResourceTypes/{id}` asks for.
pub fn kind_named(id: &str) -> Option<Kind> {
    Kind::ALL.into_iter().find(|kind| kind.name().eq_ignore_ascii_case(id))
}

/// `/Schemas/{id}`; the id is the URN.
pub fn schema(schema: &Schema, base: &str) -> Value {
    json!({
        "schemas": [SCHEMA_URN],
        "id": schema.id,
        "name": schema.name,
        "description": schema.description,
        "attributes": schema.attributes.iter().map(attribute).collect::<Vec<_>>(),
        "meta": meta("Schema", format!("{base}/Schemas/{}", schema.id)),
    })
}

/// The schema that `/Schemas/{id}` asks for.
pub fn schema_named(id: &str) -> Option<&'static Schema> {
    schemas().into_iter().find(|schema| schema.id.eq_ignore_ascii_case(id))
}

fn meta(kind: &str, location: String) -> Value {
    json!({ "resourceType": kind, "location": location })
}

fn attribute(row: &Attribute) -> Value {
    let mut out = Map::new();
    let mut put = |name: &str, value: Value| out.insert(name.to_owned(), value);
    put("name", row.name.into());
    put("type", type_name(row.kind).into());
    put("multiValued", row.multi_valued.into());
    put("description", row.description.into());
    put("required", row.required.into());
    put("mutability", mutability_name(row.mutability).into());
    put("returned", returned_name(row.returned).into());
    if row.kind == Type::Complex {
        put("subAttributes", row.subs.iter().map(attribute).collect::<Vec<_>>().into());
    } else {
        put("caseExact", row.case_exact.into());
        put("uniqueness", uniqueness_name(row.uniqueness).into());
    }
    if !row.canonical.is_empty() {
        put("canonicalValues", row.canonical.into());
    }
    if !row.references.is_empty() {
        put("referenceTypes", row.references.into());
    }
    Value::Object(out)
}

const fn type_name(kind: Type) -> &'static str {
    match kind {
        Type::String => "string",
        Type::Boolean => "boolean",
        Type::Integer => "integer",
        Type::DateTime => "dateTime",
        Type::Reference => "reference",
        Type::Complex => "complex",
    }
}

const fn mutability_name(mutability: Mutability) -> &'static str {
    match mutability {
        Mutability::ReadOnly => "readOnly",
        Mutability::ReadWrite => "readWrite",
        Mutability::Immutable => "immutable",
    }
}

const fn returned_name(returned: Returned) -> &'static str {
    match returned {
        Returned::Always => "always",
        Returned::Default => "default",
        Returned::Request => "request",
        Returned::Never => "never",
    }
}

const fn uniqueness_name(uniqueness: Uniqueness) -> &'static str {
    match uniqueness {
        Uniqueness::None => "none",
        Uniqueness::Server => "server",
    }
}
