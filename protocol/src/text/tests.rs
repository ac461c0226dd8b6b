//! Examples for every rule, and properties for every text.

use proptest::prelude::*;

use super::*;

fn t(text: &str) -> Inline {
    Inline::Text(text.to_owned())
}

fn paragraph(text: &str) -> Vec<Inline> {
    match parse(text).blocks.as_slice() {
        [Block::Paragraph(inner)] => inner.clone(),
        other => panic!("not one paragraph: {other:?}"),
    }
}

fn links(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    parse(text).each_inline(&mut |inline| {
        if let Inline::Link { url, .. } = inline {
            found.push(url.clone());
        }
    });
    found
}

fn link(url: &str) -> Inline {
    Inline::Link { url: url.to_owned(), text: url.to_owned() }
}

#[test]
fn a_newline_is_a_line_break_and_an_empty_line_a_paragraph() {
    assert_eq!(paragraph("a\nb"), [t("a"), Inline::Break, t("b")]);
    assert_eq!(parse("a\r\nb").blocks.len(), 1);
    assert_eq!(parse("a\n \n\nb").blocks.len(), 2);
    assert_eq!(parse("").blocks, []);
}

#[test]
fn emphasis_nests_and_words_with_stars_in_them_stay() {
    assert_eq!(paragraph("**b**"), [Inline::Strong(vec![t("b")])]);
    assert_eq!(paragraph("a *b* c"), [t("a "), Inline::Emphasis(vec![t("b")]), t(" c")]);
    assert_eq!(paragraph("~~x~~"), [Inline::Strike(vec![t("x")])]);
    assert_eq!(paragraph("***x***"), [Inline::Strong(vec![Inline::Emphasis(vec![t("x")])])]);
    assert_eq!(
        paragraph("**a *b* c**"),
        [Inline::Strong(vec![t("a "), Inline::Emphasis(vec![t("b")]), t(" c")])]
    );
    assert_eq!(paragraph("日本**語**です"), [t("日本"), Inline::Strong(vec![t("語")]), t("です")]);
    for same in
        ["2*3*4", "a * b * c", "**", "****", "*a", "a**b**c", "~x~", "snake_case_name", r"\\server\share\*"]
    {
        assert_eq!(paragraph(same), [t(same)], "{same}");
    }
    assert_eq!(paragraph("*a **b *c* d**").len(), 2);
    assert_eq!(paragraph("~~a **b~~ c**"), [Inline::Strike(vec![t("a **b")]), t(" c**")]);
}

#[test]
fn code_keeps_everything_as_it_is() {
    assert_eq!(paragraph("`*a* @anna`"), [Inline::Code("*a* @anna".to_owned())]);
    assert_eq!(paragraph("`` a`b ``"), [Inline::Code("a`b".to_owned())]);
    assert_eq!(paragraph("`open"), [t("`open")]);
    assert_eq!(paragraph("```a```"), [Inline::Code("a".to_owned())]);
    assert_eq!(
        parse("```rust\nfn *a*() {}\n\n> x\n```\nend").blocks,
        [
            Block::Code { language: "rust".to_owned(), content: vec![t("fn *a*() {}\n\n> x")] },
            Block::Paragraph(vec![t("end")]),
        ]
    );
    assert_eq!(
        parse("```\nopen").blocks,
        [Block::Code { language: String::new(), content: vec![t("open")] }]
    );
}

