//! `cargo xtask bench`: the figures of `docs/benchmarks.md`, in one command.
//!
//! Installs PostgreSQL and the other servers that are measured, builds the server and the generator for release,
//! and hands everything else to the generator (`bench/`). A full run takes about an hour and wants a quiet machine.

use anyhow::Result;
use clap::Args;

use crate::testing::packages;
use crate::workspace::Workspace;
use crate::{sh, ui};

/// What is measured, and how.
#[derive(Args)]
pub struct Options {
    /// Scenarios; all without any.
    #[arg(value_parser = SCENARIOS)]
    scenarios: Vec<String>,
    /// What is measured, separated by commas; all without.
    #[arg(long, value_delimiter = ',', value_parser = SYSTEMS)]
    systems: Vec<String>,
    /// Rounds; each measures everything once.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Measured seconds of a run.
    #[arg(long, default_value_t = 10.0)]
    seconds: f64,
    /// Divide all counts, to see that everything runs. Nothing is written into the document then. Few people in a
    /// release build may reach the limit of requests that each connection has, which ends the run.
    #[arg(long, default_value_t = 1)]
    divide: usize,
    /// Print the tables instead of writing them into `docs/benchmarks.md`.
    #[arg(long)]
    print: bool,
    /// Measure unoptimised builds, which are quick to make. Nothing is written into the document then.
    #[arg(long)]
    debug: bool,
}

/// As the generator calls them; named here so that a slip of the pen is found before anything is built.
const SCENARIOS: [&str; 9] =
    ["dm", "room", "rooms", "paced", "idle", "history", "restart", "search", "index"];
const SYSTEMS: [&str; 11] = [
    "chancery-sqlite",
    "chancery-postgres",
    "bare",
    "bare-sqlite",
    "bare-postgres",
    "ejabberd",
    "prosody",
    "postgres-text",
    "index-sealed",
    "index-plain",
    "index-tantivy",
];

/// Debian's packages that every run needs.
const PACKAGES: &[&str] = &["openssl", "postgresql-15", "sqlite3"];

/// And those of the other servers.
const OTHERS: &[(&str, &[&str])] =
    &[("ejabberd", &["ejabberd", "erlang-p1-pgsql"]), ("prosody", &["prosody", "lua-dbi-sqlite3"])];

/// Prepares, builds and measures.
///
/// # Errors
/// When something is missing, a build fails, or a run loses a message.
pub fn bench(workspace: &Workspace, options: &Options) -> Result<()> {
    if packages::is_debian() {
        packages::ensure_these(&wanted_packages(&options.systems))?;
    }
    ui::build(workspace, &ui::Options::default())?;
    let profile = if options.debug { "debug" } else { "release" };
    println!("bench: building the server and the generator ({profile}) …");
    // Two calls: each keeps the features it has by itself.
    for package in ["chancery-server", "chancery-bench"] {
        let mut build = sh::cargo();
        build.args(["build", "--package", package]);
        if !options.debug {
            build.arg("--release");
        }
        sh::run(build.current_dir(&workspace.root))?;
    }
    let generator =
        workspace.target.join(profile).join(format!("chancery-bench{}", std::env::consts::EXE_SUFFIX));
    let mut command = std::process::Command::new(generator);
    command.arg("run").args(&options.scenarios).current_dir(&workspace.root);
    command.args([format!("--rounds={}", options.rounds), format!("--seconds={}", options.seconds)]);
    command.arg(format!("--divide={}", options.divide));
    if !options.systems.is_empty() {
        command.arg(format!("--systems={}", options.systems.join(",")));
    }
    if !(options.print || options.debug || options.divide > 1) {
        command.arg("--write=docs/benchmarks.md");
    }
    command.env("CHANCERY_BIN", workspace.server_binary(profile));
    command.env("PG_BIN", packages::postgres_programs()?);
    sh::run(&mut command)
}

fn wanted_packages(systems: &[String]) -> Vec<&'static str> {
    let mut wanted = PACKAGES.to_vec();
    for (system, packages) in OTHERS {
        if systems.is_empty() || systems.iter().any(|asked| asked == system) {
            wanted.extend(*packages);
        }
    }
    wanted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_servers_that_are_measured_are_installed() {
        assert_eq!(wanted_packages(&["bare".to_owned()]), PACKAGES);
        assert!(wanted_packages(&["prosody".to_owned()]).contains(&"lua-dbi-sqlite3"));
        assert_eq!(wanted_packages(&[]).len(), PACKAGES.len() + 4);
    }
}
