//! The second step of signing in. Whoever proved the password of an account with second factors has a ticket and no session; the session
//! begins when a factor is shown.
//!
//! What must stay true: a ticket opens nothing without a factor; it is over after five minutes, after one success, and when the
//! password, the account or its source is not as it was; a wrong code costs more and more time, whatever ticket it comes with.

use chancery_ledger::{Kind, Stream};
use chancery_protocol::Micros;
use chancery_protocol::factors::{FactorKind, FinishSecondStep, SecondStep};
use chancery_protocol::http::SessionInfo;
use chancery_protocol::ids::{FactorId, Id, PersonId, SessionId, SourceId};
use serde::{Deserialize, Serialize};
use webauthn_rs::prelude::{AuthenticationResult, Passkey, PasskeyAuthentication};

use super::passkey::shown_again;
use super::store::{self, Row};
use super::ticket::{Purpose, Ticket, digest};
use super::{place, totp};
use crate::access::delay::Subject;
use crate::access::origin::Origin;
use crate::access::records::{Confirmed, EmergencyUsed};
use crate::access::sessions::{Started, at, moved};
use crate::access::store::{confirm, insert_session};
use crate::access::{Access, Caller, emergency};
use crate::directory::{identities, sources, store as people};
use crate::ground::db::Conn;
use crate::ground::error::{Code, Error};
use crate::journal::{Draft, Placed, Unit};
use crate::vault::Scope;

/// How long the second step may take.
const STEP: Micros = 5 * 60 * 1_000_000;

/// What proving the password came to.
pub(in crate::access) enum Entered {
    /// A session.
    In(Box<Started>),
    /// A second factor is to be shown.
    Second(Box<SecondStep>),
}

/// A password that was proven.
pub(in crate::access) struct Proven<'a> {
    /// Whose.
    pub person: PersonId,
    /// The hash the account has.
    pub password: Option<&'a str>,
    /// The directory that found it right; the account's own otherwise.
    pub source: Option<SourceId>,
    /// What was typed as the name, for the cookie of the device.
    pub name: &'a str,
    /// Whether the session's cookie outlives the window.
    pub keep: bool,
    /// The session that is confirmed by it; otherwise one begins.
    pub confirms: Option<SessionId>,
}

/// What a second step came to.
pub(in crate::access) enum Stepped {
    /// A session; its cookie may outlive the window.
    In { started: Box<Started>, keep: bool },
    /// The session there was goes on, confirmed.
    Confirmed(Box<SessionInfo>),
}

/// What the ticket holds.
#[derive(Serialize, Deserialize)]
struct Waiting {
    person: PersonId,
    proof: Option<String>,
    source: Option<SourceId>,
    name: String,
    keep: bool,
    confirms: Option<SessionId>,
    passkey: Option<PasskeyAuthentication>,
}

impl Waiting {
    /// What is looked at again under the head lock.
    fn still(&self) -> Self {
        Self { name: String::new(), passkey: None, proof: self.proof.clone(), ..*self }
    }
}

/// A factor that was shown and is right.
struct Shown {
    factor: FactorId,
    by: By,
}

enum By {
    /// The step of the code.
    Code(i64),
    Passkey(AuthenticationResult),
}

impl By {
    fn kind(&self) -> FactorKind {
        match self {
            Self::Code(_) => FactorKind::Totp,
            Self::Passkey(_) => FactorKind::Passkey,
        }
    }
}

/// What being used changes of a factor.
#[derive(Clone)]
enum Change {
    Code(i64),
    Passkey { was: Vec<u8>, content: Vec<u8> },
}

impl Change {
    fn write(&self, conn: &mut Conn, factor: FactorId, at: Micros) -> Result<(), Error> {
        match self {
            // Somebody was quicker with the same code.
            Self::Code(step) if !store::use_code(conn, factor, *step, at)? => Err(Code::FactorFailed.into()),
            Self::Passkey { was, content } if !store::use_passkey(conn, factor, was, content, at)? => {
                Err(moved())
            }
            _ => Ok(()),
        }
    }
}

impl Access {
    /// What is to be shown after a proven password; `None` for an account without second factors. Whoever begins a session on
    /// `None` asks again under the head lock.
    pub(in crate::access) fn ask_second(&self, proven: &Proven<'_>) -> Result<Option<SecondStep>, Error> {
        let rows = store::of_person(&mut *self.reader()?, proven.person)?;
        if rows.is_empty() {
            return Ok(None);
        }
        let passkeys: Vec<Passkey> =
            self.passkeys_of(&rows)?.into_iter().map(|(_, passkey)| passkey).collect();
        let totp = rows.iter().any(|row| row.kind == store::number(FactorKind::Totp));
        let (passkey, state) = self.0.passkeys.begin(&passkeys)?.unzip();
        let waiting = Waiting {
            person: proven.person,
            proof: digest(proven.password),
            source: proven.source,
            name: proven.name.to_owned(),
            keep: proven.keep,
            confirms: proven.confirms,
            passkey: state,
        };
        Ok(Some(SecondStep { ticket: self.seal_ticket(Purpose::SecondStep, STEP, waiting)?, totp, passkey }))
    }

