//! Decisions without a browser, tested natively.

pub mod log;
pub mod overview;
pub mod roles;
pub mod view;
