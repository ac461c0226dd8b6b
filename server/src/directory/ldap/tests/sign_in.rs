//! Proving passwords against OpenLDAP.

use crate::directory::ldap::{Client, Nested, NotSignedIn, Refusal, SignedIn};
use crate::ground::config::Secret;

use super::{NOW, client};
use chancery_tests::slapd::{Options, READER, SUFFIX, Slapd, shared};

/// Signs in, or says why not.
pub async fn sign_in(client: &Client, login: &str, password: &str) -> Result<SignedIn, Refusal> {
    match client.sign_in(login, &Secret::new(password), NOW).await {
        Ok(signed) => Ok(signed),
        Err(NotSignedIn::Refused(refusal)) => Err(refusal),
        Err(NotSignedIn::Failed(error)) => panic!("{login}: {error}"),
    }
}

#[tokio::test]
async fn only_the_right_password_of_the_right_person_signs_in() {
    for settings in [shared().settings(), shared().ldaps()] {
        let client = client(settings, READER.1);
        let signed = sign_in(&client, " Alice ", "alicepw").await.unwrap();
        assert_eq!((signed.person.login.as_str(), signed.person.photo), ("alice", None));
        for (login, password, refusal) in [
            ("alice", "bobpw", Refusal::WrongPassword),
            ("alice", "alicepw ", Refusal::WrongPassword),
            ("nobody", "alicepw", Refusal::NobodyFound),
            ("*", "alicepw", Refusal::NobodyFound),
            ("alice)(uid=*", "alicepw", Refusal::NobodyFound),
            ("al*", "alicepw", Refusal::NobodyFound),
            ("alice\0", "alicepw", Refusal::NobodyFound),
            (&"a".repeat(300), "alicepw", Refusal::NobodyFound),
            ("alice", "", Refusal::EmptyPassword),
        ] {
            assert_eq!(sign_in(&client, login, password).await.err(), Some(refusal), "{login}");
        }
    }
}

#[tokio::test]
async fn questions_can_be_asked_by_tasks_that_move_between_threads() {
    let client = client(shared().settings(), READER.1);
    let (one, two, three) = (client.clone(), client.clone(), client);
    let signed = tokio::spawn(async move { sign_in(&one, "alice", "alicepw").await.is_ok() });
    let read = tokio::spawn(async move { two.groups().await.unwrap().next().await.unwrap().is_some() });
    let tested = tokio::spawn(async move { three.test(NOW).await.server.is_some() });
    assert!(signed.await.unwrap() && read.await.unwrap() && tested.await.unwrap());
}

#[tokio::test]
async fn a_login_of_two_people_is_nobodys() {
    let mut settings = shared().settings();
    settings.people.login_filter = "(|(uid={login})(objectClass=person))".to_owned();
    let client = client(settings, READER.1);
    assert_eq!(sign_in(&client, "alice", "alicepw").await.err(), Some(Refusal::SeveralFound));
}

#[tokio::test]
async fn who_does_not_match_the_filter_for_people_cannot_sign_in() {
    let mut settings = shared().settings();
    settings.people.filter = "(mail=*)".to_owned();
    let client = client(settings, READER.1);
    assert!(sign_in(&client, "alice", "alicepw").await.is_ok());
    assert_eq!(sign_in(&client, "bob", "bobpw").await.err(), Some(Refusal::NobodyFound));
}

#[tokio::test]
async fn groups_within_groups_are_found_level_by_level_or_as_the_directory_keeps_them() {
    for (nested, expected) in [
        (Nested::None, vec!["circle one", "circle two", "compliance", "staff"]),
        (Nested::MemberOf, vec!["compliance"]),
    ] {
        let mut settings = shared().settings();
        settings.groups.nested = nested;
        // Smaller than the number of groups, so that they come in pages.
        settings.page_size = 1;
        let signed = sign_in(&client(settings, READER.1), "alice", "alicepw").await.unwrap();
        let mut names: Vec<&str> = signed.groups.iter().map(|group| group.name.as_str()).collect();
        names.sort_unstable();
        assert_eq!(names, expected, "{nested:?}");
        assert!(signed.groups.iter().all(|group| group.members.is_empty() && group.id.len() == 36));
    }
}

#[tokio::test]
async fn groups_outside_the_base_or_the_filter_count_for_nothing() {
    let mut settings = shared().settings();
    settings.groups.base = format!("cn=staff,ou=groups,{SUFFIX}");
    settings.groups.nested = Nested::MemberOf;
    let signed = sign_in(&client(settings.clone(), READER.1), "alice", "alicepw").await.unwrap();
    assert_eq!(signed.groups, []);
    settings.groups.base = format!("ou=groups,{SUFFIX}");
    settings.groups.filter = "(&(objectClass=groupOfNames)(cn=staff))".to_owned();
    let signed = sign_in(&client(settings, READER.1), "alice", "alicepw").await.unwrap();
    assert_eq!(signed.groups, []);
}

const POLICY: &str = "overlay ppolicy
ppolicy_default cn=policy,dc=example,dc=org
ppolicy_use_lockout
";

fn person(login: &str, more: &str) -> String {
    format!(
        "dn: uid={login},ou=people,{SUFFIX}\nobjectClass: inetOrgPerson\nuid: {login}\ncn: {login}\nsn: {login}\n\
         userPassword: right\n{more}\n"
    )
}

#[tokio::test]
async fn accounts_under_a_password_policy_are_refused_with_the_reason() {
    let slapd = Slapd::start(Options { database: POLICY, ..Options::default() });
    slapd.add(&format!(
        "dn: cn=policy,{SUFFIX}\nobjectClass: device\nobjectClass: pwdPolicy\ncn: policy\npwdAttribute: userPassword\n\
         pwdLockout: TRUE\npwdMaxFailure: 3\npwdLockoutDuration: 0\npwdMustChange: TRUE\n"
    ));
    for login in ["fine", "tries", "locked", "reset"] {
        slapd.add(&person(login, ""));
    }
    let change = |login: &str, name: &str, value: &str| {
        let dn = format!("uid={login},ou=people,{SUFFIX}");
        slapd.modify(&format!("dn: {dn}\nchangetype: modify\nreplace: {name}\n{name}: {value}\n"));
    };
    change("locked", "pwdAccountLockedTime", "000001010000Z");
    change("reset", "pwdReset", "TRUE");
    let client = client(slapd.settings(), READER.1);
    assert!(sign_in(&client, "fine", "right").await.is_ok());
    for _ in 0..3 {
        assert_eq!(sign_in(&client, "tries", "wrong").await.err(), Some(Refusal::WrongPassword));
    }
    assert_eq!(sign_in(&client, "tries", "right").await.err(), Some(Refusal::Locked));
    assert!(matches!(
        sign_in(&client, "locked", "right").await.err(),
        Some(Refusal::Locked | Refusal::Disabled)
    ));
    assert_eq!(sign_in(&client, "reset", "right").await.err(), Some(Refusal::MustChangePassword));
    let (_, people, _) = super::people::everybody(&client, false).await;
    let states: Vec<(&str, crate::directory::ldap::State)> =
        people.iter().map(|person| (person.login.as_str(), person.state)).collect();
    assert_eq!(
        states,
        [
            ("fine", crate::directory::ldap::State::Active),
            ("locked", crate::directory::ldap::State::Disabled),
            ("reset", crate::directory::ldap::State::Active),
            ("tries", crate::directory::ldap::State::Locked),
        ]
    );
}
