//! People from outside: a sponsor answers for each, and each is here until a set time.
//!
//! What must stay true: a guest is nothing else; no session of a guest outlives the guest's time; when it has come the account is suspended,
//! on record, and nobody reinstates it before there is another end.

use std::time::Duration;

use chancery_ledger::Kind;
use chancery_protocol::Micros;
use chancery_protocol::ids::{Id, PersonId};
use chancery_protocol::person::{GuestTerms, Role};

use super::accounts::By;
use super::{Access, store};
use crate::directory::records::{GuestSet, Via};
use crate::directory::store as people;
use crate::ground::db::{Conn, blocking};
use crate::ground::error::{Code, Error};
use crate::journal::{Draft, Unit};

/// How often it is looked whose time has come.
pub const LOOK_EVERY: Duration = Duration::from_secs(15);
/// Longest time of a guest.
const LONGEST: Micros = 5 * 366 * 86_400_000_000;

/// What goes with these roles.
///
/// # Errors
/// `guest_alone`, `guest_terms`; `out_of_range` for terms of somebody who is no guest.
pub(super) fn fit(roles: &[Role], terms: Option<&GuestTerms>) -> Result<(), Error> {
    match (roles.contains(&Role::Guest), terms) {
        (true, _) if roles.iter().any(|role| *role != Role::Guest) => {
            Err(Error::from(Code::GuestAlone).field("roles"))
        }
        (true, None) => Err(Error::from(Code::GuestTerms).field("guest")),
        (false, Some(_)) => {
            Err(Error::from(Code::OutOfRange).field("guest").detail("Only guests have terms."))
        }
        _ => Ok(()),
    }
}

/// Whoever answers for somebody else is a colleague who may act.
///
/// # Errors
/// `person_not_found`, `bot`, `suspended`, `guest_answers`, at `field`.
pub(super) fn answers(conn: &mut Conn, person: PersonId, field: &'static str) -> Result<(), Error> {
    let row = people::get(conn, person).map_err(|e| e.field(field))?;
    let code = if row.is_bot() {
        Code::Bot
    } else if row.suspended_at.is_some() {
        Code::Suspended
    } else if row.is_guest() {
        Code::GuestAnswers
    } else {
        return Ok(());
    };
    Err(Error::from(code).field(field))
}

impl Access {
    /// Whether such terms can be.
    ///
    /// # Errors
    /// `out_of_range`.
    pub(super) fn check_terms(&self, terms: &GuestTerms) -> Result<(), Error> {
        let now = self.now();
        if terms.ends_at <= now || terms.ends_at > now + LONGEST {
            return Err(Error::from(Code::OutOfRange)
                .field("ends_at")
                .detail("The end is in the future, at most five years away."));
        }
        Ok(())
    }

    /// Sets a guest's terms anew. Sessions that run end with them.
    ///
    /// # Errors
    /// `out_of_range`; `no_guest`; `person_not_found`, `bot`, `suspended`, `guest_answers` of the sponsor.
    pub(super) fn set_guest(&self, person: PersonId, terms: GuestTerms, by: By) -> Result<(), Error> {
        self.check_terms(&terms)?;
        let done = self.0.journal.commit_blocking(Unit {
            records: vec![self.guest_record(person, terms, by)?],
            work: Some(Box::new(move |conn, _| {
                let row = people::get(conn, person)?;
                if !row.is_guest() {
                    return Err(Code::NoGuest.into());
                }
                if row.guest() == Some(terms) {
                    return Err(Code::Unchanged.into());
                }
                answers(conn, terms.sponsor, "sponsor")?;
                people::set_guest(conn, person, &terms)?;
                store::cap_sessions(conn, person, terms.ends_at)
            })),
            ..Unit::default()
        });
        match done {
            Err(error) if error.code != Code::Unchanged => Err(error),
            _ => Ok(()),
        }
    }

    /// The record of a guest's terms.
    pub(super) fn guest_record(&self, person: PersonId, terms: GuestTerms, by: By) -> Result<Draft, Error> {
        let body = GuestSet { sponsor: terms.sponsor, ends_at: terms.ends_at, via: by.via };
        self.draft(person, Kind::GuestSet, by.actor, person.bytes(), &body)
    }

    /// Suspends the guests whose time has come; to be called now and then, on however many nodes.
    ///
    /// # Errors
    /// When the database cannot be read or written.
    pub async fn end_guests(&self) -> Result<(), Error> {
        let access = self.clone();
        blocking(move || {
            let ended = people::ended_guests(&mut *access.reader()?, access.now())?;
            let by = By { actor: None, via: Via::EndDate };
            ended.into_iter().try_for_each(|guest| access.suspend(guest, by))
        })
        .await
    }
}
