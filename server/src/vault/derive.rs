//! Secrets that are derived, not stored: the same on every node, for ever, and nowhere on disk.

use aes_gcm::Nonce;
use aes_gcm::aead::{Aead, Payload};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::{NONCE, Scope, Slot, Vault};
use crate::ground::error::Error;

impl Vault {
    /// The secret of this archive named `label`. AES under the house's standing key serves as the pseudo-random
    /// function: each label has one nonce and one plain text, so that a nonce never meets two texts.
    ///
    /// # Errors
    /// When the key store cannot be read or written.
    pub fn secret(&self, label: &str) -> Result<Zeroizing<[u8; 32]>, Error> {
        let key = self.key(Slot::standing(Scope::System))?;
        let name = [b"chancery.secret.v1\0", label.as_bytes()].concat();
        let digest: [u8; 32] = Sha256::digest(&name).into();
        let mut nonce = [0; NONCE];
        for (to, from) in nonce.iter_mut().zip(digest) {
            *to = from;
        }
        let stream = key
            .cipher
            .encrypt(&Nonce::from(nonce), Payload { msg: &[0; 32], aad: &name })
            .map_err(|_| Error::internal("deriving a secret failed"))?;
        Ok(Zeroizing::new(Sha256::digest(Zeroizing::new(stream).as_slice()).into()))
    }
}
