//! What the end-to-end tests stand on: real servers, real databases, real lines, a real browser.
//!
//! A test builds a [`house::House`] (a server with people in it) over one of the two databases, talks to it
//! through its front door ([`http::Caller`], [`client::Client`]), breaks something ([`line::Line`],
//! [`proxy::CommitProxy`], [`server::Server::kill`], [`postgres::Cluster::crash`]) and then asks the
//! archive itself what it holds ([`archive::Archive`]).
//!
//! What must stay true: nothing waits by sleeping, every wait has an end; a missing component fails the
//! test and names what to install; randomness has a seed that is printed when a test fails.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::disallowed_methods,
    missing_docs,
    reason = "a test fails by panicking, tells what it did, and lives in real time"
)]

pub mod archive;
pub mod authenticator;
pub mod base;
pub mod browser;
pub mod certificates;
pub mod client;
pub mod collector;
pub mod database;
pub mod factors;
pub mod groups;
pub mod house;
pub mod http;
pub mod lemonldap;
pub mod line;
pub mod load;
pub mod mail;
pub mod officers;
pub mod oidc_provider;
pub mod patience;
pub mod picture;
pub mod policy;
pub mod policy_text;
pub mod postfix;
pub mod postgres;
pub mod process;
pub mod proxy;
pub mod samba;
pub mod scan;
pub mod scim;
pub mod screening;
pub mod scripted;
pub mod search;
pub mod seed;
pub mod server;
pub mod sign_on;
pub mod signer;
pub mod slapd;
pub mod smtp_sink;
pub mod tls;
pub mod tokens;
pub mod trace;
pub mod user_groups;
pub mod visitor;
