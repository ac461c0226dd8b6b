//! Jump to anything.

use chancery_protocol::person::Presence;

pub const TITLE: &str = "Jump to a conversation, a person or an act";
pub const PLACEHOLDER: &str = "Jump to…";
pub const FORWARD_TO: &str = "Forward to";
pub const FORWARD_PLACEHOLDER: &str = "Forward to…";
pub const FOUND: &str = "Found";
pub const NONE: &str = "Nothing fits. Try fewer letters.";
pub const PEOPLE_HEAD: &str = "People";
pub const GROUPS_HEAD: &str = "Conversations";
pub const DO_HEAD: &str = "Do";
pub const MOVE: &str = "move";
pub const DO: &str = "acts";
pub const PEOPLE: &str = "people";
pub const GROUPS: &str = "groups";
pub const STATUS: &str = "Set a status";
pub const LIGHT: &str = "Appearance: light";
pub const DARK: &str = "Appearance: dark";
pub const AUTO: &str = "Appearance: same as my system";
pub const NOT_OPENED: &str = "The conversation was not opened";

pub fn be(presence: Presence) -> &'static str {
    match presence {
        Presence::Available => "Be available",
        Presence::Away => "Be away",
        Presence::Busy => "Be busy",
        Presence::DoNotDisturb => "Do not disturb",
        Presence::InMeeting => "Be in a meeting",
        Presence::Offline => "Offline",
    }
}

/// Said when a key changed how reachable one is.
pub fn now(presence: Presence) -> String {
    format!("You are shown as: {}", super::presence::of(presence))
}
