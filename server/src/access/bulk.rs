//! The same act for several people: one unit for each, one result for each, nothing skipped silently.
//!
//! A preview asks the very same questions as the act, so that both agree unless somebody changes something in between;
//! the act itself decides again, under the head lock.

use std::collections::HashSet;

use chancery_protocol::accounts::{Bulk, BulkAct, BulkAnswer, BulkOutcome, BulkResult, MAX_ACCOUNTS};
use chancery_protocol::http::{IssuedLink, SetRoles};
use chancery_protocol::ids::PersonId;
use chancery_protocol::person::Role;

use super::accounts::{By, keep_an_admin, some_roles};
use super::{Access, Act, Caller, decide, emergency, store};
use crate::directory::store as people;
use crate::ground::error::{Code, Error};

/// What would come of an act.
enum Foreseen {
    /// A change: so many sessions end, or the roles become others.
    Change { sessions: u32, roles: Option<SetRoles> },
    /// It is so already.
    Nothing,
}

/// The act that allows the same for one person.
fn act_of(act: BulkAct) -> Act {
    match act {
        BulkAct::Suspend | BulkAct::Reinstate => Act::SuspendPerson,
        BulkAct::AddRole { .. } | BulkAct::RemoveRole { .. } => Act::SetRoles,
        BulkAct::Reset { .. } => Act::ResetPassword,
    }
}

impl Access {
    /// Does an act to several people, or says what would come of it.
    pub(super) fn bulk(&self, form: &Bulk, caller: &Caller) -> Result<BulkAnswer, Error> {
        if !decide(caller.roles, act_of(form.act)) {
            return Err(Code::NotFound.into());
        }
        if form.people.is_empty() {
            return Err(Error::from(Code::OutOfRange).field("people"));
        }
        if form.people.len() > MAX_ACCOUNTS as usize {
            return Err(Error::from(Code::TooManyPeople).field("people"));
        }
        let mut seen = HashSet::new();
        let people = form.people.iter().copied().filter(|person| seen.insert(*person));
        let by = By::caller(caller);
        let results = people.map(|person| self.one_of_many(person, form, by)).collect();
        Ok(BulkAnswer { results })
    }

    fn one_of_many(&self, person: PersonId, form: &Bulk, by: By) -> BulkResult {
        let result =
            |outcome, sessions, problem, link| BulkResult { person, outcome, sessions, problem, link };
        let refused = |error: Error| {
            error.log();
            result(BulkOutcome::Refused, 0, Some(error.problem()), None)
        };
        let (sessions, roles) = match self.foresee(person, form.act, by) {
            Ok(Foreseen::Change { sessions, roles }) => (sessions, roles),
            Ok(Foreseen::Nothing) => return result(BulkOutcome::Unchanged, 0, None, None),
            Err(error) => return refused(error),
        };
        if form.preview {
            return result(BulkOutcome::Changed, sessions, None, None);
        }
        match self.do_to_one(person, form.act, roles, by) {
            Ok(link) => result(BulkOutcome::Changed, sessions, None, link),
            Err(error) => refused(error),
        }
    }

    fn foresee(&self, person: PersonId, act: BulkAct, by: By) -> Result<Foreseen, Error> {
        let mut conn = self.reader()?;
        let row = people::get(&mut conn, person)?;
        let suspended = row.suspended_at.is_some();
        let change = |sessions| Ok(Foreseen::Change { sessions, roles: None });
        let become_these = |roles: Vec<Role>| {
            let roles = Some(SetRoles { roles, was: Some(row.roles().list()), guest: None });
            Ok(Foreseen::Change { sessions: 0, roles })
        };
        match act {
            BulkAct::Suspend => {
                by.not_oneself(person)?;
                if suspended {
                    return Ok(Foreseen::Nothing);
                }
                keep_an_admin(&mut conn, person)?;
                let running = store::running(&mut conn, Some(person), self.now())?;
                change(running.get(&person).map_or(0, |(count, _)| *count))
            }
            BulkAct::Reinstate if suspended => change(0),
            BulkAct::Reinstate => Ok(Foreseen::Nothing),
            BulkAct::Reset { .. } if suspended => Err(Code::Suspended.into()),
            BulkAct::Reset { .. } if row.is_bot() => Err(Code::Bot.into()),
            BulkAct::Reset { mail } => {
                if mail {
                    self.check_mail(row.email.as_deref())?;
                }
                change(0)
            }
            BulkAct::AddRole { role } => {
                by.not_oneself(person)?;
                let mut roles = row.roles().list();
                if roles.contains(&role) {
                    return Ok(Foreseen::Nothing);
                }
                roles.push(role);
                become_these(roles)
            }
            BulkAct::RemoveRole { role } => {
                by.not_oneself(person)?;
                let mut roles = row.roles().list();
                if !roles.contains(&role) {
                    return Ok(Foreseen::Nothing);
                }
                roles.retain(|kept| *kept != role);
                some_roles(&roles)?;
                if role == Role::ItAdmin {
                    emergency::stays(&mut conn, person)?;
                    keep_an_admin(&mut conn, person)?;
                }
                become_these(roles)
            }
        }
    }

    fn do_to_one(
        &self,
        person: PersonId,
        act: BulkAct,
        roles: Option<SetRoles>,
        by: By,
    ) -> Result<Option<IssuedLink>, Error> {
        match (act, roles) {
            (BulkAct::Suspend, _) => self.suspend(person, by)?,
            (BulkAct::Reinstate, _) => self.reinstate(person, by)?,
            (BulkAct::Reset { mail }, _) => return self.reset(person, mail, by).map(Some),
            (BulkAct::AddRole { .. } | BulkAct::RemoveRole { .. }, Some(roles)) => {
                self.set_roles(person, &roles, by)?;
            }
            (BulkAct::AddRole { .. } | BulkAct::RemoveRole { .. }, None) => {}
        }
        Ok(None)
    }
}
