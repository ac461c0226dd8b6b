//! The sign-in page, and the way back from a provider.

use crate::api::ClientError;

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
pub const FORGOTTEN_DIRECTORY: &str = "The password of a directory account is changed where it is kept, not here: ask your service desk. For an account made here, ask your administrator for a one-time link.";
pub const SUBMIT: &str = "Sign in";
pub const SUBMIT_DIRECTORY: &str = "Sign in with directory account";
pub const SUBMIT_PASSWORD: &str = "Sign in with password";
pub const OPENS: &str = "Opens your organisation’s sign-in page";
pub const OR_DIRECTORY: &str = "or use your directory account";
pub const OR_PASSWORD: &str = "or use an account made here";
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
pub const RETURNING: &str = "Signing you in…";
pub const RETURNING_BODY: &str = "This takes a moment.";
pub const NOT_IN: &str = "You are not signed in";
pub const BEGIN_AGAIN: &str = "Begin again";
pub const INTERRUPTED: &str =
    "This sign-in took too long, or was begun in another window. Nothing was changed. Begin again.";
pub const REFUSED: &str = "Your organisation’s sign-in page did not let you in, or you went back before the end. Begin again with the account you work with.";
pub const MISTAKEN: &str = "The answer of your organisation’s sign-in page cannot be trusted, so nobody was signed in. Tell your service desk; it helps to say when it happened.";
pub const AWAY: &str =
    "The service that knows your account cannot be reached right now. Wait a few minutes, then try again.";
pub const NOT_ADMITTED: &str =
    "Your organisation knows you, but there is no account for you here. Ask your service desk for one.";
pub const GONE: &str = "This way to sign in is no longer offered. Choose another.";

/// Why a sign-in at a provider did not begin or end well, and what to do.
pub fn failed(error: &ClientError) -> String {
    match error.code() {
        Some("not_found") => GONE.to_owned(),
        // The address was cut short or written by hand.
        Some("bad_request") => INTERRUPTED.to_owned(),
        _ => super::problem::of(error),
    }
}

pub fn continue_with(provider: &str) -> String {
    format!("Continue with {provider}")
}

/// Below the username: whose accounts the form takes.
pub fn directories(names: &[String]) -> Option<String> {
    match names {
        [] => None,
        [one] => Some(format!("Your account in {one}, or one made here")),
        [rest @ .., last] => Some(format!("Your account in {} or {last}, or one made here", rest.join(", "))),
    }
}

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

#[cfg(test)]
mod tests {
    use super::{AWAY, GONE, INTERRUPTED, MISTAKEN, NOT_ADMITTED, REFUSED, directories, failed};
    use crate::api::ClientError;
    use chancery_protocol::problem::Problem;

    fn refused(code: &str) -> ClientError {
        let problem =
            format!(r#"{{"type":"","code":"{code}","status":401,"title":"What the server says."}}"#);
        serde_json::from_str::<Problem>(&problem).map_or(ClientError::Decode, ClientError::from)
    }

    #[test]
    fn each_way_a_sign_in_can_fail_has_its_own_words() {
        for (code, text) in [
            ("sign_in_interrupted", INTERRUPTED),
            ("bad_request", INTERRUPTED),
            ("provider_refused", REFUSED),
            ("provider_mistake", MISTAKEN),
            ("source_unavailable", AWAY),
            ("not_admitted", NOT_ADMITTED),
            ("not_found", GONE),
        ] {
            assert_eq!(failed(&refused(code)), text, "{code}");
        }
        assert_eq!(failed(&refused("brand_new")), "What the server says.");
    }

    #[test]
    fn directories_are_named_in_their_order() {
        let named =
            |names: &[&str]| directories(&names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>());
        assert_eq!(named(&[]), None);
        assert_eq!(named(&["Example AD"]), Some("Your account in Example AD, or one made here".to_owned()));
        assert_eq!(
            named(&["Oslo", "Lima", "Rome"]),
            Some("Your account in Oslo, Lima or Rome, or one made here".to_owned())
        );
    }
}
