//! Following: what the journal has is put into an index, batch by batch.

use chancery_protocol::ids::Id;
use tantivy::TantivyError;

use super::check::{self, Sums};
use super::index::{Cursor, Written};
use super::schema::Entry;
use crate::conversations::store;
use crate::ground::db::Conn;
use crate::ground::error::Error;
use crate::journal::{Opened, head};
use crate::messaging::Messaging;
use crate::messaging::whole::Whole;

/// Records read at once.
const BATCH: i64 = 500;

/// Why following stopped.
#[derive(Debug)]
pub(super) enum Stuck {
    /// The journal cannot be read just now; it is tried again.
    Journal(Error),
    /// The index cannot be written; it is made anew.
    Index(TantivyError),
}

impl From<Error> for Stuck {
    fn from(error: Error) -> Self {
        Self::Journal(error)
    }
}

impl From<TantivyError> for Stuck {
    fn from(error: TantivyError) -> Self {
        Self::Index(error)
    }
}

/// Reads the journal from a cursor on.
pub(super) struct Following {
    messaging: Messaging,
    /// Everything up to here was read.
    pub reached: Cursor,
}

impl Following {
    pub fn from(messaging: Messaging, cursor: Cursor) -> Self {
        Self { messaging, reached: cursor }
    }

    /// Hands on what the next records are about. False when there are none yet.
    pub fn next(&mut self, each: impl FnMut(Entry) -> Result<(), Stuck>) -> Result<bool, Stuck> {
        let mut conn = self.messaging.journal.db().reader().map_err(Stuck::Journal)?;
        let records = self.messaging.journal.records();
        let rows = records.by_position(&mut conn, self.reached.position, BATCH)?;
        let Some((last, _)) = rows.last() else { return Ok(false) };
        let last = *last;
        let record = records.ids_at(&mut conn, &[last])?.get(&last).copied();
        let opened: Vec<Opened> = rows.into_iter().filter_map(|(_, record)| record.ok()).collect();
        let touched = self.messaging.touched(&mut conn, opened)?;
        let entries: Result<Vec<Entry>, Error> =
            touched.iter().map(|whole| self.entry(&mut conn, whole)).collect();
        drop(conn);
        entries?.into_iter().try_for_each(each)?;
        let record = record.map(Id::bytes).unwrap_or_default();
        self.reached = Cursor { position: last, record };
        Ok(true)
    }

    /// The snapshot of conversations may be a moment behind what is read here; then the row says what sort it is.
    fn entry(&self, conn: &mut Conn, whole: &Whole) -> Result<Entry, Error> {
        let known = self.messaging.roster.get(whole.conversation).map(|entry| entry.kind);
        let kind = match known {
            Some(kind) => kind,
            None => store::kind(conn, whole.conversation)?,
        };
        Ok(Entry::of(whole, kind))
    }

    /// Puts what the next records are about into an index. False when there are none yet.
    pub fn put_next(&mut self, index: &Written) -> Result<bool, Stuck> {
        self.next(|entry| index.put(&entry).map_err(Stuck::Index))
    }
}

/// The newest position of the journal.
pub(super) fn newest(messaging: &Messaging) -> Result<u64, Error> {
    Ok(head(&mut *messaging.journal.db().reader()?)?.position)
}

/// Whether an index with this cursor followed this very journal.
pub(super) fn belongs(messaging: &Messaging, cursor: Cursor) -> Result<bool, Error> {
    if cursor.position == 0 {
        return Ok(true);
    }
    let mut conn = messaging.journal.db().reader()?;
    let found = messaging.journal.records().ids_at(&mut conn, &[cursor.position])?;
    Ok(found.get(&cursor.position).is_some_and(|record| record.bytes() == cursor.record))
}

/// What the journal says up to a position: the sums of all messages.
pub(super) fn expected(messaging: &Messaging, until: u64) -> Result<Sums, Stuck> {
    let mut sums = Sums::new();
    let mut following = Following::from(messaging.clone(), Cursor::default());
    while following.reached.position < until {
        let more = following.next(|entry| {
            check::expected(&entry, &mut sums);
            Ok(())
        })?;
        if !more {
            break;
        }
    }
    Ok(sums)
}
