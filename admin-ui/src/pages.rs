//! The pages.

pub mod audit;
pub mod health;
pub mod kit;
pub mod overview;
pub mod search;
pub mod users;
