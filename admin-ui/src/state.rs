//! What outlives a view.

pub mod line;
pub mod users;
