//! Texts that rules kept from being delivered at once: what their authors see of them, and what becomes of those that wait.
//!
//! What must stay true: a text that waits ends once, as delivered, refused or taken back; what is delivered is a new record that
//! says when it was written; nobody decides on their own text.

use chancery_ledger::{Header, Kind, Stream};
use chancery_protocol::Micros;
use chancery_protocol::acceptable_use::{Attempt, AttemptState};
use chancery_protocol::frame::Frame;
use chancery_protocol::ids::{ClientId, ConversationId, Id, PersonId, RecordId};
use chancery_screening::TextKind;

use super::change::work as change_work;
use super::state::Change;
use super::waiting::{self, Row, Standing};
use super::{Messaging, recorded};
use crate::acceptable_use::{
    AttemptBody, Confirmed, Decision, RefusedBody, ReleasedBody, Spoken, Way, WithdrawnBody,
};
use crate::ground::db::Conn;
use crate::ground::error::{Code, Error};
use crate::journal::{Committed, Delivered, Opened, Unit, Work, decode_body};

/// A text that rules kept back, as it is on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Its record.
    pub record: RecordId,
    /// Where that stands in the journal.
    pub position: u64,
    /// Who wrote it.
    pub author: PersonId,
    /// Where it was to be said.
    pub conversation: Option<ConversationId>,
    /// When.
    pub at: Micros,
    /// What it says, and what was found.
    pub body: AttemptBody,
}

impl Kept {
    fn of(header: &Header, body: &[u8]) -> Option<Self> {
        Some(Self {
            record: RecordId::from_bytes(header.record),
            position: header.position,
            author: PersonId::from_bytes(header.actor?),
            conversation: header.conversation.map(ConversationId::from_bytes),
            at: header.at,
            body: decode_body(body)?,
        })
    }

    /// As its author sees it; nothing for a name or a status text, which is told when it is refused and no more.
    pub fn seen(self, state: AttemptState) -> Option<Attempt> {
        let AttemptBody { text, client_id, message, reply_to, thread_root, notices, .. } = self.body;
        Some(Attempt {
            id: self.record,
            conversation: self.conversation?,
            at: self.at,
            client_id,
            text,
            message,
            reply_to,
            thread_root,
            notices,
            state,
        })
    }

    fn spoken(&self) -> Spoken {
        let AttemptBody { what, text, client_id, message, reply_to, thread_root, .. } = self.body.clone();
        let (author, conversation) = (self.author, self.conversation);
        Spoken { author, conversation, what, text, client_id, message, reply_to, thread_root }
    }
}

impl Messaging {
    /// The unit of a text that is not delivered now; nothing for one that is. `may` says whether it could be at all.
    pub(super) fn attempt(
        &self,
        spoken: &Spoken,
        decision: &Decision,
        confirmed: Option<&Confirmed>,
        may: Option<Work>,
    ) -> Result<Option<Unit>, Error> {
        let Some(draft) = spoken.attempt(&self.journal, decision, confirmed)? else { return Ok(None) };
        let (author, conversation) = (spoken.author, spoken.conversation);
        let waits = decision.way == Way::Wait;
        Ok(Some(Unit {
            records: vec![draft],
            once: Some((author, spoken.client_id)),
            // With a reason.
            comes_again: decision.way == Way::Warn,
            work: Some(Box::new(move |conn, placed| {
                may.as_ref().map_or(Ok(()), |may| may(conn, placed))?;
                let (Some(place), Some(conversation), true) = (placed.first(), conversation, waits) else {
                    return Ok(());
                };
                waiting::insert(conn, place, author, conversation)
            })),
            ..Unit::default()
        }))
    }

    /// Texts that rules kept back, in the order asked for; records that are none are left out.
    ///
    /// # Errors
    /// `record_damaged`; storage errors.
    pub fn kept(&self, conn: &mut Conn, attempts: &[RecordId]) -> Result<Vec<Kept>, Error> {
        let mut opened = self.journal.records().by_record(conn, attempts)?;
        let mut kept = Vec::with_capacity(attempts.len());
        for attempt in attempts {
            match opened.remove(attempt) {
                Some(Ok(record)) if is_attempt(record.header.kind) => {
                    kept.extend(Kept::of(&record.header, &record.body));
                }
                Some(Err(damaged)) => return Err(Error::damaged(damaged.position)),
                _ => {}
            }
        }
        Ok(kept)
    }

    /// A person's own texts in a conversation that wait, or were refused and not put away, oldest first.
    ///
    /// # Errors
    /// Storage errors.
    pub fn own_attempts(
        &self,
        conn: &mut Conn,
        author: PersonId,
        conversation: ConversationId,
    ) -> Result<Vec<Attempt>, Error> {
        let rows = waiting::own(conn, author, conversation)?;
        let ids: Vec<RecordId> = rows.iter().map(|row| row.attempt).collect();
        let mut seen = Vec::with_capacity(rows.len());
        for kept in self.kept(conn, &ids)? {
            let Some(row) = rows.iter().find(|row| row.attempt == kept.record) else { continue };
            let state = self.state_of(conn, row)?;
            seen.extend(kept.seen(state));
        }
        Ok(seen)
    }