    /// Begins the session once a factor is shown, or confirms the one there is: that of the caller, who was asked.
    pub(in crate::access) fn finish_second(
        &self,
        form: &FinishSecondStep,
        origin: &Origin,
        caller: Option<&Caller>,
    ) -> Result<Stepped, Error> {
        let ticket: Ticket<Waiting> =
            self.open_ticket(Purpose::SecondStep, &form.ticket)?.ok_or(Code::SecondStepOver)?;
        if self.is_spent(&ticket)? {
            return Err(Code::SecondStepOver.into());
        }
        let (waiting, person) = (&ticket.body, ticket.body.person);
        let confirms = match waiting.confirms {
            None => None,
            Some(session) => {
                let caller = caller.filter(|caller| (caller.session, caller.person) == (session, person));
                Some(caller.ok_or(Code::SecondStepOver)?)
            }
        };
        let mut conn = self.reader()?;
        still_waits(&mut conn, waiting)?;
        let admitted = emergency::of(&mut conn, person)?.is_none_or(|row| row.admits(origin.address));
        drop(conn);
        if !admitted {
            return self.refuse_second(person, origin);
        }
        let subjects = [Subject::Factor(person)];
        self.0.delays.count(&subjects, self.now())?;
        let shown = self.shown(form, waiting);
        if shown.as_ref().is_err_and(|e| e.code != Code::FactorFailed) {
            self.0.delays.take_back(&subjects, false)?;
        }
        let shown = shown?;
        if !self.spend_ticket(&ticket)? {
            return Err(Code::SecondStepOver.into());
        }
        if let Some(caller) = confirms {
            self.settled(|| self.confirm_with(waiting, &shown, caller))?;
            self.0.delays.take_back(&subjects, true)?;
            return Ok(Stepped::Confirmed(Box::new(self.session_info(caller)?)));
        }
        let mut started = Box::new(self.settled(|| self.begin_with(waiting, &shown, origin))?);
        self.0.delays.take_back(&subjects, true)?;
        started.device = Some(self.device_cookie(person, &waiting.name)?);
        Ok(Stepped::In { started, keep: waiting.keep })
    }

    fn confirm_with(&self, waiting: &Waiting, shown: &Shown, caller: &Caller) -> Result<(), Error> {
        let (person, factor) = (waiting.person, shown.factor);
        let rows = store::of_person(&mut *self.reader()?, person)?;
        let row = rows.iter().find(|row| row.factor() == factor).ok_or(Code::FactorFailed)?;
        let change = self.change(row, shown)?;
        let body =
            Confirmed { session: caller.session, source: waiting.source, factor: Some(shown.by.kind()) };
        let record =
            self.draft(person, Kind::SessionConfirmed, Some(person), caller.session.bytes(), &body)?;
        let still = waiting.still();
        let session = caller.session;
        let work = move |conn: &mut Conn, placed: &[Placed]| {
            still_waits(conn, &still)?;
            let at = at(placed);
            change.write(conn, factor, at)?;
            if confirm(conn, session, at, at)? { Ok(()) } else { Err(Code::SignedOut.into()) }
        };
        let unit = Unit { records: vec![record], work: Some(Box::new(work)), ..Unit::default() };
        self.0.journal.commit_blocking(unit).map(drop)
    }

    /// The account is not to be used from there, although the password was right.
    fn refuse_second<T>(&self, person: PersonId, origin: &Origin) -> Result<T, Error> {
        let apart = Subject::Elsewhere(person.to_string());
        let subjects: Vec<Subject> =
            std::iter::once(apart).chain(origin.address.map(Subject::Address)).collect();
        self.0.delays.count(&subjects, self.now())?;
        let record = self.emergency_refused(person, origin)?;
        self.0.journal.commit_blocking(Unit { records: vec![record], ..Unit::default() })?;
        Err(Code::FactorFailed.into())
    }

