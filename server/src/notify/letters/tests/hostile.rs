//! Hostile names and texts: they arrive as what they are, and nothing else comes of them.

use proptest::prelude::*;

use super::*;

/// What people put into names and texts, and bits of mails and pages.
fn bits() -> impl Strategy<Value = String> {
    let special = prop::sample::select(vec![
        "\r\n",
        "\n",
        "\r",
        "\0",
        "\r\nBcc: eve@evil.example\r\n",
        "\r\n\r\n<h1>",
        "\n.\n",
        "\r\n.\r\n",
        "\u{202e}",
        "\u{2066}",
        "\u{2028}",
        "\u{200b}",
        "\u{feff}",
        "\"a\" <b@c.example>",
        "<b@c.example>, eve@evil.example",
        "=?utf-8?q?=0d=0aBcc:_x?=",
        "\\",
        "\"",
        "'",
        "(",
        ")",
        "@",
        ",",
        ";",
        ":",
        "<script>alert(1)</script>",
        "</div></td></tr></table>",
        "<img src=http://evil.example/x.png onerror=x>",
        "javascript:alert(1)",
        "https://example.org/a?b=<c>&\"d\"",
        "&lt;",
        "**",
        "`",
        "```\n",
        "> ",
        "- ",
        "@lena",
        "--=_0909",
        "-- \n",
        "=20",
        "=\r\n",
        "مرحبا",
        "日本語",
        "🙂",
        "👩\u{200d}💻",
        "é",
        "\u{7f}",
        "\u{85}",
        "\u{e000}",
        "\u{10ffff}",
    ]);
    let part = prop_oneof![
        special.prop_map(str::to_owned),
        "[ -~]{0,12}",
        "\\PC{0,6}",
        any::<char>().prop_map(String::from)
    ];
    prop::collection::vec(part, 0..12).prop_map(|parts| parts.concat())
}

fn long() -> impl Strategy<Value = String> {
    prop_oneof![9 => bits(), 1 => (bits(), 1usize..400).prop_map(|(text, times)| text.repeat(times))]
}

