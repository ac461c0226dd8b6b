//! Decisions without a browser, tested natively.

pub mod log;
pub mod roles;
pub mod view;
