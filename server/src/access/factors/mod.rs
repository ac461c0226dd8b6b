//! Second factors: codes and passkeys of accounts with a password of their own.
//!
//! What must stay true:
//! - an account that has one is not signed in to with a password or a one-time link alone: whoever proves the password gets a ticket,
//!   and the session begins with the factor ([`second`]);
//! - a code is used once: the newest step used is moved under the head lock, in the unit of the sign-in;
//! - secrets and public keys are sealed with the person's key, and bound to their row;
//! - adding and removing needs the password, and is a record in one unit with the row.
//!
//! `totp` and `passkey` judge what is shown, `ticket` seals what a browser brings back, `store` has the queries.

pub mod passkey;
pub mod second;
pub mod store;
pub mod ticket;
pub mod totp;

use std::sync::Arc;

use chancery_ledger::Kind;
use chancery_protocol::Micros;
use chancery_protocol::factors::{
    AddFactor, Factor, FactorKind, Factors, FinishPasskey, FinishTotp, MAX_FACTORS, PasskeyBegun,
    RemoveFactor, TotpBegun,
};
use chancery_protocol::ids::{FactorId, Id, PersonId, SessionId};
use chancery_protocol::mail::MailKind;
use data_encoding::BASE64;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use webauthn_rs::prelude::{Passkey, PasskeyRegistration};
use zeroize::Zeroizing;

use super::accounts::By;
use super::delay::Subject;
use super::records::{EndReason, FactorAdded, FactorRemoved};
use super::sessions::{at, moved};
use super::store::live;
use super::{Access, Caller, emergency};
use crate::directory::records::Via;
use crate::directory::{names, store as people};
use crate::ground::db::Conn;
use crate::ground::db::dialect::raw;
use crate::ground::error::{Code, Error};
use crate::journal::{Draft, Placed, Unit};
use crate::outbox::{self, OF_USE};
use crate::vault::{Place, Scope};
use store::Row;
use ticket::{Purpose, Ticket};

/// How long adding one may take.
const ADDING: Micros = 10 * 60 * 1_000_000;

/// Codes that are being added.
#[derive(Serialize, Deserialize)]
struct NewTotp {
    session: SessionId,
    person: PersonId,
    name: String,
    secret: String,
}

/// A passkey that is being added.
#[derive(Serialize, Deserialize)]
struct NewPasskey {
    session: SessionId,
    person: PersonId,
    name: String,
    state: PasskeyRegistration,
}

impl NewTotp {
    fn is_of(&self, caller: &Caller) -> bool {
        (self.session, self.person) == (caller.session, caller.person)
    }
}

impl NewPasskey {
    fn is_of(&self, caller: &Caller) -> bool {
        (self.session, self.person) == (caller.session, caller.person)
    }
}

fn place(factor: &[u8; 16]) -> Place<'_> {
    Place { table: "factors", column: "content", row: factor }
}

impl Access {
    /// A person's second factors.
    pub(super) fn factors(&self, person: PersonId) -> Result<Factors, Error> {
        let mut conn = self.reader()?;
        let password = people::get(&mut conn, person)?.password.is_some();
        let rows = store::of_person(&mut conn, person)?;
        let factors = rows.iter().map(Row::shown).collect::<Result<_, _>>()?;
        Ok(Factors { factors, password, passkeys: self.0.passkeys.possible() })
    }

    /// Begins to add codes.
    pub(super) fn begin_totp(&self, caller: &Caller, form: &AddFactor) -> Result<TotpBegun, Error> {
        let name = self.room_for(caller, form)?;
        let row = people::get(&mut *self.reader()?, caller.person)?;
        let secret: Zeroizing<[u8; totp::SECRET]> = Zeroizing::new(self.0.journal.random().bytes()?);
        let ticket = NewTotp {
            session: caller.session,
            person: caller.person,
            name,
            secret: BASE64.encode(secret.as_slice()),
        };
        Ok(TotpBegun {
            ticket: self.seal_ticket(Purpose::NewTotp, ADDING, ticket)?,
            secret: totp::text(secret.as_slice()),
            uri: totp::uri(secret.as_slice(), self.public_url().host(), &row.username),
        })
    }

    /// Adds codes, once one of them was shown. It is used up.
    pub(super) fn finish_totp(&self, caller: &Caller, form: &FinishTotp) -> Result<Factor, Error> {
        let ticket: Ticket<NewTotp> =
            self.open_ticket(Purpose::NewTotp, &form.ticket)?.ok_or(Code::EnrolmentOver)?;
        if !ticket.body.is_of(caller) || self.is_spent(&ticket)? {
            return Err(Code::EnrolmentOver.into());
        }
        let secret = Zeroizing::new(BASE64.decode(ticket.body.secret.as_bytes()).map_err(Error::internal)?);
        let step = totp::find(&secret, &form.code, self.now(), None);
        let step = step.ok_or_else(|| Error::from(Code::FactorFailed).field("code"))?;
        if !self.spend_ticket(&ticket)? {
            return Err(Code::EnrolmentOver.into());
        }
        self.add(caller, ticket.body.name, FactorKind::Totp, &secret, None, Some(step))
    }

