//! A large directory is read: how long it takes, how much memory, and whether people who chat notice. And a server that is killed
//! meanwhile.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

use chancery_ledger::Kind;
use chancery_protocol::sources::{StartSync, SyncCounts, SyncState};
use chancery_tests::archive::Archive;
use chancery_tests::client::Client;
use chancery_tests::house::House;
use chancery_tests::on_both_databases;
use chancery_tests::patience::until;
use chancery_tests::sign_on::ldap;
use chancery_tests::slapd::{self, Options, SUFFIX, Slapd};
use tokio::sync::oneshot;

use crate::directory_sync::{DRY, NOW, groups, read, source, start};

pub fn soak() -> bool {
    std::env::var("CHANCERY_SOAK").is_ok()
}

/// Everybody is in `MEMBERS / people per group` groups on average.
const MEMBERS: usize = 20;

/// A directory of so many people and groups, which lets its reader have all of them.
pub fn large(people: usize, groups: usize) -> Slapd {
    let slapd = Slapd::start(Options {
        database: "limits dn.exact=\"cn=reader,dc=example,dc=org\" size.soft=unlimited size.hard=unlimited\n",
        ..Options::default()
    });
    let mut ldif = String::new();
    for number in 0..people {
        write!(
            ldif,
            "dn: uid=p{number},ou=people,{SUFFIX}\nobjectClass: inetOrgPerson\nuid: p{number}\ncn: Person {number}\n\
             sn: {number}\nmail: p{number}@example.org\nuserPassword: p{number}-password\ntitle: Clerk of desk {}\ndepartmentNumber: {}\n\n",
            number % 97,
            number % 13
        )
        .unwrap();
    }
    slapd.add(&ldif);
    ldif.clear();
    for number in 0..groups {
        write!(ldif, "dn: cn=g{number},ou=groups,{SUFFIX}\nobjectClass: groupOfNames\ncn: g{number}\n")
            .unwrap();
        for member in members(number, people) {
            writeln!(ldif, "member: uid=p{member},ou=people,{SUFFIX}").unwrap();
        }
        ldif.push('\n');
    }
    slapd.add(&ldif);
    slapd
}

fn members(group: usize, people: usize) -> BTreeSet<usize> {
    (0..MEMBERS).map(|step| (group * 7_919 + step * 104_729) % people).collect()
}

/// Somebody sends a message every 20 ms until told to stop; the times until each was acknowledged.
async fn chat(
    mut client: Client,
    talk: chancery_protocol::ids::ConversationId,
    mut stop: oneshot::Receiver<()>,
) -> Vec<Duration> {
    let mut times = Vec::new();
    let mut clock = tokio::time::interval(Duration::from_millis(20));
    while stop.try_recv().is_err() {
        clock.tick().await;
        let begun = Instant::now();
        client.send(talk, "while a directory is read").await.unwrap();
        times.push(begun.elapsed());
    }
    times.sort_unstable();
    times
}

fn shown(times: &[Duration]) -> String {
    let at = |share: f64| {
        let place = ((times.len() as f64 * share) as usize).min(times.len().saturating_sub(1));
        times.get(place).copied().unwrap_or_default().as_secs_f64() * 1_000.0
    };
    format!("{} messages, p50 {:.1} ms, p99 {:.1} ms", times.len(), at(0.5), at(0.99))
}

