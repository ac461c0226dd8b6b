//! Second factors: the second step of signing in, one's own in the console, those of others, and accounts for emergencies.

use chancery_protocol::factors::{FactorKind, MAX_FACTORS, MAX_NETWORKS};

use super::{console, plural, problem};
use crate::api::ClientError;
use crate::passkey::Failure;

pub const STEP_TITLE: &str = "One more step";
pub const LEAD_CODE: &str = "Your password is right. Now enter the code your authenticator app shows.";
pub const LEAD_PASSKEY: &str = "Your password is right. Now show your passkey or security key.";
pub const LEAD_BOTH: &str =
    "Your password is right. Now enter the code your authenticator app shows, or use your passkey.";
pub const LEAD_NONE: &str = "Your password is right. Now your passkey or security key is needed.";
pub const CODE: &str = "Code";
pub const CODE_HELP: &str = "Six digits. A new one every 30 seconds.";
pub const NEED_CODE: &str = "Enter the six digits your app shows.";
pub const WRONG_CODE: &str = "This code is wrong or was used already. Enter the one your app shows now.";
pub const CONTINUE: &str = "Continue";
pub const USE_PASSKEY: &str = "Use passkey";
pub const PASSKEY_INSTEAD: &str = "Use passkey instead";
pub const ASKING: &str = "Follow what your browser says.";
pub const WRONG_PASSKEY: &str = "This passkey was not accepted. Try another one you have added.";
pub const NO_PASSKEYS: &str = "This browser cannot use your passkey. Enter a code instead.";
pub const NO_PASSKEYS_ONLY: &str = "This browser cannot use passkeys. Sign in with another one, or ask your administrator to remove your second factors.";
pub const OTHER_ACCOUNT: &str = "Back to sign-in";
pub const OVER: &str = "This took too long, or the account was changed meanwhile. Sign in again.";
pub const SET_TITLE: &str = "Your password is set";
pub const SET_BODY: &str = "The second step took too long. Sign in with the new password.";

/// Why the browser showed or made no passkey.
pub fn not_shown(failure: Failure) -> &'static str {
    match failure {
        Failure::Unsupported => "This browser cannot do this with passkeys. Try another one.",
        Failure::Cancelled => "No passkey was shown: it was cancelled, or took too long. Try again.",
        Failure::Known => "This device or key has a passkey of this account already.",
        Failure::Aborted | Failure::Failed => "The browser could not use a passkey here. Try again.",
    }
}

pub const SECURITY: &str = "Sign-in and security";
pub const LEAD: &str = "What is asked for after your password, and where you add it.";
pub const FACTORS: &str = "Second factors";
pub const CAPTION: &str = "Your second factors";
pub const LOAD_FAILED: &str = "Your second factors could not be loaded";
pub const NO_PASSWORD_TITLE: &str = "Nothing to do here";
pub const NO_PASSWORD: &str = "You sign in with your organisation’s account, not with a password kept here: a second factor is asked for and changed there.";
pub const NONE_TITLE: &str = "No second factor yet";
pub const NONE_BODY: &str = "Whoever learns your password can sign in as you. Add an authenticator app or a passkey, better both: one helps when the other is lost.";
pub const ONE_ONLY: &str = "You have one second factor. Add another: it lets you in when this one is lost.";
pub const ADD_CODES: &str = "Add authenticator app";
pub const ADD_PASSKEY: &str = "Add passkey";
pub const NO_PASSKEYS_HERE: &str =
    "Passkeys need a server that is reached by a name. This one is reached by an address.";
pub const NO_PASSKEYS_BROWSER: &str = "This browser cannot make passkeys.";
pub const NAME: &str = "Name";
pub const KIND: &str = "Kind";
pub const ADDED: &str = "Added";
pub const LAST_USED: &str = "Last used";
pub const NEVER_USED: &str = "Never";
pub const ACT: &str = "Action";
pub const REMOVE: &str = "Remove";
pub const NAME_HELP_CODES: &str = "For example the phone the app is on.";
pub const NAME_HELP_PASSKEY: &str = "For example the device or key it is kept on.";
pub const NEED_NAME: &str = "Give it a name.";
pub const PASSWORD: &str = "Your password";
pub const NEED_PASSWORD: &str = "Enter your password.";
pub const WRONG_PASSWORD: &str = "This is not your password. Try again.";
pub const SCAN: &str = "Scan this with your authenticator app, then enter the code it shows.";
pub const QR: &str = "QR code with the secret that stands below as text";
pub const SECRET: &str = "Or type this secret into the app";
pub const SECRET_HELP: &str = "It is shown this once. Whoever has it makes the same codes.";
pub const SECRET_COPIED: &str = "The secret is on your clipboard.";
pub const SECRET_NOT_COPIED: &str = "The browser did not allow copying. Select the text instead.";
pub const FIRST_CODE: &str = "Code the app shows";
pub const PROVE: &str = "Add";
pub const ENROLMENT_OVER: &str = "This took too long, or was finished already. Begin again.";
pub const CODES_ADDED: &str = "Authenticator app added";
pub const PASSKEY_ADDED: &str = "Passkey added";
pub const REMOVED: &str = "Second factor removed";
pub const PASSKEY_BODY: &str =
    "Your browser then asks you where to keep it: on this device, on a phone or on a security key.";
pub const KEEP: &str = "Keep it";

pub fn kind(kind: FactorKind) -> &'static str {
    match kind {
        FactorKind::Totp => "Authenticator app",
        FactorKind::Passkey => "Passkey",
    }
}

