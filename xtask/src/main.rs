//! `cargo xtask`: everything one does to this repository besides writing code.
//!
//! One file or folder per subcommand; [`workspace`] knows where things are, [`sh`] starts programs. What must
//! stay true: no tool has to be installed by hand, nothing is skipped silently, and every subcommand that
//! fails says in one sentence what to do about it. To add a subcommand, start at [`Command`].

#![expect(clippy::print_stdout, reason = "a command line tool speaks on stdout")]

mod bench;
mod check;
mod run;
mod sh;
mod soak;
mod source;
mod testing;
mod ui;
mod workspace;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::workspace::Workspace;

/// Builds, runs and checks Chancery.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build everything and start a demo server with invented people and conversations.
    Run(run::Options),
    /// Build the chat client and the console into their folders `dist`.
    Ui(ui::Options),
    /// Formatting, lints, purity of the pure crates, direction of imports.
    Check,
    /// Prepare what the tests need, then run all of them.
    Test(testing::Options),
    /// The long runs: crashes, cuts and fuzzing against a release build.
    Soak(soak::Options),
    /// Measure speed and memory against yardsticks and other servers, into `docs/benchmarks.md`.
    Bench(bench::Options),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match execute(&arguments.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("xtask: failed: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn execute(command: &Command) -> Result<()> {
    let workspace = Workspace::locate()?;
    match command {
        Command::Run(options) => run::run(&workspace, options),
        Command::Ui(options) => ui::build(&workspace, options),
        Command::Check => check::check(&workspace),
        Command::Test(options) => testing::test(&workspace, options),
        Command::Soak(options) => soak::soak(&workspace, options),
        Command::Bench(options) => bench::bench(&workspace, options),
    }
}
