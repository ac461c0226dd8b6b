//! The acceptable use policy as everybody meets it.

use super::plural;

pub const TITLE: &str = "Acceptable use policy";
pub const FAILED_TITLE: &str = "The policy could not be loaded";
pub const NONE_TITLE: &str = "No policy is in force";
pub const NONE_BODY: &str = "When your organisation puts one in force, you are asked to accept it here.";
pub const ESSENCE: &str = "In short";
pub const SECTIONS: &str = "Sections";
pub const OPENED: &str = ", opened";
pub const FULL: &str = "Full text";
pub const AGREE: &str = "I have read this policy and I accept it";
pub const AGREE_LATER: &str = "(available once every section has been opened)";
pub const ACCEPT: &str = "Accept and continue";
pub const NEXT: &str = "Next section";
pub const DECLINE: &str = "Decline and sign out";
pub const DECLINE_TITLE: &str = "Decline and sign out?";
pub const DECLINE_BODY: &str = "Without it you cannot chat. You are signed out here, and your answer is recorded. You can accept it the next time you sign in.";
pub const CONTACT: &str = "Questions about it? Talk to your compliance department, or ask:";
pub const CONTACT_PLAIN: &str = "Questions about it? Talk to your compliance department.";
pub const PRINT: &str = "Print or save";
pub const CHANGED: &str = "Another version came into force while you were reading. This is the new one.";
pub const FAILED: &str = "Your answer was not recorded.";
pub const REASON_DECLINED: &str = "You did not accept the acceptable use policy, so you are signed out. If you have questions about it, talk to your compliance department.";

/// Above the text: who asks for what.
pub fn asks(organisation: &str, version: u32) -> String {
    let who = if organisation.is_empty() { "Your organisation" } else { organisation };
    format!("{who} asks you to accept version {version} before you go on.")
}

/// How many sections were opened.
pub fn progress(opened: usize, of: usize) -> String {
    format!("{opened} of {} opened", plural(of as u64, "section", "sections"))
}

/// Below the buttons.
pub fn recorded(fingerprint: &str) -> String {
    format!(
        "Your answer is recorded with your name, the time and this version’s fingerprint {}.",
        short(fingerprint)
    )
}

/// What one accepted, on its page.
pub fn accepted(version: u32, at: &str) -> String {
    format!("You accepted version {version} on {at}.")
}

/// Somebody who has nothing to accept.
pub fn version(version: u32) -> String {
    format!("Version {version}")
}

/// A fingerprint as people compare it: its first twelve digits, in fours.
pub fn short(fingerprint: &str) -> String {
    let digits: Vec<char> = fingerprint.chars().take(12).collect();
    digits.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_fingerprint_is_shown_in_fours() {
        assert_eq!(super::short("9f2c41d7a41e77"), "9f2c 41d7 a41e");
        assert_eq!(super::short(""), "");
    }
}
