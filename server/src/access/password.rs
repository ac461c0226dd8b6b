//! Passwords: argon2id, and never more hashes at once than there are processors.

use std::num::NonZero;
use std::sync::{Condvar, Mutex, PoisonError};

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use zeroize::Zeroizing;

use crate::ground::error::{Code, Error};
use crate::ground::random::Random;

/// Memory of one hash, in KiB; memory, passes and lanes follow OWASP's recommendation for argon2id.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
const SALT: usize = 16;

/// Fewest characters of a password.
pub const MIN_CHARS: usize = 12;
/// Most bytes of a password.
pub const MAX_BYTES: usize = 1024;
/// Callers that may wait for each processor; more are sent away.
const WAITING_PER_SLOT: usize = 64;

/// A hash nobody's password has, with today's parameters: an unknown name costs as much as a wrong password.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$Y2hhbmNlcnktbm9ib2R5IQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Whether a password may be chosen.
///
/// # Errors
/// `password_too_short`, `password_too_long`.
pub fn check(password: &str) -> Result<(), Error> {
    if password.len() > MAX_BYTES {
        return Err(Error::from(Code::PasswordTooLong).field("password"));
    }
    if password.chars().count() < MIN_CHARS {
        return Err(Error::from(Code::PasswordTooShort).field("password"));
    }
    Ok(())
}

/// Hashes and verifies, on the calling thread, which must be one that may block.
pub struct Hasher {
    free: Mutex<Queue>,
    freed: Condvar,
}

struct Queue {
    slots: usize,
    free: usize,
    waiting: usize,
}

impl Default for Hasher {
    fn default() -> Self {
        let slots = std::thread::available_parallelism().map_or(1, NonZero::get);
        Self { free: Mutex::new(Queue { slots, free: slots, waiting: 0 }), freed: Condvar::new() }
    }
}

impl Hasher {
    /// The PHC string of a password.
    ///
    /// # Errors
    /// `rate_limited` when too many wait; when there is no randomness.
    pub fn hash(&self, password: &str, random: &Random) -> Result<Zeroizing<String>, Error> {
        let salt: [u8; SALT] = random.bytes()?;
        let _slot = self.slot()?;
        let hash = argon()?.hash_password_with_salt(password.as_bytes(), &salt).map_err(Error::internal)?;
        Ok(Zeroizing::new(hash.to_string()))
    }

    /// Whether the password is the one of `hash`; takes as long when there is no hash.
    ///
    /// # Errors
    /// `rate_limited` when too many wait; `internal` when the stored hash is none.
    pub fn verify(&self, password: &str, hash: Option<&str>) -> Result<bool, Error> {
        let stored = PasswordHash::new(hash.unwrap_or(NOBODY))
            .map_err(|e| Error::internal(format!("a stored password hash cannot be read: {e}")))?;
        let _slot = self.slot()?;
        let right = argon()?.verify_password(password.as_bytes(), &stored).is_ok();
        Ok(right && hash.is_some() && password.len() <= MAX_BYTES)
    }

    fn slot(&self) -> Result<Slot<'_>, Error> {
        let mut queue = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        if queue.free == 0 {
            if queue.waiting >= queue.slots * WAITING_PER_SLOT {
                return Err(Error::from(Code::RateLimited).retry_after(2));
            }
            queue.waiting += 1;
            queue =
                self.freed.wait_while(queue, |queue| queue.free == 0).unwrap_or_else(PoisonError::into_inner);
            queue.waiting -= 1;
        }
        queue.free -= 1;
        Ok(Slot(self))
    }
}

/// A processor's turn; given back when dropped.
struct Slot<'a>(&'a Hasher);

impl Drop for Slot<'_> {
    fn drop(&mut self) {
        self.0.free.lock().unwrap_or_else(PoisonError::into_inner).free += 1;
        self.0.freed.notify_one();
    }
}

fn argon() -> Result<Argon2<'static>, Error> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(Error::internal)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_right_password_verifies() {
        let hasher = Hasher::default();
        let hash = hasher.hash("correct horse battery", &Random::System).unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(hasher.verify("correct horse battery", Some(&hash)).unwrap());
        assert!(!hasher.verify("correct horse batterz", Some(&hash)).unwrap());
        assert!(!hasher.verify("correct horse battery", None).unwrap());
        assert_eq!(hasher.verify("x", Some("no hash")).unwrap_err().code, Code::Internal);
    }

    #[test]
    fn nobody_costs_as_much_as_somebody() {
        let params = |hash: &str| Params::try_from(&PasswordHash::new(hash).unwrap()).unwrap();
        let somebody = Hasher::default().hash("correct horse battery", &Random::System).unwrap();
        assert_eq!(params(NOBODY), params(&somebody));
    }

    #[test]
    fn length_counts_characters_from_below_and_bytes_from_above() {
        assert_eq!(check("elf zeichen").unwrap_err().code, Code::PasswordTooShort);
        assert!(check("éééééééééééé").is_ok());
        assert!(check(&"a".repeat(1024)).is_ok());
        assert_eq!(check(&"a".repeat(1025)).unwrap_err().code, Code::PasswordTooLong);
    }

    #[test]
    fn too_many_waiting_are_sent_away() {
        let hasher = Hasher {
            free: Mutex::new(Queue { slots: 1, free: 0, waiting: WAITING_PER_SLOT }),
            freed: Condvar::new(),
        };
        assert_eq!(hasher.verify("x", None).unwrap_err().code, Code::RateLimited);
    }
}
