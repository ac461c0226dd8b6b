//! What follows from the entries of people: who is taken in, changed, let in again, suspended.

use std::collections::HashMap;

use chancery_protocol::ids::PersonId;
use chancery_protocol::sources::SyncAct;

use super::photos::Pictured;
use super::report::Changes;
use super::run::{Run, Stop, hash};
use crate::access::{RefusedBecause, Taken, Vouched};
use crate::directory::identities::{self, Identity, Standing};
use crate::directory::ldap::{Page, Person, Photo, State};
use crate::directory::store::Row;
use crate::ground::error::{Code, Error};

/// People in one unit: well below 20 ms of work, so that nobody's message waits for long.
const AT_ONCE: usize = 10;
/// People looked through at a time for those who are gone.
const LOOKED_THROUGH: u32 = 1_000;

/// Somebody who is to be suspended.
pub(super) struct Leaving {
    person: PersonId,
    subject: String,
    name: String,
    login: String,
    act: SyncAct,
}

impl Leaving {
    pub(super) fn tell(&self, changes: &mut Changes) {
        changes.add(self.act, Some(self.person), &self.name, &self.login, "");
    }
}

/// Somebody to be taken in, and where their entry is.
struct Coming {
    dn: String,
    manager: Option<String>,
    photo: Option<Photo>,
    vouched: Vouched,
}

impl Run {
    /// Does what a page of entries says.
    pub(super) fn take_page(&mut self, page: Page<Person>) -> Result<(), Stop> {
        self.summary.counts.people += (page.items.len() + page.skipped.len()) as u64;
        for skipped in page.skipped {
            match &skipped.id {
                Some(subject) => drop(self.seen.insert(hash(subject))),
                None => self.nameless = true,
            }
            self.skip(&skipped);
        }
        let subjects: Vec<&str> = page.items.iter().map(|person| person.id.as_str()).collect();
        let known = identities::named(&mut *self.house.reader()?, self.source.id, &subjects)?;
        let mut known: HashMap<String, (Identity, Row)> =
            known.into_iter().map(|(identity, row)| (identity.subject.clone(), (identity, row))).collect();
        let mut coming = Vec::new();
        let mut active = Vec::new();
        let mut pictured = Vec::new();
        for mut person in page.items {
            if !self.seen.insert(hash(&person.id)) {
                self.conflict(
                    None,
                    &person.display_name,
                    &person.login,
                    "another entry has the same unchanging name",
                );
                continue;
            }
            let usable = matches!(person.state, State::Active | State::Locked);
            match known.remove(&person.id) {
                None if usable => coming.push(self.coming(person)),
                // Nobody here, and nobody to come.
                None => {}
                Some((identity, row)) => {
                    self.grid.person(&person.dn, Some(row.person()));
                    self.met += u64::from(identity.standing != Standing::Inactive);
                    if !usable {
                        self.leaves(identity, row, SyncAct::Disabled)?;
                        continue;
                    }
                    if identity.standing != Standing::Active {
                        active.push(identity.subject.clone());
                    }
                    if self.is_back(&identity, &row)? {
                        continue;
                    }
                    let id = row.person();
                    self.reports(id, row.profile().manager, person.manager_dn.as_deref());
                    let (name, login) = (person.display_name.clone(), person.login.clone());
                    pictured.push(Pictured { person: id, name, login, photo: person.photo.take() });
                    let comes = self.coming(person);
                    if !comes.vouched.agrees(&row) {
                        coming.push(comes);
                    }
                }
            }
        }
        if !self.form.dry && !active.is_empty() {
            let subjects: Vec<&str> = active.iter().map(String::as_str).collect();
            self.write(|conn| identities::set_standing(conn, self.source.id, &subjects, Standing::Active))?;
        }
        let mut coming = coming.into_iter();
        loop {
            let some: Vec<Coming> = coming.by_ref().take(AT_ONCE).collect();
            if some.is_empty() {
                break;
            }
            self.take_some(some, &mut pictured)?;
            self.alive()?;
        }
        self.set_photos(pictured)
    }

    fn coming(&self, mut person: Person) -> Coming {
        let (dn, manager, photo) = (person.dn.clone(), person.manager_dn.clone(), person.photo.take());
        Coming { dn, manager, photo, vouched: Vouched::by_directory(&self.source, person, None) }
    }

    fn take_some(&mut self, some: Vec<Coming>, pictured: &mut Vec<Pictured>) -> Result<(), Stop> {
        let all: Vec<Vouched> = some.iter().map(|coming| coming.vouched.clone()).collect();
        let taken = self.house.access.take_in(&all, self.form.dry)?;
        for (Coming { dn, manager, photo, vouched }, taken) in some.into_iter().zip(taken) {
            let (name, login) = (vouched.name.as_str(), vouched.login.as_str());
            let (act, person, detail) = match taken {
                Taken::Added(person) => (SyncAct::Added, person, ""),
                Taken::Linked(person) => (SyncAct::Linked, Some(person), ""),
                Taken::Changed(person, what) => (SyncAct::Changed, Some(person), what),
                Taken::Unchanged(person) => {
                    self.grid.person(&dn, Some(person));
                    continue;
                }
                Taken::Refused(because) => {
                    // Who is only taken in when they sign in is no conflict.
                    if because != RefusedBecause::Unknown {
                        self.conflict(None, name, login, why(because));
                    }
                    continue;
                }
            };
            self.grid.person(&dn, person);
            if let (SyncAct::Changed, Some(person)) = (act, person) {
                self.changed(person, name, login, detail);
                continue;
            }
            match act {
                SyncAct::Added => self.summary.counts.added += 1,
                _ => self.summary.counts.linked += 1,
            }
            self.changes.add(act, person, name, login, detail);
            if let Some(person) = person {
                self.mentioned.insert(person);
                self.reports(person, None, manager.as_deref());
                let (name, login) = (name.to_owned(), login.to_owned());
                pictured.push(Pictured { person, name, login, photo });
            }
        }
        Ok(())
    }

