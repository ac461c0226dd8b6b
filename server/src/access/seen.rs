//! When sessions were last heard of: to the minute, gathered while the last write is on its way to disk.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use chancery_protocol::Micros;
use chancery_protocol::ids::SessionId;

use super::store;
use crate::ground::db::{Db, blocking};

const MINUTE: Micros = 60_000_000;
/// More sessions than this are not kept in mind; the oldest minutes go first.
const KEPT: usize = 100_000;

#[derive(Default)]
struct State {
    /// The newest minute noted for a session, so that one minute is written once.
    noted: HashMap<SessionId, Micros>,
    waiting: HashMap<SessionId, Micros>,
    writing: bool,
}

pub(super) struct Seen {
    db: Db,
    state: Arc<Mutex<State>>,
}

impl Seen {
    pub(super) fn new(db: Db) -> Self {
        Self { db, state: Arc::default() }
    }

    /// Notes a session, of which the database says `known`, as heard of `now`. Must be called inside the async
    /// runtime.
    pub(super) fn note(&self, session: SessionId, known: Micros, now: Micros) {
        let minute = now - now.rem_euclid(MINUTE);
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if known >= minute || state.noted.get(&session).is_some_and(|noted| *noted >= minute) {
            return;
        }
        if state.noted.len() >= KEPT {
            state.noted.retain(|_, noted| *noted >= minute);
        }
        state.noted.insert(session, minute);
        state.waiting.insert(session, minute);
        if !state.writing {
            state.writing = true;
            let (db, state) = (self.db.clone(), Arc::clone(&self.state));
            drop(tokio::task::spawn(async move { write_all(&db, &state).await }));
        }
    }
}

/// Writes what waits, again and again until nothing does.
async fn write_all(db: &Db, state: &Arc<Mutex<State>>) {
    loop {
        let batch = {
            let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
            let batch = std::mem::take(&mut state.waiting);
            state.writing = !batch.is_empty();
            batch
        };
        if batch.is_empty() {
            return;
        }
        let db = db.clone();
        let written = blocking(move || {
            if db.is_sqlite() {
                return db
                    .write_here(|conn| batch.iter().try_for_each(|(id, at)| store::touch(conn, *id, *at)));
            }
            // One row each: a unit that ends several sessions locks their rows in an order of its own.
            batch.iter().try_for_each(|(id, at)| db.write_here(|conn| store::touch(conn, *id, *at)))
        })
        .await;
        if let Err(error) = written {
            tracing::warn!(%error, "when sessions were last seen could not be written");
        }
    }
}
