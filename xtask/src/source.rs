//! Reading Rust sources without a parser: code apart from comments and strings, and the list of our own files.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The folders with Rust sources of our own.
pub const FOLDERS: &[&str] = &[
    "protocol",
    "screening",
    "ledger",
    "server",
    "ui-kit",
    "leptos-config",
    "chat-ui",
    "admin-ui",
    "tests",
    "bench",
    "xtask",
];

/// All Rust files below `folder`, sorted, without build products.
///
/// # Errors
/// When a folder cannot be read.
pub fn rust_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    collect(folder, &mut files)?;
    files.sort();
    Ok(files)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            if !name.starts_with('.') && !["target", "node_modules", "dist"].contains(&name.as_str()) {
                collect(&path, files)?;
            }
        } else if name.ends_with(".rs") {
            files.push(path);
        }
    }
    Ok(())
}

/// The code of a file: comments, strings and character literals become blanks, line breaks stay, so that
/// line numbers hold and words in prose or in a test's planted text do not count.
pub fn code_only(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = bytes.to_vec();
    let mut at = 0;
    while at < bytes.len() {
        let end = match literal_end(bytes, at) {
            Some(end) => end.min(bytes.len()),
            None => {
                at += 1;
                continue;
            }
        };
        for byte in &mut out[at..end] {
            if *byte != b'\n' {
                *byte = b' ';
            }
        }
        at = end;
    }
    // Every byte of a blanked range became ASCII, and literals end at character borders.
    String::from_utf8_lossy(&out).into_owned()
}

/// Where the comment, string or character literal that starts at `at` ends.
fn literal_end(bytes: &[u8], at: usize) -> Option<usize> {
    let rest = &bytes[at..];
    let after_word = at > 0 && (bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'_');
    match rest {
        [b'/', b'/', ..] => Some(at + rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len())),
        [b'/', b'*', ..] => Some(at + block_comment_len(rest)),
        [b'"', ..] => Some(at + string_len(rest)),
        [b'r', b'"' | b'#', ..] if !after_word => raw_string_len(rest, 1).map(|len| at + len),
        [b'b', b'r', b'"' | b'#', ..] if !after_word => raw_string_len(rest, 2).map(|len| at + len),
        [b'\'', ..] => char_len(rest).map(|len| at + len),
        _ => None,
    }
}

fn block_comment_len(rest: &[u8]) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while at < rest.len() {
        match &rest[at..] {
            [b'/', b'*', ..] => (depth, at) = (depth + 1, at + 2),
            [b'*', b'/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return at;
        }
    }
    rest.len()
}

fn string_len(rest: &[u8]) -> usize {
    let mut at = 1;
    while at < rest.len() {
        match rest[at] {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    rest.len()
}

fn raw_string_len(rest: &[u8], prefix: usize) -> Option<usize> {
    let hashes = rest[prefix..].iter().take_while(|b| **b == b'#').count();
    let start = prefix + hashes;
    if rest.get(start) != Some(&b'"') {
        return None;
    }
    let end: Vec<u8> = std::iter::once(b'"').chain(std::iter::repeat_n(b'#', hashes)).collect();
    let body = &rest[start + 1..];
    let len = body.windows(end.len()).position(|window| window == end);
    Some(len.map_or(rest.len(), |len| start + 1 + len + end.len()))
}

/// A character literal, as opposed to a lifetime.
fn char_len(rest: &[u8]) -> Option<usize> {
    if rest.get(1) == Some(&b'\\') {
        return rest[2..].iter().skip(1).position(|b| *b == b'\'').map(|len| len + 4);
    }
    let first = std::str::from_utf8(&rest[1..rest.len().min(5)]);
    let valid = match &first {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(&rest[1..1 + error.valid_up_to()]).unwrap_or_default(),
    };
    let width = valid.chars().next()?.len_utf8();
    (rest.get(1 + width) == Some(&b'\'')).then_some(width + 2)
}

#[cfg(test)]
mod tests {
    use super::code_only;

    #[test]
    fn prose_and_strings_are_blanked_and_lines_stay() {
        let text =
            "a // x\nb /* x\n /* x */ x */ c \"x\\\"x\" d r#\"x\"x\"# e b'x' '\\'' f::<'g>('é') br\"x\" h";
        let code = code_only(text);
        assert!(!code.contains('x') && !code.contains('é'), "{code}");
        for kept in ["a", "b", "c", "d", "e", "f::<'g>", "h"] {
            assert!(code.contains(kept), "{kept} in {code}");
        }
        assert_eq!(code.lines().count(), text.lines().count());
    }

    #[test]
    fn lifetimes_and_raw_names_are_code() {
        assert_eq!(code_only("fn a<'b>(r#type: &'b str)"), "fn a<'b>(r#type: &'b str)");
    }

    #[test]
    fn unfinished_literals_end_with_the_file() {
        for text in ["/* x", "\"x", "r#\"x", "// x", "\"x\\"] {
            assert!(!code_only(text).contains('x'), "{text}");
        }
    }
}
