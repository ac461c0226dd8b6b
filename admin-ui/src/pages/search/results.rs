//! How many, when, and the messages themselves.

use chancery_protocol::search::{BarUnit, ComplianceFound, Histogram};
use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::icon::Icon;
use chancery_ui_kit::loaded::LoadedView;
use chancery_ui_kit::reactive::{memo, on, show};
use chancery_ui_kit::skeleton::SkeletonRows;
use chancery_ui_kit::state_view::EmptyState;
use chancery_ui_kit::text::compliance as words;
use chancery_ui_kit::time::{self, LocalTime};
use leptos::prelude::*;

use super::hit::Hit;
use crate::state::finding::Finding;

/// The list, in whatever state it is.
#[component]
pub fn Results() -> impl IntoView {
    let finding = Finding::current();
    let begun = memo(move || finding.found.with(Option::is_some));
    move || {
        if begun.get() {
            view! { <Found /> }.into_any()
        } else {
            view! { <EmptyState icon=Icon::Search title=words::START_TITLE body=words::START_BODY /> }
                .into_any()
        }
    }
}

#[component]
fn Found() -> impl IntoView {
    let finding = Finding::current();
    let value = Signal::derive(move || finding.found.get().unwrap_or_default());
    let nothing = |found: &ComplianceFound| {
        found.hits.is_empty().then(|| {
            view! { <EmptyState icon=Icon::Search title=words::NONE_TITLE body=words::NONE_BODY /> }
                .into_any()
        })
    };
    let ready = move |found: ComplianceFound| {
        let (total, more) = (found.total, found.after.is_some());
        view! {
            <div class="results-scroll">
                <div class="results-head">
                    <p class="results-count" role="status"><strong>{words::results(total)}</strong></p>
                    {show(move || finding.from.get().is_some() || finding.until.get().is_some(), move || view! {
                        <button type="button" class="link-button" on:click=on(move |_| finding.widen())>{words::WHOLE_RANGE}</button>
                    }.into_any())}
                    <span class="results-order">{words::NEWER}</span>
                </div>
                <Bars histogram=found.histogram.clone() />
                <ul class="hits" aria-label=words::RESULTS>
                    {found.hits.into_iter().map(|hit| view! { <Hit hit /> }).collect_view()}
                </ul>
                {show(move || more, move || view! {
                    <div class="results-more">
                        <Button label=words::MORE.to_owned() kind=Kind::Secondary working=finding.more on_press=move |()| finding.show_more() />
                    </div>
                }.into_any())}
            </div>
        }
        .into_any()
    };
    view! {
        <LoadedView
            value=value
            failed_title=words::FAILED
            on_retry=move |()| finding.run()
            skeleton=|| view! { <div class="pane-part"><SkeletonRows rows=8 /></div> }.into_any()
            empty=nothing
            ready=ready
        />
    }
}

/// When they were said: a press on a bar leaves only its days.
#[component]
fn Bars(histogram: Histogram) -> impl IntoView {
    let finding = Finding::current();
    let most = histogram.bars.iter().map(|bar| bar.count).max().unwrap_or(1).max(1);
    let unit = histogram.unit;
    let label = move |at| {
        let day: String = time::machine(at).chars().take(if unit == BarUnit::Day { 10 } else { 7 }).collect();
        day
    };
    let ends = match (histogram.bars.first(), histogram.bars.last()) {
        (Some(first), Some(last)) if first.start < last.start => {
            Some((label(first.start), label(last.start)))
        }
        (Some(only), _) => Some((label(only.start), String::new())),
        _ => None,
    };
    view! {
        <figure class="histogram" aria-label=words::HISTOGRAM>
            <div class="histogram-bars">
                {histogram.bars.into_iter().map(|bar| {
                    let said = words::bar(bar.count, &label(bar.start));
                    let height = format!("{}%", (bar.count * 100).div_ceil(most));
                    view! {
                        <button type="button" class="histogram-bar" title=said.clone() aria-label=said on:click=on(move |_| finding.narrow(&bar, unit))>
                            <span style:height=height></span>
                        </button>
                    }
                }).collect_view()}
            </div>
            {ends.map(|(first, last)| view! {
                <figcaption class="histogram-ends"><span>{first}</span><span>{last}</span></figcaption>
            })}
        </figure>
    }
}

/// A moment, short.
pub fn brief(at: chancery_protocol::Micros) -> String {
    LocalTime::of(at).brief(LocalTime::of(time::now()))
}
