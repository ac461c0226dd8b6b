//! Whatever happens to the files of the index, what is found afterwards is what the journal says.

use std::fs;
use std::path::PathBuf;

use chancery_protocol::query::parse;

use super::ALL;
use super::house::{House, Try};
use crate::ground::db::testing::Database;
use crate::search::find::{Filters, Reach};
use crate::search::index::{Cursor, Written};

fn filled() -> House {
    let mut house = House::new(Database::Sqlite);
    for round in 0..3 {
        for at in 0..4 {
            house.attempt(0, 0, Try::Send(format!("alder number {round} {at}")));
        }
        house.attempt(0, 0, Try::Edit(round * 4, "beech instead".into()));
        house.index();
    }
    house
}

fn files(house: &House) -> Vec<PathBuf> {
    let folder = house.folder.join(house.generation().unwrap().to_string());
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .collect();
    files.sort();
    files
}

fn is_whole(house: &House) {
    assert_eq!(house.differing(), Vec::<u64>::new());
    let query = parse("alder").unwrap();
    assert_eq!(house.find(query.as_ref(), Reach::Now, &Filters::default(), ALL).total, 9);
    assert_eq!(house.find(query.as_ref(), Reach::Ever, &Filters::default(), ALL).total, 12);
}

#[test]
fn a_flipped_byte_in_any_file_is_healed_by_a_rebuild() {
    let house = filled();
    let count = files(&house).len();
    assert!(count > 6, "{count} files");
    for number in 0..count {
        // Every rebuild makes other files; each kind of file has its turn.
        let files = files(&house);
        let path = &files[number % files.len()];
        let mut bytes = fs::read(path).unwrap();
        let at = bytes.len() * (number + 1) / (count + 1);
        bytes[at] ^= 4;
        fs::write(path, bytes).unwrap();
        let before = house.generation();
        house.index();
        assert_ne!(house.generation(), before, "{} was damaged at {at}", path.display());
        is_whole(&house);
    }
}

#[test]
fn a_missing_cut_or_exchanged_file_is_healed_by_a_rebuild() {
    let house = filled();
    type Harm = fn(&[PathBuf]);
    let harms: [Harm; 5] = [
        |files| fs::remove_file(&files[1]).unwrap(),
        |files| fs::write(&files[0], "").unwrap(),
        |files| {
            let bytes = fs::read(&files[0]).unwrap();
            fs::write(&files[0], &bytes[..bytes.len() - 1]).unwrap();
        },
        |files| fs::rename(&files[0], &files[1]).unwrap(),
        |files| files.iter().for_each(|file| fs::remove_file(file).unwrap()),
    ];
    for harm in harms {
        let before = house.generation();
        harm(&files(&house));
        house.index();
        assert_ne!(house.generation(), before);
        is_whole(&house);
    }
    fs::write(house.folder.join("current"), "not a number").unwrap();
    house.index();
    is_whole(&house);
    fs::remove_file(house.folder.join("current")).unwrap();
    house.index();
    is_whole(&house);
}

#[test]
fn an_index_of_another_archive_or_another_journal_is_made_anew() {
    let mut house = filled();
    let (generation, archive) = (house.generation(), house.setting.archive);
    house.setting.archive = [9; 16];
    house.index();
    assert_ne!(house.generation(), generation, "another archive");
    is_whole(&house);
    house.setting.archive = archive;
    house.index();
    is_whole(&house);

    // The same archive, put back from a backup and gone on differently: the record at the cursor is another one.
    let generation = house.generation();
    let folder = house.folder.join(generation.unwrap().to_string());
    let mut index = Written::open(&folder, &house.setting).unwrap();
    let position = index.cursor.position;
    index.commit(Cursor { position, record: [7; 16] }).unwrap();
    index.close().unwrap();
    house.index();
    assert_ne!(house.generation(), generation, "another journal");
    is_whole(&house);
}

#[test]
fn what_the_index_says_too_much_or_not_is_told_apart() {
    let house = filled();
    let folder = house.folder.join(house.generation().unwrap().to_string());
    let mut index = Written::open(&folder, &house.setting).unwrap();
    let cursor = index.cursor;
    let whole = house.whole();
    let mut entry =
        crate::search::schema::Entry::of(&whole[1], chancery_protocol::conversation::ConversationKind::Group);
    entry.now.push_str(" more");
    index.put(&entry).unwrap();
    index.commit(cursor).unwrap();
    index.close().unwrap();
    house.index();
    assert_eq!(house.differing(), [whole[1].position], "the check sees a word too many");
}
