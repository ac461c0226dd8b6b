//! Looking for texts in every byte of folders.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use aho_corasick::AhoCorasick;

/// Where a text was found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    /// The text.
    pub marker: String,
    /// The file.
    pub file: PathBuf,
}

/// Every file under these folders in which one of the texts stands, as it is or as UTF-16, hexadecimal or base64.
pub fn find(markers: &[String], folders: &[&Path]) -> BTreeSet<Found> {
    let eye = Eye::for_markers(markers);
    let mut found = BTreeSet::new();
    for folder in folders {
        let mut todo = vec![folder.to_path_buf()];
        while let Some(path) = todo.pop() {
            if path.is_symlink() {
                continue;
            }
            if path.is_dir() {
                todo.extend(
                    std::fs::read_dir(&path).into_iter().flatten().flatten().map(|entry| entry.path()),
                );
            } else if path.is_file() {
                // A file may vanish between listing and reading; a database's temporary file does.
                let Ok(bytes) = std::fs::read(&path) else { continue };
                found.extend(
                    eye.find_in(&bytes).into_iter().map(|marker| Found { marker, file: path.clone() }),
                );
            }
        }
    }
    found
}

/// Something that looks for many texts in one pass.
struct Eye<'a> {
    markers: &'a [String],
    /// Which marker each pattern is a disguise of.
    owners: Vec<usize>,
    patterns: AhoCorasick,
}

impl<'a> Eye<'a> {
    fn for_markers(markers: &'a [String]) -> Self {
        let mut owners = Vec::new();
        let mut patterns = Vec::new();
        for (number, marker) in markers.iter().enumerate() {
            for piece in pieces(marker) {
                for disguise in disguises(piece) {
                    owners.push(number);
                    patterns.push(disguise);
                }
            }
        }
        Self { markers, owners, patterns: AhoCorasick::new(patterns).unwrap() }
    }

    fn find_in(&self, bytes: &[u8]) -> BTreeSet<String> {
        let matches = self.patterns.find_overlapping_iter(bytes);
        matches.map(|found| self.markers[self.owners[found.pattern().as_usize()]].clone()).collect()
    }
}

/// The texts that stand in some bytes.
pub fn find_in(markers: &[String], bytes: &[u8]) -> BTreeSet<String> {
    Eye::for_markers(markers).find_in(bytes)
}

/// A database cuts a long value into rows and pages: any piece of it gives it away.
fn pieces(marker: &str) -> impl Iterator<Item = &str> {
    const PIECE: usize = 48;
    let whole = (marker.len() / PIECE).max(1);
    (0..whole)
        .map(move |number| if whole == 1 { marker } else { &marker[number * PIECE..(number + 1) * PIECE] })
}

fn disguises(marker: &str) -> Vec<Vec<u8>> {
    let utf16 = marker.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let hex = data_encoding::HEXLOWER.encode(marker.as_bytes()).into_bytes();
    let mut all = vec![marker.as_bytes().to_vec(), utf16, hex.to_ascii_uppercase(), hex];
    // Base64 has three alignments; the inner part is the same whatever stands around it.
    for skip in 0..3 {
        let inner = &marker.as_bytes()[skip..];
        let whole = &inner[..inner.len() / 3 * 3];
        all.push(data_encoding::BASE64_NOPAD.encode(whole).into_bytes());
        all.push(data_encoding::BASE64URL_NOPAD.encode(whole).into_bytes());
    }
    all
}
