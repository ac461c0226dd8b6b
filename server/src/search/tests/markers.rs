//! Nothing that people write is found in a byte of the index: while it is written, merged, and made anew.

use std::fs;
use std::path::Path;

use chancery_tests::scan::find;
use data_encoding::BASE32_NOPAD;
use rand::{RngExt as _, SeedableRng as _};
use tantivy::directory::RamDirectory;
use tantivy::{Directory as _, Index, IndexSettings, IndexWriter};

use super::ALL;
use super::house::{House, Try};
use crate::ground::db::testing::Database;
use crate::search::find::{Filters, Reach};
use crate::search::follower::REQUEST;
use crate::search::schema::{Cut, Entry, TOKENIZER, schema};

#[test]
fn no_marker_is_in_a_byte_of_the_index() {
    let mut house = House::new(Database::Sqlite);
    let markers = markers();
    for (round, some) in markers.chunks(8).enumerate() {
        for marker in some {
            house.attempt(0, 0, Try::Send(format!("{marker} and {marker}.{round}@example.com")));
        }
        house.index();
        nothing_in(&house.folder, &markers);
    }
    // Merging has happened: fewer segments than commits.
    let before = house.generation();
    fs::write(house.folder.join(REQUEST), "").unwrap();
    house.index();
    assert_ne!(house.generation(), before);
    nothing_in(&house.folder, &markers);
    for marker in &markers {
        let query = chancery_protocol::query::parse(marker).unwrap();
        let found = house.find(query.as_ref(), Reach::Now, &Filters::default(), ALL);
        assert_eq!(found.total, 1, "{marker} can be found all the same");
    }
}

/// The same index in the clear: it keeps no text, and the same scan finds the words in its dictionary.
#[test]
fn the_same_scan_finds_markers_in_an_index_that_is_not_encrypted() {
    let house = House::new(Database::Sqlite);
    let markers = markers();
    let (schema, fields) = schema();
    let plain = RamDirectory::create();
    let index = Index::create(plain.clone(), schema, IndexSettings::default()).unwrap();
    index.tokenizers().register(TOKENIZER, Cut);
    let mut writer: IndexWriter = index.writer_with_num_threads(1, 15_000_000).unwrap();
    for (position, marker) in (1..).zip(&markers) {
        let entry = Entry {
            position,
            conversation: house.conversations[0],
            seq: position,
            author: house.people[0],
            at: 0,
            flags: 0,
            now: format!("{marker} and more"),
            old: String::new(),
        };
        writer.add_document(entry.document(&fields)).unwrap();
    }
    writer.commit().unwrap();
    let folder = tempfile::tempdir().unwrap();
    for file in index.directory().list_managed_files() {
        let bytes = plain.open_read(&file).unwrap().read_bytes().unwrap();
        fs::write(folder.path().join(file), bytes).unwrap();
    }
    let found = find(&markers, &[folder.path()]);
    let of_words = found.iter().filter(|found| found.file.extension().is_some_and(|it| it == "term")).count();
    assert!(of_words * 10 > markers.len() * 9, "{of_words} of {}", markers.len());
}

fn markers() -> Vec<String> {
    let mut random = rand::rngs::StdRng::seed_from_u64(4);
    (0..96)
        .map(|_| format!("mk{}", BASE32_NOPAD.encode(&random.random::<[u8; 8]>()).to_lowercase()))
        .collect()
}

fn nothing_in(folder: &Path, markers: &[String]) {
    let found = find(markers, &[folder]);
    assert!(found.is_empty(), "{found:?}");
}
