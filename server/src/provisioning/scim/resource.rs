//! A user or a group, with every name and type as the table has it.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::coerce::object;
use super::error::Error;
use super::schema::{Attribute, Kind, Mutability};
use super::tables;

/// A user or a group in normal form: names as announced, values of their type, nothing empty.
///
/// Built from what a client sends ([`Resource::create`]) or from what a server kept ([`Resource::from_stored`]).
/// What only the service knows (`id`, `meta`, `groups`, where things are) is set on it before it is shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Resource {
    pub(super) kind: Kind,
    pub(super) body: Map<String, Value>,
}

/// What a change came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// The resource as it is now.
    pub resource: Resource,
    /// Whether it differs from what it was. If not, there is nothing to write and the version stays.
    pub changed: bool,
}

/// What the service says about a resource itself. Moments in RFC 3339.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Meta<'a> {
    /// When it was added.
    pub created: &'a str,
    /// When it last changed.
    pub last_modified: &'a str,
    /// Entity tag, quotes and all: `W/"3"`.
    pub version: &'a str,
}

/// A group a user is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GroupRef<'a> {
    /// The group's `id`.
    pub id: &'a str,
    /// Its `displayName`.
    pub name: &'a str,
}

impl Resource {
    /// What a client wants added. A user is active unless the client says otherwise.
    ///
    /// # Errors
    /// `invalidSyntax`, `invalidValue`; the latter also for a required attribute that is missing.
    pub fn create(kind: Kind, input: &Value) -> Result<Self, Error> {
        let mut made = Self::read(kind, input)?;
        if kind == Kind::User {
            made.body.entry("active").or_insert(Value::Bool(true));
        }
        Ok(made)
    }

    /// What a client wants in place of this resource (PUT). What only the service writes stays. A user who is not
    /// active stays so unless the client says otherwise: leaving a word out shall not let somebody back in.
    ///
    /// # Errors
    /// As for [`Self::create`].
    pub fn replace(&self, input: &Value) -> Result<Outcome, Error> {
        let mut made = Self::read(self.kind, input)?;
        for attribute in tables::COMMON.iter().chain(self.kind.core().attributes) {
            let stays = attribute.mutability == Mutability::ReadOnly && attribute.name != "schemas";
            if (stays || attribute.name == "active")
                && !made.body.contains_key(attribute.name)
                && let Some(value) = self.body.get(attribute.name)
            {
                made.body.insert(attribute.name.to_owned(), value.clone());
            }
        }
        Ok(self.outcome(made))
    }

    /// What a server kept of a resource; see [`Self::stored`].
    pub fn from_stored(kind: Kind, body: Map<String, Value>) -> Self {
        let mut made = Self { kind, body };
        made.name_schemas();
        made
    }

    /// What a server has to keep: all that a client may write, and nothing else.
    pub fn stored(&self) -> Map<String, Value> {
        let writable = |(name, _): &(&String, &Value)| {
            self.kind.attribute(name).is_none_or(|attribute| attribute.takes_input())
        };
        self.body.iter().filter(writable).map(|(name, value)| (name.clone(), value.clone())).collect()
    }

    /// User or group.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// All of it, including what is not returned by default; [`super::Projection::apply`] makes an answer of it.
    pub fn body(&self) -> &Map<String, Value> {
        &self.body
    }

    /// A text of the resource itself, such as `userName`, `displayName`, `externalId` or `id`.
    pub fn text(&self, attribute: &str) -> Option<&str> {
        self.body.get(attribute).and_then(Value::as_str)
    }

    /// A part of the name, such as `givenName`.
    pub fn name_part(&self, part: &str) -> Option<&str> {
        self.body.get("name")?.get(part)?.as_str()
    }