#[test]
fn what_was_taken_out_is_a_part_of_its_own() {
    let gone = |words: &str| Inline::Removed(words.to_owned());
    let code = |text: &str| Inline::Code(text.to_owned());
    assert_eq!(
        paragraph("pay \u{2}card *number* removed\u{3}, @q"),
        [
            t("pay "),
            gone("card *number* removed"),
            t(", "),
            Inline::Mention { handle: "q".to_owned(), text: "@q".to_owned() },
        ]
    );
    assert_eq!(paragraph("**\u{2}a `b\u{3}** `c`"), [Inline::Strong(vec![gone("a `b")]), t(" "), code("c"),]);
    assert_eq!(paragraph("`x \u{2}a`b\u{3} y`"), [code("x "), gone("a`b"), code(" y")]);
    assert_eq!(paragraph("https://x.org/\u{2}a\u{3}b"), [link("https://x.org/"), gone("a"), t("b")]);
    assert_eq!(
        parse("- \u{2}a\u{3}\n```l\u{2}b\u{3}\nc \u{2}d\u{3}\n```").blocks,
        [
            Block::List(List {
                start: None,
                items: vec![Item { content: vec![gone("a")], children: vec![] }]
            }),
            Block::Code { language: "lb".to_owned(), content: vec![t("c "), gone("d")] },
        ]
    );
    assert_eq!(paragraph("a\u{3}b\u{2}c\u{2}d\u{3}e\u{2}\u{3}f"), [t("abc"), gone("d"), t("ef")]);
    assert_eq!(paragraph("a\u{2}b\nc\u{3}d"), [t("ab"), Inline::Break, t("cd")]);
    assert_eq!(parse("\u{3}- a").blocks, parse("- a").blocks);
    assert_eq!(plain("*a* \u{2}b c\u{3}"), "a b c");
    assert_eq!(preview("*a* \u{2}b c\u{3}\u{3}"), "a \u{2}b c\u{3}");
    assert_eq!(plain("\u{2}"), "");
    assert_eq!(typeable("\u{3}*a* \u{2}b\u{3}\n\u{2}c"), "*a* [b]\nc");
    assert_eq!(check_text("\u{2}a\u{3}"), Err(TextProblem::ControlCharacter));
}

#[test]
fn quotes_hold_blocks_and_nest_a_little() {
    assert_eq!(
        parse("> a\n> - b\nc").blocks,
        [
            Block::Quote(vec![
                Block::Paragraph(vec![t("a")]),
                Block::List(List {
                    start: None,
                    items: vec![Item { content: vec![t("b")], children: vec![] }]
                }),
            ]),
            Block::Paragraph(vec![t("c")]),
        ]
    );
    let mut blocks = parse(&">".repeat(10)).blocks;
    let mut depth = 0;
    while let Some(Block::Quote(inner)) = blocks.pop() {
        depth += 1;
        blocks = inner;
    }
    assert_eq!(depth, MAX_QUOTES);
}

#[test]
fn lists_keep_their_numbers_and_nest_once() {
    let item = |text: &str| Item { content: vec![t(text)], children: vec![] };
    assert_eq!(
        parse("- a\n- b").blocks,
        [Block::List(List { start: None, items: vec![item("a"), item("b")] })]
    );
    assert_eq!(
        parse("3. a\n4. b\n9. c").blocks,
        [
            Block::List(List { start: Some(3), items: vec![item("a"), item("b")] }),
            Block::List(List { start: Some(9), items: vec![item("c")] }),
        ]
    );
    let nested = List { start: Some(1), items: vec![item("b"), item("c")] };
    assert_eq!(
        parse("- a\n  1. b\n      2. c\n- d").blocks,
        [Block::List(List {
            start: None,
            items: vec![Item { content: vec![t("a")], children: vec![nested] }, item("d")]
        })]
    );
    assert_eq!(
        parse("- a\n  more").blocks,
        [Block::List(List {
            start: None,
            items: vec![Item { content: vec![t("a"), Inline::Break, t("more")], children: vec![] }]
        })]
    );
    for same in ["-a", "1.5 is more", "+1", "007. Bond", "- ", "1) a"] {
        assert_eq!(paragraph(same), [t(same)], "{same}");
    }
}

#[test]
fn addresses_are_linked_without_what_follows_them() {
    let cases = [
        ("see https://example.org/a.", "https://example.org/a"),
        ("(https://example.org/a_(b))", "https://example.org/a_(b)"),
        ("**https://example.org**", "https://example.org"),
        ("[text](https://example.org/x)", "https://example.org/x"),
        ("<https://example.org>,", "https://example.org"),
        ("HTTPS://Example.org/?a=b&c=d#e!", "https://Example.org/?a=b&c=d#e"),
        ("http://localhost:8080/x", "http://localhost:8080/x"),
        ("mailto:anna@example.org?", "mailto:anna@example.org"),
        ("https://example.org/a\\b", "https://example.org/a"),
        ("https://example.org/\u{202e}gpj", "https://example.org/"),
        ("https://example.org/。", "https://example.org/"),
        ("https://example.org/((", "https://example.org/"),
    ];
    for (text, url) in cases {
        assert_eq!(links(text), [url], "{text}");
    }
    let none = [
        "https://",
        "http://.",
        "xhttps://example.org",
        "javascript:alert(1)",
        "ftp://example.org",
        "data:text/html,x",
        "https://bank.example@evil.example/",
        "mailto:nobody",
        "`https://example.org`",
        "www.example.org",
        "[click](javascript:alert(1))",
    ];
    for text in none {
        assert_eq!(links(text), Vec::<String>::new(), "{text}");
    }
    assert_eq!(paragraph("[text](https://example.org)"), [t("[text]("), link("https://example.org"), t(")")]);
}

