//! What reaches people who are not looking: e-mail.
//!
//! An effect of the journal: `watch` follows it and finds who has had something unread for long enough, by their marks and not by
//! whether they seem to be there; `judge` decides by `decide` whether a mail goes and when, and puts it into the outbox; `post` hands
//! it over, after `compose` asked everything again and wrote it with `letters`, through `mail`; `explain` says why a mail went or did
//! not. What waits is in `mail_pairs`, what was decided in `mail_decisions` (`pairs`). `hours` knows quiet hours and times of the day;
//! `off` turns mails off by the link in them; `settings` is what holds of the configuration and of what was set in the console (`store`), the same on every node within a second.
//!
//! What must stay true: on any number of nodes a mail is decided on once, and handed over by one of them; nothing is mailed that its
//! reader could not read in the client at that moment; every mail that may have left is on record with the texts it has; the journal
//! is never followed again from the beginning.

mod compose;
mod decide;
mod explain;
pub mod hours;
mod judge;
pub mod letters;
pub mod mail;
pub mod off;
mod outbox_api;
mod pairs;
mod post;
pub mod records;
pub mod settings;
mod store;
#[cfg(test)]
mod tests;
mod watch;

use std::ops::Deref;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chancery_protocol::Micros;
use tokio::task::JoinHandle;

pub use outbox_api::routes;

use crate::conversations::Marks;
use crate::ground::config::{Config, PublicUrl};
use crate::ground::db::blocking;
use crate::ground::error::Error;
use crate::messaging::Messaging;
use crate::outbox;
use letters::OffKey;
use settings::Shared;

/// How often it is looked whether there is something to do.
const LOOKED: Duration = Duration::from_secs(1);
/// Pause after something went wrong.
const PAUSE: Duration = Duration::from_secs(5);
/// How often old things are forgotten.
const SWEPT: Micros = 600_000_000;
/// Changes of what people want are looked for so far back: the clocks of nodes differ.
const SLACK: Micros = 5_000_000;
/// How long mails under way may take once the server stops.
const LAST_MAILS: Duration = Duration::from_secs(10);

/// What the house says of itself in mails.
#[derive(Debug, Clone)]
pub struct House {
    /// Name of the organisation.
    pub organisation: String,
    /// Whom to ask about an account.
    pub service_desk: Option<String>,
    /// Where the messenger is.
    pub public_url: PublicUrl,
}

impl House {
    /// As it is configured.
    pub fn of(config: &Config) -> Self {
        Self {
            organisation: config.organisation.clone(),
            service_desk: config.service_desk.clone(),
            public_url: config.public_url.clone(),
        }
    }
}

/// Decides on mails, and hands them over.
#[derive(Clone)]
pub struct Notifier(Arc<Inner>);

/// What the notifier works with.
pub struct Inner {
    messaging: Messaging,
    marks: Arc<Marks>,
    settings: Arc<Shared>,
    house: House,
    off: OffKey,
    /// When the oldest message was written that has not come of age: nothing is to be looked at before it has.
    asleep: AtomicI64,
    /// Up to when changes of what people want were looked for.
    wants_seen: AtomicI64,
    swept: AtomicI64,
    trouble: Mutex<Option<post::Trouble>>,
    bell: tokio::sync::Notify,
    over: AtomicBool,
}

impl Deref for Notifier {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

/// The notifier at work.
pub struct Running {
    notifier: Notifier,
    deciding: JoinHandle<()>,
    handing_over: JoinHandle<()>,
}

impl Notifier {
    /// Gets ready.
    ///
    /// # Errors
    /// When the key store cannot be used.
    pub fn new(
        messaging: Messaging,
        marks: Arc<Marks>,
        settings: Arc<Shared>,
        house: House,
    ) -> Result<Self, Error> {
        let off = OffKey::new(messaging.journal.vault().secret(off::SECRET)?);
        let now = messaging.journal.clock().now();
        Ok(Self(Arc::new(Inner {
            messaging,
            marks,
            settings,
            house,
            off,
            asleep: AtomicI64::new(Micros::MIN),
            wants_seen: AtomicI64::new(now - SWEPT),
            swept: AtomicI64::new(Micros::MIN),
            trouble: Mutex::default(),
            bell: tokio::sync::Notify::new(),
            over: AtomicBool::new(false),
        })))
    }

    /// Begins to work, on the runtime it is called from.
    ///
    /// # Errors
    /// Storage errors.
    pub fn start(&self) -> Result<Running, Error> {
        let journal = &self.messaging.journal;
        if journal.db().is_sqlite() {
            let now = journal.clock().now();
            journal.db().write_here(|conn| outbox::take_back_all(conn, now))?;
        }
        let deciding = actix_web::rt::spawn(self.clone().decide_on());
        let handing_over = actix_web::rt::spawn(self.clone().post());
        Ok(Running { notifier: self.clone(), deciding, handing_over })
    }

    async fn decide_on(self) {
        while !self.is_over() {
            let this = self.clone();
            match blocking(move || this.round()).await {
                Ok(()) => tokio::time::sleep(LOOKED).await,
                Err(error) => {
                    tracing::warn!(%error, "mails about unread messages wait for the database");
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    }

    async fn post(self) {
        while !self.is_over() {
            let pause = match self.hand_over().await {
                Ok(true) => continue,
                Ok(false) => LOOKED,
                Err(error) => {
                    tracing::warn!(%error, "mails wait for the database");
                    PAUSE
                }
            };
            let _ = tokio::time::timeout(pause, self.bell.notified()).await;
        }
    }

    /// Everything there is to decide now.
    pub(crate) fn round(&self) -> Result<(), Error> {
        let now = self.messaging.journal.clock().now();
        let db = self.messaging.journal.db();
        while !self.is_over() && self.watch(now)? {}
        let since = self.wants_seen.swap(now, Ordering::SeqCst).min(now) - SLACK;
        if pairs::anybody_changed(&mut *db.reader()?, since)? {
            db.write_here(|conn| pairs::look_again_at_changed(conn, since, now))?;
        }
        while !self.is_over() && self.judge(now)? {}
        if self.swept.load(Ordering::SeqCst) < now - SWEPT {
            self.swept.store(now, Ordering::SeqCst);
            db.write_here(|conn| {
                pairs::sweep(conn, now)?;
                outbox::expire(conn, now)?;
                outbox::sweep(conn, now)
            })?;
        }
        self.ring();
        Ok(())
    }

    fn is_over(&self) -> bool {
        self.over.load(Ordering::SeqCst)
    }

    /// The oldest message that has not come of age was written then.
    fn asleep_until(&self) -> Micros {
        self.asleep.load(Ordering::SeqCst)
    }

    fn sleep_until(&self, at: Micros) {
        self.asleep.store(at, Ordering::SeqCst);
    }

    fn ring(&self) {
        self.bell.notify_one();
    }

    fn lock_trouble(&self) -> MutexGuard<'_, Option<post::Trouble>> {
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn trouble(&self) -> Option<post::Trouble> {
        self.lock_trouble().clone()
    }
}

impl Running {
    /// Decides on no more; mails that are being handed over may end.
    pub async fn stop(self) {
        self.notifier.over.store(true, Ordering::SeqCst);
        self.notifier.ring();
        let _ = self.deciding.await;
        if tokio::time::timeout(LAST_MAILS, self.handing_over).await.is_err() {
            tracing::warn!("a mail was still being handed over; it is taken up again later");
        }
        if let Some(office) = &self.notifier.settings.now().office {
            office.close().await;
        }
    }
}
