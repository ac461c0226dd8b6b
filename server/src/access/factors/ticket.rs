//! Tickets: what a browser brings back later, sealed, for a time and, where it matters, once. What is in one nobody else can read or
//! make; that it is used once is kept in the database, for all nodes.

use chancery_protocol::Micros;
use data_encoding::BASE64URL_NOPAD;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::access::{Access, spent};
use crate::ground::error::Error;
use crate::vault::{Place, Scope};

/// What a ticket is for; none of one purpose stands in for one of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Adding codes.
    NewTotp,
    /// Adding a passkey.
    NewPasskey,
    /// The second step of signing in.
    SecondStep,
    /// A device that somebody signed in from.
    Device,
}

impl Purpose {
    fn place(self) -> Place<'static> {
        let column = match self {
            Self::NewTotp => "new_totp",
            Self::NewPasskey => "new_passkey",
            Self::SecondStep => "second_step",
            Self::Device => "device",
        };
        Place { table: "tickets", column, row: &[0; 16] }
    }
}

/// A ticket.
#[derive(Serialize, Deserialize)]
pub struct Ticket<T> {
    /// Which.
    pub id: String,
    /// Until when.
    pub until: Micros,
    /// What it holds.
    pub body: T,
}

impl Access {
    /// Makes a ticket.
    pub(in crate::access) fn seal_ticket<T: Serialize>(
        &self,
        purpose: Purpose,
        lasts: Micros,
        body: T,
    ) -> Result<String, Error> {
        let id: [u8; 16] = self.0.journal.random().bytes()?;
        let ticket = Ticket { id: BASE64URL_NOPAD.encode(&id), until: self.now() + lasts, body };
        let plain = Zeroizing::new(serde_json::to_vec(&ticket).map_err(Error::internal)?);
        let sealed = self.0.journal.vault().seal_value(Scope::System, &purpose.place(), &plain)?;
        Ok(BASE64URL_NOPAD.encode(&sealed))
    }

    /// A ticket that is brought back; `None` when it is none of this purpose, or over.
    pub(in crate::access) fn open_ticket<T: DeserializeOwned>(
        &self,
        purpose: Purpose,
        text: &str,
    ) -> Result<Option<Ticket<T>>, Error> {
        let Ok(sealed) = BASE64URL_NOPAD.decode(text.as_bytes()) else { return Ok(None) };
        let Ok(plain) = self.0.journal.vault().open_value(&purpose.place(), &sealed)? else {
            return Ok(None);
        };
        let ticket: Option<Ticket<T>> = serde_json::from_slice(&plain).ok();
        Ok(ticket.filter(|ticket| self.now() < ticket.until))
    }

    /// Whether a ticket was used up.
    pub(in crate::access) fn is_spent<T>(&self, ticket: &Ticket<T>) -> Result<bool, Error> {
        spent::is_spent(&mut *self.reader()?, &["ticket", &ticket.id])
    }

    /// Uses a ticket up. False when it was used before.
    pub(in crate::access) fn spend_ticket<T>(&self, ticket: &Ticket<T>) -> Result<bool, Error> {
        self.spend(&["ticket", &ticket.id], ticket.until)
    }
}

/// By which a ticket knows the password it was made with, without holding its hash: another password is another digest.
pub fn digest(password: Option<&str>) -> Option<String> {
    password.map(|hash| BASE64URL_NOPAD.encode(&Sha256::digest(hash)))
}
