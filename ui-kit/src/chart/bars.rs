//! Bars whose parts stand on one another, and bars by day.

use leptos::prelude::*;

use super::scale::{Scale, percent, thousandths};
use super::{Data, Frame, Series, grid};
use crate::text::chart as words;
use crate::text::grouped;

/// A part prints its number when it is at least this high, in thousandths.
const ROOM: u64 = 90;

/// Bars, one for each label, the first series at the foot. The legend is in the head.
#[component]
pub fn BarChart(
    /// A plain name on a dashboard, a finding in a report.
    title: &'static str,
    /// What stands below each bar.
    labels: Vec<&'static str>,
    /// The parts, at most five.
    series: Vec<Series>,
) -> impl IntoView {
    let names: Vec<&'static str> = series.iter().map(|one| one.name).collect();
    let legend = ViewFn::from(move || {
        let key = |(nth, name): (usize, &&'static str)| {
            view! { <span class="chart-key"><span class=format!("chart-swatch chart-{}", nth + 1)></span>{*name}</span> }
        };
        view! { <span class="chart-legend">{names.iter().enumerate().map(key).collect_view()}</span> }
    });
    let drawn = StoredValue::new((labels.clone(), series.clone()));
    let labels = labels.into_iter().map(str::to_owned).collect();
    let data = Signal::stored(Data { labels, series, ..Data::default() });
    view! {
        <Frame title data write=grouped legend>
            {drawn.with_value(|(labels, series)| view! { <Bars title labels=labels.clone() series=series.clone() /> })}
        </Frame>
    }
}

#[component]
fn Bars(title: &'static str, labels: Vec<&'static str>, series: Vec<Series>) -> impl IntoView {
    let value = |one: &Series, at: usize| one.values.get(at).copied().flatten();
    let sums: Vec<u64> =
        (0..labels.len()).map(|at| series.iter().filter_map(|one| value(one, at)).sum()).collect();
    let scale = Scale::of(sums.iter().copied().max().unwrap_or(0));
    let spoken = words::bars(title, labels.iter().copied().zip(sums.iter().copied()));
    let bar = |at: usize| {
        let none = series.iter().all(|one| value(one, at).is_none());
        let part = |(nth, one): (usize, &Series)| {
            let value = value(one, at).filter(|value| *value > 0)?;
            let printed = (thousandths(value, scale.top) >= ROOM).then(|| grouped(value));
            Some(view! {
                <span class=format!("chart-part chart-{}", nth + 1) style:height=percent(value, scale.top)>{printed}</span>
            })
        };
        // The first series stands at the foot, so it comes last.
        let parts: Vec<_> = series.iter().enumerate().rev().filter_map(part).collect();
        view! {
            <span class="chart-bar">
                {none.then(|| view! { <span class="chart-none">{words::NO_DATA}</span> })}
                {parts}
            </span>
        }
    };
    view! {
        <div class="chart-body">
            <div class="chart-plot chart-bars" role="img" aria-label=spoken>
                {grid(scale, grouped)}
                {(0..labels.len()).map(bar).collect_view()}
            </div>
        </div>
        <div class="chart-axis" aria-hidden="true">
            {labels.into_iter().map(|label| view! { <span>{label}</span> }).collect_view()}
        </div>
    }
}

/// One thin bar for each label; only the first and the last label are written below. A bar of nothing is no bar.
#[component]
pub fn DayBars(
    /// A plain name on a dashboard, a finding in a report.
    title: &'static str,
    /// One series.
    data: Signal<Data>,
) -> impl IntoView {
    view! {
        <Frame title data write=grouped>
            {move || data.with(|data| days(title, data))}
        </Frame>
    }
}

fn days(title: &'static str, data: &Data) -> AnyView {
    let values: Vec<Option<u64>> = data.series.first().map(|one| one.values.clone()).unwrap_or_default();
    let scale = Scale::of(values.iter().flatten().copied().max().unwrap_or(0));
    let sums = data.labels.iter().map(String::as_str).zip(values.iter().map(|value| value.unwrap_or(0)));
    let spoken = words::bars(title, sums.filter(|(_, value)| *value > 0));
    let bar = |value: Option<u64>| {
        let value = value.filter(|value| *value > 0);
        value.map(
            |value| view! { <span class="chart-part chart-1" style:height=percent(value, scale.top)></span> },
        )
    };
    let [first, last] =
        [data.labels.first(), data.labels.last()].map(|label| label.cloned().unwrap_or_default());
    view! {
        <div class="chart-body">
            <div class="chart-plot chart-days" role="img" aria-label=spoken>
                {grid(scale, grouped)}
                {values.into_iter().map(|value| view! { <span class="chart-day">{bar(value)}</span> }).collect_view()}
            </div>
        </div>
        <div class="chart-day-ends" aria-hidden="true"><span>{first}</span><span>{last}</span></div>
    }
    .into_any()
}
