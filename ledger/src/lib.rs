//! The record's exact form: headers, commitments and leaf hashes.
//!
//! Pure and small, so that the server, the browser and a stranger's verifier run the very same code.
//! What must stay true: the bytes of [`Header::encode`] never change for format version 1. The field
//! table is `docs/ledger.md`; `ledger/vectors/` holds the test vectors, run natively and in a browser.

mod commitment;
#[cfg(feature = "fuzz")]
pub mod fuzz;
mod header;
mod kind;
#[cfg(feature = "vectors")]
pub mod vectors;

pub use commitment::{BODY_VERSION, Commitment, LeafHash, OPENER_LEN, commitment, leaf_hash};
pub use header::{FORMAT_VERSION, Header, HeaderError, Stream};
pub use kind::{Kind, UnknownKind};

/// 16 bytes that name a record, a person or a conversation; a UUIDv7 everywhere in Chancery.
pub type Id = [u8; 16];
