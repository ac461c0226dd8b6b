//! One file per page; a page that grows has a folder of the same name.

pub mod chat;
pub mod link;
pub mod sign_in;
