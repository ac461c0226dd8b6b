//! Which attributes of a resource an answer carries: `attributes`, `excludedAttributes` and what the table says.

use serde_json::{Map, Value};

use super::error::Error;
use super::path::{self, Found};
use super::resource::Resource;
use super::schema::{Attribute, Kind, Returned};
use super::tables::COMMON;

/// Most names in a request.
const MAX_NAMES: usize = 200;

/// One name of the request; without an attribute, all of an extension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Pick {
    extension: Option<&'static str>,
    attribute: Option<&'static str>,
    sub: Option<&'static str>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Default,
    Only,
    Without,
}

/// What a client wants to see of resources of a kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Projection {
    kind: Kind,
    mode: Mode,
    picks: Vec<Pick>,
}

/// How an attribute or a part of one was named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Named {
    Not,
    Part,
    Whole,
}

impl Projection {
    /// What is seen when nothing is asked for.
    pub fn default_of(kind: Kind) -> Self {
        Self { kind, mode: Mode::Default, picks: Vec::new() }
    }

    /// From the names of a request; blank ones and such that the resource does not have say nothing.
    ///
    /// # Errors
    /// `invalidValue` if both lists name something, or too many names are given.
    pub fn new<S: AsRef<str>>(kind: Kind, attributes: &[S], excluded: &[S]) -> Result<Self, Error> {
        let stated = |names: &[S]| names.iter().any(|name| !name.as_ref().trim().is_empty());
        let (mode, names) = match (stated(attributes), stated(excluded)) {
            (true, true) => return Err(Error::value("attributes and excludedAttributes exclude each other")),
            (true, false) => (Mode::Only, attributes),
            (false, true) => (Mode::Without, excluded),
            (false, false) => return Ok(Self::default_of(kind)),
        };
        if names.len() > MAX_NAMES {
            return Err(Error::value(format!("more than {MAX_NAMES} attributes named")));
        }
        let picks = names.iter().filter_map(|name| pick(kind, name.as_ref().trim())).collect();
        Ok(Self { kind, mode, picks })
    }

    /// Whether an answer may carry an attribute of the resource itself. A server that has to fetch members or groups
    /// from elsewhere asks before it does.
    pub fn wants(&self, attribute: &str) -> bool {
        self.kind.attribute(attribute).is_some_and(|row| self.keeps(row, None, row.name))
    }

    /// The resource as it goes into the answer.
    pub fn apply(&self, resource: &Resource) -> Value {
        let body = &resource.body;
        let mut seen = self.scope(body, COMMON, None);
        seen.extend(self.scope(body, self.kind.core().attributes, None));
        for extension in self.kind.extensions() {
            if let Some(Value::Object(fields)) = body.get(extension.id) {
                let fields = self.scope(fields, extension.attributes, Some(extension.id));
                if !fields.is_empty() {
                    seen.insert(extension.id.to_owned(), Value::Object(fields));
                }
            }
        }
        Value::Object(seen)
    }

    fn scope(
        &self,
        body: &Map<String, Value>,
        table: &[Attribute],
        extension: Option<&str>,
    ) -> Map<String, Value> {
        let mut seen = Map::new();
        for row in table {
            let Some(value) = body.get(row.name).filter(|_| self.keeps(row, extension, row.name)) else {
                continue;
            };
            let value = match value {
                Value::Object(parts) => self.parts(row, extension, parts),
                Value::Array(values) if !row.subs.is_empty() => {
                    let parts = values.iter().filter_map(Value::as_object);
                    let values: Vec<Value> =
                        parts.filter_map(|parts| self.parts(row, extension, parts)).collect();
                    if values.is_empty() { None } else { Some(values.into()) }
                }
                other => Some(other.clone()),
            };
            if let Some(value) = value {
                seen.insert(row.name.to_owned(), value);
            }
        }
        seen
    }

    fn parts(&self, row: &Attribute, extension: Option<&str>, parts: &Map<String, Value>) -> Option<Value> {
        let kept = |sub: &&Attribute| parts.contains_key(sub.name) && self.keeps_part(row, extension, sub);
        let value = |sub: &Attribute| parts.get(sub.name).map(|value| (sub.name.to_owned(), value.clone()));
        let seen: Map<String, Value> = row.subs.iter().filter(kept).filter_map(value).collect();
        if seen.is_empty() { None } else { Some(Value::Object(seen)) }
    }

    fn keeps(&self, row: &Attribute, extension: Option<&str>, name: &str) -> bool {
        let named = self.named(extension, name);
        match row.returned {
            Returned::Never => false,
            Returned::Always => true,
            Returned::Request => self.mode == Mode::Only && named != Named::Not,
            Returned::Default => match self.mode {
                Mode::Default => true,
                Mode::Only => {
                    named != Named::Not || row.subs.iter().any(|sub| sub.returned == Returned::Always)
                }
                Mode::Without => named != Named::Whole,
            },
        }
    }

