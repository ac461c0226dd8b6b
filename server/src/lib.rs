//! The Chancery server.

pub mod ground;
