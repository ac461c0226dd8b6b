//! What an entry changed: how it was before, and how it is from then on.

use chancery_ledger::{Header, Kind};
use chancery_protocol::audit::AuditChange;
use chancery_protocol::ids::{Id, RecordId};
use serde_json::{Map, Value};

use crate::acceptable_use::records::{ItemSet, PolicySet};
use crate::acceptable_use::store;
use crate::directory::records::GuestSet;
use crate::directory::store as people;
use crate::ground::clock::iso;
use crate::ground::db::Conn;
use crate::ground::error::Error;
use crate::journal::{Damaged, Journal, Opened, decode_body, system_header_before};
use crate::notify::records::MailSettingsChanged;

/// The fields of an account that its records carry.
const ACCOUNT: [&str; 4] = ["username", "name", "roles", "email"];

/// The fields of a guest's terms, as they are shown.
const TERMS: [&str; 2] = ["sponsor", "end"];

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
            let before = earlier(journal, conn, header, &[Kind::PersonCreated, Kind::PersonChanged])?;
            account(before.as_ref(), fields(now).as_ref())
        }
        Kind::GuestSet => {
            let before = earlier(journal, conn, header, &[Kind::GuestSet])?;
            let (before, after) = (terms(conn, before)?, terms(conn, fields(now))?);
            differing(&TERMS, before.as_ref(), after.as_ref())
        }
        Kind::PolicySet => items(conn, now)?,
        Kind::MailSettingsChanged => mail(now),
        Kind::PersonSuspended => vec![state("active", "suspended")],
        Kind::PersonReinstated => vec![state("suspended", "active")],
        _ => Vec::new(),
    })
}

/// What mail is set to from then on; of secrets only that they were changed.
fn mail(opened: &Opened) -> Vec<AuditChange> {
    let Some(body) = decode_body::<MailSettingsChanged>(&opened.body) else { return Vec::new() };
    let change = |field, after| AuditChange { field, before: None, after };
    let texts = body.texts.into_iter().map(|(key, text)| change(key, Some(text)));
    texts.chain(body.secrets.into_iter().map(|key| change(key, None))).collect()
}

fn state(before: &str, after: &str) -> AuditChange {
    AuditChange { field: "state".to_owned(), before: Some(before.to_owned()), after: Some(after.to_owned()) }
}

fn fields(opened: &Opened) -> Option<Map<String, Value>> {
    decode_body(&opened.body)
}

/// The newest record of these kinds before one, of the same stream. One that does not verify says nothing.
fn earlier(
    journal: &Journal,
    conn: &mut Conn,
    header: &Header,
    kinds: &[Kind],
) -> Result<Option<Map<String, Value>>, Error> {
    let Some(before) = system_header_before(conn, header.stream, kinds, header.position)? else {
        return Ok(None);
    };
    let id = RecordId::from_bytes(before.record);
    let before = journal.records().by_record(conn, &[id])?.remove(&id).and_then(Result::ok);
    Ok(before.as_ref().and_then(fields))
}

/// The terms of a guest in words: what the sponsor is called now, and the moment of the end.
fn terms(conn: &mut Conn, said: Option<Map<String, Value>>) -> Result<Option<Map<String, Value>>, Error> {
    let Some(said) = said.and_then(|said| serde_json::from_value::<GuestSet>(Value::Object(said)).ok())
    else {
        return Ok(None);
    };
    let sponsor = people::some(conn, &[said.sponsor])?.pop().map(|row| row.name);
    let [name_of_sponsor, name_of_end] = TERMS.map(str::to_owned);
    let sponsor = sponsor.unwrap_or_else(|| said.sponsor.to_string());
    Ok(Some(
        [(name_of_sponsor, sponsor.into()), (name_of_end, iso(said.ends_at).into())].into_iter().collect(),
    ))
}

/// Which items have which version from then on, and whether it counts; never what they say.
fn items(conn: &mut Conn, now: &Opened) -> Result<Vec<AuditChange>, Error> {
    let Some(set) = decode_body::<PolicySet>(&now.body) else { return Ok(Vec::new()) };
    let words = |version: u32, in_force: bool| {
        format!("version {version}, {}", if in_force { "in force" } else { "off" })
    };
    set.items
        .into_iter()
        .map(|ItemSet { kind, name, version, in_force, .. }| {
            let earlier = version.saturating_sub(1);
            let counted = store::counted(conn, kind, &name, earlier)?;
            Ok(AuditChange {
                field: format!("{kind} {name}"),
                before: counted.map(|counted| words(earlier, counted)),
                after: Some(words(version, in_force)),
            })
        })
        .collect()
}

fn account(before: Option<&Map<String, Value>>, after: Option<&Map<String, Value>>) -> Vec<AuditChange> {
    differing(&ACCOUNT, before, after)
}

fn differing(
    names: &[&str],
    before: Option<&Map<String, Value>>,
    after: Option<&Map<String, Value>>,
) -> Vec<AuditChange> {
    let of = |fields: Option<&Map<String, Value>>, name: &str| fields?.get(name).map(text);
    names
        .iter()
        .map(|name| AuditChange {
            field: (*name).to_owned(),
            before: of(before, name),
            after: of(after, name),
        })
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
