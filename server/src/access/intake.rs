//! People a source names while it is read in the background: taken in several at a time, suspended when they left, let in again when
//! they are back. The same rules as at the door (`admission`), without a session.

use std::collections::HashSet;

use chancery_ledger::Kind;
use chancery_protocol::ids::{Id, PersonId, SourceId};

use super::Access;
use super::accounts::By;
use super::admission::{Account, Changes, Look, look};
use super::records::RefusedBecause;
use super::sessions::{at, moved};
use super::vouched::Vouched;
use crate::directory::identities::{self, Standing};
use crate::directory::photos;
use crate::directory::records::{PersonChanged, PhotoSet, Profile, Via};
use crate::directory::store::{self as people, Row};
use crate::ground::db::Conn;
use crate::ground::error::Error;
use crate::journal::{Placed, Unit};

/// What became of somebody a source named; of those only looked at, what would.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taken {
    /// An account was made; there is nobody yet when it was only looked.
    Added(Option<PersonId>),
    /// An account that was here is linked from now on.
    Linked(PersonId),
    /// The account is called otherwise, or something else is known of it.
    Changed(PersonId, &'static str),
    /// All was so already.
    Unchanged(PersonId),
    /// They cannot be taken in.
    Refused(RefusedBecause),
}

/// Somebody who is to be taken in, prepared.
struct Prepared {
    vouched: Vouched,
    before: Look,
    person: PersonId,
    changes: Changes,
}

impl Access {
    /// Takes in several people in one unit; with `dry` nothing is changed. Answers in their order.
    ///
    /// # Errors
    /// When the records cannot be written; then nobody was taken in.
    pub fn take_in(&self, all: &[Vouched], dry: bool) -> Result<Vec<Taken>, Error> {
        self.settled(|| {
            let mut befores = Vec::with_capacity(all.len());
            let mut conn = self.reader()?;
            for vouched in all {
                befores.push(look(&mut conn, vouched)?);
            }
            drop(conn);
            let mut within = Within::default();
            let mut taken = Vec::with_capacity(all.len());
            let mut prepared = Vec::new();
            for (vouched, before) in all.iter().zip(befores) {
                match self.prepare(vouched, before, &mut within)? {
                    Ok((outcome, one)) => {
                        taken.push(if dry { foreseen(outcome) } else { outcome });
                        prepared.push(one);
                    }
                    Err(because) => taken.push(Taken::Refused(because)),
                }
            }
            prepared.retain(|one| !one.changes.drafts.is_empty());
            if !dry && !prepared.is_empty() {
                self.write_down(prepared)?;
            }
            Ok(taken)
        })
    }

    fn prepare(
        &self,
        vouched: &Vouched,
        before: Look,
        within: &mut Within,
    ) -> Result<Result<(Taken, Prepared), RefusedBecause>, Error> {
        let account = match self.account_for(&before, vouched)? {
            Ok(account) => account,
            Err(because) => return Ok(Err(because)),
        };
        if let Some(because) = within.refuses(&account) {
            return Ok(Err(because));
        }
        let kept = match &account {
            Account::Known(row) => Some(row.clone()),
            Account::Found(..) | Account::New(_) => None,
        };
        let new = matches!(account, Account::New(_));
        let (person, changes) = self.changes(&before, account, vouched)?;
        let outcome = match (kept, &changes.profile) {
            (None, _) if new => Taken::Added(Some(person)),
            (None, _) => Taken::Linked(person),
            (Some(row), Some((name, profile))) => Taken::Changed(person, difference(&row, name, profile)),
            (Some(_), None) => Taken::Unchanged(person),
        };
        Ok(Ok((outcome, Prepared { vouched: vouched.clone(), before, person, changes })))
    }

    fn write_down(&self, prepared: Vec<Prepared>) -> Result<(), Error> {
        let records = prepared.iter().flat_map(|one| one.changes.drafts.iter().cloned()).collect();
        let work = move |conn: &mut Conn, placed: &[Placed]| {
            // All are looked at before anything is written: who comes later in the row must not see those before.
            for one in &prepared {
                if look(conn, &one.vouched)? != one.before {
                    return Err(moved());
                }
            }
            for one in &prepared {
                one.changes.write(conn, one.person, &one.vouched, None, at(placed))?;
            }
            Ok(())
        };
        self.0.journal.commit_blocking(Unit { records, work: Some(Box::new(work)), ..Unit::default() })?;
        Ok(())
    }

