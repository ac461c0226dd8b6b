//! Rules of acceptable use as officers write them.

use chancery_protocol::acceptable_use::RuleOutcome;

use super::{grouped, plural};
use crate::api::ClientError;

mod parts;

pub use parts::{field, kind, meaning, outcome, severity, value};

pub const GROUP: &str = "Policy";
pub const RULES: &str = "Policy rules";
pub const ALL_RULES: &str = "All rules";
pub const LISTS: &str = "Word lists";
pub const HISTORY: &str = "History";
pub const PACKS: &str = "Delivered packs";
pub const NEW: &str = "New rule";
pub const NEW_BODY: &str = "It is a draft until a compliance lead who did not write it agrees.";
pub const FIND: &str = "Find a rule";
pub const REORDER: &str = "reorder";
pub const LOAD_FAILED: &str = "The rules could not be loaded";
pub const ONE_FAILED: &str = "The rule could not be loaded";
pub const NONE_TITLE: &str = "No rules yet";
pub const NONE_BODY: &str =
    "A rule says what it looks for in a message and what happens then. Delivered packs are a beginning.";
pub const NOT_FOUND: &str = "No rule found";
pub const NOT_FOUND_BODY: &str = "No rule has all these letters in its name. Try fewer.";
pub const CHOOSE_TITLE: &str = "Choose a rule";
pub const CHOOSE_BODY: &str = "It opens here as a sentence, with a box to try it.";
pub const OFF: &str = "Off";
pub const DRAFT: &str = "Draft";
pub const HAS_DRAFT: &str = "draft";
pub const WAITS: &str = "Waits for approval";
pub const UNSAVED: &str = "Unsaved";
pub const RUNS: &str = "In force";
pub const MOVE_UP: &str = "Move up";
pub const MOVE_DOWN: &str = "Move down";
pub const ORDER_CHANGED: &str = "The order is changed here only.";
pub const ORDER_BACK: &str = "As it was";
pub const ORDER_SEND: &str = "Send for approval";
pub const ORDER_TITLE: &str = "Send the order for approval";
pub const ORDER_BODY: &str =
    "Rules are told in this order. It counts when a compliance lead who did not ask for it agrees.";

pub const MORE: &str = "More acts";
pub const DISCARD: &str = "Discard";
pub const SAVE: &str = "Save as draft";
pub const SEND: &str = "Send for approval";
pub const SWITCH_OFF: &str = "Switch off";
pub const SWITCH_ON: &str = "Switch on";
pub const VERSIONS: &str = "Versions";
pub const BACK_TO_RULE: &str = "Back to the rule";
pub const DISCARDED: &str = "Draft thrown away";
pub const NOT_SAVED: &str = "The draft was not saved";
pub const SENT: &str = "Sent for approval";
pub const NOT_SENT: &str = "It was not sent";
pub const DISCARD_TITLE: &str = "Throw the draft away?";
pub const DISCARD_BODY: &str =
    "What is written is gone for everybody. The version in force, if there is one, stays as it is.";
pub const LEAVE_TITLE: &str = "Leave without saving?";
pub const LEAVE_BODY: &str = "What you typed since you last saved is lost.";
pub const LEAVE: &str = "Leave without saving";
pub const STAY: &str = "Stay here";
pub const TAKE_THEIRS: &str = "Show theirs";
pub const KEEP_MINE: &str = "Keep mine, then save again";
pub const APPROVAL: &str = "Approval";
pub const SEND_BODY: &str = "A compliance lead who did not ask for it sees everything and what it changes. It counts when they agree.";
pub const SEND_REASON: &str = "Why?";
pub const SEND_REASON_HELP: &str = "The person who agrees reads it, and it is on record.";
pub const SWITCH_OFF_BODY: &str = "It goes on until a compliance lead who did not ask for it agrees.";
pub const SWITCH_ON_BODY: &str = "It counts as it was, when a compliance lead who did not ask for it agrees.";
pub const GOES: &str = "What is sent";
pub const DRAFTS_TITLE: &str = "Send drafts for approval";
pub const NAME_MISSING: &str = "Enter a name.";
pub const SHORT: &str = "Short name";
pub const SHORT_HELP: &str = "Lower case letters, digits and hyphens. It stays for ever.";
pub const SHORT_TAKEN: &str = "Another one has this short name. Choose another.";
pub const SHORT_WRONG: &str = "Use lower case letters, digits and hyphens, a letter first, at most 60.";
pub const BEGIN: &str = "Begin";
pub const PACKS_BODY: &str = "Each comes as drafts. What is here already stays as it is. Read them and try them before you send them for approval.";
pub const PACKS_FAILED: &str = "The packs could not be loaded";
pub const TAKE_PACK: &str = "Add as drafts";
pub const ALL_HERE: &str = "All of it is here";

