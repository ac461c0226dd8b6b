//! People sign in with the name and password they have in their company's directory.

use std::collections::BTreeSet;

use chancery_ledger::Kind;
use chancery_protocol::groups::{Groups, SetGroupRoles};
use chancery_protocol::http::ServerInfo;
use chancery_protocol::person::Role;
use chancery_protocol::sources::{LdapSettings, Nested, SetSource, SourceTested, StepOutcome, TestSource};
use chancery_tests::archive::Archive;
use chancery_tests::client::Client;
use chancery_tests::database::Database;
use chancery_tests::house::{House, PASSWORD};
use chancery_tests::http::Caller;
use chancery_tests::on_both_databases;
use chancery_tests::samba::{self, Samba, user};
use chancery_tests::sign_on::ldap;
use chancery_tests::slapd::{self, Options, Slapd};
use reqwest::Method;

/// Somebody, with a password made of the login.
pub fn person(login: &str, name: &str, more: &str) -> String {
    format!(
        "\ndn: uid={login},ou=people,{}\nobjectClass: inetOrgPerson\nuid: {login}\ncn: {name}\nsn: {name}\n\
         userPassword: {login}-password\n{more}",
        slapd::SUFFIX
    )
}

fn group(name: &str, members: &[&str]) -> String {
    let lines: String =
        members.iter().map(|member| format!("member: {member},{}\n", slapd::SUFFIX)).collect();
    format!("\ndn: cn={name},ou=groups,{}\nobjectClass: groupOfNames\ncn: {name}\n{lines}", slapd::SUFFIX)
}

/// An OpenLDAP of its own, with some people.
pub fn company() -> Slapd {
    company_of(&people())
}

/// An OpenLDAP of its own, with these entries.
pub fn company_of(entries: &str) -> Slapd {
    let slapd = Slapd::start(Options::default());
    slapd.add(entries);
    slapd
}

/// They and their groups.
pub fn people() -> String {
    [
        person("alice", "Alice Adams", "mail: Alice@Example.org\ntitle: Trader\n"),
        person("bob", "Bob Brown", ""),
        person("root", "Rupert Root", ""),
        person("oscar", "Oscar Olsen", ""),
        person("sta*r", "Star Smith", ""),
        group("compliance", &["uid=alice,ou=people"]),
        group("staff", &["cn=compliance,ou=groups", "uid=bob,ou=people"]),
    ]
    .concat()
}

async fn info(house: &House) -> ServerInfo {
    house.stranger().call(Method::GET, "/server", None::<&()>).await.unwrap()
}

async fn come_in(house: &House, login: &str) -> Caller {
    house.stranger().sign_in(login, &format!("{login}-password")).await.unwrap()
}