    /// Says whom several people report to, as a source has it, in one unit. Answers for whom that is news, as they were.
    ///
    /// # Errors
    /// When the records cannot be written; then nothing was changed.
    pub fn set_managers(
        &self,
        managers: &[(PersonId, Option<PersonId>)],
        source: SourceId,
    ) -> Result<Vec<Row>, Error> {
        let via = Via::Source(source);
        self.settled(|| {
            let ids: Vec<PersonId> = managers.iter().map(|(person, _)| *person).collect();
            let mut records = Vec::new();
            let mut changed = Vec::new();
            for row in people::some(&mut *self.reader()?, &ids)? {
                let said = managers.iter().find(|(person, _)| *person == row.person());
                let profile = Profile { manager: said.and_then(|(_, manager)| *manager), ..row.profile() };
                if profile == row.profile() {
                    continue;
                }
                let body = PersonChanged {
                    username: row.username.clone(),
                    name: row.name.clone(),
                    roles: row.roles().list(),
                    profile: profile.clone(),
                    via,
                };
                let person = row.person();
                records.push(self.draft(person, Kind::PersonChanged, None, person.bytes(), &body)?);
                changed.push((row, profile));
            }
            let rows = changed.iter().map(|(row, _)| row.clone()).collect();
            if records.is_empty() {
                return Ok(rows);
            }
            let work = move |conn: &mut Conn, _: &[Placed]| {
                for (row, profile) in &changed {
                    // The record says how the whole account is from now on.
                    if people::get(conn, row.person())? != *row {
                        return Err(moved());
                    }
                    people::set_profile(conn, row.person(), &row.name, profile)?;
                }
                Ok(())
            };
            let unit = Unit { records, work: Some(Box::new(work)), ..Unit::default() };
            self.0.journal.commit_blocking(unit)?;
            Ok(rows)
        })
    }

    /// Sets pictures of several people, or takes them away, as a source has it, in one unit.
    ///
    /// # Errors
    /// When the records cannot be written; then nothing was changed.
    pub fn set_photos(
        &self,
        pictures: Vec<(PersonId, Option<photos::New>)>,
        source: SourceId,
    ) -> Result<(), Error> {
        let via = Via::Source(source);
        let mut records = Vec::with_capacity(pictures.len());
        for (person, new) in &pictures {
            let body = PhotoSet { hash: new.as_ref().map(|new| new.hash().to_owned()), via };
            records.push(self.draft(*person, Kind::PhotoSet, None, person.bytes(), &body)?);
        }
        let work = move |conn: &mut Conn, _: &[Placed]| {
            pictures.iter().try_for_each(|(person, new)| photos::set(conn, source, *person, new.as_ref()))
        };
        self.0.journal.commit_blocking(Unit { records, work: Some(Box::new(work)), ..Unit::default() })?;
        Ok(())
    }

    /// Suspends somebody a source no longer has, or has disabled; their sessions end. Who is suspended already stays as they are.
    ///
    /// # Errors
    /// `last_admin`; when the records cannot be written.
    pub fn suspend_for_source(&self, person: PersonId, source: SourceId, subject: &str) -> Result<(), Error> {
        let subject = subject.to_owned();
        self.suspend_and(person, By::source_of_people(source), move |conn| {
            identities::set_standing(conn, source, &[&subject], Standing::Inactive)
        })
    }

    /// Lets somebody in again whom a source had suspended; what was done by hand stays.
    ///
    /// # Errors
    /// When the records cannot be written.
    pub fn reinstate_for_source(
        &self,
        person: PersonId,
        source: SourceId,
        subject: &str,
    ) -> Result<(), Error> {
        let subject = subject.to_owned();
        self.reinstate_and(person, By::source_of_people(source), move |conn| {
            identities::set_standing(conn, source, &[&subject], Standing::Active)
        })
    }
}

/// Names and accounts that others of the same unit take.
#[derive(Default)]
struct Within {
    usernames: HashSet<String>,
    accounts: HashSet<PersonId>,
}

impl Within {
    fn refuses(&mut self, account: &Account) -> Option<RefusedBecause> {
        match account {
            Account::Known(_) => None,
            Account::Found(row, _) if self.accounts.insert(row.person()) => None,
            Account::Found(..) => Some(RefusedBecause::LinkedElsewhere),
            Account::New(new) if self.usernames.insert(new.username.clone()) => None,
            Account::New(_) => Some(RefusedBecause::UsernameTaken),
        }
    }
}

fn foreseen(outcome: Taken) -> Taken {
    match outcome {
        Taken::Added(_) => Taken::Added(None),
        other => other,
    }
}

/// What is different, in a word.
fn difference(row: &Row, name: &str, profile: &crate::directory::records::Profile) -> &'static str {
    let had = row.profile();
    if row.name != name {
        "name"
    } else if had.email != profile.email {
        "e-mail address"
    } else if had.title != profile.title {
        "title"
    } else if had.department != profile.department {
        "department"
    } else {
        "roles"
    }
}

impl By {
    fn source_of_people(source: SourceId) -> Self {
        Self { actor: None, via: Via::Source(source) }
    }
}
