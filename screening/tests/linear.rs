//! Texts that are made to cost time cost it in proportion to their length. Nothing is timed: the crate counts its steps
//! (`effort`), and the engine of regular expressions is linear by its making. `cargo bench` prints how long they take.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "what does not compile fails the test; figures are told"
)]

use chancery_screening::fuzz::{adversarial, steps};
use chancery_screening::{MAX_LIST, MAX_SPANS, Outcome, Pack, Set, TextKind};

const RULE: &str = r#"
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

fn set() -> Set {
    Set::compile(&[Pack::from_toml(RULE).unwrap()]).unwrap()
}

/// A longer text takes more steps in proportion, and hardly more than that.
#[track_caller]
fn assert_linear(set: &Set, name: &str, short: &str, long: &str) {
    let (few, many) = (steps(set, short) as f64, steps(set, long) as f64);
    let (short, long) = (short.len() as f64, long.len() as f64);
    println!("{name}: {:.1} steps a byte, then {:.1}", few / short, many / long);
    assert!(few >= short, "{name}: {few} steps cannot be all that was done");
    assert!(many < few * long / short * 1.3 + 5_000.0, "{name}: {few} steps became {many}");
}

#[test]
fn adversarial_texts_are_screened_in_linear_time() {
    let set = set();
    let texts = adversarial(16 * 1024);
    for promised in ["repeats of repeats", "combining marks", "direction marks", "a million alternations"] {
        assert!(texts.iter().any(|(name, _)| *name == promised), "{promised}");
    }
    for ((name, short), (_, long)) in texts.iter().zip(adversarial(64 * 1024)) {
        assert!(long.len() >= 64 * 1024, "{name}");
        assert_linear(&set, name, short, &long);
        for finding in set.screen(&long, TextKind::Message) {
            assert!(finding.spans.len() <= MAX_SPANS, "{name}");
            assert!(finding.spans.iter().all(|span| long.get(span.clone()).is_some()), "{name}");
        }
    }
}

#[test]
fn a_text_of_a_million_alternations_is_screened_in_linear_time() {
    let text = |alternations: usize| vec!["a"; alternations].join("|");
    assert_linear(&set(), "a million alternations", &text(250_000), &text(1_000_000));
}

/// The longest list there may be; many entries are at home in the texts it is tried on.
fn long_list() -> Vec<String> {
    let mut list: Vec<String> = Vec::new();
    for length in 2..=60 {
        let row = "a".repeat(length);
        list.extend([format!("*{row}*"), format!("{row}*"), format!("*{row}"), format!("{row} {row}"), row]);
        list.push("ab".repeat(length));
    }
    let others = (0..MAX_LIST - list.len()).map(|number| {
        let begin = if number % 2 == 0 { "ab" } else { "aab" };
        format!("{begin}x{number}")
    });
    list.extend(others);
    list
}

#[test]
fn texts_stay_linear_with_the_longest_list() {
    let mut pack = Pack::from_toml(RULE).unwrap();
    pack.lists.insert("long".to_owned(), long_list());
    assert_eq!(pack.lists["long"].len(), MAX_LIST);
    pack.rules[0].expression = "list:long NEAR/5 list:long".to_owned();
    let set = Set::compile(&[pack]).unwrap();
    for shape in ["a", "ab", "aaaa ", "a a ", "a.a.", "a b ", "4b4b ", "a.b 4b aab ", "ab x1 "] {
        let text = |letters: usize| shape.repeat(letters / shape.len());
        assert_linear(&set, shape, &text(4_000), &text(16_000));
    }
}

#[test]
fn a_million_alternations_are_refused_with_the_reason() {
    let mut pack = Pack::from_toml(RULE).unwrap();
    pack.rules[0].outcome = Outcome::Block;
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
