//! Who comes in and what they may do: local accounts, one-time links, sessions, roles, decisions.
//!
//! What must stay true:
//! - a handler reaches accounts through a [`Guard`] only, and every route names its act by the guard in its
//!   signature; what may not be seen answers 404;
//! - sessions, links and passwords change in units under the head lock together with the record that says so, so
//!   that of two who redeem one link, or of a sign-in and a suspension, one sees what the other did;
//! - the database has hashes of tokens and passwords only; tokens are never logged;
//! - a session is looked up in the database for every request, so an ended one counts at once, everywhere.
//!
//! `act` is the table of roles, `guard` the way in, `routes` the one list of routes, `api` the handlers;
//! `sessions`, `links` and `accounts` are the operations (blocking: they run on database threads), `admission` lets in whom a
//! source vouches for, `intake` takes in whom a directory names, `kept` whom a source keeps here by our own ids, `listing` finds
//! accounts, `confirm` has people prove again who they are, `factors` are what is shown beside a password, `emergency` is about the accounts
//! for the day the sources are away, `device` knows browsers that signed in before, `guests` are here for a time, `tokens` are for programs, within their `scopes`, `bulk`
//! does the same to several, `store` their queries, `records` the bodies of their records, `commands` what the
//! command line may do.

mod accounts;
pub mod act;
mod admission;
mod api;
mod bulk;
pub mod commands;
mod confirm;
mod delay;
mod device;
mod emergency;
mod factors;
mod form;
mod guard;
mod guests;
mod intake;
mod kept;
mod links;
mod listing;
mod origin;
pub mod password;
mod providers;
pub mod records;
mod routes;
mod scopes;
mod seen;
mod sessions;
mod spent;
mod store;
#[cfg(test)]
mod tests;
mod token;
mod tokens;
mod vouched;
mod ways;

use std::collections::HashSet;
use std::sync::Arc;

use actix_web::HttpRequest;
use chancery_protocol::Micros;
use chancery_protocol::ids::{PersonId, SessionId};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::registry::Registry;

use crate::directory::{Directory, Roles};
use crate::ground::config::{Proxies, PublicUrl};
use crate::ground::db::{Conn, blocking};
use crate::ground::error::{Code, Error};
use crate::ground::http::origin::{Missing, check};
use crate::journal::Journal;
use crate::outbox::MailServer;

pub use act::{Act, SOCKET_ACTS, decide, has_duty, opens_console, socket_act};
pub use api::session::sign_out;
pub use emergency::{last_use as emergency_last_used, stays as stays_for_emergencies};
pub use guard::{COOKIE, Guard, Public, answer, done};
pub use guests::LOOK_EVERY as GUESTS_LOOKED_AT;
pub use intake::Taken;
pub use kept::{Also, Done, Wish};
pub use records::RefusedBecause;
pub use routes::{Level, Route, configure, route, routes};
pub use scopes::Scopes;
use store::Bearer;
pub use store::{devices, is_link_open};
pub use vouched::Vouched;

/// What `access` must know of the configuration.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where people reach the server.
    pub public_url: PublicUrl,
    /// Hours a session lasts.
    pub session_hours: u32,
    /// Longest life of an access token in days; 0: none are issued.
    pub token_days: u32,
    /// Minutes after their last sign-in when officers sign in again before they see messages; 0: never.
    pub confirm_minutes: u32,
    /// Whose word on the caller's address counts.
    pub proxies: Proxies,
    /// Whether links can go by mail.
    pub mail_server: MailServer,
}

/// What stands between signing in and chatting: a text that has to be accepted first. It is kept by a room above.
pub trait Gate: Send + Sync {
    /// Whether a person has to accept something, by what is known on this node.
    fn closed_for(&self, person: PersonId) -> bool;

    /// Reads again what a person accepted: another node may have heard it a moment ago.
    ///
    /// # Errors
    /// When the database cannot be read.
    fn look(&self, conn: &mut Conn, person: PersonId) -> Result<(), Error>;
}

