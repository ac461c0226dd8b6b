//! `cargo xtask soak`: the tests that take an hour rather than a minute, against a release build.
//!
//! They are the end-to-end tests with `soak` in their names; `CHANCERY_SOAK=1` asks for the full counts.

use anyhow::{Result, bail};
use clap::Args;

use crate::workspace::Workspace;
use crate::{sh, testing};

/// Which soak tests to run.
#[derive(Args)]
pub struct Options {
    /// Run only soak tests whose name contains this instead of `soak`.
    filter: Option<String>,
}

/// Runs the soak tests one after another and shows the figures they print.
///
/// # Errors
/// When something they need is missing, a build or a test fails, or none ran.
pub fn soak(workspace: &Workspace, options: &Options) -> Result<()> {
    let prepared = testing::prepare(workspace)?;
    println!("soak: building the server for release (some 10 minutes the first time) …");
    let mut build = sh::cargo();
    build.args(["build", "--release", "--package", "chancery-server"]);
    sh::run(build.current_dir(&workspace.root))?;
    let mut command = testing::end_to_end(&prepared, &workspace.server_binary("release"))?;
    command.env("CHANCERY_SOAK", "1");
    let harness = [options.filter.as_deref().unwrap_or("soak"), "--nocapture", "--test-threads=1"];
    let counts = testing::run_counting(&mut command, workspace, &harness)?;
    if counts.passed == 0 {
        bail!("no soak test ran");
    }
    println!("soak: ok ({} tests)", counts.passed);
    Ok(())
}
