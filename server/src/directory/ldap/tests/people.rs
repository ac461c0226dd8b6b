//! Reading everybody from OpenLDAP.

use std::collections::BTreeSet;

use crate::directory::ldap::{Client, Fault, Grid, Group, Person, Photo, Settings, State};

use super::{NOW, client};
use chancery_protocol::ids::{Id, PersonId};
use chancery_tests::samba::base64;
use chancery_tests::slapd::{Options, READER, SUFFIX, Slapd, shared};

/// Everybody, page by page: sizes of the pages, people, reasons of those skipped.
pub async fn everybody(client: &Client, photo: bool) -> (Vec<usize>, Vec<Person>, Vec<String>) {
    let mut reader = client.people(photo, NOW).await.unwrap();
    let (mut pages, mut people, mut skipped) = (Vec::new(), Vec::new(), Vec::new());
    while let Some(page) = reader.next().await.unwrap() {
        pages.push(page.items.len() + page.skipped.len());
        people.extend(page.items);
        skipped.extend(page.skipped.into_iter().map(|skipped| format!("{}: {}", skipped.dn, skipped.why)));
    }
    people.sort_by(|a, b| a.login.cmp(&b.login));
    (pages, people, skipped)
}

pub async fn all_groups(client: &Client) -> Vec<Group> {
    let mut reader = client.groups().await.unwrap();
    let mut groups = Vec::new();
    while let Some(page) = reader.next().await.unwrap() {
        assert_eq!(page.skipped, []);
        groups.extend(page.items);
    }
    groups.sort_by(|a, b| a.name.cmp(&b.name));
    groups
}

#[tokio::test]
async fn a_person_comes_with_everything_that_is_mapped() {
    let mut settings = shared().settings();
    settings.attributes.more = vec!["employeeType".to_owned()];
    let (_, people, skipped) = everybody(&client(settings, READER.1), true).await;
    assert!(skipped.is_empty());
    let [alice, bob, zoe] = &people[..] else { panic!("{people:?}") };
    assert_eq!((alice.login.as_str(), alice.display_name.as_str()), ("alice", "Alice Adams"));
    assert_eq!(alice.dn, format!("uid=alice,ou=people,{SUFFIX}"));
    assert_eq!(alice.email.as_deref(), Some("alice@example.org"));
    assert_eq!(alice.title.as_deref(), Some("Trader"));
    assert_eq!(alice.department.as_deref(), Some("Capital markets"));
    assert_eq!(alice.manager_dn, Some(bob.dn.clone()));
    assert_eq!(alice.phone.as_deref(), Some("+44 20 7946 0000"));
    assert_eq!(alice.photo, Some(Photo::Bytes(b"\xff\xd8\xff\xe0\x00\x10JFIF".to_vec())));
    assert_eq!(alice.more["employeeType"], "private");
    assert_eq!((alice.id.len(), alice.state), (36, State::Active));
    assert!(alice.changed.as_deref().is_some_and(|stamp| stamp.ends_with('Z')), "{:?}", alice.changed);
    assert_eq!(
        (zoe.display_name.as_str(), zoe.email.as_deref(), zoe.photo.as_ref()),
        ("Zoë Üstün", None, None)
    );
    assert_ne!(alice.id, bob.id);
}

#[tokio::test]
async fn more_people_than_a_page_come_in_pages_once_each() {
    let slapd = Slapd::start(Options {
        database: "limits dn.exact=\"cn=reader,dc=example,dc=org\" size.prtotal=unlimited",
        ..Options::default()
    });
    let person = |n: u32| {
        format!(
            "dn: uid=p{n},ou=people,{SUFFIX}\nobjectClass: inetOrgPerson\nuid: p{n}\ncn: Person {n}\nsn: {n}\n"
        )
    };
    let all: Vec<String> = (0..1_203).map(person).collect();
    slapd.add(&all.join("\n"));
    let settings = Settings { page_size: 100, ..slapd.settings() };
    let (pages, people, _) = everybody(&client(settings, READER.1), false).await;
    assert_eq!(people.iter().map(|person| &person.id).collect::<BTreeSet<_>>().len(), 1_203);
    assert_eq!((pages.len(), pages.iter().max()), (13, Some(&100)));
    let (pages, people, _) =
        everybody(&client(Settings { page_size: 1_000, ..slapd.ldaps() }, READER.1), false).await;
    assert_eq!((pages.len(), people.len()), (2, 1_203));
}

#[tokio::test]
async fn a_limit_of_the_server_is_an_error_and_not_the_end() {
    let slapd = Slapd::start(Options {
        global: "sizelimit size.soft=5 size.hard=5 size.prtotal=5",
        ..Options::default()
    });
    let person = |n: u32| {
        format!("dn: uid=p{n},ou=people,{SUFFIX}\nobjectClass: inetOrgPerson\nuid: p{n}\ncn: {n}\nsn: {n}\n")
    };
    slapd.add(&(0..12).map(person).collect::<Vec<_>>().join("\n"));
    let mut reader =
        client(Settings { page_size: 4, ..slapd.settings() }, READER.1).people(false, NOW).await.unwrap();
    let fault = loop {
        match reader.next().await {
            Ok(Some(_)) => {}
            Ok(None) => panic!("read to the end"),
            Err(error) => break error.fault,
        }
    };
    assert_eq!(fault.code(), "size_limit");
    assert!(reader.next().await.unwrap().is_none());
}

/// Names that would be something else if they were not escaped.
const ODD: [&str; 8] = [
    "*",
    "(a)",
    "a)(uid=*",
    "back\\slash",
    "Adams, Zoë \"Q\"",
    "#1 <x>; y=z+w",
    " blank at the ends ",
    "Ünïcödé 🙂/tab\tend",
];

