//! Texts that wait: read, released, refused.

use std::collections::BTreeSet;
use std::sync::Arc;

use chancery_ledger::Kind;
use chancery_protocol::ids::{PersonId, RecordId};
use chancery_protocol::review::{
    Matched, Refuse, Release, WAITING_PAGE, WaitingContext, WaitingCount, WaitingPage, WaitingQuery,
    WaitingText,
};

use super::records::AttemptsRead;
use super::{Review, short, words};
use crate::acceptable_use::Finding;
use crate::access::{self, Act};
use crate::ground::db::Conn;
use crate::ground::error::{Code, Error};
use crate::journal::{Beside, Check, Unit};
use crate::messaging::attempts::Kept;
use crate::messaging::waiting::{self, Standing};
use crate::search::as_found;

/// Messages that are shown before a text that waits.
const CONTEXT: i64 = 10;

impl Review {
    /// How many texts wait.
    pub(super) fn count(&self) -> Result<WaitingCount, Error> {
        let mut conn = self.messaging.journal.db().reader()?;
        Ok(WaitingCount { waiting: waiting::count(&mut conn)? })
    }

    /// A page of texts that wait, but the officer's own; on record before it is answered.
    pub(super) fn waiting(&self, officer: PersonId, asked: WaitingQuery) -> Result<WaitingPage, Error> {
        let mut conn = self.messaging.journal.db().reader()?;
        let after = asked.after.map(|attempt| self.place(&mut conn, attempt)).transpose()?;
        let rows = waiting::rows(&mut conn, Standing::Waiting, after, i64::from(WAITING_PAGE) + 1)?;
        let more = rows.len() > usize::from(WAITING_PAGE);
        let ids: Vec<RecordId> = rows.iter().take(usize::from(WAITING_PAGE)).map(|row| row.attempt).collect();
        let (kept, unverified) = self.messaging.kept(&mut conn, &ids)?;
        let mut texts: Vec<WaitingText> = Vec::with_capacity(kept.len());
        for kept in kept {
            if !self.messaging.is_theirs(&mut conn, officer, kept.author)? {
                texts.extend(shown(kept));
            }
        }
        let conversations =
            self.messaging.refs(&mut conn, texts.iter().map(|text| text.conversation).collect())?;
        let total = waiting::count(&mut conn)?;
        drop(conn);
        if !texts.is_empty() {
            let body = AttemptsRead { shown: texts.iter().map(|text| text.position).collect() };
            self.on_record(officer, Kind::AttemptsRead, None, None, &body)?;
        }
        let mut people: BTreeSet<PersonId> = texts.iter().map(|text| text.author).collect();
        people.extend(conversations.iter().flat_map(|conversation| conversation.pair.iter().copied()));
        let after = more.then(|| ids.last().copied()).flatten();
        Ok(WaitingPage { names: self.names(people), texts, conversations, unverified, after, total })
    }

    /// What was said before a text that waits; on record before it is answered.
    pub(super) fn context(&self, officer: PersonId, attempt: RecordId) -> Result<WaitingContext, Error> {
        let mut conn = self.messaging.journal.db().reader()?;
        let kept = self.messaging.to_decide(&mut conn, officer, attempt)?;
        let conversation = kept.conversation.ok_or(Error::not_found())?;
        let mut found = self.messaging.until(&mut conn, conversation, kept.at, CONTEXT)?;
        if let Some(message) = kept.body.message
            && found.iter().all(|whole| whole.id != message)
        {
            found.splice(0..0, self.messaging.whole(&mut conn, &[message])?);
        }
        drop(conn);
        let positions = found.iter().flat_map(|whole| whole.versions.iter().map(|version| version.position));
        let body = AttemptsRead { shown: positions.collect() };
        self.on_record(officer, Kind::AttemptsRead, Some(attempt), Some(conversation), &body)?;
        let names = self.names(found.iter().map(|whole| whole.author).collect::<BTreeSet<_>>());
        Ok(WaitingContext { messages: found.into_iter().map(as_found).collect(), names })
    }

    /// Lets a text pass.
    pub(super) fn release(&self, officer: PersonId, attempt: RecordId, asked: &Release) -> Result<(), Error> {
        let note = short(&asked.note, "note")?;
        let mut conn = self.messaging.journal.db().reader()?;
        let unit = self.messaging.release_unit(&mut conn, officer, attempt, &note).map_err(cannot)?;
        drop(conn);
        self.decided(officer, unit).map_err(cannot)
    }

    /// Refuses a text.
    pub(super) fn refuse(&self, officer: PersonId, attempt: RecordId, asked: &Refuse) -> Result<(), Error> {
        let words = words(&asked.words, "words")?;
        let mut conn = self.messaging.journal.db().reader()?;
        let unit = self.messaging.refuse_unit(&mut conn, officer, attempt, &words)?;
        drop(conn);
        self.decided(officer, unit)
    }

    /// Commits a decision of somebody who may decide when it is committed.
    fn decided(&self, officer: PersonId, unit: Unit) -> Result<(), Error> {
        let directory = Arc::clone(&self.messaging.directory);
        let check: Check = Box::new(move || {
            let may = access::may(&directory, officer, Act::ReviewContent);
            if may { Ok(()) } else { Err(Error::not_found()) }
        });
        let unit = unit.with(Beside { about: Vec::new(), check: Some(check) });
        self.messaging.journal.commit_blocking(unit).map(drop)
    }

    fn place(&self, conn: &mut Conn, attempt: RecordId) -> Result<(i64, RecordId), Error> {
        let found = waiting::standing(conn, attempt)?;
        found.map(|row| (row.at, attempt)).ok_or_else(|| Error::not_found().field("after"))
    }
}

/// Why a text cannot be delivered any more is said from the officer's side.
fn cannot(error: Error) -> Error {
    let gone = matches!(
        error.code,
        Code::Suspended
            | Code::ConversationNotFound
            | Code::MayNotPost
            | Code::MessageNotFound
            | Code::NotAuthor
            | Code::AlreadyDeleted
    );
    if gone { Code::CannotRelease.into() } else { error }
}

fn shown(kept: Kept) -> Option<WaitingText> {
    let matched = |finding: Finding| Matched {
        rule: finding.rule,
        version: finding.version,
        outcome: finding.outcome,
        severity: severity(finding.severity).to_owned(),
        spans: finding.spans,
        disguise: finding.disguise,
    };
    Some(WaitingText {
        attempt: kept.record,
        position: kept.position,
        author: kept.author,
        conversation: kept.conversation?,
        at: kept.at,
        text: kept.body.text,
        message: kept.body.message,
        urgent: kept.body.urgent,
        reason: kept.body.reason,
        matched: kept.body.findings.into_iter().map(matched).collect(),
    })
}

fn severity(severity: chancery_screening::Severity) -> &'static str {
    match severity {
        chancery_screening::Severity::Low => "low",
        chancery_screening::Severity::Medium => "medium",
        chancery_screening::Severity::High => "high",
        chancery_screening::Severity::Critical => "critical",
    }
}
