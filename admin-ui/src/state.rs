//! What outlives a view.

pub mod confirming;
pub mod counts;
pub mod finding;
pub mod groups;
pub mod known;
pub mod line;
pub mod log;
pub mod mail;
pub mod order;
pub mod policy;
pub mod polled;
pub mod proving;
pub mod reviewing;
pub mod running;
pub mod security;
pub mod sheet;
pub mod sources;
pub mod syncs;
pub mod tokens;
pub mod users;
pub mod watch;
pub mod writing;
