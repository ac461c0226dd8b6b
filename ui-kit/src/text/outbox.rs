//! The outbox: mails that are to leave or left, and why.

use chancery_protocol::conversation::ConversationKind;
use chancery_protocol::mail::{MailFault, MailReason};

use super::mail_why;
use super::plural;
use super::sources::sentence;
use crate::api::ClientError;
use crate::time::LocalTime;

pub const OUTBOX: &str = "Outbox";
pub const LOAD_FAILED: &str = "The outbox could not be loaded";
pub const TABLE: &str = "Mails, newest first";
pub const WHEN: &str = "Decided";
pub const TO: &str = "To";
pub const WHAT: &str = "Mail";
pub const STATE: &str = "State";
pub const REASON: &str = "Why";
pub const ACTS: &str = "Acts";
pub const EVERY: &str = "All mails";
pub const FILTER: &str = "Show";
pub const EVERYBODY: &str = "Show mails to everybody";
pub const NONE_TITLE: &str = "No mails";
pub const NONE_BODY: &str = "Mails about unread messages, invitations and resets stand here for 30 days.";
pub const NONE_SUCH_BODY: &str = "No mail of the last 30 days is in this state.";
pub const OLDER: &str = "Older";
pub const NEWEST: &str = "Newest";
pub const TRY_NOW: &str = "Try now";
pub const ONLY: &str = "Show only mails to them";
pub const TRYING: &str = "It is tried now";
pub const NOT_TRIED: &str = "It could not be tried";
pub const STUCK: &str = "No mail leaves.";
pub const WOULD: &str = "There is no mail server. These mails would have gone, and will not.";
pub const NO_SERVER: &str = "No mail server was set up when its turn came. This mail is not sent later.";
pub const NO_ADDRESS: &str = "no address";

pub const ASK: &str = "Why did they get no mail?";
pub const MAILS: &str = "Mails";
pub const ALL_TO: &str = "Show in the outbox";
pub const DECISIONS_FAILED: &str = "The decisions could not be loaded";
pub const RECORDED: &str =
    "That you looked is on record. Names of conversations are not shown to administrators.";
pub const NOW: &str = "How their conversations stand";
pub const DECIDED: &str = "What was decided";
pub const NOTHING_NOW: &str = "Nothing was said in their conversations in the last 30 days.";
pub const NOTHING_DECIDED: &str =
    "Nothing had to be decided in the last 30 days: everything was read in time.";
pub const DAILY: &str = "Daily mail";
pub const GONE: &str = "A conversation";

/// Title of what is told about somebody.
pub fn about(name: &str) -> String {
    format!("Mails to {name}")
}

/// A state and how many mails are in it.
pub fn counted(name: &str, count: u64) -> String {
    format!("{name} {count}")
}

/// How many mails there are in each state, whoever they are for.
pub fn in_all(counted: &[String]) -> String {
    if counted.is_empty() { String::new() } else { format!("In all: {}.", counted.join(", ")) }
}

/// A conversation, without its name.
pub fn conversation(kind: Option<ConversationKind>) -> &'static str {
    match kind {
        Some(ConversationKind::Direct) => "A direct talk",
        Some(ConversationKind::Group) => "A group",
        Some(ConversationKind::Announcement) => "An announcement",
        None => GONE,
    }
}

/// What to do about a mail that was not taken, beyond what was said; nothing where it is tried again by itself.
pub fn advice(fault: MailFault) -> Option<&'static str> {
    match fault {
        MailFault::Temporary | MailFault::Unreachable => None,
        MailFault::Permanent => Some("It is not tried again."),
        MailFault::Silent => Some("It is sent again under the same Message-ID."),
        MailFault::Credentials => Some("Mend the account under Server."),
        MailFault::Settings => Some("Mend the settings under Server."),
    }
}

/// What the mail server or the way to it said, and what to do.
pub fn said(fault: MailFault, words: &str) -> String {
    let said = sentence(words);
    match advice(fault) {
        Some(advice) => format!("{said} {advice}"),
        None => said,
    }
}

/// Why a mail stands as it does.
pub fn reason(reason: &MailReason, today: LocalTime, local: impl Fn(i64) -> LocalTime) -> String {
    match reason {
        MailReason::Decided { why } => mail_why::sentence(why, today, local),
        MailReason::LinkOver => "The link in it was used, or is not valid any more.".to_owned(),
        MailReason::Failed { fault, words } => said(*fault, words),
    }
}

/// How often it was tried.
pub fn attempts(count: u32) -> String {
    match count {
        0 => "Not tried yet.".to_owned(),
        count => format!("Tried {}.", plural(count.into(), "time", "times")),
    }
}

/// When it is tried next.
pub fn next(due: LocalTime, today: LocalTime) -> String {
    format!("Next try {}.", mail_why::at(due, today))
}

/// When the newest message of a conversation was written.
pub fn newest(at: LocalTime, today: LocalTime) -> String {
    format!("Newest message {}", mail_why::at(at, today))
}

/// When something was decided.
pub fn decided(at: LocalTime, today: LocalTime) -> String {
    format!("Decided {}", mail_why::at(at, today))
}

/// When the mail server took it.
pub fn taken(sent: LocalTime, today: LocalTime) -> String {
    format!("Taken by the mail server {}.", mail_why::at(sent, today))
}

/// Names the menu of a line.
pub fn acts_of(name: &str) -> String {
    format!("More about the mail to {name}")
}

/// How many mails are shown.
pub fn shown(count: u64) -> String {
    format!("{}.", plural(count, "mail", "mails"))
}

/// In which zone all times are.
pub fn times(zone: &str) -> String {
    if zone.is_empty() { String::new() } else { format!("All times in {zone}.") }
}

/// Since when no mail leaves.
pub fn since(at: &str) -> String {
    format!("Since {at}.")
}

/// Why something was refused, in a sentence.
pub fn refused(error: &ClientError) -> String {
    super::problem::of(error)
}
