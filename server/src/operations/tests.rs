//! Each rule, from what was found.

use std::path::PathBuf;
use std::sync::Arc;

use chancery_protocol::Micros;
use chancery_protocol::operations::{Check, CheckCode, Fact, ReadinessPart, State};
use chancery_protocol::person::Role;
use chancery_protocol::sources::SyncState;
use tokio::time::Duration;
use tracing::Level;

use super::found::{Fixed, Found};
use super::health::Since;
use super::machine::{Process, Room};
use super::ready::readiness;
use super::store::{Durability, Place, Said};
use crate::directory::Roles;
use crate::directory::store::{Guests, Standing};
use crate::ground::db::Rights;
use crate::ground::http::tls::TlsFault;
use crate::notify::Passage;
use crate::outbox::Late;
use crate::search;

const NOW: Micros = 1_767_225_600_000_000;
const DAY: Micros = 86_400_000_000;
const GIB: u64 = 1 << 30;

fn rights() -> Rights {
    Rights {
        superuser: false,
        may_change: false,
        fsync: "on".into(),
        synchronous_commit: "on".into(),
        encrypted: true,
        local: false,
    }
}

fn place(server: &str, database: &str) -> Option<Place> {
    Some(Place { server: server.into(), database: database.into() })
}

fn standing(role: Role) -> Standing {
    Standing { roles: Roles::of(&[role]), can_sign_in: true, suspended: false, created_at: NOW - 100 * DAY }
}

/// An index of a thousand messages, one record behind.
fn index(state: search::State) -> search::Stats {
    search::Stats {
        state,
        messages: 1_000,
        segments: 3,
        disk_bytes: 1 << 20,
        cursor: 1_999,
        head: 2_000,
        lag: 1,
        cache_bytes: 4_096,
        cache_limit_bytes: 8_192,
        vocabulary_bytes: 100,
        dictionary_bytes: 200,
        column_bytes: 300,
    }
}

/// A server on PostgreSQL that is in order in everything.
fn fine() -> Found {
    Found {
        now: NOW,
        fixed: Fixed {
            https: true,
            data: "/srv/chancery".into(),
            master_key: "/etc/chancery/master.key".into(),
            database_file: None,
            keys_file: None,
            demo: false,
            log_level: Level::INFO,
            metrics: Some("127.0.0.1:9100".parse().unwrap()),
        },
        certificate_ends: Some(NOW + 90 * DAY),
        certificate_fault: None,
        stopping: false,
        database: Some(Duration::from_millis(2)),
        clock_ahead: Some(3_000),
        keys: Some(Duration::from_millis(1)),
        keys_place: place("tuesday", "keys"),
        said: Some(Said {
            durability: Durability::Postgres(rights()),
            place: place("monday", "chancery"),
            directories: vec![("Head office".to_owned(), SyncState::Done)],
            emergency_used: None,
            guests: Guests::default(),
            mails: Late::default(),
            standings: vec![
                standing(Role::ItAdmin),
                standing(Role::ItAdmin),
                standing(Role::ComplianceLead),
                standing(Role::Employee),
            ],
        }),
        writer_runs: true,
        writing_for: Some(Duration::from_millis(4)),
        waiting: 2,
        tail_silence: Some(Duration::from_millis(300)),
        tail_lag: 1,
        search: Some(index(search::State::Ready)),
        mail: Some(Passage::Free),
        room: Some(Room { free: 50 * GIB, total: 100 * GIB }),
        process: Some(Process {
            resident_bytes: 1,
            cpu_seconds: 1.0,
            threads: 1,
            open_files: 100,
            most_files: Some(1_000),
        }),
        master_key_open: Some(false),
    }
}

fn checks(found: &Found) -> Vec<Check> {
    Since::default().check(found)
}

/// State of one check after a change.
fn after(code: CheckCode, change: impl FnOnce(&mut Found)) -> Option<State> {
    let mut found = fine();
    change(&mut found);
    let all = checks(&found);
    let others: Vec<_> = all
        .iter()
        .filter(|check| check.code != code && check.state != State::Ok)
        .map(|check| check.code)
        .collect();
    assert_eq!(others, [], "only {code:?} is concerned");
    let check = all.into_iter().find(|check| check.code == code)?;
    assert_eq!(check.mend.is_some(), check.state != State::Ok, "{code:?} says what mends it");
    assert!(check.setting.is_none() || check.state != State::Ok, "{code:?}");
    Some(check.state)
}

fn said(found: &mut Found) -> &mut Said {
    found.said.as_mut().unwrap()
}

fn of_postgres(found: &mut Found, change: impl FnOnce(&mut Rights)) {
    let mut rights = rights();
    change(&mut rights);
    said(found).durability = Durability::Postgres(rights);
}

