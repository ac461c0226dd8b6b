//! Thin functions over the HTTP interface, one file per resource. No address stands anywhere else.

pub mod approvals;
pub mod audit;
pub mod compliance;
pub mod factors;
pub mod groups;
pub mod mail;
pub mod operations;
pub mod people;
pub mod policy;
pub mod policy_items;
pub mod review;
pub mod sources;
