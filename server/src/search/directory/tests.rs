use std::io::Write as _;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use proptest::prelude::*;
use tantivy::directory::{Directory, TerminatingWrite};
use tempfile::TempDir;
use zeroize::Zeroizing;

use super::file::{BLOCK, HEADER};
use super::*;

fn random() -> Random {
    let mut counter = 0_u8;
    Random::Test(Arc::new(Mutex::new(move |out: &mut [u8]| {
        counter = counter.wrapping_add(1);
        out.fill(counter);
    })))
}

fn folder() -> (TempDir, Sealed) {
    let folder = tempfile::tempdir().unwrap();
    let sealed = open(folder.path());
    (folder, sealed)
}

fn open(folder: &Path) -> Sealed {
    Sealed::open(folder, Zeroizing::new([7; 32]), random(), Blocks::new(1 << 20)).unwrap()
}

fn write(sealed: &Sealed, name: &str, bytes: &[u8]) {
    let mut out = sealed.open_write(Path::new(name)).unwrap();
    out.write_all(bytes).unwrap();
    out.terminate().unwrap();
}

fn read(sealed: &Sealed, name: &str) -> io::Result<Vec<u8>> {
    let file = sealed.open_read(Path::new(name)).map_err(io::Error::other)?;
    file.read_bytes().map(|bytes| bytes.as_slice().to_vec())
}

fn text(len: usize) -> Vec<u8> {
    b"the quick brown fox ".iter().copied().cycle().take(len).collect()
}

const LENGTHS: [usize; 9] =
    [0, 1, 15, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK, 2 * BLOCK + 7, (LARGE_READ + 3) * BLOCK + 5];

#[test]
fn what_is_written_is_read_and_is_not_on_the_disk() {
    let (folder, sealed) = folder();
    for (number, len) in LENGTHS.into_iter().enumerate() {
        let name = format!("file{number}");
        write(&sealed, &name, &text(len));
        assert_eq!(read(&sealed, &name).unwrap(), text(len), "{len} bytes");
        let raw = fs::read(folder.path().join(&name)).unwrap();
        assert!(!raw.windows(9).any(|window| window == b"brown fox"));
    }
    sealed.check().unwrap();
    assert!(!sealed.is_damaged());
}

#[test]
fn a_key_is_never_used_for_two_files() {
    let (folder, sealed) = folder();
    for name in ["one", "two"] {
        sealed.atomic_write(Path::new(name), &text(100)).unwrap();
    }
    let one = fs::read(folder.path().join("one")).unwrap();
    sealed.atomic_write(Path::new("one"), &text(100)).unwrap();
    let again = fs::read(folder.path().join("one")).unwrap();
    let two = fs::read(folder.path().join("two")).unwrap();
    for other in [again, two] {
        assert_ne!(one[1..HEADER], other[1..HEADER], "a salt of its own");
        assert_ne!(one[HEADER..], other[HEADER..]);
    }
}

#[test]
fn every_flipped_byte_is_noticed() {
    let (folder, sealed) = folder();
    write(&sealed, "small", &text(300));
    sealed.atomic_write(Path::new("atomic"), &text(40)).unwrap();
    for name in ["small", "atomic"] {
        let path = folder.path().join(name);
        let whole = fs::read(&path).unwrap();
        for at in 0..whole.len() {
            for bit in [1, 0x80] {
                let mut flipped = whole.clone();
                flipped[at] ^= bit;
                fs::write(&path, flipped).unwrap();
                let sealed = open(folder.path());
                assert!(sealed.check().is_err(), "byte {at} of {name}");
                assert!(sealed.is_damaged());
                assert!(read(&sealed, name).is_err() && sealed.atomic_read(Path::new(name)).is_err());
            }
        }
        fs::write(&path, whole).unwrap();
    }
    open(folder.path()).check().unwrap();
}

#[test]
fn every_cut_and_every_appended_byte_is_noticed() {
    let (folder, sealed) = folder();
    write(&sealed, "file", &text(2 * BLOCK + 50));
    let path = folder.path().join("file");
    let whole = fs::read(&path).unwrap();
    let ends = [0, 1, HEADER - 1, HEADER, HEADER + 15, HEADER + 16, HEADER + BLOCK + 15, HEADER + BLOCK + 16];
    let cuts = ends.into_iter().chain([HEADER + 2 * (BLOCK + 16), whole.len() - 1]);
    for end in cuts {
        fs::write(&path, &whole[..end]).unwrap();
        assert!(open(folder.path()).check().is_err(), "cut at {end}");
    }
    for more in [&b"x"[..], &whole[HEADER..HEADER + BLOCK + 16]] {
        fs::write(&path, [&whole, more].concat()).unwrap();
        assert!(open(folder.path()).check().is_err(), "{} bytes more", more.len());
    }
}