#[test]
fn a_server_in_order_is_green_in_everything_that_applies() {
    let all = checks(&fine());
    assert!(all.iter().all(|check| check.state == State::Ok), "{all:#?}");
    let codes: Vec<_> = all.iter().map(|check| check.code).collect();
    let expected: Vec<_> = CheckCode::ALL.into_iter().filter(|code| *code != CheckCode::Demo).collect();
    assert_eq!(codes, expected, "the demo check is for demos only");
}

#[test]
fn what_the_server_stands_on() {
    use CheckCode::*;
    use State::{Bad, Ok, Warn};
    let seconds = Duration::from_secs;
    assert_eq!(after(Keys, |found| found.keys = None), Some(Bad));
    assert_eq!(after(Writer, |found| found.writer_runs = false), Some(Bad));
    assert_eq!(after(Writer, |found| found.writing_for = Some(seconds(11))), Some(Bad));
    assert_eq!(after(Writer, |found| found.writing_for = None), Some(Ok));
    assert_eq!(after(Delivery, |found| found.tail_silence = Some(seconds(16))), Some(Bad));
    assert_eq!(after(Delivery, |found| found.tail_silence = None), Some(Bad));
    assert_eq!(after(Delivery, |found| found.tail_lag = 10_001), Some(Warn));
    for (free, state) in [(10, Ok), (9, Warn), (3, Warn), (2, Bad), (0, Bad)] {
        let room = Room { free: free * GIB, total: 100 * GIB };
        assert_eq!(after(Disk, |found| found.room = Some(room)), Some(state), "{free} %");
    }
    let small = Room { free: 20 << 20, total: 100 << 20 };
    assert_eq!(after(Disk, |found| found.room = Some(small)), Some(Bad), "20 % of next to nothing");
    assert_eq!(after(Disk, |found| found.room = None), None);
    assert_eq!(after(OpenFiles, |found| found.process.as_mut().unwrap().open_files = 800), Some(Warn));
    for (ahead, state) in [(-900_000, Ok), (1_500_000, Warn), (-1_500_000, Warn), (-6_000_000, Bad)] {
        assert_eq!(after(Clock, |found| found.clock_ahead = Some(ahead)), Some(state), "{ahead}");
    }
    assert_eq!(after(Clock, |found| found.clock_ahead = None), None, "SQLite has no clock");
}

#[test]
fn the_search_index_answers_and_keeps_up() {
    use search::State::{Damaged, Opening, Ready, Rebuilding};
    let of = |index: Option<search::Stats>| after(CheckCode::Search, |found| found.search = index);
    assert_eq!(of(Some(index(Opening))), Some(State::Warn));
    assert_eq!(of(Some(index(Rebuilding { done: 3, total: 9 }))), Some(State::Warn));
    assert_eq!(of(Some(index(Damaged))), Some(State::Warn), "what there was goes on answering");
    let gone = search::Stats { cursor: 0, messages: 0, ..index(Damaged) };
    assert_eq!(of(Some(gone)), Some(State::Bad), "nothing answers");
    for (lag, state) in [(10_000, State::Ok), (10_001, State::Warn)] {
        assert_eq!(of(Some(search::Stats { lag, ..index(Ready) })), Some(state), "{lag}");
    }
    assert_eq!(of(None), Some(State::Bad));
}

#[test]
fn durability_and_rights() {
    use CheckCode::*;
    use State::{Bad, Ok};
    let fsync = |found: &mut Found| of_postgres(found, |rights| rights.fsync = "off".into());
    assert_eq!(after(Durability, fsync), Some(Bad));
    for (value, state) in [("off", Bad), ("local", Bad), ("remote_apply", Ok), ("remote_write", Ok)] {
        let set = |found: &mut Found| of_postgres(found, |rights| rights.synchronous_commit = value.into());
        assert_eq!(after(Durability, set), Some(state), "{value}");
    }
    assert_eq!(after(DatabaseRole, |f| of_postgres(f, |rights| rights.superuser = true)), Some(Bad));
    assert_eq!(after(DatabaseRole, |f| of_postgres(f, |rights| rights.may_change = true)), Some(Bad));
    assert_eq!(after(DatabaseLine, |f| of_postgres(f, |rights| rights.encrypted = false)), Some(Bad));
    let local = |found: &mut Found| {
        of_postgres(found, |rights| (rights.encrypted, rights.local) = (false, true));
    };
    assert_eq!(after(DatabaseLine, local), Some(Ok));
}

#[test]
fn sqlite_waits_for_the_disk_or_it_is_said() {
    for (synchronous, state) in [(2, State::Ok), (3, State::Ok), (1, State::Bad), (0, State::Bad)] {
        let set = |found: &mut Found| said(found).durability = Durability::Sqlite(synchronous);
        assert_eq!(after(CheckCode::Durability, set), Some(state), "{synchronous}");
    }
    let set = |found: &mut Found| said(found).durability = Durability::Sqlite(2);
    assert_eq!(after(CheckCode::DatabaseRole, set), None, "SQLite has no roles");
}

