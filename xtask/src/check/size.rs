//! Files that grew long: printed as a note, never a failure. A long file is a question, not a mistake.

use std::fs;
use std::path::Path;

use anyhow::Result;

use crate::source;

const LONG: usize = 500;

/// One line for each Rust file over 500 lines.
pub fn notes(root: &Path) -> Result<Vec<String>> {
    let mut notes = Vec::new();
    for folder in source::FOLDERS.iter().map(|folder| root.join(folder)).filter(|folder| folder.is_dir()) {
        for file in source::rust_files(&folder)? {
            let lines = fs::read_to_string(&file)?.lines().count();
            if lines > LONG {
                let place = file.strip_prefix(root).unwrap_or(&file).display();
                notes.push(format!("{place} has {lines} lines; would two files read better?"));
            }
        }
    }
    Ok(notes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_file_is_noted_and_a_short_one_is_not() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("ledger")).unwrap();
        fs::write(root.path().join("ledger/short.rs"), "\n".repeat(LONG)).unwrap();
        fs::write(root.path().join("ledger/long.rs"), "\n".repeat(LONG + 1)).unwrap();
        let notes = notes(root.path()).unwrap();
        assert_eq!(notes, ["ledger/long.rs has 501 lines; would two files read better?"]);
    }
}
