//! People from outside: what marks them, who answers for them, and until when they are here.

pub const EXTERNAL: &str = "External";
pub const OUTSIDE: &str = "External: people from outside are in this conversation";
pub const NO_TALKS: &str = "You see conversations here once a colleague adds you to one.";

pub const GUEST: &str = "Guest";
pub const SPONSOR: &str = "Sponsor";
pub const SPONSOR_NOBODY: &str = "Nobody of this name can answer for a guest.";
pub const SPONSOR_FAILED: &str = "The sponsor could not be loaded";
pub const NEED_SPONSOR: &str = "Choose a colleague who answers for them.";
pub const UNTIL: &str = "Until";
pub const UNTIL_HELP: &str = "Their last day. After it they are signed out and suspended.";
pub const WRONG_DAY: &str = "Choose a day from tomorrow on, at most five years away.";
pub const TERMS: &str = "Sponsor and end";
pub const TERMS_LEAD: &str =
    "A guest has no other role and finds nobody: colleagues add them to conversations.";
pub const TERMS_CHANGE: &str = "Change sponsor and end";
pub const TERMS_SET: &str = "Set sponsor and end";
pub const TERMS_SAVED: &str = "Sponsor and end saved";
pub const SET: &str = "Set";
pub const NOBODY_ANSWERS: &str =
    "Nobody answers for this guest, and there is no end. Name a sponsor and an end.";
pub const ENDED: &str =
    "Their time as a guest is over. Give them another end first, then lift the suspension.";
pub const OTHER_END: &str = "Set another end";
pub const OVER: &str = "ended";

/// Below the name: "Guest of Priya Raman until 30 June". `sponsor`: by name, where that is known.
pub fn line(sponsor: Option<&str>, until: &str) -> String {
    match sponsor {
        Some(sponsor) => format!("Guest of {sponsor} until {until}"),
        None => format!("Guest until {until}"),
    }
}

/// What guests are told of themselves.
pub fn own(sponsor: Option<&str>, until: &str) -> String {
    match sponsor {
        Some(sponsor) => format!("You are here as a guest of {sponsor} until {until}."),
        None => format!("You are here as a guest until {until}."),
    }
}

/// The name where no badge stands beside it: "Gwen Guest, external".
pub fn named(name: &str) -> String {
    format!("{name}, external")
}

/// When an end is near: "in 3 days".
pub fn left(days: u64) -> String {
    match days {
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        days => format!("in {days} days"),
    }
}

/// "Until 30 June 2027".
pub fn until(day: &str) -> String {
    format!("until {day}")
}

/// Beside a guest whose sponsor left.
pub fn sponsor_suspended(name: &str) -> String {
    format!("{name}, who answers for this guest, is suspended. Name somebody else.")
}

/// The title of the dialog.
pub fn terms_title(guest: &str) -> String {
    format!("{TERMS}: {guest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sponsor_whose_name_is_not_known_is_left_out() {
        assert_eq!(line(Some("Ada Test"), "30 June"), "Guest of Ada Test until 30 June");
        assert_eq!(line(None, "30 June"), "Guest until 30 June");
        assert_eq!(own(None, "30 June"), "You are here as a guest until 30 June.");
    }

    #[test]
    fn the_last_days_have_names() {
        assert_eq!([left(0), left(1), left(3)], ["today", "tomorrow", "in 3 days"]);
    }
}
