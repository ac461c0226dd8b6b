//! The same against an Active Directory.

use crate::directory::ldap::{Fault, Finding, Grid, Nested, Outcome, Refusal, Settings, State, Task};

use super::people::{all_groups, everybody};
use super::sign_in::sign_in;
use super::{NOW, client, refused};
use chancery_tests::samba::{self, READER, SUFFIX, Samba, user};

const PASSWORD: &str = "Right-Passw0rd1";

/// A name with everything a DN must escape.
const ODD: &str = "Zoë \"Q\" O'Neil, #1 <a>; b=c+d \\ (*)";

fn group(name: &str, members: &[&str]) -> String {
    let members: String =
        members.iter().map(|member| format!("\nmember: CN={member},CN=Users,{SUFFIX}")).collect();
    format!("dn: CN={name},CN=Users,{SUFFIX}\nobjectClass: group\nsAMAccountName: {name}{members}")
}

fn shared() -> &'static Samba {
    samba::shared(seed)
}

/// Who is there.
fn seed() -> String {
    let mut all = vec![
        user(
            "alice",
            "Alice Adams",
            PASSWORD,
            "mail: alice@corp.example\ndepartment: Capital markets\ntitle: Trader",
        ),
        user("bob", "Bob Brown", PASSWORD, &format!("manager: CN=Alice Adams,CN=Users,{SUFFIX}")),
        user("zoe", ODD, PASSWORD, ""),
        user("carol", "Carol", PASSWORD, "").replace("userAccountControl: 512", "userAccountControl: 514"),
        user("dave", "Dave", PASSWORD, "accountExpires: 131000000000000000"),
        user("erin", "Erin", PASSWORD, "pwdLastSet: 0"),
        user("frank", "Frank", PASSWORD, ""),
        group("compliance", &["Alice Adams"]),
        group("staff", &["compliance", "Bob Brown"]),
        group("circle1", &["staff"]),
        group("circle2", &["circle1"]),
    ];
    all.extend((0..25).map(|n| user(&format!("many{n}"), &format!("Many {n:02}"), PASSWORD, "")));
    let many: Vec<String> = (0..25).map(|n| format!("Many {n:02}")).collect();
    all.push(group("everyone", &many.iter().map(String::as_str).collect::<Vec<_>>()));
    all.join("\n\n") + "\n"
}

/// What cannot be said when things are made.
fn close_the_circle() {
    static DONE: std::sync::OnceLock<()> = std::sync::OnceLock::new();
    let samba = shared();
    DONE.get_or_init(|| {
        samba.modify(&format!(
            "dn: CN=circle1,CN=Users,{SUFFIX}\nchangetype: modify\nadd: member\nmember: CN=circle2,CN=Users,{SUFFIX}\n\n\
             dn: {SUFFIX}\nchangetype: modify\nreplace: lockoutThreshold\nlockoutThreshold: 3\n"
        ));
    });
}

#[tokio::test]
async fn people_come_with_guid_state_and_everything_mapped() {
    close_the_circle();
    for settings in [shared().settings(), shared().start_tls()] {
        let settings = Settings { page_size: 7, ..settings };
        let (pages, people, skipped) = everybody(&client(settings, READER.1), false).await;
        assert!(pages.len() > 4 && pages.iter().all(|size| *size <= 7), "{pages:?}");
        let of = |login: &str| people.iter().find(|person| person.login == login).unwrap();
        let alice = of("alice");
        assert_eq!(
            (alice.display_name.as_str(), alice.email.as_deref()),
            ("Alice Adams", Some("alice@corp.example"))
        );
        assert_eq!(
            (alice.department.as_deref(), alice.title.as_deref()),
            (Some("Capital markets"), Some("Trader"))
        );
        assert_eq!(of("bob").manager_dn.as_ref(), Some(&alice.dn));
        assert_eq!(of("zoe").display_name, ODD);
        let states = ["alice", "carol", "dave", "erin"].map(|login| of(login).state);
        assert_eq!(states, [State::Active, State::Disabled, State::Expired, State::Active]);
        assert_eq!(people.iter().filter(|person| person.login.starts_with("many")).count(), 25);
        // The administrator and the like have no name to show.
        assert!(skipped.iter().all(|why| why.contains("displayName")), "{skipped:?}");
    }
}

#[tokio::test]
async fn the_text_of_a_guid_finds_the_entry_again() {
    let (_, people, _) = everybody(&client(shared().settings(), READER.1), false).await;
    let alice = people.iter().find(|person| person.login == "alice").unwrap();
    // Active Directory takes the usual text form of a GUID in place of a DN.
    let mut settings = shared().settings();
    settings.people.base = format!("CN=Users,{SUFFIX}");
    settings.people.filter = format!("(&(objectClass=user)(objectGUID={}))", guid_in_filter(&alice.id));
    let (_, found, _) = everybody(&client(settings, READER.1), false).await;
    assert_eq!(found.iter().map(|person| &person.dn).collect::<Vec<_>>(), [&alice.dn]);
}

/// First three fields of a GUID turned round, as they are stored.
fn guid_in_filter(text: &str) -> String {
    let digits: Vec<u8> = text.replace('-', "").into_bytes();
    let pairs: Vec<String> = digits.chunks(2).map(|pair| String::from_utf8(pair.to_vec()).unwrap()).collect();
    let order = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];
    order.iter().map(|at| format!("\\{}", pairs[*at])).collect()
}

