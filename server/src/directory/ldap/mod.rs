//! The client of the company's directory: LDAP servers and Active Directory.
//!
//! It reads people and groups and proves passwords; it knows nothing of the messenger's own accounts. What must
//! stay true:
//! - nothing is sent in clear, unless to loopback and only when the settings say so: StartTLS succeeds before
//!   anything else is asked, and a certificate is always verified against the name in the server's URL;
//! - every wait has an end, every message and every answer has a size that is not exceeded;
//! - a referral is reported and never followed: the credentials go to the servers of the settings only;
//! - what a person typed never changes the shape of a filter, and an empty password is never sent: a server takes it
//!   for an anonymous sign-in and says yes.
//!
//! Start with [`Settings`] and [`Client`]. `settings` and `check` are what an administrator writes and what can be
//! wrong with it, `escape` and `dn` the texts of the protocol, `ber`, `wire` and `tls` the line to one server,
//! `connection` what is asked over it, `entry` and `person` how answers become people, `reader` and `groups` the
//! reading of all of them, `nesting` groups within groups, `sign_in` the proof of a password, `report` the test of a
//! connection.

mod ber;
mod check;
mod client;
mod connection;
pub mod dn;
mod entry;
mod error;
pub mod escape;
mod grid;
mod groups;
mod person;
mod reader;
mod report;
mod sign_in;
#[cfg(test)]
mod tests;
mod tls;
mod wire;

pub use chancery_protocol::sources::{
    Attributes, Encryption, Groups, LdapKind as Kind, LdapSettings as Settings, Nested, People,
};
pub use check::{Problem, check};
pub use client::Client;
pub use error::{Attempt, Error, Fault};
pub use grid::{Entry as GroupEntry, Grid, Members};
pub use groups::{Group, MAX_GROUPS, MAX_MEMBERS};
pub use person::{MAX_PHOTO, Person, Photo, Skipped, State};
pub use reader::{GroupsReader, Page, PeopleReader};
pub use report::{Finding, Outcome, Report, Step, Task};
pub use sign_in::{NotSignedIn, Refusal, SignedIn};