#[test]
fn mentions_are_whole_handles() {
    assert_eq!(mentions("@anna and (@Bob.Smith), @anna. **@c-d_e**!"), ["anna", "bob.smith", "c-d_e"]);
    assert_eq!(mentions("@anna...and @x-: > @q"), ["anna", "x", "q"]);
    assert_eq!(mentions("> @quoted\n- @listed\n  - @below"), ["quoted", "listed", "below"]);
    for none in [
        "mail anna@example.org",
        "`@anna`",
        "```\n@anna\n```",
        "@",
        "@.anna",
        "@@anna",
        "@annä",
        "@a@b.org",
        "https://example.org/@anna",
        "x_@anna",
    ] {
        assert_eq!(mentions(none), Vec::<String>::new(), "{none}");
    }
}

#[test]
fn plain_is_one_line_without_markup() {
    assert_eq!(plain("**Hello**\n\n> *you*\n- a\n- `b`\n1. c\n```\nd\n```"), "Hello you a b 1. c d");
    assert_eq!(plain("```\n```"), "``` ```");
}

#[test]
fn what_may_be_written() {
    assert_eq!(check_text("a\n\tb"), Ok(()));
    assert_eq!(check_text(&"ä".repeat(16_000)), Ok(()));
    assert_eq!(check_text(&"ä".repeat(16_001)), Err(TextProblem::TextTooLong));
    for empty in ["", " \n\t", "\u{200b}\u{feff}", "\u{2800}\u{3164}"] {
        assert_eq!(check_text(empty), Err(TextProblem::TextEmpty), "{empty:?}");
    }
    for control in ["a\0", "a\r\n", "a\u{1b}[0m", "a\u{85}"] {
        assert_eq!(check_text(control), Err(TextProblem::ControlCharacter), "{control:?}");
        assert_eq!(check_text(&tidy(control)), Ok(()), "{control:?}");
    }
    assert_eq!(tidy("a\r\nb\rc \n"), "a\nb\nc");
    assert_eq!(check_draft(""), Ok(()));
    assert_eq!(check_name("Desk 4"), Ok(()));
    assert_eq!(check_name("\n"), Err(TextProblem::NameEmpty));
    assert_eq!(check_name("a\nb"), Err(TextProblem::ControlCharacter));
    assert_eq!(check_name(&"a".repeat(121)), Err(TextProblem::NameTooLong));
    assert_eq!(check_topic(""), Ok(()));
    assert_eq!(check_topic(&"a".repeat(301)), Err(TextProblem::TopicTooLong));
    for good in ["a", "anna", "a.b-c_d9", "7"] {
        assert_eq!(check_username(good), Ok(()), "{good}");
    }
    for bad in ["", "Anna", "a b", ".a", "a.", "a..b", "-a", "a_", "ä", &"a".repeat(65)] {
        assert_eq!(check_username(bad), Err(TextProblem::UsernameInvalid), "{bad}");
    }
}

/// What is left when markup and white space are taken out.
fn kept(text: &str) -> String {
    text.chars()
        .filter(|c| {
            !c.is_whitespace() && !matches!(c, '*' | '~' | '`' | '>' | '-' | '+' | '\r' | '\u{2}' | '\u{3}')
        })
        .collect()
}

/// A preview put together from its stretches.
fn bare_preview(text: &str) -> String {
    let preview = preview(text);
    let words = |stretch: &Stretch<'_>| match *stretch {
        Stretch::Typed(text) | Stretch::Removed(text) => text.to_owned(),
    };
    stretches(&preview).iter().map(words).collect()
}

fn depth(blocks: &[Block]) -> usize {
    blocks.iter().map(|b| if let Block::Quote(inner) = b { 1 + depth(inner) } else { 1 }).max().unwrap_or(0)
}

