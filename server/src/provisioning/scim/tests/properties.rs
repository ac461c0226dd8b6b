//! What holds for any input.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::Map;

use super::super::filter::{Field, Filter, Lookup};
use super::super::list::Query;
use super::super::project::Projection;
use super::super::schema::{Returned, fold};
use super::super::tables::COMMON;
use super::*;

const NAMES: &[&str] = &[
    "userName",
    "externalId",
    "id",
    "title",
    "name.givenName",
    "name",
    "emails",
    "emails.value",
    "emails.type",
    "emails.primary",
    "active",
    "meta.created",
    "favourite",
    "members",
    "members.value",
    "displayName",
    "password",
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department",
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager",
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
    "urn:ietf:params:scim:schemas:core:2.0:User:nickName",
];
const PARTS: &[&str] = &["value", "type", "primary", "display", "$ref", "rank"];
const WORDS: &[&str] =
    &["work", "home", "a@b", "True", "false", "ADA", "", "1", "é\"\\", "2011-05-13T04:42:34Z"];

fn kinds() -> impl Strategy<Value = Kind> {
    select(&[Kind::User, Kind::Group])
}

fn literals() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => select(WORDS).prop_map(|word| Value::from(word).to_string()),
        1 => any::<String>().prop_map(|text| Value::from(text).to_string()),
        1 => select(&["true", "false", "null", "7", "-1.5e3"]).prop_map(str::to_owned),
    ]
}

fn terms(names: &'static [&'static str]) -> impl Strategy<Value = String> {
    let op = select(&["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le", "EQ"]);
    prop_oneof![
        1 => select(names).prop_map(|name| format!("{name} pr")),
        4 => (select(names), op, literals()).prop_map(|(name, op, literal)| format!("{name} {op} {literal}")),
    ]
}

fn grouped(terms: impl Strategy<Value = String> + 'static) -> impl Strategy<Value = String> {
    terms.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|f| format!("({f})")),
            inner.clone().prop_map(|f| format!("not ({f})")),
            vec(inner.clone(), 1..4).prop_map(|parts| parts.join(" and ")),
            vec(inner, 1..4).prop_map(|parts| parts.join(" or ")),
        ]
    })
}

/// Filters most of which can be read.
fn filters() -> impl Strategy<Value = String> {
    let within = grouped(terms(PARTS));
    let valued =
        (select(&["emails", "members", "roles"]), within).prop_map(|(name, f)| format!("{name}[{f}]"));
    grouped(prop_oneof![4 => terms(NAMES), 1 => valued])
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        select(WORDS).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        let keys = prop_oneof![select(NAMES), select(PARTS), select(&["givenName", "value", "schemas"])];
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((keys, inner), 0..4).prop_map(|fields| {
                Value::Object(fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
            }),
        ]
    })
}

fn paths() -> impl Strategy<Value = String> {
    let filtered =
        (select(&["emails", "members", "phoneNumbers", "name"]), grouped(terms(PARTS)), select(PARTS))
            .prop_map(|(name, filter, part)| format!("{name}[{filter}].{part}"));
    prop_oneof![
        4 => select(NAMES).prop_map(str::to_owned),
        3 => filtered,
        1 => any::<String>(),
    ]
}

fn element() -> impl Strategy<Value = Value> {
    let label = proptest::option::of(select(&["work", "home", "Work"]));
    (select(WORDS), label, proptest::option::of(any::<bool>()))
        .prop_map(|(word, label, primary)| json!({ "value": word, "type": label, "primary": primary }))
}

/// Operations most of which can be done.
fn sensible() -> impl Strategy<Value = Value> {
    let op = || select(&["add", "Replace"]);
    let write = |(op, path, value): (&str, &str, Value)| json!({ "op": op, "path": path, "value": value });
    let label = select(&["work", "home", "other"]);
    let part = (op(), label, select(&["value", "display", "primary", "type"]), select(WORDS)).prop_map(
        |(op, label, part, word)| {
            let value = if part == "primary" { "True" } else { word };
            json!({ "op": op, "path": format!("emails[type eq \"{label}\"].{part}"), "value": value })
        },
    );
    let text = select(&["title", "name.givenName", "displayName", "emails.type", "externalId"]);
    let several = prop_oneof![element(), vec(element(), 0..3).prop_map(Value::from)];
    prop_oneof![
        (op(), text, select(WORDS).prop_map(Value::from)).prop_map(write),
        (op(), Just("active"), select(&["True", "false"]).prop_map(Value::from)).prop_map(write),
        (op(), Just("emails"), several).prop_map(write),
        (op(), Just("members"), vec(select(&["1", "2", "3"]), 0..3).prop_map(Value::from)).prop_map(write),
        part,
        select(&["title", "emails[type eq \"work\"]", "emails.display", "emails", "members[value eq \"1\"]"])
            .prop_map(|path| json!({ "op": "remove", "path": path })),
        vec(element(), 0..2).prop_map(|value| json!({ "op": "remove", "path": "emails", "value": value })),
    ]
}