/// One From, one To, one Subject, no more recipients, and both bodies open.
fn well_formed(written: &Written) -> (String, String) {
    assert!(written.bytes.is_ascii());
    assert!(written.bytes.split(|byte| *byte == b'\n').all(|line| line.len() <= 999));
    let bare = |pair: &[u8]| (pair[0] != b'\r' && pair[1] == b'\n') || (pair[0] == b'\r' && pair[1] != b'\n');
    assert!(!written.bytes.windows(2).any(bare), "every line ends in CRLF");
    let mail = parse(&written.bytes);
    for name in ["From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type"] {
        assert_eq!(count(&mail, name), 1, "{name}");
    }
    const KNOWN: [&str; 17] = [
        "From",
        "To",
        "Subject",
        "Date",
        "Message-ID",
        "MIME-Version",
        "Content-Type",
        "Reply-To",
        "In-Reply-To",
        "References",
        "Auto-Submitted",
        "X-Auto-Response-Suppress",
        "Content-Language",
        "List-Id",
        "List-Unsubscribe",
        "List-Unsubscribe-Post",
        "Content-Transfer-Encoding",
    ];
    for header in mail.headers() {
        assert!(KNOWN.iter().any(|known| known.eq_ignore_ascii_case(header.name())), "{}", header.name());
    }
    let addresses: Vec<String> = [mail.from(), mail.to()]
        .into_iter()
        .flatten()
        .flat_map(|group| group.iter())
        .filter_map(|one| one.address())
        .map(str::to_owned)
        .collect();
    assert_eq!(addresses, ["chat@example.org", "lena.fischer@example.org"]);
    assert_eq!(mail.subject().unwrap_or_default().trim(), written.subject.trim());
    assert!(
        !written
            .subject
            .chars()
            .any(|c| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'))
    );
    bodies(&mail)
}

/// The tags of a page, and nothing of what stands between them.
fn tags(html: &str) -> Vec<&str> {
    html.split('<').skip(1).map(|rest| rest.split('>').next().unwrap()).collect()
}

/// No element and no attribute that does something, and every address is one of two kinds.
fn harmless(html: &str) {
    const TAGS: [&str; 27] = [
        "!doctype",
        "html",
        "head",
        "meta",
        "title",
        "body",
        "div",
        "table",
        "tr",
        "td",
        "h1",
        "h2",
        "p",
        "a",
        "span",
        "bdi",
        "strong",
        "em",
        "s",
        "code",
        "pre",
        "blockquote",
        "ul",
        "ol",
        "li",
        "br",
        "tbody",
    ];
    for tag in tags(html) {
        let name = tag.trim_start_matches('/').split([' ', '\n']).next().unwrap();
        assert!(TAGS.contains(&name), "<{tag}>");
        let attributes: Vec<&str> = tag.split('"').step_by(2).collect();
        for attribute in attributes {
            let names = attribute.split([' ', '\n']).filter(|word| word.ends_with('='));
            for name in names {
                let known = [
                    "style=",
                    "href=",
                    "dir=",
                    "lang=",
                    "role=",
                    "cellpadding=",
                    "cellspacing=",
                    "align=",
                    "start=",
                    "charset=",
                    "name=",
                    "content=",
                ];
                assert!(known.contains(&name), "{name} in <{tag}>");
            }
        }
        if let Some((_, rest)) = tag.split_once("href=\"") {
            let address = rest.split('"').next().unwrap();
            assert!(
                ["https://", "http://", "mailto:"].iter().any(|start| address.starts_with(start)),
                "{address}"
            );
        }
        assert!(!tag.contains("url("), "<{tag}>");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn names_and_texts_cannot_add_anything(
        author in long(), other in long(), place in prop::option::of(long()), text in long(), reader in long(), organisation in bits(),
        german in any::<bool>(), content in prop::sample::select(MailContent::ALL.to_vec()), which in 0..6usize,
    ) {
        let own = Own::new();
        let messages = [by(&author, &text), by(&other, &text)];
        let conversation = one(place.as_deref(), &messages);
        let conversations = [conversation, conversation];
        let link = OneTime { by: Some(&author), username: &other, ..link() };
        let kind = [
            Kind::Missed(&conversation), Kind::Digest { conversations: &conversations }, Kind::Invitation(&link), Kind::Reset(&link),
            Kind::FactorsRemoved { by: Some(&author) }, Kind::Test,
        ][which];
        let mut letter = own.letter(kind, if german { Language::German } else { Language::English });
        letter.reader.name = &reader;
        let mut house = own.house(content);
        house.organisation = &organisation;
        let written = write(&house, &letter).unwrap();
        let (_, html) = well_formed(&written);
        harmless(&html);
    }

    #[test]
    fn a_text_is_shown_as_what_it_is(words in "[a-zA-Z<>&\"'=;/ äöüß€日本🙂]{1,60}") {
        let own = Own::new();
        let messages = [by("Priya Raman", &words)];
        let written = own.written(MailContent::Full, Kind::Missed(&one(None, &messages)), Language::English);
        let (text, html) = well_formed(&written);
        let shown = chancery_protocol::text::parse(&words).visible();
        for line in shown.lines().map(str::trim).filter(|line| !line.is_empty()) {
            prop_assert!(text.contains(line), "{text}");
            prop_assert!(unescape(&html).contains(line), "{html}");
        }
    }
}

fn unescape(html: &str) -> String {
    html.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}

#[test]
fn every_line_somebody_wrote_is_marked_in_text() {
    let own = Own::new();
    let fake = "hello\n-- \nSent by Example Bank, https://evil.example.\n\nChoose a password:\nhttps://evil.example/link\n> quoted\n- item\n```\ncode\n```";
    let messages = [by("Eve", fake)];
    let written = own.written(MailContent::Full, Kind::Missed(&one(None, &messages)), Language::English);
    let (text, html) = well_formed(&written);
    for line in text
        .lines()
        .filter(|line| ["evil", "quoted", "item", "code", "hello"].iter().any(|word| line.contains(word)))
    {
        assert!(line.starts_with("> "), "{line}");
    }
    assert_eq!(text.lines().filter(|line| *line == "-- ").count(), 1, "our own foot only");
    harmless(&html);
}

#[test]
fn what_a_rule_took_out_stays_out_and_formatting_comes_through() {
    let own = Own::new();
    let text = format!(
        "**bold** *slanted* ~~gone~~ `x<y` @lena {}account number removed{} https://example.org/a?b=c&d=e\n> said\n1. one\n2. two",
        chancery_protocol::acceptable_use::REMOVED_BEGIN,
        chancery_protocol::acceptable_use::REMOVED_END
    );
    let messages = [by("Priya Raman", &text)];
    let written = own.written(MailContent::Full, Kind::Missed(&one(None, &messages)), Language::English);
    let (text, html) = well_formed(&written);
    assert!(
        text.contains("> bold slanted gone x<y @lena [account number removed] https://example.org/a?b=c&d=e"),
        "{text}"
    );
    assert!(text.contains("> > said") && text.contains("> 1. one"), "{text}");
    for part in [
        "<strong>bold</strong>",
        "<em>slanted</em>",
        "<s>gone</s>",
        ">x&lt;y</code>",
        ">@lena</span>",
        ">account number removed</span>",
    ] {
        assert!(html.contains(part), "{part}: {html}");
    }
    assert!(
        html.contains("href=\"https://example.org/a?b=c&amp;d=e\"")
            && html.contains(">https://example.org/a?b=c&amp;d=e</a>")
    );
}

#[test]
fn a_name_that_looks_like_an_address_is_a_name() {
    let own = Own::new();
    let house = own.house(MailContent::Full);
    for name in [
        "\"a\" <b@c.example>",
        "a, b@c.example",
        "eve@evil.example>",
        "x\r\nTo: eve@evil.example",
        "=?utf-8?q?a=0d=0aTo:_b?=",
    ] {
        let mut letter = own.letter(Kind::Test, Language::English);
        letter.reader.name = name;
        well_formed(&write(&house, &letter).unwrap());
    }
}
