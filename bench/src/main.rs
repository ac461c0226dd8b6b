//! The load generator, the yardsticks and the drivers for other servers: what the figures in
//! `docs/benchmarks.md` come from. `cargo xtask bench` builds and calls it.
//!
//! `run` goes round by round through the scenarios and, within one, through everything that is measured
//! (A B C A B C …), so that what changes on the machine meanwhile falls on all of them. [`scenario`] says what is
//! done, [`system`] to whom, [`load`] does it, [`report`] writes the tables. `bare` and `bare-durable` are the
//! yardsticks' own processes.
//!
//! What must stay true: a run in which anything is lost or refused is no figure but a failure; everything is
//! spoken to over its real protocol, signed in as its users are; nothing listens outside loopback.

#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a bench lives in real time and speaks on stdout"
)]

mod bare;
mod chancery;
mod conditions;
mod durable;
mod ejabberd;
mod figures;
mod fulltext;
mod goals;
mod history;
mod idle;
mod index;
mod load;
mod mark;
mod prosody;
mod report;
mod restart;
mod scenario;
mod search;
mod seat;
mod system;
mod usage;
mod words;
mod xmpp;
mod yardstick;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::figures::Outcome;
use crate::scenario::{Scenario, Sizes};
use crate::system::{Clusters, Kind, System};

/// Open files for ten thousand sockets and more.
const OPEN_FILES: u64 = 65_536;
/// Handles a server may hold of one socket.
const HANDLES: usize = 1;
/// Open files that are no sockets.
const OTHER_FILES: usize = 500;

#[derive(Parser)]
#[command(name = "chancery-bench")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Measure; the server is named by CHANCERY_BIN, PostgreSQL's programs by PG_BIN.
    Run(Options),
    /// Fan frames out in memory.
    Bare(bare::Options),
    /// The same, each frame committed first.
    BareDurable(bare::DurableOptions),
}

/// What is measured and how often.
#[derive(clap::Args)]
struct Options {
    /// Scenarios; all without any.
    scenarios: Vec<Scenario>,
    /// What is measured, separated by commas; all without.
    #[arg(long, value_delimiter = ',')]
    systems: Vec<Kind>,
    /// Rounds; each measures everything once.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Measured seconds of a run.
    #[arg(long, default_value_t = 10.0)]
    seconds: f64,
    /// Seconds of warming up before.
    #[arg(long, default_value_t = 3.0)]
    warm_up: f64,
    /// Divide all counts of people, sockets and messages: to see that everything runs.
    #[arg(long, default_value_t = 1)]
    divide: usize,
    /// Write the tables into this document, between their marks.
    #[arg(long, value_name = "FILE")]
    write: Option<PathBuf>,
}

fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Run(options) => runtime().and_then(|runtime| runtime.block_on(run(&options))),
        Command::Bare(options) => bare::bare(&options),
        Command::BareDurable(options) => bare::bare_durable(&options),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("bench: failed: {problem:#}");
            ExitCode::FAILURE
        }
    }
}

fn runtime() -> Result<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_multi_thread().enable_all().build()?)
}

/// Raises the number of open files for this process and those it starts, as far as it may; how many they are.
fn raise_open_files() -> Result<u64> {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let wanted = maximum.map_or(OPEN_FILES, |maximum| maximum.min(OPEN_FILES));
    if current.is_some_and(|current| current < wanted) {
        setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), maximum })
            .context("raising the limit of open files")?;
    }
    Ok(current.map_or(wanted, |current| current.max(wanted)))
}

async fn run(options: &Options) -> Result<()> {
    let open_files = usize::try_from(raise_open_files()?)?;
    let sizes = Sizes {
        divide: options.divide.max(1),
        most_sockets: (open_files.saturating_sub(OTHER_FILES) / HANDLES).max(1),
        measured: Duration::from_secs_f64(options.seconds),
        warm_up: Duration::from_secs_f64(options.warm_up),
    };
    let scenarios = all_if_none(&options.scenarios);
    let kinds = all_if_none(&options.systems);
    let kinds: Vec<Kind> = Kind::ALL
        .into_iter()
        .filter(|kind| kinds.contains(kind) && scenarios.iter().any(|scenario| scenario.suits(*kind)))
        .collect();
    let mut clusters = Clusters::new();
    let mut systems = Vec::new();
    for kind in &kinds {
        eprintln!("bench: preparing {} …", kind.label());
        systems.push(System::make(*kind, &mut clusters).await?);
    }
    let server = PathBuf::from(std::env::var_os("CHANCERY_BIN").unwrap_or_default());
    let conditions = conditions::machine(&kinds, clusters.started().map(|cluster| &**cluster));
    println!("\n{conditions}");
    if let Some(document) = &options.write {
        report::write(document, "conditions", &conditions)?;
    }
    let mut outcomes = Vec::new();
    for scenario in scenarios {
        for system in systems.iter_mut().filter(|system| scenario.suits(system.kind)) {
            prepare(scenario, system, &sizes)
                .await
                .with_context(|| format!("preparing {} with {}", scenario.name(), system.kind.label()))?;
        }
        for round in 1..=options.rounds.max(1) {
            for system in systems.iter_mut().filter(|system| scenario.suits(system.kind)) {
                let outcome = measure(scenario, system, &sizes)
                    .await
                    .with_context(|| format!("{} with {}", scenario.name(), system.kind.label()))?;
                eprintln!("bench: {} {round}, {}: {}", scenario.name(), system.kind.label(), brief(&outcome));
                outcomes.push(outcome);
            }
        }
        if outcomes.iter().any(|outcome: &Outcome| outcome.scenario == scenario) {
            let section = report::section(scenario, &sizes, &outcomes, &conditions::run(&server));
            println!("\n### {}\n\n{section}", scenario.name());
            if let Some(document) = &options.write {
                report::write(document, scenario.name(), &section)?;
            }
        }
    }
    Ok(())
}

/// Makes what a scenario needs, with a server that is started for it: what it cost is gone with its process.
async fn prepare(scenario: Scenario, system: &mut System, sizes: &Sizes) -> Result<()> {
    if system.kind.is_yardstick() {
        return Ok(());
    }
    system.start().await?;
    scenario.prepare(system, sizes).await?;
    system.stop().await
}

/// One run, with a server that is started for it.
async fn measure(scenario: Scenario, system: &mut System, sizes: &Sizes) -> Result<Outcome> {
    system.start().await?;
    let figures = scenario.run(system, sizes).await;
    if figures.is_err() {
        eprintln!("bench: the last words of {}:\n{}", system.kind.label(), system.last_words());
    }
    system.stop().await?;
    Ok(Outcome { scenario, kind: system.kind, figures: figures? })
}

fn brief(outcome: &Outcome) -> String {
    let figures = outcome.figures.iter();
    figures
        .map(|figure| format!("{} {}", figure.name, figures::number(figure.value)))
        .collect::<Vec<_>>()
        .join(", ")
}

fn all_if_none<T: clap::ValueEnum + Copy>(wanted: &[T]) -> Vec<T> {
    if wanted.is_empty() { T::value_variants().to_vec() } else { wanted.to_vec() }
}
