use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

const MINUTE: Micros = 60_000_000;
const DAY: Micros = 24 * 60 * MINUTE;
const DAYS: [Weekday; 7] = [
    Weekday::Monday,
    Weekday::Tuesday,
    Weekday::Wednesday,
    Weekday::Thursday,
    Weekday::Friday,
    Weekday::Saturday,
    Weekday::Sunday,
];

/// Weeks in which something odd happens to a clock, from midnight UTC of their first day.
const WEEKS: [(&str, &str); 11] = [
    ("Asia/Kathmandu", "2026-03-05"),
    ("Europe/Berlin", "2026-03-26"),
    ("Europe/Berlin", "2026-10-22"),
    ("Australia/Lord_Howe", "2026-04-02"),
    ("Australia/Lord_Howe", "2026-10-01"),
    ("America/St_Johns", "2026-03-05"),
    // Clocks changed one minute after midnight.
    ("America/St_Johns", "2010-11-04"),
    // There was no 30 December.
    ("Pacific/Apia", "2011-12-27"),
    // Midnight is jumped over.
    ("Africa/Cairo", "2026-04-20"),
    ("Asia/Beirut", "2026-03-26"),
    // The last hour of a day is jumped over.
    ("America/Nuuk", "2026-03-26"),
];

fn zone(name: &str) -> Zone {
    Zone::named(name).unwrap()
}

fn moment(text: &str) -> Micros {
    text.parse::<Timestamp>().unwrap().as_microsecond()
}

fn quiet(from: u16, until: u16, days: &[Weekday]) -> QuietHours {
    QuietHours { from, until, days: days.to_vec() }
}

/// Written again without anything of the above: by the text of the clock.
fn quiet_by_text(at: Micros, quiet: &QuietHours, zone: &Zone) -> bool {
    let clock = Timestamp::from_microsecond(at).unwrap().to_zoned(zone.rules().clone());
    let text = clock.strftime("%H %M %A").to_string();
    let parts: Vec<&str> = text.split(' ').collect();
    let minute = parts[0].parse::<u16>().unwrap() * 60 + parts[1].parse::<u16>().unwrap();
    let mut at = quiet.from;
    let mut hours = false;
    while at != quiet.until {
        hours |= at == minute;
        at = (at + 1) % (24 * 60);
    }
    let day = quiet.days.iter().any(|day| format!("{day:?}") == parts[2]);
    hours || (day && quiet.days.len() < 7)
}

#[test]
fn hours_over_midnight_and_whole_days_in_a_row() {
    let berlin = zone("Europe/Berlin");
    let nights = quiet(20 * 60, 7 * 60, &[Weekday::Saturday, Weekday::Sunday]);
    for (now, open) in [
        // Thursday at noon, at 20:00, and in the night before.
        ("2026-03-05T12:00:00Z", "2026-03-05T12:00:00Z"),
        ("2026-03-05T18:59:59Z", "2026-03-05T18:59:59Z"),
        ("2026-03-05T19:00:00Z", "2026-03-06T06:00:00Z"),
        ("2026-03-05T03:00:00Z", "2026-03-05T06:00:00Z"),
        // Friday evening: until Monday morning.
        ("2026-03-06T19:30:00Z", "2026-03-09T06:00:00Z"),
        ("2026-03-07T12:00:00Z", "2026-03-09T06:00:00Z"),
    ] {
        assert_eq!(opens(moment(now), &nights, &berlin), moment(open), "{now}");
    }
    let days_only = quiet(0, 0, &[Weekday::Friday, Weekday::Saturday, Weekday::Sunday]);
    assert_eq!(
        opens(moment("2026-03-06T12:00:00Z"), &days_only, &berlin),
        moment("2026-03-08T23:00:00Z"),
        "Monday begins"
    );
}

#[test]
fn quiet_always_ends() {
    let berlin = zone("Europe/Berlin");
    let now = moment("2026-03-05T12:00:00Z");
    assert_eq!(opens(now, &quiet(720, 720, &[]), &berlin), now, "no hours");
    assert_eq!(opens(now, &quiet(0, 0, &DAYS), &berlin), now, "every day is as no day");
    assert_eq!(opens(now, &quiet(12 * 60, 14 * 60, &DAYS), &berlin), moment("2026-03-05T13:00:00Z"));
    // One minute of one day is left, and on one of those days the clock jumps over it.
    let narrow = quiet(151, 150, &DAYS[..6]);
    assert_eq!(opens(moment("2026-03-23T12:00:00Z"), &narrow, &berlin), moment("2026-04-05T00:30:00Z"));
    for odd in [Micros::MIN, Micros::MAX] {
        assert_eq!(opens(odd, &narrow, &berlin), odd);
        next_at(odd, 0, &berlin);
    }
    // Numbers that no document holds.
    opens(now, &quiet(u16::MAX, u16::MAX - 1, &[Weekday::Thursday; 9]), &berlin);
    next_at(now, u16::MAX, &berlin);
}

#[test]
fn clocks_that_are_changed() {
    let berlin = zone("Europe/Berlin");
    // 02:00 becomes 03:00: quiet that ends between them ends there.
    let jumped = quiet(60, 150, &[]);
    assert_eq!(opens(moment("2026-03-29T00:10:00Z"), &jumped, &berlin), moment("2026-03-29T01:00:00Z"));
    // 03:00 becomes 02:00: quiet ends, and begins again with the second 02:00.
    let doubled = quiet(60, 150, &[]);
    assert_eq!(opens(moment("2026-10-24T23:10:00Z"), &doubled, &berlin), moment("2026-10-25T00:30:00Z"));
    assert_eq!(opens(moment("2026-10-25T00:59:59Z"), &doubled, &berlin), moment("2026-10-25T00:59:59Z"));
    assert_eq!(opens(moment("2026-10-25T01:00:00Z"), &doubled, &berlin), moment("2026-10-25T01:30:00Z"));
}

