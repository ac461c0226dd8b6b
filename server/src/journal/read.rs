//! Opening records again. Every record is checked against its seal: a row whose header, columns or payload is not
//! what was committed is reported as damaged, by position, and its neighbours stay readable.

use std::collections::HashMap;
use std::sync::Arc;

use chancery_ledger::{Header, Kind, OPENER_LEN, Stream, commitment};
use chancery_protocol::ids::{Id, RecordId};
use diesel::prelude::*;

use super::store::stream_bytes;
use super::{Placed, is_control};
use crate::ground::db::Conn;
use crate::ground::db::dialect::{Raw, big, count, raw};
use crate::ground::db::schema::{journal, payloads};
use crate::ground::error::Error;
use crate::vault::{Sealed, Vault};

/// A record that verifies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// Its header.
    pub header: Header,
    /// Version byte and JSON.
    pub body: Vec<u8>,
}

/// A record that does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Damaged {
    /// Where it stands.
    pub position: u64,
}

/// What stands at a position.
pub type AtPosition = (u64, Result<Opened, Damaged>);

/// The row of `journal`.
pub type HeaderCols = (i64, Raw, Vec<u8>, Option<i64>, i32, Vec<u8>);
/// Key, nonce and ciphertext as they stand there: damage may have changed their length too.
pub type PayloadCols = (Vec<u8>, Vec<u8>, Vec<u8>);

/// The columns of [`HeaderCols`], for a query that joins `journal`.
pub const HEADER: (
    journal::position,
    journal::record,
    journal::stream,
    journal::seq,
    journal::kind,
    journal::header,
) = (journal::position, journal::record, journal::stream, journal::seq, journal::kind, journal::header);
/// The columns of [`PayloadCols`], for a query that joins `payloads`.
pub const PAYLOAD: (payloads::data_key, payloads::nonce, payloads::ciphertext) =
    (payloads::data_key, payloads::nonce, payloads::ciphertext);

type Row = (HeaderCols, Option<PayloadCols>);

// The words of the partial index `journal_notes`. A bound value would not do: a plan is made before values are known.
diesel::postfix_operator!(IsNote, " < 100");

macro_rules! rows {
    ($filter:expr) => {
        journal::table
            .left_join(payloads::table.on(payloads::record.eq(journal::record)))
            .filter($filter)
            .order(journal::position.asc())
            .select((HEADER, PAYLOAD.nullable()))
    };
}

/// Reads records.
#[derive(Clone)]
pub struct Reader {
    vault: Arc<Vault>,
}

impl Reader {
    pub(super) fn new(vault: Arc<Vault>) -> Self {
        Self { vault }
    }

    /// These records, by id; one that is not in the journal is not in the map.
    ///
    /// # Errors
    /// When database or key store cannot be read.
    pub fn by_record(
        &self,
        conn: &mut Conn,
        records: &[RecordId],
    ) -> Result<HashMap<RecordId, Result<Opened, Damaged>>, Error> {
        let mut found = HashMap::with_capacity(records.len());
        for chunk in records.chunks(1_000) {
            let ids: Vec<Raw> = chunk.iter().copied().map(raw).collect();
            for row in rows!(journal::record.eq_any(ids)).load::<Row>(conn)? {
                found.insert(row.0.1.id(), self.open(row.0, row.1)?);
            }
        }
        Ok(found)
    }

    /// Records of a stream with `after < seq <= until`, ascending, at most `limit`.
    ///
    /// # Errors
    /// When database or key store cannot be read.
    pub fn by_seq(
        &self,
        conn: &mut Conn,
        stream: Stream,
        after: u64,
        until: u64,
        limit: i64,
    ) -> Result<Vec<Result<Opened, Damaged>>, Error> {
        let filter = journal::stream
            .eq(stream_bytes(stream))
            .and(journal::seq.gt(big(after)))
            .and(journal::seq.le(big(until)));
        rows!(filter).limit(limit).load::<Row>(conn)?.into_iter().map(|row| self.open(row.0, row.1)).collect()
    }

    /// Records after a position, ascending, at most `limit`, each with its position.
    ///
    /// # Errors
    /// When database or key store cannot be read.
    pub fn by_position(&self, conn: &mut Conn, after: u64, limit: i64) -> Result<Vec<AtPosition>, Error> {
        rows!(journal::position.gt(big(after)))
            .limit(limit)
            .load::<Row>(conn)?
            .into_iter()
            .map(|row| Ok((count(row.0.0), self.open(row.0, row.1)?)))
            .collect()
    }

    /// Messages and their new texts with `after < position <= until`, ascending, at most `limit`, each with its position.
    ///
    /// # Errors
    /// When database or key store cannot be read.
    pub fn texts(
        &self,
        conn: &mut Conn,
        after: u64,
        until: u64,
        limit: i64,
    ) -> Result<Vec<AtPosition>, Error> {
        let kinds = [Kind::Message, Kind::Edit].map(|kind| i32::from(kind.number()));
        let filter = journal::position
            .gt(big(after))
            .and(journal::position.le(big(until)))
            .and(journal::kind.eq_any(kinds));
        rows!(filter)
            .limit(limit)
            .load::<Row>(conn)?
            .into_iter()
            .map(|row| Ok((count(row.0.0), self.open(row.0, row.1)?)))
            .collect()
    }

