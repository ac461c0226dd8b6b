//! The directory as the rest of the server sees it.

use std::sync::Arc;

use rustls::ClientConfig;
use tokio::time::Instant;

use super::check::{Problem, Server, check, parsed_servers};
use super::connection::Connection;
use super::error::{Attempt, Error, Fault};
use super::reader::{GroupsReader, PeopleReader};
use super::tls;
use super::wire::{self, Wire};
use super::{Encryption, Settings};
use crate::ground::config::Secret;
use chancery_protocol::Micros;

/// A directory that can be asked. Cheap to clone; every question opens a connection of its own and closes it.
#[derive(Clone)]
pub struct Client {
    pub(super) settings: Arc<Settings>,
    pub(super) servers: Arc<[Server]>,
    pub(super) password: Option<Secret>,
    pub(super) tls: Arc<ClientConfig>,
}

impl Client {
    /// A client by these settings; nothing is asked yet. `password` is that of [`Settings::bind_dn`].
    ///
    /// # Errors
    /// Everything that is wrong with the settings.
    pub fn new(settings: Settings, password: Option<Secret>) -> Result<Self, Vec<Problem>> {
        let mut problems = check(&settings);
        let password = password.filter(|password| !password.reveal().is_empty());
        let mut wrong = |path: &str, code, what: &str, mend| {
            problems.push(Problem { path: path.to_owned(), code, what: what.to_owned(), mend });
        };
        match (&password, settings.bind_dn.is_empty()) {
            (None, false) => {
                let what =
                    "the account that reads has no password, and without one directories let anybody in";
                wrong("password", "password_missing", what, "give the password of the account");
            }
            (Some(_), true) => {
                wrong(
                    "bind_dn",
                    "bind_dn_missing",
                    "there is a password without an account",
                    "name the account",
                );
            }
            _ => {}
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let config = match settings.encryption {
            Encryption::None => tls::trusting_nobody(),
            Encryption::Ldaps | Encryption::StartTls => tls::config(&settings.authorities),
        };
        let tls = config.map_err(|fault| {
            let (path, what) = ("authorities".to_owned(), fault.to_string());
            vec![Problem { path, code: fault.code(), what, mend: fault.mend() }]
        })?;
        let servers = parsed_servers(&settings).into();
        Ok(Self { settings: Arc::new(settings), servers, password, tls })
    }

    /// Everybody who matches [`super::People::filter`], in pages. `now` decides who has expired.
    ///
    /// # Errors
    /// When no server lets the client in.
    pub async fn people(&self, photo: bool, now: Micros) -> Result<PeopleReader, Error> {
        let photo = photo && !self.settings.attributes.photo.is_empty();
        Ok(PeopleReader::new(self.connect().await?, photo, now))
    }

    /// All groups with their direct members, in pages.
    ///
    /// # Errors
    /// When no server lets the client in, or no base for groups was set.
    pub async fn groups(&self) -> Result<GroupsReader, Error> {
        if self.settings.groups.base.is_empty() {
            return Err(Error {
                server: None,
                fault: Fault::BaseNotFound { base: "the base for groups".to_owned() },
            });
        }
        Ok(GroupsReader::new(self.connect().await?))
    }

    /// The first server that lets the client in. A wrong password is not tried at the others.
    pub(super) async fn connect(&self) -> Result<Connection, Error> {
        let mut attempts = Vec::new();
        for server in self.servers.iter() {
            match self.open(server).await {
                Ok(connection) => return Ok(connection),
                Err(fault) if fault.is_of_this_server() => {
                    attempts.push(Attempt { server: server.url.clone(), fault });
                }
                Err(fault) => return Err(fault.at(&server.url)),
            }
        }
        match <[Attempt; 1]>::try_from(attempts) {
            Ok([only]) => Err(only.fault.at(&only.server)),
            Err(attempts) => Err(Error { server: None, fault: Fault::NoServer(attempts) }),
        }
    }

    async fn open(&self, server: &Server) -> Result<Connection, Fault> {
        let encryption = self.settings.encryption;
        let end = Instant::now() + self.settings.connect_timeout();
        let addresses = wire::resolve(server, end).await?;
        let (stream, _) = wire::reach(&addresses, encryption, end).await?;
        let line = wire::protect(stream, server, encryption, &self.tls, end).await?;
        let mut connection = self.connection(Wire::new(line).await?, server);
        connection.bind_reader(self.password.as_ref(), false).await?;
        Ok(connection)
    }

    pub(super) fn connection(&self, wire: Wire, server: &Server) -> Connection {
        Connection::new(wire, self.settings.clone(), server.url.clone())
    }
}