on_both_databases! {
    async fn people_come_in_with_their_directory_account(kind) {
        let house = House::with_people(kind, 1).await;
        let slapd = company();
        assert!(info(&house).await.sign_in.directories.is_empty());
        let form = ldap("Head office", slapd.settings(), slapd::READER.1);
        let source = house.admin.make_source(&form).await.unwrap();
        assert_eq!(info(&house).await.sign_in.directories[0].name, "Head office");

        let alice = come_in(&house, "alice").await;
        let me = alice.me.clone().unwrap();
        assert_eq!((me.username.as_str(), me.name.as_str()), ("alice", "Alice Adams"));
        let mut socket = Client::connect(&alice).await;
        let talk = socket.open_direct(house.people[0].id()).await.unwrap().id;
        socket.send(talk, "hello").await.unwrap();
        // Groups within groups count, and give what an administrator gives them.
        let groups: Groups = house.admin.call(Method::GET, "/groups", None::<&()>).await.unwrap();
        let names: BTreeSet<&str> = groups.groups.iter().map(|group| group.name.as_str()).collect();
        assert_eq!(names, BTreeSet::from(["compliance", "staff"]));
        let compliance = groups.groups.iter().find(|group| group.name == "compliance").unwrap();
        let roles = SetGroupRoles { roles: vec![Role::ComplianceOfficer], was: None };
        house.admin.tell(Method::PUT, &format!("/groups/{}/roles", compliance.id), Some(&roles)).await.unwrap();
        assert_eq!(house.admin.account(me.id).await.unwrap().roles, [Role::Employee, Role::ComplianceOfficer]);
        // She leaves the group there: from her next sign-in on she is no officer here.
        let bob = format!("uid=bob,ou=people,{}", slapd::SUFFIX);
        slapd.modify(&format!(
            "dn: cn=compliance,ou=groups,{}\nchangetype: modify\nreplace: member\nmember: {bob}\n",
            slapd::SUFFIX
        ));
        let shouted = house.stranger().sign_in("ALICE", "alice-password").await.unwrap();
        assert_eq!(shouted.id(), me.id, "case is nothing to a directory");
        assert_eq!(house.admin.account(me.id).await.unwrap().roles, [Role::Employee]);
        // Renamed and moved, she is the same.
        slapd.modify(&format!(
            "dn: uid=alice,ou=people,{0}\nchangetype: modrdn\nnewrdn: uid=alice.king\ndeleteoldrdn: 1\n\n\
             dn: uid=alice.king,ou=people,{0}\nchangetype: modify\nreplace: cn\ncn: Alice King\n",
            slapd::SUFFIX
        ));
        let again = house.stranger().sign_in("alice.king", "alice-password").await.unwrap();
        assert_eq!((again.id(), again.me.unwrap().name.as_str()), (me.id, "Alice King"));
        let archive = Archive::read(house.storage());
        assert_eq!((archive.count(Kind::IdentityLinked), archive.count(Kind::SourceSet)), (1, 1));
        assert_eq!(house.admin.source(source).await.unwrap().people, 1);
    }

    async fn whoever_is_not_let_in_learns_nothing(kind) {
        let house = House::with_people(kind, 1).await;
        let slapd = company();
        slapd.modify(&format!(
            "dn: uid=bob,ou=people,{}\nchangetype: modify\nadd: pwdAccountLockedTime\n\
             pwdAccountLockedTime: 000001010000Z\n",
            slapd::SUFFIX
        ));
        house.admin.make_source(&ldap("Head office", slapd.settings(), slapd::READER.1)).await.unwrap();
        let mut answers = BTreeSet::new();
        for (login, password) in [
            ("alice", "wrong"),
            ("nobody", "wrong"),
            ("ada", "wrong"),
            ("root", "wrong"),
            ("bob", "bob-password"),
            ("alice", ""),
            ("", "alice-password"),
            // Nothing typed is anything but a name.
            ("*", "alice-password"),
            ("al*", "alice-password"),
            ("alice)(uid=*", "alice-password"),
            ("alice\u{0}", "alice-password"),
            ("sta*r", "alice-password"),
        ] {
            let refusal = house.stranger().sign_in(login, password).await.err().unwrap();
            answers.insert((refusal.status, refusal.code().to_owned(), refusal.problem.unwrap().detail));
        }
        assert_eq!(answers, BTreeSet::from([(401, "sign_in_failed".to_owned(), None)]));
        let star = house.stranger().sign_in("sta*r", "sta*r-password").await.unwrap();
        assert_eq!(star.me.unwrap().username, "sta-r");
        // Too many wrong ones for one name: it waits, others do not.
        for _ in 0..8 {
            let _ = house.stranger().sign_in("zed", "wrong").await;
        }
        assert_eq!(house.stranger().sign_in("zed", "wrong").await.err().unwrap().code(), "too_many_attempts");
        assert!(house.stranger().sign_in("alice", "alice-password").await.is_ok());
        assert!(house.stranger().sign_in("ada", PASSWORD).await.is_ok(), "accounts made here go on");
        // A privileged account made here is nobody else's, whatever the directory calls its people.
        let refusal = house.stranger().sign_in("root", "root-password").await.err().unwrap();
        assert_eq!(refusal.code(), "sign_in_failed");
        let log = house.server.log();
        for secret in ["alice-password", "bob-password", "wrong\"", slapd::READER.1] {
            assert!(!log.contains(secret), "{secret}");
        }
    }

    async fn a_directory_that_is_away_keeps_nobody_else_out(kind) {
        let house = House::with_people(kind, 1).await;
        let (first, second) = (company(), company());
        let mut settings = first.settings();
        settings.servers.extend(second.settings().servers);
        house.admin.make_source(&ldap("Head office", settings, slapd::READER.1)).await.unwrap();
        drop(first);
        come_in(&house, "alice").await;
        drop(second);
        let refusal = house.stranger().sign_in("alice", "alice-password").await.err().unwrap();
        assert_eq!((refusal.status, refusal.code()), (503, "source_unavailable"));
        assert!(house.stranger().sign_in("ada", PASSWORD).await.is_ok());
        assert!(house.admin.session().await.is_ok());
    }

    async fn while_a_directory_is_away_guessing_counts_as_ever(kind) {
        let house = House::with_people(kind, 1).await;
        let (here, away) = (company(), company());
        house.admin.make_source(&ldap("Head office", here.settings(), slapd::READER.1)).await.unwrap();
        house.admin.make_source(&ldap("Branch", away.settings(), slapd::READER.1)).await.unwrap();
        drop(away);
        // An account made here, one of the directory that answers, one of nobody: alike.
        for login in ["ada", "alice", "zed"] {
            let mut answers = Vec::new();
            for _ in 0..7 {
                answers.push(house.stranger().sign_in(login, "a wild guess").await.unwrap_err().status);
            }
            assert_eq!(answers, [503, 503, 503, 503, 503, 503, 429], "{login}");
        }
        // People of the directory that is away, behind one address, make nobody else wait.
        for number in 0..60 {
            let refusal = house.stranger().sign_in(&format!("somebody-{number}"), "a-password").await.unwrap_err();
            assert_eq!(refusal.status, 503, "{number}");
        }
        assert!(house.stranger().sign_in("bob", "bob-password").await.is_ok());
    }
}

