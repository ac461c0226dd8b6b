//! What compiling refuses, what operators mean, and what holds for any text.

#![expect(clippy::unwrap_used, reason = "what cannot be read fails the test")]

use std::fmt::Write;

use chancery_screening::{MAX_SPANS, Pack, Set, TextKind};
use proptest::prelude::*;

/// A pack of rules `r-0`, `r-1` … with these expressions.
fn pack(lists: &str, rules: &[&str]) -> Pack {
    let mut text = format!("id = \"p\"\nname = \"P\"\n[lists]\n{lists}\n");
    for (number, rule) in rules.iter().enumerate() {
        write!(
            text,
            "[[rules]]\nid = \"r-{number}\"\nname = \"R\"\nwhy = \"W\"\nask = \"A\"\noutcome = \"flag\"\n\
             severity = \"low\"\n{rule}\n"
        )
        .unwrap();
    }
    Pack::from_toml(&text).unwrap()
}

/// The parts of a text that one expression matches.
fn parts<'a>(rule: &str, text: &'a str) -> Vec<&'a str> {
    let set = Set::compile(&[pack("shares = ['Acme*', 'Initech']", &[rule])]).unwrap();
    let findings = set.screen(text, TextKind::Message);
    findings.into_iter().flat_map(|finding| finding.spans).map(|span| &text[span]).collect()
}

fn expression<'a>(expression: &str, text: &'a str) -> Vec<&'a str> {
    parts(&format!("match = '''{expression}'''"), text)
}

#[test]
fn operators_mean_what_they_say() {
    const NOTHING: [&str; 0] = [];
    assert_eq!(expression("buy AND sell", "Sell? Buy!"), ["Sell", "Buy"]);
    assert_eq!(expression("buy AND sell", "buy buyer"), NOTHING);
    assert_eq!(expression("buy OR hold", "hold on"), ["hold"]);
    assert_eq!(expression("buy NOT public", "buy it"), ["buy"]);
    assert_eq!(expression("buy NOT public", "buy it, it is Public"), NOTHING);
    assert_eq!(expression("\"inside info\"", "Inside -- INFO"), ["Inside -- INFO"]);
    assert_eq!(expression("buy NEAR/1 now", "buy it now, not later: now"), ["buy", "now"]);
    assert_eq!(expression("buy NEAR/0 now", "buy it now"), NOTHING);
    assert_eq!(expression("now NEAR/1 buy", "buy it now"), ["buy", "now"]);
    assert_eq!(expression("buy NEAR/3 buy*", "buy"), NOTHING);
    assert_eq!(expression("buy NEAR/2 (list:shares OR /\\bT-\\d+/)", "buy T-17"), ["buy", "T-17"]);
    assert_eq!(expression("list:shares", "ACMES and initech"), ["ACMES", "initech"]);
    assert_eq!(expression("in*er AND gr?n", "insider grün"), ["insider", "grün"]);
    assert_eq!(expression("\"sell* your shar*\"", "never selling your shares"), ["selling your shares"]);
    assert_eq!(expression("\"*kauf* now\"", "now verkaufen now"), ["verkaufen now"]);
    assert_eq!(expression("/ab-\\d{3}/", "see AB\u{2011}12\u{200b}3!"), ["AB\u{2011}12\u{200b}3"]);
    assert_eq!(expression("sell NEAR/0 it", "do it: $ell!"), ["it", "$ell"]);
    assert_eq!(expression("内幕", "这是内幕交易"), ["内幕"]);
    assert_eq!(expression("продать", "надо Продать!"), ["Продать"]);
}

#[test]
fn phrases_have_their_disguised_word_anywhere() {
    for text in [
        "s3ll your shares",
        "sell y0ur shares",
        "sell your sh4res",
        "s e l l your shares",
        "sell your s.hares",
    ] {
        let long = format!("well, you may as well {text} now, if you ask me");
        assert_eq!(expression("\"sell your shares\" OR waiting", &long), [text], "{text}");
    }
    for apart in
        ["sell all your sh4res", "s3ll one two three your shares", "sell your. One two three four sh4res"]
    {
        assert!(expression("\"sell your shares\"", apart).is_empty(), "{apart}");
    }
}

#[test]
fn matches_within_exclusion_phrases_do_not_count() {
    let rule = "match = 'insider'\nunless = ['insider training', 'list:shares']";
    assert!(parts(rule, "the insider training").is_empty());
    assert_eq!(parts(rule, "the insider training of an insider"), ["insider"]);
    assert_eq!(parts("match = 'buy NOT hold'\nunless = ['on hold']", "buy, I am on hold"), ["buy"]);
}

#[test]
fn rules_count_for_the_texts_they_are_for() {
    let set = Set::compile(&[pack("", &["match = 'secret'\napplies_to = ['topic', 'file_name']"])]).unwrap();
    for kind in TextKind::ALL {
        let expected = matches!(kind, TextKind::Topic | TextKind::FileName);
        assert_eq!(!set.screen("secret", kind).is_empty(), expected, "{kind:?}");
    }
}

