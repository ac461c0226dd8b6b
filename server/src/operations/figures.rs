//! Figures over time, in memory: an hour in steps of 10 seconds and a day in steps of 5 minutes, together about
//! 40 kB and never more; beside them the durations of the last minute, about 140 kB when much is going on.
//!
//! Once a second a [`Sample`] comes in. A step that had none is a gap, not zero: the server did not run.

use std::collections::VecDeque;

use chancery_protocol::Micros;
use chancery_protocol::operations::{Series, Shares, Span};

use crate::ground::meter::Spread;

const SECOND: Micros = 1_000_000;
/// Seconds over which "now" is a rate.
const NOW_SECONDS: i64 = 10;
/// Steps of the hour that are "the last minute".
const MINUTE_STEPS: i64 = 6;

/// What was measured in a second.
#[derive(Default)]
pub(super) struct Sample {
    /// Open sockets.
    pub connections: u32,
    /// Messages committed.
    pub messages: u64,
    /// Delivery.
    pub delivery: Spread,
    /// Commits.
    pub commit: Spread,
}

/// What is kept of a step.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Point {
    connections: u32,
    messages_per_second: f64,
    delivery: Option<Shares>,
    commit_p95: Option<u32>,
}

/// A step that is not over.
struct Step {
    number: i64,
    seconds: u32,
    total: Sample,
}

impl Step {
    fn begin(number: i64) -> Self {
        Self { number, seconds: 0, total: Sample::default() }
    }

    fn add(&mut self, sample: &Sample) {
        self.seconds += 1;
        self.total.connections = self.total.connections.max(sample.connections);
        self.total.messages += sample.messages;
        self.total.delivery.add(&sample.delivery);
        self.total.commit.add(&sample.commit);
    }

    fn point(&self) -> Point {
        Point {
            connections: self.total.connections,
            messages_per_second: self.total.messages as f64 / f64::from(self.seconds.max(1)),
            delivery: shares(&self.total.delivery),
            commit_p95: self.total.commit.share(0.95),
        }
    }
}

/// The usual three; `None` when there was nothing.
pub(super) fn shares(spread: &Spread) -> Option<Shares> {
    Some(Shares { p50: spread.share(0.5)?, p95: spread.share(0.95)?, p99: spread.share(0.99)? })
}

/// The last steps of one length.
struct Ring {
    seconds: i64,
    steps: usize,
    /// Number and point of steps that are over, oldest first.
    points: VecDeque<(i64, Point)>,
    open: Option<Step>,
}

impl Ring {
    fn new(seconds: i64, steps: usize) -> Self {
        Self { seconds, steps, points: VecDeque::with_capacity(steps), open: None }
    }

    fn number(&self, at: Micros) -> i64 {
        at.div_euclid(self.seconds * SECOND)
    }

    /// Puts a sample into its step; the step before, if that is over now.
    fn put(&mut self, at: Micros, sample: &Sample) -> Option<Step> {
        let number = self.number(at);
        let mut over = None;
        match self.open.take() {
            Some(open) if open.number == number => self.open = Some(open),
            // A clock that was set back: what was kept would stand in the future.
            Some(open) if open.number > number => self.points.retain(|(kept, _)| *kept < number),
            Some(open) => {
                if self.points.len() == self.steps {
                    self.points.pop_front();
                }
                self.points.push_back((open.number, open.point()));
                over = Some(open);
            }
            None => {}
        }
        self.open.get_or_insert_with(|| Step::begin(number)).add(sample);
        over
    }

    /// The steps that were over before `at`, with gaps.
    fn list(&self, at: Micros) -> (Micros, Vec<Option<Point>>) {
        let end = self.number(at);
        let first = end - i64::try_from(self.steps).unwrap_or(0);
        let mut list = vec![None; self.steps];
        for (number, point) in &self.points {
            if let Some(place) = usize::try_from(number - first).ok().and_then(|at| list.get_mut(at)) {
                *place = Some(*point);
            }
        }
        (first * self.seconds * SECOND, list)
    }
}

/// All that is kept.
pub(super) struct Past {
    hour: Ring,
    day: Ring,
    /// Durations of the steps of the last minute.
    minute: VecDeque<Step>,
    /// Second and messages of the last seconds.
    rate: VecDeque<(i64, u64)>,
}

impl Default for Past {
    fn default() -> Self {
        Self {
            hour: Ring::new(10, 360),
            day: Ring::new(300, 288),
            minute: VecDeque::new(),
            rate: VecDeque::new(),
        }
    }
}

impl Past {
    /// One more second.
    pub fn put(&mut self, at: Micros, sample: &Sample) {
        let second = at.div_euclid(SECOND);
        self.rate.push_back((second, sample.messages));
        self.rate.retain(|(then, _)| (second - NOW_SECONDS + 1..=second).contains(then));
        if let Some(over) = self.hour.put(at, sample) {
            self.minute.push_back(over);
        }
        let now = self.hour.number(at);
        self.minute.retain(|step| (now - MINUTE_STEPS..now).contains(&step.number));
        self.day.put(at, sample);
    }

    /// Messages per second, over the last seconds.
    pub fn messages_per_second(&self) -> f64 {
        let messages: u64 = self.rate.iter().map(|(_, messages)| messages).sum();
        messages as f64 / (self.rate.len().max(1)) as f64
    }

    /// Durations of delivery and of commits in about the last minute.
    pub fn last_minute(&self) -> (Option<Shares>, Option<Shares>) {
        let (mut delivery, mut commit) = (Spread::default(), Spread::default());
        for step in self.minute.iter().chain(&self.hour.open) {
            delivery.add(&step.total.delivery);
            commit.add(&step.total.commit);
        }
        (shares(&delivery), shares(&commit))
    }

