//! Directories are read in the background: who came, who changed, who left.

use std::collections::BTreeMap;

use chancery_ledger::Kind;
use chancery_protocol::accounts::AccountState;
use chancery_protocol::groups::{Group, GroupMembers, Groups, SetGroupRoles};
use chancery_protocol::http::Account;
use chancery_protocol::ids::{PersonId, SourceId, SyncId};
use chancery_protocol::operations::{CheckCode, Fact, Health, State};
use chancery_protocol::person::Role;
use chancery_protocol::sources::{
    Connection, LdapSettings, Linking, SetSource, StartSync, SyncAct, SyncChange, SyncCounts, SyncReport,
    SyncStarted, SyncState, Syncs,
};
use chancery_tests::archive::Archive;
use chancery_tests::client::Client;
use chancery_tests::database::Database;
use chancery_tests::house::{House, PASSWORD};
use chancery_tests::http::Caller;
use chancery_tests::on_both_databases;
use chancery_tests::patience::until_some;
use chancery_tests::samba;
use chancery_tests::sign_on::ldap;
use chancery_tests::slapd::{self, Slapd};
use reqwest::Method;

use crate::directory_sign_in::{company, person, seed};

pub const NOW: StartSync = StartSync { dry: false, allow_suspended: None, allow_left: None };
pub const DRY: StartSync = StartSync { dry: true, ..NOW };

pub async fn start(admin: &Caller, source: SourceId, form: StartSync) -> SyncId {
    let path = format!("/sources/{source}/syncs");
    admin.call::<SyncStarted>(Method::POST, &path, Some(&form)).await.unwrap().id
}

async fn report(admin: &Caller, sync: SyncId) -> SyncReport {
    admin.call(Method::GET, &format!("/syncs/{sync}"), None::<&()>).await.unwrap()
}

/// Has a directory read, and waits for the end.
pub async fn read(admin: &Caller, source: SourceId, form: StartSync) -> SyncReport {
    let sync = start(admin, source, form).await;
    let mut before = None;
    loop {
        // A large directory takes its time; what counts is that it goes on.
        let now = until_some("the run goes on, or ends", async || {
            let report = report(admin, sync).await;
            let moved = before != Some(report.sync.counts) || report.sync.state != SyncState::Running;
            moved.then_some(report)
        })
        .await;
        if now.sync.state != SyncState::Running {
            return now;
        }
        before = Some(now.sync.counts);
    }
}

pub async fn history(admin: &Caller, source: SourceId) -> Syncs {
    admin.call(Method::GET, &format!("/sources/{source}/syncs"), None::<&()>).await.unwrap()
}

/// Accounts by user name.
async fn accounts(admin: &Caller) -> BTreeMap<String, Account> {
    let all = admin.accounts().await.unwrap();
    all.accounts.into_iter().map(|account| (account.person.username.clone(), account)).collect()
}

/// Members by the name of their group.
pub async fn groups(admin: &Caller) -> BTreeMap<String, (Group, Vec<String>)> {
    let all: Groups = admin.call(Method::GET, "/groups", None::<&()>).await.unwrap();
    let mut found = BTreeMap::new();
    for group in all.groups {
        let path = format!("/groups/{}/members", group.id);
        let members: GroupMembers = admin.call(Method::GET, &path, None::<&()>).await.unwrap();
        let names = members.members.into_iter().map(|member| member.username).collect();
        found.insert(group.name.clone(), (group, names));
    }
    found
}

/// What the health page says of directories.
async fn health(admin: &Caller) -> (State, Option<Fact>) {
    let health: Health = admin.call(Method::GET, "/health", None::<&()>).await.unwrap();
    let check = health.checks.into_iter().find(|check| check.code == CheckCode::Directories).unwrap();
    (check.state, check.facts.get("names").cloned())
}

fn of(report: &SyncReport, act: SyncAct) -> Vec<&str> {
    let mut names: Vec<&str> =
        report.changes.iter().filter(|change| change.act == act).map(|change| change.name.as_str()).collect();
    names.sort_unstable();
    names
}

fn counts(people: u64, groups: u64) -> SyncCounts {
    SyncCounts { people, groups, ..SyncCounts::default() }
}

fn dn(login: &str) -> String {
    format!("uid={login},ou=people,{}", slapd::SUFFIX)
}

