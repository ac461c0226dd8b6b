//! What outlives a view.

pub mod confirming;
pub mod finding;
pub mod groups;
pub mod line;
pub mod log;
pub mod polled;
pub mod security;
pub mod sheet;
pub mod sources;
pub mod syncs;
pub mod tokens;
pub mod users;
pub mod watch;
