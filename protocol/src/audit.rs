//! The audit log: what people and the system did, as opposed to what was said. Reading it is a record of its own.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Micros;
use crate::ids::{ConversationId, PersonId, RecordId};

/// Most entries on a page.
pub const MAX_ENTRIES: u32 = 200;

/// Which entries `GET /audit` answers, as the query of the address; newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AuditQuery {
    /// Words that all occur in the kind or in name or user name of somebody concerned, whatever their case and accents.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// Only by this person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actor: Option<PersonId>,
    /// Only what nobody did by hand.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub system: bool,
    /// Only on this person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on: Option<PersonId>,
    /// Only of these kinds, by name, with commas between them; of all when empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub kinds: String,
    /// Not before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Micros>,
    /// Before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Micros>,
    /// Older than this position, from `older` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<u64>,
    /// Newer than this position.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<u64>,
    /// How many at most: 1 to [`MAX_ENTRIES`].
    pub limit: u32,
}

impl Default for AuditQuery {
    fn default() -> Self {
        Self {
            text: String::new(),
            actor: None,
            system: false,
            on: None,
            kinds: String::new(),
            from: None,
            until: None,
            before: None,
            after: None,
            limit: 50,
        }
    }
}

/// Somebody named in the log. Without a status text: not everybody who reads the log may read what people write.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AuditPerson {
    /// Who.
    pub id: PersonId,
    /// The handle.
    pub username: String,
    /// The name shown.
    pub name: String,
}

/// A record of a system stream.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AuditEntry {
    /// Its place in the journal: the number of the record, for ever.
    pub position: u64,
    /// The record.
    pub record: RecordId,
    /// When.
    pub at: Micros,
    /// What, by the stable name of the kind.
    pub kind: String,
    /// Who; absent when the system or somebody on the command line did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<PersonId>,
    /// On whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
    /// On which conversation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation: Option<ConversationId>,
    /// What the record says (`docs/records.md`), without what people wrote; absent when it does not verify.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Value>,
}

/// A page of the log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AuditPage {
    /// Newest first.
    pub entries: Vec<AuditEntry>,
    /// How many entries there are in all; only on the first page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matching: Option<u64>,
    /// Where the next page begins; absent on the last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub older: Option<u64>,
    /// Up to which position the log was read.
    pub looked_at: u64,
    /// Everybody named in the entries.
    pub people: Vec<AuditPerson>,
}

/// `GET /audit/news`: how many entries have come since; nothing of them is shown, and nothing is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AuditNews {
    /// So many.
    pub count: u64,
}

/// One thing that is not as it was before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AuditChange {
    /// What.
    pub field: String,
    /// As it was; absent when it did not exist.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// As it is from then on; absent when it does not exist any longer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// `GET /audit/{position}`: one entry with what it changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AuditDetail {
    /// The entry.
    pub entry: AuditEntry,
    /// What it changed.
    pub changes: Vec<AuditChange>,
    /// Everybody named in it.
    pub people: Vec<AuditPerson>,
}

/// The form of an exported log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExportForm {
    /// Comma-separated values, for spreadsheets.
    #[default]
    Csv,
    /// One JSON object a line, for programs.
    Jsonl,
}

/// `POST /audit/export`: everything that fits, as a file. On record before it begins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AuditExport {
    /// What; `before` and `limit` are of no account.
    #[serde(default)]
    pub query: AuditQuery,
    /// In which form.
    pub form: ExportForm,
}
