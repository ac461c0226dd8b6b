//! Days and months.

pub const YESTERDAY: &str = "Yesterday";
pub const WEEKDAYS: [&str; 7] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
pub const WEEKDAYS_SHORT: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS: [&str; 12] = [
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
];
const MONTHS_SHORT: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

fn of(months: &[&'static str; 12], month: u8) -> &'static str {
    months.get(usize::from(month).wrapping_sub(1)).copied().unwrap_or_default()
}

pub fn date(day: u8, month: u8) -> String {
    format!("{day} {}", of(&MONTHS, month))
}

pub fn day_short(day: u8, month: u8) -> String {
    format!("{day} {}", of(&MONTHS_SHORT, month))
}

pub fn day_short_year(day: u8, month: u8, year: i32) -> String {
    format!("{day} {} {year}", of(&MONTHS_SHORT, month))
}

pub fn day_long(weekday: usize, day: u8, month: u8) -> String {
    format!("{} {day} {}", WEEKDAYS.get(weekday).copied().unwrap_or_default(), of(&MONTHS, month))
}

pub fn today(day: &str) -> String {
    format!("Today, {day}")
}

pub fn yesterday(day: &str) -> String {
    format!("Yesterday, {day}")
}

pub fn with_year(day: &str, year: i32) -> String {
    format!("{day} {year}")
}

pub fn full(day: u8, month: u8, year: i32, clock: &str) -> String {
    format!("{day} {} {year}, {clock}", of(&MONTHS, month))
}

/// A time of the day, by minutes after midnight: 08:00.
pub fn of_day(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// A wait: "20 s", "3 min", "2 h".
pub fn wait(seconds: u64) -> String {
    match seconds {
        0..=119 => format!("{seconds} s"),
        120..=7199 => format!("{} min", seconds.div_ceil(60)),
        _ => format!("{} h", seconds.div_ceil(3600)),
    }
}
