//! Looking for texts in every byte of folders.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use aho_corasick::AhoCorasick;

/// Where a text was found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    /// The text.
    pub marker: String,
    /// The file.
    pub file: PathBuf,
}

/// Every file under these folders in which one of the texts stands, as it is, as UTF-16, hexadecimal or base64, or
/// as a word of a search index's dictionary.
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
    all.extend(in_a_dictionary(marker));
    all
}

/// How the middle of a word stands in a dictionary that is a finite state machine: a byte for each letter, last one
/// first. The beginning is shared with words that begin alike and the end with words that end alike, so neither is
/// looked for; what is left must be long enough to be no accident.
fn in_a_dictionary(word: &str) -> Option<Vec<u8>> {
    const BEGINNING: usize = 6;
    const END: usize = 3;
    const LEAST: usize = 6;
    static CODES: OnceLock<HashMap<u8, Vec<u8>>> = OnceLock::new();
    let codes = CODES.get_or_init(|| (b'a'..=b'z').chain(b'0'..=b'9').map(|it| (it, code(it))).collect());
    let middle = word.as_bytes().get(BEGINNING..word.len().checked_sub(END)?)?;
    let coded = middle.iter().rev().map(|letter| codes.get(letter)).collect::<Option<Vec<_>>>()?;
    (coded.len() >= LEAST).then(|| coded.into_iter().flatten().copied().collect())
}

/// How a letter stands there: what a dictionary of one word grows by when the word has it too, in front.
fn code(letter: u8) -> Vec<u8> {
    let dictionary = |word: &[u8]| {
        let mut dictionary = tantivy_fst::MapBuilder::memory();
        dictionary.insert(word, 0).unwrap();
        let mut bytes = dictionary.into_inner().unwrap();
        // Behind the letters stand two numbers of eight bytes.
        bytes.truncate(bytes.len() - 16);
        bytes
    };
    let without = dictionary(b"~");
    dictionary(&[letter, b'~']).split_off(without.len())
}
