//! Queries and pages.

use super::super::MAX_RESULTS;
use super::super::list::{Page, Query, list_response};
use super::super::resource::Meta;
use super::*;

fn people() -> Vec<Resource> {
    let rows = [
        ("b", Some("Zed"), "2011-05-13T04:42:34Z"),
        ("A", None, "2011-05-13T05:42:34+02:00"),
        ("c", Some("ann"), "2010-05-13T04:42:34Z"),
    ];
    rows.iter()
        .enumerate()
        .map(|(at, (name, nick, created))| {
            let mut made = Resource::create(
                Kind::User,
                &json!({
                    "userName": name, "nickName": nick,
                    "emails": [{"value": format!("z{at}")}, {"value": format!("{name}@x"), "primary": true}],
                }),
            )
            .unwrap();
            made.set_id(&at.to_string());
            made.set_meta(&Meta { created, last_modified: created, version: "v" });
            made
        })
        .collect()
}

fn names(query: &[(&str, &str)]) -> (usize, String) {
    let query = Query::from_pairs(query.iter().copied()).unwrap();
    let listing = query.plan(Kind::User).unwrap().run(&people(), query.page);
    let names: Vec<&str> = listing.resources.iter().filter_map(|found| found["userName"].as_str()).collect();
    (listing.total, names.join(" "))
}

fn page(query: &[(&str, &str)]) -> Page {
    Query::from_pairs(query.iter().copied()).unwrap().page
}

#[test]
fn pages_are_counted_from_one_and_bounded() {
    assert_eq!(page(&[]), Page { start_index: 1, count: MAX_RESULTS });
    assert_eq!(page(&[("startIndex", "0"), ("count", "-3")]), Page { start_index: 1, count: 0 });
    assert_eq!(
        page(&[("STARTINDEX", "-5"), ("Count", "99999")]),
        Page { start_index: 1, count: MAX_RESULTS }
    );
    assert_eq!(page(&[("startIndex", "7"), ("count", "2")]), Page { start_index: 7, count: 2 });
    for wrong in [("startIndex", "one"), ("count", "1.5"), ("count", ""), ("sortOrder", "sideways")] {
        let error = Query::from_pairs([wrong]).unwrap_err();
        assert_eq!(error.scim_type, Some(ScimType::InvalidValue), "{wrong:?}");
    }
}

#[test]
fn the_total_is_of_all_that_was_found() {
    assert_eq!(names(&[]), (3, "b A c".into()));
    assert_eq!(names(&[("startIndex", "2"), ("count", "1")]), (3, "A".into()));
    assert_eq!(names(&[("count", "0")]), (3, String::new()));
    assert_eq!(names(&[("startIndex", "9")]), (3, String::new()));
    assert_eq!(names(&[("filter", "nickName pr"), ("count", "1")]), (2, "b".into()));
    let nowhere = Page { start_index: 0, count: 1 };
    let listing = Query::default().plan(Kind::User).unwrap().run(&people(), nowhere);
    assert_eq!((listing.total, listing.resources.len()), (3, 1));
}

#[test]
fn order_is_by_value_and_what_is_missing_comes_last() {
    assert_eq!(names(&[("sortBy", "userName")]).1, "A b c");
    assert_eq!(names(&[("sortBy", "userName"), ("sortOrder", "Descending")]).1, "c b A");
    assert_eq!(names(&[("sortBy", "nickName")]).1, "c b A");
    assert_eq!(names(&[("sortBy", "nickName"), ("sortOrder", "descending")]).1, "A b c");
    assert_eq!(names(&[("sortBy", "meta.created")]).1, "c A b");
    assert_eq!(names(&[("sortBy", "emails")]).1, "A b c");
    assert_eq!(names(&[("sortBy", "favourite")]).1, "b A c");
    assert_eq!(names(&[("sortBy", "name")]).1, "b A c");
}

#[test]
fn a_body_asks_the_same() {
    let query = Query::from_body(&json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],
        "attributes": ["userName"], "filter": "nickName pr", "sortBy": "userName", "sortOrder": "descending",
        "startIndex": 1, "count": 10, "excludedAttributes": null,
    }))
    .unwrap();
    let pairs = [
        ("attributes", "userName"),
        ("filter", "nickName pr"),
        ("sortBy", "userName"),
        ("sortOrder", "descending"),
        ("startIndex", "1"),
        ("count", "10"),
        ("excludedAttributes", ""),
    ];
    let plan = query.plan(Kind::User).unwrap();
    assert_eq!(plan, Query::from_pairs(pairs).unwrap().plan(Kind::User).unwrap());
    let listing = plan.run(&people(), query.page);
    assert_eq!(listing.resources[0], json!({"schemas": [USER], "id": "2", "userName": "c"}));
    for (body, expected) in [
        (json!([]), ScimType::InvalidSyntax),
        (json!({"schemas": [USER]}), ScimType::InvalidSyntax),
        (json!({"count": "many"}), ScimType::InvalidValue),
        (json!({"count": {}}), ScimType::InvalidValue),
        (json!({"attributes": [7]}), ScimType::InvalidValue),
        (json!({"filter": 7}), ScimType::InvalidValue),
    ] {
        assert_eq!(Query::from_body(&body).unwrap_err().scim_type, Some(expected), "{body}");
    }
}

#[test]
fn one_query_is_put_to_both_kinds() {
    let query = Query::from_pairs([("filter", "userName eq \"b\" or displayName eq \"desk\"")]).unwrap();
    assert_eq!(query.plan(Kind::User).unwrap().run(&people(), query.page).total, 1);
    assert_eq!(query.plan(Kind::Group).unwrap().run(&[group(&[])], query.page).total, 1);
}

#[test]
fn an_answer_says_how_many_there_are() {
    let answer = list_response(9, 3, vec![json!({}), json!({})]);
    let expected = json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
                          "totalResults": 9, "startIndex": 3, "itemsPerPage": 2, "Resources": [{}, {}]});
    assert_eq!(answer, expected);
}
