//! The pure crates stay pure: `protocol`, `screening` and `ledger` run in the browser, so they do no I/O, know no clock
//! and draw no randomness, neither in their own sources nor through a dependency.

use std::fs;
use std::path::Path;

use anyhow::Result;

use super::Findings;
use crate::{sh, source};

/// The folders of the pure crates.
pub const CRATES: &[&str] = &["protocol", "screening", "ledger"];

/// Their package names.
pub const PACKAGES: &[&str] = &["chancery-protocol", "chancery-screening", "chancery-ledger"];

/// Packages that do I/O, know the time, or belong to one side only; a name ending in `*` is a prefix.
const FORBIDDEN: &[&str] = &[
    "actix*",
    "arc-swap",
    "async-std",
    "chancery-server",
    "chancery-ui-kit",
    "chrono",
    "diesel*",
    "getrandom",
    "hyper*",
    "js-sys",
    "leptos*",
    "libsqlite3-sys",
    "mio",
    "openssl*",
    "pq-sys",
    "rand",
    "reqwest",
    "ring",
    "rustix",
    "rustls*",
    "smol",
    "socket2",
    "tempfile",
    "time",
    "tokio*",
    "wasm-bindgen*",
    "web-sys",
];

/// Paths of the standard library that reach outside.
const OUTSIDE: &[&str] = &[
    "std::env",
    "std::fs",
    "std::net",
    "std::os",
    "std::process",
    "std::thread",
    "std::time::Instant",
    "std::time::SystemTime",
    "std::io::stdin",
    "std::io::stdout",
    "std::io::stderr",
];

/// No source of a pure crate reaches outside; tests may (they read vectors).
pub fn sources(root: &Path, crates: &[&str]) -> Result<Findings> {
    let mut findings = Findings::new();
    for folder in crates {
        for file in source::rust_files(&root.join(folder).join("src"))? {
            if file.file_stem().is_some_and(|stem| stem == "tests") {
                continue;
            }
            let code = source::code_only(&fs::read_to_string(&file)?);
            // By our custom a file's tests stand at its end.
            let product = code.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
            for (number, line) in product.lines().enumerate() {
                for path in OUTSIDE.iter().filter(|path| mentions(line, path)) {
                    let place = file.strip_prefix(root).unwrap_or(&file).display();
                    findings.push(format!("{place}:{}: `{path}` in a pure crate", number + 1));
                }
            }
        }
    }
    Ok(findings)
}

/// The path itself or in braces (`std::{fs, io}`), at a word's end.
fn mentions(line: &str, path: &str) -> bool {
    let ends = |text: &str| !text.starts_with(|c: char| c.is_alphanumeric() || c == '_');
    let direct = line.match_indices(path).any(|(at, _)| ends(&line[at + path.len()..]));
    let Some((parent, last)) = path.rsplit_once("::") else { return direct };
    let braces = format!("{parent}::{{");
    let grouped = line.find(&braces).is_some_and(|at| {
        line[at + braces.len()..]
            .split([',', '{', '}'])
            .any(|part| part.trim().strip_prefix(last).is_some_and(ends))
    });
    direct || grouped
}

/// No forbidden package is in the normal dependencies of a pure crate, on any platform.
pub fn dependencies(root: &Path, packages: &[&str]) -> Result<Findings> {
    let mut findings = Findings::new();
    for package in packages {
        let mut command = sh::cargo();
        command.args(["tree", "--edges", "normal", "--target", "all", "--prefix", "none", "--format", "{p}"]);
        let tree = sh::output(command.args(["--package", package]).current_dir(root))?;
        let mut names: Vec<&str> = tree.lines().filter_map(|line| line.split(' ').next()).collect();
        names.sort_unstable();
        names.dedup();
        let bad = names.into_iter().filter(|name| is_forbidden(name));
        findings
            .extend(bad.map(|name| format!("{package} depends on {name}; `cargo tree -i {name}` shows how")));
    }
    Ok(findings)
}

fn is_forbidden(name: &str) -> bool {
    FORBIDDEN.iter().any(|entry| match entry.strip_suffix('*') {
        Some(prefix) => name.starts_with(prefix),
        None => name == *entry,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source_findings(text: &str) -> Findings {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join("ledger/src")).unwrap();
        fs::write(root.path().join("ledger/src/lib.rs"), text).unwrap();
        sources(root.path(), &["ledger"]).unwrap()
    }

    #[test]
    fn planted_ways_outside_are_found() {
        for bad in [
            "use std::fs;",
            "use std::fs::File;",
            "use std::{collections::BTreeMap, fs};",
            "fn a() -> u64 { std::time::SystemTime::now() }",
            "use std::time::{Duration, Instant};",
            "fn a() { std::thread::spawn(|| ()); }",
        ] {
            assert_eq!(source_findings(bad).len(), 1, "{bad}");
        }
    }

    #[test]
    fn tests_prose_and_harmless_paths_pass() {
        let fine = "// std::fs\nuse std::{fmt, time::Duration};\nmod std_fs;\n#[cfg(test)]\nmod tests { use std::fs; }";
        assert_eq!(source_findings(fine), Findings::new());
    }

    /// A workspace of local crates: `pure` depends on `middle`, and that on the planted name.
    fn dependency_findings(planted: &str, table: &str) -> Findings {
        let root = tempfile::tempdir().unwrap();
        let workspace =
            format!("[workspace]\nresolver = \"3\"\nmembers = [\"pure\", \"middle\", \"{planted}\"]\n");
        fs::write(root.path().join("Cargo.toml"), workspace).unwrap();
        let in_pure = "[dependencies]\nmiddle = { path = \"../middle\" }".to_owned();
        let in_middle = format!("[{table}]\n{planted} = {{ path = \"../{planted}\" }}");
        for (name, dependencies) in [("pure", in_pure), ("middle", in_middle), (planted, String::new())] {
            let folder = root.path().join(name);
            fs::create_dir_all(folder.join("src")).unwrap();
            fs::write(folder.join("src/lib.rs"), "").unwrap();
            let package = format!("[package]\nname = \"{name}\"\nversion = \"1.0.0\"\nedition = \"2024\"\n");
            fs::write(folder.join("Cargo.toml"), format!("{package}{dependencies}\n")).unwrap();
        }
        dependencies(root.path(), &["pure"]).unwrap()
    }

    #[test]
    fn a_planted_dependency_is_found_through_others_and_on_other_platforms() {
        assert_eq!(dependency_findings("mio", "dependencies").len(), 1);
        assert_eq!(dependency_findings("tokio-util", "dependencies").len(), 1);
        assert_eq!(dependency_findings("socket2", "target.'cfg(windows)'.dependencies").len(), 1);
    }

    #[test]
    fn harmless_and_test_only_dependencies_pass() {
        assert_eq!(dependency_findings("memchr", "dependencies"), Findings::new());
        assert_eq!(dependency_findings("mio", "dev-dependencies"), Findings::new());
    }
}