pub const WHEN: &str = "When a message";
pub const NAME: &str = "Name";
pub const MATCH: &str = "contains";
pub const MATCH_HELP: &str = "Words, \"a phrase\", list:name, detect:card, joined by AND, OR, NOT, NEAR/5.";
pub const VALID: &str = "Valid";
pub const OPERATORS: &str = "What can be written";
pub const OPERATOR_LINES: [(&str, &str); 11] = [
    ("insider", "the word, however it is written, not a part of a word"),
    ("\"inside information\"", "the words one after another"),
    ("sell*", "words that begin so; * also in front and within"),
    ("gr?y", "? stands for one letter"),
    ("list:shares", "any entry of the word list"),
    (
        "detect:card",
        "a number with its check digits: card, iban, us-ssn, uk-nino, de-tax-id, secret, email, phone and others",
    ),
    ("/AB-\\d{6}/", "a regular expression"),
    ("a AND b, a OR b", "both, any"),
    ("a NOT b", "a, when b is nowhere in the text"),
    ("a NEAR/5 b", "both with at most 5 words between"),
    ("( … )", "what belongs together"),
];
pub const UNLESS: &str = "but not within";
pub const UNLESS_HELP: &str = "One phrase a line, or list:name. A match inside such a phrase does not count.";
pub const USES: &str = "Word lists used";
pub const KINDS: &str = "in";
pub const KINDS_HELP: &str = "None ticked: in texts of every kind.";

pub const WHO: &str = "and the sender";
pub const SCOPE: &str = "Whose texts";
pub const EVERYBODY: &str = "is anybody, anywhere";
pub const AND_NOT: &str = "and not";
pub const EXCEPTION_EMPTY: &str =
    "Nothing is chosen yet: an exception without conditions would be for everybody.";
pub const ADD_EXCEPTION: &str = "Add exception";
pub const SENDER_GROUPS: &str = "is in";
pub const SENDERS: &str = "is";
pub const RECIPIENT_GROUPS: &str = "writes to somebody in";
pub const RECIPIENT_GROUPS_ONLY: &str = "writes only to people in";
pub const CONVERSATIONS: &str = "writes in";
pub const REACH: &str = "Guests";
pub const REACH_ANY: &str = "with or without guests";
pub const REACH_INSIDE: &str = "only employees in the conversation";
pub const REACH_OUTSIDE: &str = "guests in the conversation";
pub const ADD_GROUP: &str = "Add a group";
pub const ADD_PERSON: &str = "Add a person";
pub const ADD_CONVERSATION: &str = "Add a conversation";
pub const GROUP_NAME: &str = "Name of the group";
pub const NO_GROUP: &str = "No group has this name.";

pub const THEN: &str = "Then";
pub const FLAG_SILENT: &str = "Senders are not told of a flag.";
pub const WHY: &str = "What the sender reads";
pub const WHY_HELP: &str = "Say what was found and what to do next.";
pub const ASK_WHOM: &str = "Whom the sender may ask";
pub const ASK_HELP: &str = "For example “Data Protection”.";
pub const INSTEAD: &str = "What readers see in its place";
pub const INSTEAD_HELP: &str = "For example “account number removed”.";
pub const SEVERITY: &str = "Severity";
pub const QUEUE: &str = "Review queue";
pub const QUEUE_HELP: &str = "Matches are put there; empty: in none.";
pub const KNOWN: &str = "The sender may see what was matched";
pub const KNOWN_HELP: &str =
    "Right for card numbers and keys. Leave it off where the words would give the rule away.";

