//! Decisions without a browser, tested natively.

pub mod difference;
pub mod factors;
pub mod groups;
pub mod guests;
pub mod log;
pub mod mail;
pub mod outbox;
pub mod overview;
pub mod policy;
pub mod proof;
pub mod review;
pub mod roles;
pub mod rules;
pub mod source;
pub mod sync;
pub mod tokens;
pub mod view;
