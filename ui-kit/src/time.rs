//! Times in words (DESIGN.md section 10): 24 hours, in the browser's zone, exact form in `datetime`.
//!
//! [`LocalTime`] is plain data, so that everything but [`LocalTime::of`] and [`now`] is tested natively.

use chancery_protocol::Micros;

use crate::text::time as words;

/// A moment in the browser's zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LocalTime {
    /// For example 2026.
    pub year: i32,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
    /// 0 to 23.
    pub hour: u8,
    /// 0 to 59.
    pub minute: u8,
}

/// The browser's clock.
pub fn now() -> Micros {
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 fit by far")]
    let millis = js_sys::Date::now() as i64;
    millis * 1000
}

/// The form for machines, RFC 3339 in UTC.
pub fn machine(at: Micros) -> String {
    date(at).to_iso_string().into()
}

/// The time of day with seconds, `09:14:07`.
pub fn clock_seconds(at: Micros) -> String {
    // Zones differ by whole minutes.
    format!("{}:{:02}", LocalTime::of(at).clock(), at.div_euclid(1_000_000).rem_euclid(60))
}

/// The name of the browser's zone, for example `Europe/London`; empty where it says none.
pub fn zone() -> String {
    let format = js_sys::Intl::DateTimeFormat::new(&js_sys::Array::new(), &js_sys::Object::new());
    let options = format.resolved_options();
    js_sys::Reflect::get(&options, &"timeZone".into())
        .ok()
        .and_then(|zone| zone.as_string())
        .unwrap_or_default()
}

/// When a day begins in the browser's zone; the day as `2026-03-10`.
pub fn day_begins(day: &str) -> Option<Micros> {
    let mut parts = day.split('-');
    let mut next = || parts.next()?.parse::<i32>().ok();
    let (year, month, day) = (next()?, next()?, next()?);
    let date = js_sys::Date::new_with_year_month_day(u32::try_from(year).ok()?, month - 1, day);
    let millis = date.get_time();
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 fit by far")]
    millis.is_finite().then_some(millis as i64 * 1000)
}

/// The last moment of a day in the browser's zone; the day as `2026-03-10`.
pub fn day_ends(day: &str) -> Option<Micros> {
    /// Days of a change of clocks have an hour more or less: from the middle of the next one its beginning is found.
    const TO_THE_NEXT: Micros = 36 * 60 * 60 * 1_000_000;
    let next = day_begins(day)? + TO_THE_NEXT;
    Some(day_begins(&LocalTime::of(next).machine_day())? - 1)
}

/// The moment that RFC 3339 says.
pub fn of_machine(text: &str) -> Option<Micros> {
    let millis = js_sys::Date::parse(text);
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 fit by far")]
    millis.is_finite().then_some(millis as i64 * 1000)
}

/// When the month after that of a moment begins, in UTC.
pub fn next_month(at: Micros) -> Micros {
    let date = date(at);
    let millis = js_sys::Date::utc(date.get_utc_full_year().into(), f64::from(date.get_utc_month() + 1));
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 fit by far")]
    let millis = millis as i64;
    millis * 1000
}

fn date(at: Micros) -> js_sys::Date {
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of any calendar date are exact in an f64")]
    let millis = (at / 1000) as f64;
    js_sys::Date::new(&millis.into())
}

impl LocalTime {
    /// A moment as the browser's zone sees it.
    pub fn of(at: Micros) -> Self {
        let date = date(at);
        let byte = |value: u32| u8::try_from(value).unwrap_or_default();
        Self {
            year: i32::try_from(date.get_full_year()).unwrap_or_default(),
            month: byte(date.get_month() + 1),
            day: byte(date.get_date()),
            hour: byte(date.get_hours()),
            minute: byte(date.get_minutes()),
        }
    }

    /// Days since 1970-01-01 of this zone's calendar.
    pub fn day_number(self) -> i64 {
        // Years begin in March, so that the leap day is the last; 400 years are one era of 146,097 days.
        let year = i64::from(self.year) - i64::from(self.month <= 2);
        let era = year.div_euclid(400);
        let of_era = year.rem_euclid(400);
        let month = (i64::from(self.month) + 9) % 12;
        let of_year = (153 * month + 2) / 5 + i64::from(self.day) - 1;
        era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
    }