/// Who is in the Active Directory.
pub fn seed() -> String {
    let group = |name: &str, member: &str| {
        format!(
            "dn: CN={name},CN=Users,{0}\nobjectClass: group\nsAMAccountName: {name}\nmember: CN={member},CN=Users,{0}",
            samba::SUFFIX
        )
    };
    [
        user("carla", "Carla Corp", "Carla-Passw0rd1", "mail: carla@corp.example\ndepartment: Legal"),
        user("dora", "Dora Disabled", "Dora-Passw0rd1", "")
            .replace("userAccountControl: 512", "userAccountControl: 514"),
        // Those whom the test of reading in the background changes.
        user("silke", "Silke Samba", "Silke-Passw0rd1", ""),
        group("movers", "Silke Samba"),
        group("inner", "Carla Corp"),
        group("outer", "inner"),
    ]
    .join("\n\n")
        + "\n"
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_active_directory_lets_its_people_in() {
    let house = House::with_people(Database::Sqlite, 1).await;
    let samba: &Samba = samba::shared(seed);
    let form = ldap("Corp", samba.settings(), samba::READER.1);
    house.admin.make_source(&form).await.unwrap();
    let carla = house.stranger().sign_in("carla", "Carla-Passw0rd1").await.unwrap();
    assert_eq!(carla.me.as_ref().unwrap().name, "Carla Corp");
    // The other name she has there is hers too.
    let again = house.stranger().sign_in("carla@corp.example", "Carla-Passw0rd1").await.unwrap();
    assert_eq!(again.id(), carla.id());
    let groups: Groups = house.admin.call(Method::GET, "/groups", None::<&()>).await.unwrap();
    let names: BTreeSet<&str> = groups.groups.iter().map(|group| group.name.as_str()).collect();
    assert!(names.contains("inner") && names.contains("outer"), "{names:?}");
    for (login, password) in [("dora", "Dora-Passw0rd1"), ("carla", "wrong"), ("*", "Carla-Passw0rd1")] {
        let refusal = house.stranger().sign_in(login, password).await.err().unwrap();
        assert_eq!((refusal.status, refusal.code()), (401, "sign_in_failed"), "{login}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_test_of_a_directory_says_step_by_step_what_is_there() {
    let house = House::with_people(Database::Sqlite, 1).await;
    let slapd = company();
    let test = async |settings: LdapSettings, password: &str| -> SourceTested {
        let SetSource { form, secret, .. } = ldap("Head office", settings, password);
        let asked = TestSource { form, secret, source: None };
        house.admin.call(Method::POST, "/sources/test", Some(&asked)).await.unwrap()
    };
    let fine = test(slapd.settings(), slapd::READER.1).await;
    assert!(fine.steps.iter().all(|step| step.outcome == StepOutcome::Ok), "{:?}", fine.steps);
    let alice = fine.people.iter().find(|person| person.login == "alice").unwrap();
    assert_eq!((alice.name.as_str(), alice.title.as_deref()), ("Alice Adams", Some("Trader")));
    assert_eq!(fine.groups, ["compliance", "staff"]);

    let refused = test(slapd.settings(), "wrong").await;
    let failed = refused.steps.iter().find(|step| step.outcome == StepOutcome::Failed).unwrap();
    assert_eq!(failed.step, "bind");
    assert!(!failed.mend.is_empty());
    assert!(refused.people.is_empty());
    let stranger = LdapSettings { authorities: String::new(), ..slapd.settings() };
    let distrusted = test(stranger, slapd::READER.1).await;
    assert_eq!(distrusted.steps.iter().find(|it| it.outcome == StepOutcome::Failed).unwrap().step, "tls");
    let mut clear = slapd.settings();
    clear.encryption = chancery_protocol::sources::Encryption::None;
    clear.servers = vec!["ldap://192.0.2.1".into()];
    assert!(
        !test(clear, slapd::READER.1).await.problems.is_empty(),
        "no password crosses a network in clear"
    );
    let chain = LdapSettings {
        groups: chancery_protocol::sources::Groups { nested: Nested::MemberOf, ..slapd.settings().groups },
        ..slapd.settings()
    };
    assert_eq!(test(chain, slapd::READER.1).await.groups.len(), 2);
}
