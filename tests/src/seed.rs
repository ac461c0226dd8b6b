//! Randomness that can be had again: the seed is printed, and `CHANCERY_TEST_SEED` sets it.

use rand::SeedableRng;
use rand_chacha::ChaCha12Rng;

/// A generator whose seed is shown when the test fails.
pub struct Seeded {
    seed: u64,
    /// The generator.
    pub random: ChaCha12Rng,
}

/// A fresh seed, or the one asked for.
pub fn seeded() -> Seeded {
    let wanted = std::env::var("CHANCERY_TEST_SEED").ok().and_then(|text| text.parse().ok());
    let seed = wanted.unwrap_or_else(|| u64::from_be_bytes(random_bytes()));
    Seeded { seed, random: ChaCha12Rng::seed_from_u64(seed) }
}

impl Drop for Seeded {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("to repeat: CHANCERY_TEST_SEED={}", self.seed);
        }
    }
}

/// Bytes nobody has had before; for ids, where no test may depend on the value.
pub fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).unwrap();
    bytes
}

/// How many rounds: few in `cargo xtask test`, many in `cargo xtask soak`, which finds its tests by name.
///
/// # Panics
/// In a test that soak would not find.
pub fn rounds(few: usize, many: usize) -> usize {
    let thread = std::thread::current();
    let name = thread.name().unwrap_or_default();
    // The harness names a test's thread after it, but runs a single test at a time in `main`.
    assert!(name == "main" || name.contains("soak_"), "{name} has rounds and no `soak_` in its name");
    let wanted = std::env::var("CHANCERY_SOAK_ROUNDS").ok().and_then(|text| text.parse().ok());
    wanted.unwrap_or(if std::env::var_os("CHANCERY_SOAK").is_some() { many } else { few })
}
