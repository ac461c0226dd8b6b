//! What outlives a view.

pub mod finding;
pub mod line;
pub mod log;
pub mod polled;
pub mod users;
pub mod watch;