    /// What was shown, judged.
    fn shown(&self, form: &FinishSecondStep, waiting: &Waiting) -> Result<Shown, Error> {
        let rows = store::of_person(&mut *self.reader()?, waiting.person)?;
        match (&form.code, &form.passkey, &waiting.passkey) {
            (Some(code), None, _) => {
                for row in rows.iter().filter(|row| row.kind == store::number(FactorKind::Totp)) {
                    let secret = self.content(row)?;
                    if let Some(step) = totp::find(&secret, code, self.now(), row.last_step) {
                        return Ok(Shown { factor: row.factor(), by: By::Code(step) });
                    }
                }
                Err(Error::from(Code::FactorFailed).field("code"))
            }
            (None, Some(answer), Some(state)) => {
                let result = self.0.passkeys.finish(answer, state)?;
                let passkeys = self.passkeys_of(&rows)?;
                let known = passkeys.iter().find(|(_, passkey)| passkey.cred_id() == result.cred_id());
                let factor = known.map(|(factor, _)| *factor).ok_or(Code::FactorFailed)?;
                Ok(Shown { factor, by: By::Passkey(result) })
            }
            _ => Err(Code::FactorFailed.into()),
        }
    }

    fn begin_with(&self, waiting: &Waiting, shown: &Shown, origin: &Origin) -> Result<Started, Error> {
        let (person, factor) = (waiting.person, shown.factor);
        let mut conn = self.reader()?;
        let rows = store::of_person(&mut conn, person)?;
        let emergency = emergency::of(&mut conn, person)?;
        drop(conn);
        let row = rows.iter().find(|row| row.factor() == factor).ok_or(Code::FactorFailed)?;
        let change = self.change(row, shown)?;
        let kind = shown.by.kind();
        let beginning = self.beginning_with(person, origin, waiting.source, Some(kind))?;
        let mut records = vec![beginning.draft];
        let used = emergency.as_ref().is_some_and(|row| row.active);
        if used {
            records.push(self.emergency_used(person, kind, origin)?);
        }
        let (session, address) = (beginning.row.clone(), origin.address);
        let still = waiting.still();
        let work = move |conn: &mut Conn, placed: &[Placed]| {
            still_waits(conn, &still)?;
            if emergency::of(conn, person)? != emergency {
                return Err(moved());
            }
            if !emergency.as_ref().is_none_or(|row| row.admits(address)) {
                return Err(Code::FactorFailed.into());
            }
            change.write(conn, factor, at(placed))?;
            if used {
                emergency::used(conn, person, at(placed))?;
            }
            insert_session(conn, &session)
        };
        self.0.journal.commit_blocking(Unit { records, work: Some(Box::new(work)), ..Unit::default() })?;
        if used {
            self.0.meters.emergency_sign_ins.inc();
            tracing::warn!("somebody signed in with an account for emergencies");
        }
        self.started(beginning.token, &beginning.row)
    }

    /// What being shown changes of a factor as it is now.
    fn change(&self, row: &Row, shown: &Shown) -> Result<Change, Error> {
        match &shown.by {
            By::Code(step) => Ok(Change::Code(*step)),
            By::Passkey(result) => {
                let passkey = shown_again(&self.passkey(row)?, result)?;
                let plain = serde_json::to_vec(&passkey).map_err(Error::internal)?;
                let scope = Scope::Person(row.person.id());
                let content = self.0.journal.vault().seal_value(scope, &place(&row.id.0), &plain)?;
                Ok(Change::Passkey { was: row.content.clone(), content })
            }
        }
    }

    fn emergency_used(&self, person: PersonId, factor: FactorKind, origin: &Origin) -> Result<Draft, Error> {
        let body = EmergencyUsed {
            address: origin.address_text(),
            device: origin.device.clone(),
            factor: Some(factor),
        };
        let mut record = self.0.journal.draft(Stream::System, Kind::EmergencyUsed, Some(person), &body)?;
        record.target = Some(person.bytes());
        Ok(record)
    }
}

/// Whether a ticket still counts: the account may be used, the password is the one that was proven, and whoever found it right still
/// speaks for the account.
fn still_waits(conn: &mut Conn, waiting: &Waiting) -> Result<(), Error> {
    let row = match people::get(conn, waiting.person) {
        Err(e) if e.code == Code::PersonNotFound => return Err(Code::SecondStepOver.into()),
        row => row?,
    };
    if row.suspended_at.is_some() {
        return Err(Code::Suspended.into());
    }
    let linked = match waiting.source {
        Some(source) => {
            let knows = identities::of_person(conn, waiting.person)?.iter().any(|it| it.source == source);
            knows && sources::state(conn, source)?.1
        }
        None => true,
    };
    if linked && digest(row.password.as_deref()) == waiting.proof {
        Ok(())
    } else {
        Err(Code::SecondStepOver.into())
    }
}
