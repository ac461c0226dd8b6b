//! Signing in, signing out, and the list of a person's devices.

use chancery_ledger::{Kind, Stream};
use chancery_protocol::Micros;
use chancery_protocol::factors::FactorKind;
use chancery_protocol::http::{ChangePassword, Session, SessionInfo, SignIn};
use chancery_protocol::ids::{Id, PersonId, SessionId, SourceId};

use super::delay::Subject;
use super::factors::second::Proven;
use super::form::{NotHere, Tried};
use super::origin::Origin;
use super::records::{EndReason, PasswordReason, PasswordSet, SessionEnded, SignedIn};
use super::store::{self, SessionRow};
use super::token::Token;
use super::{Access, Caller, device, emergency, factors, opens_console, password};
use crate::directory::store as people;
use crate::directory::{Entry, names};
use crate::ground::db::Conn;
use crate::ground::db::dialect::raw;
use crate::ground::error::{Code, Error};
use crate::journal::{Draft, Placed, Unit};

const HOUR: Micros = 3_600_000_000;
/// How often an operation is prepared anew when its sessions changed before it was committed.
const PREPARED: usize = 16;
/// The mark of such a change; it never leaves this room.
const MOVED: &str = "the sessions changed before the commit";

/// A session that has just begun.
pub(super) struct Started {
    /// For the cookie.
    pub token: Token,
    /// For the page.
    pub info: SessionInfo,
    /// How long the cookie may live.
    pub lasts: Micros,
    /// For the cookie by which the device is known, when it was a password that was proven.
    pub device: Option<String>,
}

/// A session about to begin with the unit it is part of.
pub(super) struct Beginning {
    pub token: Token,
    pub row: SessionRow,
    pub draft: Draft,
}

/// Sessions about to end with the unit they are part of: a record for each, and the rows the work must find.
pub(super) struct Ending {
    pub drafts: Vec<Draft>,
    person: PersonId,
    sessions: Vec<SessionId>,
    kept: Option<SessionId>,
}

impl Ending {
    /// Ends them, under the head lock. When others than prepared are running by now, nothing happens and the whole
    /// unit is prepared anew: every session that ends has its record.
    pub fn end(&self, conn: &mut Conn, at: Micros) -> Result<(), Error> {
        let running = store::of_person(conn, self.person, at)?;
        let unknown = running
            .iter()
            .map(|row| row.id.id())
            .any(|id: SessionId| Some(id) != self.kept && !self.sessions.contains(&id));
        if unknown {
            return Err(moved());
        }
        for session in &self.sessions {
            if !store::end_session(conn, *session)? {
                return Err(moved());
            }
        }
        Ok(())
    }
}

pub(super) fn moved() -> Error {
    Error::internal(MOVED)
}

impl Access {
    /// Runs an operation again while it fails because sessions changed between preparing and committing.
    pub(super) fn settled<T>(&self, operation: impl Fn() -> Result<T, Error>) -> Result<T, Error> {
        for _ in 1..PREPARED {
            match operation() {
                Err(e) if e.internal.as_deref() == Some(MOVED) => {}
                result => return result,
            }
        }
        operation()
    }

    /// Tries a password against the account made here that has the name.
    pub(super) fn try_password(
        &self,
        form: &SignIn,
        origin: &Origin,
        caller: Option<&Caller>,
        device: Option<&str>,
    ) -> Result<Tried, Error> {
        let username = names::username(&form.username).ok();
        let mut conn = self.reader()?;
        let (row, emergency) = match &username {
            Some(username) => {
                (people::by_username(&mut conn, username)?, emergency::by_username(&mut conn, username)?)
            }
            None => (None, None),
        };
        drop(conn);
        let elsewhere = emergency.is_some_and(|emergency| !emergency.admits(origin.address));
        let device = self.known_device(device, &form.username)?;
        let tried = Tries { name: &form.username, origin, caller, device, elsewhere };
        let subjects = tried.subjects(row.as_ref().map(people::Row::person));
        self.0.delays.count(&subjects, self.now())?;
        let hash = row.as_ref().and_then(|row| row.password.clone());
        let right = match self.0.hasher.verify(&form.password, hash.as_deref()) {
            Ok(right) => right,
            Err(e) => {
                self.0.delays.take_back(&subjects, false)?;
                return Err(e);
            }
        };
        if !right || elsewhere {
            let refused = match &row {
                Some(row) if right => Some(self.emergency_refused(row.person(), origin)?),
                _ => None,
            };
            return Ok(Tried::Not(Box::new(NotHere { subjects, row, refused })));
        }
        let Some(row) = row else { return Err(Code::SignInFailed.into()) };
        self.0.delays.take_back(&subjects, true)?;
        if row.suspended_at.is_some() {
            return Err(Code::Suspended.into());
        }
        self.settled(|| self.enter(form, &row, origin))
    }

