//! What comes from outside is refused or understood, whatever it is: seeded loops over the pure crates.

use chancery_tests::seed::{rounds, seeded};
use rand::RngExt;

/// Runs a loop with a seed that can be had again, and prints what it did.
fn run(what: &str, few: usize, many: usize, inputs: fn(u64, u64) -> Result<u64, String>) {
    let mut seed = seeded();
    let count = rounds(few, many) as u64;
    let start = seed.random.random();
    println!("{what}: {count} inputs, seed {start}");
    let accepted = inputs(start, count).unwrap_or_else(|problem| panic!("{what}, seed {start}: {problem}"));
    assert!((1..count).contains(&accepted), "{what}: {accepted} of {count} were accepted");
    println!("{what}: {accepted} of {count} were accepted");
}

#[test]
fn soak_headers_hold() {
    run("headers", 20_000, 5_000_000, chancery_ledger::fuzz::headers);
}

#[test]
fn soak_texts_and_requests_hold() {
    run("requests", 10_000, 3_000_000, chancery_protocol::fuzz::requests);
    run("texts", 2_000, 1_000_000, chancery_protocol::fuzz::texts);
}
