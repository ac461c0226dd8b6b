//! The acceptable use policy as those see it who write it and answer for it.

use super::plural;

pub const TITLE: &str = "Acceptable use";
pub const GROUP: &str = "Policy";
pub const LEAD: &str = "The text everybody accepts before they chat, and who has accepted it.";
pub const READ_ONLY: &str = "You can read it. Compliance officers write it.";
pub const LOAD_FAILED: &str = "The policy could not be loaded";
pub const IN_FORCE: &str = "In force";
pub const NOTHING: &str = "No text is in force. Nobody is asked to accept anything.";
pub const VERSION: &str = "Version";
pub const TEXT_TITLE: &str = "Title";
pub const SINCE: &str = "Since";
pub const AGAIN: &str = "Accepted again";
pub const ONCE: &str = "Once for each version";
pub const IN_SHORT: &str = "In short";
pub const FINGERPRINT: &str = "Fingerprint";
pub const SWITCH_OFF: &str = "Take out of force";
pub const SWITCH_OFF_BODY: &str = "Nobody will be asked to accept anything until another version comes into force. A compliance lead has to agree.";

pub const ACCEPTANCES: &str = "Who accepted it";
pub const ACCEPTED: &str = "Accepted";
pub const MISSING: &str = "Not yet";
pub const WHICH: &str = "Which people";
pub const NAME: &str = "Name";
pub const WHEN: &str = "Accepted at";
pub const NEVER: &str = "Never";
pub const MORE: &str = "Show more";
pub const FILE: &str = "Download CSV";
pub const NOBODY_ACCEPTED: &str = "Nobody has accepted it yet.";
pub const NOBODY_MISSING: &str = "Everybody who chats has accepted it.";
pub const ACCEPTANCES_FAILED: &str = "The list could not be loaded";
pub const SUSPENDED: &str = "Suspended";

pub const DRAFT: &str = "Draft";
pub const DRAFT_LEAD: &str = "What you write counts when a compliance lead who did not write it agrees.";
pub const ESSENCE: &str = "In short, one line each; the first sentence stands out";
pub const SECTION: &str = "Section";
pub const HEADING: &str = "Heading";
pub const WORDS: &str = "Text";
pub const ADD_SECTION: &str = "Add section";
pub const REMOVE: &str = "Remove";
pub const UP: &str = "Move up";
pub const DAYS: &str = "Accept again after days";
pub const DAYS_HELP: &str = "0: once for each version";
pub const DAYS_WRONG: &str = "A whole number of days, at most 3650.";
pub const SAVE: &str = "Save draft";
pub const SAVED: &str = "Draft saved";
pub const NOT_SAVED: &str = "The draft was not saved";
pub const SAVE_FIRST: &str = "Save the draft before you send it.";
pub const OUTDATED: &str = "Somebody else saved a draft in the meantime. Nothing of theirs was overwritten: reload the page to see it. What you wrote stays here until then.";
pub const PREVIEW: &str = "Preview";
pub const PREVIEW_NOTE: &str = "As people read it when they are asked to accept it.";
pub const SEND: &str = "Send for approval";
pub const SEND_BODY: &str = "A compliance lead sees the whole text and what it changes. It comes into force when they agree; then everybody is asked to accept it.";
pub const REASON: &str = "Why";
pub const REASON_HELP: &str = "10 to 500 characters, on record";
pub const SENT: &str = "Sent for approval";
pub const NOT_SENT: &str = "It was not sent";

pub const VERSIONS: &str = "Versions";
pub const NO_VERSIONS: &str = "There is no version yet.";
pub const OFF: &str = "Out of force";
pub const TO_ALL: &str = "All versions";
pub const FULL_TEXT: &str = "What it says, and what it changed";
pub const FIRST: &str = "The first version.";
pub const SAME: &str = "Says the same as the version before.";
pub const ADDED: &str = "Added";
pub const CHANGED: &str = "Changed";
pub const REMOVED: &str = "Removed";
pub const UNCHANGED: &str = "As before";
pub const BEFORE: &str = "Before";
pub const NOW: &str = "Now";

pub const APPROVAL: &str = "Approval";
pub const REQUESTED: &str = "Requested";
pub const SECOND: &str = "Second approval";
pub const DONE: &str = "In force";
pub const AGREE: &str = "Approve";
pub const REFUSE: &str = "Refuse";
pub const WITHDRAW: &str = "Withdraw";
pub const REFUSAL: &str = "Why it is refused";
pub const AGREED: &str = "Approved. It is in force now.";
pub const REFUSED: &str = "Refused";
pub const WITHDRAWN: &str = "Withdrawn";
pub const NOT_DONE: &str = "Nothing was changed";
pub const FULL: &str = "What is asked for";
pub const TO_BE_OFF: &str = "The text is to be taken out of force.";

/// After how many days it is accepted again.
pub fn every(days: u32) -> String {
    match days {
        0 => ONCE.to_owned(),
        days => format!("Every {}", plural(days.into(), "day", "days")),
    }
}

/// How many of those who have to accept have done so.
pub fn counts(accepted: u32, missing: u32) -> String {
    let of = u64::from(accepted) + u64::from(missing);
    format!("{} of {}", super::grouped(accepted.into()), plural(of, "person", "people"))
}

/// A version in a list.
pub fn version(version: u32) -> String {
    format!("Version {version}")
}

/// The title of a version's page.
pub fn version_title(version: u32, title: &str) -> String {
    format!("Version {version}: {title}")
}

/// Who asked for a version and who agreed.
pub fn made_by(asked: &str, agreed: &str) -> String {
    format!("Asked for by {asked}, agreed to by {agreed}")
}

/// Who asks.
pub fn asked_by(name: &str, at: &str) -> String {
    format!("{name} asked for it on {at}.")
}

/// Who may agree.
pub fn may_agree(names: &str) -> String {
    if names.is_empty() {
        "Nobody may agree: there is no other compliance lead.".to_owned()
    } else {
        format!("May agree: {names}.")
    }
}

/// Until when.
pub fn lapses(at: &str) -> String {
    format!("Lapses on {at}.")
}

/// The heading of a section, as it is typed.
pub fn heading(number: usize) -> String {
    format!("{HEADING} {number}")
}

/// Its text.
pub fn text(number: usize) -> String {
    format!("{WORDS} {number}")
}

/// A section of the draft.
pub fn section(number: usize) -> String {
    format!("{SECTION} {number}")
}
