//! The log as a file: everything that fits a query, newest first, in pieces, so that its size does not matter.

use actix_web::web::Bytes;
use chancery_ledger::Kind;
use chancery_protocol::audit::{AuditEntry, AuditExport, AuditQuery, ExportForm};
use chancery_protocol::ids::PersonId;
use serde_json::json;
use tokio::sync::mpsc::Sender;

use super::audit::{Audit, Wanted};
use super::records::AuditExported;
use crate::access::Caller;
use crate::ground::clock::iso;
use crate::ground::csv;
use crate::ground::error::Error;

/// Entries of one piece.
const PIECE: usize = 1_000;
const COLUMNS: [&str; 11] = [
    "position",
    "record",
    "at",
    "kind",
    "actor",
    "actor_username",
    "actor_name",
    "person",
    "person_username",
    "person_name",
    "details",
];

/// A piece of the file; an error ends it, so that what is too short does not look whole.
pub(super) type Piece = Result<Bytes, Error>;

/// An export that is on record and may be sent.
pub(super) struct Export {
    audit: Audit,
    wanted: Wanted,
    form: ExportForm,
}

impl Audit {
    /// Records an export; nothing of it is shown yet.
    ///
    /// # Errors
    /// What is wrong with the query; when the record cannot be written.
    pub(super) fn export(&self, reader: &Caller, asked: &AuditExport) -> Result<Export, Error> {
        let query = AuditQuery { before: None, ..asked.query.clone() };
        let mut conn = self.journal.db().reader()?;
        let wanted = self.wanted(&mut conn, reader, &query)?;
        let count = self.fitting(&mut conn, &wanted, 0, true)?.count;
        drop(conn);
        let body = AuditExported { query, form: asked.form, count, looked_at: wanted.looked_at };
        self.on_record(reader, Kind::AuditExported, &body)?;
        Ok(Export { audit: self.clone(), wanted, form: asked.form })
    }
}

impl Export {
    /// Sends the file, until it is whole or nobody listens any longer. Blocks.
    pub(super) fn send(mut self, to: &Sender<Piece>) {
        let result = self.pieces(to);
        if let Err(error) = result {
            tracing::warn!(%error, "an export of the audit log ended early");
            let _ = to.blocking_send(Err(error));
        }
    }

    fn pieces(&mut self, to: &Sender<Piece>) -> Result<(), Error> {
        if self.form == ExportForm::Csv
            && to.blocking_send(Ok(csv::lines([COLUMNS.map(str::to_owned)])?.into())).is_err()
        {
            return Ok(());
        }
        let mut conn = self.audit.journal.db().reader()?;
        loop {
            let headers = self.audit.fitting(&mut conn, &self.wanted, PIECE, false)?.headers;
            let Some(last) = headers.last() else { return Ok(()) };
            self.wanted.before = last.position;
            let entries = self.audit.entries(&mut conn, &headers, self.wanted.view)?;
            let piece = match self.form {
                ExportForm::Csv => csv::lines(entries.iter().map(|entry| self.row(entry)))?.into(),
                ExportForm::Jsonl => entries.iter().map(|entry| self.line(entry)).collect::<String>().into(),
            };
            if to.blocking_send(Ok(piece)).is_err() {
                return Ok(());
            }
        }
    }

    fn names(&self, person: Option<PersonId>) -> [String; 3] {
        let Some(id) = person else { return Default::default() };
        let (username, name) =
            self.audit.named(id).map(|person| (person.username, person.name)).unwrap_or_default();
        [id.to_string(), username, name]
    }

    fn row(&self, entry: &AuditEntry) -> [String; 11] {
        let [actor, actor_username, actor_name] = self.names(entry.actor);
        let [person, person_username, person_name] = self.names(entry.person);
        let details = entry.body.as_ref().map(ToString::to_string).unwrap_or_default();
        [
            entry.position.to_string(),
            entry.record.to_string(),
            iso(entry.at),
            entry.kind.clone(),
            actor,
            actor_username,
            actor_name,
            person,
            person_username,
            person_name,
            details,
        ]
        .map(csv::harmless)
    }

    fn line(&self, entry: &AuditEntry) -> String {
        let person = |id: Option<PersonId>| id.and_then(|id| self.audit.named(id));
        let line = json!({
            "position": entry.position,
            "record": entry.record,
            "at": iso(entry.at),
            "kind": entry.kind,
            "actor": person(entry.actor),
            "person": person(entry.person),
            "conversation": entry.conversation,
            "body": entry.body,
        });
        format!("{line}\n")
    }
}