    /// One's own text, if it still waits or was refused.
    ///
    /// # Errors
    /// Storage errors.
    pub fn own_attempt(&self, conn: &mut Conn, attempt: RecordId) -> Result<Option<Attempt>, Error> {
        let found = waiting::row(conn, attempt)?.map(|(row, _)| row);
        let open = |row: &Row| matches!(row.standing, Standing::Waiting | Standing::Refused);
        let Some(row) = found.filter(open) else { return Ok(None) };
        let state = self.state_of(conn, &row)?;
        Ok(self.kept(conn, &[attempt])?.pop().and_then(|kept| kept.seen(state)))
    }

    fn state_of(&self, conn: &mut Conn, row: &Row) -> Result<AttemptState, Error> {
        let (Standing::Refused, Some(decision)) = (row.standing, row.decision) else {
            return Ok(AttemptState::Waiting);
        };
        let refused = self.journal.records().by_record(conn, &[decision])?.remove(&decision);
        let words = match refused {
            Some(Ok(record)) => decode_body::<RefusedBody>(&record.body).map(|body| body.words),
            _ => None,
        };
        Ok(AttemptState::Refused { words: words.unwrap_or_default(), at: row.decided_at.unwrap_or_default() })
    }

    /// Takes one's own text back, or puts one away that was refused. Answers the conversation it was for.
    ///
    /// # Errors
    /// `message_not_found` for a text that is not the author's; `already_decided`; storage errors.
    pub async fn take_back(
        &self,
        author: PersonId,
        client_id: ClientId,
        attempt: RecordId,
    ) -> Result<ConversationId, Error> {
        let reading = self.clone();
        let (row, kept) = self
            .journal
            .db()
            .read(move |conn| {
                let row = waiting::row(conn, attempt)?.filter(|(_, of)| *of == author).map(|(row, _)| row);
                let row = row.ok_or(Error::from(Code::MessageNotFound))?;
                Ok((row, reading.kept(conn, &[attempt])?.pop()))
            })
            .await?;
        let kept = kept.ok_or(Error::from(Code::MessageNotFound))?;
        let conversation = kept.conversation.ok_or(Error::from(Code::MessageNotFound))?;
        match row.standing {
            Standing::Refused => {
                self.journal.db().write(move |conn| waiting::put_away(conn, attempt)).await?;
            }
            _ => {
                let draft = self.decision(&kept, Kind::AttemptWithdrawn, author, &WithdrawnBody {})?;
                let unit = Unit {
                    records: vec![draft],
                    once: Some((author, client_id)),
                    work: Some(ends(attempt, Standing::Withdrawn)),
                    ..Unit::default()
                };
                self.journal.commit(unit).await?;
            }
        }
        Ok(conversation)
    }

    /// The unit with which an officer lets a text pass. `note` is for the record.
    ///
    /// # Errors
    /// `not_found`, `own_request`, `already_decided`. Under the lock: when the author may not write there any more, or the
    /// message that was to be changed is gone.
    pub fn release_unit(
        &self,
        conn: &mut Conn,
        officer: PersonId,
        attempt: RecordId,
        note: &str,
    ) -> Result<Unit, Error> {
        let kept = self.to_decide(conn, officer, attempt)?;
        let (author, conversation) = (kept.author, kept.conversation.ok_or(Error::not_found())?);
        let (spoken, removed) = (kept.spoken(), &kept.body.removed);
        let (mut draft, work): (_, Option<Work>) = match (kept.body.what, kept.body.message) {
            (TextKind::Edit, Some(message)) => {
                let stay = self.may_act(conversation, author)?;
                let draft = self.edit(&spoken, (conversation, message), removed)?;
                let vault = std::sync::Arc::clone(self.journal.vault());
                (draft, Some(change_work(vault, (conversation, message), (author, stay), Change::Edit)))
            }
            _ => {
                let mut draft = self.message(&spoken, conversation, removed)?;
                draft.target = Some(attempt.bytes());
                (draft, super::send::pointed_at(&spoken, conversation))
            }
        };
        draft.written_at = Some(kept.at);
        let body = ReleasedBody { record: draft.record, note: note.to_owned() };
        let released = self.decision(&kept, Kind::AttemptReleased, officer, &body)?;
        let ends = ends_by(attempt, Standing::Released, released.record);
        let this = self.clone();
        Ok(Unit {
            records: vec![draft, released],
            check: Some(Box::new(move || match kept.body.what {
                TextKind::Edit => this.may_act(conversation, author).map(drop),
                _ => this.may_post(conversation, author),
            })),
            work: Some(Box::new(move |conn, placed| {
                ends(conn, placed)?;
                work.as_ref().map_or(Ok(()), |work| work(conn, placed))
            })),
            ..Unit::default()
        })
    }