    /// 0 for Monday to 6 for Sunday.
    pub fn weekday(self) -> usize {
        usize::try_from((self.day_number() + 3).rem_euclid(7)).unwrap_or_default()
    }

    /// `2026-03-10`, as fields for a day take it.
    pub fn machine_day(self) -> String {
        format!("{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }

    /// `09:14`
    pub fn clock(self) -> String {
        format!("{:02}:{:02}", self.hour, self.minute)
    }

    /// For the list: `09:14` today, `Yesterday`, `Mon` within the week, `10 Mar`, or `10 Mar 2025`.
    pub fn brief(self, today: Self) -> String {
        match today.day_number() - self.day_number() {
            0 => self.clock(),
            1 => words::YESTERDAY.to_owned(),
            2..=6 => words::WEEKDAYS_SHORT[self.weekday()].to_owned(),
            _ if self.year == today.year => words::day_short(self.day, self.month),
            _ => words::day_short_year(self.day, self.month, self.year),
        }
    }

    /// For a day divider: `Today, Tuesday 10 March`, `Monday 9 March`, `Monday 10 March 2025`.
    pub fn divider(self, today: Self) -> String {
        let day = words::day_long(self.weekday(), self.day, self.month);
        match today.day_number() - self.day_number() {
            0 => words::today(&day),
            1 => words::yesterday(&day),
            _ if self.year == today.year => day,
            _ => words::with_year(&day, self.year),
        }
    }

    /// A day in a sentence: `30 June 2027`.
    pub fn date(self) -> String {
        words::with_year(&words::date(self.day, self.month), self.year)
    }

    /// The same for days that are near: `30 June`, with the year when that is another.
    pub fn date_near(self, today: Self) -> String {
        if self.year == today.year { words::date(self.day, self.month) } else { self.date() }
    }

    /// In a sentence or tooltip: `10 March 2026, 09:14`.
    pub fn full(self) -> String {
        words::full(self.day, self.month, self.year, &self.clock())
    }
}

#[cfg(test)]
mod tests {
    use super::LocalTime;

    fn at(year: i32, month: u8, day: u8) -> LocalTime {
        LocalTime { year, month, day, hour: 9, minute: 4 }
    }

    #[test]
    fn days_are_counted_from_1970() {
        assert_eq!(at(1970, 1, 1).day_number(), 0);
        assert_eq!(at(2000, 3, 1).day_number(), 11_017);
        assert_eq!(at(2026, 3, 10).day_number() - at(2025, 3, 10).day_number(), 365);
    }

    #[test]
    fn weekdays_are_right_across_leap_days() {
        assert_eq!(at(2026, 3, 10).weekday(), 1, "a Tuesday");
        assert_eq!(at(2024, 2, 29).weekday(), 3, "a Thursday");
        assert_eq!(at(1970, 1, 1).weekday(), 3, "a Thursday");
    }

    #[test]
    fn the_list_says_less_the_older_it_is() {
        let today = at(2026, 3, 10);
        assert_eq!(at(2026, 3, 10).brief(today), "09:04");
        assert_eq!(at(2026, 3, 9).brief(today), "Yesterday");
        assert_eq!(at(2026, 3, 6).brief(today), "Fri");
        assert_eq!(at(2026, 3, 3).brief(today), "3 Mar");
        assert_eq!(at(2025, 12, 31).brief(today), "31 Dec 2025");
    }

    #[test]
    fn dividers_name_today() {
        let today = at(2026, 3, 10);
        assert_eq!(today.divider(today), "Today, Tuesday 10 March");
        assert_eq!(at(2026, 3, 9).divider(today), "Yesterday, Monday 9 March");
        assert_eq!(at(2026, 3, 2).divider(today), "Monday 2 March");
        assert_eq!(at(2025, 3, 2).divider(today), "Sunday 2 March 2025");
        assert_eq!(today.full(), "10 March 2026, 09:04");
    }

    #[test]
    fn a_day_of_another_year_says_which() {
        let today = at(2026, 3, 10);
        assert_eq!(at(2026, 6, 30).date_near(today), "30 June");
        assert_eq!(at(2027, 6, 30).date_near(today), "30 June 2027");
        assert_eq!(today.date(), "10 March 2026");
    }
}