#[test]
fn transport_and_settings() {
    use CheckCode::*;
    use State::{Bad, Ok, Warn};
    assert_eq!(after(Transport, |found| found.fixed.https = false), Some(Warn));
    for (days, state) in [(31, Ok), (29, Warn), (8, Warn), (6, Bad), (0, Bad), (-1, Bad)] {
        let ends = NOW + days * DAY;
        assert_eq!(after(Certificate, |found| found.certificate_ends = Some(ends)), Some(state), "{days}");
    }
    assert_eq!(after(Certificate, |found| found.certificate_ends = None), None, "a proxy has it");
    let fault =
        TlsFault { key: "tls.key", what: "k.pem is not the key of c.pem".into(), mend: "name the key" };
    assert_eq!(after(Certificate, |found| found.certificate_fault = Some(Arc::new(fault))), Some(Warn));
    assert_eq!(after(Demo, |found| found.fixed.demo = true), Some(Warn));
    for (level, state) in [(Level::WARN, Ok), (Level::DEBUG, Warn), (Level::TRACE, Warn)] {
        assert_eq!(after(LogLevel, |found| found.fixed.log_level = level), Some(state), "{level}");
    }
    assert_eq!(after(Metrics, |f| f.fixed.metrics = Some("10.0.0.1:9100".parse().unwrap())), Some(Warn));
    assert_eq!(after(Metrics, |f| f.fixed.metrics = Some("0.0.0.0:9100".parse().unwrap())), Some(Warn));
    assert_eq!(after(Metrics, |found| found.fixed.metrics = None), None);
}

#[test]
fn keys_lie_apart() {
    use CheckCode::{KeyStorePlace, MasterKeyPlace, MasterKeyRights};
    use State::{Bad, Ok, Warn};
    let data = PathBuf::from("/srv/chancery");
    assert_eq!(after(MasterKeyPlace, |f| f.fixed.master_key = data.join("master.key")), Some(Warn));
    assert_eq!(after(MasterKeyPlace, |f| f.fixed.master_key = data.join("a/b.key")), Some(Warn));
    assert_eq!(after(MasterKeyPlace, |f| f.fixed.master_key = "/srv/chancery.key".into()), Some(Ok));
    assert_eq!(after(MasterKeyRights, |f| f.master_key_open = Some(true)), Some(Bad));
    assert_eq!(after(KeyStorePlace, |f| f.keys_place = place("monday", "keys")), Some(Warn), "one server");
    assert_eq!(
        after(KeyStorePlace, |f| f.keys_place = place("monday", "chancery")),
        Some(Bad),
        "one database"
    );
    assert_eq!(after(KeyStorePlace, |f| f.keys_place = place("tuesday", "chancery")), Some(Ok));
    let files = |keys: PathBuf| {
        let database = data.join("chancery.db");
        move |found: &mut Found| {
            (found.fixed.keys_file, found.fixed.database_file) = (Some(keys), Some(database));
        }
    };
    assert_eq!(after(KeyStorePlace, files(data.join("keys.db"))), Some(Warn));
    assert_eq!(after(KeyStorePlace, files("/srv/keys/keys.db".into())), Some(Ok));
    assert_eq!(
        after(KeyStorePlace, |f| f.fixed.keys_file = Some(data.join("keys.db"))),
        Some(Ok),
        "beside PostgreSQL"
    );
}

#[test]
fn people() {
    use CheckCode::{Administrators, Directories, Emergency, Invitations, Officers};
    use State::{Bad, Ok, Warn};
    assert_eq!(after(Administrators, |f| said(f).standings[0].suspended = true), Some(Warn));
    let invited = |found: &mut Found| {
        let first = &mut said(found).standings[0];
        (first.can_sign_in, first.created_at) = (false, NOW);
    };
    assert_eq!(after(Administrators, invited), Some(Warn), "one who was invited cannot act yet");
    let nobody = |found: &mut Found| said(found).standings.retain(|s| !s.roles.has(Role::ItAdmin));
    assert_eq!(after(Administrators, nobody), Some(Bad));
    assert_eq!(after(Directories, |found| said(found).directories.clear()), None, "nothing is read");
    for (states, state) in [
        (vec![SyncState::Done], Ok),
        (vec![SyncState::Done, SyncState::Failed], Warn),
        (vec![SyncState::Interrupted], Warn),
        (vec![SyncState::Waiting, SyncState::Done], Warn),
    ] {
        let runs: Vec<(String, SyncState)> = states.iter().map(|state| ("HQ".into(), *state)).collect();
        assert_eq!(after(Directories, |found| said(found).directories = runs), Some(state), "{states:?}");
    }
    for (days, state) in [(0, Warn), (6, Warn), (7, Ok), (400, Ok)] {
        let used = Some(NOW - days * DAY);
        assert_eq!(after(Emergency, |found| said(found).emergency_used = used), Some(state), "{days}");
    }
    let none = |found: &mut Found| said(found).standings.retain(|s| !s.roles.has(Role::ComplianceLead));
    assert_eq!(after(Officers, none), Some(Warn));
    for (days, suspended, state) in [(13, false, Ok), (15, false, Warn), (15, true, Ok)] {
        let waiting = Standing {
            roles: Roles::of(&[Role::Employee]),
            can_sign_in: false,
            suspended,
            created_at: NOW - days * DAY,
        };
        assert_eq!(after(Invitations, |f| said(f).standings.push(waiting)), Some(state), "{days}");
    }
}

