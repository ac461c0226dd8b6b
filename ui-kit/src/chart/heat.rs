//! A heat map: a real table whose cells print their numbers; the tint only repeats them.

use leptos::prelude::*;

use super::Series;
use super::scale::thousandths;
use crate::text::chart as words;
use crate::text::grouped;

/// The table. Each series is a row, each label a column.
#[component]
pub fn HeatMap(
    /// A plain name on a dashboard, a finding in a report.
    title: &'static str,
    /// The columns.
    labels: Vec<&'static str>,
    /// The rows.
    series: Vec<Series>,
) -> impl IntoView {
    let max = series.iter().flat_map(|one| one.values.iter().flatten().copied()).max().unwrap_or(0);
    let cell = move |value: Option<u64>| match value {
        Some(value) => {
            view! { <td class=format!("heat heat-{}", level(value, max))>{grouped(value)}</td> }.into_any()
        }
        None => {
            view! { <td class="heat heat-none"><span class="sr-only">{words::NO_DATA}</span></td> }.into_any()
        }
    };
    view! {
        <figure class="chart" aria-label=title>
            <figcaption class="chart-head"><span class="chart-title">{title}</span></figcaption>
            <div class="chart-table" tabindex="0" role="region" aria-label=title>
                <table class="heat-map">
                    <thead>
                        <tr>
                            <td></td>
                            {labels.into_iter().map(|label| view! { <th scope="col">{label}</th> }).collect_view()}
                        </tr>
                    </thead>
                    <tbody>
                        {series
                            .into_iter()
                            .map(|one| {
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
        </figure>
    }
}

/// From 0, nothing, to 5, the most there is.
fn level(value: u64, max: u64) -> u64 {
    if value == 0 { 0 } else { (thousandths(value, max) / 200 + 1).min(5) }
}

#[cfg(test)]
mod tests {
    use super::level;

    #[test]
    fn the_tint_follows_the_number() {
        let levels: Vec<u64> = [0, 1, 20, 59, 100].iter().map(|value| level(*value, 100)).collect();
        assert_eq!(levels, [0, 1, 2, 3, 5]);
        assert_eq!(level(0, 0), 0);
    }
}