    /// Records of some kinds of a stream with `after < seq <= until`, ascending.
    ///
    /// # Errors
    /// When database or key store cannot be read.
    pub fn of_kinds(
        &self,
        conn: &mut Conn,
        stream: Stream,
        after: u64,
        until: u64,
        kinds: &[Kind],
    ) -> Result<Vec<Result<Opened, Damaged>>, Error> {
        let numbers: Vec<i32> = kinds.iter().map(|kind| i32::from(kind.number())).collect();
        let filter = journal::stream
            .eq(stream_bytes(stream))
            .and(journal::seq.gt(big(after)))
            .and(journal::seq.le(big(until)))
            .and(journal::kind.eq_any(numbers));
        rows!(filter).load::<Row>(conn)?.into_iter().map(|row| self.open(row.0, row.1)).collect()
    }

    /// What stands between the messages of a stream with `lowest <= seq <= highest`, ascending: that the conversation
    /// was made or described, and who came and went.
    ///
    /// # Errors
    /// When database or key store cannot be read.
    pub fn notes(
        &self,
        conn: &mut Conn,
        stream: Stream,
        lowest: u64,
        highest: u64,
    ) -> Result<Vec<Result<Opened, Damaged>>, Error> {
        let filter = journal::stream
            .eq(stream_bytes(stream))
            .and(journal::seq.ge(big(lowest)))
            .and(journal::seq.le(big(highest)))
            .and(IsNote::new(journal::kind));
        rows!(filter).load::<Row>(conn)?.into_iter().map(|row| self.open(row.0, row.1)).collect()
    }

    /// The place of the record about another one that was committed behind it, if there is one.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn beside(&self, conn: &mut Conn, first: Placed) -> Result<Option<Placed>, Error> {
        let next: Option<Vec<u8>> = journal::table
            .filter(journal::position.eq(big(first.position) + 1))
            .select(journal::header)
            .first(conn)
            .optional()?;
        let next = next.and_then(|bytes| Header::decode(&bytes).ok());
        Ok(next.filter(|next| next.target == Some(first.record.bytes())).map(|next| Placed::of(&next)))
    }

    /// The ids of the records at these positions, by position.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn ids_at(&self, conn: &mut Conn, positions: &[u64]) -> Result<HashMap<u64, RecordId>, Error> {
        let mut found = HashMap::with_capacity(positions.len());
        for chunk in positions.chunks(1_000) {
            let rows: Vec<(i64, Raw)> = journal::table
                .filter(journal::position.eq_any(chunk.iter().map(|position| big(*position))))
                .select((journal::position, journal::record))
                .load(conn)?;
            found.extend(rows.into_iter().map(|(position, record)| (count(position), record.id())));
        }
        Ok(found)
    }

    /// The positions of records.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn positions(&self, conn: &mut Conn, records: &[RecordId]) -> Result<HashMap<RecordId, u64>, Error> {
        let mut found = HashMap::with_capacity(records.len());
        for chunk in records.chunks(1_000) {
            let rows: Vec<(Raw, i64)> = journal::table
                .filter(journal::record.eq_any(chunk.iter().map(|record| raw(*record))))
                .select((journal::record, journal::position))
                .load(conn)?;
            found.extend(rows.into_iter().map(|(record, position)| (record.id(), count(position))));
        }
        Ok(found)
    }

    /// Opens what a query has read.
    ///
    /// # Errors
    /// When the key store cannot be read.
    pub fn open(
        &self,
        (position, record, stream, seq, kind, bytes): HeaderCols,
        payload: Option<PayloadCols>,
    ) -> Result<Result<Opened, Damaged>, Error> {
        let position = count(position);
        let damaged = Ok(Err(Damaged { position }));
        let Ok(header) = Header::decode(&bytes) else { return damaged };
        let columns_agree = header.position == position
            && header.record == record.0
            && stream_bytes(header.stream) == stream
            && header.seq.map(big) == seq
            && i32::from(header.kind.number()) == kind;
        let Some((key, nonce, ciphertext)) = payload.filter(|_| columns_agree) else { return damaged };
        let (Ok(key), Ok(nonce)) = (key.try_into(), nonce.as_slice().try_into()) else { return damaged };
        let sealed = Sealed { key: Id::from_bytes(key), nonce, ciphertext };
        let Ok(plain) = self.vault.unseal(&sealed, &bytes)? else { return damaged };
        let Some((opener, body)) = plain.split_first_chunk::<OPENER_LEN>() else { return damaged };
        if commitment(opener, body) != header.commitment {
            return damaged;
        }
        Ok(Ok(Opened { header, body: body.to_vec() }))
    }
}

impl Opened {
    /// The record's id.
    pub fn record(&self) -> RecordId {
        RecordId::from_bytes(self.header.record)
    }
}

/// Headers of the records with `after < position <= until` that change who may do what. They decide nothing by
/// themselves: they say which rows of people and members to read again.
pub(super) fn control_headers(conn: &mut Conn, after: u64, until: u64) -> Result<Vec<Header>, Error> {
    let kinds: Vec<i32> = chancery_ledger::Kind::ALL
        .iter()
        .filter(|kind| is_control(**kind))
        .map(|kind| i32::from(kind.number()))
        .collect();
    let rows: Vec<Vec<u8>> = journal::table
        .filter(journal::position.gt(big(after)))
        .filter(journal::position.le(big(until)))
        .filter(journal::kind.eq_any(kinds))
        .order(journal::position.asc())
        .select(journal::header)
        .load(conn)?;
    Ok(rows.iter().filter_map(|bytes| Header::decode(bytes).ok()).collect())
}
