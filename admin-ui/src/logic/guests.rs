//! Until when a guest is here: which ends can be set, and when one is near.

use chancery_protocol::Micros;

/// The longest time of a guest, in days; the server allows a little more, because clocks differ.
pub const LONGEST_DAYS: i64 = 5 * 365;
/// How long a guest is here, unless somebody says otherwise, in days.
pub const USUAL_DAYS: i64 = 30;
/// How many days before it an end is near.
const NEAR_DAYS: i64 = 7;

const DAY: Micros = 86_400_000_000;

/// The end of a chosen day, when it can be one: tomorrow at the soonest. `today_ends`: the end of the present day.
pub fn end(day_ends: Option<Micros>, today_ends: Micros) -> Option<Micros> {
    // An hour more where clocks are changed on the way.
    let latest = today_ends + LONGEST_DAYS * DAY + DAY / 24;
    day_ends.filter(|end| *end > today_ends && *end <= latest)
}

/// How an end stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Left {
    /// It has come.
    Over,
    /// It comes in so many days.
    Near(u64),
    /// There is time.
    Long,
}

/// How an end stands at a time. `days`: how many days of the calendar it is away.
pub fn left(ends_at: Micros, now: Micros, days: i64) -> Left {
    match u64::try_from(days) {
        _ if ends_at <= now => Left::Over,
        Ok(near) if days <= NEAR_DAYS => Left::Near(near),
        _ => Left::Long,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY_ENDS: Micros = 1_000 * DAY - 1;

    #[test]
    fn an_end_is_tomorrow_at_the_soonest_and_in_five_years_at_the_latest() {
        assert_eq!(end(None, TODAY_ENDS), None);
        assert_eq!(end(Some(TODAY_ENDS), TODAY_ENDS), None, "today");
        assert_eq!(end(Some(TODAY_ENDS + DAY), TODAY_ENDS), Some(TODAY_ENDS + DAY));
        let last = TODAY_ENDS + LONGEST_DAYS * DAY;
        assert_eq!(end(Some(last), TODAY_ENDS), Some(last));
        assert_eq!(end(Some(last + DAY), TODAY_ENDS), None);
    }

    #[test]
    fn an_end_is_near_for_a_week() {
        assert_eq!(left(5, 5, 0), Left::Over);
        assert_eq!(left(6, 5, 0), Left::Near(0));
        assert_eq!(left(7 * DAY, 0, 7), Left::Near(7));
        assert_eq!(left(8 * DAY, 0, 8), Left::Long);
    }
}
