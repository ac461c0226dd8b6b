//! What server and clients say to each other, protocol version 1, and the pure logic both share.
//!
//! No I/O: the crate builds for WebAssembly, and `cargo xtask check` proves that nothing impure crept in.
//! Wire types are in [`command`] (client to server), [`frame`] (server to client), [`conversation`],
//! [`person`] and [`preferences`] (what both talk about), [`http`] (the few plain HTTP bodies) and [`problem`] (errors).
//! [`text`] parses message text; [`state`] is the client's reducer, [`outbox`] holds its unsent messages, [`link`]
//! its connection. `docs/protocol.md` is for readers.

pub mod acceptable_use;
pub mod acceptance;
pub mod accounts;
pub mod approvals;
pub mod audit;
pub mod command;
pub mod conversation;
pub mod factors;
pub mod frame;
#[cfg(feature = "fuzz")]
pub mod fuzz;
pub mod groups;
pub mod http;
pub mod ids;
pub mod link;
pub mod mail;
pub mod mail_settings;
pub mod operations;
pub mod outbox;
pub mod person;
pub mod policy;
pub mod preferences;
pub mod problem;
pub mod query;
pub mod review;
pub mod search;
pub mod sources;
pub mod state;
#[cfg(test)]
mod testing;
pub mod text;
pub mod tokens;

/// The version of the protocol this crate speaks; the socket's subprotocol is `chancery.v1`.
pub const VERSION: u16 = 1;

/// Name of the WebSocket subprotocol.
pub const SUBPROTOCOL: &str = "chancery.v1";

/// Prefix of the second offered subprotocol, which carries the CSRF token: `csrf.<token>`.
pub const CSRF_SUBPROTOCOL_PREFIX: &str = "csrf.";

/// Name of the HTTP header that carries the CSRF token.
pub const CSRF_HEADER: &str = "x-chancery-csrf";

/// Longest message text, in Unicode scalar values.
pub const MAX_TEXT_CHARS: usize = 16_000;

/// Longest frame a client may send, in bytes.
pub const MAX_FRAME_BYTES: usize = 128 * 1024;

/// Longest name of a conversation, in Unicode scalar values.
pub const MAX_NAME_CHARS: usize = 120;

/// Longest topic of a conversation or status text of a person, in Unicode scalar values.
pub const MAX_TOPIC_CHARS: usize = 300;

/// Shortest and longest reason a sender gives for a text that a rule asks about, in Unicode scalar values.
pub const MIN_REASON_CHARS: usize = 10;
/// See [`MIN_REASON_CHARS`].
pub const MAX_REASON_CHARS: usize = 300;

/// Most entries of a page of history or of one filling.
pub const MAX_PAGE: u16 = 200;

/// Marks are shown in conversations of at most this many members.
pub const MAX_MARKED_MEMBERS: usize = 100;

/// Most people named in one command.
pub const MAX_PEOPLE: usize = 500;

/// Microseconds since 1970-01-01 UTC.
pub type Micros = i64;
