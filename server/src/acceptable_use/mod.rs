//! Rules of acceptable use, the word lists they share, and the text of the policy.
//!
//! What must stay true: what counts is the newest version that a second person agreed to; rules, lists and drafts leave the
//! server only for those who may read them.
//!
//! `items` says what there is, `store` keeps it; `book` is the compiled snapshot of what is in force, `decide` says what is done
//! with a text, `attempt` what is on record of that, `token` is what a warning is answered with.

mod attempt;
mod book;
mod decide;
pub mod items;
pub mod store;
pub mod token;

pub use attempt::{AttemptBody, MatchedBody, RefusedBody, ReleasedBody, Spoken, WithdrawnBody};
pub use book::{Looked, Rules};
pub use decide::{Confirmed, Decision, Finding, Others, Place, Removed, Way, without};
