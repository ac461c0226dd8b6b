//! The mail itself: headers and parts, by lettre's builder.

use std::time::{Duration, SystemTime};

use chancery_protocol::Micros;
use data_encoding::HEXLOWER;
use lettre::address::Envelope;
use lettre::error::Error;
use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Body, Mailbox, Message, MultiPart, MultiPartKind, SinglePart};
use uuid::Uuid;

use super::sheet::Sheet;
use super::{House, Kind, Letter, Written, clean, html, text};

/// Builds the mail.
pub(super) fn mail(house: &House<'_>, letter: &Letter<'_>, sheet: &Sheet<'_>) -> Result<Written, Error> {
    let domain = domain(house.public_url.host());
    let message_id = format!("<{}@{domain}>", Uuid::from_bytes(letter.id));
    let name = clean::name(letter.reader.name);
    let to = Mailbox::new((!name.is_empty()).then_some(name), letter.reader.address.clone());
    let envelope = Envelope::new(Some(house.bounce.clone()), vec![to.email.clone()])?;

    let mut builder = Message::builder()
        .envelope(envelope.clone())
        .date(date(letter.at))
        .from(house.from.clone())
        .to(to)
        .subject(sheet.subject.clone())
        .message_id(Some(message_id.clone()));
    if let Some(reply_to) = house.reply_to {
        builder = builder.reply_to(reply_to.clone());
    }
    if let Kind::Missed(conversation) = letter.kind {
        let root = format!("<{}@{domain}>", house.off.thread(letter.reader.id, conversation.id));
        builder = builder.in_reply_to(root.clone()).references(root);
    }
    let raw =
        |name: &'static str, value: String| HeaderValue::new(HeaderName::new_from_ascii_str(name), value);
    builder = builder
        .raw_header(raw("Auto-Submitted", "auto-generated".to_owned()))
        .raw_header(raw("X-Auto-Response-Suppress", "All".to_owned()))
        .raw_header(raw("Content-Language", letter.reader.language.tag().to_owned()));
    if let Some(off) = &sheet.off {
        let list = format!("<{}.{}>", off.list, list_domain(house.public_url.host()));
        builder = builder
            .raw_header(raw("List-Id", list))
            .raw_header(raw("List-Unsubscribe", format!("<{}>", off.url)))
            .raw_header(raw("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned()));
    }
    // Neither quoted-printable nor our own words can hold this boundary.
    let boundary = format!("=_{}", HEXLOWER.encode(&letter.id));
    let organisation = clean::name(house.organisation);
    let page = html::render(sheet, &organisation, letter.reader.language);
    let parts = MultiPart::builder()
        .kind(MultiPartKind::Alternative)
        .boundary(boundary)
        .singlepart(part(ContentType::TEXT_PLAIN, text::render(sheet)))
        .singlepart(part(ContentType::TEXT_HTML, page));
    let bytes = builder.multipart(parts)?.formatted();
    Ok(Written { envelope, message_id, subject: sheet.subject.clone(), bytes })
}

fn part(kind: ContentType, text: String) -> SinglePart {
    let encoding = ContentTransferEncoding::QuotedPrintable;
    // Quoted-printable takes every text; should it not, the library chooses.
    let body = Body::new_with_encoding(text, encoding).unwrap_or_else(Body::new);
    SinglePart::builder().header(kind).body(body)
}

/// Headers know the years 1970 to 9999 only.
fn date(at: Micros) -> SystemTime {
    let at = u64::try_from(at).unwrap_or_default().min(253_402_300_799_000_000);
    SystemTime::UNIX_EPOCH + Duration::from_micros(at)
}

/// What a host is called behind the `@`: its name, or its address in brackets.
fn domain(host: &str) -> String {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    match bare.parse() {
        Ok(std::net::IpAddr::V4(address)) => format!("[{address}]"),
        Ok(std::net::IpAddr::V6(address)) => format!("[IPv6:{address}]"),
        Err(_) => host.to_owned(),
    }
}

/// A list's id is made of words and dots only.
fn list_domain(host: &str) -> String {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare.chars().map(|c| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-') { c } else { '-' }).collect()
}
