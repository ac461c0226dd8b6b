//! Errors as SCIM says them: a status, a keyword for some, a sentence for people.

use serde_json::{Map, Value};

/// Schema of an error body.
const ERROR: &str = "urn:ietf:params:scim:api:messages:2.0:Error";

/// Keywords of RFC 7644, section 3.12.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScimType {
    /// The filter cannot be read, or compares what cannot be compared.
    InvalidFilter,
    /// The body is not what the operation takes.
    InvalidSyntax,
    /// The path of a PATCH operation names nothing.
    InvalidPath,
    /// The path is fine, but nothing is there to work on.
    NoTarget,
    /// A value is missing, of the wrong type, or not allowed.
    InvalidValue,
    /// The attribute may not be changed this way.
    Mutability,
    /// The value is taken.
    Uniqueness,
    /// More results than the service is willing to give.
    TooMany,
}

impl ScimType {
    /// As it stands in the body.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidFilter => "invalidFilter",
            Self::InvalidSyntax => "invalidSyntax",
            Self::InvalidPath => "invalidPath",
            Self::NoTarget => "noTarget",
            Self::InvalidValue => "invalidValue",
            Self::Mutability => "mutability",
            Self::Uniqueness => "uniqueness",
            Self::TooMany => "tooMany",
        }
    }
}

/// A refused request. The detail names attributes and positions, never a value a client sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{status}: {detail}")]
pub struct Error {
    /// HTTP status.
    pub status: u16,
    /// Keyword, where there is one for the case.
    pub scim_type: Option<ScimType>,
    /// What is wrong, for people.
    pub detail: String,
}

impl Error {
    /// An error without a keyword.
    pub fn plain(status: u16, detail: impl Into<String>) -> Self {
        Self { status, scim_type: None, detail: detail.into() }
    }

    /// A bad request with its keyword.
    pub fn bad(scim_type: ScimType, detail: impl Into<String>) -> Self {
        let status = if scim_type == ScimType::Uniqueness { 409 } else { 400 };
        Self { status, scim_type: Some(scim_type), detail: detail.into() }
    }

    /// 409: another resource has this value already.
    pub fn taken(attribute: &str) -> Self {
        Self::bad(ScimType::Uniqueness, format!("another resource has this {attribute}"))
    }

    /// 404: no such resource or route.
    pub fn not_found() -> Self {
        Self::plain(404, "there is no such resource")
    }

    /// 412: somebody else changed the resource first.
    pub fn outdated() -> Self {
        Self::plain(412, "the resource has changed since the version named in If-Match")
    }

    /// 405: the route does not take this method.
    pub fn method_not_allowed() -> Self {
        Self::plain(405, "this method is not supported here")
    }

    /// 501: announced as not supported.
    pub fn not_implemented() -> Self {
        Self::plain(501, "this operation is not supported")
    }

    pub(super) fn syntax(detail: impl Into<String>) -> Self {
        Self::bad(ScimType::InvalidSyntax, detail)
    }

    pub(super) fn value(detail: impl Into<String>) -> Self {
        Self::bad(ScimType::InvalidValue, detail)
    }

    pub(super) fn filter(detail: impl Into<String>) -> Self {
        Self::bad(ScimType::InvalidFilter, detail)
    }

    pub(super) fn path(detail: impl Into<String>) -> Self {
        Self::bad(ScimType::InvalidPath, detail)
    }

    /// The body of the answer.
    pub fn to_value(&self) -> Value {
        let mut body = Map::new();
        body.insert("schemas".into(), vec![ERROR].into());
        body.insert("status".into(), self.status.to_string().into());
        if let Some(kind) = self.scim_type {
            body.insert("scimType".into(), kind.as_str().into());
        }
        body.insert("detail".into(), self.detail.clone().into());
        Value::Object(body)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_status_is_a_string_and_the_keyword_only_there_if_there_is_one() {
        let schemas = ["urn:ietf:params:scim:api:messages:2.0:Error"];
        assert_eq!(
            Error::taken("userName").to_value(),
            json!({"schemas": schemas, "status": "409", "scimType": "uniqueness",
                   "detail": "another resource has this userName"})
        );
        assert_eq!(
            Error::not_found().to_value(),
            json!({"schemas": schemas, "status": "404", "detail": "there is no such resource"})
        );
    }
}
