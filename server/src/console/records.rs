//! Bodies of the records about reading the log. Their fields are for ever: new ones are optional.

use chancery_protocol::audit::{AuditQuery, ExportForm};
use serde::{Deserialize, Serialize};

/// Body of `audit.read`: a page of the log, or one entry of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditRead {
    /// What was asked for; absent for one entry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query: Option<AuditQuery>,
    /// Positions of the entries shown, newest first.
    pub shown: Vec<u64>,
}

/// Body of `audit.exported`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditExported {
    /// What was asked for.
    pub query: AuditQuery,
    /// In which form.
    pub form: ExportForm,
    /// How many entries.
    pub count: u64,
    /// Up to which position the log was read.
    pub looked_at: u64,
}
