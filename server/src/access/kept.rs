//! People whom a source keeps here itself, by our own ids for them (SCIM): made, linked, changed, suspended and let in again when
//! it says so, in one unit with what it keeps of them. The same rules as at the door (`admission`), without a session.

use chancery_ledger::Kind;
use chancery_protocol::Micros;
use chancery_protocol::ids::{GroupId, Id, PersonId, SourceId};

use super::Access;
use super::accounts::keep_an_admin;
use super::admission::{Account, CHATTING, look};
use super::records::{EndReason, RefusedBecause};
use super::sessions::{Ending, at, moved};
use super::store;
use super::vouched::Vouched;
use crate::directory::identities::{self, Identity, Standing};
use crate::directory::records::{IdentityLink, LinkedBy, PersonReinstated, PersonSuspended, Via};
use crate::directory::store::{self as people, Row};
use crate::ground::db::Conn;
use crate::ground::error::{Code, Error};
use crate::journal::{Draft, Placed, Unit};

/// How a source wants somebody to be.
pub struct Wish {
    /// What it says of them. `person` is there for somebody it keeps already; `subject` follows from it.
    pub vouched: Vouched,
    /// Whether they may come in, when it says something new about that.
    pub active: Option<bool>,
    /// The provider at which they sign in, and who they are there.
    pub signs_in: Option<(SourceId, String)>,
    /// The same as it was until now.
    pub signed_in: Option<(SourceId, String)>,
}

/// What was done, for what is written with it.
pub struct Done<'a> {
    /// To whom.
    pub person: PersonId,
    /// When.
    pub at: Micros,
    /// Groups of the source they are no longer in.
    pub left: &'a [GroupId],
}

