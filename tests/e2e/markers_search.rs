//! Nothing that people write or look for is found in a byte of the search index or of the server's temporary folder:
//! while messages are indexed, after segments were merged, while the index is made anew, and afterwards.
//! That the same scan finds the words of an index in the clear is tested beside the index.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use chancery_protocol::ids::ConversationId;
use chancery_protocol::person::Role;
use chancery_protocol::search::{FindConversations, OwnSearch};
use chancery_tests::base::new_folder;
use chancery_tests::database::Storage;
use chancery_tests::house::House;
use chancery_tests::http::Caller;
use chancery_tests::on_both_databases;
use chancery_tests::scan::{find, find_in};
use chancery_tests::search::compliance_search;
use chancery_tests::seed::random_bytes;
use chancery_tests::server::Plan;
use reqwest::Method;

/// Enough commits for the index to merge segments.
const ROUNDS: usize = 12;
/// Messages of a round.
const MESSAGES: usize = 6;

fn new_marker() -> String {
    format!("mk{}", data_encoding::BASE32_NOPAD.encode(&random_bytes::<8>()).to_lowercase())
}

/// What is looked at, what for, and which files of the index were seen.
struct Watch {
    search: PathBuf,
    temporary: PathBuf,
    markers: Vec<String>,
    seen: BTreeSet<PathBuf>,
    scans: usize,
}

impl Watch {
    fn marker(&mut self) -> String {
        self.markers.push(new_marker());
        self.markers[self.markers.len() - 1].clone()
    }

    fn nothing_found(&mut self, when: &str) {
        self.seen.extend(files(&self.search));
        self.scans += 1;
        let found = find(&self.markers, &[&self.search, &self.temporary]);
        assert_eq!(found, BTreeSet::new(), "{when}");
    }

    /// The same while the server cannot go on in between; then it works a little.
    /// How many indexes there were.
    async fn nothing_found_frozen(&mut self, house: &House, when: &str) -> usize {
        house.server.freeze();
        self.nothing_found(when);
        let indexes = indexes(&self.search);
        house.server.thaw();
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
        indexes
    }
}

fn files(folder: &Path) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.path().is_dir() {
            found.extend(files(&entry.path()));
        }
        found.insert(entry.path());
    }
    found
}

fn segments(files: &BTreeSet<PathBuf>) -> usize {
    files.iter().filter(|file| file.extension().is_some_and(|it| it == "term")).count()
}

/// Folders of indexes: one, and during a rebuild another.
fn indexes(search: &Path) -> usize {
    let number =
        |path: &PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().parse::<u64>().is_ok());
    files(search).iter().filter(|path| path.parent() == Some(search) && number(path)).count()
}

/// Looks for markers in every way there is, and for one that nobody wrote.
async fn ask(watch: &mut Watch, ada: &Caller, officer: &Caller, talk: ConversationId, written: &str) {
    let (unwritten, reason, name) = (watch.marker(), watch.marker(), watch.marker());
    for query in [written.to_owned(), format!("\"{unwritten} {written}\" OR {unwritten}")] {
        let asked = OwnSearch { query: query.clone(), conversations: vec![talk], ..OwnSearch::default() };
        ada.search(&asked).await.unwrap();
        officer.search_archive(&compliance_search(&reason, &query)).await.unwrap();
    }
    let asked = FindConversations { reason, text: name, people: Vec::new(), limit: None };
    let _: serde_json::Value =
        officer.call(Method::POST, "/compliance/conversations", Some(&asked)).await.unwrap();
}

on_both_databases! {
    async fn no_marker_is_in_a_byte_of_the_search_index_or_of_temporary_files(kind) {
        let storage = Storage::new(kind);
        let temporary = new_folder("temporary");
        let plan = Plan::new(&storage)
            .with("TMPDIR", temporary.to_str().unwrap())
            .with("CHANCERY_LOG_LEVEL", "trace");
        let mut house = House::build(plan, 2).await;
        let officer = house.invite_and_redeem("olga", &[Role::ComplianceOfficer]).await;
        let mut watch = Watch {
            search: storage.data.join("search"),
            temporary,
            markers: Vec::new(),
            seen: BTreeSet::new(),
            scans: 0,
        };
        let (mut ada, people) = (house.connect(0).await, [house.people[1].id()]);
        let talk = ada.create_group(&watch.marker(), &people).await.unwrap().id;
        let mut last = String::new();
        for _ in 0..ROUNDS {
            for number in 0..MESSAGES {
                let (before, after) = (watch.marker(), watch.marker());
                let sent = ada.send(talk, &format!("{before} is said, {before}@example.com")).await.unwrap().record;
                match number {
                    0 => drop(ada.edit(talk, sent, &format!("better {after}")).await.unwrap()),
                    1 => drop(ada.delete(talk, sent).await.unwrap()),
                    2 => drop(ada.create_group(&after, &people).await.unwrap()),
                    _ => last = before,
                }
                watch.nothing_found_frozen(&house, "while messages are indexed").await;
            }
            house.people[0].until_found(&last, 1).await;
            ask(&mut watch, &house.people[0], &officer, talk, &last).await;
            watch.nothing_found("after a commit");
        }
        let (all, left) = (segments(&watch.seen), segments(&files(&watch.search)));
        assert!(all >= ROUNDS && left < all, "segments were merged: {left} of {all} are left");

        // Beside the running server, again until both indexes were seen at once.
        let mut beside = 0;
        for _ in 0..20 {
            let plan = house.server.plan.clone();
            let rebuilding = tokio::spawn(async move { plan.cli(&["search", "rebuild"]).await });
            while !rebuilding.is_finished() {
                let indexes = watch.nothing_found_frozen(&house, "while the index is made anew").await;
                beside += usize::from(indexes > 1);
            }
            rebuilding.await.unwrap().expect_success();
            if beside > 0 {
                break;
            }
        }
        assert!(beside > 0, "no scan met two indexes beside each other");
        watch.nothing_found("after a rebuild");
        house.people[0].until_found(&last, 1).await;

        house.server.kill().await;
        watch.nothing_found("after a crash");
        house.server.cli(&["search", "rebuild"]).await.expect_success();
        watch.nothing_found("after a rebuild without a server");
        house.server.start_again().await;
        house.people[0].until_found(&last, 1).await;
        house.server.stop().await;
        watch.nothing_found("after a stop");
        assert_eq!(find_in(&watch.markers, house.server.log().as_bytes()), BTreeSet::new(), "in the log");
        println!("{kind:?}: {} scans for {} markers, {all} segments", watch.scans, watch.markers.len());
    }
}
