//! What every other room stands on: configuration, database, HTTP, clock, randomness, telemetry.
//! Knows nothing of chat.

pub mod clock;
pub mod db;
pub mod error;
pub mod random;
