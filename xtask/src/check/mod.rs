//! `cargo xtask check`: the habits a machine can watch.
//!
//! Each check is a function over a folder, so that its tests can plant a violation in a small folder of their
//! own and see it found. All checks run even when one fails: one call shows everything there is to mend.
//! The fifth habit, the authorisation matrix, is a test of the server and runs with `cargo xtask test`.

mod cargo_checks;
mod imports;
mod purity;
mod size;
mod words;

use anyhow::{Result, bail};

use crate::workspace::Workspace;
use crate::{testing, ui};

/// What a check found, one line each; empty when all is well.
type Findings = Vec<String>;

/// Runs every check and prints one closing line.
///
/// # Errors
/// When any check found something.
pub fn check(workspace: &Workspace) -> Result<()> {
    let root = workspace.root.as_path();
    ui::ensure_folder(root)?;
    ui::ensure_target()?;
    let checks: [(&str, &dyn Fn() -> Result<Findings>); 8] = [
        ("formatting", &|| cargo_checks::formatting(root)),
        ("words that may not stay", &|| words::check(root)),
        ("direction of imports in the server", &|| imports::check(&root.join("server/src"))),
        ("sources of the pure crates", &|| purity::sources(root, purity::CRATES)),
        ("dependencies of the pure crates", &|| purity::dependencies(root, purity::PACKAGES)),
        ("pure crates build for wasm", &|| cargo_checks::wasm_build(root, purity::PACKAGES)),
        ("lints", &|| {
            cargo_checks::lints_of_groups(root, &[testing::GROUPS, &[testing::END_TO_END]].concat())
        }),
        ("lints of browser code", &|| cargo_checks::lints_for_wasm(root, cargo_checks::BROWSER)),
    ];
    let mut failed = Vec::new();
    for (name, run) in &checks {
        println!("check: {name} …");
        let findings = run().unwrap_or_else(|error| vec![format!("{error:#}")]);
        for finding in &findings {
            println!("  {finding}");
        }
        if !findings.is_empty() {
            failed.push(*name);
        }
    }
    for note in size::notes(root)? {
        println!("note: {note}");
    }
    if !failed.is_empty() {
        bail!("{} of {} checks: {}", failed.len(), checks.len(), failed.join(", "));
    }
    println!("check: ok ({} checks)", checks.len());
    Ok(())
}
