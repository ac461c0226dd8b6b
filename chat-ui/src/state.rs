//! What the page knows: the session, and behind it the chat, whose truth is the reducer of `protocol`.

pub mod chat;
pub mod desk;
pub mod notify;
pub mod prefs;
pub mod session;
pub mod ticker;
