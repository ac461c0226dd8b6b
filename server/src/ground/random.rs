//! Randomness as a parameter: the operating system's in production, a seeded sequence in tests.

use std::sync::{Arc, Mutex, PoisonError};

use chancery_protocol::Micros;
use chancery_protocol::ids::Id;

use super::error::Error;

/// A source of random bytes for tests.
pub type TestSource = Arc<Mutex<dyn FnMut(&mut [u8]) + Send>>;

/// Where random bytes come from.
#[derive(Clone)]
pub enum Random {
    /// The operating system.
    System,
    /// Whatever the test says.
    Test(TestSource),
}

impl Random {
    /// Fills `out`.
    ///
    /// # Errors
    /// When the operating system has no randomness to give; nothing may go on then.
    pub fn fill(&self, out: &mut [u8]) -> Result<(), Error> {
        match self {
            Self::System =>
            {
                #[expect(clippy::disallowed_methods, reason = "the one place that asks the operating system")]
                getrandom::fill(out).map_err(|e| Error::internal(format!("no randomness: {e}")))
            }
            Self::Test(source) => {
                let mut source = source.lock().unwrap_or_else(PoisonError::into_inner);
                source(out);
                Ok(())
            }
        }
    }

    /// `N` random bytes.
    ///
    /// # Errors
    /// As [`Random::fill`].
    pub fn bytes<const N: usize>(&self) -> Result<[u8; N], Error> {
        let mut out = [0; N];
        self.fill(&mut out)?;
        Ok(out)
    }

    /// A new id (UUIDv7): sorts by `now`, cannot be guessed.
    ///
    /// # Errors
    /// As [`Random::fill`].
    pub fn id<I: Id>(&self, now: Micros) -> Result<I, Error> {
        let millis = u64::try_from(now / 1_000).unwrap_or(0);
        let uuid = uuid::Builder::from_unix_timestamp_millis(millis, &self.bytes()?).into_uuid();
        Ok(I::from_bytes(uuid.into_bytes()))
    }
}