    /// Begins a session on a right password, or asks for a second factor.
    fn enter(&self, form: &SignIn, row: &people::Row, origin: &Origin) -> Result<Tried, Error> {
        let (person, hash) = (row.person(), row.password.clone());
        let (name, keep) = (form.username.as_str(), form.keep);
        let proven = Proven { person, password: hash.as_deref(), source: None, name, keep, confirms: None };
        if let Some(step) = self.ask_second(&proven)? {
            return Ok(Tried::Second(Box::new(step)));
        }
        let beginning = self.beginning(person, origin, None)?;
        let session = beginning.row.clone();
        self.0.journal.commit_blocking(Unit {
            records: vec![beginning.draft],
            work: Some(Box::new(move |conn, _| {
                let now = people::get(conn, person)?;
                if now.suspended_at.is_some() {
                    return Err(Code::Suspended.into());
                }
                if now.password != hash {
                    return Err(Code::SignInFailed.into());
                }
                if factors::store::any(conn, person)? {
                    return Err(moved());
                }
                store::insert_session(conn, &session)
            })),
            ..Unit::default()
        })?;
        let mut started = self.started(beginning.token, &beginning.row)?;
        started.device = Some(self.device_cookie(person, &form.username)?);
        Ok(Tried::In(Box::new(started)))
    }

    /// Prepares a session.
    pub(super) fn beginning(
        &self,
        person: PersonId,
        origin: &Origin,
        source: Option<SourceId>,
    ) -> Result<Beginning, Error> {
        self.beginning_with(person, origin, source, None)
    }

    /// As `beginning`, after a second factor was shown.
    pub(super) fn beginning_with(
        &self,
        person: PersonId,
        origin: &Origin,
        source: Option<SourceId>,
        factor: Option<FactorKind>,
    ) -> Result<Beginning, Error> {
        let token = Token::new(self.0.journal.random())?;
        let now = self.now();
        let session: SessionId = self.0.journal.id()?;
        let lasts = now + HOUR * i64::from(self.0.settings.session_hours);
        let expires_at = match self.guest_until(person)? {
            Some(ends_at) if ends_at <= now => return Err(Code::Suspended.into()),
            Some(ends_at) => lasts.min(ends_at),
            None => lasts,
        };
        let (device, address) = (origin.device.clone(), origin.address_text());
        let body = SignedIn { session, device, address, expires_at, source, factor };
        let draft = self.draft(person, Kind::SignedIn, Some(person), session.bytes(), &body)?;
        let row = SessionRow {
            id: raw(session),
            person: raw(person),
            token_hash: token.hash().to_vec(),
            device: body.device,
            address: body.address,
            created_at: now,
            seen_at: now,
            expires_at,
            source: source.map(raw),
            provider_session: None,
            id_token: None,
            proven_at: now,
            scopes: None,
        };
        Ok(Beginning { token, row, draft })
    }