    /// The unit with which an officer refuses a text, with words to its author.
    ///
    /// # Errors
    /// `not_found`, `own_request`, `already_decided`.
    pub fn refuse_unit(
        &self,
        conn: &mut Conn,
        officer: PersonId,
        attempt: RecordId,
        words: &str,
    ) -> Result<Unit, Error> {
        let kept = self.to_decide(conn, officer, attempt)?;
        let body = RefusedBody { words: words.to_owned() };
        let draft = self.decision(&kept, Kind::AttemptRefused, officer, &body)?;
        Ok(Unit { records: vec![draft], work: Some(ends(attempt, Standing::Refused)), ..Unit::default() })
    }

    /// A text on which this officer may decide.
    fn to_decide(&self, conn: &mut Conn, officer: PersonId, attempt: RecordId) -> Result<Kept, Error> {
        let (row, author) = waiting::row(conn, attempt)?.ok_or(Error::not_found())?;
        if author == officer {
            return Err(Code::OwnRequest.into());
        }
        if row.standing != Standing::Waiting {
            return Err(Code::AlreadyDecided.into());
        }
        let kept = self.kept(conn, &[attempt])?.pop();
        kept.ok_or_else(|| Error::internal("a text that waits is not in the journal"))
    }

    fn decision(
        &self,
        kept: &Kept,
        kind: Kind,
        actor: PersonId,
        body: &impl serde::Serialize,
    ) -> Result<crate::journal::Draft, Error> {
        let mut draft = self.journal.draft(Stream::System, kind, Some(actor), body)?;
        draft.target = Some(kept.record.bytes());
        draft.conversation = kept.conversation;
        Ok(draft)
    }

    /// What the author of a kept-back text is told of a record about it, wherever they are connected.
    ///
    /// # Errors
    /// Storage errors.
    pub fn told(&self, delivered: &Delivered) -> Result<Option<(PersonId, Frame)>, Error> {
        let header = &delivered.header;
        if header.kind == Kind::AttemptWaiting {
            let kept = delivered.body.as_deref().and_then(|body| Kept::of(header, body));
            let author = header.actor.map(PersonId::from_bytes);
            let attempt = kept.and_then(|kept| kept.seen(AttemptState::Waiting));
            return Ok(author.zip(attempt).map(|(author, attempt)| (author, Frame::Attempt { attempt })));
        }
        if !matches!(header.kind, Kind::AttemptReleased | Kind::AttemptRefused | Kind::AttemptWithdrawn) {
            return Ok(None);
        }
        let Some(attempt) = header.target.map(RecordId::from_bytes) else { return Ok(None) };
        let mut conn = self.journal.db().reader()?;
        let Some(kept) = self.kept(&mut conn, &[attempt])?.pop() else { return Ok(None) };
        let (author, Some(conversation)) = (kept.author, kept.conversation) else { return Ok(None) };
        if header.kind != Kind::AttemptRefused {
            return Ok(Some((author, Frame::AttemptOver { conversation, attempt })));
        }
        let body: Option<RefusedBody> = delivered.body.as_deref().and_then(decode_body);
        let words = body.map(|body| body.words).unwrap_or_default();
        let seen = kept.seen(AttemptState::Refused { words, at: header.at });
        Ok(seen.map(|attempt| (author, Frame::Attempt { attempt })))
    }

    /// The record that says what rules had to do with a committed text, if there is one: the attempt itself, or what was found in
    /// what was delivered.
    ///
    /// # Errors
    /// Storage errors.
    pub fn about(&self, conn: &mut Conn, committed: &Committed) -> Result<Option<Opened>, Error> {
        let first = recorded(committed)?.record;
        let about =
            committed.placed.iter().find(|place| is_attempt(place.kind) || place.kind == Kind::RuleMatched);
        let Some(place) = about else { return Ok(None) };
        match self.journal.records().by_record(conn, &[place.record])?.remove(&place.record) {
            Some(Ok(record)) => Ok(Some(record)),
            Some(Err(damaged)) => Err(Error::damaged(damaged.position)),
            None => Err(Error::internal(format!("what was found in {first} is not in the journal"))),
        }
    }
}

fn is_attempt(kind: Kind) -> bool {
    matches!(kind, Kind::AttemptBlocked | Kind::AttemptWarned | Kind::AttemptWaiting)
}

/// Ends a text's waiting by the unit's first record.
fn ends(attempt: RecordId, to: Standing) -> Work {
    Box::new(move |conn, placed| {
        let place = placed.first().ok_or_else(|| Error::internal("a decision without a record"))?;
        waiting::decide(conn, attempt, to, (place.record, place.at))
    })
}

/// As [`ends`], by another record of the unit.
fn ends_by(attempt: RecordId, to: Standing, decision: RecordId) -> Work {
    Box::new(move |conn, placed| {
        let at = placed.first().map(|place| place.at).unwrap_or_default();
        waiting::decide(conn, attempt, to, (decision, at))
    })
}