fn inline_depth(inner: &[Inline]) -> usize {
    let deeper = |inline: &Inline| match inline {
        Inline::Strong(inner) | Inline::Emphasis(inner) | Inline::Strike(inner) => 1 + inline_depth(inner),
        _ => 0,
    };
    inner.iter().map(deeper).max().unwrap_or(0)
}

fn snippets() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("*".to_owned()),
        Just("**".to_owned()),
        Just("***".to_owned()),
        Just("~~".to_owned()),
        Just("`".to_owned()),
        Just("```".to_owned()),
        Just("\n".to_owned()),
        Just("\n> ".to_owned()),
        Just("\n- ".to_owned()),
        Just("\n  1. ".to_owned()),
        Just("\n2. ".to_owned()),
        Just(" ".to_owned()),
        Just("@anna".to_owned()),
        Just("@".to_owned()),
        Just("https://x.org/(".to_owned()),
        Just(")".to_owned()),
        Just("mailto:a@b.c".to_owned()),
        Just("..".to_owned()),
        Just("\r".to_owned()),
        Just("\u{2}".to_owned()),
        Just("\u{3}".to_owned()),
        Just("\u{2}it is gone\u{3}".to_owned()),
        "[a-z]{1,3}",
        "\\PC{0,3}",
    ];
    proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_visible_character_is_lost_or_moved(text in prop_oneof![snippets(), any::<String>()]) {
        let document = parse(&text);
        prop_assert_eq!(kept(&document.visible()), kept(&text));
        prop_assert!(depth(&document.blocks) <= MAX_QUOTES + 1);
        document.each_inline(&mut |inline| assert!(inline_depth(std::slice::from_ref(inline)) <= 3));
    }

    #[test]
    fn links_and_mentions_are_always_sound(text in snippets()) {
        parse(&text).each_inline(&mut |inline| match inline {
            Inline::Link { url, text } => {
                assert!(["https://", "http://", "mailto:"].iter().any(|s| url.starts_with(s)));
                assert!(url.eq_ignore_ascii_case(text));
            }
            Inline::Mention { handle, .. } => assert_eq!(check_username(handle), Ok(())),
            Inline::Text(text) => assert!(!text.contains('\n') && !text.is_empty()),
            _ => {}
        });
    }

    #[test]
    fn an_accepted_text_has_a_one_line_preview(text in snippets()) {
        if check_text(&text).is_ok() {
            let plain = plain(&text);
            prop_assert!(!plain.is_empty() && !plain.contains('\n'));
        }
    }

    #[test]
    fn what_was_taken_out_leaves_no_characters_behind(text in prop_oneof![snippets(), any::<String>()]) {
        let document = parse(&text);
        let all = format!("{document:?}{}{}{}", document.visible(), plain(&text), typeable(&text));
        // Debug writes them escaped.
        for mark in ["\u{2}", "\u{3}", "u{2}", "u{3}"] {
            prop_assert!(!all.contains(mark), "{}", all);
        }
        prop_assert_eq!(bare_preview(&text), plain(&text));
    }

    #[test]
    fn tidied_text_has_no_refused_characters(text in any::<String>()) {
        prop_assert_ne!(check_draft(&tidy(&text)), Err(TextProblem::ControlCharacter));
    }
}

/// Texts that make careless parsers quadratic or deep; the longest a message may have. It is the work done
/// that is bounded here, by finishing at all: a quadratic scan of these would take minutes in a test build.
#[test]
fn long_texts_are_read_in_about_linear_time() {
    for piece in [
        "*a ",
        "**a* ",
        "\u{2}",
        "\u{2}a\u{3}",
        "`\u{2}`",
        "`",
        "` `` ",
        "> ",
        ">",
        "- a\n",
        " - a\n",
        "@",
        "https://(",
        "[](",
        "~~*",
        "\n",
    ] {
        let text: String = piece.chars().cycle().take(16_000).collect();
        assert_eq!(kept(&parse(&text).visible()), kept(&text), "{piece}");
    }
    let mut ticks = String::new();
    for length in 1..500 {
        ticks.push_str(&"`".repeat(length));
        ticks.push(' ');
    }
    assert_eq!(parse(&ticks).blocks.len(), 1);
}
