//! Rules of acceptable use, the word lists they share, and the text of the policy.
//!
//! What must stay true: what counts is the newest version that a second person agreed to; rules, lists and drafts leave the
//! server only for those who may read them.
//!
//! `items` says what there is, `store` keeps it; `acceptance` has people accept the text before they chat.

pub mod acceptance;
pub mod items;
pub mod store;
