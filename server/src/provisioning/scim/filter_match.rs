//! Whether a filter fits a resource.

use std::cmp::Ordering;

use serde_json::{Map, Value};

use super::filter::{Filter, Literal, Node, Op};
use super::instant;
use super::path::Place;
use super::resource::Resource;
use super::schema::{Attribute, Type, fold};

impl Filter {
    /// Whether the resource is one that is looked for. A resource of another kind never is.
    pub fn matches(&self, resource: &Resource) -> bool {
        resource.kind == self.kind && fits(&self.node, &resource.body)
    }
}

/// Whether a filter fits an object: a resource, or within brackets a value of a multi-valued attribute.
pub(super) fn fits(node: &Node, body: &Map<String, Value>) -> bool {
    match node {
        Node::And(parts) => parts.iter().all(|part| fits(part, body)),
        Node::Or(parts) => parts.iter().any(|part| fits(part, body)),
        Node::Not(inner) => !fits(inner, body),
        Node::Present(target) => {
            target.place.is_some_and(|place| values(&place, body).iter().any(|value| present(value)))
        }
        Node::Compare(target, op, literal) => match target.place {
            Some(place) => compare(&place, *op, literal, body),
            None => is_absent(*op, literal),
        },
        Node::Within(target, inner) => {
            let values = target.place.map(|place| values(&place, body)).unwrap_or_default();
            values.into_iter().filter_map(Value::as_object).any(|value| fits(inner, value))
        }
    }
}

/// What a comparison with nothing comes to: nothing equals `null` and differs from all else.
fn is_absent(op: Op, literal: &Literal) -> bool {
    match literal {
        Literal::Null => op == Op::Eq,
        _ => op == Op::Ne,
    }
}

fn compare(place: &Place, op: Op, literal: &Literal, body: &Map<String, Value>) -> bool {
    let values = values(place, body);
    if *literal == Literal::Null {
        return values.iter().any(|value| present(value)) == (op == Op::Ne);
    }
    if values.is_empty() {
        return is_absent(op, literal);
    }
    values.into_iter().any(|value| match order(place.leaf(), value, literal) {
        Some(order) => match op {
            Op::Eq => order == Ordering::Equal,
            Op::Ne => order != Ordering::Equal,
            Op::Gt => order == Ordering::Greater,
            Op::Ge => order != Ordering::Less,
            Op::Lt => order == Ordering::Less,
            Op::Le => order != Ordering::Greater,
            Op::Co | Op::Sw | Op::Ew => has_part(place.leaf(), op, value, literal),
        },
        None => op == Op::Ne,
    })
}

/// How a value stands to a literal; nothing if they are of different sorts.
fn order(attribute: &Attribute, value: &Value, literal: &Literal) -> Option<Ordering> {
    match (attribute.kind, value, literal) {
        (Type::DateTime, Value::String(value), Literal::Text(text)) => {
            Some(instant::parse(value)?.cmp(&instant::parse(text)?))
        }
        (_, Value::String(value), Literal::Text(text)) if attribute.case_exact => Some(value.cmp(text)),
        (_, Value::String(value), Literal::Text(text)) => Some(fold(value).cmp(&fold(text))),
        (_, Value::Bool(value), Literal::Boolean(flag)) => Some(value.cmp(flag)),
        _ => None,
    }
}

fn has_part(attribute: &Attribute, op: Op, value: &Value, literal: &Literal) -> bool {
    let (Value::String(value), Literal::Text(text)) = (value, literal) else { return false };
    let part = |value: &str, text: &str| match op {
        Op::Sw => value.starts_with(text),
        Op::Ew => value.ends_with(text),
        _ => value.contains(text),
    };
    if attribute.case_exact { part(value, text) } else { part(&fold(value), &fold(text)) }
}

fn present(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(values) => values.iter().any(present),
        Value::Object(fields) => fields.values().any(present),
        Value::Bool(_) | Value::Number(_) => true,
    }
}

/// The values at a place; those of all elements where an attribute has several.
pub(super) fn values<'a>(place: &Place, body: &'a Map<String, Value>) -> Vec<&'a Value> {
    let outer = match place.extension {
        Some(extension) => body.get(extension.id).and_then(Value::as_object),
        None => Some(body),
    };
    let Some(value) = outer.and_then(|outer| outer.get(place.attribute.name)) else { return Vec::new() };
    let elements = match value {
        Value::Array(values) => values.as_slice(),
        one => std::slice::from_ref(one),
    };
    match place.sub {
        Some(sub) => elements.iter().filter_map(|element| element.get(sub.name)).collect(),
        None => elements.iter().collect(),
    }
}
