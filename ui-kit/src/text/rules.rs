//! What a rule of acceptable use did to a text, for whoever wrote it.

use chancery_protocol::acceptable_use::Notice;

use super::grouped;

/// The reasons one chooses from, in this order. The last needs no name of its own.
pub const CHOICES: [&str; 4] = ["Client instruction", "Settlement", "Regulatory request", "Other"];

pub const CHOICE: &str = "Reason";
pub const WORDS: &str = "Why it has to be sent";
pub const YOUR_MESSAGE: &str = "Your message:";
pub const YOUR_CHANGE: &str = "Your change:";
pub const YOUR_TEXT: &str = "Your text:";
pub const AGAIN: &str =
    "Your reason did not arrive in time, or the rules have changed since. Check it once more.";
pub const CHOOSE: &str = "Choose a reason.";
pub const EDIT: &str = "Edit message";
pub const EDIT_TEXT: &str = "Edit text";
pub const SEND: &str = "Send with reason";
pub const SAVE: &str = "Save with reason";
pub const BLOCKED: &str = "Not sent: blocked by a policy rule";
pub const BLOCKED_CHANGE: &str = "Not changed: blocked by a policy rule";
pub const WAITING: &str = "Waiting for review";
pub const WAITING_CHANGE: &str = "Your change waits for review";
pub const TAKE_BACK: &str = "Take it back";
pub const NOT_TAKEN_BACK: &str = "It was not taken back";
pub const REFUSED: &str = "Not delivered";
pub const REFUSED_CHANGE: &str = "Your change was not delivered";
pub const BEFORE_SENDING: &str = "Check before you send";
pub const BEFORE_SAVING: &str = "Check before you save";
pub const REDACTED: &str = "Delivered without what a policy rule takes out";

/// The head of the question before something is sent or saved: what one is about to do, and the rules.
pub fn check(head: &str, notices: &[Notice]) -> String {
    let names: Vec<&str> = notices.iter().map(|notice| notice.name.as_str()).collect();
    format!("{head}: {}", names.join(", "))
}

/// "At least 10 characters"
pub fn at_least(chars: usize) -> String {
    format!("At least {} characters", grouped(chars as u64))
}

/// A rule's own words.
pub fn quoted(words: &str) -> String {
    format!("“{words}”")
}

/// Which rule it was, and whom to ask.
pub fn named(notice: &Notice) -> String {
    format!("Rule {}, {}. {}", notice.rule, notice.name, ask(&notice.ask))
}

/// Whom to ask.
pub fn ask(whom: &str) -> String {
    format!("If in doubt, ask {whom}.")
}

/// Who refused, and when.
pub fn refused(when: &str) -> String {
    format!("Compliance, {when}")
}

/// In one sentence, for a field or a toast.
pub fn blocked(notices: &[Notice]) -> String {
    let one = |notice: &Notice| format!("{} {}", quoted(&notice.why), named(notice));
    notices.iter().map(one).collect::<Vec<_>>().join(" ")
}
