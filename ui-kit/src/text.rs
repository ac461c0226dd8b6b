//! The text catalogue: every sentence a person can see or hear, in one place, English.
//!
//! Must stay true: a sentence is never glued together by a page. What depends on a number or a name is a function here, so that
//! another language can order its words as it needs. Words: conversation, group, direct message, person (DESIGN.md section 10).

#![expect(missing_docs, reason = "the words say what they are")]

pub mod access_tokens;
pub mod approvals;
pub mod audit;
pub mod backtest;
pub mod chart;
pub mod chat;
pub mod compliance;
pub mod confirm;
pub mod connection;
pub mod console;
pub mod devices;
pub mod factors;
pub mod groups;
pub mod guests;
pub mod handover;
pub mod health;
pub mod kit;
pub mod link;
pub mod mail_settings;
pub mod mail_why;
pub mod mailing;
pub mod outbox;
pub mod overview;
pub mod palette;
pub mod people;
pub mod policy;
pub mod policy_console;
pub mod problem;
pub mod review;
pub mod rule_editor;
pub mod rules;
pub mod search;
pub mod settings;
pub mod shortcuts;
pub mod sign_in;
pub mod sources;
pub mod status;
pub mod syncs;
pub mod time;
pub mod tokens;
pub mod user_groups;
pub mod word_lists;

/// The product.
pub const PRODUCT: &str = "Chancery";

/// The title of the browser's tab; the number of unread messages first.
pub fn page_title(page: &str, unread: u64) -> String {
    let count = match unread {
        0 => String::new(),
        1..=99 => format!("({unread}) "),
        _ => "(99+) ".to_owned(),
    };
    if page.is_empty() { format!("{count}{PRODUCT}") } else { format!("{count}{page} · {PRODUCT}") }
}

/// One word or the other.
fn plural(count: u64, one: &'static str, many: &'static str) -> String {
    format!("{} {}", grouped(count), if count == 1 { one } else { many })
}

/// 182,440
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Bytes: 640 B, 14.2 MB, 1.9 TB.
pub fn bytes(number: u64) -> String {
    const UNITS: [&str; 5] = ["kB", "MB", "GB", "TB", "PB"];
    if number < 1_000 {
        return format!("{number} B");
    }
    // In tenths of the unit, so that no fraction has to be printed.
    let mut tenths = number / 100;
    for unit in UNITS {
        if tenths < 10_000 || unit == "PB" {
            return if tenths < 1_000 {
                format!("{} {unit}", tenth(tenths))
            } else {
                format!("{} {unit}", grouped(tenths / 10))
            };
        }
        tenths /= 1_000;
    }
    String::new()
}

/// A duration of so many microseconds: 640 µs, 2.1 ms, 84 ms, 1.5 s, 42 s.
pub fn duration(micros: u64) -> String {
    match micros {
        0 => "0".to_owned(),
        1..=999 => format!("{micros} µs"),
        1_000..=9_999 => format!("{} ms", tenth(micros / 100)),
        10_000..=999_999 => format!("{} ms", micros / 1_000),
        1_000_000..=9_999_999 => format!("{} s", tenth(micros / 100_000)),
        _ => format!("{} s", grouped(micros / 1_000_000)),
    }
}

/// A number of thousandths, with as many digits as it takes to tell it from others: 0.05, 2.5, 61.4, 412.
pub fn thousandths(number: u64) -> String {
    match number {
        0 => "0".to_owned(),
        1..=999 => format!("0.{number:03}").trim_end_matches('0').to_owned(),
        1_000..=99_999 => tenth(number / 100),
        _ => grouped(number / 1_000),
    }
}

fn tenth(tenths: u64) -> String {
    match tenths % 10 {
        0 => grouped(tenths / 10),
        rest => format!("{}.{rest}", grouped(tenths / 10)),
    }
}

pub mod act {
    pub const CANCEL: &str = "Cancel";
    pub const COPY: &str = "Copy";
    pub const COPIED: &str = "Copied";
    pub const DONE: &str = "Done";
    pub const UNDO: &str = "Undo";
    pub const SAVE: &str = "Save";
    pub const CLOSE: &str = "Close";
    pub const BACK: &str = "Back";
}

pub mod field {
    pub const CAPS_LOCK: &str = "Caps Lock is on";
    pub const OPTIONAL: &str = "(optional)";

    pub fn reveal(shown: bool) -> &'static str {
        if shown { "Hide password" } else { "Show password" }
    }
}

pub mod state {
    pub const LOADING: &str = "Loading";
    pub const TRY_AGAIN: &str = "Try again";
    pub const NOTHING_TITLE: &str = "Nothing here for you";
    pub const NOTHING_BODY: &str = "This page does not exist or is not open to you.";
    pub const CRASHED_TITLE: &str = "This page has stopped working";
    pub const CRASHED_BODY: &str = "What was sent is kept, and drafts up to a second ago. What still waited to be sent may be lost. Reload the page to go on.";
    pub const RELOAD: &str = "Reload";
    pub const TO_CHATS: &str = "Go to chats";
}

pub mod demo {
    pub const NAME: &str = "Demo";
    pub const NOTE: &str = "All people and messages are invented.";
}

pub mod theme {
    pub const LABEL: &str = "Appearance";
    pub const AUTO: &str = "Same as my system";
    pub const LIGHT: &str = "Light";
    pub const DARK: &str = "Dark";
    pub const TO_LIGHT: &str = "Switch to light";
    pub const TO_DARK: &str = "Switch to dark";
}

pub mod presence {
    use chancery_protocol::person::Presence;

    pub fn of(presence: Presence) -> &'static str {
        match presence {
            Presence::Available => "Available",
            Presence::Away => "Away",
            Presence::Busy => "Busy",
            Presence::DoNotDisturb => "Do not disturb",
            Presence::InMeeting => "In a meeting",
            Presence::Offline => "Offline",
        }
    }

    /// Read after a name: "Jun Watanabe, do not disturb".
    pub fn after_name(name: &str, presence: Presence) -> String {
        format!("{name}, {}", of(presence).to_ascii_lowercase())
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn thousands_are_separated() {
        assert_eq!(super::grouped(0), "0");
        assert_eq!(super::grouped(999), "999");
        assert_eq!(super::grouped(182_440), "182,440");
        assert_eq!(super::plural(1, "member", "members"), "1 member");
        assert_eq!(super::plural(16_000, "member", "members"), "16,000 members");
    }

    #[test]
    fn sizes_and_durations_have_the_unit_they_are_spoken_of_in() {
        let sizes = [0, 640, 1_000, 14_270_000, 999_999_999, 1_900_000_000_000, 182_440_000_000_000_000];
        assert_eq!(
            sizes.map(super::bytes),
            ["0 B", "640 B", "1 kB", "14.2 MB", "999 MB", "1.9 TB", "182 PB"]
        );
        let durations = [0, 640, 2_150, 84_999, 1_500_000, 42_000_000];
        assert_eq!(durations.map(super::duration), ["0", "640 µs", "2.1 ms", "84 ms", "1.5 s", "42 s"]);
        let rates = [0, 50, 100, 125, 2_500, 3_000, 61_430, 412_906];
        assert_eq!(rates.map(super::thousandths), ["0", "0.05", "0.1", "0.125", "2.5", "3", "61.4", "412"]);
    }

    #[test]
    fn titles_carry_the_unread() {
        assert_eq!(super::page_title("Chats", 0), "Chats · Chancery");
        assert_eq!(super::page_title("Chats", 3), "(3) Chats · Chancery");
        assert_eq!(super::page_title("", 240), "(99+) Chancery");
    }
}
