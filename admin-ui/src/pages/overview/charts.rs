//! The figures over time.

use chancery_ui_kit::chart::LineChart;
use chancery_ui_kit::text::overview as words;
use chancery_ui_kit::text::{duration, thousandths};
use leptos::prelude::*;

use super::storage::Storage;
use crate::logic::overview::Chart;
use crate::state::watch::Watch;

/// Messages beside the storage; delivery, commits and connections below.
#[component]
pub fn Charts() -> impl IntoView {
    let watch = Watch::current();
    view! {
        <div class="cards-wide">
            <div class="card card-chart">
                <LineChart title=words::CHART_MESSAGES data=watch.chart(Chart::Messages) write=thousandths area=true peak=true newest=true />
            </div>
            <Storage />
        </div>
        <div class="cards">
            <div class="card card-chart">
                <LineChart title=words::CHART_DELIVERY data=watch.chart(Chart::Delivery) write=duration newest=true />
            </div>
            <div class="card card-chart">
                <LineChart title=words::CHART_COMMIT data=watch.chart(Chart::Commit) write=duration newest=true />
            </div>
            <div class="card card-chart">
                <LineChart title=words::CHART_CONNECTIONS data=watch.chart(Chart::Connections) area=true newest=true />
            </div>
        </div>
    }
}
