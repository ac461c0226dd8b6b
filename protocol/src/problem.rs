//! Errors as the client sees them: RFC 9457 problem details with a stable code.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::acceptable_use::Notice;

/// An error as it goes over the wire. `code` is stable and decides what the client does; `title` and
/// `detail` are for people; `status` is the HTTP status, also on the socket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Problem {
    /// `urn:chancery:problem:<code>`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The stable code, for example `conversation_not_found`.
    pub code: String,
    /// HTTP status.
    pub status: u16,
    /// What happened, in one plain sentence that is the same for every occurrence.
    pub title: String,
    /// What happened this time, and what to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// The field of the request that is wrong, as a path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Everything that is wrong with the request, where more is known than the first of it; `code`, `detail` and `field` above are
    /// those of the first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldProblem>,
    /// Seconds to wait before trying again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u32>,
    /// Which rules of acceptable use this is about, the strictest first (`blocked_by_rule`, `reason_wanted`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<Notice>,
    /// Sent back with a reason, it lets the same text pass (`reason_wanted`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// Journal position of the record concerned (`record_damaged`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<u64>,
}

/// One of several things that are wrong with a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FieldProblem {
    /// The field, as a path.
    pub field: String,
    /// A code as in [`Problem::code`].
    pub code: String,
    /// What is wrong with it, and what to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

impl Problem {
    /// One of its [`Problem::errors`] as a problem of its own.
    #[must_use]
    pub fn alone(&self, one: &FieldProblem) -> Self {
        let FieldProblem { field, code, detail } = one.clone();
        Self { code, detail, field: Some(field), errors: Vec::new(), ..self.clone() }
    }
}
