//! Committed records in position order, for delivery on this node.
//!
//! The writer hands its batches over in memory. Where another process wrote in between, and every second without
//! news, the journal itself is read; so a lost hint costs a second and never a record.

use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use chancery_ledger::{Header, Kind};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;

use super::commit::NOTIFY_CHANNEL;
use super::{Delivered, Journal, OnControl, is_control, store};
use crate::ground::db::dialect::{Raw, big, count};
use crate::ground::db::schema::messages;
use crate::ground::db::{Conn, Db};
use crate::ground::error::Error;

/// Longest time without looking at the journal.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How often a waiting PostgreSQL connection is asked for hints. diesel offers no way to sleep on its socket.
const LISTEN_EVERY: Duration = Duration::from_millis(5);
const PAGE: i64 = 500;

/// News for the tail.
pub enum Batch {
    /// Records this process committed, in position order.
    Records(Vec<Delivered>),
    /// Somebody committed up to this position: another process, or this one, whose records then come by themselves.
    Hint(u64),
    /// Hand on what is committed, then end.
    Stop,
}

/// Follows the journal from where it was opened.
pub struct Tail {
    journal: Journal,
    on_control: OnControl,
    news: Receiver<Batch>,
    delivered: u64,
    stopping: bool,
}

impl Tail {
    /// Follows from the newest record on.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn open(journal: Journal, on_control: OnControl) -> Result<(Self, Sender<Batch>), Error> {
        let delivered = store::head(&mut *journal.db().reader()?)?.position;
        let (sender, news) = channel();
        Ok((Self { journal, on_control, news, delivered, stopping: false }, sender))
    }

    /// The next records, in position order without gaps; blocks until there are some. `None` at the end.
    pub fn wait(&mut self) -> Option<Vec<Delivered>> {
        loop {
            self.journal.meters().tail_looked(self.delivered);
            if self.stopping {
                return None;
            }
            let records = match self.news.recv_timeout(LOOK_EVERY) {
                Ok(Batch::Records(records)) => self.with_gap_filled(records),
                // Mostly of this process itself, behind the records: reading would decrypt the next batch a second time.
                Ok(Batch::Hint(position)) if position <= self.delivered => continue,
                Ok(Batch::Hint(_)) | Err(RecvTimeoutError::Timeout) => self.read_on(None),
                Ok(Batch::Stop) | Err(RecvTimeoutError::Disconnected) => {
                    self.stopping = true;
                    self.read_on(None)
                }
            };
            if !records.is_empty() {
                return Some(records);
            }
        }
    }

    fn with_gap_filled(&mut self, mut records: Vec<Delivered>) -> Vec<Delivered> {
        records.retain(|record| record.header.position > self.delivered);
        let (Some(first), Some(last)) = (records.first(), records.last()) else { return records };
        let (first, last) = (first.header.position, last.header.position);
        if first == self.delivered + 1 {
            self.delivered = last;
            return records;
        }
        let mut filled = self.read_on(Some(first - 1));
        if self.delivered + 1 == first {
            self.delivered = last;
            filled.append(&mut records);
        }
        // Otherwise the journal could not be read just now; it is read again within a second.
        filled
    }

    /// Everything committed since, up to `until`.
    fn read_on(&mut self, until: Option<u64>) -> Vec<Delivered> {
        let mut all = Vec::new();
        loop {
            match self.page(until) {
                Ok(mut page) if !page.is_empty() => all.append(&mut page),
                Ok(_) => return all,
                Err(error) => {
                    tracing::warn!(%error, "the journal cannot be followed just now");
                    return all;
                }
            }
        }
    }

    fn page(&mut self, until: Option<u64>) -> Result<Vec<Delivered>, Error> {
        let limit = match until {
            Some(until) => PAGE.min(big(until.saturating_sub(self.delivered))),
            None => PAGE,
        };
        if limit == 0 {
            return Ok(Vec::new());
        }
        let mut conn = self.journal.db().reader()?;
        let rows = self.journal.records().by_position(&mut conn, self.delivered, limit)?;
        let mut newest = self.delivered;
        let mut page = Vec::with_capacity(rows.len());
        for (position, opened) in rows {
            newest = position;
            match opened {
                Ok(opened) => page.push(Delivered {
                    header: opened.header,
                    body: Some(opened.body.into()),
                    ordinal: None,
                    fresh: false,
                    committed: None,
                }),
                Err(_) => tracing::error!(position, "a stored record does not verify"),
            }
        }
        add_ordinals(&mut conn, &mut page)?;
        let control: Vec<Header> =
            page.iter().map(|d| &d.header).filter(|header| is_control(header.kind)).cloned().collect();
        if !control.is_empty() {
            (self.on_control)(&mut conn, &control)?;
        }
        self.delivered = newest;
        Ok(page)
    }
}

fn add_ordinals(conn: &mut Conn, page: &mut [Delivered]) -> Result<(), Error> {
    let ids: Vec<Raw> =
        page.iter().filter(|d| d.header.kind == Kind::Message).map(|d| Raw(d.header.record)).collect();
    if ids.is_empty() {
        return Ok(());
    }
    let rows: Vec<(Raw, i64)> = messages::table
        .filter(messages::id.eq_any(ids))
        .select((messages::id, messages::ordinal))
        .load(conn)?;
    let ordinals: std::collections::HashMap<[u8; 16], u64> =
        rows.into_iter().map(|(id, ordinal)| (id.0, count(ordinal))).collect();
    for record in page {
        record.ordinal = ordinals.get(&record.header.record).copied();
    }
    Ok(())
}

/// Turns PostgreSQL's notifications into hints, until the tail is gone. The connection is made again when it
/// breaks; what was missed meanwhile is found by the tail's own look every second. The thread is its own and
/// nobody waits for it: a server that stops must not wait for news that never come.
///
/// # Errors
/// When no thread can be started.
pub fn listen(journal: &Journal, news: Sender<Batch>) -> Result<(), Error> {
    let (db, backend) = (journal.db().clone(), Arc::clone(&journal.backend));
    let listening = move || {
        while listen_once(&db, &backend, &news) {
            std::thread::sleep(LOOK_EVERY);
        }
    };
    let started = std::thread::Builder::new().name("listen".into()).spawn(listening);
    started.map(drop).map_err(|e| Error::internal(format!("no thread to listen: {e}")))
}

/// False when nobody wants hints any more. What this process itself commits comes from its writer: a hint that overtook it
/// would read and decrypt all of it once more.
fn listen_once(db: &Db, own: &AtomicI32, news: &Sender<Batch>) -> bool {
    let Ok(Conn::Postgres(mut conn)) = db.opener().open_reader() else { return true };
    if conn.batch_execute(&format!("LISTEN {NOTIFY_CHANNEL}")).is_err() {
        return true;
    }
    loop {
        let mut heard = None;
        for notification in conn.notifications_iter() {
            match notification {
                Ok(said) if said.process_id == own.load(Ordering::Relaxed) => {}
                Ok(said) => heard = heard.max(Some(said.payload.parse().unwrap_or(u64::MAX))),
                Err(_) => return true,
            }
        }
        if heard.is_some_and(|position| news.send(Batch::Hint(position)).is_err()) {
            return false;
        }
        std::thread::sleep(LISTEN_EVERY);
    }
}
