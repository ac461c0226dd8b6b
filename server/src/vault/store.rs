//! The key store's rows: wrapping keys under the master key, data keys under wrapping keys.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError};

use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use chancery_protocol::ids::{Id, KeyId};
use diesel::prelude::*;
use zeroize::Zeroizing;

use super::{Columns, DataKey, KEY_ID, NONCE, Slot, Vault, cipher};
use crate::ground::clock::month_of;
use crate::ground::db::Conn;
use crate::ground::db::dialect::{Raw, raw};
use crate::ground::db::schema::keys::{data_keys, key_store, wrapping_keys};
use crate::ground::error::{Code, Error};

/// How often a race with another node for the same new key is run again.
const RACES: usize = 3;
/// Keys looked up with one statement: SQLite takes 32,766 values.
const CHUNK: usize = 1_000;

/// A data key as it is stored.
#[derive(Queryable, Selectable)]
#[diesel(table_name = data_keys)]
struct DataRow {
    id: Raw,
    scope: i32,
    subject: Raw,
    month: i32,
    wrapping_key: Raw,
    nonce: Vec<u8>,
    wrapped: Vec<u8>,
}

type WrappingRow = (Raw, Vec<u8>, Vec<u8>);

impl Vault {
    /// Proves that the master key opens the key store.
    pub(super) fn check_master(&self) -> Result<(), Error> {
        let mut conn = self.store.reader()?;
        let row: Option<WrappingRow> = wrapping_keys::table
            .order(wrapping_keys::period.desc())
            .select((wrapping_keys::id, wrapping_keys::nonce, wrapping_keys::wrapped))
            .first(&mut *conn)
            .optional()?;
        let Some((id, nonce, wrapped)) = row else { return Ok(()) };
        self.unwrap_wrapping(id, &nonce, &wrapped).map(drop)
    }

    pub(super) fn load_by_id(&self, id: KeyId) -> Result<Option<Arc<DataKey>>, Error> {
        let mut conn = self.store.reader()?;
        let row: Option<DataRow> = data_keys::table
            .filter(data_keys::id.eq(raw(id)))
            .select(DataRow::as_select())
            .first(&mut *conn)
            .optional()?;
        row.map(|row| self.unwrap_data(&mut conn, &row)).transpose()
    }

    /// The keys of `slots`; those missing are made in one transaction. Another node may make the same one at
    /// the same moment: then the one that came first is read.
    pub(super) fn load_or_make(&self, slots: &[Slot]) -> Result<HashMap<Slot, Arc<DataKey>>, Error> {
        let mut last = Error::internal("a data key was not made");
        for _ in 0..RACES {
            let mut found = self.load(slots)?;
            let missing: Vec<Slot> =
                slots.iter().filter(|slot| !found.contains_key(*slot)).copied().collect();
            if missing.is_empty() {
                return Ok(found);
            }
            match self.store.write_here(|conn| self.make(conn, &missing)) {
                Ok(made) => {
                    found.extend(made);
                    return Ok(found);
                }
                Err(e) => last = e,
            }
        }
        Err(last)
    }

    fn load(&self, slots: &[Slot]) -> Result<HashMap<Slot, Arc<DataKey>>, Error> {
        let mut conn = self.store.reader()?;
        let wanted: HashMap<_, Slot> = slots.iter().map(|slot| (slot.columns(), *slot)).collect();
        let mut months: Vec<i32> = slots.iter().map(|slot| slot.month).collect();
        months.sort_unstable();
        months.dedup();
        let mut found = HashMap::new();
        for chunk in slots.chunks(CHUNK) {
            let subjects: Vec<Raw> = chunk.iter().map(|slot| Raw(slot.scope.subject())).collect();
            // A little too much: subjects and months are few at a time, and pairs are told apart here.
            let rows: Vec<DataRow> = data_keys::table
                .filter(data_keys::subject.eq_any(subjects))
                .filter(data_keys::month.eq_any(&months))
                .select(DataRow::as_select())
                .load(&mut *conn)?;
            for row in rows {
                if let Some(slot) = wanted.get(&(row.scope, row.subject.0, row.month)) {
                    found.insert(*slot, self.unwrap_data(&mut conn, &row)?);
                }
            }
        }
        Ok(found)
    }

    fn make(&self, conn: &mut Conn, slots: &[Slot]) -> Result<HashMap<Slot, Arc<DataKey>>, Error> {
        let now = self.clock.now();
        let (wrapping_id, wrapping) = self.current_wrapping(conn)?;
        let mut made = HashMap::new();
        for slot in slots {
            let id: KeyId = self.random.id(now)?;
            let key: Zeroizing<[u8; 32]> = Zeroizing::new(self.random.bytes()?);
            let nonce: [u8; NONCE] = self.random.bytes()?;
            let aad = data_key_bytes(id.bytes(), slot.columns());
            let wrapped = wrap(&wrapping, &nonce, &aad, key.as_slice())?;
            diesel::insert_into(data_keys::table)
                .values((
                    data_keys::id.eq(raw(id)),
                    data_keys::scope.eq(slot.scope.number()),
                    data_keys::subject.eq(Raw(slot.scope.subject())),
                    data_keys::month.eq(slot.month),
                    data_keys::wrapping_key.eq(Raw(wrapping_id)),
                    data_keys::nonce.eq(nonce.as_slice()),
                    data_keys::wrapped.eq(wrapped),
                    data_keys::created_at.eq(now),
                ))
                .execute(conn)?;
            made.insert(*slot, Arc::new(DataKey { id, cipher: cipher(&key) }));
        }
        Ok(made)
    }

