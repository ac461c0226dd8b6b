//! Searching in the chat.

use super::{grouped, plural};

pub const TITLE: &str = "Search";
pub const FIELD: &str = "Search your conversations";
pub const HINT: &str = "Words, \"a phrase\", -without, this OR that";
pub const HELP_TITLE: &str = "Find what was said";
pub const HELP_BODY: &str = "Type a few letters of what you remember: a word or a part of one, a name, a date, an address. \
    Only conversations you are in are searched.";
pub const RESULTS: &str = "Messages found";
pub const FAILED: &str = "Nothing could be searched";
pub const NONE_TITLE: &str = "Nothing found";
pub const EVERYWHERE: &str = "Search all conversations";
pub const MORE: &str = "Show more";
pub const HERE: &str = "Search this conversation";
pub const YOU: &str = "You";

/// "12 messages".
pub fn found(total: u64) -> String {
    plural(total, "message", "messages")
}

/// "20 of 412 messages".
pub fn shown(shown: u64, total: u64) -> String {
    if shown < total { format!("{} of {}", grouped(shown), found(total)) } else { found(total) }
}

/// What was looked for is repeated.
pub fn none_body(query: &str) -> String {
    format!("No message you can see has “{query}”. Try fewer letters or another word.")
}

/// "Only in Book club".
pub fn only_in(name: &str) -> String {
    format!("Only in {name}")
}

/// "in Book club".
pub fn in_conversation(name: &str) -> String {
    format!("in {name}")
}
