//! What ties a header to its body without saying anything guessable about it.

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

/// Length of an opener in bytes: a fresh random value per record, erased together with its payload.
pub const OPENER_LEN: usize = 32;

/// The first byte of every body of this form; JSON follows.
pub const BODY_VERSION: u8 = 1;

/// Separates this use of HMAC from every other one.
const DOMAIN: &[u8] = b"chancery.record.body.v1\0";

/// Prefix of a leaf in an RFC 6962 tree; inner nodes have 0x01.
const LEAF_PREFIX: [u8; 1] = [0x00];

/// HMAC-SHA-256(opener, domain ‖ body), as it stands in a header.
pub type Commitment = [u8; 32];

/// SHA-256(0x00 ‖ header): the leaf of the tree at index `position - 1`.
pub type LeafHash = [u8; 32];

/// Commits to `body` under `opener`. Whoever has both can check it; whoever lacks the opener cannot
/// even test a guess at the body.
pub fn commitment(opener: &[u8; OPENER_LEN], body: &[u8]) -> Commitment {
    // A key shorter than the hash's block is padded with zeros by HMAC itself (RFC 2104); done here, the
    // length is a type and nothing can fail.
    let mut key = [0; 64];
    key[..OPENER_LEN].copy_from_slice(opener);
    let mut mac = Hmac::<Sha256>::new(&key.into());
    mac.update(DOMAIN);
    mac.update(body);
    mac.finalize().into_bytes().into()
}

/// The leaf hash of an encoded header.
pub fn leaf_hash(header: &[u8]) -> LeafHash {
    Sha256::new().chain_update(LEAF_PREFIX).chain_update(header).finalize().into()
}