    /// Begins to add a passkey.
    pub(super) fn begin_passkey(&self, caller: &Caller, form: &AddFactor) -> Result<PasskeyBegun, Error> {
        let name = self.room_for(caller, form)?;
        let mut conn = self.reader()?;
        let row = people::get(&mut conn, caller.person)?;
        let known = store::of_person(&mut conn, caller.person)?;
        drop(conn);
        let known: Vec<Passkey> = self.passkeys_of(&known)?.into_iter().map(|(_, passkey)| passkey).collect();
        let (options, state): (Value, _) = self.0.passkeys.begin_new(&row, &known)?;
        let ticket = NewPasskey { session: caller.session, person: caller.person, name, state };
        Ok(PasskeyBegun { ticket: self.seal_ticket(Purpose::NewPasskey, ADDING, ticket)?, options })
    }

    /// Adds a passkey that the browser made.
    pub(super) fn finish_passkey(&self, caller: &Caller, form: &FinishPasskey) -> Result<Factor, Error> {
        let ticket: Ticket<NewPasskey> =
            self.open_ticket(Purpose::NewPasskey, &form.ticket)?.ok_or(Code::EnrolmentOver)?;
        if !ticket.body.is_of(caller) || self.is_spent(&ticket)? {
            return Err(Code::EnrolmentOver.into());
        }
        let passkey = self.0.passkeys.finish_new(&form.credential, &ticket.body.state)?;
        if !self.spend_ticket(&ticket)? {
            return Err(Code::EnrolmentOver.into());
        }
        let content = serde_json::to_vec(&passkey).map_err(Error::internal)?;
        let mark = Some(passkey::mark(&passkey));
        self.add(caller, ticket.body.name, FactorKind::Passkey, &content, mark, None)
    }

    /// Removes one of the caller's own.
    pub(super) fn remove_factor(
        &self,
        caller: &Caller,
        factor: FactorId,
        form: &RemoveFactor,
    ) -> Result<(), Error> {
        let person = caller.person;
        let rows = store::of_person(&mut *self.reader()?, person)?;
        let row = rows.into_iter().find(|row| row.factor() == factor).ok_or(Code::NotFound)?;
        self.prove_password(caller, &form.password, "password")?;
        let record = self.removed(person, &row, Some(person), Via::Web)?;
        let session = caller.session;
        let work = move |conn: &mut Conn, placed: &[Placed]| {
            still_signed_in(conn, session, at(placed))?;
            store::remove(conn, factor)?;
            if emergency::is_set(conn, person)? && !store::any(conn, person)? {
                return Err(Code::FactorNeeded.into());
            }
            Ok(())
        };
        let unit = Unit { records: vec![record], work: Some(Box::new(work)), ..Unit::default() };
        self.0.journal.commit_blocking(unit).map(drop)
    }

    /// Removes all of a person who lost them, and ends their sessions; they are told by mail where one can be sent. At the command line an account for emergencies is none any more:
    /// it is the way back in when nobody else can help.
    pub(super) fn remove_factors(&self, person: PersonId, by: By) -> Result<(), Error> {
        by.not_oneself(person)?;
        self.settled(|| {
            let mut conn = self.reader()?;
            let row = people::get(&mut conn, person)?;
            let (before, set) = (store::of_person(&mut conn, person)?, emergency::is_set(&mut conn, person)?);
            drop(conn);
            if before.is_empty() {
                return Ok(());
            }
            let taken_off = set && by.via == Via::CommandLine;
            let mut records = Vec::new();
            for row in &before {
                records.push(self.removed(person, row, by.actor, by.via)?);
            }
            if taken_off {
                records.push(self.emergency_record(person, false, &[], by)?);
            }
            let ending = self.ending(person, None, EndReason::EndedByAdmin, by.actor)?;
            records.extend(ending.drafts.iter().cloned());
            let told = match self.check_mail(row.email.as_deref()) {
                Ok(()) => Some(self.mail_of(MailKind::FactorsRemoved, person, self.now() + OF_USE, by)?),
                Err(_) => None,
            };
            let vault = Arc::clone(self.0.journal.vault());
            let before: Vec<FactorId> = before.iter().map(Row::factor).collect();
            let work = move |conn: &mut Conn, placed: &[Placed]| {
                let now = store::of_person(conn, person)?;
                if now.iter().map(Row::factor).ne(before.iter().copied())
                    || emergency::is_set(conn, person)? != set
                {
                    return Err(moved());
                }
                if taken_off {
                    emergency::set(conn, person, false, "", at(placed))?;
                } else if set {
                    return Err(Code::FactorNeeded.into());
                }
                before.iter().try_for_each(|factor| store::remove(conn, *factor))?;
                outbox::put(conn, &vault, told.as_slice())?;
                ending.end(conn, at(placed))
            };
            let unit = Unit { records, work: Some(Box::new(work)), ..Unit::default() };
            self.0.journal.commit_blocking(unit).map(drop)
        })
    }

