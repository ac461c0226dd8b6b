//! Thin functions over the HTTP interface, one file per resource. No address stands anywhere else.

pub mod links;
pub mod mail;
pub mod policy;
pub mod search;

pub use chancery_ui_kit::api::sessions;