    /// The wrapping key of this quarter, made when there is none.
    fn current_wrapping(&self, conn: &mut Conn) -> Result<([u8; KEY_ID], Arc<Aes256Gcm>), Error> {
        let now = self.clock.now();
        let month = month_of(now);
        let period = (month / 100) * 10 + (month % 100 + 2) / 3;
        let row: Option<WrappingRow> = wrapping_keys::table
            .filter(wrapping_keys::period.eq(period))
            .select((wrapping_keys::id, wrapping_keys::nonce, wrapping_keys::wrapped))
            .first(conn)
            .optional()?;
        if let Some((id, nonce, wrapped)) = row {
            return Ok((id.0, self.unwrap_wrapping(id, &nonce, &wrapped)?));
        }
        let id: KeyId = self.random.id(now)?;
        let key: Zeroizing<[u8; 32]> = Zeroizing::new(self.random.bytes()?);
        let nonce: [u8; NONCE] = self.random.bytes()?;
        let wrapped = wrap(&self.master.0, &nonce, &wrapping_context(raw(id)), key.as_slice())?;
        diesel::insert_into(wrapping_keys::table)
            .values((
                wrapping_keys::id.eq(raw(id)),
                wrapping_keys::period.eq(period),
                wrapping_keys::nonce.eq(nonce.as_slice()),
                wrapping_keys::wrapped.eq(wrapped),
                wrapping_keys::created_at.eq(now),
            ))
            .execute(conn)?;
        Ok((id.bytes(), Arc::new(cipher(&key))))
    }

    fn unwrap_data(&self, conn: &mut Conn, row: &DataRow) -> Result<Arc<DataKey>, Error> {
        let wrapping = self.wrapping(conn, row.wrapping_key)?;
        let aad = data_key_bytes(row.id.0, (row.scope, row.subject.0, row.month));
        let key = unwrap(&wrapping, &row.nonce, &aad, &row.wrapped)
            .ok_or_else(|| Error::storage(format!("data key {} does not unwrap", row.id.id::<KeyId>())))?;
        Ok(Arc::new(DataKey { id: row.id.id(), cipher: cipher(&key) }))
    }

    fn wrapping(&self, conn: &mut Conn, id: Raw) -> Result<Arc<Aes256Gcm>, Error> {
        if let Some(key) = self.wrapping.read().unwrap_or_else(PoisonError::into_inner).get(&id.0) {
            return Ok(Arc::clone(key));
        }
        let (nonce, wrapped): (Vec<u8>, Vec<u8>) = wrapping_keys::table
            .filter(wrapping_keys::id.eq(id))
            .select((wrapping_keys::nonce, wrapping_keys::wrapped))
            .first(conn)?;
        self.unwrap_wrapping(id, &nonce, &wrapped)
    }

    fn unwrap_wrapping(&self, id: Raw, nonce: &[u8], wrapped: &[u8]) -> Result<Arc<Aes256Gcm>, Error> {
        let key = unwrap(&self.master.0, nonce, &wrapping_context(id), wrapped).ok_or_else(|| {
            Error::setup(
                format!("the master key does not open wrapping key {}", id.id::<KeyId>()),
                "put back the master key that belongs to this key store",
            )
        })?;
        let key = Arc::new(cipher(&key));
        self.wrapping.write().unwrap_or_else(PoisonError::into_inner).insert(id.0, Arc::clone(&key));
        Ok(key)
    }
}

fn wrap(with: &Aes256Gcm, nonce: &[u8; NONCE], aad: &[u8], key: &[u8]) -> Result<Vec<u8>, Error> {
    with.encrypt(&Nonce::from(*nonce), Payload { msg: key, aad })
        .map_err(|_| Error::internal("wrapping failed"))
}

fn unwrap(with: &Aes256Gcm, nonce: &[u8], aad: &[u8], wrapped: &[u8]) -> Option<Zeroizing<[u8; 32]>> {
    let nonce: [u8; NONCE] = nonce.try_into().ok()?;
    let plain = with.decrypt(&Nonce::from(nonce), Payload { msg: wrapped, aad }).ok().map(Zeroizing::new)?;
    plain.as_slice().try_into().ok().map(Zeroizing::new)
}

fn wrapping_context(id: Raw) -> Vec<u8> {
    [b"chancery.wrapping-key.v1\0".as_slice(), &id.0].concat()
}

/// Which key it is and whose, so that a wrapped key cannot be moved to another row.
fn data_key_bytes(id: [u8; 16], (scope, subject, month): Columns) -> Vec<u8> {
    [b"chancery.data-key.v1\0".as_slice(), &id, &scope.to_be_bytes(), &subject, &month.to_be_bytes()].concat()
}

/// Which archive a key store says it belongs to. The cheapest question it can be asked.
///
/// # Errors
/// When it cannot be read.
pub fn owner(conn: &mut Conn) -> Result<Option<[u8; 16]>, Error> {
    let owner: Option<Raw> = key_store::table.select(key_store::archive_uid).first(conn).optional()?;
    Ok(owner.map(|owner| owner.0))
}

/// Writes which archive a key store belongs to, when it says nothing yet.
///
/// # Errors
/// When the key store belongs to another archive.
pub fn claim(conn: &mut Conn, archive: [u8; 16]) -> Result<(), Error> {
    match owner(conn)? {
        None => {
            diesel::insert_into(key_store::table)
                .values((key_store::id.eq(1), key_store::archive_uid.eq(Raw(archive))))
                .execute(conn)?;
            Ok(())
        }
        Some(owner) if owner == archive => Ok(()),
        Some(_) => Err(Error {
            code: Code::Setup,
            ..Error::setup(
                "the key store belongs to another archive than the database",
                "point keys.url at the key store that was in use with this database",
            )
        }),
    }
}