pub const PROOF: &str = "Lines that prove it";
pub const PROOF_LEAD: &str = "Taken from life. Lines that must not match are worth as much as the others.";
pub const MUST: &str = "Must match";
pub const MUST_NOT: &str = "Must not match";
pub const ADD_LINE: &str = "Add a line";
pub const NO_LINES: &str = "No line proves what it does.";
pub const NOT_PROVED: &str = "Its own lines could not be tried here.";
pub const FAILING_BODY: &str =
    "Mend the rule or the line. Sent as it is, whoever has to agree sees this too.";
pub const SEND_FAILING: &str = "Send all the same";

pub const FACTS: &str = "What it would do";
pub const TRY: &str = "Try it";
pub const NOT_STORED: &str = "Not stored";
pub const TRY_PLACEHOLDER: &str = "Type or paste a message";
pub const TRY_HINT: &str = "The rule as it is typed is tried here, in your browser. The text goes nowhere.";
pub const DISGUISED: &str = "It was disguised.";
pub const WOULD_PASS: &str = "Would be delivered.";
pub const CANNOT_TRY: &str = "The rule cannot be tried yet: what it looks for is not valid.";

pub const BEFORE: &str = "Before";
pub const AFTER: &str = "After";
pub const SHOW: &str = "Show";
pub const HIDE: &str = "Hide";
pub const NOTHING_DIFFERS: &str = "Nothing differs.";
pub const SAYS_THE_SAME: &str = "It says what it said.";
pub const NO_VERSIONS: &str = "No version yet";
pub const NO_VERSIONS_BODY: &str = "The first one comes about when a second person agrees.";
pub const VERSIONS_FAILED: &str = "The versions could not be loaded";

/// How many rules are on, drafts, off.
pub fn lead(on: u64, drafts: u64, off: u64) -> String {
    format!(
        "{} on, {}, {} off.",
        plural(on, "rule", "rules"),
        plural(drafts, "draft", "drafts"),
        grouped(off)
    )
}

/// "24 rules".
pub fn shown(count: u64) -> String {
    plural(count, "rule", "rules")
}

/// "On, v6".
pub fn on(version: u32) -> String {
    format!("On, v{version}")
}

/// The menu of a rule.
pub fn acts(title: &str) -> String {
    format!("Acts for {title}")
}

/// The way to send everything that is only a draft.
pub fn send_drafts(count: u64) -> String {
    format!("Send {} for approval", plural(count, "draft", "drafts"))
}

/// Who writes the next version, and since when.
pub fn drafted(by: &str, at: &str) -> String {
    if by.is_empty() { format!("Draft saved {at}") } else { format!("Draft saved {at} by {by}") }
}

/// How many fields are wrong.
pub fn attention(count: u64) -> String {
    plural(count, "field needs attention", "fields need attention")
}

/// Somebody else saved a draft.
pub fn theirs(by: &str, at: &str) -> String {
    let by = if by.is_empty() { "Somebody else" } else { by };
    let at = if at.is_empty() { String::new() } else { format!(" {at}") };
    format!("{by} saved another draft{at}. Nothing of it was overwritten, and what you typed is still here.")
}

/// The title of the dialog that sends.
pub fn send_title(title: &str) -> String {
    format!("Send {title} for approval")
}

/// The title of the dialog that switches.
pub fn switch_title(title: &str, on: bool) -> String {
    format!("Ask to switch {title} {}", if on { "on" } else { "off" })
}

/// A list among what is sent.
pub fn list_named(name: &str) -> String {
    format!("Word list {name}")
}

/// What a pack holds.
pub fn rules_count(count: u64) -> String {
    plural(count, "rule", "rules")
}

/// What taking a pack did.
pub fn drafts_made(count: u64) -> String {
    format!("{} added", plural(count, "draft", "drafts"))
}

/// "12 entries".
pub fn entries(count: u64) -> String {
    plural(count, "entry", "entries")
}

/// A list that is not there.
pub fn no_list(name: &str) -> String {
    format!("There is no list {name}")
}

/// A mistake in one of several lines.
pub fn in_line(number: usize, reason: &str) -> String {
    format!("Line {number}: {reason}")
}

/// An exception.
pub fn exception(at: usize) -> String {
    format!("Exception {}", at + 1)
}

