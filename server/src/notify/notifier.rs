//! The notifier at work: it decides, and hands over, until it is told to stop.

use std::ops::Deref;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chancery_protocol::Micros;
use chancery_protocol::mail::HouseMail;
use tokio::task::JoinHandle;

use super::letters::OffKey;
use super::settings::Shared;
use super::{Meters, Signature, off, pairs, post};
use crate::access::Gate;
use crate::conversations::Marks;
use crate::ground::db::blocking;
use crate::ground::error::Error;
use crate::messaging::Messaging;
use crate::outbox;

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

/// Decides on mails, and hands them over.
#[derive(Clone)]
pub struct Notifier(Arc<Inner>);

/// What the notifier works with.
pub struct Inner {
    pub(super) messaging: Messaging,
    pub(super) marks: Arc<Marks>,
    pub(super) settings: Arc<Shared>,
    pub(super) gate: Arc<dyn Gate>,
    pub(super) signature: Signature,
    pub(super) off: OffKey,
    /// When the oldest message was written that has not come of age: nothing is to be looked at before it has.
    asleep: AtomicI64,
    /// Up to when changes of what people want were looked for.
    wants_seen: AtomicI64,
    /// What the house wanted when everything that waits was looked at last.
    house_seen: Mutex<Option<HouseMail>>,
    swept: AtomicI64,
    trouble: Mutex<Option<post::Trouble>>,
    pub(super) meters: Meters,
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
        gate: Arc<dyn Gate>,
        signature: Signature,
    ) -> Result<Self, Error> {
        let off = OffKey::new(messaging.journal.vault().secret(off::SECRET)?);
        let now = messaging.journal.clock().now();
        Ok(Self(Arc::new(Inner {
            messaging,
            marks,
            settings,
            gate,
            signature,
            off,
            asleep: AtomicI64::new(Micros::MIN),
            wants_seen: AtomicI64::new(now - SWEPT),
            house_seen: Mutex::default(),
            swept: AtomicI64::new(Micros::MIN),
            trouble: Mutex::default(),
            meters: Meters::default(),
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
        self.look_again_where_the_house_changed(now)?;
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

    /// What waits by other rules than those of now is looked at again; also after a start, since the configuration may be another.
    fn look_again_where_the_house_changed(&self, now: Micros) -> Result<(), Error> {
        let house = self.settings.now().settings.house.clone();
        let seen = || self.house_seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen().as_ref() == Some(&house) {
            return Ok(());
        }
        self.messaging.journal.db().write_here(|conn| pairs::look_again_at_all(conn, now))?;
        *seen() = Some(house);
        Ok(())
    }

    fn is_over(&self) -> bool {
        self.over.load(Ordering::SeqCst)
    }

    /// The oldest message that has not come of age was written then.
    pub(super) fn asleep_until(&self) -> Micros {
        self.asleep.load(Ordering::SeqCst)
    }

    pub(super) fn sleep_until(&self, at: Micros) {
        self.asleep.store(at, Ordering::SeqCst);
    }

    pub(super) fn ring(&self) {
        self.bell.notify_one();
    }

    pub(super) fn lock_trouble(&self) -> MutexGuard<'_, Option<post::Trouble>> {
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What keeps every mail from leaving. What was found with other settings counts no more.
    pub(super) fn trouble(&self) -> Option<post::Trouble> {
        let current = self.settings.now();
        self.lock_trouble().clone().filter(|trouble| trouble.is_of(&current))
    }

    /// What is counted.
    pub fn meters(&self) -> &Meters {
        &self.meters
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
