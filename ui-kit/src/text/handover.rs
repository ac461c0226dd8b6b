//! How a one-time link reaches whom it is for: by e-mail or by hand, and how its mail fares.

use chancery_protocol::mail::{MailFault, MailKind, MailReason, MailState, OutboxMail, Why};

use super::sources::sentence;

pub const HOW: &str = "How they get the link";
pub const BY_MAIL: &str = "Send it by e-mail";
pub const BY_HAND: &str = "Show it to me, to hand over";
pub const ISSUE: &str = "Issue link";
pub const EMAIL_HELP: &str = "Invitations and notifications can go there";
pub const CHANGE_ADDRESS: &str = "Change e-mail";
pub const ADD_ADDRESS: &str = "Add e-mail";
pub const ADDRESS_BODY: &str =
    "Mails go there from now on. A link that was mailed to the address before does not work any more.";
pub const ADDRESS_HELP: &str = "Leave it empty for none";
pub const ADDRESS_CHANGED: &str = "E-mail changed";
pub const INVITE_LEAD: &str = "They choose their password with a link that works once.";
pub const LINK_MAILED: &str = "The link is on its way by e-mail";
pub const LINKS_MAILED: &str =
    "The links are on their way by e-mail. Each account’s page shows how its mail fares.";
pub const LAST: &str = "Last e-mail";
pub const LAST_FAILED: &str = "How the last e-mail fared could not be loaded.";
pub const WHAT: &str = "About";
pub const TO: &str = "To";
pub const STATE: &str = "State";
pub const INSTEAD: &str = "Issue a link by hand instead";

/// What a new link does, where one can choose how it goes.
pub fn body(invited: bool, address: &str) -> String {
    if invited {
        format!("A new link replaces the one before it. Their address is {address}.")
    } else {
        format!(
            "With a one-time link they choose a new password. The present one works until they use it; then all their sessions end. Their address is {address}."
        )
    }
}

/// An invitation went by mail.
pub fn on_its_way(address: &str) -> String {
    format!("The link is on its way to {address}. The account’s page shows how the mail fares.")
}

/// Title of the form for an address.
pub fn address_title(name: &str) -> String {
    format!("E-mail of {name}")
}

/// Where the address of an account comes from.
pub fn from_source(name: &str) -> String {
    format!("Comes from {name}, and is changed there.")
}

/// Somebody else entered another address meanwhile.
pub fn address_outdated(theirs: &str) -> String {
    if theirs.is_empty() {
        "Not saved. Somebody else removed the address in the meantime. Save again to use yours.".to_owned()
    } else {
        format!(
            "Not saved. Somebody else changed the address to {theirs} in the meantime. Save again to use yours."
        )
    }
}

/// What a mail is about.
pub fn what(kind: MailKind) -> &'static str {
    match kind {
        MailKind::Missed | MailKind::Daily => "Unread messages",
        MailKind::Invitation => "Invitation",
        MailKind::Reset => "Reset of the sign-in",
        MailKind::FactorsRemoved => "Second factors removed",
    }
}

/// How a mail fares, in a word or two.
pub fn state(state: MailState) -> &'static str {
    match state {
        MailState::Waiting => "Waiting",
        MailState::Leaving => "Being sent",
        MailState::Sent => "Sent",
        MailState::Dropped => "Not sent",
        MailState::Refused => "Refused",
        MailState::Expired => "Not sent in time",
        MailState::NoServer => "No mail server",
    }
}

/// Why a mail stands as it does.
pub fn reason(mail: &OutboxMail) -> Option<String> {
    Some(match mail.reason.as_ref()? {
        MailReason::LinkOver => "Its link was used, or replaced by a newer one.".to_owned(),
        MailReason::Decided { why } => match **why {
            Why::Suspended => "The account is suspended.".to_owned(),
            Why::NoAddress => "The account has no e-mail address.".to_owned(),
            _ => "It was not wanted any more.".to_owned(),
        },
        MailReason::Failed { fault, words } => {
            let said = sentence(words);
            match fault {
                MailFault::Temporary | MailFault::Silent | MailFault::Unreachable
                    if mail.state == MailState::Waiting =>
                {
                    format!("{said} It is tried again.")
                }
                _ => said,
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use chancery_protocol::ids::{Id as _, MailId, PersonId};

    use super::*;

    fn mail(state: MailState, reason: Option<MailReason>) -> OutboxMail {
        OutboxMail {
            id: MailId::from_bytes([1; 16]),
            kind: MailKind::Reset,
            person: PersonId::from_bytes([2; 16]),
            name: String::new(),
            address: None,
            at: 0,
            state,
            attempts: 1,
            tried_at: None,
            next_at: None,
            reason,
            sent_at: None,
        }
    }

    #[test]
    fn what_the_mail_server_said_is_shown_and_whether_it_is_tried_again() {
        let failed = |fault| MailReason::Failed { fault, words: "not now: 451 later".to_owned() };
        let waiting = mail(MailState::Waiting, Some(failed(MailFault::Temporary)));
        assert_eq!(reason(&waiting).as_deref(), Some("Not now: 451 later. It is tried again."));
        let refused = mail(MailState::Refused, Some(failed(MailFault::Permanent)));
        assert_eq!(reason(&refused).as_deref(), Some("Not now: 451 later."));
        let over = mail(MailState::Dropped, Some(MailReason::LinkOver));
        assert_eq!(reason(&over).as_deref(), Some("Its link was used, or replaced by a newer one."));
        assert_eq!(reason(&mail(MailState::Sent, None)), None);
    }
}
