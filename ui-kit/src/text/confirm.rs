//! Signing in again while the session goes on, before messages are shown (DESIGN.md section 8).

pub const TITLE: &str = "Sign in again to read messages";
pub const BODY: &str = "You come back to where you were. Nothing you typed is lost.";
pub const PASSWORD: &str = "Password";
pub const NEED_PASSWORD: &str = "Enter your password.";
pub const WRONG_PASSWORD: &str = "This is not your password. Try again.";
pub const GO_ON: &str = "Continue";
pub const NOT_NOW: &str = "Not now";
pub const FAILED: &str = "You could not be asked";
pub const NO_WAY: &str = "The way you signed in by is no longer offered. Sign out, then sign in anew.";
pub const ELSEWHERE: &str = "Sign in in the window that has opened. This one waits.";
pub const BLOCKED: &str =
    "The browser kept the window from opening. Allow windows for this site, then try again.";
pub const DONE: &str = "It is you";
pub const DONE_BODY: &str = "Go on where you were. You can close this window.";
pub const CLOSE: &str = "Close this window";
pub const ANOTHER: &str = "You signed in there as somebody else. Close this window, and sign in with the account you work with here.";
