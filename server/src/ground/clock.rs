//! Time as a parameter: production reads the machine's clock, tests say what time it is.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use chancery_protocol::Micros;

/// Where the time comes from.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The machine's wall clock.
    System,
    /// A clock that stands still until it is moved.
    Test(Arc<AtomicI64>),
    /// The machine's wall clock, ahead by as many seconds as stand in a file: for tests of a whole server, to which hours go by.
    Ahead(Arc<Path>),
}

impl Clock {
    /// A test clock showing `now`.
    pub fn at(now: Micros) -> Self {
        Self::Test(Arc::new(AtomicI64::new(now)))
    }

    /// Microseconds since 1970-01-01 UTC.
    pub fn now(&self) -> Micros {
        match self {
            Self::System => {
                #[expect(clippy::disallowed_methods, reason = "the one place that reads the wall clock")]
                let now = SystemTime::now();
                let since = now.duration_since(UNIX_EPOCH).unwrap_or_default();
                i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
            }
            Self::Test(now) => now.load(Ordering::SeqCst),
            Self::Ahead(file) => {
                let seconds = std::fs::read_to_string(file).ok().and_then(|text| text.trim().parse().ok());
                Self::System.now() + seconds.unwrap_or(0) * 1_000_000
            }
        }
    }

    /// Moves a test clock on by `micros`; does nothing to the machine's.
    pub fn advance(&self, micros: Micros) {
        if let Self::Test(now) = self {
            now.fetch_add(micros, Ordering::SeqCst);
        }
    }
}

const DAY: Micros = 86_400_000_000;

/// A calendar month in UTC, as `year * 100 + month`.
pub fn month_of(at: Micros) -> i32 {
    let (year, month, _) = civil(at.div_euclid(DAY));
    year * 100 + month
}

/// When the month of a moment began, in UTC.
pub fn month_begins(at: Micros) -> Micros {
    let day = at.div_euclid(DAY);
    let (.., day_of_month) = civil(day);
    (day - day_of_month) * DAY
}

/// A moment in ISO 8601, UTC, to the microsecond: `2026-03-10T09:20:31.204000Z`.
pub fn iso(at: Micros) -> String {
    let (year, month, day) = civil(at.div_euclid(DAY));
    let rest = at.rem_euclid(DAY);
    let (seconds, micros) = (rest / 1_000_000, rest % 1_000_000);
    let (hour, minute, second) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    format!("{year:04}-{month:02}-{:02}T{hour:02}:{minute:02}:{second:02}.{micros:06}Z", day + 1)
}

/// Year, month, and day of the month (the first is 0) of a day counted from 1970-01-01 (proleptic Gregorian calendar). The calendar repeats every
/// 146,097 days; counting years from March puts the leap day last.
fn civil(days: i64) -> (i32, i32, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let day_of_month = day_of_year - (153 * march_month + 2) / 5;
    (i32::try_from(year).unwrap_or(i32::MAX), i32::try_from(month).unwrap_or(1), day_of_month)
}

#[cfg(test)]
mod tests {
    use super::{DAY, iso, month_begins, month_of};

    #[test]
    fn months_begin_and_end_in_utc() {
        assert_eq!(month_of(0), 197_001);
        assert_eq!(month_of(-1), 196_912);
        assert_eq!(month_of(11_016 * DAY - 1), 200_002);
        assert_eq!(month_of(11_017 * DAY - 1), 200_002);
        assert_eq!(month_of(11_017 * DAY), 200_003);
        assert_eq!(month_of(20_778 * DAY), 202_611);
    }

    #[test]
    fn moments_are_written_for_machines() {
        assert_eq!(iso(0), "1970-01-01T00:00:00.000000Z");
        assert_eq!(iso(1_773_134_431_204_000), "2026-03-10T09:20:31.204000Z");
        assert_eq!(iso(-1), "1969-12-31T23:59:59.999999Z");
    }

    #[test]
    fn a_month_begins_on_its_first_day() {
        for day in -800_000..800_000_i64 {
            let begins = month_begins(day * DAY + 5) / DAY;
            assert!((0..31).contains(&(day - begins)), "{day}");
            assert_eq!(month_of(begins * DAY), month_of(day * DAY));
            assert_ne!(month_of(begins * DAY - 1), month_of(day * DAY));
        }
    }
}
