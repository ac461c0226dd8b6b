//! Lines over time.

use leptos::prelude::*;
use web_sys::{HtmlElement, KeyboardEvent, PointerEvent};

use super::drawing::{across, alone, area, empty, gaps, line};
use super::scale::{Scale, apart, percent, thousandths};
use super::{Data, Frame, Series, Write, grid};
use crate::reactive::{effect, on};
use crate::text::chart as words;
use crate::text::grouped;

/// Labels at the lines' ends keep this much of the height, in thousandths.
const LABEL: u64 = 100;
/// A gap is named when it is at least this wide, in thousandths.
const NAMED: u64 = 150;

/// How lines are drawn.
#[derive(Clone, Copy)]
struct Look {
    write: Write,
    area: bool,
    peak: bool,
    newest: bool,
}

/// Lines, with their names at their ends. Pointer and arrow keys move a line that reads out all values at one time; while
/// somebody reads, nothing moves, however often the data changes.
#[component]
pub fn LineChart(
    /// A plain name on a dashboard, a finding in a report.
    title: &'static str,
    /// At most five lines.
    #[prop(into)]
    data: Signal<Data>,
    /// How values are written.
    #[prop(default = grouped)]
    write: Write,
    /// Whether what lies under the first line is tinted.
    #[prop(optional)]
    area: bool,
    /// Whether the highest value of the first line is named.
    #[prop(optional)]
    peak: bool,
    /// Whether the newest value stands beside each line's name.
    #[prop(optional)]
    newest: bool,
) -> impl IntoView {
    let look = Look { write, area, peak, newest };
    view! { <Frame title data write><Lines title data look /></Frame> }
}

#[component]
fn Lines(title: &'static str, data: Signal<Data>, look: Look) -> impl IntoView {
    let at = RwSignal::new(None::<usize>);
    let shown = RwSignal::new(data.get_untracked());
    effect(move || {
        let fresh = data.get();
        if at.get().is_none() && shown.with_untracked(|shown| *shown != fresh) {
            shown.set(fresh);
        }
    });
    let last = move || shown.with(|data| data.labels.len().saturating_sub(1));
    let reading = move |at: usize| {
        shown.with(|data| {
            let values = data.series.iter().map(|one| (one.name, one.values.get(at).copied().flatten()));
            words::reading(data.labels.get(at).map_or("", String::as_str), values, look.write)
        })
    };
    let key = move |event: KeyboardEvent| {
        let (here, last) = (at.get_untracked(), untrack(last));
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
        let (plot, last): (HtmlElement, usize) = (event_target(&event), untrack(last));
        let (x, width) = (event.offset_x().max(0) as usize, plot.client_width().max(1) as usize);
        at.set(Some(((x * last + width / 2) / width).min(last)));
    };
    view! {
        <p class="sr-only">{move || shown.with(|data| summary(data, look.write))}</p>
        <div class="chart-body">
            <div
                class="chart-plot"
                role="slider"
                tabindex="0"
                aria-label=words::read_out(title)
                aria-valuemin="0"
                aria-valuemax=move || last().to_string()
                aria-valuenow=move || at.get().unwrap_or_else(last).to_string()
                aria-valuetext=move || reading(at.get().unwrap_or_else(last))
                on:keydown=on(key)
                on:pointermove=on(point)
                on:pointerleave=on(move |_| at.set(None))
                on:blur=on(move |_| at.set(None))
            >
                {move || shown.with(|data| drawing(data, look))}
                {move || at.get().map(|at| {
                    view! { <span class="chart-reading" style:left=percent(at as u64, last() as u64)></span> }
                })}
            </div>
            <div class="chart-ends" aria-hidden="true">{move || shown.with(|data| ends(data, look))}</div>
        </div>
        <div class="chart-times" aria-hidden="true">{move || shown.with(times)}</div>
        <p class="chart-read" aria-hidden="true">{move || at.get().map(reading)}</p>
    }
}

fn scale_of(series: &[Series]) -> Scale {
    Scale::of(series.iter().flat_map(|one| one.values.iter().flatten().copied()).max().unwrap_or(0))
}

/// Place and value of the highest; the newest of several.
fn highest(series: &Series) -> Option<(usize, u64)> {
    let known = series.values.iter().enumerate().filter_map(|(at, value)| Some((at, (*value)?)));
    known.max_by_key(|(_, value)| *value)
}

fn newest(series: &Series) -> Option<u64> {
    series.values.last().copied().flatten()
}

