//! When may the build be skipped? When the bundle says that it was made of exactly these inputs, and each
//! of its files is still there with the size it had.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use crate::sh;

/// The file in the bundle that holds the stamp; the server serves it to nobody.
const FILE: &str = ".inputs";

/// What every bundle is made of beside its own folder, relative to the repository's root.
const INPUTS: &[&str] = &[
    "ui-kit",
    "protocol",
    "screening",
    "leptos-config",
    "xtask/src/ui",
    "Cargo.toml",
    "Cargo.lock",
    "rust-toolchain.toml",
];

/// One hash over the paths and contents of all inputs and the compiler's version.
pub fn of_inputs(root: &Path, folder: &str) -> Result<String> {
    let mut files = Vec::new();
    for input in INPUTS.iter().chain(&[folder]) {
        collect(&root.join(input), &mut files)?;
    }
    files.sort();
    let mut hash = Sha256::new();
    hash.update(sh::ask("rustc", &["--version"]).unwrap_or_default());
    for file in files {
        let content = fs::read(&file).with_context(|| format!("reading {}", file.display()))?;
        hash.update(file.strip_prefix(root).unwrap_or(&file).to_string_lossy().as_bytes());
        hash.update((content.len() as u64).to_be_bytes());
        hash.update(content);
    }
    Ok(HEXLOWER.encode(&hash.finalize()))
}

/// Whether the bundle was made of these inputs and is whole.
pub fn is_current(dist: &Path, inputs: &str) -> bool {
    let Ok(stamp) = fs::read_to_string(dist.join(FILE)) else { return false };
    let mut lines = stamp.lines();
    lines.next() == Some(inputs)
        && lines.all(|line| {
            line.split_once(' ').is_some_and(|(len, name)| {
                fs::metadata(dist.join(name)).is_ok_and(|found| found.len().to_string() == len)
            })
        })
}

/// Writes the stamp of a finished bundle: the inputs' hash, then size and name of every file.
pub fn write(folder: &Path, inputs: &str) -> Result<()> {
    let mut files = Vec::new();
    collect(folder, &mut files)?;
    files.sort();
    let mut stamp = format!("{inputs}\n");
    for file in files {
        let name = file.strip_prefix(folder).unwrap_or(&file).to_string_lossy();
        stamp.push_str(&format!("{} {name}\n", fs::metadata(&file)?.len()));
    }
    fs::write(folder.join(FILE), stamp).context("writing the bundle's stamp")
}

/// All files below `path`, without build products and hidden files.
fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    if path.is_file() {
        files.push(path.to_owned());
        return Ok(());
    }
    for entry in fs::read_dir(path).with_context(|| format!("reading {}", path.display()))? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if !name.starts_with('.') && !["dist", "target", "node_modules"].contains(&name.as_ref()) {
            collect(&entry.path(), files)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree() -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        for folder in ["chat-ui/dist", "ui-kit", "protocol", "screening", "leptos-config", "xtask/src/ui"] {
            fs::create_dir_all(root.path().join(folder)).unwrap();
        }
        for file in ["Cargo.toml", "Cargo.lock", "rust-toolchain.toml", "ui-kit/a.rs"] {
            fs::write(root.path().join(file), "1").unwrap();
        }
        root
    }

    #[test]
    fn sources_count_and_build_products_do_not() {
        let root = tree();
        let first = of_inputs(root.path(), "chat-ui").unwrap();
        fs::write(root.path().join("chat-ui/dist/x"), "1").unwrap();
        assert_eq!(of_inputs(root.path(), "chat-ui").unwrap(), first);
        fs::write(root.path().join("ui-kit/a.rs"), "2").unwrap();
        assert_ne!(of_inputs(root.path(), "chat-ui").unwrap(), first);
    }

    #[test]
    fn a_bundle_that_lost_a_file_is_not_current() {
        let root = tree();
        let dist = root.path().join("chat-ui/dist");
        fs::write(dist.join("index.html"), "x").unwrap();
        assert!(!is_current(&dist, "1"));
        write(&dist, "1").unwrap();
        assert!(is_current(&dist, "1") && !is_current(&dist, "2"));
        fs::remove_file(dist.join("index.html")).unwrap();
        assert!(!is_current(&dist, "1"));
    }
}
