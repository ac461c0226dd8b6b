//! The ledger in a browser: runs the very vectors that the native tests run.

use wasm_bindgen::prelude::wasm_bindgen;

/// Runs the vectors of a file of `ledger/vectors/` and answers how many there were; throws the first that does not hold.
///
/// # Errors
/// See [`chancery_ledger::vectors::check`].
#[wasm_bindgen]
pub fn check_vectors(json: &str) -> Result<usize, String> {
    chancery_ledger::vectors::check(json)
}