fn operations() -> impl Strategy<Value = Value> {
    let op = select(&["add", "replace", "remove", "Add", "Replace", "Remove", "move"]);
    let wild = (op, proptest::option::of(paths()), values()).prop_map(|(op, path, value)| match path {
        Some(path) => json!({ "op": op, "path": path, "value": value }),
        None => json!({ "op": op, "value": value }),
    });
    prop_oneof![
        3 => vec(sensible(), 1..4).prop_map(Value::from),
        1 => vec(wild, 1..5).prop_map(Value::from),
    ]
}

/// Filters of terms that an index can answer.
fn look_ups() -> impl Strategy<Value = String> {
    const INDEXED: &[&str] = &[
        "userName",
        "externalId",
        "displayName",
        "emails",
        "emails[type eq \"work\"].value",
        "members.value",
        "title",
    ];
    const HELD: &[&str] = &["work", "home", "a@b", "ADA", "bob", "1", "2"];
    grouped((select(INDEXED), select(HELD)).prop_map(|(name, word)| format!("{name} eq \"{word}\"")))
}

fn resources() -> impl Strategy<Value = Resource> {
    let emails = vec((select(WORDS), select(&["work", "home", "other"])), 0..4);
    let user = (select(&["ada", "Bob", "é"]), emails, proptest::option::of(any::<bool>()), select(WORDS))
        .prop_map(|(name, emails, active, word)| {
            let emails: Vec<Value> = emails.iter().map(|(v, t)| json!({"value": v, "type": t})).collect();
            let body = json!({"userName": name, "emails": emails, "active": active, "title": word,
                              "externalId": word, "displayName": name, ENTERPRISE: {"department": word}});
            Resource::create(Kind::User, &body).unwrap()
        });
    let group = vec(select(&["1", "2", "3"]), 0..4).prop_map(|members| group(&members));
    prop_oneof![3 => user, 1 => group]
}

/// What normal form means.
fn assert_normal(resource: &Resource) {
    let bare = Resource::create(resource.kind(), &Value::Object(resource.stored())).unwrap();
    let mut again = bare.stored();
    if !resource.stored().contains_key("active") {
        again.remove("active");
    }
    assert_eq!(again, resource.stored());
    for value in resource.body().values().filter_map(Value::as_array) {
        let primary = value.iter().filter(|element| element.get("primary") == Some(&Value::Bool(true)));
        assert!(primary.count() <= 1);
    }
}