fn drawing(data: &Data, look: Look) -> AnyView {
    let (scale, series) = (scale_of(&data.series), &data.series);
    let off = if data.off.is_empty() { empty(series, data.labels.len()) } else { data.off.clone() };
    let gap = |(from, to): (u64, u64)| {
        let named = (to - from >= NAMED).then_some(words::NO_DATA);
        view! {
            <span class="chart-gap" aria-hidden="true" style:left=percent(from, 1_000) style:width=percent(to - from, 1_000)>
                {named.map(|words| view! { <span>{words}</span> })}
            </span>
        }
    };
    let paths = series.iter().enumerate().map(|(nth, one)| {
        let class = |kind: &str| format!("{kind} chart-{}", nth + 1);
        view! {
            {(look.area && nth == 0).then(|| view! { <path class="chart-area" d=area(&one.values, scale) /> })}
            <path class=class("chart-line") d=line(&one.values, scale) />
            <path class=class("chart-dot") d=alone(&one.values, scale) />
        }
    });
    let paths = paths.collect_view();
    let peak = series.first().filter(|_| look.peak).and_then(|one| peak(data, one, scale, look));
    view! {
        {grid(scale, look.write)}
        {gaps(&off).into_iter().map(gap).collect_view()}
        <svg class="chart-lines" viewBox="0 0 1000 1000" preserveAspectRatio="none" aria-hidden="true" focusable="false">
            {paths}
        </svg>
        {peak}
    }
    .into_any()
}

/// The highest value with its words, unless it is the newest, which stands at the line's end.
fn peak(data: &Data, one: &Series, scale: Scale, look: Look) -> Option<AnyView> {
    let last = data.labels.len().saturating_sub(1);
    let (at, value) = highest(one).filter(|(at, value)| *at < last && *value > 0)?;
    let words = words::peak(&(look.write)(value), data.labels.get(at)?);
    let (left, bottom) = (percent(at as u64, last as u64), percent(value, scale.top));
    let class = if across(at, last) > 500 { "chart-peak chart-peak-left" } else { "chart-peak" };
    Some(view! { <span class=class aria-hidden="true" style:left=left style:bottom=bottom><span>{words}</span></span> }.into_any())
}

/// The names at the ends of the lines.
fn ends(data: &Data, look: Look) -> AnyView {
    let scale = scale_of(&data.series);
    let places: Vec<u64> = data
        .series
        .iter()
        .map(|one| thousandths(one.values.iter().rev().flatten().next().copied().unwrap_or(0), scale.top))
        .collect();
    let end = |(one, place): (&Series, u64)| {
        let value = newest(one).filter(|_| look.newest).map(look.write);
        view! {
            <span class="chart-end" style:bottom=percent(place, 1_000)>
                {one.name}
                {value.map(|value| view! { " " <strong>{value}</strong> })}
            </span>
        }
    };
    data.series.iter().zip(apart(&places, LABEL, 1_000)).map(end).collect_view().into_any()
}

/// What stands at the axis below.
fn times(data: &Data) -> AnyView {
    let last = data.labels.len().saturating_sub(1).max(1);
    let marks = if data.marks.is_empty() { thinned(&data.labels) } else { data.marks.clone() };
    let mark = |(at, words): (usize, String)| view! { <span style:left=percent(at as u64, last as u64)>{words}</span> };
    marks.into_iter().map(mark).collect_view().into_any()
}

/// At most seven labels, the first and the last among them where that comes out even.
fn thinned(labels: &[String]) -> Vec<(usize, String)> {
    labels.iter().cloned().enumerate().step_by(labels.len().div_ceil(7).max(1)).collect()
}

fn summary(data: &Data, write: Write) -> String {
    let (Some(first), Some(last)) = (data.labels.first(), data.labels.last()) else { return String::new() };
    let label = |at: usize| data.labels.get(at).map_or("", String::as_str);
    let lines = data.series.iter().map(|one| {
        let highest = highest(one).map(|(at, value)| (write(value), label(at)));
        words::line(
            one.name,
            newest(one).map(write).as_deref(),
            highest.as_ref().map(|(v, at)| (v.as_str(), *at)),
        )
    });
    words::summary(first, last, lines)
}

#[cfg(test)]
mod tests {
    use super::{Data, Series, grouped, summary, thinned};

    #[test]
    fn labels_are_left_out_where_there_are_many() {
        let labels = |count: usize| vec!["a".to_owned(); count];
        assert_eq!(thinned(&labels(7)).len(), 7);
        assert_eq!(thinned(&labels(30)).len(), 6);
    }

    #[test]
    fn the_lines_are_said_in_words() {
        let labels = ["9", "10", "11"].map(str::to_owned).to_vec();
        let series = vec![
            Series { name: "Direct", values: vec![Some(3), Some(8), Some(5)] },
            Series { name: "Groups", values: vec![None, None, None] },
        ];
        let said = summary(&Data { labels, series, ..Data::default() }, grouped);
        assert_eq!(said, "From 9 to 11. Direct: newest 5, highest 8 at 10. Groups: no data.");
    }
}
