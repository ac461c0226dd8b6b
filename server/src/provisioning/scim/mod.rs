//! A SCIM 2.0 service (RFC 7643, RFC 7644) as far as it needs neither a network nor a database.
//!
//! JSON goes in, typed results come out. One table of attributes (`tables`) says what a user and a group may carry;
//! validation, paths, filters, projections and the discovery documents all read it, so that what is announced is what
//! is done. Start at [`Resource`] for what a client sends, [`Patch`] for how it changes, [`Query`] for how it is found.
//!
//! What must stay true: nothing here panics on any input, no error text repeats a value a client sent, and a change
//! that fails leaves its resource as it was.

mod coerce;
pub mod discovery;
mod error;
pub mod etag;
mod filter;
mod filter_match;
mod filter_parse;
mod instant;
mod list;
mod patch;
mod patch_apply;
mod path;
mod project;
mod resource;
mod schema;
mod tables;
mod tables_discovery;

#[cfg(test)]
mod tests;

pub use error::{Error, ScimType};
pub use filter::{Field, Filter, Lookup};
pub use list::{Listing, Page, Plan, Query, list_response};
pub use patch::Patch;
pub use project::Projection;
pub use resource::{GroupRef, Meta, Outcome, Resource};
pub use schema::{Attribute, Kind, Mutability, Returned, Schema, Type, Uniqueness, fold};

/// Media type of every body.
pub const CONTENT_TYPE: &str = "application/scim+json";

/// Most resources in one answer, and how many are given when nobody asks for fewer.
pub const MAX_RESULTS: usize = 200;
