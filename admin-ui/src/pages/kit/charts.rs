//! Charts with invented numbers.

use chancery_ui_kit::chart::{BarChart, Data, HeatMap, LineChart, Series, Sparkline};
use chancery_ui_kit::text::kit as words;
use leptos::prelude::*;

use super::Part;

const DAYS: [&str; 5] = ["Mon", "Tue", "Wed", "Thu", "Fri"];
const HALF_DAYS: [&str; 9] = ["Mon", "noon", "Tue", "noon", "Wed", "noon", "Thu", "noon", "Fri"];
const HOURS: [&str; 10] = ["7", "8", "9", "10", "11", "12", "13", "14", "15", "16"];

fn full(name: &'static str, values: &[u64]) -> Series {
    Series { name, values: values.iter().copied().map(Some).collect() }
}

#[component]
pub fn Charts() -> impl IntoView {
    let mut groups = full("Groups", &[34, 33, 36, 43, 41, 38, 31, 37, 43]);
    groups.values[4] = None;
    let lines = vec![
        full("Direct", &[68, 65, 53, 51, 62, 66, 69, 58, 53]),
        groups,
        full("Guests", &[20, 17, 13, 12, 16, 18, 20, 14, 12]),
    ];
    let labels = HALF_DAYS.map(str::to_owned).to_vec();
    let lines = Signal::stored(Data { labels, series: lines, ..Data::default() });
    let bars = vec![
        full("High", &[10, 8, 14, 6, 9]),
        full("Medium", &[14, 17, 12, 15, 19]),
        full("Low", &[18, 22, 16, 20, 24]),
    ];
    let heat = vec![
        full("Mon", &[0, 1, 4, 7, 9, 8, 10, 5, 2, 1]),
        full("Tue", &[0, 0, 2, 5, 8, 9, 12, 8, 5, 2]),
        full("Wed", &[1, 2, 5, 7, 10, 12, 9, 6, 3, 0]),
        full("Thu", &[0, 1, 3, 6, 8, 9, 11, 8, 6, 2]),
        full("Fri", &[0, 2, 4, 8, 9, 7, 6, 3, 1, 0]),
    ];
    view! {
        <Part title=words::CHARTS lead=words::CHARTS_LEAD>
            <div class="kit-grid kit-charts">
                <div class="kit-card kit-pad"><LineChart title=words::LINE_TITLE data=lines /></div>
                <div class="kit-card kit-pad"><BarChart title=words::BAR_TITLE labels=DAYS.to_vec() series=bars /></div>
                <div class="kit-card kit-pad"><HeatMap title=words::HEAT_TITLE labels=HOURS.to_vec() series=heat /></div>
                <div class="kit-card kit-pad">
                    <p class="kit-figure"><span class="kit-number">"12,040"</span><Sparkline values=[8, 9, 7, 11, 12, 10, 14, 13].map(Some).to_vec() /></p>
                    <p class="kit-swatch-note">{words::COMPARED}</p>
                </div>
            </div>
        </Part>
    }
}
