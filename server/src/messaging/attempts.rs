//! Texts that rules kept from being delivered at once: what their authors see of them, and what becomes of those that wait.
//!
//! What must stay true: a text that waits ends once, as delivered, refused or taken back; what is delivered is a new record that
//! says when it was written, and obeys what is in force then; nobody decides on their own text or on one of their bot.

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
    AttemptBody, Confirmed, Decision, Others, Place, RefusedBody, ReleasedBody, Spoken, Way, WithdrawnBody,
};
use crate::conversations::Membership;
use crate::directory::store as people;
use crate::ground::db::Conn;
use crate::ground::error::{Code, Error};
use crate::journal::{Committed, Delivered, Draft, Opened, Unit, Work, decode_body};

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
        let AttemptBody { text, client_id, message, reply_to, thread_root, urgent, notices, .. } = self.body;
        Some(Attempt {
            id: self.record,
            conversation: self.conversation?,
            at: self.at,
            client_id,
            text,
            message,
            reply_to,
            thread_root,
            urgent,
            notices,
            state,
        })
    }

    fn spoken(&self) -> Spoken {
        let AttemptBody { what, text, client_id, message, reply_to, thread_root, urgent, .. } =
            self.body.clone();
        let (author, conversation) = (self.author, self.conversation);
        Spoken { author, conversation, what, text, client_id, message, reply_to, thread_root, urgent }
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

    /// Texts that rules kept back, in the order asked for, and the positions of those whose records do not verify; records that are
    /// none are left out.
    ///
    /// # Errors
    /// Storage errors.
    pub fn kept(&self, conn: &mut Conn, attempts: &[RecordId]) -> Result<(Vec<Kept>, Vec<u64>), Error> {
        let mut opened = self.journal.records().by_record(conn, attempts)?;
        let (mut kept, mut unverified) = (Vec::with_capacity(attempts.len()), Vec::new());
        for attempt in attempts {
            match opened.remove(attempt) {
                Some(Ok(record)) if is_attempt(record.header.kind) => {
                    kept.extend(Kept::of(&record.header, &record.body));
                }
                Some(Err(damaged)) => unverified.push(damaged.position),
                _ => {}
            }
        }
        Ok((kept, unverified))
    }

    /// One text that rules kept back.
    ///
    /// # Errors
    /// `record_damaged`; storage errors.
    pub fn one_kept(&self, conn: &mut Conn, attempt: RecordId) -> Result<Kept, Error> {
        let (mut kept, unverified) = self.kept(conn, &[attempt])?;
        if let Some(position) = unverified.first() {
            return Err(Error::damaged(*position));
        }
        kept.pop().ok_or_else(|| Error::internal("a text that was kept back is not in the journal"))
    }

    /// A person's own texts in a conversation that wait, or were refused and not put away, oldest first: the newest
    /// [`waiting::SHOWN`]. What does not verify is left out.
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
        let decisions: Vec<RecordId> = rows.iter().filter_map(|row| row.decision).collect();
        let mut decisions = self.journal.records().by_record(conn, &decisions)?;
        for kept in self.kept(conn, &ids)?.0 {
            let Some(row) = rows.iter().find(|row| row.attempt == kept.record) else { continue };
            let decision = row.decision.and_then(|decision| decisions.remove(&decision)?.ok());
            seen.extend(kept.seen(state_of(row, decision.as_ref())));
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
        let decision = match row.decision {
            Some(id) => self.journal.records().by_record(conn, &[id])?.remove(&id).and_then(Result::ok),
            None => None,
        };
        Ok(self.one_kept(conn, attempt)?.seen(state_of(&row, decision.as_ref())))
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
                Ok((row, reading.one_kept(conn, attempt)?))
            })
            .await?;
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

    /// The unit with which an officer lets a text pass, for whoever would get it now. The officer overrules rules that ask for a
    /// reason or for an officer; what is taken out or flagged is so by the rules in force then, and what they block is not let pass.
    /// `note` is for the record.
    ///
    /// # Errors
    /// `not_found`, `own_request`, `already_decided`. Under the lock: `cannot_release`; when the author may not write there any
    /// more, or the message that was to be changed is gone.
    pub fn release_unit(
        &self,
        conn: &mut Conn,
        officer: PersonId,
        attempt: RecordId,
        note: &str,
    ) -> Result<Unit, Error> {
        let kept = self.to_decide(conn, officer, attempt)?;
        let (author, conversation) = (kept.author, kept.conversation.ok_or(Error::not_found())?);
        let spoken = kept.spoken();
        let looked = self.rules.look(&spoken.text, spoken.what);
        let (directory, roster) = (self.directory.clone(), self.roster.clone());
        let place = Place { sender: author, others: Others::In(conversation), directory, roster };
        let decision = looked.decide(&self.rules, &place, None);
        let by = (officer, note.to_owned());
        let mut unit = self.released(&kept, conversation, &decision, &by)?;
        let (this, checked) = (self.clone(), self.clone());
        let what = kept.body.what;
        unit.check = Some(Box::new(move || match what {
            TextKind::Edit => checked.may_act(conversation, author).map(drop),
            _ => checked.may_post(conversation, author),
        }));
        unit.instead = Some(Box::new(move || {
            let again = looked.again(&this.rules, &spoken.text).decide(&this.rules, &place, None);
            if again == decision {
                return Ok(None);
            }
            this.released(&kept, conversation, &again, &by).map(Some)
        }));
        Ok(unit)
    }

    fn released(
        &self,
        kept: &Kept,
        conversation: ConversationId,
        decision: &Decision,
        (officer, note): &(PersonId, String),
    ) -> Result<Unit, Error> {
        if decision.way == Way::Block {
            let detail = "A rule that is in force now blocks it.";
            return Err(Error::from(Code::CannotRelease).detail(detail));
        }
        let (author, attempt, spoken) = (kept.author, kept.record, kept.spoken());
        let (mut draft, work): (_, Option<Work>) = match (kept.body.what, kept.body.message) {
            (TextKind::Edit, Some(message)) => {
                let stay = self.may_act(conversation, author)?;
                let draft = self.edit(&spoken, (conversation, message), &decision.removed)?;
                let vault = std::sync::Arc::clone(self.journal.vault());
                let change = change_work(vault, (conversation, message), (author, stay), Change::Edit);
                let (this, written) = (self.clone(), (kept.at, kept.position));
                let work: Work = Box::new(move |conn, placed| {
                    this.still_older(conn, (conversation, message), (author, stay), written)?;
                    change(conn, placed)
                });
                (draft, Some(work))
            }
            _ => {
                let mut draft = self.message(&spoken, conversation, &decision.removed)?;
                draft.target = Some(attempt.bytes());
                (draft, super::send::pointed_at(&spoken, conversation))
            }
        };
        draft.written_at = Some(kept.at);
        let body = ReleasedBody { record: draft.record, note: note.clone() };
        let released = self.decision(kept, Kind::AttemptReleased, *officer, &body)?;
        // What the officer read of is on record with the attempt.
        let more = decision.findings.iter().any(|finding| !kept.body.findings.contains(finding));
        // Its author was told when it was written, and is told nothing new.
        let found = Decision { notices: Vec::new(), ..decision.clone() };
        let matched = if more { spoken.matched(&self.journal, &found, None)? } else { None };
        let matched = matched.map(|about| Draft { target: Some(draft.record.bytes()), ..about });
        let ends = ends_by(attempt, Standing::Released, released.record);
        Ok(Unit {
            records: [draft, released].into_iter().chain(matched).collect(),
            work: Some(Box::new(move |conn, placed| {
                ends(conn, placed)?;
                work.as_ref().map_or(Ok(()), |work| work(conn, placed))
            })),
            ..Unit::default()
        })
    }

    /// A change that waited does not undo one that was written after it.
    fn still_older(
        &self,
        conn: &mut Conn,
        what: (ConversationId, RecordId),
        who: (PersonId, Membership),
        (at, position): (Micros, u64),
    ) -> Result<(), Error> {
        let row = super::state::may(conn, what, who, Change::Edit)?;
        let current = self.journal.records().by_record(conn, &[row.current_record])?;
        let newer = match current.get(&row.current_record) {
            Some(Ok(record)) => {
                let header = &record.header;
                (header.written_at.unwrap_or(header.at), header.position) > (at, position)
            }
            // What cannot be read is not written over.
            _ => true,
        };
        if newer {
            let detail = "Its author has changed the message since.";
            return Err(Error::from(Code::CannotRelease).detail(detail));
        }
        Ok(())
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
    ///
    /// # Errors
    /// `not_found`, `own_request`, `already_decided`, `record_damaged`; storage errors.
    pub fn to_decide(&self, conn: &mut Conn, officer: PersonId, attempt: RecordId) -> Result<Kept, Error> {
        let (row, author) = waiting::row(conn, attempt)?.ok_or(Error::not_found())?;
        if self.is_theirs(conn, officer, author)? {
            return Err(Code::OwnRequest.into());
        }
        if row.standing != Standing::Waiting {
            return Err(Code::AlreadyDecided.into());
        }
        self.one_kept(conn, attempt)
    }

    /// Whether a text by this author counts as this person's own: they are the same, or the author is their bot.
    ///
    /// # Errors
    /// Storage errors.
    pub fn is_theirs(&self, conn: &mut Conn, person: PersonId, author: PersonId) -> Result<bool, Error> {
        let bot = self.directory.get(author).is_some_and(|entry| entry.person.bot);
        if author == person || !bot {
            return Ok(author == person);
        }
        Ok(people::get(conn, author)?.owner.map(crate::ground::db::dialect::Raw::id) == Some(person))
    }

    fn decision(
        &self,
        kept: &Kept,
        kind: Kind,
        actor: PersonId,
        body: &impl serde::Serialize,
    ) -> Result<Draft, Error> {
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
        let Some(kept) = self.kept(&mut conn, &[attempt])?.0.pop() else { return Ok(None) };
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

fn state_of(row: &Row, decision: Option<&Opened>) -> AttemptState {
    if row.standing != Standing::Refused {
        return AttemptState::Waiting;
    }
    let body: Option<RefusedBody> = decision.and_then(|record| decode_body(&record.body));
    let words = body.map(|body| body.words).unwrap_or_default();
    AttemptState::Refused { words, at: row.decided_at.unwrap_or_default() }
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
