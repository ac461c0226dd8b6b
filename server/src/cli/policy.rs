//! `policy test`: packs of rules prove themselves by their own lines.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use chancery_screening::{Report, check};

use super::Failure;
use crate::acceptable_use::PACKS;

/// Runs the lines of the packs in these files and folders, or of the delivered ones, and prints what became of them.
///
/// # Errors
/// When a file cannot be read, and when anything is wrong with the packs.
pub(super) fn test(paths: &[PathBuf], out: &mut dyn Write) -> Result<(), Failure> {
    let report = if paths.is_empty() {
        check(&PACKS)
    } else {
        let mut files = Vec::new();
        for path in paths {
            for file in files_of(path)? {
                let text = fs::read_to_string(&file).map_err(|error| unreadable(&file, &error))?;
                files.push((file.display().to_string(), text));
            }
        }
        let texts: Vec<(&str, &str)> =
            files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        check(&texts)
    };
    // A broken pipe of the reader is no failure of ours.
    let _ = writeln!(out, "{report}");
    if report.is_ok() {
        return Ok(());
    }
    Err(Failure::new(count(&report)).help(help(&report)))
}

/// The file itself, or the packs of a folder, sorted by name.
fn files_of(path: &Path) -> Result<Vec<PathBuf>, Failure> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let entries = fs::read_dir(path).and_then(Iterator::collect::<io::Result<Vec<fs::DirEntry>>>);
    let entries = entries.map_err(|error| unreadable(path, &error))?;
    let mut files: Vec<PathBuf> = entries.iter().map(fs::DirEntry::path).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "toml"));
    files.sort();
    if files.is_empty() {
        return Err(Failure::wrong_use(format!("{} has no pack", path.display()))
            .help("a pack is a file whose name ends in .toml"));
    }
    Ok(files)
}

fn unreadable(path: &Path, error: &io::Error) -> Failure {
    Failure::wrong_use(format!("{} cannot be read: {error}", path.display()))
        .help("name packs of rules, or folders with packs; without any name the delivered packs are tested")
}

/// What is wrong, in numbers.
fn count(report: &Report) -> String {
    let counts = [
        (report.unreadable.len(), "file(s) that are no packs"),
        (report.problems.len(), "problem(s) in rules and lists"),
        (report.failures.len(), "line(s) that went wrong"),
        (report.untested.len(), "rule(s) without lines of both kinds"),
    ];
    let counts: Vec<String> = counts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    counts.join(", ")
}

/// What to do first: what stands later may come from it.
fn help(report: &Report) -> &'static str {
    if !report.unreadable.is_empty() {
        "mend the files at the lines named above; docs/policies.md says which fields a pack has"
    } else if !report.problems.is_empty() {
        "mend the fields named above, each says how; lines are tried when all rules can be used"
    } else if !report.failures.is_empty() {
        "change `match` and `unless` of the rules named above, or their lines where those are mistaken"
    } else {
        "add lines to `tests` of the rules named above"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: &str = "id = 'p'\nname = 'P'\n[[rules]]\nid = 'r'\nname = 'R'\nwhy = 'W'\nask = 'A'\noutcome = 'flag'\nseverity = 'low'\n";

    fn try_out(paths: &[PathBuf]) -> (String, Result<(), Failure>) {
        let mut out = Vec::new();
        let outcome = test(paths, &mut out);
        (String::from_utf8(out).unwrap(), outcome)
    }

    #[test]
    fn the_delivered_packs_are_in_order() {
        let (said, outcome) = try_out(&[]);
        assert_eq!(outcome, Ok(()), "{said}");
        assert!(said.contains(" rules, "), "{said}");
    }

    #[test]
    fn what_is_wrong_comes_with_what_to_do() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("own.toml");
        for (text, told, count, help) in [
            ("colour = 'red'", "line 1", "1 file(s)", "docs/policies.md"),
            (
                &format!("{RULE}match = 'buy and'"),
                "p, rule r, match, character 5",
                "1 problem(s)",
                "each says how",
            ),
            (
                &format!("{RULE}match = 'buy'\ntests = {{ match = ['sell'], pass = ['hold'] }}"),
                "rule r must match: sell",
                "1 line(s)",
                "their lines",
            ),
            (&format!("{RULE}match = 'buy'"), "rule r needs a line", "1 rule(s)", "add lines"),
        ] {
            fs::write(&file, text).unwrap();
            for path in [folder.path(), &file] {
                let (said, outcome) = try_out(&[path.to_owned()]);
                let failure = outcome.unwrap_err();
                assert!(said.contains(told), "{said}");
                assert!(failure.message.starts_with(count), "{failure}");
                assert!(failure.help.unwrap().contains(help));
                assert_eq!(failure.code, super::super::FAILED);
            }
        }
    }
}