    /// The steps of a span that were over before `at`.
    pub fn series(&self, span: Span, at: Micros) -> Series {
        let ring = match span {
            Span::Hour => &self.hour,
            Span::Day => &self.day,
        };
        let (from, points) = ring.list(at);
        let delivery = |share: fn(Shares) -> u32| {
            points.iter().map(|point| point.as_ref()?.delivery.map(share)).collect()
        };
        Series {
            span,
            from,
            step_seconds: u32::try_from(ring.seconds).unwrap_or_default(),
            connections: points.iter().map(|point| Some(point.as_ref()?.connections)).collect(),
            messages_per_second: points
                .iter()
                .map(|point| Some(point.as_ref()?.messages_per_second))
                .collect(),
            delivery_p50: delivery(|shares| shares.p50),
            delivery_p95: delivery(|shares| shares.p95),
            delivery_p99: delivery(|shares| shares.p99),
            commit_p95: points.iter().map(|point| point.as_ref()?.commit_p95).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::Duration;

    use super::*;

    /// 2026-01-01, a whole day.
    const NEW_YEAR: Micros = 1_767_225_600 * SECOND;

    fn sample(connections: u32, messages: u64, milliseconds: &[u64]) -> Sample {
        let mut sample = Sample { connections, messages, ..Sample::default() };
        milliseconds.iter().for_each(|ms| sample.delivery.put(Duration::from_millis(*ms)));
        sample
    }

    fn after(seconds: i64) -> Micros {
        NEW_YEAR + seconds * SECOND
    }

    fn newest<T: Copy>(list: &[Option<T>]) -> Option<T> {
        list.last().copied().flatten()
    }

    #[test]
    fn a_step_is_what_its_seconds_came_to() {
        let mut past = Past::default();
        for second in 0..10 {
            past.put(after(second), &sample(u32::try_from(second).unwrap(), 3, &[10, 10, 10, 200]));
        }
        assert_eq!(newest(&past.series(Span::Hour, after(9)).connections), None, "the step is not over");
        past.put(after(10), &sample(1, 0, &[]));
        let series = past.series(Span::Hour, after(10));
        assert_eq!(series.from, after(10) - 3_600 * SECOND);
        assert_eq!((series.step_seconds, series.connections.len()), (10, 360));
        assert_eq!(newest(&series.connections), Some(9), "the most there were");
        assert_eq!(newest(&series.messages_per_second), Some(3.0));
        assert!(newest(&series.delivery_p50).unwrap().abs_diff(10_000) < 200);
        assert!(newest(&series.delivery_p95).unwrap().abs_diff(200_000) < 3_000);
        assert_eq!(newest(&series.commit_p95), None, "nothing was committed");
        assert_eq!(series.connections.iter().flatten().count(), 1);
    }

    #[test]
    fn seconds_without_a_sample_are_a_gap_and_not_zero() {
        let mut past = Past::default();
        for second in (0..10).chain(30..41) {
            past.put(after(second), &sample(5, 1, &[]));
        }
        let series = past.series(Span::Hour, after(40));
        let tail: Vec<_> = series.messages_per_second.iter().rev().take(5).copied().collect();
        assert_eq!(tail, [Some(1.0), None, None, Some(1.0), None]);
        // Half a step was missed: the rate is that of the seconds there were.
        let mut past = Past::default();
        (5..11).for_each(|second| past.put(after(second), &sample(1, 4, &[])));
        assert_eq!(newest(&past.series(Span::Hour, after(10)).messages_per_second), Some(4.0));
    }

    #[test]
    fn what_is_old_is_forgotten_and_never_more_than_the_span_is_kept() {
        let mut past = Past::default();
        for second in 0..2 * 3_600 {
            past.put(after(second), &sample(1, 1, &[1]));
        }
        let series = past.series(Span::Hour, after(7_200));
        assert_eq!(series.connections.iter().flatten().count(), 360 - 1, "the newest is not closed yet");
        assert_eq!(past.hour.points.len(), 360);
        assert!(past.minute.len() <= 6 && past.rate.len() <= 10);
        let later = past.series(Span::Hour, after(3 * 3_600));
        assert_eq!(later.connections.iter().flatten().count(), 0);
        let day = past.series(Span::Day, after(7_200));
        assert_eq!((day.step_seconds, day.connections.len()), (300, 288));
        assert_eq!(day.connections.iter().flatten().count(), 23);
        assert_eq!(day.from, after(7_200) - 86_400 * SECOND);
    }

    #[test]
    fn now_is_the_last_seconds_and_the_last_minute() {
        let mut past = Past::default();
        assert_eq!(past.messages_per_second(), 0.0);
        assert_eq!(past.last_minute(), (None, None));
        for second in 0..30 {
            past.put(after(second), &sample(1, if second < 25 { 0 } else { 20 }, &[50]));
        }
        assert_eq!(past.messages_per_second(), 10.0, "5 of the last 10 seconds had 20");
        assert!(past.last_minute().0.unwrap().p95.abs_diff(50_000) < 600);
        for second in 30..130 {
            past.put(after(second), &sample(1, 0, &[]));
        }
        assert_eq!(past.messages_per_second(), 0.0);
        assert_eq!(past.last_minute(), (None, None), "nothing was delivered for more than a minute");
    }

    #[test]
    fn a_clock_that_was_set_back_leaves_no_points_of_the_future() {
        let mut past = Past::default();
        (0..60).for_each(|second| past.put(after(second), &sample(1, 1, &[])));
        (20..41).for_each(|second| past.put(after(second), &sample(2, 1, &[])));
        let series = past.series(Span::Hour, after(40));
        let tail: Vec<_> = series.connections.iter().rev().take(4).copied().collect();
        assert_eq!(tail, [Some(2), Some(2), Some(1), Some(1)]);
    }
}
