//! The pages.

pub mod approvals;
pub mod audit;
pub mod directory;
pub mod groups;
pub mod health;
pub mod kit;
pub mod mail;
pub mod overview;
pub mod policy;
pub mod review;
pub mod rules;
pub mod search;
pub mod security;
pub mod tokens;
pub mod users;
pub mod word_lists;
