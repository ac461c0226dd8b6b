//! Texts that are made to cost time cost it in proportion to their length. Nothing is timed: each is so long that a
//! test of work that grows with the square would not come to its end. `cargo bench` prints how long they take.

#![expect(clippy::unwrap_used, reason = "what does not compile fails the test")]

use chancery_screening::fuzz::adversarial;
use chancery_screening::{MAX_SPANS, Outcome, Pack, Set, TextKind};

fn set() -> Set {
    let pack = r#"
        id = "p"
        name = "P"
        [[rules]]
        id = "r"
        name = "R"
        why = "W"
        ask = "A"
        outcome = "flag"
        severity = "low"
        unless = ["buy low", "aa aa"]
        match = '''
        buy OR *aa* OR "aa? b*b*" OR aaaaaa OR (aa NEAR/9 bb) OR (bu* AND NOT never) OR /(?:a+)+b{3}/ OR /(?:x|xx)*y{3}/ OR /a.*b.*c.*d/
        OR detect:card OR detect:iban OR detect:secret OR detect:email OR detect:phone OR detect:it-cf OR detect:pl-pesel
        '''
    "#;
    Set::compile(&[Pack::from_toml(pack).unwrap()]).unwrap()
}

#[test]
fn adversarial_texts_end() {
    let set = set();
    for (name, text) in adversarial(512 * 1024) {
        assert!(text.len() >= 512 * 1024, "{name}");
        for finding in set.screen(&text, TextKind::Message) {
            assert!(finding.spans.len() <= MAX_SPANS, "{name}");
            assert!(finding.spans.iter().all(|span| text.get(span.clone()).is_some()), "{name}");
        }
    }
}

#[test]
fn a_million_alternations_are_refused_with_the_reason() {
    let mut pack = Pack::from_toml(
        "id = 'p'\nname = 'P'\n[[rules]]\nid = 'r'\nname = 'R'\nwhy = 'W'\nask = 'A'\noutcome = 'block'\n\
         severity = 'low'\nmatch = 'x'",
    )
    .unwrap();
    assert_eq!(pack.rules[0].outcome, Outcome::Block);
    for (expression, part) in [
        (format!("/{}/", vec!["abc"; 1_000_000].join("|")), "longer than 20000 characters"),
        (vec!["abc"; 1_000_000].join(" OR "), "longer than 20000 characters"),
        (format!("/{}/", vec!["abc"; 1_000].join("|")), "longer than 1000 characters"),
        ("/(?:a{1,100}){1,100}bcd/".to_owned(), "costs too much"),
        ("(".repeat(10_000), "nested deeper"),
    ] {
        pack.rules[0].expression = expression;
        let problems = Set::compile(std::slice::from_ref(&pack)).unwrap_err();
        assert!(problems[0].reason.contains(part), "{}", problems[0]);
    }
}
