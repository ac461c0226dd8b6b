//! The pages.

pub mod kit;
pub mod users;
