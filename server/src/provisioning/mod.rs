//! Where people come from: sources, the identities people have there, and the groups they bring. What administrators do with
//! them; signing in by a source is in `access`.
//!
//! What must stay true: every change is a record before it counts; a secret goes in and never comes out; nobody gives themselves
//! a role by way of a group; nobody alone links an identity to an account that may do more than chat.
//!
//! `sources` sets them up and tries them out, `identities` links people by hand, `groups` gives roles to groups, `local_groups`
//! makes groups here, `testing` tells
//! what a test found, `sync` reads directories in the background, `memberships` moves people into groups and out, `scim` is the
//! part of SCIM 2.0 that needs neither network nor database, `scim_service` the rest of it, `tokens` what its clients come with,
//! `api` has the routes.

mod api;
mod groups;
mod identities;
mod local_groups;
mod memberships;
pub mod scim;
mod scim_service;
mod sources;
mod sync;
mod testing;
#[cfg(test)]
mod tests;
mod tokens;

use std::sync::Arc;

use chancery_protocol::Micros;
use chancery_protocol::ids::PersonId;
use tokio::sync::Notify;

use crate::access::Access;
use crate::approvals::Approvals;
use crate::directory::Directory;
use crate::ground::error::Error;
use crate::journal::{Journal, Placed};

pub use api::routes;
pub use scim_service::{configure as configure_scim, paths as scim_paths};

/// Sources, identities and groups; clones are the same.
#[derive(Clone)]
pub struct Provisioning {
    journal: Journal,
    directory: Arc<Directory>,
    access: Access,
    approvals: Approvals,
    /// A source was made or changed: it may be time to read it.
    changed: Arc<Notify>,
    /// How much each token may still ask for.
    allowances: Arc<scim_service::Allowances>,
}

impl Provisioning {
    /// Over a journal whose writer runs.
    pub fn new(journal: Journal, directory: Arc<Directory>, access: Access, approvals: Approvals) -> Self {
        let (changed, allowances) = (Arc::default(), Arc::default());
        Self { journal, directory, access, approvals, changed, allowances }
    }

    fn reader(&self) -> Result<diesel::r2d2::PooledConnection<crate::ground::db::Readers>, Error> {
        self.journal.db().reader()
    }

    fn name_of(&self, person: PersonId) -> Option<chancery_protocol::person::Person> {
        self.directory.get(person).map(|entry| entry.person.clone())
    }
}

/// When a unit is committed.
fn at(placed: &[Placed]) -> Micros {
    placed.first().map_or(0, |placed| placed.at)
}
