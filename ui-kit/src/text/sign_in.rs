//! The sign-in page.

pub const TITLE: &str = "Sign in";
pub const SUBTITLE: &str = "Workplace messaging";
pub const SLOGAN: &str = "Say it plainly. The record keeps itself.";
pub const POINT_ENCRYPTED: &str = "Encrypted between your device and your organisation’s server";
pub const POINT_LOCAL: &str = "This connection does not leave your computer";
pub const POINT_SEALED: &str = "Every message is sealed in a record that shows any tampering";
pub const POINT_MEMBERS: &str = "You see who is in a conversation";
pub const USERNAME: &str = "Username";
pub const PASSWORD: &str = "Password";
pub const FORGOTTEN: &str = "Forgotten your password?";
pub const FORGOTTEN_TITLE: &str = "Forgotten your password";
pub const FORGOTTEN_BODY: &str =
    "Ask your administrator for a one-time link. With it you choose a new password; nobody else learns it.";
pub const SUBMIT: &str = "Sign in";
pub const NEED_USERNAME: &str = "Enter your username.";
pub const NEED_PASSWORD: &str = "Enter your password.";
pub const MONITORED: &str =
    "This system is monitored. Messages are recorded and may be reviewed under your organisation’s policy.";
pub const DEMO: &str = "This is a demo. All people and messages in it are invented.";
pub const TROUBLE: &str = "Trouble signing in?";
pub const REASON_SIGNED_OUT: &str = "You are signed out.";
pub const REASON_ENDED: &str = "Your session has ended. Sign in again to go on.";
pub const REASON_SUSPENDED: &str = "This account is suspended. Ask your administrator.";
pub const REASON_PASSWORD: &str = "Your password is changed. Sign in with the new one.";
pub const SERVER_TITLE: &str = "The server was not reached";

pub fn keep(hours: u32) -> String {
    match hours {
        1 => "Keep me signed in on this device for 1 hour".to_owned(),
        _ => format!("Keep me signed in on this device for {hours} hours"),
    }
}

pub fn version(version: &str) -> String {
    format!("Version {version}")
}

pub fn service_desk(contact: &str) -> String {
    format!("Service desk: {contact}")
}
