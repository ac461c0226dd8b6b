//! The beginning and the ends of a request, each a unit of the journal.

use chancery_ledger::{Kind, Stream};
use chancery_protocol::approvals::{Asked, RequestState};
use chancery_protocol::ids::{Id, PersonId, RequestId};

use super::records::{RequestAsked, RequestEnded};
use super::store::{self, Decision, New};
use super::{Approvals, LAPSES_AFTER, Request, Sort, Then, about, agreeing, asking, identity, owner};
use crate::access::{Access, Act};
use crate::ground::db::{Conn, blocking};
use crate::ground::error::{Code, Error};
use crate::journal::{Check, Draft, Journal, Placed, Unit};

/// SQL that says whether something may still be asked for; under the head lock.
pub type Still = Box<dyn Fn(&mut Conn) -> Result<(), Error> + Send>;

impl Approvals {
    /// Over a journal whose writer runs.
    pub fn new(journal: Journal, access: Access) -> Self {
        Self { journal, access }
    }

    /// Asks for something, if that may `still` be done. The reason was looked at before.
    ///
    /// # Errors
    /// `not_found` for whoever may not ask; what `still` says; when the record cannot be written.
    pub fn ask(&self, asked: Asked, reason: String, by: PersonId, still: Still) -> Result<RequestId, Error> {
        let (unit, id) = self.asked(asked, reason, by, still)?;
        self.journal.commit_blocking(unit)?;
        Ok(id)
    }

    fn asked(
        &self,
        asked: Asked,
        reason: String,
        by: PersonId,
        still: Still,
    ) -> Result<(Unit, RequestId), Error> {
        let vault = self.journal.vault();
        let act = asking(&asked);
        let lapses_at = self.journal.clock().now() + LAPSES_AFTER;
        let body = RequestAsked { asked, reason, lapses_at };
        let mut draft = self.journal.draft(Stream::System, Kind::RequestAsked, Some(by), &body)?;
        let id = RequestId::from_bytes(draft.record.bytes());
        draft.target = Some(id.bytes());
        let new = New {
            id,
            sort: Sort::of(&body.asked),
            content: store::seal(vault, "content", id, &body.asked)?,
            reason: store::seal(vault, "reason", id, &body.reason)?,
            asked_by: by,
            lapses_at,
        };
        let unit = Unit {
            records: vec![draft],
            check: Some(may_still(&self.access, by, act)),
            work: Some(Box::new(move |conn, placed| {
                still(conn)?;
                store::insert(conn, &new, at(placed))
            })),
            ..Unit::default()
        };
        Ok((unit, id))
    }

    /// Whether somebody may agree to a request or refuse it, as it stood when it was read. Told first, so that nobody is told what is
    /// wrong with a request that is over; it is asked again under the head lock.
    ///
    /// # Errors
    /// `own_request`, `own_account`, `already_decided`.
    pub fn open_to(&self, request: &Request, by: PersonId) -> Result<(), Error> {
        if request.asked_by == by {
            return Err(Code::OwnRequest.into());
        }
        if owner(&request.asked) == Some(by) {
            return Err(Code::OwnAccount.into());
        }
        match request.state_at(self.journal.clock().now()) {
            RequestState::Waiting => Ok(()),
            _ => Err(Code::AlreadyDecided.into()),
        }
    }

    /// A second person agrees, and it is done. Whoever asked does not, and nobody does twice or too late.
    ///
    /// # Errors
    /// `own_request`, `own_account`, `already_decided`; `not_found` for whoever may not agree; what the work says; when the records
    /// cannot be written.
    pub fn agree(&self, request: &Request, by: PersonId, then: Then) -> Result<(), Error> {
        let mut unit = self.ended(request, RequestState::Agreed, Some(by), None)?;
        let Then { records, work } = then;
        unit.records.extend(records);
        if let Some(decide) = unit.work.take() {
            unit.work = Some(Box::new(move |conn, placed| {
                decide(conn, placed)?;
                work(conn, placed)
            }));
        }
        self.journal.commit_blocking(unit).map(drop)
    }

