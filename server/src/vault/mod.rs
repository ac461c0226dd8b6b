//! Keys, and what is sealed with them.
//!
//! Master key (a key file of mode 0600) → wrapping key per quarter → data key per conversation and month (or a
//! standing one for what is no record). Wrapped keys live in a key store apart from the data. What must stay
//! true: no key and no plain text is ever written anywhere; a data key is in the key store, on disk, before
//! anything sealed with it is; whoever has the data folder without key store and master key can read nothing.

mod derive;
mod master;
mod store;

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use chancery_protocol::Micros;
use chancery_protocol::ids::{ConversationId, Id, KeyId, PersonId};
use zeroize::Zeroizing;

use crate::ground::clock::{Clock, month_of};
use crate::ground::db::Db;
use crate::ground::error::Error;
use crate::ground::random::Random;

pub use master::{MasterKey, load_or_create};
pub use store::{claim, owner};

const NONCE: usize = 12;
const KEY_ID: usize = 16;
/// More data keys in memory than this are dropped and unwrapped again when needed.
const CACHED_KEYS: usize = 50_000;

/// Whose a data key is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// A conversation's.
    Conversation(ConversationId),
    /// A person's.
    Person(PersonId),
    /// The house's.
    System,
}

impl Scope {
    fn number(self) -> i32 {
        match self {
            Self::Conversation(_) => 1,
            Self::Person(_) => 2,
            Self::System => 3,
        }
    }

    fn subject(self) -> [u8; 16] {
        match self {
            Self::Conversation(id) => id.bytes(),
            Self::Person(id) => id.bytes(),
            Self::System => [0; 16],
        }
    }
}

/// What a data key is for: a month of records (`year * 100 + month`), or 0 for a standing key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Slot {
    /// Whose.
    pub scope: Scope,
    /// Which month; 0 for standing.
    pub month: i32,
}

/// A slot as it stands in the key store: scope, subject, month.
type Columns = (i32, [u8; 16], i32);

impl Slot {
    fn columns(self) -> Columns {
        (self.scope.number(), self.scope.subject(), self.month)
    }

    /// The slot of records of `scope` committed at `at`.
    pub fn monthly(scope: Scope, at: Micros) -> Self {
        Self { scope, month: month_of(at) }
    }

    /// The slot of what is sealed but no record.
    pub fn standing(scope: Scope) -> Self {
        Self { scope, month: 0 }
    }
}

/// Something sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// The data key.
    pub key: KeyId,
    /// 96 random bits.
    pub nonce: [u8; NONCE],
    /// AES-256-GCM, with its tag.
    pub ciphertext: Vec<u8>,
}

/// A data key, ready for use.
pub struct DataKey {
    /// Its id, part of the associated data of everything it seals.
    pub id: KeyId,
    cipher: Aes256Gcm,
}

/// Why something sealed does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpenError {
    /// The key is not in the key store.
    NoKey,
    /// The bytes are not what was sealed, or not where they were sealed.
    Tampered,
}

/// The keys of this archive.
pub struct Vault {
    store: Db,
    master: MasterKey,
    clock: Clock,
    random: Random,
    by_slot: RwLock<HashMap<Slot, Arc<DataKey>>>,
    by_id: RwLock<HashMap<KeyId, Arc<DataKey>>>,
    wrapping: RwLock<HashMap<[u8; KEY_ID], Arc<Aes256Gcm>>>,
}

impl Vault {
    /// Over a key store that is migrated, and belongs to `master`.
    ///
    /// # Errors
    /// When the key store is not the one of `master`.
    pub fn open(store: Db, master: MasterKey, clock: Clock, random: Random) -> Result<Self, Error> {
        let vault = Self {
            store,
            master,
            clock,
            random,
            by_slot: RwLock::default(),
            by_id: RwLock::default(),
            wrapping: RwLock::default(),
        };
        vault.check_master()?;
        Ok(vault)
    }

    /// The key store under it, to ask whether it answers.
    pub fn store(&self) -> &Db {
        &self.store
    }

    /// The data keys of these slots, made where they are missing. New ones are on disk when this returns.
    ///
    /// # Errors
    /// When the key store cannot be read or written.
    pub fn keys(&self, slots: &[Slot]) -> Result<HashMap<Slot, Arc<DataKey>>, Error> {
        let mut found = HashMap::with_capacity(slots.len());
        let mut missing = Vec::new();
        {
            let cache = self.by_slot.read().unwrap_or_else(PoisonError::into_inner);
            for slot in slots {
                match cache.get(slot) {
                    Some(key) => drop(found.insert(*slot, Arc::clone(key))),
                    None => missing.push(*slot),
                }
            }
        }
        if !missing.is_empty() {
            missing.sort_by_key(|slot| slot.columns());
            missing.dedup();
            for (slot, key) in self.load_or_make(&missing)? {
                self.remember(Some(slot), &key);
                found.insert(slot, key);
            }
        }
        Ok(found)
    }

    /// The data key of one slot.
    ///
    /// # Errors
    /// As [`Vault::keys`].
    pub fn key(&self, slot: Slot) -> Result<Arc<DataKey>, Error> {
        let mut keys = self.keys(&[slot])?;
        keys.remove(&slot).ok_or_else(|| Error::internal("a data key was not made"))
    }