/// What is written in the same unit.
pub type Also = Box<dyn Fn(&mut Conn, &Done<'_>) -> Result<(), Error> + Send>;

/// What follows from being wanted here or not.
enum Next {
    Stays,
    Suspended(Ending),
    Reinstated,
}

/// What changes at the provider where somebody signs in.
#[derive(Default)]
struct Ways {
    linked: Option<(SourceId, String)>,
    unlinked: Option<Identity>,
    /// Sessions that may have begun by what is no longer linked.
    ending: Option<Ending>,
}

impl Access {
    /// Makes somebody be as their source wants. `also` prepares what is written with it, once it is known whose account it is.
    ///
    /// # Errors
    /// `not_found` when they are no longer linked, `last_admin`; those of `also`; when the records cannot be written.
    pub fn keep_person(
        &self,
        wish: &Wish,
        also: impl Fn(PersonId) -> Result<Also, Error>,
    ) -> Result<Result<PersonId, RefusedBecause>, Error> {
        self.settled(|| {
            let (vouched, new) = self.by_own_id(&wish.vouched)?;
            let before = look(&mut *self.reader()?, &vouched)?;
            let account = match (&before.identity, &before.account, wish.vouched.person) {
                (Some(_), Some(row), _) => Account::Known(row.clone()),
                (_, _, Some(_)) => return Err(Code::NotFound.into()),
                (_, _, None) => match self.account_for(&before, &vouched)? {
                    Ok(account) => account,
                    Err(because) => return Ok(Err(because)),
                },
            };
            let (row, by) = match &account {
                Account::Known(row) | Account::Found(row, _) => (Some(row.clone()), LinkedBy::Source),
                Account::New(_) => (None, LinkedBy::Created),
            };
            // Somebody else was found than a moment ago.
            let whose = row.as_ref().map(Row::person);
            if whose.is_none() != new || whose.is_some_and(|person| Some(person) != vouched.person) {
                return Err(moved());
            }
            let (person, changes) = self.changes(&before, account, &vouched)?;
            let mut records = changes.drafts.clone();
            let next = self.next(person, row.as_ref(), wish.active, vouched.source, &mut records)?;
            let ways = match self.ways(wish, &vouched, (person, row.as_ref()), by, &next, &mut records)? {
                Ok(ways) => ways,
                Err(because) => return Ok(Err(because)),
            };
            let standing = wish.active.map(|active| match active {
                true => Standing::Active,
                false => Standing::Inactive,
            });
            let also = also(person)?;
            let now = self.now();
            let work = move |conn: &mut Conn, placed: &[Placed]| {
                if look(conn, &vouched)? != before {
                    return Err(moved());
                }
                let at = if placed.is_empty() { now } else { at(placed) };
                changes.write(conn, person, &vouched, None, at)?;
                if before.identity.as_ref().is_some_and(|identity| identity.login != vouched.login) {
                    identities::set_login(conn, vouched.source, &vouched.subject, &vouched.login)?;
                }
                if let Some(standing) = standing {
                    identities::set_standing(conn, vouched.source, &[&vouched.subject], standing)?;
                }
                next.write(conn, person, vouched.source, at)?;
                ways.write(conn, person, &vouched, at)?;
                also(conn, &Done { person, at, left: &changes.left })
            };
            // Nothing that anybody goes by changes: there is nothing to put on record.
            if records.is_empty() {
                self.0.journal.db().write_here(|conn| work(conn, &[]))?;
            } else {
                let unit = Unit { records, work: Some(Box::new(work)), ..Unit::default() };
                self.0.journal.commit_blocking(unit)?;
            }
            Ok(Ok(person))
        })
    }

    /// Whom it is about, by our own id, and whether that is somebody new: whom the source keeps already; whom it names as they
    /// signed in when they were last here; whom its rule finds; else somebody new.
    fn by_own_id(&self, said: &Vouched) -> Result<(Vouched, bool), Error> {
        let mut conn = self.reader()?;
        let known = match said.person {
            Some(person) => Some(person),
            None => match identities::detached(&mut conn, said.source, &said.login)? {
                Some(identity) => Some(identity.person),
                None => {
                    let nobody_yet = Vouched { subject: String::new(), ..said.clone() };
                    look(&mut conn, &nobody_yet)?.account.map(|row| row.person())
                }
            },
        };
        drop(conn);
        let person = known.map_or_else(|| self.0.journal.id(), Ok)?;
        let vouched = Vouched { person: Some(person), subject: person.to_string(), ..said.clone() };
        Ok((vouched, known.is_none()))
    }

    fn next(
        &self,
        person: PersonId,
        row: Option<&Row>,
        active: Option<bool>,
        source: SourceId,
        records: &mut Vec<Draft>,
    ) -> Result<Next, Error> {
        let via = Via::Source(source);
        let suspended = row.is_some_and(|row| row.suspended_at.is_some());
        match active {
            Some(false) if !suspended => {
                let body = PersonSuspended { via };
                records.push(self.draft(person, Kind::PersonSuspended, None, person.bytes(), &body)?);
                let ending = self.ending(person, None, EndReason::Suspended, None)?;
                records.extend(ending.drafts.iter().cloned());
                Ok(Next::Suspended(ending))
            }
            // What was done by hand stays, and what another source still says.
            Some(true) => {
                let Some(row) = row.filter(|row| row.suspended_by_source()) else { return Ok(Next::Stays) };
                if identities::kept_out(&mut *self.reader()?, row, source)? {
                    return Ok(Next::Stays);
                }
                let body = PersonReinstated { via };
                records.push(self.draft(person, Kind::PersonReinstated, None, person.bytes(), &body)?);
                Ok(Next::Reinstated)
            }
            _ => Ok(Next::Stays),
        }
    }

    /// Who they are at the provider where they sign in follows what the source says, for accounts that only chat: others are
    /// linked by an administrator.
    fn ways(
        &self,
        wish: &Wish,
        vouched: &Vouched,
        (person, row): (PersonId, Option<&Row>),
        by: LinkedBy,
        next: &Next,
        records: &mut Vec<Draft>,
    ) -> Result<Result<Ways, RefusedBecause>, Error> {
        let mut ways = Ways::default();
        if wish.signs_in == wish.signed_in {
            return Ok(Ok(ways));
        }
        let mut conn = self.reader()?;
        let mut find = |there: &Option<(SourceId, String)>| match there {
            Some((source, subject)) => identities::find(&mut conn, *source, subject),
            None => Ok(None),
        };
        let (there, was) = (find(&wish.signs_in)?, find(&wish.signed_in)?);
        drop(conn);
        if there.as_ref().is_some_and(|other| other.person != person) {
            return Ok(Err(RefusedBecause::LinkedElsewhere));
        }
        let body = |source: SourceId, subject: &str, by| IdentityLink {
            source,
            subject: subject.to_owned(),
            login: vouched.login.clone(),
            by,
            second: None,
            via: Via::Source(vouched.source),
        };
        if let Some((source, subject)) = &wish.signs_in
            && there.is_none()
            && row.is_none_or(|row| CHATTING.holds(row.roles()))
        {
            let body = body(*source, subject, by);
            records.push(self.draft(person, Kind::IdentityLinked, None, person.bytes(), &body)?);
            ways.linked = Some((*source, subject.clone()));
        }
        if let Some(identity) = was.filter(|identity| identity.person == person) {
            let body = body(identity.source, &identity.subject, LinkedBy::Source);
            records.push(self.draft(person, Kind::IdentityUnlinked, None, person.bytes(), &body)?);
            ways.unlinked = Some(identity);
            if !matches!(next, Next::Suspended(_)) {
                let ending = self.ending(person, None, EndReason::EndedByProvider, None)?;
                records.extend(ending.drafts.iter().cloned());
                ways.ending = Some(ending);
            }
        }
        Ok(Ok(ways))
    }
}

impl Next {
    fn write(&self, conn: &mut Conn, person: PersonId, source: SourceId, at: Micros) -> Result<(), Error> {
        match self {
            Self::Stays => Ok(()),
            Self::Suspended(ending) => {
                keep_an_admin(conn, person)?;
                ending.end(conn, at)?;
                store::void_links(conn, Some(person))?;
                people::set_suspended(conn, person, Some(at), Some(source))
            }
            Self::Reinstated => people::set_suspended(conn, person, None, None),
        }
    }
}

impl Ways {
    fn write(&self, conn: &mut Conn, person: PersonId, vouched: &Vouched, at: Micros) -> Result<(), Error> {
        if let Some(identity) = &self.unlinked
            && !identities::unlink(conn, identity)?
        {
            return Err(moved());
        }
        if let Some((source, subject)) = &self.linked {
            if identities::find(conn, *source, subject)?.is_some() {
                return Err(moved());
            }
            let identity = Identity {
                source: *source,
                subject: subject.clone(),
                person,
                login: vouched.login.clone(),
                linked_at: at,
                seen_at: None,
                standing: Standing::Unknown,
            };
            identities::link(conn, &identity)?;
        }
        match &self.ending {
            Some(ending) => ending.end(conn, at),
            None => Ok(()),
        }
    }
}
