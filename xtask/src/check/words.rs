//! Words that may stand in a draft and may not be committed: ignored tests and unfinished code.

use std::fs;
use std::path::Path;

use anyhow::Result;

use super::Findings;
use crate::source;

const BANNED: &[(&str, &str)] = &[
    ("#[ignore", "a test that is not run protects nothing: run it or delete it"),
    ("todo!", "finish it, or leave out what does nothing yet"),
    ("unimplemented!", "finish it, or leave out what does nothing yet"),
];

/// No banned word in any Rust file of ours.
pub fn check(root: &Path) -> Result<Findings> {
    let mut findings = Findings::new();
    for folder in source::FOLDERS.iter().map(|folder| root.join(folder)).filter(|folder| folder.is_dir()) {
        for file in source::rust_files(&folder)? {
            let code = source::code_only(&fs::read_to_string(&file)?);
            for (number, line) in code.lines().enumerate() {
                for (word, advice) in BANNED.iter().filter(|(word, _)| line.contains(word)) {
                    let place = file.strip_prefix(root).unwrap_or(&file).display();
                    findings.push(format!("{place}:{}: `{word}`: {advice}", number + 1));
                }
            }
        }
    }
    Ok(findings)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(source: &str) -> Findings {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join("server/src/journal")).unwrap();
        fs::write(root.path().join("server/src/journal/mod.rs"), source).unwrap();
        check(root.path()).unwrap()
    }

    #[test]
    fn planted_words_are_found_with_their_line() {
        for bad in
            ["#[test]\n#[ignore]\nfn a() {}", "fn a() {\ntodo!()\n}", "\nfn a() { unimplemented!(\"b\") }"]
        {
            let found = findings(bad);
            assert_eq!(found.len(), 1, "{bad}");
            assert!(found[0].starts_with("server/src/journal/mod.rs:2:"), "{found:?}");
        }
    }

    #[test]
    fn prose_and_strings_may_name_them() {
        assert_eq!(findings("// todo!\nconst A: &str = \"#[ignore]\";"), Findings::new());
    }
}
