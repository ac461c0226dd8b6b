//! Reads PATCH bodies (RFC 7644, section 3.5.2) in the dialects identity providers speak, into steps that each change
//! one attribute. What a step does is in `patch_apply`.

use serde_json::{Map, Value};

use super::error::{Error, ScimType};
use super::filter::Node;
use super::filter_parse;
use super::path::{self, Found, Place};
use super::resource::{Outcome, Resource};
use super::schema::{Kind, Mutability, Schema};

/// Schema of the body.
const PATCH_OP: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
/// Most operations in a body.
const MAX_OPERATIONS: usize = 1_000;
/// Longest path, in bytes.
const MAX_PATH: usize = 8_192;

/// What an operation does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Op {
    Add,
    Replace,
    Remove,
}

/// What a step works on.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Target {
    /// An attribute or a part of it; with a filter, of those values that fit.
    Attribute(Place, Option<Node>),
    /// All of an extension; only ever removed, for writing it is taken apart.
    Extension(&'static Schema),
}

/// One change.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Step {
    pub op: Op,
    pub target: Target,
    pub value: Value,
}

/// A change a client wants, read and found to make sense for a kind of resource.
#[derive(Debug, Clone, PartialEq)]
pub struct Patch {
    pub(super) kind: Kind,
    pub(super) steps: Vec<Step>,
}

/// Where a path leads.
enum Route {
    To(Target),
    /// The resource itself.
    Whole,
    /// Taken and not kept.
    Nowhere,
}

impl Patch {
    /// Reads a body.
    ///
    /// # Errors
    /// `invalidSyntax`, `invalidPath`, `invalidFilter`, `invalidValue`, `noTarget` for a removal without a path,
    /// `mutability`.
    pub fn parse(kind: Kind, body: &Value) -> Result<Self, Error> {
        let body = body.as_object().ok_or_else(|| Error::syntax("the body must be an object"))?;
        check_schemas(body)?;
        let operations = field(body, "Operations")
            .and_then(Value::as_array)
            .filter(|operations| !operations.is_empty())
            .ok_or_else(|| Error::syntax("Operations: must be an array of operations"))?;
        if operations.len() > MAX_OPERATIONS {
            return Err(Error::syntax(format!("Operations: more than {MAX_OPERATIONS}")));
        }
        let mut patch = Self { kind, steps: Vec::new() };
        for operation in operations {
            patch.operation(operation)?;
        }
        Ok(patch)
    }

    /// Changes a resource, all of it or nothing: the one given stays as it is.
    ///
    /// # Errors
    /// `noTarget`, `invalidValue`, `mutability`.
    pub fn apply(&self, resource: &Resource) -> Result<Outcome, Error> {
        if resource.kind != self.kind {
            return Err(Error::not_found());
        }
        let mut now = resource.clone();
        for step in &self.steps {
            step.apply(&mut now.body)?;
        }
        now.settle()?;
        Ok(resource.outcome(now))
    }

    fn operation(&mut self, operation: &Value) -> Result<(), Error> {
        let operation = operation.as_object().ok_or_else(|| Error::syntax("Operations: must be objects"))?;
        let op = match field(operation, "op").and_then(Value::as_str) {
            Some(op) if op.eq_ignore_ascii_case("add") => Op::Add,
            Some(op) if op.eq_ignore_ascii_case("replace") => Op::Replace,
            Some(op) if op.eq_ignore_ascii_case("remove") => Op::Remove,
            _ => return Err(Error::syntax("op: must be add, replace or remove")),
        };
        let path = match field(operation, "path") {
            None | Some(Value::Null) => "",
            Some(Value::String(path)) => path.trim(),
            Some(_) => return Err(Error::path("path: must be text")),
        };
        let value = field(operation, "value");
        if op == Op::Remove {
            return self.removal(path, value);
        }
        let value = value.ok_or_else(|| Error::value("value: is missing"))?;
        let route = if path.is_empty() { Route::Whole } else { route(self.kind, path)? };
        match route {
            Route::To(Target::Extension(schema)) => self.extension(op, schema, value),
            Route::To(target) => {
                check_writable(&target)?;
                self.push(op, target, value);
                Ok(())
            }
            Route::Whole => self.whole(op, value),
            Route::Nowhere => Ok(()),
        }
    }

    fn removal(&mut self, path: &str, value: Option<&Value>) -> Result<(), Error> {
        let nothing = || Error::bad(ScimType::NoTarget, "path: a removal needs one");
        if path.is_empty() {
            return Err(nothing());
        }
        match route(self.kind, path)? {
            Route::To(target) => {
                check_writable(&target)?;
                self.push(Op::Remove, target, value.unwrap_or(&Value::Null));
                Ok(())
            }
            Route::Whole => Err(nothing()),
            Route::Nowhere => Ok(()),
        }
    }

