//! Devices somebody signed in from: they are known by a cookie, and a password that is tried with it is counted by the device, not by
//! the account or the address. So whoever guesses from outside delays only devices the account was never signed in from.
//!
//! What must stay true: a cookie counts for the name it was given for only, and until the password is another one; it opens nothing; a
//! device that was wrong too often in a row is a stranger from then on, until somebody signs in there.

use chancery_protocol::Micros;
use chancery_protocol::ids::PersonId;
use serde::{Deserialize, Serialize};

use super::Access;
use super::delay::Subject;
use super::factors::ticket::{Purpose, digest};
use crate::directory::store as people;
use crate::ground::error::{Code, Error};

/// Name of the cookie.
pub const COOKIE: &str = "__Host-chancery-device";
/// How long a device is known.
pub const KNOWN: Micros = 365 * 24 * 3_600 * 1_000_000;
/// After so many wrong passwords in a row it is not.
const WRONG: i32 = 20;

/// What the cookie holds, sealed.
#[derive(Serialize, Deserialize)]
struct Device {
    person: PersonId,
    /// What was typed as the name.
    name: String,
    /// Of the password the account had then.
    proof: Option<String>,
}

/// A name as tries are counted by it.
pub(super) fn typed(name: &str) -> String {
    name.trim().to_lowercase()
}

impl Access {
    /// A new cookie for a device from which `person` signed in by this name.
    pub(super) fn device_cookie(&self, person: PersonId, name: &str) -> Result<String, Error> {
        let password = people::get(&mut *self.reader()?, person)?.password;
        let device = Device { person, name: typed(name), proof: digest(password.as_deref()) };
        self.seal_ticket(Purpose::Device, KNOWN, device)
    }

    /// The device that a cookie proves, when it may be counted by itself for this name.
    pub(super) fn known_device(&self, cookie: Option<&str>, name: &str) -> Result<Option<Subject>, Error> {
        let Some(cookie) = cookie else { return Ok(None) };
        let Some(ticket) = self.open_ticket::<Device>(Purpose::Device, cookie)? else { return Ok(None) };
        let device = &ticket.body;
        if device.name != typed(name) || self.is_spent(&ticket)? {
            return Ok(None);
        }
        let row = match people::get(&mut *self.reader()?, device.person) {
            Err(e) if e.code == Code::PersonNotFound => return Ok(None),
            row => row?,
        };
        let same = digest(row.password.as_deref()) == device.proof;
        Ok(same.then_some(Subject::Device { id: ticket.id, until: ticket.until }))
    }

    /// A try of these was wrong: a device that is wrong too often is known no more.
    pub(super) fn was_wrong(&self, subjects: &[Subject]) -> Result<(), Error> {
        for subject in subjects {
            if let Subject::Device { id, until } = subject
                && self.0.delays.failures(subject)? >= WRONG
            {
                self.spend(&["ticket", id], *until)?;
            }
        }
        Ok(())
    }
}
