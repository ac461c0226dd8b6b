//! Imports between the server's rooms run downwards.
//!
//! A room is a folder (or file) directly in `server/src`. It may use rooms below it in [`ORDER`], which also
//! rules out circles; what stands outside the order ([`ABOVE`]: `app.rs`, `cli`, …) may use every room
//! and is used by none. Every path that starts at the crate's root counts, wherever it stands in a file.
//! Only files of tests (`tests.rs`, `tests/`) may reach upwards: to test a room through the front door, they
//! need the whole house.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::Findings;
use crate::source;

/// The rooms from the ground up.
const ORDER: &[&str] = &[
    "ground",
    "vault",
    "journal",
    "directory",
    "outbox",
    "access",
    "approvals",
    "provisioning",
    "conversations",
    "acceptable_use",
    "messaging",
    "delivery",
    "files",
    "search",
    "review",
    "retention",
    "discovery",
    "notify",
    "integrations",
    "console",
    "operations",
];

/// What builds the rooms and is no room itself.
const ABOVE: &[&str] = &["app", "cli", "demo", "lib", "main", "routes", "run", "serve"];

/// No file under `src` uses a room above its own.
pub fn check(src: &Path) -> Result<Findings> {
    let mut findings = Findings::new();
    for file in source::rust_files(src)? {
        let inside = file.strip_prefix(src).context("a file outside its folder")?;
        let modules = module_path(inside);
        let room = modules.first().cloned().unwrap_or_else(|| "lib".into());
        let place = inside.display();
        if ABOVE.contains(&room.as_str()) || modules.iter().skip(1).any(|module| module == "tests") {
            continue;
        }
        let Some(level) = level(&room) else {
            findings.push(format!("{place}: `{room}` is no room yet; give it its place in {}", file!()));
            continue;
        };
        let code = source::code_only(&fs::read_to_string(&file)?);
        for (line, used) in uses(&code, modules.len()) {
            if ABOVE.contains(&used.as_str()) {
                findings
                    .push(format!("{place}:{line}: `{room}` uses `{used}`, which stands above all rooms"));
            } else if self::level(&used).is_some_and(|used| used > level) {
                findings.push(format!("{place}:{line}: `{room}` uses `{used}`, which is above it"));
            }
        }
    }
    Ok(findings)
}

fn level(room: &str) -> Option<usize> {
    ORDER.iter().position(|name| *name == room)
}

/// `journal/writer.rs` is the module `journal::writer`, `journal/mod.rs` is `journal`.
fn module_path(inside: &Path) -> Vec<String> {
    let mut path: Vec<String> = inside
        .with_extension("")
        .components()
        .map(|c| c.as_os_str().to_string_lossy().into_owned())
        .collect();
    if path.last().is_some_and(|last| last == "mod") {
        path.pop();
    }
    path
}

/// The names directly below the crate's root that the code mentions, with their lines. `depth` is how many
/// `super::` lead from the file to the root.
fn uses(code: &str, depth: usize) -> Vec<(usize, String)> {
    let up = "super::".repeat(depth);
    let mut found = Vec::new();
    for root in ["crate::", up.as_str()].into_iter().filter(|root| !root.is_empty()) {
        for (at, _) in code.match_indices(root) {
            let before = code[..at].chars().next_back();
            if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':') {
                continue;
            }
            let line = code[..at].matches('\n').count() + 1;
            found.extend(names(&code[at + root.len()..]).into_iter().map(|name| (line, name)));
        }
    }
    found.sort();
    found.dedup();
    found
}

/// The first name of a path, or of every path in a brace: `{a::b, c::{d, e}}` gives `a` and `c`.
fn names(rest: &str) -> Vec<String> {
    let Some(group) = rest.strip_prefix('{') else { return name(rest).into_iter().collect() };
    let mut found = Vec::new();
    let mut depth = 0;
    let mut start = 0;
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            ',' if depth == 0 => {
                found.extend(name(&group[start..at]));
                start = at + 1;
            }
            '}' if depth == 0 => {
                found.extend(name(&group[start..at]));
                break;
            }
            '}' => depth -= 1,
            _ => {}
        }
    }
    found
}

fn name(path: &str) -> Option<String> {
    let path = path.trim_start();
    let path = path.strip_prefix("r#").unwrap_or(path);
    let end = path.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(path.len());
    (end > 0).then(|| path[..end].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(file: &str, text: &str) -> Findings {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        check(root.path()).unwrap()
    }

    #[test]
    fn planted_upward_imports_are_found_however_they_are_written() {
        for bad in [
            "use crate::messaging::send;",
            "use crate::{ground::db, messaging};",
            "use crate::{\n    ground::{clock, db},\n    messaging::{self, view},\n};",
            "fn a() { let b = crate::delivery::hub(); }",
            "pub(crate) type A = Vec<crate::console::Page>;",
            "use super::super::messaging::send;",
            "use crate::app::App;",
            "macro_rules! a { () => { $crate::files::b() } }",
        ] {
            assert_eq!(findings("journal/writer.rs", bad).len(), 1, "{bad}");
        }
        assert_eq!(findings("journal/mod.rs", "use super::messaging::send;").len(), 1);
        assert_eq!(findings("journal.rs", "use crate::messaging;").len(), 1);
    }

    #[test]
    fn the_finding_names_file_line_and_both_rooms() {
        let found = findings("journal/writer.rs", "//! A.\n\nuse crate::messaging::send;");
        assert_eq!(found, ["journal/writer.rs:3: `journal` uses `messaging`, which is above it"]);
    }

    #[test]
    fn downward_imports_own_modules_prose_and_tests_of_strings_pass() {
        for fine in [
            "use crate::ground::db;\nuse crate::journal::head;\nuse super::head;",
            "//! See [`crate::messaging`].\nconst A: &str = \"crate::messaging\";",
            "use other_crate::messaging::send;",
            "use crate::{ground::{messaging}, vault};",
            "use super::messaging::text;",
        ] {
            assert_eq!(findings("journal/writer.rs", fine), Findings::new(), "{fine}");
        }
        for above in ["app.rs", "main.rs", "lib.rs", "cli/mod.rs"] {
            assert_eq!(findings(above, "use crate::console::page;"), Findings::new(), "{above}");
        }
    }

    #[test]
    fn files_of_tests_may_use_the_whole_house_and_others_of_the_room_not() {
        for fine in ["journal/tests.rs", "journal/tests/setup.rs"] {
            assert_eq!(findings(fine, "use crate::app::App;"), Findings::new(), "{fine}");
        }
        assert_eq!(findings("journal/attests.rs", "use crate::app::App;").len(), 1);
    }

    #[test]
    fn a_room_without_a_place_is_found() {
        assert_eq!(findings("cellar/mod.rs", "").len(), 1);
    }

    #[test]
    fn the_order_is_the_one_of_the_architecture() {
        assert!(level("ground") < level("journal") && level("journal") < level("messaging"));
        assert!(level("messaging") < level("delivery") && level("delivery") < level("console"));
    }
}
