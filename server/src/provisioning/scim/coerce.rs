//! Brings values into the shape the table asks for. Identity providers disagree on shapes: booleans arrive as text,
//! single values in arrays of one, plain values wrapped in objects. What is clear is taken; the rest is refused.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::error::Error;
use super::schema::{Attribute, Type, fold, named};

/// Longest text, in bytes.
const MAX_TEXT: usize = 4_096;
/// Most values of an attribute that is not `members`.
const MAX_VALUES: usize = 100;
/// Arrays in arrays and objects in objects deeper than this are no value of ours.
const MAX_WRAPS: usize = 4;

/// The value as it is kept; nothing if it says that there is none (`null`, empty text, an empty array or object).
///
/// # Errors
/// `invalidValue`, `invalidSyntax` for a name given twice.
pub(super) fn coerce(attribute: &'static Attribute, value: &Value) -> Result<Option<Value>, Error> {
    if !attribute.multi_valued {
        return single(attribute, value, MAX_WRAPS);
    }
    let given = elements(attribute, value)?;
    if given.iter().filter(|element| is_primary(element)).count() > 1 {
        return Err(Error::value(format!("{}: more than one value is primary", attribute.name)));
    }
    let mut kept = Vec::new();
    merge(attribute, &mut kept, given);
    bounded(attribute, kept.len())?;
    Ok(if kept.is_empty() { None } else { Some(kept.into_iter().map(Value::Object).collect()) })
}

/// Refuses more values than anybody has.
pub(super) fn bounded(attribute: &Attribute, count: usize) -> Result<(), Error> {
    if count > MAX_VALUES && attribute.name != "members" {
        return Err(Error::value(format!("{}: more than {MAX_VALUES} values", attribute.name)));
    }
    Ok(())
}

/// The elements of a multi-valued attribute in order, those without content left out.
pub(super) fn elements(
    attribute: &'static Attribute,
    value: &Value,
) -> Result<Vec<Map<String, Value>>, Error> {
    let given = match value {
        Value::Array(values) => values.as_slice(),
        one => std::slice::from_ref(one),
    };
    let mut found = Vec::with_capacity(given.len());
    for value in given {
        if value.is_array() {
            return Err(Error::value(format!("{}: an array within an array", attribute.name)));
        }
        if let Some(Value::Object(element)) = single(attribute, value, MAX_WRAPS)?
            && has_content(&element)
        {
            found.push(element);
        }
    }
    Ok(found)
}

/// Whether an element says more than of what sort it would be. An address of type work without an address is none.
pub(super) fn has_content(element: &Map<String, Value>) -> bool {
    element.keys().any(|key| key != "type" && key != "primary")
}

/// Whether an element is the preferred one.
pub(super) fn is_primary(element: &Map<String, Value>) -> bool {
    element.get("primary") == Some(&Value::Bool(true))
}

/// Adds elements; one that is there already takes on what the new one says beyond it.
pub(super) fn merge(attribute: &Attribute, into: &mut Vec<Map<String, Value>>, new: Vec<Map<String, Value>>) {
    let mut places: HashMap<_, usize> =
        into.iter().enumerate().map(|(place, element)| (identity(attribute, element), place)).collect();
    for element in new {
        let key = identity(attribute, &element);
        match places.get(&key).and_then(|place| into.get_mut(*place)) {
            Some(there) => there.extend(element),
            None => {
                places.insert(key, into.len());
                into.push(element);
            }
        }
    }
}

/// What makes two elements the same one: the value, and what it is for. A member is the same whatever it is called.
pub(super) fn identity(attribute: &Attribute, element: &Map<String, Value>) -> (String, String) {
    let part = |name: &str| {
        let text = element.get(name).and_then(Value::as_str).unwrap_or_default();
        let exact = attribute.sub(name).is_some_and(|sub| sub.case_exact);
        if exact { text.to_owned() } else { fold(text) }
    };
    let label = if attribute.name == "members" { String::new() } else { part("type") };
    (part("value"), label)
}

