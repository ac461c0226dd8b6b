//! Mails to look at: every kind, about invented people, written by what writes the real ones.

use chancery_protocol::Micros;
use chancery_protocol::ids::{ConversationId, Id as _, PersonId};
use chancery_protocol::mail_settings::{MailPreviewQuery, MailTemplate};
use lettre::Address;
use zeroize::Zeroizing;

use super::letters::{
    Bodies, Conversation, House, Kind, Letter, Message, OffKey, OneTime, Reader, bodies, minutes_east,
};
use super::{MailDesk, Signature};
use crate::ground::error::Error;

const MINUTE: Micros = 60_000_000;

impl MailDesk {
    /// What is asked for, as it would be written now.
    pub(super) fn preview(&self, query: &MailPreviewQuery) -> Result<Bodies, Error> {
        let (at, now) = (self.journal.clock().now(), self.shared.now());
        written(&self.signature, query, &now.settings.house.zone, at)
    }
}

fn written(signature: &Signature, query: &MailPreviewQuery, zone: &str, at: Micros) -> Result<Bodies, Error> {
    let to: Address = "lena.fischer@example.org".parse().map_err(Error::internal)?;
    let house = House {
        organisation: &signature.organisation,
        service_desk: signature.service_desk.as_deref(),
        public_url: &signature.public_url,
        from: &to.clone().into(),
        reply_to: None,
        bounce: &to,
        content: query.content,
        // Nobody's mails are turned off by a link of an example.
        off: &OffKey::new(Zeroizing::new([0; 32])),
    };
    let reader = Reader {
        id: PersonId::from_bytes([1; 16]),
        name: "Lena Fischer",
        address: &to,
        language: query.language.into(),
        minutes_east: minutes_east(zone, at),
    };
    let by = |author: &'static str, minutes: i64, text: &'static str| Message {
        author,
        at: at - minutes * MINUTE,
        text,
        edited: false,
    };
    let deal = [
        by(
            "Priya Raman",
            48,
            "Morning all. I merged the comments from legal; the **fee table is final** from my side.",
        ),
        Message {
            edited: true,
            ..by(
                "Daniel Okafor",
                31,
                "@lena can you upload the *signed* engagement letter before the 11:00 review?",
            )
        },
        by(
            "Priya Raman",
            22,
            "The agenda is here: https://files.example.org/projects/alder/agenda\n- fee table\n- signatures",
        ),
    ];
    let direct = [by(
        "Tomasz Wrona",
        40,
        "Can we move the walk-through to Thursday? Two of us are travelling on Wednesday.",
    )];
    let group = talk(5, Some("Project Alder deal team"), 7, &deal);
    let conversations = [group, talk(6, None, 1, &direct)];
    let url = format!("{}/link#this-is-an-example", signature.public_url.origin());
    let link = OneTime {
        url: &url,
        expires_at: at + 24 * 60 * MINUTE,
        by: Some("Amara Osei"),
        username: "lena.fischer",
    };
    let kind = match query.template {
        MailTemplate::Missed => Kind::Missed(&group),
        MailTemplate::Daily => Kind::Digest { conversations: &conversations },
        MailTemplate::Invitation => Kind::Invitation(&link),
        MailTemplate::Reset => Kind::Reset(&link),
        MailTemplate::FactorsRemoved => Kind::FactorsRemoved { by: Some("Amara Osei") },
        MailTemplate::Test => Kind::Test,
    };
    Ok(bodies(&house, &Letter { id: [9; 16], at, reader, kind }))
}

fn talk<'a>(id: u8, name: Option<&'a str>, unread: u32, messages: &'a [Message<'a>]) -> Conversation<'a> {
    Conversation { id: ConversationId::from_bytes([id; 16]), name, path: "/chats", unread, messages }
}

#[cfg(test)]
mod tests {
    use chancery_protocol::mail::{MailContent, MailLanguage};

    use super::*;
    use crate::ground::config::PublicUrl;

    #[test]
    fn every_kind_can_be_looked_at_and_obeys_the_policy() {
        let signature = Signature {
            organisation: "Example Bank".to_owned(),
            service_desk: Some("extension 4711".to_owned()),
            public_url: PublicUrl::parse("https://chat.example.org").unwrap(),
        };
        let mut seen = std::collections::BTreeSet::new();
        for template in MailTemplate::ALL {
            for language in [MailLanguage::English, MailLanguage::German] {
                for content in MailContent::ALL {
                    let query = MailPreviewQuery { template, language, content };
                    let mail = written(&signature, &query, "Europe/Berlin", 1_773_133_200_000_000).unwrap();
                    let both = format!("{} {} {}", mail.subject, mail.text, mail.html);
                    assert!(
                        mail.html.starts_with("<!DOCTYPE html>") || mail.html.starts_with("<!doctype html>")
                    );
                    assert_eq!(both.contains("fee table"), {
                        let says = matches!(template, MailTemplate::Missed | MailTemplate::Daily);
                        says && content == MailContent::Full
                    });
                    assert!(
                        content != MailContent::Nothing || !both.contains("Priya") && !both.contains("Amara")
                    );
                    seen.insert((format!("{template:?}"), mail.text));
                }
            }
        }
        // The test mail, and the two about links, say the same under several policies.
        assert!(seen.len() >= 2 * 6 + 8, "{}", seen.len());
    }
}