/// Locks an account of the directory for good, or opens it again.
fn disable(slapd: &Slapd, login: &str, disabled: bool) {
    let change = match disabled {
        true => "add: pwdAccountLockedTime\npwdAccountLockedTime: 000001010000Z",
        false => "delete: pwdAccountLockedTime",
    };
    slapd.modify(&format!("dn: {}\nchangetype: modify\n{change}\n", dn(login)));
}

pub fn delete(slapd: &Slapd, logins: &[&str]) {
    let all: String =
        logins.iter().map(|login| format!("dn: {}\nchangetype: delete\n\n", dn(login))).collect();
    slapd.modify(&all);
}

pub async fn source(house: &House, slapd: &Slapd) -> SourceId {
    house.admin.make_source(&ldap("Head office", slapd.settings(), slapd::READER.1)).await.unwrap()
}

/// Changes the settings of a directory.
async fn set(admin: &Caller, source: SourceId, change: impl FnOnce(&mut LdapSettings)) {
    let now = admin.source(source).await.unwrap();
    let mut form = now.form;
    let Connection::Ldap(settings) = &mut form.connection else { panic!("no directory") };
    change(settings);
    let set = SetSource { form, secret: Some(slapd::READER.1.to_owned()), was: Some(now.revision) };
    admin.tell(Method::PUT, &format!("/sources/{source}"), Some(&set)).await.unwrap();
}

