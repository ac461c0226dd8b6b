//! Charts (DESIGN.md section 13): lines, stacked bars, a heat map, a sparkline.
//!
//! Must stay true: every chart has a sentence for whoever does not see it and a table of the same numbers; colour never
//! stands alone (dashes, labels at the line's end, numbers in the bars and cells); a gap in the data is a gap, never zero.
//! Positions are set through the style object, which the page's policy allows. The arithmetic is in `scale`, without a browser.

use leptos::prelude::*;

use crate::button::IconButton;
use crate::icon::Icon;
use crate::text::chart as words;

mod bars;
mod drawing;
mod heat;
mod line;
mod scale;

pub use bars::{BarChart, DayBars};
pub use drawing::Sparkline;
pub use heat::HeatMap;
pub use line::LineChart;

/// A table with more columns than this would be read by nobody: then each label is a row.
const COLUMNS: usize = 12;

/// One line, or one part of every bar. There are at most five in a chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// What it is.
    pub name: &'static str,
    /// A value for each label of the axis; `None` where there is no data.
    pub values: Vec<Option<u64>>,
}

/// What a chart shows.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Data {
    /// What stands below each value, oldest first.
    pub labels: Vec<String>,
    /// The lines or parts.
    pub series: Vec<Series>,
    /// What stands at the axis of lines, by the place of its label; empty: about seven of the labels.
    pub marks: Vec<(usize, String)>,
    /// For each label whether nobody was there to measure, which is hatched; empty: where no series has a value.
    pub off: Vec<bool>,
}

/// How values are written.
pub type Write = fn(u64) -> String;

/// The frame of a chart: title, the drawing or the table, and the switch between them.
#[component]
fn Frame(
    /// A plain name on a dashboard, a finding in a report.
    title: &'static str,
    /// What the table holds.
    data: Signal<Data>,
    /// How its values are written.
    write: Write,
    /// At the right of the title.
    #[prop(optional)]
    legend: Option<ViewFn>,
    /// The drawing.
    children: ChildrenFn,
) -> impl IntoView {
    let as_table = RwSignal::new(false);
    let label =
        Signal::derive(move || if as_table.get() { words::AS_CHART } else { words::AS_TABLE }.to_owned());
    view! {
        <figure class="chart" aria-label=title>
            <figcaption class="chart-head">
                <span class="chart-title">{title}</span>
                {legend.map(|legend| legend.run())}
                <IconButton icon=Icon::Menu label on_press=move |_| as_table.update(|on| *on = !*on) />
            </figcaption>
            <Show when=move || as_table.get() fallback=move || children()>
                <div class="chart-table" tabindex="0" role="region" aria-label=title>
                    {move || data.with(|data| numbers(data, write))}
                </div>
            </Show>
        </figure>
    }
}

/// The table behind a chart: a column for each label, or a row when there are many of them, newest first.
fn numbers(data: &Data, write: Write) -> AnyView {
    let cell = move |value: Option<u64>| {
        let value = value.map_or_else(|| words::NO_DATA.to_owned(), write);
        view! { <td class="table-number">{value}</td> }
    };
    let head = |label: String| view! { <th scope="col" class="table-number">{label}</th> };
    let names = data.series.iter().map(|one| one.name.to_owned());
    let (heads, rows): (Vec<_>, Vec<_>) = if data.labels.len() > COLUMNS {
        let rows = data.labels.iter().enumerate().rev().map(|(at, label)| {
            let values = data.series.iter().map(|one| one.values.get(at).copied().flatten());
            (label.clone(), values.collect::<Vec<_>>())
        });
        (names.map(head).collect(), rows.collect())
    } else {
        let rows = data.series.iter().map(|one| (one.name.to_owned(), one.values.clone()));
        (data.labels.iter().cloned().map(head).collect(), rows.collect())
    };
    let row = |(name, values): (String, Vec<Option<u64>>)| {
        view! { <tr><th scope="row">{name}</th>{values.into_iter().map(cell).collect_view()}</tr> }
    };
    view! {
        <table class="table">
            <thead><tr><td></td>{heads}</tr></thead>
            <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
    .into_any()
}

/// The horizontal lines with their numbers.
fn grid(scale: scale::Scale, write: Write) -> Vec<AnyView> {
    scale
        .ticks()
        .map(|tick| {
            view! {
                <span class="chart-grid" aria-hidden="true" style:bottom=scale::percent(tick, scale.top)>
                    <span class="chart-tick">{write(tick)}</span>
                </span>
            }
            .into_any()
        })
        .collect()
}