    /// Seals `plain` under `key`. `context` is what it must stand beside; the key id is added to it.
    ///
    /// # Errors
    /// When there is no randomness.
    pub fn seal(&self, key: &DataKey, context: &[u8], plain: &[u8]) -> Result<Sealed, Error> {
        let nonce: [u8; NONCE] = self.random.bytes()?;
        let aad = associated(context, key.id);
        let ciphertext = key
            .cipher
            .encrypt(&Nonce::from(nonce), Payload { msg: plain, aad: &aad })
            .map_err(|_| Error::internal("sealing failed"))?;
        Ok(Sealed { key: key.id, nonce, ciphertext })
    }

    /// Opens what was sealed with the same `context`.
    ///
    /// # Errors
    /// `Ok(Err(_))` says what is wrong with the bytes; `Err(_)` that the key store cannot be read.
    pub fn unseal(
        &self,
        sealed: &Sealed,
        context: &[u8],
    ) -> Result<Result<Zeroizing<Vec<u8>>, OpenError>, Error> {
        let Some(key) = self.key_by_id(sealed.key)? else {
            return Ok(Err(OpenError::NoKey));
        };
        let aad = associated(context, key.id);
        let payload = Payload { msg: &sealed.ciphertext, aad: &aad };
        Ok(key
            .cipher
            .decrypt(&Nonce::from(sealed.nonce), payload)
            .map(Zeroizing::new)
            .map_err(|_| OpenError::Tampered))
    }

    /// Seals a value that is no record, into one column: key id ‖ nonce ‖ ciphertext. `place` names table,
    /// row and column, so that a value cannot be moved elsewhere.
    ///
    /// # Errors
    /// When the key store cannot be read or written.
    pub fn seal_value(&self, scope: Scope, place: &Place<'_>, plain: &[u8]) -> Result<Vec<u8>, Error> {
        let key = self.key(Slot::standing(scope))?;
        let sealed = self.seal(&key, &place.bytes(), plain)?;
        Ok([sealed.key.bytes().as_slice(), &sealed.nonce, &sealed.ciphertext].concat())
    }

    /// Opens a value sealed by [`Vault::seal_value`] for the same place.
    ///
    /// # Errors
    /// As [`Vault::unseal`].
    pub fn open_value(
        &self,
        place: &Place<'_>,
        value: &[u8],
    ) -> Result<Result<Zeroizing<Vec<u8>>, OpenError>, Error> {
        let Some((key, rest)) = value.split_first_chunk::<KEY_ID>() else {
            return Ok(Err(OpenError::Tampered));
        };
        let Some((nonce, ciphertext)) = rest.split_first_chunk::<NONCE>() else {
            return Ok(Err(OpenError::Tampered));
        };
        let sealed = Sealed { key: KeyId::from_bytes(*key), nonce: *nonce, ciphertext: ciphertext.to_vec() };
        self.unseal(&sealed, &place.bytes())
    }

    /// [`Vault::open_value`] for text.
    ///
    /// # Errors
    /// As [`Vault::open_value`].
    pub fn open_text(&self, place: &Place<'_>, value: &[u8]) -> Result<Result<String, OpenError>, Error> {
        Ok(self
            .open_value(place, value)?
            .and_then(|bytes| String::from_utf8(bytes.to_vec()).map_err(|_| OpenError::Tampered)))
    }

    fn remember(&self, slot: Option<Slot>, key: &Arc<DataKey>) {
        if let Some(slot) = slot {
            let mut by_slot = self.by_slot.write().unwrap_or_else(PoisonError::into_inner);
            if by_slot.len() >= CACHED_KEYS {
                by_slot.clear();
            }
            by_slot.insert(slot, Arc::clone(key));
        }
        let mut by_id = self.by_id.write().unwrap_or_else(PoisonError::into_inner);
        if by_id.len() >= CACHED_KEYS {
            by_id.clear();
        }
        by_id.insert(key.id, Arc::clone(key));
    }

    fn key_by_id(&self, id: KeyId) -> Result<Option<Arc<DataKey>>, Error> {
        if let Some(key) = self.by_id.read().unwrap_or_else(PoisonError::into_inner).get(&id) {
            return Ok(Some(Arc::clone(key)));
        }
        let Some(key) = self.load_by_id(id)? else { return Ok(None) };
        self.remember(None, &key);
        Ok(Some(key))
    }
}

/// Where a sealed value stands.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// Table.
    pub table: &'static str,
    /// Column.
    pub column: &'static str,
    /// Key of the row.
    pub row: &'a [u8],
}

impl Place<'_> {
    /// Unambiguous: names have no zero byte, and the row comes last.
    fn bytes(&self) -> Vec<u8> {
        [b"chancery.value.v1\0", self.table.as_bytes(), b"\0", self.column.as_bytes(), b"\0", self.row]
            .concat()
    }
}

fn associated(context: &[u8], key: KeyId) -> Vec<u8> {
    [context, &key.bytes()].concat()
}

fn cipher(key: &[u8; 32]) -> Aes256Gcm {
    Aes256Gcm::new(key.into())
}
