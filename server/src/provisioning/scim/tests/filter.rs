//! What filters mean, and which are none.

use super::super::filter::{Field, Filter, Lookup};
use super::super::resource::Meta;
use super::*;

fn ada() -> Resource {
    let mut made = Resource::create(
        Kind::User,
        &json!({
            "userName": "Ada@Example.com", "externalId": "E1", "title": "Clerk",
            "name": {"familyName": "Lovelace", "givenName": "Ada"},
            "emails": [{"value": "ada@work.example", "type": "work", "primary": true},
                       {"value": "ada@home.example", "type": "home"}],
            ENTERPRISE: {"department": "Maths", "manager": {"value": "42"}},
        }),
    )
    .unwrap();
    made.set_id("aB1");
    made.set_meta(&Meta {
        created: "2011-05-13T04:42:34Z",
        last_modified: "2012-05-13T04:42:34.5Z",
        version: "W/\"3\"",
    });
    made
}

fn fits(filter: &str) -> bool {
    Filter::parse(Kind::User, filter).unwrap_or_else(|error| panic!("{filter}: {error}")).matches(&ada())
}

#[test]
fn comparisons_say_what_they_say() {
    for filter in [
        r#"userName eq "ADA@example.COM""#,
        r#"USERNAME Eq "ada@example.com""#,
        r#"userName sw "ada@" and userName ew ".com" and userName co "EXAMPLE""#,
        r#"userName ge "ada@example.com" and userName le "ada@example.com""#,
        r#"userName gt "aaa" and userName lt "b""#,
        r#"userName ne "bob""#,
        r#"name.familyName co "love""#,
        r#"urn:ietf:params:scim:schemas:core:2.0:User:userName sw "ada""#,
        r#"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq "maths""#,
        r#"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager eq "42""#,
        r#"externalId eq "E1" and id eq "aB1""#,
        r#"not (externalId eq "e1") and not(id eq "ab1")"#,
        "active eq true",
        r#"active eq "True" and active ne False"#,
        "title pr and not (nickName pr) and name pr and emails pr",
        r#"nickName ne "x" and nickName eq null and title ne null"#,
        r#"emails co "@home" and emails.value eq "ADA@work.example""#,
        r#"emails[type eq "work" and value co "@work"]"#,
        r#"emails[type eq "work"].value eq "ada@work.example""#,
        r#"emails[not (type eq "work")]"#,
        r#"emails[primary eq true]"#,
        r#"meta.lastModified gt "2012-05-13T04:42:34Z""#,
        r#"meta.lastModified eq "2012-05-13T06:42:34.500+02:00""#,
        r#"meta.created lt "2011-05-13T04:42:35Z" and meta.resourceType eq "User""#,
        r#"title eq "x" or title eq "y" and title eq "z" or title eq "clerk""#,
        r#"schemas eq "urn:ietf:params:scim:schemas:core:2.0:User""#,
    ] {
        assert!(fits(filter), "{filter}");
    }
}