/// Nothing has to be accepted.
pub struct Open;

impl Gate for Open {
    fn closed_for(&self, _: PersonId) -> bool {
        false
    }

    fn look(&self, _: &mut Conn, _: PersonId) -> Result<(), Error> {
        Ok(())
    }
}

/// The caller of a request or the owner of a socket.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Who.
    pub person: PersonId,
    /// On which device.
    pub session: SessionId,
    /// What they might do when they came; for a socket ask [`Access::may`] instead.
    pub roles: Roles,
    /// When the session ends by itself.
    pub expires_at: Micros,
    /// When they last proved who they are.
    pub proven_at: Micros,
    /// What the access token they come with may be used for; in a browser there is none.
    pub scopes: Option<Scopes>,
    /// What their page sends to prove itself.
    pub csrf: String,
}

/// What is counted of signing in, on this node.
#[derive(Default)]
pub struct Meters {
    emergency_sign_ins: Counter,
}

impl Meters {
    /// Shows all of it among the metrics.
    pub fn register(&self, registry: &mut Registry) {
        let help = "Sign-ins with an account for the day the sources are away";
        registry.register("emergency_sign_ins", help, self.emergency_sign_ins.clone());
    }
}

/// Sign-in, sessions, links and accounts.
#[derive(Clone)]
pub struct Access(Arc<Inner>);

struct Inner {
    journal: Journal,
    directory: Arc<Directory>,
    gate: Arc<dyn Gate>,
    settings: Settings,
    hasher: password::Hasher,
    delays: delay::Delays,
    seen: seen::Seen,
    ways: ways::Ways,
    passkeys: factors::passkey::Passkeys,
    meters: Meters,
}

/// Whether a person may do something now, by the snapshot.
pub fn may(directory: &Directory, person: PersonId, act: Act) -> bool {
    directory.get(person).is_some_and(|entry| !entry.person.suspended && decide(entry.roles, act))
}

impl Access {
    /// Over a journal whose writer runs. Reads or makes a key, so it must not run on a socket worker.
    ///
    /// # Errors
    /// When the key store cannot be read or written.
    pub fn new(
        journal: Journal,
        directory: Arc<Directory>,
        gate: Arc<dyn Gate>,
        settings: Settings,
    ) -> Result<Self, Error> {
        let key = journal.vault().secret("access.login-delays")?;
        let delays = delay::Delays::new(journal.db().clone(), key);
        let seen = seen::Seen::new(journal.db().clone());
        let hasher = password::Hasher::default();
        let ways = ways::Ways::default();
        let passkeys = factors::passkey::Passkeys::new(&settings.public_url)?;
        let meters = Meters::default();
        let inner =
            Inner { journal, directory, gate, settings, hasher, delays, seen, ways, passkeys, meters };
        Ok(Self(Arc::new(inner)))
    }

    /// The caller, by the session cookie, or by an access token. Says nothing about what they may do.
    ///
    /// # Errors
    /// `signed_out`, `token_invalid`; when the database cannot be read.
    pub async fn authenticate(&self, request: &HttpRequest) -> Result<Caller, Error> {
        let (token, bearer, refused) = match guard::access_token(request) {
            Some(token) => (token, Bearer::Program, Code::TokenInvalid),
            None => (guard::session_token(request), Bearer::Browser, Code::SignedOut),
        };
        let token = token.ok_or(refused)?;
        let (csrf, hash, now) = (token.csrf(), token.hash(), self.now());
        let found = self.0.journal.db().read(move |conn| store::resolve(conn, &hash, bearer, now)).await?;
        let found = found.ok_or(refused)?;
        let session: SessionId = found.session.id.id();
        self.0.seen.note(session, found.session.seen_at, now);
        Ok(Caller {
            person: found.session.person.id(),
            session,
            roles: found.roles,
            expires_at: found.session.expires_at,
            proven_at: found.session.proven_at,
            scopes: found.session.scopes.map(Scopes::from_column),
            csrf,
        })
    }

