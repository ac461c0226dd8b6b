//! `/people`: accounts, for administrators; officers may read them.

use actix_web::http::StatusCode;
use chancery_protocol::accounts::{AccountQuery, Bulk, ChangePerson};
use chancery_protocol::factors::SetEmergency;
use chancery_protocol::http::{Invite, IssueLink, Sessions, SetRoles};
use chancery_protocol::ids::{PersonId, SessionId};
use chancery_protocol::person::GuestTerms;

use super::Answer;
use crate::access::accounts::By;
use crate::access::act::{
    BulkAccounts, EndSessions, InvitePerson, ReadAccounts, ReadFactors, ReadSessions, RemoveFactors,
    RenamePerson, ResetPassword, SetEmergency as MaySetEmergency, SetGuest, SetRoles as MaySetRoles,
    SuspendPerson,
};
use crate::access::guard::{Guard, answer, done};
use crate::access::records::EndReason;

/// `GET /people`: a page of accounts.
pub async fn list(guard: Guard<ReadAccounts>) -> Answer {
    let query: AccountQuery = guard.query()?;
    let page = guard.run(move |access, _| access.accounts(&query)).await?;
    Ok(answer(StatusCode::OK, &page))
}

/// `GET /people/{person}`.
pub async fn get(guard: Guard<ReadAccounts>) -> Answer {
    let person: PersonId = guard.path("person")?;
    let account = guard.run(move |access, _| access.account(person)).await?;
    Ok(answer(StatusCode::OK, &account))
}

/// `PUT /people/{person}`: the name, the e-mail address.
pub async fn change(mut guard: Guard<RenamePerson>) -> Answer {
    let person: PersonId = guard.path("person")?;
    let form: ChangePerson = guard.body().await?;
    guard.run(move |access, caller| access.change_person(person, &form, By::caller(caller))).await?;
    Ok(done())
}

/// `POST /people/bulk`: the same to several people.
pub async fn bulk(mut guard: Guard<BulkAccounts>) -> Answer {
    let form: Bulk = guard.body().await?;
    let done = guard.run(move |access, caller| access.bulk(&form, caller)).await?;
    Ok(answer(StatusCode::OK, &done))
}

/// `POST /people`: makes an account and issues its invitation.
pub async fn invite(mut guard: Guard<InvitePerson>) -> Answer {
    let form: Invite = guard.body().await?;
    let invited = guard.run(move |access, caller| access.invite(&form, By::caller(caller))).await?;
    Ok(answer(StatusCode::CREATED, &invited))
}

/// `POST /people/{person}/reset`: issues a link for a new password, to be handed over or by mail.
pub async fn reset(guard: Guard<ResetPassword>) -> Answer {
    let person: PersonId = guard.path("person")?;
    let IssueLink { mail } = guard.query()?;
    let link = guard.run(move |access, caller| access.reset(person, mail, By::caller(caller))).await?;
    Ok(answer(StatusCode::CREATED, &link))
}

/// `PUT /people/{person}/roles`.
pub async fn roles(mut guard: Guard<MaySetRoles>) -> Answer {
    let person: PersonId = guard.path("person")?;
    let form: SetRoles = guard.body().await?;
    guard.run(move |access, caller| access.set_roles(person, &form, By::caller(caller))).await?;
    Ok(done())
}

/// `PUT /people/{person}/guest`: the terms of a guest.
pub async fn guest(mut guard: Guard<SetGuest>) -> Answer {
    let person: PersonId = guard.path("person")?;
    let terms: GuestTerms = guard.body().await?;
    guard.run(move |access, caller| access.set_guest(person, terms, By::caller(caller))).await?;
    Ok(done())
}

/// `POST /people/{person}/suspend`.
pub async fn suspend(guard: Guard<SuspendPerson>) -> Answer {
    let person: PersonId = guard.path("person")?;
    guard.run(move |access, caller| access.suspend(person, By::caller(caller))).await?;
    Ok(done())
}

/// `POST /people/{person}/reinstate`.
pub async fn reinstate(guard: Guard<SuspendPerson>) -> Answer {
    let person: PersonId = guard.path("person")?;
    guard.run(move |access, caller| access.reinstate(person, By::caller(caller))).await?;
    Ok(done())
}

/// `GET /people/{person}/sessions`; recorded.
pub async fn sessions(guard: Guard<ReadSessions>) -> Answer {
    let person: PersonId = guard.path("person")?;
    let sessions = guard.run(move |access, caller| access.read_sessions(caller, person)).await?;
    Ok(answer(StatusCode::OK, &Sessions { sessions }))
}

/// `DELETE /people/{person}/sessions`: all of them.
pub async fn end_sessions(guard: Guard<EndSessions>) -> Answer {
    let person: PersonId = guard.path("person")?;
    guard.run(move |access, caller| access.end_sessions(person, By::caller(caller))).await?;
    Ok(done())
}

/// `DELETE /people/{person}/sessions/{session}`.
pub async fn end_session(guard: Guard<EndSessions>) -> Answer {
    let (person, session): (PersonId, SessionId) = (guard.path("person")?, guard.path("session")?);
    guard
        .run(move |access, caller| {
            access.end_session(person, session, EndReason::EndedByAdmin, caller.person)
        })
        .await?;
    Ok(done())
}

/// `GET /people/{person}/factors`.
pub async fn factors(guard: Guard<ReadFactors>) -> Answer {
    let person: PersonId = guard.path("person")?;
    let factors = guard.run(move |access, _| access.factors(person)).await?;
    Ok(answer(StatusCode::OK, &factors))
}

/// `DELETE /people/{person}/factors`: all of them; ends the sessions.
pub async fn remove_factors(guard: Guard<RemoveFactors>) -> Answer {
    let person: PersonId = guard.path("person")?;
    guard.run(move |access, caller| access.remove_factors(person, By::caller(caller))).await?;
    Ok(done())
}

/// `PUT /people/{person}/emergency`.
pub async fn emergency(mut guard: Guard<MaySetEmergency>) -> Answer {
    let person: PersonId = guard.path("person")?;
    let form: SetEmergency = guard.body().await?;
    guard.run(move |access, caller| access.set_emergency(person, &form, By::caller(caller))).await?;
    Ok(done())
}
