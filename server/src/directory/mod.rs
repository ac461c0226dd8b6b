//! People: who there is, what they are called, which roles they have.
//!
//! The table `people` is changed in units of the journal only, together with the record that says so.
//! [`Directory`] is an immutable snapshot of it, read without touching the disk. What must stay true:
//! - a change counts from its commit on: the journal refreshes the snapshot under the head lock before it
//!   decides anything by it;
//! - names and user names are clear on disk, status texts are sealed.
//!
//! `snapshot` is the look-up, `store` the queries, `records` the bodies of records, `roles` the set of roles,
//! `names` what a name may look like, `sources` where people come from besides accounts made here, `identities` who they are
//! there, `groups` the groups they are in, `syncs` the runs that read a source in the background, `tokens` and
//! `resources` what sources that write to us come with and keep here, `status` the one record people write about themselves, `preferences` what they
//! arrange for themselves, `picture` makes what a source has as a picture one that is shown, `photos` keeps those. Accounts are made
//! and changed by `access`.

pub mod groups;
pub mod identities;
pub mod ldap;
pub mod names;
pub mod oidc;
pub mod photos;
pub mod picture;
mod preferences;
pub mod records;
pub mod resources;
mod roles;
mod snapshot;
pub mod sources;
mod status;
pub mod store;
pub mod syncs;
pub mod tokens;

use chancery_ledger::{Header, Kind};
use chancery_protocol::Micros;
use chancery_protocol::ids::{Id, PersonId};
use chancery_protocol::person::Person;

pub use preferences::{change_preferences, preferences_of, preferences_revision, save_preferences};
pub use roles::Roles;
pub use snapshot::Directory;
pub use status::set_status;

/// A person, as the snapshot has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// As colleagues see them.
    pub person: Person,
    /// What they may do.
    pub roles: Roles,
    /// When the account was made.
    pub created_at: Micros,
    /// Name and user name, folded for searching.
    folded: String,
}

impl Entry {
    fn new(person: Person, roles: Roles, created_at: Micros) -> Self {
        let folded = names::fold(&format!("{}\n{}", person.name, person.username));
        Self { person, roles, created_at, folded }
    }

    /// Whether every word of a folded text occurs in name or user name.
    fn matches(&self, words: &[&str]) -> bool {
        words.iter().all(|word| self.folded.contains(word))
    }
}

/// The person a control record is about, when it is about one: their row is to be read again.
pub fn person_of(header: &Header) -> Option<PersonId> {
    match header.kind {
        Kind::PersonCreated
        | Kind::PersonChanged
        | Kind::PersonSuspended
        | Kind::PersonReinstated
        | Kind::GuestSet
        | Kind::StatusSet
        | Kind::PhotoSet => {}
        _ => return None,
    }
    match (header.target, header.stream) {
        (Some(person), _) | (None, chancery_ledger::Stream::Person(person)) => {
            Some(PersonId::from_bytes(person))
        }
        _ => None,
    }
}