    /// A value without a path: its keys are attributes, URNs of extensions, or paths. What the resource does not
    /// have, or only the service writes, is passed over, as in a body that makes a resource.
    fn whole(&mut self, op: Op, value: &Value) -> Result<(), Error> {
        for (key, value) in fields(value)? {
            match route(self.kind, key) {
                Ok(Route::To(Target::Extension(schema))) => self.extension(op, schema, value)?,
                Ok(Route::To(target)) if check_writable(&target).is_ok() => self.push(op, target, value),
                Ok(Route::Whole) if value.is_object() => self.core(op, value)?,
                Err(error) if error.scim_type == Some(ScimType::InvalidFilter) => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }

    /// The resource's own attributes under the URN of its schema.
    fn core(&mut self, op: Op, value: &Value) -> Result<(), Error> {
        for (key, value) in fields(value)? {
            if let Ok(Route::To(target @ Target::Attribute(..))) = route(self.kind, key)
                && check_writable(&target).is_ok()
            {
                self.push(op, target, value);
            }
        }
        Ok(())
    }

    fn extension(&mut self, op: Op, schema: &'static Schema, value: &Value) -> Result<(), Error> {
        if value.is_null() {
            if op == Op::Replace {
                self.push(Op::Remove, Target::Extension(schema), value);
            }
            return Ok(());
        }
        for (key, value) in fields(value)? {
            if let Ok(Route::To(target @ Target::Attribute(..))) =
                route(self.kind, &format!("{}:{key}", schema.id))
                && check_writable(&target).is_ok()
            {
                self.push(op, target, value);
            }
        }
        Ok(())
    }

    /// Members that are added one by one are added together: to look through ten thousand for each takes a second.
    fn push(&mut self, op: Op, target: Target, value: &Value) {
        if let Target::Attribute(Place { attribute, sub: None, .. }, None) = &target
            && attribute.name == "members"
            && let Some(last) = self.steps.last_mut()
            && (op, last.op) == (Op::Add, Op::Add)
            && last.target == target
            && let Value::Array(there) = &mut last.value
        {
            match value {
                Value::Array(more) => there.extend_from_slice(more),
                one => there.push(one.clone()),
            }
            return;
        }
        self.steps.push(Step { op, target, value: value.clone() });
    }
}

/// Follows a path.
fn route(kind: Kind, path: &str) -> Result<Route, Error> {
    let unknown = || Error::path("path: names no attribute of this resource");
    if path.len() > MAX_PATH {
        return Err(Error::path(format!("path: longer than {MAX_PATH} bytes")));
    }
    let (head, filter) = path.split_once('[').map_or((path, None), |(head, rest)| (head.trim(), Some(rest)));
    let mut place = match path::find(kind, head) {
        Found::Attribute(place) if place.attribute.name == "schemas" => return Ok(Route::Nowhere),
        Found::Attribute(place) => place,
        Found::NotKept => return Ok(Route::Nowhere),
        Found::Extension(schema) if filter.is_none() => return Ok(Route::To(Target::Extension(schema))),
        Found::Core if filter.is_none() => return Ok(Route::Whole),
        _ => return Err(unknown()),
    };
    let Some(filter) = filter else {
        return Ok(Route::To(Target::Attribute(place, None)));
    };
    if !place.attribute.multi_valued || place.sub.is_some() {
        return Err(Error::path("path: only an attribute with several values takes a filter"));
    }
    let (node, rest) = filter_parse::parse_within(place.attribute, filter)?;
    place.sub = match rest.trim().split_at_checked(1) {
        None if rest.trim().is_empty() => None,
        Some((".", name)) => Some(place.attribute.sub(name).ok_or_else(unknown)?),
        _ => return Err(unknown()),
    };
    Ok(Route::To(Target::Attribute(place, Some(node))))
}

fn check_writable(target: &Target) -> Result<(), Error> {
    let Target::Attribute(place, _) = target else { return Ok(()) };
    let fixed = place.sub.is_some_and(|sub| !sub.takes_input() || sub.mutability == Mutability::Immutable);
    if fixed || !place.attribute.takes_input() {
        return Err(Error::bad(ScimType::Mutability, format!("{}: cannot be changed", place.canonical())));
    }
    Ok(())
}

/// An object, alone or in an array of one.
fn fields(value: &Value) -> Result<&Map<String, Value>, Error> {
    let value = match value {
        Value::Array(values) => values.first().filter(|_| values.len() == 1).unwrap_or(value),
        other => other,
    };
    value.as_object().ok_or_else(|| Error::value("value: must be an object where no attribute is named"))
}

fn field<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    object.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

fn check_schemas(body: &Map<String, Value>) -> Result<(), Error> {
    let Some(schemas) = field(body, "schemas") else { return Ok(()) };
    let named = |value: &Value| value.as_str().is_some_and(|urn| urn.eq_ignore_ascii_case(PATCH_OP));
    if schemas.as_array().is_some_and(|schemas| schemas.iter().any(named)) {
        return Ok(());
    }
    Err(Error::syntax(format!("schemas: must name {PATCH_OP}")))
}
