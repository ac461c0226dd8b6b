//! The Chancery server.

pub mod cli;
pub mod ground;
