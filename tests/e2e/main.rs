//! End-to-end tests of Chancery: a real server on a real database, spoken to through its front door.
//!
//! Each module protects one promise. Tests that touch storage run on both databases and are named
//! `<what must hold>::sqlite` and `::postgres`. `soak_…` tests run a few rounds here and a hundred in
//! `cargo xtask soak`. The harness is the library of this package.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a test fails by panicking, tells what it did, and lives in real time"
)]

mod accounts;
mod addresses;
mod archive_checks;
mod audit;
mod authorisation;
mod backtests;
mod bad_frames;
mod bad_http;
mod browser_audit;
mod browser_client;
mod browser_console;
mod browser_day;
mod browser_directory;
mod browser_factors;
mod browser_fresh;
mod browser_guests;
mod browser_identity;
mod browser_line;
mod browser_mail_links;
mod browser_mail_prefs;
mod browser_mail_settings;
mod browser_many;
mod browser_outbox;
mod browser_overview;
mod browser_policy;
mod browser_profiles;
mod browser_rule_editor;
mod browser_rules;
mod browser_scim;
mod browser_search;
mod browser_sign_on;
mod browser_sync;
mod browser_tokens;
mod browser_urgent;
mod browser_user_groups;
mod client_state;
mod command_line;
mod commit_cuts;
mod compliance_search;
mod console_accounts;
mod conversations;
mod crash_postgres;
mod crash_search;
mod crash_server;
mod damage;
mod delivery;
mod demo_sso;
mod directory_sign_in;
mod directory_soak;
mod directory_sync;
mod emergency;
mod enumeration;
mod factors;
mod fresh_sign_in;
mod full_disk;
mod fuzz;
mod groups;
mod guests;
mod identity_second_person;
mod instruments;
mod ledger_vectors;
mod local_groups;
mod mail;
mod mail_content;
mod mail_health;
mod mail_links;
mod mail_off;
mod mail_settings;
mod mail_soak;
mod markers;
mod markers_search;
mod nodes;
mod operations;
mod own_search;
mod policy;
mod policy_text;
mod profiles;
mod rules;
mod rules_nodes;
mod rules_readers;
mod schemas;
mod scim;
mod scim_and_directory;
mod scim_groups;
mod sessions;
mod single_sign_on;
mod slow_readers;
mod starting;
mod stopping;
mod sync_trace;
mod tokens;
mod traces;
mod transport;
mod urgent;