#[tokio::test]
async fn refusals_are_told_apart_and_lock_outs_seen() {
    close_the_circle();
    let client = client(shared().settings(), READER.1);
    for login in ["alice", "ALICE", "alice@corp.example", "zoe"] {
        assert!(sign_in(&client, login, PASSWORD).await.is_ok(), "{login}");
    }
    for (login, password, refusal) in [
        ("alice", "wrong", Refusal::WrongPassword),
        ("nobody", PASSWORD, Refusal::NobodyFound),
        ("*", PASSWORD, Refusal::NobodyFound),
        ("carol", PASSWORD, Refusal::Disabled),
        ("dave", PASSWORD, Refusal::Expired),
        ("erin", PASSWORD, Refusal::MustChangePassword),
    ] {
        assert_eq!(sign_in(&client, login, password).await.err(), Some(refusal), "{login}");
    }
    for _ in 0..3 {
        let refusal = sign_in(&client, "frank", "wrong").await.err();
        assert!(matches!(refusal, Some(Refusal::WrongPassword | Refusal::Locked)), "{refusal:?}");
    }
    assert_eq!(sign_in(&client, "frank", PASSWORD).await.err(), Some(Refusal::Locked));
    let (_, people, _) = everybody(&client, false).await;
    assert_eq!(people.iter().find(|person| person.login == "frank").unwrap().state, State::Locked);
}

#[tokio::test]
async fn groups_within_groups_are_found_in_all_three_ways() {
    close_the_circle();
    for (nested, expected) in [
        (Nested::Chain, vec!["circle1", "circle2", "compliance", "staff"]),
        (Nested::None, vec!["circle1", "circle2", "compliance", "staff"]),
        (Nested::MemberOf, vec!["compliance"]),
    ] {
        let mut settings = shared().settings();
        settings.groups.nested = nested;
        let signed = sign_in(&client(settings, READER.1), "alice", PASSWORD).await.unwrap();
        let mut names: Vec<&str> = signed.groups.iter().map(|group| group.name.as_str()).collect();
        names.sort_unstable();
        assert_eq!(names, expected, "{nested:?}");
    }
}

#[tokio::test]
async fn groups_come_with_members_and_circles_are_expanded() {
    close_the_circle();
    let mut settings = shared().settings();
    settings.groups.filter =
        "(&(objectClass=group)(|(cn=everyone)(cn=circle*)(cn=staff)(cn=compliance)))".to_owned();
    settings.page_size = 2;
    let client = client(settings, READER.1);
    let mut grid = Grid::default();
    let (_, people, _) = everybody(&client, false).await;
    people.iter().for_each(|person| grid.person(&person.dn, None));
    all_groups(&client).await.into_iter().for_each(|group| grid.group(group));
    let count = |name: &str| {
        let at = grid.groups().iter().position(|group| group.name == name).unwrap();
        grid.members(at, true).without_account
    };
    assert_eq!(["everyone", "circle1", "circle2", "staff", "compliance"].map(count), [25, 2, 2, 2, 1]);
}

#[tokio::test]
async fn references_of_the_domain_are_reported_and_not_followed() {
    let mut settings = shared().settings();
    settings.people.base = SUFFIX.to_owned();
    settings.page_size = 1_000;
    let mut reader = client(settings, READER.1).people(false, NOW).await.unwrap();
    assert!(reader.next().await.unwrap().unwrap().items.len() > 25);
    assert!(
        reader.references().iter().any(|url| url.contains("DC=corp,DC=example")),
        "{:?}",
        reader.references()
    );
    let mut elsewhere = shared().settings();
    elsewhere.people.base = "DC=other,DC=example".to_owned();
    let error = client(elsewhere, READER.1).people(false, NOW).await.unwrap().next().await.unwrap_err();
    assert!(matches!(error.fault, Fault::Referral { .. } | Fault::BaseNotFound { .. }), "{error:?}");
}

#[tokio::test]
async fn faults_of_an_active_directory_are_told() {
    let error = refused(shared().settings(), "wrong").await;
    let Fault::BindRefused { code: 49, text } = &error.fault else { panic!("{error:?}") };
    assert!(text.contains("data 52e"), "{text}");
    let named = Settings {
        servers: vec![format!("ldaps://{}", shared().address.replace("127.77", "127.078"))],
        ..shared().settings()
    };
    assert!(crate::directory::ldap::Client::new(named, None).is_err());
    let in_clear = Settings { encryption: crate::directory::ldap::Encryption::None, ..shared().start_tls() };
    let error = refused(in_clear, READER.1).await;
    assert!(matches!(error.fault, Fault::ProtectionRequired { code: 8, .. }), "{error:?}");
}

#[tokio::test]
async fn the_test_of_a_connection_shows_people_and_groups() {
    let report = client(shared().settings(), READER.1).test(NOW).await;
    assert!(report.steps.iter().all(|step| matches!(step.outcome, Outcome::Done(_))), "{report:?}");
    let people = report.steps.iter().find(|step| step.task == Task::People).unwrap();
    assert!(matches!(people.outcome, Outcome::Done(Finding::Page { taken: 25.., .. })), "{people:?}");
    assert_eq!(report.people.len(), 5);
}
