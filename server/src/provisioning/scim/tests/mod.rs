//! Tests that need more than one module.

use serde_json::{Value, json};

use super::error::{Error, ScimType};
use super::patch::Patch;
use super::resource::{Outcome, Resource};
use super::schema::Kind;

mod discovery;
mod entra;
mod filter;
mod list;
mod okta;
mod patch;
mod project;
mod properties;
mod resource;

const ENTERPRISE: &str = super::tables::ENTERPRISE_URN;
const USER: &str = super::tables::USER_URN;
const GROUP: &str = super::tables::GROUP_URN;

fn user(mut fields: Value) -> Resource {
    fields["userName"] = "ada".into();
    Resource::create(Kind::User, &fields).unwrap()
}

fn group(members: &[&str]) -> Resource {
    let members: Vec<Value> = members.iter().map(|id| json!({ "value": id })).collect();
    Resource::create(Kind::Group, &json!({ "displayName": "Desk", "members": members })).unwrap()
}

fn patched(resource: &Resource, operations: Value) -> Result<Outcome, Error> {
    let body =
        json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": operations });
    Patch::parse(resource.kind(), &body)?.apply(resource)
}

fn refusal(resource: &Resource, operations: Value) -> Option<ScimType> {
    patched(resource, operations).unwrap_err().scim_type
}
