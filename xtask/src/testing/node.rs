//! What drives the browser: the packages locked in `tests/browser`, installed by npm when the lock changed.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use crate::sh;

const OLDEST_USABLE: u32 = 18;

/// Whether a new enough Node.js and npm are on the search path.
pub fn is_usable() -> bool {
    let version = sh::ask("node", &["--version"]).and_then(|text| major(&text));
    version.is_some_and(|major| major >= OLDEST_USABLE) && sh::ask("npm", &["--version"]).is_some()
}

/// `v20.20.2` is 20.
fn major(version: &str) -> Option<u32> {
    version.trim().strip_prefix('v')?.split('.').next()?.parse().ok()
}

/// Installs exactly what the lock file names, without running the packages' own scripts.
///
/// # Errors
/// When the lock file is missing or npm fails.
pub fn ensure(folder: &Path) -> Result<()> {
    let lock = folder.join("package-lock.json");
    let content = fs::read(&lock).with_context(|| format!("reading {}", lock.display()))?;
    let hash = HEXLOWER.encode(&Sha256::digest(content));
    let stamp = folder.join("node_modules/.lock-hash");
    if fs::read_to_string(&stamp).is_ok_and(|found| found == hash) {
        return Ok(());
    }
    println!("test: installing the browser driver's packages …");
    let arguments = ["ci", "--no-audit", "--no-fund", "--ignore-scripts"];
    sh::run(Command::new("npm").args(arguments).current_dir(folder))?;
    fs::create_dir_all(folder.join("node_modules"))?;
    fs::write(&stamp, hash).with_context(|| format!("writing {}", stamp.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_and_nonsense_is_not() {
        assert_eq!(major("v20.20.2\n"), Some(20));
        assert_eq!(major("20"), None);
        assert_eq!(major("vx.1"), None);
    }

    #[test]
    fn a_missing_lock_file_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let error = ensure(folder.path()).unwrap_err();
        assert!(format!("{error:#}").contains("package-lock.json"));
    }
}