    /// Whether a socket may be opened: from our own page, which offers the protocol and proves itself.
    ///
    /// # Errors
    /// `foreign_origin`, `csrf_failed`, `not_found` for roles that do not chat, `bad_request` when the protocol is
    /// not offered.
    pub fn check_socket(&self, request: &HttpRequest, caller: &Caller) -> Result<(), Error> {
        // A program is no page that another site could lead; browsers send no access token by themselves.
        if caller.scopes.is_none() {
            check(request.headers(), self.public_url(), Missing::Refused)?;
        }
        guard::check_socket_protocols(request, caller)?;
        self.check_act(caller, caller.roles, Act::OpenSocket)
    }

    /// Whether a caller with these roles may do something: by their roles, and by the scopes of the token they come with.
    ///
    /// # Errors
    /// `not_found` for roles that may not; `scope_missing`.
    pub fn check_act(&self, caller: &Caller, roles: Roles, act: Act) -> Result<(), Error> {
        if !decide(roles, act) {
            return Err(Code::NotFound.into());
        }
        match caller.scopes {
            Some(scopes) if !scopes.allow(act) => Err(scopes::missing(act)),
            _ => Ok(()),
        }
    }

    /// Whether a person may do something now, by the snapshot. For sockets, which outlive changes of roles.
    pub fn may(&self, person: PersonId, act: Act) -> bool {
        may(&self.0.directory, person, act)
    }

    /// What has to be accepted before somebody chats.
    pub fn gate(&self) -> &Arc<dyn Gate> {
        &self.0.gate
    }

    /// Whether a person may chat as far as the policy text is concerned. Refusing may cost a read, agreeing costs none.
    ///
    /// # Errors
    /// `policy_unaccepted`; when the database cannot be read.
    pub async fn check_gate(&self, person: PersonId) -> Result<(), Error> {
        if !self.0.gate.closed_for(person) {
            return Ok(());
        }
        let gate = Arc::clone(&self.0.gate);
        self.0.journal.db().read(move |conn| gate.look(conn, person)).await?;
        if self.0.gate.closed_for(person) { Err(Code::PolicyUnaccepted.into()) } else { Ok(()) }
    }

    /// Those of these sessions that still run. A socket asks once after it is listed for closing, so that a session
    /// which ended between the upgrade and the listing does not slip through.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn live(&self, conn: &mut Conn, sessions: &[SessionId]) -> Result<HashSet<SessionId>, Error> {
        store::live(conn, sessions, self.now())
    }

    /// Notes that a session is in use; cheap, written once a minute.
    pub fn seen(&self, session: SessionId) {
        self.0.seen.note(session, 0, self.now());
    }

    /// What is counted.
    pub fn meters(&self) -> &Meters {
        &self.0.meters
    }

    /// How many people have a running session.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn signed_in(&self, conn: &mut Conn) -> Result<u64, Error> {
        store::signed_in(conn, self.now())
    }

    /// Forgets expired sessions and old counts of failed sign-ins; to be called now and then.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn sweep(&self) -> Result<(), Error> {
        let access = self.clone();
        blocking(move || {
            let now = access.now();
            access.0.journal.db().write_here(|conn| store::forget_expired(conn, now))?;
            access.0.journal.db().write_here(|conn| spent::forget(conn, now))?;
            access.0.delays.sweep(now)
        })
        .await
    }

    /// When nobody has an account with a password yet: a new set-up link, which voids older ones.
    ///
    /// # Errors
    /// When the record cannot be written.
    pub async fn setup_link_if_needed(&self) -> Result<Option<chancery_protocol::http::IssuedLink>, Error> {
        let access = self.clone();
        blocking(move || commands::setup(&access)).await
    }

    /// Where people reach the server.
    pub fn public_url(&self) -> &PublicUrl {
        &self.0.settings.public_url
    }

    fn now(&self) -> Micros {
        self.0.journal.clock().now()
    }
}