/// Takes an exception away.
pub fn remove_exception(name: &str) -> String {
    format!("Remove {}", name.to_lowercase())
}

/// Takes a chip away.
pub fn remove(name: &str) -> String {
    format!("Remove {name}")
}

/// What it would do to a text.
pub fn would(outcome: RuleOutcome) -> &'static str {
    match outcome {
        RuleOutcome::Flag => "Would flag.",
        RuleOutcome::Warn => "Would warn.",
        RuleOutcome::Redact => "Would redact.",
        RuleOutcome::Review => "Would wait for review.",
        RuleOutcome::Block => "Would block.",
    }
}

/// "1 match".
pub fn matches(count: u64) -> String {
    plural(count, "match", "matches")
}

/// How the lines of a rule fare.
pub fn lines_said(all: u64, wrong: u64) -> String {
    match wrong {
        0 => format!("{} right", plural(all, "line", "lines")),
        wrong => format!("{} of {} wrong", grouped(wrong), plural(all, "line", "lines")),
    }
}

/// How many lines of a rule fail.
pub fn lines_fail(title: &str, failing: u64, all: u64) -> String {
    let all = plural(all, "line", "lines");
    format!("{title}: {} of {all} {}", grouped(failing), if failing == 1 { "fails" } else { "fail" })
}

/// What a line that fails does instead of what is written.
pub fn fails(must: bool) -> &'static str {
    if must { "Must match and does not:" } else { "Must not match and does:" }
}

/// Whether a line matched.
pub fn did(matched: bool) -> &'static str {
    if matched { "Matches" } else { "Does not match" }
}

/// A line of a rule.
pub fn line_label(must: bool, number: usize) -> String {
    format!("{} {number}", if must { MUST } else { MUST_NOT })
}

/// Takes a line away.
pub fn remove_line(number: usize) -> String {
    format!("Remove line {number}")
}

/// "Version 6".
pub fn version(version: u32) -> String {
    format!("Version {version}")
}

/// Who asked for a version and who agreed.
pub fn made_by(asked: &str, agreed: &str) -> String {
    match (asked.is_empty(), agreed.is_empty()) {
        (true, true) => "Came with the server.".to_owned(),
        _ => format!("Asked for by {asked}, agreed to by {agreed}."),
    }
}

/// The way back to a version.
pub fn open_as_draft(version: u32) -> String {
    format!("Open version {version} as a draft")
}

/// What the draft is compared with.
pub fn compared(version: u32) -> String {
    format!("Compared with version {version}")
}

/// Entries that come or go.
pub fn entries_changed(count: u64, come: bool) -> String {
    format!("{} {}", plural(count, "entry", "entries"), if come { "added" } else { "removed" })
}

/// The way to all entries.
pub fn show_all(count: u64) -> String {
    format!("Show all {}", grouped(count))
}

/// Why something was refused.
pub fn refused(error: &ClientError) -> String {
    let ClientError::Problem(problem) = error else { return super::problem::of(error) };
    match problem.code.as_str() {
        "outdated" => {
            "It was changed in the meantime. Nothing was overwritten: reload the page to see how it is now."
                .to_owned()
        }
        "unchanged" => "Nothing would change. Save a draft that says something else first.".to_owned(),
        "own_request" => "Nobody agrees to what they asked for. Another compliance lead has to.".to_owned(),
        "already_decided" => "This is decided already.".to_owned(),
        "rule_invalid" => {
            let all = problem
                .errors
                .iter()
                .filter_map(|one| Some(format!("{}: {}", one.field, one.detail.as_deref()?)));
            let all: Vec<String> = all.take(5).collect();
            if all.is_empty() { super::problem::of(error) } else { all.join(" · ") }
        }
        _ => super::problem::of(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_has_its_base() {
        assert_eq!(lead(18, 2, 4), "18 rules on, 2 drafts, 4 off.");
        assert_eq!(lines_said(5, 1), "1 of 5 lines wrong");
        assert_eq!(lines_fail("Cards", 1, 1), "Cards: 1 of 1 line fails");
        assert_eq!(lines_fail("Cards", 2, 3), "Cards: 2 of 3 lines fail");
    }
}
