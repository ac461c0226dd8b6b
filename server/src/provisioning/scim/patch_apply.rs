//! What one step of a PATCH does to a body.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::coerce::{bounded, coerce, elements, has_content, identity, is_primary, merge};
use super::error::{Error, ScimType};
use super::filter::{Node, equalities};
use super::filter_match::fits;
use super::patch::{Op, Step, Target};
use super::path::Place;
use super::schema::{Attribute, Type};

type Element = Map<String, Value>;

impl Step {
    pub(super) fn apply(&self, body: &mut Map<String, Value>) -> Result<(), Error> {
        let (place, filter) = match &self.target {
            Target::Extension(schema) => {
                body.remove(schema.id);
                return Ok(());
            }
            Target::Attribute(place, filter) => (place, filter.as_ref()),
        };
        if self.value.is_null() && self.op == Op::Add {
            return Ok(());
        }
        let scope = match place.extension {
            None => body,
            Some(schema) => {
                let scope = body.entry(schema.id).or_insert_with(|| Value::Object(Map::new()));
                scope
                    .as_object_mut()
                    .ok_or_else(|| Error::value(format!("{}: must be an object", schema.id)))?
            }
        };
        if place.attribute.multi_valued {
            return self.several(scope, place, filter);
        }
        let removes = self.op == Op::Remove || self.value.is_null();
        match (place.sub, removes) {
            (None, true) => {
                if place.attribute.required {
                    let detail = format!("{}: is required", place.attribute.name);
                    return Err(Error::bad(ScimType::Mutability, detail));
                }
                scope.remove(place.attribute.name);
            }
            (None, false) if place.attribute.kind == Type::Complex => {
                merge_parts(scope, place.attribute, &self.value)?;
            }
            (None, false) => put(scope, place.attribute, coerce(place.attribute, &self.value)?),
            (Some(sub), removes) => {
                let value = if removes { None } else { coerce(sub, &self.value)? };
                put_part(scope, place.attribute, sub, value);
            }
        }
        Ok(())
    }

    fn several(
        &self,
        scope: &mut Map<String, Value>,
        place: &Place,
        filter: Option<&Node>,
    ) -> Result<(), Error> {
        let attribute = place.attribute;
        let mut there = match scope.remove(attribute.name) {
            Some(Value::Array(values)) => values.into_iter().filter_map(into_object).collect(),
            _ => Vec::new(),
        };
        match (self.op, place.sub, filter) {
            (Op::Remove, None, None) => remove(attribute, &mut there, &self.value)?,
            (Op::Remove, None, Some(filter)) => there.retain(|element| !fits(filter, element)),
            (Op::Remove, Some(sub), filter) => {
                let fitting = matching(&there, filter);
                set_part(&mut there, &fitting, sub, None);
            }
            (Op::Replace, None, None) => {
                there = only_one_primary(attribute, elements(attribute, &self.value)?)?
            }
            (Op::Add, None, None) => {
                let new = only_one_primary(attribute, elements(attribute, &self.value)?)?;
                if new.iter().any(is_primary) {
                    demote(&mut there);
                }
                merge(attribute, &mut there, new);
            }
            (op, None, Some(filter)) => self.fitting(op, attribute, &mut there, filter)?,
            (_, Some(sub), filter) => self.part(attribute, &mut there, filter, sub)?,
        }
        if place.sub.is_some() || (filter.is_some() && self.op != Op::Remove) {
            // What was changed in part may now say the same as another value.
            let changed = std::mem::take(&mut there);
            merge(attribute, &mut there, changed);
        }
        bounded(attribute, there.len())?;
        if !there.is_empty() {
            let values = there.into_iter().map(Value::Object).collect();
            scope.insert(attribute.name.to_owned(), Value::Array(values));
        }
        Ok(())
    }

    /// `emails[type eq "work"]` with a whole value. What the filter demands holds for the new value too, unless that
    /// says otherwise, so that the same step finds it again.
    fn fitting(
        &self,
        op: Op,
        attribute: &'static Attribute,
        there: &mut Vec<Element>,
        filter: &Node,
    ) -> Result<(), Error> {
        let mut given = elements(attribute, &self.value)?;
        let new = match (given.pop(), given.is_empty()) {
            (Some(only), true) => only,
            (None, _) if op == Op::Replace => {
                there.retain(|element| !fits(filter, element));
                return Ok(());
            }
            (None, _) => return Ok(()),
            _ => return Err(Error::value(format!("{}: one value for one filter", attribute.name))),
        };
        let fitting: Vec<usize> = matching(there, Some(filter));
        if fitting.is_empty() {
            return create(attribute, there, filter, new);
        }
        if is_primary(&new) {
            sole(attribute, &fitting)?;
            demote(there);
        }
        for place in fitting {
            if let Some(element) = there.get_mut(place) {
                if op == Op::Replace {
                    *element = demanded(filter).unwrap_or_default();
                }
                element.extend(new.clone());
            }
        }
        Ok(())
    }

    /// `emails[type eq "work"].value`, or `emails.value` for all of them.
    fn part(
        &self,
        attribute: &'static Attribute,
        there: &mut Vec<Element>,
        filter: Option<&Node>,
        sub: &'static Attribute,
    ) -> Result<(), Error> {
        let fitting = matching(there, filter);
        let Some(value) = coerce(sub, &self.value)? else {
            set_part(there, &fitting, sub, None);
            return Ok(());
        };
        if fitting.is_empty() {
            let new = Map::from_iter([(sub.name.to_owned(), value)]);
            return match filter {
                Some(filter) => create(attribute, there, filter, new),
                None if sub.name == "value" => {
                    there.push(new);
                    Ok(())
                }
                None => Err(no_target(attribute)),
            };
        }
        if sub.name == "primary" && value == Value::Bool(true) {
            sole(attribute, &fitting)?;
            demote(there);
        }
        set_part(there, &fitting, sub, Some(&value));
        Ok(())
    }
}

