//! Quiet hours and times of the day, by the clock of a time zone. Pure.
//!
//! What must stay true:
//! - somebody whose hours are quiet hears nothing while their clock says so, also on the days when it is changed: a doubled
//!   hour is quiet twice, and quiet whose end the clock jumps over ends at the jump;
//! - quiet always ends. Should all seven days be quiet, only the hours count: who wants no mails at all says that instead;
//! - a time of the day comes once on every day there is: the first time when the clock shows it twice, at the jump when the
//!   clock jumps over it, and not at all on a day that a zone leaves out.

use chancery_protocol::Micros;
use chancery_protocol::mail::{QuietHours, Weekday};
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::AmbiguousOffset;
use jiff::{Timestamp, Zoned};

use crate::ground::zone::{self, Zone};

/// Days of a week.
const WEEK: usize = 7;
/// The clock is asked at no more moments than this: of each day of two weeks, its midnight, the end of quiet, and changes of the clock.
const MOST: usize = 64;
/// How many days ahead the next time of a day is looked for: one may be left out by the zone.
const AHEAD: usize = 4;

/// When mails may go: `now`, or the first moment after it that is not quiet.
pub fn opens(now: Micros, quiet: &QuietHours, zone: &Zone) -> Micros {
    let mut at = now;
    for _ in 0..MOST {
        let Some(clock) = zone.clock(at).filter(|clock| is_quiet(clock, quiet)) else { return at };
        let Some(next) = next_turn(&clock, quiet, zone) else { return at };
        at = next;
    }
    at
}

/// The next moment after `after` at which it is `minute` minutes after midnight.
pub fn next_at(after: Micros, minute: u16, zone: &Zone) -> Micros {
    let first = zone.clock(after).map(|clock| clock.date());
    let mut days = std::iter::successors(first, |day| day.tomorrow().ok()).take(AHEAD);
    let next = days.find_map(|day| once(day, minute, zone).filter(|at| *at > after));
    // Only at the end of all calendars there is none.
    next.unwrap_or(Micros::MAX)
}

fn is_quiet(clock: &Zoned, quiet: &QuietHours) -> bool {
    let minute = u16::try_from(i32::from(clock.hour()) * 60 + i32::from(clock.minute())).unwrap_or_default();
    let (from, until) = (quiet.from, quiet.until);
    let hours =
        if from <= until { (from..until).contains(&minute) } else { minute >= from || minute < until };
    hours || quiet_days(quiet).contains(&zone::weekday(clock.weekday()))
}

fn quiet_days(quiet: &QuietHours) -> &[Weekday] {
    // Each is there once.
    if quiet.days.len() < WEEK { &quiet.days } else { &[] }
}

/// The next moment at which quiet may end: the end of the hours, a midnight, or a change of the clock.
fn next_turn(clock: &Zoned, quiet: &QuietHours, zone: &Zone) -> Option<Micros> {
    let now = clock.timestamp();
    let change = zone.rules().following(now).next().map(|change| change.timestamp());
    let today = clock.date();
    let days = [Some(today), today.tomorrow().ok()];
    let times = days.into_iter().flatten().flat_map(|day| [day.at(0, 0, 0, 0), local(day, quiet.until)]);
    let shown = times.flat_map(|time| shown(time, zone)).flatten();
    shown.chain(change).filter(|at| *at > now).map(Timestamp::as_microsecond).min()
}

fn local(day: Date, minute: u16) -> DateTime {
    // Minutes of a day fit; more than a day's are its last one.
    let minute = minute.min(24 * 60 - 1);
    let time = i8::try_from(minute / 60).ok().zip(i8::try_from(minute % 60).ok());
    day.to_datetime(time.and_then(|(hour, minute)| Time::new(hour, minute, 0, 0).ok()).unwrap_or_default())
}

/// The moments at which the clock shows this: none, one, or two.
fn shown(time: DateTime, zone: &Zone) -> [Option<Timestamp>; 2] {
    let moment = |offset: jiff::tz::Offset| offset.to_timestamp(time).ok();
    match zone.rules().to_ambiguous_timestamp(time).offset() {
        AmbiguousOffset::Unambiguous { offset } => [moment(offset), None],
        AmbiguousOffset::Gap { .. } => [None, None],
        AmbiguousOffset::Fold { before, after } => [moment(before), moment(after)],
    }
}

/// The one moment of a day at which it is `minute`.
fn once(day: Date, minute: u16, zone: &Zone) -> Option<Micros> {
    let time = local(day, minute);
    let moment = match zone.rules().to_ambiguous_timestamp(time).offset() {
        AmbiguousOffset::Unambiguous { offset: first } | AmbiguousOffset::Fold { before: first, .. } => {
            first.to_timestamp(time).ok()?
        }
        AmbiguousOffset::Gap { after, .. } => {
            // With the later offset it is still before the jump.
            let jump = zone.rules().following(after.to_timestamp(time).ok()?).next()?.timestamp();
            let exists = day.to_zoned(zone.rules().clone()).is_ok_and(|start| start.date() == day);
            exists.then_some(jump)?
        }
    };
    Some(moment.as_microsecond())
}

#[cfg(test)]
mod tests;
