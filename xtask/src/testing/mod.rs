//! `cargo xtask test`: from a fresh machine to the last green test.
//!
//! Prepares what the tests need ([`prepare`]), builds the bundle and the server, runs every package's tests
//! and then the end-to-end tests against the built binary. What must stay true: a missing piece is an error
//! and never a skipped test, and the closing line counts the tests that really ran ([`counts`]).

mod counts;
mod ledger;
mod node;
pub mod packages;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::workspace::Workspace;
use crate::{sh, ui};

/// Which tests to run.
#[derive(Args)]
pub struct Options {
    /// Run only tests whose name contains this.
    filter: Option<String>,
}

/// What the preparation found or made.
pub struct Prepared {
    /// The folder with PostgreSQL's server programs.
    pub postgres: PathBuf,
    /// The folder with the ledger as a browser loads it.
    pub ledger: PathBuf,
}

/// The groups of packages whose own tests run, each in one call of cargo. Separate calls keep each group's
/// features as they are in the product, and what was compiled before is used again.
pub const GROUPS: &[&[&str]] = &[
    &["chancery-protocol", "chancery-screening", "chancery-ledger", "chancery-server"],
    &["chancery-ui-kit", "chancery-chat-ui", "chancery-admin-ui"],
    &["chancery-bench"],
    &["xtask"],
];

/// The package of the end-to-end tests.
pub const END_TO_END: &[&str] = &["chancery-tests"];

/// Runs all tests, or those that match.
///
/// # Errors
/// When something the tests need is missing, a build fails, a test fails, or no test ran.
pub fn test(workspace: &Workspace, options: &Options) -> Result<()> {
    let prepared = prepare(workspace)?;
    println!("test: building the server …");
    sh::run(sh::cargo().args(["build", "--package", "chancery-server"]).current_dir(&workspace.root))?;
    let harness: Vec<&str> = options.filter.as_deref().into_iter().collect();
    let mut total = counts::Counts::default();
    for group in GROUPS {
        println!("test: {} …", group.join(", "));
        let mut command = sh::cargo();
        command.arg("test");
        for package in *group {
            command.args(["--package", package]);
        }
        total.add(run_counting(command.env("PG_BIN", &prepared.postgres), workspace, &harness)?);
    }
    println!("test: end to end …");
    let mut command = end_to_end(&prepared, &workspace.server_binary("debug"))?;
    total.add(run_counting(&mut command, workspace, &harness)?);
    if total.passed == 0 {
        bail!("no test ran; does a test's name contain {:?}?", options.filter.as_deref().unwrap_or_default());
    }
    println!("test: ok ({} tests)", total.passed);
    Ok(())
}

/// Makes sure of Debian packages, the browser driver, the client's bundle and the ledger for the browser.
///
/// # Errors
/// When something is missing and cannot be brought.
pub fn prepare(workspace: &Workspace) -> Result<Prepared> {
    packages::ensure()?;
    node::ensure(&workspace.root.join("tests/browser"))?;
    ui::build(workspace, &ui::Options::default())?;
    Ok(Prepared { postgres: packages::postgres_programs()?, ledger: ledger::build(workspace)? })
}

/// Makes sure that what single sign-on is shown with is there.
///
/// # Errors
/// When something is missing and cannot be brought.
pub fn prepare_sign_on() -> Result<()> {
    packages::ensure_sign_on()
}

/// The end-to-end tests against a built server; they take its path from `CHANCERY_BIN`,
/// and the ledger's from `CHANCERY_LEDGER_WASM`.
pub fn end_to_end(prepared: &Prepared, server: &Path) -> Result<Command> {
    if !server.is_file() {
        bail!("cargo built no {}", server.display());
    }
    let mut command = sh::cargo();
    command.args(["test", "--package", "chancery-tests", "--test", "e2e"]);
    command.env("CHANCERY_BIN", server).env("PG_BIN", &prepared.postgres);
    command.env("CHANCERY_LEDGER_WASM", &prepared.ledger);
    Ok(command)
}

/// Runs a `cargo test` with arguments for the test harness, shows its output as it comes and counts.
///
/// # Errors
/// When a test fails or is ignored.
pub fn run_counting(
    command: &mut Command,
    workspace: &Workspace,
    harness: &[&str],
) -> Result<counts::Counts> {
    command.args(["--no-fail-fast", "--"]).args(harness);
    command.current_dir(&workspace.root).stdout(Stdio::piped());
    let line = sh::line(command);
    let mut child = command.spawn().with_context(|| format!("cannot start `{line}`"))?;
    let output = child.stdout.take().context("cargo's output")?;
    let counts = counts::read(std::io::BufReader::new(output), |line| println!("{line}"))?;
    let status = child.wait()?;
    if !status.success() {
        bail!("`{line}` ended with {status}; {} failed", counts.failed);
    }
    counts.verdict()?;
    Ok(counts)
}
