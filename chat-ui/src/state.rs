//! What the page knows: the session, and behind it the chat (`chat`), whose truth is the reducer of `protocol`.

pub mod session;
