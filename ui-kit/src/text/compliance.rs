//! Officers' search.

use chancery_protocol::conversation::ConversationKind;

use super::{grouped, plural};

pub const SEARCH: &str = "Search";
pub const GROUP: &str = "Compliance";
pub const REASON_TITLE: &str = "Why are you searching?";
pub const REASON_BODY: &str =
    "Each search and each message you open is put on record with this reason, and auditors read it.";
pub const REASON: &str = "Reason";
pub const REASON_HELP: &str = "For example a case number and what it is about.";
pub const REASON_MISSING: &str = "Say why you are searching.";
pub const REASON_LONG: &str = "Use at most 500 characters.";
pub const GO_ON: &str = "Go on";
pub const CHANGE_REASON: &str = "Change the reason";
pub const ON_RECORD: &str = "Each search and each message you open is on record with this reason.";
pub const QUERY: &str = "What to look for";
pub const QUERY_HINT: &str = "Words, \"a phrase\", this OR that, NOT those";
pub const VALID: &str = "Valid";
pub const RUN: &str = "Search";
pub const PEOPLE: &str = "People";
pub const CONVERSATION: &str = "Conversation";
pub const DATES: &str = "Dates";
pub const FROM: &str = "From";
pub const UNTIL: &str = "To";
pub const KIND: &str = "Kind";
pub const EDITED: &str = "Edited";
pub const DELETED: &str = "Deleted";
pub const YES: &str = "Yes";
pub const NO: &str = "No";
pub const ADD_PERSON: &str = "Add a person";
pub const ADD_CONVERSATION: &str = "Add a conversation";
pub const FIND_PERSON: &str = "Name or username";
pub const FIND_CONVERSATION: &str = "Name of a group";
pub const LOOK_UP: &str = "Look up";
pub const LOOK_UP_NOTE: &str = "Looking up conversations is on record too.";
pub const NOBODY: &str = "Nobody has this name.";
pub const NO_CONVERSATION: &str = "No group has this name.";
pub const FAILED: &str = "The search failed";
pub const CONTEXT_FAILED: &str = "The conversation could not be opened";
pub const CONVERSATIONS_FAILED: &str = "Conversations could not be looked up";
pub const NONE_TITLE: &str = "Nothing found";
pub const NONE_BODY: &str = "No version of any message matches. Try fewer letters, or take a filter away.";
pub const START_TITLE: &str = "Nothing is searched yet";
pub const START_BODY: &str = "Type what to look for and press Enter. Every version of every message is searched, edited and deleted ones too.";
pub const RESULTS: &str = "Messages found";
pub const MORE: &str = "Show more";
pub const HISTOGRAM: &str = "When the messages were said";
pub const WHOLE_RANGE: &str = "Show the whole range";
pub const BADGE_EDITED: &str = "Edited";
pub const BADGE_DELETED: &str = "Deleted";
pub const BADGE_REDACTED: &str = "Redacted";
pub const DIRECT: &str = "Direct message";
pub const MEMBERS_THEN: &str = "Members at the time";
pub const CONTEXT: &str = "In its conversation";
pub const VERSION_NOW: &str = "As it was last";
pub const DAMAGED: &str = "This record does not verify.";
pub const SOMEBODY: &str = "Somebody";
pub const NEWER: &str = "Newest first";

/// "412 messages".
pub fn results(total: u64) -> String {
    plural(total, "message", "messages")
}

/// "Acknowledged by 3 people"
pub fn acknowledged_by(count: u64) -> String {
    format!("Acknowledged by {}", plural(count, "person", "people"))
}

/// "Jun Watanabe, 14 March 2026, 10:52"
pub fn acknowledged(name: &str, when: &str) -> String {
    format!("{name}, {when}")
}

/// "8 members at the time".
pub fn members(count: u64) -> String {
    format!("{} at the time", plural(count, "member", "members"))
}

/// "#17,902,114".
pub fn number(position: u64) -> String {
    format!("#{}", grouped(position))
}

/// "in Project Birch".
pub fn in_conversation(name: &str) -> String {
    format!("in {name}")
}

/// "Ada and Ben".
pub fn pair(one: &str, other: &str) -> String {
    format!("{one} and {other}")
}

/// What sort of conversation.
pub fn kind(kind: ConversationKind) -> &'static str {
    match kind {
        ConversationKind::Direct => "Direct messages",
        ConversationKind::Group => "Groups",
        ConversationKind::Announcement => "Announcements",
    }
}

/// "Version 1, Tuesday 10 March 2026, 09:14".
pub fn version(number: usize, when: &str) -> String {
    format!("Version {number}, {when}")
}

/// What members do not get of a text.
pub fn kept_from_members(part: &str, instead: &str) -> String {
    format!("Members do not get “{part}”. They read “{instead}”.")
}

/// "Deleted by Ada, 10 March 2026, 09:14".
pub fn removed(restored: bool, who: &str, when: &str) -> String {
    let what = if restored { "Deletion taken back" } else { "Deleted" };
    format!("{what} by {who}, {when}")
}

/// "12 messages on 3 March".
pub fn bar(count: u64, when: &str) -> String {
    format!("{} in {when}", results(count))
}
