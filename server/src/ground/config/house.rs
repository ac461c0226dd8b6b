//! House rules of mail: when mails about unread messages go, for whoever has chosen nothing.

use chancery_protocol::mail::{DAY_MINUTES, HouseMail, MAX_AFTER_MINUTES, MailLanguage, QuietHours, Weekday};
use jiff::tz::TimeZoneDatabase;

use super::keys::Values;
use super::parse::Fault;

const WEEK: [(&str, Weekday); 7] = [
    ("monday", Weekday::Monday),
    ("tuesday", Weekday::Tuesday),
    ("wednesday", Weekday::Wednesday),
    ("thursday", Weekday::Thursday),
    ("friday", Weekday::Friday),
    ("saturday", Weekday::Saturday),
    ("sunday", Weekday::Sunday),
];

pub(super) fn after_minutes(text: &str) -> Result<u16, Fault> {
    minutes(text, 1, MAX_AFTER_MINUTES)
}

pub(super) fn window_minutes(text: &str) -> Result<u16, Fault> {
    minutes(text, 5, DAY_MINUTES)
}

fn minutes(text: &str, least: u16, most: u16) -> Result<u16, Fault> {
    text.parse().ok().filter(|number| (least..=most).contains(number)).ok_or_else(|| {
        Fault::new(
            format!("{text:?} is no number of minutes from {least} to {most}"),
            "write a whole number, such as 30",
        )
    })
}

/// A time of day, in minutes after midnight.
fn time(text: &str) -> Option<u16> {
    let (hours, minutes) = text.trim().split_once(':')?;
    let number = |text: &str, most: u16| {
        let digits = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse().ok().filter(|number: &u16| digits && *number <= most)
    };
    Some(number(hours, 23)? * 60 + number(minutes, 59)?)
}

pub(super) fn digest_at(text: &str) -> Result<u16, Fault> {
    time(text)
        .ok_or_else(|| Fault::new(format!("{text:?} is no time of day"), "write it with 24 hours, such as 08:00"))
}

/// `None`: no hours are quiet.
pub(super) fn quiet_hours(text: &str) -> Result<Option<(u16, u16)>, Fault> {
    if text.is_empty() {
        return Ok(None);
    }
    let mend = "write them with 24 hours, such as 20:00-07:00, or nothing";
    let hours = text.split_once('-').and_then(|(from, until)| Some((time(from)?, time(until)?)));
    match hours {
        Some((from, until)) if from == until => {
            Err(Fault::new(format!("{text:?} begins when it ends"), mend))
        }
        Some(hours) => Ok(Some(hours)),
        None => Err(Fault::new(format!("{text:?} are no hours"), mend)),
    }
}

pub(super) fn quiet_days(text: &str) -> Result<Vec<Weekday>, Fault> {
    let mut days = Vec::new();
    for word in text.split(',').map(str::trim).filter(|word| !word.is_empty()) {
        let Some((_, day)) = WEEK.iter().find(|(name, _)| name.eq_ignore_ascii_case(word)) else {
            let mend = "write days with commas between, such as saturday,sunday";
            return Err(Fault::new(format!("{word:?} is no day of the week"), mend));
        };
        days.push(*day);
    }
    days.sort_unstable();
    days.dedup();
    Ok(days)
}

/// The name as the database writes it. The database is the bundled one: every machine knows the same names.
pub(super) fn time_zone(text: &str) -> Result<String, Fault> {
    let zone = TimeZoneDatabase::bundled().get(text).ok();
    zone.and_then(|zone| zone.iana_name().map(str::to_owned)).ok_or_else(|| {
        Fault::new(
            format!("{text:?} is no time zone that is known"),
            "write its name as in the IANA database, such as Europe/Berlin",
        )
    })
}

pub(super) fn language(text: &str) -> Result<MailLanguage, Fault> {
    match text {
        "en" => Ok(MailLanguage::English),
        "de" => Ok(MailLanguage::German),
        _ => Err(Fault::new(format!("{text:?} is no language mails are written in"), "write \"en\" or \"de\"")),
    }
}

/// The rules; `None` when something was not understood.
pub(super) fn build(values: &mut Values) -> Option<HouseMail> {
    let (from, until) = values.quiet_hours?.unwrap_or_default();
    Some(HouseMail {
        after_minutes: values.after_minutes?,
        window_minutes: values.window_minutes?,
        digest_at: values.digest_at?,
        quiet: QuietHours { from, until, days: values.quiet_days.take()? },
        zone: values.time_zone.take()?,
        language: values.language?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_two_digits_and_an_end() {
        for (text, minutes) in [("00:00", 0), ("08:00", 480), ("23:59", 1_439)] {
            assert_eq!(digest_at(text), Ok(minutes), "{text}");
        }
        for bad in ["", "8:00", "24:00", "08:60", "08", "08:00:00", "+8:00", "08:0a", "०८:00"] {
            assert!(digest_at(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn quiet_hours_may_go_over_midnight_and_days_stand_once() {
        assert_eq!(quiet_hours(""), Ok(None));
        assert_eq!(quiet_hours("20:00-07:00"), Ok(Some((1_200, 420))));
        assert_eq!(quiet_hours("12:00 - 13:30"), Ok(Some((720, 810))));
        for bad in ["20:00", "20:00-20:00", "20-7", "20:00-07:00-08:00"] {
            assert!(quiet_hours(bad).is_err(), "{bad}");
        }
        assert_eq!(quiet_days(""), Ok(Vec::new()));
        assert_eq!(quiet_days("Sunday, saturday,sunday"), Ok(vec![Weekday::Saturday, Weekday::Sunday]));
        assert!(quiet_days("saturday,caturday").is_err());
    }

    #[test]
    fn time_zones_are_those_of_the_bundled_database() {
        assert_eq!(time_zone("europe/berlin").as_deref(), Ok("Europe/Berlin"));
        assert_eq!(time_zone("UTC").as_deref(), Ok("UTC"));
        for bad in ["", "Berlin", "Europe/Atlantis", "../../etc/passwd", "+02:00"] {
            assert!(time_zone(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn minutes_have_ends() {
        assert_eq!((after_minutes("1"), after_minutes("1440")), (Ok(1), Ok(1_440)));
        assert_eq!((window_minutes("5"), window_minutes("1440")), (Ok(5), Ok(1_440)));
        assert!([after_minutes("0"), after_minutes("1441"), window_minutes("4"), window_minutes("")]
            .iter()
            .all(Result::is_err));
    }
}