    /// A second person refuses, with words that were looked at before.
    ///
    /// # Errors
    /// As [`Approvals::agree`].
    pub fn refuse(&self, request: &Request, by: PersonId, words: String) -> Result<(), Error> {
        let unit = self.ended(request, RequestState::Refused, Some(by), Some(words))?;
        self.journal.commit_blocking(unit).map(drop)
    }

    /// Whoever asked takes it back.
    ///
    /// # Errors
    /// `asked_by_another`, `already_decided`; when the record cannot be written.
    pub fn withdraw(&self, request: &Request, by: PersonId) -> Result<(), Error> {
        let unit = self.ended(request, RequestState::Withdrawn, Some(by), None)?;
        self.journal.commit_blocking(unit).map(drop)
    }

    /// Ends requests nobody decided in time; to be called now and then, on however many nodes.
    ///
    /// # Errors
    /// When the database cannot be read or written.
    pub async fn sweep(&self) -> Result<(), Error> {
        let approvals = self.clone();
        blocking(move || approvals.lapse()).await
    }

    /// As [`Approvals::sweep`], on the calling thread.
    pub(super) fn lapse(&self) -> Result<(), Error> {
        let now = self.journal.clock().now();
        let overdue = store::overdue(&mut *self.journal.db().reader()?, self.journal.vault(), now)?;
        for request in overdue {
            let unit = self.ended(&request, RequestState::Lapsed, None, None)?;
            match self.journal.commit_blocking(unit) {
                // Another node was quicker, or the record's time is a little before ours.
                Err(error) if matches!(error.code, Code::AlreadyDecided | Code::Unchanged) => {}
                done => drop(done?),
            }
        }
        Ok(())
    }

    fn ended(
        &self,
        request: &Request,
        state: RequestState,
        by: Option<PersonId>,
        words: Option<String>,
    ) -> Result<Unit, Error> {
        let id = request.id;
        let answer = words.as_ref().map(|words| store::seal(self.journal.vault(), "answer", id, words));
        let decision = Decision { id, state, by, answer: answer.transpose()? };
        let body = RequestEnded {
            items: about(&request.asked),
            identity: identity(&request.asked).cloned(),
            asked_by: request.asked_by,
            words,
        };
        let act = match state {
            RequestState::Agreed | RequestState::Refused => Some(agreeing(&request.asked)),
            _ => None,
        };
        if act.is_some() && by.is_some() && owner(&request.asked) == by {
            return Err(Code::OwnAccount.into());
        }
        let check = by.zip(act).map(|(by, act)| may_still(&self.access, by, act));
        Ok(Unit {
            records: vec![self.end_of(id, state, by, &body)?],
            check,
            work: Some(Box::new(move |conn, placed| store::decide(conn, &decision, at(placed)))),
            ..Unit::default()
        })
    }

    fn end_of(
        &self,
        id: RequestId,
        state: RequestState,
        by: Option<PersonId>,
        body: &RequestEnded,
    ) -> Result<Draft, Error> {
        let kind = match state {
            RequestState::Agreed => Kind::RequestAgreed,
            RequestState::Refused => Kind::RequestRefused,
            RequestState::Withdrawn => Kind::RequestWithdrawn,
            RequestState::Lapsed => Kind::RequestLapsed,
            RequestState::Waiting => return Err(Error::internal("a request that waits has not ended")),
        };
        let mut draft = self.journal.draft(Stream::System, kind, by, body)?;
        draft.target = Some(id.bytes());
        Ok(draft)
    }
}

/// Asked of the newest snapshot, under the head lock: roles may have been taken since the request came in.
fn may_still(access: &Access, by: PersonId, act: Act) -> Check {
    let access = access.clone();
    Box::new(move || if access.may(by, act) { Ok(()) } else { Err(Code::NotFound.into()) })
}

/// When a unit is committed.
fn at(placed: &[Placed]) -> chancery_protocol::Micros {
    placed.first().map_or(0, |placed| placed.at)
}