fn named(resource: &Resource, field: Field) -> Vec<String> {
    let texts = |name: &str| -> Vec<String> {
        let elements = resource.body().get(name).and_then(Value::as_array);
        elements.into_iter().flatten().filter_map(|e| e["value"].as_str().map(str::to_owned)).collect()
    };
    let own = |name: &str| resource.text(name).map(str::to_owned).into_iter().collect::<Vec<_>>();
    match field {
        Field::Id => own("id"),
        Field::ExternalId => own("externalId"),
        Field::UserName => own("userName").iter().map(|text| fold(text)).collect(),
        Field::DisplayName => own("displayName").iter().map(|text| fold(text)).collect(),
        Field::Email => texts("emails").iter().map(|text| fold(text)).collect(),
        Field::Member => texts("members"),
        Field::Group => texts("groups"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_filter_is_what_it_prints(kind in kinds(), text in filters()) {
        if let Ok(filter) = Filter::parse(kind, &text) {
            prop_assert_eq!(Filter::parse(kind, &filter.to_string()).unwrap(), filter);
        }
    }

    #[test]
    fn not_turns_a_filter_round(resource in resources(), text in filters()) {
        let kind = resource.kind();
        if let (Ok(filter), Ok(not)) = (Filter::parse(kind, &text), Filter::parse(kind, &format!("not ({text})"))) {
            prop_assert_ne!(filter.matches(&resource), not.matches(&resource));
        }
    }

    #[test]
    fn a_look_up_misses_nothing(resource in resources(), text in look_ups()) {
        if let Ok(filter) = Filter::parse(resource.kind(), &text)
            && let Some(Lookup { field, value }) = filter.lookup()
            && filter.matches(&resource)
        {
            prop_assert!(named(&resource, field).contains(&value), "{filter}");
        }
    }

    #[test]
    fn no_text_is_too_strange_for_a_filter(kind in kinds(), text in any::<String>(), resource in resources()) {
        if let Ok(filter) = Filter::parse(kind, &text) {
            filter.matches(&resource);
        }
    }

    #[test]
    fn no_scraps_are_too_strange_for_a_filter(
        kind in kinds(),
        scraps in vec(select(&["(", ")", "[", "]", "not", "and", "or", "\"", "\\", " ", "eq", "pr", "emails",
                               "type", ".", "é", "true", ":", "$ref"]), 0..60),
    ) {
        let _ = Filter::parse(kind, &scraps.concat());
        let _ = Filter::parse(kind, &scraps.join(" "));
    }

    #[test]
    fn a_change_is_whole_or_not_at_all(resource in resources(), operations in operations()) {
        let before = resource.clone();
        let outcome = patched(&resource, operations);
        prop_assert_eq!(&resource, &before);
        if let Ok(outcome) = outcome {
            assert_normal(&outcome.resource);
            prop_assert!(outcome.changed || outcome.resource.stored().len() == before.stored().len());
        }
    }

    #[test]
    fn replacing_and_removing_twice_is_doing_it_once(
        resource in resources(), op in select(&["replace", "remove"]), path in select(NAMES), value in values(),
    ) {
        let operation = json!([{ "op": op, "path": path, "value": value }]);
        if let Ok(once) = patched(&resource, operation.clone()) {
            let twice = patched(&once.resource, operation).unwrap();
            prop_assert!(!twice.changed);
        }
    }

    #[test]
    fn setting_what_a_filter_names_twice_is_doing_it_once(
        resource in resources(), name in select(&["emails", "phoneNumbers"]),
        label in select(&["work", "home"]), part in select(&["value", "display", "primary"]), word in select(WORDS),
    ) {
        let path = format!("{name}[type eq \"{label}\"].{part}");
        let operation = json!([{ "op": "replace", "path": path, "value": word }]);
        if let Ok(once) = patched(&resource, operation.clone()) {
            let twice = patched(&once.resource, operation).map(|outcome| outcome.changed);
            prop_assert_eq!(twice, Ok(false));
        }
    }

    #[test]
    fn putting_twice_is_putting_once(resource in resources(), input in values()) {
        let mut input = input;
        if let Value::Object(fields) = &mut input {
            fields.insert("userName".into(), "ada".into());
            fields.insert("displayName".into(), "Desk".into());
        }
        if let Ok(once) = resource.replace(&input) {
            assert_normal(&once.resource);
            prop_assert!(!once.resource.replace(&input).unwrap().changed);
        }
    }

    #[test]
    fn no_body_is_too_strange(kind in kinds(), body in values()) {
        let _ = Resource::create(kind, &body);
        let _ = Patch::parse(kind, &body);
        let _ = Patch::parse(kind, &json!({ "Operations": body }));
        if let Ok(query) = Query::from_body(&body) {
            let _ = query.plan(kind);
        }
    }

    #[test]
    fn errors_are_of_the_clients_making(resource in resources(), operations in operations()) {
        if let Err(error) = patched(&resource, operations) {
            prop_assert_eq!(error.status, 400);
            prop_assert!(error.scim_type.is_some());
        }
    }

    #[test]
    fn a_projection_only_leaves_out(
        resource in resources(), attributes in vec(select(NAMES), 0..4), excluded in vec(select(NAMES), 0..4),
    ) {
        let Ok(projection) = Projection::new(resource.kind(), &attributes, &excluded) else { return Ok(()) };
        let seen = projection.apply(&resource);
        prop_assert!(part_of(&seen, &Value::Object(resource.body().clone())));
        for always in COMMON.iter().filter(|row| row.returned == Returned::Always) {
            prop_assert_eq!(seen.get(always.name), resource.body().get(always.name));
        }
    }

    #[test]
    fn strangers_in_a_stored_body_are_never_shown(
        resource in resources(), attributes in vec(select(NAMES), 0..4), secret in "hush[a-z]{4}",
    ) {
        let mut body: Map<String, Value> = resource.stored();
        body.insert("password".into(), secret.clone().into());
        body.insert("favourite".into(), secret.clone().into());
        body.insert("emails".into(), json!([{"value": "a@b", "password": secret}]));
        let resource = Resource::from_stored(resource.kind(), body);
        let projection = Projection::new(resource.kind(), &attributes, &[]).unwrap();
        prop_assert!(!projection.apply(&resource).to_string().contains(&secret));
    }
}

fn part_of(part: &Value, whole: &Value) -> bool {
    match (part, whole) {
        (Value::Object(part), Value::Object(whole)) => {
            part.iter().all(|(key, value)| whole.get(key).is_some_and(|whole| part_of(value, whole)))
        }
        (Value::Array(part), Value::Array(whole)) => {
            part.iter().all(|value| whole.iter().any(|whole| part_of(value, whole)))
        }
        _ => part == whole,
    }
}
