//! The disk is full: acts fail loudly, what was acknowledged stays, and it heals when there is room again.

use std::path::{Path, PathBuf};
use std::process::Command;

use chancery_tests::base::{new_folder, open_for_all};
use chancery_tests::database::{Database, Storage};
use chancery_tests::house::House;
use chancery_tests::process::{is_root, run};
use chancery_tests::server::Plan;

/// A small file system of its own, which only root can mount. What needs no such right is tried by
/// [`a_file_that_may_not_grow_loses_nothing_acknowledged`].
struct SmallDisk(PathBuf);

impl SmallDisk {
    fn mount(folder: &Path) -> Self {
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=6m,mode=755", "tmpfs"]).arg(folder);
        run("mount", mount);
        Self(folder.to_path_buf())
    }

    /// Fills it to the last block; the file to remove.
    fn fill(&self) -> PathBuf {
        let ballast = self.0.join("ballast");
        let mut file = std::fs::File::create(&ballast).unwrap();
        while std::io::Write::write_all(&mut file, &[0; 4096]).is_ok() {}
        ballast
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_loses_nothing_acknowledged_and_heals() {
    assert!(is_root(), "this test mounts a small file system: run the tests as root");
    let storage = Storage::new(Database::Sqlite);
    let disk = SmallDisk::mount(&storage.data);
    let mut house = House::build(Plan::new(&storage), 2).await;
    let mut ada = house.connect(0).await;
    let talk = ada.open_direct(house.people[1].id()).await.unwrap().id;
    ada.send(talk, "before").await.unwrap();
    let ballast = disk.fill();
    let (mut kept, mut refused) = (2, 0);
    // Space inside the files may still do for some; then every act is refused.
    while refused < 3 {
        match ada.send(talk, &"x".repeat(4_000)).await {
            Ok(recorded) => {
                kept += 1;
                assert_eq!(recorded.seq, kept);
            }
            Err(failed) => {
                assert_eq!(failed.code(), "storage_full");
                refused += 1;
            }
        }
    }
    assert!(house.server.is_running());
    assert_eq!(ada.history(talk).await.expect("reading goes on").as_of, kept);
    std::fs::remove_file(ballast).unwrap();
    assert_eq!(ada.send(talk, "after").await.expect("it heals by itself").seq, kept + 1);
    house.server.kill().await;
    house.server.start_again().await;
    ada.try_reconnect().await.unwrap();
    assert_eq!(ada.fill_all(talk).await.unwrap().len() as u64, kept + 1);
    house.server.cli(&["archive", "rebuild", "--check"]).await.expect_success();
    house.server.stop().await;
}

/// A limit on the size of files is a full disk that needs no right to mount.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_may_not_grow_loses_nothing_acknowledged() {
    let storage = Storage::new(Database::Sqlite);
    let limited =
        ["sh", "-c", r#"trap '' XFSZ; ulimit -f 2000; exec "$@""#, "limited"].map(String::from).to_vec();
    let house = House::build(Plan::new(&storage).wrapped(limited), 2).await;
    let mut ada = house.connect(0).await;
    let talk = ada.open_direct(house.people[1].id()).await.unwrap().id;
    let mut kept = 1;
    let refused = loop {
        match ada.send(talk, &"x".repeat(8_000)).await {
            Ok(recorded) => kept = recorded.seq,
            Err(failed) => break failed,
        }
        assert!(kept < 2_000, "the limit was never met");
    };
    assert!(["storage_full", "storage_unavailable"].contains(&refused.code()), "{refused:?}");
    drop(ada);
    let mut plan = house.server.plan.clone();
    drop(house.server);
    plan.wrapper.clear();
    let server = chancery_tests::server::Server::start(plan).await;
    let mut ada = chancery_tests::client::Client::connect(&house.people[0]).await;
    assert_eq!(ada.fill_all(talk).await.unwrap().len() as u64, kept, "exactly what was acknowledged");
    ada.send(talk, "after").await.unwrap();
    drop(server);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_folder_that_cannot_be_written_is_named() {
    let folder = new_folder("read-only");
    open_for_all(&folder);
    let storage = Storage::new(Database::Sqlite);
    // Owned by somebody else, or by nobody's leave: an ordinary user's server cannot make its files there.
    let mut locked = Command::new("chmod");
    locked.arg("555").arg(&folder);
    run("chmod", locked);
    let mut plan = Plan::new(&storage).as_ordinary_user().with("CHANCERY_DATA", folder.to_str().unwrap());
    plan.storage = storage.clone();
    let ended = plan.start_and_fail().await;
    assert!(ended.words().contains(folder.to_str().unwrap()), "{}", ended.words());
    assert!(!ended.words().contains("panicked"), "{}", ended.words());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_ordinary_user_runs_a_whole_house() {
    let storage = Storage::new(Database::Sqlite);
    let house = House::build(Plan::new(&storage).as_ordinary_user(), 2).await;
    let mut ada = house.connect(0).await;
    let talk = ada.open_direct(house.people[1].id()).await.unwrap().id;
    ada.send(talk, "no special rights").await.unwrap();
    let modes =
        Command::new("stat").args(["-c", "%a %n"]).arg(storage.data.join("master.key")).output().unwrap();
    assert!(String::from_utf8_lossy(&modes.stdout).starts_with("600 "), "{modes:?}");
}
