//! The list of keys.

pub const TITLE: &str = "Keyboard shortcuts";
pub const NOTE: &str = "One-key shortcuts work only outside text fields and can be turned off in Notifications and keys. On a Mac, Cmd stands for Ctrl.";

/// What is done, and the keys that do it.
pub type Line = (&'static str, &'static [&'static str]);

/// Heads with their lines.
pub const ALL: [(&str, &[Line]); 4] = [
    (
        "Everywhere",
        &[
            ("Jump to anything", &["Ctrl K"]),
            ("Filter the list", &["/"]),
            ("Next, previous region", &["F6", "Shift F6"]),
            ("This list", &["Ctrl /", "?"]),
            ("Settings", &["Ctrl ,"]),
            ("Close, step back", &["Esc"]),
        ],
    ),
    (
        "Chats",
        &[
            ("Previous, next conversation", &["Alt ↑", "Alt ↓"]),
            ("Previous, next unread", &["Alt Shift ↑", "Alt Shift ↓"]),
            ("Walk through messages", &["Ctrl ↑", "Ctrl ↓"]),
            ("Oldest, newest message", &["Home", "Ctrl End"]),
            ("Go to a date", &["Ctrl G"]),
            ("Edit my last message", &["↑"]),
            ("Mention somebody", &["@"]),
        ],
    ),
    (
        "On a message",
        &[
            ("React", &["R"]),
            ("Reply", &["Q"]),
            ("Forward", &["F"]),
            ("Copy link", &["L"]),
            ("Copy text", &["C"]),
            ("Who has read my message", &["I"]),
            ("Edit", &["E"]),
            ("Delete", &["Del"]),
        ],
    ),
    (
        "My status",
        &[
            ("Available", &["Ctrl Shift 1"]),
            ("Away", &["Ctrl Shift 2"]),
            ("Busy", &["Ctrl Shift 3"]),
            ("Do not disturb", &["Ctrl Shift 4"]),
            ("In a meeting", &["Ctrl Shift 5"]),
        ],
    ),
];

pub mod date {
    pub const TITLE: &str = "Go to a date";
    pub const DAY: &str = "Day";
    pub const GO: &str = "Go to this day";
    pub const FIRST: &str = "Go to the first message";
    pub const WRONG: &str = "Choose a day.";
}