    /// Until when a guest is here; none for everybody else, nor for an account that is yet to be made.
    fn guest_until(&self, person: PersonId) -> Result<Option<Micros>, Error> {
        match people::get(&mut *self.reader()?, person) {
            Ok(row) => Ok(row.guest().map(|terms| terms.ends_at)),
            Err(error) if error.code == Code::PersonNotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// What a page is told of a session that has begun.
    pub(super) fn started(&self, token: Token, row: &SessionRow) -> Result<Started, Error> {
        let caller_row = people::get(&mut *self.reader()?, row.person.id())?;
        let info = SessionInfo {
            session: row.id.id(),
            me: self.person(&caller_row),
            roles: caller_row.roles().list(),
            console: opens_console(caller_row.roles()),
            csrf: token.csrf(),
            expires_at: row.expires_at,
        };
        Ok(Started { token, info, lasts: row.expires_at - row.created_at, device: None })
    }

    /// What a page is told of the session it has.
    pub(super) fn session_info(&self, caller: &Caller) -> Result<SessionInfo, Error> {
        let row = people::get(&mut *self.reader()?, caller.person)?;
        Ok(SessionInfo {
            session: caller.session,
            me: self.person(&row),
            roles: row.roles().list(),
            console: opens_console(row.roles()),
            csrf: caller.csrf.clone(),
            expires_at: caller.expires_at,
        })
    }

    /// A person's sessions, newest first.
    pub(super) fn sessions(&self, caller: &Caller, person: PersonId) -> Result<Vec<Session>, Error> {
        let rows = store::of_person(&mut *self.reader()?, person, self.now())?;
        Ok(rows
            .into_iter()
            .filter(|row| row.scopes.is_none())
            .map(|row| Session {
                id: row.id.id(),
                device: row.device,
                address: row.address,
                created_at: row.created_at,
                seen_at: row.seen_at,
                expires_at: row.expires_at,
                current: row.id.id::<SessionId>() == caller.session,
            })
            .collect())
    }

    /// Prepares the end of all sessions of a person but `kept`.
    pub(super) fn ending(
        &self,
        person: PersonId,
        kept: Option<SessionId>,
        reason: EndReason,
        actor: Option<PersonId>,
    ) -> Result<Ending, Error> {
        let rows = store::of_person(&mut *self.reader()?, person, self.now())?;
        let sessions: Vec<SessionId> =
            rows.iter().map(|row| row.id.id()).filter(|id| Some(*id) != kept).collect();
        let drafts = sessions
            .iter()
            .map(|session| self.ended(person, *session, reason, actor))
            .collect::<Result<_, _>>()?;
        Ok(Ending { drafts, person, sessions, kept })
    }

    pub(super) fn ended(
        &self,
        person: PersonId,
        session: SessionId,
        reason: EndReason,
        actor: Option<PersonId>,
    ) -> Result<Draft, Error> {
        let body = SessionEnded { session, reason };
        self.draft(person, Kind::SessionEnded, actor, session.bytes(), &body)
    }

    /// Ends one session of a person.
    ///
    /// # Errors
    /// `not_found` when it is not running or not theirs.
    pub(super) fn end_session(
        &self,
        person: PersonId,
        session: SessionId,
        reason: EndReason,
        actor: PersonId,
    ) -> Result<(), Error> {
        self.end_session_with(person, session, reason, actor, None)
    }

    /// As [`Access::end_session`]; `first` is a record of the same unit.
    ///
    /// # Errors
    /// As [`Access::end_session`].
    pub(super) fn end_session_with(
        &self,
        person: PersonId,
        session: SessionId,
        reason: EndReason,
        actor: PersonId,
        first: Option<Draft>,
    ) -> Result<(), Error> {
        let rows = store::of_person(&mut *self.reader()?, person, self.now())?;
        if !rows.iter().any(|row| row.id == raw(session)) {
            return Err(Code::NotFound.into());
        }
        let ended = self.ended(person, session, reason, Some(actor))?;
        self.0.journal.commit_blocking(Unit {
            records: first.into_iter().chain([ended]).collect(),
            work: Some(Box::new(move |conn, _| {
                if store::end_session(conn, session)? { Ok(()) } else { Err(Code::NotFound.into()) }
            })),
            ..Unit::default()
        })?;
        Ok(())
    }

    /// Changes the caller's password and ends their other sessions. Answers what the device is known by from then on.
    pub(super) fn change_password(&self, caller: &Caller, form: &ChangePassword) -> Result<String, Error> {
        password::check(&form.new).map_err(|e| e.field("new"))?;
        let person = caller.person;
        let stored = self.prove_password(caller, &form.current, "current")?;
        let new = self.0.hasher.hash(&form.new, self.0.journal.random())?;
        self.settled(|| {
            let ending = self.ending(person, Some(caller.session), EndReason::PasswordSet, Some(person))?;
            let body = PasswordSet { reason: PasswordReason::Changed };
            let mut records =
                vec![self.draft(person, Kind::PasswordSet, Some(person), person.bytes(), &body)?];
            records.extend(ending.drafts.iter().cloned());
            let (stored, new, own) = (stored.clone(), new.clone(), caller.session);
            let work = move |conn: &mut Conn, placed: &[Placed]| {
                let at = at(placed);
                if store::live(conn, &[own], at)?.is_empty() {
                    return Err(Code::SignedOut.into());
                }
                if people::get(conn, person)?.password != stored {
                    return Err(Code::SignInFailed.into());
                }
                people::set_password(conn, person, &new)?;
                store::void_links(conn, Some(person))?;
                ending.end(conn, at)
            };
            self.0.journal.commit_blocking(Unit {
                records,
                work: Some(Box::new(work)),
                ..Unit::default()
            })?;
            Ok(())
        })?;
        let username = people::get(&mut *self.reader()?, person)?.username;
        self.device_cookie(person, &username)
    }

    /// A draft in a person's stream.
    pub(super) fn draft(
        &self,
        person: PersonId,
        kind: Kind,
        actor: Option<PersonId>,
        target: [u8; 16],
        body: &impl serde::Serialize,
    ) -> Result<Draft, Error> {
        let mut draft = self.0.journal.draft(Stream::Person(person.bytes()), kind, actor, body)?;
        draft.target = Some(target);
        Ok(draft)
    }

    /// A person as colleagues see them; the snapshot knows their status.
    pub(super) fn person(&self, row: &people::Row) -> chancery_protocol::person::Person {
        let known: Option<std::sync::Arc<Entry>> = self.0.directory.get(row.person());
        chancery_protocol::person::Person {
            id: row.person(),
            username: row.username.clone(),
            name: row.name.clone(),
            status: known.and_then(|entry| entry.person.status.clone()),
            suspended: row.suspended_at.is_some(),
            bot: row.is_bot(),
            guest: row.is_guest(),
            terms: row.guest(),
            title: row.title.clone(),
            department: row.department.clone(),
            photo: row.photo.clone(),
        }
    }

    pub(super) fn reader(&self) -> Result<diesel::r2d2::PooledConnection<crate::ground::db::Readers>, Error> {
        self.0.journal.db().reader()
    }
}

/// When a unit is committed.
pub(super) fn at(placed: &[Placed]) -> Micros {
    placed.first().map_or(0, |placed| placed.at)
}

/// A try to sign in.
struct Tries<'a> {
    name: &'a str,
    origin: &'a Origin,
    caller: Option<&'a Caller>,
    /// The device, when the account was signed in to from it before.
    device: Option<Subject>,
    /// Whether the account cannot be used from there.
    elsewhere: bool,
}

impl Tries<'_> {
    /// Whose tries it counts to. A device that is signed in as this very person, or was before, is on its own.
    fn subjects(&self, person: Option<PersonId>) -> Vec<Subject> {
        let name = device::typed(self.name);
        let address = self.origin.address.map(Subject::Address);
        if self.elsewhere {
            return std::iter::once(Subject::Elsewhere(name)).chain(address).collect();
        }
        match (self.caller.filter(|caller| Some(caller.person) == person), &self.device) {
            (Some(caller), _) => vec![Subject::Session(caller.session)],
            (None, Some(device)) => vec![device.clone()],
            (None, None) => std::iter::once(Subject::Account(name)).chain(address).collect(),
        }
    }
}
