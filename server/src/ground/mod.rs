//! What every other room stands on: configuration, database, the web server's manners, clock, randomness,
//! telemetry. Knows nothing of chat.

pub mod clock;
pub mod config;
pub mod csv;
pub mod db;
pub mod error;
pub mod http;
pub mod meter;
pub mod process;
pub mod random;
pub mod telemetry;
pub mod traces;
pub mod zone;
