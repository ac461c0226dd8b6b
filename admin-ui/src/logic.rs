//! Decisions without a browser, tested natively.

pub mod roles;
pub mod view;
