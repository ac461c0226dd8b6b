//! Mails about what somebody has not read: what they choose, and the page that turns mails off.

use chancery_protocol::mail::{MailContent, MailLanguage, QuietHours, Weekday};

use super::plural;
use super::time::{WEEKDAYS, of_day};

/// Days of the week, in order.
pub const DAYS: [Weekday; 7] = [
    Weekday::Monday,
    Weekday::Tuesday,
    Weekday::Wednesday,
    Weekday::Thursday,
    Weekday::Friday,
    Weekday::Saturday,
    Weekday::Sunday,
];

pub const TITLE: &str = "E-mail when you are away";
pub const LEAD: &str =
    "Mails about what you have read on none of your devices. What you set here holds on all of them.";
pub const NO_ADDRESS: &str =
    "Your account has no e-mail address, so no mail can reach you. Ask your administrator to add one.";
pub const NO_SERVER: &str = "No mail server is set up here yet, so no mails go at present. What you choose is kept until there is one.";
pub const FAILED_TITLE: &str = "What is set for mails could not be loaded";
pub const MODE: &str = "Mails go";
pub const EACH: &str = "About each conversation, once something in it has waited";
pub const DAILY: &str = "Once a day, about all conversations together";
pub const NEVER: &str = "Never";
pub const AFTER: &str = "How long something waits unread";
pub const DAILY_AT: &str = "Time of the daily mail";
pub const LANGUAGE: &str = "Language of the mails";
pub const QUIET: &str = "Quiet hours for e-mail";
pub const QUIET_LEAD: &str = "In quiet hours no mails go. What is still unread afterwards is mailed then.";
pub const QUIET_HOUSE: &str = "As for everybody here";
pub const QUIET_OWN: &str = "My own";
pub const QUIET_FROM: &str = "From";
pub const QUIET_UNTIL: &str = "Until";
pub const QUIET_DAYS: &str = "Days that are quiet as a whole";
pub const ALL_DAYS: &str =
    "With all seven days only the hours count. To get no mails at all, choose “Never” above.";
pub const ZONE: &str = "Time zone";
pub const URGENT: &str = "Urgent messages may come through";
pub const URGENT_BODY: &str = "A message that asks you to acknowledge it is mailed in quiet hours too.";
pub const HEARD_TOO: &str = "This holds for e-mails too.";
pub const WHY: &str = "Why did I get no mail?";
pub const WHY_FAILED: &str = "This could not be loaded";
pub const WHY_NONE_TITLE: &str = "Nothing to tell yet";
pub const WHY_NONE_BODY: &str =
    "As soon as you have not read something, this says whether a mail goes about it, and why.";
pub const NOW: &str = "How it stands now";
pub const DECIDED: &str = "What was decided";
pub const DECIDED_NONE: &str = "Nothing was decided yet.";
pub const OLDER: &str = "Show older";
pub const OLDER_FAILED: &str = "Older ones could not be loaded";
pub const LEFT: &str = "A conversation you left";
pub const DAILY_MAIL: &str = "Daily mail";

pub const OFF_TITLE: &str = "Stop these mails?";
pub const OFF_BODY: &str = "Mails of this kind, about messages you have not read, will not come any more. Your messages stay as they are.";
pub const OFF_ACT: &str = "Stop these mails";
pub const OFF_DONE_TITLE: &str = "Done";
pub const OFF_DONE_BODY: &str = "These mails will not come any more. Turn them on again in settings.";
pub const OFF_INVALID_TITLE: &str = "This link does not work";
pub const OFF_INVALID_BODY: &str =
    "It is not complete, or it is not from here. Open it again from the mail, or turn mails off in settings.";
pub const OFF_FAILED: &str = "The mails could not be stopped";
pub const OFF_SETTINGS: &str = "Open settings";

pub fn to(address: &str) -> String {
    format!("Mails go to {address}.")
}

pub fn why_lead(days: u16) -> String {
    format!(
        "Whether a mail went about what you had not read in the last {}, and why.",
        plural(days.into(), "day", "days")
    )
}

pub fn content(content: MailContent) -> &'static str {
    match content {
        MailContent::Full => "A mail says who wrote what, and where.",
        MailContent::Sender => "A mail says who wrote, and not what.",
        MailContent::Nothing => "A mail says that something waits for you, and nothing of what it is.",
    }
}

pub fn window(minutes: u16) -> String {
    format!("About one conversation there is at most one mail in {}.", span(minutes))
}

/// A span: 15 minutes, 1 hour, 90 minutes.
pub fn span(minutes: u16) -> String {
    let minutes = u64::from(minutes);
    if minutes > 0 && minutes.is_multiple_of(60) {
        plural(minutes / 60, "hour", "hours")
    } else {
        plural(minutes, "minute", "minutes")
    }
}

/// A value that is not chosen, but that of the house.
pub fn of_house(value: &str) -> String {
    format!("{value}, as for everybody here")
}

pub fn of_device(zone: &str) -> String {
    format!("{zone}, the zone of this device")
}

pub fn language(language: MailLanguage) -> &'static str {
    match language {
        MailLanguage::English => "English",
        MailLanguage::German => "German",
    }
}

pub fn weekday(day: Weekday) -> &'static str {
    WEEKDAYS.get(day as usize).copied().unwrap_or_default()
}

/// Which hours are quiet, in a sentence.
pub fn quiet(quiet: &QuietHours) -> String {
    let names: Vec<&str> = DAYS.into_iter().filter(|day| quiet.days.contains(day)).map(weekday).collect();
    let days = match names.as_slice() {
        // All of them count as none.
        [] | [_, _, _, _, _, _, _] => None,
        [one] => Some(format!("all of {one}")),
        [others @ .., last] => Some(format!("all of {} and {last}", others.join(", "))),
    };
    let hours =
        (quiet.from != quiet.until).then(|| format!("{} to {}", of_day(quiet.from), of_day(quiet.until)));
    match (hours, days) {
        (Some(hours), Some(days)) => format!("Quiet is {hours}, and {days}."),
        (Some(quiet), None) | (None, Some(quiet)) => format!("Quiet is {quiet}."),
        (None, None) => "No hours are quiet.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quiet_hours_in_words() {
        let of = |from, until, days: &[Weekday]| quiet(&QuietHours { from, until, days: days.to_vec() });
        let (saturday, sunday) = (Weekday::Saturday, Weekday::Sunday);
        assert_eq!(
            of(1200, 420, &[sunday, saturday]),
            "Quiet is 20:00 to 07:00, and all of Saturday and Sunday."
        );
        assert_eq!(of(1200, 420, &[]), "Quiet is 20:00 to 07:00.");
        assert_eq!(of(0, 0, &[sunday]), "Quiet is all of Sunday.");
        assert_eq!(of(0, 0, &[]), "No hours are quiet.");
        let all = [
            Weekday::Monday,
            Weekday::Tuesday,
            Weekday::Wednesday,
            Weekday::Thursday,
            Weekday::Friday,
            saturday,
            sunday,
        ];
        assert_eq!(of(0, 0, &all), "No hours are quiet.");
        assert_eq!(of(0, 0, &all[4..]), "Quiet is all of Friday, Saturday and Sunday.");
    }

    #[test]
    fn spans_are_hours_where_they_can_be() {
        assert_eq!(
            [1, 15, 60, 90, 240].map(span),
            ["1 minute", "15 minutes", "1 hour", "90 minutes", "4 hours"]
        );
    }
}
