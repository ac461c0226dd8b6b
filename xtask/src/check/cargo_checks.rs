//! The checks that cargo does for us: formatting, lints with warnings as errors, and building for wasm.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::Result;

use super::Findings;
use crate::sh;
use crate::ui::WASM_TARGET;

/// The packages that run in a browser.
pub const BROWSER: &[&str] = &[
    "chancery-ui-kit",
    "chancery-chat-ui",
    "chancery-admin-ui",
    "chancery-ledger-wasm",
    "chancery-screening-wasm",
];

/// `cargo fmt` would change nothing.
pub fn formatting(root: &Path) -> Result<Findings> {
    verdict(cargo(root).args(["fmt", "--all", "--", "--check"]), "`cargo fmt` mends it")
}

/// As [`lints`] for every group, each in a call of its own: so their dependencies are compiled with the
/// very features that the tests use them with, and only once.
pub fn lints_of_groups(root: &Path, groups: &[&[&str]]) -> Result<Findings> {
    groups
        .iter()
        .map(|packages| lints(root, packages))
        .collect::<Result<Vec<_>>>()
        .map(|found| found.concat())
}

/// Clippy has nothing to say about any target of the packages.
pub fn lints(root: &Path, packages: &[&str]) -> Result<Findings> {
    let mut command = cargo(root);
    command.args(["clippy", "--all-targets"]);
    select(&mut command, packages);
    verdict(command.args(["--", "-D", "warnings"]), "see above")
}

/// As [`lints`], compiled for the browser.
pub fn lints_for_wasm(root: &Path, packages: &[&str]) -> Result<Findings> {
    let mut command = cargo(root);
    command.args(["clippy", "--target", WASM_TARGET]);
    select(&mut command, packages);
    verdict(command.args(["--", "-D", "warnings"]), "see above")
}

/// The packages compile where there is no operating system.
pub fn wasm_build(root: &Path, packages: &[&str]) -> Result<Findings> {
    let mut command = cargo(root);
    command.args(["build", "--target", WASM_TARGET]);
    select(&mut command, packages);
    verdict(&mut command, "a pure crate may use nothing that a browser does not have")
}

fn cargo(root: &Path) -> Command {
    let mut command = sh::cargo();
    command.current_dir(root);
    if cfg!(test) {
        // The complaints about planted crates are expected, and would only startle who reads along.
        command.stdout(Stdio::null()).stderr(Stdio::null());
    }
    command
}

fn select(command: &mut Command, packages: &[&str]) {
    for package in packages {
        command.args(["--package", package]);
    }
}

/// Cargo's own output says what is wrong; the finding says what to do.
fn verdict(command: &mut Command, advice: &str) -> Result<Findings> {
    Ok(sh::run(command).err().map(|error| format!("{error:#}: {advice}")).into_iter().collect())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// A crate of one file under the workspace's own lints and formatting rules.
    fn planted(source: &str) -> tempfile::TempDir {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let workspace = fs::read_to_string(root.join("Cargo.toml")).unwrap();
        let start = workspace.find("[workspace.lints.rust]").unwrap();
        let end = workspace.find("[workspace.dependencies]").unwrap();
        let lints = workspace[start..end].replace("[workspace.lints", "[lints");
        let folder = tempfile::tempdir().unwrap();
        let manifest =
            "[package]\nname = \"planted\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[workspace]\n";
        fs::write(folder.path().join("Cargo.toml"), format!("{manifest}{lints}")).unwrap();
        for file in ["clippy.toml", "rustfmt.toml"] {
            fs::copy(root.join(file), folder.path().join(file)).unwrap();
        }
        // Not the shared target folder: nothing of a planted crate may linger there.
        let config = format!("[build]\ntarget-dir = {:?}\n", folder.path().join("target"));
        fs::create_dir(folder.path().join(".cargo")).unwrap();
        fs::write(folder.path().join(".cargo/config.toml"), config).unwrap();
        fs::create_dir(folder.path().join("src")).unwrap();
        fs::write(folder.path().join("src/lib.rs"), format!("//! Planted.\n\n{source}\n")).unwrap();
        folder
    }

    #[test]
    fn planted_formatting_is_found() {
        assert_eq!(formatting(planted("/// A.\npub fn a() {}").path()).unwrap(), Findings::new());
        assert_eq!(formatting(planted("/// A.\npub fn a( ) { }").path()).unwrap().len(), 1);
    }

    #[test]
    fn planted_lints_are_found_in_native_code() {
        let clean = "/// A.\npub fn a(b: Option<u8>) -> u8 {\n    b.unwrap_or(1)\n}";
        assert_eq!(lints(planted(clean).path(), &[]).unwrap(), Findings::new());
        for bad in [
            "/// A.\npub fn a(b: Option<u8>) -> u8 {\n    b.unwrap()\n}",
            "/// A.\npub fn a(b: Option<u8>) -> u8 {\n    b.expect(\"b\")\n}",
            "/// A.\npub fn a() -> std::time::SystemTime {\n    std::time::SystemTime::now()\n}",
            "/// A.\npub fn a() {\n    unsafe {}\n}",
            "/// A.\npub fn a() {\n    println!();\n}",
            "pub fn a() {}",
        ] {
            assert_eq!(lints(planted(bad).path(), &[]).unwrap().len(), 1, "{bad}");
        }
    }

    #[test]
    fn planted_lints_are_found_in_browser_code() {
        let bad =
            "/// A.\n#[cfg(target_arch = \"wasm32\")]\npub fn a(b: Option<u8>) -> u8 {\n    b.unwrap()\n}";
        assert_eq!(lints(planted(bad).path(), &[]).unwrap(), Findings::new());
        assert_eq!(lints_for_wasm(planted(bad).path(), &[]).unwrap().len(), 1);
    }

    #[test]
    fn planted_use_of_an_operating_system_does_not_build_for_wasm() {
        assert_eq!(wasm_build(planted("/// A.\npub fn a() {}").path(), &[]).unwrap(), Findings::new());
        let bad = "/// A.\npub fn a() -> u32 {\n    std::os::unix::process::parent_id()\n}";
        assert_eq!(wasm_build(planted(bad).path(), &[]).unwrap().len(), 1);
    }
}
