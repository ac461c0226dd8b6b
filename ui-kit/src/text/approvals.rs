//! What waits for a second person.

use chancery_protocol::approvals::Approval;
use chancery_protocol::approvals::{MAX_WORDS, MIN_WORDS};
use chancery_protocol::policy::ItemKind;

use super::{grouped, plural, problem, rule_editor};
use crate::api::ClientError;

pub const APPROVALS: &str = "Approvals";
pub const LEAD: &str = "What needs a second person. Nobody agrees to what they asked for themselves.";
pub const WHICH: &str = "Which requests";
pub const WAITING: &str = "Waiting";
pub const ALL: &str = "All";
pub const OLDER: &str = "Show older";
pub const LOAD_FAILED: &str = "The requests could not be loaded";
pub const ONE_FAILED: &str = "The request could not be loaded";
pub const NONE_TITLE: &str = "Nothing waits";
pub const NONE_BODY: &str = "Whatever was asked for is decided. All requests are under “All”.";
pub const NEVER_TITLE: &str = "Nothing was asked for yet";
pub const NEVER_BODY: &str = "When somebody sends a rule or a word list for approval, or links a source to an account with a duty, it is listed here.";
pub const CHOOSE_TITLE: &str = "Choose a request";
pub const CHOOSE_BODY: &str = "It opens here with everything that is asked for.";
pub const REQUEST: &str = "Request";
pub const ALL_REQUESTS: &str = "All requests";
pub const WAITS: &str = "Waits";
pub const WAITS_FOR_YOU: &str = "Waits for you";

pub const REQUESTED: &str = "Requested";
pub const SECOND: &str = "Second approval";
pub const IN_FORCE: &str = "In force";
pub const LINKED: &str = "Linked";
pub const REFUSED: &str = "Refused";
pub const WITHDRAWN: &str = "Withdrawn";
pub const LAPSED: &str = "Lapsed";
pub const FULL: &str = "What is asked for";
pub const TO_ON: &str = "Comes into force";
pub const TO_OFF: &str = "Is switched off";
pub const MOVED: &str = "Another place in the order";
pub const OUTDATED: &str =
    "A newer version came into force in the meantime. This can no longer be agreed to.";
pub const AGREE: &str = "Approve";
pub const REFUSE: &str = "Refuse";
pub const WITHDRAW: &str = "Withdraw";
pub const REFUSAL: &str = "Refused:";
pub const REFUSAL_LABEL: &str = "Why is it refused?";
pub const REFUSAL_HELP: &str = "Whoever asked reads it.";
pub const AGREED: &str = "Approved. It is in force now.";
pub const AGREED_LINK: &str = "Approved. It is linked now.";
pub const REFUSED_DONE: &str = "The request was refused";
pub const WITHDRAWN_DONE: &str = "The request was withdrawn";
pub const NOT_YOURS: &str = "Somebody else decides about this.";
pub const ACCOUNT: &str = "Account";
pub const ACCOUNT_ROLES: &str = "May do";
pub const SOURCE: &str = "Source";
pub const SOURCE_GONE: &str = "No longer there";
pub const SUBJECT: &str = "Id there";
pub const LOGIN: &str = "Login there";
pub const OPENS: &str = "Whoever the source vouches for under this name signs in to this account. Ask its owner whether it is theirs.";

/// "Asked for by Noor Haddad,"
pub fn asked_by(name: &str) -> String {
    if name.is_empty() { "Asked for on".to_owned() } else { format!("Asked for by {name} on") }
}

/// Who may agree.
pub fn may_agree(names: &str) -> String {
    if names.is_empty() {
        "Nobody may agree: nobody else has the role for it.".to_owned()
    } else {
        format!("May agree: {names}.")
    }
}

/// Until when.
pub fn lapses(at: &str) -> String {
    format!("Lapses on {at}.")
}

/// Until when, in a list.
pub fn lapses_short(at: &str) -> String {
    format!("Lapses {at}")
}

/// Who decided and when; nobody when it lapsed.
pub fn decided(who: Option<&str>, at: &str) -> String {
    match who {
        Some(who) => format!("{who}, {at}"),
        None => at.to_owned(),
    }
}

/// An item by its short name.
pub fn item(kind: ItemKind, name: &str) -> String {
    match kind {
        ItemKind::Rule => format!("Rule {name}"),
        ItemKind::List => format!("Word list {name}"),
        ItemKind::Text => "Policy text".to_owned(),
    }
}

/// What a request is about, in a line.
pub fn title(one: &Approval) -> String {
    if let Some(identity) = &one.identity {
        let owner = identity.owner.as_ref().map_or(identity.asked.subject.as_str(), |owner| &owner.name);
        return format!("Link {owner} to {}", identity.source_name);
    }
    let names: Vec<String> = one.items.iter().take(3).map(|item| self::item(item.kind, &item.name)).collect();
    about(&names.join(", "), one.items.len().saturating_sub(3) as u64)
}

/// Why an identity was not linked although somebody agreed, or not refused or taken back.
pub fn link_refused(error: &ClientError) -> String {
    match error.code() {
        Some("own_request") => "Nobody agrees to what they asked for. Somebody else has to.".to_owned(),
        Some("own_account") => "This is your own account. Somebody else has to agree.".to_owned(),
        Some("already_decided") => rule_editor::refused(error),
        Some("outdated") => {
            "The account is not what it was when this was asked: its roles are others, or it is suspended. Nothing was linked."
                .to_owned()
        }
        Some("identity_taken") => "This id belongs to an account already. Nothing was linked.".to_owned(),
        Some("emergency_account") => {
            "The account is one for emergencies by now, which belongs to no source. Nothing was linked.".to_owned()
        }
        Some("not_found") => "The source is no longer there. Nothing was linked.".to_owned(),
        _ => problem::of(error),
    }
}

/// The first few by name, and how many more.
pub fn about(names: &str, more: u64) -> String {
    if more == 0 { names.to_owned() } else { format!("{names} and {} more", grouped(more)) }
}

/// "Version 7".
pub fn version(version: u32) -> String {
    format!("Version {version}")
}

/// "117 of 240".
pub fn count(count: u64, most: u64) -> String {
    format!("{} of {}", grouped(count), grouped(most))
}

/// How long a reason has to be.
pub fn words_needed() -> String {
    format!("Use {MIN_WORDS} to {MAX_WORDS} characters.")
}

/// What waits for the reader, in the menu.
pub fn waiting(count: u64) -> String {
    plural(count, "request waits for you", "requests wait for you")
}
