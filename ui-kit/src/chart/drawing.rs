//! Values as paths: lines, the areas under them, points that stand alone; and the small line beside a figure.
//!
//! Paths lie in a square of 1,000 by 1,000 that is stretched over the plot.

use std::fmt::Write;

use leptos::prelude::*;

use super::Series;
use super::scale::{Scale, thousandths};

/// Where a value stands, from the left in thousandths.
pub(super) fn across(at: usize, last: usize) -> u64 {
    thousandths(at as u64, last.max(1) as u64)
}

fn down(value: u64, scale: Scale) -> u64 {
    1_000 - thousandths(value, scale.top)
}

/// Values that follow one another without a gap: place and value.
fn runs(values: &[Option<u64>]) -> Vec<Vec<(usize, u64)>> {
    let mut runs: Vec<Vec<(usize, u64)>> = Vec::new();
    let mut before = None;
    for (at, value) in values.iter().enumerate() {
        if let Some(value) = value {
            match runs.last_mut().filter(|_| before.is_some()) {
                Some(run) => run.push((at, *value)),
                None => runs.push(vec![(at, *value)]),
            }
        }
        before = *value;
    }
    runs
}

/// The line; a gap is not drawn over.
pub(super) fn line(values: &[Option<u64>], scale: Scale) -> String {
    let last = values.len().saturating_sub(1);
    let mut path = String::new();
    for run in runs(values).iter().filter(|run| run.len() > 1) {
        for (nth, (at, value)) in run.iter().enumerate() {
            let pen = if nth == 0 { 'M' } else { 'L' };
            let _ = write!(path, "{pen}{} {}", across(*at, last), down(*value, scale));
        }
    }
    path
}

/// Values without neighbours, which no line would show.
pub(super) fn alone(values: &[Option<u64>], scale: Scale) -> String {
    let last = values.len().saturating_sub(1);
    let mut path = String::new();
    for run in runs(values) {
        if let [(at, value)] = run.as_slice() {
            let _ = write!(path, "M{} {}h0", across(*at, last), down(*value, scale));
        }
    }
    path
}

/// What lies under the line.
pub(super) fn area(values: &[Option<u64>], scale: Scale) -> String {
    let last = values.len().saturating_sub(1);
    let mut path = String::new();
    for run in runs(values).iter().filter(|run| run.len() > 1) {
        if let (Some((from, _)), Some((to, _))) = (run.first(), run.last()) {
            let _ = write!(path, "M{} 1000", across(*from, last));
            for (at, value) in run {
                let _ = write!(path, "L{} {}", across(*at, last), down(*value, scale));
            }
            let _ = write!(path, "L{} 1000Z", across(*to, last));
        }
    }
    path
}

/// Where nobody was there to measure: from and to, from the left in thousandths, as far as the neighbours.
pub(super) fn gaps(off: &[bool]) -> Vec<(u64, u64)> {
    let last = off.len().saturating_sub(1);
    let mut gaps: Vec<(u64, u64)> = Vec::new();
    for (at, _) in off.iter().enumerate().filter(|(_, off)| **off) {
        let (from, to) = (across(at.saturating_sub(1), last), across((at + 1).min(last), last));
        match gaps.last_mut() {
            Some(gap) if gap.1 >= from => gap.1 = to,
            _ => gaps.push((from, to)),
        }
    }
    gaps
}

/// Where no series has a value.
pub(super) fn empty(series: &[Series], count: usize) -> Vec<bool> {
    (0..count).map(|at| series.iter().all(|one| one.values.get(at).copied().flatten().is_none())).collect()
}

/// A small line without an axis; the figure beside it says the value, so this is for the eyes only.
#[component]
pub fn Sparkline(
    /// The values, oldest first.
    values: Vec<Option<u64>>,
) -> impl IntoView {
    let scale = Scale::of(values.iter().flatten().copied().max().unwrap_or(0));
    let mut end = values.clone();
    let newest = end.iter().rposition(Option::is_some);
    end.iter_mut().enumerate().filter(|(at, _)| Some(*at) != newest).for_each(|(_, value)| *value = None);
    view! {
        <svg class="sparkline chart-1" viewBox="0 0 1000 1000" preserveAspectRatio="none" aria-hidden="true" focusable="false">
            <path class="chart-area" d=area(&values, scale) />
            <path class="chart-line" d=line(&values, scale) />
            <path class="chart-dot" d=alone(&end, scale) />
        </svg>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_is_not_drawn_over() {
        let values = [Some(0), Some(2), None, Some(4), Some(4)];
        let scale = Scale::of(4);
        assert_eq!(line(&values, scale), "M0 1000L250 500M750 0L1000 0");
        assert_eq!(area(&values, scale), "M0 1000L0 1000L250 500L250 1000ZM750 1000L750 0L1000 0L1000 1000Z");
        let series = [Series { name: "a", values: values.to_vec() }];
        assert_eq!(gaps(&empty(&series, 5)), [(250, 750)]);
        let other = Series { name: "b", values: vec![Some(1); 5] };
        assert!(gaps(&empty(&[series[0].clone(), other], 5)).is_empty(), "one line goes on");
    }

    #[test]
    fn a_value_without_neighbours_is_a_point() {
        let scale = Scale::of(4);
        let values = [Some(4), None, None, None, Some(2)];
        assert_eq!((line(&values, scale), area(&values, scale)), (String::new(), String::new()));
        assert_eq!(alone(&values, scale), "M0 0h0M1000 500h0");
        assert_eq!(alone(&[Some(1), Some(1)], scale), "");
    }
}
