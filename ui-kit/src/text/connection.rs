//! The line to the server.

use super::plural;

pub const OFFLINE: &str = "You are offline.";
pub const CONNECTING: &str = "Connecting";
pub const TRY_NOW: &str = "Try now";
pub const BACK: &str = "You are online again";
pub const OUTDATED: &str = "A newer version is ready. Reload the page to use it.";
pub const RELOAD: &str = "Reload";
pub const REFUSED: &str = "The server does not understand this page.";
pub const REFUSED_BODY: &str = "Reload it to get the present version. Drafts are kept.";

pub fn retry_in(seconds: u64) -> String {
    if seconds == 0 { "Trying again now.".to_owned() } else { format!("Trying again in {seconds} s.") }
}

/// What waits for the line: messages, and changes of messages.
pub fn waiting(messages: u64, changes: u64) -> String {
    let messages = (messages > 0).then(|| plural(messages, "message", "messages"));
    let changes = (changes > 0).then(|| plural(changes, "change", "changes"));
    match (messages, changes) {
        (None, None) => "You can read what is loaded. New messages appear when you are back.".to_owned(),
        (Some(messages), Some(changes)) => {
            format!("{messages} and {changes} will be sent when you are back.")
        }
        (Some(one), None) | (None, Some(one)) => format!("{one} will be sent when you are back."),
    }
}