#[tokio::test]
async fn special_characters_come_through_every_field_and_sign_in() {
    let slapd = Slapd::start(Options::default());
    let mut ldif = String::new();
    for (n, odd) in ODD.iter().enumerate() {
        let dn = format!("cn={},ou=people,{SUFFIX}", crate::directory::ldap::dn::value(odd));
        let encoded = base64(odd.as_bytes());
        ldif += &format!(
            "dn:: {}\nobjectClass: inetOrgPerson\ncn:: {encoded}\nsn:: {encoded}\nuid:: {encoded}\ntitle:: {encoded}\n\
             manager:: {}\nemployeeNumber: {n}\nuserPassword:: {encoded}\n\n",
            base64(dn.as_bytes()),
            base64(dn.as_bytes()),
        );
        ldif += &format!(
            "dn:: {}\nobjectClass: groupOfNames\ncn:: {encoded}\ndescription:: {encoded}\nmember:: {}\n\n",
            base64(format!("cn={},ou=groups,{SUFFIX}", crate::directory::ldap::dn::value(odd)).as_bytes()),
            base64(dn.as_bytes())
        );
    }
    slapd.add(&ldif);
    let mut settings = slapd.settings();
    settings.attributes.more = vec!["employeeNumber".to_owned()];
    for nested in [crate::directory::ldap::Nested::None, crate::directory::ldap::Nested::MemberOf] {
        settings.groups.nested = nested;
        let client = client(settings.clone(), READER.1);
        let (_, people, skipped) = everybody(&client, false).await;
        assert_eq!((people.len(), skipped.len()), (ODD.len(), 0), "{skipped:?}");
        for (n, odd) in ODD.iter().enumerate() {
            let person = people.iter().find(|person| person.more["employeeNumber"] == n.to_string()).unwrap();
            assert_eq!((person.login.as_str(), person.title.as_deref()), (odd.trim(), Some(odd.trim())));
            assert_eq!(
                person.manager_dn.as_deref().map(crate::directory::ldap::dn::key),
                Some(crate::directory::ldap::dn::key(&person.dn))
            );
            let signed = client.sign_in(odd, &crate::ground::config::Secret::new(*odd), NOW).await.unwrap();
            assert_eq!(signed.person.id, person.id, "{odd}");
            let names: Vec<&str> = signed.groups.iter().map(|group| group.name.as_str()).collect();
            assert_eq!(names, [odd.trim()], "{nested:?}");
        }
    }
}

#[tokio::test]
async fn entries_without_what_is_needed_are_skipped_with_the_reason() {
    let mut settings = shared().settings();
    settings.attributes.display_name = "title".to_owned();
    let (_, people, skipped) = everybody(&client(settings, READER.1), false).await;
    assert_eq!(people.iter().map(|person| person.login.as_str()).collect::<Vec<_>>(), ["alice"]);
    assert_eq!(skipped.len(), 2);
    assert!(skipped.iter().all(|why| why.contains("`title`")), "{skipped:?}");
}

#[tokio::test]
async fn groups_come_with_members_and_circles_are_expanded() {
    let groups = all_groups(&client(shared().settings(), READER.1)).await;
    let names: Vec<&str> = groups.iter().map(|group| group.name.as_str()).collect();
    assert_eq!(names, ["circle one", "circle two", "compliance", "staff"]);
    assert_eq!(groups[2].description.as_deref(), Some("Those who read"));
    assert_eq!(groups[3].members.len(), 2);
    let mut grid = Grid::default();
    let [alice, bob] = [[1; 16], [2; 16]].map(PersonId::from_bytes);
    for (login, person) in [("alice", alice), ("bob", bob)] {
        grid.person(&format!("uid={login},ou=people,{SUFFIX}"), Some(person));
    }
    groups.into_iter().for_each(|group| grid.group(group));
    for (at, group) in grid.groups().iter().enumerate() {
        let expected = if group.name == "compliance" { vec![alice] } else { vec![alice, bob] };
        assert_eq!(grid.members(at, true).people, BTreeSet::from_iter(expected), "{}", group.name);
    }
}

#[tokio::test]
async fn without_a_base_for_groups_there_are_none() {
    let mut settings = shared().settings();
    settings.groups.base.clear();
    let client = client(settings, READER.1);
    assert!(matches!(client.groups().await.err().unwrap().fault, Fault::BaseNotFound { .. }));
    let signed = client.sign_in("alice", &crate::ground::config::Secret::new("alicepw"), NOW).await.unwrap();
    assert!(signed.groups.is_empty());
}

/// An entry of the directory itself that says: look elsewhere.
#[tokio::test]
async fn a_referral_object_in_the_tree_is_reported_and_nobody_goes_there() {
    let elsewhere = super::scripted::Scripted::silent().await;
    let slapd = Slapd::start(Options::default());
    slapd.add(&format!(
        "dn: ou=far,ou=people,{SUFFIX}\nobjectClass: referral\nobjectClass: extensibleObject\nou: far\nref: ldap://{}/ou=far\n",
        elsewhere.address
    ));
    let mut reader = client(slapd.settings(), READER.1).people(false, NOW).await.unwrap();
    assert_eq!(reader.next().await.unwrap().unwrap().items, []);
    assert_eq!(reader.references().len(), 1);
    let mut settings = slapd.settings();
    settings.people.base = format!("ou=deep,ou=far,ou=people,{SUFFIX}");
    let fault = client(settings, READER.1).people(false, NOW).await.unwrap().next().await.unwrap_err().fault;
    let Fault::Referral { to } = fault else { panic!("{fault:?}") };
    assert!(to[0].contains(&elsewhere.address.to_string()), "{to:?}");
    assert_eq!(elsewhere.connections(), 0);
}
