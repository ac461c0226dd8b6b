//! Days and times for people, by the clock of the reader.

use chancery_protocol::Micros;

use super::Language;

const MINUTE: Micros = 60_000_000;
const DAY: Micros = 24 * 60 * MINUTE;

const DAYS: [[&str; 7]; 2] = [
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"],
];

const MONTHS: [[&str; 12]; 2] = [
    [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    [
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ],
];

/// `Tuesday 10 March, 09:14`, `Dienstag, 10. März, 09:14`.
pub(super) fn moment(at: Micros, minutes_east: i16, language: Language) -> String {
    let local = at.saturating_add(Micros::from(minutes_east) * MINUTE);
    let (days, minutes) = (local.div_euclid(DAY), local.rem_euclid(DAY) / MINUTE);
    let (month, day) = civil(days);
    // The first of January 1970 was a Thursday.
    let weekday = usize::try_from((days + 3).rem_euclid(7)).unwrap_or_default();
    let which = usize::from(language == Language::German);
    let name = |names: &[&'static str], at: usize| names.get(at).copied().unwrap_or_default();
    let (weekday, month) = (name(&DAYS[which], weekday), name(&MONTHS[which], month));
    let time = format!("{:02}:{:02}", minutes / 60, minutes % 60);
    match language {
        Language::English => format!("{weekday} {day} {month}, {time}"),
        Language::German => format!("{weekday}, {day}. {month}, {time}"),
    }
}

/// `UTC`, `UTC+01:00`, `UTC−03:30`.
pub(super) fn zone(minutes_east: i16) -> String {
    let minutes = minutes_east.unsigned_abs();
    match minutes_east {
        0 => "UTC".to_owned(),
        1.. => format!("UTC+{:02}:{:02}", minutes / 60, minutes % 60),
        _ => format!("UTC−{:02}:{:02}", minutes / 60, minutes % 60),
    }
}

/// Month, from 0, and day of the month, from 1, of a day counted from the first of January 1970. Years are counted from
/// March on, so that a leap day is their last day.
fn civil(days: i64) -> (usize, i64) {
    let day = (days + 719_468).rem_euclid(146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let of_year = day - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    (usize::try_from((month + 2) % 12).unwrap_or_default(), of_year - (153 * month + 2) / 5 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_of_the_calendar() {
        for (seconds, east, english, german) in [
            (0, 0, "Thursday 1 January, 00:00", "Donnerstag, 1. Januar, 00:00"),
            (951_782_400, 0, "Tuesday 29 February, 00:00", "Dienstag, 29. Februar, 00:00"),
            (951_782_399, 0, "Monday 28 February, 23:59", "Montag, 28. Februar, 23:59"),
            (951_782_399, 60, "Tuesday 29 February, 00:59", "Dienstag, 29. Februar, 00:59"),
            (1_773_133_200, 60, "Tuesday 10 March, 10:00", "Dienstag, 10. März, 10:00"),
            (1_798_761_599, -210, "Thursday 31 December, 20:29", "Donnerstag, 31. Dezember, 20:29"),
            (-1, 0, "Wednesday 31 December, 23:59", "Mittwoch, 31. Dezember, 23:59"),
        ] {
            assert_eq!(moment(seconds * 1_000_000, east, Language::English), english);
            assert_eq!(moment(seconds * 1_000_000, east, Language::German), german);
        }
        assert_eq!([zone(0), zone(60), zone(-210)], ["UTC", "UTC+01:00", "UTC−03:30"]);
    }
}
