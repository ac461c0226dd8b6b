//! Settings of this device: sounds, notifications, keys, idleness.

pub const TITLE: &str = "Notifications and keys";
pub const LEAD: &str = "What is set about e-mail holds on all of your devices, the rest on this one.";
pub const NOTIFY: &str = "New messages";
pub const NOTIFY_BODY: &str = "The title of the tab always shows how many messages are unread; what you have muted is not counted. While you are busy or do not want to be disturbed, this device stays quiet.";
pub const SOUND: &str = "Play a sound";
pub const SOUND_TRY: &str = "Listen to it";
pub const DESKTOP: &str = "Show a notification on the desktop";
pub const DESKTOP_BODY: &str = "The browser asks for permission when you switch this on.";
pub const DESKTOP_BLOCKED: &str = "The browser blocks notifications of this page. Allow them in the settings of the page, then switch this on.";
pub const DESKTOP_NONE: &str = "This browser has no notifications.";
pub const SHOW_TEXT: &str = "Show the text of the message in it";
pub const KEYS: &str = "Keys";
pub const ENTER_SENDS: &str = "Enter sends a message";
pub const ENTER_SENDS_BODY: &str = "When this is off, Ctrl Enter sends and Enter is a new line.";
pub const ONE_KEY: &str = "One-key shortcuts";
pub const ONE_KEY_BODY: &str = "R, Q, F and the others on a message, / and ? on the page.";
pub const SHOW_KEYS: &str = "Show all shortcuts";
pub const IDLE: &str = "Away";
pub const IDLE_BODY: &str =
    "Without a key or a movement for so long, you are shown as away until you are back.";
pub const DEVICES: &str = "Devices and password";

/// A choice of minutes.
pub fn minutes(count: i64) -> &'static str {
    match count {
        5 => "5 min",
        10 => "10 min",
        20 => "20 min",
        _ => "30 min",
    }
}

/// Title of a notification from a group.
pub fn from_group(author: &str, group: &str) -> String {
    format!("{author} in {group}")
}

pub const NEW_MESSAGE: &str = "New message";