    /// Somebody is not as they were; in a word, what is different.
    pub(super) fn changed(&mut self, person: PersonId, name: &str, login: &str, what: &str) {
        if self.mentioned.insert(person) {
            self.summary.counts.changed += 1;
            self.changes.add(SyncAct::Changed, Some(person), name, login, what);
        }
    }

    /// An account that is suspended although the directory has them: let in again when a source suspended it. Says whether that
    /// is all there is to do about it.
    fn is_back(&mut self, identity: &Identity, row: &Row) -> Result<bool, Stop> {
        if row.suspended_at.is_none() {
            return Ok(false);
        }
        let person = row.person();
        if !row.suspended_by_source() {
            self.summary.counts.left_alone += 1;
            self.changes.add(
                SyncAct::LeftAlone,
                Some(person),
                &row.name,
                &identity.login,
                "suspended by hand",
            );
            return Ok(true);
        }
        if identities::kept_out(&mut *self.house.reader()?, row, self.source.id)? {
            self.summary.counts.left_alone += 1;
            let why = "suspended by another source";
            self.changes.add(SyncAct::LeftAlone, Some(person), &row.name, &identity.login, why);
            return Ok(true);
        }
        if !self.form.dry {
            self.house.access.reinstate_for_source(person, self.source.id, &identity.subject)?;
        }
        self.summary.counts.reinstated += 1;
        self.changes.add(SyncAct::Reinstated, Some(person), &row.name, &identity.login, "");
        Ok(true)
    }

    /// Everybody the source knew and no longer has is to leave. Nobody needs to be looked for when all were met.
    pub(super) fn find_gone(&mut self) -> Result<(), Stop> {
        if self.nameless || self.met == self.active {
            return Ok(());
        }
        let mut after: Option<String> = None;
        loop {
            let page = identities::page(
                &mut *self.house.reader()?,
                self.source.id,
                after.as_deref(),
                LOOKED_THROUGH,
            )?;
            let Some((last, _)) = page.last() else { return Ok(()) };
            after = Some(last.subject.clone());
            for (identity, row) in page {
                if !self.seen.contains(&hash(&identity.subject)) {
                    self.leaves(identity, row, SyncAct::Gone)?;
                }
            }
            self.alive()?;
        }
    }

    /// Somebody left, or is disabled: once, however often it is read again.
    fn leaves(&mut self, identity: Identity, row: Row, act: SyncAct) -> Result<(), Stop> {
        if identity.standing == Standing::Inactive {
            return Ok(());
        }
        let person = row.person();
        if row.suspended_at.is_none() && !self.elsewhere(person)? {
            let Identity { subject, login, .. } = identity;
            self.leaving.push(Leaving { person, subject, name: row.name, login, act });
            return Ok(());
        }
        if !self.form.dry {
            self.write(|conn| {
                identities::set_standing(conn, self.source.id, &[&identity.subject], Standing::Inactive)
            })?;
        }
        if row.suspended_at.is_none() {
            self.summary.counts.left_alone += 1;
            let why = "another directory has them";
            self.changes.add(SyncAct::LeftAlone, Some(person), &row.name, &identity.login, why);
        }
        Ok(())
    }

    /// Whether another source said, when it was last read, that they may use their account.
    fn elsewhere(&self, person: PersonId) -> Result<bool, Error> {
        let all = identities::of_person(&mut *self.house.reader()?, person)?;
        Ok(all.iter().any(|other| other.source != self.source.id && other.standing == Standing::Active))
    }

    /// Suspends those who are to leave.
    pub(super) fn suspend(&mut self) -> Result<(), Stop> {
        let leaving = std::mem::take(&mut self.leaving);
        // What is counted from here on is done, also when the run is cut short.
        self.summary.counts.suspended -= leaving.len() as u64;
        for leaving in leaving {
            let Leaving { person, subject, name, login, .. } = &leaving;
            match self.house.access.suspend_for_source(*person, self.source.id, subject) {
                Ok(()) => self.summary.counts.suspended += 1,
                Err(error) if error.code == Code::LastAdmin => {
                    self.conflict(
                        Some(*person),
                        name,
                        login,
                        "the last administrator who can sign in is not suspended",
                    );
                }
                Err(error) => return Err(error.into()),
            }
            self.alive()?;
        }
        Ok(())
    }

    fn conflict(&mut self, person: Option<PersonId>, name: &str, login: &str, why: &str) {
        self.summary.counts.conflicts += 1;
        self.changes.add(SyncAct::Conflict, person, name, login, why);
    }
}

fn why(because: RefusedBecause) -> &'static str {
    match because {
        RefusedBecause::Unknown => "accounts are not made by this source",
        RefusedBecause::Login => "their login cannot be made a user name",
        RefusedBecause::UsernameTaken => "the user name belongs to somebody else",
        RefusedBecause::Privileged => {
            "the account found may do more than chat: an administrator must link it"
        }
        RefusedBecause::LinkedElsewhere => "the account found is linked to somebody else of this source",
        RefusedBecause::Suspended => "the account found is suspended",
        RefusedBecause::EmailDomain => "their e-mail address is of a domain that is not let in",
    }
}
