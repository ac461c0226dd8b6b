//! The directory client against real servers: OpenLDAP and Samba as an Active Directory, and against scripted ones for
//! what real ones never do.

mod active_directory;
mod fail_over;
mod faults;
mod open_ldap;
mod people;
mod scripted;
mod sign_in;

use crate::directory::ldap::{Attempt, Client, Encryption, Error, Fault, Settings};
use crate::ground::config::Secret;
use chancery_protocol::Micros;

/// A day in 2027.
pub const NOW: Micros = 1_800_000_000_000_000;

/// A client that must be one.
pub fn client(settings: Settings, password: &str) -> Client {
    let password = (!password.is_empty()).then(|| Secret::new(password));
    Client::new(settings, password).unwrap_or_else(|problems| panic!("{problems:?}"))
}

/// Why the client is not let in.
pub async fn refused(settings: Settings, password: &str) -> Error {
    match client(settings, password).people(false, NOW).await {
        Ok(_) => panic!("the client is let in"),
        Err(error) => error,
    }
}

/// Settings for one server, anonymous and in clear.
pub fn plain(mut settings: Settings, port: u16) -> Settings {
    settings.servers = vec![format!("ldap://127.0.0.1:{port}")];
    settings.encryption = Encryption::None;
    settings.bind_dn = String::new();
    settings
}

/// The attempts of a fail-over that came to nothing.
pub fn attempts(error: Error) -> Vec<Attempt> {
    match error.fault {
        Fault::NoServer(attempts) => attempts,
        other => panic!("{other:?}"),
    }
}
