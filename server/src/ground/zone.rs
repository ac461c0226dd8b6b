//! Time zones by name. Their rules come with the program, so that every node says the same and nothing of the machine is asked.

use chancery_protocol::Micros;
use chancery_protocol::mail::{MAX_ZONE_CHARS, Weekday};
use jiff::tz::{TimeZone, TimeZoneDatabase};
use jiff::{Timestamp, Zoned, civil};

/// A time zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone(TimeZone);

impl Zone {
    /// The zone of this name in the IANA database, `Europe/Berlin`; older names of a zone are known too.
    pub fn named(name: &str) -> Option<Self> {
        if name.chars().count() > MAX_ZONE_CHARS {
            return None;
        }
        let zone = TimeZoneDatabase::bundled().get(name).ok()?;
        (!zone.is_unknown()).then_some(Self(zone))
    }

    /// Universal time.
    pub fn utc() -> Self {
        Self(TimeZone::UTC)
    }

    /// The clock on the wall. Nothing for a moment outside the years -9999 to 9999.
    pub fn clock(&self, at: Micros) -> Option<Zoned> {
        Some(Timestamp::from_microsecond(at).ok()?.to_zoned(self.0.clone()))
    }

    /// The rules of the zone.
    pub fn rules(&self) -> &TimeZone {
        &self.0
    }

    /// How far the clock on the wall is ahead of UTC, in whole minutes.
    pub fn minutes_east(&self, at: Micros) -> i16 {
        let seconds = self.clock(at).map_or(0, |clock| clock.offset().seconds());
        i16::try_from(seconds.div_euclid(60)).unwrap_or_default()
    }
}

/// A day of the week, as the protocol calls it.
pub fn weekday(day: civil::Weekday) -> Weekday {
    match day {
        civil::Weekday::Monday => Weekday::Monday,
        civil::Weekday::Tuesday => Weekday::Tuesday,
        civil::Weekday::Wednesday => Weekday::Wednesday,
        civil::Weekday::Thursday => Weekday::Thursday,
        civil::Weekday::Friday => Weekday::Friday,
        civil::Weekday::Saturday => Weekday::Saturday,
        civil::Weekday::Sunday => Weekday::Sunday,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_are_known_by_their_names_old_and_new() {
        for name in ["Europe/Berlin", "Asia/Calcutta", "Asia/Kolkata", "Europe/Kiev", "UTC", "Pacific/Apia"] {
            assert!(Zone::named(name).is_some(), "{name}");
        }
        let long = "A".repeat(100_000);
        for name in ["", "Berlin", "Etc/Unknown", "Europe/Berlin\n", "../etc/passwd", "+01:00", &long] {
            assert_eq!(Zone::named(name), None, "{name:.40}");
        }
    }

    #[test]
    fn a_clock_is_so_many_minutes_ahead() {
        // 1 July 2026 and 1 January 2026, noon UTC.
        let (summer, winter) = (1_782_907_200_000_000, 1_767_268_800_000_000);
        for (name, in_summer, in_winter) in
            [("Europe/Berlin", 120, 60), ("Asia/Kathmandu", 345, 345), ("America/St_Johns", -150, -210)]
        {
            let zone = Zone::named(name).unwrap();
            assert_eq!(
                (zone.minutes_east(summer), zone.minutes_east(winter)),
                (in_summer, in_winter),
                "{name}"
            );
        }
        assert_eq!(Zone::named("UTC").unwrap().minutes_east(Micros::MAX), 0);
    }
}