/// One value, out of its wrappings.
fn single(attribute: &'static Attribute, value: &Value, wraps: usize) -> Result<Option<Value>, Error> {
    let wrong = |what: &str| Err(Error::value(format!("{}: must be {what}", attribute.name)));
    let inner = match value {
        Value::Null => return Ok(None),
        Value::Array(values) => match values.as_slice() {
            [] => return Ok(None),
            [one] => Some(one),
            _ => return wrong("one value, not several"),
        },
        Value::Object(fields) if attribute.kind != Type::Complex => fields.get("value"),
        _ => None,
    };
    if let Some(inner) = inner {
        return if wraps == 0 { wrong("one value") } else { single(attribute, inner, wraps - 1) };
    }
    match (attribute.kind, value) {
        (Type::Complex, Value::Object(fields)) => {
            let parts = object(attribute.subs, fields).map_err(|error| within(attribute, error))?;
            Ok(if parts.is_empty() { None } else { Some(Value::Object(parts)) })
        }
        (Type::Complex, plain) => match attribute.sub("value") {
            Some(sub) => {
                let value = single(sub, plain, wraps)?;
                Ok(value.map(|value| Value::Object(Map::from_iter([(sub.name.to_owned(), value)]))))
            }
            None => wrong("an object"),
        },
        (Type::Boolean, Value::Bool(_)) => Ok(Some(value.clone())),
        (Type::Boolean, Value::String(text)) if text.is_empty() => Ok(None),
        (Type::Boolean, Value::String(text)) => match boolean(text) {
            Some(value) => Ok(Some(Value::Bool(value))),
            None => wrong("true or false"),
        },
        (Type::Boolean, _) => wrong("true or false"),
        (Type::String | Type::Reference | Type::DateTime, Value::String(text)) => string(attribute, text),
        (Type::String, Value::Number(number)) => Ok(Some(Value::String(number.to_string()))),
        (Type::Integer, Value::Number(_)) => Ok(Some(value.clone())),
        (Type::Integer, _) => wrong("a number"),
        (Type::String | Type::Reference | Type::DateTime, _) => wrong("text"),
    }
}

/// Reads `true` and `false` in any case.
pub(super) fn boolean(text: &str) -> Option<bool> {
    if text.eq_ignore_ascii_case("true") {
        Some(true)
    } else if text.eq_ignore_ascii_case("false") {
        Some(false)
    } else {
        None
    }
}

fn string(attribute: &Attribute, text: &str) -> Result<Option<Value>, Error> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    if text.len() > MAX_TEXT {
        return Err(Error::value(format!("{}: longer than {MAX_TEXT} bytes", attribute.name)));
    }
    if text.contains('\0') {
        return Err(Error::value(format!("{}: has a character no text has", attribute.name)));
    }
    if !attribute.closed {
        return Ok(Some(Value::String(text.to_owned())));
    }
    match attribute.canonical.iter().find(|usual| usual.eq_ignore_ascii_case(text)) {
        Some(usual) => Ok(Some(Value::String((*usual).to_owned()))),
        None => {
            let usual = attribute.canonical.join(", ");
            Err(Error::value(format!("{}: must be one of {usual}", attribute.name)))
        }
    }
}

/// The fields of an object that the table knows and clients may write.
pub(super) fn object(
    table: &'static [Attribute],
    fields: &Map<String, Value>,
) -> Result<Map<String, Value>, Error> {
    let mut kept = Map::new();
    let mut seen: Vec<&str> = Vec::new();
    for (key, value) in fields {
        let Some(attribute) = named(table, key).filter(|attribute| attribute.takes_input()) else {
            continue;
        };
        if seen.contains(&attribute.name) {
            return Err(Error::syntax(format!("{}: given twice", attribute.name)));
        }
        seen.push(attribute.name);
        if let Some(value) = coerce(attribute, value)? {
            kept.insert(attribute.name.to_owned(), value);
        }
    }
    Ok(kept)
}