    fn keeps_part(&self, row: &Attribute, extension: Option<&str>, sub: &Attribute) -> bool {
        let asked = self.picks.iter().any(|pick| pick.is(extension, row.name) && pick.sub == Some(sub.name));
        let whole = self.named(extension, row.name) == Named::Whole;
        match sub.returned {
            Returned::Never => false,
            Returned::Always => true,
            Returned::Request => self.mode == Mode::Only && asked,
            Returned::Default => match self.mode {
                Mode::Default => true,
                Mode::Only => whole || asked,
                Mode::Without => !asked,
            },
        }
    }

    fn named(&self, extension: Option<&str>, name: &str) -> Named {
        let picks = || self.picks.iter().filter(|pick| pick.is(extension, name));
        if picks().any(|pick| pick.sub.is_none()) {
            Named::Whole
        } else if picks().next().is_some() {
            Named::Part
        } else {
            Named::Not
        }
    }
}

impl Pick {
    fn is(&self, extension: Option<&str>, name: &str) -> bool {
        self.extension == extension && self.attribute.is_none_or(|attribute| attribute == name)
    }
}

fn pick(kind: Kind, name: &str) -> Option<Pick> {
    match path::find(kind, name) {
        Found::Attribute(place) => Some(Pick {
            extension: place.extension.map(|schema| schema.id),
            attribute: Some(place.attribute.name),
            sub: place.sub.map(|sub| sub.name),
        }),
        Found::Extension(schema) => Some(Pick { extension: Some(schema.id), attribute: None, sub: None }),
        Found::Core => Some(Pick { extension: None, attribute: None, sub: None }),
        Found::NotKept | Found::Nothing => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::select;
    use serde_json::json;

    use super::*;

    const PARTS: &[Attribute] = &[
        Attribute::text("open", "Open.").returned(Returned::Default),
        Attribute::text("sealed", "Sealed.").returned(Returned::Never),
        Attribute::text("fixed", "Fixed.").returned(Returned::Always),
    ];
    const ROWS: &[Attribute] = &[
        Attribute::text("hidden", "Hidden.").returned(Returned::Never),
        Attribute::text("asked", "Asked.").returned(Returned::Request),
        Attribute::text("fixed", "Fixed.").returned(Returned::Always),
        Attribute::text("plain", "Plain."),
        Attribute::complex("whole", PARTS, "Whole."),
        Attribute::complex("several", PARTS, "Several.").multi(),
        Attribute::complex("vault", PARTS, "Vault.").returned(Returned::Never),
    ];
    const NAMES: &[&str] = &["hidden", "asked", "fixed", "plain", "whole", "several", "vault"];

    fn seen(mode: Mode, names: &[(&'static str, Option<&'static str>)]) -> Map<String, Value> {
        let picks =
            names.iter().map(|&(name, sub)| Pick { extension: None, attribute: Some(name), sub }).collect();
        let parts = json!({"open": "o", "sealed": "hush", "fixed": "f"});
        let body = json!({"hidden": "hush", "asked": "a", "fixed": "f", "plain": "p", "whole": parts,
                          "several": [parts, parts], "vault": {"open": "hush"}});
        let projection = Projection { kind: Kind::User, mode, picks };
        projection.scope(body.as_object().unwrap(), ROWS, None)
    }

    #[test]
    fn the_table_says_when_a_value_is_shown() {
        let part = json!({"open": "o", "fixed": "f"});
        let usual = json!({"fixed": "f", "plain": "p", "whole": part, "several": [part, part]});
        assert_eq!(json!(seen(Mode::Default, &[])), usual);
        let mut asked = usual.clone();
        asked["asked"] = "a".into();
        let all: Vec<_> = NAMES.iter().map(|name| (*name, None)).collect();
        assert_eq!(json!(seen(Mode::Only, &all)), asked);
        let fixed = json!({"fixed": "f"});
        assert_eq!(json!(seen(Mode::Without, &all)), fixed);
        assert_eq!(
            json!(seen(Mode::Only, &[("whole", Some("open"))])),
            json!({"fixed": "f", "whole": part, "several": [fixed, fixed]}),
            "a part that is always shown brings what it is a part of"
        );
        assert_eq!(json!(seen(Mode::Without, &[("whole", Some("open"))]))["whole"], fixed);
    }

    proptest! {
        #[test]
        fn what_is_never_shown_never_is(
            mode in select(&[Mode::Default, Mode::Only, Mode::Without]),
            names in vec((select(NAMES), proptest::option::of(select(&["open", "sealed", "fixed"]))), 0..6),
        ) {
            prop_assert!(!json!(seen(mode, &names)).to_string().contains("hush"));
        }
    }
}
