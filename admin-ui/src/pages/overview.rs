//! `/console` (picture 07): figures of the node that answers, now and over time, and how what it stands on is.

use chancery_protocol::operations::Span;
use chancery_ui_kit::badge::Tone;
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::loaded::LoadedView;
use chancery_ui_kit::notice::Notice;
use chancery_ui_kit::reactive::memo;
use chancery_ui_kit::segmented::{Choice, Segmented};
use chancery_ui_kit::text;
use chancery_ui_kit::text::overview as words;
use chancery_ui_kit::time::{clock_seconds, zone};
use leptos::prelude::*;

use crate::components::banner::Banner;
use crate::state::watch::Watch;

mod charts;
mod components;
mod health_line;
mod storage;
mod tiles;

pub use components::look;

/// The page.
#[component]
pub fn OverviewPage() -> impl IntoView {
    let watch = Watch::provide();
    document().set_title(&text::page_title(words::OVERVIEW, 0));
    let at = move || watch.overview.read(|all| clock_seconds(all.at)).unwrap_or_default();
    let loaded = Signal::derive(move || if at().is_empty() { String::new() } else { words::old(&at()) });
    let state = memo(move || watch.overview.state());
    let failed = move || {
        watch.overview.failed.get().map(|error| {
            let words = format!("{} {}", words::not_renewed(&at()), text::problem::of(&error));
            view! { <Notice tone=Tone::Warn icon=Icon::Warning>{words}</Notice> }
        })
    };
    view! {
        <div class="overview" class:overview-old=move || watch.overview.is_old()>
            <Banner loaded />
            <Head />
            <div class="overview-body">
                <div role="status" class="overview-failed">{failed}</div>
                <LoadedView
                    value=state.into()
                    failed_title=words::LOAD_FAILED
                    on_retry=move |()| crate::state::line::Line::current().try_again()
                    skeleton=|| view! { <Skeleton /> }.into_any()
                    empty=|_: &()| None
                    ready=|()| view! { <Figures /> }.into_any()
                />
            </div>
        </div>
    }
}

/// Title, which node, when it was measured, how far back.
#[component]
fn Head() -> impl IntoView {
    let watch = Watch::current();
    let zone = zone();
    let lead = move || {
        watch.overview.read(|all| {
            format!(
                "{}. {}",
                words::node(&all.node.name, all.node.one_of_several),
                words::measured(&clock_seconds(all.at), &zone)
            )
        })
    };
    // While the time the charts reach back to is before the node was started, little is in them.
    let started = move || {
        watch.overview.read(|all| {
            (all.node.started_at > all.series.from)
                .then(|| words::started(&clock_seconds(all.node.started_at)))
        })
    };
    let fresh = memo(move || {
        watch.overview.value.with(|value| value.ready().is_some()).then(|| !watch.overview.is_old())
    });
    let live = move || {
        fresh.get().map(|fresh| {
            let (class, words) = if fresh { ("live", words::LIVE) } else { ("live live-off", words::OLD) };
            view! { <p class=class>{words}</p> }
        })
    };
    view! {
        <header class="console-head overview-head">
            <div class="console-titles">
                <h1 class="console-title">{words::OVERVIEW}</h1>
                <p class="console-lead">{lead}" "{started}</p>
            </div>
            {live}
            <Segmented
                label=words::SPAN
                choices=vec![Choice::new(Span::Hour, words::HOUR), Choice::new(Span::Day, words::DAY)]
                value=watch.span.into()
                on_choose=move |span| watch.look(span)
            />
        </header>
    }
}

#[component]
fn Figures() -> impl IntoView {
    view! {
        <health_line::HealthLine />
        <tiles::Tiles />
        <charts::Charts />
        <components::Components />
    }
}

/// A card with its head.
#[component]
fn Card(
    /// Its name.
    title: &'static str,
    /// Beside it.
    icon: Icon,
    /// What it says.
    children: Children,
) -> impl IntoView {
    view! {
        <section class="card" aria-label=title>
            <h2 class="card-title"><Glyph icon />{title}</h2>
            {children()}
        </section>
    }
}

/// Grey shapes in the form of the page.
#[component]
fn Skeleton() -> impl IntoView {
    let card = |_| view! { <div class="card"><span class="skeleton-bar"></span><span class="skeleton-bar"></span></div> };
    view! {
        <div class="skeleton overview-skeleton" role="status" aria-label=text::state::LOADING>
            <div class="tiles">{(0..4).map(card).collect_view()}</div>
            <div class="cards-wide">{(0..2).map(card).collect_view()}</div>
            <div class="cards">{(0..3).map(card).collect_view()}</div>
        </div>
    }
}
