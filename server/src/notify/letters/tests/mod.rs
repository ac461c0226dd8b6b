//! Mails as a real parser opens them.

mod headers;
mod hostile;
mod policy;
mod samples;

use chancery_protocol::ids::{ConversationId, Id as _, PersonId};
use lettre::Address;
use lettre::message::Mailbox;
use mail_parser::{Message as Parsed, MessageParser};
use zeroize::Zeroizing;

use super::{Conversation, House, Kind, Language, Letter, Message, OffKey, OneTime, Reader, Written, write};
use crate::ground::config::{MailContent, PublicUrl};

/// Tuesday, 10 March 2026, 09:00 UTC.
pub const NOW: i64 = 1_773_133_200_000_000;
pub const LANGUAGES: [Language; 2] = [Language::English, Language::German];

/// Everything a house has of its own.
pub struct Own {
    url: PublicUrl,
    from: Mailbox,
    reply_to: Mailbox,
    bounce: Address,
    key: OffKey,
    to: Address,
}

impl Own {
    pub fn new() -> Self {
        Self::at("https://chat.example.org")
    }

    pub fn at(url: &str) -> Self {
        Self {
            url: PublicUrl::parse(url).unwrap(),
            from: "Chat of Example <chat@example.org>".parse().unwrap(),
            reply_to: "Help <help@example.org>".parse().unwrap(),
            bounce: "bounces@example.org".parse().unwrap(),
            key: OffKey::new(Zeroizing::new([3; 32])),
            to: "lena.fischer@example.org".parse().unwrap(),
        }
    }

    pub fn house(&self, content: MailContent) -> House<'_> {
        House {
            organisation: "Example Bank",
            service_desk: Some("service desk, extension 4711"),
            public_url: &self.url,
            from: &self.from,
            reply_to: Some(&self.reply_to),
            bounce: &self.bounce,
            content,
            off: &self.key,
        }
    }

    pub fn letter<'a>(&'a self, kind: Kind<'a>, language: Language) -> Letter<'a> {
        let reader = Reader {
            id: PersonId::from_bytes([1; 16]),
            name: "Lena Fischer",
            address: &self.to,
            language,
            minutes_east: 60,
        };
        Letter { id: [9; 16], at: NOW, reader, kind }
    }

    pub fn written(&self, content: MailContent, kind: Kind<'_>, language: Language) -> Written {
        write(&self.house(content), &self.letter(kind, language)).unwrap()
    }
}

/// A conversation of one message.
pub fn one<'a>(name: Option<&'a str>, messages: &'a [Message<'a>]) -> Conversation<'a> {
    let id = ConversationId::from_bytes([5; 16]);
    Conversation { id, name, path: "/c/05050505", unread: u32::try_from(messages.len()).unwrap(), messages }
}

pub fn by<'a>(author: &'a str, text: &'a str) -> Message<'a> {
    Message { author, at: NOW - 2_760_000_000, text, edited: false }
}

pub fn link() -> OneTime<'static> {
    OneTime {
        url: "https://chat.example.org/link#2fJq9vYx1kZr0cT7wB5nLhE4mS8aUdGi",
        expires_at: NOW + 86_400_000_000,
        by: Some("Amara Osei"),
        username: "lena.fischer",
    }
}

/// A mail as any other.
pub fn a_mail() -> Written {
    let messages =
        [by("Zoë Wörner", "Grüße aus **Zürich**, @lena: 100 € & <mehr>\n.\nhttps://example.org/a?b=c&d=e")];
    Own::new().written(MailContent::Full, Kind::Missed(&one(Some("Übergabe"), &messages)), Language::German)
}

pub fn parse(bytes: &[u8]) -> Parsed<'_> {
    MessageParser::default().parse(bytes).unwrap()
}

/// How often a header stands in the mail's head.
pub fn count(mail: &Parsed<'_>, name: &str) -> usize {
    mail.headers().iter().filter(|header| header.name().eq_ignore_ascii_case(name)).count()
}

pub fn raw<'a>(mail: &'a Parsed<'_>, name: &'static str) -> &'a str {
    mail.header_raw(name).unwrap_or_default().trim()
}

/// The text and the HTML of a mail.
pub fn bodies(mail: &Parsed<'_>) -> (String, String) {
    assert_eq!((mail.text_body_count(), mail.html_body_count(), mail.attachment_count()), (1, 1, 0));
    let unix = |text: std::borrow::Cow<'_, str>| text.replace("\r\n", "\n");
    (unix(mail.body_text(0).unwrap()), unix(mail.body_html(0).unwrap()))
}

/// What a server delivered is what was sent, with lines of its own before it.
pub fn same_mail(sent: &[u8], delivered: &[u8]) {
    let (sent, delivered) = (parse(sent), parse(delivered));
    assert_eq!(sent.subject(), delivered.subject());
    assert_eq!(sent.message_id(), delivered.message_id());
    assert_eq!(bodies(&sent), bodies(&delivered));
    for name in ["From", "To", "Subject", "Message-ID"] {
        assert_eq!(count(&delivered, name), 1, "{name}");
    }
}
