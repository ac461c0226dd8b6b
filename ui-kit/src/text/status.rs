//! The status picker.

use chancery_protocol::person::Presence;

pub const TITLE: &str = "Your status";
pub const TEXT: &str = "Status text";
pub const PLACEHOLDER: &str = "What are you doing?";
pub const SAVE: &str = "Save";
pub const CLEAR: &str = "Clear the status text";
pub const STATES: &str = "How reachable you are";
pub const NOT_SAVED: &str = "The status was not saved";
pub const SAVED: &str = "Status saved";
pub const DND_FOR: &str = "Do not disturb for";
pub const HALF_HOUR: &str = "30 minutes";
pub const HOUR: &str = "1 hour";
pub const TOMORROW: &str = "Until tomorrow";
pub const UNTIL_CHANGED: &str = "Until I change it";
pub const OFFLINE_HINT: &str = "Shown by itself when you leave";

pub fn hint(presence: Presence, minutes: i64) -> String {
    match presence {
        Presence::Available | Presence::InMeeting => String::new(),
        Presence::Away => format!("Set by itself after {minutes} minutes without activity"),
        Presence::Busy => "Messages arrive quietly".to_owned(),
        Presence::DoNotDisturb => "No sounds or notifications on this device".to_owned(),
        Presence::Offline => OFFLINE_HINT.to_owned(),
    }
}

/// "Do not disturb until 11:43"
pub fn until(presence: Presence, clock: &str) -> String {
    format!("{} until {clock}", super::presence::of(presence))
}

pub fn too_long(limit: usize) -> String {
    format!("This is too long. Up to {limit} characters work.")
}