/// Resident memory of a process in KiB.
pub fn resident(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

on_both_databases! {
    /// 300 people and 30 groups here; 50,000 and 5,000 with `cargo xtask soak`. Prints figures.
    async fn soak_a_large_directory_is_read(kind) {
        let (people, many) = if soak() { (50_000, 5_000) } else { (300, 30) };
        let house = House::with_people(kind, 2).await;
        let slapd = large(people, many);
        let source = source(&house, &slapd).await;
        let mut client = house.connect(0).await;
        let talk = client.open_direct(house.people[1].id()).await.unwrap().id;
        let pid = house.server.pid();
        let started = resident(pid);

        // What people who chat see without, and while everybody comes.
        let (stop, stopped) = oneshot::channel();
        let quiet = tokio::spawn(chat(client, talk, stopped));
        tokio::time::sleep(Duration::from_secs(if soak() { 20 } else { 1 })).await;
        stop.send(()).unwrap();
        let quiet = quiet.await.unwrap();
        let (stop, stopped) = oneshot::channel();
        let during = tokio::spawn(chat(house.connect(0).await, talk, stopped));
        let begun = Instant::now();
        let first = read(&house.admin, source, NOW).await.sync;
        let took = begun.elapsed();
        stop.send(()).unwrap();
        let during = during.await.unwrap();
        let joined: u64 = (0..many).map(|number| members(number, people).len() as u64).sum();
        let expected = SyncCounts {
            people: people as u64, groups: many as u64, added: people as u64, groups_added: many as u64, joined,
            ..SyncCounts::default()
        };
        assert_eq!((first.state, first.counts), (SyncState::Done, expected));
        println!(
            "{kind:?}: {people} people and {many} groups with {joined} memberships came in {:.1} s: {:.0} people/s; resident {} MiB, before {} MiB",
            took.as_secs_f64(), people as f64 / took.as_secs_f64(), resident(pid) / 1_024, started / 1_024
        );
        println!("{kind:?}: chat without: {}; meanwhile: {}", shown(&quiet), shown(&during));

        // Nothing changed: compared with what the directory's own tool needs for the same entries.
        let (stop, stopped) = oneshot::channel();
        let during = tokio::spawn(chat(house.connect(0).await, talk, stopped));
        let after_first = resident(pid);
        let (mut ours, mut tools) = (Vec::new(), Vec::new());
        for _ in 0..if soak() { 5 } else { 1 } {
            let begun = Instant::now();
            let again = read(&house.admin, source, NOW).await.sync;
            ours.push(begun.elapsed());
            assert_eq!(again.counts, SyncCounts { people: people as u64, groups: many as u64, ..SyncCounts::default() });
            let begun = Instant::now();
            let found = slapd.search_all();
            tools.push(begun.elapsed());
            assert_eq!(found, people + many);
        }
        stop.send(()).unwrap();
        ours.sort_unstable();
        tools.sort_unstable();
        let (our, tool) = (ours[ours.len() / 2].as_secs_f64(), tools[tools.len() / 2].as_secs_f64());
        println!(
            "{kind:?}: an unchanged run takes {our:.2} s, ldapsearch for the same entries {tool:.2} s: {:.2} times; chat meanwhile: {}",
            our / tool, shown(&during.await.unwrap())
        );
        let grown = resident(pid).saturating_sub(after_first) / 1_024;
        println!("{kind:?}: resident grew by {grown} MiB over the unchanged runs");
        assert!(grown < 100, "an unchanged run keeps {grown} MiB");
    }

    /// 200 people here, 5,000 with `cargo xtask soak`.
    async fn soak_a_run_that_is_killed_leaves_whole_accounts(kind) {
        let people = if soak() { 5_000 } else { 200 };
        let mut house = House::durable(kind, 1).await;
        let slapd = large(people, 10);
        let form = ldap("Head office", slapd.settings(), slapd::READER.1);
        let source = house.admin.make_source(&form).await.unwrap();
        for round in 1..=3_u64 {
            start(&house.admin, source, NOW).await;
            let enough = round * people as u64 / 5;
            until("some have come", async || house.admin.accounts().await.unwrap().totals.all >= enough).await;
            house.server.kill().await;
            house.server.start_again().await;
            // Another server may have gone on with it; this one has to be taken for silent first.
            house.storage().sql("UPDATE syncs SET alive_at = 1 WHERE ended_at IS NULL");
        }
        let would = read(&house.admin, source, DRY).await.sync.counts;
        let last = read(&house.admin, source, StartSync { ..NOW }).await.sync;
        assert_eq!((last.state, last.counts.added), (SyncState::Done, would.added));
        let again = read(&house.admin, source, NOW).await.sync.counts;
        assert_eq!(again, SyncCounts { people: people as u64, groups: 10, ..SyncCounts::default() });
        let there = groups(&house.admin).await;
        for number in 0..10 {
            assert_eq!(there[&format!("g{number}")].1.len(), members(number, people).len());
        }
        let archive = Archive::read(house.storage());
        // The administrator and the employee besides.
        assert_eq!(archive.count(Kind::PersonCreated), people + 2);
        assert_eq!(archive.count(Kind::IdentityLinked), people);
    }
}
