//! What reaches people who are not looking: e-mail.
//!
//! An effect of the journal: `watch` follows it and finds who has had something unread for long enough, by their marks and not by
//! whether they seem to be there; `judge` decides by `decide` whether a mail goes and when, and puts it into the outbox; `post` hands
//! it over, after `compose` asked everything again and wrote it with `letters`, through `mail`; `explain` says why a mail went or did
//! not. What waits is in `mail_pairs`, what was decided in `mail_decisions` (`pairs`). `hours` knows quiet hours and times of the day;
//! `off` turns mails
//! off by the link in them. `settings` is what holds of the configuration and of what was set in the console (`store`), the same on
//! every node within a second; `change` changes that, `trial` tries it, `preview` shows what mails look like. `api` and `outbox_api`
//! have the routes.
//!
//! What must stay true: on any number of nodes a mail is decided on once, and handed over by one of them; nothing is mailed that its
//! reader could not read in the client at that moment; every mail that may have left is on record with the texts it has; the journal
//! is never followed again from the beginning.

mod api;
mod change;
mod compose;
mod decide;
mod explain;
pub mod hours;
mod judge;
pub mod letters;
pub mod mail;
mod meters;
mod notifier;
pub mod off;
mod outbox_api;
mod pairs;
mod post;
mod preview;
pub mod records;
pub mod settings;
mod store;
#[cfg(test)]
mod tests;
pub mod trial;
mod watch;

use std::sync::Arc;

pub use meters::Meters;
pub use notifier::{Notifier, Running};
pub use post::Passage;

use crate::access::Route;
use crate::ground::config::{Config, PublicUrl};
use crate::journal::Journal;
use settings::Shared;

/// The routes.
pub fn routes() -> Vec<Route> {
    let mut all = api::routes();
    all.extend(outbox_api::routes());
    all
}

/// What the routes of mail work with. Cheap to clone.
#[derive(Clone)]
pub struct MailDesk {
    journal: Journal,
    shared: Arc<Shared>,
    signature: Arc<Signature>,
}

/// What the configuration says of the house, for mails.
#[derive(Debug, Clone)]
pub struct Signature {
    /// Name of the organisation.
    pub organisation: String,
    /// Whom to ask about an account.
    pub service_desk: Option<String>,
    /// Where the messenger is.
    pub public_url: PublicUrl,
}

impl Signature {
    /// Of this configuration.
    pub fn of(config: &Config) -> Self {
        Self {
            organisation: config.organisation.clone(),
            service_desk: config.service_desk.clone(),
            public_url: config.public_url.clone(),
        }
    }
}

impl MailDesk {
    /// Over the parts.
    pub fn new(journal: Journal, shared: Arc<Shared>, config: &Config) -> Self {
        Self { journal, shared, signature: Arc::new(Signature::of(config)) }
    }
}