#[test]
fn comparisons_do_not_say_more() {
    for filter in [
        r#"externalId eq "e1""#,
        r#"id sw "AB""#,
        r#"emails[type eq "home" and value co "@work"]"#,
        r#"emails[type eq "home"].value eq "ada@work.example""#,
        r#"phoneNumbers[type eq "work"]"#,
        r#"phoneNumbers co "1""#,
        r#"favourite eq "tea""#,
        "favourite pr",
        r#"nickName lt "z""#,
        r#"title eq "clerk" and (title eq "x" or title eq "y")"#,
        r#"meta.created gt "2011-05-13T04:42:34Z""#,
        r#"password eq "hush""#,
        "addresses pr",
    ] {
        assert!(!fits(filter), "{filter}");
    }
    let groups = Filter::parse(Kind::Group, r#"displayName pr"#).unwrap();
    assert!(!groups.matches(&ada()), "a filter for groups finds no users");
}

#[test]
fn what_cannot_be_compared_is_refused() {
    for filter in [
        "",
        " ",
        "userName",
        "userName eq",
        "userName is \"x\"",
        "userName eq x",
        "userName eq 'x'",
        "userName eq \"x",
        r#"userName eq "\q""#,
        "userName eq \"a\nb\"",
        "userName eq true",
        "userName eq 5",
        "userName gt null",
        "active gt true",
        "active co \"r\"",
        "active eq \"maybe\"",
        "active eq 1",
        "meta.created eq \"yesterday\"",
        "meta.created co \"2011-05-13T04:42:34Z\"",
        "meta.created eq true",
        "name eq \"Ada\"",
        "meta eq \"x\"",
        "(userName pr",
        "userName pr)",
        "userName pr and",
        "or userName pr",
        "not userName pr",
        "userName pr userName pr",
        "userName[value eq \"x\"]",
        "name[givenName eq \"x\"]",
        "emails[type eq \"work\"",
        "emails[]",
        "emails[emails[type pr]]",
        "emails[type pr].",
        "emails[type pr].value",
        "emails.value[type pr]",
        "[type pr]",
        "\u{0}",
        "é pr",
    ] {
        let error = Filter::parse(Kind::User, filter).unwrap_err();
        assert_eq!((error.status, error.scim_type), (400, Some(ScimType::InvalidFilter)), "{filter}");
    }
}

#[test]
fn filters_have_bounds() {
    let deep = |n: usize| format!("{}title pr{}", "(".repeat(n), ")".repeat(n));
    assert!(Filter::parse(Kind::User, &deep(15)).is_ok());
    assert!(Filter::parse(Kind::User, &deep(16)).is_err());
    assert!(Filter::parse(Kind::User, &"(".repeat(8_000)).is_err());
    assert!(Filter::parse(Kind::User, &"not (".repeat(1_600)).is_err());
    let terms = |n: usize| vec!["title pr"; n].join(" or ");
    assert!(Filter::parse(Kind::User, &terms(100)).is_ok());
    assert!(Filter::parse(Kind::User, &terms(101)).is_err());
    let long = |n: usize| format!("title eq \"{}\"", "x".repeat(n));
    assert!(Filter::parse(Kind::User, &long(8_192 - 11)).is_ok());
    assert!(Filter::parse(Kind::User, &long(8_192 - 10)).is_err());
}

#[test]
fn errors_do_not_repeat_what_was_looked_for() {
    for filter in [r#"active eq "hush-hush""#, r#"userName is "hush-hush""#, r#"meta.created eq "hush-hush""#]
    {
        let error = Filter::parse(Kind::User, filter).unwrap_err();
        assert!(!error.detail.contains("hush"), "{error}");
    }
}

#[test]
fn look_ups_are_recognised() {
    let lookup = |kind, filter: &str| Filter::parse(kind, filter).unwrap().lookup();
    let found = |field, value: &str| Some(Lookup { field, value: value.into() });
    for (filter, expected) in [
        (r#"userName eq "ADA""#, found(Field::UserName, "ada")),
        (r#"(externalId eq "E1")"#, found(Field::ExternalId, "E1")),
        (r#"id eq "aB""#, found(Field::Id, "aB")),
        (r#"displayName eq "Ada L""#, found(Field::DisplayName, "ada l")),
        (r#"emails.value eq "A@B""#, found(Field::Email, "a@b")),
        (r#"emails eq "A@B""#, found(Field::Email, "a@b")),
        (r#"emails[type eq "work"].value eq "A@B""#, found(Field::Email, "a@b")),
        (r#"emails[value eq "A@B" and type eq "work"]"#, found(Field::Email, "a@b")),
        (r#"title eq "x" and userName eq "ada""#, found(Field::UserName, "ada")),
        (r#"groups.value eq "G""#, found(Field::Group, "G")),
        (r#"userName eq "a" or userName eq "b""#, None),
        (r#"not (userName eq "a")"#, None),
        (r#"userName ne "a""#, None),
        (r#"userName eq null"#, None),
        (r#"emails[type eq "work" or value eq "a"]"#, None),
        (r#"phoneNumbers[value eq "a"]"#, None),
    ] {
        assert_eq!(lookup(Kind::User, filter), expected, "{filter}");
    }
    for filter in [r#"members.value eq "U""#, r#"members eq "U""#, r#"members[value eq "U"]"#] {
        assert_eq!(lookup(Kind::Group, filter), found(Field::Member, "U"), "{filter}");
    }
    let both = r#"id eq "G" and members[value eq "U"]"#;
    assert_eq!(lookup(Kind::Group, both), found(Field::Id, "G"));
}

#[test]
fn filters_print_as_they_are_read() {
    for (filter, printed) in [
        (r#"USERNAME EQ "a\"b""#, r#"userName eq "a\"b""#),
        ("(title pr)", "title pr"),
        (
            "title pr AND (active eq True or not (locale pr)) or id pr",
            "title pr and (active eq true or not (locale pr)) or id pr",
        ),
        (r#"emails[TYPE eq "w"].value pr"#, r#"emails[type eq "w" and value pr]"#),
        (r#"emails eq "x""#, r#"emails.value eq "x""#),
    ] {
        assert_eq!(Filter::parse(Kind::User, filter).unwrap().to_string(), printed);
    }
}
