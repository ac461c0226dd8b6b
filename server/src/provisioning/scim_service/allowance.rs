//! How much a token may ask for: many requests at once, for a first run over a whole company, and a steady stream after that.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use chancery_protocol::Micros;
use chancery_protocol::ids::TokenId;

/// Requests at once.
const BURST: i64 = 2_000;
/// Requests a second after that.
const STEADY: i64 = 100;
/// A request, in the unit in which allowances are counted: what one of [`STEADY`] grows by in a second.
const REQUEST: i64 = 1_000_000;

/// What each token has left. Each node counts for itself.
#[derive(Default)]
pub struct Allowances(Mutex<HashMap<TokenId, Left>>);

#[derive(Clone, Copy)]
struct Left {
    amount: i64,
    at: Micros,
}

impl Allowances {
    /// Takes a request off what a token has left.
    ///
    /// # Errors
    /// The seconds to wait when nothing is left.
    pub(super) fn take(&self, token: TokenId, now: Micros) -> Result<(), u32> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let full = BURST * REQUEST;
        let left = all.entry(token).or_insert(Left { amount: full, at: now });
        // A clock that was set back gives nothing and takes nothing.
        let grown = (now - left.at).max(0).saturating_mul(STEADY);
        *left = Left { amount: left.amount.saturating_add(grown).min(full), at: now };
        if left.amount < REQUEST {
            return Err(1);
        }
        left.amount -= REQUEST;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use chancery_protocol::ids::Id;

    use super::*;

    #[test]
    fn many_at_once_and_then_a_steady_stream() {
        let all = Allowances::default();
        let (one, other) = (TokenId::from_bytes([1; 16]), TokenId::from_bytes([2; 16]));
        let taken = |token, now| (0..BURST * 2).take_while(|_| all.take(token, now).is_ok()).count();
        assert_eq!(taken(one, 5), BURST as usize);
        assert_eq!(all.take(one, 5), Err(1));
        assert_eq!(taken(other, 5), BURST as usize, "each token has its own");
        assert_eq!(taken(one, 1_000_005), STEADY as usize);
        assert_eq!(taken(one, 0), 0, "a clock that was set back");
        assert_eq!(taken(one, 3_600_000_000), BURST as usize, "never more than at first");
    }
}
