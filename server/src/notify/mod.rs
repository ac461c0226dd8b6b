//! What reaches people who are not looking: e-mail.
//!
//! `letters` says what a mail says; it is pure. `mail` hands what was written to the mail server and tells what came of
//! it. Neither decides who gets a mail, or when. `settings` is what holds of the configuration and of what was set in the console
//! (`store`), the same on every node within a second; `change` changes that, `trial` tries it, `preview` shows what mails look
//! like, `api` has the routes.

mod api;
mod change;
pub mod letters;
pub mod mail;
mod preview;
pub mod records;
pub mod settings;
mod store;
pub mod trial;

use std::sync::Arc;

pub use api::routes;

use crate::ground::config::{Config, PublicUrl};
use crate::journal::Journal;
use settings::Shared;

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
