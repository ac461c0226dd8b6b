//! Chancery: a company's own messenger that keeps the record.
//!
//! Rooms are cut by capability; imports run downwards in about this order:
//! `ground` < `vault` < `journal` < `directory` < `outbox` < `access` < `approvals` < `provisioning` < `conversations` < `acceptable_use` <
//! `messaging` < `delivery` < `search` < `review` < `notify` < `operations`.
//! `app` builds every part once, in order; `cli` is the command line.

pub mod acceptable_use;
pub mod access;
pub mod app;
pub mod approvals;
pub mod cli;
pub mod console;
pub mod conversations;
pub mod delivery;
mod demo;
pub mod directory;
pub mod ground;
pub mod journal;
pub mod messaging;
pub mod notify;
pub mod operations;
pub mod outbox;
pub mod provisioning;
pub mod review;
pub mod routes;
pub mod run;
pub mod search;
pub mod serve;
pub mod vault;
