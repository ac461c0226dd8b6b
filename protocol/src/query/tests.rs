use proptest::prelude::*;

use super::*;

fn word(text: &str) -> Query {
    Query::Word(text.to_owned())
}

fn phrase(text: &str) -> Query {
    Query::Phrase(text.to_owned())
}

fn read(text: &str) -> Query {
    parse(text).unwrap_or_else(|error| panic!("{text}: {error}")).unwrap_or_else(|| panic!("{text}: nothing"))
}

fn not(query: Query) -> Query {
    Query::Not(Box::new(query))
}

#[test]
fn words_beside_each_other_must_all_be_there() {
    assert_eq!(read("alder"), word("alder"));
    assert_eq!(read(" alder  price "), Query::And(vec![word("alder"), word("price")]));
    assert_eq!(read("alder AND price"), read("alder price"));
    assert_eq!(parse(" \t"), Ok(None));
}

#[test]
fn or_binds_weaker_than_and() {
    let want = Query::Or(vec![Query::And(vec![word("a"), word("b")]), word("c")]);
    assert_eq!(read("a b OR c"), want);
    assert_eq!(read("a (b OR c)"), Query::And(vec![word("a"), Query::Or(vec![word("b"), word("c")])]));
    assert_eq!(read("(a OR b) OR c"), Query::Or(vec![word("a"), word("b"), word("c")]));
    assert_eq!(read("a or b"), Query::And(vec![word("a"), word("or"), word("b")]), "small letters are words");
}

#[test]
fn a_hyphen_says_not_only_before_something() {
    assert_eq!(read("a -b"), Query::And(vec![word("a"), not(word("b"))]));
    assert_eq!(read("NOT b"), read("-b"));
    assert_eq!(read("-(a OR b)"), not(Query::Or(vec![word("a"), word("b")])));
    assert_eq!(read("-\"a b\""), not(phrase("a b")));
    assert_eq!(read("a-b"), word("a-b"));
    assert_eq!(read("a - b"), Query::And(vec![word("a"), word("-"), word("b")]));
    assert_eq!(read("--force"), word("--force"));
}

#[test]
fn quotation_marks_hold_phrases_together() {
    assert_eq!(read("\"price  talk\""), phrase("price talk"));
    assert_eq!(read("„Der Vertrag“ jetzt"), Query::And(vec![phrase("Der Vertrag"), word("jetzt")]));
    assert_eq!(read("\"a AND (b\""), phrase("a AND (b"));
    assert_eq!(read("19\" Bildschirm"), Query::And(vec![word("19\""), word("Bildschirm")]));
}

#[test]
fn parentheses_inside_of_words_belong_to_them() {
    assert_eq!(read("main()"), word("main()"));
    assert_eq!(read("(main() OR b)"), Query::Or(vec![word("main()"), word("b")]));
    assert_eq!(read("a(b"), word("a(b"));
}

#[test]
fn errors_carry_the_place() {
    for (text, wrong, at) in [
        ("a \"b", Wrong::OpenQuote, 2),
        ("ä (b OR c", Wrong::OpenParenthesis, 3),
        ("a )", Wrong::StrayParenthesis, 2),
        ("a ()", Wrong::Empty, 2),
        ("a \" \"", Wrong::Empty, 2),
        ("OR b", Wrong::LonelyOperator, 0),
        ("a OR", Wrong::LonelyOperator, 2),
        ("a AND", Wrong::LonelyOperator, 2),
        ("a AND OR b", Wrong::LonelyOperator, 6),
        ("NOT", Wrong::LonelyOperator, 0),
        ("(a AND ) b", Wrong::LonelyOperator, 7),
    ] {
        assert_eq!(parse(text), Err(QueryError { wrong, at }), "{text}");
    }
    assert_eq!(parse(&"ä".repeat(1_001)), Err(QueryError { wrong: Wrong::TooLong, at: 2_000 }));
    assert_eq!(parse(&"a ".repeat(51)), Err(QueryError { wrong: Wrong::TooComplex, at: 100 }));
    assert!(parse(&"(".repeat(900)).is_err());
    assert!(parse(&format!("{}a{}", "(".repeat(30), ")".repeat(30))).is_err());
}

fn leaf() -> impl Strategy<Value = Query> {
    prop_oneof![
        "[a-zäß0-9][a-z@.()\"-]{0,6}".prop_filter_map("a word that stands alone", |text| {
            (super::word(&text, true) == text).then(|| word(&text))
        }),
        "[a-zA-Z()-]{1,5}( [a-zOR()-]{1,5}){0,2}".prop_map(|text| phrase(&text)),
    ]
}

fn any_query() -> impl Strategy<Value = Query> {
    leaf().prop_recursive(4, 20, 4, |inner| {
        prop_oneof![
            inner.clone().prop_map(not),
            proptest::collection::vec(inner.clone(), 2..4).prop_map(|all| {
                let mut flat = Vec::new();
                for query in all {
                    match query {
                        Query::And(inner) => flat.extend(inner),
                        other => flat.push(other),
                    }
                }
                Query::And(flat)
            }),
            proptest::collection::vec(inner, 2..4).prop_map(|any| {
                let mut flat = Vec::new();
                for query in any {
                    match query {
                        Query::Or(inner) => flat.extend(inner),
                        other => flat.push(other),
                    }
                }
                Query::Or(flat)
            }),
        ]
    })
}

proptest! {
    #[test]
    fn reading_never_panics_and_errors_stand_on_characters(text in any::<String>()) {
        if let Err(error) = parse(&text) {
            prop_assert!(text.is_char_boundary(error.at));
        }
    }

    #[test]
    fn what_was_read_is_read_again_the_same(
        text in "([a-z()\"-]{1,4}|AND|OR|NOT| |\\(|\\)|\"){0,16}"
    ) {
        if let Ok(Some(query)) = parse(&text) {
            prop_assert_eq!(parse(&query.to_string()), Ok(Some(query)));
        }
    }

    #[test]
    fn every_tree_is_printed_and_read_again(query in any_query()) {
        prop_assert_eq!(parse(&query.to_string()), Ok(Some(query.clone())), "{}", query);
    }
}
