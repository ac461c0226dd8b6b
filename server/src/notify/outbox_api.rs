//! The routes of the outbox and of decisions.

use actix_web::HttpResponse;
use actix_web::http::{Method, StatusCode};
use chancery_protocol::ids::{MailId, PersonId};
use chancery_protocol::mail::{DecisionQuery, MailReason, OUTBOX_PAGE, Outbox, OutboxMail, OutboxQuery, Why};

use super::Notifier;
use crate::access::act::{OwnMail, ReadMail, SetMail};
use crate::access::{Guard, Route, answer, done, route};
use crate::directory::store as people;
use crate::ground::db::blocking;
use crate::ground::error::{Code, Error};
use crate::outbox;

type Answer = Result<HttpResponse, actix_web::Error>;

/// The table.
pub fn routes() -> Vec<Route> {
    vec![
        route(Method::GET, "/mail/mine", mine),
        route(Method::GET, "/mail/decisions", own_decisions),
        route(Method::GET, "/mail/decisions/{person}", decisions),
        route(Method::GET, "/mail/outbox", list),
        route(Method::POST, "/mail/outbox/{mail}/retry", retry),
    ]
}

/// `GET /mail/mine`.
async fn mine(guard: Guard<OwnMail>) -> Answer {
    let notifier: Notifier = guard.part()?;
    let person = guard.caller().person;
    Ok(answer(StatusCode::OK, &blocking(move || notifier.mine(person)).await?))
}

/// `GET /mail/decisions`.
async fn own_decisions(guard: Guard<OwnMail>) -> Answer {
    let (query, notifier): (DecisionQuery, Notifier) = (guard.query()?, guard.part()?);
    let person = guard.caller().person;
    Ok(answer(StatusCode::OK, &blocking(move || notifier.decisions(person, person, &query)).await?))
}

/// `GET /mail/decisions/{person}`; recorded.
async fn decisions(guard: Guard<ReadMail>) -> Answer {
    let person: PersonId = guard.path("person")?;
    let (query, notifier): (DecisionQuery, Notifier) = (guard.query()?, guard.part()?);
    let reader = guard.caller().person;
    Ok(answer(StatusCode::OK, &blocking(move || notifier.decisions(reader, person, &query)).await?))
}

/// `GET /mail/outbox`.
async fn list(guard: Guard<ReadMail>) -> Answer {
    let (query, notifier): (OutboxQuery, Notifier) = (guard.query()?, guard.part()?);
    Ok(answer(StatusCode::OK, &blocking(move || notifier.outbox(&query)).await?))
}

/// `POST /mail/outbox/{mail}/retry`.
async fn retry(guard: Guard<SetMail>) -> Answer {
    let (mail, notifier): (MailId, Notifier) = (guard.path("mail")?, guard.part()?);
    blocking(move || notifier.retry(mail)).await?;
    Ok(done())
}

impl Notifier {
    fn outbox(&self, query: &OutboxQuery) -> Result<Outbox, Error> {
        let journal = &self.messaging.journal;
        let mut conn = journal.db().reader()?;
        let limit = i64::from(OUTBOX_PAGE) + 1;
        let OutboxQuery { state, person, before } = *query;
        let mut mails = outbox::page(&mut conn, journal.vault(), state, person, before, limit)?;
        let more = mails.len() > usize::from(OUTBOX_PAGE);
        mails.truncate(usize::from(OUTBOX_PAGE));
        let ids: Vec<PersonId> = mails.iter().map(|mail| mail.person).collect();
        let rows = people::some(&mut conn, &ids)?;
        let to = |person: PersonId| rows.iter().find(|row| row.person() == person);
        let mails = mails
            .into_iter()
            .map(|mail| {
                let to = to(mail.person);
                let waits = mail.state == chancery_protocol::mail::MailState::Waiting;
                OutboxMail {
                    id: mail.id,
                    kind: mail.kind,
                    person: mail.person,
                    name: to.map(|row| row.name.clone()).unwrap_or_default(),
                    address: mail.address.or_else(|| to.and_then(|row| row.email.clone())),
                    at: mail.at,
                    state: mail.state,
                    attempts: mail.attempts,
                    tried_at: mail.tried_at,
                    next_at: waits.then_some(mail.due_at),
                    reason: mail.reason.map(without_reading),
                    sent_at: mail.sent_at,
                }
            })
            .collect();
        Ok(Outbox { mails, more, counts: outbox::counts(&mut conn)?, stuck: self.stuck() })
    }

    fn retry(&self, mail: MailId) -> Result<(), Error> {
        let journal = &self.messaging.journal;
        let now = journal.clock().now();
        if !journal.db().write_here(|conn| outbox::try_at_once(conn, mail, now))? {
            return Err(Code::Unchanged.into());
        }
        self.try_now();
        Ok(())
    }
}

/// When and where somebody read is told only where it is put on record who asked.
fn without_reading(reason: MailReason) -> MailReason {
    match reason {
        MailReason::Decided { why } if matches!(*why, Why::Read { .. }) => {
            MailReason::Decided { why: Box::new(Why::Read { at: None, device: None }) }
        }
        other => other,
    }
}