#[test]
fn a_time_of_the_day_comes_once_a_day() {
    let berlin = zone("Europe/Berlin");
    for (after, minute, next) in [
        ("2026-03-05T06:59:59Z", 480, "2026-03-05T07:00:00Z"),
        ("2026-03-05T07:00:00Z", 480, "2026-03-06T07:00:00Z"),
        // Jumped over, then as always.
        ("2026-03-28T12:00:00Z", 150, "2026-03-29T01:00:00Z"),
        ("2026-03-29T01:00:00Z", 150, "2026-03-30T00:30:00Z"),
        // Twice, of which the first counts.
        ("2026-10-24T12:00:00Z", 150, "2026-10-25T00:30:00Z"),
        ("2026-10-25T00:30:00Z", 150, "2026-10-26T01:30:00Z"),
        ("2026-10-25T01:10:00Z", 150, "2026-10-26T01:30:00Z"),
    ] {
        assert_eq!(next_at(moment(after), minute, &berlin), moment(next), "{after}");
    }
    let apia = zone("Pacific/Apia");
    assert_eq!(
        next_at(moment("2011-12-29T20:00:00Z"), 480, &apia),
        moment("2011-12-30T18:00:00Z"),
        "29th to 31st"
    );
}

/// On every day there is, once: counted over the odd weeks for every quarter of an hour.
#[test]
fn no_day_has_two_daily_mails_and_none_has_no() {
    for (name, first) in WEEKS {
        let zone = zone(name);
        let start = moment(&format!("{first}T00:00:00Z"));
        let day = |at| zone.clock(at).unwrap().date();
        for minute in (0..24 * 60).step_by(15) {
            let mut days: BTreeMap<_, u32> = BTreeMap::new();
            let mut at = start;
            while at < start + 8 * DAY {
                at = next_at(at, minute, &zone);
                *days.entry(day(at)).or_default() += 1;
            }
            let whole: Vec<_> = (1..7).map(|n| day(start + n * DAY)).collect();
            let total: u32 = whole.iter().map(|day| days.get(day).copied().unwrap_or_default()).sum();
            let there: std::collections::BTreeSet<_> = whole.iter().collect();
            assert_eq!(total as usize, there.len(), "{name} {first} {minute}");
        }
    }
}

#[test]
fn minutes_of_odd_weeks_one_by_one() {
    let odd = [
        quiet(20 * 60, 7 * 60, &[Weekday::Saturday, Weekday::Sunday]),
        quiet(125, 145, &[]),
        quiet(23 * 60 + 30, 30, &[Weekday::Friday]),
        quiet(0, 0, &[Weekday::Sunday, Weekday::Friday]),
        quiet(60, 59, &[Weekday::Monday]),
    ];
    for (name, first) in WEEKS {
        let zone = zone(name);
        let start = moment(&format!("{first}T00:00:00Z"));
        for quiet in &odd {
            agrees(&zone, start, quiet);
        }
    }
}

/// For every minute of ten days: `opens` says the first minute, from it on, whose clock is not quiet.
fn agrees(zone: &Zone, start: Micros, quiet: &QuietHours) {
    let minutes: Vec<bool> =
        (0..10 * 24 * 60).map(|n| quiet_by_text(start + n * MINUTE, quiet, zone)).collect();
    let mut open = None;
    for (n, is_quiet) in minutes.iter().enumerate().rev() {
        let at = start + n as Micros * MINUTE;
        if !is_quiet {
            open = Some(at);
        }
        if let Some(open) = open {
            assert_eq!(opens(at, quiet, zone), open, "{quiet:?} {zone:?} {at}");
            if n % 13 == 0 {
                let middle = at + MINUTE / 2;
                assert_eq!(opens(middle, quiet, zone), if *is_quiet { open } else { middle });
            }
        }
    }
    assert!(open.is_some());
}

fn any_quiet() -> impl Strategy<Value = QuietHours> {
    let days = proptest::sample::subsequence(DAYS.to_vec(), 0..=7);
    (0..24 * 60u16, 0..24 * 60u16, days).prop_map(|(from, until, days)| QuietHours { from, until, days })
}

fn any_moment() -> impl Strategy<Value = (Zone, Micros)> {
    let week = proptest::sample::select(WEEKS.to_vec());
    (week, 0..8 * DAY)
        .prop_map(|((name, first), after)| (zone(name), moment(&format!("{first}T00:00:00Z")) + after))
}

proptest! {
    #[test]
    fn what_opens_is_open((zone, now) in any_moment(), quiet in any_quiet(), later in 0..2 * DAY) {
        let open = opens(now, &quiet, &zone);
        prop_assert!(open >= now);
        prop_assert!(!quiet_by_text(open, &quiet, &zone));
        prop_assert_eq!(opens(open, &quiet, &zone), open);
        prop_assert!(open <= opens(now + later, &quiet, &zone));
        prop_assert!(open == now || quiet_by_text(now, &quiet, &zone));
        prop_assert!(open == now || quiet_by_text(open - 1, &quiet, &zone));
    }

    #[test]
    fn the_next_time_of_a_day_is_within_two((zone, after) in any_moment(), minute in 0..24 * 60u16) {
        let next = next_at(after, minute, &zone);
        prop_assert!(after < next && next <= after + 2 * DAY);
        prop_assert!(next_at(next - 1, minute, &zone) == next);
    }
}
