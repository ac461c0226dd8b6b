//! What outlives a view.

pub mod line;
pub mod log;
pub mod users;
