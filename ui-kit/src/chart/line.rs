//! Lines over time, and the small line beside a figure.

use std::fmt::Write;

use leptos::prelude::*;
use web_sys::{HtmlElement, KeyboardEvent, PointerEvent};

use super::scale::{Scale, apart, percent, thousandths};
use super::{Axis, Frame, Grid, Series};
use crate::reactive::on;
use crate::text::chart as words;

/// Labels at the lines' ends keep this much of the height, in thousandths.
const LABEL: u64 = 100;

/// Lines, with their names at their ends. Pointer and arrow keys move a line that reads out all values at one time.
#[component]
pub fn LineChart(
    /// A plain name on a dashboard, a finding in a report.
    title: &'static str,
    /// What stands below each value.
    labels: Vec<&'static str>,
    /// The lines, at most five.
    series: Vec<Series>,
) -> impl IntoView {
    let drawn = StoredValue::new((labels.clone(), series.clone()));
    view! {
        <Frame title labels series>
            {drawn.with_value(|(labels, series)| view! { <Lines title labels=labels.clone() series=series.clone() /> })}
        </Frame>
    }
}

#[component]
fn Lines(title: &'static str, labels: Vec<&'static str>, series: Vec<Series>) -> impl IntoView {
    let scale =
        Scale::of(series.iter().flat_map(|one| one.values.iter().flatten().copied()).max().unwrap_or(0));
    let last = labels.len().saturating_sub(1);
    let at = RwSignal::new(None::<usize>);
    let ends: Vec<u64> = series
        .iter()
        .map(|one| thousandths(one.values.iter().rev().flatten().next().copied().unwrap_or(0), scale.top))
        .collect();
    let ends = apart(&ends, LABEL, 1_000);
    let read = StoredValue::new((labels.clone(), series.clone()));
    let reading = move |at: usize| {
        read.with_value(|(labels, series)| {
            let values = series.iter().map(|one| (one.name, one.values.get(at).copied().flatten()));
            words::reading(labels.get(at).copied().unwrap_or_default(), values)
        })
    };
    let key = move |event: KeyboardEvent| {
        let here = at.get_untracked();
        let next = match event.key().as_str() {
            "ArrowRight" | "ArrowUp" => here.map_or(0, |here| (here + 1).min(last)),
            "ArrowLeft" | "ArrowDown" => here.map_or(last, |here| here.saturating_sub(1)),
            "Home" => 0,
            "End" => last,
            _ => return,
        };
        event.prevent_default();
        at.set(Some(next));
    };
    let point = move |event: PointerEvent| {
        let plot: HtmlElement = event_target(&event);
        let (x, width) = (event.offset_x().max(0) as usize, plot.client_width().max(1) as usize);
        at.set(Some(((x * last + width / 2) / width).min(last)));
    };
    view! {
        <div class="chart-body">
            <div
                class="chart-plot"
                role="slider"
                tabindex="0"
                aria-label=words::read_out(title)
                aria-valuemin="0"
                aria-valuemax=last.to_string()
                aria-valuenow=move || at.get().unwrap_or(last).to_string()
                aria-valuetext=move || reading(at.get().unwrap_or(last))
                on:keydown=on(key)
                on:pointermove=on(point)
                on:pointerleave=on(move |_| at.set(None))
                on:blur=on(move |_| at.set(None))
            >
                <Grid scale />
                <svg class="chart-lines" viewBox="0 0 1000 1000" preserveAspectRatio="none" aria-hidden="true" focusable="false">
                    {gaps(&series, last)
                        .into_iter()
                        .map(|(from, to)| view! { <rect class="chart-gap" x=from y="0" width=to - from height="1000" /> })
                        .collect_view()}
                    {series
                        .iter()
                        .enumerate()
                        .map(|(nth, one)| view! { <path class=format!("chart-line chart-{}", nth + 1) d=path(&one.values, scale) /> })
                        .collect_view()}
                </svg>
                {move || at.get().map(|at| {
                    view! { <span class="chart-reading" style:left=percent(at as u64, last as u64)></span> }
                })}
            </div>
            <div class="chart-ends" aria-hidden="true">
                {series
                    .iter()
                    .zip(ends)
                    .map(|(one, end)| view! { <span class="chart-end" style:bottom=percent(end, 1_000)>{one.name}</span> })
                    .collect_view()}
            </div>
        </div>
        <Axis labels=thinned(&labels) />
        <p class="chart-read" aria-hidden="true">{move || at.get().map(reading)}</p>
    }
}

/// Where a value stands, from the left in thousandths.
fn across(at: usize, last: usize) -> u64 {
    thousandths(at as u64, last.max(1) as u64)
}

fn path(values: &[Option<u64>], scale: Scale) -> String {
    let last = values.len().saturating_sub(1);
    let mut path = String::new();
    let mut pen_down = false;
    for (at, value) in values.iter().enumerate() {
        if let Some(value) = value {
            let down = 1_000 - thousandths(*value, scale.top);
            let _ = write!(path, "{}{} {down}", if pen_down { "L" } else { "M" }, across(at, last));
        }
        pen_down = value.is_some();
    }
    path
}

/// Where no line has data: from and to, from the left in thousandths, as far as the neighbours that have.
fn gaps(series: &[Series], last: usize) -> Vec<(u64, u64)> {
    let empty = |at: usize| series.iter().all(|one| one.values.get(at).copied().flatten().is_none());
    let mut gaps: Vec<(u64, u64)> = Vec::new();
    for at in (0..=last).filter(|at| empty(*at)) {
        let (from, to) = (across(at.saturating_sub(1), last), across((at + 1).min(last), last));
        match gaps.last_mut() {
            Some(gap) if gap.1 >= from => gap.1 = to,
            _ => gaps.push((from, to)),
        }
    }
    gaps
}

/// At most seven labels, the first and the last among them where that comes out even.
fn thinned(labels: &[&'static str]) -> Vec<&'static str> {
    let every = labels.len().div_ceil(7).max(1);
    labels.iter().copied().step_by(every).collect()
}

/// A small line without an axis; the figure beside it says the value, so this is for the eyes only.
#[component]
pub fn Sparkline(
    /// The values, oldest first.
    values: Vec<u64>,
) -> impl IntoView {
    let scale = Scale::of(values.iter().copied().max().unwrap_or(0));
    let values: Vec<Option<u64>> = values.into_iter().map(Some).collect();
    view! {
        <svg class="sparkline" viewBox="0 0 1000 1000" preserveAspectRatio="none" aria-hidden="true" focusable="false">
            <path class="chart-line chart-1" d=path(&values, scale) />
        </svg>
    }
}

#[cfg(test)]
mod tests {
    use super::{Scale, Series, gaps, path, thinned};

    #[test]
    fn a_gap_is_not_drawn_over() {
        let values = [Some(0), Some(2), None, Some(4), Some(4)];
        assert_eq!(path(&values, Scale::of(4)), "M0 1000L250 500M750 0L1000 0");
        let series = [Series { name: "a", values: values.to_vec() }];
        assert_eq!(gaps(&series, 4), [(250, 750)]);
        let other = Series { name: "b", values: vec![Some(1); 5] };
        assert!(gaps(&[series[0].clone(), other], 4).is_empty(), "one line goes on");
    }

    #[test]
    fn labels_are_left_out_where_there_are_many() {
        assert_eq!(thinned(&["a"; 7]).len(), 7);
        assert_eq!(thinned(&["a"; 30]).len(), 6);
    }
}
