//! The pages.

pub mod audit;
pub mod kit;
pub mod users;
