//! What a mail says: headers, text and HTML of every kind of mail, in English and German. Pure; nothing is asked of anybody.
//!
//! What must stay true:
//! - there is one [`gate`], through which every kind of mail goes: nothing the house's policy does not allow gets past
//!   it, so no kind can forget the policy. Names of conversations are content;
//! - what comes in has been through `view` and is still hostile: names and texts cannot add headers, recipients, markup,
//!   or text that looks like ours. In plain text every line somebody wrote is marked, in HTML it stands in a frame;
//! - a mail is the same bytes whenever it is written from the same letter, so that sending again is sending the same;
//! - nothing is fetched from anywhere when it is opened, no style is anywhere but on its element, and nothing tells who
//!   read it. Links are shown in full.
//!
//! `gate` lets through what may be said, `sheet` puts it into words (`words`), `text` and `html` render that, `markup`
//! renders what somebody wrote, `post` makes the mail, `off` is the token with which one can turn mails off.

mod clean;
mod dates;
mod gate;
mod html;
mod markup;
mod off;
mod post;
mod sheet;
#[cfg(test)]
pub(super) mod tests;
mod text;
mod words;

use chancery_protocol::Micros;
use chancery_protocol::ids::{ConversationId, PersonId};
use chancery_protocol::mail::MailLanguage;
use lettre::Address;
use lettre::address::Envelope;
use lettre::message::Mailbox;

pub use off::{Off, OffKey, Sort};

use crate::ground::config::{MailContent, PublicUrl};

/// Most messages of one conversation in a mail about it; older ones are counted.
pub const MAX_MESSAGES: usize = 10;
/// Most messages of one conversation in a digest.
pub const MAX_MESSAGES_DIGEST: usize = 3;
/// Most conversations in a digest; the others are counted.
pub const MAX_CONVERSATIONS: usize = 20;

/// Who sends, and how much may be said.
#[derive(Debug, Clone, Copy)]
pub struct House<'a> {
    /// Name of the organisation.
    pub organisation: &'a str,
    /// Whom to ask about an account.
    pub service_desk: Option<&'a str>,
    /// Where the messenger is; its host is the domain of every `Message-ID`.
    pub public_url: &'a PublicUrl,
    /// Sender.
    pub from: &'a Mailbox,
    /// Where answers go.
    pub reply_to: Option<&'a Mailbox>,
    /// The envelope's sender.
    pub bounce: &'a Address,
    /// How much may be said, in every kind of mail.
    pub content: MailContent,
    /// For the links that turn mails off.
    pub off: &'a OffKey,
}

/// One mail to one person.
#[derive(Debug, Clone, Copy)]
pub struct Letter<'a> {
    /// Its id in the outbox; the `Message-ID` is made of it.
    pub id: [u8; 16],
    /// When it was decided to write it.
    pub at: Micros,
    /// To whom.
    pub reader: Reader<'a>,
    /// What about.
    pub kind: Kind<'a>,
}

/// Who gets a mail.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a> {
    /// Who.
    pub id: PersonId,
    /// What they are called.
    pub name: &'a str,
    /// Where they get mail.
    pub address: &'a Address,
    /// What they read.
    pub language: Language,
    /// Their clock, in minutes east of UTC.
    pub minutes_east: i16,
}

/// A language mails are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// German.
    German,
}

impl From<MailLanguage> for Language {
    fn from(language: MailLanguage) -> Self {
        match language {
            MailLanguage::English => Self::English,
            MailLanguage::German => Self::German,
        }
    }
}

/// What a mail is about.
#[derive(Debug, Clone, Copy)]
pub enum Kind<'a> {
    /// Unread messages of one conversation.
    Missed(&'a Conversation<'a>),
    /// Unread messages of a day.
    Digest {
        /// The conversations, most important first.
        conversations: &'a [Conversation<'a>],
    },
    /// A link with which somebody chooses their first password.
    Invitation(&'a OneTime<'a>),
    /// A link with which somebody chooses a new password.
    Reset(&'a OneTime<'a>),
    /// All second factors were taken off the account.
    FactorsRemoved {
        /// Who did it.
        by: Option<&'a str>,
    },
    /// To see whether mails arrive.
    Test,
}

/// A conversation with unread messages.
#[derive(Debug, Clone, Copy)]
pub struct Conversation<'a> {
    /// Which.
    pub id: ConversationId,
    /// What it is called; nothing for a talk of two.
    pub name: Option<&'a str>,
    /// Where it is opened: a path of the client.
    pub path: &'a str,
    /// How many are unread, with those not given here.
    pub unread: u32,
    /// The newest of them, oldest first.
    pub messages: &'a [Message<'a>],
}

/// A message, as its reader may see it.
#[derive(Debug, Clone, Copy)]
pub struct Message<'a> {
    /// Who wrote it.
    pub author: &'a str,
    /// When.
    pub at: Micros,
    /// The text as typed, with the marks around what a rule took out.
    pub text: &'a str,
    /// Whether it was changed since.
    pub edited: bool,
}

/// A link that works once.
#[derive(Debug, Clone, Copy)]
pub struct OneTime<'a> {
    /// The link.
    pub url: &'a str,
    /// Until when it works.
    pub expires_at: Micros,
    /// Who issued it.
    pub by: Option<&'a str>,
    /// With which name one signs in.
    pub username: &'a str,
}

/// A finished mail.
#[derive(Debug, Clone)]
pub struct Written {
    /// From whom and to whom, for the mail server.
    pub envelope: Envelope,
    /// With its angle brackets.
    pub message_id: String,
    /// The subject, before it is encoded.
    pub subject: String,
    /// The mail, ASCII only, with lines that end in CRLF.
    pub bytes: Vec<u8>,
}

/// What a mail says, without its headers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bodies {
    /// The subject.
    pub subject: String,
    /// The plain text.
    pub text: String,
    /// The same as HTML.
    pub html: String,
}

/// What a mail would say, to be looked at.
pub fn bodies(house: &House<'_>, letter: &Letter<'_>) -> Bodies {
    let allowed = gate::allowed(house.content, &letter.kind);
    let sheet = sheet::of(house, &letter.reader, letter.at, &allowed);
    let html = html::render(&sheet, &clean::name(house.organisation), letter.reader.language);
    Bodies { text: text::render(&sheet), html, subject: sheet.subject }
}

/// A time zone's clock at a moment, in minutes east of UTC; a zone that is not known is UTC.
pub fn minutes_east(zone: &str, at: Micros) -> i16 {
    let zone = jiff::tz::TimeZoneDatabase::bundled().get(zone).ok();
    let offset = zone.zip(jiff::Timestamp::from_microsecond(at).ok()).map(|(zone, at)| zone.to_offset(at));
    offset.and_then(|offset| i16::try_from(offset.seconds() / 60).ok()).unwrap_or_default()
}

/// Writes a mail.
///
/// # Errors
/// When the library refuses what it is given, which no letter should make it do.
pub fn write(house: &House<'_>, letter: &Letter<'_>) -> Result<Written, lettre::error::Error> {
    let allowed = gate::allowed(house.content, &letter.kind);
    let sheet = sheet::of(house, &letter.reader, letter.at, &allowed);
    post::mail(house, letter, &sheet)
}
