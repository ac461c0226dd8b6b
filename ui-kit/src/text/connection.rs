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

pub fn waiting(count: u64) -> String {
    match count {
        0 => "You can read what is loaded. New messages appear when you are back.".to_owned(),
        _ => format!("{} will be sent when you are back.", plural(count, "message", "messages")),
    }
}