on_both_databases! {
    async fn people_and_groups_come_change_and_leave(kind) {
        let house = House::with_people(kind, 1).await;
        let slapd = company();
        let source = source(&house, &slapd).await;
        let admin = &house.admin;
        // A dry run tells what would happen, and nothing does.
        let before = accounts(admin).await.len();
        let would = read(admin, source, DRY).await;
        let expected = SyncCounts { added: 5, groups_added: 2, joined: 3, ..counts(5, 2) };
        // `root` is the administrator's own name here.
        let expected = SyncCounts { added: 4, conflicts: 1, ..expected };
        assert_eq!((would.sync.state, would.sync.counts), (SyncState::Done, expected));
        assert_eq!(of(&would, SyncAct::Added), ["Alice Adams", "Bob Brown", "Oscar Olsen", "Star Smith"]);
        assert_eq!(of(&would, SyncAct::Conflict), ["Rupert Root"]);
        assert_eq!((accounts(admin).await.len(), groups(admin).await.len()), (before, 0));

        let done = read(admin, source, NOW).await;
        assert_eq!((done.sync.state, done.sync.counts), (SyncState::Done, expected));
        assert_eq!(done.sync.by.unwrap().id, admin.id());
        let all = accounts(admin).await;
        assert_eq!(all.len(), before + 4);
        assert_eq!((all["alice"].person.name.as_str(), all["alice"].state), ("Alice Adams", AccountState::Active));
        let there = groups(admin).await;
        assert_eq!(there["staff"].1, ["alice", "bob"], "groups within groups count");
        assert_eq!(there["compliance"].1, ["alice"]);
        // Whoever signs in is the account that was made.
        let bob = house.stranger().sign_in("bob", "bob-password").await.unwrap();
        assert_eq!(bob.id(), all["bob"].person.id);
        // Nothing changed: nothing to do.
        let again = read(admin, source, NOW).await;
        assert_eq!(again.sync.counts, SyncCounts { conflicts: 1, ..counts(5, 2) });

        // Roles come and go with groups.
        let roles = SetGroupRoles { roles: vec![Role::ComplianceOfficer], was: None };
        let path = format!("/groups/{}/roles", there["compliance"].0.id);
        admin.tell(Method::PUT, &path, Some(&roles)).await.unwrap();
        assert_eq!(admin.account(all["alice"].person.id).await.unwrap().roles, [Role::Employee, Role::ComplianceOfficer]);
        slapd.modify(&format!(
            "dn: cn=compliance,ou=groups,{0}\nchangetype: modify\nreplace: member\nmember: {1}\n\n\
             dn: {2}\nchangetype: modify\nreplace: cn\ncn: Alice King\n-\nreplace: title\n-\n",
            slapd::SUFFIX, dn("bob"), dn("alice")
        ));
        slapd.add(&person("nina", "Nina Nilsen", ""));
        let third = read(admin, source, NOW).await;
        let expected = SyncCounts { added: 1, changed: 1, conflicts: 1, joined: 1, left: 2, ..counts(6, 2) };
        assert_eq!(third.sync.counts, expected);
        assert_eq!(of(&third, SyncAct::Changed), ["Alice King"]);
        let alice = admin.account(all["alice"].person.id).await.unwrap();
        assert_eq!((alice.person.name.as_str(), alice.roles), ("Alice King", vec![Role::Employee]));
        assert_eq!(admin.account(bob.id()).await.unwrap().roles, [Role::Employee, Role::ComplianceOfficer]);

        // Who leaves is out at once, on every device.
        let mut socket = Client::connect(&bob).await;
        delete(&slapd, &["bob"]);
        disable(&slapd, "oscar", true);
        let fourth = read(admin, source, NOW).await;
        assert_eq!(fourth.sync.counts.suspended, 2);
        assert_eq!((of(&fourth, SyncAct::Gone), of(&fourth, SyncAct::Disabled)), (vec!["Bob Brown"], vec!["Oscar Olsen"]));
        socket.wait_for_the_end().await;
        assert_eq!(admin.account(bob.id()).await.unwrap().roles, [Role::Employee], "who is gone is in no group");
        assert_eq!(house.stranger().sign_in("bob", "bob-password").await.err().unwrap().code(), "sign_in_failed");
        assert_eq!(admin.account(bob.id()).await.unwrap().state, AccountState::Suspended);
        // Back in the directory, back here; once is enough.
        disable(&slapd, "oscar", false);
        assert_eq!(read(admin, source, NOW).await.sync.counts.reinstated, 1);
        assert_eq!(read(admin, source, NOW).await.sync.counts, SyncCounts { conflicts: 1, ..counts(5, 2) });
        house.stranger().sign_in("oscar", "oscar-password").await.unwrap();
        // A group that goes is kept, empty, and lets nobody do anything.
        slapd.modify(&format!(
            "dn: cn=compliance,ou=groups,{}\nchangetype: modify\nreplace: member\nmember: {}\n",
            slapd::SUFFIX,
            dn("oscar")
        ));
        // Into the staff as well, which that group is part of.
        assert_eq!(read(admin, source, NOW).await.sync.counts.joined, 2);
        assert_eq!(admin.account(all["oscar"].person.id).await.unwrap().roles.len(), 2);
        slapd.modify(&format!("dn: cn=compliance,ou=groups,{}\nchangetype: delete\n", slapd::SUFFIX));
        let last = read(admin, source, NOW).await;
        assert_eq!((last.sync.counts.groups_gone, last.sync.counts.left), (1, 2));
        assert!(groups(admin).await["compliance"].1.is_empty());
        assert_eq!(admin.account(all["oscar"].person.id).await.unwrap().roles, [Role::Employee]);

        let archive = Archive::read(house.storage());
        let records = [Kind::SyncAsked, Kind::SourceSynced, Kind::PersonSuspended, Kind::PersonReinstated];
        assert_eq!(records.map(|kind| archive.count(kind)), [9, 9, 2, 1]);
    }

    async fn what_was_done_by_hand_stays(kind) {
        let house = House::with_people(kind, 1).await;
        let slapd = company();
        let source = source(&house, &slapd).await;
        let admin = &house.admin;
        read(admin, source, NOW).await;
        let all = accounts(admin).await;
        let (alice, bob, oscar) = (all["alice"].person.id, all["bob"].person.id, all["oscar"].person.id);
        let suspend = async |person: PersonId| {
            admin.tell(Method::POST, &format!("/people/{person}/suspend"), None::<&()>).await.unwrap();
        };
        suspend(alice).await;
        let run = read(admin, source, NOW).await;
        assert_eq!((run.sync.counts.left_alone, run.sync.counts.reinstated), (1, 0));
        // The directory suspends him; then somebody does it by hand; then he is back there.
        disable(&slapd, "bob", true);
        assert_eq!(read(admin, source, NOW).await.sync.counts.suspended, 1);
        assert_eq!(admin.account(bob).await.unwrap().suspended_by.as_deref(), Some("Head office"));
        suspend(bob).await;
        assert_eq!(admin.account(bob).await.unwrap().suspended_by, None);
        disable(&slapd, "bob", false);
        let run = read(admin, source, NOW).await;
        assert_eq!((run.sync.counts.left_alone, run.sync.counts.reinstated), (2, 0));
        assert_eq!(of(&run, SyncAct::LeftAlone), ["Alice Adams", "Bob Brown"]);
        for person in [alice, bob] {
            assert_eq!(admin.account(person).await.unwrap().state, AccountState::Suspended);
        }
        // Let in again by hand although the directory says no: that stays too, until it says something new.
        disable(&slapd, "oscar", true);
        assert_eq!(read(admin, source, NOW).await.sync.counts.suspended, 1);
        admin.tell(Method::POST, &format!("/people/{oscar}/reinstate"), None::<&()>).await.unwrap();
        assert_eq!(read(admin, source, NOW).await.sync.counts.suspended, 0);
        assert_eq!(admin.account(oscar).await.unwrap().state, AccountState::Active);
        disable(&slapd, "oscar", false);
        read(admin, source, NOW).await;
        disable(&slapd, "oscar", true);
        assert_eq!(read(admin, source, NOW).await.sync.counts.suspended, 1);
    }

    async fn more_than_the_share_waits_for_an_administrator(kind) {
        let house = House::with_people(kind, 1).await;
        let slapd = company();
        let crowd: Vec<String> = (0..20).map(|number| format!("p{number}")).collect();
        let members: String = crowd.iter().map(|login| format!("member: {}\n", dn(login))).collect();
        slapd.add(&crowd.iter().map(|login| person(login, login, "")).collect::<String>());
        slapd.add(&format!("dn: cn=crowd,ou=groups,{}\nobjectClass: groupOfNames\ncn: crowd\n{members}", slapd::SUFFIX));
        let source = source(&house, &slapd).await;
        let admin = &house.admin;
        assert_eq!(read(admin, source, NOW).await.sync.counts.added, 24);
        delete(&slapd, &["p0", "p1", "p2", "p3", "p4", "p5"]);
        slapd.modify(&format!(
            "dn: cn=crowd,ou=groups,{}\nchangetype: modify\nreplace: member\nmember: {}\n", slapd::SUFFIX, dn("p9")
        ));
        let untouched = async || {
            let all = accounts(admin).await;
            let suspended = all.values().filter(|account| account.state == AccountState::Suspended).count();
            (suspended, groups(admin).await["crowd"].1.len())
        };
        for form in [NOW, StartSync { allow_suspended: Some(5), allow_left: Some(19), ..NOW }, StartSync { allow_suspended: Some(6), allow_left: Some(18), ..NOW }] {
            let waits = read(admin, source, form).await.sync;
            assert_eq!((waits.state, waits.counts.suspended, waits.counts.left), (SyncState::Waiting, 6, 19));
            assert_eq!((waits.limit, waits.group_limit), (Some(5), Some(5)));
            assert_eq!(untouched().await, (0, 20));
        }
        assert_eq!(health(admin).await.0, State::Warn);
        let shown = history(admin, source).await;
        assert_eq!(shown.syncs.iter().filter(|run| run.state == SyncState::Waiting).count(), 3);
        assert_eq!(shown.last_done.unwrap().counts.added, 24);
        let done = read(admin, source, StartSync { allow_suspended: Some(6), allow_left: Some(19), ..NOW }).await;
        assert_eq!((done.sync.state, of(&done, SyncAct::Gone).len()), (SyncState::Done, 6));
        assert_eq!(untouched().await, (6, 1));
        assert_eq!(health(admin).await.0, State::Ok);
    }

    async fn what_cannot_be_read_to_its_end_suspends_nobody(kind) {
        let house = House::with_people(kind, 1).await;
        let slapd = company();
        let source = source(&house, &slapd).await;
        let admin = &house.admin;
        read(admin, source, NOW).await;
        delete(&slapd, &["bob"]);
        // The groups cannot be read: nothing follows from the people either.
        set(admin, source, |settings| settings.groups.base = format!("ou=elsewhere,{}", slapd::SUFFIX)).await;
        let failed = read(admin, source, NOW).await.sync;
        assert_eq!((failed.state, failed.failure.unwrap().code.as_str()), (SyncState::Failed, "base_not_found"));
        assert_eq!(health(admin).await, (State::Warn, Some(Fact::Text("Head office".to_owned()))));
        let state = async |name: &str| accounts(admin).await[name].state;
        assert_eq!(state("bob").await, AccountState::Active);
        // An entry that cannot be taken is there all the same.
        set(admin, source, |settings| {
            settings.groups.base = format!("ou=groups,{}", slapd::SUFFIX);
            settings.attributes.display_name = "title".to_owned();
        })
        .await;
        let run = read(admin, source, NOW).await;
        assert_eq!((run.sync.counts.skipped, of(&run, SyncAct::Gone)), (3, vec!["Bob Brown"]));
        assert_eq!(health(admin).await, (State::Ok, None));
        assert_eq!(state("oscar").await, AccountState::Active);
        assert_eq!(state("bob").await, AccountState::Suspended);
        // Whose entries cannot be told at all are not counted as gone: their names may be among these.
        set(admin, source, |settings| {
            settings.attributes.display_name = "cn".to_owned();
            settings.attributes.id = "employeeNumber".to_owned();
        })
        .await;
        let run = read(admin, source, NOW).await;
        assert_eq!((run.sync.state, run.sync.counts.suspended, run.sync.counts.skipped), (SyncState::Done, 0, 6));
        // Nobody answers.
        set(admin, source, |settings| {
            settings.attributes.id = "entryUUID".to_owned();
            settings.servers = vec!["ldap://127.0.0.1:1".to_owned()];
        })
        .await;
        let failed = read(admin, source, NOW).await.sync;
        assert_eq!((failed.state, failed.failure.unwrap().code.as_str()), (SyncState::Failed, "not_connected"));
        assert_eq!(state("oscar").await, AccountState::Active);
    }

    async fn one_run_at_a_time_and_by_the_clock(kind) {
        let house = House::with_people(kind, 1).await;
        let slapd = company();
        let source = source(&house, &slapd).await;
        let admin = &house.admin;
        slapd.freeze();
        let first = start(admin, source, DRY).await;
        let refused = admin.call::<SyncStarted>(Method::POST, &format!("/sources/{source}/syncs"), Some(&NOW)).await;
        assert_eq!(refused.err().unwrap().code(), "sync_running");
        slapd.thaw();
        until_some("the first ends", async || {
            (report(admin, first).await.sync.state == SyncState::Done).then_some(())
        })
        .await;
        assert_eq!(accounts(admin).await.len(), 2);
        // Nobody asks: it is time.
        set(admin, source, |settings| settings.sync.every_minutes = 60).await;
        let run = until_some("a run by itself", async || {
            let runs = history(admin, source).await.syncs;
            runs.into_iter().find(|run| run.by.is_none() && run.state == SyncState::Done)
        })
        .await;
        assert_eq!((run.dry, run.counts.added), (false, 4));
        // Switched off, it is only looked into.
        let now = admin.source(source).await.unwrap();
        let mut form = now.form;
        form.enabled = false;
        let off = SetSource { form, secret: None, was: Some(now.revision) };
        admin.tell(Method::PUT, &format!("/sources/{source}"), Some(&off)).await.unwrap();
        let refused = admin.call::<SyncStarted>(Method::POST, &format!("/sources/{source}/syncs"), Some(&NOW)).await;
        assert_eq!(refused.err().unwrap().code(), "source_off");
        assert_eq!(read(admin, source, DRY).await.sync.state, SyncState::Done);
    }

    async fn whom_another_directory_has_stays(kind) {
        let house = House::with_people(kind, 1).await;
        let (old, new) = (company(), company());
        let admin = &house.admin;
        let before = source(&house, &old).await;
        let mut form = ldap("New office", new.settings(), slapd::READER.1);
        form.form.admission.link = Linking::Username;
        let after = admin.make_source(&form).await.unwrap();
        read(admin, before, NOW).await;
        let second = read(admin, after, NOW).await;
        // Not `sta*r`: nobody here is called exactly so.
        assert_eq!((second.sync.counts.linked, second.sync.counts.added, second.sync.counts.conflicts), (3, 0, 2));
        delete(&old, &["alice"]);
        let run = read(admin, before, NOW).await;
        assert_eq!((run.sync.counts.suspended, of(&run, SyncAct::LeftAlone)), (0, vec!["Alice Adams"]));
        delete(&new, &["alice"]);
        assert_eq!(read(admin, after, NOW).await.sync.counts.suspended, 1);
        assert_eq!(accounts(admin).await["alice"].state, AccountState::Suspended);
    }

    async fn the_last_administrator_is_not_lost_to_a_directory(kind) {
        let house = House::with_people(kind, 1).await;
        let slapd = company();
        let source = source(&house, &slapd).await;
        let other = house.invite_and_redeem("rita", &[Role::ItAdmin]).await;
        let subject = slapd.attribute(&dn("root"), "entryUUID");
        let third = house.invite_and_redeem("otto", &[Role::ItAdmin]).await;
        other.link_with(&third, source, &subject, house.admin.id()).await;
        read(&other, source, NOW).await;
        house.admin.suspend(third.id()).await.unwrap();
        house.admin.tell(Method::POST, &format!("/people/{}/suspend", other.id()), None::<&()>).await.unwrap();
        delete(&slapd, &["root"]);
        let run = read(&house.admin, source, NOW).await;
        assert_eq!((run.sync.state, run.sync.counts.suspended), (SyncState::Done, 0));
        let conflict: Vec<&SyncChange> = run.changes.iter().filter(|change| change.act == SyncAct::Conflict).collect();
        assert_eq!(conflict[0].person, Some(house.admin.id()));
        house.stranger().sign_in("root", PASSWORD).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_active_directory_is_read_in_the_background() {
    let house = House::with_people(Database::Sqlite, 1).await;
    let samba = samba::shared(seed);
    let admin = &house.admin;
    let source = admin.make_source(&ldap("Corp", samba.settings(), samba::READER.1)).await.unwrap();
    let first = read(admin, source, NOW).await;
    assert_eq!(first.sync.state, SyncState::Done, "{first:?}");
    let all = accounts(admin).await;
    assert_eq!(all["carla"].person.name, "Carla Corp");
    assert!(!all.contains_key("dora"), "whose account is switched off there");
    let there = groups(admin).await;
    assert_eq!(
        (&there["inner"].1[..], &there["outer"].1[..]),
        (&["carla".to_owned()][..], &["carla".to_owned()][..])
    );
    assert_eq!(there["movers"].1, ["silke"]);
    let again = read(admin, source, NOW).await.sync.counts;
    let nothing = SyncCounts {
        people: again.people,
        groups: again.groups,
        conflicts: again.conflicts,
        ..SyncCounts::default()
    };
    assert_eq!(again, SyncCounts { skipped: again.skipped, ..nothing }, "read again, it is the same");

    let silke = house.stranger().sign_in("silke", "Silke-Passw0rd1").await.unwrap();
    let mut socket = Client::connect(&silke).await;
    let change = |attributes: &str| {
        samba.modify(&format!(
            "dn: CN=Silke Samba,CN=Users,{}\nchangetype: modify\n{attributes}\n",
            samba::SUFFIX
        ))
    };
    change("replace: userAccountControl\nuserAccountControl: 514");
    let out = read(admin, source, NOW).await;
    assert_eq!((out.sync.counts.suspended, of(&out, SyncAct::Disabled)), (1, vec!["Silke Samba"]));
    socket.wait_for_the_end().await;
    assert_eq!(accounts(admin).await["silke"].state, AccountState::Suspended);
    // Called something else and let in again: by its objectGUID it is the same person.
    change("replace: userAccountControl\nuserAccountControl: 512");
    samba.modify(&format!(
        "dn: CN=Silke Samba,CN=Users,{0}\nchangetype: modrdn\nnewrdn: CN=Silke Sand\ndeleteoldrdn: 1\n",
        samba::SUFFIX
    ));
    let back = read(admin, source, NOW).await;
    assert_eq!((back.sync.counts.reinstated, back.sync.counts.added), (1, 0), "{back:?}");
    let now = accounts(admin).await;
    assert_eq!((now["silke"].person.id, now["silke"].state), (silke.id(), AccountState::Active));
    assert_eq!(groups(admin).await["movers"].1, ["silke"], "groups follow whose entry moved");
}