fn within(attribute: &Attribute, mut error: Error) -> Error {
    error.detail = format!("{}.{}", attribute.name, error.detail);
    error
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::error::ScimType;
    use super::super::schema::Kind;
    use super::*;

    fn user(name: &str, value: Value) -> Result<Option<Value>, Error> {
        coerce(Kind::User.attribute(name).unwrap(), &value)
    }

    #[test]
    fn wrapped_and_misspelt_values_become_plain_ones() {
        assert_eq!(user("active", json!("False")).unwrap(), Some(json!(false)));
        assert_eq!(user("active", json!(["True"])).unwrap(), Some(json!(true)));
        assert_eq!(user("title", json!([{"$ref": null, "value": "Clerk"}])).unwrap(), Some(json!("Clerk")));
        assert_eq!(user("title", json!(7)).unwrap(), Some(json!("7")));
        assert_eq!(user("roles", json!("clerk")).unwrap(), Some(json!([{"value": "clerk"}])));
        assert_eq!(user("emails", json!({"VALUE": "a@b"})).unwrap(), Some(json!([{"value": "a@b"}])));
        assert_eq!(user("name", json!([{"givenName": "Ada"}])).unwrap(), Some(json!({"givenName": "Ada"})));
    }

    #[test]
    fn what_says_nothing_is_nothing() {
        for (name, value) in [
            ("title", json!(null)),
            ("title", json!("")),
            ("title", json!([])),
            ("active", json!("")),
            ("name", json!({})),
            ("name", json!({"givenName": ""})),
            ("emails", json!([null, {"type": "work", "value": ""}, {"primary": true}])),
        ] {
            assert_eq!(user(name, value.clone()).unwrap(), None, "{name} {value}");
        }
    }

    #[test]
    fn what_is_unclear_is_refused() {
        for (name, value) in [
            ("active", json!("yes")),
            ("active", json!(1)),
            ("title", json!(true)),
            ("title", json!(["a", "b"])),
            ("title", json!([[[[[["a"]]]]]])),
            ("title", json!("a\0b")),
            ("title", json!("x".repeat(MAX_TEXT + 1))),
            ("name", json!("Ada")),
            ("emails", json!([["a@b"]])),
            ("emails", json!([{"value": "a", "primary": true}, {"value": "b", "primary": "True"}])),
            ("roles", json!((0..=MAX_VALUES).map(|n| n.to_string()).collect::<Vec<_>>())),
        ] {
            let error = user(name, value).unwrap_err();
            assert_eq!(error.scim_type, Some(ScimType::InvalidValue), "{name}: {error}");
        }
        let twice = user("name", json!({"givenName": "a", "GIVENNAME": "b"})).unwrap_err();
        assert_eq!(twice.scim_type, Some(ScimType::InvalidSyntax));
    }

    #[test]
    fn the_same_value_twice_is_one() {
        let given = json!([{"value": "A@b", "type": "work"}, {"value": "a@B", "type": "Work", "primary": true},
                           {"value": "a@b", "type": "home"}]);
        assert_eq!(user("emails", given).unwrap().unwrap().as_array().unwrap().len(), 2);
    }

    #[test]
    fn members_are_users_and_say_little() {
        let members = Kind::Group.attribute("members").unwrap();
        let given =
            json!([{"value": "1", "$ref": "x", "display": "Ada", "type": "user"}, "2", {"value": "1"}]);
        let kept = coerce(members, &given).unwrap();
        assert_eq!(kept, Some(json!([{"value": "1", "type": "User"}, {"value": "2"}])));
        let error = coerce(members, &json!([{"value": "1", "type": "Group"}])).unwrap_err();
        assert_eq!(error.scim_type, Some(ScimType::InvalidValue));
        assert!(error.detail.starts_with("members.type"), "{error}");
    }
}
