//! Measuring in place: what rooms count with. Nothing here knows names, ids or text, so nothing of them can get into
//! the figures.
//!
//! Counters and histograms are those of `prometheus_client`; rooms keep them as fields and put them into the registry
//! of `operations`. A [`Timing`] also keeps what was measured since it was last emptied, for percentiles over time.

use std::sync::{Arc, Mutex, PoisonError};

use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use tokio::time::Duration;

/// Upper bounds of the histograms of durations, in seconds: from what a memory takes to what people give up at.
const BOUNDS: [f64; 16] = [
    0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
];
/// Longest duration a [`Spread`] tells from longer ones, in microseconds.
const LONGEST: u64 = 60_000_000;

/// How long something takes.
#[derive(Clone)]
pub struct Timing {
    histogram: Histogram,
    recent: Arc<Mutex<Spread>>,
}

impl Default for Timing {
    fn default() -> Self {
        Self { histogram: Histogram::new(BOUNDS), recent: Arc::default() }
    }
}

impl Timing {
    /// It took this long.
    pub fn observe(&self, took: Duration) {
        self.histogram.observe(took.as_secs_f64());
        self.recent.lock().unwrap_or_else(PoisonError::into_inner).put(took);
    }

    /// What was measured since this was last called; for one caller.
    pub fn take(&self) -> Spread {
        std::mem::take(&mut *self.recent.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Shows the histogram among the metrics.
    pub fn register(&self, registry: &mut Registry, name: &str, help: &str) {
        registry.register_with_unit(name, help, Unit::Seconds, self.histogram.clone());
    }
}

/// Durations of some span of time, each good to one part in a hundred. Empty ones take no memory, others about 10 kB.
#[derive(Default)]
pub struct Spread(Option<hdrhistogram::Histogram<u32>>);

impl Spread {
    /// One more.
    pub fn put(&mut self, took: Duration) {
        let micros = u64::try_from(took.as_micros()).unwrap_or(LONGEST).clamp(1, LONGEST);
        if self.0.is_none() {
            self.0 = hdrhistogram::Histogram::new_with_bounds(1, LONGEST, 2).ok();
        }
        if let Some(all) = &mut self.0 {
            all.saturating_record(micros);
        }
    }

    /// Those of another span too.
    pub fn add(&mut self, other: &Self) {
        match (&mut self.0, &other.0) {
            // Both have the same bounds, so nothing of one is outside the other.
            (Some(all), Some(more)) => {
                let _ = all.add(more);
            }
            (all @ None, Some(more)) => *all = Some(more.clone()),
            (_, None) => {}
        }
    }

    /// The duration that this share (0 to 1) did not exceed, in microseconds; `None` when nothing was measured.
    pub fn share(&self, share: f64) -> Option<u32> {
        let all = self.0.as_ref().filter(|all| !all.is_empty())?;
        u32::try_from(all.value_at_quantile(share).min(LONGEST)).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(milliseconds: impl Iterator<Item = u64>) -> Spread {
        let mut spread = Spread::default();
        milliseconds.for_each(|ms| spread.put(Duration::from_millis(ms)));
        spread
    }

    #[track_caller]
    fn near(found: Option<u32>, expected: u32) {
        let found = found.unwrap();
        assert!(found.abs_diff(expected) <= expected / 100 + 1, "{found} is not about {expected}");
    }

    #[test]
    fn shares_are_those_of_what_was_measured() {
        let spread = of(1..=100);
        near(spread.share(0.5), 50_000);
        near(spread.share(0.95), 95_000);
        near(spread.share(0.99), 99_000);
        near(spread.share(1.0), 100_000);
        assert_eq!(Spread::default().share(0.5), None, "nothing is not zero");
    }

    #[test]
    fn spans_add_up() {
        let mut both = Spread::default();
        both.add(&Spread::default());
        assert_eq!(both.share(0.5), None);
        both.add(&of(1..=50));
        both.add(&of(51..=100));
        near(both.share(0.95), 95_000);
    }

    #[test]
    fn what_is_out_of_bounds_counts_as_the_bound() {
        let mut spread = Spread::default();
        spread.put(Duration::ZERO);
        assert_eq!(spread.share(1.0), Some(1));
        spread.put(Duration::from_secs(100_000));
        near(spread.share(1.0), 60_000_000);
    }

    #[test]
    fn a_timing_is_emptied_for_the_series_and_not_for_the_metrics() {
        let timing = Timing::default();
        timing.observe(Duration::from_millis(3));
        near(timing.take().share(0.5), 3_000);
        assert_eq!(timing.take().share(0.5), None);
        let mut registry = Registry::default();
        timing.register(&mut registry, "wait", "How long.");
        let mut text = String::new();
        prometheus_client::encoding::text::encode(&mut text, &registry).unwrap();
        assert!(text.contains("wait_seconds_count 1") && text.contains("le=\"0.005\"} 1"), "{text}");
    }
}
