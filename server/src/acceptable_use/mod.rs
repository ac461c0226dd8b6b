//! Rules of acceptable use, the word lists they share, and the text of the policy.
//!
//! What must stay true: what counts is the newest version that a second person agreed to, and all that counts compiles
//! together; rules, lists and drafts leave the server only for those who may read them.
//!
//! `items` says what there is, `store` keeps it, `fitting` says what is wrong with it, `life` is its way from a draft to a
//! version, `packs` are delivered, `reading` answers what there is, `records` are the bodies, `api` has the routes.
//! `book` is the compiled snapshot of what is in force, `decide` says what is done with a text, `attempt` what is on record of
//! that, `token` is what a warning is answered with; `acceptance` has people accept the text before they
//! chat.

pub mod acceptance;
mod api;
mod attempt;
mod book;
mod decide;
mod fitting;
pub mod items;
mod life;
mod packs;
mod reading;
pub mod records;
pub mod store;
#[cfg(test)]
mod tests;
pub mod token;

pub use api::{MAX_DRAFT_BYTES, routes};
pub use attempt::{AttemptBody, MatchedBody, RefusedBody, ReleasedBody, Spoken, WithdrawnBody};
pub use book::{Book, Looked, Rules};
pub use decide::{Confirmed, Decision, Finding, Others, Place, Removed, Way, without};
pub use life::Policy;
pub use packs::PACKS;
