//! One-time links: set-up, invitation, reset.

pub const CHECKING: &str = "Checking your link";
pub const SETUP_TITLE: &str = "Set up Chancery";
pub const SETUP_BODY: &str = "You are the first here. This account will administer the server.";
pub const INVITATION_BODY: &str = "Choose a password to begin.";
pub const RESET_TITLE: &str = "Choose a new password";
pub const RESET_BODY: &str = "Choose one that you use nowhere else.";
pub const NAME: &str = "Your name";
pub const NAME_HELP: &str = "Colleagues see this name";
pub const USERNAME: &str = "Username";
pub const USERNAME_HELP: &str = "Lower-case letters, digits, dots, hyphens and underscores";
pub const PASSWORD: &str = "Password";
pub const PASSWORD_HELP: &str = "At least 12 characters. Several words are easiest to remember.";
pub const REPEAT: &str = "Repeat the password";
pub const NEED_NAME: &str = "Enter the name colleagues should see.";
pub const NEED_USERNAME: &str = "Choose a username.";
pub const NEED_SAME: &str = "The two passwords differ. Type the same one twice.";
pub const SUBMIT_SETUP: &str = "Create account";
pub const SUBMIT_INVITATION: &str = "Save and sign in";
pub const SUBMIT_RESET: &str = "Save new password";
pub const INVALID_TITLE: &str = "This link no longer works";
pub const INVALID_BODY: &str =
    "It was used already, has expired or is not complete. Ask your administrator for a new one.";
pub const TO_SIGN_IN: &str = "Go to sign-in";
pub const FAILED_TITLE: &str = "The link could not be checked";

pub fn welcome(name: &str) -> String {
    format!("Welcome, {name}")
}

pub fn account(username: &str) -> String {
    format!("Your username is {username}.")
}

pub fn expires(when: &str) -> String {
    format!("This link works once, until {when}.")
}