pub fn full() -> String {
    format!("An account has at most {MAX_FACTORS} second factors. Remove one first.")
}

pub fn remove_title(name: &str) -> String {
    format!("Remove “{name}”?")
}

/// What follows when one of so many goes.
pub fn remove_body(left: usize) -> String {
    match left {
        0 => {
            "It is your last one: after this your password alone lets you in. You stay signed in.".to_owned()
        }
        left => format!(
            "It can no longer be used to sign in as you. You keep {}.",
            plural(left as u64, "other second factor", "other second factors")
        ),
    }
}

pub const OF_PERSON_FAILED: &str = "Second factors could not be loaded";
pub const NONE_OF_PERSON: &str = "None. The password alone lets this person in.";
pub const NONE_ELSEWHERE: &str =
    "None here. This person has no password of their own; what is asked for is decided where they sign in.";
pub const REMOVE_ALL: &str = "Remove all";
pub const OWN_ARE_THERE: &str = "You change your own under “Sign-in and security”.";
pub const REMOVE_ALL_ACT: &str = "Remove all second factors";
pub const ALL_REMOVED: &str = "Second factors removed";
pub const EMERGENCY: &str = "Account for emergencies";
pub const EMERGENCY_SHORT: &str = "Emergency";
pub const EMERGENCY_MEANS: &str = "For the day no source can be reached: it signs in with its own password and a second factor, and stays an IT administrator who belongs to no source. Every sign-in with it is put on the record and shown on the health page.";
pub const EMERGENCY_ON: &str = "This is an account for emergencies";
pub const EMERGENCY_OFF_NOTE: &str = "Off";
pub const EMERGENCY_ON_NOTE: &str = "On";
pub const STATE: &str = "State";
pub const SINCE: &str = "Since";
pub const NETWORKS: &str = "Networks it can be used from";
pub const NETWORKS_SHORT: &str = "Networks";
pub const ANYWHERE: &str = "Anywhere";
pub const NETWORKS_HELP: &str = "One a line, such as 10.1.2.0/24. From anywhere when there is none.";
pub const CHANGE: &str = "Change";
pub const CHANGE_LABEL: &str = "Change account for emergencies";
pub const EMERGENCY_SAVED: &str = "Account for emergencies changed";

pub fn remove_all_title(name: &str) -> String {
    format!("Remove all second factors of {name}?")
}

pub fn remove_all_body(count: usize) -> String {
    format!(
        "For a lost device: {} can no longer be used, and this person is signed out everywhere. After this the password alone lets them in, until they add another. Make sure that it is them who ask.",
        plural(count as u64, "second factor", "second factors")
    )
}

pub fn added_used(kind: FactorKind, added: &str, used: Option<&str>) -> String {
    let used = used.map_or_else(|| "never used".to_owned(), |used| format!("last used {used}"));
    format!("{} · added {added} · {used}", self::kind(kind))
}

/// Which lines are no network: "Line 2, “office”, is no network."
pub fn no_networks(lines: &[(usize, String)]) -> String {
    let mut text: String =
        lines.iter().map(|(line, said)| format!("Line {line}, “{said}”, is no network. ")).collect();
    text.push_str("Write them like 10.1.2.0/24, one a line.");
    text
}

/// Why something about second factors was refused.
pub fn refused(error: &ClientError) -> String {
    match error.code() {
        Some("factor_failed") => WRONG_CODE.to_owned(),
        Some("factor_name_taken") => "You have another second factor of this name. Choose another.".to_owned(),
        Some("factor_taken") => "This passkey is in use already.".to_owned(),
        Some("factors_full") => full(),
        Some("passkeys_unavailable") => NO_PASSKEYS_HERE.to_owned(),
        Some("enrolment_over") => ENROLMENT_OVER.to_owned(),
        Some("sign_in_failed") => WRONG_PASSWORD.to_owned(),
        Some("not_found") => "It was removed already.".to_owned(),
        Some("factor_needed") => {
            "An account for emergencies needs a second factor. Add one first, or say that it is none.".to_owned()
        }
        Some("emergency_unfit") => "For emergencies an account must be an IT administrator by hand, not by a group, have a password of its own and belong to no source.".to_owned(),
        Some("network_invalid") => "One of these is no network. Write them like 10.1.2.0/24, one a line.".to_owned(),
        Some("out_of_range") => format!("Up to {MAX_NETWORKS} networks work."),
        Some(_) => console::refused(error),
        None => problem::of(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn removing_says_what_is_left() {
        assert!(remove_body(0).contains("password alone"));
        assert!(remove_body(1).ends_with("1 other second factor."));
        assert!(remove_body(2).ends_with("2 other second factors."));
    }

    #[test]
    fn every_reason_has_words_of_its_own() {
        let refused = |code: &str| {
            let problem =
                format!(r#"{{"type":"","code":"{code}","status":409,"title":"What the server says."}}"#);
            refused(&ClientError::from(
                serde_json::from_str::<chancery_protocol::problem::Problem>(&problem).unwrap(),
            ))
        };
        for code in [
            "factor_failed",
            "factor_name_taken",
            "factor_taken",
            "factors_full",
            "passkeys_unavailable",
            "enrolment_over",
            "factor_needed",
            "emergency_unfit",
            "network_invalid",
            "out_of_range",
        ] {
            assert_ne!(refused(code), "What the server says.", "{code}");
        }
        assert_eq!(refused("brand_new"), "What the server says.");
    }
}
