//! From the name of an attribute, as clients write it, to its row in the table.

use super::schema::{Attribute, Kind, Schema, Type, named};
use super::tables::NOT_KEPT;

/// A row, where it is, and the part of it that is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub extension: Option<&'static Schema>,
    pub attribute: &'static Attribute,
    pub sub: Option<&'static Attribute>,
}

impl Place {
    /// The row whose value is meant.
    pub(super) fn leaf(&self) -> &'static Attribute {
        self.sub.unwrap_or(self.attribute)
    }

    /// As it is announced.
    pub(super) fn canonical(&self) -> String {
        let mut text = String::new();
        if let Some(extension) = self.extension {
            text.push_str(extension.id);
            text.push(':');
        }
        text.push_str(self.attribute.name);
        if let Some(sub) = self.sub {
            text.push('.');
            text.push_str(sub.name);
        }
        text
    }

    /// For comparing: a complex attribute stands for its `value`, if it has one.
    pub(super) fn comparable(mut self) -> Option<Self> {
        if self.leaf().kind == Type::Complex {
            self.sub = Some(self.attribute.sub("value")?);
        }
        Some(self)
    }
}

/// What a name turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    Attribute(Place),
    /// The URN of an extension alone: all of it.
    Extension(&'static Schema),
    /// The URN of the resource's own schema alone.
    Core,
    /// An attribute that is taken and not kept.
    NotKept,
    Nothing,
}

/// Finds what `userName`, `name.givenName` or either behind a URN stands for.
pub(super) fn find(kind: Kind, text: &str) -> Found {
    let core = kind.core();
    if text.eq_ignore_ascii_case(core.id) {
        return Found::Core;
    }
    if let Some(rest) = behind_urn(text, core.id) {
        return in_core(kind, rest);
    }
    for &schema in kind.extensions() {
        if text.eq_ignore_ascii_case(schema.id) {
            return Found::Extension(schema);
        }
        if let Some(rest) = behind_urn(text, schema.id) {
            let (head, sub) = split(rest);
            return named(schema.attributes, head)
                .map_or(Found::Nothing, |attribute| place(Some(schema), attribute, sub));
        }
    }
    in_core(kind, text)
}

fn in_core(kind: Kind, text: &str) -> Found {
    let (head, sub) = split(text);
    if NOT_KEPT.iter().any(|name| name.eq_ignore_ascii_case(head)) {
        return Found::NotKept;
    }
    kind.attribute(head).map_or(Found::Nothing, |attribute| place(None, attribute, sub))
}

fn place(extension: Option<&'static Schema>, attribute: &'static Attribute, sub: Option<&str>) -> Found {
    let sub = match sub.map(|name| attribute.sub(name)) {
        None => None,
        Some(Some(sub)) => Some(sub),
        Some(None) => return Found::Nothing,
    };
    Found::Attribute(Place { extension, attribute, sub })
}

fn split(text: &str) -> (&str, Option<&str>) {
    text.split_once('.').map_or((text, None), |(head, sub)| (head, Some(sub)))
}

fn behind_urn<'a>(text: &'a str, urn: &str) -> Option<&'a str> {
    let (front, rest) = text.split_at_checked(urn.len())?;
    if front.eq_ignore_ascii_case(urn) { rest.strip_prefix(':') } else { None }
}

#[cfg(test)]
mod tests {
    use super::super::tables::{ENTERPRISE_URN, USER_URN};
    use super::*;

    fn canonical(text: &str) -> Option<String> {
        match find(Kind::User, text) {
            Found::Attribute(place) => Some(place.canonical()),
            _ => None,
        }
    }

    #[test]
    fn names_are_found_in_any_case_and_behind_their_urn() {
        assert_eq!(canonical("USERNAME").as_deref(), Some("userName"));
        assert_eq!(canonical("Name.FamilyName").as_deref(), Some("name.familyName"));
        assert_eq!(canonical(&format!("{USER_URN}:userName")).as_deref(), Some("userName"));
        let manager = format!("{ENTERPRISE_URN}:manager.value");
        assert_eq!(canonical(&manager.to_uppercase()), Some(manager));
        assert_eq!(canonical("meta.lastmodified").as_deref(), Some("meta.lastModified"));
        assert_eq!(find(Kind::User, USER_URN), Found::Core);
        assert!(matches!(find(Kind::User, ENTERPRISE_URN), Found::Extension(_)));
    }

    #[test]
    fn what_is_not_there_is_not_found() {
        for name in ["", ".", "department", "name.x", "userName.x", "members", "urn:x:y", "emails.value.x"] {
            assert_eq!(find(Kind::User, name), Found::Nothing, "{name}");
        }
        assert_eq!(find(Kind::User, &format!("{ENTERPRISE_URN}:userName")), Found::Nothing);
        assert_eq!(find(Kind::Group, &format!("{ENTERPRISE_URN}:department")), Found::Nothing);
        for name in ["password", "addresses.streetAddress", "Entitlements"] {
            assert_eq!(find(Kind::User, name), Found::NotKept, "{name}");
        }
    }
}
