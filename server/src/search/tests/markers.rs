//! Nothing that people write is found in a byte of the index: while it is written, merged, and made anew.

use std::fs;
use std::path::Path;

use chancery_tests::scan::find;
use data_encoding::BASE32_NOPAD;
use rand::{RngExt as _, SeedableRng as _};

use super::ALL;
use super::house::{House, Try};
use crate::ground::db::testing::Database;
use crate::search::find::{Filters, Reach};
use crate::search::follower::REQUEST;

#[test]
fn no_marker_is_in_a_byte_of_the_index() {
    let mut house = House::new(Database::Sqlite);
    let mut random = rand::rngs::StdRng::seed_from_u64(4);
    let mut markers = Vec::new();
    for round in 0..12 {
        for _ in 0..8 {
            let marker = format!("mk{}", BASE32_NOPAD.encode(&random.random::<[u8; 8]>()).to_lowercase());
            house.attempt(0, 0, Try::Send(format!("{marker} and {marker}.{round}@example.com")));
            markers.push(marker);
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

fn nothing_in(folder: &Path, markers: &[String]) {
    let found = find(markers, &[folder]);
    assert!(found.is_empty(), "{found:?}");
}