#[test]
fn compiling_tells_all_problems_with_their_places() {
    let rules = [
        "match = 'buy and'",
        "match = 'list:nothing'",
        "match = 'a* OR \"…\"'",
        r"match = '/\w{100,400}/ OR x*'",
        "match = 'fine'\nunless = ['fine', '?']",
    ];
    let mut broken = pack("shares = ['a*']\n'Bad name' = ['fine']", &rules);
    broken.rules.push(broken.rules[4].clone());
    broken.rules[0].why.clear();
    broken.rules[1].instead = "r".repeat(61);
    broken.rules[2].instead = "number\u{2} removed".into();
    broken.rules[3].instead = " ".into();
    broken.rules[4].instead = "r".repeat(60);
    let problems = Set::compile(&[broken]).unwrap_err();
    let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
    for part in [
        "p, lists.shares 1: `a*` `a*` would match too many words",
        "p, lists.Bad name: is 1 to 60 lower case letters",
        "p, rule r-0, why: is empty",
        "p, rule r-4, id: another rule has this id",
        "p, rule r-1, instead: longer than 60 characters",
        "p, rule r-2, instead: holds a line break",
        "p, rule r-3, instead: is blank",
        "p, rule r-0, match, character 5: an operator is missing",
        "p, rule r-1, match, character 1: there is no list `nothing`",
        "p, rule r-2, match, character 1: `a*`",
        "p, rule r-2, match, character 7: `…` has neither letters nor digits",
        "p, rule r-3, match, character 1: the pattern /\\w{100,400}/ is refused: costs too much",
        "p, rule r-3, match, character 18: `x*` `x*` would match",
        "p, rule r-4, unless 2: `?`",
    ] {
        assert!(told.iter().any(|problem| problem.starts_with(part)), "{part}\n{}", told.join("\n"));
    }
    assert_eq!(told.iter().filter(|problem| problem.contains("instead")).count(), 3, "{}", told.join("\n"));
}

#[test]
fn lists_are_shared_between_packs_and_must_be_unambiguous() {
    let other = |id: &str| Pack { id: id.into(), ..pack("shares = ['Globex']", &[]) };
    let rules = pack("", &["match = 'list:shares'"]);
    let set = Set::compile(&[rules.clone(), other("q")]).unwrap();
    assert_eq!(set.screen("Globex", TextKind::Message).len(), 1);
    let problems = Set::compile(&[rules.clone(), other("q"), other("s")]).unwrap_err();
    assert!(problems[0].reason.contains("several packs"), "{problems:?}");
    let own = pack("shares = ['Acme']", &["match = 'list:shares'"]);
    let set = Set::compile(&[other("q"), own, other("s")]).unwrap();
    assert!(set.screen("Globex", TextKind::Message).is_empty());
}

#[test]
fn unknown_fields_are_refused_with_their_line() {
    let error = Pack::from_toml("id = 'p'\nname = 'P'\ncolour = 'red'").unwrap_err();
    assert!(error.contains("line 3") && error.contains("colour"), "{error}");
}

#[test]
fn very_many_matches_are_covered_by_the_spans() {
    let set = Set::compile(&[pack("", &["match = 'buy'"])]).unwrap();
    let text = "buy it ".repeat(1000);
    let findings = set.screen(&text, TextKind::Message);
    assert_eq!(findings[0].spans.len(), MAX_SPANS);
    assert_eq!(findings[0].spans[MAX_SPANS - 1].end, text.len() - 4);
}

fn everything() -> Set {
    let rules = [
        "match = 'buy OR sell* OR *kauf* OR in*er'",
        "match = '(buy OR \"b u\") NEAR/5 (now OR list:shares)'",
        "match = '/[a-z]+-\\d+/ OR /(?:ab|a)*bbc/'",
        "match = 'detect:card OR detect:iban OR detect:secret OR detect:email OR detect:phone OR detect:us-ssn OR \
         detect:uk-nino OR detect:de-tax-id OR detect:fr-nir OR detect:es-dni OR detect:nl-bsn OR detect:ch-ahv OR \
         detect:it-cf OR detect:pl-pesel OR detect:be-rrn'",
        "match = 'insider AND NOT public'\nunless = ['insider list']",
    ];
    Set::compile(&[pack("shares = ['Acme*']", &rules)]).unwrap()
}

#[track_caller]
fn assert_sound(set: &Set, text: &str) {
    for finding in set.screen(text, TextKind::Message) {
        assert!(!finding.spans.is_empty() && finding.spans.len() <= MAX_SPANS);
        let mut last = None;
        for span in &finding.spans {
            assert!(text.get(span.clone()).is_some_and(|part| !part.is_empty()), "{span:?} of {text:?}");
            assert!(last.is_none_or(|last| last < span.start), "{:?} of {text:?}", finding.spans);
            last = Some(span.end);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn spans_are_parts_of_any_text(text in any::<String>()) {
        assert_sound(&everything(), &text);
    }

    #[test]
    fn spans_are_parts_of_texts_full_of_disguises(
        pieces in prop::collection::vec(
            prop::sample::select(vec![
                "buy", "b u y", "s3ll", "in.si.der", "Käufe", "verkaufen", "now", "Acme", "4111", "1111", " ", "-",
                "ß", "\u{301}", "\u{200b}", "\u{202e}", "内", "🅱", "a@b.example", "+49 30", "'", "$", "!", "ab", "b",
                "bc-1", "\n", "AKIA", "000", "sss", "ﷺ", "İ",
            ]),
            0..40,
        )
    ) {
        assert_sound(&everything(), &pieces.concat());
    }
}