    /// What to call the resource: `displayName`, else the name, else `userName`.
    pub fn shown_name(&self) -> Option<String> {
        let given = self.text("displayName").or_else(|| self.name_part("formatted")).map(str::to_owned);
        given.or_else(|| {
            let parts = [self.name_part("givenName"), self.name_part("familyName")];
            let joined = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
            if joined.is_empty() { self.text("userName").map(str::to_owned) } else { Some(joined) }
        })
    }

    /// Whether the person may sign in: yes, unless it says no.
    pub fn active(&self) -> bool {
        self.body.get("active") != Some(&Value::Bool(false))
    }

    /// The mail address to write to: the primary one, else one for work, else the first.
    pub fn email(&self) -> Option<&str> {
        let emails = self.body.get("emails")?.as_array()?;
        let primary = emails.iter().find(|email| email.get("primary") == Some(&Value::Bool(true)));
        let work = || emails.iter().find(|email| email.get("type").and_then(Value::as_str) == Some("work"));
        primary.or_else(work).or_else(|| emails.first())?.get("value")?.as_str()
    }

    /// An attribute of the enterprise extension that is plain text, such as `department`.
    pub fn enterprise(&self, attribute: &str) -> Option<&str> {
        self.body.get(tables::ENTERPRISE_URN)?.get(attribute)?.as_str()
    }

    /// The id of whom the user reports to.
    pub fn manager(&self) -> Option<&str> {
        self.body.get(tables::ENTERPRISE_URN)?.get("manager")?.get("value")?.as_str()
    }

    /// Who is in the group.
    pub fn members(&self) -> BTreeSet<&str> {
        let members = self.body.get("members").and_then(Value::as_array);
        members.into_iter().flatten().filter_map(|member| member.get("value")?.as_str()).collect()
    }

