//! The one gate: what the house's policy lets through, of every kind of mail. Whoever puts a mail into words gets only
//! what comes out here.

use crate::ground::config::MailContent;

use super::{
    Conversation, Kind, MAX_CONVERSATIONS, MAX_MESSAGES, MAX_MESSAGES_DIGEST, Message, OneTime, clean,
};

/// What may be said.
pub(super) enum Allowed<'a> {
    Missed(Heard<'a>),
    Digest { heard: Vec<Heard<'a>>, more: usize },
    Invitation(Link<'a>),
    Reset(Link<'a>),
    FactorsRemoved { by: Option<String> },
    Test,
}

/// What may be said of a conversation.
#[derive(Default)]
pub(super) struct Heard<'a> {
    /// Who wrote, each once; nobody when that may not be said.
    pub(super) who: Vec<String>,
    /// Where and what.
    pub(super) what: Option<What<'a>>,
    /// Where it is opened; the messenger's front door when not even that may be said.
    pub(super) path: Option<&'a str>,
}

/// The conversation itself.
pub(super) struct What<'a> {
    /// What it is called; nothing for a talk of two.
    pub(super) name: Option<String>,
    /// The newest messages, oldest first.
    pub(super) messages: &'a [Message<'a>],
    /// How many unread ones are older.
    pub(super) older: u32,
}

/// What may be said of a link that works once. The link itself is what the mail is for.
pub(super) struct Link<'a> {
    pub(super) one_time: &'a OneTime<'a>,
    /// Who issued it, when that may be said.
    pub(super) by: Option<String>,
}

/// What of this may be said.
pub(super) fn allowed<'a>(policy: MailContent, kind: &Kind<'a>) -> Allowed<'a> {
    match kind {
        Kind::Missed(conversation) => Allowed::Missed(heard(policy, conversation, MAX_MESSAGES)),
        Kind::Digest { conversations } => {
            if policy == MailContent::Nothing {
                // How many there are would be something.
                return Allowed::Digest { heard: Vec::new(), more: 0 };
            }
            let shown = conversations.iter().take(MAX_CONVERSATIONS);
            Allowed::Digest {
                heard: shown.map(|one| heard(policy, one, MAX_MESSAGES_DIGEST)).collect(),
                more: conversations.len().saturating_sub(MAX_CONVERSATIONS),
            }
        }
        Kind::Invitation(link) => Allowed::Invitation(Link { one_time: link, by: person(policy, link.by) }),
        Kind::Reset(link) => Allowed::Reset(Link { one_time: link, by: person(policy, link.by) }),
        Kind::FactorsRemoved { by } => Allowed::FactorsRemoved { by: person(policy, *by) },
        Kind::Test => Allowed::Test,
    }
}

/// Somebody's name, when names may be said.
fn person(policy: MailContent, name: Option<&str>) -> Option<String> {
    let name = clean::name(name?);
    (policy >= MailContent::Sender && !name.is_empty()).then_some(name)
}

fn heard<'a>(policy: MailContent, conversation: &Conversation<'a>, most: usize) -> Heard<'a> {
    let mut heard = Heard::default();
    if policy >= MailContent::Sender {
        heard.path = Some(conversation.path);
        for name in conversation.messages.iter().filter_map(|message| person(policy, Some(message.author))) {
            if !heard.who.contains(&name) {
                heard.who.push(name);
            }
        }
    }
    if policy == MailContent::Full {
        let first = conversation.messages.len().saturating_sub(most);
        let messages = conversation.messages.get(first..).unwrap_or_default();
        let shown = u32::try_from(messages.len()).unwrap_or(u32::MAX);
        heard.what = Some(What {
            name: conversation.name.map(clean::name).filter(|name| !name.is_empty()),
            messages,
            older: conversation.unread.saturating_sub(shown),
        });
    }
    heard
}