    /// The caller's own password. Wrong ones are counted by session.
    ///
    /// # Errors
    /// `sign_in_failed`, `too_many_attempts`.
    pub(super) fn prove_password(
        &self,
        caller: &Caller,
        password: &str,
        field: &'static str,
    ) -> Result<Option<String>, Error> {
        let stored = people::get(&mut *self.reader()?, caller.person)?.password;
        let subjects = [Subject::Session(caller.session)];
        self.0.delays.count(&subjects, self.now())?;
        match self.0.hasher.verify(password, stored.as_deref()) {
            Ok(true) => self.0.delays.take_back(&subjects, true)?,
            Ok(false) => {
                let wrong = Error::from(Code::SignInFailed).field(field);
                return Err(wrong.detail("The present password is wrong."));
            }
            Err(e) => {
                self.0.delays.take_back(&subjects, false)?;
                return Err(e);
            }
        }
        Ok(stored)
    }

    /// Proves the password and finds out whether one more can be added by this name.
    fn room_for(&self, caller: &Caller, form: &AddFactor) -> Result<String, Error> {
        let name = names::name(&form.name)?;
        self.prove_password(caller, &form.password, "password")?;
        room(&store::of_person(&mut *self.reader()?, caller.person)?, &name)?;
        Ok(name)
    }

    fn add(
        &self,
        caller: &Caller,
        name: String,
        kind: FactorKind,
        content: &[u8],
        credential_hash: Option<Vec<u8>>,
        last_step: Option<i64>,
    ) -> Result<Factor, Error> {
        let (person, session) = (caller.person, caller.session);
        let id: FactorId = self.0.journal.id()?;
        let content =
            self.0.journal.vault().seal_value(Scope::Person(person), &place(&id.bytes()), content)?;
        let body = FactorAdded { factor: id, kind, name: name.clone() };
        let record = self.draft(person, Kind::FactorAdded, Some(person), id.bytes(), &body)?;
        let mut row = Row {
            id: raw(id),
            person: raw(person),
            kind: store::number(kind),
            name,
            content,
            credential_hash,
            created_at: 0,
            last_used_at: None,
            last_step,
        };
        let new = row.clone();
        let work = move |conn: &mut Conn, placed: &[Placed]| {
            still_signed_in(conn, session, at(placed))?;
            room(&store::of_person(conn, person)?, &new.name)?;
            if let Some(hash) = &new.credential_hash
                && store::is_known(conn, hash)?
            {
                return Err(Code::FactorTaken.into());
            }
            store::insert(conn, &new, at(placed))
        };
        let unit = Unit { records: vec![record], work: Some(Box::new(work)), ..Unit::default() };
        row.created_at = self.0.journal.commit_blocking(unit)?.first()?.at;
        row.shown()
    }

    fn removed(
        &self,
        person: PersonId,
        row: &Row,
        actor: Option<PersonId>,
        via: Via,
    ) -> Result<Draft, Error> {
        let body = FactorRemoved { factor: row.factor(), kind: row.kind()?, name: row.name.clone(), via };
        self.draft(person, Kind::FactorRemoved, actor, row.factor().bytes(), &body)
    }

    /// What a row holds, opened.
    fn content(&self, row: &Row) -> Result<Zeroizing<Vec<u8>>, Error> {
        let opened = self.0.journal.vault().open_value(&place(&row.id.0), &row.content)?;
        opened.map_err(|_| Error::internal("a second factor does not open"))
    }

    /// The passkeys among these.
    fn passkeys_of(&self, rows: &[Row]) -> Result<Vec<(FactorId, Passkey)>, Error> {
        let mut passkeys = Vec::new();
        for row in rows {
            if row.kind()? == FactorKind::Passkey {
                passkeys.push((row.factor(), self.passkey(row)?));
            }
        }
        Ok(passkeys)
    }

    fn passkey(&self, row: &Row) -> Result<Passkey, Error> {
        serde_json::from_slice(&self.content(row)?).map_err(|_| Error::internal("a passkey cannot be read"))
    }
}

/// Whether one more has room beside these.
fn room(rows: &[Row], name: &str) -> Result<(), Error> {
    if rows.len() >= MAX_FACTORS {
        return Err(Code::FactorsFull.into());
    }
    if rows.iter().any(|row| row.name == name) {
        return Err(Error::from(Code::FactorNameTaken).field("name"));
    }
    Ok(())
}

fn still_signed_in(conn: &mut Conn, session: SessionId, now: Micros) -> Result<(), Error> {
    if live(conn, &[session], now)?.is_empty() { Err(Code::SignedOut.into()) } else { Ok(()) }
}
