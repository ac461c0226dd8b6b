//! The pages.

pub mod audit;
pub mod kit;
pub mod search;
pub mod users;