#[test]
fn mails_get_through_or_it_is_said() {
    use Passage::{Account, Away, Free, Settings};
    use State::{Bad, Ok, Warn};
    let hour = 3_600_000_000;
    let of = |mail: Option<Passage>, waiting: u64, late: Option<Micros>, taken_since: bool| {
        after(CheckCode::Mail, |found| {
            found.mail = mail;
            said(found).mails = Late { waiting, oldest: late.map(|late| NOW - late), taken_since };
        })
    };
    assert_eq!(of(None, 9, Some(9 * hour), false), None, "no mail server is set up");
    assert_eq!(of(Some(Free), 9, None, false), Some(Ok), "they wait for the end of quiet hours");
    assert_eq!(of(Some(Free), 9, Some(hour), false), Some(Ok), "not for long");
    assert_eq!(of(Some(Free), 9, Some(hour + 1), false), Some(Warn), "nothing is taken");
    assert_eq!(of(Some(Free), 9, Some(9 * hour), true), Some(Ok), "one mailbox, not the server");
    assert_eq!(of(Some(Away), 1, Some(1), false), Some(Warn));
    assert_eq!(of(Some(Away), 0, None, false), Some(Ok), "nobody misses anything");
    for passage in [Account, Settings] {
        assert_eq!(of(Some(passage), 0, None, false), Some(Bad), "somebody must mend it");
    }
}

#[test]
fn a_database_that_is_away_leaves_out_what_only_it_could_say() {
    let mut found = fine();
    (found.database, found.said, found.clock_ahead) = (None, None, None);
    let all = checks(&found);
    assert_eq!((all[0].code, all[0].state), (CheckCode::Database, State::Bad), "worst first");
    for code in [CheckCode::Durability, CheckCode::DatabaseRole, CheckCode::Administrators, CheckCode::Clock]
    {
        assert!(all.iter().all(|check| check.code != code), "{code:?}");
    }
    assert!(all.iter().any(|check| check.code == CheckCode::Transport));
}

#[test]
fn a_check_says_since_when() {
    let since = Since::default();
    let mut found = fine();
    let of =
        |found: &Found| since.check(found).into_iter().find(|check| check.code == CheckCode::Keys).unwrap();
    assert_eq!(of(&found).since, NOW);
    found.now += 5;
    assert_eq!(of(&found).since, NOW, "it has not changed");
    (found.now, found.keys) = (NOW + 9, None);
    assert_eq!((of(&found).since, of(&found).state), (NOW + 9, State::Bad));
    found.now += 100;
    assert_eq!(of(&found).since, NOW + 9);
}

#[test]
fn a_node_is_ready_when_every_part_is() {
    use ReadinessPart::*;
    assert!(readiness(&fine()).ready);
    let missing = |change: fn(&mut Found)| {
        let mut found = fine();
        change(&mut found);
        let readiness = readiness(&found);
        assert!(!readiness.ready);
        readiness.parts.into_iter().filter(|(_, fine)| !fine).map(|(part, _)| part).collect::<Vec<_>>()
    };
    assert_eq!(missing(|found| found.stopping = true), [NotStopping]);
    assert_eq!(missing(|found| found.database = None), [Database]);
    assert_eq!(missing(|found| found.keys = None), [Keys]);
    assert_eq!(missing(|found| found.writer_runs = false), [Writer]);
    assert_eq!(missing(|found| found.writing_for = Some(Duration::from_secs(60))), [Writer]);
    assert_eq!(missing(|found| found.tail_silence = None), [Delivery]);
    assert_eq!(missing(|found| found.room = Some(Room { free: 1 << 20, total: 100 * GIB })), [Disk]);
}

#[test]
fn facts_are_written_without_wrapping() {
    let facts =
        serde_json::json!({"yes": Fact::Flag(true), "days": Fact::Number(7), "file": Fact::Text("f".into())});
    assert_eq!(facts, serde_json::json!({"yes": true, "days": 7, "file": "f"}));
}