    /// Puts the members in place that the server's own table has.
    pub fn set_members<'a>(&mut self, ids: impl IntoIterator<Item = &'a str>) {
        let members: Vec<Value> = ids.into_iter().map(|id| json!({ "value": id, "type": "User" })).collect();
        self.set("members", if members.is_empty() { None } else { Some(members.into()) });
    }

    /// Sets the identifier.
    pub fn set_id(&mut self, id: &str) {
        self.set("id", Some(id.into()));
    }

    /// Sets whether the person may sign in.
    pub fn set_active(&mut self, active: bool) {
        self.set("active", Some(active.into()));
    }

    /// Sets what is said about the resource itself.
    pub fn set_meta(&mut self, meta: &Meta<'_>) {
        let value = json!({
            "resourceType": self.kind.name(),
            "created": meta.created,
            "lastModified": meta.last_modified,
            "version": meta.version,
        });
        self.set("meta", Some(value));
    }

    /// Sets the groups a user is in.
    pub fn set_groups(&mut self, groups: &[GroupRef<'_>]) {
        let groups: Vec<Value> = groups
            .iter()
            .map(|group| json!({ "value": group.id, "display": group.name, "type": "direct" }))
            .collect();
        self.set("groups", if groups.is_empty() { None } else { Some(groups.into()) });
    }

    /// Says where everything is: `meta.location`, and `$ref` of groups and members. The base has no slash at its
    /// end. Comes last, after `set_id`, `set_meta`, `set_groups` and any change.
    pub fn link(&mut self, base: &str) {
        let location = self.location(base);
        if let (Some(meta), Some(location)) =
            (self.body.get_mut("meta").and_then(Value::as_object_mut), location)
        {
            meta.insert("location".into(), location.into());
        }
        for (name, kind) in [("groups", Kind::Group), ("members", Kind::User)] {
            let elements = self.body.get_mut(name).and_then(Value::as_array_mut);
            for element in elements.into_iter().flatten().filter_map(Value::as_object_mut) {
                let Some(id) = element.get("value").and_then(Value::as_str) else { continue };
                let reference = kind.location(base, id);
                element.insert("$ref".into(), reference.into());
            }
        }
    }

    /// Where the resource is, for the `Location` header.
    pub fn location(&self, base: &str) -> Option<String> {
        self.text("id").map(|id| self.kind.location(base, id))
    }

    fn set(&mut self, name: &str, value: Option<Value>) {
        match value {
            Some(value) => self.body.insert(name.to_owned(), value),
            None => self.body.remove(name),
        };
    }

    fn read(kind: Kind, input: &Value) -> Result<Self, Error> {
        let fields = input.as_object().ok_or_else(|| Error::syntax("the body must be an object"))?;
        check_schemas(kind, fields)?;
        let mut body = object(tables::COMMON, fields)?;
        body.extend(object(kind.core().attributes, fields)?);
        for extension in kind.extensions() {
            let mut given = fields.iter().filter(|(key, _)| key.eq_ignore_ascii_case(extension.id));
            match given.next() {
                None | Some((_, Value::Null)) => continue,
                Some((_, Value::Object(fields))) => {
                    let fields = object(extension.attributes, fields)?;
                    body.insert(extension.id.to_owned(), Value::Object(fields));
                }
                Some(_) => return Err(Error::value(format!("{}: must be an object", extension.id))),
            }
            if given.next().is_some() {
                return Err(Error::syntax(format!("{}: given twice", extension.id)));
            }
        }
        let mut made = Self { kind, body };
        made.settle()?;
        Ok(made)
    }

    /// Brings the body into normal form after a change.
    pub(super) fn settle(&mut self) -> Result<(), Error> {
        for extension in self.kind.extensions() {
            if self.body.get(extension.id).and_then(Value::as_object).is_some_and(Map::is_empty) {
                self.body.remove(extension.id);
            }
        }
        let members = self.body.get_mut("members").and_then(Value::as_array_mut);
        for member in members.into_iter().flatten().filter_map(Value::as_object_mut) {
            if !member.contains_key("value") {
                return Err(Error::value("members.value: is missing"));
            }
            member.entry("type").or_insert_with(|| Kind::User.name().into());
        }
        let missing = |attribute: &&Attribute| attribute.required && !self.body.contains_key(attribute.name);
        if let Some(attribute) = self.kind.core().attributes.iter().find(missing) {
            return Err(Error::value(format!("{}: is required", attribute.name)));
        }
        self.name_schemas();
        Ok(())
    }

    fn name_schemas(&mut self) {
        let used = self.kind.extensions().iter().filter(|schema| self.body.contains_key(schema.id));
        let urns: Vec<&str> =
            std::iter::once(self.kind.core().id).chain(used.map(|schema| schema.id)).collect();
        self.body.insert("schemas".into(), urns.into());
    }

    /// Compares with what it has become. The order of values says nothing.
    pub(super) fn outcome(&self, now: Self) -> Outcome {
        let changed = in_order(&self.body) != in_order(&now.body);
        Outcome { resource: now, changed }
    }
}

fn in_order(body: &Map<String, Value>) -> Map<String, Value> {
    let mut body = body.clone();
    for value in body.values_mut() {
        if let Value::Array(values) = value {
            values.sort_by_cached_key(Value::to_string);
        }
    }
    body
}

/// Whoever names schemas has to name ours; others are extensions we know nothing of.
fn check_schemas(kind: Kind, fields: &Map<String, Value>) -> Result<(), Error> {
    let given = fields.iter().find(|(key, _)| key.eq_ignore_ascii_case("schemas"));
    let named: Vec<&str> = match given {
        None | Some((_, Value::Null)) => return Ok(()),
        Some((_, Value::String(one))) => vec![one],
        Some((_, Value::Array(values))) => values.iter().filter_map(Value::as_str).collect(),
        Some(_) => return Err(Error::syntax("schemas: must be an array of URNs")),
    };
    let urn = kind.core().id;
    if named.is_empty() || named.iter().any(|name| name.eq_ignore_ascii_case(urn)) {
        return Ok(());
    }
    Err(Error::syntax(format!("schemas: must name {urn}")))
}
