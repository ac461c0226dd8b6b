//! How fast one connection may ask: a bucket that fills evenly.

use tokio::time::Instant;

const PER_SECOND: f64 = 500.0;
const BURST: f64 = 1_000.0;

/// Requests a connection may still make.
pub struct Bucket {
    left: f64,
    filled: Instant,
}

impl Bucket {
    /// A full one.
    pub fn new() -> Self {
        Self { left: BURST, filled: Instant::now() }
    }

    /// Takes one out; false when it is empty.
    pub fn take(&mut self) -> bool {
        let now = Instant::now();
        self.left = (self.left + now.duration_since(self.filled).as_secs_f64() * PER_SECOND).min(BURST);
        self.filled = now;
        let may = self.left >= 1.0;
        if may {
            self.left -= 1.0;
        }
        may
    }
}
