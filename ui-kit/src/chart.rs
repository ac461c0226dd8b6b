//! Charts (DESIGN.md section 13): lines, stacked bars, a heat map, a sparkline.
//!
//! Must stay true: every chart has a sentence for whoever does not see it and a table of the same numbers; colour never
//! stands alone (dashes, labels at the line's end, numbers in the bars and cells); a gap in the data is a gap, never zero.
//! Positions are set through the style object, which the page's policy allows. The arithmetic is in `scale`, without a browser.

use leptos::prelude::*;

use crate::button::IconButton;
use crate::icon::Icon;
use crate::text::chart as words;
use crate::text::grouped;

mod bars;
mod heat;
mod line;
mod scale;

pub use bars::BarChart;
pub use heat::HeatMap;
pub use line::{LineChart, Sparkline};

/// One line, or one part of every bar. There are at most five in a chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// What it is.
    pub name: &'static str,
    /// A value for each label of the axis; `None` where there is no data.
    pub values: Vec<Option<u64>>,
}

/// The frame of a chart: title, the drawing or the table, and the switch between them.
#[component]
fn Frame(
    /// A plain name on a dashboard, a finding in a report.
    title: &'static str,
    /// The axis, and the columns of the table.
    labels: Vec<&'static str>,
    /// The rows of the table.
    series: Vec<Series>,
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
                <Numbers title labels=labels.clone() series=series.clone() />
            </Show>
        </figure>
    }
}

/// The table behind a chart.
#[component]
fn Numbers(title: &'static str, labels: Vec<&'static str>, series: Vec<Series>) -> impl IntoView {
    view! {
        <div class="chart-table" tabindex="0" role="region" aria-label=title>
            <table class="table">
                <thead>
                    <tr>
                        <td></td>
                        {labels
                            .into_iter()
                            .map(|label| view! { <th scope="col" class="table-number">{label}</th> })
                            .collect_view()}
                    </tr>
                </thead>
                <tbody>
                    {series
                        .into_iter()
                        .map(|one| {
                            let cell = |value: Option<u64>| {
                                view! { <td class="table-number">{value.map_or_else(|| words::NO_DATA.to_owned(), grouped)}</td> }
                            };
                            view! {
                                <tr>
                                    <th scope="row">{one.name}</th>
                                    {one.values.into_iter().map(cell).collect_view()}
                                </tr>
                            }
                        })
                        .collect_view()}
                </tbody>
            </table>
        </div>
    }
}

/// The horizontal lines with their numbers.
#[component]
fn Grid(scale: scale::Scale) -> impl IntoView {
    scale
        .ticks()
        .map(|tick| {
            view! {
                <span class="chart-grid" aria-hidden="true" style:bottom=scale::percent(tick, scale.top)>
                    <span class="chart-tick">{grouped(tick)}</span>
                </span>
            }
        })
        .collect_view()
}

/// What stands at the axis below.
#[component]
fn Axis(labels: Vec<&'static str>) -> impl IntoView {
    view! {
        <div class="chart-axis" aria-hidden="true">
            {labels.into_iter().map(|label| view! { <span>{label}</span> }).collect_view()}
        </div>
    }
}
