//! One file per page; a page that grows has a folder of the same name.

pub mod chat;
pub mod devices;
pub mod link;
pub mod mail_off;
pub mod new_conversation;
pub mod notifications;
pub mod people;
pub mod policy;
pub mod search;
pub mod sign_in;