/// Adds the value a filter did not find, if the filter says what else it would be: a work address set before there
/// was any is the first one. With a filter on the value itself, nothing may take its place.
fn create(attribute: &Attribute, there: &mut Vec<Element>, filter: &Node, new: Element) -> Result<(), Error> {
    let Some(mut element) = demanded(filter).filter(|demanded| !demanded.contains_key("value")) else {
        return Err(no_target(attribute));
    };
    if !new.contains_key("value") {
        return Err(no_target(attribute));
    }
    element.extend(new);
    if is_primary(&element) {
        demote(there);
    }
    merge(attribute, there, vec![element]);
    Ok(())
}

/// What a value that fits the filter has, as far as the filter says it with `eq` and `and` alone.
fn demanded(filter: &Node) -> Option<Element> {
    let terms = equalities(filter)?;
    Some(terms.into_iter().map(|(place, value)| (place.attribute.name.to_owned(), value)).collect())
}

fn no_target(attribute: &Attribute) -> Error {
    Error::bad(ScimType::NoTarget, format!("{}: no value fits the filter", attribute.name))
}

fn matching(there: &[Element], filter: Option<&Node>) -> Vec<usize> {
    let fitting = |element: &Element| filter.is_none_or(|filter| fits(filter, element));
    there.iter().enumerate().filter(|(_, element)| fitting(element)).map(|(place, _)| place).collect()
}

fn set_part(there: &mut Vec<Element>, places: &[usize], sub: &Attribute, value: Option<&Value>) {
    for &place in places {
        if let Some(element) = there.get_mut(place) {
            put(element, sub, value.cloned());
        }
    }
    there.retain(has_content);
}

/// Removes all values, or those that are listed.
fn remove(attribute: &'static Attribute, there: &mut Vec<Element>, listed: &Value) -> Result<(), Error> {
    if listed.is_null() {
        there.clear();
        return Ok(());
    }
    let listed = elements(attribute, listed)?;
    let labelled = |element: &Element| element.contains_key("type");
    let (exact, any): (Vec<_>, Vec<_>) = listed.into_iter().partition(labelled);
    let exact: HashSet<_> = exact.iter().map(|element| identity(attribute, element)).collect();
    let any: HashSet<_> = any.iter().map(|element| identity(attribute, element).0).collect();
    there.retain(|element| {
        let key = identity(attribute, element);
        !any.contains(&key.0) && !exact.contains(&key)
    });
    Ok(())
}

fn only_one_primary(attribute: &Attribute, new: Vec<Element>) -> Result<Vec<Element>, Error> {
    let primary: Vec<usize> =
        new.iter().enumerate().filter(|(_, element)| is_primary(element)).map(|(place, _)| place).collect();
    sole(attribute, &primary)?;
    let mut kept = Vec::with_capacity(new.len());
    merge(attribute, &mut kept, new);
    Ok(kept)
}

fn sole(attribute: &Attribute, primary: &[usize]) -> Result<(), Error> {
    if primary.len() > 1 {
        return Err(Error::value(format!("{}: more than one value would be primary", attribute.name)));
    }
    Ok(())
}

/// Makes way for a new primary value.
fn demote(there: &mut [Element]) {
    for element in there.iter_mut().filter(|element| is_primary(element)) {
        element.insert("primary".to_owned(), Value::Bool(false));
    }
}

fn into_object(value: Value) -> Option<Element> {
    match value {
        Value::Object(fields) => Some(fields),
        _ => None,
    }
}

fn put(scope: &mut Map<String, Value>, attribute: &Attribute, value: Option<Value>) {
    match value {
        Some(value) => scope.insert(attribute.name.to_owned(), value),
        None => scope.remove(attribute.name),
    };
}

fn put_part(scope: &mut Map<String, Value>, attribute: &Attribute, sub: &Attribute, value: Option<Value>) {
    let there = scope.remove(attribute.name);
    let mut parts = there.and_then(into_object).unwrap_or_default();
    put(&mut parts, sub, value);
    keep_parts(scope, attribute, parts);
}

/// Writes the parts that are given and leaves the others, as for any complex attribute.
fn merge_parts(
    scope: &mut Map<String, Value>,
    attribute: &'static Attribute,
    value: &Value,
) -> Result<(), Error> {
    let given = match value {
        Value::Array(values) => values.first().filter(|_| values.len() == 1).unwrap_or(value),
        other => other,
    };
    let Value::Object(fields) = given else {
        put(scope, attribute, coerce(attribute, given)?);
        return Ok(());
    };
    let there = scope.remove(attribute.name);
    let mut parts = there.and_then(into_object).unwrap_or_default();
    for (key, value) in fields {
        if let Some(sub) = attribute.sub(key).filter(|sub| sub.takes_input()) {
            put(&mut parts, sub, coerce(sub, value)?);
        }
    }
    keep_parts(scope, attribute, parts);
    Ok(())
}

/// An attribute of which only what the service adds is left is gone.
fn keep_parts(scope: &mut Map<String, Value>, attribute: &Attribute, parts: Element) {
    let written = |name: &String| attribute.sub(name).is_some_and(Attribute::takes_input);
    if parts.keys().any(written) {
        scope.insert(attribute.name.to_owned(), Value::Object(parts));
    }
}
