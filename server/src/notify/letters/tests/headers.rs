//! Headers: what programs on the way and at the end rely on.

use super::super::{Off, Sort};
use super::*;

#[test]
fn a_mail_about_a_conversation_has_every_header_it_needs() {
    let messages = [by("Priya Raman", "hello")];
    let own = Own::new();
    let written =
        own.written(MailContent::Full, Kind::Missed(&one(Some("Deal team"), &messages)), Language::English);
    assert!(written.bytes.is_ascii(), "any server takes it");
    assert!(
        written.bytes.split(|byte| *byte == b'\n').all(|line| line.len() <= 999),
        "lines are not too long"
    );
    let mail = parse(&written.bytes);
    assert_eq!(mail.subject(), Some("New messages in Deal team"));
    assert_eq!(mail.subject(), Some(written.subject.as_str()));
    assert_eq!(written.message_id, "<09090909-0909-0909-0909-090909090909@chat.example.org>");
    assert_eq!(format!("<{}>", mail.message_id().unwrap()), written.message_id);
    assert_eq!(mail.date().unwrap().to_rfc3339(), "2026-03-10T09:00:00Z");
    assert_eq!(raw(&mail, "In-Reply-To"), raw(&mail, "References"));
    assert!(
        raw(&mail, "References").starts_with("<thread.")
            && raw(&mail, "References").ends_with("@chat.example.org>")
    );
    for (name, value) in [
        ("Auto-Submitted", "auto-generated"),
        ("X-Auto-Response-Suppress", "All"),
        ("Content-Language", "en"),
        ("List-Id", "<missed.chat.example.org>"),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ("MIME-Version", "1.0"),
    ] {
        assert_eq!(raw(&mail, name), value, "{name}");
        assert_eq!(count(&mail, name), 1, "{name}");
    }
    let address = |group: &mail_parser::Address<'_>| {
        group.first().and_then(|one| one.address.clone()).map(|a| a.into_owned())
    };
    assert_eq!(mail.from().and_then(address).as_deref(), Some("chat@example.org"));
    assert_eq!(mail.to().and_then(address).as_deref(), Some("lena.fischer@example.org"));
    assert_eq!(mail.reply_to().and_then(address).as_deref(), Some("help@example.org"));
    assert_eq!(written.envelope.from().unwrap().to_string(), "bounces@example.org");
    assert_eq!(
        written.envelope.to().iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["lena.fischer@example.org"]
    );
}

#[test]
fn the_link_that_turns_mails_off_holds_no_secret_and_says_whose_they_are() {
    let own = Own::new();
    let messages = [by("Priya Raman", "hello")];
    let conversation = one(None, &messages);
    let conversations = [conversation];
    for (kind, sort) in [
        (Kind::Missed(&conversation), Sort::Missed),
        (Kind::Digest { conversations: &conversations }, Sort::Digest),
    ] {
        for content in MailContent::ALL {
            let written = own.written(content, kind, Language::English);
            let mail = parse(&written.bytes);
            let header = raw(&mail, "List-Unsubscribe").replace(['\r', '\n', '\t', ' '], "");
            let token = header
                .strip_prefix("<https://chat.example.org/mail/off/")
                .unwrap()
                .strip_suffix('>')
                .unwrap();
            let off = Off::read(token, &own.key).unwrap();
            assert_eq!(off, Off { person: PersonId::from_bytes([1; 16]), sort });
            let (text, html) = bodies(&mail);
            assert!(text.contains(token) && html.contains(token), "people can use it, too");
        }
    }
    for kind in
        [Kind::Invitation(&link()), Kind::Reset(&link()), Kind::FactorsRemoved { by: None }, Kind::Test]
    {
        let written = own.written(MailContent::Full, kind, Language::English);
        let mail = parse(&written.bytes);
        for name in ["List-Id", "List-Unsubscribe", "List-Unsubscribe-Post"] {
            assert_eq!(count(&mail, name), 0, "{name} of {kind:?}");
        }
        assert_eq!(count(&mail, "References"), 0);
    }
}

#[test]
fn mails_thread_by_person_and_conversation_and_tell_nobody_else_which() {
    let messages = [by("Priya Raman", "hello")];
    let own = Own::new();
    let house = own.house(MailContent::Full);
    let root = |person: u8, conversation: u8, id: u8| {
        let mut about = one(None, &messages);
        about.id = ConversationId::from_bytes([conversation; 16]);
        let mut letter = own.letter(Kind::Missed(&about), Language::English);
        (letter.reader.id, letter.id) = (PersonId::from_bytes([person; 16]), [id; 16]);
        let written = write(&house, &letter).unwrap();
        (raw(&parse(&written.bytes), "References").to_owned(), written.message_id)
    };
    let (first, id) = root(1, 5, 1);
    let (second, other) = root(1, 5, 2);
    assert_eq!(first, second);
    assert_ne!(id, other);
    assert_ne!(first, root(1, 6, 1).0);
    assert_ne!(first, root(2, 5, 1).0);
    assert!(!first.contains("0505"));
}

#[test]
fn no_time_is_too_odd() {
    let own = Own::new();
    for at in [i64::MIN / 2, -1, 0, i64::MAX / 2] {
        let mut letter = own.letter(Kind::Test, Language::German);
        letter.at = at;
        assert!(parse(&write(&own.house(MailContent::Full), &letter).unwrap().bytes).date().is_some());
    }
}

#[test]
fn the_same_letter_is_the_same_bytes() {
    assert_eq!(a_mail().bytes, a_mail().bytes);
}

#[test]
fn hosts_that_are_addresses_make_ids_that_are_allowed() {
    for (url, domain, list) in [
        ("http://127.0.0.1:8080", "[127.0.0.1]", "digest.127.0.0.1"),
        ("http://[::1]:8080", "[IPv6:::1]", "digest.--1"),
        ("http://localhost:8080", "localhost", "digest.localhost"),
    ] {
        let written =
            Own::at(url).written(MailContent::Full, Kind::Digest { conversations: &[] }, Language::English);
        assert_eq!(written.message_id, format!("<09090909-0909-0909-0909-090909090909@{domain}>"));
        assert_eq!(raw(&parse(&written.bytes), "List-Id"), format!("<{list}>"));
    }
}
