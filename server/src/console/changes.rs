//! What an entry changed: how it was before, and how it is from then on.

use chancery_ledger::{Header, Kind};
use chancery_protocol::audit::AuditChange;
use chancery_protocol::ids::{Id, RecordId};
use serde_json::{Map, Value};

use crate::ground::db::Conn;
use crate::ground::error::Error;
use crate::journal::{Damaged, Journal, Opened, decode_body, system_header_before};

/// The fields of an account that its records carry.
const ACCOUNT: [&str; 3] = ["username", "name", "roles"];

/// What a record changed. One that does not verify says nothing.
pub(super) fn of(
    journal: &Journal,
    conn: &mut Conn,
    header: &Header,
    opened: Option<&Result<Opened, Damaged>>,
) -> Result<Vec<AuditChange>, Error> {
    let Some(Ok(now)) = opened else { return Ok(Vec::new()) };
    Ok(match header.kind {
        Kind::PersonCreated => account(None, fields(now).as_ref()),
        Kind::PersonChanged => {
            let kinds = [Kind::PersonCreated, Kind::PersonChanged];
            let before = system_header_before(conn, header.stream, &kinds, header.position)?;
            let before = match before {
                Some(before) => {
                    let id = RecordId::from_bytes(before.record);
                    journal.records().by_record(conn, &[id])?.remove(&id).and_then(Result::ok)
                }
                None => None,
            };
            account(before.as_ref().and_then(fields).as_ref(), fields(now).as_ref())
        }
        Kind::PersonSuspended => vec![state("active", "suspended")],
        Kind::PersonReinstated => vec![state("suspended", "active")],
        _ => Vec::new(),
    })
}

fn state(before: &str, after: &str) -> AuditChange {
    AuditChange { field: "state".to_owned(), before: Some(before.to_owned()), after: Some(after.to_owned()) }
}

fn fields(opened: &Opened) -> Option<Map<String, Value>> {
    decode_body(&opened.body)
}

fn account(before: Option<&Map<String, Value>>, after: Option<&Map<String, Value>>) -> Vec<AuditChange> {
    let of = |fields: Option<&Map<String, Value>>, name: &str| fields?.get(name).map(text);
    ACCOUNT
        .into_iter()
        .map(|name| AuditChange { field: name.to_owned(), before: of(before, name), after: of(after, name) })
        .filter(|change| change.before != change.after)
        .collect()
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(text).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_differs_is_a_change() {
        let fields = |value: Value| value.as_object().cloned().unwrap();
        let before = fields(json!({"username": "ada", "name": "Ada", "roles": ["employee"], "via": "web"}));
        let after = fields(
            json!({"username": "ada", "name": "Ada B", "roles": ["employee", "auditor"], "via": "web"}),
        );
        let changes = account(Some(&before), Some(&after));
        let shown: Vec<_> =
            changes.iter().map(|change| (change.field.as_str(), change.after.as_deref())).collect();
        assert_eq!(shown, [("name", Some("Ada B")), ("roles", Some("employee, auditor"))]);
        assert_eq!(account(None, Some(&before)).len(), 3);
        assert!(account(Some(&before), Some(&before)).is_empty());
    }
}