#[test]
fn blocks_and_files_cannot_change_places() {
    let (folder, sealed) = folder();
    write(&sealed, "one", &text(3 * BLOCK));
    write(&sealed, "two", &text(3 * BLOCK));
    let (one, two) = (folder.path().join("one"), folder.path().join("two"));
    let (first, second) = (fs::read(&one).unwrap(), fs::read(&two).unwrap());
    let block = |number: usize| HEADER + number * (BLOCK + 16)..HEADER + (number + 1) * (BLOCK + 16);

    let mut swapped = first.clone();
    swapped[block(0)].copy_from_slice(&first[block(1)]);
    swapped[block(1)].copy_from_slice(&first[block(0)]);
    fs::write(&one, swapped).unwrap();
    assert!(open(folder.path()).check().is_err(), "two blocks of one file");

    let mut foreign = first.clone();
    foreign[block(1)].copy_from_slice(&second[block(1)]);
    fs::write(&one, foreign).unwrap();
    assert!(open(folder.path()).check().is_err(), "a block of another file");

    fs::write(&one, &second).unwrap();
    assert!(open(folder.path()).check().is_err(), "another file under this name");
    fs::write(&one, &first).unwrap();
    open(folder.path()).check().unwrap();
}

#[test]
fn another_key_reads_nothing() {
    let (folder, sealed) = folder();
    write(&sealed, "file", &text(10));
    let other = Sealed::open(folder.path(), Zeroizing::new([8; 32]), random(), Blocks::new(1 << 20)).unwrap();
    assert!(read(&other, "file").is_err());
    assert!(other.is_damaged());
}

#[test]
fn a_file_is_written_once_and_an_unfinished_one_is_removed() {
    let (folder, sealed) = folder();
    write(&sealed, "file", b"a");
    assert!(sealed.open_write(Path::new("file")).is_err());
    let unfinished = folder.path().join(format!("meta.json{UNFINISHED}"));
    fs::write(&unfinished, "half").unwrap();
    let sealed = open(folder.path());
    assert!(!unfinished.exists());
    assert!(matches!(sealed.open_read(Path::new("no such file")), Err(OpenReadError::FileDoesNotExist(_))));
    sealed.delete(Path::new("file")).unwrap();
    assert!(!sealed.exists(&PathBuf::from("file")).unwrap());
    assert!(matches!(sealed.delete(Path::new("file")), Err(DeleteError::FileDoesNotExist(_))));
}

#[test]
fn a_file_that_is_open_can_be_read_after_it_was_removed() {
    let (_folder, sealed) = folder();
    write(&sealed, "file", &text(BLOCK * 2));
    let open = sealed.open_read(Path::new("file")).unwrap();
    sealed.delete(Path::new("file")).unwrap();
    assert_eq!(open.read_bytes().unwrap().as_slice(), text(BLOCK * 2));
}

#[test]
fn the_writer_lock_has_one_taker_and_comes_back() {
    let (_folder, sealed) = folder();
    let lock = &*tantivy::directory::INDEX_WRITER_LOCK;
    let held = sealed.acquire_lock(lock).unwrap();
    assert!(matches!(sealed.acquire_lock(lock), Err(LockError::LockBusy)));
    drop(held);
    drop(sealed.acquire_lock(lock).unwrap());
}

#[test]
fn the_cache_is_bounded() {
    let folder = tempfile::tempdir().unwrap();
    let blocks = Blocks::new(LARGE_READ * BLOCK);
    let sealed = Sealed::open(folder.path(), Zeroizing::new([7; 32]), random(), Arc::clone(&blocks)).unwrap();
    write(&sealed, "file", &text(BLOCK * 100));
    let file = sealed.open_read(Path::new("file")).unwrap();
    for _ in 0..2 {
        for block in 0..100 {
            let bytes = file.read_bytes_slice(block * BLOCK..block * BLOCK + 20).unwrap();
            assert_eq!(bytes.as_slice(), &text(BLOCK * 100)[block * BLOCK..block * BLOCK + 20]);
        }
    }
    let (used, most) = blocks.bytes();
    assert!(used > 0 && used <= most && most == (LARGE_READ * BLOCK) as u64, "{used} of {most}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn reads_at_random_equal_the_model(
        len in prop_oneof![0..2_000_usize, BLOCK - 3..BLOCK + 3, 0..(LARGE_READ + 4) * BLOCK],
        pieces in proptest::collection::vec(1..40_000_usize, 1..20),
        reads in proptest::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 1..30),
    ) {
        let (_folder, sealed) = folder();
        let model = text(len);
        let mut out = sealed.open_write(Path::new("file")).unwrap();
        let mut rest = model.as_slice();
        for piece in pieces.into_iter().cycle() {
            if rest.is_empty() { break; }
            let (now, later) = rest.split_at(piece.min(rest.len()));
            out.write_all(now).unwrap();
            rest = later;
        }
        out.terminate().unwrap();
        let file = sealed.open_read(Path::new("file")).unwrap();
        prop_assert_eq!(file.len(), len);
        for (one, other) in reads {
            let (one, other) = (one.index(len + 1), other.index(len + 1));
            let range = one.min(other)..one.max(other);
            let bytes = file.read_bytes_slice(range.clone()).unwrap();
            prop_assert_eq!(bytes.as_slice(), &model[range]);
        }
    }
}
